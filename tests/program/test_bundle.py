#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bundles from export to verdict (trust.md J19 to J21): the verdict of `tenor verify` against that of the second verifier, every kind of
damage, and numbers that were altered by somebody who has the log's key and signs everything again."""

import hashlib
import json
import os
import random
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, crashed, done, note, ok
from record import CONTRACT, World

sys.path[:0] = [os.path.join(ROOT, "tests", "oracle"), os.path.join(ROOT, "tests", "fuzz")]

try:
    import bundle_verifier
    import make_bundles
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

MONTH = "2026-03"
SEED = int(os.environ.get("TENOR_SEED", "20260301"))
FLIPS = 2000 if os.environ.get("TENOR_NIGHTLY") else 250


def second(data, trust, bundle_keys=False):
    """The exit status of the second verifier."""
    import contextlib
    import io

    keys = [bundle_verifier.Key(line) for line in trust.splitlines() if line]
    with contextlib.redirect_stdout(io.StringIO()):
        return bundle_verifier.verify(data, keys, bundle_keys)


def files_of(data):
    files = bundle_verifier.read_tar(data)
    return json.loads(files.pop("bundle.json")), files


def pack(about, files):
    """A bundle whose list is right, whatever its files hold."""
    about = dict(about, files=[{"length": len(files[n]), "name": n, "sha256": hashlib.sha256(files[n]).hexdigest()}
                               for n in sorted(files, key=str.encode)])
    return make_bundles.tar({**files, "bundle.json": make_bundles.canonical(about)})


def step(run, number):
    match = re.search(rf"^{number} \w+: (passed|failed|cannot check|skipped)(?:: (.*))?$", run.out, re.M)
    return (match[1], match[2] or "") if match else ("", run.out + run.err)


def check(world, data, *more):
    world.write("case.tnb", data)
    return world("verify", "case.tnb", "--trust", "trust", *more)


# --- a provider that lies: everything is signed again ---


class Liar:
    """The record of a bundle under a key of the test's own, so that it can be altered and signed."""

    def __init__(self, data):
        self.about, self.files = files_of(data)
        name = next(n for n in self.files if n.startswith("entries/"))
        self.entries, rest = [], self.files[name]
        while rest:
            n = int.from_bytes(rest[:2], "big")
            self.entries.append(rest[2 : 2 + n])
            rest = rest[2 + n :]
        self.key = make_bundles.Key(self.about["origin"], 1, 7)
        first = json.loads(self.entries[0])
        first["body"]["vkey"] = self.key.vkey
        self.entries[0] = make_bundles.canonical(first)
        self.expected = next(n for n in self.files if n.startswith("expected/"))
        self.document = json.loads(self.files[self.expected])
        self.issued = next(i for i, e in enumerate(self.entries) if json.loads(e)["kind"] == "statement_issued")

    def root(self, size):
        return make_bundles.root([make_bundles.leaf(e) for e in self.entries[:size]])

    def note(self, size):
        text = f"{self.about['origin']}\n{size}\n{make_bundles.base64.b64encode(self.root(size)).decode()}\n".encode()
        return text + b"\n" + self.key.line(text)

    def bundle(self, break_order=None):
        """Root, document, its fact, checkpoints, tiles, list: all made to agree again."""
        old = hashlib.sha256(self.files[self.expected]).hexdigest(), self.document["checkpoint"]["root"]
        size = self.document["checkpoint"]["size"]
        self.document["checkpoint"].update(root=self.root(size).hex(), key=self.key.id.hex())
        files = dict(self.files)
        files[self.expected] = make_bundles.canonical(self.document)
        new = hashlib.sha256(files[self.expected]).hexdigest(), self.document["checkpoint"]["root"]
        fact = json.loads(self.entries[self.issued])
        fact["body"]["document"] = new[0]
        self.entries[self.issued] = make_bundles.canonical(fact)
        for name in files:
            if name.startswith("documents/"):
                for was, now in zip(old, new):
                    files[name] = files[name].replace(was.encode(), now.encode())
        if break_order:
            break_order(files)
        n = len(self.entries)
        for name in [f for f in files if f.startswith(("checkpoint", "entries/", "tile/", "keys/"))]:
            del files[name]
        entry_name, tile_name = make_bundles.tile_names(0, n)
        files[entry_name] = b"".join(len(e).to_bytes(2, "big") + e for e in self.entries)
        files[tile_name] = b"".join(make_bundles.leaf(e) for e in self.entries)
        files["checkpoint"] = self.note(n)
        files[f"checkpoints/{size}"] = self.note(size)
        return pack(dict(self.about, size=n, root=self.root(n).hex()), files)


def set_at(document, *keys, value):
    for key in keys[:-1]:
        document = document[key]
    was, document[keys[-1]] = document[keys[-1]], value
    return was


def lies(world, data):
    honest = Liar(data)
    again = honest.bundle()
    world.write("liar.trust", (honest.key.vkey + "\n").encode())

    def verify(bundle):
        world.write("case.tnb", bundle)
        return world("verify", "case.tnb", "--trust", "liar.trust")

    run = verify(again)
    ok(run.returncode == 0, "signed again without a change: verified", run.out, run.err)
    ok(second(again, honest.key.vkey) == 0, "signed again without a change: so says the second verifier")

    liar = Liar(data)
    was = set_at(liar.document, "statement", "credits", 0, "amount", value="1.00 USD")
    clause = liar.document["statement"]["credits"][0]["clause"]
    run = verify(liar.bundle())
    result, words = step(run, 8)
    ok(run.returncode == 1 and result == "failed" and all(s in words for s in (liar.expected, "1.00 USD", was, "statement.credits[0].amount", clause)),
       "an altered amount: statement, path, both values, clause", run.out)
    ok(f"entry {liar.issued}" in run.out, "an altered amount: the verdict names the entry that issued it", run.out)
    ok(second(liar.bundle(), liar.key.vkey) == 0, "an altered amount: only the replay can tell")

    liar = Liar(data)
    del liar.document["statement"]["windows"][0]["cases"][0]
    result, words = step(verify(liar.bundle()), 8)
    ok(result == "failed" and "statement.windows[0].cases" in words, "a case left out: named", words)

    liar = Liar(data)
    liar.document["window"] = "2026-04"
    result, words = step(verify(liar.bundle()), 8)
    ok(result == "failed" and "window" in words, "another window on the document: named", words)

    liar = Liar(data)
    set_at(liar.document, "checkpoint", "size", value=liar.document["checkpoint"]["size"])
    ticket = next(i for i, e in enumerate(liar.entries) if json.loads(e)["kind"] == "ticket.restored")
    fact = json.loads(liar.entries[ticket])
    fact["occurred_at"] = "2026-03-20T12:00:00.000Z"
    liar.entries[ticket] = make_bundles.canonical(fact)
    result, words = step(verify(liar.bundle()), 8)
    ok(result == "failed", "an altered fact under an unaltered statement: the numbers do not come out", words)

    def forget_root(files):
        for name in files:
            if name.endswith(".txt"):
                files[name] = re.sub(rb"[0-9a-f]{64}", b"0" * 64, files[name])

    result, words = step(verify(Liar(data).bundle(forget_root)), 8)
    ok(result == "failed" and ".txt" in words and "root" in words, "a rendering without its root: named", words)

    def add_rendering(files):
        files["documents/other.txt"] = b"You owe nothing.\n"

    result, words = step(verify(Liar(data).bundle(add_rendering)), 8)
    ok(result == "failed" and "documents/other.txt" in words, "a rendering of nothing: named", words)


# --- damage ---


def damage(world, data, trust):
    about, files = files_of(data)
    name = next(n for n in files if n.startswith("entries/"))
    start = data.index(files[name])

    # each entry, one byte of it: the entry is named
    at, index, wrong = start, 0, []
    while at < start + len(files[name]):
        n = int.from_bytes(data[at : at + 2], "big")
        spot = at + 2 + (index * 37) % n
        run = check(world, data[:spot] + bytes([data[spot] ^ 1]) + data[spot + 1 :])
        if run.returncode != 1 or f"entry {index} " not in run.out:
            wrong.append(f"entry {index}: {run.returncode} {run.out}")
        at, index = at + 2 + n, index + 1
    ok(not wrong, f"a changed byte in each of {index} entries: the entry is named, exit 1", *wrong[:3])

    # any bit of the file: never verified, except what is under no check by design (nothing here: a statement binds the list's words)
    rng = random.Random(SEED)
    note(f"seed {SEED}, {FLIPS} flips")
    silent, died = [], []
    for _ in range(FLIPS):
        spot, bit = rng.randrange(len(data)), 1 << rng.randrange(8)
        case = data[:spot] + bytes([data[spot] ^ bit]) + data[spot + 1 :]
        run = check(world, case)
        if run.returncode not in (1, 2):
            silent.append(f"byte {spot}, bit {bit}: exit {run.returncode}: {run.out}")
        if crashed(run):
            died.append(spot)
    ok(not silent and not died, f"of {FLIPS} flipped bits none passes unseen", *silent[:3], *died[:3])

    cases = {
        "cut short": (data[:-512], "1"),
        "longer": (data + bytes(512), "1"),
        "half of it": (data[: len(data) // 2 // 512 * 512], "1"),
        "empty": (b"", "1"),
        "no bundle at all": (b"From: somebody\n" * 200, "1"),
    }
    for what, (case, number) in cases.items():
        run = check(world, case)
        ok(run.returncode == 1 and step(run, number)[0] == "failed", f"{what}: step 1 fails", run.out, run.err)

    expected = next(n for n in files if n.startswith("expected/"))
    version = next(n for n in files if n.startswith("versions/"))
    zone = sorted(n for n in files if n.startswith("inputs/"))
    without = lambda *names: pack(about, {n: b for n, b in files.items() if n not in names})  # noqa: E731
    tampered = files[name][:2] + files[name][2:].replace(b'"priority":"P3"', b'"priority":"P1"', 1)
    for what, case, number, words in [
        ("a version left out", without(version), 7, "versions/"),
        ("an input left out", without(zone[0]), 7, "inputs/"),
        ("the statement left out", without(expected, *[n for n in files if n.startswith("documents/")]), 8, "its document is not in the bundle"),
        ("a file nobody asked for", pack(about, {**files, "notes.txt": b"x"}), 1, "notes.txt"),
        ("an altered entry under a right list", pack(about, {**files, name: tampered}), 4, "entry 5 "),
        ("the same without tiles", pack(about, {n: b for n, b in {**files, name: tampered}.items() if not n.startswith("tile/")}), 4, "entries"),
        ("the size of another day", pack(dict(about, size=about["size"] - 1), files), 4, ""),
        ("another engine", pack(dict(about, engine="999"), files), 8, "engine '999'"),
        ("another month", pack(dict(about, period="2026-02"), files), 8, "2026-02"),
        ("another as_of", pack(dict(about, as_of="2026-04-01T00:00:00.000Z"), files), 8, "as of other instants"),
        ("an altered number under a right list", pack(about, {**files, expected: files[expected].replace(b'"samples":15', b'"samples":14', 1)}), 8,
         "document"),
    ]:
        run = check(world, case)
        result, said = step(run, number)
        ok(run.returncode in (1, 2) and result in ("failed", "cannot check") and words in said, f"{what}: step {number} tells", run.out, run.err)
        if number < 8:
            ok(second(case, trust) == run.returncode, f"{what}: so says the second verifier")
    run = check(world, pack(dict(about, engine="999"), files))
    ok(run.returncode == 2, "another engine: cannot check", run.out)


# --- what the options do ---


def options(world, data, trust):
    run = world("verify", "month.tnb", "--trust", "trust", "--json")
    report = json.loads(run.out)
    ok(run.returncode == 0 and report["verdict"] == "verified" and len(report["steps"]) == 8 and report["numbers"] > 100 and
       report["statements"] == 1, "verify --json", run.out)
    run = world("verify", "month.tnb")
    ok(run.returncode == 2 and step(run, 2)[0] == "cannot check" and "tenor trust add" in run.err, "no trusted key: cannot check", run.out)
    ok(second(data, "") == 2, "no trusted key: so says the second verifier")
    for _ in range(2):
        run = world("verify", "month.tnb", "--trust-bundle-keys")
        ok(run.returncode == 0 and run.err.startswith("warning:"), "--trust-bundle-keys warns every time", run.out, run.err)
    ok(world("verify", "none.tnb", "--trust", "trust").returncode == 2, "no such file: exit 2")
    ok(world("verify", "month.tnb", "--trust", "none").returncode == 2, "no such file of keys: exit 2")
    run = world("verify", "-", "--trust", "trust", stdin=data)
    ok(run.returncode == 0, "verify -: from standard input", run.out, run.err)
    run = world("export", "bundle", "--contract", CONTRACT, "--month", MONTH)
    ok(run.returncode == 64 and "-o" in run.err, "export without -o: says so", run.err)
    run = world("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "-o", "-")
    ok(run.stdout == data, "export to standard output: the same bytes")
    for zone, locale in (("Asia/Kolkata", "C"), ("America/New_York", "C.UTF-8")):
        run = world("verify", "month.tnb", "--trust", "trust", env={"TZ": zone, "LC_ALL": locale})
        ok(run.returncode == 0, f"verified with TZ={zone} LC_ALL={locale}", run.out)

    world.must("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "--partial", "-o", "part.tnb")
    part = world.bytes("part.tnb")
    run = check(world, part)
    ok(run.returncode == 2 and "inclusion shown, completeness not shown" in run.out and step(run, 4)[0] == "passed", "--partial: cannot check", run.out)
    ok(second(part, trust) == 2, "--partial: so says the second verifier")
    about, files = files_of(part)
    leaf = sorted(n for n in files if n.startswith("leaves/"))[-1]
    run = check(world, pack(about, {**files, leaf: files[leaf].replace(b'"v":1', b'"v":2')}))
    ok(run.returncode == 1 and f"entry {leaf[7:]}" in run.out, "--partial: an altered leaf is named", run.out)

    run = world("export", "bundle", "--contract", CONTRACT, "--month", "2026-02", "-o", "none-issued.tnb")
    ok(run.returncode == 0 and "no statement of 2026-02 was issued" in run.err, "a month without statement: says so", run.err)
    run = world("verify", "none-issued.tnb", "--trust", "trust")
    ok(run.returncode == 0 and "0 numbers recomputed" in run.out, "a month without statement: verified all the same", run.out)


def private(world, trust):
    world.must("user", "add", "books", "--role", "finance")
    run = world("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "--with-private", "--as", "books", "-o", "no.tnb")
    ok(run.returncode == 64 and "PERSONAL_READ" in run.err and not os.path.exists(world.path("no.tnb")), "--with-private needs the right", run.err)
    world.must("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "--with-private", "-o", "private.tnb")
    data = world.bytes("private.tnb")
    about, files = files_of(data)
    slots = sorted(n for n in files if n.startswith("private/"))
    ok(len(slots) == 6 and any(b"Alice Moreau" in files[n] for n in slots), "--with-private: contacts and reasons", slots)
    ok(b"Alice Moreau" not in world.bytes("month.tnb"), "without it: no name")
    run = check(world, data)
    ok(run.returncode == 0 and "6 slots are opened" in run.out, "--with-private: verified", run.out)
    ok(second(data, trust) == 0, "--with-private: so says the second verifier")
    slot = next(n for n in slots if b"Alice" in files[n])
    run = check(world, pack(about, {**files, slot: files[slot].replace(b"Alice", b"Alina")}))
    ok(run.returncode == 1 and step(run, 6)[0] == "failed" and slot in step(run, 6)[1], "another name in a slot: step 6 names it", run.out)
    world.must("erase", "--person", "alice@northwind.example")
    shown = world.must("log", "show", "--contract", CONTRACT, "--from", "4", "--to", "4").out
    ok("erased on 2026-04-10" in shown and "Joe Park" in shown and "Alice" not in shown, "log show: erased on a day, the others as they are", shown)


def fixtures(world):
    """Bundles made from the documents by other code: the same verdict from both."""
    world.write("fixture.trust", "".join(k.vkey + "\n" for k in (make_bundles.LOG_KEY, make_bundles.WITNESS_KEY)).encode())
    for name, (data, expected) in make_bundles.good().items():
        world.write("case.tnb", data)
        run = world("verify", "case.tnb", "--trust", "fixture.trust")
        sound = [step(run, n)[0] for n in range(1, 8)]
        status = 1 if "failed" in sound else 2 if "cannot check" in sound else 0
        ok(status == expected, f"{name}: steps 1 to 7 as the second verifier", run.out)
    for name, data in make_bundles.bad().items():
        world.write("case.tnb", data)
        run = world("verify", "case.tnb", "--trust", "fixture.trust")
        ok(run.returncode == 1 and "failed" in [step(run, n)[0] for n in range(1, 8)], f"{name}: refused", run.out, run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "provider").northwind()
        world.must("statement", "--contract", CONTRACT, "--month", MONTH, "--issue")
        trust = "".join(k["vkey"] + "\n" for k in json.loads(world.must("log", "keys", "--contract", CONTRACT, "--json").out))
        world.write("trust", trust.encode())
        world.must("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "-o", "month.tnb")
        data = world.bytes("month.tnb")
        run = world("verify", "month.tnb", "--trust", "trust")
        ok(run.returncode == 0 and re.search(r"^verified: 75 facts, [1-9][0-9]* numbers recomputed$", run.out, re.M), "export and verify", run.out, run.err)
        ok(all(step(run, n)[0] == "passed" for n in range(1, 9)), "eight steps, a line each", run.out)
        ok(second(data, trust) == 0, "so says the second verifier")
        world.must("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "-o", "again.tnb")
        ok(world.bytes("again.tnb") == data, "exported twice: the same bytes")
        options(world, data, trust)
        damage(world, data, trust)
        lies(world, data)
        fixtures(world)
        private(world, trust)
        world.must("import", "--contract", CONTRACT, os.path.join(ROOT, "contracts", "examples", "northwind-outages.jsonl"))
        world.must("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "--with-private", "-o", "after.tnb")
        run = world("verify", "after.tnb", "--trust", "trust")
        ok(run.returncode == 0, "after more was recorded: verified", run.out, run.err)
        ok(b"Alice Moreau" not in world.bytes("after.tnb"), "an erased person is in no bundle any more")
        world.must("statement", "--contract", CONTRACT, "--month", MONTH, "--issue", now="2026-04-12T08:00:00Z")
        world.must("export", "bundle", "--contract", CONTRACT, "--month", MONTH, "-o", "second.tnb", now="2026-04-12T08:00:00Z")
        run = world("verify", "second.tnb", "--trust", "trust")
        ok(run.returncode == 0 and "of 2 statements" in run.out, "two revisions: both come out again", run.out, run.err)
    done()


main()
