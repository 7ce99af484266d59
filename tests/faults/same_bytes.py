#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Same inputs, same bytes (trust.md R6): a history made from a seed - contract, facts, corrections, late facts, statements - runs in a
world with a set clock and set random bytes under each build, time zone and locale; every answer, statement, document, root and bundle
must come out the same.

Twice over. Many histories run inside one process (tests/bytes/bytes.h), each in two builds under another zone, locale, folder and
content of fresh memory, and one in twenty of them under sanitizers, too. Some run by the command line, whose own arguments, files and words
are then compared as well.

  TENOR_BYTES      programs "bytes" of several builds, apart by blanks; one alone is held against itself
  TENOR_BYTES_SAN  the one of a build with sanitizers (default: none)
  TENOR_MANY       how many histories by those (default 1000)
  TENOR_WORLDS     the programs (tenor-world of several builds), apart by blanks; one alone is held against itself
  TENOR_HISTORIES  how many histories by the command line (default 40)
  TENOR_SEED       the seed they are made from; a difference prints that of its history"""

import concurrent.futures
import hashlib
import itertools
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time

from bed import CONTRACT, EXAMPLES, MONTH, SEED, fresh, instant, outage_lines, uuid7, workplace
from program import ROOT, done, note, ok

WORLDS = [os.path.abspath(p) for p in (os.environ.get("TENOR_WORLDS") or os.environ.get("TENOR_WORLD") or "build/dev/tenor-world").split()]
COUNT = int(os.environ.get("TENOR_HISTORIES") or 40)
BYTES = [os.path.abspath(p) for p in (os.environ.get("TENOR_BYTES") or "build/dev/bytes").split()]
SANITIZED = [os.path.abspath(p) for p in (os.environ.get("TENOR_BYTES_SAN") or "").split()]
MANY = int(os.environ.get("TENOR_MANY") or 1000)
WORKERS = int(os.environ.get("TENOR_WORKERS") or min(4, (os.cpu_count() or 1) + 1))
IN = ["--contract", CONTRACT]
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Chatham"]
LOCALES = ["C", "C.UTF-8", "en_US.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"]
APRIL = 1775000000000
# of histories by one process, which makes the workspaces they begin with first; of those, under sanitizers
CHUNK, FEW = 1000, 50
# built for the run: the machine may have none but C
MADE = {"de_DE.UTF-8": "de_DE", "tr_TR.UTF-8": "tr_TR"}


def history(rng):
    """Files and commands, each with its time."""
    files, commands, now = {}, [], [APRIL + rng.randrange(10**9)]

    def do(*args, plain=False):
        now[0] += rng.randrange(1, 10**7)
        commands.append((now[0], args if plain else (*args, *IN)))

    do("init", "acme.tenor", "--provider", "Acme IT", "--host", "tenor.acme.example", plain=True)
    do("client", "add", "northwind", "--name", "Northwind", plain=True)
    do("contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind", plain=True)
    do("user", "add", "manager", "--role", "contract-manager", plain=True)
    for i in range(rng.randint(1, 3)):
        files[f"f{i}.jsonl"], ids = tickets(rng)
        do("import", f"f{i}.jsonl", "--json")
        step = rng.randrange(5)
        if step == 0:
            files[f"w{i}.jsonl"], _ = outage_lines(rng, rng.randint(1, 3), True)
            do("import", f"w{i}.jsonl", "--person", f"Person {i}", "--json")
        elif step == 1:
            do("fact", "correct", rng.choice(ids), "--at", instant(1772500000000 + rng.randrange(2 * 10**9)), "--json")
        elif step == 2:
            do("statement", "--month", MONTH, "--issue", "-o", f"s{i}.html")
        elif step == 3:
            do("fact", "add", "outage.began", f"outage=x{i}", "assets=records", "severity=down", "--at", "2026-03-20T14:05Z", "--json")
        if step == 4 and i > 0:
            do("erase", "--person", "Person 0", plain=True)
    for form in rng.sample(["text", "html", "json", "csv"], 2):
        do("statement", "--month", MONTH, "--format", form)
    do("log", "checkpoint")
    do("export", "bundle", "--month", MONTH, "-o", "month.tnb")
    do("verify", "month.tnb", "--trust-bundle-keys", plain=True)
    return files, commands


def tickets(rng):
    """Lives of some tickets and outages, in any order."""
    lines, ids = outage_lines(rng, rng.randint(0, 3))
    lines = lines.splitlines()
    for _ in range(rng.randint(2, 8)):
        name, at = f"T-{rng.randrange(10**6)}", 1772348400000 + rng.randrange(28 * 86400) * 1000
        for kind, more, wait in (("ticket.logged", f',"service":"helpdesk","priority":"{rng.choice(["P1", "P2", "P3"])}","via":"person"', 0),
                                 ("ticket.message", ',"author":"human","visibility":"public"', 6 * 3600), ("ticket.resolved", "", 3 * 86400)):
            at += rng.randrange(wait * 1000 + 1)
            ident = uuid7(rng, at)
            party = "client" if kind == "ticket.logged" else "provider"
            lines.append(f'{{"id":"{ident}","kind":"{kind}","occurred_at":"{instant(at)}","party":"{party}","ticket":"{name}"{more}}}')
            if kind == "ticket.message":
                ids.append(ident)
    rng.shuffle(lines)
    return "\n".join(lines) + "\n", ids


def play(world, seed, folder, zone, locale):
    """Hashes of all that comes out, by name."""
    files, commands = history(random.Random(seed))
    fresh(folder)
    for name, content in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(content)
    out = {}
    for i, (now, args) in enumerate(commands):
        environment = {"HOME": os.path.join(folder, "home"), "PATH": os.environ["PATH"], "TZ": zone, "LC_ALL": locale, "LANG": locale,
                       "TENOR_TEST_NOW": instant(now), "TENOR_TEST_SEED": f"{seed}/{i}", "TENOR_TEST_SETTINGS": os.path.join(folder, "home")}
        ran = subprocess.run([world, *args], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        # nothing may be kept under the name yet; whatever is said then must be the same, too
        if ran.returncode != 0 and (args[0], ran.returncode) != ("erase", 66):
            raise RuntimeError(f"{' '.join(args)}: {ran.returncode}: {ran.stderr.decode()[:300]}{ran.stdout.decode()[:300]}")
        out[f"{i} {args[0]} {args[1]}"] = hashlib.sha256(ran.stdout + b"\0" + ran.stderr).hexdigest()
    for name in sorted(os.listdir(folder)):
        if name.endswith((".html", ".tnb")):
            with open(os.path.join(folder, name), "rb") as f:
                out[name] = hashlib.sha256(f.read()).hexdigest()
    db = sqlite3.connect(os.path.join(folder, "acme.tenor"))
    for table, columns in (("entry", "place, leaf, bytes"), ("checkpoint", "log, size, root, note"), ("blob", "sha256, kind, bytes"), ("fact_pack", "place, bytes"),
                           ("slot", "log, id, name, subject, nonce, cipher"), ("mark", "log, kind, place")):
        out[f"table {table}"] = hashlib.sha256(repr(db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()).encode()).hexdigest()
    db.close()
    return out


def one(top, number, i):
    """A history under two worlds, zones and locales; over all histories every build meets every zone and locale."""
    rng = random.Random(f"{SEED}/{i}")
    ways = [(WORLDS[(i + k) % len(WORLDS)], rng.choice(ZONES), rng.choice(LOCALES)) for k in range(2)]
    folder, results = os.path.join(top, f"h{next(number)}"), []
    try:
        for world, zone, locale in ways:
            # the same path: it stands in messages
            results.append(play(world, f"{SEED}/{i}", folder, zone, locale))
            shutil.rmtree(folder)
    except Exception as why:
        return [f"history {SEED}/{i}: {type(why).__name__}: {why}"]
    a, b = results
    return [f"history {SEED}/{i}, {ways}: '{k}' differs" for k in sorted(set(a) | set(b)) if a.get(k) != b.get(k)]


# --- many histories in one process ---


def make_locales(top):
    """Locales whose decimals, letters and order are others than C's, in a folder for LOCPATH; the names of all there are."""
    folder = os.path.join(top, "locales")
    os.mkdir(folder)
    for name, source in MADE.items():
        made = subprocess.run(["localedef", "-f", "UTF-8", "-i", source, os.path.join(folder, name)], capture_output=True)
        if made.returncode not in (0, 1) or not os.path.exists(os.path.join(folder, name, "LC_CTYPE")):
            note(f"the locale {name} cannot be made: {made.stderr.decode()[:200]}")
    return folder, ["C", "C.UTF-8", *sorted(os.listdir(folder))]


def surroundings(rng, top, locales, k):
    """What must not matter: zone, locale, where the folder lies, what fresh memory holds, how memory is given back."""
    folder, names = locales
    place = os.path.join(top, *rng.choice([["a"], ["a longer name, with ümläuts"], ["deep"] * 6]), f"{k}")
    os.makedirs(place)
    return {"TMPDIR": place, "TZ": rng.choice(ZONES), "LC_ALL": names[k % len(names)], "LOCPATH": folder, "PATH": os.environ["PATH"],
            "HOME": place, "MALLOC_PERTURB_": str(rng.choice([0, 0, 0, 90, 255])), "MALLOC_TOP_PAD_": str(1 << rng.randint(17, 24)),
            "MALLOC_TRIM_THRESHOLD_": str(1 << 30), "MALLOC_MMAP_THRESHOLD_": str(1 << 30), "PADDING": "x" * rng.randrange(5000)}


def hashes(program, first, n, environment, *more):
    """Lines "SEED HASH" by seed, and what is counted."""
    ran = subprocess.run([program, str(first), str(n), *more], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
    lines = ran.stdout.decode("utf-8", "replace").splitlines()
    if ran.returncode != 0:
        raise RuntimeError(f"{os.path.relpath(program, ROOT)} {first} {n}: {ran.returncode}: {ran.stderr.decode('utf-8', 'replace')[:2000]}")
    if lines[0] != f"# locale {environment['LC_ALL']}":
        raise RuntimeError(f"the locale {environment['LC_ALL']} was not taken: {lines[0]}")
    return dict(line.split() for line in lines if line[0] != "#"), {k: int(v) for _, k, v in (x.split() for x in lines[1:] if x[0] == "#")}


def where(seed, ways):
    """The first thing that differs in a history, as both programs show it."""
    shown = []
    for program, environment in ways:
        ran = subprocess.run([program, seed, "1", "show"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        shown.append([x for x in ran.stdout.decode("utf-8", "replace").splitlines() if not x.startswith("# locale")])
    for a, b in itertools.zip_longest(*shown):
        if a != b:
            return f"'{a}' against '{b}'"
    return "and not when it is run alone"


def differing(results, n):
    """Seeds whose hashes are not the same everywhere, told by how and where; results: [((program, environment), hashes)]."""
    (one, wanted), *others = results
    bad = []
    if len(wanted) != n:
        bad.append(f"{len(wanted)} histories instead of {n}")
    for other, got in others:
        names = " and ".join(f"{os.path.relpath(p, ROOT)} ({e['TZ']}, {e['LC_ALL']})" for p, e in (one, other))
        for seed in [s for s in got if got[s] != wanted.get(s)]:
            bad.append(f"history {seed}, {names}: " + (where(seed, (one, other)) if len(bad) < 5 else "differs"))
    return bad


def chunk(top, number, locales, c, more=()):
    """Histories c * CHUNK and on: in two builds, and the first of them under sanitizers. What differs, and what is counted."""
    rng, first, n = random.Random(f"{SEED}/chunk/{c}"), SEED + c * CHUNK, min(CHUNK, MANY - c * CHUNK)
    programs = [(BYTES[(c + k) % len(BYTES)], n, more if k == 0 else ()) for k in range(2)] + [(p, min(FEW, n), ()) for p in SANITIZED]
    results, counts = [], {}
    try:
        for program, some, words in programs:
            environment = surroundings(rng, top, locales, next(number))
            found, counted = hashes(program, first, some, environment, *words)
            results.append(((program, environment), found))
            counts = counts or counted
    except (RuntimeError, OSError, ValueError) as why:
        return [f"histories from {first}: {why}"], counts
    return differing(results, n), counts


def many(top, pool):
    """10,000 histories and one that is spoilt on purpose."""
    global MANY
    began, used = time.monotonic(), sum(os.times()[:4])
    locales, number, total = make_locales(top), itertools.count(), {}
    note(f"seed {SEED}, {MANY} histories in processes of {CHUNK}, {len(BYTES)} builds, locales {' '.join(locales[1])}")
    chunks = list(pool.map(lambda c: chunk(top, number, locales, c), range((MANY + CHUNK - 1) // CHUNK)))
    bad = [b for found, _ in chunks for b in found]
    for _, counts in chunks:
        for k, v in counts.items():
            total[k] = total.get(k, 0) + v
    ok(not bad, f"{MANY} histories, each in two builds, zones, locales and folders: the same bytes", *bad[:20])
    note(", ".join(f"{v} {k}" for k, v in total.items()))
    ok(MANY < CHUNK or (all(total.values()) and total["refused"] * 20 < total["answers"]), "everything that can happen happened")
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]) - used:.0f} core-seconds")
    # a test that finds nothing must be able to find something: an address in the hash of one history
    MANY, spoilt = 8, SEED + 5
    bad, _ = chunk(top, number, locales, 0, ("spoil", str(spoilt)))
    ok(bad and all(b.startswith(f"history {spoilt},") for b in bad), "a history that depends on an address is found by its seed", *bad)


def main():
    top, began, number = workplace(), time.monotonic(), itertools.count()
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        many(top, pool)
    note(f"seed {SEED}, {COUNT} histories under {len(WORLDS)} builds: {' '.join(os.path.relpath(w, ROOT) for w in WORLDS)}")
    try:
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            bad = [b for found in pool.map(lambda i: one(top, number, i), range(COUNT)) for b in found]
        ok(not bad, f"{COUNT} histories, each twice: the same bytes", *bad)
        # a test that finds nothing must be able to find something
        a, b = (play(WORLDS[0], seed, fresh_name(top, number), "UTC", "C") for seed in (f"{SEED}/0", f"{SEED}/other"))
        ok(a != b and a["table entry"] != b["table entry"], "another seed gives other bytes")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


def fresh_name(top, number):
    return os.path.join(top, f"h{next(number)}")


if __name__ == "__main__":
    sys.exit(main())
