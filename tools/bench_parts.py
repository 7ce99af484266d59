# SPDX-License-Identifier: Apache-2.0
"""What the benches share: programs run and measured, workspaces of their own, tables and figures."""

import os
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("TENOR_BUILD") or "build/release"
BENCH = f"{BUILD}/bench"
TENOR = f"{BUILD}/tenor"
SHARED = os.environ.get("TENOR_SHARED") or "../shared"

figures = []


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def pairs(text):
    rows = [line.split() for line in text.splitlines()]
    return {r[0]: r[1] for r in rows if len(r) == 2}


def table(title, heads, rows):
    print(f"\n{title}\n")
    widths = [max(len(str(r[i])) for r in [heads, *rows]) for i in range(len(heads))]
    print("| " + " | ".join(str(h).ljust(w) for h, w in zip(heads, widths)) + " |")
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for row in rows:
        print("| " + " | ".join(str(c).ljust(w) for c, w in zip(row, widths)) + " |")


def figure(key, value):
    figures.append((key, value))


MEASURE = """
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(round((time.monotonic() - start) * 1000, 1), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


CONTRACT = """\
tenor: "1"
contract: {id: B-1, title: Bench, currency: USD, timezone: America/New_York, business_calendar: desk}
parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: {legal_name: C Inc, jurisdiction: US-NY}}
calendars: [{id: desk, hours: [{id: w, days: mon-fri, open: ["09:00-17:00"]}], holidays: [{id: us, set: us_federal}]}]
term: {effective_date: "2023-01-01", initial: 60mo}
services: [{id: help, name: Help, calendar: desk}]
charges: [{id: care, type: recurring, amount: "720000.00 USD", period: 1mo}]
payment: {due: 30d}
sla:
  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, name: low}]
  metrics:
    - {id: response, kind: elapsed, start: ticket.logged, stop: ticket.answered, targets: [{id: p1, priority: P1, within: 45min},
       {id: rest, within: 1h@desk}]}
    - {id: resolution, kind: elapsed, start: ticket.logged, stop: ticket.restored, comply: {at_least: 80%}, pause: [{id: c, while: ticket.waiting_client}],
       targets: [{id: p1, priority: P1, within: 8h}, {id: rest, within: WITHIN@desk}]}
  credits:
    base: {charges: [care]}
    rules: [{id: response, metric: response, priority: P1, each_breach: 0.001%},
      {id: resolution, metric: resolution, tiers: [{id: t1, below: 80%, credit: 5%}, {id: t2, below: 70%, credit: 10%}]}]
"""


class Workspace:
    """An empty workspace with the bench's contract, in a folder and with a home of its own."""

    def __init__(self, folder, contract=True):
        self.folder = folder
        self.env = {**os.environ, "HOME": os.path.join(folder, "home")}
        os.makedirs(self.env["HOME"], exist_ok=True)
        for name, within in [("contract", "16h"), ("new", "6h")]:
            with open(self.path(f"{name}.yaml"), "w", encoding="ascii") as f:
                f.write(CONTRACT.replace("WITHIN", within))
        if contract:
            self.fresh()

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *command):
        program = os.path.abspath(command[0])
        return subprocess.run([program, *command[1:]], check=True, capture_output=True, text=True, cwd=self.folder, env=self.env).stdout

    def fresh(self):
        for name in ["bench.tenor", "bench.keys", "bench.tenor-wal", "bench.tenor-shm"]:
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        self.run(TENOR, "init", "bench.tenor", "--provider", "P LLC", "--host", "bench.example")
        self.run(TENOR, "client", "add", "c", "--name", "C Inc")
        self.run(TENOR, "contract", "add", "contract.yaml", "--client", "c", "--agreed", "2023-01-01T00:00Z")

    def tickets(self, tickets):
        with open(self.path("tickets.csv"), "w", encoding="ascii") as f:
            subprocess.run([f"{BENCH}/bench_tickets", str(tickets)], check=True, stdout=f)
        return "tickets.csv"

    def imported(self, *words):
        return pairs(self.run(f"{BENCH}/bench_import", "run", "--contract", "B-1", *words))

    def bare(self, table):
        got = pairs(self.run(f"{BENCH}/bench_import", table, "bench.tenor", "bare.db"))
        for name in ["bare.db", "bare.db-wal", "bare.db-shm"]:
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        return got

    def measured(self, *command):
        """Wall milliseconds, processor milliseconds and peak memory in KiB of the program."""
        out = subprocess.run([sys.executable, "-c", MEASURE_CPU, os.path.abspath(TENOR), *command], check=True, capture_output=True, text=True,
                             cwd=self.folder, env=self.env).stdout.split()
        return dict(zip(["ms", "cpu_ms", "kib"], map(float, out)))


MEASURE_CPU = """
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
wall = time.monotonic() - start
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(round(wall * 1000, 1), round((u.ru_utime + u.ru_stime) * 1000, 1), u.ru_maxrss)
"""


def record_folder():
    return tempfile.TemporaryDirectory(dir=os.environ.get("TENOR_BENCH_FOLDER"))


def tickets_asked(otherwise):
    return int(os.environ.get("TENOR_BENCH_TICKETS") or otherwise)


def least(rows, key):
    return min(float(r[key]) for r in rows)


def asked(name, otherwise):
    return int(os.environ.get(f"TENOR_BENCH_{name}") or otherwise)


def measured_run(*command, **more):
    """Wall milliseconds, processor milliseconds and peak memory in KiB of a program."""
    out = subprocess.run([sys.executable, "-c", MEASURE_CPU, *command], check=True, capture_output=True, text=True, **more).stdout.split()
    return dict(zip(["ms", "cpu_ms", "kib"], map(float, out)))
