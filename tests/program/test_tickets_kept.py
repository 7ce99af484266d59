#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of tickets (docs/decisions/0018): a list and a ticket are the same with it and without it, after whatever is recorded, for each
role; `doctor` and `rebuild` agree about it."""

import datetime
import json
import os
import random
import sqlite3
import tempfile

from program import done, ok
from record import CONTRACT, World

SEED = int(os.environ.get("TENOR_SEED") or 20261127)
STEPS = int(os.environ.get("TENOR_IMAGES") or 8)
TICKETS = 330
IN = ["--contract", CONTRACT]
print(f"# seed {SEED}, {STEPS} steps")
rng = random.Random(SEED)
w = World(tempfile.mkdtemp(prefix="tenor-kept-"), "kept").northwind(facts=False)
w.must("user", "add", "dana", "--role", "owner")
w.must("user", "add", "desk", "--role", "service-desk")
w.must("user", "add", "alice", "--role", "signer", *IN)
w.must("user", "add", "rosa", "--role", "requester", *IN, "--as", "alice")
now = datetime.datetime(2026, 4, 13, 14, 30, tzinfo=datetime.timezone.utc)
numbers, refs, files = 0, [], 0


def stamp(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def fact(kind, at, party, **more):
    refs.append(f"f{len(refs)}")
    return {"id": refs[-1], "kind": kind, "occurred_at": stamp(at), "party": party, **more}


def life(number, at, whole):
    """A ticket, mostly over; some wait, some are reopened, some have what happens later than now."""
    t, minute, out = f"T-{number}", datetime.timedelta(minutes=1), []
    out.append(fact("ticket.logged", at, rng.choice(["client", "client", "provider"]), ticket=t, via="person", summary=f"It hums, {number}",
                    priority=rng.choice(["P1", "P2", "P3"]), **({"service": "helpdesk"} if number % 3 else {})))
    out.append(fact("ticket.message", at + rng.randrange(5, 300) * minute, "provider", ticket=t, author="human", visibility="public"))
    if rng.random() < 0.2:
        out.append(fact("ticket.assigned", at + 4 * minute, "provider", ticket=t, technician=rng.choice(["t7", "t8"])))
    if not whole:
        if rng.random() < 0.5:
            out.append(fact("ticket.waiting_client", at + 310 * minute, "provider", ticket=t))
        return out
    out.append(fact("ticket.restored", at + rng.randrange(310, 900) * minute, "provider", ticket=t, author="human"))
    if rng.random() < 0.8:
        out.append(fact(rng.choice(["ticket.resolved", "ticket.closed"]), at + 1000 * minute, "provider", ticket=t, author="human"))
    return out


def record(facts, who="dana", allowed=(0,)):
    global files
    files += 1
    facts.sort(key=lambda f: f["occurred_at"])
    name = w.write(f"in-{files}.jsonl", b"".join(json.dumps(f).encode() + b"\n" for f in facts))
    run = w("import", name, *IN, "--as", who, now=stamp(now))
    if run.returncode not in allowed:
        raise RuntimeError(run.err)
    return run


def table(sql, *values):
    with sqlite3.connect(w.path("acme.tenor")) as db:
        got = db.execute(sql, values).fetchall()
    db.close()
    return got


QUEUES = [("dana", ["--state", state, "--queue", "second-line", "--sort", order, "--limit", limit])
          for state, order, limit in (("all", "due", "5"), ("closed", "logged", "6"), ("closed", "priority", "4"), ("all", "id", "7"), ("closed", "due", "1000"))]
QUEUES += [("desk", ["--state", "closed", "--queue", "second-line", "--late"]), ("desk", ["--state", "resolved", "--queue", "hardware", "--sort", "priority", "--limit", "3"]),
           ("desk", ["--state", "all", "--queue", "nowhere"])]
QUESTIONS = [("dana", []), ("dana", ["--state", "all", "--limit", "7"]), ("alice", ["--state", "closed", "--sort", "priority", "--limit", "1000"]),
             ("desk", ["--state", "all", "--late", "--sort", "logged", "--limit", "1000"]), ("desk", ["--state", "all", "--technician", "t7", "--sort", "id"]),
             ("rosa", ["--state", "all", "--limit", "1000"]), ("dana", ["--state", "all", "--priority", "P2", "--sort", "logged", "--limit", "9"]),
             ("desk", ["--state", "merged"]), ("dana", ["--at-risk", "--state", "all"]), ("dana", ["--state", "all", "--age", "30", "--service", "helpdesk", "--limit", "5"]),
             ("dana", ["--state", "closed", "--sort", "priority", "--limit", "6"]), ("rosa", ["--state", "closed", "--sort", "priority", "--limit", "2"]),
             ("rosa", ["--state", "all", "--sort", "id", "--limit", "2"]), ("desk", ["--state", "all", "--technician", "t8", "--sort", "priority", "--limit", "6"]),
             ("alice", ["--state", "resolved", "--sort", "id", "--limit", "11"]), ("dana", ["--state", "closed", "--age", "31", "--sort", "id", "--limit", "300"]),
             ("dana", ["--state", "closed", "--age", "33", "--sort", "priority", "--late", "--limit", "4"]),
             *QUEUES]


def answers(sample, shown, pages=1):
    """Exit status, answer and errors of each call."""
    out = []
    for who, words in sample:
        run = w("ticket", "list", *IN, *words, "--as", who, "--json", now=stamp(now))
        out.append((run.returncode, run.out, run.err))
        answer = json.loads(run.out) if run.returncode == 0 else {}
        for _ in range(pages):  # and some behind it
            if "after" in answer:
                run = w("ticket", "list", *IN, *words, "--after", answer["after"], "--as", who, "--json", now=stamp(now))
                out.append((run.returncode, run.out, run.err))
                answer = json.loads(run.out) if run.returncode == 0 else {}
    for who, t in shown:
        run = w("ticket", "show", t, *IN, "--as", who, *rng.choice([["--json"], []]), now=stamp(now))
        out.append((run.returncode, run.out, run.err))
    return out


WEEK = 7 * 86400 * 1000
ALIKE = f"log, logged / {WEEK}, rank, state, missed, priority, service, technician"


def recount():
    """As many are counted as the table says are over."""
    table("DELETE FROM ticket_count")
    table(f"INSERT INTO ticket_count SELECT {ALIKE}, count(*) FROM ticket WHERE live = 0 GROUP BY {ALIKE}")


def counted_right():
    return table("SELECT * FROM ticket_count ORDER BY 1, 2, 3, 4, 5, 6, 7, 8") == table(
        f"SELECT {ALIKE}, count(*) FROM ticket WHERE live = 0 GROUP BY {ALIKE} ORDER BY 1, 2, 3, 4, 5, 6, 7, 8")


def compare(what, sample=None, shown=None, pages=1):
    sample = sample or rng.sample(QUESTIONS, 2)
    shown = shown or [(rng.choice(["dana", "alice", "rosa"]), f"T-{rng.randrange(numbers + 2)}") for _ in range(2)]
    state = rng.getstate()
    with_it = answers(sample, shown, pages)
    rows = table("SELECT log, size, rest FROM ticket_size")
    table("DELETE FROM ticket_size")
    rng.setstate(state)
    without = answers(sample, shown, pages)
    for row in rows:
        table("INSERT INTO ticket_size (log, size, rest) VALUES (?, ?, ?)", *row)
    bad = [(a, b) for a, b in zip(with_it, without) if a != b]
    ok(not bad and len(with_it) == len(without), f"the same with the table and without it: {what}", sample, shown, *[str(x)[:1500] for x in bad[:1]])
    return rows


start, facts = datetime.datetime(2026, 1, 5, 8, 0, tzinfo=datetime.timezone.utc), []
for numbers in range(TICKETS):
    at = start + datetime.timedelta(minutes=numbers * 330)
    facts += life(numbers, min(at, now - datetime.timedelta(hours=20)), rng.random() < 0.985)
numbers = TICKETS
record(facts)
for number in rng.sample(range(TICKETS), 26):
    w.must("ticket", "queue", f"T-{number}", "--queue", rng.choice(["second-line", "second-line", "hardware"]), *IN, "--as", "desk", now=stamp(now))
rows = compare("after an import", QUESTIONS, [("dana", "T-3"), ("alice", "T-17"), ("rosa", "T-5"), ("dana", "T-9999")], pages=3)
ok(len(rows) == 1 and rows[0][1] > 1200, "the import made it", rows)
run = w("ticket", "list", *IN, "--state", "closed", "--queue", "second-line", "--json", "--as", "desk", now=stamp(now))
ok(json.loads(run.out)["matching"] > 8 and {t["queue"] for t in json.loads(run.out)["tickets"]} == {"second-line"}, "a queue has tickets that are over", run.out)
over = table("SELECT count(*) FROM ticket WHERE live = 0")[0][0]
ok(over > TICKETS * 0.8, "most tickets are over", over)
table("UPDATE ticket SET state = 8 WHERE ticket = (SELECT min(ticket) FROM ticket WHERE live = 0 AND state < 8)")
recount()
run = w("ticket", "list", *IN, "--state", "merged", "--json", now=stamp(now))
ok(json.loads(run.out)["matching"] > len([t for t in json.loads(run.out)["tickets"] if t["state"] == "merged"]), "a list does choose by it", run.out)
run = w("doctor", now=stamp(now))
ok(run.returncode != 0 and "its tickets are not what the entries make" in run.out, "and tells where it does not", run.out)
w.must("rebuild", now=stamp(now))
ok(counted_right(), "rebuild counts them")
table("UPDATE ticket_count SET n = n + 1 WHERE block = (SELECT max(block) FROM ticket_count)")
run = w("doctor", now=stamp(now))
ok(run.returncode != 0 and "its tickets are not what the entries make" in run.out, "it tells where more are counted than there are, too", run.out)
w.must("rebuild", now=stamp(now))
run = w("doctor", now=stamp(now))
ok(run.returncode == 0, "rebuild makes it again", run.out)


def reopened():
    return [fact("ticket.reopened", now, "client", ticket=f"T-{rng.randrange(numbers)}") for _ in range(3)]


def merged():
    a, b, c = (f"T-{n}" for n in rng.sample(range(numbers), 3))
    return [fact("ticket.merged", now, "provider", ticket=a, into=b), fact("ticket.split", now, "provider", ticket=c, into=f"T-{numbers + 50}")]


def obligation():
    return [fact("obligation.requested", now - datetime.timedelta(days=2), "provider", event=f"e{len(refs)}", obligation="access",
                 tickets=[f"T-{rng.randrange(numbers)}", f"T-{rng.randrange(numbers)}"])]


def more():
    global numbers
    out = []
    for _ in range(70):
        out += life(numbers, now - datetime.timedelta(hours=rng.randrange(20, 400)), rng.random() < 0.9)
        numbers += 1
    return out


def later():
    global numbers
    numbers += 1
    return life(numbers - 1, now - datetime.timedelta(minutes=40), True)


def day_off():
    return [fact("calendar.exception", now, "provider", calendar="office", date="2026-05-04")]


def contested():
    """The client contests what the provider said; a moment later the provider corrects something else."""
    record([fact("fact.contested", now, "client", fact=rng.choice(refs[:1500]))], "alice", (0, 1))
    some = [json.loads(bytes(row[0])) for row in table("SELECT bytes FROM entry")]
    one = rng.choice([e for e in some if e["kind"] == "ticket.restored"])
    w("fact", "correct", one["id"], "--at", stamp(now - datetime.timedelta(days=1)), *IN, "--as", "dana", now=stamp(now))
    return []


def own():
    w.must("fact", "add", "ticket.logged", f"ticket=R-{len(refs)}", "priority=P3", "via=person", "summary=Mine", *IN, "--as", "rosa", "--at", stamp(now), now=stamp(now))
    w.must("fact", "add", "ticket.closed", f"ticket=R-{len(refs)}", *IN, "--as", "desk", "--at", stamp(now), now=stamp(now))
    return [fact("work.recorded", now, "provider", entry=f"w{len(refs)}", minutes=20, ticket=f"T-{rng.randrange(numbers)}", technician="t7", place="remote")]


DOINGS = [reopened, merged, day_off, more, obligation, contested, own, later]
refused = 0
for step in range(STEPS):
    now += datetime.timedelta(hours=rng.choice([1, 5, 30]))
    doing = DOINGS[step % len(DOINGS)]
    new = doing()
    if new:
        run = record(new, allowed=(0, 1))
        refused += run.returncode
    compare(f"step {step}, {doing.__name__}")
ok(refused <= STEPS // 3, "most of it was taken", refused)
ok(counted_right(), "as many are counted as are over, by all that they are chosen by")

before = table("SELECT * FROM ticket ORDER BY log, ticket")
run = w("doctor", now=stamp(now))
ok(run.returncode == 0, "doctor agrees with the table", run.out, run.err)
with sqlite3.connect(w.path("acme.tenor")) as db:
    rows = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE INDEX ticket_%' ORDER BY 1")]
    ways = [" ".join(r[3] for r in db.execute("EXPLAIN QUERY PLAN " + q)) for q in (
        "SELECT entries FROM ticket WHERE log = 2 AND live = 1 ORDER BY logged DESC, ticket",
        "SELECT entries FROM ticket WHERE log = 2 AND live = 0 AND rank = 1 AND logged <= 5 AND ('a' = '' OR opener = 'a') ORDER BY logged DESC, ticket LIMIT 5",
        "SELECT entries FROM ticket WHERE log = 2 AND live = 0 AND opener = 'a' AND opener <> '' AND logged <= 5 ORDER BY logged DESC, ticket LIMIT 5")]
db.close()
ok(all(name in way and "TEMP" not in way for name, way in zip(["ticket_logged", "ticket_rank", "ticket_opener"], ways)), "no list looks through all tickets", rows, ways)
w.must("rebuild", now=stamp(now))
compare("after rebuild")
compare("queues, in the end", QUEUES, pages=3)

# a workspace of before tickets were counted
asked = ["ticket", "list", *IN, "--state", "closed", "--json"]
before = w(*asked, now=stamp(now))
table("DROP TABLE ticket_count")
table("DROP INDEX ticket_opener")
table("UPDATE meta SET value = 'older' WHERE key = 'derived'")
run = w(*asked, now=stamp(now))
ok(run.returncode == 2 and "tenor rebuild" in run.err, "who reads a workspace without the table is told what makes it", run.err, run.out)
record(more())
ok(counted_right(), "who writes makes it")
compare("in a workspace that was brought on")
done()
