# SPDX-License-Identifier: Apache-2.0
"""Helpers of the program tests: run the built program, report in TAP, find the reference data."""

import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
os.chdir(ROOT)
TENOR = os.path.abspath(os.environ.get("TENOR", "build/dev/tenor"))
SANITIZED = "asan" in os.environ.get("TENOR_KIND", "")

_count = 0
_failed = 0


def ok(passed, name, *details):
    global _count, _failed
    _count += 1
    _failed += 0 if passed else 1
    print(f"{'' if passed else 'not '}ok {_count} - {name}", flush=True)
    if not passed:
        for detail in details:
            for line in str(detail).splitlines()[:40]:
                print(f"#   {line}")
    return passed


def skip(name, why):
    global _count
    _count += 1
    print(f"ok {_count} - {name} # SKIP {why}", flush=True)


def done():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)


def note(text):
    print(f"# {text}", flush=True)


def shared(path=""):
    """A file of the reference data, or None where it is absent."""
    folder = os.environ.get("TENOR_SHARED") or "../shared"
    full = os.path.join(folder, path)
    return full if os.path.exists(full) else None


def tenor(*args, stdin=b"", env=None, timeout=600):
    """Run the program; gives an object with returncode, stdout and stderr as text."""
    run = subprocess.run([TENOR, *args], input=stdin if isinstance(stdin, bytes) else stdin.encode(), capture_output=True,
                         env={**os.environ, **(env or {})}, timeout=timeout)
    run.out = run.stdout.decode("utf-8", "replace")
    run.err = run.stderr.decode("utf-8", "replace")
    return run


def workers_of(pid):
    """The workers of a server by its master; beside them it has guards of other processes."""
    out = subprocess.run(["ps", "-o", "pid=,comm=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(row.split()[0]) for row in out.splitlines() if row.split()[1] == "tenor-worker"]


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(x) for x in f.read().split()]


def crashed(run):
    """A sanitizer or an assert spoke, or a signal ended it."""
    return run.returncode < 0 or run.returncode in (134, 139) or "Sanitizer" in run.err or "runtime error" in run.err
