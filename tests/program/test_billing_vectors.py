#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every published billing vector, through `tenor calc`.

TENOR names the program; TENOR_SHARED the folder with vectors/ (default ../shared beside the checkout). A topic is answered in one
of three ways: by one case of a kind (`direct`), by several cases put together here (`adapted`), or not at all, with the reason
(`UNSAID`). Which topics are in the file, and how many cases of each, is checked too.
"""
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import program

TOTAL = 112
# Conventions that no contract of ours can say. Each is a topic or an id, with the reason.
UNSAID = {
    "usage.idempotency": "no arithmetic: a fact's id is taken once by the journal (money.md R43), which its own tests prove",
    "usage.grace": "no arithmetic: which draft a fact joins is the invoice run's question (money.md R9), not tenor calc's",
}


class Asker:
    """Cases are collected by every vector first and answered by one process; an answer may lead to more cases."""

    def __init__(self):
        self.cases, self.answers = [], {}

    def __call__(self, kind, **given):
        case = {k: v for k, v in given.items() if v is not None}
        key = json.dumps([kind, case], sort_keys=True)
        if key in self.answers:
            return self.answers[key]
        self.cases.append({"id": key, "kind": kind, **case})
        raise Pending

    def answer(self):
        lines = "".join(json.dumps(c) + "\n" for c in self.cases)
        run = program.tenor("calc", stdin=lines)
        for line in run.out.splitlines():
            got = json.loads(line)
            self.answers[got["id"]] = got.get("expect", got)
        self.cases = []


class Pending(Exception):
    """A case that is not answered yet."""


ask = Asker()


def number(x):
    return Fraction(str(x))


def same(got, want):
    """Equal by value: numbers by their size, lists and objects by their parts; only what is expected is looked at."""
    if isinstance(want, dict):
        return isinstance(got, dict) and all(k in got and same(got[k], v) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(same(g, w) for g, w in zip(got, want))
    if want is None or isinstance(want, bool):
        return got is want or got == want
    try:
        return number(got) == number(want)
    except (ValueError, ZeroDivisionError):
        return str(got) == str(want)


def tiers(given, price="unit"):
    """Tiers of a vector as tenor calc writes them."""
    out = []
    for t in given["tiers"]:
        to = t["to"] if "to" in t else t["up_to"]
        key = "pct" if price == "rate_pct" else "price"
        out.append({k: v for k, v in {"up_to": to, key: t[price], "flat": t["flat"]}.items() if v is not None})
    return out


def used(g):
    """(before, total) of a quantity that may come on top of others."""
    if "already_used" in g:
        return g["already_used"], g["already_used"] + g["used_now"]
    return None, g["quantity"]


def parts_as(parts, wanted):
    """Parts in the form of a vector's lines: amounts alone, or objects without those of nothing."""
    lines = [p for p in parts if number(p["amount"]) != 0]
    if wanted and not isinstance(wanted[0], dict):
        return [p["amount"] for p in lines]
    out = []
    for p in lines:
        line = {"tier": p["tier"], "kind": p["kind"], "amount": p["amount"], "unit": p["rate"], "quantity": p["quantity"]}
        out.append(line)
    return out


def tier_graduated(g, want):
    before, total = used(g)
    a = ask("rate", tiers=tiers(g), before=before, quantity=total)
    return {"amount": a["exact"], "total": a["exact"], "lines": parts_as(a["parts"], want.get("lines"))}


def tier_volume(g, _):
    a = ask("rate", tiers=tiers(g), tier_mode="volume", quantity=g["quantity"])
    return {"amount": a["exact"], "total": a["exact"]}


def tier_package(g, _):
    before, total = used(g)
    size = g["package_size"]
    price = g.get("package_price", "1")
    a = ask("rate", price=price, block=size, included=g.get("included"), before=before, quantity=total)
    blocks = number(a["billed"]) / size
    was = number(ask("rate", price=price, block=size, quantity=before)["billed"]) / size if before is not None else 0
    return {"amount": a["exact"], "packages": blocks, "packages_now": blocks - was}


def tier_percentage(g, _):
    bases = g.get("transactions")
    if bases is None:
        # The same total in that many events of any size: without bounds only the sum matters.
        bases = [g["total"]] + [0] * (g["event_count"] - 1)
    a = ask("rate_events", pct=g["rate_pct"], fixed=g["fixed_per_event"], min=g.get("per_transaction_min"),
            max=g.get("per_transaction_max"), bases=bases)
    return {"amount": a["exact"]}


def block_graduated(g, _):
    left, lines = g["quantity"], []
    for t in g["tiers"]:
        part = min(left, t["block"] * t["max_blocks"])
        left -= part
        lines.append(ask("rate", price=t["price"], block=t["block"], quantity=part)["exact"])
    return {"lines": lines, "total": sum(map(number, lines))}


def block_volume(g, _):
    end, reached = 0, g["tiers"][-1]
    for t in g["tiers"]:
        end += t["block"] * t["max_blocks"]
        if g["quantity"] <= end:
            reached = t
            break
    return {"total": ask("rate", price=reached["price"], block=reached["block"], quantity=g["quantity"])["exact"]}


def included_quantity(g, want):
    so_far, billed, amounts, taken = 0, [], [], []
    for n in g["usage_by_invoice"]:
        before = ask("rate", price=g["unit_price"], included=g["included"], quantity=so_far)
        after = ask("rate", price=g["unit_price"], included=g["included"], before=so_far, quantity=so_far + n)
        billed.append(number(after["billed"]) - number(before["billed"]))
        amounts.append(after["exact"])
        taken.append(n - billed[-1])
        so_far += n
    return {"billed_quantity": billed, "amounts": amounts, "included_used": taken}


PERIODS = {"month": "1mo", "quarter": "3mo", "year": "1y", "week": "1w", "30_days": "30d"}


def anchor(g, _):
    period = PERIODS[g["interval"]]
    if "count" in g:
        return ask("edge", start=g["start"], period=period, anchor="anniversary", count=g["count"])
    if "to" in g:
        return ask("whole_periods", **{"from": g["from"], "to": g["to"], "period": period})
    if "align" in g:
        a = ask("period", period=period, at=g["billing_at"], tz=g["timezone"], offset=-1)
        return {"from": a["from_at"], "to_exclusive": a["to_exclusive_at"]}
    start = g.get("subscription_at", g.get("start"))
    offset = -1 if g.get("timing") == "arrears" else 0
    return ask("period", start=start, period=period, anchor="anniversary", on=g.get("billing_at", g.get("date")), offset=offset)


def anchor_change(g, _):
    a = ask("periods", **{"period": "1mo", "anchor": "anniversary", "start": g["new_periods"][0][0], "from": g["new_periods"][0][0],
                          "to": g["new_periods"][-1][1], "covered": [g["already_billed"]]})
    lines = []
    for p in a["periods"]:
        amount = ask("prorate", price=g["price"], days=p["days"], of=p["of"])["amount"]
        lines.append({"from": p["from"], "to": p["to_exclusive"], "amount": amount})
    return {"lines": lines}


def prorated(price, **days):
    return ask("prorate", price=price, **days)["amount"]


def proration(g, _):
    days = g.get("days", g.get("billable_days"))
    out = {"amount": prorated(g["price"], days=days, of=g["period_days"])}
    if "from" in g:
        # The days named are those between the dates, and the period is the calendar month.
        out["amount"] = ask("prorate", **{"price": g["price"], "period": "1mo", "from": g["from"], "to": g["to_exclusive"]})["amount"]
        assert (date.fromisoformat(g["to_exclusive"]) - date.fromisoformat(g["from"])).days == days
    return out


def day_count(g, _):
    to = g.get("to", g.get("to_exclusive"))
    a = ask("prorate", **{"price": g.get("price", "0"), "from": g["from"], "to": to, "fixed_month_days": g["fixed_month_days"]})
    return {"days": a["days"], "amount": a["amount"]}


def price_change(g, want):
    if "price" in g:
        return proration(g, want)
    months = []
    for month in range(1, 9):
        at = "2018-%02d-01" % month
        price = [p["price"] for p in g["prices"] if p["from"] <= at][-1]
        months.append(ask("rate", price=price, quantity=g["quantity_per_month"])["amount"])
    return {"months_01_to_08": months}


def trial(g, want):
    if "billable_days" in g:
        return proration(g, want)
    first = (date.fromisoformat(g["start"]) + timedelta(days=g["trial_days"])).isoformat()
    full = ask("period", period="1mo", on=first)
    amount = ask("prorate", **{"price": g["price"], "period": "1mo", "from": first, "to": full["to_exclusive"]})["amount"]
    return {"invoice_date": first, "amount": amount}


def second(g, _):
    return ask("prorate", **{"price": g["price"], "from": g["from"], "to": g["to_exclusive"], "full": g["period"]})


def cycles(g, _):
    on = date.fromisoformat(g["start"])
    on = on.replace(day=g["anchor_day"])
    first = on.isoformat() if on.isoformat() >= g["start"] else ask("edge", start=on.isoformat(), period="1mo", anchor="anniversary",
                                                                     count=1)["date"]
    # A life up to the end of the period that begins on or before the target.
    last = ask("period", start=first, period="1mo", anchor="anniversary", on=g["target"])
    to = max(first, last["to_exclusive"]) if g["target"] >= first else first
    a = ask("periods", **{"start": first, "period": "1mo", "anchor": "anniversary", "from": g["start"], "to": to})
    sums = [ask("prorate", price=1, days=p["days"], of=p["of"], fraction_scale=9)["exact"] for p in a["periods"]]
    return {"cycles": sum(map(number, sums))}


def plan_change(g, _):
    old, new = g["old"], g["new"]
    old = list(old.values()) if isinstance(old, dict) else [old]
    new = list(new.values()) if isinstance(new, dict) else [new]
    rest = {"from": g["change"], "to": g["period"][1], "full": g["period"]}
    lines = ["-" + ask("prorate", price=p, **rest)["amount"] for p in old] + [ask("prorate", price=p, **rest)["amount"] for p in new]
    net = sum(map(number, lines))
    return {"lines": lines, "net": net, "amount_due": max(net, 0), "customer_balance": max(-net, 0)}


def cancel_credit(g, _):
    a = ask("prorate", **{"price": g["price"], "from": g["cancelled"], "to": g["billed"][1], "fixed_month_days": g["fixed_month_days"]})
    return {"lines": [{"kind": "repair", "amount": "-" + a["amount"]}, {"kind": "account_credit", "amount": a["amount"]}]}


def suspension(g, _):
    a = ask("prorate", **{"price": g["price"], "from": g["blocked"][0], "to": g["blocked"][1], "full": g["period"]})
    return {"credit": "-" + a["amount"]}


def prorated_graduated(g, _):
    changes = [{"change": c, "weighted": w} for c, w in zip(g["events"], g["prorated_events"])]
    return ask("rate_running", tiers=tiers(g), changes=changes)


def quantity_change(g, _):
    return {"amounts": [ask("prorate", **{"price": g["unit_price"], "quantity": q, "from": p[0], "to": p[1], "full": p})["amount"]
                        for q, p in zip(g["quantity"], g["periods"])]}


def minimum(g, _):
    a = ask("bounds", lines=[g["usage_now"]], before=g["already_billed"], min=g["minimum"])
    return {"lines": [{"kind": "minimum_true_up", "amount": a["extra"]}]}


def maximum(g, _):
    gross = ask("rate", price=g["unit_price"], quantity=g["used_now"])["amount"]
    before = g.get("already_billed") or ask("rate", price=g["unit_price"], quantity=g["already_used"])["amount"]
    off = "0"
    if "discount_pct" in g:
        off = ask("discount", lines=[gross], steps=[{"pct": g["discount_pct"]}])["steps"][0]["amount"]
    a = ask("bounds", lines=[str(Decimal(gross) - Decimal(off))], before=before, max=g["maximum"])
    return {"gross": gross, "pct_discount": off, "cap_discount": a["cut"], "net": a["net"]}


def commitment(g, _):
    if "commitment" in g:
        share = {}
        if "start" in g:
            days = (date.fromisoformat(g["period_end_exclusive"]) - date.fromisoformat(g["start"])).days
            share = {"days": days, "of": g["full_period_days"]}
        fee = ask("prorate", price=g["fee"], **(share or {"days": 1, "of": 1}))["amount"]
        due = ask("true_up", amount=g["commitment"], counts=[fee], **share)["true_up"]
        return {"true_up": due if number(due) > 0 else None}
    usage = g["usage"] if isinstance(g["usage"], list) else [g["usage"]]
    if "terminated" in g:
        last = (date.fromisoformat(g["terminated"]) + timedelta(days=1)).isoformat()
        a = ask("prorate", **{"price": 1, "from": g["period"][0], "to": last, "full": g["period"]})
        share = {"days": a["days"], "of": a["of"]}
    else:
        share = dict(zip(("days", "of"), g["days"].split("/")))
    a = ask("bounds", lines=usage, min=g["charge_minimum"], **share)
    t = ask("tax", lines=[{"amount": u, "pct": g["vat_pct"]} for u in usage] + [{"amount": a["extra"], "pct": g["vat_pct"]}])
    return {"usage": sum(map(number, usage)), "true_up": a["extra"], "net": t["net"], "vat": t["tax"], "total": t["gross"]}


def credit_note_rounding(g, _):
    days, of = g["unused"].split("/")
    net = prorated(g["price"], days=days, of=of)
    a = ask("credit_note", lines=[{"line": g["price"], "credit": net, "pct": g["vat_pct"]}])
    return {"net": a["net"], "vat": a["tax"], "total": a["total"]}


def credit_note(g, _):
    one, two = g["lines"]
    left = str(Decimal(two) - Decimal(g["coupon_on_line2"]))
    invoice = ask("tax", lines=[{"amount": one, "pct": g["vat_line1_pct"]}, {"amount": left, "pct": 20}])
    a = ask("credit_note", lines=[{"line": two, "discount": g["coupon_on_line2"], "credit": g["credit_line2"], "pct": 20}])
    return {"invoice": {"net": number(one) + number(two), "coupon": g["coupon_on_line2"], "vat": invoice["tax"], "total": invoice["gross"]},
            "credit_note": {"coupon_adjustment": a["discount_back"][0], "net": a["net"], "vat": a["tax"], "total": a["total"]}}


def discount(g, _):
    a = ask("discount", lines=[g["price"]], steps=[{"amount": g["coupon_fixed"]}])
    return {"subtotal": g["price"], "discount": a["steps"][0]["amount"], "total": a["net"]}


def allocation(g, _):
    a = ask("discount", lines=[x["net"] for x in g["lines"]], steps=[{"amount": g["coupon"]}])
    t = ask("tax", lines=[{"amount": n, "pct": x["vat_pct"]} for n, x in zip(a["left"], g["lines"])])
    line_vat = [ask("tax", lines=[{"amount": n, "pct": x["vat_pct"]}])["tax"] for n, x in zip(a["left"], g["lines"])]
    return {"line_discount": a["steps"][0]["parts"], "line_vat": line_vat, "net_after": t["net"], "vat": t["tax"], "total": t["gross"]}


def phases(g, want):
    invoices, k = [], 0
    for phase in g["phases"]:
        for _ in range(phase.get("months", len(want["invoices"]) - k)):
            at = ask("edge", start=g["start"], period="1mo", anchor="anniversary", count=k)["date"]
            invoices.append([at, ask("rate", price=phase["price"], quantity=1)["amount"]])
            k += 1
    return {"invoices": invoices}


def direction(g, _):
    def monthly(plan):
        price, unit = plan.split("/")
        return number(ask("prorate", price=price, days=1, of=12 if unit == "year" else 1)["exact"])

    return {"direction": "upgrade" if monthly(g["new"]) > monthly(g["old"]) else "downgrade"}


def anniversary_year(g):
    """The year from an anniversary such as '29 Jun' in which the change lies."""
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    mday, month = g["anniversary"].split()
    start = date(2020, months.index(month) + 1, int(mday)).isoformat()
    a = ask("period", start=start, period="1y", anchor="anniversary", on=g.get("applied", g.get("change")))
    return [a["from"], a["to_exclusive"]]


def upgrade(g, _):
    price, year = g["new"].split()[0], anniversary_year(g)
    start = "2020-01-" + year[0][8:]
    month = ask("period", start=start, period="1mo", anchor="anniversary", on=g["change"])
    credit = ask("prorate", **{"price": g["old"].split()[0], "from": g["change"], "to": month["to_exclusive"],
                               "full": [month["from"], month["to_exclusive"]]})
    charge = ask("prorate", **{"price": price, "from": g["change"], "to": year[1], "full": year})
    return {"credit_note": credit["amount"], "charge": charge["amount"]}


def downgrade(g, _):
    year = anniversary_year(g)
    a = ask("prorate", **{"price": g["new"].split()[0], "from": g["applied"], "to": year[1], "full": year})
    return {"charge": a["amount"], "period": [g["applied"], year[1]]}


def termination(g, _):
    def local(at):
        a = ask("period", period="1d", anchor="anniversary", start="2020-01-01", at=at.replace("Z", ":00Z"), tz=g["timezone"])
        return a["from"]

    def total(net):
        return ask("tax", lines=[{"amount": net, "pct": g["vat_pct"]}])["gross"]

    first, last = local(g["start"]), local(g["terminated"])
    end = ask("period", period="1mo", on=first)["to_exclusive"]
    stopped = (date.fromisoformat(last) + timedelta(days=1)).isoformat()  # that day is billed
    bill = ask("prorate", **{"price": g["price"], "period": "1mo", "from": first, "to": end})["amount"]
    back = ask("prorate", **{"price": g["price"], "period": "1mo", "from": stopped, "to": end})["amount"]
    return {"invoice_total": total(bill), "credit_note_total": total(back)}


def order(g, _):
    a = ask("settle", lines=[g["subscriptions"], g["usage"]], discount=g["coupons"], pct=g["vat_pct"], credit_notes=g["credit_notes"],
            grant=g["prepaid"])
    return {"subtotal": a["net"], "vat": a["tax"], "total_incl": a["gross"], "due": a["due"]}


def tax(g, _):
    if "net" in g:
        category = "AE" if g["reverse_charge"] else "S"
        a = ask("tax", lines=[{"amount": g["net"], "category": category}])
        return {"vat": a["tax"], "total": a["gross"]}
    a = ask("tax", lines=[{"amount": n, "pct": p} for n, p in g["lines"]])
    return {"vat": [x["tax"] for x in a["groups"]], "total": a["gross"]}


def tax_rounding(g, _):
    net = g.get("net") or ask("rate", price=g["unit_price"], quantity=g["quantity"])["amount"]
    vat = ask("tax", lines=[{"amount": net, "pct": g["vat_pct"]}])["tax"]
    return {"line_net": net, "vat": vat, "line_vat_half_up": vat}


def cpi(g, want):
    a = ask("index", value=g["current_index"], base=g["base_index"], ratio_decimals=3)
    return {"pct_1dp": (number(a["ratio"]) - 1) * 100}


def compensation(g, _):
    a = ask("interest", currency="GBP", amount=g["debt"], rate=0, days=0, scheme="uk_1998")
    return {"compensation": a["fixed"]}


def statutory(g, _):
    def interest(days):
        base = str(Decimal(g["rate_pct"]) - 8)  # the vector gives the rate with the statute's 8 points
        return ask("interest", currency="GBP", amount=g["debt"], rate=base, days=days, day_count="actual_%d" % g["basis"],
                   scheme="uk_1998")

    all_days, one = interest(g["days"]), interest(1)
    return {"interest_rounded_once": all_days["interest"], "interest_daily_rounded": number(one["interest"]) * g["days"],
            "compensation": all_days["fixed"]}


def early(g, _):
    return {"fee": ask("rate", pct=g["pct"], quantity=str(Decimal(g["monthly_fee"]) * g["remaining_months"]))["amount"]}


def prepaid(g, _):
    grants = []
    for x in g["grants"]:
        x = x if isinstance(x, dict) else {"amount": x}
        expires = (date(2026, 1, 1) + timedelta(days=x["expires_days"])).isoformat() if "expires_days" in x else None
        grant = {"quantity": x["amount"], "priority": x.get("priority"), "expires": expires}
        grants.append({k: v for k, v in grant.items() if v is not None})
    a = ask("prepaid", grants=grants, burn="priority", draws=[{"on": "2026-01-01", "quantity": g["usage"]}])
    return {"balances": [x["balance"] for x in a["grants"]], "overage": a["overage"]}


def rollover(g, _):
    a = ask("prepaid", grants=[{"quantity": g["total_before"], "expires": "2026-02-01"}, {"quantity": g["rollover_after_reset"],
                                                                                         "start": "2026-02-01"}],
            draws=[{"on": "2026-01-10", "quantity": g["usage"]}], overage="carry" if g["preserve_overage"] else "bill", until="2026-02-01")
    return {"balance": a["balance"], "overage": a["owed"]}


def expiry(g, _):
    before = {"grants": [{"quantity": g["grant"], "expires": "2026-02-01"}], "draws": [{"on": "2026-01-10", "quantity": g["used"]}]}
    a, b = ask("prepaid", **before), ask("prepaid", until="2026-02-01", **before)
    return {"balance_before_expiry": a["balance"], "breakage_at_expiry": b["grants"][0]["lapsed"]}


def apply(g, _):
    lines, extra = list(g["lines"]), "0"
    if "minimum" in g:
        extra = ask("bounds", lines=lines, min=g["minimum"])["extra"]
        lines.append(extra)
    a = ask("apply", lines=lines, credits=g["credits"])
    return {"due_per_line": a["lines"], "true_up": extra, "due": a["due"]}


def cap(g, _):
    a = ask("settle", lines=g["lines"], pct=g["vat_pct"], grant=g["wallet"])
    return {"net": a["net"], "vat": a["tax"], "total": a["gross"], "credit_applied": number(g["wallet"]) - number(a["grant_left"]),
            "wallet_after": a["grant_left"]}


def progressive(g, _):
    billed, so_far, invoices = "0.00", 0, []
    for e in g["events"]:
        so_far += e["quantity"]
        usage = ask("rate", price=g["unit_price"], quantity=so_far)["amount"]
        if number(usage) >= number(g["threshold"]) and not invoices:
            a = ask("change", pieces=[{"price": g["unit_price"], "quantity": so_far}], billed=billed)
            invoices.append({"day": e["day"], "total": a["amount"]})
            billed = a["total"]
    a = ask("change", pieces=[{"price": g["unit_price"], "quantity": so_far}, {"price": g["fee"]}], billed=billed)
    invoices.append({"day": 31, "gross": a["total"], "progressive_credit": billed, "total": a["amount"]})
    return {"invoices": invoices}


def blocks(g, _):
    return {"amount": ask("rate", price=g["price"], block=g["block"], quantity=g["quantity"])["amount"]}


def late(g, _):
    missing = []
    for p in g["periods"]:
        a = ask("rate", price=g["price"], block=g["block"], quantity=sum(p["usage"]))
        missing.append(number(ask("change", pieces=[{"price": a["exact"]}], billed=p["billed"])["amount"]))
    return {"missing": missing}


def cancel(g, _):
    # The day of the cancellation is billed: readings after it are not of the period.
    end = (date.fromisoformat(g["cancelled"]) + timedelta(days=1)).isoformat()
    readings = [{"on": u["date"], "quantity": u["quantity"]} for u in g["usage"] if u["date"] < end]
    q = ask("aggregate", period=[g["start"], end], readings=readings)["quantity"]
    return {"amount": ask("rate", price=g["price"], block=g["block"], quantity=q)["amount"]}


def br_co_17(g, _):
    a = ask("tax", lines=[{"amount": g["taxable"], "category": "S", "pct": g["pct"]}])
    exact = number(g["taxable"]) * number(g["pct"]) / 100
    return {"exact_half_up": a["tax"], "rule_outcome": "pass" if abs(number(g["stated_vat"]) - exact) < 1 else "fail"}


def en16931(g, want):
    def clean(x):
        return {k: clean_value(v) for k, v in x.items() if v is not None}

    def clean_value(v):
        return [clean(x) for x in v] if isinstance(v, list) else v

    totals = want["totals"]
    a = ask("invoice", currency=g["currency"], lines=[clean(x) for x in g["lines"]],
            document_allowances_charges=[clean(x) for x in g["document_allowances_charges"]], prepaid=totals.get("prepaid"),
            rounding_amount=totals.get("rounding"))
    order_of = {(b["cat"], b["pct"]): i for i, b in enumerate(want["vat_breakdown"])}
    a = dict(a, vat_breakdown=sorted(a["vat_breakdown"], key=lambda b: order_of.get((b["cat"], b["pct"]), 99)))
    return a


def simple(kind, result, **names):
    """One case, its keys renamed, its result under the vector's name."""
    def answer(g, want):
        a = ask(kind, **{ours: g[theirs] for ours, theirs in names.items()})
        return {k: a[result] for k in want}
    return answer


# topic: (how many cases, by one kind or adapted, answer)
DIRECT, ADAPTED = "direct", "adapted"
TOPICS = {
    "anchor": (10, DIRECT, anchor), "anchor.change": (1, ADAPTED, anchor_change), "commitment": (4, ADAPTED, commitment),
    "credit_note": (1, ADAPTED, credit_note), "credit_note.rounding": (1, ADAPTED, credit_note_rounding),
    "day_count": (2, DIRECT, day_count), "discount": (1, DIRECT, discount), "discount.allocation": (1, ADAPTED, allocation),
    "discount.phase": (1, ADAPTED, phases), "early_termination": (1, DIRECT, early), "en16931.br_co_17": (4, DIRECT, br_co_17),
    "en16931.invoice": (9, DIRECT, en16931), "escalation.cpi": (1, DIRECT, cpi), "included_quantity": (1, ADAPTED, included_quantity),
    "invoice.order": (1, DIRECT, order), "late_fee.compensation_uk": (2, DIRECT, compensation),
    "late_fee.statutory_uk": (1, ADAPTED, statutory), "maximum": (2, ADAPTED, maximum), "minimum": (1, DIRECT, minimum),
    "plan_change.direction": (2, ADAPTED, direction), "plan_change.downgrade": (1, ADAPTED, downgrade),
    "plan_change.upgrade": (1, ADAPTED, upgrade), "prepaid": (2, DIRECT, prepaid), "prepaid.apply": (2, ADAPTED, apply),
    "prepaid.cap": (1, DIRECT, cap), "prepaid.expiry": (1, DIRECT, expiry), "prepaid.rollover": (1, DIRECT, rollover),
    "price_change": (2, DIRECT, price_change), "progressive_billing": (1, ADAPTED, progressive), "proration": (5, DIRECT, proration),
    "proration.30_360": (1, DIRECT, day_count), "proration.cancel_credit": (1, DIRECT, cancel_credit),
    "proration.cycles": (2, ADAPTED, cycles), "proration.plan_change": (2, ADAPTED, plan_change),
    "proration.prorated_graduated": (1, DIRECT, prorated_graduated), "proration.second": (1, DIRECT, second),
    "proration.suspension": (1, DIRECT, suspension), "quantity_change": (1, DIRECT, quantity_change), "tax": (2, DIRECT, tax),
    "tax.rounding": (2, ADAPTED, tax_rounding), "termination.advance": (1, ADAPTED, termination),
    "tier.block_graduated": (1, ADAPTED, block_graduated), "tier.block_volume": (2, ADAPTED, block_volume),
    "tier.graduated": (6, DIRECT, tier_graduated), "tier.package": (4, DIRECT, tier_package),
    "tier.graduated_percentage": (1, DIRECT, lambda g, _: {"amount": ask("rate", tiers=tiers(g, "rate_pct"),
                                                                        quantity=g["quantity"])["amount"]}),
    "tier.per_unit": (1, DIRECT, simple("rate", "exact", price="unit_price", quantity="quantity")),
    "tier.percentage": (2, DIRECT, tier_percentage), "tier.volume": (6, DIRECT, tier_volume),
    "topup": (1, DIRECT, simple("rate", "amount", price="rate", quantity="credits")), "trial": (2, DIRECT, trial),
    "unit_conversion": (1, DIRECT, lambda g, _: {
        "amount": ask("rate", price=g["unit_price"], block=g["conversion_divisor"], quantity=g["quantity"])["amount"],
        "billed_quantity": number(ask("rate", price=g["unit_price"], block=g["conversion_divisor"],
                                      quantity=g["quantity"])["billed"]) / g["conversion_divisor"]}),
    "usage.blocks": (2, DIRECT, blocks), "usage.cancel": (1, ADAPTED, cancel), "usage.late": (1, ADAPTED, late),
    "usage.grace": (1, None, None), "usage.idempotency": (1, None, None),
}


def solve(vectors):
    """Asks round by round until every vector has its answer; {id: answer or error}."""
    done = {}
    for _ in range(12):
        waiting = False
        for v in vectors:
            if v["id"] in done:
                continue
            try:
                done[v["id"]] = TOPICS[v["topic"]][2](v["given"], v["expect"])
            except Pending:
                waiting = True
            except (KeyError, TypeError, ValueError) as e:
                done[v["id"]] = {"error": "%s: %s" % (type(e).__name__, e)}
        if not waiting:
            break
        ask.answer()
    return done


def main():
    path = program.shared("vectors/billing.json")
    if path is None:
        program.skip("billing vectors", "the reference data is absent")
        program.done()
    with open(path, encoding="utf-8") as f:
        vectors = json.load(f)["vectors"]
    program.ok(len(vectors) == TOTAL, "the file has %d cases" % TOTAL, len(vectors))
    counts = {}
    for v in vectors:
        counts[v["topic"]] = counts.get(v["topic"], 0) + 1
    program.ok(counts == {t: row[0] for t, row in TOPICS.items()}, "every topic has as many cases as are expected",
               sorted(set(counts.items()) ^ {(t, row[0]) for t, row in TOPICS.items()}))
    asked = [v for v in vectors if v["topic"] in TOPICS and TOPICS[v["topic"]][1] is not None]
    answers, how = solve(asked), {DIRECT: 0, ADAPTED: 0}
    for v in asked:
        got = answers.get(v["id"])
        if program.ok(got is not None and same(got, v["expect"]), "%s %s" % (v["topic"], v["id"]), "got  %s" % got, "want %s" % v["expect"]):
            how[TOPICS[v["topic"]][1]] += 1
    left = [v for v in vectors if v["topic"] in UNSAID]
    for topic, why in UNSAID.items():
        program.note("%s: %s" % (topic, why))
    program.note("%d by one kind, %d put together of several, %d that no contract can say" % (how[DIRECT], how[ADAPTED], len(left)))
    program.ok(len(asked) + len(left) == TOTAL, "no case is left out")
    program.done()


if __name__ == "__main__":
    main()
