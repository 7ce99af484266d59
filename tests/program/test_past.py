#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tickets of the past that are left out (docs/decisions/0024): the statement of each month, with its reasons, is the same bytes whether
what is over was read or not, after whatever is recorded; a table that says something else shows; `doctor` tells."""

import datetime
import json
import os
import random
import sqlite3
import tempfile

from program import done, ok
from record import CONTRACT, EXAMPLES, World

SEED = int(os.environ.get("TENOR_SEED") or 20261127)
STEPS = int(os.environ.get("TENOR_IMAGES") or 12)
IN = ["--contract", CONTRACT]
MONTHS = [f"2026-{m:02}" for m in range(1, 7)]
print(f"# seed {SEED}, {STEPS} steps")
rng = random.Random(SEED)
minute, hour, day = (datetime.timedelta(**{u: 1}) for u in ("minutes", "hours", "days"))
now = datetime.datetime(2026, 6, 20, 14, 30, tzinfo=datetime.timezone.utc)


def stamp(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


class Record:
    """A workspace with a history of its own."""

    def __init__(self, name, change=None):
        self.w = World(tempfile.mkdtemp(prefix="tenor-past-"), name, "2026-06-15T14:00:00Z")
        text = open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8").read()
        self.text = change(text) if change else text
        assert change is None or self.text != text
        self.w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        self.w.must("client", "add", "northwind", "--name", "Northwind Clinic")
        self.w.must("contract", "add", self.w.write("c.yaml", self.text.encode()), "--agreed", "2026-01-01T00:00Z")
        self.w.must("user", "add", "alice", "--role", "signer", *IN)
        self.numbers, self.refs, self.files = 0, [], 0

    def fact(self, kind, at, party="provider", **more):
        self.refs.append(f"f{len(self.refs)}")
        return {"id": self.refs[-1], "kind": kind, "occurred_at": stamp(at), "party": party, **more}

    def life(self, at, whole=True):
        """A ticket: in time or late, with pauses, other priorities, out of scope, cancelled, reopened; mostly over."""
        t, out = f"T-{self.numbers}", []
        self.numbers += 1
        out.append(self.fact("ticket.logged", at, rng.choice(["client", "client", "provider"]), ticket=t, via="person", summary="It hums",
                             priority=rng.choice(["P1", "P2", "P3"]), **({"service": "helpdesk"} if rng.random() < 0.7 else {})))
        at += rng.choice([5, 20, 90, 600]) * minute
        out.append(self.fact("ticket.message", at, ticket=t, author="human", visibility="public"))
        if rng.random() < 0.15:
            out.append(self.fact("ticket.waiting_client", at + minute, ticket=t))
            at += rng.randrange(3, 60) * hour
            if rng.random() < 0.8:
                out.append(self.fact("ticket.resumed", at, ticket=t))
        if rng.random() < 0.1:
            out.append(self.fact("ticket.priority_agreed", at + 2 * minute, ticket=t, priority=rng.choice(["P1", "P2", "P3"])))
        if rng.random() < 0.03:
            out.append(self.fact("ticket.scope_set", at + 3 * minute, ticket=t, in_scope=False))
        if not whole:
            return out
        at += rng.choice([10, 60, 200, 900, 5000]) * minute
        if rng.random() < 0.03:
            out.append(self.fact("ticket.cancelled", at, rng.choice(["client", "provider"]), ticket=t))
            return out
        out.append(self.fact("ticket.restored", at, ticket=t, author="human"))
        if rng.random() < 0.07:
            out.append(self.fact("ticket.reopened", at + rng.choice([1, 30, 700]) * hour, "client", ticket=t))
            at += rng.choice([31, 800]) * hour
            out.append(self.fact("ticket.restored", at, ticket=t, author="human"))
        out.append(self.fact(rng.choice(["ticket.resolved", "ticket.closed"]), at + 30 * minute, ticket=t, author="human"))
        return [f for f in out if f["occurred_at"] < stamp(now)]

    def record(self, facts, who=None, allowed=(0,)):
        self.files += 1
        facts.sort(key=lambda f: f["occurred_at"])
        name = self.w.write(f"in-{self.files}.jsonl", b"".join(json.dumps(f).encode() + b"\n" for f in facts))
        run = self.w("import", name, *IN, *(["--as", who] if who else []), now=stamp(now))
        if run.returncode not in allowed:
            raise RuntimeError(run.err)

    def table(self, sql, *values):
        with sqlite3.connect(self.w.path("acme.tenor")) as db:
            got = db.execute(sql, values).fetchall()
        db.close()
        return got

    def statements(self, months=None):
        out = []
        for month in months or MONTHS:
            for how in (["--json"], []):
                run = self.w("statement", *IN, "--month", month, *how, now=stamp(now))
                out.append((month, run.returncode, run.out, run.err))
        for words in (["deadlines"], ["deadlines", "--as", "alice"], ["today", "--as", "alice"], ["today"]):
            run = self.w(*words, *IN, "--json", now=stamp(now))
            out.append((" ".join(words), run.returncode, run.out, run.err))
        return out

    def months(self):
        return self.table("SELECT * FROM ticket_past")

    def put_months(self, rows):
        self.table("DELETE FROM ticket_past")
        for row in rows:
            self.table(f"INSERT INTO ticket_past VALUES ({', '.join('?' * len(row))})", *row)

    def both(self, months=None):
        """With the months as they are kept, and without them."""
        rows, state = self.months(), rng.getstate()
        with_them = self.statements(months)
        self.put_months([])
        without = self.statements(months)
        self.put_months(rows)
        rng.setstate(state)
        return [(a[0], a[1:], b[1:]) for a, b in zip(with_them, without) if a != b], [b[1] for b in without]

    def compare(self, what, months=None):
        differ, codes = self.both(months)
        ok(not differ and set(codes) == {0}, f"the same statements: {what}", codes, *[first_difference(*d) for d in differ[:2]])


def first_difference(month, x, y):
    a, b = x[1] + x[2], y[1] + y[2]
    at = next((i for i, (p, q) in enumerate(zip(a, b)) if p != q), min(len(a), len(b)))
    return f"{month}: {a[max(0, at - 200):at + 200]!r} / {b[max(0, at - 200):at + 200]!r}"


def filled(name, change=None, tickets=2400):
    r = Record(name, change)
    start = datetime.datetime(2025, 12, 20, 8, 0, tzinfo=datetime.timezone.utc)
    facts = []
    for i in range(tickets):
        facts += r.life(start + i * (180 * day / tickets), rng.random() < 0.985)
    for m in range(1, 6):
        at = datetime.datetime(2026, m, 11, 3, 0, tzinfo=datetime.timezone.utc)
        facts.append(r.fact("outage.began", at, "monitor", outage=f"o{m}", assets=["records"]))
        facts.append(r.fact("outage.ended", at + rng.randrange(1, 12) * hour, "monitor", outage=f"o{m}"))
    r.record(facts)
    return r


def old(r):
    return f"T-{rng.randrange(min(r.numbers, 2000))}"


def reopened(r):
    return [r.fact("ticket.reopened", now - hour, "client", ticket=old(r)) for _ in range(2)]


def late(r):
    """Told now, of months ago."""
    return r.life(now - rng.randrange(30, 150) * day)


def merged(r):
    return [r.fact("ticket.merged", now - rng.randrange(1, 90) * day, ticket=old(r), into=old(r)), r.fact("ticket.split", now - day, ticket=old(r), into=f"T-{r.numbers + 9}")]


def corrected(r):
    some = [json.loads(bytes(row[0])) for row in r.table("SELECT bytes FROM entry")]
    one = rng.choice([e for e in some if e["kind"] == "ticket.restored"])
    r.w("fact", "correct", one["id"], "--at", stamp(now - rng.randrange(5, 40) * day), *IN, now=stamp(now))
    return []


def contested(r):
    return ("alice", [r.fact("fact.contested", now, "client", fact=rng.choice(r.refs[:2000])) for _ in range(2)])


def linked(r):
    return [r.fact("cause.linked", now, cause=f"power{len(r.refs)}", events=[old(r), old(r), rng.choice(r.refs[:1500]), "o3"])]


def obligation(r):
    e = f"e{len(r.refs)}"
    return [r.fact("obligation.requested", now - 50 * day, event=e, obligation="access", tickets=[old(r), old(r)]), r.fact("obligation.met", now - 45 * day, "client", event=e)]


def day_off(r):
    return [r.fact("calendar.exception", now, calendar="office", date="2026-03-04", open=False)]


def delivered(r):
    return ("alice", [r.fact("report.delivered", now - 30 * day, "client", window="2026-04")]) if rng.random() < 0.5 else [r.fact("report.delivered", now, window="2026-05")]


def withdrawn(r):
    some = [json.loads(bytes(row[0])) for row in r.table("SELECT bytes FROM entry")]
    one = rng.choice([e for e in some if e["kind"] in ("ticket.message", "ticket.waiting_client")])
    r.w("fact", "withdraw", one["id"], *IN, now=stamp(now))
    return []


def many(r):
    out = []
    for _ in range(80):
        out += r.life(now - rng.randrange(2, 900) * hour, rng.random() < 0.9)
    return out


def amended(r):
    bodies = [json.loads(bytes(b[0])) for b in r.table("SELECT bytes FROM entry")]
    sha = [e["body"]["version"] for e in bodies if e["kind"] == "version_agreed"][-1]
    amends = f'amends: {{base: "{sha}", effective_date: "{(now + 2 * day).date()}", reason: "higher"}}\n'
    text = r.text.replace("comply: {at_least: 90%", "comply: {at_least: 92%").replace("contract:\n", amends + "contract:\n", 1)
    r.w.must("contract", "add", r.w.write("c2.yaml", text.encode()), "--agreed", stamp(now), now=stamp(now))
    return []


DOINGS = [many, reopened, amended, late, linked, corrected, merged, contested, obligation, delivered, withdrawn, day_off]


def history(r, what, steps, doings):
    global now
    for step in range(steps):
        now += rng.choice([1, 5, 30]) * hour
        doing = doings[step % len(doings)]
        new = doing(r)
        who, facts = new if isinstance(new, tuple) else (None, new)
        if facts:
            r.record(facts, who, (0, 1))
        if rng.random() < 0.4:
            r.record(many(r))
        r.compare(f"{what}, step {step}, {doing.__name__}, {len(r.months())} months kept")


r = filled("kept")
ok(len(r.months()) >= 6, "the import keeps months", len(r.months()))
r.compare("after the import")
before = r.statements(["2026-03"])[0][2]

# What was kept says something else: it shows in the trend of the last windows, so the statement is made from it.
rows = r.months()
names = [c[1] for c in r.table("PRAGMA table_info(ticket_past)")]
one, other = ([dict(zip(names, row)) for row in rows if row[1] == sorted(x[1] for x in rows)[k]][0] for k in (1, 2))
r.table("UPDATE ticket_past SET clocks = ? WHERE month = ?", one["clocks"], other["month"])
ok(r.statements(["2026-05"])[0][2] != [b for b in r.both(["2026-05"])[0]] and r.both(["2026-05"])[0], "other clocks in its place give another statement")
run = r.w("doctor", now=stamp(now))
ok(run.returncode != 0 and "its tickets are not what the entries make" in run.out, "and doctor tells", run.out)
r.put_months(rows)

# A month that should have been forgotten, since something new is about one of its tickets.
r.record([r.fact("ticket.reopened", now - hour, "client", ticket="T-150")] + many(r))
ok(len(r.months()) < len(rows), "what something new is about is forgotten", len(rows), len(r.months()))
kept = r.months()
r.put_months(rows)
ok(bool(r.both(MONTHS)[0]), "and would give another statement if it were not")
r.put_months(kept)
r.compare("after it")

history(r, "caps, chronic rights", STEPS, DOINGS)
r.w.must("rebuild", now=stamp(now))
ok(len(r.months()) >= 6, "rebuild makes the months again", len(r.months()))
r.compare("after rebuild")
run = r.w("doctor", now=stamp(now))
ok(run.returncode == 0, "doctor agrees", run.out, run.err)

OTHERS = [
    ("quarters", lambda t: t.replace("window: calendar_month", "window: calendar_quarter", 1)),
    ("a rolling window", lambda t: t.replace("window: calendar_month", "window: rolling_90d", 1)),
    ("one credit a breach", lambda t: t.replace("tiers: [{id: t1, below: 90%, credit: 3%}]", "each_breach: 1%", 1)),
    ("samples carried on", lambda t: t.replace("min_sample: 5, below_min: not_judged", "min_sample: 150, below_min: carry", 1)),
    ("a new cycle", lambda t: t.replace("      partial_window: prorate\n", "      partial_window: prorate\n      reopen: new_cycle\n", 2)),
]
for name, change in OTHERS:
    r = filled(name.replace(" ", "-"), change, 500)
    r.compare(name, MONTHS[2:])
    history(r, name, max(1, STEPS // 5), rng.sample(DOINGS[:10], 5))
done()
