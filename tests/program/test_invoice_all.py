#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Invoices of many contracts at once (money.md R70 to R74, R82; trust.md J11, J13): what `invoice run --all` issues is byte for byte what
as many runs of one contract issue, under the same numbers, and signed the same; one contract's trouble is its own; racing runs issue once.
"""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, EXAMPLES, World

ON, NOW = "2026-02-01", "2026-02-02T12:00:00Z"
MANY = 9


def names():
    return [CONTRACT, *(f"NW-2026-{n}" for n in range(2, MANY + 1))]


def made(folder):
    """Contracts of unlike prices; one has facts of three months, one is not yet in force."""
    world = World(folder, "acme", now=NOW).northwind(facts=False)
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    for n, name in enumerate(names()[1:], 2):
        world.write("more.yaml", text.replace(CONTRACT, name).replace("1,480", f"1,{480 + n}").encode())
        world.must("contract", "add", "more.yaml", "--client", "northwind", "--agreed", "2026-01-01T00:00Z")
    return world


def copied(world, name):
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    other.folder, other.name, other.calls = os.path.join(os.path.dirname(world.folder), name), name, 0
    shutil.copytree(world.folder, other.folder)
    return other


def documents(world):
    rows = json.loads(world.must("invoice", "list", "--json").out)
    return {r["invoice"]: world.must("invoice", "show", r["invoice"], "--json").out for r in rows}


def rows(world, query):
    with sqlite3.connect(world.path("acme.tenor")) as db:
        return db.execute(query).fetchall()


def sql(world, *statements):
    with sqlite3.connect(world.path("acme.tenor")) as db:
        for s in statements:
            db.execute(*([s] if isinstance(s, str) else s))


KEPT = "SELECT log, size, hex(root), kept FROM checkpoint WHERE log IN (SELECT id FROM log WHERE kind = 0) AND kept ORDER BY log, size"
TABLES = ("SELECT number, series, seq, log, place, day FROM document ORDER BY number",
          "SELECT * FROM document_item ORDER BY log, charge, part, first_day, end_day, ordinal", "SELECT id, size FROM log WHERE kind = 0 ORDER BY id")


def sound(world, what):
    run = world("doctor")
    ok(run.returncode == 0, f"{what}: every document comes out again, every log is whole", run.out, run.err)
    unsigned = rows(world, "SELECT l.id FROM log l WHERE NOT EXISTS (SELECT 1 FROM checkpoint c WHERE c.log = l.id AND c.size = l.size)")
    ok(not unsigned, f"{what}: every log is signed at its end", unsigned)
    ok(world("rebuild", "--check").returncode == 0, f"{what}: the tables are what the entries make")


def alike(world, settings):
    """All at once against one by one."""
    together, apart = copied(world, f"together-{settings}"), copied(world, f"apart-{settings}")
    if settings:
        for w in (together, apart):
            w.must("provider", "set", "vat_id", "DE136695976")
    run = together.must("invoice", "run", "--all", "--on", ON)
    said = [apart.must("invoice", "run", "--contract", c, "--on", ON).out for c in names()]
    ok(run.out == "".join(said) and run.out.count("invoice INV-2026-") == MANY, "the same is said", run.out, said)
    x, y = documents(together), documents(apart)
    if settings:  # the entry with the settings has an id of its own in each, and the root with it
        x, y = ({k: {a: b for a, b in json.loads(v).items() if a != "root"} for k, v in d.items()} for d in (x, y))
    ok(x == y and len(x) == MANY, f"{MANY} documents, byte for byte those of as many runs" + (", with settings that go into each log first" if settings else ""),
       [k for k in x if x[k] != y.get(k)])
    for q in TABLES:
        ok(rows(together, q) == rows(apart, q), f"the same rows: {q[7:40]}", rows(together, q)[:3], rows(apart, q)[:3])
    if not settings:
        a, b = ([(r[0], r[1], r[3]) for r in rows(w, KEPT)] for w in (together, apart))
        ok(a == b and len(a) == 2 * MANY, "the checkpoints before and after each document are kept (J19)", a, b)
    entries = rows(together, "SELECT bytes FROM entry WHERE log = (SELECT id FROM log WHERE kind = 1) ORDER BY place")
    audits = [e for e in entries if b"action_done" in e[0] and b"invoice run" in e[0]]
    ok(len(audits) == 1, "one entry says that the verb was used", len(audits))
    sound(together, "all at once")
    again = together.must("invoice", "run", "--all", "--on", ON)
    ok(again.out.count("nothing is due that no document has") == MANY and documents(together) == documents(together), "again: nothing is due", again.out)
    fates = json.loads(together.must("invoice", "run", "--all", "--on", ON, "--json").out)
    ok([(f["contract"], f["fate"]) for f in fates] == [(c, "nothing") for c in names()], "again as JSON: a row a contract", fates)


def threads(world):
    """However many threads work out what is due: the same is said and written, down to the entries and their signatures."""
    one, *others = runs = [copied(world, f"threads-{n}") for n in (1, 2, 3)]
    said = [w("invoice", "run", "--all", "--on", ON, env={"TENOR_THREADS": str(n), "TENOR_TEST_SEED": "threads"}) for n, w in enumerate(runs, 1)]
    for n, w, run in zip((2, 3), others, said[1:]):
        ok(run.returncode == 0 and run.out == said[0].out and run.out.count("invoice INV-2026-") == MANY, f"{n} threads say the same", run.out, run.err)
        for q in (*TABLES, "SELECT place, bytes FROM entry ORDER BY place", "SELECT log, size, note FROM checkpoint ORDER BY log, size"):
            ok(rows(w, q) == rows(one, q), f"{n} threads write the same: {q[7:40]}")
    sound(others[1], "3 threads")


def troubles(world):
    """A frozen log, one whose entries were altered before they were signed, one that is held: the others go on."""
    w = copied(world, "troubles")
    logs = dict(rows(w, "SELECT contract, id FROM log WHERE kind = 0"))
    frozen, broken = names()[2], names()[4]
    place = rows(w, f"SELECT place FROM entry WHERE log = {logs[broken]} ORDER BY place DESC LIMIT 1")[0][0]
    sql(w, "DROP TRIGGER checkpoint_kept", "DROP TRIGGER entry_fixed", f"DELETE FROM checkpoint WHERE log = {logs[broken]}",
        f"UPDATE log SET frozen = 'for a test' WHERE id = {logs[frozen]}",
        ("UPDATE entry SET bytes = CAST(replace(bytes, '\"number\":1', '\"number\":2') AS BLOB) WHERE place = ?", (place,)))
    run = w("invoice", "run", "--all", "--on", ON)
    ok(run.returncode == 2 and f"{frozen} is left out: " in run.err and "frozen: for a test" in run.err, "a frozen log is left out and told of", run.out, run.err)
    ok(f"{broken} is left out: " in run.err and rows(w, f"SELECT frozen FROM log WHERE id = {logs[broken]}")[0][0] != "",
       "one whose bytes do not fit is not signed, but frozen (J13)", run.err)
    issued = [r["contract"] for r in json.loads(w.must("invoice", "list", "--json").out)]
    ok(sorted(issued) == sorted(c for c in names() if c not in (frozen, broken)), "the others have their documents", issued)
    ok([d for d, in rows(w, "SELECT number FROM document ORDER BY number")] == [f"INV-2026-{i:05}" for i in range(1, MANY - 1)], "numbers without gaps")
    run = w("invoice", "run", "--contract", frozen, "--on", ON)
    ok(run.returncode == 2 and "frozen: for a test" in run.err, "alone it is an error", run.out, run.err)


def held(world):
    w = copied(world, "held")
    w.now = "2026-05-02T12:00:00Z"
    w("clock", "accept")
    for c in names()[1:]:
        w.must("invoice", "release", "--contract", c, "--on", "2026-05-01", "--reason", "first_run")
    run = w("invoice", "run", "--all", "--on", "2026-05-01")
    ok(run.returncode == 1 and run.out.count("account is held") == 1 and run.out.count("invoice INV-2026-") == MANY - 1, "held: one waits, the others go out", run.out, run.err)
    run = w("invoice", "run", "--all", "--on", "2026-06-01")
    ok(run.returncode == 64 and "still ahead" in run.err, "a day that is ahead ends it", run.out, run.err)


def races(world):
    w = copied(world, "races")

    def one(n):
        other = copied_calls(w, n)
        for _ in range(30):
            run = other("invoice", "run", *(["--all"] if n % 3 else ["--contract", names()[n % MANY]]), "--on", ON)
            if "store.locked" not in run.err:
                break
        return run

    with ThreadPoolExecutor(12) as pool:
        runs = list(pool.map(one, range(12)))
    failed = [r for r in runs if r.returncode != 0]
    ok(not failed, "racing runs of all and of one: none fails", *[r.err + r.out for r in failed[:3]])
    told = sorted(line for r in runs for line in r.out.splitlines() if "invoice INV-" in line)
    ok(len(told) == MANY and len({t.split(":")[0] for t in told}) == MANY, "each contract's document is told of once", told)
    ok([d for d, in rows(w, "SELECT number FROM document ORDER BY number")] == [f"INV-2026-{i:05}" for i in range(1, MANY + 1)], "numbers without gaps (R72)")
    sound(w, "after the race")


def copied_calls(world, n):
    other = World.__new__(World)
    other.__dict__.update(world.__dict__)
    other.name, other.calls = f"{world.name}-{n}", 0
    return other


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = made(folder)
        threads(world)
        os.environ["TENOR_THREADS"] = "3"
        alike(world, False)
        alike(world, True)
        troubles(world)
        held(world)
        races(world)
    done()


main()
