#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Health data on tickets (trust.md P10, docs/decisions/0025): there only under a business associate agreement; the client's people read it, of the
provider's nobody until an owner or the service desk opens it with a reason, for a quarter of an hour and for that person; the record, the install log and
the client's signers are told.
"""

import base64
import datetime
import io
import json
import os
import re
import sys
import tarfile
import tempfile

sys.dont_write_bytecode = True
from api_bed import Bed
from program import done, ok
from record import CONTRACT, EXAMPLES, World
from site_bed import Person, Site
from smtp_server import Smtp

IN = ["--contract", CONTRACT]
NOW, THEN, SOON, LATER, OVER = (f"2026-04-10T{t}Z" for t in ("14:30:00", "15:00:00", "15:10:00", "15:14:59", "15:15:00"))
CANARY = "canaryhiv positive ward seven"
ID = "019d76f0-1180-7000-8000-000000000077"
BAA = """  - id: baa
    kind: baa
    title: Business associate agreement
    library: tenor_baa@1
"""


def contract_with_agreement(w):
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    assert "kind: baa" not in text
    text = text.replace("\nparties:", "\n" + BAA + "\nparties:", 1)
    assert "kind: baa" in text
    return w.write("with-baa.yaml", text.encode())


def people(w):
    for handle, role in (("desk", "service-desk"), ("tina", "technician"), ("carl", "contract-manager"), ("books", "finance")):
        w.must("user", "add", handle, "--role", role)
    w.must("user", "add", "alice", "--role", "signer", *IN)
    for handle, role in (("joe", "it-lead"), ("rosa", "requester"), ("sid", "signer")):
        w.must("user", "add", handle, "--role", role, *IN, "--as", "alice")


def log_ticket(w, who="joe", ticket="T-900"):
    return w("fact", "add", "ticket.logged", f"ticket={ticket}", "service=helpdesk", "priority=P2", "via=person", "summary=Monitor is blank", f"health={CANARY}",
             *IN, "--at", "2026-04-08T13:00Z", "--as", who)


def show(w, who, **more):
    return json.loads(w.must("ticket", "show", "T-900", *IN, "--as", who, "--json", **more).out)


def open_it(w, who="desk", *more, code="care", why="ward 3 waits", ticket="T-900", now=NOW):
    return w("ticket", "emergency", ticket, "--reason-code", code, "--reason", why, *IN, "--as", who, *more, now=now)


def without_agreement(folder):
    w = World(folder, "none", now=NOW).northwind(facts=False)
    people(w)
    run = log_ticket(w)
    ok(run.returncode != 0 and "business associate agreement" in run.err + run.out and "baa" in run.err + run.out, "without an agreement there is no such field", run.out, run.err)
    ok("T-900" not in w.must("ticket", "list", *IN, "--state", "all", "--as", "desk").out, "and nothing was recorded")
    w.must("fact", "add", "ticket.logged", "ticket=T-900", "summary=Monitor is blank", *IN, "--as", "joe")
    run = open_it(w)
    ok(run.returncode == 2 and "no health data" in run.err, "nor is there anything to open", run.err)
    run = attach(w, "report.pdf", PDF, "--health")
    ok(run.returncode == 2 and "business associate agreement" in run.err and show(w, "joe")["attachments"] == [], "nor is a file marked so", run.out, run.err)


def covered(w):
    run = log_ticket(w)
    ok(run.returncode == 0, "with one there is", run.err)
    entry = [json.loads(x)["entry"] for x in w.must("log", "show", *IN, "--json").out.splitlines()][-1]
    ok(set(entry["priv"]) == {"health", "summary"} and CANARY not in json.dumps(entry), "the leaf has a commitment", entry)
    for who in ("desk", "tina", "carl", "owner", "books"):
        got = show(w, who)
        text = w.must("ticket", "show", "T-900", *IN, "--as", who).out
        fact = got["facts"][0]
        ok(CANARY not in json.dumps(got) + text, f"{who} does not read it")
        if who != "books":
            ok(fact["covered"] and got["health"] == "covered" and fact["fields"]["summary"] == "Monitor is blank" and "covered" in text,
               f"{who} sees that it is there, and reads the rest", got["facts"], text)
    for who in ("joe", "alice"):
        got = show(w, who)
        ok(got["facts"][0]["fields"]["health"] == CANARY and got["health"] == "open" and "covered" not in got["facts"][0], f"{who} of the client reads it", got)
        ok("canaryhiv" in w.must("ticket", "show", "T-900", *IN, "--as", who).out, "as text")
    for what in ("canaryhiv", "Monitor"):
        found = json.loads(w.must("find", what, "--as", "desk", "--json").out)
        hits = [x for x in json.dumps(found).split('"') if x == "T-900"]
        ok((hits == []) == (what == "canaryhiv"), f"find {what}", found)
    ok("T-900" not in w.must("find", "canaryhiv", "--as", "joe").out, "nor is it in the index for anybody")
    for who in ("owner", "carl"):
        shown = w.must("log", "show", *IN, "--as", who).out
        ok(CANARY not in shown and "health data, covered" in shown, f"log show as {who}", shown[-600:])
    ok(CANARY in w.must("log", "show", *IN, "--as", "joe").out, "log show as the client")


def bundles(w, who, has):
    held = b"".join(private_of(w, who).values())
    ok((CANARY.encode() in held) == has and b"Monitor is blank" in held, f"the bundle of {who} {'has' if has else 'has not'} health data")


PDF = b"%PDF-1.4\n" + CANARY.encode() + b" report\n%%EOF\n"
FILE = "019d76f0-1180-7000-8000-000000000078"


def attach(w, name, data, *more, who="joe", **options):
    w.write(name, data)
    return w("ticket", "attach", "T-900", name, *IN, "--as", who, *more, **options)


def fetch(w, who, attachment=FILE, **options):
    return w("ticket", "attachment", "T-900", attachment, "-o", "-", *IN, "--as", who, **options)


def files(w):
    """A file that is marked is covered as such a text is, name and bytes."""
    run = attach(w, "hiv-report.pdf", PDF, "--health", "--id", FILE)
    ok(run.returncode == 0 and "as health data" in run.out, "a file is marked as health data", run.out, run.err)
    run = attach(w, "hiv-report.pdf", PDF, "--health", "--id", FILE)
    ok(run.returncode == 0 and "was attached before" in run.out, "the same again is the same file", run.out, run.err)
    run = attach(w, "hiv-report.pdf", PDF, "--id", FILE)
    ok(run.returncode != 0 and "other content" in run.err, "without the mark it is another one", run.out, run.err)
    run = attach(w, "plain.pdf", b"%PDF-1.4\nmonitor\n%%EOF\n")
    ok(run.returncode == 0, "another one beside it is not marked", run.err)
    run = attach(w, "note.txt", b"seen\n", "--health", "--internal", who="desk")
    ok(run.returncode == 64 and "leave one out" in run.err, "among the provider's own people there is none", run.err)
    entry = next(e for e in (json.loads(x)["entry"] for x in w.must("log", "show", *IN, "--json").out.splitlines()) if e["id"] == FILE)
    ok(set(entry["priv"]) == {"health", "health_content"} and len({x["subject"] for x in entry["priv"].values()}) == 1 and "hiv" not in json.dumps(entry),
       "the leaf has two commitments, and no name", entry)
    for who in ("desk", "tina", "carl", "owner", "books"):
        got, text = show(w, who), w.must("ticket", "show", "T-900", *IN, "--as", who).out
        one = next(x for x in got["attachments"] if x["attachment"] == FILE)
        ok("hiv-report" not in json.dumps(got) + text and one["health"] and one["covered"] and one["type"] == "pdf", f"{who} sees that it is there, and no name", one)
        if who != "books":
            ok("plain.pdf" in text, f"{who} sees the other one", text)
            run = fetch(w, who)
            ok(run.returncode == 64 and "covered" in run.err and CANARY.encode() not in run.stdout, f"and is not given it: {who}", run.err)
    for who in ("joe", "alice"):
        one = next(x for x in show(w, who)["attachments"] if x["attachment"] == FILE)
        ok(one["name"] == "hiv-report.pdf" and one["health"] and "covered" not in one and fetch(w, who).stdout == PDF, f"{who} of the client has it whole", one)
    for what in ("hiv-report", "report"):
        ok("T-900" not in w.must("find", what, "--as", "joe").out + w.must("find", what, "--as", "desk").out, f"find {what}: its name is in no index")
    for who in ("owner", "carl"):
        ok("hiv-report" not in w.must("log", "show", *IN, "--as", who).out, f"log show as {who}")
    ok("hiv-report" in w.must("log", "show", *IN, "--as", "joe").out, "log show as the client")
    for who, has in (("joe", True), ("owner", False)):
        held = private_of(w, who)
        ok((f"private/{FILE}.health_content.json" in held and base64.b64decode(json.loads(held[f"private/{FILE}.health_content.json"])["base64"]) == PDF
            and f"private/{FILE}.health.json" in held) == has and any(CANARY.encode() in x for x in held.values()) == has, f"the bundle of {who}", list(held))
        w.write("trust", next(x for x in w.must("log", "keys", *IN).out.split() if "/log/" in x).encode() + b"\n")
        run = w("verify", f"{who}.tnb", "--trust", "trust")
        ok(run.returncode == 0, "its slots are what the entries committed to", run.out, run.err)
    ok("sound inside" in w.must("doctor").out, "and the workspace is sound")


def file_opened(w):
    """After an emergency access, to that person, for its time."""
    run = open_it(w, "desk", now=THEN)
    ok(run.returncode == 0, "the desk opens it", run.err)
    one = next(x for x in show(w, "desk", now=SOON)["attachments"] if x["attachment"] == FILE)
    ok(one["name"] == "hiv-report.pdf" and fetch(w, "desk", now=LATER).stdout == PDF and fetch(w, "desk", now=OVER).returncode == 64 and
       fetch(w, "owner", now=SOON).returncode == 64, "and has name and bytes, until a quarter of an hour is over, alone", one)


def only_a_file(w):
    """A ticket whose one piece of health data is a file can be opened, too."""
    w.must("fact", "add", "ticket.logged", "ticket=T-901", "summary=Printer", *IN, "--as", "joe")
    run = open_it(w, ticket="T-901")
    ok(run.returncode == 2 and "no health data" in run.err, "there is none yet", run.err)
    w.write("scan.png", b"\x89PNG\r\n\x1a\n" + CANARY.encode())
    w.must("ticket", "attach", "T-901", "scan.png", "--health", *IN, "--as", "joe")
    text = w.must("ticket", "show", "T-901", *IN, "--as", "desk").out
    ok("covered" in text and "scan.png" not in text, "the desk is told that it is there", text)
    ok(open_it(w, ticket="T-901").returncode == 0 and "scan.png" in w.must("ticket", "show", "T-901", *IN, "--as", "desk").out, "and opens it")


def private_of(w, who):
    name = f"{who}.tnb"
    w.must("export", "bundle", *IN, "--month", "2026-03", "--with-private", "-o", name, "--as", who)
    with tarfile.open(fileobj=io.BytesIO(w.bytes(name))) as t:
        return {m.name: t.extractfile(m).read() for m in t.getmembers() if m.name.startswith("private/")}


def refused(w):
    for who in ("tina", "carl", "books", "joe", "alice"):
        run = open_it(w, who)
        ok(run.returncode == 64 and "EMERGENCY_ACCESS" in run.err, f"{who} has not the right", run.err)
    for args, status, words in (({"code": "because"}, 64, "is no reason"), ({"why": "  "}, 64, "reason"), ({"why": "x" * 501}, 64, "501 bytes"),
                                ({"ticket": "T-1"}, 66, "no ticket 'T-1'")):
        run = open_it(w, **args)
        ok(run.returncode == status and words in run.err, f"refused: {args}", run.err)
    ok(open_it(w, why="x" * 500, now=NOW).returncode == 0, "500 bytes are a reason")
    run = w("ticket", "emergency", "T-900", "--reason-code", "care", *IN, "--as", "desk")
    ok(run.returncode == 64 and "--reason" in run.err, "without a reason it is not opened", run.err)
    ok(show(w, "desk", now=THEN)["health"] == "covered", "half an hour later it is covered again")


def opened(w, smtp):
    w.now = THEN
    run = open_it(w, "desk", "--id", ID, now=THEN)
    ok(run.returncode == 0 and "15:15" in run.out, "the desk opens it", run.out, run.err)
    for now in (THEN, SOON, LATER):
        got = show(w, "desk", now=now)
        ok(got["facts"][0]["fields"]["health"] == CANARY and got["health"] == "2026-04-10T15:15:00Z", f"and reads it at {now}", got["facts"][0], got.get("health"))
    text = w.must("ticket", "show", "T-900", *IN, "--as", "desk", now=SOON).out
    ok("canaryhiv" in text and "is open to you until" in text, "as text", text)
    ok(CANARY not in json.dumps(show(w, "desk", now=OVER)) and show(w, "desk", now=OVER)["health"] == "covered", "until a quarter of an hour is over")
    ok(CANARY not in json.dumps(show(w, "owner", now=SOON)), "it is open to that person alone")
    bundles(w, "owner", False)
    run = open_it(w, "desk", "--id", ID, now=SOON)
    ok(run.returncode == 0 and "15:15" in run.out, "the same id again is the same access", run.out, run.err)
    run = open_it(w, "owner", "--id", ID, now=SOON)
    ok(run.returncode != 0 and "somebody else" in run.err, "and nobody else's", run.err)
    entries = [json.loads(x)["entry"] for x in w.must("log", "show", *IN, "--json").out.splitlines()]
    mine = [e for e in entries if e["kind"] == "emergency_access"]
    ok(len(mine) == 2 and mine[1]["body"] == {"reason_code": "care", "ticket": "T-900"} and mine[1]["party"] == "provider" and set(mine[1]["priv"]) == {"reason"},
       "the record says so", mine)
    got = show(w, "joe")["accesses"]
    ok([(x["reason_code"], x["reason"]) for x in got] == [("care", "x" * 500), ("care", "ward 3 waits")], "the ticket lists them", got)
    ok("reason" not in show(w, "books").get("accesses", [{}])[-1], "without the right to words there is no reason")
    ok("ward 3" in w.must("ticket", "show", "T-900", *IN, "--as", "joe").out, "with the reason, to the client")
    install = [json.loads(x)["entry"] for x in w.must("log", "show", "--install", "--json").out.splitlines()]
    did = [e for e in install if e["kind"] == "action_done" and e["body"]["action"] == "ticket emergency"]
    ok(len(did) == 2 and did[1]["body"]["object"] == ID and did[1]["actor"] == mine[1]["actor"], "so does the install log (O2)", did)
    ok("ticket emergency" in w.must("audit", "--as", "owner").out, "and Audit")
    w.now = SOON
    w.must("outbox", "send", now=SOON)
    mails = [m for m in smtp.came if "emergency" in m["Subject"]]
    ok(sorted(m.to[0] for m in mails) == ["<alice@northwind.example>"] * 2 + ["<sid@northwind.example>"] * 2, "the client's signers are told, each access", [m.to for m in smtp.came])
    ok(all("T-900" in m.text and "/c/NW-2026/tickets/T-900" in m.text and CANARY not in m.text and "ward" not in m.text for m in mails), "and the mail says no more than that")
    run = w("doctor")
    ok("sound inside" in run.out, "the workspace is sound", run.out, run.err)


class Agreed(Bed):
    """The contract of Northwind has an agreement, that of the school has none."""

    def contract(self, old, new):
        path = super().contract(old, new)
        if new == CONTRACT:
            with open(path, encoding="utf-8") as f:
                text = f.read()
            with open(path, "w", encoding="utf-8") as f:
                f.write(text.replace("\nparties:", "\n" + BAA + "\nparties:", 1))
        return path


def programs_and_pages(folder):
    bed = Agreed(folder)
    path = f"/api/v1/contracts/{CONTRACT}/tickets/T-950"
    bed.must("fact", "add", "ticket.logged", "ticket=T-950", "summary=Monitor is blank", f"health={CANARY}", *IN, "--as", "ana")
    for who in ("provider", "northwind"):
        got = bed.get(path, who)
        ok(got.status == 200 and CANARY not in got.body.decode() and got.json()["health"] == "covered", f"no program of {who} reads it", got)
    bed.stop()
    site = Site(bed)
    try:
        desk, ana, hal = Person(site, "desk").sign_in(), Person(site, "ana").sign_in(), Person(site, "hal").sign_in()
        page = f"/c/{CONTRACT}/tickets/T-950"
        forms = [p.get(f"/c/{c}/tickets/new")[2] for p, c in ((ana, CONTRACT), (hal, "HS-2026"))]
        ok(b'name="health"' in forms[0] and b'name="health"' not in forms[1], "a form asks for it where there is an agreement")
        ok(b'name="health"' in ana.get(page + "/answer")[2], "an answer, too")
        got = ana.get(page)[2].decode()
        ok(CANARY in got and "/emergency" not in got, "the client's person reads it on the page", got[:0])
        bed.must("fact", "add", "ticket.logged", "ticket=T-960", "summary=Printer", "--contract", "HS-2026", "--as", "hal")
        forms = [p.get(f"/c/{c}/tickets/{t}/attach")[2] for p, c, t in ((ana, CONTRACT, "T-950"), (hal, "HS-2026", "T-960"))]
        ok(all(b'type="file"' in x for x in forms) and b'name="health"' in forms[0] and b'name="health"' not in forms[1], "a form for files, too")
        for form, more, name in (("/attach", {"health": "true"}, "ticked.pdf"), ("/attach", {}, "open.pdf"), ("/answer", {"words": "see there", "health": CANARY}, "beside.pdf")):
            _, _, got = ana.get(page + form)
            hid = {k.decode(): v.decode() for k, v in re.findall(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"', got)}
            field = re.search(rb'type="file"[^>]*name="([^"]+)"|name="([^"]+)"[^>]*type="file"', got)
            status, head, got = ana.ask("POST", page + form, {**hid, **more}, [((field.group(1) or field.group(2)).decode(), name, "application/pdf", PDF)])
            ok(status == 303, f"{name} is attached", status, got[-500:])
        got = ana.get(page)[2].decode()
        ok(all(x in got for x in ("ticked.pdf", "open.pdf", "beside.pdf")) and got.count("(health data)") == 2, "the client sees all three")
        links = dict((n, l) for l, n in re.findall(r'href="(/c/[^"]+/attachments/[^"]+)">([^<]+)<', got))
        got = desk.get(page)[2].decode()
        ok("open.pdf" in got and "ticked.pdf" not in got and "beside.pdf" not in got, "the desk one")
        for name, right in (("ticked.pdf", 403), ("beside.pdf", 403), ("open.pdf", 200)):
            ok(desk.get(links[name])[0] == right and ana.get(links[name])[::2] == (200, PDF), f"{name}: {right} to the desk", links)
        got = desk.get(page)[2].decode()
        ok(CANARY not in got and "is covered" in got and page + "/emergency" in got, "the desk is led to a form")
        status, head, got = desk.get(page + "/emergency")
        ok(status == 303 and head["location"].startswith("/me/code"), "behind the second factor (S7)", status, head)
        desk.step_up()
        status, head, got = desk.post(page + "/emergency", reason="", **{"reason-code": "care"})
        ok(status >= 400 and b"role=\"alert\"" in got, "which asks why", status)
        form = re.search(rb'name="id" value="([^"]+)"', desk.get(page + "/emergency")[2]).group(1).decode()
        for _ in range(2):
            status, head, got = desk.post(page + "/emergency", id=form, reason="ward 3 waits", **{"reason-code": "care"})
            ok(status == 303 and head["location"].startswith(page), "and leads back", status, head, got[-400:])
        for _ in range(2):
            got = desk.get(page)[2].decode()
            ok(CANARY in got and "is open to you until" in got and "ward 3 waits" in got and page + "/emergency" not in got, "where it is open")
        ok(got.count("ward 3 waits") == 1, "a second press of the button is the same access")
        ok("ward 3 waits" in ana.get(page)[2].decode(), "the client sees who and why")
        ago = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=10)).strftime("%Y-%m-%dT%H:%MZ")
        bed.must("fact", "add", "ticket.logged", "ticket=T-951", "service=helpdesk", "priority=P1", "via=person", "summary=late", *IN, "--at", ago, "--as", "ana")
        late = f"/c/{CONTRACT}/tickets/T-951"
        ok((late + "/seen") in ana.get(late)[2].decode() and (page + "/seen") not in ana.get(page)[2].decode(), "a ticket that is late has a button to say that it is seen (sla.md R74)")
        status, head, got = ana.post(late + "/seen")
        last = json.loads(bed.must("log", "show", "--json", *IN).splitlines()[-1])["entry"]
        ok(status == 303 and last["kind"] == "alert.acknowledged" and last["body"]["event"] == "T-951" and last["party"] == "client", "which records it", status, last)
        status, head, got = ana.get(page + "/emergency")
        ok(status in (403, 404), "there is no such form for the client", status)
        ok(hal.get(page)[0] == 404 and hal.get(page + "/emergency")[0] in (403, 404), "nor for another client")
        page = bed.must("log", "show", "--install", "--json")
        ok(sum('"ticket emergency"' in x for x in page.splitlines()) == 1, "one leaf of the install log")
    finally:
        site.stop()


def erased(w):
    w.now = OVER
    entry = [json.loads(x)["entry"] for x in w.must("log", "show", *IN, "--json").out.splitlines() if '"health"' in x][0]
    w.must("erase", "--subject", entry["priv"]["health"]["subject"])
    ok(CANARY not in json.dumps(show(w, "joe")) and "erased on" in json.dumps(show(w, "joe")), "erased with the words of the ticket")
    ok("sound inside" in w.must("doctor").out, "and sound")


def main():
    with tempfile.TemporaryDirectory() as folder:
        without_agreement(folder)
        w = World(folder, "emergency", now=NOW)
        w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        w.must("client", "add", "northwind", "--name", "Northwind Clinic")
        w.must("contract", "add", contract_with_agreement(w), "--agreed", "2026-01-01T00:00Z")
        people(w)
        smtp = Smtp()
        for handle in ("alice", "sid", "joe"):
            w.must("user", "mail", handle, f"{handle}@northwind.example", "--as", "alice")
        w.must("mail", "set", "--smtp", smtp.url, "--from", "tenor@acme.example", "--base-url", "https://tenor.acme.example")
        covered(w)
        bundles(w, "joe", True)
        bundles(w, "owner", False)
        refused(w)
        opened(w, smtp)
        erased(w)
        smtp.stop()
    with tempfile.TemporaryDirectory() as folder:
        w = World(folder, "files", now=NOW)
        w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        w.must("client", "add", "northwind", "--name", "Northwind Clinic")
        w.must("contract", "add", contract_with_agreement(w), "--agreed", "2026-01-01T00:00Z")
        people(w)
        log_ticket(w)
        files(w)
        only_a_file(w)
        w.now = THEN
        file_opened(w)
    with tempfile.TemporaryDirectory() as folder:
        programs_and_pages(folder)
    done()


main()
