#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
tenor restate over issued invoices (money.md R17, R91 to R98): late usage, corrected units, work taken back, a late outage, usage told too
late; each in both positions of invoicing.corrections, with the amounts worked out by hand. Then the next `invoice run`, whose documents have
to carry exactly what was told, and a restatement after it, which has nothing left to tell.
"""

import csv
import io
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import World
from test_money_forks import HEAD, SLA, YEARS, charge, fact, in_cents, outage, used, users, worked

NOW = "2026-03-01T17:00:00Z"
CHARGES = ('{id: care, type: recurring, name: Care, amount: "1000.00 USD", period: 1mo, bill: advance}, '
           '{id: users, type: per_unit, name: Seats, unit: user, count: active_users, period: 1mo, price: "40.00 USD"}, '
           '{id: gas, type: usage, name: Storage, meter: gib, unit: GiB, period: 1mo, price: "2.00 USD"}, '
           '{id: help, type: time, name: Help, unit: hour, period: 1mo, price: "120.00 USD", increment: 15min}, '
           '{id: loyal, type: discount, name: Loyal, pct: 10%, applies_to: [users]}')
# January: 20 x 40.00 = 800.00 less 80.00; 100 x 2.00 = 200.00; 2.5 h x 120.00 = 300.00.
JANUARY = [users("2026-01-01", 20), used("2026-01-10", 100), worked("2026-01-06T10:00:00-05:00", 60, "e1"), worked("2026-01-07T10:00:00-05:00", 90, "e2", "T-2")]
# 50 GiB told late: +100.00. Sixteen seats, not twenty: -160.00, and 16.00 of the discount. 90 minutes taken back: -180.00. Six hours down: 5 % of 1,000.00.
TAKEN_BACK = JANUARY[3]["id"]
LATE = [used("2026-01-20", 50), users("2026-01-01T13:00:00-05:00", 16)]
DOWN = outage("o1", "2026-01-10T10:00:00-05:00", "2026-01-10T16:00:00-05:00", "web")


def expected(less):
    """By (what, charge): issued, now, difference, what follows."""
    return {("charge", "gas"): ("200.00", "300.00", "100.00", {"next_invoice": "100.00"}),
            ("charge", "users"): ("800.00", "640.00", "-160.00", {less: "-160.00"}),
            ("discount", "loyal"): ("-80.00", "-64.00", "16.00", {less: "16.00"}),
            ("charge", "help"): ("300.00", "120.00", "-180.00", {less: "-180.00"}),
            ("credit", "web"): ("0.00", "-50.00", "-50.00", {"next_invoice": "-50.00"})}


class Case:
    def __init__(self, folder, name, invoicing):
        self.world = World(folder, name, now="2026-02-01T17:00:00Z")
        self.id = "R-1"
        sla = SLA.replace("99.9%,", "99.9%%,") % ("", "")
        self.world.write("c.yaml", (HEAD.format(id=self.id, contract="", term=YEARS) + charge(CHARGES, f"invoicing: {{{invoicing}}}\n" + sla)).encode())
        self.world.must("init", "r.tenor", "--provider", "P LLC")
        self.world.must("client", "add", "c", "--name", "C Inc")
        self.world.must("contract", "add", "c.yaml", "--client", "c", "--agreed", "2023-12-01T00:00Z")
        self.world.must("user", "add", "ben", "--role", "contract-manager")

    def tell(self, facts, *more, now=None):
        self.world.write("f.jsonl", "".join(json.dumps(f) + "\n" for f in facts).encode())
        run = self.world("import", "f.jsonl", "--contract", self.id, *more, now=now)
        if run.returncode not in (0, 1):
            raise RuntimeError(run.err)

    def run(self, on, now):
        """Documents of a run, let go out first where the account is parked."""
        self.world("invoice", "release", "--contract", self.id, "--on", on, "--reason", "looked_at", now=now)
        told = json.loads(self.world.must("invoice", "run", "--contract", self.id, "--on", on, "--json", now=now).out)
        return [json.loads(self.world.must("invoice", "show", n, "--json", now=now).out) for t in told for n in t["documents"]]

    def restate(self, *more, now=NOW):
        return self.world("restate", "--contract", self.id, *more, now=now)

    def money(self, *more, now=NOW):
        return json.loads(self.restate("--json", *more, now=now).out)["money"]


def rows(money):
    return {(x["what"], x["charge"]): (x["issued"], x["now"], x["difference"], x["follows"]) for x in money["lines"]}


def sums(money, way):
    return {key: in_cents(row[3][way]) for key, row in rows(money).items() if way in row[3]}


def carried(documents, kind):
    """What documents of a kind carry of January, by (what, charge): lines and, negative, reductions; a credit note the other way round."""
    sign, out = (1 if kind == "invoice" else -1), {}
    for d in (d for d in documents if d["kind"] == kind):
        for x in d["lines"]:
            if x["item"].startswith("2026-01-01") and (kind == "credit_note" or x["role"] == "correction"):
                out["charge", x["charge"]] = out.get(("charge", x["charge"]), 0) + sign * in_cents(x["net"])
        for x in d.get("reductions", []):
            if x.get("month") == "2026-01" or x.get("item", "").startswith("2026-01-01"):
                key = ("credit" if x["kind"] == "credit" else "discount", x["charge"])
                out[key] = out.get(key, 0) - sign * in_cents(x["amount"])
    return out


def both_positions(folder):
    for word, less in (("next_invoice", "next_invoice"), ("credit_note", "credit_note")):
        case = Case(folder, word, f"corrections: {word}")
        case.tell(JANUARY)
        first = case.run("2026-02-01", "2026-02-01T17:00:00Z")
        number = first[0]["number"]
        before = case.restate(now="2026-02-02T17:00:00Z")
        ok(before.returncode == 0 and "Issued invoices stand" in before.out, f"{word}: nothing came late, and it says so", before.out, before.err)
        case.tell(LATE, now="2026-02-10T17:00:00Z")
        case.tell(DOWN, "--covers", "2026-01-01..2026-02-01", now="2026-02-10T17:00:00Z")
        taken = case.world.must("fact", "withdraw", TAKEN_BACK, "--contract", case.id, "--json", now="2026-02-11T17:00:00Z")
        waits = case.money("--on", "2026-02-12", now="2026-02-12T17:00:00Z")
        ok(("charge", "help") not in rows(waits), f"{word}: taking back counts once a second person agrees", rows(waits))
        case.world.must("fact", "approve", json.loads(taken.out)["id"], "--contract", case.id, "--as", "ben", now="2026-02-12T18:00:00Z")
        money = case.money("--on", "2026-03-01")
        wanted = expected(less)
        ok(rows(money) == wanted, f"{word}: each amount by hand", rows(money), wanted)
        ok(money["corrections"] == word and money["difference"] == "-274.00", f"{word}: the rule and the sum", money["corrections"], money["difference"])
        ok({x.get("document") for x in money["lines"] if x["what"] != "credit"} == {number}, f"{word}: names the invoice", money["lines"])
        shown(case, word, less)
        documents = case.run("2026-03-01", NOW)
        for kind, way in (("invoice", "next_invoice"), ("credit_note", "credit_note")):
            ok(carried(documents, kind) == sums(money, way), f"{word}: the run's {kind} carries exactly that", carried(documents, kind), sums(money, way))
        after = case.money("--on", "2026-03-01", now="2026-03-02T17:00:00Z")
        ok(after["lines"] == [], f"{word}: after the run nothing is left", after["lines"])


def shown(case, word, less):
    table = list(csv.DictReader(io.StringIO(case.restate("--format", "csv", "--on", "2026-03-01").out)))
    got = {(x["what"], x["charge"]): (x["issued"], x["now"], x["difference"], {x["follows"]: x["amount"]}) for x in table}
    ok(got == expected(less), f"{word}: the same as csv", table)
    text = case.restate("--width", "140", "--on", "2026-03-01").out
    ok("ISSUED INVOICES" in text and "−180.00" in text and "Storage" in text, f"{word}: as text", text)
    ok(("credit note at once" in text) == (word == "credit_note"), f"{word}: tells the contract's rule", text)
    for lang, words in (("de", "Ausgestellte Rechnungen"), ("fr", "Factures émises")):
        page = case.restate("--format", "html", "--lang", lang, "--on", "2026-03-01")
        ok(page.returncode == 0 and words in page.out, f"{word}: a page in {lang}", page.err)
    ok(case.money("--month", "2026-02", "--on", "2026-03-01")["lines"] == [], f"{word}: no amount of another month")
    then = case.money("--known-as-of", "2026-02-05T00:00Z", "--on", "2026-02-05")
    ok(then["lines"] == [], f"{word}: known as of before, nothing had changed", then["lines"])


def too_late(folder):
    """late_items: 20d. January's usage told on 10 February may be billed, that of 25 February may not (R97); what lowers never lapses."""
    case = Case(folder, "late", "corrections: next_invoice, late_items: 20d")
    case.tell(JANUARY)
    case.run("2026-02-01", "2026-02-01T17:00:00Z")
    case.tell([used("2026-01-20", 50)], now="2026-02-10T17:00:00Z")
    case.tell([used("2026-01-21", 25), users("2026-01-01T13:00:00-05:00", 16)], now="2026-02-25T17:00:00Z")
    money = case.money("--on", "2026-03-01")
    got = rows(money)
    ok(got.get(("charge", "gas")) == ("200.00", "350.00", "150.00", {"next_invoice": "100.00", "waived": "50.00"}), "late_items: part is billed, part waived", got)
    ok(got.get(("charge", "users")) == ("800.00", "640.00", "-160.00", {"next_invoice": "-160.00"}), "late_items: a reduction never lapses", got)
    documents = case.run("2026-03-01", NOW)
    ok(carried(documents, "invoice") == sums(money, "next_invoice"), "late_items: the run bills exactly that", carried(documents, "invoice"), got)
    left = rows(case.money("--on", "2026-03-01", now="2026-03-02T17:00:00Z"))
    ok(left == {("charge", "gas"): ("300.00", "350.00", "50.00", {"waived": "50.00"})}, "late_items: what was waived stays told", left)


def without(folder):
    case = Case(folder, "without", "corrections: next_invoice")
    for more in ((), ("--format", "csv")):
        run = case.restate(*more)
        ok(run.returncode == 66 and "nothing was issued yet" in run.err, f"restate {' '.join(more)}: nothing to restate", run.returncode, run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        both_positions(folder)
        too_late(folder)
        without(folder)
    done()


if __name__ == "__main__":
    main()
