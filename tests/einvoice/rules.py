#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Business rules of EN 16931 and Peppol BIS 3, and A1 to A6 of money.md R154, over e-invoices of either syntax: rules.py FILE...

A rule is a function of a document that says whether it holds; `only` says where it applies, `breaks` makes a sound document break it, which
tests/program/test_einvoice.py does with each. Official tolerances (BR-CO-17, BR-S-8, BR-S-9) are as official; A1 to A6 have none."""

import os
import re
import sys
from decimal import ROUND_HALF_UP, Decimal, localcontext
from types import SimpleNamespace

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import document  # noqa: E402

RULES = []
ZERO = Decimal(0)
EXEMPT = {"Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O"}  # category: word in the ids of its rules
PEPPOL = "urn:fdc:peppol.eu:2017:poacc:billing"


def rule(name, holds, breaks, only=lambda d: True, base="S"):
    RULES.append(SimpleNamespace(name=name, holds=holds, breaks=breaks, only=only, base=base))


def round2(value):
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def put(**values):
    """A break: sets fields of the document; `seller__vat` is one of the seller's, `lines__net` of the first line."""
    def change(d):
        for key, value in values.items():
            *path, last = key.split("__")
            at = d
            for step in path:
                at = getattr(at, step)
                at = at[0] if isinstance(at, list) else at
            setattr(at, last, value(getattr(at, last)) if callable(value) else value)
    return change


def cent(x):
    return x + Decimal("0.01")


def of(x):
    return x or ZERO


def charges(d, charge):
    return [x for x in d.allowances if x.charge == charge]


def categories(d):
    return {x.category for x in d.lines + d.allowances + d.taxes}


# --- what must be there: BR-1 to BR-65 ---

rule("BR-01", lambda d: d.guideline, put(guideline=None))
rule("BR-02", lambda d: d.number, put(number=None))
rule("BR-03", lambda d: re.fullmatch(r"\d{4}-\d\d-\d\d.*", d.date or ""), put(date=None))
rule("BR-04", lambda d: d.type, put(type=None))
rule("BR-05", lambda d: re.fullmatch("[A-Z]{3}", d.currency or ""), put(currency=None))
rule("BR-06", lambda d: d.seller.name, put(seller__name=None))
rule("BR-07", lambda d: d.buyer.name, put(buyer__name=None))
rule("BR-08", lambda d: d.seller.address, put(seller__address=False))
rule("BR-09", lambda d: d.seller.country, put(seller__country=None))
rule("BR-10", lambda d: d.buyer.address, put(buyer__address=False))
rule("BR-11", lambda d: d.buyer.country, put(buyer__country=None))
for name, field in (("BR-12", "sum_lines"), ("BR-13", "net"), ("BR-14", "gross"), ("BR-15", "payable")):
    rule(name, lambda d, field=field: getattr(d, field) is not None, put(**{field: None}))
rule("BR-16", lambda d: d.lines, put(lines=[]))
for name, field in (("BR-21", "id"), ("BR-22", "quantity"), ("BR-23", "unit"), ("BR-24", "net"), ("BR-25", "name"), ("BR-26", "price")):
    rule(name, lambda d, field=field: all(getattr(x, field) is not None for x in d.lines), put(**{"lines__" + field: None}))
rule("BR-27", lambda d: all(of(x.price) >= 0 for x in d.lines), put(lines__price=Decimal(-1)))
rule("BR-28", lambda d: all(of(x.gross_price) >= 0 for x in d.lines), put(lines__gross_price=Decimal(-1)))
rule("BR-29", lambda d: not (d.start and d.end) or d.start <= d.end, put(start="2026-07-02", end="2026-07-01"))
rule("BR-30", lambda d: all(not (x.start and x.end) or x.start <= x.end for x in d.lines), put(lines__start="2026-07-02", lines__end="2026-07-01"))
for first, charge in ((31, False), (36, True)):
    which = 0 if not charge else 1
    spoil = lambda which, **values: lambda d: put(**values)(SimpleNamespace(a=d.allowances[which]))
    rule(f"BR-{first}", lambda d, c=charge: all(x.amount is not None for x in charges(d, c)), spoil(which, a__amount=None))
    rule(f"BR-{first + 1}", lambda d, c=charge: all(x.category for x in charges(d, c)), spoil(which, a__category=None))
    rule(f"BR-{first + 2}", lambda d, c=charge: all(x.reason or x.code for x in charges(d, c)), spoil(which, a__reason=None, a__code=None))
    word = "21" if not charge else "22"
    rule(f"BR-CO-{word}", lambda d, c=charge: all(x.reason or x.code for x in charges(d, c)), spoil(which, a__reason=None, a__code=None))
rule("BR-41", lambda d: all(x.amount is not None for y in d.lines for x in y.allowances), put(lines__allowances__amount=None), base="line allowance")
rule("BR-42", lambda d: all(x.reason or x.code for y in d.lines for x in y.allowances), put(lines__allowances__reason=None), base="line allowance")
for name, field in (("BR-45", "base"), ("BR-46", "tax"), ("BR-47", "category")):
    rule(name, lambda d, field=field: all(getattr(x, field) is not None for x in d.taxes), put(**{"taxes__" + field: None}))
rule("BR-48", lambda d: all(x.rate is not None or x.category == "O" for x in d.taxes), put(taxes__rate=None))
rule("BR-49", lambda d: all(d.means), put(means=[None]))
rule("BR-55", lambda d: all(d.preceding), put(preceding=[None]))
rule("BR-57", lambda d: d.delivered_to is None or re.fullmatch("[A-Z1]{2}", d.delivered_to), put(delivered_to="Germany"))
rule("BR-61", lambda d: all(account for code, account in zip(d.means, d.accounts) if code in ("30", "58")), put(means=["58"], accounts=[None]))
rule("BR-62", lambda d: not d.seller.endpoint or d.seller.scheme, put(seller__scheme=None))
rule("BR-63", lambda d: not d.buyer.endpoint or d.buyer.scheme, put(buyer__scheme=None))

# --- how they belong together: BR-CO ---

rule("BR-CO-04", lambda d: all(x.category for x in d.lines), put(lines__category=None))
rule("BR-CO-09", lambda d: all(re.match("[A-Z]{2}", x.vat) for x in (d.seller, d.buyer) if x.vat), put(seller__vat="123456789"))
rule("BR-CO-10", lambda d: of(d.sum_lines) == sum((of(x.net) for x in d.lines), ZERO), put(sum_lines=cent))
rule("BR-CO-11", lambda d: of(d.sum_allowances) == sum((of(x.amount) for x in charges(d, False)), ZERO), put(sum_allowances=cent))
rule("BR-CO-12", lambda d: of(d.sum_charges) == sum((of(x.amount) for x in charges(d, True)), ZERO), put(sum_charges=cent))
rule("BR-CO-13", lambda d: of(d.net) == of(d.sum_lines) - of(d.sum_allowances) + of(d.sum_charges), put(net=cent))
rule("BR-CO-14", lambda d: of(d.tax) == sum((of(x.tax) for x in d.taxes), ZERO), put(tax=cent))
rule("BR-CO-15", lambda d: of(d.gross) == of(d.net) + of(d.tax), put(gross=cent))
rule("BR-CO-16", lambda d: of(d.payable) == of(d.gross) - of(d.prepaid) + of(d.rounding), put(payable=cent))


def near_tax(base, rate, tax):
    """The official test: off by less than 1.00, and no tax where there is no rate."""
    return abs(abs(tax) - round2(abs(base) * of(rate) / 100)) < 1 and (of(rate) != 0 or round(tax) == 0)


rule("BR-CO-17", lambda d: all(near_tax(of(x.base), x.rate, of(x.tax)) for x in d.taxes), put(taxes__tax=lambda x: x + 1))
rule("BR-CO-18", lambda d: d.taxes, put(taxes=[]))
rule("BR-CO-25", lambda d: of(d.payable) <= 0 or d.due or d.terms, put(due=None, terms=None))
rule("BR-CO-26", lambda d: d.seller.identifier or d.seller.registration or d.seller.vat,
     put(seller__identifier=None, seller__registration=None, seller__vat=None))

# --- at most two decimals: BR-DEC ---


def decimals(*values):
    return all(x is None or -x.as_tuple().exponent <= 2 for x in values)


MILLE = Decimal("1.001")
for name, which, field in (("01", 0, "amount"), ("02", 0, "base"), ("05", 1, "amount"), ("06", 1, "base")):
    rule(f"BR-DEC-{name}", lambda d, c=bool(which), field=field: decimals(*(getattr(x, field) for x in charges(d, c))),
         lambda d, which=which, field=field: setattr(d.allowances[which], field, MILLE))
for name, field in (("09", "sum_lines"), ("10", "sum_allowances"), ("11", "sum_charges"), ("12", "net"), ("13", "tax"), ("14", "gross"), ("16", "prepaid"),
                    ("17", "rounding"), ("18", "payable")):
    rule(f"BR-DEC-{name}", lambda d, field=field: decimals(getattr(d, field)), put(**{field: MILLE}))
rule("BR-DEC-19", lambda d: decimals(*(x.base for x in d.taxes)), put(taxes__base=MILLE))
rule("BR-DEC-20", lambda d: decimals(*(x.tax for x in d.taxes)), put(taxes__tax=MILLE))
rule("BR-DEC-23", lambda d: decimals(*(x.net for x in d.lines)), put(lines__net=MILLE))
for name, field in (("24", "amount"), ("25", "base")):
    rule(f"BR-DEC-{name}", lambda d, field=field: decimals(*(getattr(x, field) for y in d.lines for x in y.allowances if not x.charge)),
         put(**{"lines__allowances__" + field: MILLE}), base="line allowance")

# --- by category: BR-S, Z, E, AE, IC (K), G, O ---


def base_of(d, category, rate=None):
    same = lambda x: x.category == category and (rate is None or of(x.rate) == rate)
    return sum((of(x.net) for x in d.lines if same(x)), ZERO) + sum((of(x.amount) * (1 if x.charge else -1) for x in d.allowances if same(x)), ZERO)


def has(category):
    return lambda d: category in categories(d)


def parts(d, category):
    """Lines, allowances, charges of a category, as rules 5 to 7 and 2 to 4 name them."""
    return [x for x in d.lines if x.category == category], [x for x in charges(d, False) if x.category == category], \
           [x for x in charges(d, True) if x.category == category]


def ids_hold(d, category):
    seller = d.seller.vat or d.seller.tax
    if category in ("S", "Z", "E"):
        return seller
    if category == "AE":
        return seller and (d.buyer.vat or d.buyer.registration)
    if category == "K":
        return d.seller.vat and d.buyer.vat
    return d.seller.vat if category == "G" else not d.seller.vat and not d.buyer.vat


for code, word in {"S": "S", **EXEMPT}.items():
    there = has(code)
    own = lambda d, code=code: [x for x in d.taxes if x.category == code]
    # 1: a breakdown for what is there; all but S have exactly one
    rule(f"BR-{word}-01", lambda d, code=code, own=own: len(own(d)) == 1 or (code == "S" and own(d)), put(taxes=[]), there, code)
    no_ids = put(seller__vat="DE123456789") if code == "O" else put(seller__vat=None, seller__tax=None)
    for at in (0, 1, 2):  # 2 to 4: ids for lines, allowances, charges
        rule(f"BR-{word}-0{2 + at}", lambda d, code=code, at=at: not parts(d, code)[at] or ids_hold(d, code), no_ids, there, code)
    rate_holds = {"S": lambda x: of(x) > 0, "O": lambda x: x is None}.get(code, lambda x: x == 0)
    wrong = ZERO if code == "S" else Decimal(7)
    for at, field in enumerate(("lines__rate", "allowances__rate", "charge_rate")):  # 5 to 7: their rates
        change = put(**{field: wrong}) if at < 2 else (lambda d, wrong=wrong: setattr(d.allowances[1], "rate", wrong))
        rule(f"BR-{word}-0{5 + at}", lambda d, code=code, at=at, f=rate_holds: all(f(x.rate) for x in parts(d, code)[at]), change, there, code)
    # 8: the base. S: per rate and, officially, off by less than 1.00
    if code == "S":
        rule("BR-S-08", lambda d: all(abs(x.base - base_of(d, "S", x.rate)) < 1 for x in d.taxes if x.category == "S"),
             put(taxes__base=lambda x: x + 1), there, code)
        rule("BR-S-09", lambda d: all(near_tax(x.base, x.rate, x.tax) for x in d.taxes if x.category == "S"), put(taxes__tax=lambda x: x - 1), there, code)
        rule("BR-S-10", lambda d: all(not x.reason and not x.code for x in d.taxes if x.category == "S"), put(taxes__reason="why"), there, code)
        continue
    rule(f"BR-{word}-08", lambda d, code=code, own=own: all(x.base == base_of(d, code) for x in own(d)), put(taxes__base=cent), there, code)
    rule(f"BR-{word}-09", lambda d, own=own: all(x.tax == 0 for x in own(d)), put(taxes__tax=cent), there, code)
    if code == "Z":
        rule("BR-Z-10", lambda d, own=own: all(not x.reason and not x.code for x in own(d)), put(taxes__reason="why"), there, code)
    else:
        rule(f"BR-{word}-10", lambda d, own=own: all(x.reason or x.code for x in own(d)), put(taxes__reason=None, taxes__code=None), there, code)
rule("BR-IC-11", lambda d: d.delivered or (d.start and d.end), put(delivered=None), has("K"), "K")
rule("BR-IC-12", lambda d: d.delivered_to, put(delivered_to=None), has("K"), "K")
rule("BR-O-11", lambda d: len(d.taxes) == 1, lambda d: d.taxes.append(d.taxes[0]), has("O"), "O")
rule("BR-O-12", lambda d: all(x.category == "O" for x in d.lines), put(lines__category="S"), has("O"), "O")
rule("BR-O-13", lambda d: all(x.category == "O" for x in charges(d, False)), put(allowances__category="S"), has("O"), "O")
rule("BR-O-14", lambda d: all(x.category == "O" for x in charges(d, True)), lambda d: setattr(d.allowances[1], "category", "S"), has("O"), "O")

# --- code lists: BR-CL, of what our documents use ---

rule("BR-CL-01", lambda d: (d.type or "").isdigit(), put(type="invoice"))
rule("BR-CL-17", lambda d: all(x.category in ("S", "Z", "E", "AE", "K", "G", "O", "L", "M") for x in d.taxes), put(taxes__category="X"))
rule("BR-CL-18", lambda d: all(x.category in ("S", "Z", "E", "AE", "K", "G", "O", "L", "M") for x in d.lines), put(lines__category="X"))
rule("BR-CL-22", lambda d: all(not x.code or x.code.upper().startswith("VATEX-") for x in d.taxes), put(taxes__code="because"))
rule("BR-CL-23", lambda d: all(re.fullmatch("[A-Z0-9]{2,3}", x.unit or "") for x in d.lines), put(lines__unit="month"))

# --- Peppol BIS 3, where the document says so ---


def peppol(d):
    return "poacc:billing:3.0" in (d.guideline or "")


def line_exact(x, slack):
    change = sum((of(y.amount) * (1 if y.charge else -1) for y in x.allowances), ZERO)
    with localcontext() as context:
        context.prec = 60
        return abs(round2(of(x.quantity) * of(x.price) / (x.base or 1)) + change - of(x.net)) <= slack


def share_right(x, slack):
    return x.pct is None or (x.base is not None and abs(round2(x.base * x.pct / 100) - of(x.amount)) <= slack)


SLACK = Decimal("0.02")
rule("PEPPOL-EN16931-R001", lambda d: d.profile, put(profile=None), peppol)
rule("PEPPOL-EN16931-R002", lambda d: d.notes <= 1, put(notes=2), peppol)
rule("PEPPOL-EN16931-R003", lambda d: d.buyer_reference or d.order, put(buyer_reference=None, order=None), peppol)
rule("PEPPOL-EN16931-R007", lambda d: re.fullmatch(PEPPOL + r":\d\d:1\.0", d.profile or ""), put(profile=PEPPOL), peppol)
rule("PEPPOL-EN16931-R010", lambda d: d.buyer.endpoint, put(buyer__endpoint=None), peppol)
rule("PEPPOL-EN16931-R020", lambda d: d.seller.endpoint, put(seller__endpoint=None), peppol)
rule("PEPPOL-EN16931-R040", lambda d: all(share_right(x, SLACK) for x in d.allowances), put(allowances__amount=lambda x: x + SLACK + SLACK), peppol)
rule("PEPPOL-EN16931-R041", lambda d: all(x.pct is None or x.base is not None for x in d.allowances), put(allowances__base=None), peppol)
rule("PEPPOL-EN16931-R042", lambda d: all(x.base is None or x.pct is not None for x in d.allowances), put(allowances__pct=None), peppol)
rule("PEPPOL-EN16931-R110", lambda d: all(not (d.start and x.start) or x.start >= d.start for x in d.lines), put(start="2026-07-01", end="2026-07-31"), peppol)
rule("PEPPOL-EN16931-R111", lambda d: all(not (d.end and x.end) or x.end <= d.end for x in d.lines), put(start="2026-01-01", end="2026-06-01"), peppol)
rule("PEPPOL-EN16931-R120", lambda d: all(line_exact(x, SLACK) for x in d.lines), put(lines__net=lambda x: x + SLACK + SLACK), peppol)
rule("PEPPOL-EN16931-R121", lambda d: all(x.base is None or x.base > 0 for x in d.lines), put(lines__base=ZERO), peppol)
rule("PEPPOL-EN16931-R130", lambda d: all(x.base_unit is None or x.base_unit == x.unit for x in d.lines), put(lines__base_unit="DAY"), peppol)

# --- money.md R154: to the cent ---


def tax_exact(d):
    unit = Decimal(1) if d.currency == "JPY" else Decimal("0.01")
    return all(x.base == base_of(d, x.category, of(x.rate)) and x.tax == (x.base * of(x.rate) / 100).quantize(unit, ROUND_HALF_UP) for x in d.taxes)


A_RULES = ("A1", "A2", "A3", "A4", "A5", "A6")
rule("A1", lambda d: all(line_exact(x, 0) for x in d.lines), put(lines__net=cent))
rule("A2", lambda d: all(share_right(x, 0) for x in d.allowances) and of(d.sum_lines) == sum((of(x.net) for x in d.lines), ZERO)
     and of(d.sum_allowances) == sum((of(x.amount) for x in charges(d, False)), ZERO), put(allowances__amount=cent))
rule("A3", lambda d: d.net == of(d.sum_lines) - of(d.sum_allowances) + of(d.sum_charges), put(net=cent))
rule("A4", tax_exact, put(taxes__tax=cent))
rule("A5", lambda d: of(d.tax) == sum((of(x.tax) for x in d.taxes), ZERO) and d.gross == d.net + of(d.tax)
     and d.payable == d.gross - of(d.prepaid) + of(d.rounding), put(payable=cent))
rule("A6", lambda d: (d.type != "381" or d.preceding) and all(x is None or x <= d.date for x in d.preceding_dates) and decimals(d.sum_lines, d.net, d.tax, d.gross, d.payable)
     and ("O" not in categories(d) or (categories(d) == {"O"} and not d.seller.vat and not d.buyer.vat)), put(type="381", preceding=[]))


def holds(one, d):
    """A document too broken for a rule to compute does not hold it."""
    try:
        return bool(one.holds(d))
    except (TypeError, AttributeError):
        return False


def violations(d):
    return [x.name for x in RULES if x.only(d) and not holds(x, d)]


def main():
    bad = 0
    for path in sys.argv[1:]:
        found = violations(document.read(path))
        bad += bool(found)
        print(f"{path}: {' '.join(found) or 'holds'}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
