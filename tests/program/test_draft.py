#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drafts of terms by their verbs: who sees one, what a save that comes second does, that single terms change nothing else, and what is left
when a draft is thrown away."""

import json
import os
import sqlite3
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, World


def begin(world, *args):
    return json.loads(world.must("draft", "new", *args, "--json").out)["draft"]


def write(world, name, text):
    with open(world.path(name), "w", encoding="utf-8") as f:
        f.write(text)
    return name


def people(world):
    world.must("user", "add", "carl", "--role", "contract-manager")
    world.must("user", "add", "desk", "--role", "service-desk")
    world.must("user", "add", "alice", "--role", "signer", "--contract", CONTRACT)
    world.must("user", "add", "joe", "--role", "it-lead", "--contract", CONTRACT, "--as", "alice")


def begun(world):
    """From what is agreed: the same contract, with the words about people that a record keeps apart."""
    ok("There is no draft" in world.must("draft", "list").out, "an empty list says how to begin")
    draft = begin(world, "--contract", CONTRACT, "--reason", "Faster: answers")
    text = world.must("draft", "show", draft).out
    ok("Alice Moreau" in text and "reason: \"Faster: answers\"" in text and "amends:" in text, "the agreed version as a file", text[:400])
    run = world("draft", "diff", draft)
    ok(run.returncode == 0 and "Nothing" in run.out, "which changes nothing yet", run.out)
    run = world("draft", "check", draft, "--json")
    ok(json.loads(run.out)["valid"], "and is valid", run.out[:400])
    world.now = "2026-04-10T14:00:01Z"
    starter = begin(world, "--from", "uptime")
    run = world("draft", "check", starter)
    ok("to fill" in run.out, "a starter has holes to fill", run.out)
    for verb in ("diff", "backtest"):
        run = world("draft", verb, starter)
        ok(run.returncode == 2 and starter in run.err and "tenor draft check" in run.err, f"{verb} of what is no contract yet says so", run.err)
    run = world("draft", "new", "--from", "nothing")
    ok(run.returncode == 66 and "no starter contract" in run.err, "an unknown starter", run.err)
    run = world("draft", "new", "--from", "uptime", "--client", "nobody")
    ok(run.returncode == 66 and "no client 'nobody'" in run.err, "an unknown client", run.err)
    ok([d["draft"] for d in json.loads(world.must("draft", "list", "--json").out)] == [starter, draft], "the last changed first")
    world.must("draft", "drop", starter)
    once = ["--contract", CONTRACT, "--reason", "Once", "--id", "019d0f2e-1180-7000-8000-0000000000aa"]
    first, again = begin(world, *once), begin(world, *once)
    other = begin(world, *once, "--as", "carl")
    ok(first == again and other != first, "begun twice under one id by one person it is one draft", f"{first} {again} {other}")
    run = world("draft", "new", "--from", "uptime", "--id", "once")
    ok(run.returncode == 64 and "UUIDv7" in run.err, "an id that is none", run.err)
    for d in (first, other):
        world.must("draft", "drop", d)
    return draft


def seen(world, draft):
    """A draft of one party is not there for the other (P5); without the right to write terms nothing is."""
    run = world("draft", "show", draft, "--as", "alice")
    absent = world("draft", "show", "d_0000000000000000", "--as", "alice")
    ok(run.returncode == absent.returncode == 66 and run.err == absent.err.replace("d_0000000000000000", draft), "in the words for one that is not there", run.err)
    for verb in (["check"], ["diff"], ["backtest"], ["drop"], ["save", "x.yaml", "--revision", "1"], ["set", "payment.due=1d", "--revision", "1"]):
        write(world, "x.yaml", "a: b\n")
        run = world("draft", verb[0], draft, *verb[1:], "--as", "alice")
        ok(run.returncode == 66 and "Alice" not in run.out, f"draft {verb[0]} neither", run.err)
    ok("There is no draft" in world.must("draft", "list", "--as", "alice").out, "nor is it in the client's list")
    own = begin(world, "--contract", CONTRACT, "--as", "alice")
    ok(own not in world.must("draft", "list").out, "and the client's not in the provider's")
    run = world("draft", "new", "--from", "uptime", "--as", "alice")
    ok(run.returncode == 64 and "drafts changes of its contract" in run.err, "a client changes its own contract only", run.err)
    world.must("draft", "drop", own, "--as", "alice")
    for who in ("desk", "joe"):
        run = world("draft", "list", "--as", who)
        ok(run.returncode == 64 and "TERMS_WRITE" in run.err, f"{who} has not the right", run.err)
    ok(draft in world.must("draft", "list", "--as", "carl").out, "a contract manager sees the provider's")


def conflict(world, draft):
    """The second to save sees the first's change, and loses nothing."""
    text = world.must("draft", "show", draft).out
    world.must("draft", "save", draft, write(world, "carl.yaml", text.replace("due: 30d", "due: 21d")), "--revision", "1", "--as", "carl")
    mine = write(world, "mine.yaml", text.replace("title: IT support", "title: IT support and care"))
    run = world("draft", "save", draft, mine, "--revision", "1")
    ok(run.returncode == 2 and "carl saved revision 2" in run.err and "nothing was saved" in run.err, "the second is told by whom and which", run.err)
    ok("IT support and care" not in world.must("draft", "show", draft).out, "and nothing was written")
    run = world("draft", "merge", draft, mine, "--revision", "1")
    ok(run.returncode == 0 and "due: 21d" in run.out and "IT support and care" in run.out, "both together", run.out[:300])
    run = world("draft", "merge", draft, write(world, "clash.yaml", text.replace("due: 30d", "due: 7d")), "--revision", "1", "--json")
    said = json.loads(run.out)
    ok(said["clashes"] == 1 and said["author"] == "carl" and said["revision"] == 2 and any(
        p["of"] == "clash" and "21d" in p["theirs"] and "7d" in p["mine"] and "30d" in p["base"] for p in said["parts"]), "a clash shows all three", said["parts"])
    ok(said["merged"].count("<<<<<<< theirs") == 1 and "21d" in said["merged"] and "7d" in said["merged"], "and stands between marks")
    world.must("draft", "save", draft, mine, "--revision", "2")
    ok(world.must("draft", "show", draft, "--revision", "2").out.count("due: 21d") == 1, "what was saved over can still be read")
    run = world("draft", "show", draft, "--revision", "9")
    ok(run.returncode == 66 and "no revision 9" in run.err, "one that is not there", run.err)


def terms(world, draft):
    text = world.must("draft", "show", draft).out.replace("currency: USD", "currency: USD   # as everywhere")
    world.must("draft", "save", draft, write(world, "t.yaml", text), "--revision", "3")
    world.must("draft", "set", draft, "payment.due=14d", "sla.metrics.uptime.target=99.9%", "--revision", "4")
    after = world.must("draft", "show", draft).out
    ok(after == text.replace("due: 30d", "due: 14d").replace("target: 99.5%", "target: 99.9%"), "two values change, comments and all else stay")
    run = world("draft", "diff", draft, "--json")
    ok(run.returncode == 1 and "payment.due" in run.out and "sla.metrics.uptime.target" in run.out, "diff tells them", run.out[:400])
    for words, key, says in ((["payment.due=soon"], "payment.due", "is not a duration"), (["payment.dew=1d"], "payment.dew", "no contract has"),
                             (["payment=1d"], "payment", "it is a block"), (["payment.due"], "payment.due", "sets nothing")):
        run = world("draft", "set", draft, *words, "--revision", "5")
        ok(run.returncode in (2, 64) and key in run.err and says in run.err, f"{words[0]} is refused by name", run.err)
    run = world("draft", "set", draft, "payment.due=7d", "--revision", "4")
    ok(run.returncode == 2 and "saved revision 5" in run.err, "a term on an older revision neither", run.err)
    ok(world.must("draft", "show", draft).out == after, "nothing was written by any of them")
    run = world("draft", "backtest", draft, "--from", "2026-03", "--to", "2026-03", "--json")
    ok(run.returncode == 0 and json.loads(run.out), "its back-test", run.err)


def gone(world, draft):
    db = sqlite3.connect(world.path("acme.tenor"))
    rows = db.execute("SELECT cipher FROM draft_text").fetchall()
    ok(len(rows) == 5 and not any(b"Alice" in c or b"payment" in c for (c,) in rows), "no text lies open in the file", len(rows))
    subject = db.execute("SELECT subject FROM draft WHERE id = ?", (draft,)).fetchone()
    db.close()
    keys = sqlite3.connect(world.path("acme.keys"))
    ok(keys.execute("SELECT count(*) FROM subject WHERE subject = ?", subject).fetchone() == (1,), "they rest under a key of their own")
    keys.close()
    ok(world("doctor").returncode == 0, "doctor agrees")
    ok("is gone" in world.must("draft", "drop", draft).out, "thrown away")
    db = sqlite3.connect(world.path("acme.tenor"))
    ok(db.execute("SELECT count(*) FROM draft").fetchone() == (0,) and db.execute("SELECT count(*) FROM draft_text").fetchone() == (0,), "with all its texts")
    db.close()
    keys = sqlite3.connect(world.path("acme.keys"))
    ok(keys.execute("SELECT count(*) FROM subject WHERE subject = ?", subject).fetchone() == (0,) and
       keys.execute("SELECT count(*) FROM erased WHERE subject = ?", subject).fetchone() == (1,), "and with their key")
    keys.close()
    ok(world("draft", "show", draft).returncode == 66 and world("doctor").returncode == 0, "and the file is sound")
    entries = [json.loads(line) for line in world.must("log", "show", "--install", "--json").out.splitlines()]
    done_by = [e.get("entry", e)["body"] for e in entries if e.get("entry", e)["kind"] == "action_done"]
    ok(sum(b.get("action", "").startswith("draft ") for b in done_by) >= 8 and "Alice" not in str(done_by), "the install log says what was done, not what was written")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme").northwind()
        people(world)
        draft = begun(world)
        seen(world, draft)
        conflict(world, draft)
        terms(world, draft)
        gone(world, draft)
    done()


main()
