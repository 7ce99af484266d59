#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The help desk as people work it: filters, who has a ticket, queues, notes that no client ever reads, a timer, texts to answer with."""

import json
import sqlite3
import tarfile
import tempfile

from program import done, ok
from record import CONTRACT, World

IN = ["--contract", CONTRACT]
NOW = "2026-04-10T14:30:00Z"
CANARY = "the-switch-is-out-of-warranty"


def setup(folder):
    w = World(folder, "servicedesk", now=NOW).northwind()
    for handle, role in (("desk", "service-desk"), ("tia", "technician"), ("books", "finance"), ("manager", "contract-manager")):
        w.must("user", "add", handle, "--role", role)
    w.must("user", "add", "alice", "--role", "signer", *IN)
    w.must("user", "add", "joe", "--role", "it-lead", *IN, "--as", "alice")
    for i, (priority, service, summary) in enumerate([("P2", "helpdesk", "Printer on fire"), ("P3", "helpdesk", "Slow MAIL"), ("P3", "helpdesk", "Mailbox full")]):
        w.must("fact", "add", "ticket.logged", f"ticket=T-90{i}", f"service={service}", f"priority={priority}", "via=person", f"summary={summary}", *IN,
               "--at", f"2026-04-{8 + i:02}T13:00Z", "--as", "joe")
    return w


def listed(w, *args, who="desk"):
    return [t["ticket"] for t in json.loads(w.must("ticket", "list", *IN, *args, "--as", who, "--json").out)["tickets"] if t["ticket"].startswith("T-90")]


def show(w, ticket, who="desk", now=NOW):
    return json.loads(w.must("ticket", "show", ticket, *IN, "--as", who, "--json", now=now).out)


def filters(w):
    ok(listed(w) == ["T-900", "T-901", "T-902"], "open tickets, the next due first", listed(w))
    ok(listed(w, "--priority", "P2") == ["T-900"], "of a priority")
    ok(listed(w, "--text", "mail") == ["T-901", "T-902"], "by words of the summary, in either case", listed(w, "--text", "mail"))
    ok(listed(w, "--age", "1") == ["T-900", "T-901"], "by age in days", listed(w, "--age", "1"))
    ok(listed(w, "--service", "helpdesk", "--sort", "id") == ["T-900", "T-901", "T-902"], "of a service")
    ok(listed(w, "--state", "waiting_client") == [], "in one state: none")
    w.must("fact", "add", "ticket.waiting_client", "ticket=T-902", *IN, "--at", "2026-04-10T14:00Z", "--as", "desk")
    ok(listed(w, "--state", "waiting_client") == ["T-902"], "in one state: one")
    ok("T-900" in listed(w, "--at-risk"), "at risk or late", listed(w, "--at-risk"))
    for args, words in ((["--state", "gone"], "no state"), (["--service", "cloud"], "no service"), (["--age", "x"], "x"), (["--sort", "luck"], "no order")):
        run = w("ticket", "list", *IN, *args)
        ok(run.returncode in (64, 66) and words in run.err, f"{args} is refused with its reason", run.returncode, run.err)
    run = w("ticket", "list", *IN, "--text", "mail", "--as", "books")
    ok(run.returncode in (64, 66) and "PERSONAL_READ" in run.err, "who may not read words may not look for them", run.err)


def assigned(w):
    w.must("ticket", "assign", "T-900", "--technician", "tia", *IN, "--as", "desk")
    t = show(w, "T-900")["ticket"]
    ok(t["assignee"] == "tia" and t["technician"].startswith("u_"), "the fact has the opaque id, the desk sees who", t)
    ok(show(w, "T-900", "joe")["ticket"]["assignee"].startswith("u_"), "the other side sees no name")
    ok(listed(w, "--technician", "tia") == ["T-900"], "a list by who has it")
    for who, why in (("books", "does not work on tickets"), ("joe", "does not work on tickets"), ("nobody", "nobody active")):
        run = w("ticket", "assign", "T-900", "--technician", who, *IN, "--as", "desk")
        ok(run.returncode in (64, 66) and why in run.err or why in run.err, f"{who} gets no ticket", run.returncode, run.err)
    run = w("ticket", "assign", "T-999", "--technician", "tia", *IN)
    ok(run.returncode in (64, 66) and "T-999" in run.err, "of no ticket", run.err)
    ok(w("ticket", "assign", "T-900", "--technician", "tia", *IN, "--as", "joe").returncode in (64, 66), "and never by the client")


def canary_out(w):
    """Everything that a client can get: none of it has the note."""
    w.must("export", "bundle", *IN, "--month", "2026-04", "--with-private", "-o", "joe.tar", "--as", "joe")
    bundle = b"".join(m.name.encode() + (t.extractfile(m).read() if m.isfile() else b"") for t in [tarfile.open(w.path("joe.tar"))] for m in t)
    outs = [w(*verb, *IN, "--as", "joe").out for verb in
            (["ticket", "show", "T-900"], ["ticket", "show", "T-900", "--json"], ["ticket", "show", "T-900", "--format", "html"], ["ticket", "list"],
             ["ticket", "list", "--format", "csv"], ["ticket", "list", "--json"], ["log", "show", "--from", "0", "--to", "9999"],
             ["log", "show", "--from", "0", "--to", "9999", "--json"], ["desk"], ["desk", "--json"], ["today"], ["statement", "--month", "2026-04"])]
    return [bundle.decode("utf-8", "replace")] + outs


def notes(w):
    before = json.loads(w.must("contract", "list", "--json").out)
    w.must("ticket", "note", "T-900", "--words", CANARY, *IN, "--as", "desk")
    w.must("ticket", "queue", "T-900", "--queue", "canary-queue", *IN, "--as", "desk")
    w.must("ticket", "queue", "T-901", "--queue", "first", *IN, "--as", "desk")
    w.must("ticket", "queue", "T-901", "--queue", "second-line", *IN, "--as", "desk")
    ok(json.loads(w.must("contract", "list", "--json").out) == before, "the engagement's log did not grow")
    p = show(w, "T-900")
    ok([n.get("words", n.get("queue")) for n in p["notes"]] == [CANARY, "canary-queue"] and p["notes"][0]["who"] == "desk", "the desk reads its notes", p.get("notes"))
    ok(listed(w, "--queue", "second-line") == ["T-901"] and listed(w, "--queue", "first") == [], "the last queue holds")
    ok("canary-queue" in w.must("ticket", "list", *IN, "--format", "csv", "--as", "desk").out, "the export of the desk has the queue")
    ok(CANARY not in show(w, "T-900", "books").__str__() and show(w, "T-900", "books")["notes"][0]["words"] == "-", "without the right to words there are none")
    w.must("fact", "add", "ticket.message", "ticket=T-900", "visibility=internal", "author=human", "words=canary-of-an-import", *IN, "--as", "desk")
    for out in canary_out(w):
        ok("canary" not in out and CANARY not in out, "a client's answer has no note", out[:300])
    for verb in (["ticket", "note", "T-900", "--words", "x"], ["ticket", "queue", "T-900", "--queue", "x"]):
        run = w(*verb, *IN, "--as", "joe")
        ok(run.returncode in (64, 66) and "WORK_WRITE" in run.err, "a client writes no note", run.err)
    ok(w("ticket", "list", *IN, "--queue", "canary-queue", "--as", "joe", "--json").out.count("T-90") == 0, "nor finds a ticket by its queue")
    for verb in (["ticket", "queue", "T-900", "--queue", "Big Queue"], ["ticket", "note", "T-900", "--words", " "], ["ticket", "note", "T-999", "--words", "x"]):
        ok(w(*verb, *IN, "--as", "desk").returncode in (64, 66), f"{verb[-2:]} is refused")
    id = "019d76f0-1180-7000-8000-000000000001"
    for _ in range(2):
        w.must("ticket", "note", "T-902", "--words", "once", "--id", id, *IN, "--as", "desk")
    ok(len(show(w, "T-902")["notes"]) == 1, "the same id again notes nothing")
    ok(w("ticket", "queue", "T-902", "--queue", "other", "--id", id, *IN, "--as", "desk").returncode != 0, "another under that id is a conflict")


def record_is_sound(w):
    run = w.must("doctor")
    ok("internal log" in run.out, "doctor looks at the internal log", run.out)
    with sqlite3.connect(w.path("acme.tenor")) as db:
        rows = db.execute("SELECT contract, ticket, number, queue FROM note ORDER BY number").fetchall()
        db.execute("DELETE FROM note WHERE queue = 'first'")
    ok(w("doctor").returncode != 0, "doctor sees a row that is gone")
    w.must("rebuild")
    with sqlite3.connect(w.path("acme.tenor")) as db:
        ok(db.execute("SELECT contract, ticket, number, queue FROM note ORDER BY number").fetchall() == rows, "rebuild makes the same rows")
    ok(w("doctor").returncode == 0, "and all is sound")


def erased(w):
    subject = None
    for line in w.must("log", "show", *IN, "--json", "--from", "0", "--to", "9999").out.splitlines():
        e = json.loads(line)["entry"]
        if e.get("body", {}).get("ticket") == "T-902" and "priv" in e:
            subject = next(iter(e["priv"].values()))["subject"]
    run = w.must("erase", "--subject", subject, "--as", "alice")
    ok("internal" not in run.out, "a client who has a ticket's words erased is not told of notes", run.out)
    ok("once" not in w.must("ticket", "show", "T-902", *IN, "--as", "desk").out, "but they are gone too")
    ok(w("doctor").returncode == 0, "and the record is sound")


def timer(w):
    start = "2026-04-10T14:31:00Z"
    w.must("timer", "start", "T-901", *IN, "--as", "tia", now=start)
    run = w("timer", "start", "T-900", *IN, "--as", "tia", now=start)
    ok(run.returncode != 0 and "T-901" in run.err, "one timer runs for a person", run.err)
    ok(json.loads(w.must("desk", *IN, "--as", "tia", "--json", now=start).out)["timer"]["ticket"] == "T-901", "the desk says which")
    w.must("timer", "stop", "--covered", "helpdesk", "--place", "remote", "--as", "tia", now="2026-04-10T14:51:30Z")
    work = show(w, "T-901", now="2026-04-10T14:52:00Z")["work"]
    ok([(x["minutes"], x["covered"], x["place"]) for x in work] == [(21, "helpdesk", "remote")], "the begun minute is counted whole", work)
    ok(w("timer", "stop", "--as", "tia", now="2026-04-10T14:52:00Z").returncode in (64, 66), "it stops once")
    ok(w("timer", "start", "T-901", *IN, "--as", "joe").returncode in (64, 66), "no timer for a client")
    w.must("timer", "start", "T-901", *IN, "--as", "tia", now="2026-04-10T15:00:00Z")
    run = w("timer", "stop", "--as", "tia", now="2026-04-12T15:00:00Z")
    ok(run.returncode != 0 and "24 hours" in run.err and len(show(w, "T-901", now="2026-04-12T15:00:00Z")["work"]) == 1, "a forgotten one makes no entry", run.err)


def replies(w):
    w.must("reply", "save", "waiting", "--words", "We look into {ticket} for {client} until {due}. {else}")
    out = w.must("reply", "fill", "waiting", "--ticket", "T-900", *IN, "--as", "desk").out
    ok(out.startswith("We look into T-900 for Northwind") and "2026-04-" in out and out.strip().endswith("{else}"), "holes are filled, other braces stay", out)
    ok(w("reply", "fill", "waitin", "--ticket", "T-900", *IN, "--as", "desk").err.count("waiting") == 1, "the nearest name is told")
    ok(w("reply", "save", "x", "--words", "y", "--as", "desk").returncode in (64, 66), "texts are settings: the desk uses them, others make them")
    ok("waiting" in w.must("desk", *IN, "--as", "desk").out and "waiting" not in w.must("desk", *IN, "--as", "joe").out, "the client sees none")
    w.must("reply", "remove", "waiting")
    ok(w("reply", "remove", "waiting").returncode in (64, 66), "it is gone")


def templates(w):
    said = w("template", "list").out
    ok("no templates yet" in said, "none yet", said)
    w.must("template", "save", "new-starter", "--title", "New starter", "--priority", "P3", "--service", "helpdesk", "--queue", "second-line",
           "--words", "Name:\nStarts on:", "--for-clients")
    w.must("template", "save", "swap", "--title", "Swap a disk")
    listed = {t["template"]: t for t in json.loads(w.must("template", "list", "--as", "desk", "--json").out)["templates"]}
    ok(listed == {"new-starter": {"template": "new-starter", "title": "New starter", "priority": "P3", "service": "helpdesk", "queue": "second-line",
                                  "words": "Name:\nStarts on:", "for_clients": True},
                  "swap": {"template": "swap", "title": "Swap a disk", "for_clients": False}}, "the desk has both, whole", listed)
    theirs = json.loads(w.must("template", "list", "--as", "joe", "--json").out)["templates"]
    ok([t["template"] for t in theirs] == ["new-starter"] and "queue" not in theirs[0], "a client has what is for clients, without the queue", theirs)
    ok("new-starter" not in w.must("desk", *IN, "--as", "desk").out, "it is no text to answer with")
    ok(w("template", "save", "x", "--title", "y", "--as", "desk").returncode in (64, 66), "templates are settings")
    ok(w("template", "save", "x", "--title", "").returncode == 64 and w("template", "save", "x", "--title", "a\nb").returncode == 64, "a title is one line")
    ok("template save" in w.must("audit", "--json").out, "who changed one is kept track of")
    for name in listed:
        w.must("template", "remove", name)
    ok(w("template", "remove", "swap").returncode == 66, "it is gone")


def views(w):
    w.must("view", "save", "mine", "--query", "state=open&technician=tia", "--as", "desk")
    w.must("view", "save", "mine", "--query", "state=all", "--as", "desk")
    w.must("view", "save", "ours", "--query", "late=true", "--as", "joe")
    ok(json.loads(w.must("desk", *IN, "--as", "desk", "--json").out)["views"] == [{"name": "mine", "query": "state=all"}], "one's own, the last under a name")
    ok(json.loads(w.must("desk", "--as", "joe", "--json").out)["views"] == [{"name": "ours", "query": "late=true"}], "a client has its own")
    w.must("view", "remove", "mine", "--as", "desk")
    ok(w("view", "remove", "ours", "--as", "desk").returncode in (64, 66), "nobody removes another's")


def rated_and_merged(w):
    w.must("fact", "add", "survey.answered", "subject=ticket", "score=5", "ticket=T-901", *IN, "--as", "joe")
    w.must("fact", "add", "ticket.merged", "ticket=T-901", "into=T-900", *IN, "--as", "desk")
    t = show(w, "T-901")["ticket"]
    ok(t["state"] == "merged" and t["into"] == "T-900", "a merged ticket says where it goes on", t)


with tempfile.TemporaryDirectory() as folder:
    world = setup(folder)
    for part in (filters, assigned, notes, record_is_sound, erased, replies, templates, views, rated_and_merged, timer):
        part(world)
done()
