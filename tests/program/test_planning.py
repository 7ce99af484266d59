#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Budget and forecast at the command line (money.md R130 to R135): X58 from usage that was imported, sums held against each other by another
program, every way in which they are answered, and what is refused."""

import csv
import io
import json
import os
import sys
import tempfile
from decimal import Decimal

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

X58 = [1200, 1260, 1180, 1310, 1350, 1290, 1400, 1420, 1380, 1490, 1460, 1520]
USAGE = "  - {id: data, name: Backup space, type: usage, meter: backup.stored, unit: GB, aggregate: sum, price: 1 USD, period: 1mo}\n"
BUDGET = ("budget: {clause: order.fees, fiscal_year_start: \"01-01\", amount: 40000 USD, alert_at: [50%, 80%, 100%],"
          " forecast: contract_plus_trend}\n")
NOW = "2027-01-10T15:00:00Z"


def start(folder):
    world = World(folder, "acme")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    assert "\ncharges:\n" in text and "initial: 12mo" in text
    text = text.replace("initial: 12mo", "initial: 36mo").replace("\ncharges:\n", "\ncharges:\n" + USAGE) + "\n" + BUDGET
    world.write("contract.yaml", text.encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    world.must("clock", "accept", now=NOW)
    for month, used in enumerate(X58, 1):
        world.must("fact", "add", "usage.recorded", "--contract", CONTRACT, "meter=backup.stored", f"quantity={used}",
                   "--at", f"2026-{month:02}-15T10:00Z", now=NOW)
    return world


def forecast(world, *more, now=NOW):
    return json.loads(world.must("forecast", "--contract", CONTRACT, "--json", *more, now=now).out)


def forecasts(world):
    f = forecast(world, "--months", "3")
    data = next(c for c in f["charges"] if c["charge"] == "data")
    ok(data["p50"] == ["1555.13", "1583.50", "1611.88"] and data["sum_p50"] == "4750.51" and data["sum_p90"] == "4810.51", "X58", data)
    ok((data["slope"], data["residual"], data["basis"]) == ("28.375", "20", "trend"), "X58: slope and residual", data)
    for m in f["months"] + [f["total"]]:
        certain, trend, credits, p50, p90, reserve = (Decimal(m[k]) for k in ("certain", "trend", "credits", "p50", "p90", "reserve"))
        ok(certain + trend - credits == p50 and p90 - p50 == reserve >= 0, f"R135: {m['from']} adds up", m)
    for key in ("certain", "trend", "credits", "p50", "p90", "reserve"):
        ok(sum(Decimal(m[key]) for m in f["months"]) == Decimal(f["total"][key]), f"the months' {key} are the total's", f)
    ok(f["checked_months"] == 9 and 0 < f["under_p90"] <= 9, "R135: how often the P90 held", f["under_p90"])
    ok({"facts_frozen", "trend"} <= {a["kind"] for a in f["assumptions"]}, "assumptions are listed", f["assumptions"])
    rows = list(csv.DictReader(io.StringIO(world.must("forecast", "--contract", CONTRACT, "--months", "3", "--format", "csv", now=NOW).out)))
    ok(sum(Decimal(r["p50"]) for r in rows) == Decimal(f["total"]["p50"]), "the table's rows add up to the total", rows)
    ok(len(forecast(world)["months"]) == 12, "twelve months unless told otherwise")
    before = world.bytes("acme.tenor") if os.path.isfile(world.path("acme.tenor")) else None
    ok(forecast(world, "--months", "3") == f, "the same again is the same")
    ok(before is None or before == world.bytes("acme.tenor"), "nothing is written")


def budgets(world):
    b = json.loads(world.must("budget", "--contract", CONTRACT, "--year", "2026", "--json", now=NOW).out)
    months = b["months"]
    ok(len(months) == 12 and sum(Decimal(m["budget"]) for m in months) == Decimal("40000.00"), "R130: twelve parts of the budget", months)
    ok(b["months_over"] == 12 and b["outlook"] == b["actual"], "a year that is over has no outlook of its own", b["outlook"])
    ok(sum(Decimal(m["actual"]) for m in months) == Decimal(b["actual"]), "R130: the months are the year", b["actual"])
    split = sum(Decimal(r["price"]) + Decimal(r["volume"]) for r in b["variance"])
    ok(split - Decimal(b["credits_over"]) - Decimal(b["unassigned"]) == Decimal(b["variance_over"]), "R130: the split is exact", b["variance"])
    ok(Decimal(b["actual"]) - Decimal(b["budget"]) == Decimal(b["variance_over"]), "R130: actual less budget", b["variance_over"])
    half = json.loads(world.must("budget", "--contract", CONTRACT, "--on", "2026-07-05", "--json", now=NOW).out)
    ok(half["months_over"] == 6 and Decimal(half["outlook"]) > Decimal(half["actual"]), "R132: in July six months are over", half["outlook"])
    ok([a["at"] for a in half["alerts"]] == ["50%", "80%", "100%"] and half["alerts"][0]["amount"] == "20000.00" and
       all(not ("reached_in" in a and "expected_in" in a) for a in half["alerts"]), "R132: each threshold once", half["alerts"])
    ok(json.loads(world.must("budget", "--contract", CONTRACT, "--json", now=NOW).out)["from"] == "2027-01-01", "the year that runs")


def answers(world):
    for verb, words in (("budget", {"en": "Variance", "de": "Abweichung", "fr": "Écart"}),
                        ("forecast", {"en": "Assumptions", "de": "Annahmen", "fr": "Hypothèses"})):
        for lang, word in words.items():
            page = world.must(verb, "--contract", CONTRACT, "--format", "html", "--lang", lang, now=NOW).out
            ok(word in page and "<svg" in page, f"{verb}: a page in {lang} with its picture")
        ok(world.must(verb, "--contract", CONTRACT, "--format", "pdf", now=NOW).stdout.startswith(b"%PDF-"), f"{verb}: on paper")
        text = world.must(verb, "--contract", CONTRACT, now=NOW).out
        ok(all(len(line) <= 80 for line in text.splitlines()), f"{verb}: 80 columns", text)


def mistakes(world):
    for args, status, says in ((("forecast", "--contract", CONTRACT, "--months", "61"), 64, "1 to 60"),
                               (("forecast", "--contract", CONTRACT, "--months", "0"), 64, "1 to 60"),
                               (("forecast", "--contract", CONTRACT, "--on", "2027-03-01"), 64, "still ahead"),
                               (("forecast",), 64, "--contract"),
                               (("budget", "--contract", CONTRACT, "--year", "26"), 64, "is no year"),
                               (("budget", "--contract", "none"), 66, "none")):
        run = world(*args, now=NOW)
        ok(run.returncode == status and says in run.err, f"{' '.join(args)}: exit {status}", run.returncode, run.err)


def without_budget(folder):
    world = World(folder, "plain", now="2026-05-10T10:00:00Z").northwind()
    text = world.must("budget", "--contract", CONTRACT).out
    ok("names no budget" in text, "without a budget what was charged is shown", text)
    f = forecast(world, "--months", "6", now=None)
    ok(f["total"]["credits"] == "88.80" and f["total"]["p50"] == "8791.20" and f["total"]["p90"] == "8880.00",
       "R135: the median credit, in P50 only", f["total"])


with tempfile.TemporaryDirectory(prefix="tenor-planning-") as temp:
    acme = start(temp)
    forecasts(acme)
    budgets(acme)
    answers(acme)
    mistakes(acme)
    without_budget(temp)
done()
