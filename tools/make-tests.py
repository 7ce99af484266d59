#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write one small script a test into build/tests, for prove: unit tests of every build, program tests on every build,
house checks, analysers and corpora once. prove then runs them side by side and prints one summary."""

import argparse
import glob
import os
import shutil

KINDS = ["dev", "asan", "clang-asan"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--nightly", action="store_true")
    options = parser.parse_args()
    folder = "build/tests-nightly" if options.nightly else "build/tests"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, command in tests(options):
        if options.only and not any(word in name for word in options.only):
            continue
        path = os.path.join(folder, name + ".t")
        with open(path, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\n" + command + "\n")
        os.chmod(path, 0o755)


def tests(options):
    if options.nightly:
        yield from nightly()
        return
    # slow ones first, so that the other core has work to the end
    for tool in ["gcc", "tidy", "cppcheck"]:
        yield f"analyser-{tool}", f"exec python3 tests/house/analysers.py {tool}"
    yield "house", "exec python3 tests/house/house.py"
    yield "oracle-time", "exec python3 tests/oracle/time_oracle.py --tenor build/dev/tenor --count 20000"
    for kind in options.kinds:
        for source in sorted(glob.glob("tests/unit/*/test_*.c")):
            stem = source[len("tests/unit/"):-2]
            yield f"unit-{stem.replace('/', '-')}-{kind}", f"exec build/{kind}/unit/{stem}"
        for script in sorted(glob.glob("tests/program/test_*.py")):
            name = os.path.basename(script)[5:-3]
            yield f"program-{name}-{kind}", f"TENOR=build/{kind}/tenor TENOR_KIND={kind} exec python3 {script}"
    for binary in sorted(glob.glob("build/clang-asan/replay/fuzz_*")):
        if binary.endswith(".d"):
            continue
        target = os.path.basename(binary)[5:]
        yield f"corpus-{target}", f"exec {binary} tests/fuzz/corpus/{target}"


def nightly():
    yield "program-large-file", "TENOR=build/release/tenor TENOR_KIND=release TENOR_NIGHTLY=1 exec python3 tests/program/test_bad_input.py"
    for seed in range(1, 21):
        yield f"oracle-time-{seed}", f"exec python3 tests/oracle/time_oracle.py --tenor build/release/tenor --seed {seed} --count 200000"
        yield f"properties-{seed}", f"TENOR=build/release/tenor TENOR_SEED={seed} exec python3 tests/program/test_worked_properties.py"
        for unit in ["time/test_calendar", "money/test_allocate", "engine/test_availability_random", "terms/test_lint_random"]:
            yield f"{unit.replace('/', '-')}-{seed}", f"TENOR_SEED={seed} exec build/asan/unit/{unit}"

main()
