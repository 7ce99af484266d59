# SPDX-License-Identifier: Apache-2.0
"""A workspace for program tests: the program with a clock and random bytes of the test's own (tests/world/main.c)."""

import os
import subprocess

from program import ROOT, TENOR

WORLD = os.path.join(os.path.dirname(TENOR), "tenor-world")
EXAMPLES = os.path.join(ROOT, "contracts", "examples")
# what fontconfig keeps to its end is not looked for where a document is printed
LEAKS = {"LSAN_OPTIONS": f"suppressions={os.path.join(os.path.dirname(os.path.abspath(__file__)), 'paper.supp')}:print_suppressions=0"}
NORTHWIND = [os.path.join(EXAMPLES, f"northwind-{n}") for n in ("tickets.csv", "outages.jsonl", "maintenance.ics")]
CONTRACT = "NW-2026"


class World:
    """A person's machine: a folder to work in, a folder of settings, a clock. Each call of the program draws other random bytes."""

    def __init__(self, folder, name, now="2026-04-10T14:00:00Z"):
        self.folder = os.path.join(folder, name)
        self.settings = os.path.join(self.folder, "settings")
        self.name, self.now, self.calls = name, now, 0
        os.makedirs(self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def __call__(self, *args, now=None, env=None, stdin=b"", program=None):
        self.calls += 1
        world = {"TENOR_TEST_NOW": now or self.now, "TENOR_TEST_SEED": f"{self.name}-{self.calls}", "TENOR_TEST_SETTINGS": self.settings}
        run = subprocess.run([program or WORLD, *args], cwd=self.folder, input=stdin, capture_output=True, timeout=600,
                             env={**os.environ, **LEAKS, **world, **(env or {})})
        run.out, run.err = run.stdout.decode("utf-8", "replace"), run.stderr.decode("utf-8", "replace")
        return run

    def must(self, *args, **more):
        run = self(*args, **more)
        if run.returncode != 0:
            raise RuntimeError(f"tenor {' '.join(args)}: exit {run.returncode}: {run.err}")
        return run

    def bytes(self, *names):
        with open(self.path(*names), "rb") as f:
            return f.read()

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return name

    def northwind(self, facts=True):
        """A workspace with the example contract and, if wanted, its facts."""
        self.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        self.must("client", "add", "northwind", "--name", "Northwind Clinic")
        self.must("contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--agreed", "2026-01-01T00:00Z")
        if facts:
            self.must("import", "--contract", CONTRACT, *NORTHWIND)
        return self
