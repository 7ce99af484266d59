#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Static analysers over every source (STYLE.md): gcc -fanalyzer, clang-tidy, cppcheck. None finds everything, so all run; gcc's by night,
since it takes more time than the tests of a check (docs/decisions/0004)."""

import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
FLAGS = ["-std=c17", "-Ibuild/dev/gen", "-D_POSIX_C_SOURCE=200809L", "-Isrc", "-Itests", '-DTENOR_VERSION="analysed"', "-include", "base/banned.h"]
# headers of libraries that do not lie in /usr/include itself, as the Makefile takes them
PACKAGES = re.search(r"^PKGS := (.*)$", open("Makefile", encoding="utf-8").read(), re.M).group(1).split()
FLAGS += [re.sub("^-I", "-isystem", f) for f in
          subprocess.run(["pkg-config", "--cflags", *PACKAGES], capture_output=True, text=True).stdout.split()]
CHECKS = ("-*,bugprone-*,cert-*,misc-*,performance-*,portability-*,"
          # off, each for a reason: see docs/decisions/0004-analysers.md
          "-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-cert-dcl37-c,-cert-dcl51-cpp,"
          "-misc-no-recursion,-bugprone-macro-parentheses,-cert-err33-c,-misc-static-assert,-cert-dcl03-c,"
          "-bugprone-assignment-in-if-condition,-bugprone-branch-clone,-performance-no-int-to-ptr,-bugprone-narrowing-conversions,-bugprone-sizeof-expression,-bugprone-suspicious-include")

count = 0
failed = 0


def ok(passed, name, details=()):
    global count, failed
    count += 1
    failed += 0 if passed else 1
    print(f"{'' if passed else 'not '}ok {count} - {name}", flush=True)
    for line in list(details)[:30]:
        print(f"#   {line}")


def allocate(path):
    return ["-DTENOR_MAY_ALLOCATE"] if path.startswith(("src/base/", "src/store/")) else []


def analyser(path):
    run = subprocess.run(["gcc", "-O2", "-fanalyzer", "-Werror", "-c", "-o", "/dev/null", *FLAGS, *allocate(path), path],
                         capture_output=True, text=True)
    return path, run.returncode == 0, run.stderr.splitlines()


def tidy(path):
    run = subprocess.run(["clang-tidy", "--quiet", f"--checks={CHECKS}", "--warnings-as-errors=*", path, "--", *FLAGS, *allocate(path)],
                         capture_output=True, text=True)
    lines = [x for x in run.stdout.splitlines() if re.search(r"(warning|error):", x)]
    return path, run.returncode == 0, lines


def each(name, tool, function, files):
    if shutil.which(tool) is None:
        ok(False, f"{name}: {tool} is not installed")
        return
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        results = list(pool.map(function, files))
    bad = [r for r in results if not r[1]]
    ok(not bad, f"{name} over {len(files)} files", [line for _, _, lines in bad for line in lines])


def main():
    files = sorted(glob.glob("src/*/*.c"))
    which = sys.argv[1:] or ["gcc", "tidy", "cppcheck"]
    if "gcc" in which:
        each("gcc -fanalyzer", "gcc", analyser, files)
    if "tidy" in which:
        each("clang-tidy", "clang-tidy", tidy, files)
    if "cppcheck" in which:
        run = subprocess.run(["cppcheck", "--enable=warning,performance,portability", "--inconclusive", "--quiet", "--error-exitcode=1",
                              "--std=c11", "--inline-suppr", "--suppress=missingIncludeSystem", "--suppress=preprocessorErrorDirective",
                              "-D_POSIX_C_SOURCE=200809L", '-DTENOR_VERSION="x"', "-Isrc", "src"], capture_output=True, text=True)
        ok(run.returncode == 0, "cppcheck", run.stderr.splitlines())
    print(f"1..{count}")
    sys.exit(1 if failed else 0)


main()
