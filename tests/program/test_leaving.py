#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
A contract that ends before its time (money.md R10, R17, R120 to R125): a notice of termination in the record stops the charges on its day,
brings the fee that `tenor quote-exit` named for that day onto the last invoice, gives back what was billed beyond it, and is proved by a
bundle. Every amount is worked out by hand. With a clause that asks no fee, by the provider's notice, and with a notice that is taken back.
"""

import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import World
from test_money_forks import HEAD, YEARS, fact, in_cents

# 36 months from 2026-01-01. Notice on 2026-05-31 and 60 days, the last of them 2026-07-30: the first day without the contract is 2026-07-31.
# July: 1,000.00 x 30/31 = 967.74. Unexpired whole months from 2026-07-31 to 2028-12-31: 29. Fee 50 % x 29 x 1,000.00 = 14,500.00.
# Set-up 3,600.00 x 29/36 = 2,900.00. In all 17,400.00.
TERMS = """charges:
  - {id: setup, type: one_time, name: Set-up, amount: "3600.00 USD", due: effective_date}
  - {id: care, type: recurring, name: Care, amount: "1000.00 USD", period: 1mo, bill: advance}
early_termination_fee:
  triggers: [client_convenience]
  formula: pct_of_remaining
  average_over: 12mo
  of: [care]
  steps: [{id: y1, from_month: 1, pct: 50%%}]
  plus: [unamortised_setup]
termination: {convenience: [{id: c, by: client, notice: 60d%s}, {id: p, by: provider, notice: 30d}], partial: {allowed: false}}
"""
FEE = ", fee: early_termination"


class Case:
    def __init__(self, folder, name, fee=FEE):
        self.world = World(folder, name, now="2026-01-01T17:00:00Z")
        self.world.write("c.yaml", (HEAD.format(id="L-1", contract="", term=YEARS) + TERMS % fee).encode())
        self.world.must("init", "l.tenor", "--provider", "P LLC")
        self.world.must("client", "add", "c", "--name", "C Inc")
        self.world.must("contract", "add", "c.yaml", "--client", "c", "--agreed", "2023-12-01T00:00Z")
        self.world.must("user", "add", "alice", "--role", "signer", "--contract", "L-1")
        self.world.must("user", "add", "carl", "--role", "it-lead", "--role", "signer", "--contract", "L-1", "--as", "alice")

    def tell(self, facts, now):
        """Each party tells its own notice."""
        self.world.write("f.jsonl", "".join(json.dumps(f) + "\n" for f in facts).encode())
        run = self.world("import", "f.jsonl", "--contract", "L-1", *(["--as", "alice"] if facts[0]["party"] == "client" else []), now=now)
        if run.returncode != 0:
            raise RuntimeError(run.out + run.err)

    def run(self, on):
        now = f"{on}T17:00:00Z"
        self.world("clock", "accept", now=now)
        self.world("invoice", "release", "--contract", "L-1", "--on", on, "--reason", "looked_at", now=now)
        told = json.loads(self.world.must("invoice", "run", "--contract", "L-1", "--on", on, "--json", now=now).out)
        return [json.loads(self.world.must("invoice", "show", n, "--json", now=now).out) for t in told for n in t["documents"]]

    def months(self, first, last):
        return [d for m in range(first, last + 1) for d in self.run(f"2026-{m:02}-01")]

    def quote(self, on, now):
        return json.loads(self.world.must("quote-exit", "--contract", "L-1", "--on", on, "--json", now=now).out)

    def preview(self, on):
        return json.loads(self.world("invoice", "preview", "--contract", "L-1", "--on", on, "--json", now=f"{on}T18:00:00Z").out)


def lines(documents, charge):
    sign = {"credit_note": -1}
    return sum(sign.get(d["kind"], 1) * in_cents(x["net"]) for d in documents for x in d["lines"] if x["charge"] == charge)


def parts(documents):
    return {x["part"]: x["net"] for d in documents for x in d["lines"] if x["role"] == "exit"}


def notice(at="2026-05-31", party="client", **more):
    return fact("notice.given", at, party, event="N-1", notice="termination", **more)


def in_time(folder):
    case = Case(folder, "in-time")
    case.months(1, 6)
    asked = case.quote("2026-07-31", "2026-06-02T12:00:00Z")
    ok(asked["total"] == "17400.00", "quote-exit names the fee for the day", asked)
    case.tell([notice()], "2026-06-03T12:00:00Z")
    july = case.run("2026-07-01")
    ok(lines(july, "care") == 96774, "July is billed up to the last day of the contract", july)
    ok(parts(july) == {}, "no fee before the day has come")
    last = case.run("2026-07-31")
    ok(parts(last) == {"formula": "14500.00", "unamortised_setup setup": "2900.00"}, "the fee is on the invoice of the day, in its parts", last)
    ok(lines(last, "early_termination_fee") == in_cents(asked["total"]), "the same as was quoted")
    ok(lines(last, "care") == 0 and case.run("2026-08-01") == [] and case.run("2026-12-01") == [], "nothing is charged after it, and the fee once")
    shown = case.world.must("invoice", "show", last[0]["number"], "--explain", str(last[0]["lines"][0]["number"]), now="2026-08-02T12:00:00Z")
    ok("29" in shown.out and "50" in shown.out, "the line explains itself", shown.out)
    case.world.must("export", "bundle", "--contract", "L-1", "--month", "2026-07", "-o", "l.tnb", now="2026-12-02T12:00:00Z")
    proved = case.world("verify", "l.tnb", "--trust-bundle-keys", now="2026-12-02T12:00:00Z")
    ok(proved.returncode == 0, "a bundle proves every document", proved.out, proved.err)
    return case


def taken_back(folder):
    case = Case(folder, "taken-back")
    case.months(1, 6)
    told = notice()
    case.tell([told], "2026-06-03T12:00:00Z")
    case.run("2026-07-01")
    case.run("2026-07-31")
    taken = case.world.must("fact", "withdraw", told["id"], "--contract", "L-1", "--json", "--as", "alice", now="2026-08-02T12:00:00Z")
    case.world.must("fact", "approve", json.loads(taken.out)["id"], "--contract", "L-1", "--as", "carl", now="2026-08-02T13:00:00Z")
    back = case.run("2026-08-03")
    ok(lines(back, "early_termination_fee") == -1740000, "a notice taken back gives the fee back", back)
    ok(lines(back, "care") == 3226 + 100000, "and the rest of July and August are charged", back)


def told_late(folder):
    case = Case(folder, "late")
    case.months(1, 8)
    case.tell([notice()], "2026-08-05T12:00:00Z")
    late = case.run("2026-08-06")
    ok(lines(late, "care") == -(3226 + 100000), "what was billed beyond the day comes back (R17, R125)", late)
    ok(lines(late, "early_termination_fee") == 1740000, "whatever the fee", late)


def without_fee(folder):
    case = Case(folder, "no-fee", fee="")
    case.months(1, 6)
    case.tell([notice()], "2026-06-03T12:00:00Z")
    after = case.months(7, 9)
    ok(lines(after, "care") == 96774 and parts(after) == {}, "a clause without a fee ends the charges and asks none", after)

    case = Case(folder, "provider")
    case.months(1, 6)
    case.tell([notice(party="provider")], "2026-06-03T12:00:00Z")
    after = case.months(7, 9)
    # 30 days after 2026-05-31, the last of them 2026-06-30
    ok(lines(after, "care") == 0 and parts(after) == {}, "the provider's own notice asks the client for nothing", after)


def day_named(folder):
    case = Case(folder, "named")
    case.months(1, 6)
    case.tell([notice(date="2026-07-01")], "2026-06-03T12:00:00Z")
    # 30 whole months are left: 15,000.00; set-up 3,600.00 x 30/36 = 3,000.00
    last = case.months(7, 8)
    ok(parts(last) == {"formula": "15000.00", "unamortised_setup setup": "3000.00"}, "a notice may name its day", last)
    other = Case(folder, "other")
    other.months(1, 6)
    other.tell([fact("notice.given", "2026-06-01", "client", event="N-1", notice="non_renewal")], "2026-06-03T12:00:00Z")
    ok(lines(other.months(7, 8), "care") == 200000, "any other notice ends nothing")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for part in (in_time, taken_back, told_late, without_fee, day_named):
            part(folder)


main()
done()
