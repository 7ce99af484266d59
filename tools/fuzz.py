#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev fuzz [NAME|all] [SECONDS]: build with libFuzzer and run; new inputs that reach new code stay in build/fuzz-corpus,
a crash is copied into the target's corpus so that the normal test run keeps it."""

import glob
import os
import shutil
import subprocess
import sys


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "all"
    seconds = sys.argv[2] if len(sys.argv) > 2 else "60"
    subprocess.run(["make", "--no-print-directory", "-j2", "KIND=fuzz", "fuzzers"], check=True)
    targets = sorted(os.path.basename(p)[5:] for p in glob.glob("build/fuzz/fuzz/fuzz_*") if not p.endswith(".d"))
    if name != "all":
        if name not in targets:
            sys.exit(f"no fuzz target '{name}'; there are: {', '.join(targets)}")
        targets = [name]
    status = 0
    for target in targets:
        found = f"build/fuzz-corpus/{target}"
        crashes = f"build/fuzz-crashes/{target}/"
        os.makedirs(found, exist_ok=True)
        os.makedirs(crashes, exist_ok=True)
        print(f"fuzzing {target} for {seconds} s", flush=True)
        run = subprocess.run([f"build/fuzz/fuzz/fuzz_{target}", f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=4096",
                              f"-artifact_prefix={crashes}", "-print_final_stats=1", found, f"tests/fuzz/corpus/{target}"])
        for crash in glob.glob(crashes + "*"):
            shutil.copy(crash, f"tests/fuzz/corpus/{target}/")
            print(f"{crash}: now in tests/fuzz/corpus/{target}")
        status = status or run.returncode
    sys.exit(1 if status else 0)


main()
