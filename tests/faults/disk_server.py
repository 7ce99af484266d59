#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real server on a bad disk (trust.md R4, R5, D3). A full one: on a small volume facts are posted until there is no room; each write is
refused as 503 disk_full, reading goes on, and with room again work does; nothing acknowledged is lost. One that fails to sync: whichever
sync it is, what is open is answered 503 or cut, all processes end with status 74, and after a start everything acknowledged is there.

  TENOR          the program
  TENOR_ROUNDS   how many full disks (default 10)
  TENOR_SEED     the seed of sizes"""

import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import time

from bed import MONTH, CONTRACT, SEED, copy, doctor, fresh, ids_of, judged, outage_lines, own_mounts, preload, with_own_mounts, workplace, wrong
from full_disk import fill
from program import done, note, skip
from served import NotStarted, Server, prepare

ROUNDS = int(os.environ.get("TENOR_ROUNDS") or 10)
TOKENS = 3
POSTS = 6
SYNCS_MOST = 200
VOLUME_MIB = 64
STATEMENT = f"/api/v1/contracts/{CONTRACT}/statement?month={MONTH}"


def kept(folder, acked, when):
    """What is wrong with the workspace, as lines."""
    path = os.path.join(folder, "acme.tenor")
    lost = acked - set(ids_of(path))
    found = doctor(folder)
    return [f"{when}: {w}" for w in [*wrong(path), *([f"{len(lost)} acknowledged facts are lost"] if lost else []), *([found] if found else [])]]


# --- a sync that fails ---


def one_sync(template, tokens, top, n, library):
    """The n-th sync of each process fails: what is wrong, and whether there was such a sync."""
    folder, hit = copy(template, os.path.join(top, f"sync{n}")), os.path.join(top, f"sync{n}", "hit")
    rng, acked, bad = random.Random(f"{SEED}/sync/{n}"), set(), []
    path = os.path.join(folder, "acme.tenor")
    acked |= set(ids_of(path))
    fault = {"LD_PRELOAD": library, "TENOR_FAULT_CLASS": "sync", "TENOR_FAULT_N": str(n), "TENOR_FAULT_ERRNO": "5", "TENOR_FAULT_HIT": hit}
    try:
        server = Server(folder, workers=1, extra=fault)
    except NotStarted as why:
        # one of the start: said at once, nothing is served
        return ([] if os.path.exists(hit) and why.status == 74 and not why.outlived else [f"sync {n}: {why}"]) + kept(folder, acked, f"sync {n}"), True
    refused = None
    for i in range(POSTS):
        body, ids = outage_lines(rng, rng.randint(1, 30))
        try:
            status, text = server.post(tokens[i % TOKENS], body)
        except (OSError, http.client.HTTPException):
            status, text = 0, ""
        if status == 201:
            if os.path.exists(hit):
                bad.append(f"sync {n}: acknowledged after a sync that failed")
            acked |= set(ids)
            continue
        refused = (status, text)
        break
    there = os.path.exists(hit)
    if there and refused is not None and refused[0] not in (0, 503):
        bad.append(f"sync {n}: answered {refused[0]} {refused[1][:200]}")
    if there:
        try:
            status = server.process.wait(30)
        except subprocess.TimeoutExpired:
            status = None
        if status != 74:
            bad.append(f"sync {n}: the server ends with {status}, not 74: {server.log()[-300:]}")
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
    server.end()
    if server.outlived():
        bad.append(f"sync {n}: processes of the server live on")
    bad += kept(folder, acked, f"sync {n}")
    again = Server(folder, workers=1)
    body, ids = outage_lines(rng, 3)
    status, text = again.post(tokens[0], body)
    if status != 201:
        bad.append(f"sync {n}: started again it answers {status} {text[:200]}")
    again.end()
    bad += kept(folder, acked | set(ids), f"sync {n}, started again")
    shutil.rmtree(folder, ignore_errors=True)
    return bad, there


def syncs(top):
    template = fresh(os.path.join(top, "template"))
    tokens = prepare(template, TOKENS)
    library, bad, n = preload(top), [], 1
    while n < SYNCS_MOST and not bad:
        found, there = one_sync(template, tokens, top, n, library)
        bad += found
        if not there:
            break
        n += 1
    judged(not bad and 3 < n < SYNCS_MOST, f"each of {n - 1} syncs that fails: 503, status 74, nothing lost", *bad)


# --- no room ---


def one_round(volume, template, tokens, rng):
    folder, bad = copy(template, os.path.join(volume, "w")), []
    acked, refused = set(ids_of(os.path.join(folder, "acme.tenor"))), None
    server = Server(folder)
    try:
        ballast = fill(volume, rng.randrange(400_000, 1_600_000))
        for i in range(80):
            body, ids = outage_lines(rng, rng.randint(1, 400))
            status, text = server.post(tokens[i % TOKENS], body)
            if status != 201:
                refused = (status, text)
                break
            acked |= set(ids)
        if refused is None or refused[0] != 503 or "disk_full" not in refused[1]:
            return [f"the disk is full, and a post is answered {refused}"]
        # what the log still has to carry over needs some room, else reading has none for its index
        os.truncate(ballast, os.path.getsize(ballast) - 200_000)
        for path in ("/api/v1/contracts", STATEMENT):
            status, text = server.post(tokens[0], None, None, path)
            if status != 200:
                bad.append(f"full: reading {path} is answered {status} {text[:200]}")
        if server.process.poll() is not None:
            bad.append(f"full: the server ended: {server.log()[-300:]}")
        os.unlink(ballast)
        status, text = server.post(tokens[1], body)
        if status != 201:
            bad.append(f"room again: {status} {text[:200]}")
        acked |= set(ids)
    finally:
        status = server.end()
    if status != 0:
        bad.append(f"the server ends with {status}: {server.log()[-300:]}")
    return bad + kept(folder, acked, "room again")


def full_disks(top):
    volume = os.path.join(top, "volume")
    os.mkdir(volume)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={VOLUME_MIB}m", "tenor-full", volume], check=False, stderr=subprocess.DEVNULL).returncode:
        skip("a full disk", "no volume of one's own can be mounted here")
        return
    template = fresh(os.path.join(top, "template-full"))
    tokens, bad = prepare(template, TOKENS), []
    for i in range(ROUNDS):
        bad += [f"round {i}: {b}" for b in one_round(volume, template, tokens, random.Random(f"{SEED}/full/{i}"))]
        shutil.rmtree(os.path.join(volume, "w"), ignore_errors=True)
    judged(not bad, f"{ROUNDS} full disks: 503 disk_full, reading goes on, room again is enough, nothing lost", *bad)


def inside(top):
    began = time.monotonic()
    note(f"seed {SEED}, {ROUNDS} rounds on {VOLUME_MIB} MiB")
    full_disks(top)
    syncs(top)
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


def main():
    if len(sys.argv) == 2:
        inside(sys.argv[1])
    top = workplace()
    try:
        if not own_mounts():
            note("no mount namespace of one's own is to be had here: a full disk is not tried")
            syncs(top)
            skip("a full disk", "no mount namespace")
            done()
        sys.exit(with_own_mounts(__file__, top))
    finally:
        shutil.rmtree(top, ignore_errors=True)


if __name__ == "__main__":
    main()
