#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finding: one question over contracts, clauses, tickets, documents and facts, as each role may see them; the index, its rebuild and what an erasure takes from it."""

import glob
import json
import os
import shutil
import sqlite3
import tempfile

from program import done, ok
from record import CONTRACT, EXAMPLES, World

FOLDER = tempfile.mkdtemp(prefix="tenor-find-")
IN = ["--contract", CONTRACT]
w = World(FOLDER, "find").northwind()
w.must("user", "add", "desk", "--role", "service-desk")
w.must("user", "add", "books", "--role", "finance")
w.must("user", "add", "alice", "--role", "signer", *IN)
w.must("user", "add", "joe", "--role", "it-lead", *IN, "--as", "alice")
w.must("user", "add", "rosa", "--role", "requester", *IN, "--as", "alice")


def fact(who, kind, *fields, at, person=()):
    return w.must("fact", "add", kind, *fields, *IN, "--at", at, "--as", who, *person, now="2026-04-10T14:00:00Z")


def found(*words, who=None, more=()):
    return json.loads(w.must("find", *words, "--json", *(["--as", who] if who else []), *more).out)


def ids(*words, who=None, more=()):
    return [x["id"] for x in found(*words, who=who, more=more)["found"]]


fact("joe", "ticket.logged", "ticket=T-900", "service=helpdesk", "priority=P2", "via=person", "summary=Großer Drucker brennt",
     "words=Der Drucker im Flur\nsagt PC-LOAD-LETTER", at="2026-04-10T13:00Z", person=["--person", "Ana Ruiz"])
fact("desk", "ticket.message", "ticket=T-900", "visibility=internal", "author=human", "words=Toner was counterfeit", at="2026-04-10T13:30Z")
fact("joe", "ticket.logged", "ticket=T-901", "service=helpdesk", "priority=P3", "via=person", "summary=Slow mail", at="2026-04-10T13:10Z")
fact("rosa", "ticket.logged", "ticket=T-902", "service=helpdesk", "priority=P3", "via=person", "summary=Drucker ohne Papier", at="2026-04-10T13:20Z")
RUN = w("invoice", "run", *IN, "--on", "2026-03-01")
assert RUN.returncode in (0, 1), RUN.err
INVOICE = json.loads(w.must("invoice", "list", *IN, "--json").out)
assert INVOICE, RUN.out + RUN.err
INVOICE = INVOICE[0]["invoice"]


def check_words(when):
    ok(ids("GROSSER", "drucker") == ["T-900"], f"{when}: all words of a summary, case and sharp s folded")
    ok(ids("druck", "pc-load") == ["T-900"], f"{when}: beginnings of words, and across the texts of one ticket")
    ok(ids("dru") == ["T-902", "T-900"], f"{when}: the newest first")
    ok(ids("dr") == [], f"{when}: two letters are no beginning")
    x = found("letter")["found"]
    ok(x and x[0]["line"] == "sagt PC-LOAD-LETTER", f"{when}: the line where it stands: {x}")
    ok(ids("counterfeit") == ["T-900"] and ids("counterfeit", who="joe") == [], f"{when}: internal notes are the provider's")
    ok(ids("drucker", who="books") == [], f"{when}: without PERSONAL_READ no personal word is looked into")
    ok(found("drucker", who="books")["personal"] is False, f"{when}: and that is said")
    ok(ids("drucker", who="rosa") == ["T-902"], f"{when}: a requester finds its own tickets")
    ok(ids("T-901", who="rosa") == [], f"{when}: and of another's not even the id")
    x = found(INVOICE.lower())["found"][0]
    ok(x["id"] == INVOICE and x["exact"] and x["kind"] == "invoice", f"{when}: an id that is exactly that comes first: {x}")
    ok([i for i in ids(INVOICE, who="desk") if i == INVOICE] == [], f"{when}: a document of money needs MONEY_READ")
    ok("invoice" not in found(INVOICE, who="desk")["looked"], f"{when}: what is not looked at is not said to be")
    clauses = found("liability", more=["--kind", "clause"])["found"]
    ok(clauses and all(c["kind"] == "clause" and c["anchor"].startswith("clause-") for c in clauses), f"{when}: clauses, with where they stand")
    ok(CONTRACT in ids("northwind", more=["--kind", "contract"]), f"{when}: a contract by its client")
    ok(all(x["kind"] == "fact" for x in found("outage", more=["--kind", "fact"])["found"]), f"{when}: only the kind that is asked for")
    ok(ids("drucker", more=["--client", "somebody"]) == [], f"{when}: of another client nothing")


check_words("before the index")

nothing = w.must("find", "zyzzyva")
ok("Nothing has all of these words" in nothing.out and "Tickets" in nothing.out, "the empty answer says what was looked at")
bad = w("find", "x", "--kind", "poem")
ok(bad.returncode == 64 and "contract, clause, ticket, invoice or fact" in bad.err, f"an unknown kind names those there are: {bad.err}")
ok(w("find", "...").returncode == 64, "a question without a word is none")

# so many entries that the index has them
lines = [json.dumps({"id": f"B-{i}", "kind": "ticket.logged", "occurred_at": "2026-03-02T09:00:00Z", "party": "client", "ticket": f"BULK-{i}",
                     "service": "helpdesk", "priority": "P3", "via": "person", "channel": "email", "summary": f"Bulk number {i} of many"})
         for i in range(2100)]
w.write("bulk.jsonl", ("\n".join(lines) + "\n").encode())
w.must("import", "bulk.jsonl", *IN, "--no-progress")


def rows(sql, *args):
    db = sqlite3.connect(f"file:{w.path('acme.tenor')}?mode=ro", uri=True)
    try:
        return db.execute(sql, args).fetchall()
    finally:
        db.close()


def index():
    return [rows(f"SELECT * FROM {t} ORDER BY 1, 2") for t in ("found_size", "found_word", "found_hash")]


have = rows("SELECT size FROM found_size")
ok(have and have[0][0] >= 2048, f"the import fills the index in whole runs: {have}")
check_words("from the index")
ok(ids("BULK-7")[0] == "BULK-7", "one of very many by its id, exactly first")
many = found("bulk", "many")
ok(len(many["found"]) == 50 and many["more"], "at most 50, and that there is more is said")
plain = b"\n".join(bytes(r[0]) for r in rows("SELECT word FROM found_word"))
ok(b"drucker" not in plain and b"counterfeit" not in plain and b"t-900" in plain, "personal words are in it as hashes only")
before = index()
ok(w("rebuild", "--check", "--no-progress").returncode == 0, "it is what the entries make")
w.must("rebuild", "--no-progress")
ok(index() == before, "rebuild makes it again, row by row")
ok(w("doctor").returncode in (0, 1) and "words are not" not in w("doctor").out, "doctor finds nothing wrong with it")

# another client, whose keys lie behind as many of others as it has entries: those are read one by one, and found the same
contract = open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8").read()
ok(contract.count("NW-2026") > 0, "the example has its id")
w.write("south.yaml", contract.replace("NW-2026", "SW-2026").replace("Northwind", "Southwind").encode())
w.must("client", "add", "southwind", "--name", "Southwind Clinic")
w.must("contract", "add", "south.yaml", "--agreed", "2026-01-01T00:00Z", "--client", "southwind")
SOUTH = ["--client", "southwind"]
w.write("south.jsonl", b"".join(line.replace("B-", "S-").replace("BULK-", "SOUTH-").replace("Bulk", "Heap").encode() + b"\n" for line in lines))
w.must("import", "south.jsonl", "--contract", "SW-2026", "--no-progress")
ok(ids("heap", "1234", more=SOUTH) == ["SOUTH-1234"], "words of a client whose keys come last")
ok(len(found("heap", "many", more=SOUTH)["found"]) == 50, "and all of very many")
ok(ids("bulk", "1234", more=SOUTH) == [] and ids("bulk", "1234") == ["BULK-1234"], "each of its own client")
ok(sorted(ids("number", "1234")) == ["BULK-1234", "SOUTH-1234"], "over both")
ok(found("heap", "many")["found"][0]["contract"] == "SW-2026" and found("drucker")["contracts"] == 2, "two contracts are looked at")

# what an erasure takes
subject = rows("SELECT DISTINCT subject FROM found_hash WHERE hashes IN (SELECT hashes FROM found_hash ORDER BY number LIMIT 100000)")
ok(len(subject) > 0, "there are hashes")
count = len(rows("SELECT * FROM found_hash"))
w.must("erase", "--person", "Ana Ruiz")
ok(len(rows("SELECT * FROM found_hash")) == count - 1, "erasing a subject deletes its rows")
ok(ids("grosser") == [], "and what it wrote is found no more")
ok(w("rebuild", "--check", "--no-progress").returncode == 0, "and the index is what the entries still make")

# a row that was changed, one that was taken away: named
for sql, words in (("DELETE FROM found_word WHERE word = CAST('bulk-7' AS BLOB)", "words are not"),
                   ("UPDATE found_hash SET hashes = x'000000000000' WHERE number = (SELECT max(number) FROM found_hash)", "personal words are not")):
    db = sqlite3.connect(w.path("acme.tenor"))
    changed = db.execute(sql).rowcount
    db.commit()
    db.close()
    told = w("rebuild", "--check", "--no-progress")
    ok(changed > 0 and told.returncode == 1 and words in told.out, "a changed row is told", told.out)
    w.must("rebuild", "--no-progress")

shutil.rmtree(FOLDER)
done()
