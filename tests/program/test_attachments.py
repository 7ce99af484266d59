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
import http.client
import io
import json
import os
import re
import sys
import tarfile
import tempfile
import urllib.parse

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz"))
import bundle_verifier
import make_bundles
from api_bed import PATIENCE, Bed
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


def only_so(w):
    """There is no other way to say that a file is there; and a file is found by its name, by whoever may read it."""
    run = w("fact", "add", "ticket_attached", "ticket=T-900", "type=png", "bytes=1", *IN, "--as", "desk")
    ok(run.returncode == 2 and "written by Tenor itself" in run.err, "nobody reports one without its bytes", run.err)
    w.write("facts.jsonl", b'{"id":"x1","kind":"ticket_attached","occurred_at":"2026-04-09T00:00:00Z","ticket":"T-900","type":"png","bytes":5}\n')
    run = w("import", *IN, "facts.jsonl")
    ok("written by Tenor, not by files" in run.out and "0 facts recorded" in run.out, "and no file of facts does", run.out, run.err)
    found = json.loads(w.must("find", "bildschirmfoto1", "--as", "desk", "--json").out)["found"]
    ok([(f["kind"], f["id"]) for f in found] == [("ticket", "T-900")], "a ticket is found by the name of its file", found)
    ok(not json.loads(w.must("find", "bildschirmfoto1", "--as", "books", "--json").out)["found"], "by whoever may read names")


def behind_the_table(w):
    """Once there is a table of tickets, a file is the first that the entries behind it say of its ticket (docs/decisions/0018)."""
    probes = [{"id": f"p{i}", "kind": "probe.sample", "occurred_at": f"2026-04-0{i % 9 + 1}T{i % 24:02}:{i % 60:02}:00Z", "asset": "records", "state": "up"}
              for i in range(600)]
    w.write("probes.jsonl", "".join(json.dumps(p) + "\n" for p in probes).encode())
    w.must("import", *IN, "probes.jsonl", "--source", "probes")
    w.write("late.txt", b"late")
    got = attach(w, "T-900", "late.txt")[0]["attachment"]
    ok(got in [a["attachment"] for a in listed(w)] and given(w, "T-900", got).stdout == b"late", "a file behind the table of tickets is listed and given")
    ok(w("doctor").returncode == 0, "and the table is as the entries make it")


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


# --- over HTTP ---

API = "/api/v1/contracts/NW-2026/tickets/"


def post(bed, path, data, kind, who="northwind", **query):
    return bed.ask("POST", path + "?" + urllib.parse.urlencode(query), who, data, Content_Type=kind)


def head_only(bed, path, length):
    connection = http.client.HTTPConnection(bed.host, timeout=PATIENCE)
    connection.putrequest("POST", path)
    for name, value in (("Authorization", f"Bearer {bed.tokens['northwind']}"), ("Content-Type", "application/zip"), ("Content-Length", str(length))):
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def by_api(bed):
    files = API + "T-900/attachments"
    got = post(bed, files, PNG, "image/png", id=ID + "10", name="screen.png")
    ok(got.status == 201 and got.json()["attached"][0]["attachment"] == ID + "10" and "idempotent-replayed" not in got.headers, "POST attaches the body", got)
    again = bed.ask("POST", files + "?name=screen.png", "northwind", PNG, Content_Type="image/png", Idempotency_Key=ID + "10")
    ok(again.status == 201 and again.headers.get("idempotent-replayed") == "true" and again.json()["attached"][0]["entry"] == got.json()["attached"][0]["entry"],
       "sent again, by its key: the first answer", again)
    shown = bed.get(API + "T-900").json()["attachments"]
    ok([(a["attachment"], a["name"], a["bytes"]) for a in shown] == [(ID + "10", "screen.png", len(PNG))], "and one attachment", shown)
    got = bed.get(f"{files}/{ID}10")
    h = got.headers
    ok(got.status == 200 and got.body == PNG, "GET gives the file", got.status)
    ok(h["content-type"] == "application/octet-stream" and h["content-disposition"] == 'attachment; filename="screen.png"' and h["x-content-type-options"] == "nosniff" and
       h["content-security-policy"] == "default-src 'none'; sandbox" and h["cache-control"] == "no-store", "to be saved, and run nowhere", h)
    for name, got, status, code in (
            ("another file under the id", post(bed, files, PNG + b"!", "image/png", id=ID + "10", name="screen.png"), 422, "id_conflict"),
            ("no id", post(bed, files, PNG, "image/png", name="screen.png"), 400, "usage"),
            ("no name", post(bed, files, PNG, "image/png", id=ID + "11"), 400, "usage"),
            ("no bytes", post(bed, files, b"", "image/png", id=ID + "11", name="screen.png"), 400, "usage"),
            ("another type", post(bed, files, b"<svg/>", "image/svg+xml", id=ID + "11", name="a.svg"), 415, "content_type"),
            ("another type by its name", post(bed, files, b"<svg/>", "image/png", id=ID + "11", name="a.svg"), 415, "content_type"),
            ("another type by its bytes", post(bed, files, b"<svg/>", "image/png", id=ID + "11", name="a.png"), 415, "content_type"),
            ("too much", post(bed, files, b"PK\x03\x04" + bytes(25 * MIB - 3), "application/zip", id=ID + "11", name="a.zip"), 413, None),
            ("no ticket", post(bed, API + "T-999/attachments", PNG, "image/png", id=ID + "11", name="a.png"), 404, None),
            ("a token that may not write", post(bed, files, PNG, "image/png", "reader", id=ID + "11", name="a.png"), 403, "right"),
            ("a token that is for other kinds", post(bed, files, PNG, "image/png", "probes", id=ID + "11", name="a.png"), 403, "right"),
            ("internal, by a client", post(bed, files, PNG, "image/png", id=ID + "11", name="a.png", internal="true"), 403, "right"),
            ("reading without the right", bed.get(f"{files}/{ID}10", "reader"), 403, "right")):
        ok(got.status == status and (code is None or got.json()["code"] == code), f"{name}: {status}", got)
    ok(len(bed.get(API + "T-900").json()["attachments"]) == 1, "none of these attached anything")
    # refused by what its head says, before it comes
    for path, status in ((files, 413), (API + "T-900/notes", 413)):
        ok(head_only(bed, path, 25 * MIB + 64 * 1024 + 1) == status, f"a body of 25 MiB and more: {status}")
    most = b"PK\x03\x04" + os.urandom(25 * MIB - 4)
    got = post(bed, files, most, "application/zip", id=ID + "12", name="most.zip")
    ok(got.status == 201 and bed.get(f"{files}/{ID}12").body == most, "25 MiB go in and come out", got)
    got = post(bed, files, b"canary-inside", "text/plain", "provider", id=ID + "13", name="inside.txt", internal="true")
    ok(got.status == 201 and bed.get(f"{files}/{ID}13").body == b"canary-inside", "internal, for the provider", got)
    ok(bed.get(f"{files}/{ID}13", "northwind").plain() == bed.get(f"{files}/{ID}99".replace("99", "1f"), "northwind").plain(), "and for a client as none")
    for who in ("harbour", "one"):
        foreign, unknown = bed.get(f"{files}/{ID}10", who), bed.get(f"{files}/{ID}10".replace("NW-2026", "NX-2026"), who)
        ok(foreign.plain() == unknown.plain() and CANARY not in foreign.body, f"to {who} it is as one that nobody has", foreign, unknown)
        a, b = (post(bed, p, PNG, "image/png", who, id=ID + "14", name="a.png") for p in (files, files.replace("NW-2026", "NX-2026")))
        ok(a.plain() == b.plain() and a.status == 404, "and nothing is attached there", a, b)


def form_of(person, path):
    page = person.get(path)[2]
    return {name: re.search(rb'name="' + name.encode() + rb'" value="([^"]+)"', page).group(1).decode() for name in ("form", "id")}, page


def by_page(site, bed):
    ana, desk, hal = (Person(site, h).sign_in() for h in ("ana", "desk", "hal"))
    path = "/c/NW-2026/tickets/T-901"
    fields, page = form_of(ana, path + "/attach")
    ok(b'type="file"' in page and b"multiple" in page and b'name="internal"' not in page and b"25 MiB" in page, "a client's form has files and nothing internal")
    files = [("file", "Desktop/screen 1.png", "image/png", PNG), ("file", "mail.eml", "message/rfc822", MAIL)]
    for _ in range(2):
        got = ana.ask("POST", path + "/attach", fields, files)
        ok(got[0] == 303 and got[1]["location"] == path + "?done=1", "two files are attached", got[0], got[2][-400:])
    there = json.loads(bed.must("ticket", "show", "T-901", *IN, "--as", "desk", "--json"))["attachments"]
    ok([a["name"] for a in there] == ["screen1.png", "mail.eml"], "once, though sent twice", there)
    page = desk.get(path)[2].decode()
    link = re.search(r'href="(/c/NW-2026/tickets/T-901/attachments/[0-9a-f-]{36})">screen1.png<', page)
    ok(link is not None and f"{path}/attach" in page, "the page lists them", page[-1500:])
    status, head, body = desk.get(link.group(1))
    ok(status == 200 and body == PNG and head["content-disposition"] == 'attachment; filename="screen1.png"' and head["x-content-type-options"] == "nosniff" and
       head["content-security-policy"] == "default-src 'none'; sandbox", "and gives them", status, head)
    ok(desk.ask("POST", link.group(1), fields)[0] in (403, 405), "it is read only")
    unknown = link.group(1)[:-2] + "zz"
    a, b = hal.get(link.group(1)), hal.get(unknown)
    ok(a[0] == b[0] == 404 and CANARY not in a[2], "another client finds none", a[0], b[0])
    answered(ana, path, bed)
    refused_by_page(ana, desk, path, bed)


def answered(ana, path, bed):
    """Words and a file in one turn."""
    fields, page = form_of(ana, path + "/answer")
    ok(b'type="file"' in page, "the form of an answer takes files, too")
    fields["words"] = "see the picture"
    bad = [("file", "a.svg", "image/svg+xml", b"<svg/>")]
    status, _, page = ana.ask("POST", path + "/answer", fields, bad)
    ok(status == 415 and b"see the picture" in page and b"a.svg" in page and fields["id"].encode() in page, "what is refused comes back with what was typed", status)
    shown = json.loads(bed.must("ticket", "show", "T-901", *IN, "--as", "desk", "--json"))
    ok("see the picture" not in str(shown["facts"]), "and nothing was recorded")
    for _ in range(2):
        got = ana.ask("POST", path + "/answer", fields, [("file", "answer.txt", "text/plain", b"lines")])
        ok(got[0] == 303, "the answer with its file", got[0], got[2][-400:])
    shown = json.loads(bed.must("ticket", "show", "T-901", *IN, "--as", "desk", "--json"))
    ok([a["name"] for a in shown["attachments"]].count("answer.txt") == 1 and str(shown["facts"]).count("see the picture") == 1, "both are there, once", shown)
    fields, _ = form_of(ana, path + "/answer")
    got = ana.ask("POST", path + "/answer", {**fields, "words": "no picture"}, [("file", "", "application/octet-stream", b"")])
    ok(got[0] == 303 and "no picture" in bed.must("ticket", "show", "T-901", *IN, "--as", "desk"), "a browser's empty field is no file", got[0], got[2][-300:])


def refused_by_page(ana, desk, path, bed):
    count = len(json.loads(bed.must("ticket", "show", "T-901", *IN, "--as", "desk", "--json"))["attachments"])
    fields, _ = form_of(ana, path + "/attach")
    for name, data, status in (("a.html", b"<html>", 415), ("a.docm", b"PK\x03\x04", 415), ("none.txt", b"", 422)):
        got = ana.ask("POST", path + "/attach", fields, [("file", name, "text/plain", data)])
        ok(got[0] == status and name.encode() in got[2], f"{name}: {status} and its reason", got[0], got[2][-600:])
    got = ana.ask("POST", path + "/attach", fields, [])
    ok(got[0] == 400 and b"no file" in got[2], "a form without a file", got[0])
    got = ana.ask("POST", path + "/attach", {**fields, "internal": "true"}, [("file", "a.txt", "text/plain", b"a")])
    ok(got[0] == 403, "a client's people attach nothing internal", got[0])
    got = ana.ask("POST", path + "/attach", fields, [("file", "a.zip", "application/zip", b"PK\x03\x04" + bytes(25 * MIB - 3))])
    ok(got[0] == 413 and b"25 MiB" in got[2], "one byte more than 25 MiB", got[0])
    got = ana.ask("POST", path + "/attach", {**fields, "form": "x" * 43}, [("file", "a.txt", "text/plain", b"a")])
    ok(got[0] == 403, "without the form's token", got[0])
    ok(len(json.loads(bed.must("ticket", "show", "T-901", *IN, "--as", "desk", "--json"))["attachments"]) == count, "none of these attached anything")
    got = ana.ask("POST", path + "/attach", fields, [("file", "most.zip", "application/zip", b"PK\x03\x04" + bytes(25 * MIB - 4))])
    ok(got[0] == 303, "25 MiB by a form", got[0], got[2][-300:])
    fields, page = form_of(desk, path + "/attach")
    ok(b'name="internal"' in page, "the desk may keep a file to itself")
    got = desk.ask("POST", path + "/attach", {**fields, "internal": "true"}, [("file", "inside.txt", "text/plain", b"canary-inside")])
    mine, theirs = desk.get(path)[2], ana.get(path)[2]
    ok(got[0] == 303 and b"inside.txt" in mine and b"inside.txt" not in theirs, "and the client's page does not have it", got[0])
    link = re.search(rb'href="([^"]+)">inside.txt<', mine).group(1).decode()
    ok(desk.get(link)[2] == b"canary-inside" and ana.get(link)[0] == 404, "nor its bytes")


def served():
    with tempfile.TemporaryDirectory() as folder, Bed(folder, start=False) as bed:
        for ticket in ("T-900", "T-901"):
            bed.must("fact", "add", "ticket.logged", f"ticket={ticket}", "service=helpdesk", "priority=P2", "via=person", "summary=Printer", *IN, "--as", "ana")
        site = Site(bed)
        bed.host = site.host
        try:
            by_api(bed)
            by_page(site, bed)
        finally:
            site.stop()
        ok(bed.tenor("doctor", "--workspace", bed.workspace, "--key", bed.key).returncode == 0, "the record is sound")
        with open(os.path.join(folder, "site-log"), encoding="utf-8", errors="replace") as f:
            log = f.read()
        ok("died" not in log and "screen" not in log and "canary" not in log, "no worker died, and the log of operation names no file", log[-800:])


def main():
    with tempfile.TemporaryDirectory() as folder:
        w = setup(folder)
        got = command_line(w)
        refused_kinds(w)
        only_so(w)
        once(w)
        inside = internal(w)
        whose(w)
        bundled(w, got)
        kept_and_erased(w, got, inside)
        behind_the_table(w)
        sizes(w)
    served()
    done()


main()
