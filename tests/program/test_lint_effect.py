#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tenor check --contract`: what findings about money come to on recorded facts, against sums of the test's own (lint.md LN-5)."""

import json
import os
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

NOW = "2026-05-10T10:00:00Z"
CENT = Decimal("0.01")
USERS = ('{id: users, name: Users, type: per_unit, clause: order.fees, count: active_users, unit: user, price: "20.00 USD", period: 1mo, '
         'count_at: period_end}')
# month: users listed on its 20th, and what else counts
COUNTS = {"2026-01": 5, "2026-02": 7, "2026-03": 10, "2026-04": 12}
CARE = Decimal("1480.00")
AVERAGE = sum((CARE + 20 * n for n in COUNTS.values()), Decimal(0)) / len(COUNTS)
USERS_AVERAGE = AVERAGE - CARE
ON = "on 2026-01 to 2026-04: "


def money(amount):
    return f"{amount.quantize(CENT, ROUND_HALF_UP):,} USD"


with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
    TEXT = f.read()


def block(name):
    lines = TEXT.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{name}:"))
    end = start + 1
    while end < len(lines) and (lines[end] == "" or lines[end][0] in " -#"):
        end += 1
    return "\n".join(lines[start:end])


CHARGES = block("charges")


def proposal(world, name, more="", users=USERS, change=lambda t: t):
    text = change(TEXT.replace(CHARGES, CHARGES.rstrip("\n") + "\n  - " + users + "\n\n")) + more
    world.write(name, text.encode())
    return name


def check(world, name, *more, now=NOW):
    answer = world("check", name, *more, "--json", now=now)
    if answer.returncode not in (0, 1, 2) or not answer.out.startswith("{"):
        raise RuntimeError(answer.err)
    return json.loads(answer.out)


def effect(found, rule):
    return next((f.get("effect", "") for f in found["findings"] if f.get("rule") == rule), None)


def without_effects(found):
    return [{k: v for k, v in f.items() if k != "effect"} for f in found["findings"]]


def recorded(folder):
    """The example's contract, and a list of users a month."""
    world = World(folder, "acme", now=NOW).northwind(facts=False)
    lists = [{"kind": "units.listed", "occurred_at": f"{month}-20T12:00:00Z", "list": month, "count": "active_users",
              "units": [f"u{k}" for k in range(n)], "party": "provider"} for month, n in COUNTS.items()]
    world.write("units.jsonl", "".join(json.dumps(line) + "\n" for line in lists).encode())
    world.must("import", "--contract", CONTRACT, "units.jsonl")
    return world


def swap(old, new):
    def change(text):
        assert old in text, old
        return text.replace(old, new)
    return change


# Nothing says how many users are planned (lint.md LN-6): without facts these come to no number.
NO_PLAN = ("F-07", "F-20")
# rule, what trips it: terms at the end and a change of the text; its effect in an average month of the facts
RULES = [
    ("F-02", "", swap("initial: 12mo}", "initial: 12mo, holdover: {mode: month_to_month, price: list}}"), f"{money(AVERAGE * 12)} a year"),
    ("F-03", "early_termination_fee: {clause: order.terms, triggers: [client_convenience], formula: remaining_fees}\n", None,
     f"month 1: {money(AVERAGE * 12)}"),
    ("F-05", "early_termination_fee: {clause: order.terms, triggers: [provider_default], formula: remaining_fees}\n", None,
     f"leaving in month 1 costs {money(AVERAGE * 12)}"),
    ("F-07", 'indexation: {clause: order.fees, formula: index, first: "2027-01-01", every: 12mo, index: {series: us_cpi_u, lag: 4mo, if_missing: wait, '
     "if_discontinued: agree}, notice: 30d, applies_to: [users]}\n", None, f"one point of the index is {money(USERS_AVERAGE * 12 / 100)} a year"),
    ("F-08", "", swap("from: invoice_date}", "from: invoice_date, late_fee: {kind: interest, rate: 2%, per: month, compound: false}}"),
     f"90 days late cost {money(AVERAGE * 24 / 100 * 90 / 365)}"),
    ("F-13", "", swap("    base: {charges: [care], of: month_of_failure}\n", ""), f"{money(USERS_AVERAGE / 10)} to {money(CARE / 10)}"),
    ("F-16", 'commitment: {clause: order.fees, amount: "3000.00 USD", per: 1mo, counts: [care, users]}\n', None, f"{money(3000 - AVERAGE)} short"),
    ("F-20", "taxes: {clause: order.fees, categories: [{id: std, code: S, rate: 8%}]}\n", swap("period: 1mo, bill: advance", "tax: std, period: 1mo, bill: advance"),
     f"std {money(USERS_AVERAGE * 8 / 100)}"),
    ("S-03", "", swap("      - {id: year, per: contract_year, pct: 100%, of: average_month_12mo}\n", ""),
     f"all top tiers in one month {money(CARE * 16 / 100)} against {money(AVERAGE)}"),
    ("S-04", "", swap("pct: 15%, of: month_charges", "pct: 4%, of: month_charges"), f"cap {money(AVERAGE * 4 / 100)}, one credit {money(CARE * 5 / 100)}"),
    ("S-21", "", swap("    same_cause: largest\n", ""), f"the sum is {money(CARE * 16 / 100)}, the largest {money(CARE * 10 / 100)}"),
    ("L-01", "", swap("{lookback: 12mo", "{lookback: 3mo"), f"{money(AVERAGE * 3)} against {money(AVERAGE * 12)} a year"),
    ("T-03", "", swap("initial: 12mo}", "initial: 12mo, renewal: {mode: automatic, period: 12mo, max_renewals: 1, "
                      "non_renewal_notice: {by: either, at_least: 30d}}}"), f"{money(AVERAGE * 12)} of a renewal at risk"),
]


def rules(world):
    for rule, more, change, ought in RULES:
        name = proposal(world, f"{rule}.yaml", more, change=change or (lambda t: t))
        plain, found = check(world, name), check(world, name, "--contract", CONTRACT)
        ok(effect(found, rule) == ON + ought, f"{rule}: its effect is on the facts", {"is": effect(found, rule), "ought": ON + ought})
        ok(effect(plain, rule) == "" if rule in NO_PLAN else effect(plain, rule).startswith("on the nominal month: "),
           f"{rule}: without --contract on the nominal month", effect(plain, rule))
        ok(without_effects(plain) == without_effects(found), f"{rule}: no finding depends on the facts, only its effect")


HOLDOVER = swap("initial: 12mo}", "initial: 12mo, holdover: {mode: month_to_month, price: list}}")


def lines_that_count(world):
    """A discount lowers a month; what comes once is in none; what is passed on is no base of a credit."""
    once = '{id: setup, name: Set-up, type: one_time, clause: order.fees, amount: "5000.00 USD"}'
    less = "{id: less, name: Rebate, type: discount, clause: order.fees, applies_to: [care], pct: 10%}"
    name = proposal(world, "lines.yaml", users=f"{USERS}\n  - {once}\n  - {less}", change=HOLDOVER)
    ought = f"{ON}{money((AVERAGE - CARE / 10) * 12)} a year"
    is_effect = effect(check(world, name, "--contract", CONTRACT), "F-02")
    ok(is_effect == ought, "a rebate comes off, a fee that comes once is in no month", {"is": is_effect, "ought": ought})


def months(world):
    """The months looked at: whole ones that have ended, twelve at most, those of --as-of."""
    name = proposal(world, "months.yaml", change=HOLDOVER)
    march = sum((CARE + 20 * COUNTS[m] for m in ("2026-01", "2026-02", "2026-03")), Decimal(0)) / 3
    for args, on, mean in ((("--as-of", "2026-04-30T12:00Z"), "2026-01 to 2026-03", march),
                           (("--as-of", "2026-02-01T12:00Z"), "2026-01", CARE + 20 * COUNTS["2026-01"])):
        found = check(world, name, "--contract", CONTRACT, *args)
        ok(effect(found, "F-02") == f"on {on}: {money(mean * 12)} a year", f"on {on}", effect(found, "F-02"))
    found = check(world, name, "--contract", CONTRACT)
    ok(found["facts"] == {"contract": CONTRACT, "from": "2026-01", "to": "2026-04", "count": 4}, "months and number of facts are told", found["facts"])
    ok("facts" not in check(world, name), "without --contract none are")
    said = world("check", name, "--contract", CONTRACT).out
    ok(said.endswith(f"{CONTRACT}: effects are on 2026-01 to 2026-04, from 4 facts recorded in them\n"), "in words too", said[-200:])
    far = [effect(check(world, name, "--contract", CONTRACT, "--as-of", f"{year}-06-01T00:00Z"), "F-02") for year in ("9999", "0001", "1970")]
    ok(far == [f"{ON}{money(AVERAGE * 12)} a year"] + 2 * [f"on the nominal month: {money(CARE * 12)} a year"],
       "what is ahead changes nothing, before the service there is nothing", far)
    later = check(world, name, "--contract", CONTRACT, now="2027-02-10T10:00:00Z")
    year = CARE * 12 + 20 * (5 + 7 + 10 + 12 * 9)
    ok(later["facts"] == {"contract": CONTRACT, "from": "2026-01", "to": "2026-12", "count": 4} and
       effect(later, "F-02") == f"on 2026-01 to 2026-12: {money(year)} a year", "none after the end of the contract; the last list holds on",
       {"is": effect(later, "F-02"), "facts": later["facts"]})
    found = check(world, name, "--contract", CONTRACT, now="2026-01-20T10:00:00Z")
    ok(found["facts"] == {"contract": CONTRACT, "none": "no whole month of the service has ended"} and
       effect(found, "F-02").startswith("on the nominal month: "), "no month has ended: the nominal month", found["facts"])
    quiet = proposal(world, "quiet.yaml", change=lambda t: HOLDOVER(t.replace('effective_date: "2026-01-01"', 'effective_date: "2026-05-01"')))
    found = check(world, quiet, "--contract", CONTRACT, now="2026-07-10T10:00:00Z")
    ok(found["facts"] == {"contract": CONTRACT, "none": "no fact is recorded in 2026-05 to 2026-06"} and
       effect(found, "F-02") == f"on the nominal month: {money(CARE * 12)} a year", "no facts in them: the nominal month", found["facts"])


def cannot(world):
    """What cannot be worked out is said, and never in the way of the findings themselves."""
    gap = USERS.replace('price: "20.00 USD"', 'tiers: [{id: t1, up_to: 10, price: "20.00 USD"}, {id: t2, up_to: 20, price: "18.00 USD"}]')
    name = proposal(world, "gap.yaml", users=gap, change=HOLDOVER)
    found = check(world, name, "--contract", CONTRACT)
    ok(effect(found, "F-11") is not None and effect(found, "F-02") == f"on the nominal month: {money(CARE * 12)} a year" and
       found["facts"]["none"].startswith("tiers of 'users' leave a gap"), "tiers with a gap: no lines, and why is said", {"facts": found["facts"], "effect": effect(found, "F-02")})
    other = proposal(world, "other.yaml", change=swap("id: NW-2026", "id: NW-2027"))
    answer = world("check", other, "--contract", CONTRACT)
    ok(answer.returncode not in (0, 1) and "other.yaml: is the contract 'NW-2027'" in answer.err and CONTRACT in answer.err,
       "another contract's file is refused", answer.err)
    euro = proposal(world, "euro.yaml", change=lambda t: t.replace("USD", "EUR"), users=USERS)
    answer = world("check", euro, "--contract", CONTRACT)
    ok("contract currency cannot change: 'USD' to 'EUR'" in answer.err, "another currency is refused", answer.err)
    answer = world("check", "months.yaml", "--contract", "nobody")
    ok(answer.returncode not in (0, 1, 2) and "nobody" in answer.err, "a contract that is not there", answer.err)


def changed_invoices(world):
    """G-05: the lines of the invoiced months under both versions, of what the documents say is invoiced."""
    for day in ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"):
        world.must("invoice", "run", "--contract", CONTRACT, "--on", day)
    amends = f'amends: {{base: "{"0" * 64}", effective_date: "2026-03-01", reason: "users"}}\n'
    name = proposal(world, "amended.yaml", amends)
    base = os.path.join(EXAMPLES, "northwind.yaml")
    found = check(world, name, "--contract", CONTRACT, "--base-version", base)
    both = f"on the invoiced months: {money(2 * CARE)} under the base, {money(2 * CARE + 20 * (COUNTS['2026-03'] + COUNTS['2026-04']))} under this version"
    ok(effect(found, "G-05") == both, "what the invoiced months come to under both versions", {"is": effect(found, "G-05"), "ought": both})
    ok(effect(check(world, name, "--base-version", base), "G-05") is None, "... which nobody knows without the record")


def main(folder):
    world = recorded(folder)
    rules(world)
    lines_that_count(world)
    months(world)
    cannot(world)
    changed_invoices(world)


with tempfile.TemporaryDirectory(prefix="tenor-lint-effect-") as temp:
    main(temp)
done()
