# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: a folder of workspaces in stages, the program run in them, and a reader of a workspace that is none of
the program's code: indexes, leaf hashes, roots and heads, worked out again with the standard library (trust.md J7, J8, R1)."""

import hashlib
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "program"))
from program import ROOT, SANITIZED, TENOR, ok  # noqa: E402

EXAMPLES = os.path.join(ROOT, "contracts", "examples")
CONTRACT = "NW-2026"
MONTH = "2026-03"
# what "EXIT STATUS" of the help names
STATUSES = {0, 1, 2, 64, 65, 66, 74}
# of a verb that finds its work done already
SHORT_STATUSES = {2, 64, 66, 74}
SEED = int(os.environ.get("TENOR_SEED") or random.SystemRandom().randrange(1 << 32))


def workplace():
    """A temporary folder, in memory where there is room for it: kills and failing calls lose nothing that a disk would have kept."""
    base = "/dev/shm" if not os.environ.get("TENOR_FAULTS_DIR") and os.access("/dev/shm", os.W_OK) else os.environ.get("TENOR_FAULTS_DIR")
    return tempfile.mkdtemp(prefix="tenor-faults-", dir=base)


def own_mounts():
    """Can a mount namespace of one's own be had here?"""
    return subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode == 0


def with_own_mounts(script, top):
    """The script again, within such a namespace, with `top` as its argument and the same seed; its status."""
    return subprocess.run(["unshare", "-rm", sys.executable, os.path.abspath(script), top], env={**os.environ, "TENOR_SEED": str(SEED)},
                          check=False).returncode


def judged(passed, name, *words):
    """ok, and the seed and the first reasons on standard error, which prove shows: one line of a cut report is enough to repeat it."""
    ok(passed, name, f"TENOR_SEED={SEED}", *words)
    if not passed:
        for word in [str(w) for w in words][:3] or ["no reason was given"]:
            print(f"# {os.path.basename(sys.argv[0])}: TENOR_SEED={SEED}: {' / '.join(word.split(chr(10)))[:600]}", file=sys.stderr, flush=True)


def environment(folder, extra=None):
    """HOME lies beside the workspace, so that each copy of a folder has its own key and trust."""
    return {"HOME": os.path.join(folder, "home"), "PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC", **(extra or {})}


def run(folder, *args, extra=None, timeout=120, program=None):
    done = subprocess.run([program or TENOR, *args], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                          env=environment(folder, extra))
    done.out = done.stdout.decode("utf-8", "replace")
    done.err = done.stderr.decode("utf-8", "replace")
    return done


def must(folder, *args, status=0, **more):
    done = run(folder, *args, **more)
    if done.returncode != status:
        raise SystemExit(f"Bail out! tenor {' '.join(args)}: {done.returncode}\n{done.err}{done.out}")
    return done


def crashed(done):
    """A signal, an assert, a sanitizer, or a status that nobody documented."""
    return done.returncode not in STATUSES or "Sanitizer" in done.err or "runtime error" in done.err or "Assertion" in done.err


def fresh(path):
    os.makedirs(os.path.join(path, "home"))
    return path


def copy(source, target):
    shutil.copytree(source, target, symlinks=True)
    return target


def uuid7(rng, ms):
    n = (ms << 80) | (7 << 76) | (rng.getrandbits(12) << 64) | (2 << 62) | rng.getrandbits(62)
    h = f"{n:032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def outage_lines(rng, n, words=False):
    """n facts of short outages in March, and their ids."""
    lines, ids = [], []
    for _ in range(n):
        at = 1772348400000 + rng.randrange(30 * 86400) * 1000
        ident, name = uuid7(rng, at), f"o{rng.getrandbits(48):x}"
        fact = {"id": ident, "kind": "outage.began", "occurred_at": instant(at), "party": "monitor", "outage": name, "assets": ["records"],
                "severity": "degraded"}
        if words:
            fact = {"id": ident, "kind": "ticket.waiting_client", "occurred_at": instant(at), "party": "provider", "ticket": name,
                    "reason": f"letter {rng.getrandbits(32)}"}
        lines.append(json.dumps(fact))
        ids.append(ident)
    return "\n".join(lines) + "\n", ids


def instant(ms):
    import datetime
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def preload(top, sanitized=SANITIZED):
    """Builds the library that lets calls fail; its path."""
    library = os.path.join(top, "faults.so")
    subprocess.run(["cc", "-std=gnu17", "-O1", "-shared", "-fPIC", "-fno-builtin", *([] if sanitized else ["-DFAULT_MALLOC"]), "-o", library,
                    os.path.join(ROOT, "tests", "faults", "preload.c"), "-ldl"], check=True)
    return library


# --- a workspace read by other code ---


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Roots:
    """Roots while leaves come in: full subtrees by height, as a counter in base 2."""

    def __init__(self):
        self.subtrees, self.size = [], 0

    def add(self, leaf):
        n, self.size = self.size, self.size + 1
        while n & 1:
            leaf = node(self.subtrees.pop(), leaf)
            n >>= 1
        self.subtrees.append(leaf)

    def root(self):
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        root = self.subtrees[-1]
        for left in self.subtrees[-2::-1]:
            root = node(left, root)
        return root


def rows(path, sql, *values):
    db = sqlite3.connect(path, timeout=20)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def entries(path, contract=CONTRACT):
    """Bytes of the engagement's entries, in order."""
    return [r[0] for r in rows(path, "SELECT e.bytes FROM entry e JOIN log l ON l.id = e.log WHERE l.contract = ? ORDER BY e.place", contract)]


def ids_of(path, contract=CONTRACT):
    return [json.loads(b)["id"] for b in entries(path, contract)]


def wrong(path, followed=None):
    """What does not fit in a workspace, as lines; empty: every index once, every leaf, root, head and note as computed here. followed: a
    dictionary that keeps how far each log was read, so that the next look reads what came since; it keeps the ids of the facts, too."""
    problems = []
    db = sqlite3.connect(path, timeout=20)
    try:
        db.execute("BEGIN")  # one picture, while others write
        logs = db.execute("SELECT id, uuid, kind, origin, size, edge, frozen FROM log ORDER BY id").fetchall()
        if followed is None:
            problems += [f"integrity: {r[0]}" for r in db.execute("PRAGMA quick_check") if r[0] != "ok"]
            followed = {}
        for log, uuid, _, origin, size, edge, frozen in logs:
            roots, ids = followed.setdefault(log, (Roots(), []))
            notes = {s: (root, note) for s, root, note in db.execute("SELECT size, root, note FROM checkpoint WHERE log = ? AND size > ?", (log, roots.size))}
            for place, leaf, data in db.execute("SELECT place, leaf, bytes FROM entry WHERE log = ? AND place >= ? ORDER BY place", (log, (log << 40) + roots.size)):
                if place != (log << 40) + roots.size:
                    problems.append(f"log {log}: entry {place - (log << 40)} stands where {roots.size} belongs")
                if hashlib.sha256(b"\0" + data).digest() != leaf:
                    problems.append(f"log {log}: leaf of entry {roots.size}")
                entry = json.loads(data)
                if entry["log"].replace("-", "") != uuid.hex():
                    problems.append(f"log {log}: entry {roots.size} is of another log")
                ids.append(entry["id"])
                roots.add(leaf)
                problems += wrong_note(log, origin, roots, notes.pop(roots.size, None))
            if frozen:
                problems.append(f"log {log}: frozen: {frozen}")
            if roots.size != size or b"".join(roots.subtrees) != edge:
                problems.append(f"log {log}: the head is of {size} entries, {roots.size} are there, or the edge differs")
            if notes:
                problems.append(f"log {log}: signed beyond its end: {sorted(notes)}")
    except sqlite3.Error as why:
        problems.append(f"{os.path.basename(path)} is no workspace: {why}")
    finally:
        db.close()
    return problems


def wrong_note(log, origin, roots, stored):
    import base64

    if stored is None:
        return []
    root, note = stored
    lines = note.split("\n")
    told = [origin, str(roots.size), base64.b64encode(roots.root()).decode()]
    if root != roots.root() or lines[:3] != told or not any(re.match("\u2014 " + re.escape(origin) + " ", line) for line in lines[3:]):
        return [f"log {log}: the checkpoint of size {roots.size} is not what its entries make"]
    return []


def doctor(folder, *args):
    """What doctor finds: an empty text, or what it says."""
    done = run(folder, "doctor", *args)
    return "" if done.returncode == 0 and not crashed(done) else f"doctor {done.returncode}: {done.out}{done.err}"
