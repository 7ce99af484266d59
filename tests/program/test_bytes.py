#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same bytes everywhere: under gcc, clang and the sanitizers, in two locales, in five settings of TZ."""

import glob
import os
import shlex
import subprocess

from program import done, ok, skip

BUILDS = ["release", "dev", "clang", "asan", "clang-asan"]
PLACES = [{"LC_ALL": "C", "TZ": "UTC"}, {"LC_ALL": "de_DE.UTF-8", "TZ": "America/New_York"}, {"LC_ALL": "C", "TZ": "Asia/Kolkata"},
          {"LC_ALL": "de_DE.UTF-8", "TZ": "Pacific/Apia"}, {"LC_ALL": "C", "TZ": ":/no/such/zone", "LANG": "tr_TR.UTF-8"}]


def run(build, command, place):
    result = subprocess.run([f"build/{build}/tenor", *command], capture_output=True, env={**os.environ, **place})
    return result.returncode, result.stdout, result.stderr


def main():
    if os.environ.get("TENOR_KIND", "dev") != "dev":
        skip("bytes", "compared once, for all builds")
        return
    there = [b for b in BUILDS if os.path.exists(f"build/{b}/tenor")]
    ok(len(there) >= 2, f"at least two builds to compare: {', '.join(there)}")
    for path in sorted(glob.glob("tests/golden/*/command")):
        name = path.split("/")[2]
        with open(path, encoding="utf-8") as f:
            command = shlex.split(f.read())
        first = run(there[0], command, PLACES[0])
        ok(all(run(b, command, PLACES[0]) == first for b in there[1:]), f"{name}: the same under {', '.join(there)}")
        ok(all(run(there[0], command, p) == first for p in PLACES[1:]), f"{name}: the same in every locale and zone")


main()
done()
