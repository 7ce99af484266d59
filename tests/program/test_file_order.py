#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file of facts in any order gives the same state: corrections and acts that come before what they name, over more than one
transaction of 1,000 facts (trust.md J27), and chains of corrections that begin with their end, shorter and longer than one."""

import json
import random
import os
import tempfile

from program import done, note, ok
from record import CONTRACT, World

OUTAGES, LINKED = 500, 250  # the first five are of February in New York


def at(minute):
    """That minute of March 2026."""
    return f"2026-03-{minute // 1440 + 1:02}T{minute // 60 % 24:02}:{minute % 60:02}:00Z"


def facts():
    """Outages of five minutes, an hour apart; each told to be an outage, then corrected to have been less, twice; some of one cause."""
    lines = []
    for i in range(OUTAGES):
        o = {"outage": f"q{i}"}
        lines.append({"id": f"b{i}", "kind": "outage.began", "occurred_at": at(60 * i), **o, "assets": ["records"], "severity": "degraded"})
        lines.append({"id": f"e{i}", "kind": "outage.ended", "occurred_at": at(60 * i + 5), **o})
        for k, (before, severity) in enumerate([("b", "degraded"), ("c", "down")]):
            lines.append({**lines[-2 - k], "id": f"{'cd'[k]}{i}", "severity": severity, "corrects": f"{before}{i}"})
            if k == 0:
                lines[-1]["severity"] = "degraded" if i % 2 else "down"
            lines[-1]["assets"] = ["records"]
    lines.append({"id": "cause", "kind": "cause.linked", "occurred_at": at(0), "cause": "power",
                  "events": [f"b{i}" for i in range(OUTAGES - LINKED, OUTAGES)]})
    return lines


def chain(n):
    """A fact and corrections of it, each of the one before."""
    first = {"id": "x0", "kind": "outage.began", "occurred_at": at(30), "outage": "long", "assets": ["records"], "severity": "down"}
    return [first] + [{**first, "id": f"x{i}", "severity": "degraded" if i % 2 else "down", "corrects": f"x{i - 1}"} for i in range(1, n)]


def told(folder, name, lines):
    """What an import of the lines answers, and the month after it."""
    w = World(folder, name).northwind(facts=False)
    path = w.write("facts.jsonl", "".join(json.dumps(line) + "\n" for line in lines).encode())
    got = w("import", "--contract", CONTRACT, path, "--json")
    csv = w.must("statement", "--contract", CONTRACT, "--month", "2026-03", "--format", "csv").out
    doctor = w("doctor")
    ok(doctor.returncode == 0, f"{name}: sound", doctor.out + doctor.err)
    return got, json.loads(got.out), csv


seed = int(os.environ.get("TENOR_SEED", "20260507"))
note(f"seed {seed} (TENOR_SEED)")
with tempfile.TemporaryDirectory() as folder:
    lines = facts()
    shuffled = lines[:]
    random.Random(seed).shuffle(shuffled)
    states = {}
    for name, some in [("in order", lines), ("backwards", lines[::-1]), ("shuffled", shuffled)]:
        got, answer, states[name] = told(folder, name.replace(" ", "-"), some)
        ok(got.returncode == 0 and answer["recorded"] == len(lines) and answer["refused"] == 0, f"{name}: all are recorded", got.out + got.err)
    ok(states["in order"].count("\noutage,") == OUTAGES - 5, "the month has all outages", states["in order"][:500])
    for name in ["backwards", "shuffled"]:
        ok(states[name] == states["in order"], f"{name}: the same month", states[name][:300])

    for n in [200, 2100]:
        got, answer, month = told(folder, f"chain-{n}", chain(n)[::-1])
        ok(answer["recorded"] == n, f"a chain of {n} from its end on: all are recorded", got.out + got.err)
        got, answer, straight = told(folder, f"straight-{n}", chain(n))
        ok(answer["recorded"] == n and month == straight, f"a chain of {n}: the same month from its beginning", got.out + got.err)
done()
