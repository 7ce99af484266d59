#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent second opinion on the arithmetic of money.

Random cases (seed printed; --seed N repeats a run) go to one `tenor calc` process and are answered here by another method: units are
priced one interval at a time with Fraction, periods are walked edge by edge with datetime, 30-day months are counted, splits are
sorted, compound interest is a loop over days with 60 digits. Standard library only.
"""
import argparse
import calendar
import json
import os
import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 60
KINDS = (("rate", 6), ("more", 3), ("prorate", 4), ("periods", 3), ("period", 2), ("split", 2), ("tax", 3), ("gross", 1), ("interest", 3),
         ("compound", 1), ("discount", 2), ("trend", 1), ("index", 1), ("events", 1), ("revenue", 1))
CURRENCIES = (("EUR", 2), ("JPY", 0), ("BHD", 3), ("USD", 2))


def rounded(x, places, mode="half_up"):
    """A Fraction to so many decimals, both signs alike (R83)."""
    sign = -1 if x < 0 else 1
    scaled = abs(x) * 10 ** places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if mode == "half_up" and rest * 2 >= 1:
        whole += 1
    if mode == "half_even" and (rest * 2 > 1 or (rest * 2 == 1 and whole % 2 == 1)):
        whole += 1
    return Fraction(sign * whole, 10 ** places)


def text(x):
    """A Fraction that is a decimal, as text."""
    d = Decimal(x.numerator) / Decimal(x.denominator)
    return format(d.normalize(), "f") if d else "0"


class Source:
    """Random values, in the forms that a case is written in."""

    def __init__(self, seed):
        self.r = random.Random(seed)

    def decimal(self, digits, places):
        n = self.r.randrange(10 ** self.r.randint(1, digits))
        return Fraction(n, 10 ** self.r.randint(0, places))

    def terms(self):
        code, places = self.r.choice(CURRENCIES)
        return {"currency": code, "rounding": self.r.choice(("half_up", "half_even", "down"))}, places

    def money(self, digits, places, least=0):
        return Fraction(self.r.randint(least, 10 ** self.r.randint(1, digits)), 10 ** places)

    def day(self):
        return date(2000, 1, 1) + timedelta(days=self.r.randrange(365 * 60))


# --- rating -------------------------------------------------------------------------------------------------------------------------


def card(s):
    """A rate card as the case writes it."""
    c = {}
    if s.r.random() < 0.3:
        c["price"] = text(s.decimal(7, 4))
    elif s.r.random() < 0.15:
        c["pct"] = text(s.decimal(4, 3))
    else:
        tiers, to, pct = [], Fraction(0), s.r.random() < 0.15
        for i in range(s.r.randint(1, 5)):
            to += s.decimal(3, 2) + 1
            tier = {"up_to": text(to), "pct" if pct else "price": text(s.decimal(6, 4))}
            if s.r.random() < 0.4:
                tier["flat"] = text(s.decimal(5, 2))
            tiers.append(tier)
        del tiers[-1]["up_to"]
        c.update(tiers=tiers, tier_mode=s.r.choice(("graduated", "volume")), tiers_count=s.r.choice(("billable", "all")))
    if s.r.random() < 0.4:
        c["included"] = text(s.decimal(4, 1)) if s.r.random() < 0.8 else "%d/31" % s.r.randrange(4000)
    if s.r.random() < 0.4:
        c.update(block=text(s.decimal(3, 1) + 1), block_rounding=s.r.choice(("up", "exact")))
    return c


def rate(c, quantity):
    """Each interval of (0, end] has the price of the tier it lies in; included units cost nothing."""
    included = min(Fraction(c.get("included", 0)), quantity)
    units = quantity - included
    block = Fraction(c["block"]) if "block" in c else Fraction(1)
    if "block" in c and c["block_rounding"] == "up":
        units = -(-units // block) * block
    if "tiers" not in c:
        price = Fraction(c["price"]) if "price" in c else Fraction(c["pct"]) / 100
        return units / block * price, units
    start = included if c["tiers_count"] == "all" else Fraction(0)
    end, total, below = start + units, Fraction(0), Fraction(0)
    share = 100 if "pct" in c["tiers"][0] else 1
    for i, t in enumerate(c["tiers"]):
        up = Fraction(t["up_to"]) if "up_to" in t else max(end, below)
        price = Fraction(t.get("pct", t.get("price"))) / share
        here = end <= up
        if c["tier_mode"] == "volume":
            if here:
                return units / block * price + Fraction(t.get("flat", 0)), units
        elif i == 0 or end > below:
            cuts = max(Fraction(0), min(end, up) - max(start, below))
            total += cuts / block * price + Fraction(t.get("flat", 0))
        if here:
            return total, units
        below = up
    raise AssertionError("the last tier is open")


def quantity(s):
    if s.r.random() < 0.2:
        n, d = s.r.randrange(100000), s.r.choice((28, 29, 30, 31, 365))
        return "%d/%d" % (n, d), Fraction(n, d)
    q = s.decimal(6, 3)
    return text(q), q


def case_rate(s):
    terms, places = s.terms()
    c, (written, q) = card(s), quantity(s)
    exact, units = rate(c, q)
    return dict(kind="rate", quantity=written, **c, **terms), {"exact": exact, "billed": units,
                                                               "amount": rounded(exact, places, terms["rounding"])}


def case_more(s):
    terms, places = s.terms()
    c, (written, q) = card(s), quantity(s)
    before = q * s.r.randint(0, 8) / 8
    exact = rate(c, q)[0] - rate(c, before)[0]
    as_text = "%d/%d" % (before.numerator, before.denominator)
    return dict(kind="rate", quantity=written, before=as_text, **c, **terms), {"exact": exact,
                                                                              "amount": rounded(exact, places, terms["rounding"])}


def case_events(s):
    terms, places = s.terms()
    pct, fixed, low = s.decimal(4, 3), s.decimal(3, 2), s.decimal(3, 2)
    high = low + s.decimal(4, 2)
    bases = [s.decimal(6, 2) for _ in range(s.r.randint(1, 6))]
    exact = sum(min(high, max(low, fixed + b * pct / 100)) for b in bases)
    return dict(kind="rate_events", pct=text(pct), fixed=text(fixed), min=text(low), max=text(high), bases=[text(b) for b in bases],
                **terms), {"exact": exact, "amount": rounded(exact, places, terms["rounding"])}


# --- periods ------------------------------------------------------------------------------------------------------------------------


def months_on(start, k):
    n = start.year * 12 + start.month - 1 + k
    year, month = n // 12, n % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


LENGTHS = (("1mo", 1, 0), ("2mo", 2, 0), ("3mo", 3, 0), ("6mo", 6, 0), ("1y", 12, 0), ("12mo", 12, 0), ("1w", 0, 7), ("5mo", 5, 0),
           ("30d", 0, 30), ("2w", 0, 14), ("2y", 24, 0))


def grid(s):
    """The written grid, and its edges around any date, walked from a far one."""
    written, months, days = s.r.choice(LENGTHS)
    calendar_fits = written in ("1mo", "2mo", "3mo", "6mo", "1y", "12mo", "1w")
    start = s.day()
    anchor = s.r.choice(("calendar", "anniversary")) if calendar_fits else "anniversary"
    first = start
    if anchor == "calendar":
        first = date(1999, 1, 1) if months else start - timedelta(days=start.weekday())

    def around(d):
        if days:
            from_ = first + (d - first) // timedelta(days=days) * timedelta(days=days)
            return from_, from_ + timedelta(days=days)
        k = (d.year - first.year + 1) * 12 // months + 2
        while months_on(first, k * months) > d:
            k -= 1
        return months_on(first, k * months), months_on(first, (k + 1) * months)

    return {"period": written, "anchor": anchor, "start": start.isoformat()}, months, around


def months_of_30(full, months, own):
    """Counted by month: a whole month is 30 days, the last piece takes the rest."""
    def before(d):
        if d >= full[1]:
            return 30 * months
        count, at = 0, full[0]
        while (at.year, at.month) < (d.year, d.month):
            count += 30
            at = date(at.year + at.month // 12, at.month % 12 + 1, 1)
        return min(count + min(d.day, 30) - min(full[0].day, 30), 30 * months)

    return before(own[1]) - before(own[0]), 30 * months


def weight(full, months, own, how):
    if how == "days_30" and months:
        return months_of_30(full, months, own)
    if how == "none":
        return 1, 1
    return (own[1] - own[0]).days, (full[1] - full[0]).days


def case_period(s):
    g, _, around = grid(s)
    on = s.day()
    from_, to = around(on)
    return dict(kind="period", on=on.isoformat(), **g), {"from": from_.isoformat(), "to_exclusive": to.isoformat(), "days": (to - from_).days}


def case_periods(s):
    g, months, around = grid(s)
    how = s.r.choice(("actual_days", "days_30", "none"))
    from_ = s.day()
    to = from_ + timedelta(days=s.r.randrange(1, 800))
    covered = sorted((from_ + timedelta(days=s.r.randrange(900)) for _ in range(2)))
    cover = s.r.random() < 0.4
    want, d = [], from_
    while d < to:
        full = around(d)
        days = [full[0] + timedelta(days=i) for i in range((full[1] - full[0]).days)]
        own = [x for x in days if from_ <= x < to and not (cover and covered[0] <= x < covered[1])]
        while own:
            n = 1
            while n < len(own) and own[n] == own[0] + timedelta(days=n):
                n += 1
            piece = own[0], own[n - 1] + timedelta(days=1)
            count, of = weight(full, months, piece, how)
            want.append({"from": piece[0].isoformat(), "to_exclusive": piece[1].isoformat(), "days": count, "of": of})
            own = own[n:]
        d = full[1]
    case = {"kind": "periods", "from": from_.isoformat(), "to": to.isoformat(), "prorate": how, **g}
    if cover:
        case["covered"] = [[x.isoformat() for x in covered]]
    return case, {"periods": want}


def case_prorate(s):
    terms, places = s.terms()
    g, months, around = grid(s)
    how = s.r.choice(("actual_days", "days_30", "none"))
    full = around(s.day())
    a, b = sorted(s.r.sample(range((full[1] - full[0]).days + 1), 2))
    own = full[0] + timedelta(days=a), full[0] + timedelta(days=b)
    price, q = s.decimal(8, 4), s.decimal(4, 3)
    days, of = weight(full, months, own, how)
    share = Fraction(days, of)
    case = {"kind": "prorate", "price": text(price), "quantity": text(q), "from": own[0].isoformat(), "to": own[1].isoformat(), "prorate": how,
            **g, **terms}
    if s.r.random() < 0.2:
        case["fraction_scale"] = s.r.randint(0, 9)
        share = rounded(share, case["fraction_scale"])
    exact = price * q * share
    return case, {"days": days, "of": of, "exact": exact, "amount": rounded(exact, places, terms["rounding"])}


def case_revenue(s):
    terms, places = s.terms()
    total, from_ = s.money(8, places), s.day()
    to = from_ + timedelta(days=s.r.randrange(1, 700))
    want, end, before = [], from_, Fraction(0)
    while end < to:
        end = min(to, months_on(end.replace(day=1), 1))
        so_far = rounded(total * (end - from_).days / (to - from_).days, places, terms["rounding"])
        want.append(so_far - before)
        before = so_far
    return {"kind": "revenue", "total": text(total), "from": from_.isoformat(), "to": to.isoformat(), **terms}, {"months": want}


# --- sums ---------------------------------------------------------------------------------------------------------------------------


def share_out(total, weights, places):
    """Largest remainder, ties to the first."""
    unit = Fraction(1, 10 ** places)
    exact = [total * w / sum(weights) / unit for w in weights]
    parts = [x.numerator // x.denominator for x in exact]
    order = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:int(total / unit) - sum(parts)]:
        parts[i] += 1
    return [p * unit for p in parts]


def case_split(s):
    terms, places = s.terms()
    total = s.money(9, places)
    weights = [s.decimal(4, 2) for _ in range(s.r.randint(1, 9))]
    if not any(weights):
        weights[0] = Fraction(1)
    return dict(kind="split", total=text(total), weights=[text(w) for w in weights], **terms), {"parts": share_out(total, weights, places)}


def tax_lines(s, places):
    rates = [("S", Fraction(19)), ("S", Fraction(7)), ("S", Fraction(55, 10)), ("E", Fraction(0)), ("AE", Fraction(0))]
    return [(s.money(7, places, -500 if s.r.random() < 0.2 else 0),) + s.r.choice(rates) for _ in range(s.r.randint(1, 8))]


def case_tax(s):
    terms, places = s.terms()
    lines, groups = tax_lines(s, places), {}
    for amount, category, pct in lines:
        groups[category, pct] = groups.get((category, pct), 0) + amount
    taxes = [rounded(net * pct / 100, places, terms["rounding"]) for (_, pct), net in groups.items()]
    net = sum(a for a, _, _ in lines)
    case = dict(kind="tax", lines=[{"amount": text(a), "category": c, "pct": text(p)} for a, c, p in lines], **terms)
    return case, {"groups": [{"net": n, "tax": t} for n, t in zip(groups.values(), taxes)], "net": net, "tax": sum(taxes),
                  "gross": net + sum(taxes)}


def case_gross(s):
    terms, places = s.terms()
    terms["rounding"] = "half_up"
    pct = s.r.choice((Fraction(19), Fraction(7), Fraction(20), Fraction(55, 10)))
    lines = [s.money(6, places) for _ in range(s.r.randint(1, 7))]
    gross = sum(lines)
    tax = rounded(gross * pct / (100 + pct), places)
    net, unit = gross - tax, Fraction(1, 10 ** places)
    exact = [x * 100 / (100 + pct) / unit for x in lines]
    parts = [x.numerator // x.denominator for x in exact]
    order = sorted(range(len(lines)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[:int(net / unit) - sum(parts)]:
        parts[i] += 1
    case = dict(kind="tax", prices_include_tax=True, lines=[{"amount": text(x), "pct": text(pct)} for x in lines], **terms)
    return case, {"tax": tax, "net": net, "line_nets": [p * unit for p in parts]}


def case_discount(s):
    terms, places = s.terms()
    left = [s.money(7, places, 1) for _ in range(s.r.randint(1, 6))]
    lines, steps, want = [text(x) for x in left], [], []
    for _ in range(s.r.randint(1, 3)):
        if s.r.random() < 0.7:
            pct = min(s.decimal(3, 2), Fraction(100))
            steps.append({"pct": text(pct)})
            amount = rounded(sum(left) * pct / 100, places, terms["rounding"])
        else:
            amount = s.money(7, places)
            steps.append({"amount": text(amount)})
            amount = min(amount, sum(left))
        parts = share_out(amount, left, places) if amount else [Fraction(0)] * len(left)
        left = [x - p for x, p in zip(left, parts)]
        want.append({"amount": amount, "parts": parts})
    return dict(kind="discount", lines=lines, steps=steps, **terms), {"steps": want, "left": left, "net": sum(left)}


# --- interest, index, trend ---------------------------------------------------------------------------------------------------------


def case_interest(s):
    """Day by day, at the rate of the day, on what is open that day."""
    terms, places = s.terms()
    amount, due = s.money(9, places, 1), s.day()
    until = due + timedelta(days=s.r.randrange(500))
    basis = s.r.choice(("actual_365", "actual_360", "actual_actual"))
    paid = sorted((due + timedelta(days=s.r.randrange(-5, 500)), s.money(8, places, 1)) for _ in range(s.r.randint(0, 3)))
    changes = sorted({due + timedelta(days=s.r.randrange(-100, 500)) for _ in range(s.r.randint(1, 3))})
    rates = [(d, s.decimal(4, 3)) for d in changes]
    open_, exact, d = amount, Fraction(0), due
    days = {}
    while d < until:
        d += timedelta(days=1)
        left = open_ - sum(a for on, a in paid if on < d)
        pct = ([r for from_, r in rates if from_ <= d] or [rates[0][1]])[-1]
        year = 360 if basis == "actual_360" else 366 if basis == "actual_actual" and calendar.isleap(d.year) else 365
        if left > 0:
            days[left * pct / year] = days.get(left * pct / year, 0) + 1
    exact = sum(x * n for x, n in days.items()) / 100
    case = dict(kind="interest", amount=text(amount), due=due.isoformat(), until=until.isoformat(), day_count=basis,
                paid=[{"on": on.isoformat(), "amount": text(a)} for on, a in paid],
                rates=[{"from": d.isoformat(), "pct": text(r)} for d, r in rates], **terms)
    return case, {"exact": Fraction(exact), "interest": rounded(Fraction(exact), places, terms["rounding"])}


def case_compound(s):
    """A loop over days with 60 digits; a payment takes from what is open, the interest so far goes on bearing interest."""
    terms, places = s.terms()
    amount, due = s.money(11, places, 1), s.day()
    days = s.r.randrange(1, 1200)
    pct = s.decimal(5, 3) % 40
    paid = sorted((s.r.randrange(1, 1200), s.money(9, places, 1)) for _ in range(s.r.randint(0, 2)))
    open_, interest = Decimal(amount.numerator) / amount.denominator, Decimal(0)
    growth = Decimal(pct.numerator) / pct.denominator / 36500
    for d in range(1, days + 1):
        left = max(Decimal(0), open_ - sum(Decimal(a.numerator) / a.denominator for on, a in paid if on < d))
        if left == 0:
            break  # with nothing open nothing more accrues
        interest += (left + interest) * growth
    case = dict(kind="interest", compound=True, amount=text(amount), due=due.isoformat(), until=(due + timedelta(days=days)).isoformat(),
                rate=text(pct), paid=[{"on": (due + timedelta(days=on)).isoformat(), "amount": text(a)} for on, a in paid], **terms)
    return case, {"interest": rounded(Fraction(interest), places, terms["rounding"])}


def case_index(s):
    terms, _ = s.terms()
    value, base = s.decimal(5, 3) + 1, s.decimal(5, 3) + 1
    places, floor, cap = s.r.randint(0, 6), s.r.randint(-5, 2), s.r.randint(3, 12)
    ratio = rounded(value / base, places)
    applied = min(max(ratio, 1 + Fraction(floor, 100)), 1 + Fraction(cap, 100))
    decimals = s.r.randint(0, 4)
    price = rounded(s.decimal(6, 4), decimals)
    written = "%.*f" % (decimals, 0) if price == 0 else format(Decimal(text(price)).quantize(Decimal(1).scaleb(-decimals)), "f")
    return dict(kind="index", value=text(value), base=text(base), ratio_decimals=places, floor=floor, cap=cap, prices=[written],
                **terms), {"ratio": ratio, "applied": applied, "prices": [rounded(price * applied, decimals, terms["rounding"])]}


def middle(values):
    v = sorted(values)
    n = len(v)
    return v[n // 2] if n % 2 else (v[n // 2 - 1] + v[n // 2]) / 2


def case_trend(s):
    terms, places = s.terms()
    months = [s.money(7, places) for _ in range(s.r.randint(3, 12))]
    n, ahead = len(months), s.r.randint(1, 6)
    slope = Fraction(0)
    if n >= 6:
        slope = middle([(months[k] - months[i]) / (k - i) for i in range(n) for k in range(i + 1, n)])
    start = middle([y - slope * x for x, y in enumerate(months, 1)])
    above = sorted(y - start - slope * x for x, y in enumerate(months, 1))
    residual = max(Fraction(0), above[-(-9 * n // 10) - 1])
    p50 = [max(Fraction(0), start + slope * (n + k)) for k in range(1, ahead + 1)]
    shown = [rounded(x, places, terms["rounding"]) for x in p50]
    return dict(kind="trend", months=[text(m) for m in months], ahead=ahead, **terms), {
        "slope": slope, "residual": residual, "p50": shown, "p90_sum": sum(rounded(x + residual, places, terms["rounding"]) for x in p50)}


# --- comparing ----------------------------------------------------------------------------------------------------------------------


def same(got, want):
    if isinstance(want, dict):
        return isinstance(got, dict) and all(k in got and same(got[k], v) for k, v in want.items())
    if isinstance(want, list):
        return isinstance(got, list) and len(got) == len(want) and all(same(g, w) for g, w in zip(got, want))
    if isinstance(want, str):
        return got == want
    return isinstance(got, (str, int)) and Fraction(got) == want


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tenor", default=os.environ.get("TENOR", "build/dev/tenor"))
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("TENOR_SEED") or random.SystemRandom().randrange(10 ** 9)))
    options = parser.parse_args()
    print("# money oracle: %d cases, --seed %d" % (options.count, options.seed))
    s = Source(options.seed)
    names = [name for name, share in KINDS for _ in range(share)]
    cases, wants, kinds = [], [], []
    for i in range(options.count):
        kinds.append(s.r.choice(names))
        case, want = globals()["case_" + kinds[-1]](s)
        cases.append(json.dumps({"id": str(i), **case}))
        wants.append(want)
    run = subprocess.run([options.tenor, "calc"], input="\n".join(cases) + "\n", capture_output=True, text=True, check=False)
    lines = run.stdout.splitlines()
    wrong, counts = {}, {}
    for i, want in enumerate(wants):
        got = json.loads(lines[i]) if i < len(lines) else {}
        counts[kinds[i]] = counts.get(kinds[i], 0) + 1
        if got.get("id") != str(i) or not same(got.get("expect"), want):
            wrong.setdefault(kinds[i], []).append((cases[i], got, want))
    print("1..%d" % len(KINDS))
    for n, (name, _) in enumerate(KINDS, 1):
        bad = wrong.get(name, [])
        print("%s %d - %s: %d cases agree" % ("not ok" if bad else "ok", n, name, counts.get(name, 0) - len(bad)))
        for case, got, want in bad[:3]:
            print("# case %s\n# got  %s\n# want %s" % (case, json.dumps(got), want))
    sys.exit(1 if wrong or len(lines) != len(cases) else 0)


if __name__ == "__main__":
    main()
