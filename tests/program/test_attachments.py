#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Files on tickets (trust.md S23, J22, J24): attached and given back byte for byte on the command line, over the API and on pages; kinds, names
and sizes at their limits; whose they are; once, though sent twice; erased, and the record still proves itself.
"""

import base64
import contextlib
import glob
import hashlib
import io
import json
import os
import re
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz"))
import bundle_verifier
import make_bundles
from api_bed import Bed
from program import done, ok
from record import CONTRACT, World
from site_bed import Person, Site

IN = ["--contract", CONTRACT]
NOW = "2026-04-10T14:30:00Z"
MIB = 1 << 20
CANARY = b"canary-of-a-screenshot"
PNG = b"\x89PNG\r\n\x1a\n" + CANARY + bytes(range(256))
MAIL = b"Received: from a\r\nSubject: =?utf-8?q?printer?=\r\n\r\nit smokes \xff\r\n"
ID = "019d76f0-1180-7000-8000-0000000000"


def setup(folder):
    w = World(folder, "attachments", now=NOW).northwind()
    for handle, role in (("desk", "service-desk"), ("books", "finance")):
        w.must("user", "add", handle, "--role", role)
    w.must("user", "add", "alice", "--role", "signer", *IN)
    for handle, role in (("joe", "it-lead"), ("rosa", "requester"), ("bill", "billing")):
        w.must("user", "add", handle, "--role", role, *IN, "--as", "alice")
    for ticket, who in (("T-900", "joe"), ("T-901", "rosa")):
        w.must("fact", "add", "ticket.logged", f"ticket={ticket}", "service=helpdesk", "priority=P2", "via=person", f"summary=Printer of {ticket}", *IN,
               "--at", "2026-04-08T13:00Z", "--as", who)
    return w


def attach(w, ticket, *files, who="joe", more=()):
    return json.loads(w.must("ticket", "attach", ticket, *files, *IN, *more, "--as", who, "--json").out)["attached"]


def listed(w, ticket="T-900", who="desk"):
    return json.loads(w.must("ticket", "show", ticket, *IN, "--as", who, "--json").out)["attachments"]


def given(w, ticket, attachment, who="desk"):
    return w("ticket", "attachment", ticket, attachment, *IN, "-o", "-", "--as", who)


def drop(w, name):
    for path in glob.glob(w.path(f"{name}.*")):
        os.unlink(path)


def command_line(w):
    w.write("Bildschirm foto (1).png", PNG)
    w.write("mail.eml", MAIL)
    before = json.loads(w.must("ticket", "show", "T-900", *IN, "--as", "desk", "--json").out)
    got = attach(w, "T-900", "Bildschirm foto (1).png", "mail.eml")
    ok([(a["name"], a["type"], a["bytes"]) for a in got] == [("Bildschirmfoto1.png", "png", len(PNG)), ("mail.eml", "eml", len(MAIL))], "two files at once", got)
    ok(got[1]["entry"] == got[0]["entry"] + 1 and not got[0]["again"], "an entry each", got)
    there = listed(w)
    ok([a["attachment"] for a in there] == [a["attachment"] for a in got] and not there[0]["internal"], "the ticket lists them", there)
    after = json.loads(w.must("ticket", "show", "T-900", *IN, "--as", "desk", "--json").out)
    ok(all(after[k] == before[k] for k in ("ticket", "clocks", "facts", "credits")), "and nothing that a clock looks at has changed")
    for a, bytes_ in zip(got, (PNG, MAIL)):
        ok(given(w, "T-900", a["attachment"]).stdout == bytes_, f"{a['name']} comes back byte for byte")
    w.must("ticket", "attachment", "T-900", got[0]["attachment"], *IN, "-o", "out.png", "--as", "joe")
    ok(w.bytes("out.png") == PNG, "and into a file, for the other side, too")
    run = w("ticket", "attachment", "T-900", got[0]["attachment"], *IN, "--as", "joe")
    ok(run.returncode == 64 and "-o -" in run.err and not run.stdout, "without --output it says so", run.err)
    shown = w.must("ticket", "show", "T-900", *IN, "--as", "joe").out
    ok("ATTACHED FILES" in shown and "Bildschirmfoto1.png" in shown and "png" in shown, "as text", shown)
    ok("Bildschirmfoto1.png" not in w.must("ticket", "show", "T-900", *IN, "--as", "books").out, "without the right to words there is no name")
    run = given(w, "T-900", got[0]["attachment"], "books")
    ok(run.returncode == 64 and "PERSONAL_READ" in run.err, "and no file", run.err)
    run = w("ticket", "attach", "T-900", "-", "--name", "later.txt", *IN, "--as", "joe", stdin=b"from a pipe\n")
    ok(run.returncode == 0 and "later.txt is attached to T-900" in run.out, "from standard input, with a name", run.out, run.err)
    run = w("ticket", "attach", "T-900", "-", *IN, "--as", "joe", stdin=b"from a pipe\n")
    ok(run.returncode == 64 and "'name' is missing" in run.err, "but not without one", run.err)
    shown = w.must("log", "show", *IN, "--from", str(got[0]["entry"]), "--to", str(got[0]["entry"]), "--as", "joe").out
    ok("type=png" in shown or "png" in shown and "a file" in shown, "the log tells kind and size", shown)
    entry = json.loads(w.must("log", "show", *IN, "--json", "--from", str(got[0]["entry"]), "--to", str(got[0]["entry"])).out)["entry"]
    ok(entry["kind"] == "ticket_attached" and entry["body"] == {"bytes": len(PNG), "ticket": "T-900", "type": "png"} and
       sorted(entry["priv"]) == ["content", "name"], "the leaf has neither name nor bytes", entry)
    for name in ("acme.tenor", "acme.keys"):
        ok(CANARY not in w.bytes(name) and b"Bildschirmfoto" not in w.bytes(name), f"{name}: nothing readable")
    return got


def refused_kinds(w):
    count = len(listed(w))
    cases = [("a.svg", b"<svg/>"), ("a.html", b"<html>"), ("a.docm", b"PK\x03\x04"), ("a.exe", b"MZ"), ("a.png", b"<svg/>"), ("a.txt", b"<html>"),
             ("a.pdf", b"PK\x03\x04"), ("a.zip", b"%PDF-1.7"), ("noending", b"x")]
    for name, data in cases:
        w.write(name, data)
        run = w("ticket", "attach", "T-900", name, *IN, "--as", "joe")
        ok(run.returncode == 2 and name in run.err and "pdf, png, jpg" in run.err, f"{name} that begins {data[:5]!r} is refused", run.returncode, run.err)
    w.write("none.txt", b"")
    run = w("ticket", "attach", "T-900", "none.txt", *IN, "--as", "joe")
    ok(run.returncode == 2 and "empty" in run.err, "an empty file is refused", run.err)
    run = w("ticket", "attach", "T-900", "mail.eml", "a.svg", *IN, "--as", "joe")
    ok(run.returncode == 2 and len(listed(w)) == count, "one that is refused leaves none attached", run.err)
    run = w("ticket", "attach", "T-900", "no-such.txt", *IN, "--as", "joe")
    ok(run.returncode == 66 and "no-such.txt" in run.err, "no such file", run.returncode, run.err)
    run = w("ticket", "attach", "T-999", "mail.eml", *IN, "--as", "joe")
    ok(run.returncode == 66 and "there is no ticket 'T-999'" in run.err, "no such ticket", run.err)
    for ticket, attachment in (("T-900", "zz"), ("T-900", ID + "ff"), ("T-901", listed(w)[0]["attachment"])):
        run = given(w, ticket, attachment)
        ok(run.returncode == 66 and f"there is no attachment '{attachment}'" in run.err, f"no {attachment} on {ticket}", run.err)


def once(w):
    w.write("once.txt", b"once")
    w.write("twice.txt", b"twice")
    for _ in range(2):
        got = attach(w, "T-900", "once.txt", "twice.txt", more=("--id", ID + "01"))
    ok([a["again"] for a in got] == [True, True] and got[0]["attachment"] == ID + "01", "the same id again attaches nothing", got)
    ok([a["name"] for a in listed(w)].count("once.txt") == 1, "one of them is there")
    w.write("once.txt", b"one thing")
    run = w("ticket", "attach", "T-900", "once.txt", *IN, "--id", ID + "01", "--as", "joe")
    ok(run.returncode == 2 and "other content" in run.err, "another file under it is a conflict", run.returncode, run.err)
    run = w("ticket", "attach", "T-900", "once.txt", *IN, "--id", ID + "01", "--as", "desk")
    ok(run.returncode == 2, "and so is one of the other party", run.returncode)
    run = w("ticket", "attach", "T-900", "once.txt", *IN, "--id", "one", "--as", "joe")
    ok(run.returncode == 64 and "UUIDv7" in run.err, "an id is a UUID", run.err)


def sizes(w):
    w.must("fact", "add", "ticket.logged", "ticket=T-902", "service=helpdesk", "priority=P3", "via=person", *IN, "--at", "2026-04-08T13:00Z", "--as", "joe")
    w.write("most.zip", b"PK\x03\x04" + os.urandom(25 * MIB - 4))
    w.write("more.zip", b"PK\x03\x04" + bytes(25 * MIB - 3))
    run = w("ticket", "attach", "T-902", "more.zip", *IN, "--as", "joe")
    ok(run.returncode == 65 and "25 MiB" in run.err, "one byte more than 25 MiB is refused", run.returncode, run.err)
    got = attach(w, "T-902", "most.zip", "most.zip", "most.zip") + attach(w, "T-902", "most.zip")
    ok(hashlib.sha256(given(w, "T-902", got[0]["attachment"]).stdout).digest() == hashlib.sha256(w.bytes("most.zip")).digest(), "25 MiB come back")
    w.write("x.txt", b"x")
    run = w("ticket", "attach", "T-902", "x.txt", *IN, "--as", "joe")
    ok(run.returncode == 65 and "100 MiB" in run.err and "T-902" in run.err, "a ticket holds 100 MiB, and not one byte more", run.returncode, run.err)
    ok(attach(w, "T-902", "x.txt", who="desk", more=("--internal",))[0]["internal"], "what is internal counts for itself")
    run = w("ticket", "attach", "T-900", *["x.txt"] * 17, *IN, "--as", "joe")
    ok(run.returncode == 65 and "16" in run.err, "16 files at once", run.err)


def internal(w):
    w.write("between-us.txt", b"canary-between-us")
    engagement = json.loads(w.must("contract", "list", "--json").out)
    got = attach(w, "T-900", "between-us.txt", who="desk", more=("--internal",))[0]
    ok(json.loads(w.must("contract", "list", "--json").out) == engagement, "the engagement's log did not grow")
    ok(got["attachment"] in [a["attachment"] for a in listed(w) if a["internal"]], "the desk sees it")
    ok(given(w, "T-900", got["attachment"]).stdout == b"canary-between-us", "and reads it")
    w.must("ticket", "note", "T-900", "--words", "a note", *IN, "--as", "desk")
    shown = json.loads(w.must("ticket", "show", "T-900", *IN, "--as", "desk", "--json").out)
    ok([n.get("words") for n in shown["notes"]] == ["a note"], "a file is no note", shown["notes"])
    ok(given(w, "T-900", got["attachment"], "joe").err.replace(got["attachment"], "X") == given(w, "T-900", ID + "ee", "joe").err.replace(ID + "ee", "X"),
       "to a client it is as one that nobody has")
    w.must("export", "bundle", *IN, "--month", "2026-04", "--with-private", "-o", "joe.tar", "--as", "joe")
    bundle = b"".join(m.name.encode() + t.extractfile(m).read() for t in [tarfile.open(w.path("joe.tar"))] for m in t)
    outs = [w(*verb, *IN, "--as", "joe").stdout for verb in
            (["ticket", "show", "T-900"], ["ticket", "show", "T-900", "--json"], ["ticket", "show", "T-900", "--format", "html"],
             ["log", "show", "--from", "0", "--to", "9999"], ["log", "show", "--from", "0", "--to", "9999", "--json"], ["find", "between"])]
    for out in [bundle, *outs]:
        ok(b"between-us" not in out and got["attachment"].encode() not in out, "a client's answer has nothing of it", out[:200])
    run = w("ticket", "attach", "T-900", "between-us.txt", "--internal", *IN, "--as", "joe")
    ok(run.returncode == 64 and "WORK_WRITE" in run.err, "a client attaches none", run.err)
    return got


def whose(w):
    w.write("mine.txt", b"of rosa")
    mine = attach(w, "T-901", "mine.txt", who="rosa")[0]["attachment"]
    other = listed(w)[0]["attachment"]
    ok(given(w, "T-901", mine, "rosa").stdout == b"of rosa", "a requester has the files of its own ticket")
    for run, unknown in ((given(w, "T-900", other, "rosa"), given(w, "T-999", other, "rosa")),
                         (w("ticket", "attach", "T-900", "mine.txt", *IN, "--as", "rosa"), w("ticket", "attach", "T-999", "mine.txt", *IN, "--as", "rosa"))):
        ok(run.returncode == 66 and run.err.replace("T-900", "T-999") == unknown.err, "another's ticket is as one that is not there", run.err, unknown.err)
    run = given(w, "T-901", mine, "bill")
    ok(run.returncode == 64 and "PERSONAL_READ" in run.err, "billing reads no personal text", run.err)
    run = w("ticket", "attach", "T-901", "mine.txt", *IN, "--as", "books")
    ok(run.returncode == 64 and "TICKET_WRITE" in run.err, "finance attaches none", run.err)
    w.must("user", "add", "audra", "--role", "auditor")
    w.must("user", "grant", "audra", *IN, "--from", "2026-04", "--to", "2026-04")
    run = given(w, "T-901", mine, "audra")
    ok(run.returncode == 64 and "PERSONAL_READ" in run.err, "an auditor reads none without a grant for it", run.err)
    w.must("user", "grant", "audra", *IN, "--from", "2026-04", "--to", "2026-04", "--personal")
    ok(given(w, "T-901", mine, "audra").stdout == b"of rosa", "and with it those of its period")
    w.must("user", "grant", "audra", *IN, "--from", "2026-03", "--to", "2026-03", "--personal")
    run = given(w, "T-901", mine, "audra")
    ok(run.returncode in (64, 66) and not run.stdout, "but of no other", run.returncode, run.err)


def bundled(w, got):
    w.must("trust", "add", *[k["vkey"] for k in json.loads(w.must("log", "keys", *IN, "--json").out)][:1], "--trust", "trust")
    w.must("export", "bundle", *IN, "--month", "2026-04", "-o", "plain.tnb", "--as", "joe")
    w.must("export", "bundle", *IN, "--month", "2026-04", "--with-private", "-o", "all.tnb", "--as", "joe")
    data = w.bytes("all.tnb")
    files = bundle_verifier.read_tar(data)
    about = json.loads(files.pop("bundle.json"))
    name = f"private/{got[0]['attachment']}.content.json"
    opened = json.loads(files[name])
    keys = [bundle_verifier.Key(line) for line in w.bytes("trust").decode().splitlines() if line]
    ok(base64.b64decode(opened["base64"]) == PNG and sorted(opened) == ["base64", "salt"], "a bundle with private texts has the file", sorted(opened))
    ok(not any(n.startswith("private/") for n in bundle_verifier.read_tar(w.bytes("plain.tnb"))), "one without has none")

    def verify(changed):
        listing = dict(about, files=[{"length": len(changed[n]), "name": n, "sha256": hashlib.sha256(changed[n]).hexdigest()}
                                     for n in sorted(changed, key=str.encode)])
        w.write("case.tnb", make_bundles.tar({**changed, "bundle.json": make_bundles.canonical(listing)}))
        with contextlib.redirect_stdout(io.StringIO()):
            second = bundle_verifier.verify(w.bytes("case.tnb"), keys, False)
        return w("verify", "case.tnb", "--trust", "trust"), second

    run, second = verify(files)
    ok(run.returncode == 0 and re.search(r"6 commitments: passed: \d+ slots", run.out) and second == 0, "both verifiers open it", run.out, second)
    altered = dict(opened, base64=base64.b64encode(PNG[:-1] + b"!").decode())
    run, second = verify({**files, name: make_bundles.canonical(altered)})
    ok(run.returncode == 1 and name in run.out and second == 1, "one other byte: both name it", run.out, second)
    run, second = verify({**files, name: make_bundles.canonical({"bytes": "x", "salt": opened["salt"]})})
    ok(run.returncode == 1 and "base64" in run.out and second == 1, "words in the place of a file are none", run.out, second)
    run, second = verify({**files, name: make_bundles.canonical(dict(opened, base64=opened["base64"] + "="))})
    ok(run.returncode == 1 and second == 1, "base64 that is none", run.out, second)


def kept_and_erased(w, got, inside):
    ok(w("doctor").returncode == 0, "the record is sound", w("doctor").out)
    w.must("backup", "copy")
    w.must("restore", "copy", "--workspace", "back.tenor")
    run = w("ticket", "attachment", "T-900", got[0]["attachment"], *IN, "-o", "-", "--as", "desk", "--workspace", "back.tenor")
    ok(run.stdout == PNG, "a backup that is restored has the file", run.err)
    drop(w, "back")
    w.must("rebuild")
    ok(listed(w)[0]["name"] == "Bildschirmfoto1.png" and w("doctor").returncode == 0, "rebuilt, the ticket lists them still", listed(w)[:1])
    entry = json.loads(w.must("log", "show", *IN, "--json", "--from", str(got[0]["entry"]), "--to", str(got[0]["entry"])).out)["entry"]
    logged = next(e for e in (json.loads(line)["entry"] for line in w.must("log", "show", *IN, "--json", "--from", "0", "--to", "9999").out.splitlines())
                  if e["kind"] == "ticket.logged" and e["body"].get("ticket") == "T-900")
    subject = entry["priv"]["content"]["subject"]
    ok(subject == entry["priv"]["name"]["subject"] == logged["priv"]["summary"]["subject"], "under the subject of the ticket's words")
    mine = w.must("statement", *IN, "--month", "2026-04", "--json").out
    w.must("erase", "--subject", subject, "--as", "alice")
    there = [a for a in listed(w) if "erased_at" in a]
    ok(len(there) == len(listed(w)) and all("name" not in a and a["bytes"] > 0 for a in there), "erased: kind and size stay, name and bytes are gone", listed(w))
    ok("erased on" in w.must("ticket", "show", "T-900", *IN, "--as", "joe").out, "and the ticket says so")
    for a in (got[0], got[1], inside):
        run = given(w, "T-900", a["attachment"])
        ok(run.returncode == 66 and "erased on 2026-04-10" in run.err and not run.stdout, f"{a['name']} is gone", run.err)
    ok(w("doctor").returncode == 0, "the record proves itself", w("doctor").out)
    ok(w.must("statement", *IN, "--month", "2026-04", "--json").out == mine, "no number has changed")
    w.must("export", "bundle", *IN, "--month", "2026-04", "--with-private", "-o", "after.tnb", "--as", "joe")
    after = bundle_verifier.read_tar(w.bytes("after.tnb"))
    ok(not any(got[0]["attachment"] in n for n in after) and w("verify", "after.tnb", "--trust", "trust").returncode == 0, "a bundle has it no longer, and verifies")
    again = attach(w, "T-900", "twice.txt", more=())
    ok(given(w, "T-900", again[0]["attachment"]).stdout == b"twice", "what is attached afterwards is there")
    w.must("restore", "copy", "--keys", "acme.keys", "--accept-loss", "--workspace", "later.tenor")
    run = w("ticket", "attachment", "T-900", got[0]["attachment"], *IN, "-o", "-", "--as", "desk", "--workspace", "later.tenor")
    ok(run.returncode == 66 and "erased on" in run.err, "and an older backup, restored with the keys of now, does not bring the erased back", run.err)
    drop(w, "later")


def main():
    with tempfile.TemporaryDirectory() as folder:
        w = setup(folder)
        got = command_line(w)
        refused_kinds(w)
        once(w)
        inside = internal(w)
        whose(w)
        bundled(w, got)
        kept_and_erased(w, got, inside)
        sizes(w)
    done()


main()
