#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Planning documents as they are printed, whole: budget, forecast, suggest, compare-break-fix, margin and quote-exit of one record, held against
tests/golden/planning/NAME.txt. TENOR_UPDATE=1 rewrites them: read the difference before you commit it. The numbers themselves are worked out by
hand in test_planning.py, test_advice.py, test_ledger.py and test_quote_exit.py."""

import difflib
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import World
from test_money_forks import HEAD, YEARS

FOLDER = os.path.join(ROOT, "tests", "golden", "planning")
CHARGES = """charges:
  - {id: care, type: recurring, name: Care, amount: "1000.00 USD", period: 1mo, bill: advance, service: care}
  - {id: help, type: time, name: Hourly help, price: "140.00 USD", increment: 15min, period: 1mo, service: care}
  - {id: pool, type: prepaid, name: Ten hours, hours: "10", amount: "1200.00 USD", period: 1mo, draws_for: [help], at_end: forfeit}
  - {id: twelve, type: prepaid, name: Twelve hours, hours: "12", amount: "1416.00 USD", draws_for: [help], at_end: forfeit}
  - {id: data, type: usage, name: Backup space, meter: backup.stored, unit: GB, aggregate: sum, price: 1 USD, period: 1mo}
budget: {fiscal_year_start: "01-01", amount: 40000 USD, alert_at: [50%, 80%, 100%], forecast: contract_plus_trend}
early_termination_fee: {triggers: [client_convenience], formula: pct_of_remaining, average_over: 12mo, of: [care],
  steps: [{id: y1, from_month: 1, pct: 50%}], plus: [third_party_commitments], rebate: {within: 6mo}, mitigation: true}
"""
NOW = "2026-08-10T15:00:00Z"
HOURS = [13, 12, 15, 11, 14, 12, 13]
DATA = [1200, 1260, 1180, 1310, 1350, 1290, 1400]
COSTS = b"date,kind,amount,technician\n2026-06-30,hours,300.00,t1\n2026-07-15,hours,200.50,t1\n2026-07-31,supplier,90.00,\n"
MONTHS = ("--from", "2026-02", "--to", "2026-07")
DOCUMENTS = [
    ("budget", ("budget", "--contract", "P-1", "--year", "2026")),
    ("forecast", ("forecast", "--contract", "P-1", "--months", "4")),
    ("suggest", ("suggest", "--contract", "P-1", *MONTHS)),
    ("compare-break-fix", ("compare-break-fix", "--contract", "P-1", *MONTHS)),
    ("margin", ("margin", "--client", "c", "--from", "2026-06", "--to", "2026-07", "--costs", "costs.csv")),
    ("quote-exit", ("quote-exit", "--contract", "P-1", "--on", "2026-09-15", "--returns", "2026-11-20")),
]


def start(folder):
    world = World(folder, "plans", now="2026-01-01T17:00:00Z")
    world.write("c.yaml", (HEAD.format(id="P-1", contract="", term=YEARS) + CHARGES).encode())
    world.write("costs.csv", COSTS)
    world.must("init", "p.tenor", "--provider", "P LLC")
    world.must("client", "add", "c", "--name", "C Inc")
    world.must("contract", "add", "c.yaml", "--client", "c", "--agreed", "2025-12-01T00:00Z")
    world.must("clock", "accept", now=NOW)

    def fact(kind, at, *fields):
        world.must("fact", "add", kind, *fields, "--contract", "P-1", "--at", at, now=NOW)

    for month, (hours, data) in enumerate(zip(HOURS, DATA), 1):
        fact("work.recorded", f"2026-{month:02}-12T15:00Z", f"entry=E{month}", f"minutes={hours * 60}", "charge=help")
        fact("work.recorded", f"2026-{month:02}-13T15:00Z", f"entry=C{month}", "minutes=65", "covered=care")
        fact("usage.recorded", f"2026-{month:02}-15T10:00Z", "meter=backup.stored", f"quantity={data}")
    fact("supplier.committed", "2026-03-01T15:00Z", "statement=S1", "amount=900.00", "to_date=2027-12-31")
    fact("saving.stated", "2026-08-01T15:00Z", "statement=W1", "amount=1500.00")
    return world


def held(name, text):
    path = os.path.join(FOLDER, name)
    if os.environ.get("TENOR_UPDATE"):
        os.makedirs(FOLDER, exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    if not os.path.exists(path):
        ok(False, f"{name} is there", "TENOR_UPDATE=1 writes it")
        return
    with open(path, encoding="utf-8") as f:
        want = f.read()
    lines = difflib.unified_diff(want.splitlines(), text.splitlines(), "expected", "printed", lineterm="")
    ok(text == want, f"{name} is printed as it is there", "\n".join(list(lines)[:60]))


def main():
    with tempfile.TemporaryDirectory(prefix="tenor-planning-golden-") as folder:
        world = start(folder)
        for name, args in DOCUMENTS:
            for lang in ("en", "de", "fr"):
                more = () if lang == "en" else ("--lang", lang)
                held(f"{name}-{lang}.txt", world.must(*args, *more, now=NOW).out)
            held(f"{name}.csv", world.must(*args, "--format", "csv", now=NOW).out)
    done()


if __name__ == "__main__":
    main()
