# SPDX-License-Identifier: Apache-2.0
"""A file of several batches (J27) is recorded like the same facts in files of one batch: entries printed ahead by a second thread are
those that would have been printed one by one, also between facts with words, names of other facts, and facts that are refused."""

import json
import os
import random
import sqlite3
import tempfile

from program import done, note, ok
from record import CONTRACT, World

FACTS, PIECE = 4300, 700  # BATCH_FACTS is 1,000: a piece has no second thread
SEED = os.environ.get("TENOR_SEED") or str(random.randrange(1 << 30))
rng = random.Random(SEED)
note(f"TENOR_SEED={SEED}")


def fact(n):
    minute = n % 60
    out = {"id": f"f{n}", "occurred_at": f"2026-03-{1 + n // 200:02d}T{n // 60 % 24:02d}:{minute:02d}:00Z", "party": "provider", "ticket": f"T{n // 3}"}
    kind = rng.random()
    if kind < 0.80:
        return {**out, "kind": "ticket.logged", "priority": f"P{1 + n % 3}"}
    if kind < 0.90:
        return {**out, "kind": "ticket.waiting_vendor", "reason": f"waits for part \"{n}\""}
    if kind < 0.92:
        return {**out, "kind": "ticket.logged", "channel": "x" * rng.choice([65000, 66000, 140000])}
    if kind < 0.97 and n > 0:
        return {**out, "kind": "ticket.logged", "priority": "P1", "corrects": f"f{n - 1}"}
    return {**out, "kind": "ticket.resumed"}


def lines(facts):
    return "".join(json.dumps(f) + "\n" for f in facts).encode()


def rows(world, sql):
    db = sqlite3.connect(world.path("acme.tenor"))
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def entries(world):
    """In their order, without what Tenor writes of itself and what random bytes decide."""
    out = []
    for (data,) in rows(world, "SELECT e.bytes FROM entry e JOIN log l ON l.id = e.log WHERE l.kind = 0 ORDER BY e.place"):
        e = json.loads(data)
        if e["kind"].split(".")[0] in ("ticket",):
            out.append({k: sorted(v) if k == "priv" else v for k, v in e.items() if k not in ("recorded_at", "actor", "log", "contract")})
    return out


def import_in(world, facts, names):
    out = []
    for name, part in names:
        world.write(name, lines(facts[part]))
        out.append(world("import", "--contract", CONTRACT, name, "--source", "tool", "--json"))
    return out


def answer(runs, key):
    return sum(json.loads(r.out)[key] for r in runs)


with tempfile.TemporaryDirectory() as folder:
    facts = [fact(n) for n in range(FACTS)]
    whole = World(folder, "whole").northwind(facts=False)
    pieces = World(folder, "pieces").northwind(facts=False)
    one = import_in(whole, facts, [("all.jsonl", slice(0, FACTS))])
    many = import_in(pieces, facts, [(f"{at}.jsonl", slice(at, at + PIECE)) for at in range(0, FACTS, PIECE)])
    for r in one + many:
        if r.returncode not in (0, 1):
            ok(False, "import", r.returncode, r.err)
    for key in ("recorded", "refused", "conflicts", "pending"):
        ok(answer(one, key) == answer(many, key), f"as many are {key}: {answer(many, key)}", answer(one, key))
    ok(answer(one, "refused") > 0 and answer(one, "pending") > 0, "some were refused, some wait")
    ok(entries(whole) == entries(pieces), f"the same entries in the same order: {len(entries(pieces))}")
    ok(rows(whole, "SELECT count(*) FROM slot WHERE name = 'reason'")[0][0] == sum("reason" in f for f in facts), "words of every fact that has some are kept")

    before = entries(whole)
    again = import_in(whole, facts, [("again.jsonl", slice(0, FACTS))])
    ok(answer(again, "recorded") == 0 and answer(again, "again") == answer(one, "recorded"), "the same file again changes nothing", again[0].out)
    ok(entries(whole) == before, "and no entry came")

    # Every second one is new: repeats and new facts within one run.
    mixed = [{**f, "id": f"g{n}"} if n % 2 else f for n, f in enumerate(facts) if "corrects" not in f and len(f.get("channel", "")) < 65000]
    run = import_in(whole, mixed, [("mixed.jsonl", slice(0, len(mixed)))])
    news = sum(f["id"].startswith("g") for f in mixed)
    ok(answer(run, "recorded") == news and answer(run, "again") == len(mixed) - news, "a file of old and new ones: the new are recorded", run[0].out)

    changed = [{**f, "priority": "P3" if f["priority"] != "P3" else "P2"} if f.get("priority") and "corrects" not in f and n % 5 == 0 else f
               for n, f in enumerate(facts)]
    run = import_in(whole, changed, [("changed.jsonl", slice(0, FACTS))])
    ok(answer(run, "conflicts") == sum(x != y for x, y in zip(facts, changed)) and answer(run, "recorded") == 0,
       "other content under an id that is there is a conflict, each", run[0].out)
    # Where no fact names another, their ids are made by the second thread as well.
    plain = [f for f in facts if "corrects" not in f]
    whole_plain = World(folder, "whole_plain").northwind(facts=False)
    pieces_plain = World(folder, "pieces_plain").northwind(facts=False)
    one = import_in(whole_plain, plain, [("all.jsonl", slice(0, len(plain)))])
    many = import_in(pieces_plain, plain, [(f"{at}.jsonl", slice(at, at + PIECE)) for at in range(0, len(plain), PIECE)])
    ok(answer(one, "recorded") == answer(many, "recorded") > 0, f"without names, as many are recorded: {answer(many, 'recorded')}", one[0].out)
    ok(entries(whole_plain) == entries(pieces_plain), f"the same entries in the same order: {len(entries(pieces_plain))}")
    doctor = whole_plain("doctor")
    ok(doctor.returncode == 0, "doctor finds the record sound", doctor.out)
    doctor = whole("doctor")
    ok(doctor.returncode == 0, "doctor finds the record sound", doctor.out)
done()
