#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two processes over one workspace (trust.md R1, J12; docs/decisions/0006, 0018): one is stopped before the N-th lock that it asks for, which is
where a transaction begins or ends; another one does its work meanwhile, whole; then the first goes on. N = 1, 2, ... until it asks for no
more. Good is: both succeed, or the first says that somebody else was quicker and succeeds when it is given again; every fact of both is
there once; doctor and other code find the record, and all that is derived from it, as the entries make it.

  TENOR          the program
  TENOR_FAULTS   how many N of each pair, one of each so many, twenty times as many of two imports; 0: every one
  TENOR_SEED     the seed that picks which
  TENOR_ONLY     names of the first to run, apart by blanks"""

import concurrent.futures
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from bed import CONTRACT, EXAMPLES, MONTH, SEED, TENOR, copy, crashed, doctor, environment, fresh, ids_of, judged, must, outage_lines, preload, rows, run, workplace, wrong
from program import done, note

IN = ["--contract", CONTRACT]
LIMIT = int(os.environ.get("TENOR_FAULTS") or 0)
ONLY = os.environ.get("TENOR_ONLY", "").split()
WAIT_S = 120
BEFORE = 1000         # facts that are there; the first pack is not full yet (facts/pack.h)

# What the first does, and what the other does meanwhile: names of files in the folder are facts of their own.
FIRST = {
    "import": ["import", *IN, "few.jsonl", "--person", "Bea"],
    "rebuild": ["rebuild"],
    "erase": ["erase", "--person", "Ana"],
    "statement": ["statement", *IN, "--month", MONTH, "--issue"],
    "invoice": ["invoice", "run", *IN, "--on", "2026-02-01"],
    "backup": ["backup", "saved"],
    "correct": ["fact", "correct", "o1-began", "severity=degraded", *IN],
}
OTHER = {
    "import": [["import", *IN, "many.jsonl", "words.jsonl", "--person", "Cleo"]],
    "import, rebuild": [["import", *IN, "many.jsonl"], ["rebuild"]],
    "rebuild, import": [["rebuild"], ["import", *IN, "words.jsonl"]],
    "erase, import": [["erase", "--person", "Ana"], ["import", *IN, "many.jsonl"]],
    "statement": [["statement", *IN, "--month", MONTH, "--issue"]],
    "invoice": [["invoice", "run", *IN, "--on", "2026-02-01"]],
}
# what one of the two may be told where both do the same, and by the second attempt where the first has done it
HARMLESS = re.compile("another process|already|went with it|is there|nothing to|no person|no invoice is due")


def stage(top):
    rng = random.Random(SEED)
    at = fresh(os.path.join(top, "stage"))
    for name, n, words in (("first", BEFORE, False), ("few", 20, True), ("many", 1100, False), ("words", 300, True), ("ana", 8, True)):
        with open(os.path.join(at, name + ".jsonl"), "w", encoding="utf-8") as f:
            f.write(outage_lines(rng, n, words)[0])
    files = [os.path.join(EXAMPLES, n) for n in ("northwind-tickets.csv", "northwind-outages.jsonl")]
    for command in (["init", "acme.tenor", "--provider", "Acme IT"], ["client", "add", "northwind", "--name", "Northwind"],
                    ["contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind", "--agreed", "2026-01-01T00:00Z"],
                    ["import", *IN, *files], ["import", *IN, "ana.jsonl", "--person", "Ana"], ["import", *IN, "first.jsonl"]):
        must(at, *command)
    return at


def locks_out(pid, folder):
    """Does it keep others from reading or writing? Then they could only wait for it, which never does that for long."""
    indexes = {os.stat(os.path.join(folder, name)).st_ino for name in os.listdir(folder) if name.endswith("-shm")}
    with open("/proc/locks", encoding="ascii") as f:
        held = [line.split() for line in f if "->" not in line]
    return any(h[3:5] == ["WRITE", str(pid)] and int(h[5].rsplit(":", 1)[1]) in indexes for h in held)


class First:
    """The first process, up to its N-th lock."""

    def __init__(self, folder, args, library, n):
        self.process = subprocess.Popen([TENOR, *args], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=environment(folder, {"LD_PRELOAD": library, "TENOR_FAULT_CLASS": "lock", "TENOR_FAULT_N": str(n),
                                                                 "TENOR_FAULT_ERRNO": "-3"}))
        self.pipes = [b"", b""]
        self.readers = [threading.Thread(target=self.read, args=(i, p)) for i, p in enumerate((self.process.stdout, self.process.stderr))]
        for r in self.readers:
            r.start()

    def read(self, i, pipe):
        self.pipes[i] = pipe.read()

    def stopped(self):
        """Waits until it stands still, or has ended."""
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            return True
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return False

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)
        self.process.wait(WAIT_S)

    def end(self):
        for r in self.readers:
            r.join(WAIT_S)
        self.process.stdout.close()
        self.process.stderr.close()
        self.process.out, self.process.err = (p.decode("utf-8", "replace") for p in self.pipes)
        return self.process


def facts_of(folder, commands):
    """Ids of the facts in the files that these commands import."""
    found = set()
    for name in {a for c in commands if c[0] == "import" for a in c if a.endswith(".jsonl")}:
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            found |= set(re.findall(r'"id": "([^"]+)"', f.read()))
    return found


def again(folder, what, command, first, bad):
    """A second attempt brings about what the first did not, or finds it done."""
    if crashed(first) or (first.returncode != 0 and not HARMLESS.search(first.err + first.out)):
        bad.append(f"{what}: status {first.returncode}: {first.err.strip()[:300]}")
    if first.returncode == 0:
        return
    second = run(folder, *command)
    if crashed(second) or (second.returncode != 0 and not HARMLESS.search(second.err + second.out)):
        bad.append(f"{what} again: status {second.returncode}: {second.err.strip()[:300]}")


def judge(folder, commands):
    path, bad = os.path.join(folder, "acme.tenor"), []
    there = ids_of(path)
    missing = facts_of(folder, commands) - set(there)
    if missing:
        bad.append(f"{len(missing)} facts are missing: {sorted(missing)[:2]}")
    if len(there) != len(set(there)):
        bad.append("an id is there twice")
    invoices = sum(b'"invoice_issued"' in e for (e,) in rows(path, "SELECT e.bytes FROM entry e JOIN log l ON l.id = e.log WHERE l.kind = 0"))
    if invoices > 1:
        bad.append(f"{invoices} invoices of one month")
    found = doctor(folder)
    return bad + wrong(path) + ([found] if found else [])


def attempt(source, folder, library, first, other, n):
    """(did it get to an N-th lock, was somebody else let in, what is not good)"""
    copy(source, folder)
    one = First(folder, FIRST[first], library, n)
    try:
        if not one.stopped():
            return False, False, [] if one.end().returncode == 0 else [f"{first} alone: status {one.process.returncode}: {one.process.err.strip()[:300]}"]
        bad, let_in = [], not locks_out(one.process.pid, folder)
        others = [(c, run(folder, *c)) for c in OTHER[other]] if let_in else []
        one.go_on()
        again(folder, first, FIRST[first], one.end(), bad)
        for command, got in others:
            again(folder, " ".join(command[:2]), command, got, bad)
        bad += judge(folder, [FIRST[first], *(OTHER[other] if let_in else [])])
        return True, let_in, [f"{first} stopped before lock {n}, {other} meanwhile: {b}" for b in bad]
    finally:
        if one.process.returncode is None:
            one.process.kill()
            one.process.wait()
        shutil.rmtree(folder)


def spread(rng, n, first, other):
    """Which N of n are tried."""
    most = LIMIT * (20 if first == other == "import" else 1)
    if most == 0 or n <= most:
        return range(1, n + 1)
    return sorted({1 + int((i + rng.random()) * n / most) for i in range(most)})


def locks_of(source, folder, library, first):
    """How many locks it asks for when it is alone."""
    calls = os.path.join(copy(source, folder), "calls")
    must(folder, *FIRST[first], extra={"LD_PRELOAD": library, "TENOR_FAULT_CLASS": "lock", "TENOR_FAULT_N": "0", "TENOR_FAULT_ERRNO": "-3", "TENOR_FAULT_CALLS": calls})
    with open(calls, encoding="ascii") as f:
        n = int(f.read())
    shutil.rmtree(folder)
    return n


def main():
    top, began = workplace(), time.monotonic()
    source, library, rng = stage(top), preload(top), random.Random(SEED)
    note(f"seed {SEED}, in {top}")
    work = []
    for first in [f for f in FIRST if not ONLY or f in ONLY]:
        n = locks_of(source, os.path.join(top, "alone"), library, first)
        for other in OTHER:
            work += [(first, other, i) for i in spread(rng, n, first, other)]
        note(f"{first} asks for {n} locks")
    number, tally, bad = itertools.count(), {}, {}
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("TENOR_WORKERS") or os.cpu_count() or 1)) as pool:
        tasks = {pool.submit(attempt, source, os.path.join(top, f"w{next(number)}"), library, *w): w[0] for w in work}
        for task in concurrent.futures.as_completed(tasks):
            hit, let_in, found = task.result()
            of = tally.setdefault(tasks[task], [0, 0])
            of[0] += hit
            of[1] += let_in
            bad.setdefault(tasks[task], []).extend(found)
    for first, (stops, let_in) in tally.items():
        judged(not bad[first] and let_in > 0, f"{first}, stopped {stops} times, {let_in} of them with others in between", *bad[first])
    if not os.environ.get("TENOR_KEEP"):
        shutil.rmtree(top, ignore_errors=True)
    note(f"{time.monotonic() - began:.0f} s, {len(work)} pairs")
    done()


if __name__ == "__main__":
    sys.exit(main())
