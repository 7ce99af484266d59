#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every formula of leaving early (money.md R120 to R124) through `tenor quote-exit`: one contract, asked for one day, its fee written in each way.
36 months of 1,000.00 from 2026-01-01, set-up 3,600.00. On 2027-02-15, in month 14, 22 whole months are left to 2029-01-01; staying would cost
those and 17 of 31 days: 22,548.39."""

import json
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import World
from test_money_forks import HEAD, YEARS, fact

CHARGES = """charges:
  - {id: setup, type: one_time, name: Set-up, amount: "3600.00 USD", due: effective_date}
  - {id: care, type: recurring, name: Care, amount: "1000.00 USD", period: 1mo, bill: advance}
termination: {convenience: [{id: c, by: client, notice: 60d, fee: early_termination}], partial: {allowed: false}}
"""
PCT = "formula: pct_of_remaining, average_over: 12mo, of: [care], steps: [{id: y1, from_month: 1, pct: 60%}, {id: y2, from_month: 13, pct: 50%}]"
SAVING = ("saving.stated", {"statement": "W1", "amount": "1500.00"})
SUPPLIER = ("supplier.committed", {"statement": "S1", "amount": "900.00", "to_date": "2027-12-31"})
ON, NOW = "2027-02-15", "2027-01-10T15:00:00Z"

# name, the fee's words, facts of 2027-01-05, more arguments, parts of the fee, total
CASES = [
    ("pct_of_remaining", PCT, [], [], {"formula": "11000.00"}, "11000.00"),
    ("remaining_fees (F-03)", "formula: remaining_fees", [], [], {"formula": "22000.00"}, "22000.00"),
    ("fixed", "formula: fixed, amount: 5000 USD", [], [], {"formula": "5000.00"}, "5000.00"),
    ("unamortised_setup: 3,600.00 x 22/36", "formula: fixed, amount: 5000 USD, plus: [unamortised_setup]", [], [],
     {"formula": "5000.00", "unamortised_setup setup": "2200.00"}, "7200.00"),
    ("third_party_commitments", "formula: fixed, amount: 5000 USD, plus: [third_party_commitments]", [SUPPLIER], [],
     {"formula": "5000.00", "third_party_commitments S1": "900.00"}, "5900.00"),
    ("third_party_commitments that ended before", "formula: fixed, amount: 5000 USD, plus: [third_party_commitments]",
     [(SUPPLIER[0], {**SUPPLIER[1], "to_date": "2027-02-01"})], [], {"formula": "5000.00"}, "5000.00"),
    ("notice_shortfall: 60 days from 25 January are over on 27 March, 1,000.00 / 30 x 40 days", "formula: fixed, amount: 5000 USD, plus: [notice_shortfall]", [], ["--notice", "2027-01-25"],
     {"formula": "5000.00", "notice_shortfall": "1333.33"}, "6333.33"),
    ("notice in time has no shortfall", "formula: fixed, amount: 5000 USD, plus: [notice_shortfall]", [], ["--notice", "2026-12-01"],
     {"formula": "5000.00"}, "5000.00"),
    ("mitigation: what is saved comes off", PCT + ", mitigation: true", [SAVING], [], {"formula": "11000.00", "mitigation W1": "-1500.00"}, "9500.00"),
    ("without it a saving changes nothing", PCT, [SAVING], [], {"formula": "11000.00"}, "11000.00"),
    ("mitigation: never more than staying", "formula: fixed, amount: 50000 USD, mitigation: true", [], [], {"formula": "50000.00", "cap": "-27451.61"}, "22548.39"),
    ("rebate linear_by_month: back after two months, 4/6", PCT + ", rebate: {within: 6mo, mode: linear_by_month}", [], ["--returns", "2027-04-20"],
     {"formula": "11000.00", "rebate": "-7333.33"}, "3666.67"),
    ("rebate full", PCT + ", rebate: {within: 6mo, mode: full}", [], ["--returns", "2027-04-20"], {"formula": "11000.00", "rebate": "-11000.00"}, "0.00"),
    ("rebate: too late", PCT + ", rebate: {within: 6mo, mode: full}", [], ["--returns", "2027-09-20"], {"formula": "11000.00"}, "11000.00"),
    ("a rebate is of the formula alone (R123)", PCT + ", plus: [unamortised_setup], rebate: {within: 6mo, mode: full}", [],
     ["--returns", "2027-04-20"], {"formula": "11000.00", "unamortised_setup setup": "2200.00", "rebate": "-11000.00"}, "2200.00"),
    ("a cause that is no trigger", PCT, [], ["--reason", "provider_default"], {}, "0.00"),
]


def main():
    with tempfile.TemporaryDirectory(prefix="tenor-exit-") as folder:
        world = World(folder, "exit", now=NOW)
        world.must("init", "e.tenor", "--provider", "P LLC")
        world.must("client", "add", "c", "--name", "C Inc")
        for n, (name, words, facts, more, parts, total) in enumerate(CASES, 1):
            contract = f"E-{n}"
            text = HEAD.format(id=contract, contract="", term=YEARS) + CHARGES
            world.write("c.yaml", (text + f"early_termination_fee: {{triggers: [client_convenience], {words}}}\n").encode())
            world.must("contract", "add", "c.yaml", "--client", "c", "--agreed", "2025-12-01T00:00Z")
            told = [fact(kind, "2027-01-05", **fields) for kind, fields in facts]
            if told:
                world.write("f.jsonl", "".join(json.dumps(f) + "\n" for f in told).encode())
                world.must("import", "f.jsonl", "--contract", contract)
            quote = json.loads(world.must("quote-exit", "--contract", contract, "--on", ON, *more, "--json").out)
            lines = quote.get("lines", [])
            got = {x["part"]: x["net"] for x in lines}
            ok(quote["total"] == total and got == parts, f"quote-exit: {name}", total, parts, quote)
            ok(all(x["steps"] for x in lines), f"quote-exit: {name}: every line has its steps", quote)
    done()


if __name__ == "__main__":
    main()
