#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What leaving costs (money.md R120 to R125) and the provider's books (R140 to R143) at the command line: the fee by hand, files of the ledger
read back by a reader of this test, and by hledger and bean-check where they are there."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

sys.dont_write_bytecode = True
from program import done, ok, skip
from record import CONTRACT, EXAMPLES, World

FEE = ("\nearly_termination_fee: {clause: order.terms, triggers: [client_convenience], formula: pct_of_remaining, average_over: 12mo,"
       " steps: [{id: s1, from_month: 1, pct: 50%}], rebate: {within: 6mo}}")
MONTHS = ("ledger", "export", "--contract", CONTRACT, "--to", "2026-03", "--format")


def start(folder):
    world = World(folder, "acme")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    old = "payment: {clause: order.fees, due: 30d, from: invoice_date}"
    assert old in text
    world.write("contract.yaml", text.replace(old, old + FEE).encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    world.must("user", "add", "ana", "--role", "billing", "--contract", CONTRACT)
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-03-01")
    world.must("pay", "--contract", CONTRACT, "1000.00", "--date", "2026-03-20")
    return world


def leaving(world):
    quote = ("quote-exit", "--contract", CONTRACT, "--on")
    q = json.loads(world.must(*quote, "2026-09-15", "--json").out)
    # month 9; 3 whole months left of the 12; the average of 8 full months at 1,480.00
    ok((q["month"], q["months_left"], q["average"], q["total"]) == (9, 3, "1480", "2220.00"), "quote-exit: 50 % x 3 x 1,480.00 (R120)", q)
    steps = {s["what"]: s["value"] for s in q["lines"][0]["steps"]}
    ok(steps["percent"] == "50" and steps["months_counted"] == 8 and steps["exact"] == "2220", "quote-exit: every input", steps)
    ok(q["end"] == "2027-01-01" and q["staying"] == "5251.61", "quote-exit: 3 months and 16 of 30 days of staying", q)
    back = json.loads(world.must(*quote, "2026-09-15", "--returns", "2026-11-20", "--json").out)
    ok(back["rebate"] == "1480.00" and back["total"] == "740.00", "quote-exit: back after two whole months, 4/6 (R123)", back)
    free = json.loads(world.must(*quote, "2026-09-15", "--reason", "force_majeure", "--json").out)
    ok(not free["due"] and free["total"] == "0.00", "quote-exit: a cause without a fee", free)
    ok(not json.loads(world.must(*quote, "2027-01-01", "--json").out)["due"], "quote-exit: at the end of the term nothing")
    rows = list(csv.DictReader(io.StringIO(world.must(*quote, "2026-09-15", "--format", "csv").out)))
    ok([(r["part"], r["amount"], r["currency"]) for r in rows] == [("formula", "2220.00", "USD")], "quote-exit: a table", rows)
    ok("2,220.00" in world.must(*quote, "2026-09-15", "--format", "html").out, "quote-exit: a page")
    ok(world.must(*quote, "2026-09-15", "--format", "pdf").stdout.startswith(b"%PDF"), "quote-exit: on paper")
    ok("kostet 2.220,00" in world.must(*quote, "2026-09-15", "--lang", "de").out, "quote-exit: in German")
    for args, status, words in [(("2026-09-15", "--reason", "hat"), 64, "there is no cause 'hat'"),
                                (("2026-09-15", "--returns", "2026-09-01"), 64, "--returns is before --on"), (("2026-09-31",), 64, "2026-09-31")]:
        run = world(*quote, *args)
        ok(run.returncode == status and words in run.err, f"quote-exit {' '.join(args)}: {words}", run.returncode, run.err)


def sums_of(rows):
    """CSV rows: balance of each account; every transaction sums to zero."""
    accounts, transactions = {}, {}
    for r in rows:
        accounts[r["account"]] = accounts.get(r["account"], Decimal(0)) + Decimal(r["amount"])
        key = (r["date"], r["document"], r["contract"])
        transactions[key] = transactions.get(key, Decimal(0)) + Decimal(r["amount"])
    return accounts, transactions


def read_journal(text):
    """hledger: sums of accounts, and of each transaction, by this test's own reader."""
    accounts, transactions, declared = {}, [], set()
    for line in text.splitlines():
        if line.startswith("account "):
            declared.add(line.split()[1])
        elif re.match(r"\d{4}-\d\d-\d\d \* \(", line):
            transactions.append(Decimal(0))
        elif line.startswith("    "):
            account, amount, currency = line.split()
            assert currency == "USD" and account in declared, line
            accounts[account] = accounts.get(account, Decimal(0)) + Decimal(amount)
            transactions[-1] += Decimal(amount)
    return accounts, transactions


def books(world):
    rows = list(csv.DictReader(io.StringIO(world.must(*MONTHS, "csv").out)))
    accounts, transactions = sums_of(rows)
    ok(len(transactions) >= 5 and not any(transactions.values()), "ledger export: every transaction balances", transactions)
    account = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--on", "2026-03-31", "--json").out)[0]
    ok(accounts["assets:receivable:northwind"] == Decimal(account["ageing"]["balance"]), "ledger export: receivable is the balance of the account",
       accounts, account["ageing"])
    ok(accounts["assets:bank-clearing"] == 1000 and accounts["revenue:care"] == -3 * 1480, "ledger export: bank, and three months earned", accounts)
    journal = world.must(*MONTHS, "hledger").out
    again, each = read_journal(journal)
    ok(not any(each) and again == accounts, "ledger export: hledger says the same", again, accounts)
    ok(world.must(*MONTHS, "hledger").out == journal, "ledger export: the same bytes again")
    february = list(csv.DictReader(io.StringIO(world.must(*MONTHS, "csv", "--from", "2026-02").out)))
    ok(february == [r for r in rows if r["date"] >= "2026-02-01"] and len(february) < len(rows), "ledger export: from a month on", february)
    for whom in [("--client", "northwind"), ("--all",)]:
        ok(world.must("ledger", "export", *whom, "--to", "2026-03", "--format", "hledger").out == journal, f"ledger export {whom[0]}: the same contract")
    outside(world, journal)


def outside(world, journal):
    world.write("books.journal", journal.encode())
    world.write("books.beancount", world.must(*MONTHS, "beancount").stdout)
    for tool, args in [("hledger", ("-f", "books.journal", "check", "--strict")), ("bean-check", ("books.beancount",))]:
        if shutil.which(tool) is None:
            skip(f"ledger export: {tool}", "it is not installed")
            continue
        run = subprocess.run([tool, *args], cwd=world.folder, capture_output=True, text=True, timeout=600, check=False)
        ok(run.returncode == 0, f"ledger export: {tool}", run.stdout, run.stderr)


def codes(world):
    world.write("codes.txt", b"# the provider's plan\nreceivable = 1400\nrevenue = 4000\nrevenue:care = 4400\n\nbank-clearing=1360\n")
    rows = list(csv.DictReader(io.StringIO(world.must(*MONTHS, "csv", "--accounts", "codes.txt").out)))
    used = {r["account"] for r in rows}
    ok({"1400", "4400", "1360"} <= used and not any("receivable" in a or "care" in a for a in used), "ledger export --accounts: the provider's own codes", used)
    ok(not any(sums_of(rows)[1].values()), "ledger export --accounts: balances as before")
    for text, words in [("receivables = 1", "codes.txt:1:1: there is no account 'receivables'"), ("bank-clearing:x = 1", "has no parts"),
                        ("\nreceivable =", "codes.txt:2:1: the code '' is no account code"), ("receivable = 1:2", "is no account code"),
                        ("tax:vat = 1\ntax:vat = 2", "codes.txt:2:1: the account 'tax:vat' is given twice")]:
        world.write("codes.txt", text.encode())
        run = world(*MONTHS, "csv", "--accounts", "codes.txt")
        ok(run.returncode == 2 and words in run.err, f"ledger export --accounts {text!r}: {words}", run.returncode, run.err)
    for args, status, words in [(("--format", "xls", "--all"), 64, "there is no format 'xls' of ledgers"), (("--format", "csv"), 64, "whose ledger is not said"),
                                (("--format", "csv", "--all", "--client", "northwind"), 64, "whose ledger is not said"),
                                (("--format", "csv", "--all", "--from", "2026-04", "--to", "2026-03"), 64, "--from is after the last month"),
                                (("--format", "csv", "--contract", CONTRACT, "--as", "ana"), 64, "the ledger is the provider's own"),
                                (("--format", "csv", "--contract", "none"), 66, "none"), (("--format", "csv", "--all", "--json"), 64, "no json")]:
        run = world("ledger", "export", *args)
        ok(run.returncode == status and words in run.err, f"ledger export {' '.join(args)}: {words}", run.returncode, run.err)


def margin(world):
    verb = ("margin", "--client", "northwind", "--from", "2026-02", "--to", "2026-03", "--costs")
    world.write("costs.csv", b"date,kind,amount,technician\n2026-02-10,hours,300.00,t1\n2026-03-10,hours,200.50,t1\n2026-03-11,supplier,90.00,\n2026-05-01,hours,1.00,t2\n")
    out = json.loads(world.must(*verb, "costs.csv", "--json").out)
    rows = list(csv.DictReader(io.StringIO(world.must(*MONTHS, "csv").out)))
    for month in out["months"]:
        revenue = -sum(Decimal(r["amount"]) for r in rows if r["date"].startswith(month["month"]) and r["account"].startswith("revenue"))
        ok(Decimal(month["revenue"]) == revenue, f"margin: {month['month']} is what the ledger earned", month, revenue)
        ok(Decimal(month["margin"]) == revenue - Decimal(month["hours"]) - Decimal(month["supplier"]), "margin: less own cost", month)
    ok([(m["hours"], m["supplier"]) for m in out["months"]] == [("300.00", "0.00"), ("200.50", "90.00")] and out["costs_outside"] == 1, "margin: costs by month", out)
    ok(out["technicians"] == [{"amount": "500.50", "technician": "t1"}], "margin: by technician", out)
    ok("Deckungsbeitrag" in world.must(*verb, "costs.csv", "--lang", "de").out, "margin: in German")
    ok(len(world.must(*verb, "costs.csv", "--format", "csv").out.splitlines()) == 3, "margin: a table")
    for text, words in [("date,kind\n", "there is no column 'amount'"), ("date,kind,amount\n2026-02-30,hours,1\n", "costs.csv:2:1: this is no date: '2026-02-30'"),
                        ("date,kind,amount\n2026-02-03,tea,1\n", "there is no kind of cost 'tea'"), ("date,kind,amount\n2026-02-03,hours,-1\n", "this is no amount above zero: '-1'")]:
        world.write("costs.csv", text.encode())
        run = world(*verb, "costs.csv")
        ok(run.returncode == 2 and words in run.err, f"margin: {words}", run.returncode, run.err)
    run = world(*verb, "costs.csv", "--as", "ana")
    ok(run.returncode == 64, "margin: the provider's alone", run.returncode, run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = start(folder)
        leaving(world)
        books(world)
        codes(world)
        margin(world)
    done()


main()
