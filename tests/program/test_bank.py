#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bank statements at the command line (money.md R100): what matches exactly is recorded, all else is proposed with its reason, nothing twice."""

import csv
import io
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

NOW = "2026-05-10T10:00:00Z"
FIRST, SECOND = "INV-2026-00001", "INV-2026-00002"


def entry(ref, amount, *, currency="USD", kind="CRDT", status="<Cd>BOOK</Cd>", date="2026-05-04", e2e="", text="", payer="Ada Payer", extra=""):
    refs = f"<Refs><EndToEndId>{e2e}</EndToEndId></Refs>" if e2e else ""
    words = f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf>" if text else ""
    return (f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{kind}</CdtDbtInd>{extra}<Sts>{status}</Sts><BookgDt><Dt>{date}</Dt></BookgDt>'
            f"<ValDt><Dt>{date}</Dt></ValDt>{f'<AcctSvcrRef>{ref}</AcctSvcrRef>' if ref else ''}<NtryDtls><TxDtls>{refs}"
            f"<RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr></RltdPties>{words}</TxDtls></NtryDtls></Ntry>")


def statement(*entries, version="08", head=""):
    return (f'<?xml version="1.0" encoding="UTF-8"?>{head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
            f"<GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id>{''.join(entries)}</Stmt></BkToCstmrStmt></Document>").encode()


def start(folder):
    world = World(folder, "acme")
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--agreed", "2026-01-01T00:00Z")
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-03-01")
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-05-01", now=NOW)
    return world


def opens(world):
    account = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--json", now=NOW).out)[0]
    return {d["invoice"]: d["open"] for d in account["documents"]}, account


def bank(world, *args):
    return json.loads(world.must("bank", "import", "statement.xml", "--json", *args, now=NOW).out)


def fates(answer):
    return {e["entry"]: (e["fate"], e.get("why", "")) for e in answer["entries"]}


def matching(world):
    was, _ = opens(world)
    first = was[FIRST]
    world.write("statement.xml", statement(
        entry("B-1", first, e2e=FIRST, text="thank you"),
        entry("B-2", was[SECOND], text=f"Invoice {SECOND}, thank you"),
        entry("B-3", "1.00", e2e=SECOND),
        entry("B-4", was[SECOND], e2e="NOTPROVIDED"),
        entry("B-5", "7.77", text="who knows"),
        entry("B-6", "5.00", kind="DBIT"),
        entry("B-7", first, e2e=FIRST, status="<Cd>PDNG</Cd>"),
        entry("B-8", first, currency="EUR", e2e=FIRST),
        entry("B-9", "5.00", extra="<RvslInd>true</RvslInd>"),
        entry("B-10", "4.00", text=f"{FIRST} and {SECOND}"),
        entry("B-11", first, text=FIRST)))
    dry = bank(world, "--dry-run")
    want = {"B-1": ("matched", ""), "B-2": ("proposed", "the number stands among other words"),
            "B-3": ("proposed", "the amount differs from what is open of the invoice named"),
            "B-4": ("proposed", "no reference; one invoice has this amount"),
            "B-5": ("proposed", "unknown reference, and no invoice has this amount"),
            "B-6": ("left_out", "a debit"), "B-7": ("left_out", "not booked yet"), "B-8": ("left_out", "no invoice is in this currency"),
            "B-10": ("proposed", "several invoices are named"), "B-11": ("proposed", "nothing is open of the invoice named")}
    got = fates(dry)
    for name, fate in want.items():
        ok(got[name] == fate, f"{name}: {fate[0]}: {fate[1]}", got[name])
    ok(got["B-9"][0] == "left_out" and "reversal" in got["B-9"][1], "a reversal is no payment", got["B-9"])
    ok(dry["recorded"] == 0 and opens(world)[0] == was, "--dry-run records nothing", dry["recorded"])
    ok(dry["entries"][1]["candidates"][0] == {"contract": CONTRACT, "invoice": SECOND, "open": was[SECOND]}, "a proposal names what it may be for",
       dry["entries"][1])
    done_now = bank(world)
    ok(done_now["recorded"] == 1 and fates(done_now)["B-1"] == ("recorded", ""), "only the exact match is recorded", done_now["recorded"])
    now, account = opens(world)
    ok(now[FIRST] == "0.00" and now[SECOND] == was[SECOND], "it pays its invoice", now)
    size = len(account["movements"])
    again = bank(world)
    ok(again["recorded"] == 0 and fates(again)["B-1"][0] == "again" and len(opens(world)[1]["movements"]) == size,
       "the same statement again records nothing", again["recorded"])
    accepted = bank(world, "--accept", f"B-2={SECOND}")
    ok(accepted["recorded"] == 1 and opens(world)[0][SECOND] == "0.00", "--accept: a person decides", accepted["recorded"])
    ok(bank(world, "--accept", f"B-2={SECOND}")["recorded"] == 0, "and deciding it again changes nothing")
    log = world.must("log", "show", "--contract", CONTRACT, now=NOW).out + world.must("log", "show", "--contract", CONTRACT, "--json", now=NOW).out
    ok("Ada Payer" not in log and "thank you" not in log and "B-1" in log, "neither names nor free words of payers are in the record")
    with open(world.path("acme.tenor"), "rb") as f:
        ok(b"Ada Payer" not in f.read(), "nor in the workspace's file")


def several(world):
    """Two open invoices of one amount: nobody guesses."""
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-06-01", now="2026-06-02T10:00:00Z")
    world.must("invoice", "run", "--contract", CONTRACT, "--on", "2026-07-01", now="2026-07-02T10:00:00Z")
    account = json.loads(world.must("statement-of-account", "--contract", CONTRACT, "--json", now="2026-07-03T10:00:00Z").out)[0]
    amounts = [d["open"] for d in account["documents"] if d["open"] != "0.00"]
    if len(amounts) < 2 or amounts[0] != amounts[1]:
        ok(len(amounts) >= 2, "two invoices are open", amounts)
        world.must("pay", "--contract", CONTRACT, "0.01", "--date", "2026-07-03", now="2026-07-03T10:00:00Z")
        return
    world.write("statement.xml", statement(entry("C-1", amounts[0], date="2026-07-02")))
    run = json.loads(world.must("bank", "import", "statement.xml", "--json", now="2026-07-03T10:00:00Z").out)
    ok(run["recorded"] == 0 and run["entries"][0]["why"] == "no reference, and several invoices have this amount" and
       len(run["entries"][0]["candidates"]) == 2, "several invoices of the amount: both are proposed", run)


def batches(world):
    tx = '<TxDtls><Amt Ccy="USD">{}</Amt><Refs><EndToEndId>{}</EndToEndId></Refs></TxDtls>'
    lumped = entry("D-1", "5.00").replace("</NtryDtls>", "<TxDtls/></NtryDtls>")
    apart = (f'<Ntry><Amt Ccy="USD">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-05-04</Dt></BookgDt><AcctSvcrRef>D-2'
             f"</AcctSvcrRef><NtryDtls>{tx.format('2.00', 'x')}{tx.format('3.0', 'y')}</NtryDtls></Ntry>")
    world.write("statement.xml", statement(lumped, apart, entry("D 3", "1.00"), entry("D 3", "1.00"), entry("", "1.00"), version="02"))
    rows = bank(world, "--dry-run")["entries"]
    ok("several payments in one amount" in rows[0]["why"], "a batch that does not say its payments is not taken apart", rows[0])
    ok([(r["entry"], r["amount"]) for r in rows[1:3]] == [("D-2/1", "2.00"), ("D-2/2", "3.0")], "a batch that does is as many payments", rows[1:3])
    ids = [r["entry"] for r in rows]
    ok(len(set(ids)) == len(ids) and all(i.startswith("e-") for i in ids[3:]), "entries without a good reference get ids that differ", ids)
    ok([r["entry"] for r in bank(world, "--dry-run")["entries"]] == ids, "the same ones each time")


HEADER = "id,value_date,amount,currency,reference\n"
BANK_MAP = """[mapping]
name = harbor_bank
rows = facts
header = Buchung,Tag,Betrag,Waehrung,Zweck
[file]
delimiter = ;
decimal = comma
negative = ignore
[dates]
format = DD.MM.YYYY
zone = Pacific/Auckland
[columns]
payment = Buchung
occurred = Tag
amount = Betrag
currency = Waehrung
reference = Zweck
[values]
kind = payment.received
"""


def tables(world):
    """A table is a statement like any other: the same matching, the same proposals, nothing twice."""
    was, _ = opens(world)
    first, second = was[FIRST], was[SECOND]
    world.write("table.csv", (HEADER + f"T-1,2026-05-04,{first},USD,{FIRST}\nT-2,2026-05-04,{second},USD,Invoice {SECOND} Ada Payer\n"
                              f"T-3,2026-05-04,-12.50,USD,fee\nT-4,2026-05-04,{second},EUR,{SECOND}\nT-5,2026-99-04,1.00,USD,x\n"
                              f"T 6,2026-05-05,1.00,USD,\nT-1,2026-05-04,{first},USD,{FIRST}\n").encode())

    def table(*args, name="table.csv"):
        return json.loads(world.must("bank", "import", name, "--json", *args, now=NOW).out)

    dry = table("--dry-run")
    got = fates(dry)
    ok(dry["format"] == "payments_csv" and got["T-1"] == ("matched", "") and got["T-2"] == ("proposed", "the number stands among other words") and
       got["T-4"] == ("left_out", "no invoice is in this currency"), "a table: matched, proposed, left out", got)
    ok(dry["entries"][1]["candidates"] == [{"contract": CONTRACT, "invoice": SECOND, "open": second}], "and what it may be for", dry["entries"][1])
    ok(all(e["date"] == "2026-05-04" for e in dry["entries"] if e["entry"] in ("T-1", "T-2")), "days are those of the table", dry["entries"])
    ok(dry["skipped"] == 2 and [(n["code"], n["line"]) for n in dry["notes"]] == [("row.ignored", 4), ("date.none", 6), ("id.again", 8)],
       "rows that are no payments are named", dry["notes"])
    ok(len(got) == 4 and sum(k.startswith("e-") for k in got) == 1, "an id that cannot be one is made, the same row counts once", got)
    text = world.must("bank", "import", "table.csv", "--dry-run", now=NOW).out
    ok("line 4: row.ignored: '-12.50': below zero" in text and "1 would be recorded, 0 recorded before, 2 to be decided, 3 left out" in text, "as text", text)
    ok(opens(world)[0] == was, "--dry-run records nothing")
    taken = table("--accept", f"T-2={SECOND}")
    now, _ = opens(world)
    ok(taken["recorded"] == 2 and now[FIRST] == now[SECOND] == "0.00", "the match and what a person decided are recorded", taken["recorded"], now)
    again = table()
    ok(again["recorded"] == 0 and fates(again)["T-1"][0] == fates(again)["T-2"][0] == "again", "the same table again records nothing", again)
    world.write("statement.xml", statement(entry("T-1", first, e2e=FIRST)))
    ok(fates(bank(world))["T-1"][0] == "again", "nor does the statement with the same number")
    log = world.must("log", "show", "--contract", CONTRACT, "--json", now=NOW).out
    ok("Ada Payer" not in log and "T-2" in log, "free words are not recorded")
    world.write("bank.map", BANK_MAP.encode())
    world.write("mapped.csv", f"Buchung;Tag;Betrag;Waehrung;Zweck\nM-1;05.05.2026;1.234,56;USD;{FIRST}\nT-1;04.05.2026;{first.replace('.', ',')};USD;{FIRST}\n".encode())
    mapped = table("--map", "bank.map", name="mapped.csv")
    ok([(e["entry"], e["amount"], e["date"], e["fate"]) for e in mapped["entries"]] ==
       [("M-1", "1234.56", "2026-05-05", "proposed"), ("T-1", first, "2026-05-04", "again")], "a bank's own columns by --map", mapped)
    world.write("deposit.map", BANK_MAP.replace("kind = payment.received\n", "kind = payment.received\npurpose = deposit\n").encode())
    aside = table("--map", "deposit.map", name="mapped.csv")["entries"][0]
    ok(aside["fate"] == "left_out" and "its purpose is deposit" in aside["why"], "a deposit pays no invoice", aside)
    world.write("given.csv", (HEADER + "G 1,2026-05-05,1.00,USD,G\n").encode())
    world.must("import", "--contract", CONTRACT, "given.csv", now=NOW)
    ok(fates(table(name="given.csv"))and table(name="given.csv")["entries"][0]["fate"] == "again", "a payment under the bank's own number is known again")
    world.write("usage.csv", b"id,time,meter,quantity,unit,subject\nu,2026-05-01,m,1,GiB,s\n")
    for args, words in [(("mapped.csv",), "no ready mapping knows this header"), (("usage.csv",), "holds usage.recorded, which bank import does not take"),
                        (("statement.xml", "--map", "bank.map"), "--map is for tables"), (("table.csv", "--map", "nosuch"), "neither a ready mapping nor a file")]:
        run = world("bank", "import", *args, now=NOW)
        ok(run.returncode not in (0, 1) and words in run.err, f"{' '.join(args)}: {words}", run.returncode, run.err)
    comma = world("bank", "import", "table.csv", "--dry-run", "--format", "csv", now=NOW)
    ok(len(list(csv.reader(io.StringIO(comma.out)))) == 5 and "below zero" in comma.err, "csv has the entries, notes say the rest", comma.out, comma.err)


def refusals(world):
    world.write("statement.xml", statement(entry("B-20", "1.00")))
    table = list(csv.reader(io.StringIO(world.must("bank", "import", "statement.xml", "--dry-run", "--format", "csv", now=NOW).out)))
    ok(table[0][0] == "entry" and table[1][:4] == ["B-20", "2026-05-04", "1.00", "USD"], "csv", table)
    text = world.must("bank", "import", "statement.xml", "--dry-run", now=NOW).out
    ok("0 would be recorded, 0 recorded before, 1 to be decided, 0 left out" in text, "text tells the sums", text)
    for args, status, words in [
            (("--accept", "B-20"), 64, "names no entry and invoice"), (("--accept", f"B-99={FIRST}"), 66, "has no payment 'B-99'"),
            (("--accept", "B-20=INV-2026-09999"), 66, "there is no invoice 'INV-2026-09999'"), (("--format", "pdf"), 64, "has no such format")]:
        run = world("bank", "import", "statement.xml", *args, now=NOW)
        ok(run.returncode == status and words in run.err, f"{' '.join(args)}: {words}", run.returncode, run.err)
    for name, data, words in [
            ("doctype", statement(head='<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'), "has a document type"),
            ("cut off", statement(entry("B-1", "1.00"))[:-30], "no well-formed XML"),
            ("another root", b'<Invoice xmlns="urn:x"/>', "the root is 'Invoice'"), ("empty", b"", "nothing in it"),
            ("a table of unknown columns", b"date,amount\n2026-05-04,1.00\n", "no ready mapping knows this header: 'date,amount'"),
            ("deep", statement("<a>" * 60 + "</a>" * 60), "nested too deep")]:
        world.write("bad.xml", data)
        run = world("bank", "import", "bad.xml", now=NOW)
        ok(run.returncode in (2, 65) and words in run.err and "bad.xml" in run.err, f"{name}: {words}", run.returncode, run.err)
    world.write("ahead.xml", statement(entry("B-30", "1.00", date="2027-01-01", e2e=FIRST)))
    run = world("bank", "import", "ahead.xml", "--accept", f"B-30={FIRST}", now=NOW)
    ok(run.returncode == 64 and "still ahead" in run.err, "a payment of a day ahead is refused", run.err)
    world.write("none.xml", statement())
    ok("no entries" in world.must("bank", "import", "none.xml", now=NOW).out, "an empty statement says so")


with tempfile.TemporaryDirectory() as top:
    w = start(top)
    matching(w)
    batches(w)
    refusals(w)
    several(w)
with tempfile.TemporaryDirectory() as top:
    tables(start(top))
done()
