#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The sample unit of systemd (contrib/tenor.service): systemd reads all of it, calls what it leaves open little, and the command it starts is one that tenor
has, with options that it takes. What the jail does inside is test_http_life.py's.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from program import TENOR, done, ok, skip, tenor

UNIT = "contrib/tenor.service"
# of ten, by systemd's own count: 252 says 1.4
MOST_EXPOSED = 15


def analyze(*args):
    run = subprocess.run(["systemd-analyze", *args], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout + run.stderr


def main():
    with open(UNIT, encoding="utf-8") as f:
        text = f.read()
    command = re.search(r"^ExecStart=(\S+) (.*)$", text, re.M)
    ok(command.group(1) == "/usr/bin/tenor", "it starts the program where it is installed", command.group(0))
    known = set(re.findall(r"--[a-z-]+", tenor("help", "serve").stdout.decode()))
    given = re.findall(r"--[a-z-]+", command.group(2))
    ok(command.group(2).startswith("serve ") and len(given) == 4 and set(given) <= known, "by options that tenor serve has", given)
    ok("RestartPreventExitStatus=64 74" in text, "a failed write and a wrong call are not started again")
    if shutil.which("systemd-analyze") is None:
        skip("systemd reads the unit", "systemd-analyze is not installed")
        done()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tenor.service")
        with open(path, "w", encoding="utf-8") as f:
            # what is not on every machine: the program at that place, its manual
            f.write(re.sub(r"^Documentation=.*\n", "", text, flags=re.M).replace("/usr/bin/tenor", os.path.abspath(TENOR)))
        status, said = analyze("verify", path)
        ok(status == 0 and "tenor.service" not in said, "systemd knows every line of it", said)
        status, said = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", path)
        ok(status == 0, f"and counts at most {MOST_EXPOSED / 10} of 10 for what it leaves open", said[-400:])
        with open(path, "a", encoding="utf-8") as f:
            f.write("[Service]\nNoSuchLine=yes\n")
        status, said = analyze("verify", path)
        ok("NoSuchLine" in said, "a line that it does not know would be told", said)
    done()


main()
