#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an auditor may read, for how long, and that each read is recorded (trust.md P2); a second factor that two people take away after a
day (S7)."""

import json
import sqlite3
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, World


def audit(world, **more):
    return json.loads(world.must("audit", "--json", "--limit", "1000", **more).out)["events"]


def grants(world):
    run = world("user", "add", "both", "--role", "auditor", "--role", "read-only")
    ok(run.returncode == 64 and "auditor and another role" in run.err, "an auditor has no other role", run.err)
    world.must("user", "add", "audra", "--role", "auditor")
    unknown = world("statement", "--contract", "NX-9999", "--month", "2026-03", "--as", "audra")
    run = world("statement", "--contract", CONTRACT, "--month", "2026-03", "--as", "audra")
    ok(run.returncode == 66 and run.err.replace(CONTRACT, "NX-9999") == unknown.err, "without a grant the contract is like one that is not there (P5)",
       run.err, unknown.err)
    for verb in (("today",), ("user", "list"), ("audit",), ("invoice", "list"), ("contract", "list"), ("find", "printer")):
        run = world(*verb, "--as", "audra")
        ok(run.returncode == 66 and "no grant to read is in force" in run.err and not run.out, f"{' '.join(verb)}: nothing", run.err, run.out)
    for what, words in ((("--contract", CONTRACT, "--from", "2026-04", "--to", "2026-03"), "lies after"),
                        (("--contract", CONTRACT, "--from", "2026-01", "--to", "2026-03", "--days", "91"), "1 to 90 days, not '91'"),
                        (("--contract", "NX-9999", "--from", "2026-01", "--to", "2026-03"), "no contract 'NX-9999'"),
                        (("--from", "2026-01", "--to", "2026-03"), "which contracts may be read is not said")):
        run = world("user", "grant", "audra", *what)
        ok(run.returncode != 0 and words in run.err, words, run.err)
    run = world("user", "grant", "owner", "--contract", CONTRACT, "--from", "2026-01", "--to", "2026-03")
    ok(run.returncode == 64 and "'owner' is no auditor" in run.err, "only auditors have grants", run.err)
    run = world.must("user", "grant", "audra", "--contract", CONTRACT, "--from", "2026-02", "--to", "2026-03", "--days", "10")
    ok(f"audra may read {CONTRACT} of 2026-02..2026-03 until 2026-04-20T14:00:00Z" in run.out, "a grant says what it is", run.out)
    ok(f"reads {CONTRACT} of 2026-02..2026-03 until" in world.must("user", "list").out, "and the list of people has it")


def reads(world):
    before = len(audit(world))
    mine = world.must("statement", "--contract", CONTRACT, "--month", "2026-03", "--json").out
    ok(world.must("statement", "--contract", CONTRACT, "--month", "2026-03", "--json", "--as", "audra").out == mine, "the auditor reads the same numbers")
    events = audit(world)
    ok(len(events) == before + 1 and events[0]["who"] == "audra" and events[0]["what"] == f"statement {CONTRACT} 2026-03",
       "and that is in the audit: who, what, of which contract", events[:2])
    for verb, why in ((("statement", "--contract", CONTRACT, "--month", "2026-01"), "this is about other days"), (("today",), "this is about today"),
                      (("explain", "--contract", CONTRACT, "--month", "2026-01", "--what", "metric uptime"), "other days"),
                      (("log", "tile", "tile/entries/000", "--contract", CONTRACT), "all of the record"),
                      (("export", "bundle", "--contract", CONTRACT, "--month", "2026-03", "-o", "x.tnb"), "all of the record")):
        run = world(*verb, "--as", "audra")
        ok(run.returncode == 64 and why in run.err and "2026-02..2026-03" in run.err, f"{' '.join(verb[:2])}: not of the period", run.err, run.out[-300:])
    ok(world.must("ticket", "list", "--contract", CONTRACT, "--state", "all", "--json", "--as", "audra").out.count('"ticket"')
       <= world.must("ticket", "list", "--contract", CONTRACT, "--state", "all", "--json").out.count('"ticket"'), "tickets of the period")
    words = world("ticket", "list", "--contract", CONTRACT, "--text", "printer", "--state", "all", "--as", "audra")
    ok(words.returncode == 64 and "PERSONAL_READ" in words.err, "words only where the grant says so", words.err)
    world.must("user", "grant", "audra", "--contract", CONTRACT, "--from", "2026-01", "--to", "2026-04", "--personal")
    ok(world("ticket", "list", "--contract", CONTRACT, "--text", "printer", "--state", "all", "--as", "audra").returncode == 0, "and then they are read")
    ok(world("today", "--as", "audra").returncode == 0, "a grant that takes in today")
    shown = world.must("log", "show", "--contract", CONTRACT, "--from", "0", "--to", "5", "--json", "--as", "audra").out
    ok(shown.count("\n") == 6, "entries that were recorded in the period", shown)
    kinds = [e["event"] for e in audit(world)]
    ok(kinds.count("grant_made") == 2 and audit(world)[0]["what"].startswith(f"log show {CONTRACT}"), "each grant and each read has its entry", kinds)
    size = len(audit(world))
    ok(len(json.loads(world.must("audit", "--json", "--as", "audra").out)["events"]) > 0 and len(audit(world)) == size + 1, "so has reading the audit")
    world.now = "2026-05-10T14:00:01Z"
    world.must("clock", "accept")
    run = world("statement", "--contract", CONTRACT, "--month", "2026-03", "--as", "audra")
    ok(run.returncode == 66 and f"there is no contract '{CONTRACT}'" in run.err, "after its end nothing is read", run.err)
    world.must("user", "add", "alice", "--role", "signer", "--contract", CONTRACT)
    world.must("user", "add", "theirs", "--role", "auditor", "--contract", CONTRACT)
    run = world("user", "grant", "theirs", "--from", "2026-01", "--to", "2026-12", "--as", "alice")
    ok(run.returncode in (64, 66) and "theirs" in run.err, "an auditor of the provider is none of the client's", run.err)
    world.must("user", "role", "audra", "--role", "technician")
    world.must("user", "role", "audra", "--role", "auditor")
    ok("no grant" in world("today", "--as", "audra").err, "another role ends a grant for good")
    ok(world("doctor").returncode == 0, "doctor finds all as it says")


def factor(world, handle):
    db = sqlite3.connect(world.path("acme.tenor"))
    with db:
        person = db.execute("SELECT id FROM person WHERE handle = ?", (handle,)).fetchone()[0]
        db.execute("INSERT INTO factor VALUES (?, 1, ?, ?, 0, 0, NULL)", (person, bytes(24), bytes(36)))
    db.close()


def resets(world):
    world.must("user", "add", "desk", "--role", "service-desk")
    world.must("user", "add", "ops", "--role", "operator")
    world.must("user", "add", "boss", "--role", "owner")
    run = world("factor", "reset", "desk")
    ok(run.returncode == 2 and "has no second factor" in run.err, "nothing to take away", run.err)
    factor(world, "desk")
    run = world("factor", "approve", "desk", "--as", "ops")
    ok(run.returncode == 66 and "nobody asked" in run.err, "nothing to approve", run.err)
    run = world("factor", "reset", "desk", "--as", "alice")
    ok(run.returncode == 66 and "nobody active is called 'desk'" in run.err, "not of one's own side", run.err)
    ok(world.must("factor", "list").out == "no second factor is to be taken away\n", "none is asked for")
    world.must("factor", "reset", "desk")
    run = world("factor", "approve", "desk")
    ok(run.returncode == 2 and "two other people" in run.err and "second_person" in run.err, "the same person approves nothing (P9)", run.err)
    run = world("factor", "approve", "desk", "--as", "boss")
    ok(run.returncode == 64 and "INSTALL" in run.err, "an operator approves", run.err)
    ok("due" not in world.must("factor", "list").out, "it waits")
    run = world.must("factor", "approve", "desk", "--as", "ops", "--json")
    ok(json.loads(run.out)["due"] == "2026-05-11T14:00:01Z", "a day later at the earliest", run.out)
    ok("approved by ops, due 2026-05-11T14:00:01Z" in world.must("factor", "list").out, "as the list says")
    run = world("factor", "approve", "desk", "--as", "ops")
    ok(run.returncode == 2 and "approved already" in run.err, "once", run.err)
    world.must("factor", "keep", "desk")
    ok(world("factor", "keep", "desk").returncode == 66 and json.loads(world.must("factor", "list", "--json").out) == [], "withdrawn")
    seen = [e["what"] for e in audit(world) if e["event"] == "factor_reset"]
    ok([s.split(" ")[0] for s in seen] == ["withdrawn", "approved", "asked"], "each step has its entry", seen)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme").northwind()
        grants(world)
        reads(world)
        resets(world)
    done()


main()
