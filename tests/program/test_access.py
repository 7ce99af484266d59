#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who comes in and with what (trust.md S2, S11, S14, P1, P3, P5): invitations, roles, resets, tokens and sessions by their verbs, what the
install log says of them, and a workspace of the schema before that is carried over."""

import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, World

LINK = re.compile(r"/join/[A-Za-z0-9_-]{43}\b")
TOKEN = re.compile(r"tnr_[a-z2-7]{16}_[a-z2-7]{52}\b")
TABLES = ("credential", "factor", "recovery", "session", "invitation", "token", "preference")
LATER = ("news", "alert", "quiet_hours", "mailbox", "outbox", "mail_text", "draft_text", "draft", "saved_view", "work_timer", "canned_reply",  # of schema 3
         "audit_grant", "factor_reset", "identity", "identity_return")  # of schema 4


def rows(world, sql, *values):
    db = sqlite3.connect(world.path("acme.tenor"))
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def people(world):
    world.must("user", "add", "desk", "--role", "service-desk")
    world.must("user", "add", "alice", "--role", "signer", "--contract", CONTRACT)
    world.must("user", "add", "joe", "--role", "it-lead", "--contract", CONTRACT, "--as", "alice")


def install(world, kind):
    entries = [json.loads(line) for line in world.must("log", "show", "--install", "--json").out.splitlines()]
    return [e["body"] for e in (e.get("entry", e) for e in entries) if e["kind"] == kind]


def links(world):
    run = world.must("user", "invite", "desk")
    ok(LINK.search(run.out) and "2026-04-17T14:00:00Z" in run.out, "an invitation names its link and its end", run.out)
    run = world.must("user", "invite", "alice", "--json")
    said = json.loads(run.out)
    ok(LINK.fullmatch(said["link"]) and said["until"] == "2026-04-17T14:00:00Z" and said["person"].startswith("u_"), "the same as JSON", run.out)
    kept = rows(world, "SELECT hash FROM invitation")
    ok(len(kept) == 2 and all(said["link"][6:].encode() not in h for (h,) in kept), "only hashes of links are kept", kept)
    world.must("user", "invite", "desk")
    ok(len(rows(world, "SELECT hash FROM invitation")) == 2, "a newer link takes the place of the older one")
    run = world("user", "invite", "joe")
    ok(run.returncode == 64 and "are managed by a person of the client" in run.err, "a client's second person is invited by the client", run.err)
    ok(world.must("user", "invite", "joe", "--as", "alice").returncode == 0, "and so it is")
    run = world("user", "reset", "alice")
    ok(run.returncode == 64 and "are managed by a person of the client" in run.err, "the provider resets nobody of the client", run.err)
    run = world("user", "reset", "desk", "--as", "alice")
    ok(run.returncode == 66 and "nobody active is called 'desk'" in run.err, "a client's signer sees no person of the provider (P5)", run.err)
    run = world("user", "reset", "nobody", "--as", "alice")
    ok(run.returncode == 66 and "nobody active is called 'nobody'" in run.err, "in the words for one that is not there", run.err)
    run = world.must("user", "reset", "desk")
    ok("2026-04-10T14:30:00Z" in run.out, "a reset holds for half an hour", run.out)
    run = world("user", "invite", "desk", "--as", "joe")
    ok(run.returncode == 64 and "'joe' has not the right USERS_MANAGE" in run.err, "an IT lead invites nobody", run.err)
    made = install(world, "link_made")
    ok([m["method"] for m in made] == ["invitation", "invitation", "invitation", "invitation", "reset"] and all(m["to"] and m["user"] for m in made),
       "each link has its entry in the install log", made)


def roles(world):
    run = world("user", "role", "desk", "--role", "signer")
    ok(run.returncode == 64 and "'desk' is of the provider" in run.err and "one side" in run.err, "nobody changes sides (P1)", run.err)
    run = world("user", "role", "owner", "--role", "owner")
    ok(run.returncode == 2 and "the only operator" in run.err, "an operator must be left", run.err)
    run = world("user", "role", "desk", "--role", "servcie-desk")
    ok(run.returncode == 64 and "did you mean service-desk?" in run.err, "an unknown role names the nearest", run.err)
    run = world.must("user", "role", "desk", "--role", "service-desk", "--role", "contract-manager")
    ok("may act as contract-manager service-desk" in run.out, "other roles", run.out)
    ok(install(world, "user_changed")[-1]["roles"] == ["contract-manager", "service-desk"], "are in the install log")
    ok(world("doctor").returncode == 0, "and doctor finds the people as it says")


def tokens(world):
    run = world.must("token", "add", "probes", "--right", "USAGE_WRITE", "--kind", "probe.sample", "--contract", CONTRACT)
    token = TOKEN.search(run.out)
    ok(token and "shown once" in run.out and "until 2026-07-09T14:00:00Z" in run.out, "a token of 90 days", run.out)
    id = re.search(r"\bt_[0-9a-z]{16}\b", run.out).group()
    with open(world.path("acme.tenor"), "rb") as f:
        everything = f.read()
    ok(token.group()[21:].encode() not in everything, "its secret is nowhere in the file")
    added = install(world, "token_added")[-1]
    ok(added["token"] == id and added["rights"] == ["FACT_WRITE", "USAGE_WRITE"] and added["kinds"] == ["probe.sample"] and added["contracts"] == [CONTRACT],
       "the install log has its scope", added)
    run = world("token", "add", "x", "--right", "WORK_WRITE", "--as", "alice")
    ok(run.returncode == 64 and "'alice' has not the right WORK_WRITE" in run.err, "nobody gives what they have not", run.err)
    run = world("token", "add", "x", "--right", "STATEMENT_READ", "--as", "joe")
    ok(run.returncode == 64 and "TOKENS_MANAGE" in run.err, "an IT lead makes none", run.err)
    world.must("token", "add", "portal", "--right", "STATEMENT_READ", "--days", "366", "--as", "alice")
    mine, theirs = (json.loads(world.must("token", "list", "--json", "--as", who).out) for who in ("owner", "alice"))
    ok([t["name"] for t in mine] == ["probes"] and [t["name"] for t in theirs] == ["portal"], "each side sees its own", mine, theirs)
    run = world("token", "revoke", theirs[0]["id"])
    ok(run.returncode == 66 and "there is no token" in run.err, "and revokes its own", run.err)
    run = world("contract", "list", "--as", id)
    ok(run.returncode == 66 and "nobody active is called" in run.err, "on the command line nobody acts as a program", run.err)
    world.must("token", "revoke", id)
    ok("revoked 2026-04-10" in world.must("token", "list").out and install(world, "token_revoked")[-1]["token"] == id, "revoked, and recorded")
    ok(world("token", "revoke", id).returncode == 66, "once")


def sessions(world):
    ok(world.must("sessions").out == "nobody is signed in\n" and world.must("sessions", "--json").out.strip() == "[]", "nobody is signed in")
    db = sqlite3.connect(world.path("acme.tenor"))
    at = 1775829600000
    with db:
        for i, handle in enumerate(("owner", "desk", "desk")):
            person = db.execute("SELECT id FROM person WHERE handle = ?", (handle,)).fetchone()[0]
            db.execute("INSERT INTO session VALUES (?, ?, 0, 'Firefox, Linux', ?, ?, 1800000, ?, NULL)", (bytes([i + 1]) * 32, person, at, at, at + 43200000))
    db.close()
    run = world.must("sessions", "--as", "desk")
    ok(run.out.count("Firefox, Linux") == 2 and "02020202" in run.out and "owner" not in run.out, "one's own", run.out)
    run = world("sessions", "--everybody", "--as", "desk")
    ok(run.returncode == 64 and "INSTALL" in run.err, "all of them are the operator's to see", run.err)
    ok(world.must("sessions", "--everybody").out.count("\n") == 3, "and the operator does")
    run = world("sessions", "end", "01010101", "--as", "desk")
    ok(run.returncode == 66 and "no session '01010101'" in run.err, "nobody ends another's", run.err)
    ok("1 session ended" in world.must("sessions", "end", "02020202", "--as", "desk").out, "one of one's own")
    ok("1 session ended" in world.must("sessions", "end", "--as", "desk").out, "all of one's own")
    ok(json.loads(world.must("sessions", "end", "--everybody", "--json").out)["ended"] == "1", "everybody's")
    ok(rows(world, "SELECT count(*) FROM session") == [(0,)], "none is left")


def ended(world):
    person = rows(world, "SELECT id FROM person WHERE handle = 'alice'")[0][0]
    db = sqlite3.connect(world.path("acme.tenor"))
    with db:
        db.execute("INSERT INTO credential VALUES (?, 'x', 1, 0, 0, NULL)", (person,))
        db.execute("INSERT INTO factor VALUES (?, 1, ?, ?, 0, 0, NULL)", (person, bytes(24), bytes(36)))
        db.execute("INSERT INTO recovery VALUES (?, ?)", (person, bytes(32)))
        db.execute("INSERT INTO session VALUES (?, ?, 0, '', 1, 1, 1, 1, NULL)", (bytes([9]) * 32, person))
        db.execute("INSERT INTO preference VALUES (?, 'de', 'Europe/Berlin')", (person,))
    db.close()
    world.must("user", "disable", "alice", "--as", "alice")
    left = {t: rows(world, f"SELECT count(*) FROM {t} WHERE person = ?", person)[0][0] for t in TABLES}
    ok(left == {**dict.fromkeys(TABLES, 0), "token": 1}, "of who may act no longer nothing to sign in with is kept", left)
    ok(rows(world, "SELECT revoked_at FROM token WHERE person = ?", person)[0][0] is not None, "and the token is revoked")
    ok(world("doctor").returncode == 0, "doctor agrees")


def upgraded(world):
    """A file as the schema before left it."""
    shutil.copytree(world.folder, world.folder + "-old")
    old = World.__new__(World)
    old.__dict__.update(world.__dict__)
    old.folder = world.folder + "-old"
    # the key lies in the folder of settings, by the workspace's own name
    old.settings = os.path.join(old.folder, "settings")
    db = sqlite3.connect(old.path("acme.tenor"))
    with db:
        for table in TABLES + LATER:
            db.execute(f"DROP TABLE {table}")
        db.execute("DROP INDEX log_provider")
        db.execute("CREATE UNIQUE INDEX log_install ON log (kind) WHERE kind = 1")
        db.execute("PRAGMA user_version = 1")
    db.close()
    run = old("user", "list")
    ok(run.returncode == 2 and "schema" in run.err and "--upgrade" in run.err, "an older file says what to do", run.returncode, run.err)
    ok(old("rebuild", "--upgrade").returncode == 0, "rebuild --upgrade")
    ok(old.must("user", "list").out == world.must("user", "list").out, "the people are there")
    ok(LINK.search(old.must("user", "invite", "desk").out) and old("doctor").returncode == 0, "and what came with the new schema works")


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme").northwind(facts=False)
        people(world)
        links(world)
        roles(world)
        tokens(world)
        sessions(world)
        upgraded(world)
        ended(world)
    done()


main()
