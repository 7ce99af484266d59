#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Suggestions and break-fix at the command line (money.md R136, R137): other sizes of prepaid hours by hand, an offer, idle units, and covered
work by the hour; numbers worked out here again."""

import csv
import io
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

CARE = ("  - {id: care, type: recurring, clause: order.fees, name: Help desk and server care, amount: \"1480.00 USD\", period: 1mo, bill: advance,"
        " prorate: actual_days}")
POOL = "  - {{id: {}, type: prepaid, clause: order.fees, hours: \"{}\", amount: \"{} USD\", draws_for: [labour], at_end: forfeit{}}}"
CHARGES = "\n".join([
    CARE, "  - {id: labour, type: time, clause: order.fees, price: \"140.00 USD\", increment: 15min, period: 1mo, service: helpdesk}",
    POOL.format("pool", 10, "1200.00", ", period: 1mo"), POOL.format("twelve", 12, "1416.00", ""), POOL.format("fifteen", 15, "1740.00", ""),
    "  - {id: users, type: per_unit, clause: order.fees, unit: user, price: \"25.00 USD\", count: active_users, period: 1mo}"])
HOURS = [13, 12, 15]
MONTHS = ("--from", "2026-01", "--to", "2026-03")


def start(folder):
    world = World(folder, "acme")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    assert CARE in text
    text = text.replace(CARE, CHARGES)
    world.write("contract.yaml", text.encode())
    world.write("offer.yaml", text.replace("\"25.00 USD\"", "\"20.00 USD\"").encode())
    world.write("worse.yaml", text.replace("\"25.00 USD\"", "\"20.00 USD\"").replace("target: 99.5%", "target: 99%").encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    world.must("user", "add", "ana", "--role", "billing", "--contract", CONTRACT)

    def fact(kind, at, *fields):
        world.must("fact", "add", kind, *fields, "--contract", CONTRACT, "--at", at)

    for month, hours in enumerate(HOURS, 1):
        fact("work.recorded", f"2026-{month:02d}-12T09:00", f"entry=E{month}", f"minutes={hours * 60}", "charge=labour")
        fact("work.recorded", f"2026-{month:02d}-13T09:00", f"entry=C{month}", "minutes=65", "covered=helpdesk")
    fact("units.listed", "2026-01-01", "list=L1", "count=active_users", "units=u1,u2,u3,u4")
    for unit in ("u1", "u2", "u3"):
        fact("outage.began", "2026-03-20T09:00", f"outage=o-{unit}", f"assets={unit}", "severity=degraded")
    return world


def suggestions(world):
    suggest = ("suggest", "--contract", CONTRACT, *MONTHS)
    out = json.loads(world.must(*suggest, "--json").out)
    over = {h: sum(max(0, x - h) for x in HOURS) * 140 for h in (0, 10, 12, 15)}
    cost = {10: 3 * 1200 + over[10], 12: 3 * 1416 + over[12], 15: 3 * 1740 + over[15], 0: over[0]}
    ok(out["total"] == f"{3 * 1480 + cost[10] + 3 * 4 * 25}.00", "suggest: what the charges came to", out["total"], cost)
    by = {(a["kind"], a["option"]): a for a in out["advice"]}
    pool = 3 * 1480 + 300
    for size, option in ((12, "twelve"), (15, "fifteen")):
        got = by["prepaid_size", option]
        ok((got["now"], got["then"]) == (f"{pool + cost[10]}.00", f"{pool + cost[size]}.00"), f"suggest: {size} hours a month (X59)", got)
    ok(by["no_prepaid", ""]["then"] == f"{pool + cost[0]}.00", "suggest: none at all", by["no_prepaid", ""])
    saved = cost[10] - cost[12]
    ok(by["prepaid_size", "twelve"]["verdict"] == "saves" and by["prepaid_size", "twelve"]["saving"] == f"{saved}.00" and
       by["prepaid_size", "fifteen"]["verdict"] == "too_little", "suggest: 1 % or more", by)
    rows = {r["charge"]: (r["now"], r["then"]) for r in by["prepaid_size", "twelve"]["rows"]}
    ok(rows == {"labour": (f"{over[10]}.00", f"{over[12]}.00"), "pool": ("3600.00", "4248.00")}, "suggest: with its arithmetic", rows)
    idle = by["unused_units", ""]
    ok(idle["units"] == ["u4"] and idle["months_left"] == 9 and idle["saving"] == "225.00", "suggest: a unit that nothing names for 60 days", idle)
    offered = json.loads(world.must(*suggest, "--offer", "offer.yaml", "--json").out)
    offer = next(a for a in offered["advice"] if a["kind"] == "offer")
    ok(offer["saving"] == "60.00" and offer["verdict"] == "too_little", "suggest --offer: 5.00 less for 12 units", offer)
    run = world(*suggest, "--offer", "worse.yaml")
    ok(run.returncode == 2 and "the offer changes more than charges: 'sla.metrics.uptime.target'" in run.err, "suggest --offer: no promise gets worse", run.err)
    table = list(csv.DictReader(io.StringIO(world.must(*suggest, "--format", "csv").out)))
    ok([r["saving"] for r in table] == [a["saving"] for a in out["advice"]], "suggest: a table", table)
    ok(world.must(*suggest, "--json", "--as", "ana").out == world.must(*suggest, "--json").out, "suggest: both parties see the same")
    for language, words in [("en", "12 hours (twelve) instead of 10"), ("de", "12 Stunden (twelve) statt 10"), ("fr", "12 heures (twelve) au lieu de 10")]:
        ok(words in world.must(*suggest, "--lang", language).out, f"suggest: {language}")
    ok(world.must(*suggest, "--format", "pdf").stdout.startswith(b"%PDF") and "twelve" in world.must(*suggest, "--format", "html").out, "suggest: pages")


def break_fix(world):
    verb = ("compare-break-fix", "--contract", CONTRACT, *MONTHS)
    out = json.loads(world.must(*verb, "--json").out)
    # 65 minutes are 75 in steps of 15, three times; care and users have no service of their own, so they pay for all
    ok(out["break_fix"] == "525.00" and out["managed"] == f"{3 * 1480 + 300}.00", "compare-break-fix: 3 x 75 min at 140.00, and the fixed fees", out)
    ok(out["difference"] == f"{525 - 3 * 1480 - 300}.00" and out["entries"] == 3 and out["unrated"] == 0, "compare-break-fix: the difference", out)
    ok([(w["charge"], w["worked"], w["minutes"]) for w in out["work"]] == [("labour", 195, "225")], "compare-break-fix: what was billed anyway is left out", out)
    table = list(csv.DictReader(io.StringIO(world.must(*verb, "--format", "csv").out)))
    ok([r["side"] for r in table] == ["break_fix", "managed", "managed"], "compare-break-fix: a table", table)
    for language, words in [("en", "less than the contract"), ("de", "weniger gekostet als der Vertrag"), ("fr", "de moins que le contrat")]:
        ok(words in " ".join(world.must(*verb, "--lang", language).out.split()), f"compare-break-fix: {language}")
    for args, status, words in [(("--from", "2026-04", "--to", "2026-05"), 64, "a month that is not over"),
                                (("--from", "2026-03", "--to", "2026-02"), 64, "no full month")]:
        for name in ("suggest", "compare-break-fix"):
            run = world(name, "--contract", CONTRACT, *args)
            ok(run.returncode == status and words in run.err, f"{name} {' '.join(args)}: {words}", run.returncode, run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = start(folder)
        suggestions(world)
        break_fix(world)
    done()


main()
