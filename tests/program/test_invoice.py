#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Invoices at the command line (money.md R8, R70 to R76): preview, run and show are one substance; issued once, numbered without gaps, parked
and released; derived again; refusals; why a line is what it is."""

import json
import os
import sqlite3
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

SECOND = "NW-2026-B"
# What the day and the record give; the rest is the substance (engine/invoice_json.h).
OF_THE_DAY = {"number", "series", "date", "due", "run", "log_size", "root", "origin", "as_of", "known_as_of", "notes", "dispute_until", "opening",
              "payments", "credits", "refunds", "closing", "account", "size"}


def invoice(world, verb, *args, contract=CONTRACT, **more):
    return world("invoice", verb, "--contract", contract, *args, **more)


def released(world, on, contract=CONTRACT, **more):
    """Four months at once are more than a run lets go by itself (R74)."""
    world.must("invoice", "release", "--contract", contract, "--on", on, "--reason", "first_run", **more)
    return world.must("invoice", "run", "--contract", contract, "--on", on, **more)


def substance(document):
    return {k: v for k, v in document.items() if k not in OF_THE_DAY}


def once(world):
    preview = invoice(world, "preview", "--on", "2026-04-01", "--json")
    draft = json.loads(preview.out)
    ok(preview.returncode == 0 and [p["why"] for p in draft["parked"]] == ["periods"] and "number" not in draft["invoice"],
       "preview: four months at once, parked, without a number", preview.out[:300], preview.err)
    run = invoice(world, "run", "--on", "2026-04-01")
    ok(run.returncode == 1 and "account is held: 'NW-2026'" in run.out and "4 service periods" in run.out and "invoice release" in run.out,
       "run: what is parked is not issued, with reason and numbers", run.out, run.err)
    ok("no document was issued yet" in world.must("invoice", "list").out, "parked: nothing has a number")
    run = released(world, "2026-04-01")
    ok("invoice INV-2026-00001, 5772.00 USD" in run.out, "released: issued with the first number", run.out)
    shown = world.must("invoice", "show", "INV-2026-00001", "--json").out
    document = json.loads(shown)
    ok(substance(document) == substance(draft["invoice"]) and len(document["lines"]) == 4, "preview = run = show in substance (R70)",
       {k: (document.get(k), draft["invoice"].get(k)) for k in document if document.get(k) != draft["invoice"].get(k) and k not in OF_THE_DAY})
    size = json.loads(world.must("log", "prove", "--contract", CONTRACT, "--index", "0", "--json").out)["size"]
    again = invoice(world, "run", "--on", "2026-04-01")
    ok(again.returncode == 0 and "nothing is due that no document has" in again.out, "run again: nothing is due", again.out, again.err)
    after = json.loads(world.must("log", "prove", "--contract", CONTRACT, "--index", "0", "--json").out)["size"]
    ok(size == after, "run again: no entry was written", size, after)
    rows = json.loads(world.must("invoice", "list", "--json").out)
    ok([(r["invoice"], r["contract"], r["due"]) for r in rows] == [("INV-2026-00001", CONTRACT, "2026-05-01")], "list: one row", rows)
    ok("5772.00 USD" in world.must("invoice", "list").out, "list: amounts with the currency's decimals")
    text = world.must("invoice", "show", "INV-2026-00001").out
    ok("5,920.00 − 148.00 + 0.00 = 5,772.00 USD" in text and "draft" not in text, "show: the sum check of R76, and no draft", text[:600])


def second_contract(world):
    """Another contract of the same client: the same terms under another id."""
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read().replace(CONTRACT, SECOND)
    world.write("second.yaml", text.encode())
    world.must("contract", "add", "second.yaml", "--client", "northwind", "--agreed", "2026-01-01T00:00Z")


def numbers(world):
    return [r["invoice"] for r in json.loads(world.must("invoice", "list", "--json").out)]


def race(world):
    for contract in (CONTRACT, SECOND):
        world("invoice", "release", "--contract", contract, "--on", "2026-05-01", "--reason", "race", now="2026-05-04T09:00:00Z")
    before = len(numbers(world))

    def one(n):
        # each its own random bytes and, as on one machine, nearly the same clock
        other = World.__new__(World)
        other.__dict__.update(world.__dict__)
        other.name, other.calls = f"{world.name}-race-{n}", 0
        return invoice(other, "run", "--on", "2026-05-01", contract=(CONTRACT, SECOND)[n % 2], now="2026-05-04T09:00:30Z")

    with ThreadPoolExecutor(20) as pool:
        runs = list(pool.map(one, range(20)))
    issued = [r for r in runs if "invoice INV-" in r.out]
    ok(all(r.returncode == 0 for r in runs), "20 racing processes: none fails", *[r.err for r in runs if r.returncode != 0][:3],
       *[r.out for r in runs if r.returncode != 0][:3])
    ok(len(issued) == 2, "20 racing processes issue once a contract (R71)", [r.out for r in issued])
    got = numbers(world)
    ok(len(got) == before + 2 and got == [f"INV-2026-{i:05}" for i in range(1, len(got) + 1)], "numbers without gaps over two contracts (R72)", got)


def derived_again(world):
    later = "2026-05-05T09:00:00Z"
    before = world.must("invoice", "list", "--json").out
    ok(world("rebuild", "--check", now=later).returncode == 0, "rebuild --check: the tables are what the entries make")
    db = sqlite3.connect(world.path("acme.tenor"))
    rows = [db.execute(q).fetchall() for q in ("SELECT * FROM document ORDER BY number",
                                               "SELECT * FROM document_item ORDER BY log, charge, part, first_day, end_day, ordinal")]
    db.execute("UPDATE document SET day = day + 1 WHERE number = 'INV-2026-00001'")
    db.execute("DELETE FROM document_item WHERE number = 'INV-2026-00002'")
    db.commit()
    db.close()
    for verb in (("doctor",), ("rebuild", "--check")):
        run = world(*verb, now=later)
        ok(run.returncode == 1 and "issued 'INV-2026-00001', and the table of documents does not say so" in run.out
           and "service periods of 'INV-2026-00002'" in run.out, f"{' '.join(verb)}: tables that were tampered with are named", run.out)
    world.must("rebuild", now=later)
    db = sqlite3.connect(world.path("acme.tenor"))
    again = [db.execute(q).fetchall() for q in ("SELECT * FROM document ORDER BY number",
                                                "SELECT * FROM document_item ORDER BY log, charge, part, first_day, end_day, ordinal")]
    db.close()
    ok(rows == again and len(rows[0]) > 2 and len(rows[1]) > 8, "rebuild: the same rows again", len(rows[0]), len(rows[1]))
    ok(world.must("invoice", "list", "--json").out == before, "rebuild: the same list")
    run = world("doctor", now=later)
    ok(run.returncode == 0, "doctor after it: all as recorded", run.out)


def refused(world):
    now = "2026-05-05T10:00:00Z"
    for args, status, words in [
            (("run", "--contract", CONTRACT, "--on", "2026-06-01"), 64, "nothing is issued for a day that is still ahead"),
            (("run", "--contract", CONTRACT, "--on", "2026-05-01", "--date", "2026-06-01"), 64, "nothing is issued for a day that is still ahead"),
            (("run",), 64, "which contract is not said"),
            (("run", "--all", "--contract", CONTRACT), 64, "one contract or all of them?"),
            (("run", "--contract", "NOPE"), 66, "NOPE"),
            (("show", "INV-2026-00999"), 66, "there is no document 'INV-2026-00999'"),
            (("show", "INV-2026-00001", "--explain", "9"), 66, "there is no '9' on it"),
            (("show", "INV-2026-00001", "--explain", "hat"), 64, "nothing of an invoice is called 'hat'"),
            (("xml", "INV-2026-00001", "--format", "hat"), 64, "there is no e-invoice 'hat'"),
            (("xml", "INV-2026-00001"), 2, "'parties.client.address.country' is missing"),
            (("release", "--contract", CONTRACT, "--on", "2026-05-01", "--reason", "why_not"), 2, "nothing of 'NW-2026' is parked")]:
        run = world("invoice", *args, now=now)
        ok(run.returncode == status and words in run.err, f"invoice {' '.join(args)}: {words}", run.returncode, run.err, run.out)
    run = world("invoice", "run", "--contract", SECOND, "--on", "2026-06-01", "--date", "2026-04-30", now="2026-06-02T10:00:00Z")
    ok(run.returncode == 2 and "dates do not descend within a series" in run.err and "2026-05-01" in run.err, "run: a date before the last of its series",
       run.returncode, run.err, run.out)


def again(world):
    """R73 is asked once of a document and a program, and the answer kept (app/money_last.h)."""
    now = "2026-05-30T10:00:00Z"

    def table(sql, *values):
        with sqlite3.connect(world.path("acme.tenor")) as db:
            got = db.execute(sql, values).fetchall()
        db.close()
        return got

    def held():
        run = invoice(world, "preview", "--on", "2026-06-01", now=now)
        assert run.returncode in (0, 1), run.err
        return "worked out again, does not give the same bytes" in run.out

    row = table("SELECT * FROM document_again ORDER BY log")
    place = table("SELECT max(place) FROM document WHERE number LIKE 'INV-%' AND log = ?", row[0][0])[0][0]
    ok(row[0][1] == place and len(row[0][2]) == 32 and row[0][3] == 1 and not held(), "of the invoice that was issued last it is known that it comes out", row, place)
    table("UPDATE document_again SET same = 0")
    ok(held(), "what is kept counts")
    run = world("doctor", now=now)
    ok(run.returncode == 1 and "comes out again as it was issued, and something else is kept of it" in run.out, "and doctor works it out again", run.out)
    table("UPDATE document_again SET sources = zeroblob(32)")
    ok(not held(), "but not what another program found")
    table("UPDATE document_again SET sources = ?, place = place - 1", row[0][2])
    ok(not held(), "nor what was found of another document")
    table("DELETE FROM document_again")
    run = world("doctor", now=now)
    ok(not held() and run.returncode == 0, "without it the document is worked out again", run.out)
    table("INSERT INTO document_again VALUES (?, ?, ?, ?)", *row[0])


def changed(world):
    """R73: an engine that gives other bytes, or here bytes that are others, holds the account."""
    now = "2026-06-03T10:00:00Z"
    db = sqlite3.connect(world.path("acme.tenor"))
    db.execute("DROP TRIGGER blob_fixed")
    db.execute("UPDATE blob SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"title\":\"', '\"title\":\"Old ') AS BLOB) WHERE kind = 'document'")
    assert db.total_changes > 0
    db.execute("CREATE TRIGGER blob_fixed BEFORE UPDATE ON blob BEGIN SELECT RAISE(ABORT, 'blobs are never changed'); END")
    db.commit()
    db.close()
    run = invoice(world, "run", "--on", "2026-06-01", now=now)
    ok(run.returncode == 1 and "account is held" in run.out and "worked out again, does not give the same bytes" in run.out,
       "an issued document that does not come out again holds the account (R73)", run.out, run.err)
    ok(numbers(world)[-1] == "INV-2026-00004", "held: nothing was issued", numbers(world))
    run = released(world, "2026-06-01", now=now)
    ok("INV-2026-00005" in run.out, "a person accepted the difference: issued", run.out)


def why(world):
    text = world.must("invoice", "show", "INV-2026-00001", "--explain", "1").out
    ok("money.md R14" in text and "1,480.00" in text and "Order form 6, Fees" in text, "--explain of a line: clause, rule, steps", text)
    text = world.must("invoice", "show", "INV-2026-00001", "--explain", "reduction 3").out
    ok("response" in text and "2026-03" in text and "44.40" in text and "1,480.00" in text, "--explain of a credit: metric, month, base, percent", text)
    late = [" ".join(world.must("invoice", "show", "INV-2026-00001", "--explain", f"reduction {n}").out.split()) for n in (1, 2)]
    ok(all("the report was late" in t and "clause Order form 4, Reports" in t for t in late), "a credit for a late report: by the clause that asks for the report", late)
    ok("last day for the report 2026-02-13" in late[0] and "the report came" not in late[0], "when it was due, and nothing where none came", late[0])
    ok("last day for the report 2026-03-13" in late[1] and "the report came on 2026-04-10" in late[1] and "report could be read 2026-02" in late[1], "and when it came, by which entry", late[1])
    credit = world.must("explain", "--contract", CONTRACT, "--month", "2026-03", "--what", "metric response").out
    ok("ticket" in credit and "90 %" in credit, "the metric behind the credit goes on down to its tickets", credit[:1500])


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme").northwind()
        once(world)
        second_contract(world)
        released(world, "2026-04-01", contract=SECOND)
        race(world)
        again(world)
        derived_again(world)
        refused(world)
        changed(world)
        why(world)
    done()


main()
