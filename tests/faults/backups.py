#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Backups restore (trust.md R17, D4, D5): each is taken while another process imports without a pause; it holds every fact that was
acknowledged before it began, it is restored, and doctor and other code find the result whole. Then one of its files is damaged: the
restore refuses, and leaves nothing.

  TENOR           the program
  TENOR_BACKUPS   how many backups (default 40)
  TENOR_SEED      the seed of facts, pauses and damage"""

import os
import random
import shutil
import sys
import threading
import time

from bed import CONTRACT, EXAMPLES, SEED, crashed, doctor, fresh, ids_of, judged, must, outage_lines, run, workplace, wrong
from program import done, note

COUNT = int(os.environ.get("TENOR_BACKUPS") or 40)
IN = ["--contract", CONTRACT]
# a workspace is left for a new one before it is so large that a round takes long
ROUNDS_EACH = 10


class Writer(threading.Thread):
    """Imports file after file until it is told to stop."""

    def __init__(self, folder, rng):
        super().__init__()
        self.folder, self.rng = folder, rng
        self.acknowledged, self.problems, self.imports, self.stop = set(), [], 0, threading.Event()

    def run(self):
        try:
            while not self.stop.is_set():
                self.import_one()
        except Exception as why:  # told by the round that started it
            self.problems.append(f"the writer: {why!r}")

    def import_one(self):
        path = os.path.join(self.folder, "load.jsonl")
        lines, ids = outage_lines(self.rng, self.rng.randint(1, 120))
        with open(path, "w", encoding="utf-8") as f:
            f.write(lines)
        found = run(self.folder, "import", *IN, "load.jsonl", "--workspace", "acme.tenor")
        if found.returncode != 0 or crashed(found):
            self.problems.append(f"an import beside the backup: {found.returncode}: {found.err}")
            self.stop.set()
            return
        self.imports += 1
        self.acknowledged.update(ids)


def make(top, number):
    folder = fresh(os.path.join(top, f"w{number}"))
    must(folder, "init", "acme.tenor", "--provider", "Acme IT")
    must(folder, "client", "add", "northwind", "--name", "Northwind")
    must(folder, "contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind")
    must(folder, "import", *IN, os.path.join(EXAMPLES, "northwind-outages.jsonl"))
    return folder


def restore(folder, backup):
    """(the run, names it left)"""
    found = run(folder, "restore", backup, "--workspace", "back.tenor")
    return found, sorted(n for n in os.listdir(folder) if n.startswith("back."))


def clear(folder):
    for name in os.listdir(folder):
        if name.startswith("back."):
            os.unlink(os.path.join(folder, name))


def backup_under_load(folder, backup, rng):
    """(what is not good as lines, imports that ended meanwhile)"""
    writer = Writer(folder, random.Random(rng.getrandbits(64)))
    writer.start()
    try:
        while writer.imports == 0 and not writer.stop.is_set():
            time.sleep(0.001)
        time.sleep(rng.random() * 0.05)
        before, imports = set(writer.acknowledged), writer.imports
        taken = run(folder, "backup", backup, "--workspace", "acme.tenor")
        # the one that was under way at the end counts: it ran beside the backup
        meanwhile = writer.imports - imports + 1
    finally:
        writer.stop.set()
        writer.join()
    if taken.returncode != 0 or crashed(taken):
        return [*writer.problems, f"backup: {taken.returncode}: {taken.err}{taken.out}"], meanwhile
    left = [n for n in os.listdir(folder) if "unfinished" in n or "trial" in n or "failed" in n]
    return [*writer.problems, *([f"left behind: {left}"] if left else []), *restored(folder, backup, before)], meanwhile


def restored(folder, backup, before):
    found, _ = restore(folder, backup)
    if found.returncode != 0 or crashed(found):
        return [f"restore: {found.returncode}: {found.err}"]
    path = os.path.join(folder, "back.tenor")
    lost = before - set(ids_of(path))
    why = doctor(folder, "--workspace", "back.tenor")
    bad = [*wrong(path), *([f"{len(lost)} facts are lost that were acknowledged before it"] if lost else []), *([why] if why else [])]
    clear(folder)
    return bad


def damaged(folder, backup, rng):
    files = sorted(os.path.relpath(os.path.join(d, n), folder) for d, _, names in os.walk(os.path.join(folder, backup)) for n in names)
    name, how = rng.choice(files), rng.choice(["bit", "cut", "gone"])
    path = os.path.join(folder, name)
    size = os.path.getsize(path)
    if how == "gone":
        os.unlink(path)
    elif how == "cut":
        os.truncate(path, rng.randrange(size))
    else:
        at = rng.randrange(size)
        with open(path, "r+b") as f:
            f.seek(at)
            byte = f.read(1)[0]
            f.seek(at)
            f.write(bytes([byte ^ (1 << rng.randrange(8))]))
    found, left = restore(folder, backup)
    if found.returncode == 0 or crashed(found) or left or not found.err.strip():
        return [f"{name} damaged ({how}), and restore says {found.returncode}: {found.err}{found.out}; there is {left}"]
    return []


def main():
    top, began = workplace(), time.monotonic()
    note(f"seed {SEED}, {COUNT} backups, in {top}")
    bad, refused, meanwhile = [], [], 0
    try:
        for i in range(COUNT):
            rng = random.Random(f"{SEED}/{i}")
            if i % ROUNDS_EACH == 0:
                folder = make(top, i // ROUNDS_EACH)
            found, n = backup_under_load(folder, "saved", rng)
            bad += [f"backup {i}: {b}" for b in found]
            meanwhile += n
            if os.path.isdir(os.path.join(folder, "saved")):
                refused += [f"backup {i}: {b}" for b in damaged(folder, "saved", rng)]
                clear(folder)
                shutil.rmtree(os.path.join(folder, "saved"))
            if (i + 1) % ROUNDS_EACH == 0 or i + 1 == COUNT:
                bad += [f"after backup {i}: {b}" for b in [*wrong(os.path.join(folder, "acme.tenor")), doctor(folder, "--workspace", "acme.tenor")] if b]
                shutil.rmtree(folder)
        judged(not bad, f"{COUNT} backups beside {meanwhile} imports: all hold what was acknowledged, all restore", *bad)
        judged(not refused, f"{COUNT} damaged backups: each refused, nothing left", *refused)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


if __name__ == "__main__":
    sys.exit(main())
