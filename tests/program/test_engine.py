#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What earlier engines worked out (trust.md D8, docs/decisions/0009). tests/record/engine-1.tar.xz is a workspace and a bundle as they were
written by engine 1, whose statements took a credit's share of what the contract's words alone charge: 5 % of the fee of 1,000.00. Twenty
seats at 40.00 are in the base, too (sla.md R58), so engine 2 makes 5 % of 1,800.00 of it: 90.00, as the invoice has it.
"""

import json
import os
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import World

ID, MONTH = "R-58", "2026-01"
NOW = "2026-02-05T17:00:00Z"
OLD = os.path.join(ROOT, "tests", "record", "engine-1.tar.xz")


def unpacked(folder):
    world = World(folder, "one", now=NOW)
    with tarfile.open(OLD) as tar:
        tar.extractall(world.folder)
    # the random bytes of the calls that made it were drawn already
    world.calls = 1000
    os.chmod(world.settings, 0o700)
    world.must("rebuild", "--upgrade")
    return world


def credits(world, *more, now=NOW):
    run = world("statement", "--contract", ID, "--month", MONTH, "--json", *more, now=now)
    if run.returncode != 0:
        return run.err
    return [c["amount"] for c in json.loads(run.out)["credits"]]


def old_ones(world):
    run = world("verify", "one.tnb", "--trust", "trust")
    ok(run.returncode == 0 and "2 statements and 1 documents of money come out again" in run.out, "a bundle of engine 1 is verified", run.out, run.err)
    for revision in ("1", "2"):
        got = credits(world, "--revision", revision)
        ok(got == ["50.00 USD"], f"revision {revision}, of engine 1: as it was issued", got)
    run = world("restate", "--contract", ID, "--json")
    ok(run.returncode == 0 and json.loads(run.out).get("restatements") == [], "restate: no fact changed it, so nothing is restated", run.out, run.err)


def pins(world):
    told = [json.loads(line)["entry"] for line in world.must("log", "show", "--contract", ID, "--json").out.splitlines()]
    return [e["body"]["name"] for e in told if e["kind"] == "input_pinned" and e["body"]["input"] == "engine"]


def new_ones(world):
    got = credits(world)
    ok(got == ["90.00 USD"] and pins(world) == ["1"], "looked at now: 5 % of 1,000.00 + 20 x 40.00", got)
    got = credits(world, "--issue")
    ok(got == ["90.00 USD"] and pins(world) == ["1", "2"], "issued: the log says by which engine from here on", got, pins(world))
    world.must("import", world.write("f.jsonl", json.dumps({
        "id": "late", "kind": "units.listed", "occurred_at": "2026-01-01T13:00:00-05:00", "party": "provider", "list": "L2",
        "count": "active_users", "units": [f"u{i}" for i in range(10)]}).encode() + b"\n"), "--contract", ID)
    later = "2026-02-06T17:00:00Z"
    run = world("restate", "--contract", ID, "--json", now=later)
    ok(run.returncode == 0 and "90.00 USD" in run.out and "70.00 USD" in run.out, "restate: seats corrected to ten change the credit", run.out, run.err)
    got = credits(world, "--issue", now=later)
    ok(got == ["70.00 USD"] and pins(world) == ["1", "2"], "issued: 5 % of 1,000.00 + 10 x 40.00; the engine was named already", got, pins(world))
    later = "2026-02-07T17:00:00Z"
    got = [credits(world, "--revision", n, now=later) for n in "1234"]
    ok(got == [["50.00 USD"], ["50.00 USD"], ["90.00 USD"], ["70.00 USD"]], "each revision by its own engine", got)
    world.must("export", "bundle", "--contract", ID, "--month", MONTH, "-o", "new.tnb", now=later)
    run = world("verify", "new.tnb", "--trust", "trust", now=later)
    ok(run.returncode == 0 and "4 statements and 1 documents" in run.out, "a bundle with statements of both engines is verified", run.out, run.err)
    run = world("doctor", now=later)
    ok(run.returncode == 0 and "engine" not in run.out, "doctor: both engines are this program's", run.out)
    invoiced(world)


def invoiced(world):
    """January's invoice took 5 % of 1,800.00, as invoices always did; the next one has to come to what the statement says."""
    now = "2026-03-01T17:00:00Z"
    world("invoice", "release", "--contract", ID, "--on", "2026-03-01", "--reason", "looked_at", now=now)
    told = json.loads(world.must("invoice", "run", "--contract", ID, "--on", "2026-03-01", "--json", now=now).out)
    shown = [json.loads(world.must("invoice", "show", n, "--json", now=now).out) for n in ["INV-2026-00001"] + told[0]["documents"]]
    got = [[r["amount"] for r in d.get("reductions", []) if r.get("month") == MONTH] for d in shown]
    ok(got == [["90.00"], ["-20.00"]], "invoices: 90.00, then 20.00 back: 70.00, as the statement has it", got)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = unpacked(folder)
        old_ones(world)
        new_ones(world)
    done()


main()
