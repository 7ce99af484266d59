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
            ("a table", b"date,amount\n2026-05-04,1.00\n", "no well-formed XML"),
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
done()
