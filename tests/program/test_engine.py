#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What earlier engines worked out (trust.md D8, docs/decisions/0009). tests/record/engine-1.tar.xz is a workspace and a bundle as they were
written by engine 1, whose statements took a credit's share of what the contract's words alone charge: 5 % of the fee of 1,000.00. Twenty
seats at 40.00 are in the base, too (sla.md R58), so engine 2 makes 5 % of 1,800.00 of it: 90.00, as the invoice has it.

engine-2.tar.xz was written by engine 2, which took `yearly: "02-29"` to be no day of 2026. Its contract is the example of Northwind with a
calendar that is open on all seven days and closed on 02-29; of five tickets four were answered at once and the fifth, told at 17:00 on
27 February with two hours to go, at noon on the 28th: late, so 80 % and a credit of 3 % of 1,480.00: 44.40. Engine 3 has 28 February
closed (contract-language.md 2), so that such a ticket is in time until 9:00 on 1 March, and 100 % is no credit.
"""

import json
import os
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import EXAMPLES, World

ID, MONTH = "R-58", "2026-01"
NOW = "2026-02-05T17:00:00Z"
LEAP = "LEAP-1"


def unpacked(folder, engine="1", now=NOW):
    world = World(folder, "one", now=now)
    with tarfile.open(os.path.join(ROOT, "tests", "record", f"engine-{engine}.tar.xz")) as tar:
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


def pins(world, contract=ID):
    told = [json.loads(line)["entry"] for line in world.must("log", "show", "--contract", contract, "--json").out.splitlines()]
    return [e["body"]["name"] for e in told if e["kind"] == "input_pinned" and e["body"]["input"] == "engine"]


def new_ones(world):
    got = credits(world)
    ok(got == ["90.00 USD"] and pins(world) == ["1"], "looked at now: 5 % of 1,000.00 + 20 x 40.00", got)
    got = credits(world, "--issue")
    ok(got == ["90.00 USD"] and pins(world) == ["1", "3"], "issued: the log says by which engine from here on", got, pins(world))
    world.must("import", world.write("f.jsonl", json.dumps({
        "id": "late", "kind": "units.listed", "occurred_at": "2026-01-01T13:00:00-05:00", "party": "provider", "list": "L2",
        "count": "active_users", "units": [f"u{i}" for i in range(10)]}).encode() + b"\n"), "--contract", ID)
    later = "2026-02-06T17:00:00Z"
    run = world("restate", "--contract", ID, "--json", now=later)
    ok(run.returncode == 0 and "90.00 USD" in run.out and "70.00 USD" in run.out, "restate: seats corrected to ten change the credit", run.out, run.err)
    got = credits(world, "--issue", now=later)
    ok(got == ["70.00 USD"] and pins(world) == ["1", "3"], "issued: 5 % of 1,000.00 + 10 x 40.00; the engine was named already", got, pins(world))
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


def leap_credits(world, month, *more, now):
    run = world("statement", "--contract", LEAP, "--month", month, "--json", *more, now=now)
    return [c["amount"] for c in json.loads(run.out)["credits"]] if run.returncode == 0 else run.err


def five_tickets(year):
    """As those of 2026 in the record."""
    rows = []
    for i, (told, answered) in enumerate([(f"{year}-02-0{d}T10:00", f"{year}-02-0{d}T10:30") for d in (3, 4, 5, 6)] + [(f"{year}-02-27T17:00", f"{year}-02-28T12:00")]):
        for kind, at, more in (("ticket.logged", told, {"party": "client", "service": "helpdesk", "priority": "P2", "via": "person"}),
                               ("ticket.message", answered, {"party": "provider", "author": "human", "visibility": "public"}),
                               ("ticket.restored", answered, {"party": "provider"})):
            rows.append({"id": f"{kind}-{year}-{i}", "kind": kind, "occurred_at": at + ":00-05:00", "ticket": f"T-{year}-{i}", **more})
    return "".join(json.dumps(r) + "\n" for r in rows).encode()


def leap_day(world):
    now = "2026-03-04T14:00:00Z"
    run = world("verify", "one.tnb", "--trust", "trust")
    ok(run.returncode == 0 and "1 statements and 1 documents of money come out again" in run.out, "a bundle of engine 2 is verified", run.out, run.err)
    got = leap_credits(world, "2026-02", "--revision", "1", now=now)
    ok(got == ["44.40 USD"], "28 February 2026 was open to engine 2", got)
    got = leap_credits(world, "2026-02", "--issue", now=now)
    ok(got == ["44.40 USD"] and pins(world, LEAP) == ["2", "3"], "issued again by engine 3: a day that is over is what it was", got, pins(world, LEAP))
    run = world("restate", "--contract", LEAP, "--json", now=now)
    told = json.loads(run.out) if run.returncode == 0 else {}
    ok(told.get("restatements") == [] and not told.get("documents"), "restate: neither statement nor invoice is another one", run.out, run.err)
    later = "2027-03-02T14:00:00Z"
    world("clock", "accept", now=later)
    world.must("import", "--contract", LEAP, world.write("next.jsonl", five_tickets(2027)), now=later)
    got = leap_credits(world, "2027-02", "--issue", now=later)
    ok(got == [], "28 February 2027 is closed: the same tickets, none of them late", got)
    got = [leap_credits(world, m, "--revision", n, now=later) for m, n in (("2026-02", "1"), ("2026-02", "2"), ("2027-02", "1"))]
    ok(got == [["44.40 USD"], ["44.40 USD"], []], "each as it was issued", got)
    for month in ("2026-02", "2027-02"):
        world.must("export", "bundle", "--contract", LEAP, "--month", month, "-o", f"{month}.tnb", now=later)
        run = world("verify", f"{month}.tnb", "--trust", "trust", now=later)
        ok(run.returncode == 0, f"the bundle of {month} is verified", run.out, run.err)


def leap_day_anew(folder):
    """A record of engine 3 from its first entry on: the rule holds for the past, too."""
    world = World(folder, "new", now="2026-03-02T14:00:00Z")
    world.must("init", "new.tenor", "--provider", "Harbor IT LLC")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        contract = f.read()
    for before, after in (("days: mon-fri", "days: mon-sun"), ("{id: us, set: us_federal}", '{id: leap, yearly: "02-29"}'), ("NW-2026", LEAP)):
        assert before in contract
        contract = contract.replace(before, after)
    world.must("contract", "add", world.write("leap.yaml", contract.encode()), "--agreed", "2026-01-01T00:00Z")
    world.must("import", "--contract", LEAP, world.write("f.jsonl", five_tickets(2026)))
    got = leap_credits(world, "2026-02", "--issue", now=world.now)
    ok(got == [] and pins(world, LEAP) == ["3"], "a new record: 28 February 2026 is closed", got, pins(world, LEAP))
    run = world("month", "leap.yaml", "f.jsonl", "--month", "2026-02", "--format", "json")
    ok(run.returncode == 0 and json.loads(run.out)["credits"] == [], "and so it is over files", run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = unpacked(folder)
        old_ones(world)
        new_ones(world)
    with tempfile.TemporaryDirectory() as folder:
        leap_day(unpacked(folder, "2", now="2026-03-04T14:00:00Z"))
        leap_day_anew(folder)
    done()


main()
