# SPDX-License-Identifier: Apache-2.0
"""Keeping the record safe: doctor, rebuild, backup, restore, erase, clock (trust.md D3 to D5, D7, J12, J13, J24, J25, J29, R10, R17)."""

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import time

from program import ROOT, TENOR, done, note, ok, skip

WORLD = os.path.join(os.path.dirname(TENOR), "tenor-world")
SEED = os.environ.get("TENOR_SEED") or str(random.randrange(1 << 30))
TEMP = tempfile.mkdtemp(prefix="tenor-keeping-")
EXAMPLES = os.path.join(ROOT, "contracts", "examples")
NORTHWIND = [os.path.join(EXAMPLES, f) for f in ("northwind-tickets.csv", "northwind-outages.jsonl", "northwind-maintenance.ics")]
rng = random.Random(SEED)
note(f"TENOR_SEED={SEED}")


class World:
    """A folder with a workspace, and a clock that moves on with every call."""

    def __init__(self, name, start=1775120400):
        self.folder = os.path.join(TEMP, name)
        self.settings = os.path.join(self.folder, "settings")
        self.now = start
        self.calls = 0
        os.makedirs(self.settings)
        os.chmod(self.settings, 0o700)
        self.file = os.path.join(self.folder, "acme.tenor")
        self.keys = os.path.join(self.folder, "acme.keys")

    def env(self):
        self.calls += 1
        self.now += 60
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now))
        return {**os.environ, "TENOR_TEST_NOW": at, "TENOR_TEST_SEED": f"{SEED}/{self.folder}/{self.calls}",
                "TENOR_TEST_SETTINGS": self.settings}

    def run(self, *args, timeout=300):
        run = subprocess.run([WORLD, *args], capture_output=True, cwd=self.folder, env=self.env(), timeout=timeout)
        run.out, run.err = run.stdout.decode("utf-8", "replace"), run.stderr.decode("utf-8", "replace")
        return run

    def start(self, *args):
        return subprocess.Popen([WORLD, *args], cwd=self.folder, env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def must(self, *args):
        run = self.run(*args)
        if run.returncode != 0:
            raise SystemExit(f"{' '.join(args)}: {run.returncode}: {run.err}{run.out}")
        return run

    def copy(self, name):
        """The same files elsewhere, with the same settings."""
        other = World(name, self.now)
        shutil.rmtree(other.folder)
        shutil.copytree(self.folder, other.folder)
        return other

    def kek(self):
        return os.path.join(self.settings, [f for f in os.listdir(self.settings) if f.endswith(".kek")][0])


def make(name):
    w = World(name)
    w.must("init", "acme.tenor", "--provider", "Acme IT")
    w.must("client", "add", "northwind", "--name", "Northwind Dental")
    w.must("contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind")
    w.must("import", *NORTHWIND, "--contract", "NW-2026")
    w.must("fact", "add", "outage.began", "outage=o7", "assets=web", "severity=down", "evidence=Ana pulled the plug", "--contract", "NW-2026",
           "--at", "2026-03-12T14:05:00Z", "--person", "Ana Ruiz")
    return w


BASE = make("base")
doctor = BASE.run("doctor")
ok(doctor.returncode == 0 and "problem" not in doctor.out and "acme.tenor is as it was recorded" in doctor.out, "doctor: a sound workspace is sound",
   doctor.out, doctor.err)
as_json = json.loads(BASE.must("doctor", "--json").out)
ok(as_json["problems"] == 0 and all(c["verdict"] in ("ok", "note") for c in as_json["checks"]), "doctor --json says the same")
ok(not [f for f in os.listdir(BASE.folder) if f.endswith(("-wal", "-shm"))] or BASE.run("doctor").returncode == 0, "doctor again: nothing was changed")


# --- damage that doctor names (R10): each with its place ---

def sql(path, *statements):
    """Writes past the triggers, as whoever has the disk can."""
    db = sqlite3.connect(path, isolation_level=None)
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    for s in statements:
        if isinstance(s, tuple):
            db.execute(*s)
        else:
            db.execute(s)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def rows(path, query, *binds):
    db = sqlite3.connect(path)
    found = db.execute(query, binds).fetchall()
    db.close()
    return found


BASE.must("client", "list")
LOG, ENGAGEMENT_SIZE = rows(BASE.file, "SELECT id, size FROM log WHERE kind = 0")[0]


def place(index):
    return (LOG << 40) + index


def flip(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]


def entry(path, index):
    return rows(path, "SELECT bytes, leaf, id FROM entry WHERE place = ?", place(index))[0]


def damaged(name, wanted, *statements, path="file", status=1):
    w = BASE.copy("damage-" + re.sub(r"\W+", "-", name))
    sql(getattr(w, path), *statements)
    run = w.run("doctor")
    good = run.returncode == status and all(re.search(p, run.out + run.err) for p in ([wanted] if isinstance(wanted, str) else wanted))
    ok(good, f"doctor: {name}", f"wanted {wanted}", f"status {run.returncode}", run.out, run.err)
    shutil.rmtree(w.folder)
    return run


MIDDLE = 17
body, leaf, _ = entry(BASE.file, MIDDLE)
damaged("one bit of an entry flipped", f"log NW-2026: entry {MIDDLE}: its bytes do not give its leaf hash",
        ("UPDATE entry SET bytes = ? WHERE place = ?", (flip(body, len(body) // 2), place(MIDDLE))))
edited = body.replace(b"T-1", b"T-2", 1)
assert edited != body
damaged("a row edited and its leaf hash with it", [r"log NW-2026: the entries do not lead to the checkpoint of size \d+: something in entries \d+ to \d+"],
        ("UPDATE entry SET bytes = ?, leaf = ? WHERE place = ?", (edited, hashlib.sha256(b"\0" + edited).digest(), place(MIDDLE))))
damaged("a leaf hash changed", f"entry {MIDDLE}: its bytes do not give its leaf hash",
        ("UPDATE entry SET leaf = ? WHERE place = ?", (flip(leaf, 3), place(MIDDLE))))
damaged("a row deleted", f"log NW-2026: entry {MIDDLE} is missing", ("DELETE FROM entry WHERE place = ?", (place(MIDDLE),)))
damaged("the last row deleted", f"log NW-2026: entry {ENGAGEMENT_SIZE - 1} is missing", ("DELETE FROM entry WHERE place = ?", (place(ENGAGEMENT_SIZE - 1),)))
damaged("two rows exchanged", [r"log NW-2026: the entries do not lead to the checkpoint of size \d+: something in entries \d+ to \d+"],
        ("UPDATE entry SET bytes = ?, leaf = ?, id = x'00000000000000000000000000000000' WHERE place = ?", (*entry(BASE.file, 10)[:2], place(9))),
        ("UPDATE entry SET bytes = ?, leaf = ?, id = ? WHERE place = ?", (*entry(BASE.file, 9), place(10))),
        ("UPDATE entry SET id = ? WHERE place = ?", (entry(BASE.file, 10)[2], place(9))))
damaged("a row put in at the end", f"1 entries lie beyond its end, at {ENGAGEMENT_SIZE}",
        ("INSERT INTO entry (place, log, id, leaf, bytes) VALUES (?, ?, ?, ?, ?)",
         (place(ENGAGEMENT_SIZE), LOG, b"\1" * 16, hashlib.sha256(b"\0" + body).digest(), body)))
damaged("an entry under another id", f"entry {MIDDLE}: it is filed under another id", ("UPDATE entry SET id = ? WHERE place = ?", (b"\1" * 16, place(MIDDLE))))
damaged("an entry that is no canonical JSON", f"log NW-2026: entry {MIDDLE}: ",
        ("UPDATE entry SET bytes = ?, leaf = ? WHERE place = ?", (body + b" ", hashlib.sha256(b"\0" + body + b" ").digest(), place(MIDDLE))))
damaged("the log cut off and its head moved back", "a checkpoint of .* entries was signed and only .* are there",
        ("DELETE FROM entry WHERE place >= ?", (place(4),)),
        ("UPDATE log SET size = 4, edge = ? WHERE id = ?", (b"\0" * 32, LOG)))
damaged("the right edge changed", "do not give the right edge that was kept",
        ("UPDATE log SET edge = ? WHERE id = ?", (flip(rows(BASE.file, "SELECT edge FROM log WHERE id = ?", LOG)[0][0], 0), LOG)))
damaged("the root of a checkpoint changed", "the entries do not lead to the checkpoint of size",
        ("UPDATE checkpoint SET root = x'" + "00" * 32 + "' WHERE log = ?", (LOG,)))
some_note, = rows(BASE.file, "SELECT note FROM checkpoint WHERE log = ? ORDER BY size LIMIT 1", LOG)[0]
damaged("a signature changed", r"the note of the checkpoint of \d+ entries: ",
        ("UPDATE checkpoint SET note = ? WHERE log = ? AND size = (SELECT min(size) FROM checkpoint WHERE log = ?)",
         (some_note[:-10] + ("B" if some_note[-10] != "B" else "C") + some_note[-9:], LOG, LOG)))
damaged("a checkpoint deleted", r"the checkpoint of \d+ entries, noted in the install log, is not there",
        ("DELETE FROM checkpoint WHERE log = ? AND size = (SELECT min(size) FROM checkpoint WHERE log = ?)", (LOG, LOG)))
damaged("a mark deleted", r"entry \d+ \(.*\) has no mark", ("DELETE FROM mark WHERE place = (SELECT max(place) FROM mark WHERE log = ?)", (LOG,)))
damaged("a mark put in", r"entry \d+ is marked as .* and is none", ("INSERT INTO mark (log, kind, place) VALUES (?, 1, ?)", (LOG, place(MIDDLE))))
blob_hash, blob = rows(BASE.file, "SELECT sha256, bytes FROM blob LIMIT 1")[0]
damaged("a version changed", f"{blob_hash.hex()}: its bytes have another hash", ("UPDATE blob SET bytes = ? WHERE sha256 = ?", (flip(blob, 1), blob_hash)))
damaged("a version deleted", r"log NW-2026, entry \d+: the (version|input) .* is not there", ("DELETE FROM blob WHERE sha256 = ?", (blob_hash,)))
cipher, = rows(BASE.file, "SELECT cipher FROM slot LIMIT 1")[0]
damaged("a private text changed", r"entry \d+: .*altered", ("UPDATE slot SET cipher = ? WHERE cipher = ?", (flip(cipher, 20), cipher)))
damaged("a private text deleted", r"entry \d+: its private text '.*' is gone, and its subject s_.* was not erased", ("DELETE FROM slot WHERE cipher = ?", (cipher,)))
damaged("a private text put in", "is kept that no entry declares",
        ("INSERT INTO slot (log, id, name, subject, nonce, cipher) SELECT log, id, 'more', subject, nonce, cipher FROM slot LIMIT 1"))
damaged("a role given in the file", "'owner' .* has other rights than the install log gave", "UPDATE person SET roles = 'owner operator finance' WHERE handle = 'owner'")
damaged("a person put in", "may act and the install log does not say who let them",
        "INSERT INTO person (id, handle, client, roles, contract, added_at) VALUES ('u_0000000000000000', 'eve', 0, 'owner', '', 1)")
damaged("a frozen log", "it is frozen: for a test", "UPDATE log SET frozen = 'for a test' WHERE kind = 0")
damaged("derived tables of another version", "made by another version of Tenor", "UPDATE meta SET value = 'x' WHERE key = 'derived'")
damaged("a wrapped key changed", "was altered", "UPDATE subject SET cipher = zeroblob(48) WHERE subject = (SELECT min(subject) FROM subject)", path="keys")
damaged("a key deleted", "no subject 's_.*' has a key here", "DELETE FROM subject", path="keys")
damaged("a key of a log deleted", "there is no key 'log/", "DELETE FROM seed WHERE name LIKE 'log/%'", path="keys")

# Bits of the entries' pages, flipped in the file itself, anywhere.
found = 0
FLIPS = 25
whole = open(BASE.file, "rb").read()
pages = [m.start() for m in re.finditer(rb'\{"actor":"', whole)]
for n in range(FLIPS):
    w = BASE.copy(f"flip-{n}")
    at = rng.choice(pages) + rng.randrange(60)
    with open(w.file, "r+b") as f:
        f.seek(at)
        byte = f.read(1)[0]
        f.seek(at)
        f.write(bytes([byte ^ (1 << rng.randrange(8))]))
    run = w.run("doctor")
    if run.returncode != 0 and re.search(r"entry \d+: its bytes do not give", run.out):
        found += 1
    else:
        note(f"bit at {at} not named: {run.returncode} {run.out} {run.err}")
    shutil.rmtree(w.folder)
ok(found == FLIPS, f"doctor: {FLIPS} of {FLIPS} bits flipped in the file are found, each with its entry", f"found {found}")


# --- frozen logs ---

w = BASE.copy("frozen")
sql(w.file, "UPDATE log SET frozen = 'for a test' WHERE kind = 0")
run = w.run("fact", "add", "outage.ended", "outage=o7", "--contract", "NW-2026")
ok(run.returncode == 2 and "frozen: for a test" in run.err, "a frozen log takes no entry", run.returncode, run.err)
run = w.run("doctor", "--unfreeze")
ok(run.returncode == 0 and "1 log is frozen no longer" in run.out and w.run("doctor").returncode == 0, "doctor --unfreeze: nothing else is wrong", run.out, run.err)
run = w.run("doctor", "--unfreeze")
ok(run.returncode == 64 and "no log of" in run.err, "doctor --unfreeze where nothing is frozen", run.out, run.err)
sql(w.file, "UPDATE log SET frozen = 'for a test' WHERE kind = 0", ("UPDATE entry SET bytes = ? WHERE place = ?", (flip(body, 40), place(MIDDLE))))
run = w.run("doctor", "--unfreeze")
ok(run.returncode == 1 and rows(w.file, "SELECT frozen FROM log WHERE kind = 0")[0][0] == "for a test", "doctor --unfreeze: a damaged log stays frozen", run.out)


# --- rebuild (D7) ---

def derived(path):
    """Marks, and packs but for the last of each log: that one holds what was recorded when it was made, which rebuild --check looks into."""
    marks = rows(path, "SELECT log, kind, place FROM mark ORDER BY 1, 2, 3")
    packs = rows(path, "SELECT place, bytes FROM fact_pack ORDER BY 1")
    return marks + [a for a, b in zip(packs, packs[1:]) if a[0] + 1 == b[0]]


w = BASE.copy("rebuild")
before = derived(w.file)
run = w.run("rebuild", "--check")
ok(run.returncode == 0 and "byte for byte" in run.out, "rebuild --check: live tables are what the entries make", run.out, run.err)
run = w.run("rebuild")
after = [r for r in derived(w.file)]
kept = [r for r in after if r in before]
ok(run.returncode == 0 and kept == before and w.run("rebuild", "--check").returncode == 0, "rebuild: byte-equal to the live tables", run.err)
(at, pack), = rows(w.file, "SELECT place, bytes FROM fact_pack")
ok(at == LOG << 40 and len(pack) > 500, "the entries of a small log lie in a pack, too", at, len(pack))
said = w.must("statement", "--contract", "NW-2026", "--month", "2026-03").out
sql(w.file, ("UPDATE fact_pack SET bytes = ?", (flip(pack, len(pack) // 2),)))
ok("pack 0" in w.run("rebuild", "--check").out, "rebuild --check: a pack that was altered is named", w.run("rebuild", "--check").out)
run = w.run("statement", "--contract", "NW-2026", "--month", "2026-03")
ok(run.returncode != 0 and "tenor rebuild" in run.err, "and nothing is worked out from it", run.out, run.err)
sql(w.file, "DELETE FROM fact_pack")
ok(w.must("statement", "--contract", "NW-2026", "--month", "2026-03").out == said, "without it the same comes from the entries")
w.must("rebuild")
ok(rows(w.file, "SELECT place, bytes FROM fact_pack") == [(at, pack)] and w.must("statement", "--contract", "NW-2026", "--month", "2026-03").out == said, "rebuild makes it again")
sql(w.file, "DELETE FROM mark", "UPDATE meta SET value = 'older' WHERE key = 'derived'")
run = w.run("rebuild", "--check")
ok(run.returncode == 1 and "has no mark" in run.out, "rebuild --check names what is missing", run.out)
run = w.run("contract", "list")
ok(run.returncode == 2 and "tenor rebuild" in run.err, "reading with derived tables of another version names the command", run.returncode, run.err, run.out)
run = w.run("client", "add", "other", "--name", "Other")
ok(run.returncode == 0 and w.run("contract", "list").returncode == 0 and w.run("doctor").returncode == 0, "writing makes them again by itself", run.err)


# --- clock (J29) ---

w = BASE.copy("clock")
run = w.run("clock", "accept")
ok(run.returncode == 2 and "nothing to accept" in run.err, "clock accept: nothing to accept", run.err)
w.now -= 3600
run = w.run("client", "add", "late", "--name", "Late")
ok(run.returncode == 74 and "clock accept" in run.err and w.run("client", "list").returncode == 0, "a clock set back: reading works, writing names the command", run.err)
run = w.run("clock", "accept", "--json")
told = json.loads(run.out or "{}")
ok(run.returncode == 0 and told["from"] > told["to"], "clock accept tells both times", run.out, run.err)
ok(w.run("client", "add", "late", "--name", "Late").returncode == 0 and w.run("doctor").returncode == 0, "and writing goes on, times never decrease")
w.now += 40 * 86400
ok(w.run("client", "add", "later", "--name", "Later").returncode == 74, "a clock 40 days ahead")
ok(w.run("clock", "accept").returncode == 0 and w.run("client", "add", "later", "--name", "Later").returncode == 0, "is accepted the same way")
w.now += 40 * 86400
run = w.run("clock", "accept", "--as", "nobody")
ok(run.returncode == 66, "clock accept by nobody known", run.err)


# --- erase (J24, J25) ---

w = BASE.copy("erase")
month = ["statement", "--contract", "NW-2026", "--month", "2026-03", "--as-of", "2026-04-02T00:00:00Z", "--known-as-of", "2026-04-03T00:00:00Z", "--json"]
numbers = w.must(*month).out
secret = b"Ana pulled the plug"
run = w.run("erase", "--person", "Nobody Known")
ok(run.returncode == 66 and "Nobody Known" in run.err, "erase: an unknown person is named", run.err)
run = w.run("erase", "--subject", "s_0000000000000000")
ok(run.returncode == 66 and "s_0000000000000000" in run.err, "erase: an unknown subject is named", run.err)
run = w.run("erase")
ok(run.returncode == 64 and "say whose" in run.err, "erase: neither subject nor person", run.err)
run = w.run("erase", "--subject", "Ana")
ok(run.returncode == 64, "erase: no subject", run.err)
old_keys = os.path.join(TEMP, "keys-before-erasure")
w.must("client", "list")
shutil.copy(w.keys, old_keys)
run = w.run("erase", "--person", "Ana Ruiz", "--reason-code", "request")
subject = re.search(r"s_[0-9a-z]{16}", run.out)
ok(run.returncode == 0 and subject is not None and "1 private text" in run.out, "erase --person tells what was destroyed", run.out, run.err)
subject = subject.group(0)
ok(not rows(w.file, "SELECT * FROM slot WHERE subject = ?", subject) and not rows(w.keys, "SELECT * FROM subject WHERE subject = ?", subject) and
   len(rows(w.keys, "SELECT * FROM erased WHERE subject = ?", subject)) == 1, "erase: slots and key are gone, the register has it")
ok(w.must(*month).out == numbers, "erase then replay: byte-equal")
run = w.run("doctor")
ok(run.returncode == 0 and "erasures: 1, all complete" in run.out, "doctor after an erasure", run.out)
last = rows(w.file, "SELECT bytes FROM entry WHERE log = ? ORDER BY place DESC LIMIT 1", LOG)[0][0]
ok(b"subject_erased" in last and subject.encode() in last, "erase: the log has subject_erased", last)
size = rows(w.file, "SELECT size FROM log WHERE kind = 0")
run = w.run("erase", "--subject", subject)
ok(run.returncode == 0 and "was erased before" in run.out and rows(w.file, "SELECT size FROM log WHERE kind = 0") == size, "erase again changes nothing", run.out, run.err)
ok(w.run("erase", "--person", "Ana Ruiz").returncode == 66, "erase again by name: the name went with it")
files = b"".join(open(os.path.join(w.folder, f), "rb").read() for f in os.listdir(w.folder) if f.startswith("acme"))
ok(cipher not in files or not rows(BASE.file, "SELECT 1 FROM slot WHERE subject = ? AND cipher = ?", subject, cipher), "erase: no sealed byte is left in any file")
ana = rows(BASE.file, "SELECT cipher FROM slot WHERE subject = ?", subject)[0][0]
ok(ana not in files and secret not in files, "erase: neither words nor cipher of the subject are left in any file")
# Interrupted after step 1: the entry is there, the key and the text still are. The next verb that writes finishes it.
x = w.copy("erase-interrupted")
shutil.copy(old_keys, x.keys)
run = x.run("doctor")
ok(run.returncode == 1 and f"{subject} was to be erased" in run.out, "doctor: an erasure that was interrupted", run.out)
x.must("client", "add", "next", "--name", "Next")
ok(x.run("doctor").returncode == 0 and rows(x.keys, "SELECT subject FROM erased") == [(subject,)], "any verb that writes finishes it")


# --- backup (D4) ---

w = BASE.copy("backup")
run = w.run("backup", "b1")
ok(run.returncode == 0 and os.path.isdir(os.path.join(w.folder, "b1")), "backup", run.out, run.err)
listing = sorted(os.path.relpath(os.path.join(d, f), os.path.join(w.folder, "b1")) for d, _, fs in os.walk(os.path.join(w.folder, "b1")) for f in fs)
manifest = json.load(open(os.path.join(w.folder, "b1", "manifest.json")))
ok(listing == sorted(["manifest.json"] + [f["name"] for f in manifest["files"]]) and "data/workspace.tenor" in listing and "keys/workspace.keys" in listing,
   "backup: what is there is what the manifest lists", listing)
ok(all(hashlib.sha256(open(os.path.join(w.folder, "b1", f["name"]), "rb").read()).hexdigest() == f["sha256"] for f in manifest["files"]), "backup: hashes")
raw = open(os.path.join(w.folder, "b1", "manifest.json"), "rb").read()
ok(json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == raw, "backup: the manifest is canonical")
kek = open(w.kek(), "rb").read().split()[1]
everything = b"".join(open(os.path.join(d, f), "rb").read() for d, _, fs in os.walk(os.path.join(w.folder, "b1")) for f in fs)
ok(kek not in everything and bytes.fromhex(kek.decode()) not in everything and b"Ana Ruiz" not in everything and b"pulled the plug" not in everything, "backup: neither the key nor a private word is in it")
ok(all(stat.S_IMODE(os.stat(os.path.join(d, f)).st_mode) & 0o077 == 0 for d, _, fs in os.walk(os.path.join(w.folder, "b1")) for f in fs), "backup: only its owner can read it")
run = w.run("backup", "b1")
ok(run.returncode == 2 and "is there already" in run.err, "backup: a folder that is there", run.err)
left = [f for f in os.listdir(w.folder) if "unfinished" in f or "trial" in f or "failed" in f]
ok(not left, "backup: nothing else is left", left)
x = w.copy("backup-damaged")
sql(x.file, ("UPDATE entry SET bytes = ?, leaf = ? WHERE place = ?", (edited, hashlib.sha256(b"\0" + edited).digest(), place(MIDDLE))))
run = x.run("backup", "b2")
ok(run.returncode == 1 and not os.path.exists(os.path.join(x.folder, "b2")) and os.path.isdir(os.path.join(x.folder, "b2.failed")) and
   "do not lead to the checkpoint" in run.err, "backup of a damaged workspace: exit 1, its name ends in .failed", run.returncode, run.out, run.err, os.listdir(x.folder))
run = x.run("backup", "nowhere/b3")
ok(run.returncode == 66 and not os.path.exists(os.path.join(x.folder, "nowhere")), "backup: no such place", run.returncode, run.err)


# --- restore (D5) ---

def restore(world, *args, target="back.tenor"):
    run = world.run("restore", *args, "--workspace", target)
    run.there = os.path.exists(os.path.join(world.folder, target))
    run.left = [f for f in os.listdir(world.folder) if ".restoring" in f or f.endswith(".backup")]
    return run


run = restore(w, "b1")
ok(run.returncode == 0 and run.there and not run.left, "restore", run.out, run.err, run.left)
run = w.run("doctor", "--workspace", "back.tenor")
ok(run.returncode == 0, "doctor of what was restored", run.out, run.err)
ok(w.must(*month, "--workspace", "back.tenor").out == w.must(*month, "--workspace", "acme.tenor").out, "restored: the same statement, byte for byte")
run = restore(w, "b1")
ok(run.returncode == 2 and "back.tenor: " in run.err and "is there already" in run.err, "restore over a workspace that is there", run.err)
for suffix in ("", "-wal"):
    open(os.path.join(w.folder, "in-the-way.keys" + suffix), "w").close()
    run = restore(w, "b1", target="in-the-way.tenor")
    ok(run.returncode == 2 and "in-the-way.keys" + suffix in run.err and not run.there, f"restore where keys{suffix} are in the way", run.err)
    os.unlink(os.path.join(w.folder, "in-the-way.keys" + suffix))
run = restore(w, "b1", target="name")
ok(run.returncode == 64, "restore to a name without .tenor", run.err)
run = restore(w, "b9", target="z.tenor")
ok(run.returncode == 66 and "there is no such backup" in run.err, "restore of nothing", run.err)
os.makedirs(os.path.join(w.folder, "foreign"))
open(os.path.join(w.folder, "foreign", "holiday.jpg"), "w").close()
run = restore(w, "foreign", target="z.tenor")
ok(run.returncode == 2 and "manifest" in run.err, "restore of a foreign folder", run.err)


def spoiled(name, wanted, spoil):
    shutil.copytree(os.path.join(w.folder, "b1"), os.path.join(w.folder, "spoiled"))
    spoil(os.path.join(w.folder, "spoiled"))
    run = restore(w, "spoiled", target="z.tenor")
    ok(run.returncode == 2 and not run.there and not run.left and re.search(wanted, run.err), f"restore: {name}", run.returncode, run.err, run.out, run.left)
    shutil.rmtree(os.path.join(w.folder, "spoiled"))
    for f in ("z.tenor", "z.keys"):
        if os.path.exists(os.path.join(w.folder, f)):
            os.unlink(os.path.join(w.folder, f))


def cut(folder, name):
    path = os.path.join(folder, name)
    os.truncate(path, os.path.getsize(path) - 1)


def flip_in(folder, name):
    path = os.path.join(folder, name)
    data = open(path, "rb").read()
    open(path, "wb").write(flip(data, rng.randrange(len(data))))


def remanifest(folder, change=None):
    """As someone would who alters the backup and its manifest."""
    m = json.load(open(os.path.join(folder, "manifest.json")))
    for f in m["files"]:
        data = open(os.path.join(folder, f["name"]), "rb").read()
        f["bytes"], f["sha256"] = len(data), hashlib.sha256(data).hexdigest()
    if change is not None:
        change(m)
    m["self"] = "0" * 64
    text = json.dumps(m, sort_keys=True, separators=(",", ":"))
    text = text.replace('"self":"' + m["self"], '"self":"' + hashlib.sha256(text.encode()).hexdigest())
    open(os.path.join(folder, "manifest.json"), "wb").write(text.encode())


def altered_date(folder):
    path = os.path.join(folder, "manifest.json")
    data = open(path, "rb").read()
    at = data.index(b'"made_at":"20') + len(b'"made_at":"20')
    open(path, "wb").write(flip(data, at))


def alter_entry(folder):
    path = os.path.join(folder, "data", "workspace.tenor")
    sql(path, ("UPDATE entry SET bytes = ?, leaf = ? WHERE place = ?", (edited, hashlib.sha256(b"\0" + edited).digest(), place(MIDDLE))))
    remanifest(folder)


for part in [f["name"] for f in manifest["files"]]:
    spoiled(f"{part.split('-')[0]} cut short", "is cut short", lambda folder: cut(folder, part))
    spoiled(f"{part.split('-')[0]} altered", "was altered after the backup was made", lambda folder: flip_in(folder, part))
    spoiled(f"{part.split('-')[0]} missing", "is missing from the backup", lambda folder: os.unlink(os.path.join(folder, part)))
spoiled("the manifest cut short", "is not the manifest of a backup", lambda folder: cut(folder, "manifest.json"))
spoiled("a digit of the manifest altered", "manifest.json: .*was altered after the backup was made", altered_date)
spoiled("no manifest", "is not the manifest of a backup", lambda folder: os.unlink(os.path.join(folder, "manifest.json")))
spoiled("a file more", "is not in the manifest", lambda folder: open(os.path.join(folder, "data", "more"), "w").close())
spoiled("of a newer form", "newer Tenor", lambda folder: remanifest(folder, lambda m: m.update(v=2)))
spoiled("of a newer schema", "newer Tenor", lambda folder: remanifest(folder, lambda m: m.update(schema=99)))
spoiled("another workspace than it says", "another workspace", lambda folder: remanifest(folder, lambda m: m.update(workspace="019d4d6b-be80-7022-941d-3061b86d56cf")))
spoiled("a promise it does not keep", "does not reach the checkpoint|do not give the root", lambda folder: remanifest(folder, lambda m: m["logs"][-1].update(root="00" * 32)))
spoiled("an entry altered together with the manifest", "do not lead to the checkpoint", alter_entry)

# --- older, forked: what a checkpoint that somebody kept shows (J17, R10) ---

old = w.copy("rollback")
for f in [f for f in os.listdir(old.folder) if f.startswith("back.")]:
    os.unlink(os.path.join(old.folder, f))
fork = old.copy("fork")
old.must("fact", "add", "outage.ended", "outage=o7", "--contract", "NW-2026", "--at", "2026-03-12T15:05:00Z")
fork.must("fact", "add", "outage.ended", "outage=o7", "--contract", "NW-2026", "--at", "2026-03-12T14:06:00Z")


def newest_note(world, name):
    path = os.path.join(world.folder, name)
    open(path, "w").write(rows(world.file, "SELECT note FROM checkpoint WHERE log = ? ORDER BY size DESC LIMIT 1", LOG)[0][0])
    return path


held = newest_note(old, "held.checkpoint")
first = os.path.join(w.folder, "first.checkpoint")
open(first, "w").write(some_note)
run = restore(old, "b1", "--at-least", first)
ok(run.returncode == 0, "restore --at-least: a checkpoint that the backup reaches", run.err)
run = restore(old, "b1", "--at-least", held, target="y.tenor")
ok(run.returncode == 2 and "the backup has only" in run.err and "--accept-loss" in run.err and not run.there, "restore: older than a checkpoint it is shown", run.err)
run = restore(old, "b1", "--at-least", held, "--accept-loss", target="y.tenor")
tail = [json.loads(r[0]) for r in rows(os.path.join(old.folder, "y.tenor"), "SELECT bytes FROM entry WHERE log = ? ORDER BY place DESC LIMIT 1", LOG)] if run.there else []
before_root = [l for l in manifest["logs"] if l["origin"].split("/")[-1] == rows(w.file, "SELECT lower(hex(uuid)) FROM log WHERE id = ?", LOG)[0][0] or l["size"] == ENGAGEMENT_SIZE]
ok(run.returncode == 0 and tail and tail[0]["kind"] == "restored" and tail[0]["body"]["size"] == ENGAGEMENT_SIZE and
   tail[0]["body"]["root"] in [l["root"] for l in manifest["logs"]], "restore --accept-loss: the log says that it was restored, and from where", run.err, tail)
ok(old.run("doctor", "--workspace", "y.tenor").returncode == 0, "doctor of that")
old.must("backup", "b2", "--workspace", "acme.tenor")
fork_note = newest_note(fork, "fork.checkpoint")
for accept in ([], ["--accept-loss"]):
    run = restore(old, "b2", "--at-least", fork_note, *accept, target="x.tenor")
    ok(run.returncode == 2 and "two histories" in run.err and not run.there, f"restore {' '.join(accept)}: a forked copy's checkpoint", run.err)
forged = os.path.join(w.folder, "forged.checkpoint")
lines = some_note.split("\n")
open(forged, "w").write("\n".join([lines[0], "99999"] + lines[2:]))
run = restore(old, "b1", "--at-least", forged, target="x.tenor")
ok(run.returncode == 2 and not run.there and forged in run.err, "restore --at-least: a forged checkpoint", run.err)
run = restore(old, "b1", "--at-least", os.path.join(ROOT, "README.md"), target="x.tenor")
ok(run.returncode in (2, 65) and not run.there, "restore --at-least: no checkpoint", run.err)

# --- erased since (J24): the register of the newest keys is replayed first ---

w = BASE.copy("register")
w.must("backup", "b1")
w.must("erase", "--person", "Ana Ruiz")
shutil.copy(w.keys, os.path.join(w.folder, "newest.saved"))
run = restore(w, "b1", "--keys", "newest.saved")
ok(run.returncode == 2 and "older than its keys" in run.err and not run.there, "restore: the keys know an erasure that the backup does not", run.err)
run = restore(w, "b1", "--keys", "newest.saved", "--accept-loss")
back = os.path.join(w.folder, "back.tenor")
ok(run.returncode == 0 and "erased again" in run.out and not rows(back, "SELECT 1 FROM slot WHERE subject = ?", subject), "restore replays the register", run.out, run.err)
kinds = [json.loads(r[0])["kind"] for r in rows(back, "SELECT bytes FROM entry WHERE log = ? ORDER BY place DESC LIMIT 2", LOG)]
ok(kinds == ["subject_erased", "restored"], "and says so in the log again", kinds)
data = open(back, "rb").read()
ok(rows(BASE.file, "SELECT cipher FROM slot WHERE subject = ?", subject)[0][0] not in data, "and leaves no sealed byte")
ok(w.run("doctor", "--workspace", "back.tenor").returncode == 0, "doctor of that")
w.must("backup", "b2", "--workspace", "acme.tenor")
run = restore(w, "b2", "--keys", old_keys, target="x.tenor")
ok(run.returncode == 2 and "older than the keys in the backup" in run.err, "restore: the keys given are older than the backup's", run.err)
shutil.rmtree(os.path.join(w.folder, "b2", "keys"))
run = restore(w, "b2", target="x.tenor")
ok(run.returncode == 2 and "is missing from the backup" in run.err, "restore: the keys were kept elsewhere", run.err)
run = restore(w, "b2", "--keys", "acme.keys", target="x.tenor")
ok(run.returncode == 0 and w.run("doctor", "--workspace", "x.tenor").returncode == 0, "and are given", run.err)


# --- backups while others write; each restores. R17's 40 are tests/faults/backups.py: here it is the other builds that are looked at ---

w = BASE.copy("load")
ROUNDS = 2
good = restored = 0
for n in range(ROUNDS):
    csv = os.path.join(w.folder, f"load{n}.csv")
    with open(csv, "w") as f:
        f.write("id,kind,occurred_at,recorded_at,party,ticket,service,priority,via,author,visibility,asks,cause,events,reason\n")
        for i in range(4000):
            f.write(f"l{n}-{i},ticket.logged,2026-03-{1 + i % 28:02d}T10:{i % 60:02d}:00-05:00,2026-03-{1 + i % 28:02d}T10:{i % 60:02d}:00-05:00,client,L{n}-{i},helpdesk,P3,person,,,,,,\n")
    other = w.start("import", csv, "--contract", "NW-2026", "--no-progress", "--workspace", "acme.tenor")
    time.sleep(rng.random() * 0.3)
    run = w.run("backup", f"l{n}", "--workspace", "acme.tenor")
    out, why = other.communicate()
    good += run.returncode == 0 and other.returncode == 0
    if run.returncode != 0 or other.returncode != 0:
        note(f"round {n}: backup {run.returncode} {run.err} {run.out}; import {other.returncode} {why.decode()}")
    run = restore(w, f"l{n}", target=f"r{n}.tenor")
    restored += run.returncode == 0 and w.run("doctor", "--workspace", f"r{n}.tenor").returncode == 0
    if run.returncode != 0:
        note(run.err)
ok(good == ROUNDS and restored == ROUNDS, f"{ROUNDS} backups while another process imports: all done, all restore", good, restored)
ok(w.run("doctor", "--workspace", "acme.tenor").returncode == 0 and w.run("rebuild", "--check", "--workspace", "acme.tenor").returncode == 0, "and the workspace is sound after it")


# --- what can be wrong with the files ---

def opening(name, wanted, spoil, *verb, status=(2, 66, 74)):
    x = BASE.copy("open-" + re.sub(r"\W+", "-", name))
    spoil(x)
    run = x.run(*(verb or ("client", "add", "n", "--name", "N")))
    ok(run.returncode in status and re.search(wanted, run.err) and run.err.count("\n") == 1, f"opening: {name}", run.returncode, run.err, run.out)
    subprocess.run(["chmod", "-R", "u+w", x.folder], check=False)
    shutil.rmtree(x.folder)


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


def foreign_sqlite(x):
    os.unlink(x.file)
    db = sqlite3.connect(x.file)
    db.execute("CREATE TABLE t (a)")
    db.commit()
    db.close()


OTHER = make("other")
opening("a file of a newer Tenor", "newer Tenor: schema 99", lambda x: sql(x.file, "PRAGMA user_version = 99"))
opening("a file that is none of ours", "is not a Tenor workspace", lambda x: write(x.file, b"hello" * 100))
opening("a file of SQLite that another program made", "is not a Tenor workspace; it is a file of SQLite that another program made", foreign_sqlite)
opening("an empty file", "is empty", lambda x: write(x.file, b""))
opening("a truncated file", "is truncated", lambda x: os.truncate(x.file, os.path.getsize(x.file) // 2))
opening("a file of keys for a workspace", "file of keys", lambda x: shutil.copy(x.keys, x.file))
opening("no keys beside it", "acme.keys", lambda x: os.unlink(x.keys))
opening("no key for the keys", "key-encryption key", lambda x: os.unlink(x.kek()))
opening("a key for other keys", "is not the key-encryption key of", lambda x: shutil.copy(OTHER.kek(), x.kek()))
opening("keys of another workspace", "is not the key-encryption key of", lambda x: shutil.copy(OTHER.keys, x.keys))
opening("keys of another workspace and their key", "holds the keys of another workspace", lambda x: (shutil.copy(OTHER.keys, x.keys), shutil.copy(OTHER.kek(), x.kek())))
opening("a key that others can read", "can be read by others", lambda x: os.chmod(x.kek(), 0o644))
opening("no workspace at all", "there is no workspace", lambda x: os.unlink(x.file), status=(64,))


def held_by_another(x):
    db = sqlite3.connect(x.file, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    x.held = db


began = time.time()
opening("a file that another process writes to", "being written by another process", held_by_another)
ok(4 < time.time() - began < 60, "opening: it waited for the other first")
if os.geteuid() != 0:
    opening("a file that may only be read", "cannot be written", lambda x: os.chmod(x.file, 0o400))
    opening("a folder that may only be read", "cannot be written", lambda x: os.chmod(x.folder, 0o500))
else:
    skip("opening: a file that may only be read", "the superuser may write everything")

subprocess.run(["chmod", "-R", "u+w", TEMP], check=False)
shutil.rmtree(TEMP, ignore_errors=True)
done()
