#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The account at the command line (money.md R90 to R112): payments, refunds, receivables, credit notes, disputes, reminders, late fees; and
every document worked out again from a bundle alone."""

import contextlib
import hashlib
import io
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import CONTRACT, EXAMPLES, NORTHWIND, World

sys.path[:0] = [os.path.join(ROOT, "tests", "oracle"), os.path.join(ROOT, "tests", "fuzz")]

try:
    import bundle_verifier
    import make_bundles
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

FIRST = "INV-2026-00001"
NOW = "2026-05-10T10:00:00Z"
PAYMENT = ("payment: {clause: order.fees, due: 30d, from: invoice_date, late_fee: {kind: interest, rate: 12%, per: year, compound: false, grace: 0d,"
           " max_per_year: 16%, of: undisputed}, dispute: {within: 60d, from: invoice_date, resolve_within: 15d, pay_after: 5d},"
           " dunning: [{id: first, after: 5d, to: client.it_lead}]}")


def start(folder, name="acme"):
    world = World(folder, name)
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    old = "payment: {clause: order.fees, due: 30d, from: invoice_date}"
    assert old in text
    world.write("contract.yaml", text.replace(old, PAYMENT).encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    world.must("user", "add", "ben", "--role", "finance")
    world.must("user", "add", "ana", "--role", "billing", "--contract", CONTRACT)
    world.must("invoice", "release", "--contract", CONTRACT, "--on", "2026-04-01", "--reason", "first_run")
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-04-01")
    return world


def open_of(world, number=FIRST, now=NOW):
    account = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--json", now=now).out)[0]
    return next(d for d in account["documents"] if d["invoice"] == number), account


def payments(world):
    gross = open_of(world)[0]["gross"]
    pay = ("pay", "--contract", CONTRACT, "1000.00", "--date", "2026-05-02", "--ref", "R1", "--as", "ben", "--json")
    first, again = json.loads(world.must(*pay, now=NOW).out), json.loads(world.must(*pay, now=NOW).out)
    ok(not first["again"] and again["again"] and first["entry"] == again["entry"], "pay: the same again changes nothing", first, again)
    ok([(p["invoice"], p["amount"]) for p in first["paid"]] == [(FIRST, "1000.00")], "pay: says what it pays", first)
    second = json.loads(world.must(*pay, "--id", "P2", now=NOW).out)
    ok(second["duplicate"] and second["unapplied"] == "1000.00" and second["paid"] == [], "pay: a possible duplicate pays nothing (R100)", second)
    world.must("refund", "--contract", CONTRACT, "1000.00", "--date", "2026-05-05", now=NOW)
    document, account = open_of(world)
    ok(document["paid"] == "1000.00" and float(document["open"]) == float(gross) - 1000 and account["ageing"]["unapplied"] == "0.00",
       "refund: the duplicate is gone, the rest stays open", document, account["ageing"])
    ok([m["kind"] for m in account["movements"]] == ["invoice", "payment", "payment", "refund"] and
       account["movements"][-1]["balance"] == account["ageing"]["balance"], "statement of account: movements end in the balance", account["movements"])
    rows = json.loads(world.must("receivables", "--json", now=NOW).out)
    ok([r["ageing"] for r in rows] == [account["ageing"]], "receivables: the same ages", rows)
    ok(CONTRACT in world.must("receivables", "--format", "csv", now=NOW).out, "receivables: a table")
    whole, ageing = (world.must("receivables", *more, now=NOW).out for more in ([], ["--ageing"]))
    ok("not due" in ageing and "balance" in whole and "balance" not in ageing and whole.startswith(ageing.rstrip("\n")), "receivables --ageing: by days past due alone", ageing, whole)
    for args, status, words in [
            (("pay", "--contract", CONTRACT, "1.00 EUR", "--date", "2026-05-02"), 2, "payment currency is 'EUR', the contract's is USD"),
            (("pay", "--contract", CONTRACT, "1.001", "--date", "2026-05-02"), 64, "too many decimals: '1.001'"),
            (("pay", "--contract", CONTRACT, "0", "--date", "2026-05-02"), 64, "no amount above zero"),
            (("pay", "--contract", CONTRACT, "1.00", "--date", "2026-06-02"), 64, "a payment of a day that is still ahead"),
            (("pay", "--contract", CONTRACT, "1.00", "--date", "2026-05-02", "--for", "INV-2026-00009"), 66, "no document 'INV-2026-00009'"),
            (("pay", "--contract", CONTRACT, "1.00", "--date", "2026-05-03", "--id", "P2"), 2, "is recorded with another date"),
            (("pay", "--contract", CONTRACT, "1.00", "--date", "2026-05-02", "--purpose", "hat"), 64, "there is no purpose 'hat'"),
            (("pay", "--contract", CONTRACT, "1.00", "--date", "2026-05-02", "--as", "ana"), 64, "MONEY_WRITE"),
            (("statement-of-account",), 64, "whose account is not said"),
            (("receivables", "--client", "nobody"), 66, "no contract of a client 'nobody'")]:
        run = world(*args, now=NOW)
        ok(run.returncode == status and words in run.err, f"{' '.join(args)}: {words}", run.returncode, run.err, run.out)


def credits(world):
    note = ("credit-note", "--invoice", FIRST, "--line", "2")
    run = world.must(*note, "--amount", "100.00", "--reason", "goodwill", now=NOW)
    ok("credit note CN-2026-00001, 100.00 USD" in run.out, "credit-note: below the limit it goes out", run.out)
    run = world(*note, "--amount", "1400.00", "--reason", "goodwill", now=NOW)
    ok(run.returncode == 2 and "credit exceeds the line: '1400.00' of 1480.00, 100.00 already credited" in run.err and "at most 1380.00" in run.err,
       "credit-note: never more than is left (R94)", run.err)
    asked = json.loads(world.must(*note, "--reason", "correction", "--json", now=NOW).out)
    ok(asked["code"] == "second_person" and asked["total"] == "1380.00", "credit-note: above the limit a second person is asked", asked)
    run = world("credit-note", "approve", "--invoice", FIRST, now=NOW)
    ok(run.returncode == 2 and "second_person" in run.err, "credit-note approve: not by whoever asked", run.err)
    run = world.must("credit-note", "approve", "--invoice", FIRST, "--as", "ben", now=NOW)
    ok("credit note CN-2026-00002, 1380.00 USD" in run.out, "credit-note approve: another person lets it go", run.out)
    run = world("credit-note", "approve", "--invoice", FIRST, "--as", "ben", now=NOW)
    ok(run.returncode == 66 and "waits for a second person" in run.err, "credit-note approve: once", run.err)
    for args, words in [(("--line", "1"), "a credit needs a reason"), ((), "what to credit is not said"), (("--void", "--line", "1"), "what to credit")]:
        run = world("credit-note", "--invoice", FIRST, *args, now=NOW)
        ok(run.returncode == 64 and words in run.err, f"credit-note {' '.join(args)}: {words}", run.err)


def disputes(world):
    say = ("dispute-line", FIRST, "3", "--amount", "200.00", "--reason", "double")
    run = world(*say, now=NOW)
    ok(run.returncode == 64 and "MONEY_ACCEPT" in run.err, "dispute-line: the client's side", run.err)
    world.must(*say, "--as", "ana", now=NOW)
    ok("was recorded before" in world.must(*say, "--as", "ana", now=NOW).out, "dispute-line: the same again changes nothing")
    document, account = open_of(world)
    ok(document["disputed"] == "200.00" and account["disputes"][0]["state"] == "open", "dispute-line: held (R112)", document, account["disputes"])
    settle = ("dispute-settle", "--contract", CONTRACT, "--dispute", f"{FIRST}-line-3", "--outcome")
    for args, words in [(("rejected",), "said by the client"), (("upheld", "--as", "ana"), "said by the provider"), (("partly",), "belongs to the outcome"),
                        (("hat",), "upheld, rejected or partly")]:
        run = world(*settle, *args, now=NOW)
        ok(run.returncode in (2, 64) and words in run.err, f"dispute-settle {' '.join(args)}: {words}", run.err)
    for args, words in [(("rejected", "--credit-note", "--as", "ana"), "nothing is given back"), (("upheld", "--line", "3"), "--line is for --credit-note"),
                        (("upheld", "--credit-note", "--line", "2"), "'2' is not the line of the dispute")]:
        run = world(*settle, *args, now=NOW)
        ok(run.returncode == 64 and words in run.err, f"dispute-settle {' '.join(args)}: {words}", run.err)
    world.must(*settle, "rejected", "--as", "ana", now=NOW)
    ok(open_of(world)[1]["disputes"][0]["state"] == "rejected", "dispute-settle: by the side that gives way")


def settled_with_note(folder):
    """dispute-settle --credit-note: the settlement and what it gives back are one entry after the other, or neither is there (R112, R93)."""
    world = start(folder, "settled")
    log = lambda: world.must("log", "show", "--contract", CONTRACT, "--json", now=NOW).out.count('"kind"')
    for line, amount in (("1", "200.00"), ("2", None)):
        world.must("dispute-line", FIRST, line, *(("--amount", amount) if amount else ()), "--reason", "double", "--as", "ana", now=NOW)
    world.must("dispute-line", FIRST, "--amount", "10.00", "--reason", "sum", "--as", "ana", now=NOW)
    before = log()

    def settle(line, outcome, *args):
        return world("dispute-settle", "--contract", CONTRACT, "--dispute", f"{FIRST}-line-{line}", "--outcome", outcome, "--credit-note", *args, now=NOW)

    run = settle("0", "upheld")
    ok(run.returncode == 64 and "names no line" in run.err, "a dispute about an amount: from which line is asked", run.err)
    run = settle("1", "partly", "--amount", "5000000.00")
    ok(run.returncode == 2 and "credit exceeds the line" in run.err and log() == before, "what cannot be credited is not settled either", run.err, log(), before)
    run = settle("1", "partly", "--amount", "60.00", "--as", "ben")
    ok(run.returncode == 0 and "credit note CN-2026-00001, " in run.out and log() == before + 2, "settled and credited at once", run.out, run.err, log(), before)
    entries = [e for e in world.must("log", "show", "--contract", CONTRACT, now=NOW).out.splitlines() if "  provider " in e or "  client " in e]
    ok("invoice.dispute_settled" in entries[-2] and "invoice_issued" in entries[-1] and entries[-2].split()[1] == entries[-1].split()[1], "in this order, at one time", entries[-2:])
    run = settle("1", "partly", "--amount", "60.00")
    ok(run.returncode == 2 and "was settled before" in run.err, "once", run.err)
    alone = world.must("dispute-settle", "--contract", CONTRACT, "--dispute", f"{FIRST}-line-1", "--outcome", "partly", "--amount", "60.00", "--as", "ben", now=NOW)
    ok("was recorded before" in alone.out, "the fact is the one that is recorded without a note", alone.out)
    run = settle("0", "upheld", "--line", "3")
    ok(run.returncode == 0 and "credit note CN-2026-00002, 10." in run.out, "of the line that is named", run.out, run.err)
    disputes = {d["dispute"]: d for d in open_of(world)[1]["disputes"]}
    ok(disputes[f"{FIRST}-line-1"]["state"] == "partly upheld" or "part" in disputes[f"{FIRST}-line-1"]["state"], "and stands so in the account", disputes)
    world.must("provider", "set", "credit_limit", "1.00", now=NOW)
    size = log()
    run = settle("2", "upheld", "--json")
    ok(run.returncode == 0 and json.loads(run.out)["code"] == "second_person", "above the limit: settled, and the credit waits for a second person", run.out, run.err)
    ok({d["dispute"]: d for d in open_of(world)[1]["disputes"]}[f"{FIRST}-line-2"]["state"] == "upheld" and log() >= size + 2, "the question is recorded with it")
    ok("credit note CN-2026-00003" in world.must("credit-note", "approve", "--invoice", FIRST, "--as", "ben", now=NOW).out, "who lets it go")
    ok(world("doctor", now=NOW).returncode == 0, "the record is sound, documents come out again")


def reminders(world):
    due = json.loads(world.must("dunning", "run", "--dry-run", "--json", now=NOW).out)
    ok([(d["invoice"], d["step"]) for d in due] == [(FIRST, "first")], "dunning run --dry-run: what is due", due)
    letter = world.must("dunning", "run", now=NOW).out
    ok(FIRST in letter and "nothing is due" in world.must("dunning", "run", now=NOW).out, "dunning run: told once (R111)", letter[:300])
    draft = json.loads(world.must("late-fees", "run", "--on", "2026-05-10", "--dry-run", "--json", now=NOW).out)
    run = json.loads(world.must("late-fees", "run", "--on", "2026-05-10", "--json", now=NOW).out)
    ok(len(run) == 1 and run[0]["number"] == "INT-2026-00001" and run[0]["amount"] == draft[0]["amount"] and float(run[0]["amount"]) > 0,
       "late-fees run: an interest note of what --dry-run showed", draft, run)
    ok(json.loads(world.must("late-fees", "run", "--on", "2026-05-10", "--json", now=NOW).out) == [], "late-fees run: once (R106)")
    ok("nothing is due" in world.must("index", "run", "--dry-run", now=NOW).out, "index run: no clause, no adjustment")
    run = world("index", "run", now=NOW)
    ok(run.returncode == 64 and "nothing to run" in run.err, "index run: prices follow by themselves", run.err)


def changed(data, name, old, new):
    """The bundle with one file changed and its list made to fit."""
    files = bundle_verifier.read_tar(data)
    about = json.loads(files.pop("bundle.json"))
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    about["files"] = [{"length": len(files[n]), "name": n, "sha256": hashlib.sha256(files[n]).hexdigest()} for n in sorted(files, key=str.encode)]
    return make_bundles.tar({**files, "bundle.json": make_bundles.canonical(about)})


def second_verifier(data):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        status = bundle_verifier.verify(data, [], True)
    return status, said.getvalue()


def taxed(folder):
    """Tax on lines less a service credit, on an invoice and on the note that takes it back: recomputed by the second verifier."""
    for name, more in (("outside", ""), ("inside", "prices_include_tax: true, ")):
        world = World(folder, name)
        with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
            text = f.read()
        for old, new in (("period: 1mo, bill: advance", "period: 1mo, tax: vat, bill: advance"), ("{id: care, type: recurring, clause: order.fees, name: "
                         "Help desk and server care, amount: \"1480.00 USD\"", "{id: care, type: recurring, clause: order.fees, name: Care, amount: \"1480.33 USD\""),
                         ("\npayment:", "\ntaxes: {" + more + "categories: [{id: vat, code: S, rate: 8.875%, name: Sales tax}]}\n\npayment:")):
            assert old in text, old
            text = text.replace(old, new, 1)
        world.write("contract.yaml", text.encode())
        world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        world.must("client", "add", "northwind", "--name", "Northwind Clinic")
        world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
        world.must("import", "--contract", CONTRACT, *NORTHWIND)
        world.must("invoice", "release", "--contract", CONTRACT, "--on", "2026-04-01", "--reason", "first_run")
        world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-04-01")
        world.must("credit-note", "--invoice", FIRST, "--line", "1", "--amount", "33.33", "--reason", "goodwill", now=NOW)
        world.must("export", "bundle", "--contract", CONTRACT, "--month", "2026-03", "-o", "b.tnb", now=NOW)
        got, said = second_verifier(world.bytes("b.tnb"))
        ok(got == 0 and "documents: passed: 2" in said, f"the second verifier works out the same tax, {name}", said)
        data = world.bytes("b.tnb")
        tax = json.loads(bundle_verifier.read_tar(data)[f"expected/invoice-{FIRST}.json"])["tax"]
        ok(float(tax) > 0, f"there is a tax, {name}", tax)


def proves(world):
    world.must("export", "bundle", "--contract", CONTRACT, "--month", "2026-04", "-o", "april.tnb", now=NOW)
    run = world("verify", "april.tnb", "--trust-bundle-keys", "--json", now=NOW)
    told = json.loads(run.out)
    ok(run.returncode == 0 and told["documents"] == 4 and told["numbers"] > 100,
       "verify: invoice, credit notes and interest note come out again from the bundle alone", run.out, run.err)
    world.write("false.tnb", changed(world.bytes("april.tnb"), f"expected/invoice-{FIRST}.json", b'"1480"', b'"1481"'))
    for name, status, words in (("april.tnb", 0, "documents: passed: 4 are those that entries name"), ("false.tnb", 1, "documents: failed")):
        got, said = second_verifier(world.bytes(name))
        ok(got == status and words in said, f"the second verifier, {name}: {words}", said)
    run = world("verify", "false.tnb", "--trust-bundle-keys", now=NOW)
    ok(run.returncode == 1 and f"invoice-{FIRST}.json' says 1481 at " in run.out and "it is 1480" in run.out, "verify: a changed digit is named", run.out, run.err)
    run = world("doctor", now=NOW)
    ok(run.returncode == 0, "doctor: all as recorded", run.out)
    ok(world("rebuild", "--check", now=NOW).returncode == 0, "rebuild --check: the tables are what the entries make")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = start(folder)
        payments(world)
        credits(world)
        disputes(world)
        reminders(world)
        proves(world)
        taxed(folder)
        settled_with_note(folder)
    done()


main()
