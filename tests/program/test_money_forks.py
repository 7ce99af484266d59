#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Every fork of money.md in each of its positions (contract-language.md section 5, money.md section 14): the same facts under two contracts that
differ in one key, and the two results, worked out by hand beside them. The way there is that of a person: contract add, import, invoice
preview or run, payments, late fees. Forks that the command line does not reach, or that other tests cover, are listed and counted.
"""

import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, note, ok
from record import World

HEAD = """tenor: "1"
contract: {{id: {id}, title: Fork, currency: USD, timezone: America/New_York, business_calendar: office{contract}}}
parties:
  provider: {{legal_name: P LLC, jurisdiction: US-DE, tax_id: "12-345", notice: {{email: p@p.example}}, contacts: [{{id: p1, name: Ann, roles: [billing, signatory]}}]}}
  client: {{legal_name: C Inc, jurisdiction: US-NY, notice: {{email: c@c.example}}, contacts: [{{id: c1, name: Bo, roles: [billing, executive]}}]}}
calendars: [{{id: office, hours: [{{id: w, days: mon-fri, open: ["08:00-18:00"]}}]}}]
assets: [{{id: web, kind: server, name: Web}}, {{id: mail, kind: server, name: Mail}}]
services: [{{id: care, name: Care, calendar: always}}]
term: {{{term}}}
"""
YEARS = 'effective_date: "2026-01-01", initial: 36mo'
NOW = "2027-06-01T12:00:00Z"


def charge(text, more=""):
    return f"charges: [{text}]\n{more}"


# --- facts, each with its local day in New York ---

FACTS = {"n": 0}


def fact(kind, at, party="provider", **fields):
    FACTS["n"] += 1
    when = at if "T" in at else f"{at}T12:00:00-05:00"
    return {"id": f"x{FACTS['n']}", "kind": kind, "occurred_at": when, "party": party, **fields}


def users(day, n):
    return fact("units.listed", day, list=f"L{day}", count="active_users", units=[f"u{i}" for i in range(n)])


def used(day, quantity, meter="gib"):
    return fact("usage.recorded", day, meter=meter, quantity=str(quantity), measure="GiB")


def worked(at, minutes, entry, ticket="T-1", charge_id="help"):
    return fact("work.recorded", at, entry=entry, minutes=minutes, ticket=ticket, charge=charge_id, place="remote")


def index(month, value):
    return fact("index.published", f"{month}-28", series="us_cpi_u", month=month, value=value)


def outage(name, begin, end, *assets):
    return [fact("outage.began", begin, "monitor", outage=name, assets=list(assets), severity="down"), fact("outage.ended", end, "monitor", outage=name)]


# --- what is asked of a preview ---

def net(charge_id, since="0000", role=None):
    """Sum of the nets of a charge's lines that serve from `since` on."""
    def ask(answer):
        lines = answer.get("invoice", {}).get("lines", [])
        return cents(sum(in_cents(x["net"]) for x in lines if x["charge"] == charge_id and x["period"] >= since and role in (None, x["role"])))
    return ask


def field(name):
    return lambda answer: answer.get("invoice", {}).get(name)


def reduced(answer):
    return cents(sum(in_cents(x["amount"]) for x in answer.get("invoice", {}).get("reductions", [])))


def noted(answer):
    return cents(sum(in_cents(x["gross"]) for x in answer.get("credit_notes", [])))


def in_cents(text):
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, rest = text.partition(".")
    return sign * (int(whole) * 100 + int((rest + "00")[:2]))


def cents(n):
    return f"{'-' if n < 0 else ''}{abs(n) // 100}.{abs(n) % 100:02}"


# --- the table: fork, rule, what is asked, day, facts, positions: (the key's value, contract, term, blocks, result) ---

FORKS = []


def fork(name, rule, ask, on, facts, positions):
    FORKS.append((name, rule, ask, on, facts, positions))


def key(name, rule, ask, on, facts, text, positions, more=""):
    """A fork that is one key of one charge: {x} in the text."""
    fork(name, rule, ask, on, facts, [(word, "", YEARS, charge(text.replace("{x}", word), more), result) for word, result in positions])


# 1 unit at 2.345: a tie at the third decimal.
fork("FK-1 rounding.mode", "R83", net("gas"), "2026-02-01", [used("2026-01-10", 1)], [
    (mode, f", rounding: {{mode: {mode}}}", YEARS, charge('{id: gas, type: usage, meter: gib, unit: GiB, period: 1mo, price: "2.345 USD"}'), result)
    for mode, result in [("half_up", "2.35"), ("half_even", "2.34"), ("down", "2.34")]])
# Three lines of 0.335: 3 x 0.34 = 1.02, or 1.005 -> 1.01.
fork("FK-2 rounding.place", "R83", field("net"), "2026-02-01", [used("2026-01-10", 1, m) for m in "abc"], [
    (place, f", rounding: {{place: {place}}}", YEARS, charge(", ".join(
        f'{{id: g{m}, type: usage, meter: {m}, unit: GiB, period: 1mo, price: "0.335 USD"}}' for m in "abc")), result)
    for place, result in [("line", "1.02"), ("document", "1.01")]])
# Three months from 1 January end on 1 April; from 15 January on 15 April: 14/30 of 300.00 = 140.00 for April.
fork("FK-3 term.counts_from", "R10", net("care", "2026-04"), "2026-04-01", [], [
    (word, "", f'effective_date: "2026-01-01", service_start: "2026-01-15", initial: 3mo, counts_from: {word}',
     charge('{id: care, type: recurring, amount: "300.00 USD", period: 1mo}'), result) for word, result in [("effective_date", "0.00"), ("service_start", "140.00")]])
# 1 to 31 March falls due on its first day, or on 1 April. On 1 March: January to March, or January and February.
key("bill", "R6", net("care"), "2026-03-01", [], '{id: care, type: recurring, amount: "100.00 USD", period: 1mo, bill: {x}}',
    [("advance", "300.00"), ("arrears", "200.00")])
# 7,200.00 from 15 February 2026: 14/28, 16/30, whole.
key("FK-18 prorate", "R13", net("care"), "2026-02-15", [], '{id: care, type: recurring, from: "2026-02-15", amount: "7200.00 USD", period: 1mo, prorate: {x}}',
    [("actual_days", "3600.00"), ("days_30", "3840.00"), ("none", "7200.00")])
# Until 10 March: 9/31 of 7,200.00 = 2,090.32, or 10/31 = 2,322.58.
key("FK-19 last_day", "R10", net("care"), "2026-03-01", [], '{id: care, type: recurring, from: "2026-03-01", until: "2026-03-10", amount: "7200.00 USD", period: 1mo, last_day: {x}}',
    [("free", "2090.32"), ("billed", "2322.58")])
# From 20 January: calendar cuts 12/31 of 310.00 = 120.00 and bills February and March whole; anniversary bills 20 January, February, March.
key("FK-20 anchor", "R4", net("care"), "2026-03-25", [], '{id: care, type: recurring, from: "2026-01-20", amount: "310.00 USD", period: 1mo, anchor: {x}}',
    [("calendar", "740.00"), ("anniversary", "930.00")])
TIERS = 'included: {qty: 48}, tiers: [{id: t1, up_to: 12, price: "85.00 USD"}, {id: t2, price: "79.00 USD"}]'
# 65 users, 48 free: 12 x 85 + 5 x 79 = 1,415.00; volume 17 x 79 = 1,343.00.
key("FK-21 tier_mode", "R40", net("users"), "2026-02-01", [users("2026-01-01", 65)],
    f'{{id: users, type: per_unit, unit: user, count: active_users, period: 1mo, {TIERS}, tier_mode: {{x}}}}', [("graduated", "1415.00"), ("volume", "1343.00")])
# Units 49 to 65 are the first 17 that are billed, or all above 12: 17 x 79.
key("FK-22 tiers_count", "R25", net("users"), "2026-02-01", [users("2026-01-01", 65)],
    f'{{id: users, type: per_unit, unit: user, count: active_users, period: 1mo, {TIERS}, tiers_count: {{x}}}}', [("billable", "1415.00"), ("all", "1343.00")])
# 300.4 GiB: 301 x 0.12 = 36.12; 300.4 x 0.12 = 36.048.
key("FK-23 block_rounding", "R37", net("gas"), "2026-02-01", [used("2026-01-10", "300.4")],
    '{id: gas, type: usage, meter: gib, unit: GiB, period: 1mo, price: "0.12 USD", block: 1, block_rounding: {x}}', [("up", "36.12"), ("exact", "36.05")])
# X14, in June: 48, 51 from the 11th, 50 from the 24th; 48 x 10 + 51 x 13 + 50 x 7 = 1,493 user-days.
key("FK-24 count_at", "R24", net("users"), "2026-07-01", [users("2026-06-01", 48), users("2026-06-11", 51), users("2026-06-24", 50)],
    '{id: users, type: per_unit, from: "2026-06-01", unit: user, count: active_users, period: 1mo, price: "85.00 USD", count_at: {x}}',
    [("period_start", "4080.00"), ("period_end", "4250.00"), ("peak", "4335.00"), ("average_daily", "4230.17")])
# X17: three entries of 5 minutes on one ticket, the third on another day; 15 minutes at 140.00 an hour are 35.00.
key("FK-25 increment_per", "R27", net("help"), "2026-02-01", [worked("2026-01-06", 5, "a"), worked("2026-01-06", 5, "b"), worked("2026-01-07", 5, "c")],
    '{id: help, type: time, unit: hour, period: 1mo, price: "140.00 USD", increment: 15min, increment_per: {x}}', [("entry", "105.00"), ("ticket", "35.00"), ("day", "70.00")])
# 20 minutes are 30, or 15 since 20 is nearer to 15.
key("increment_rounding", "R27", net("help"), "2026-02-01", [worked("2026-01-06", 20, "a")],
    '{id: help, type: time, unit: hour, period: 1mo, price: "140.00 USD", increment: 15min, increment_rounding: {x}}', [("up", "70.00"), ("nearest", "35.00")])
# X33: readings 100 on the 1st at 00:00, 160 on the 6th, 130 on the 21st of June: (100 x 5 + 160 x 15 + 130 x 10) / 30 = 140.
JUNE = [fact("usage.recorded", f"2026-06-{d}T00:00:00-04:00", meter="gib", quantity=q, measure="GiB") for d, q in (("01", "100"), ("06", "160"), ("21", "130"))]
key("aggregate", "R39", net("gas"), "2026-07-01", JUNE, '{id: gas, type: usage, from: "2026-06-01", meter: gib, unit: GiB, period: 1mo, price: "1.00 USD", aggregate: {x}}',
    [("sum", "390.00"), ("max", "160.00"), ("average", "130.00"), ("last", "130.00"), ("time_weighted", "140.00")])

# Without a minimum 8.00 of use; with one of 10.00 the rest, too. Of 120.00 at most 100.00.
fork("min_amount", "R42", field("net"), "2026-02-01", [used("2026-01-10", 8)], [
    (word or "none", "", YEARS, charge('{id: gas, type: usage, meter: gib, unit: GiB, period: 1mo, price: "1.00 USD"' + word + "}"), result)
    for word, result in [("", "8.00"), (', min_amount: "10.00 USD"', "10.00")]])
fork("max_amount", "R42", field("net"), "2026-02-01", [used("2026-01-10", 120)], [
    (word or "none", "", YEARS, charge('{id: gas, type: usage, meter: gib, unit: GiB, period: 1mo, price: "1.00 USD"' + word + "}"), result)
    for word, result in [("", "120.00"), (', max_amount: "100.00 USD"', "100.00")]])

# Ten hours a month at 1,000.00, rest of January 6 h; February works 14 h. Rolled over 6: 16 h, no overage. Else 4 h at 120.00 = 480.00.
ROLL = [worked("2026-01-06", 240, "a"), worked("2026-02-03", 840, "b")]
fork("rollover", "R34", net("help"), "2026-03-01", ROLL, [
    (word or "none", "", YEARS, charge('{id: help, type: time, unit: hour, period: 1mo, price: "120.00 USD"}, {id: block, type: prepaid, amount: "1000.00 USD", period: 1mo, hours: 10, '
                                       'draws_for: [help], at_end: forfeit' + word + "}"), result)
    for word, result in [("", "480.00"), (", rollover: {max: 20, expires: 3mo}", "0.00")]])
DELIVERED = [fact("milestone.delivered", "2026-01-05T10:00:00-05:00", milestone="one", charge="move")]
# Ten working days after Monday 5 January at 10:00 nobody has said a word.
key("acceptance.silence", "R45", net("move"), "2026-02-01", DELIVERED,
    '{id: move, type: milestone, total: "900.00 USD", milestones: [{id: one, name: One, pct: 100%}], acceptance: {reject_within: 10bd, silence: {x}}}',
    [("accepted", "900.00"), ("rejected", "0.00")])
BOUGHT = [fact("supplier.invoiced", "2026-01-10", supplier_invoice="S-1", charge="lic", amount="1234.56", currency="USD", supplier="Sup")]
# X37: 1,234.56 x 1.08 = 1,333.3248.
key("markup", "R47", net("lic"), "2026-02-01", BOUGHT, '{id: lic, type: pass_through, markup: {x}, evidence: supplier_invoice}', [("0%", "1234.56"), ("8%", "1333.32")])
# Above 500.00 it waits for an approval that nobody gave.
key("approval_above", "R47", net("lic"), "2026-02-01", BOUGHT, '{id: lic, type: pass_through, evidence: supplier_invoice, approval_above: "{x} USD"}',
    [("2000.00", "1234.56"), ("500.00", "0.00")])

CARE = '{id: care, type: recurring, amount: "1000.00 USD", period: 1mo, from: "2026-01-01"}'
# Nobody paid the year ahead.
fork("when", "R51", field("net"), "2026-01-01", [], [
    (word, "", YEARS, charge(f"{CARE}, {{id: less, type: discount, pct: 10%, applies_to: [care], when: {word}}}"), result)
    for word, result in [("always", "900.00"), ("paid_year_ahead", "1000.00")]])
# The highest band reached: 1,000.00 in the period is in the second; 12 months before there was nothing.
fork("bands_of", "R50", field("net"), "2026-01-01", [], [
    (word, "", YEARS, charge(f'{CARE}, {{id: less, type: discount, applies_to: [care], bands_of: {word}, bands: [{{id: a, from: "0.00 USD", pct: 0%}}, '
                             '{id: b, from: "500.00 USD", pct: 5%}]}'), result) for word, result in [("net_charges_12mo", "1000.00"), ("net_charges_period", "950.00")]])
# 1,500.00 agreed, 1,000.00 reached in January; the true-up comes on 1 February, where February's 1,000.00 is due, too.
fork("shortfall", "R48", field("net"), "2026-02-01", [], [
    (word, "", YEARS, charge(CARE, f'commitment: {{amount: "1500.00 USD", per: 1mo, counts: [care], shortfall: {word}}}\n'), result)
    for word, result in [("bill_difference", "2500.00"), ("none", "2000.00")]])
# 100.00 and 19 %: 119.00; or 100.00 with 15.97 (100 x 19 / 119 = 15.966) of tax in it.
TAXED = charge('{id: care, type: recurring, amount: "100.00 USD", period: 1mo, tax: std}')
fork("prices_include_tax", "R69", field("tax"), "2026-01-01", [], [
    (word, "", YEARS, TAXED + f"taxes: {{prices_include_tax: {word}, categories: [{{id: std, code: S, rate: 19%}}]}}\n", result) for word, result in [("false", "19.00"), ("true", "15.97")]])

# --- price review; on 1 January 2026 the price of that day ---

OLD = 'effective_date: "2024-01-01", initial: 60mo'
INDEXED = '{id: care, type: recurring, from: "2024-01-01", amount: "1000.00 USD", period: 1mo}'


def review(name, rule, facts, text, positions, on="2026-01-01", since="2026-01"):
    fork(name, rule, net("care", since), on, facts, [(word, "", OLD, charge(INDEXED, "indexation: {" + text.replace("{x}", word) + ", applies_to: [care]}\n"), result)
                                                     for word, result in positions])


BASE = 'formula: index, first: "2025-01-01", every: 12mo, index: {series: us_cpi_u, lag: 1mo%s}'
UP = [index("2023-12", "100"), index("2024-12", "105"), index("2025-12", "110.25")]
# Both years cut at 4 %: 1,040.00 and then 1,081.60 of that; or 4 % over the first price at most, again 1,040.00.
review("FK-28 index_from, multiplicand", "R54", UP, BASE % "" + ", cap: 4%, {x}",
       [("index_from: previous_adjustment, multiplicand: current_price", "1081.60"), ("index_from: signing, multiplicand: original_price", "1040.00")])
# 5 % and 5 %: 1,102.50; without a cap, or cut at 2 %: 1,020.00 and 1,040.40.
review("cap", "R53", UP, BASE % "" + ", cap: {x}", [("100%", "1102.50"), ("2%", "1040.40")])
DOWN = [index("2023-12", "100"), index("2024-12", "95"), index("2025-12", "100")]
# X42: the fall is nothing and the base stays, so 100 after 100 is nothing, too; or 950.00, and 100/95 = 1.052632 of it: 1,000.00.
review("floor", "R55", DOWN, BASE % "" + ", floor: {x}", [("0%", "1000.00"), ("-10%", "950.00")], on="2025-01-01", since="2025-01")
# X44: 324.8 / 315.301 = 1.030127 with 6 decimals, 1.030 with 3.
RATIO = [index("2023-12", "315.301"), index("2024-12", "324.8"), index("2025-12", "324.8")]
review("ratio_decimals", "R53", RATIO, BASE % ", ratio_decimals: {x}", [("6", "1030.13"), ("3", "1030.00")], on="2025-01-01", since="2025-01")
# December 2024 was never published: November 104, January 106, or the old price until it is.
GAP = [index("2023-12", "100"), index("2024-11", "104"), index("2025-01", "106")]
review("if_missing", "R56", GAP, BASE % ", if_missing: {x}", [("previous_month", "1040.00"), ("next_month", "1060.00"), ("wait", "1000.00")], on="2025-03-01", since="2025-03")
# The provider never said that it wants the rise.
review("mode", "R58", UP, BASE % "" + ", mode: {x}", [("automatic", "1102.50"), ("provider_choice", "1000.00")])
# Notice of 30 days that nobody gave.
review("notice", "R58", UP, BASE % "" + "{x}", [("", "1102.50"), (", notice: 30d", "1000.00")])
review("formula", "R53", UP, 'first: "2025-01-01", every: 12mo, {x}', [("formula: index, index: {series: us_cpi_u, lag: 1mo}", "1102.50"), ("formula: fixed, pct: 3%", "1060.90")])

# --- hours bought ahead ---

# A 10 h to 1 July, B 10 h from 1 February to 1 March: the later purchase ends first. 6 h in February, 12 h in March.
# earliest_expiry: B 6, A 10, overage 2 h = 240.00. oldest: A 6, B nothing, then A 4, overage 8 h = 960.00.
BURN = [fact("prepaid.bought", "2026-01-02", order="A", charge="long"), fact("prepaid.bought", "2026-02-01", order="B", charge="short"),
        worked("2026-02-10", 360, "a"), worked("2026-03-10", 720, "b")]
key("FK-30 burn", "R32", net("help"), "2026-04-01", BURN,
    '{id: help, type: time, unit: hour, period: 1mo, price: "120.00 USD"}, '
    '{id: long, type: prepaid, amount: "1000.00 USD", hours: 10, draws_for: [help], burn: {x}, rollover: {max: 10, expires: 6mo}, at_end: forfeit}, '
    '{id: short, type: prepaid, amount: "1000.00 USD", hours: 10, draws_for: [help], burn: {x}, rollover: {max: 10, expires: 1mo}, at_end: forfeit}',
    [("earliest_expiry", "240.00"), ("oldest", "960.00")])

# --- service credits: uptime of two servers, each with its own rule, 5 % and 10 % of 1,000.00 ---

SLA = """sla:
  metrics:
    - {id: up_web, kind: availability, service: care, scope: [web], schedule: always, target: 99.9%, window: calendar_month, partial_window: prorate, measured_by: {system: probe, evidence: outage_events}}
    - {id: up_mail, kind: availability, service: care, scope: [mail], schedule: always, target: 99.9%, window: calendar_month, partial_window: prorate, measured_by: {system: probe, evidence: outage_events}}
  credits:
    base: {charges: [care]%s}
    rules: [{id: web, metric: up_web, tiers: [{id: t, below: 99.9%%, credit: 5%%}]}, {id: mail, metric: up_mail, tiers: [{id: t, below: 99.9%%, credit: 10%%}]}]
%s"""
TWO = [*outage("o1", "2026-01-10T10:00:00-05:00", "2026-01-10T16:00:00-05:00", "web"), *outage("o2", "2026-01-20T10:00:00-05:00", "2026-01-20T16:00:00-05:00", "mail")]
ONE = outage("o1", "2026-01-10T10:00:00-05:00", "2026-01-10T16:00:00-05:00", "web", "mail")
WEB = outage("o1", "2026-01-10T10:00:00-05:00", "2026-01-10T16:00:00-05:00", "web")


def credit(name, rule, ask, facts, lines, positions, base="", charges=CARE, more=""):
    fork(name, rule, ask, "2026-02-01", facts, [(word, "", YEARS, charge(charges, more + (SLA.replace("99.9%,", "99.9%%,") % (base.replace("{x}", word), "".join(
        f"    {x}\n" for x in lines.replace("{x}", word).split("\n") if x)))), result) for word, result in positions])


credit("FK-14 combine", "R61", reduced, TWO, "combine: {x}", [("sum", "150.00"), ("largest", "100.00"), ("first", "50.00")])
credit("FK-15 same_cause", "R61", reduced, ONE, "same_cause: {x}", [("largest", "100.00"), ("sum", "150.00")])
# January at 1,000.00 failed, February at 1,200.00 gets the credit: 5 % is 50.00 or 60.00.
credit("FK-16 base.of", "R61", reduced, WEB, "", [("month_of_failure", "50.00"), ("month_of_credit", "60.00")], base=", of: {x}",
       charges='{id: care, type: recurring, amount: "1000.00 USD", period: 1mo, schedule: [{id: s, from: "2026-02-01", amount: "1200.00 USD"}]}')
credit("FK-17 apply.to, on the invoice", "R61", reduced, WEB, "apply: {to: {x}}", [("next_invoice", "50.00"), ("credit_note", "0.00"), ("pay", "0.00")])
# 2,000.00 of January and February, 10 % tax: (2,000 - 50) x 1.1 = 2,145.00; damages come after tax: 2,200 - 50.
credit("nature", "R61", field("payable"), WEB, "nature: {x}", [("price_adjustment", "2145.00"), ("liquidated_damages", "2150.00")],
       charges='{id: care, type: recurring, amount: "1000.00 USD", period: 1mo, tax: std}', more="taxes: {categories: [{id: std, code: S, rate: 10%%}]}\n".replace("%%", "%"))
credit("claim.mode", "R61", reduced, WEB, "claim: {mode: {x}, within: 30d}", [("automatic", "50.00"), ("claim", "0.00")])
credit("caps", "R61", reduced, TWO, "caps: [{id: m, per: calendar_month, pct: {x}, of: month_charges}]", [("100%", "150.00"), ("3%", "30.00")])

# --- the account: 1,000.00 of February, invoiced on the 1st, due after 30 days on 3 March, looked at on 2 April, 30 days late ---

ACCOUNT = []
FEBRUARY = 'effective_date: "2026-02-01", initial: 36mo'
FEE = "late_fee: {kind: interest, rate: 12%, per: year, compound: false}"


def account(name, rule, ask, facts, text, positions, runs=1):
    ACCOUNT.append((name, rule, ask, facts, text, positions, runs))


def late(world, contract, numbers):
    run = json.loads(world.must("late-fees", "run", "--contract", contract, "--on", "2026-04-02", "--dry-run", "--json").out)
    return run[0]["amount"] if run else "0.00"


def documents(what):
    def ask(world, contract, numbers):
        told = json.loads(world.must("statement-of-account", "--contract", contract, "--on", "2026-04-02", "--json").out)[0]
        return [d[what] for d in told["documents"]]
    return ask


def said(number, amount=None):
    return [fact("invoice.disputed", "2026-02-10", "client", dispute="D", invoice=number, **({"amount": amount} if amount else {}))]


NOTHING = lambda numbers: []  # noqa: E731


# --- a month after the first invoice, of 1 February: what the next one would say ---

AFTER = []


def after(name, rule, ask, on, term, facts, later, positions):
    AFTER.append((name, rule, ask, on, term, facts, later, positions))


# January's outage becomes known when January is invoiced: 5 % of 1,000.00 on the invoice of March, or on a note of its own.
for name, ask, results in [("FK-17 apply.to, on the invoice", reduced, ("50.00", "0.00", "0.00")), ("FK-17 apply.to, on a note", noted, ("0.00", "50.00", "50.00"))]:
    after(name, "R61, R91", ask, "2026-03-01", YEARS, [], WEB, [
        (word, charge(CARE, SLA.replace("99.9%,", "99.9%%,") % ("", f"    apply: {{to: {word}}}\n")), result)
        for word, result in zip(("next_invoice", "credit_note", "pay"), results)])
# 600.00 for 6 h, one month: 2 h drawn, 4 h left at 100.00 = 400.00 back, or breakage.
after("at_end", "R35", noted, "2026-02-02", 'effective_date: "2026-01-01", initial: 1mo',
      [fact("prepaid.bought", "2026-01-02", order="A", charge="block"), worked("2026-01-06", 120, "a")], [], [
          (word, charge('{id: help, type: time, unit: hour, period: 1mo, price: "120.00 USD"}, {id: block, type: prepaid, '
                        f'amount: "600.00 USD", hours: 6, draws_for: [help], at_end: {word}}}'), result) for word, result in [("refund", "400.00"), ("forfeit", "0.00")]])
# Twenty users were twenty-four all along, 4 x 40.00 = 160.00 more: a line, whoever corrects. Sixteen, 160.00 less: a line of the invoice, or a note.
USERS = '{id: users, type: per_unit, unit: user, count: active_users, period: 1mo, price: "40.00 USD"}'
for name, ask, n, results in [("FK-34 corrections, more", net("users", "2026-01"), 24, ("1120.00", "1120.00")),
                              ("FK-34 corrections, less, on the invoice", net("users", "2026-01"), 16, ("480.00", "640.00")),
                              ("FK-34 corrections, less, on a note", noted, 16, ("0.00", "160.00"))]:
    after(name, "R91", ask, "2026-03-01", YEARS, [users("2026-01-01", 20)], [users("2026-01-01T13:00:00-05:00", n)], [
        (word, charge(USERS, f"invoicing: {{corrections: {word}}}\n"), result) for word, result in zip(("next_invoice", "credit_note"), results)])
# 1,000 x 12 % x 30 / 365 = 9.863; / 360 = 10.00; 2026 has 365 days.
account("FK-27 day_count", "R106", late, NOTHING, "due: 30d, late_fee: {kind: interest, rate: 12%, per: year, compound: false, day_count: {x}}",
        [("actual_365", "9.86"), ("actual_360", "10.00"), ("actual_actual", "9.86")])
# 1,000 x ((1 + 0.12 / 365)^30 - 1) = 9.910
account("FK-27 compound", "R107", late, NOTHING, "due: 30d, late_fee: {kind: interest, rate: 12%, per: year, compound: {x}}", [("false", "9.86"), ("true", "9.91")])
# 12 % a month are 144 % a year: 118.356.
account("late_fee.per", "R107", late, NOTHING, "due: 30d, late_fee: {kind: interest, rate: 12%, per: {x}, compound: false}", [("year", "9.86"), ("month", "118.36")])
account("late_fee.kind", "R108", late, NOTHING, "due: 30d, late_fee: {x}", [("{kind: none}", "0.00"), ("{kind: fixed, amount: \"40.00 USD\"}", "40.00"), (FEE[10:], "9.86")])
# Within 30 days nothing; one day later it would run from the first day.
account("late_fee.grace", "R107", late, lambda n: [fact("payment.received", "2026-04-02", payment="P1", amount="1000", currency="USD")],
        "due: 30d, late_fee: {kind: interest, rate: 12%, per: year, compound: false, grace: {x}}", [("0d", "9.86"), ("29d", "9.86"), ("30d", "0.00")])
# At most 6 % a year: half of it, 4.9315.
account("late_fee.max_per_year", "R107", late, NOTHING, "due: 30d, late_fee: {kind: interest, rate: 12%, per: year, compound: false{x}}", [("", "9.86"), (", max_per_year: 6%", "4.93")])
# 400.00 disputed in time: interest of 600.00 = 5.918, or of all.
account("late_fee.of", "R108", late, lambda n: said(n[0], "400.00"),
        "due: 30d, dispute: {within: 30d, from: invoice_date}, late_fee: {kind: interest, rate: 12%, per: year, compound: false, of: {x}}", [("undisputed", "5.92"), ("all", "9.86")])
# Received on 11 February: due on 13 March.
account("FK-26 payment.from", "R106", documents("due"), lambda n: [fact("invoice.received", "2026-02-11", "client", invoice=n[0])],
        "due: 30d, from: {x}", [("invoice_date", ["2026-03-03"]), ("invoice_received", ["2026-03-13"])])
# Two invoices of 1,000.00; 800.00 names the second.
account("allocation", "R101", documents("open"), lambda n: [fact("payment.received", "2026-03-02", payment="P1", amount="800", currency="USD", reference=n[1], invoice=n[1])],
        "due: 30d, allocation: {x}", [("oldest_first", ["200.00", "1000.00"]), ("as_stated", ["1000.00", "200.00"])], runs=2)
# Disputed on the tenth day: too late after five, and it holds nothing.
account("dispute.within", "R112", documents("disputed"), lambda n: said(n[0], "400.00"), "due: 30d, dispute: {within: {x}, from: invoice_date}", [("30d", ["400.00"]), ("5d", ["0.00"])])

# Covered elsewhere, or not a thing that two previews show.
ELSEWHERE = [
    ("late_items", "facts of the past are recorded late here: tests/unit/engine/test_billing.c"), ("set_off", "tests/unit/engine/test_account.c"),
    ("suspension.counts_disputed", "a right, no amount: tests/unit/engine/test_account_late.c"), ("apply.if_no_invoice", "the last run: tests/unit/engine/test_billing_credits.c"),
    ("early_termination_fee: formula, nature, rebate, mitigation", "tests/unit/engine/test_exit.c"), ("late_fee.kind: statutory, scheme", "tests/unit/engine/test_account_late.c"),
    ("FK-4 to FK-13, FK-29, FK-31 to FK-33", "no money: tests/program/test_worked_*.py"),
]


class Forks:
    def __init__(self, folder):
        self.world = World(folder, "forks", now=NOW)
        self.world.must("init", "forks.tenor", "--provider", "P LLC")
        self.world.must("client", "add", "c", "--name", "C Inc")
        self.n = 0

    def contract(self, contract, term, blocks, facts):
        """Brings one in with its facts; gives its id, or what was refused."""
        self.n += 1
        name = f"F-{self.n}"
        self.world.write("c.yaml", (HEAD.format(id=name, contract=contract, term=term) + blocks).encode())
        run = self.world("contract", "add", "c.yaml", "--client", "c", "--agreed", "2023-12-01T00:00Z")
        if run.returncode != 0:
            return None, run.err
        return name, self.facts(name, facts)

    def facts(self, name, facts):
        if not facts:
            return ""
        self.world.write("f.jsonl", "".join(json.dumps(f) + "\n" for f in facts).encode())
        covers = ["--covers", "2026-01-01..2026-02-01"] if any(f["kind"] == "outage.began" for f in facts) else []
        run = self.world("import", "f.jsonl", "--contract", name, *covers)
        return run.err + ("" if f"{name}: " in run.out else run.out) if run.returncode != 0 else ""


def wanted(name):
    """All of them, or those whose names have an argument of the test in them."""
    return len(sys.argv) == 1 or any(x in name for x in sys.argv[1:])


def previews(forks):
    for name, rule, ask, on, facts, positions in [f for f in FORKS if wanted(f[0])]:
        for word, contract, term, blocks, expected in positions:
            contract, wrong = forks.contract(contract, term, blocks, facts)
            run = contract and forks.world("invoice", "preview", "--contract", contract, "--on", on, "--json")
            got = ask(json.loads(run.out)) if run and run.returncode == 0 else None
            ok(got == expected, f"{name}: {word} gives {expected} ({rule})", f"got {got}", wrong, run.err if run else "", run.out[:1500] if run else "")


def documented(forks):
    """Accounts, and what comes after a first invoice."""
    made = []
    for name, rule, ask, on, term, facts, later, positions in [a for a in AFTER if wanted(a[0])]:
        for word, blocks, expected in positions:
            made.append((name, rule, preview_of(ask, on), lambda n, later=later: later, word, expected, 1, *forks.contract("", term, blocks, facts), []))
    for name, rule, ask, facts, text, positions, runs in [a for a in ACCOUNT if wanted(a[0])]:
        for word, expected in positions:
            blocks = charge('{id: care, type: recurring, amount: "1000.00 USD", period: 1mo}', f"payment: {{{text.replace('{x}', word)}}}\n")
            made.append((name, rule, ask, facts, word, expected, runs, *forks.contract("", FEBRUARY, blocks, []), []))
    for run in (1, 2):  # dates of a series do not descend: all of February first
        for *_, runs, contract, _, numbers in made:
            if contract and runs >= run:
                out = forks.world("invoice", "run", "--contract", contract, "--on", f"2026-0{run + 1}-01", "--json").out
                numbers.extend(number for told in json.loads(out) for number in told["documents"])
    for name, rule, ask, facts, word, expected, runs, contract, wrong, numbers in made:
        sound = contract is not None and len(numbers) == runs
        wrong = wrong or (forks.facts(contract, facts(numbers)) if sound else "no invoice")
        got = ask(forks.world, contract, numbers) if sound else None
        ok(got == expected, f"{name}: {word} gives {expected} ({rule})", f"got {got}", wrong, numbers)


def preview_of(ask, on):
    return lambda world, contract, numbers: ask(json.loads(world("invoice", "preview", "--contract", contract, "--on", on, "--json").out))


def main():
    with tempfile.TemporaryDirectory() as folder:
        forks = Forks(folder)
        previews(forks)
        documented(forks)
    for name, where in ELSEWHERE:
        note(f"not here: {name}: {where}")
    rows = [f[-1] for f in FORKS] + [a[-1] for a in AFTER] + [a[-2] for a in ACCOUNT]
    note(f"{len(rows)} forks in {sum(map(len, rows))} positions; {len(ELSEWHERE)} groups elsewhere")
    done()


if __name__ == "__main__":
    main()
