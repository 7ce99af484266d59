#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A full disk is survivable (trust.md R4, D3): on a small volume facts are imported until there is no room. Then every write is refused
by name and nothing acknowledged is lost; reading goes on; and with room again, work does. The volume is a tmpfs in a mount namespace of
its own; where the system gives none, the test is skipped and fail_nth.py's class `space` stands for it.

  TENOR          the program
  TENOR_ROUNDS   how many rounds (default 10)
  TENOR_SEED     the seed of sizes"""

import os
import random
import shutil
import subprocess
import sys
import time

from bed import CONTRACT, EXAMPLES, MONTH, SEED, crashed, doctor, fresh, ids_of, judged, must, outage_lines, own_mounts, run, with_own_mounts, workplace, wrong
from program import done, note, skip

ROUNDS = int(os.environ.get("TENOR_ROUNDS") or 10)
IN = ["--contract", CONTRACT]
WRITES = [
    ["fact", "add", "outage.began", "outage=z1", "assets=records", "severity=down", *IN, "--at", "2026-03-20T14:05Z"],
    ["statement", *IN, "--month", MONTH, "--issue"],
    ["export", "bundle", *IN, "--month", MONTH, "-o", "m.tnb"],
    ["backup", "saved"],
    ["rebuild"],
]


def fill(folder, room):
    """A file that leaves so much room and no more."""
    path = os.path.join(folder, "ballast")
    with open(path, "ab") as f:
        try:
            while True:
                free = os.statvfs(folder)
                if free.f_bavail * free.f_frsize <= room:
                    break
                f.write(bytes(min(1 << 16, free.f_bavail * free.f_frsize - room)))
                f.flush()
        except OSError:
            pass
    return path


def start(folder):
    fresh(folder)
    must(folder, "init", "acme.tenor", "--provider", "Acme IT")
    must(folder, "client", "add", "northwind", "--name", "Northwind")
    must(folder, "contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind")
    must(folder, "import", *IN, os.path.join(EXAMPLES, "northwind-outages.jsonl"))


def one_round(volume, facts, rng, spare):
    """What is not good, as lines, and how many imports were acknowledged before the disk was full."""
    folder, refused, bad = os.path.join(volume, "w"), None, []
    start(folder)
    acked, before = set(ids_of(os.path.join(folder, "acme.tenor"))), 0
    ballast = fill(folder, rng.randrange(900_000, 1_600_000) if spare else rng.randrange(150_000, 900_000))
    for i in range(60):
        lines, ids = outage_lines(rng, rng.randint(1, 400))
        path = os.path.join(facts, f"f{i}.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.write(lines)
        done_ = run(folder, "import", *IN, path)
        if done_.returncode != 0:
            refused = done_
            break
        acked.update(ids)
        before += 1
    if refused is None or refused.returncode != 74 or crashed(refused) or "no room" not in refused.err:
        return [f"the disk is full, and import says {refused.returncode if refused else 'nothing'}: {refused.err if refused else ''}"], before
    # what is left is for what the log still has to carry over, and for the index of 32 KiB that SQLite makes beside each open file
    os.truncate(ballast, os.path.getsize(ballast) - 1_000_000)
    bad += state(folder, acked, "full")
    fill(folder, 70_000)
    for args in WRITES:
        done_ = run(folder, *args)
        if crashed(done_) or done_.returncode not in (1, 74):
            bad.append(f"full: {' '.join(args[:2])}: {done_.returncode} {done_.err}")
    os.truncate(ballast, os.path.getsize(ballast) - 130_000)
    for args in (["statement", *IN, "--month", MONTH], ["contract", "list"], ["log", "show", *IN], ["user", "list"]):
        done_ = run(folder, *args)
        if done_.returncode != 0 or not done_.out:
            bad.append(f"full: reading stops: {' '.join(args[:2])}: {done_.returncode} {done_.err}")
    bad += state(folder, acked, "full, after trying to write")
    fill(folder, 0)
    done_ = run(folder, "statement", *IN, "--month", MONTH)
    if done_.returncode != 0 and (done_.returncode != 74 or "no room" not in done_.err):
        bad.append(f"not a byte left: {done_.returncode} {done_.err}")
    os.unlink(ballast)
    again = run(folder, "import", *IN, path)
    if again.returncode != 0:
        bad.append(f"room again: {again.returncode} {again.err}")
    bad += state(folder, acked | set(ids), "room again")
    return bad, before


def state(folder, acked, when):
    path = os.path.join(folder, "acme.tenor")
    lost = acked - set(ids_of(path))
    found = doctor(folder)
    return [f"{when}: {w}" for w in [*wrong(path), *([f"{len(lost)} acknowledged facts are lost"] if lost else []), *([found] if found else [])]]


def inside(top):
    volume, began = os.path.join(top, "volume"), time.monotonic()
    os.mkdir(volume)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tenor-full", volume], check=False, stderr=subprocess.DEVNULL).returncode:
        skip("a full disk", "no volume of one's own can be mounted here")
        done()
    note(f"seed {SEED}, {ROUNDS} rounds on 8 MiB")
    bad, imports = [], 0
    for i in range(ROUNDS):
        found, before = one_round(volume, top, random.Random(f"{SEED}/{i}"), spare=i % 2 == 0)
        bad += [f"round {i}: {b}" for b in found]
        imports += before
        shutil.rmtree(os.path.join(volume, "w"))
    # whether the first import of a round has room is chance, but for the rounds with room to spare
    if imports == 0:
        bad.append("no import was acknowledged before a disk was full")
    judged(not bad, f"{ROUNDS} full disks after {imports} imports: refused by name, nothing lost, reading goes on, room again is enough", *bad)
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


def main():
    if len(sys.argv) == 2:
        inside(sys.argv[1])
    top = workplace()
    try:
        if not own_mounts():
            skip("a full disk", "no mount namespace of one's own is to be had here")
            done()
        sys.exit(with_own_mounts(__file__, top))
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    main()
