#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden files: tests/golden/NAME/ has `command` (one line, arguments after `tenor`), the expected standard output, and, if not
0, `status`; `notes` is what standard error says. TENOR_UPDATE=1 rewrites them: read the difference before you commit it."""

import difflib
import glob
import os
import shlex

from program import crashed, done, ok, tenor


def read(path, otherwise=""):
    if not os.path.exists(path):
        return otherwise
    with open(path, encoding="utf-8") as f:
        return f.read()


def update(folder, run):
    for name, text in [("expected", run.out), ("notes", run.err), ("status", f"{run.returncode}\n")]:
        path = os.path.join(folder, name)
        if (name == "notes" and not text) or (name == "status" and run.returncode == 0):
            if os.path.exists(path):
                os.remove(path)
            continue
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)


def different(got, want):
    return "\n".join(list(difflib.unified_diff(want.splitlines(), got.splitlines(), "expected", "got", lineterm=""))[:60])


for folder in sorted(glob.glob("tests/golden/*/")):
    name = os.path.basename(folder.rstrip("/"))
    if not os.path.exists(folder + "command"):
        continue
    run = tenor(*shlex.split(read(folder + "command")))
    if os.environ.get("TENOR_UPDATE"):
        update(folder, run)
    ok(run.out == read(folder + "expected"), f"{name}: output", different(run.out, read(folder + "expected")))
    ok(run.err == read(folder + "notes"), f"{name}: notes", different(run.err, read(folder + "notes")))
    ok(run.returncode == int(read(folder + "status", "0")), f"{name}: status", run.returncode)
    ok(not crashed(run), f"{name}: ends in order", run.err)
done()
