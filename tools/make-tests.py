#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write one small script a test into build/tests, for prove: unit tests of every build, program tests on the plain build and on
clang's sanitizers, house checks, analysers and corpora once. prove then runs them side by side and prints one summary; the last script
tells once more why tests failed, so that the end of a long report has it."""

import argparse
import glob
import os
import shutil
import sys

# clang's sanitizers see all that gcc's see, and wrapping integers: gcc's run by night.
KINDS = ["dev", "clang-asan"]
# Program tests that start the program many hundred times for what others ask of the sanitizers, too: with those by night.
NIGHT_ASAN = ["advice", "api", "attachments", "bank", "bundle", "bulk", "bundle_verifier", "bytes", "cli", "cosign", "cosign_from", "cost_reports", "desk", "docs", "draft", "dunning", "einvoice",
              "engine", "explain_all", "fact_rights", "find", "grants", "http_life", "identity", "invoice", "invoice_all", "isolation",
              "keeping", "large_import", "leaving", "live", "money_forks", "money_import", "money_races", "own_objects", "planning_golden",
              "provider", "quote_exit", "service_desk", "sign_in_burst", "tlog", "unit_file"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kinds", nargs="*", default=KINDS)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--nightly", action="store_true")
    parser.add_argument("--reasons", metavar="FOLDER", help="tell on standard error why tests of the folder failed")
    options = parser.parse_args()
    if options.reasons:
        tell_reasons(options.reasons)
        return
    folder = "build/tests-nightly" if options.nightly else "build/tests"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, command in tests(options):
        if options.only and not any(word in name for word in options.only):
            continue
        out = os.path.join(folder, name)
        # what a test prints is kept for the last script; prove reads it, too, and gets the test's own status
        write_script(out, f"{{ ({command}); echo $? >{out}.status; }} | tee {out}.tap\nexit $(cat {out}.status)")
    # prove goes by name
    write_script(os.path.join(folder, "zz-reasons"), f"exec /usr/bin/python3 tools/make-tests.py --reasons {folder}")


def write_script(path, command):
    """Python is Debian's own: python3-cryptography is for it, and what stands before another may take longer to start than a test takes."""
    with open(path + ".t", "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\n" + command + "\n")
    os.chmod(path + ".t", 0o755)


def tell_reasons(folder):
    """Of each failed test that has ended: its seed, each point that failed, and the first lines of why."""
    paths = sorted(glob.glob(os.path.join(folder, "*.tap")))
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as f:
            lines = f.read().splitlines()
        failed = [i for i, line in enumerate(lines) if line.startswith(("not ok", "Bail out!"))]
        told = [line for line in lines if line.startswith("#") and "seed" in line.lower()][:1] if failed else []
        for i in failed[:5]:
            why = [line for line in lines[i + 1:i + 7] if line.startswith("#")]
            told += [line[:400] for line in (lines[i], *why)]
        for line in told:
            print(f"# {os.path.basename(path)[:-4]}: {line}", file=sys.stderr)
    print(f"ok 1 - looked at {len(paths)} reports for reasons\n1..1")


def tests(options):
    if options.nightly:
        yield from nightly()
        return
    # prove goes by name, so analysers and campaigns, which are the slow ones, come first
    for tool in ["tidy", "cppcheck"]:
        yield f"analyser-{tool}", f"exec /usr/bin/python3 tests/house/analysers.py {tool}"
    yield from campaigns(CAMPAIGN, BUILDS)
    for name in ["pages", "story"]:
        yield f"browser-{name}", f"TENOR=build/release/tenor exec node tests/browser/{name}.mjs"
    yield "house", "exec /usr/bin/python3 tests/house/house.py"
    yield "house-sql", "exec /usr/bin/python3 tests/house/sql.py"
    yield "house-hardened", "TENOR=build/release/tenor exec /usr/bin/python3 tests/house/hardened.py"
    yield "oracle-time", "exec /usr/bin/python3 tests/oracle/time_oracle.py --tenor build/dev/tenor --count 20000"
    yield "oracle-money", "exec /usr/bin/python3 tests/oracle/money_oracle.py --tenor build/dev/tenor --count 20000"
    for kind in options.kinds:
        for source in sorted(glob.glob("tests/unit/*/test_*.c")):
            stem = source[len("tests/unit/"):-2]
            yield f"unit-{stem.replace('/', '-')}-{kind}", f"exec build/{kind}/unit/{stem}"
        for script in sorted(glob.glob("tests/program/test_*.py")):
            name = os.path.basename(script)[5:-3]
            if kind != "clang-asan" or name not in NIGHT_ASAN:
                yield program_test(name, kind)
    for source in sorted(glob.glob("tests/fuzz/fuzz_*.c")):
        target = os.path.basename(source)[5:-2]
        yield f"linear-{target}", f"exec build/dev/replay/fuzz_{target} --linear {CAMPAIGN['linear_ms']} tests/fuzz/corpus/{target}"
        yield f"fuzz-{target}", f"TENOR_SECONDS={CAMPAIGN['fuzz']} exec /usr/bin/python3 tests/fuzz/run.py build/clang-asan/fuzz/fuzz_{target} tests/fuzz/corpus/{target}"


# How much of each row of trust.md section 8 the normal run does, and the night.
CAMPAIGN = {"kills": 2000, "kills_of_a_line": 400, "flood": 60, "fuzz": 15, "linear_ms": 1000, "images": 100000, "faults": 2, "verbs": 20, "turns": 12, "meanwhile": 3, "rounds": 10, "changes": 1000, "backups": 40, "many": 10000, "histories": 20, "seeds": 200, "proofs": 1000000}
CAMPAIGN_NIGHT = {"kills": 30000, "kills_of_a_line": 30000, "flood": 7200, "images": 5000000, "faults": 400, "verbs": 0, "turns": 0, "meanwhile": 0, "rounds": 500, "changes": 100000, "backups": 5000, "many": 300000, "histories": 1000, "seeds": 20000,
                  "proofs": 100000000}


# whose bytes are compared; clang's own plain build joins by night, its sanitized one always
BUILDS = ["dev", "release"]


def campaigns(n, builds):
    """R1 to R6, R10, R11, R15, R17, R20: kills of the line and of the server, floods, power loss, failing calls, processes beside each other, full disks, silent changes, backups, same bytes, the simulator, forged proofs."""
    release = "TENOR=build/release/tenor TENOR_WORLD=build/release/tenor-world"
    worlds = " ".join(f"build/{kind}/tenor-world" for kind in [*builds, "clang-asan"])
    yield "faults-kill", f"{release} TENOR_KILLS={n['kills_of_a_line']} exec /usr/bin/python3 tests/faults/kill.py"
    served = "TENOR=build/release/tenor"
    yield "faults-kill-server", f"{served} TENOR_KILLS={n['kills']} exec /usr/bin/python3 tests/faults/kill_server.py"
    yield "faults-disk-server", f"{served} TENOR_ROUNDS={n['rounds']} exec /usr/bin/python3 tests/faults/disk_server.py"
    yield "faults-flood", f"{served} TENOR_SECONDS={n['flood']} exec /usr/bin/python3 tests/faults/flood.py"
    yield "faults-power-loss", f"TENOR_IMAGES={n['images']} exec build/release/unit/store/test_power_loss"
    yield "faults-fail-nth", f"{release} TENOR_FAULTS={n['faults']} TENOR_VERBS={n['verbs']} exec /usr/bin/python3 tests/faults/fail_nth.py"
    yield "faults-turns", f"{served} TENOR_FAULTS={n['turns']} exec /usr/bin/python3 tests/faults/turns.py"
    yield "faults-meanwhile", f"{served} TENOR_FAULTS={n['meanwhile']} exec /usr/bin/python3 tests/faults/meanwhile.py"
    yield "faults-full-disk", f"{release} TENOR_ROUNDS={n['rounds']} exec /usr/bin/python3 tests/faults/full_disk.py"
    yield "faults-silent", f"{release} TENOR_SILENT={n['changes']} exec /usr/bin/python3 tests/faults/silent.py"
    yield "faults-backups", f"{release} TENOR_BACKUPS={n['backups']} exec /usr/bin/python3 tests/faults/backups.py"
    bytes_of = " ".join(f"build/{kind}/bytes" for kind in builds)
    yield "faults-same-bytes", (f'TENOR_BYTES="{bytes_of}" TENOR_BYTES_SAN=build/clang-asan/bytes TENOR_MANY={n["many"]} '
                                f'TENOR_WORLDS="{worlds}" TENOR_HISTORIES={n["histories"]} exec /usr/bin/python3 tests/faults/same_bytes.py')
    yield "faults-simulator", f"TENOR_SEEDS={n['seeds']} exec build/release/sim"
    yield "faults-proofs", f"TENOR_MUTATIONS={n['proofs']} exec build/release/unit/journal/test_merkle_mutated"


def program_test(name, kind):
    return f"program-{name}-{kind}", f"TENOR=build/{kind}/tenor TENOR_KIND={kind} exec /usr/bin/python3 tests/program/test_{name}.py"


def nightly():
    yield from campaigns(CAMPAIGN_NIGHT, [*BUILDS, "clang"])
    # hands that read at once meet failing calls, too (app/crew.h); which call is the N-th then differs from run to run
    yield "faults-fail-nth-threads", (f"TENOR=build/release/tenor TENOR_WORLD=build/release/tenor-world TENOR_THREADS=3 TENOR_FAULTS={CAMPAIGN_NIGHT['faults'] // 4} "
                                      "TENOR_VERBS=0 exec /usr/bin/python3 tests/faults/fail_nth.py")
    for name in NIGHT_ASAN:
        yield program_test(name, "clang-asan")
    for source in sorted(glob.glob("tests/unit/*/test_*.c")):
        stem = source[len("tests/unit/"):-2]
        yield f"unit-{stem.replace('/', '-')}-asan", f"exec build/asan/unit/{stem}"
    yield "analyser-gcc", "exec /usr/bin/python3 tests/house/analysers.py gcc"
    yield "program-large-file", "TENOR=build/release/tenor TENOR_KIND=release TENOR_NIGHTLY=1 exec /usr/bin/python3 tests/program/test_bad_input.py"
    for source in sorted(glob.glob("tests/fuzz/fuzz_*.c")):
        target = os.path.basename(source)[5:-2]
        yield f"linear-{target}", f"TENOR_SEED=$(date +%s) exec build/dev/replay/fuzz_{target} --linear 60000 tests/fuzz/corpus/{target}"
    for seed in range(1, 21):
        yield f"oracle-time-{seed}", f"exec /usr/bin/python3 tests/oracle/time_oracle.py --tenor build/release/tenor --seed {seed} --count 200000"
        yield f"properties-{seed}", f"TENOR=build/release/tenor TENOR_SEED={seed} exec /usr/bin/python3 tests/program/test_worked_properties.py"
        for unit in ["time/test_calendar", "money/test_allocate", "engine/test_availability_random", "terms/test_lint_random"]:
            yield f"{unit.replace('/', '-')}-{seed}", f"TENOR_SEED={seed} exec build/asan/unit/{unit}"

main()
