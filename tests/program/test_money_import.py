#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Facts about money from files and by hand (money.md R23, R43, R47, R97, R100, section 16): what the contract does not have is refused by name,
what happened and is odd is kept and shown, nothing becomes a wrong invoice in silence."""

import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

NOW = "2026-05-10T10:00:00Z"
CHARGES = """  - {id: storage, type: usage, clause: order.fees, name: Backup storage, meter: backup.stored, unit: GiB, price: "0.12 USD", aggregate: max, period: 1mo}
  - {id: users, type: per_unit, clause: order.fees, name: Users, unit: user, count: active_users, count_at: peak, price: "20.00 USD", period: 1mo}
  - {id: licences, type: pass_through, clause: order.fees, name: Licences, markup: 8%, evidence: supplier_invoice}
"""


def start(folder):
    world = World(folder, "acme")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    mark = "\npayment:"
    assert mark in text
    world.write("contract.yaml", text.replace(mark, CHARGES + mark, 1).encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    return world


def lines(world, name, *facts):
    return world.write(name, "".join(json.dumps(f) + "\n" for f in facts).encode())


def usage(number, at, quantity, **more):
    return {"id": number, "kind": "usage.recorded", "occurred_at": at, "meter": "backup.stored", "quantity": quantity, "measure": "GiB", **more}


def paid(number, at, amount, **more):
    return {"id": number, "kind": "payment.received", "occurred_at": at, "payment": number, "amount": amount, "currency": "USD", **more}


APRIL = "2026-04-15T12:00:00Z"

# one fact, the words; every one of them leaves the record as it was
REFUSED = [
    (usage("b1", APRIL, "-3"), "negative quantity: '-3' for 'backup.stored': correct the earlier record instead"),
    (usage("b2", APRIL, "5", meter="backup.strd"), "unknown meter 'backup.strd': the contract has backup.stored"),
    (usage("b3", APRIL, "5", measure="TB"), "unknown unit 'TB' for 'backup.stored': the contract has GiB"),
    (usage("b4", APRIL, "5", currency="EUR"), "usage currency is 'EUR', the contract's is USD"),
    (usage("b5", APRIL, "0.1234567890123456"), "too many decimals: '0.1234567890123456': at most 15"),
    ({"id": "b6", "kind": "units.listed", "occurred_at": "2026-06-11T09:00:00Z", "list": "L", "count": "active_users", "units": ["u-1042", "u-7", "u-1042"]},
     "unit listed twice: 'u-1042' in list of L"),
    ({"id": "b7", "kind": "order.placed", "occurred_at": APRIL, "order": "O", "charge": "licenses", "quantity": 1},
     "unknown charge 'licenses': the contract has licences"),
    ({"id": "b8", "kind": "supplier.invoiced", "occurred_at": APRIL, "supplier_invoice": "S", "charge": "licences", "amount": "5", "currency": "EUR", "rate": "1.0832"},
     "exchange rate has no direction: '1.0832': write 1 EUR = 1.0832 USD"),
    ({"id": "b9", "kind": "supplier.invoiced", "occurred_at": APRIL, "supplier_invoice": "S", "charge": "licences", "amount": "5", "currency": "EUR",
      "rate": "1 EUR = 0.8412 GBP"}, "exchange rate is between EUR and GBP, not EUR and the contract's USD; write 1 EUR = ... USD"),
    ({"id": "b10", "kind": "supplier.invoiced", "occurred_at": APRIL, "supplier_invoice": "S", "charge": "licences", "amount": "5", "currency": "EUR",
      "rate": "1 EUR = 0.123456789012 USD"}, "too many decimals: '0.123456789012': at most 9"),
    (paid("b11", APRIL, "100", currency="EUR"), "payment currency is 'EUR', the contract's is USD: record what the bank credited"),
    (paid("b12", APRIL, "100.005"), "too many decimals: '100.005': USD has 2"),
    (paid("b13", APRIL, "92233720368547759"), "amount too large: '9223372036854775900' minor units"),
    ({"id": "b14", "kind": "pause.agreed", "occurred_at": APRIL, "event": "E", "charge": "users", "from_date": "2026-06-01", "to_date": "2026-06-01"},
     "period is empty: 'users' 2026-06-01 to 2026-06-01: the end must be later"),
    ({"id": "b15", "kind": "work.recorded", "occurred_at": APRIL, "entry": "E", "minutes": 20, "covered": "helpdsk"}, "unknown service 'helpdsk': the contract has"),
    ({"id": "b16", "kind": "index.published", "occurred_at": APRIL, "series": "us_cpi_u", "month": "2025-13", "value": "1"}, "'2025-13' in 'month' is no month"),
]


def refused(world):
    lines(world, "good.jsonl", usage("a-1", "2026-04-02T12:00:00Z", "120.5"))
    world.must("import", "--contract", CONTRACT, "good.jsonl", now=NOW)
    for fact, words in REFUSED:
        run = world("import", "--contract", CONTRACT, lines(world, "bad.jsonl", fact), now=NOW)
        ok(words in run.out and ": 0 facts recorded" in run.out, f"import refuses: {words}", run.out, run.err)
        fields = [f"{k}={','.join(v) if isinstance(v, list) else v}" for k, v in fact.items() if k not in ("id", "kind", "occurred_at")]
        run = world("fact", "add", fact["kind"], *fields, "--contract", CONTRACT, "--at", fact["occurred_at"], now=NOW)
        told = run.err.replace("\n", " ")
        first = words.split(": at most")[0].split("; ")[0].split(": write")[0].split(": correct")[0].split(": USD")[0].split(": the end")[0]
        first = first.replace("list of L", "list of 2026-06-11")
        ok(run.returncode not in (0, 1) and first in told, f"fact add refuses: {first}", run.out, run.err)


def kept(world):
    run = world("import", "--contract", CONTRACT, lines(world, "again.jsonl", usage("a-1", "2026-04-02T12:00:00Z", "121")), now=NOW)
    ok(run.returncode == 1 and "usage id seen with other content: 'a-1': first kept, this one flagged" in run.out, "usage id with other content", run.out)
    world.must("invoice", "release", "--contract", CONTRACT, "--on", "2026-05-01", "--reason", "first_run", now=NOW)
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-05-01", now=NOW)
    late = lines(world, "late.jsonl", usage("a-2", "2026-04-20T12:00:00Z", "130.25"), usage("a-3", "2026-05-02T12:00:00Z", "7"))
    run = world.must("import", "--contract", CONTRACT, late, now=NOW)
    ok("usage for a closed period: 2026-04: goes to the next invoice as a correction (1 record of backup.stored)" in run.out and "2 facts recorded" in run.out,
       "usage for a closed period is kept and shown (R97)", run.out)
    payments = lines(world, "paid.jsonl", paid("P-8", "2026-05-02T10:00:00Z", "100.00", reference="R1"), paid("P-9", "2026-05-02T15:00:00Z", "100.00", reference="R1"),
                     paid("P-10", "2026-05-02T15:00:00Z", "100.00", reference="R2"))
    run = world.must("import", "--contract", CONTRACT, payments, now=NOW)
    ok(run.out.count("may be a duplicate") == 1 and "payment may be a duplicate: 'P-9' equals P-8: confirm or refund" in run.out, "a payment twice (R100)", run.out)
    answer = json.loads(world.must("import", "--contract", CONTRACT, payments, "--json", now=NOW).out)
    ok(answer["recorded"] == 0 and answer["again"] == 3 and answer["duplicate_payments"] == 0, "the same again is no payment", answer)
    account = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--json", now=NOW).out)[0]
    ok(account["ageing"]["unapplied"] == "100.00", "the possible duplicate is unapplied", account["ageing"])
    run = world.must("fact", "add", "usage.recorded", "meter=backup.stored", "quantity=131", "--contract", CONTRACT, "--at", "2026-04-21T12:00:00Z", now=NOW)
    ok("usage for a closed period: 2026-04" in run.out, "by hand as well", run.out)


def many(world):
    """More than a batch: what cannot be is found among what is printed ahead."""
    facts = [usage(f"m-{i}", "2026-05-03T12:00:00Z", f"0.{i + 1:015d}") for i in range(2500)]
    facts[1234]["meter"] = facts[2345]["meter"] = "backup.strd"
    run = world("import", "--contract", CONTRACT, lines(world, "many.jsonl", *facts), now=NOW)
    ok(run.returncode == 1 and "2498 facts recorded, 2 not recorded" in run.out and run.out.count("unknown meter 'backup.strd': the contract has backup.stored") == 2,
       "two among many are refused", run.out, run.err)
    world.must("rebuild", now=NOW)
    bill = json.loads(world.must("invoice", "preview", "--contract", CONTRACT, "--on", "2026-06-01", "--json", now=NOW).out)
    ok("131" in json.dumps(bill), "decimals of 15 places beside whole ones are billed", bill)


def ahead(world):
    """A fact of a day that has not come, by hand or in a file, is taken and said to be so (sla.md R14)."""
    facts = [usage("h-1", "2026-05-10T10:04:00Z", "1"), usage("h-2", "2026-05-10T10:06:00Z", "1"), usage("h-3", "2026-06-02T12:00:00Z", "1"),
             paid("P-20", "2026-05-12T12:00:00Z", "1.00")]
    run = world.must("import", "--contract", CONTRACT, lines(world, "ahead.jsonl", *facts), now=NOW)
    ok("dated in the future: 2 of usage.recorded, the last on 2026-06-02: kept and flagged" in run.out
       and "dated in the future: 1 of payment.received, the last on 2026-05-12" in run.out and "4 facts recorded" in run.out,
       "facts dated after their recording are kept and shown", run.out)
    again = json.loads(world.must("import", "--contract", CONTRACT, "ahead.jsonl", "--json", now=NOW).out)
    ok(again["future"] == 0 and again["again"] == 4, "once", again)
    run = world.must("fact", "add", "unit.added", "unit=u-88", "count=active_users", "--contract", CONTRACT, "--at", "2027-01-01T12:00:00Z", now=NOW)
    ok("dated in the future: 1 of unit.added, the last on 2027-01-01" in run.out, "by hand as well", run.out)
    run = world.must("fact", "withdraw", run.out.split()[2].rstrip(","), "--contract", CONTRACT, now=NOW)
    ok("dated in the future" not in run.out, "what is of today is not", run.out)


def supplied(number, rate, currency="EUR"):
    return {"id": number, "kind": "supplier.invoiced", "occurred_at": APRIL, "supplier_invoice": number, "charge": "licences", "amount": "5", "currency": currency, "rate": rate}


def turned(world):
    """A rate that says a direction, and the wrong one: held against the last known of the pair (R47)."""
    def take(*facts):
        return world.must("import", "--contract", CONTRACT, lines(world, "rates.jsonl", *facts), now=NOW).out

    ok("wrong way round" not in take(supplied("S-1", "1 EUR = 1.0832 USD"), supplied("S-2", "1 USD = 0.9301 EUR")), "the first rates of a pair")
    out = take(supplied("S-3", "1 USD = 1.0832 EUR"))
    ok("exchange rate may be the wrong way round: '1 USD = 1.0832 EUR' of S-3; the last known is 1 USD = 0.9301 EUR: correct it if it is" in out
       and "1 fact recorded" in out, "a reversed rate is kept and shown", out)
    run = world.must("fact", "correct", "S-3", "rate=1 EUR = 1.0840 USD", "--contract", CONTRACT, now=NOW)
    ok("wrong way round" not in run.out, "its correction is held against the one before it", run.out)
    ok("wrong way round" not in take(supplied("S-4", "1 EUR = 1.2500 USD")), "a rate that only moved far is none")
    ok("wrong way round" in take(supplied("S-5", "1 EUR = 0.8000 USD")), "from its own reciprocal it cannot be told")


def units(world):
    """Lists of units: a day in the file, or one told with it, never both."""
    world.write("names.csv", b"count,unit\nactive_users,u-1\nactive_users,u-2\n")
    world.write("dated.csv", b"date,count,unit\n2026-05-20,active_users,u-1\n2026-05-20,active_users,u-2\n2026-05-20,active_users,u-3\n")

    def take(*args):
        return world("units", "import", "--contract", CONTRACT, *args, now="2026-06-01T10:00:00Z")

    for args, words in [(("names.csv",), "no column says the day of the list"), (("dated.csv", "--on", "2026-05-12"), "the file says its days itself"),
                        (("good.jsonl",), "holds usage.recorded, which units import does not take"), ((), "no file of facts is given"),
                        (("good.jsonl", "--on", "2026-05-12"), "the file says its days itself")]:
        run = take(*args)
        ok(run.returncode not in (0, 1) and words in run.err, f"units import {' '.join(args)}: {words}", run.returncode, run.err)
    answer = json.loads(take("names.csv", "--on", "2026-05-12", "--dry-run", "--json").out)
    ok(answer["files"][0]["format"] == "unit_names_csv" and answer["files"][0]["taken"] == 2, "--dry-run tells how it is read", answer)
    first = json.loads(take("names.csv", "--on", "2026-05-12", "--json").out)
    ok(first["recorded"] == 1 and json.loads(take("names.csv", "--on", "2026-05-12", "--json").out)["again"] == 1, "a list is one fact, once", first)
    log = world.must("log", "show", "--contract", CONTRACT, "--json", now=NOW).out
    ok("2026-05-12T04:00:00.000Z" in log, "of the day in the contract's zone", log[-1500:])
    ok(json.loads(take("dated.csv", "--json").out)["recorded"] == 1, "a list that says its day")
    bill = world.must("invoice", "preview", "--contract", CONTRACT, "--on", "2026-06-01", "--json", now="2026-06-01T10:00:00Z").out
    ok(any(n.get("charge") == "users" and n.get("quantity") in ("3", 3) for n in walk(json.loads(bill))), "the peak of both lists is billed",
       [n for n in walk(json.loads(bill)) if n.get("charge") == "users"])
    world.write("twice.csv", b"count,unit\nactive_users,u-1\nactive_users,u-1\n")
    ok("unit listed twice: 'u-1' in list of 2026-05-25" in take("twice.csv", "--on", "2026-05-25", "--dry-run").out, "a unit twice is named")
    world.write("own.map", b"[mapping]\nname = own\nrows = facts\nheader = login\n[columns]\nunits = login\n[dates]\nformat = D/M/YYYY\n[values]\n"
                           b"kind = units.listed\ncount = active_users\n")
    world.write("logins.csv", b"login\nu-1\n")
    run = take("logins.csv", "--map", "own.map", "--on", "2026-05-26")
    ok(run.returncode == 0 and ": 1 fact recorded" in run.out, "a tool's own columns by --map", run.out, run.err)


def walk(node):
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else []:
        yield from walk(child)


def indexes(world):
    """The first value of a month counts, and a month that is not there is named."""
    world.write("cpi.csv", b"Date,Index,Inflation\n2025-09-01,324.800,\n2025-11-01,324.122,0.2\n")

    def take(*args):
        return world("index", "import", "--contract", CONTRACT, *args, now="2026-06-01T10:00:00Z")

    dry = take("cpi.csv", "--dry-run")
    ok(dry.returncode == 0 and "index month missing: us_cpi_u 2025-10" in dry.out and "nothing was recorded" in dry.out, "the missing month is named", dry.out, dry.err)
    answer = json.loads(take("cpi.csv", "--json").out)
    ok(answer["recorded"] == 2 and [(n["code"], n["text"]) for n in answer["files"][0]["notes"]] == [("month.missing", "index month missing: us_cpi_u 2025-10")],
       "to programs as well", answer)
    ok(json.loads(take("cpi.csv", "--json").out)["again"] == 2, "again: nothing changes")
    world.write("revised.csv", b"Date,Index,Inflation\n2025-11-01,324.999,0.2\n")
    run = take("revised.csv")
    ok(run.returncode == 1 and "1 not recorded" in run.out, "a revised value does not replace the first (R57)", run.out)
    run = take("good.jsonl")
    ok(run.returncode == 2 and "which index import does not take" in run.err, "usage is no index", run.err)


INDEXED = """indexation: {clause: order.fees, formula: index, first: "2027-01-01", every: 12mo, index_from: previous_adjustment, multiplicand: current_price,
  index: {series: us_cpi_u, lag: 4mo, if_missing: wait, if_discontinued: agree}, floor: 0%, cap: 5%, notice: 60d, applies_to: [storage]}
"""


def everywhere(folder):
    """Without --contract: each contract takes the series that it names, the others are left alone."""
    world = World(folder, "many")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read().replace("\npayment:", CHARGES + "\npayment:", 1)
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    for number, extra, zone in ((1, INDEXED, "America/New_York"), (2, "", "America/New_York"), (3, INDEXED, "Europe/Berlin")):
        own = text.replace("id: NW-2026", f"id: NW-{number}", 1).replace("timezone: America/New_York", f"timezone: {zone}", 1)
        world.write("c.yaml", own.replace("\npayment:", "\n" + extra + "\npayment:", 1).encode())
        world.must("contract", "add", "c.yaml", "--agreed", "2026-01-01T00:00Z")
    world.write("cpi.csv", b"Date,Index,Inflation\n2025-09-01,324.800,\n2025-11-01,324.122,0.2\n")
    world.write("eci.jsonl", b'{"id":"e1","kind":"index.published","occurred_at":"2026-03-01T00:00:00Z","series":"us_eci","month":"2025-12","value":"170.1"}\n')
    before = world.must("log", "show", "--contract", "NW-2", "--json", now=NOW).out
    dry = world.must("index", "import", "cpi.csv", "--dry-run", now=NOW)
    ok("NW-1 names us_cpi_u: 2 values of the file\nNW-3 names us_cpi_u: 2 values of the file\nnothing was recorded" in dry.out and "NW-2" not in dry.out
       and dry.out.count("index month missing: us_cpi_u 2025-10") == 1, "--dry-run: who would take what", dry.out)
    run = world.must("index", "import", "cpi.csv", now=NOW)
    ok("NW-1: 2 facts recorded\nNW-3: 2 facts recorded\n" in run.out and "NW-2" not in run.out, "every contract that names the series takes it", run.out)
    ok(world.must("log", "show", "--contract", "NW-2", "--json", now=NOW).out == before, "the other is left alone")
    size = json.loads(world.must("index", "import", "cpi.csv", "--json", now=NOW).out)
    ok([(c["contract"], c["recorded"], c["again"]) for c in size["contracts"]] == [("NW-1", 0, 2), ("NW-3", 0, 2)] and len(size["files"]) == 1,
       "the same file again adds nothing", size)
    again = json.loads(world.must("index", "import", "--contract", "NW-3", "cpi.csv", "--json", now=NOW).out)
    ok(again["recorded"] == 0 and again["again"] == 2, "nor does it under --contract", again)
    run = world.must("index", "import", "eci.jsonl", now=NOW)
    ok("no contract names a series of these files: nothing changes" in run.out, "a series that nobody names", run.out)
    run = world("index", "import", "-", now=NOW, stdin=b"x")
    ok(run.returncode == 64 and "standard input is not read for every contract" in run.err, "standard input only with --contract", run.returncode, run.err)
    world.write("revised.csv", b"Date,Index,Inflation\n2025-11-01,324.999,0.2\n")
    run = world("index", "import", "revised.csv", now=NOW)
    ok(run.returncode == 1 and run.out.count("1 not recorded") == 2, "a revised value is refused by each", run.out)
    ok(world("doctor", now=NOW).returncode == 0, "the record is sound")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = start(folder)
        refused(world)
        kept(world)
        many(world)
        ahead(world)
        turned(world)
        units(world)
        indexes(world)
        everywhere(folder)
    done()


main()
