#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reminders, announced price rises and whole invoices taken back, at the command line (money.md R58, R90, R111)."""

import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

OLD = "payment: {clause: order.fees, due: 30d, from: invoice_date}"
PAYMENT = ("payment: {clause: order.fees, due: 30d, from: invoice_date, dunning: [{id: first, after: 5d, to: client.it_lead}, "
           "{id: second, after: 20d, fee: \"25.00 USD\", to: client.it_lead}, {id: last, after: 40d, to: client.it_lead}]}")
FEE = 'period: 1mo, bill: advance, prorate: actual_days}'
RISE = ('indexation: {clause: order.fees, formula: fixed, pct: 3%, first: "2026-07-01", every: 12mo, applies_to: [care], notice: 60d}\n\n')


def start(folder, name, text, now):
    world = World(folder, name, now=now)
    world.write("contract.yaml", text.encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    return world


def example():
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    assert OLD in text and FEE in text
    return text


def due(world, *more, now):
    """Reading never minds the clock; what is written later does, so it is accepted here."""
    world("clock", "accept", now=now)
    return [(d["invoice"], d["step"]) for d in json.loads(world.must("dunning", "run", "--dry-run", "--json", *more, now=now).out)]


def steps(folder):
    """One invoice that nobody pays, followed by the calendar: due on 3 March."""
    world = start(folder, "steps", example().replace(OLD, PAYMENT), "2026-02-01T12:00:00Z")
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-02-01")
    number = "INV-2026-00001"
    listed = world.must("invoice", "list").out
    ok(number in listed and "due 2026-03-03" in listed, "the invoice is due on 3 March", listed)
    ok(due(world, now="2026-03-08T12:00:00Z") == [], "on the fifth day: nothing is due yet")
    ok(due(world, now="2026-03-09T12:00:00Z") == [(number, "first")], "five days late: the first step")
    world.write("taken", b"")
    run = world("dunning", "run", "--letters", "taken", now="2026-03-09T12:00:00Z")
    ok(run.returncode == 74 and "taken" in run.err, "a folder that cannot be one is an error", run.returncode, run.err)
    ok(due(world, now="2026-03-09T12:00:00Z") == [(number, "first")], "and the reminder stays due")
    letter = world.must("dunning", "run", "--letters", "reminders", now="2026-03-09T12:00:00Z").out
    paper = subprocess.run(["pdftotext", "-layout", world.path("reminders", f"{number}-first.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    ok(os.listdir(world.path("reminders")) == [f"{number}-first.pdf"] and number in paper and "2,960.00 USD" in paper and "Harbor IT LLC" in paper,
       "--letters has it on paper, under the letterhead", paper)
    ok(number in letter, "the letter names the invoice", letter)
    ok(due(world, now="2026-03-10T12:00:00Z") == [], "told once")
    told = json.loads(world.must("dunning", "run", "--json", now="2026-03-10T12:00:00Z").out)
    ok(told == [], "dunning run --json: nothing is due", told)
    ok(due(world, "--on", "2026-04-15", now="2026-03-25T12:00:00Z") == [(number, "last")], "of several missed the latest (R111)")
    german = world.must("dunning", "run", "--dry-run", "--lang", "de", now="2026-03-25T12:00:00Z").out
    ok(number in german and "fällig" in german.lower(), "in German", german)
    world.must("pay", "--contract", CONTRACT, "100.00", "--date", "2026-03-20", "--ref", number, now="2026-03-25T12:00:00Z")
    ok(due(world, now="2026-03-25T12:00:00Z") == [(number, "second")], "paid in part: what is left is reminded of")
    gross = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--json", now="2026-03-25T12:00:00Z").out)[0]["documents"][0]
    listed = ("invoice", "list", "--contract", CONTRACT)
    row = json.loads(world.must(*listed, "--json", now="2026-03-25T12:00:00Z").out)[0]
    ok(row["open"] == gross["open"] != row["amount"] and f"  open {gross['open']}\n" in world.must(*listed, now="2026-03-25T12:00:00Z").out,
       "the list of a contract's invoices has what is left, too", row)
    ok("open" not in json.loads(world.must("invoice", "list", "--json", now="2026-03-25T12:00:00Z").out)[0], "that of all contracts has not")
    told = json.loads(world.must("dunning", "run", "--json", now="2026-03-25T12:00:00Z").out)
    ok([(d["invoice"], d["step"], d["amount"], d["contract"]) for d in told] == [(number, "second", gross["open"], CONTRACT)] and
       sorted(told[0]) == ["amount", "contract", "due", "invoice", "step", "to"], "dunning run --json: each step that was told", told)
    ok(due(world, now="2026-03-25T12:00:00Z") == [], "what was told in JSON is told")
    ok(due(world, "--on", "2026-04-15", now="2026-03-25T12:00:00Z") == [(number, "last")], "and the next step comes")
    world.must("pay", "--contract", CONTRACT, gross["open"], "--date", "2026-03-24", "--ref", number, now="2026-03-25T12:00:00Z")
    ok(due(world, "--on", "2026-04-15", now="2026-03-25T12:00:00Z") == [], "paid: nothing is due")
    row = json.loads(world.must(*listed, "--json", now="2026-03-25T12:00:00Z").out)[0]
    ok(row["open"] == "0.00" and f"{CONTRACT}  settled\n" in world.must(*listed, now="2026-03-25T12:00:00Z").out, "and the list says so", row)
    run = world("dunning", "run", "--contract", "NOBODY", now="2026-03-25T12:00:00Z")
    ok(run.returncode == 66, "a contract that is not there", run.err)
    bare = start(folder, "bare", example(), "2026-02-01T12:00:00Z")
    bare.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-02-01")
    ok(due(bare, now="2026-05-01T12:00:00Z") == [], "a contract without steps of dunning reminds of nothing")


def voided(folder):
    """R90: all that is left of an invoice goes back; the next run bills its items anew."""
    world = start(folder, "voided", example(), "2026-02-01T12:00:00Z")
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-02-01")
    number = "INV-2026-00001"
    first = json.loads(world.must("invoice", "show", number, "--json").out)
    asked = world.must("credit-note", "--invoice", number, "--void", "--reason", "cancellation", "--json")
    told = json.loads(asked.out)
    if told.get("code") == "second_person":
        world.must("user", "add", "ben", "--role", "finance")
        world.must("credit-note", "approve", "--invoice", number, "--as", "ben")
    note = json.loads(world.must("invoice", "show", "CN-2026-00001", "--json").out)
    ok(note["gross"] == first["gross"] and note["corrected"] == number, "void: the note gives all of it back", note.get("gross"), first.get("gross"))
    account = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--json").out)[0]
    ok(float(account["ageing"]["balance"]) == 0, "void: nothing is owed", account["ageing"])
    again = world("credit-note", "--invoice", number, "--void", "--reason", "cancellation")
    ok(again.returncode != 0, "void: nothing is left to take back", again.out, again.err)
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-02-01")
    second = json.loads(world.must("invoice", "show", "INV-2026-00002", "--json").out)
    ok([(line["charge"], line["item"], line["net"]) for line in second["lines"]] ==
       [(line["charge"], line["item"], line["net"]) for line in first["lines"]], "void: the next run bills the items anew", second["lines"])
    ok("nothing is due" in world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-02-01").out, "void: once")


def announced(folder):
    """R58: a rise is told in time, or moves."""
    text = example()
    text = text.replace(OLD, RISE + OLD)
    world = start(folder, "announced", text, "2026-04-20T12:00:00Z")
    ahead = world.must("index", "run", "--dry-run", "--on", "2026-07-01", now="2026-04-20T12:00:00Z").out
    ok("2026-07-01" in ahead or "Jul 2026" in ahead, "index run: the adjustment ahead", ahead)
    before = world.must("invoice", "preview", "--contract", CONTRACT, "--on", "2026-07-01", "--json", now="2026-07-01T12:00:00Z").out
    run = world("index", "announce", "--contract", CONTRACT, "--date", "2026-08-01", now="2026-04-20T12:00:00Z")
    ok(run.returncode == 2 and "no price of 'NW-2026' is adjusted on '2026-08-01'" in run.err, "index announce: no adjustment on that day", run.out, run.err)
    run = world("index", "announce", "--contract", CONTRACT, "--date", "2026-07-01", now="2026-04-20T12:00:00Z")
    ok(run.returncode == 0, "index announce: recorded", run.out, run.err)
    run = world("index", "announce", "--contract", CONTRACT, "--date", "2026-07-01", now="2026-04-20T12:00:00Z")
    ok(run.returncode == 0 and "was announced before" in run.out, "index announce: the same again changes nothing", run.out, run.err)
    after = world.must("invoice", "preview", "--contract", CONTRACT, "--on", "2026-07-01", "--json", now="2026-07-01T12:00:00Z").out
    ok("1524.40" in after and "1524.40" not in before, "the price follows once it was announced: 1,480.00 x 1.03", before[-400:], after[-400:])


def main():
    with tempfile.TemporaryDirectory() as folder:
        steps(folder)
        voided(folder)
        announced(folder)
    done()


main()
