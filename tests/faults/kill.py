#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kill cycles (trust.md V1, R1): writers share a workspace and note what was acknowledged; after 5 to 200 ms one of them or all get
SIGKILL, in the middle of imports, facts, corrections, checkpoints, statements, backups, rebuilds, erasures. Every other time one writer
is killed at one of its own calls to the disk, before it or with half of a write done: that does not depend on how fast the machine is. Then the killed command is
given again, and everything acknowledged must be there once, indexes without gaps, roots worked out by other code equal to those stored
and signed, batches whole, each private text readable or erased (doctor).

  TENOR         the program
  TENOR_KILLS   how many kills (default 2000)
  TENOR_SEED    the seed of what is done and killed when; the machine's own timing remains
  TENOR_WORKERS workspaces side by side"""

import json
import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

from bed import (CONTRACT, EXAMPLES, MONTH, SEED, TENOR, copy, crashed, doctor, environment, fresh, ids_of, judged, must, outage_lines, preload, rows, run,
                 workplace, wrong)
from program import done, note

KILLS = int(os.environ.get("TENOR_KILLS") or 2000)
WORKERS = int(os.environ.get("TENOR_WORKERS") or 2)
KILLS_OF_A_WORKSPACE = 25
BATCH = 1000
IN = ["--contract", CONTRACT]
WAIT_S = 120


class Job:
    """A command under way; its answer goes to a file, so that nothing waits for a reader."""

    def __init__(self, bed, kind, args, ids=(), person=None, again="", product=None):
        fault, bed.fault = bed.fault, {}
        self.kind, self.args, self.ids, self.person, self.again, self.product = kind, args, list(ids), person, again, product
        self.answer = os.path.join(bed.folder, f"answer{bed.number()}")
        self.killed = False
        with open(self.answer, "wb") as out, open(self.answer + ".err", "wb") as err:
            self.process = subprocess.Popen([TENOR, *args, "--json"], cwd=bed.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                            env=environment(bed.folder, fault))

    def said(self):
        """The whole answer, or None where it was not given."""
        with open(self.answer, encoding="utf-8", errors="replace") as f:
            try:
                return json.loads(f.read())
            except ValueError:
                return None

    def error(self):
        with open(self.answer + ".err", encoding="utf-8", errors="replace") as f:
            return f.read()


class Bed:
    """One workspace and what it has acknowledged."""

    fault = {}  # of the next command

    def __init__(self, rng, template, folder, library):
        self.library, self.cycles = library, 0
        self.rng, self.folder, self.count = rng, copy(template, folder), 0
        self.acked, self.batches, self.users, self.erased, self.issued, self.persons = set(), [], set(), set(), 0, []
        self.path = os.path.join(folder, "acme.tenor")
        self.refused = []  # erasures that met another writer: what was announced is finished by the next that writes

    def number(self):
        self.count += 1
        return self.count

    def file(self, n, words):
        lines, ids = outage_lines(self.rng, n, words)
        name = f"f{self.number()}.jsonl"
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(lines)
        return name, ids

    def start(self):
        kind = self.rng.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
        return KINDS[kind][1](self, kind)


def job_import(bed, kind, n=None):
    name, ids = bed.file(n or bed.rng.randint(1, 40), False)
    if n:
        bed.batches.append(ids)
    return Job(bed, kind, ["import", *IN, name], ids)


def job_batches(bed, kind):
    return job_import(bed, kind, bed.rng.randint(BATCH + 1, 2 * BATCH + 200))


def job_words(bed, kind):
    name, ids = bed.file(bed.rng.randint(1, 6), True)
    person = f"Person {bed.number()}"
    bed.persons.append(person)
    return Job(bed, kind, ["import", *IN, name, "--person", person], ids, person)


def job_fact(bed, kind):
    return Job(bed, kind, ["fact", "add", "outage.began", f"outage=x{bed.number()}", "assets=records", "severity=down", *IN, "--at", "2026-03-20T14:05Z"])


def job_correct(bed, kind):
    return Job(bed, kind, ["fact", "correct", "o1-began", "severity=degraded", *IN])


def job_checkpoint(bed, kind):
    return Job(bed, kind, ["log", "checkpoint", *IN])


def job_statement(bed, kind):
    return Job(bed, kind, ["statement", *IN, "--month", MONTH, "--issue"])


def job_rebuild(bed, kind):
    return Job(bed, kind, ["rebuild"])


def job_user(bed, kind):
    handle = f"u{bed.number()}"
    return Job(bed, kind, ["user", "add", handle, "--role", "service-desk"], again="there|unique|already", product=handle)


def job_backup(bed, kind):
    name = f"b{bed.number()}"
    return Job(bed, kind, ["backup", name], again="there|taken|exist", product=name)


def job_erase(bed, kind):
    if not bed.persons:
        return job_words(bed, "words")
    person = bed.persons.pop(bed.rng.randrange(len(bed.persons)))
    # the import that brings the name may have been killed, or is still under way
    return Job(bed, kind, ["erase", "--person", person], person=person, again="under the name")


KINDS = {
    "import": (6, job_import), "batches": (1, job_batches), "words": (3, job_words), "fact": (5, job_fact), "correct": (1, job_correct),
    "checkpoint": (1, job_checkpoint), "statement": (1, job_statement), "rebuild": (1, job_rebuild), "user": (1, job_user),
    "backup": (1, job_backup), "erase": (2, job_erase),
}
# Refusals that others bring about: the name was not there yet, or the writer's place was taken for 5 s.
BUSY = re.compile("another process|under the name|is being written|issue it again")


def note_answer(bed, job, status):
    """What the command said; gives what is not right about it."""
    said = job.said()
    if job.killed and said is None:
        return []
    if not job.killed and status != 0:
        if job.kind == "erase":
            bed.refused.append(job)
        return [] if BUSY.search(job.error()) else [f"{job.kind}: status {status}: {job.error().strip()[:300]}"]
    if said is None:
        return [f"{job.kind}: status {status} without an answer"]
    if job.kind in ("import", "batches", "words"):
        if said["recorded"] + said["again"] != len(job.ids):
            return [f"{job.kind}: says {said} of {len(job.ids)} facts"]
        bed.acked.update(job.ids)
    elif job.kind in ("fact", "correct"):
        bed.acked.add(said["id"])
    elif job.kind == "user":
        bed.users.add(job.product)
    elif job.kind == "erase":
        bed.erased.add(job.person)
    elif job.kind == "statement":
        bed.issued += 1
    return []


def cycle(bed, tally):
    """One kill, or as many as there are writers; what is wrong afterwards."""
    rng, bad = bed.rng, []
    if rng.random() < 0.5:
        return planned(bed, tally)
    jobs = [bed.start() for _ in range(rng.randint(1, 3))]
    end = time.monotonic() + math.exp(rng.uniform(math.log(0.005), math.log(0.2)))
    while time.monotonic() < end:
        for i, job in enumerate(jobs):
            status = job.process.poll()
            if status is not None:
                bad += note_answer(bed, job, status)
                jobs[i] = bed.start()
        time.sleep(0.001)
    victims = jobs if rng.random() < 1 / 3 else [rng.choice(jobs)]
    for job in victims:
        if job.process.poll() is None:
            job.process.send_signal(signal.SIGKILL)
            job.killed = True
    return bad + aftermath(bed, jobs, tally), sum(j.killed for j in jobs)


def planned(bed, tally):
    """One writer ends at a call of its own; the others go on."""
    rng = bed.rng
    others = [bed.start() for _ in range(rng.choice([0, 0, 0, 1]))]
    kind = rng.choices(["write", "sync", "truncate", "name", "open"], [8, 4, 1, 2, 1])[0]
    n = 1 + int(rng.expovariate(1 / {"write": 30, "sync": 4, "truncate": 1, "name": 3, "open": 4}[kind]))
    bed.fault = {"LD_PRELOAD": bed.library, "TENOR_FAULT_CLASS": kind, "TENOR_FAULT_N": str(n),
                 "TENOR_FAULT_ERRNO": rng.choice(["-1", "-2"]) if kind == "write" else "-1"}
    victim = bed.start()
    victim.killed = True
    jobs = [*others, victim]
    return aftermath(bed, jobs, tally), sum(j.killed for j in jobs)


def aftermath(bed, jobs, tally):
    bad = []
    for job in jobs:
        status = job.process.wait(WAIT_S)
        # it may have ended by itself just before
        job.killed = job.killed and status == -signal.SIGKILL
        tally[job.kind] = tally.get(job.kind, 0) + job.killed
        bad += note_answer(bed, job, status)
    for job in [j for j in jobs if j.killed] + bed.refused:
        bad += once_more(bed, job)
    bed.refused = []
    bed.cycles += 1
    return bad + look(bed, bed.cycles % 3 == 0)


def once_more(bed, job):
    """The killed command again: that is also what opens the workspace first after the kill."""
    if job.kind in ("fact", "correct"):
        return []
    second = run(bed.folder, *job.args, timeout=WAIT_S)
    if crashed(second) or (second.returncode != 0 and not (job.again and re.search(job.again, second.err))):
        return [f"{job.kind} again: status {second.returncode}: {second.err.strip()[:300]}"]
    if job.kind in ("import", "batches", "words") and second.returncode == 0:
        bed.acked.update(job.ids)
    if job.kind == "backup" and bed.rng.random() < 0.25:
        return backup_restores(bed, job.product)
    return []


def backup_restores(bed, name):
    if not os.path.isdir(os.path.join(bed.folder, name)):
        return [f"backup {name}: not there, although its name is taken"]
    other = f"r{bed.number()}.tenor"
    restored = run(bed.folder, "restore", name, "--workspace", other, timeout=WAIT_S)
    bad = [] if restored.returncode == 0 else [f"restore of {name}: {restored.returncode}: {restored.err}"]
    bad += wrong(os.path.join(bed.folder, other)) if not bad else []
    for left in os.listdir(bed.folder):
        if left.startswith(other[:-6]):
            os.unlink(os.path.join(bed.folder, left))
    return bad


def look(bed, whole):
    """What other code reads each time, and doctor one time of three and at the end."""
    there = ids_of(bed.path)
    known = set(there)
    bad = wrong(bed.path)
    if len(known) != len(there):
        bad.append("an id is there twice")
    lost = bed.acked - known
    if lost:
        bad.append(f"{len(lost)} acknowledged facts are lost: {sorted(lost)[:3]}")
    for ids in bed.batches:
        n = sum(i in known for i in ids)
        if any(i not in known for i in ids[:n]) or (n != len(ids) and n % BATCH):
            bad.append(f"a batch is not whole: {n} of {len(ids)}")
    handles = {r[0] for r in rows(bed.path, "SELECT handle FROM person")}
    bad += [f"user {h} is lost" for h in bed.users - handles]
    issued = sum(b'"kind":"statement_issued"' in e[0] for e in rows(bed.path, "SELECT bytes FROM entry WHERE log != 1"))
    if issued < bed.issued:
        bad.append(f"{issued} statements issued, {bed.issued} were acknowledged")
    found = doctor(bed.folder) if whole or bad else ""
    return bad + ([found] if found else [])


def work(index, template, top, share, results):
    rng = random.Random(f"{SEED}/{index}")
    kills, cycles, tally, acked, bad, generation = 0, 0, {}, 0, [], 0
    while kills < share and not bad:
        bed = Bed(rng, template, os.path.join(top, f"w{index}-{generation}"), os.path.join(top, "faults.so"))
        generation += 1
        here = 0
        while here < KILLS_OF_A_WORKSPACE and kills + here < share and not bad:
            found, n = cycle(bed, tally)
            here, cycles = here + n, cycles + 1
            bad += [f"workspace {index}-{generation}, cycle {cycles}: {b}" for b in found]
        bad += [f"workspace {index}-{generation}, at the end: {b}" for b in look(bed, True)]
        kills, acked = kills + here, acked + len(bed.acked)
        if not bad or not os.environ.get("TENOR_KEEP"):
            shutil.rmtree(bed.folder, ignore_errors=True)
    results[index] = (kills, cycles, tally, acked, bad)


def guarded(index, template, top, share, results):
    try:
        work(index, template, top, share, results)
    except Exception as why:  # a worker that stops has shown nothing
        results[index] = (0, 0, {}, 0, [f"worker {index} stopped: {type(why).__name__}: {why}"])


def main():
    top, began = workplace(), time.monotonic()
    note(f"seed {SEED}, {KILLS} kills, {WORKERS} workspaces side by side, in {top}")
    preload(top)
    template = fresh(os.path.join(top, "template"))
    must(template, "init", "acme.tenor", "--provider", "Acme IT")
    must(template, "client", "add", "northwind", "--name", "Northwind")
    must(template, "contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind")
    must(template, "import", *IN, os.path.join(EXAMPLES, "northwind-outages.jsonl"))
    results = [None] * WORKERS
    threads = [threading.Thread(target=guarded, args=(i, template, top, -(-KILLS // WORKERS), results)) for i in range(WORKERS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    tally = {}
    for _, _, part, _, _ in results:
        for kind, n in part.items():
            tally[kind] = tally.get(kind, 0) + n
    kills, acked = sum(r[0] for r in results), sum(r[3] for r in results)
    bad = [b for r in results for b in r[4]]
    judged(not bad and kills >= KILLS, f"{kills} kills, {acked} facts acknowledged, none lost", *bad)
    for kind in KINDS:
        judged(tally.get(kind, 0) > 0 or KILLS < 500, f"{tally.get(kind, 0)} kills during {kind}")
    if not os.environ.get("TENOR_KEEP"):
        shutil.rmtree(top, ignore_errors=True)
    seconds = time.monotonic() - began
    note(f"{sum(r[1] for r in results)} cycles in {seconds:.0f} s, {kills / seconds:.1f} kills/s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


if __name__ == "__main__":
    sys.exit(main())
