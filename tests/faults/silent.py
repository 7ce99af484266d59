#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""History cannot change silently (trust.md R10): single flipped bits on the disk, edited, moved and deleted entries by somebody who may
write the file and works out leaf hashes, edge and roots again, the same in a bundle, older copies, and copies that went on differently.
Each is found, and named where it lies.

  TENOR          the program
  TENOR_SILENT   how many changes (default 1000)
  TENOR_SEED     the seed of what is changed where"""

import base64
import concurrent.futures
import hashlib
import itertools
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import tarfile
import time

from bed import CONTRACT, EXAMPLES, MONTH, SEED, Roots, copy, crashed, doctor, entries, fresh, judged, must, outage_lines, run, workplace
from program import done, note

COUNT = int(os.environ.get("TENOR_SILENT") or 1000)
WORKERS = int(os.environ.get("TENOR_WORKERS") or min(4, (os.cpu_count() or 1) + 1))
IN = ["--contract", CONTRACT]
# parts of 1,000
PARTS = {"flip": 430, "edit": 170, "move": 110, "delete": 110, "bundle": 130, "older": 30, "fork": 20}


def facts(folder, rng, name, n, words=False):
    lines, _ = outage_lines(rng, n, words)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(lines)
    must(folder, "import", *IN, name, *(["--person", "Ana"] if words else []))


def build(top):
    """A record of about 150 entries under several checkpoints, its bundle, a backup, and a witness that has seen them."""
    rng, folder = random.Random(SEED), fresh(os.path.join(top, "signed"))
    must(folder, "init", "acme.tenor", "--provider", "Acme IT")
    must(folder, "client", "add", "northwind", "--name", "Northwind")
    must(folder, "contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind")
    for name in ("northwind-tickets.csv", "northwind-outages.jsonl", "northwind-maintenance.ics"):
        must(folder, "import", *IN, os.path.join(EXAMPLES, name))
    facts(folder, rng, "a.jsonl", 30)
    must(folder, "statement", *IN, "--month", MONTH, "--issue")
    facts(folder, rng, "b.jsonl", 10, True)
    must(folder, "export", "bundle", *IN, "--month", MONTH, "-o", "month.tnb")
    must(folder, "backup", "kept")
    keys = must(folder, "log", "keys", *IN).out
    for vkey in re.findall(r"\S+/log/\S+\+[0-9a-f]{8}\+\S+", keys):
        must(folder, "trust", "add", vkey)
    must(folder, "cosign", "key", "client.example.org/it", "-o", "it.cosign")
    must(folder, "verify", "month.tnb")
    # what writes changed bundles writes a good one where nothing is changed
    write_bundle(os.path.join(folder, "same.tnb"), read_bundle(os.path.join(folder, "month.tnb")))
    must(folder, "verify", "same.tnb")
    if doctor(folder):
        raise SystemExit(f"Bail out! {doctor(folder)}")
    return folder


# --- who may write the file ---


class Forger:
    """Writes rows past the triggers, and puts them back; then makes again what can be made without the keys."""

    def __init__(self, folder):
        self.db = sqlite3.connect(os.path.join(folder, "acme.tenor"), timeout=20)
        self.log, self.size = self.db.execute("SELECT id, size FROM log WHERE kind = 0").fetchone()
        self.triggers = self.db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in self.triggers:
            self.db.execute(f"DROP TRIGGER {name}")

    def place(self, index):
        return (self.log << 40) + index

    def row(self, index):
        return self.db.execute("SELECT id, leaf, bytes FROM entry WHERE place = ?", (self.place(index),)).fetchone()

    def put(self, index, ident, data, leaf):
        self.db.execute("UPDATE entry SET id = ?, leaf = ?, bytes = ? WHERE place = ?", (ident, leaf, data, self.place(index)))

    def end(self, depth):
        """depth 2: the edge as well; 3: roots of checkpoints and the text of their notes."""
        roots, at = Roots(), {}
        for (leaf,) in self.db.execute("SELECT leaf FROM entry WHERE log = ? ORDER BY place", (self.log,)):
            roots.add(leaf)
            at[roots.size] = roots.root()
        if depth >= 2:
            self.db.execute("UPDATE log SET edge = ? WHERE id = ?", (b"".join(roots.subtrees), self.log))
        if depth >= 3:
            for size, text in self.db.execute("SELECT size, note FROM checkpoint WHERE log = ?", (self.log,)).fetchall():
                if size in at:
                    lines = text.split("\n")
                    lines[2] = base64.b64encode(at[size]).decode()
                    self.db.execute("UPDATE checkpoint SET root = ?, note = ? WHERE log = ? AND size = ?", (at[size], "\n".join(lines), self.log, size))
        for _, sql in self.triggers:
            self.db.execute(sql)
        self.db.commit()
        self.db.close()


def leaf_of(data):
    return hashlib.sha256(b"\0" + data).digest()


def changed(rng, data):
    """An entry that is still one, but for a digit or letter of its body or time."""
    places = [m.start() for m in re.finditer(rb"[0-9a-z]", data)]
    while True:
        at = rng.choice(places)
        new = bytes([rng.choice(b"0123456789" if data[at : at + 1].isdigit() else b"abcdefghijklmnopqrstuvwxyz")])
        if new != data[at : at + 1]:
            return data[:at] + new + data[at + 1 :]


def named(text, *indexes):
    """Does one of the problems name an entry, or a run of entries, that the change touched?"""
    for a, b in re.findall(r"entries (\d+) to (\d+)", text):
        if any(int(a) <= i <= int(b) for i in indexes):
            return True
    return any(re.search(rf"\bentry {i}\b", text) for i in indexes)


def found_by_doctor(folder, what, *indexes):
    done_ = run(folder, "doctor")
    text = done_.out + done_.err
    if crashed(done_):
        return [f"{what}: doctor crashed: {text[:300]}"]
    if done_.returncode == 0:
        return [f"{what}: not found"]
    return [] if named(text, *indexes) else [f"{what}: found but not named: {text[:600]}"]


# --- the kinds of changes ---


def flip(rng, folder):
    path = os.path.join(folder, "acme.tenor")
    all_entries = entries(path)
    with open(path, "rb") as f:
        data = bytearray(f.read())
    while True:
        index = rng.randrange(len(all_entries))
        entry = all_entries[index]
        at = rng.randrange(len(entry))
        begin = max(0, min(at - 40, len(entry) - 80))
        where = data.find(entry[begin : begin + 80])
        # pages may part an entry: then another place
        if where >= 0 and data.find(entry[begin : begin + 80], where + 1) < 0:
            break
    data[where + at - begin] ^= 1 << rng.randrange(8)
    with open(path, "r+b") as f:
        f.write(data)
    return found_by_doctor(folder, f"bit of byte {at} of entry {index}", index)


def edit(rng, folder):
    forger, depth = Forger(folder), rng.randrange(4)
    index = rng.randrange(forger.size)
    ident, leaf, data = forger.row(index)
    new = changed(rng, data)
    forger.put(index, ident, new, leaf_of(new) if depth else leaf)
    forger.end(depth)
    return found_by_doctor(folder, f"entry {index} edited to depth {depth}", index) if depth < 3 else found_forged(folder, f"entry {index} edited, roots made again")


def found_forged(folder, what):
    """Where every root was made again without the key, what is left to name is the signature."""
    done_ = run(folder, "doctor")
    text = done_.out + done_.err
    if crashed(done_) or done_.returncode == 0:
        return [f"{what}: doctor {done_.returncode}: not found"]
    return [] if re.search("signature|signed|checkpoint", text) else [f"{what}: found but not named: {text[:600]}"]


def move(rng, folder):
    forger, depth = Forger(folder), rng.randrange(4)
    a, b = sorted(rng.sample(range(forger.size), 2))
    if rng.random() < 0.5:
        a, b = min(a, forger.size - 2), min(a, forger.size - 2) + 1
    (id_a, leaf_a, data_a), (id_b, leaf_b, data_b) = forger.row(a), forger.row(b)
    forger.put(b, b"\0" * 16, data_b, leaf_b)
    forger.put(a, id_b, data_b, leaf_b)
    forger.put(b, id_a, data_a, leaf_a)
    forger.end(depth)
    what = f"entries {a} and {b} changed places, to depth {depth}"
    return found_by_doctor(folder, what, a, b) if depth < 3 else found_forged(folder, what)


def delete(rng, folder):
    """From the middle, those behind it moving up; or from the end."""
    forger, depth = Forger(folder), rng.randrange(4)
    index = rng.randrange(forger.size) if rng.random() < 0.7 else forger.size - 1
    forger.db.execute("DELETE FROM entry WHERE place = ?", (forger.place(index),))
    if rng.random() < 0.7 or index == forger.size - 1:
        for i in range(index + 1, forger.size):
            forger.db.execute("UPDATE entry SET place = ? WHERE place = ?", (forger.place(i - 1), forger.place(i)))
        forger.db.execute("UPDATE log SET size = size - 1 WHERE id = ?", (forger.log,))
    forger.end(depth)
    return found_forged(folder, f"entry {index} deleted, to depth {depth}")


def read_bundle(path):
    with tarfile.open(path) as tar:
        return {m.name: tar.extractfile(m).read() for m in tar.getmembers()}


def write_bundle(path, files):
    about = json.loads(files["bundle.json"])
    for f in about["files"]:
        f["sha256"], f["length"] = hashlib.sha256(files[f["name"]]).hexdigest(), len(files[f["name"]])
    files["bundle.json"] = json.dumps(about, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with open(path, "wb") as f:
        for name in sorted(files, key=str.encode):
            data = files[name]
            head = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(data) + b"00000000000\0"
            tail = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(167)
            f.write(head + b"%06o\0 " % (sum(head) + 8 * 32 + sum(tail)) + tail + data + bytes(-len(data) % 512))
        f.write(bytes(1024))


def cut(tile):
    """Entries of a C2SP entry bundle."""
    out = []
    while tile:
        n = int.from_bytes(tile[:2], "big")
        out.append(tile[2 : 2 + n])
        tile = tile[2 + n :]
    return out


def bundle(rng, folder):
    path = os.path.join(folder, "month.tnb")
    how = rng.choice(["raw", "edit", "move", "delete"])
    if how == "raw":
        with open(path, "rb") as f:
            data = bytearray(f.read())
        files = read_bundle(path)
        name = rng.choice([n for n in files if n.startswith("entries/")])
        at = data.find(files[name][:64]) + rng.randrange(len(files[name]))
        data[at] ^= 1 << rng.randrange(8)
        with open(path, "wb") as f:
            f.write(data)
        return found_by_verify(folder, f"bit of byte {at} of the bundle")
    files = read_bundle(path)
    name = rng.choice([n for n in files if n.startswith("entries/")])
    parts = cut(files[name])
    i = rng.randrange(len(parts))
    if how == "edit":
        parts[i] = changed(rng, parts[i])
    elif how == "move":
        k = rng.choice([k for k in range(len(parts)) if k != i])
        parts[i], parts[k] = parts[k], parts[i]
    else:
        parts.pop(i)
    files[name] = b"".join(len(p).to_bytes(2, "big") + p for p in parts)
    write_bundle(path, files)
    return found_by_verify(folder, f"{how} of entry {i} in {name}, list made again")


def found_by_verify(folder, what):
    done_ = run(folder, "verify", "month.tnb")
    text = done_.out + done_.err
    if crashed(done_) or done_.returncode != 1:
        return [f"{what}: verify says {done_.returncode}: {text[:400]}"]
    return [] if re.search(r"entr(y|ies)", text) else [f"{what}: found but not named: {text[:600]}"]


def older(rng, folder):
    """A copy of before: the witness has seen more, and a restore is shown a later checkpoint."""
    shutil.copy(os.path.join(folder, "month.tnb"), os.path.join(folder, "old.tnb"))
    facts(folder, rng, "more.jsonl", rng.randint(1, 9))
    must(folder, "export", "bundle", *IN, "--month", MONTH, "-o", "new.tnb")
    with open(os.path.join(folder, "note"), "w", encoding="utf-8") as f:
        f.write(must(folder, "log", "checkpoint", *IN).out)
    must(folder, "cosign", "new.tnb", "--cosign-key", "it.cosign")
    bad, again = [], run(folder, "cosign", "old.tnb", "--cosign-key", "it.cosign")
    if again.returncode != 1 or not re.search("older|smaller|rolled|seen", again.out + again.err):
        bad.append(f"an older copy is cosigned: {again.returncode} {again.out}{again.err}")
    restored = run(folder, "restore", "kept", "--workspace", "back.tenor", "--at-least", "note")
    if restored.returncode == 0 or os.path.exists(os.path.join(folder, "back.tenor")) or "older" not in restored.err + restored.out:
        bad.append(f"a backup older than the checkpoint shown is restored: {restored.returncode} {restored.err}")
    return bad


def fork(rng, folder):
    """Two copies that go on differently, both with the keys: each is sound by itself; who has seen one refuses the other."""
    other = copy(folder, folder + "-other")
    n = rng.randint(1, 6)
    for where, more in ((folder, 0), (other, rng.randint(0, 3))):
        facts(where, rng, "more.jsonl", n + more)
        must(where, "export", "bundle", *IN, "--month", MONTH, "-o", "new.tnb")
    shutil.copy(os.path.join(other, "new.tnb"), os.path.join(folder, "theirs.tnb"))
    with open(os.path.join(folder, "note"), "w", encoding="utf-8") as f:
        f.write(must(other, "log", "checkpoint", *IN).out)
    bad = []
    must(folder, "cosign", "new.tnb", "--cosign-key", "it.cosign")
    second = run(folder, "cosign", "theirs.tnb", "--cosign-key", "it.cosign")
    evidence = [d for d, _, files in os.walk(os.path.join(folder, "home")) if "fork-evidence" in d and files]
    if second.returncode != 1 or not evidence:
        bad.append(f"a fork is cosigned, or without evidence: {second.returncode} {second.out}{second.err}")
    must(folder, "backup", "mine")
    restored = run(folder, "restore", "mine", "--workspace", "back.tenor", "--at-least", "note")
    if restored.returncode == 0 or os.path.exists(os.path.join(folder, "back.tenor")):
        bad.append(f"a backup that does not lead to the checkpoint shown is restored: {restored.returncode} {restored.err}")
    shutil.rmtree(other)
    return bad


def main():
    top, began = workplace(), time.monotonic()
    note(f"seed {SEED}, {COUNT} changes, in {top}")
    try:
        signed = build(top)
        number = itertools.count()

        def one(change, i):
            folder = copy(signed, os.path.join(top, f"run{next(number)}"))
            try:
                return change(random.Random(f"{SEED}/{change.__name__}/{i}"), folder)
            except SystemExit as why:
                return [f"{change.__name__} {i}: {why}"]
            finally:
                shutil.rmtree(folder, ignore_errors=True)

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for change in (flip, edit, move, delete, bundle, older, fork):
                n = max(1, PARTS[change.__name__] * COUNT // 1000)
                bad = [b for found in pool.map(lambda i, c=change: one(c, i), range(n)) for b in found]
                judged(not bad, f"{change.__name__}: {n - len(bad)} of {n} found and named", *bad)
    finally:
        if not os.environ.get("TENOR_KEEP"):
            shutil.rmtree(top, ignore_errors=True)
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


if __name__ == "__main__":
    sys.exit(main())
