#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Own objects only (trust.md P3): a requester lists, reads, writes on, corrects and disputes the tickets that it opened itself, and learns of no
other; a technician corrects what it recorded itself. What is another's is answered like what is not there, word for word.
"""

import json
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, World

HERE = ("--contract", CONTRACT)


def fact(world, who, kind, *fields, at=None):
    return world("fact", "add", kind, *fields, *HERE, "--as", who, *(["--at", at] if at else []), "--json")


def opened(world, who, ticket):
    run = fact(world, who, "ticket.logged", f"ticket={ticket}", "priority=P3", "service=helpdesk", "channel=portal", f"summary=words of {ticket}")
    assert run.returncode == 0, run.err
    return json.loads(run.out)["id"]


def same(world, foreign, unknown, name, *more):
    """Two calls that differ in one word alone, and so do their answers."""
    a, b = foreign(), unknown()
    plain = [r.err.replace("T-rob", "X").replace("T-roz", "X") for r in (a, b)]
    for word in more:
        plain = [p.replace(word, "X") for p in plain]
    ok(a.returncode == b.returncode != 0 and plain[0] == plain[1] and not a.out, f"{name}: another's is like none", a.err, b.err)


def reading(world):
    def listed(who):
        return {t["ticket"] for t in json.loads(world.must("ticket", "list", *HERE, "--as", who, "--state", "all", "--json").out)["tickets"]}

    ok(listed("req") == {"T-req"} and listed("rob") == {"T-rob"}, "each requester lists its own", listed("req"))
    ok({"T-req", "T-rob", "T-desk", "T-101"} <= listed("lead"), "who leads IT lists all")
    ok(listed("both") == listed("lead"), "and so does a requester with another role")
    run = world.must("ticket", "show", "T-req", *HERE, "--as", "req")
    ok("words of T-req" in run.out, "its own is read, words and all", run.out)
    for ticket in ("T-rob", "T-desk", "T-101"):
        run = world("ticket", "show", ticket, *HERE, "--as", "req")
        ok(run.returncode == 66 and "words of" not in run.err, f"{ticket} is not there", run.err)
    same(world, lambda: world("ticket", "show", "T-rob", *HERE, "--as", "req"), lambda: world("ticket", "show", "T-roz", *HERE, "--as", "req"), "show")
    today = world.must("today", "--as", "req", "--json").out
    ok("T-rob" not in today and "T-desk" not in today and "T-req" in today, "today tells of its own alone", today[:1500])
    ok("T-rob" in world.must("today", "--as", "lead", "--json").out, "and to others of all")
    for verb in (("statement", "--month", "2026-03"), ("atrisk",), ("explain", "--what", "ticket T-101", "--month", "2026-03"), ("log", "show")):
        run = world(*verb, *HERE, "--as", "req")
        ok(run.returncode == 64 and "has not the right" in run.err, f"{verb[0]} is not a requester's", run.err)


def writing(world, ids):
    run = fact(world, "req", "ticket.message", "ticket=T-req", "author=human", "words=mine", "visibility=public")
    ok(run.returncode == 0, "it writes on its own", run.err)
    for kind, fields in (("ticket.message", ("author=human", "words=x", "visibility=public")), ("ticket.cancelled", ()), ("ticket.reopened", ()),
                         ("ticket.priority_set", ("priority=P1",)), ("ticket.resolved", ("author=human",)), ("survey.answered", ("score=1",))):
        same(world, lambda: fact(world, "req", kind, "ticket=T-rob", *fields), lambda: fact(world, "req", kind, "ticket=T-roz", *fields), kind)
    run = fact(world, "req", "ticket.logged", "ticket=T-rob", "priority=P1", "service=helpdesk", "channel=portal")
    ok(run.returncode != 0 and "cannot be opened" in run.err, "a name that is taken is not taken over", run.err)
    run = fact(world, "req", "outage.began", "outage=o-1", "assets=records", "severity=down")
    ok(run.returncode != 0 and "has the right DISPUTE for tickets of its own only" in run.err, "nor does it contradict what is not about a ticket", run.err)
    two = [{"id": f"f-{i}", "kind": k, "occurred_at": "2026-04-10T13:00:00Z", "ticket": t, **more} for i, (k, t, more) in enumerate((
        ("ticket.logged", "T-new", {"priority": "P3", "service": "helpdesk", "channel": "portal"}), ("ticket.cancelled", "T-new", {}),
        ("ticket.cancelled", "T-rob", {}), ("ticket.cancelled", "T-roz", {})))]
    world.write("own.jsonl", "".join(json.dumps(f) + "\n" for f in two).encode())
    run = world("import", *HERE, "own.jsonl", "--as", "req", "--source", "portal")
    ok("2 facts recorded, 2 not recorded" in run.out, "a file is judged fact by fact", run.out, run.err)
    run = fact(world, "req", "fact.contested", f"fact={ids['answer']}", "reason=x")
    ok(run.returncode == 0, "it disputes what is said of its ticket", run.err)
    same(world, lambda: fact(world, "req", "fact.contested", f"fact={ids['other']}", "reason=x"),
         lambda: fact(world, "req", "fact.contested", "fact=019d0f2e-1180-7000-8000-00000000000f", "reason=x"), "dispute", ids["other"],
         "019d0f2e-1180-7000-8000-00000000000f")
    run = world("fact", "correct", ids["req"], "priority=P2", *HERE, "--as", "req")
    ok(run.returncode == 0, "it corrects what it said", run.err)
    for verb in (("fact", "correct"), ("fact", "withdraw")):
        tail = ("priority=P2",) if verb[1] == "correct" else ()
        same(world, lambda: world(*verb, ids["rob"], *tail, *HERE, "--as", "req"),
             lambda: world(*verb, "019d0f2e-1180-7000-8000-00000000000f", *tail, *HERE, "--as", "req"), " ".join(verb), ids["rob"],
             "019d0f2e-1180-7000-8000-00000000000f")


def technician(world, ids):
    run = world("fact", "correct", ids["tec"], "--at", "2026-04-10T13:50:00Z", *HERE, "--as", "tec")
    ok(run.returncode == 0, "a technician corrects its own", run.err)
    run = world("fact", "correct", ids["desk"], "priority=P2", *HERE, "--as", "tec")
    ok(run.returncode == 64 and "corrects facts that it recorded itself only" in run.err, "and no other's", run.err)
    run = world("fact", "withdraw", ids["desk"], *HERE, "--as", "tec")
    ok(run.returncode == 64 and "corrects facts that it recorded itself only" in run.err, "nor takes it back", run.err)
    line = {"id": "c-1", "kind": "ticket.logged", "occurred_at": "2026-04-10T13:00:00Z", "ticket": "T-desk", "priority": "P1", "service": "helpdesk",
            "channel": "portal", "corrects": ids["desk"]}
    world.write("c.jsonl", (json.dumps(line) + "\n").encode())
    run = world("import", *HERE, "c.jsonl", "--as", "tec", "--source", "tool")
    ok("corrects facts that it recorded itself only" in run.out, "not by a file either", run.out, run.err)
    run = world("fact", "correct", ids["tec2"], "--at", "2026-04-10T13:51:00Z", *HERE, "--as", "desk")
    ok(run.returncode == 0, "the desk corrects its side's", run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "own", now="2026-04-10T14:00:00Z").northwind()
        for who, role in (("desk", "service-desk"), ("tec", "technician")):
            world.must("user", "add", who, "--role", role)
        world.must("user", "add", "sig", "--role", "signer", *HERE)
        for who, roles in (("req", ["requester"]), ("rob", ["requester"]), ("lead", ["it-lead"]), ("both", ["requester", "billing"])):
            world.must("user", "add", who, *(w for r in roles for w in ("--role", r)), *HERE, "--as", "sig")
        ids = {who: opened(world, who, f"T-{who}") for who in ("req", "rob", "desk")}
        ids["answer"] = json.loads(fact(world, "desk", "ticket.waiting_client", "ticket=T-req").out)["id"]
        ids["other"] = json.loads(fact(world, "desk", "ticket.waiting_client", "ticket=T-rob").out)["id"]
        ids["tec"] = json.loads(fact(world, "tec", "ticket.resumed", "ticket=T-rob").out)["id"]
        ids["tec2"] = json.loads(fact(world, "tec", "ticket.resumed", "ticket=T-req").out)["id"]
        world.now = "2026-04-14T14:00:00Z"  # clocks are late by now
        reading(world)
        writing(world, ids)
        technician(world, ids)
    done()


main()
