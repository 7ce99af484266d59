#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A back-test of charges at the command line: a proposal that is dearer, cheaper, the same, adds or removes a charge, or changes what it must not."""

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

NOW = "2026-05-10T10:00:00Z"
USERS = ('{id: users, name: Users, type: per_unit, clause: order.fees, count: active_users, unit: user, price: "20.00 USD", period: 1mo, '
         'count_at: period_end%s}')


def contract_text():
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        return f.read()


def charges_of(text):
    """The lines of the block `charges` of the example, and the one charge in it."""
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith("charges:"))
    end = start + 1
    while end < len(lines) and (lines[end] == "" or lines[end][0] in " -#"):
        end += 1
    return "\n".join(lines[start:end])


TEXT = contract_text()
BLOCK = charges_of(TEXT)


def proposal(world, name, change):
    text = change(TEXT)
    assert text != TEXT or name == "same.yaml", name
    world.write(name, text.encode())
    return name


def add_users(more=""):
    return lambda text: text.replace(BLOCK, BLOCK.rstrip("\n") + "\n  - " + USERS % more + "\n\n")


def run(world, name, *more, months=("2026-02", "2026-04")):
    return world("backtest", "--contract", CONTRACT, "--with", name, "--from", months[0], "--to", months[1], *more, now=NOW)


def result(world, name, **more):
    answer = run(world, name, "--json", **more)
    if answer.returncode != 0:
        raise RuntimeError(answer.err)
    return json.loads(answer.out)["contracts"][0]


def amount(value):
    return Decimal(value["amount"] if isinstance(value, dict) else value.split(" ")[0])


def check_sums(charges, name):
    """What must hold of every answer: months, charges and reasons sum to the totals."""
    for side in ("before", "after"):
        total = amount(charges[side])
        ok(sum(amount(m[side]) for m in charges["months"]) == total and
           sum(amount(c[side]) for c in charges["by_charge"]) == total and
           all(sum(amount(m[side]) for m in c["months"]) == amount(c[side]) for c in charges["by_charge"]),
           f"{name}: months and charges sum to the total, {side}", charges)
    ok(sum(amount(v) for v in charges["why"].values()) == amount(charges["difference"]) and
       all(sum(amount(v) for v in c["why"].values()) == amount(c["difference"]) for c in charges["by_charge"]),
       f"{name}: the reasons sum to the difference", charges["why"])


def forks(world):
    price = lambda to: lambda text: text.replace("1480.00", to)
    rows = [("dearer.yaml", price("1600.00"), "360.00", "price"), ("cheaper.yaml", price("1400.00"), "-240.00", "price"),
            ("same.yaml", lambda text: text, "0.00", None), ("added.yaml", add_users(), "280.00", "other")]
    for name, change, difference, why in rows:
        charges = result(world, proposal(world, name, change))["charges"]
        ok(amount(charges["difference"]) == Decimal(difference), f"{name}: differs by {difference}", charges["difference"])
        ok(why is None or amount(charges["why"][why]) == Decimal(difference), f"{name}: for the {why}", charges["why"])
        check_sums(charges, name)


def in_force(world):
    """The other way round: the record has the users, the proposal has them otherwise or not at all."""
    rows = [("removed.yaml", lambda text: text, "-280.00", "other"), ("included.yaml", add_users(", included: {qty: 2}"), "-120.00", "allowance"),
            ("start.yaml", add_users(), "0.00", None)]
    for name, change, difference, why in rows:
        text = change(TEXT)
        world.write(name, text.encode())
        charges = result(world, name)["charges"]
        ok(amount(charges["difference"]) == Decimal(difference), f"in force, {name}: {difference}", charges["difference"])
        ok(why is None or amount(charges["why"][why]) == Decimal(difference), f"in force, {name}: for the {why}", charges["why"])
        check_sums(charges, name)


def credits_follow(world):
    """A credit is a share of what the charges come to: a dearer bundle makes dearer credits, and what is paid has both."""
    name = proposal(world, "dearer.yaml", lambda text: text.replace("1480.00", "1600.00"))
    x = result(world, name, months=("2026-03", "2026-03"))
    ok(amount(x["after"]["credit"]) > amount(x["before"]["credit"]), "credits follow the charges", x["before"], x["after"])
    for side in ("before", "after"):
        ok(amount(x["charges"]["paid"][side]) == amount(x["charges"][side]) - amount(x[side]["credit"]), f"what is paid, {side}", x["charges"]["paid"])
    invoice = world("invoice", "preview", "--contract", CONTRACT, "--on", "2026-04-01", "--json", now=NOW)
    ok(invoice.returncode in (0, 1), "the same month as an invoice", invoice.err)


def refused(world):
    name = proposal(world, "euro.yaml", lambda text: text.replace("USD", "EUR"))
    answer = run(world, name)
    ok(answer.returncode == 2 and "contract currency cannot change: 'USD' to 'EUR'" in answer.err and "make a new contract" in answer.err,
       "another currency is refused (R80)", answer.err)


def formats(world):
    name = proposal(world, "added.yaml", add_users())
    text = run(world, name).out
    ok("the client would have paid 280.00 USD more" in " ".join(text.split()), "text: what the client pays more", text)
    for lang, words in (("de", "Alles in allem"), ("fr", "Au total")):
        answer = run(world, name, "--lang", lang)
        ok(words.lower() in answer.out.lower(), f"in {lang}", answer.out, answer.err)
    page = run(world, name, "--format", "html").out
    ok("Users" in page and "280.00" in page, "a page")
    rows = list(csv.DictReader(io.StringIO(run(world, name, "--format", "csv").out)))
    total = [r for r in rows if r["id"] == "users" and r["month"] == ""]
    ok(len(total) == 1 and total[0]["difference"] == "280.00" and total[0]["other"] == "280.00", "csv: the total of a charge", rows)
    months = [r for r in rows if r["id"] == "users" and r["month"] != ""]
    ok([r["month"] for r in months] == ["2026-02-01", "2026-03-01", "2026-04-01"] and
       sum(Decimal(r["after"]) for r in months) == Decimal("280.00"), "csv: its months", months)
    ok(any(r["kind"] == "credit" for r in rows), "csv: credits too", rows)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme", now=NOW).northwind()
        units = [{"kind": "units.listed", "occurred_at": at, "list": f"L{i}", "count": "active_users", "units": names,
                  "id": f"L{i}"} for i, (at, names) in enumerate((("2026-01-01T05:00:00Z", ["u1", "u2", "u3", "u4"]),
                                                                 ("2026-03-10T05:00:00Z", ["u1", "u2", "u3", "u4", "u5"])))]
        world.write("units.jsonl", "".join(json.dumps(u) + "\n" for u in units).encode())
        world.must("import", "units.jsonl", "--contract", CONTRACT)
        forks(world)
        credits_follow(world)
        refused(world)
        formats(world)
        other = World(folder, "other", now=NOW)
        other.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        other.must("client", "add", "northwind", "--name", "Northwind Clinic")
        other.write("contract.yaml", add_users()(TEXT).encode())
        other.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
        other.write("units.jsonl", world.bytes("units.jsonl"))
        other.must("import", "units.jsonl", "--contract", CONTRACT)
        in_force(other)
    done()


if __name__ == "__main__":
    main()
