#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is shipped is hardened (trust.md R23): the release program is loaded anywhere, its tables are read-only once it runs, no page is
written and run, calls that know their buffer's size check it, frames have canaries, indirect jumps land on marks, and it looks for
libraries nowhere but in the system. What each process is refused is asked of the real server in tests/program/test_http_life.py.

  TENOR   the program (default build/release/tenor)"""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "program"))
from program import done, ok  # noqa: E402

TENOR = os.environ.get("TENOR") or "build/release/tenor"


def said(*command):
    return subprocess.run([*command, TENOR], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"}).stdout


def segments():
    """Name and flags of each program header."""
    return re.findall(r"^\s+([A-Z_]+)\s+0x\S+ 0x\S+ 0x\S+ 0x\S+ 0x\S+ ([RWE ]{3})", said("readelf", "-lW"), re.M)


def main():
    ok(re.search(r"Type:\s+DYN", said("readelf", "-hW")), "it is loaded at an address that nobody knows (PIE)")
    dynamic = said("readelf", "-dW")
    ok(re.search(r"\bFLAGS\b.*BIND_NOW|\bFLAGS_1\b.*\bNOW\b", dynamic), "every call is bound before it runs")
    ok(not re.search(r"RPATH|RUNPATH", dynamic), "no folder of its own for libraries")
    ok(not re.search(r"TEXTREL", dynamic), "its code is not written to by the loader")
    parts = segments()
    ok(len(parts) > 5 and any(name == "GNU_RELRO" for name, _ in parts), "its tables are read-only afterwards (RELRO)", parts)
    ok([flags for name, flags in parts if name == "GNU_STACK"] == ["RW "], "its stack is not run", parts)
    ok(not any("W" in flags and "E" in flags for _, flags in parts), "nothing is both written and run", parts)
    names = said("readelf", "-sW", "--dyn-syms")
    checked = set(re.findall(r"\b(__\w+_chk)@", names))
    ok("__stack_chk_fail" in names, "frames have canaries")
    ok({"__memcpy_chk", "__snprintf_chk"} <= checked, "calls check the size of their buffer (FORTIFY)", sorted(checked))
    ok(not re.search(r"\b(gets|strcpy|strcat|sprintf|system|popen|mktemp|tmpnam)@", names), "nothing is called that cannot be called safely")
    code = said("objdump", "-d", "--section=.text", "--no-show-raw-insn")
    entered = re.findall(r"^[0-9a-f]+ <(\w+)>:\n\s+[0-9a-f]+:\s+(\w+)", code, re.M)
    marked = sum(1 for _, first in entered if first == "endbr64")
    ok(len(entered) > 1000 and marked > len(entered) // 2 and ("main", "endbr64") in entered, "indirect jumps land on marks (CET)", marked, len(entered))
    done()


main()
