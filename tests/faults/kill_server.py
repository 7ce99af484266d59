#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kill cycles on the real server (trust.md V1, R1): four writers post facts and note each that was answered 201; after 5 to 200 ms a random
worker (two times of three) or the whole group gets SIGKILL, also while a backup, a checkpoint, a rebuild or an erasure of the command line
is under way in the same workspace, or while SIGHUP replaces its workers one by one; now and then it is ended in order and another started, as
an upgrade does (docs/operating.md). A writer whose connection breaks posts the same again, as a client would. After each kill every noted
fact must be there once, indexes without gaps, and roots worked out by other code equal to those stored and signed.

  TENOR               the program
  TENOR_KILLS         how many kills (default 2000)
  TENOR_SEED          the seed of what is posted and killed when; the machine's own timing remains
  TENOR_WORKERS       servers side by side"""

import http.client
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

from bed import SEED, TENOR, crashed, copy, doctor, environment, fresh, ids_of, judged, outage_lines, run, workplace, wrong
from program import done, note
from served import FACTS, IN, WAIT_S, Server, ask, prepare

KILLS = int(os.environ.get("TENOR_KILLS") or 2000)
SIDE_BY_SIDE = int(os.environ.get("TENOR_WORKERS") or 2)
KILLS_OF_A_WORKSPACE = 50
WRITERS = 4
PAUSE_S = 0.03          # between two posts of a writer: kills are to fall on starts, posts and rests, not to wait for a busy machine
TOKENS_OF_A_WRITER = 3  # each may ask 100 times before it is slowed down (S16)
DEATHS = 4              # of workers; the fifth within 10 s would be followed by a pause (X1), which shows nothing here
BESIDE = ["backup", "checkpoint", "rebuild", "erase", "import"]


class Writer(threading.Thread):
    """Posts batches and single facts until it is told to stop; what was not answered it posts again, the same bytes."""

    def __init__(self, bed, index):
        super().__init__(daemon=True)
        self.bed, self.rng = bed, random.Random(f"{SEED}/{bed.name}/{index}")
        self.tokens, self.turn, self.connection = bed.tokens[index * TOKENS_OF_A_WRITER:(index + 1) * TOKENS_OF_A_WRITER], 0, None
        self.posts, self.repeats = 0, 0

    def run(self):
        try:
            while not self.bed.stopped.is_set():
                self.post()
                time.sleep(self.rng.uniform(0, PAUSE_S))
        except Exception as why:  # a writer that stops has shown nothing
            self.bed.bad.append(f"a writer stopped: {type(why).__name__}: {why}")

    def post(self):
        single = self.rng.random() < 0.3
        body, ids = outage_lines(self.rng, 1 if single else self.rng.randint(1, 12), not single and self.rng.random() < 0.3)
        kind = "application/x-ndjson"
        if single:
            fact = json.loads(body)
            body = json.dumps({"id": fact["id"], "kind": fact["kind"], "at": fact["occurred_at"],
                               "fields": {k: fact[k] for k in ("outage", "assets", "severity")}})
            kind = "application/json"
        for _ in range(1000):
            if self.bed.stopped.is_set():
                return
            answer = self.once(body, kind)
            if answer is None:
                self.repeats += 1
                self.bed.up.wait(WAIT_S)
                continue
            status, text = answer
            if status in (429, 503):  # slowed down, or another process has been writing for 5 s
                self.turn += 1
                time.sleep(0.05)
                continue
            if status not in (200, 201):
                self.bed.bad.append(f"a post of {len(ids)} facts is answered {status}: {text[:300]}")
                return
            self.posts += 1
            if status == 201:
                with self.bed.lock:
                    self.bed.acked.update(ids)
            return

    def once(self, body, kind):
        """Status and text, or None where the connection broke before the answer was whole."""
        port = self.bed.port
        if self.connection is None or self.connection.port != port:
            self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT_S)
        self.turn += 1
        try:
            return ask(self.connection, self.tokens[self.turn % len(self.tokens)], FACTS, body, kind)
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            return None


class Bed:
    def __init__(self, template, tokens, folder, name):
        self.name, self.folder, self.tokens = name, copy(template, folder), tokens
        self.path = os.path.join(folder, "acme.tenor")
        self.acked, self.bad, self.lock, self.stopped = set(), [], threading.Lock(), threading.Event()
        self.count, self.persons, self.followed = 0, [], {}
        self.port, self.server, self.up = 0, None, threading.Event()
        self.serve()

    def serve(self):
        self.server = Server(self.folder)
        self.port = self.server.port
        self.up.set()

    def number(self):
        self.count += 1
        return self.count

    def beside(self, rng):
        """A command of the line in the same workspace; what it is given again with after the kill."""
        kind = rng.choice(BESIDE)
        if kind == "backup":
            return ["backup", f"b{self.number()}"]
        if kind == "checkpoint":
            return ["log", "checkpoint", *IN]
        if kind == "rebuild":
            return ["rebuild"]
        if kind == "erase" and self.persons:
            return ["erase", "--person", self.persons.pop()]
        name, person = f"w{self.number()}.jsonl", f"Person {self.number()}"
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(outage_lines(rng, rng.randint(1, 6), True)[0])
        self.persons.append(person)
        return ["import", *IN, name, "--person", person]


# what another writer or a name that is taken brings about
HARMLESS = re.compile("another process|under the name|is being written|there|taken|exist|already")


def upgrade(bed, tally):
    """SIGTERM while facts come in, and another server: what was under way is answered or given again, and it ends with status 0."""
    bed.up.clear()
    bed.server.process.send_signal(signal.SIGTERM)
    try:
        status = bed.server.process.wait(WAIT_S)
    except subprocess.TimeoutExpired:
        status = f"nothing for {WAIT_S} s"
        bed.server.end(signal.SIGKILL)
    bed.server.process.stdout.close()
    tally["upgrade"] = tally.get("upgrade", 0) + 1
    bed.serve()
    return [] if status == 0 else [f"ended in order, the server gives {status}: {bed.server.log()[-300:]}"]


def cycle(bed, rng, tally):
    """One kill, and what is wrong afterwards."""
    command, other, bad = None, None, []
    if rng.random() < 0.02:
        bad += upgrade(bed, tally)
    if rng.random() < 0.15:
        bed.server.process.send_signal(signal.SIGHUP)  # and the kill may fall on a worker that leaves, one that starts, or one that stays
        tally["reload"] = tally.get("reload", 0) + 1
    if rng.random() < 0.25:
        command = bed.beside(rng)
        other = subprocess.Popen([TENOR, *command], cwd=bed.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env=environment(bed.folder))
    time.sleep(math.exp(rng.uniform(math.log(0.005), math.log(0.2))))
    group = bed.server.deaths >= DEATHS or rng.random() < 1 / 3
    if group:
        bed.up.clear()
    kills = bed.server.kill_group() if group else bed.server.kill_worker(rng)
    if group and other is not None and rng.random() < 0.5:
        other.kill()
    if group:
        bed.serve()
    tally["group" if group else "worker"] = tally.get("group" if group else "worker", 0) + kills
    if other is not None:
        status = other.wait(WAIT_S)
        tally[command[0]] = tally.get(command[0], 0) + 1
        again = run(bed.folder, *command, timeout=WAIT_S) if status != 0 else None
        if again is not None and (crashed(again) or again.returncode != 0 and not HARMLESS.search(again.err)):
            bad.append(f"{' '.join(command[:2])} again: status {again.returncode}: {again.err.strip()[:300]}")
    return bad + look(bed), kills


def look(bed, whole=False):
    """What was acknowledged so far, in the file as other code reads it while writers go on. What came since the last look, or all of it."""
    with bed.lock:
        noted = set(bed.acked)
    bad = wrong(bed.path, None if whole else bed.followed)
    there = ids_of(bed.path) if whole else [i for _, ids in bed.followed.values() for i in ids]
    known = set(there)
    if len(known) != len(there):
        bad.append("an id is there twice")
    lost = noted - known
    if lost:
        bad.append(f"{len(lost)} acknowledged facts are lost: {sorted(lost)[:3]}")
    return bad + bed.bad


def work(index, template, tokens, top, share, results):
    rng = random.Random(f"{SEED}/{index}")
    kills, tally, acked, bad, posts, repeats, generation = 0, {}, 0, [], 0, 0, 0
    while kills < share and not bad:
        bed = Bed(template, tokens, os.path.join(top, f"s{index}-{generation}"), f"{index}-{generation}")
        writers = [Writer(bed, i) for i in range(WRITERS)]
        generation += 1
        try:
            for w in writers:
                w.start()
            here = 0
            while here < KILLS_OF_A_WORKSPACE and kills + here < share and not bad:
                found, n = cycle(bed, rng, tally)
                here += n
                bad += [f"server {bed.name}, kill {here}: {b}" for b in found]
        finally:
            bed.stopped.set()
            bed.up.set()
            for w in writers:
                if w.ident is not None:
                    w.join(WAIT_S)
            status = bed.server.end()
        if status != 0:
            bad.append(f"server {bed.name} ends with {status}: {bed.server.log()[-300:]}")
        found = doctor(bed.folder)
        bad += [f"server {bed.name}, at the end: {b}" for b in [*look(bed, True), *([found] if found else [])]]
        kills, acked = kills + here, acked + len(bed.acked)
        posts, repeats = posts + sum(w.posts for w in writers), repeats + sum(w.repeats for w in writers)
        if not bad or not os.environ.get("TENOR_KEEP"):
            shutil.rmtree(bed.folder, ignore_errors=True)
    results[index] = (kills, tally, acked, bad, posts, repeats)


def guarded(index, template, tokens, top, share, results):
    try:
        work(index, template, tokens, top, share, results)
    except Exception as why:  # a worker that stops has shown nothing
        results[index] = (0, {}, 0, [f"worker {index} stopped: {type(why).__name__}: {why}"], 0, 0)


def main():
    top, began = workplace(), time.monotonic()
    note(f"seed {SEED}, {KILLS} kills, {SIDE_BY_SIDE} servers side by side, in {top}")
    template = fresh(os.path.join(top, "template"))
    tokens = prepare(template, WRITERS * TOKENS_OF_A_WRITER)
    results = [None] * SIDE_BY_SIDE
    threads = [threading.Thread(target=guarded, args=(i, template, tokens, top, -(-KILLS // SIDE_BY_SIDE), results)) for i in range(SIDE_BY_SIDE)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    tally = {}
    for r in results:
        for kind, n in r[1].items():
            tally[kind] = tally.get(kind, 0) + n
    kills, acked, posts, repeats = (sum(r[i] for r in results) for i in (0, 2, 4, 5))
    bad = [b for r in results for b in r[3]]
    judged(not bad and kills >= KILLS, f"{kills} kills of the server, {acked} facts acknowledged in {posts} answers, none lost", *bad)
    for kind in ("worker", "group"):
        judged(tally.get(kind, 0) > 0, f"{tally.get(kind, 0)} kills of a {kind}")
    judged(repeats > 0, f"{repeats} requests were cut and given again")
    for kind in ("backup", "log", "rebuild", "erase", "import"):
        judged(tally.get(kind, 0) > 0 or KILLS < 500, f"{tally.get(kind, 0)} kills beside {kind}")
    judged(tally.get("reload", 0) > 0 or KILLS < 100, f"{tally.get('reload', 0)} kills while workers were replaced")
    judged(tally.get("upgrade", 0) > 0 or KILLS < 500, f"{tally.get('upgrade', 0)} times ended in order and started again while facts came in")
    if not os.environ.get("TENOR_KEEP"):
        shutil.rmtree(top, ignore_errors=True)
    seconds = time.monotonic() - began
    note(f"{seconds:.0f} s, {kills / seconds:.1f} kills/s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


if __name__ == "__main__":
    sys.exit(main())
