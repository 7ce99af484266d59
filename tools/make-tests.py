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
    yield from campaigns(CAMPAIGN)
    yield "house", "exec python3 tests/house/house.py"
    yield "house-sql", "exec python3 tests/house/sql.py"
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


# How much of each row of trust.md section 8 the normal run does, and the night.
CAMPAIGN = {"kills": 2000, "images": 100000, "faults": 4, "rounds": 10, "changes": 1000, "histories": 40, "seeds": 200, "proofs": 1000000}
CAMPAIGN_NIGHT = {"kills": 30000, "images": 5000000, "faults": 400, "rounds": 500, "changes": 100000, "histories": 10000, "seeds": 20000,
                  "proofs": 100000000}


def campaigns(n):
    """R1 to R6, R10, R11, R20: kills, power loss, failing calls, full disks, silent changes, same bytes, the simulator, forged proofs."""
    release = "TENOR=build/release/tenor TENOR_WORLD=build/release/tenor-world"
    worlds = " ".join(f"build/{kind}/tenor-world" for kind in ["dev", "release", "clang", "clang-asan"])
    yield "faults-kill", f"{release} TENOR_KILLS={n['kills']} exec python3 tests/faults/kill.py"
    yield "faults-power-loss", f"TENOR_IMAGES={n['images']} exec build/release/unit/store/test_power_loss"
    yield "faults-fail-nth", f"{release} TENOR_FAULTS={n['faults']} exec python3 tests/faults/fail_nth.py"
    yield "faults-full-disk", f"{release} TENOR_ROUNDS={n['rounds']} exec python3 tests/faults/full_disk.py"
    yield "faults-silent", f"{release} TENOR_SILENT={n['changes']} exec python3 tests/faults/silent.py"
    yield "faults-same-bytes", f'TENOR_WORLDS="{worlds}" TENOR_HISTORIES={n["histories"]} exec python3 tests/faults/same_bytes.py'
    yield "faults-simulator", f"TENOR_SEEDS={n['seeds']} exec build/release/sim"
    yield "faults-proofs", f"TENOR_MUTATIONS={n['proofs']} exec build/release/unit/journal/test_merkle_mutated"


def nightly():
    yield from campaigns(CAMPAIGN_NIGHT)
    yield "program-large-file", "TENOR=build/release/tenor TENOR_KIND=release TENOR_NIGHTLY=1 exec python3 tests/program/test_bad_input.py"
    for seed in range(1, 21):
        yield f"oracle-time-{seed}", f"exec python3 tests/oracle/time_oracle.py --tenor build/release/tenor --seed {seed} --count 200000"
        yield f"properties-{seed}", f"TENOR=build/release/tenor TENOR_SEED={seed} exec python3 tests/program/test_worked_properties.py"
        for unit in ["time/test_calendar", "money/test_allocate", "engine/test_availability_random", "terms/test_lint_random"]:
            yield f"{unit.replace('/', '-')}-{seed}", f"TENOR_SEED={seed} exec build/asan/unit/{unit}"

main()
