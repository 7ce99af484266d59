#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The record, told in steps: tests/record/NAME.steps has one command a line, each at an instant; NAME.transcript is what the program
says. Commands run in a folder of their own with the examples beside them, in a world whose clock and random bytes the test sets, so
that ids, hashes and roots are the same everywhere. TENOR_UPDATE=1 rewrites transcripts: read the difference before you commit it.

A step is `@2026-04-01T06:00:00Z arguments after tenor`. `| name` at its end keeps the word `id` of a JSON answer as $name for later
steps; `> head N` shows only the first N lines, `> grep WORD` those that have the word. A line that begins with # is a comment and is printed."""

import difflib
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile

from program import ROOT, TENOR, crashed, done, ok

WORLD = os.environ.get("TENOR_WORLD") or os.path.join(os.path.dirname(TENOR), "tenor-world")


def run(folder, now, words):
    env = {"PATH": os.environ["PATH"], "TENOR_TEST_NOW": now, "TENOR_TEST_SEED": "record", "TENOR_TEST_SETTINGS": "settings",
           "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    got = subprocess.run([WORLD, *words], cwd=folder, env=env, capture_output=True, timeout=600)
    got.out = got.stdout.decode("utf-8", "replace")
    got.err = got.stderr.decode("utf-8", "replace")
    return got


def transcript(steps):
    """Every step's command, output, notes and status as one text, and the runs that crashed."""
    text, names, bad = [], {}, []
    with tempfile.TemporaryDirectory() as folder:
        for path in glob.glob("contracts/examples/*") + glob.glob("tests/record/*.yaml") + glob.glob("tests/record/*.jsonl"):
            shutil.copy(path, folder)
        for line in steps.splitlines():
            if not line or line.startswith("#"):
                text.append(line)
                continue
            now, command = line[1:].split(" ", 1)
            keep = re.search(r" \| (\w+)$", command)
            head = re.search(r" > head (\d+)$", command)
            grep = re.search(r" > grep (\S+)$", command)
            command = re.sub(r" (\| \w+|> head \d+|> grep \S+)$", "", command)
            words = [re.sub(r"\$(\w+)", lambda m: names.get(m.group(1), m.group(0)), w) for w in shlex.split(command)]
            got = run(folder, now, words)
            if crashed(got):
                bad.append(line)
            out = got.out
            if keep and got.returncode == 0:
                names[keep.group(1)] = json.loads(out)["id"]
            if head:
                out = "".join(out.splitlines(True)[:int(head.group(1))])
            if grep:
                out = "".join(l for l in out.splitlines(True) if grep.group(1) in l)
            text.append(f"{now}$ tenor {command}")
            text.extend((out + got.err).rstrip("\n").split("\n") if out + got.err else [])
            if got.returncode != 0:
                text.append(f"[{got.returncode}]")
            text.append("")
    return "\n".join(text).rstrip("\n") + "\n", bad


for path in sorted(glob.glob("tests/record/*.steps")):
    name = os.path.basename(path)[:-len(".steps")]
    with open(path, encoding="utf-8") as f:
        got, bad = transcript(f.read())
    want_path = path[:-len(".steps")] + ".transcript"
    if os.environ.get("TENOR_UPDATE"):
        with open(want_path, "w", encoding="utf-8") as f:
            f.write(got)
    with open(want_path, encoding="utf-8") as f:
        want = f.read()
    ok(got == want, f"{name}: transcript", "\n".join(list(difflib.unified_diff(want.splitlines(), got.splitlines(), "expected", "got", lineterm=""))[:80]))
    ok(not bad, f"{name}: every step ends in order", "\n".join(bad))
done()
