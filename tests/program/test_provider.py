#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The provider's settings at the command line (money.md R9, R65, R84; trust.md P8, P9): from now on only, in the record before the first
document that they enter, worked out again from a bundle alone; paper with the letterhead of the day and the e-invoice inside."""

import hashlib
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import CONTRACT, EXAMPLES, World

sys.path[:0] = [os.path.join(ROOT, "tests", "oracle"), os.path.join(ROOT, "tests", "fuzz"), os.path.join(ROOT, "tests", "einvoice")]

try:
    import bundle_verifier
    import make_bundles
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

IBAN = "DE89370400440532013000"
TAXED = [("\n  client:\n    legal_name: Northwind Clinic PC\n",
          "\n  client:\n    legal_name: Northwind Clinic PC\n    address: {lines: Mill Road 1, city: Albany, postcode: \"12207\", country: US}\n"),
         ("\npayment:", "\ntaxes: {jurisdiction: DE, categories: [{id: vat, code: S, rate: 19%, name: VAT}]}\n\npayment:")]


def png(width=60, height=20):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    row = b"\0" + bytes((14, 90, 97)) * width
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b""))


def start(folder):
    import re
    world = World(folder, "acme")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    for old, new in TAXED:
        assert old in text, old
        text = text.replace(old, new, 1)
    text, n = re.subn(r"(  - \{id: \w+, type: (?:recurring|per_unit|usage|time|one_time),[^\n]*)\}", r"\1, tax: vat}", text)
    assert n > 0
    world.write("contract.yaml", text.encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
    world.must("user", "add", "ben", "--role", "finance")
    return world


def shown(world):
    return json.loads(world.must("provider", "show", "--json").out)["settings"]


def sets(world):
    ok("nothing is set" in world.must("provider", "show").out and shown(world) == {}, "provider show: nothing is set")
    for key, value, kept in [("vat_id", "de 123456789", "DE123456789"), ("cash_rounding", "0.05 USD", ["0.05 USD"]), ("colour", "#0e5a61", "#0e5a61"),
                             ("city", "Bremen", "Bremen"), ("postcode", "28195", "28195"), ("country", "DE", "DE"), ("issue_delay", "3d", "3d"),
                             ("email", "billing@harbor.example", "billing@harbor.example"), ("tax_point", "service_end", "service_end"),
                             ("tax_point", "payment", "payment")]:
        world.must("provider", "set", key, value)
        ok(shown(world)[key] == kept, f"provider set {key} {value}", shown(world))
    world.must("provider", "set", "address", "Dock Street 4", "Pier 2")
    ok(shown(world)["address"] == ["Dock Street 4", "Pier 2"], "provider set address: a list", shown(world))
    ok("is so already" in world.must("provider", "set", "city", "Bremen").out, "provider set: the same again changes nothing")
    for args, words in [(("set", "iban", "DE89370400440532013001"), "does not fit 'iban'"), (("set", "bic", "COBA"), "8 or 11"),
                        (("set", "vat_di", "x"), "did you mean 'vat_id'?"), (("set", "cash_rounding", "0.05"), "an amount and its currency"),
                        (("set", "cash_rounding", "0.05 USD", "0.10 USD"), "two values for USD"), (("set", "cash_rounding", "0.00 USD"), "does not fit"),
                        (("set", "colour", "blue"), "#0e5a61"), (("set", "issue_delay", "91d"), "0d to 90d"), (("set", "asked_by", "x"), "no setting 'asked_by'"),
                        (("set", "foot"), "is not said"), (("set", "city", "a", "b"), "takes no 2 values"), (("set", "country", "Germany"), "two letters"),
                        (("set", "foot", "two\nlines"), "one line"), (("set", "logo", "x.png"), "provider logo"), (("set", "paper", "a3"), "a4 or letter")]:
        run = world("provider", *args)
        ok(run.returncode == 64 and words in run.err, f"provider {' '.join(args)}: {words}".replace("\n", " "), run.returncode, run.err)
    ok(world("provider", "set", "city", "Bonn", "--as", "ben").returncode == 64, "provider set: needs the right SETTINGS")


def second_person(world):
    ok("waits for a second person" in world.must("provider", "set", "iban", "DE89 3704 0044 0532 0130 00").out and "iban" not in shown(world),
       "provider set iban: waits (P9)", shown(world))
    world.must("provider", "set", "bic", "COBADEFFXXX")
    seen = json.loads(world.must("provider", "approve", "--dry-run", "--json", "--as", "ben").out)
    ok(seen == {"pending_iban": IBAN, "pending_bic": "COBADEFFXXX", "account": f"{IBAN} COBADEFFXXX"} and "iban" not in shown(world), "provider approve --dry-run: whoever may not read settings sees what it is about", seen)
    run = world("provider", "approve")
    ok(run.returncode == 2 and "second_person" in run.err, "provider approve: not by whoever asked", run.returncode, run.err)
    run = world("provider", "approve", "--account", f"{IBAN} DEUTDEFFXXX", "--as", "ben")
    ok(run.returncode == 2 and "other_account" in run.err and IBAN in run.err and "iban" not in shown(world), "provider approve: not another account than was looked at",
       run.returncode, run.err)
    world.must("provider", "approve", "--account", seen["account"], "--as", "ben")
    ok(shown(world)["iban"] == IBAN and shown(world)["bic"] == "COBADEFFXXX" and "pending_iban" not in shown(world), "provider approve: another person", shown(world))
    run = world("provider", "approve", "--as", "ben")
    ok(run.returncode == 66 and "no bank account waits" in run.err, "provider approve: once", run.err)
    ok(world("provider", "approve", "--dry-run", "--as", "ben").returncode == 66, "provider approve --dry-run: nothing waits")


def kinds(world):
    lines = world.must("log", "show", "--contract", CONTRACT, "--json").out
    return lines.count('"provider_settings"')


def issue(world, on, now=None):
    args = ("--contract", CONTRACT, *(("--on", on) if on else ()))
    preview = json.loads(world.must("invoice", "preview", *args, "--json", now=now).out) if on else None
    run = world("invoice", "run", *args, now=now)
    if run.returncode == 1:
        world.must("invoice", "release", "--contract", CONTRACT, *(("--on", on) if on else ()), "--reason", "first_run", now=now)
        run = world.must("invoice", "run", *args, now=now)
    return preview, run


def document(world, number):
    return json.loads(world.must("invoice", "show", number, "--json").out)


def documents(world):
    world.must("provider", "clear", "cash_rounding")
    world.must("provider", "set", "cash_rounding", "7.00 USD")
    ok(kinds(world) == 0, "settings enter a contract's log with its first document, not before")
    preview, run = issue(world, "2026-04-01")
    first = document(world, "INV-2026-00001")
    ok(kinds(world) == 1, "they are in it once", kinds(world))
    ok(preview["invoice"]["payable"] == first["payable"] and float(first["payable"]) % 7 == 0 and "rounding" in first,
       "cash rounding: preview and issue are the same, due is a multiple (R84)", first["payable"], run.out)
    ok(first["iban"] == IBAN and first["provider"]["vat_id"] == "DE123456789" and first["provider"]["lines"] == ["Dock Street 4", "Pier 2"],
       "the seller is as set", first["provider"])
    world.must("provider", "set", "city", "Hamburg")
    ok(document(world, "INV-2026-00001") == first, "what was issued stays")
    world.must("credit-note", "--invoice", "INV-2026-00001", "--line", "1", "--amount", "10.00", "--reason", "goodwill")
    note = document(world, "CN-2026-00001")
    ok(note["provider"]["city"] == "Hamburg" and kinds(world) == 2, "from now on: the next document has the new one", note["provider"])
    run = world.must("invoice", "run", "--contract", CONTRACT, now="2026-05-03T12:00:00Z")
    ok("nothing is due" in run.out, "issue_delay: on 3 May the run looks at 30 April (R9)", run.out)
    _, run = issue(world, None, now="2026-05-04T12:00:00Z")
    ok("INV-2026-00002" in run.out and document(world, "INV-2026-00002")["date"] == "2026-05-04", "issue_delay: on 4 May it issues", run.out)


def xml(world):
    import rules
    for number in ("INV-2026-00001", "CN-2026-00001"):
        for syntax in ("ubl", "cii", "facturx"):
            name = f"{number}.{syntax}.xml"
            run = world("invoice", "xml", number, "--format", syntax, "-o", name)
            ok(run.returncode == 0, f"invoice xml {number} --format {syntax}", run.err)
            check = subprocess.run([sys.executable, rules.__file__, world.path(name)], capture_output=True)
            ok(check.returncode == 0, f"{name}: every rule holds", check.stdout.decode() + check.stderr.decode())
    ok(IBAN.encode() in world.bytes("INV-2026-00001.ubl.xml") and b"<cbc:PaymentMeansCode>30<" in world.bytes("INV-2026-00001.ubl.xml"), "the account is in it (BT-84)")


def paper(world):
    world.write("no.png", b"GIF89a")
    run = world("provider", "logo", "no.png")
    ok(run.returncode in (2, 64) and "logo" not in shown(world), "provider logo: no PNG is not taken", run.returncode, run.err)
    world.write("cut.png", png()[:60])
    ok(world("provider", "logo", "cut.png").returncode != 0 and "logo" not in shown(world), "provider logo: nor half of one")
    world.write("large.png", png() + b"\0" * 100000)
    ok(world("provider", "logo", "large.png").returncode != 0, "provider logo: nor one that is too large")
    run = world.must("invoice", "pdf", "INV-2026-00001", "-o", "before.pdf")
    ok(run.err == "", "invoice pdf: nothing is missing", run.err)
    world.write("logo.png", png())
    world.must("provider", "logo", "logo.png", now="2026-05-10T08:00:00Z")
    for number in ("INV-2026-00001", "CN-2026-00001"):
        world.must("invoice", "pdf", number, "-o", f"{number}.pdf", now="2026-05-11T08:00:00Z")
        subprocess.run(["pdfdetach", "-save", "1", "-o", world.path("inside.xml"), world.path(f"{number}.pdf")], check=True, capture_output=True)
        ok(world.bytes("inside.xml") == world.bytes(f"{number}.facturx.xml"), f"{number}.pdf: what is attached is invoice xml --format facturx")
    ok(world.bytes("before.pdf") == world.bytes("INV-2026-00001.pdf"), "a document issued before keeps its letterhead, and its bytes")
    run = world.must("invoice", "pdf", "--all", "--month", "2026-04", "-o", "april")
    ok(sorted(os.listdir(world.path("april"))) == ["CN-2026-00001.pdf", "INV-2026-00001.pdf"] and "2 documents" in run.out, "invoice pdf --all --month", run.out)
    ok(world.bytes("april", "INV-2026-00001.pdf") == world.bytes("before.pdf"), "one of many: the same bytes as alone")
    letter = world.must("invoice", "pdf", "INV-2026-00001", "--paper", "letter", "-o", "letter.pdf")
    size = subprocess.run(["pdfinfo", world.path("letter.pdf")], check=True, capture_output=True).stdout
    ok(b"612 x 792" in size and letter.err == "", "invoice pdf --paper letter", size)
    for args, status, words in [((), 64, "which document is not said"), (("--all",), 64, "many documents need a folder"), (("INV-2026-00009",), 66, "there is no document"),
                                (("INV-2026-00001", "--month", "2026-04"), 64, "--month goes with --all"), (("--all", "--month", "2025-01", "-o", "none"), 0, "")]:
        run = world("invoice", "pdf", *args)
        ok(run.returncode == status and words in run.err, f"invoice pdf {' '.join(args)}: {words}", run.returncode, run.err)


def proves(world):
    world.must("export", "bundle", "--contract", CONTRACT, "--month", "2026-04", "-o", "april.tnb", now="2026-05-12T08:00:00Z")
    run = world("verify", "april.tnb", "--trust-bundle-keys", "--json", now="2026-05-12T08:00:00Z")
    told = json.loads(run.out)
    ok(run.returncode == 0 and told["documents"] == 3, "verify: every document comes out again with the settings of its day, from the bundle alone", run.out)
    files = bundle_verifier.read_tar(world.bytes("april.tnb"))
    about = json.loads(files.pop("bundle.json"))
    name = next(n for n in files if n.startswith("entries/") and b"cash_rounding=7.00" in files[n])
    files[name] = files[name].replace(b"cash_rounding=7.00", b"cash_rounding=5.00", 1)
    about["files"] = [{"length": len(files[n]), "name": n, "sha256": hashlib.sha256(files[n]).hexdigest()} for n in sorted(files, key=str.encode)]
    world.write("false.tnb", make_bundles.tar({**files, "bundle.json": make_bundles.canonical(about)}))
    run = world("verify", "false.tnb", "--trust-bundle-keys", now="2026-05-12T08:00:00Z")
    ok(run.returncode == 1 and "NOT VERIFIED" in run.out, "verify: a changed setting is found", run.out, run.err)
    run = world("doctor", now="2026-05-12T08:00:00Z")
    ok(run.returncode == 0, "doctor: all as recorded", run.out)
    ok(world("rebuild", "--check", now="2026-05-12T08:00:00Z").returncode == 0, "rebuild --check: the tables are what the entries make")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = start(folder)
        sets(world)
        second_person(world)
        documents(world)
        xml(world)
        paper(world)
        proves(world)
    done()


main()
