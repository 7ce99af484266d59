#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What money keeps whatever happens (money.md R70, R71, R104): fifty racing runs issue each invoice once; a preview is what is then issued; looking
again, rebuilding and working out anew change no byte; payments that race are each recorded once, and the account's balance is, after every
step, the sum of its documents less what was paid, down to the last cent.
"""

import json
import os
import random
import sqlite3
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from program import done, note, ok
from record import CONTRACT, EXAMPLES, World

RUNS = 50
PAYMENTS = 12
# What the day and the record give; the rest is the substance (engine/invoice_json.h).
OF_THE_DAY = {"number", "series", "date", "due", "run", "log_size", "root", "origin", "as_of", "known_as_of", "notes", "dispute_until", "opening",
              "payments", "credits", "refunds", "closing", "account", "size"}


def cents(text):
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, rest = text.partition(".")
    return sign * (int(whole) * 100 + int((rest + "00")[:2]))


def apart(world, n):
    """The same machine with random bytes of its own."""
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    other.name, other.calls = f"{world.name}-{n}", 0
    return other


def patient(world, *args):
    """Whoever waited five seconds for the others is told to try again, and does."""
    run = world(*args)
    for _ in range(30):
        if "store.locked" not in run.err:
            break
        run = world(*args)
    return run


def tables(world):
    with sqlite3.connect(world.path("acme.tenor")) as db:
        return [db.execute(q).fetchall() for q in ("SELECT * FROM document ORDER BY number",
                                                   "SELECT * FROM document_item ORDER BY log, charge, part, first_day, end_day, ordinal")]


def shown(world):
    numbers = [r["invoice"] for r in json.loads(world.must("invoice", "list", "--json").out)]
    return {n: world.must("invoice", "show", n, "--json").out for n in numbers}


def races(world, contracts):
    """Every contract at once, fifty times, from as many processes as there may be."""
    drafts = {c: json.loads(world.must("invoice", "preview", "--contract", c, "--on", "2026-02-01", "--json").out)["invoice"] for c in contracts}

    def one(n):
        return patient(apart(world, f"race-{n}"), "invoice", "run", "--contract", contracts[n % len(contracts)], "--on", "2026-02-01")

    with ThreadPoolExecutor(RUNS) as pool:
        runs = list(pool.map(one, range(RUNS)))
    failed = [r for r in runs if r.returncode != 0]
    ok(not failed, f"{RUNS} racing runs over {len(contracts)} contracts: none fails", *[r.err + r.out for r in failed[:3]])
    documents = shown(world)
    ok(sorted(documents) == [f"INV-2026-{i:05}" for i in range(1, len(contracts) + 1)], "each invoice once, numbered without gaps (R71, R72)", sorted(documents))
    ok(sum("invoice INV-" in r.out for r in runs) == len(contracts), "exactly one run said so for each", [r.out for r in runs][:6])
    issued = [json.loads(text) for text in documents.values()]
    ok({d["contract"] for d in issued} == set(contracts), "each contract has its own", [d["contract"] for d in issued])
    differ = [k for d in issued for k in set(d) | set(drafts[d["contract"]]) if k not in OF_THE_DAY and d.get(k) != drafts[d["contract"]].get(k)]
    ok(not differ, "what was issued is what the preview said (R70)", differ)
    for d in issued:
        lines = sum(cents(x["net"]) for x in d["lines"])
        ok(cents(d["sum_lines"]) == lines and cents(d["net"]) + cents(d["tax"]) == cents(d["gross"]), f"{d['number']}: the lines are its sum", d["number"])


def unchanged(world):
    """Looking, running again, rebuilding: not a byte."""
    before, rows = shown(world), tables(world)
    for verb in (("invoice", "run", "--contract", CONTRACT, "--on", "2026-02-01"), ("invoice", "preview", "--contract", CONTRACT, "--on", "2026-02-01"), ("rebuild",),
                 ("statement-of-account", "--contract", CONTRACT), ("receivables",)):
        world.must(*verb)
        ok(tables(world) == rows and shown(world) == before, f"{' '.join(verb)} changes nothing")
    ok(world("doctor").returncode == 0, "doctor: every document comes out again")


def account(world, on):
    return json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--on", on, "--json").out)[0]


def holds(world, on, what, paid):
    """The balance, added up in three ways; paid: what the payments so far are, less refunds, in cents."""
    told = account(world, on)
    gross = sum(cents(json.loads(world.must("invoice", "show", d["invoice"], "--json").out)["gross"]) for d in told["documents"])
    balance, ageing = cents(told["ageing"]["balance"]), {k: cents(v) for k, v in told["ageing"].items()}
    buckets = sum(v for k, v in ageing.items() if k not in ("balance", "unapplied", "credits"))
    good = balance == gross - paid == buckets - ageing["unapplied"] - ageing["credits"] and cents(told["movements"][-1]["balance"]) == balance
    good = good and all(cents(d["gross"]) == cents(d["paid"]) + cents(d["credited"]) + cents(d["open"]) for d in told["documents"])
    ok(good, f"{what}: documents less payments, ages and movements are one balance, {balance / 100:.2f}", gross, paid, told["ageing"], told["movements"][-1])


def balances(world, seed):
    """Payments from many hands at once, then month after month with sums that never fit."""
    pick = random.Random(seed)
    world.now = "2026-02-06T12:00:00Z"

    def pay(n):
        return patient(apart(world, f"pay-{n}"), "pay", "--contract", CONTRACT, "13.37", "--date", "2026-02-05", "--id", f"same-{n % PAYMENTS}", "--ref", f"R{n % PAYMENTS}")

    with ThreadPoolExecutor(2 * PAYMENTS) as pool:
        runs = list(pool.map(pay, range(2 * PAYMENTS)))
    ok(all(r.returncode == 0 for r in runs), f"{2 * PAYMENTS} racing payments, each twice: none fails", *[r.err for r in runs if r.returncode != 0][:3])
    paid = PAYMENTS * 1337
    holds(world, "2026-02-05", "racing payments", paid)
    for month in range(3, 9):
        on, now = f"2026-{month:02}-01", f"2026-{month:02}-02T12:00:00Z"
        world.now = now
        world("clock", "accept")  # some months have 31 days, and a clock may jump by 30
        world.must("invoice", "run", "--contract", CONTRACT, "--on", on)
        amount = pick.randrange(1, 400000)
        world.must("pay", "--contract", CONTRACT, f"{amount // 100}.{amount % 100:02}", "--date", on, "--id", f"m{month}")
        paid += amount
        holds(world, on, f"{on}, {amount / 100:.2f} paid", paid)
        left = cents(account(world, on)["ageing"]["unapplied"])
        if left > 0 and pick.random() < 0.7:
            back = pick.randrange(1, left + 1)
            world.must("refund", "--contract", CONTRACT, f"{back // 100}.{back % 100:02}", "--date", on, "--id", f"back{month}")
            paid -= back
            holds(world, on, f"{on}, {back / 100:.2f} given back", paid)


def main():
    seed = os.environ.get("TENOR_SEED", str(random.randrange(1 << 30)))
    note(f"TENOR_SEED={seed}")
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme", now="2026-02-02T12:00:00Z").northwind(facts=False)
        contracts = [CONTRACT]
        with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
            text = f.read()
        for n in range(2, 6):
            world.write("more.yaml", text.replace(CONTRACT, f"NW-2026-{n}").encode())
            world.must("contract", "add", "more.yaml", "--client", "northwind", "--agreed", "2026-01-01T00:00Z")
            contracts.append(f"NW-2026-{n}")
        races(world, contracts)
        unchanged(world)
        balances(world, seed)
    done()


main()
