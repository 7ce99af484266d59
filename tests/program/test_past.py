#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tickets of the past that are left out (docs/decisions/0024): the statement of each month, with its reasons, and the draft of an invoice are
the same bytes whether what is over was read or not, after whatever is recorded; a table that says something else shows; `doctor` tells."""

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
DRAFTS = ["2026-05-01", "2026-06-01", "2026-07-01", "2026-08-03"]  # of a day that is long over, of one that came, and ahead
print(f"# seed {SEED}, {STEPS} steps")
rng = random.Random(SEED)
minute, hour, day = (datetime.timedelta(**{u: 1}) for u in ("minutes", "hours", "days"))
now = datetime.datetime(2026, 6, 20, 14, 30, tzinfo=datetime.timezone.utc)


def stamp(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


class Record:
    """A workspace with a history of its own."""

    def __init__(self, name, change=None):
        self.w = World(tempfile.mkdtemp(prefix="tenor-past-"), name, "2026-04-01T14:00:00Z")
        text = open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8").read()
        self.text = change(text) if change else text
        assert change is None or self.text != text
        self.w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        self.w.must("client", "add", "northwind", "--name", "Northwind Clinic")
        self.w.must("contract", "add", self.w.write("c.yaml", self.text.encode()), "--agreed", "2026-01-01T00:00Z")
        self.w.must("user", "add", "alice", "--role", "signer", *IN)
        self.w.must("user", "add", "bill", "--role", "billing", *IN, "--as", "alice")
        self.numbers, self.refs, self.files, self.worked = 0, [], 0, ["T-7", "T-190"]

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

    def quick(self, at):
        t = f"Q-{at:%d%H%M}"
        steps = [("ticket.logged", {"via": "person", "summary": "It hums", "priority": "P3"}), ("ticket.message", {"author": "human", "visibility": "public"}),
                 ("ticket.restored", {"author": "human"}), ("ticket.closed", {"author": "human"})]
        return [self.fact(kind, at + k * minute, "client" if k == 0 else "provider", ticket=t, **more) for k, (kind, more) in enumerate(steps)]

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
        for words in (["statement", "--month", "2026-06", "--as-of", stamp(now + minute)], ["statement", "--month", "2026-05", "--as-of", "2026-05-20T12:00Z"]):
            run = self.w(*words, *IN, "--json", now=stamp(now))
            out.append((" ".join(words), run.returncode, run.out, run.err))
        for words in (["deadlines"], ["deadlines", "--as", "alice"], ["today", "--as", "alice"], ["today"]):
            run = self.w(*words, *IN, "--json", now=stamp(now))
            out.append((" ".join(words), run.returncode, run.out, run.err))
        return out

    def drafts(self):
        out = []
        for words in [["invoice", "preview", "--on", on] for on in [*DRAFTS, str(now.date())]] + [["forecast"]] + [["ticket", "show", t] for t in self.worked]:
            for how in (["--json"], []):
                run = self.w(*words, *IN, *how, now=stamp(now))
                out.append((" ".join(words), run.returncode, run.out, run.err))
        return out

    def owed(self):
        """Availability and what is owed, as of days that are over, too."""
        out = []
        asked = [["availability", "--month", month] for month in ("2026-02", "2026-05", "2026-06")]
        for on in [None, "2026-03-31", "2026-05-15", "2026-12-31"]:
            asked += [[verb, *(["--on", on] if on else [])] for verb in ("receivables", "statement-of-account")]
        for words in asked:
            for how in (["--json"], []):
                run = self.w(*words, *IN, *how, now=stamp(now))
                out.append((" ".join(words), run.returncode, run.out, run.err))
        return out

    def months(self):
        return self.table("SELECT * FROM ticket_past")

    def put_months(self, rows):
        self.table("DELETE FROM ticket_past")
        for row in rows:
            self.table(f"INSERT INTO ticket_past VALUES ({', '.join('?' * len(row))})", *row)

    def both(self, asked):
        """With the months as they are kept, and without them."""
        rows = self.months()
        with_them = asked()
        self.put_months([])
        without = asked()
        self.put_months(rows)
        return [(a[0], a[1:], b[1:]) for a, b in zip(with_them, without) if a != b], [b[1] for b in without]

    def both_statements(self, months=None):
        return self.both(lambda: self.statements(months))

    def compare(self, what, months=None):
        differ, codes = self.both_statements(months)
        ok(not differ and set(codes) == {0}, f"the same statements: {what}", codes, *[first_difference(*d) for d in differ[:2]])
        differ, codes = self.both(self.drafts)
        ok(not differ and set(codes) <= {0, 1}, f"the same drafts: {what}", codes, *[first_difference(*d) for d in differ[:2]])
        differ, codes = self.both(self.owed)
        ok(not differ and set(codes) == {0}, f"the same availability and accounts: {what}", codes, *[first_difference(*d) for d in differ[:2]])

    def invoice(self, on):
        """Several months at once are let go by a person (R74)."""
        self.w("invoice", "release", *IN, "--on", on, "--reason", "all_of_them", now=stamp(now))
        return self.w("invoice", "run", *IN, "--on", on, now=stamp(now))

    def again(self):
        return self.table("SELECT sources, same FROM document_again")


def first_difference(month, x, y):
    a, b = x[1] + x[2], y[1] + y[2]
    at = next((i for i, (p, q) in enumerate(zip(a, b)) if p != q), min(len(a), len(b)))
    return f"{month}: {a[max(0, at - 200):at + 200]!r} / {b[max(0, at - 200):at + 200]!r}"


def filled(name, change=None, tickets=2400, issued="2026-04-01"):
    """Half a year, told in two parts, with an invoice between them."""
    global now
    r, later = Record(name, change), now
    start = datetime.datetime(2025, 12, 20, 8, 0, tzinfo=datetime.timezone.utc)
    facts = []
    for i in range(tickets):
        facts += r.life(start + i * (180 * day / tickets), rng.random() < 0.985)
    for m in range(1, 6):
        at = datetime.datetime(2026, m, 11, 3, 0, tzinfo=datetime.timezone.utc)
        facts.append(r.fact("outage.began", at, "monitor", outage=f"o{m}", assets=["records"]))
        facts.append(r.fact("outage.ended", at + rng.randrange(1, 12) * hour, "monitor", outage=f"o{m}"))
    now = datetime.datetime(2026, 4, 9, 14, 0, tzinfo=datetime.timezone.utc)
    r.record([f for f in facts if f["occurred_at"] < stamp(now)])
    assert "invoice INV-2026-00001" in r.invoice(issued).out
    part, now = stamp(now), later
    r.w.must("clock", "accept", now=stamp(now))
    r.record([f for f in facts if f["occurred_at"] >= part])
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
    return [r.fact("calendar.exception", now, calendar="office", date="2026-03-04")]


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


def invoiced(r):
    r.invoice(rng.choice(["2026-05-01", "2026-06-01", str(now.date())]))
    return []


def disputed(r):
    number = rng.choice(r.table("SELECT number FROM document WHERE number LIKE 'INV-%'"))[0]
    r.w("dispute-line", number, "1", "--amount", "20.00", "--reason", "not_done", "--as", "bill", now=stamp(now))
    if rng.random() < 0.5:
        r.w("dispute-settle", *IN, "--dispute", f"{number}-line-1", "--outcome", "upheld", "--credit-note", now=stamp(now))
    return []


def worked(r):
    """Time on tickets: charged where the contract charges it, of months that were invoiced, too."""
    r.worked = r.worked[-3:] + [old(r) for _ in range(3)]
    return [r.fact("work.recorded", now - rng.randrange(1, 120) * day, entry=f"W-{len(r.refs)}", minutes=rng.choice([15, 40, 90]), ticket=t,
                   **({"charge": "remote"} if "id: remote" in r.text else {"covered": "helpdesk"})) for t in r.worked[-3:]]


DOINGS = [many, reopened, amended, late, linked, corrected, merged, contested, obligation, delivered, withdrawn, day_off]
MONEY = [invoiced, disputed, worked]


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
ok(bool(r.both_statements(["2026-05"])[0]), "other clocks in its place give another statement")
run = r.w("doctor", now=stamp(now))
ok(run.returncode != 0 and "its tickets are not what the entries make" in run.out, "and doctor tells", run.out)
r.put_months(rows)
r.invoice("2026-06-01")  # so that what a draft explains is all of June
good, rows = Record("good"), r.months()
good.w.must("clock", "accept", now=stamp(now))
good.record([f for n in range(400) for f in good.quick(datetime.datetime(2026, 2, 2 + n % 20, 15, n // 20, tzinfo=datetime.timezone.utc))])
feb = [dict(zip(names, x)) for x in good.months()][0]
r.table("UPDATE ticket_past SET clocks = ? WHERE month = ?", feb["clocks"], feb["month"])
differ = [d for d in r.both(r.drafts)[0] if d[0] == "invoice preview --on 2026-07-01"]
ok(len(differ) == 2 and '"month":"2026-02"' in differ[0][1][1], "and in place of a month whose credit was given they take it back on the draft", differ[:1])
r.put_months(rows)

# A month that should have been forgotten, since something new is about one of its tickets.
over = r.table("SELECT ticket FROM ticket WHERE live = 0 AND state = (SELECT max(state) FROM ticket WHERE live = 0 AND ticket IN ('T-1', 'T-2', 'T-3')) ORDER BY logged")[0][0]
r.record([r.fact("ticket.reopened", now - hour, "client", ticket=over)] + many(r))
ok(len(r.months()) < len(rows), "what something new is about is forgotten", len(rows), len(r.months()))
kept = r.months()
r.put_months(rows)
ok(bool(r.both_statements(MONTHS)[0]), "and would give another statement if it were not")
r.put_months(kept)
r.compare("after it")

for at in (3, 7, 11):
    DOINGS.insert(at, MONEY[at // 4])
history(r, "caps, chronic rights", STEPS + 3, DOINGS)
found = r.again()
r.table("DELETE FROM document_again")
r.record(many(r))
ok(found == r.again() and found[0][1] == 1, "whether the last invoice comes out again is kept with the first thing recorded", found, r.again())
r.w.must("rebuild", now=stamp(now))
ok(found == r.again(), "and by rebuild", found, r.again())
ok(len(r.months()) >= 6, "rebuild makes the months again", len(r.months()))
r.compare("after rebuild")
run = r.w("doctor", now=stamp(now))
ok(run.returncode == 0, "doctor agrees", run.out, run.err)

OTHERS = [
    ("quarters", lambda t: t.replace("window: calendar_month", "window: calendar_quarter", 1)),
    ("a rolling window", lambda t: t.replace("window: calendar_month", "window: rolling_90d", 1)),
    ("one credit a breach", lambda t: t.replace("tiers: [{id: t1, below: 90%, credit: 3%}]", "each_breach: 1%", 1)),
    ("samples carried on", lambda t: t.replace("min_sample: 5, below_min: not_judged", "min_sample: 150, below_min: carry", 1)),
    ("work that is charged", lambda t: t.replace("charges:\n", 'charges:\n  - {id: remote, type: time, clause: order.fees, name: Remote work, unit: hour, price: "120.00 USD", '
                                                 "period: 1mo, bill: arrears, increment: 15min, increment_rounding: up}\n", 1)),
    ("a new cycle", lambda t: t.replace("      partial_window: prorate\n", "      partial_window: prorate\n      reopen: new_cycle\n", 2)),
]
for name, change in OTHERS:
    r = filled(name.replace(" ", "-"), change, 500)
    r.compare(name, MONTHS[2:])
    history(r, name, max(2, STEPS // 4), rng.sample([*DOINGS[:10], *MONEY], 5))
done()
