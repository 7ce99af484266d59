#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One failing call gives an error, not damage (trust.md V3, R3 to R5): each verb runs with the N-th call of a class failing, once and
from there on, N = 1, 2, ... until a run made fewer calls. Good is: a documented status with a message, no crash, no answer that was not
earned, no half-written file, a workspace that doctor and other code find whole, and a next attempt that succeeds.

  TENOR          the program; built without ASan, since malloc fails too (TENOR_KIND with asan in it: malloc is left out)
  TENOR_SEED     the seed that picks which N of a class with many calls
  TENOR_FAULTS   how many N of each class and verb at most; 0: every one
  TENOR_VERBS    how many verbs, picked by the seed; 0: every one
  TENOR_ONLY     verbs or classes to run, apart by blanks"""

import concurrent.futures
import errno
import itertools
import os
import random
import re
import shutil
import sqlite3
import sys
import time

from bed import (CONTRACT, EXAMPLES, MONTH, SANITIZED, SEED, SHORT_STATUSES, copy, crashed, doctor, fresh, judged, must, outage_lines, preload, rows,
                 run, workplace, wrong)
from program import done, note

E = errno
CLASSES = {
    "read": [E.EIO, 0, E.EINTR],
    "write": [E.EIO, E.ENOSPC, E.EDQUOT, 0, E.EINTR],
    "sync": [E.EIO, E.ENOSPC],
    # SQLite does not ask whether its own syncs of a directory succeed; the log's name is there since the workspace was made
    "syncdir": [E.EIO],
    "truncate": [E.EIO],
    "open": [E.EMFILE, E.EIO, E.ENOMEM, E.EACCES],
    "name": [E.EIO, E.ENOSPC, E.EACCES],
    "mmap": [E.ENOMEM],
    "random": [E.EIO, 0],
    "malloc": [E.ENOMEM],
    "space": [E.ENOSPC],
}
IN = ["--contract", CONTRACT]
CARE = ["--contract", "NW-CARE"]
LIMIT = int(os.environ.get("TENOR_FAULTS") or 16)
ONLY = os.environ.get("TENOR_ONLY", "").split()
MOST_VERBS = int(os.environ.get("TENOR_VERBS") or 0)


class Verb:
    """again: statuses of the next attempt besides 0, with words its message must have: the first attempt's work may be there already."""

    def __init__(self, name, stage, *args, again=None, makes=None, writes=True, few=False):
        self.name, self.stage, self.args, self.again, self.makes, self.writes = name, stage, args, again, makes, writes
        # what it does for itself comes late, after what the verbs above do as well: two late N of each class are enough
        self.few = few


VERBS = [
    Verb("init", "bare", "init", "acme.tenor", "--provider", "Acme IT", again="exists|there"),
    Verb("client add", "init", "client", "add", "northwind", "--name", "Northwind", again="there"),
    Verb("user add", "init", "user", "add", "desk", "--role", "service-desk", again="there"),
    Verb("user invite", "facts", "user", "invite", "manager"),
    Verb("user role", "facts", "user", "role", "manager", "--role", "service-desk"),
    Verb("user reset", "facts", "user", "reset", "manager"),
    Verb("user link", "facts", "user", "link", "manager"),
    Verb("user disable", "facts", "user", "disable", "manager", again="nobody active"),
    Verb("token add", "facts", "token", "add", "probes", "--right", "USAGE_WRITE"),
    Verb("token list", "token", "token", "list", writes=False),
    Verb("token revoke", "token", "token", "revoke", "{token}", again="no token"),
    Verb("sessions", "token", "sessions", writes=False),
    Verb("sessions end", "token", "sessions", "end", "--everybody"),
    Verb("contract add", "client", "contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind", again="there|amends"),
    Verb("import", "contract", "import", *IN, "new.jsonl", "words.jsonl", "--person", "Ana"),
    Verb("import again", "facts", "import", *IN, "new.jsonl", "words.jsonl", "--person", "Ana"),
    Verb("fact add", "facts", "fact", "add", "outage.began", "outage=o90", "assets=records", "severity=down", *IN, "--at", "2026-03-20T14:05Z"),
    Verb("fact correct", "facts", "fact", "correct", "o1-began", "severity=degraded", *IN),
    Verb("fact approve", "pending", "fact", "approve", "{correction}", *IN, "--as", "manager", again="approved"),
    Verb("statement", "facts", "statement", *IN, "--month", MONTH, writes=False),
    Verb("statement --issue", "facts", "statement", *IN, "--month", MONTH, "--issue", "-o", "s.html", makes="s.html"),
    Verb("today", "issued", "today", writes=False),
    Verb("deadlines", "issued", "deadlines", "--format", "ics", writes=False),
    Verb("ticket list", "issued", "ticket", "list", *IN, "--state", "all", writes=False),
    Verb("ticket show", "issued", "ticket", "show", "T-114", *IN, "--json", writes=False),
    Verb("availability", "issued", "availability", *IN, "--month", MONTH, writes=False),
    Verb("contract show", "issued", "contract", "show", *IN, writes=False),
    Verb("log checkpoint", "pending", "log", "checkpoint", *IN),
    Verb("export bundle", "issued", "export", "bundle", *IN, "--month", MONTH, "-o", "m.tnb", makes="m.tnb"),
    Verb("verify", "bundled", "verify", "month.tnb", "--trust-bundle-keys", writes=False),
    Verb("backup", "issued", "backup", "saved", makes="saved", again="is there already"),
    Verb("restore", "bundled", "restore", "kept", "--workspace", "other.tenor", again="is there already"),
    Verb("rebuild", "issued", "rebuild"),
    Verb("erase", "issued", "erase", "--person", "Ana", again="the name went with it"),
    Verb("doctor", "issued", "doctor", writes=False),
    Verb("clock accept", "behind", "clock", "accept", again="nothing to accept"),
    Verb("invoice run --all", "care", "invoice", "run", "--all", "--on", "2026-04-01", few=True),
    Verb("pay", "billed", "pay", *CARE, "100.00", "--date", "2026-04-10", "--id", "bank-1", few=True),
    Verb("bank import", "billed", "bank", "import", "bank.csv", few=True),
    Verb("credit-note", "billed", "credit-note", "--invoice", "INV-2026-00001", "--line", "2", "--amount", "10.00", "--reason", "goodwill",
         again="already credited|exceeds", few=True),
    Verb("dispute-line", "billed", "dispute-line", "INV-2026-00001", "2", "--amount", "10.00", "--reason", "double", "--date", "2026-04-02",
         "--as", "alice", few=True),
    Verb("dunning run", "billed", "dunning", "run", *CARE, few=True),
]
FILES = {"bank.csv": "id,value_date,amount,currency,reference\nB-1,2026-04-10,1.00,USD,INV-2026-00001\n"}


# --- stages ---


def stages(top):
    """Folders, each one step on from the last."""
    rng = random.Random(SEED)
    at = {"bare": fresh(os.path.join(top, "bare"))}
    for name, words in (("new", False), ("words", True)):
        lines, _ = outage_lines(rng, 8, words)
        with open(os.path.join(at["bare"], name + ".jsonl"), "w", encoding="utf-8") as f:
            f.write(lines)

    def step(name, before, *commands):
        at[name] = copy(at[before], os.path.join(top, name))
        return [must(at[name], *c) for c in commands]

    for verb, after in (("init", "init"), ("client add", "client"), ("contract add", "contract")):
        v = next(v for v in VERBS if v.name == verb)
        step(after, v.stage, v.args)
    files = [os.path.join(EXAMPLES, n) for n in ("northwind-tickets.csv", "northwind-outages.jsonl", "northwind-maintenance.ics")]
    step("facts", "contract", ["import", *IN, *files], ["import", *IN, "new.jsonl", "words.jsonl", "--person", "Ana"],
         ["user", "add", "manager", "--role", "contract-manager"])
    step("pending", "facts", ["fact", "correct", "o1-began", *IN, "--at", "2026-03-12T14:20Z"])
    step("token", "facts", ["token", "add", "probes", "--right", "USAGE_WRITE"])
    token = rows(os.path.join(at["token"], "acme.tenor"), "SELECT id FROM token")[0][0]
    correction = rows(os.path.join(at["pending"], "acme.tenor"), "SELECT hex(e.id) FROM entry e JOIN log l ON l.id = e.log WHERE l.kind = 0 ORDER BY place DESC LIMIT 1")[0][0].lower()
    for v in VERBS:
        v.args = [a.replace("{token}", token).replace("{correction}", "-".join((correction[:8], correction[8:12], correction[12:16], correction[16:20], correction[20:]))) for a in v.args]
    if any(wanted(v.name) for v in VERBS if v.stage in ("care", "billed")):
        for name, lines in FILES.items():
            with open(os.path.join(at["client"], name), "w", encoding="utf-8") as f:
                f.write(lines)
        step("care", "client", ["contract", "add", os.path.join(EXAMPLES, "clinic-year.yaml"), "--client", "northwind"],
             ["import", *CARE, os.path.join(EXAMPLES, "clinic-year.jsonl")], ["user", "add", "alice", "--role", "signer", *CARE],
             ["invoice", "release", *CARE, "--on", "2026-04-01", "--reason", "first_run"])
        step("billed", "care", ["invoice", "run", *CARE, "--on", "2026-04-01"],
             ["dispute-line", "INV-2026-00001", "1", "--amount", "50.00", "--reason", "double", "--date", "2026-04-02", "--as", "alice"])
    step("issued", "pending", ["statement", *IN, "--month", MONTH, "--issue"])
    step("behind", "issued")
    db = sqlite3.connect(os.path.join(at["behind"], "acme.tenor"))
    with db:
        db.execute("UPDATE clock SET highest = highest + 2 * 86400000")
    db.close()
    if wanted("verify") or wanted("restore"):
        step("bundled", "issued", ["export", "bundle", *IN, "--month", MONTH, "-o", "month.tnb"], ["backup", "kept"])
    return at


def wanted(name):
    verbs = [w for w in ONLY if w not in CLASSES]
    return not verbs or any(w in name.split() or w == name for w in verbs)


# --- one run ---


def sizes(folder):
    """Entries of each log, of all workspaces in the folder."""
    found = {}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name.endswith(".tenor") and os.path.getsize(path) > 0:
            try:
                found.update({(name, log): n for log, n in rows(path, "SELECT id, size FROM log")})
            except Exception as why:  # the file is there and no workspace: the caller decides whether that may be
                found[(name, 0)] = str(why)
    return found


class Fault:
    def __init__(self, library, kind, n, number, onward):
        self.kind, self.n, self.number, self.onward = kind, n, number, onward
        self.environment = {"LD_PRELOAD": library, "TENOR_FAULT_CLASS": kind, "TENOR_FAULT_N": str(n), "TENOR_FAULT_ERRNO": str(number),
                            "TENOR_FAULT_ONWARD": "1" if onward else "0"}

    def __str__(self):
        return f"{self.kind} {self.n}{' on' if self.onward else ''} {E.errorcode.get(self.number, 'short')}"


def attempt(verb, stage, folder, fault, whole):
    """(was it hit, what is not good as lines)"""
    copy(stage, folder)
    hit = os.path.join(folder, "hit")
    before = sizes(folder)
    first = run(folder, *verb.args, extra={**fault.environment, "TENOR_FAULT_HIT": hit})
    was_hit = os.path.exists(hit)
    bad = judge(verb, folder, fault, first, was_hit, before, whole)
    if not bad and was_hit:
        bad = judge_after(verb, folder, first)
    words = [f"{verb.name}, {fault}: {b}" for b in bad]
    if words:
        words.append(f"  status {first.returncode}: {first.err.strip()[:300]}")
    shutil.rmtree(folder)
    return was_hit, first.returncode, words


def judge(verb, folder, fault, first, was_hit, before, whole):
    bad = []
    if crashed(first):
        return ["crashed"]
    if not was_hit:
        return [] if first.returncode == 0 else ["fails without a failing call"]
    after = sizes(folder)
    if first.returncode == 0 and verb.writes and after != whole:
        bad.append(f"says it is done, but entries are {after}, not {whole}")
    if first.returncode != 0 and any(n > whole.get(k, 0) for k, n in after.items() if isinstance(n, int)):
        bad.append(f"entries are {after}, more than {whole}")
    if any(after.get(k, -1) < n for k, n in before.items()):
        bad.append(f"entries are {after}, fewer than {before}")
    if first.returncode != 0 and not re.search(r"\S", first.err + first.out) and not (fault.kind in ("write", "space")):
        bad.append("fails without a word")
    if first.returncode == 74 and first.out and fault.kind not in ("write", "space"):
        bad.append(f"answers although it fails: {first.out[:100]}")
    # of a backup it is the copy that failed, and that is said (D4)
    if fault.kind == "sync" and first.returncode != 74 and not (verb.name == "backup" and first.returncode == 1 and ".failed" in first.err):
        bad.append("a failed sync, and the status is not 74 (D3)")
    # a backup has its name when it is proved; that the disk fails after it takes nothing from it
    proved = verb.name == "backup" and "when the files were closed" in first.err
    # without memory the program ends on the spot, as if it were killed: what was done before is done, and nothing is cleared away
    ended = first.returncode == 65 and "no memory is left" in first.err
    if verb.makes and first.returncode != 0 and verb.makes in os.listdir(folder) and not proved:
        bad += half_of(verb, folder) if ended else [f"'{verb.makes}' is there although it fails"]
    left = [n for n in os.listdir(folder) if ".part" in n or ".tmp" in n or ".new" in n]
    if left and not ended:
        bad.append(f"left behind: {left}")
    return bad


def half_of(verb, folder):
    """Is what bears the name the whole of it?"""
    path = os.path.join(folder, verb.makes)
    if os.path.isdir(path):
        tried = run(folder, "restore", verb.makes, "--workspace", "tried.tenor")
        for name in [n for n in os.listdir(folder) if n.startswith("tried.")]:
            os.unlink(os.path.join(folder, name))
        return [f"half a backup: {tried.returncode}: {tried.err}"] if tried.returncode else []
    if verb.makes.endswith(".tnb"):
        checked = run(folder, "verify", verb.makes, "--trust-bundle-keys")
        return [f"half a bundle: {checked.out}{checked.err}"] if checked.returncode else []
    with open(path, "rb") as f:
        return [] if f.read().rstrip().endswith(b"</html>") else [f"half of '{verb.makes}'"]


def judge_after(verb, folder, first):
    if first.returncode != 0 and verb.name == "init":
        half = half_made(folder)
        if half is not None:
            return half
    if first.returncode != 0:
        second = run(folder, *verb.args)
        already = verb.again is not None and second.returncode in SHORT_STATUSES and re.search(verb.again, second.err)
        if second.returncode != 0 and not already:
            return [f"the next attempt: {second.returncode}: {second.err.strip()[:300]}"]
    if verb.makes and not os.path.exists(os.path.join(folder, verb.makes)):
        return [f"'{verb.makes}' is missing"]
    if verb.makes and verb.makes.endswith(".tnb"):
        checked = run(folder, "verify", verb.makes, "--trust-bundle-keys")
        if checked.returncode != 0:
            return [f"the bundle: {checked.out}{checked.err}"]
    return doctor_of(folder)


def half_made(folder):
    """A workspace that init could not finish: it must say so itself, with what to do; that is done, and then init must succeed."""
    if "acme.tenor" not in os.listdir(folder):
        return None
    found = run(folder, "doctor")
    if found.returncode == 0:
        return None
    if "interrupted" not in found.err or "remove it and make it again" not in found.err:
        return [f"half a workspace that does not say so: {found.returncode} {found.err}"]
    for name in os.listdir(folder):
        if name.startswith("acme."):
            os.unlink(os.path.join(folder, name))
    must_again = run(folder, *VERBS[0].args)
    return [f"init after removing half a workspace: {must_again.err}"] if must_again.returncode else doctor_of(folder)


def doctor_of(folder):
    bad = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".tenor"):
            bad += wrong(os.path.join(folder, name))
            found = doctor(folder, "--workspace", name)
            bad += [found] if found else []
    return bad


# --- all runs of a verb ---


def plan(verb, library, stage, folder):
    """Which faults: calls counted by a run without one."""
    rng = random.Random(f"{SEED}/{verb.name}")
    for kind, numbers in CLASSES.items():
        classes = [w for w in ONLY if w in CLASSES]
        if (kind == "malloc" and SANITIZED) or (classes and kind not in classes):
            continue
        calls = os.path.join(folder, "calls")
        copy(stage, folder)
        fault = Fault(library, kind, 1 << 40, 0, False)
        must(folder, *verb.args, extra={**fault.environment, "TENOR_FAULT_CALLS": calls})
        with open(calls, encoding="ascii") as f:
            n = int(f.read())
        if kind == "space":
            n = 200000
        shutil.rmtree(folder)
        every = range(1, n + 1)
        if LIMIT and n > LIMIT:
            # the first ones, the last ones, after which a name stands already, and some between
            edge = max(LIMIT // 4, 1)
            every = sorted({*range(1, edge + 1), *range(n - edge + 1, n + 1), *rng.sample(every, max(LIMIT - 2 * edge, 1))})
        if kind == "space":
            every = sorted(rng.sample(range(1, n), LIMIT or 400))
        if LIMIT and verb.few:
            every = sorted({rng.randint(max(n * 3 // 4, 1), n) for _ in range(2)}) if n > 0 else []
        start = rng.randrange(len(numbers))
        for i, at in enumerate([*every, *([n + 1] if kind != "space" and not verb.few else [])]):
            for onward in ([True] if kind == "space" else [False, True]):
                number = numbers[(start + i + onward) % len(numbers)]
                # a call that is interrupted, or does half, for ever, is no failure that a machine has
                yield Fault(library, kind, at, number, onward and number not in (0, E.EINTR))


def main():
    top = workplace()
    chosen = [v for v in VERBS if wanted(v.name)]
    if MOST_VERBS:
        chosen = random.Random(f"{SEED}/verbs").sample(chosen, min(MOST_VERBS, len(chosen)))
    note(f"seed {SEED}, {len(chosen)} verbs, at most {LIMIT or 'all'} N of each class and verb, in {top}")
    began, runs, hits = time.monotonic(), 0, 0
    try:
        library = preload(top)
        at = stages(top)
        number = itertools.count()
        with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("TENOR_WORKERS") or min(4, (os.cpu_count() or 1) + 1))) as pool:
            for verb in chosen:
                whole_folder = copy(at[verb.stage], os.path.join(top, "whole"))
                must(whole_folder, *verb.args)
                whole = sizes(whole_folder)
                shutil.rmtree(whole_folder)
                faults = list(plan(verb, library, at[verb.stage], os.path.join(top, "count")))
                results = list(pool.map(lambda f: attempt(verb, at[verb.stage], os.path.join(top, f"run{next(number)}"), f, whole), faults))
                words = [w for _, _, found in results for w in found]
                n = sum(hit for hit, _, _ in results)
                runs, hits = runs + len(results), hits + n
                judged(not words and n > 0, f"{verb.name}: {len(results)} runs, {n} calls failed, statuses "
                       + " ".join(f"{s}:{sum(hit and r == s for hit, r, _ in results)}" for s in sorted({r for hit, r, _ in results if hit})), *words)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    note(f"{runs} runs, {hits} with a failed call, {time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


if __name__ == "__main__":
    sys.exit(main())
