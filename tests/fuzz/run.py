#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One fuzz target as a test (trust.md R13): run.py TARGET CORPUS runs every input of the corpus, then goes on from it for a while under
sanitizers. What stops it is kept in build/fuzz-crashes and printed, so that it can become an input of the corpus (`./dev fuzz` does that).

  TENOR_SECONDS   for how long (default 15; a check takes less, a night 900)
  TENOR_SEED      the seed of what is tried"""

import os
import random
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "program"))
from program import done, note, ok  # noqa: E402

SECONDS = int(os.environ.get("TENOR_SECONDS") or 15)
SEED = int(os.environ.get("TENOR_SEED") or random.randrange(1, 2**31))


def main():
    target, corpus = sys.argv[1:3]
    name = os.path.basename(target)[len("fuzz_"):]
    crashes, found = f"build/fuzz-crashes/{name}/", f"build/fuzz-found/{name}"
    for folder in (crashes, found):
        os.makedirs(folder, exist_ok=True)
    inputs = len(os.listdir(corpus))
    run = subprocess.run([target, f"-seed={SEED}", f"-max_total_time={SECONDS}", "-timeout=10", "-rss_limit_mb=4096", f"-artifact_prefix={crashes}",
                          "-print_final_stats=1", found, corpus], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS + 300)
    said = run.stderr.decode("utf-8", "replace")
    runs = re.search(r"stat::number_of_executed_units:\s+(\d+)", said)
    note(f"seed {SEED}: {inputs} inputs of the corpus, {runs.group(1) if runs else 'no'} runs in {SECONDS} s")
    ok(run.returncode == 0 and runs and int(runs.group(1)) > inputs, f"nothing stops {name}", "\n".join(said.splitlines()[-30:]))
    done()


main()
