#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules that no compiler checks (DESIGN section 2, STYLE): who may include whom, what the pure rooms may call,
headers that compile alone, characters that are not what they look like, licence lines, tables that match their docs."""

import glob
import os
import re
import subprocess
import sys

FLOORS = {
    "base": 1, "time": 2, "money": 2, "facts": 3, "terms": 4, "engine": 5, "journal": 5, "render": 6, "store": 6,
    "app": 7, "http": 8, "link": 8, "web": 9, "cli": 10,
}
PURE = ["time", "money", "facts", "terms", "engine", "journal"]

# What a pure room may take from outside the house: memory and text of the C library that need no locale, clock or file,
# arithmetic helpers of the compiler, and the parsers named in DESIGN section 10.
ALLOWED = re.compile(
    r"^(mem(cpy|cmp|chr|move|set|rchr)|__mem(cpy|move|set)_chk|str(len|cmp|ncmp|chr|rchr|str|spn|cspn|nlen)|qsort|bsearch|abs|"
    r"__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_|__(u?(div|mod)|mul|udivmod|divmod|mulo)ti[34]|__popcountdi2|"
    r"(v?snprintf)|__v?snprintf_chk|abort|"
    r"yaml_\w+|json_\w+|jsonp_\w+|csv_\w+|ical\w+|u8_\w+|u(c|ninorm)_\w+|uninorm_\w+|EVP_\w+|crypto_(sign|hash_sha256|core_ed25519)\w*|sodium_\w+)$"
)

count = 0
failed = 0


def ok(passed, name, details=()):
    global count, failed
    count += 1
    if not passed:
        failed += 1
    print(f"{'' if passed else 'not '}ok {count} - {name}")
    for line in list(details)[:40]:
        print(f"#   {line}")


def sources():
    return sorted(f for f in subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True,
                                            check=True).stdout.split("\n") if f and os.path.exists(f))


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def include_direction():
    wrong = []
    for path in sources():
        match = re.match(r"src/(\w+)/.*\.(c|h|def)$", path)
        if not match:
            continue
        room = match.group(1)
        if room not in FLOORS:
            wrong.append(f"{path}: no such room in the house")
            continue
        for number, line in enumerate(read(path).split("\n"), 1):
            include = re.match(r'\s*#\s*include\s+"(\w+)/', line)
            if not include:
                continue
            other = include.group(1)
            if other != room and FLOORS.get(other, 99) >= FLOORS[room]:
                wrong.append(f"{path}:{number}: {room} may not include {other}")
    ok(not wrong, "a room includes only from the floors below it", wrong)


def pure_rooms():
    for room in PURE:
        archive = f"build/dev/lib/{room}.a"
        if not os.path.isdir(f"src/{room}") or not glob.glob(f"src/{room}/*.c"):
            continue
        if not os.path.exists(archive):
            ok(False, f"{room} was built to be looked at", [f"{archive} is missing: make KIND=dev"])
            continue
        defined = set()
        for lib in glob.glob("build/dev/lib/*.a"):
            out = subprocess.run(["nm", "-g", "--defined-only", lib], capture_output=True, text=True, check=True).stdout
            defined |= {line.split()[-1] for line in out.split("\n") if len(line.split()) == 3}
        out = subprocess.run(["nm", "-u", archive], capture_output=True, text=True, check=True).stdout
        used = {line.split()[-1] for line in out.split("\n") if line.strip().startswith("U ")}
        wrong = sorted(s for s in used - defined if not ALLOWED.match(s))
        ok(not wrong, f"{room} calls nothing impure", wrong)
        out = subprocess.run(["nm", archive], capture_output=True, text=True, check=True).stdout
        mutable = sorted(line.split()[-1] for line in out.split("\n") if re.match(r"^[0-9a-f]+ [bBdDC] ", line)
                         and not line.split()[-1].startswith((".", "__")))
        # const tables with pointers lie in .data.rel.ro under PIE, which nm shows as d: ask the section instead
        sections = subprocess.run(["objdump", "-t", archive], capture_output=True, text=True, check=True).stdout
        mutable = [m for m in mutable if re.search(rf"\s(\.data|\.bss)\s+[0-9a-f]+ {re.escape(m)}$", sections, re.M)]
        ok(not mutable, f"{room} has no variable that changes", mutable)


def headers_alone():
    wrong = []
    for path in sources():
        if not re.match(r"src/\w+/.*\.h$", path):
            continue
        run = subprocess.run(["gcc", "-std=c17", "-D_POSIX_C_SOURCE=200809L", "-Isrc", "-fsyntax-only", "-x", "c", path],
                             capture_output=True, text=True)
        if run.returncode != 0:
            wrong.append(f"{path}: {run.stderr.strip().splitlines()[0]}")
    ok(not wrong, "every header compiles alone", wrong)


def characters():
    wrong = []
    bidi = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")
    lookalike = re.compile("[\u0370-\u03ff\u0400-\u04ff\uff00-\uffef]")
    for path in sources():
        if not path.endswith((".c", ".h", ".def", ".py", ".md", ".yaml", ".map", "Makefile", "dev")):
            continue
        text = read(path)
        for number, line in enumerate(text.split("\n"), 1):
            if bidi.search(line):
                wrong.append(f"{path}:{number}: an invisible or direction mark")
            if path.endswith((".c", ".h", ".def")) and lookalike.search(line):
                wrong.append(f"{path}:{number}: a letter that looks like another")
    ok(not wrong, "no invisible marks and no lookalike letters", wrong)


def licence_lines():
    wrong = [p for p in sources() if p.endswith((".c", ".h", ".def", ".py")) and "SPDX-License-Identifier: Apache-2.0" not in read(p)[:400]]
    ok(not wrong, "every source says its licence", wrong)
    ok(os.path.exists("LICENSE") and "Apache License" in read("LICENSE"), "the licence is there")


def size_of_files():
    wrong = []
    for path in sources():
        if re.match(r"src/.*\.c$", path):
            lines = read(path).count("\n")
            if lines > 900:
                wrong.append(f"{path}: {lines} lines; is it still one room?")
    ok(not wrong, "no source is longer than 900 lines", wrong)


def floating_point():
    wrong = []
    for path in sources():
        if not re.match(r"src/.*\.(c|h)$", path) or path == "src/render/charts.c":
            continue
        code = re.sub(r"/\*.*?\*/|\"(\\.|[^\"\\])*\"", "", read(path), flags=re.S)
        for match in re.finditer(r"\b(double|float)\b", code):
            wrong.append(f"{path}: {match.group(0)}")
    ok(not wrong, "no floating point outside the drawing of charts", wrong)


def paths_and_words():
    wrong = []
    for path in sources():
        if path == "tests/house/house.py" or not os.path.isfile(path):
            continue
        for number, line in enumerate(read(path).split("\n"), 1):
            if re.search(r"(?<![\w.])/(work|root|home/\w+|tmp/\w+)/", line):
                wrong.append(f"{path}:{number}: a path of one machine")
            if re.search(r"\b(TODO|FIXME)\b(?! issue)", line) and path.startswith(("src/", "tools/")) and "lint" not in path:
                wrong.append(f"{path}:{number}: unfinished without an issue")
    ok(not wrong, "no path of one machine, nothing left unfinished", wrong)


os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
include_direction()
pure_rooms()
headers_alone()
characters()
licence_lines()
size_of_files()
floating_point()
paths_and_words()
print(f"1..{count}")
sys.exit(1 if failed else 0)
