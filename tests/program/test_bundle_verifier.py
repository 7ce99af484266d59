#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The second verifier of bundles (tests/oracle/bundle_verifier.py) against bundles made by make_bundles.py: the good pass, every damage
is found, every flipped bit of a small bundle but those of what the replay is asked for."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, done, ok

ORACLE = os.path.join(ROOT, "tests", "oracle")
sys.path[:0] = [ORACLE, os.path.join(ROOT, "tests", "fuzz")]

try:
    import bundle_verifier
    import make_bundles
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)


def verdict(data, keys):
    with contextlib.redirect_stdout(io.StringIO()):
        return bundle_verifier.verify(data, list(keys), False)


def main():
    trusted = [bundle_verifier.Key(k.vkey) for k in (make_bundles.LOG_KEY, make_bundles.WITNESS_KEY)]
    good = make_bundles.good()
    for name, (data, expected) in good.items():
        got = verdict(data, trusted)
        ok(got == expected, f"{name}: exit {got}")
    for name, data in make_bundles.bad().items():
        ok(verdict(data, trusted) == 1, f"{name}: refused")
    ok(verdict(good["all-3"][0], []) == 2, "without a trusted key: cannot check")

    # one bit in each byte; the list's engine, period and instants are under no signature and are met by the replay alone
    data = good["all-1"][0]
    free = []
    for key in (b'"engine":"', b'"period":"', b'"as_of":"', b'"known_as_of":"'):
        at = data.index(key) + len(key)
        free.append(range(at, data.index(b'"', at)))
    silent = 0
    for at in range(len(data)):
        flipped = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
        if not any(at in r for r in free) and verdict(flipped, trusted) == 0:
            silent += 1
    ok(silent == 0, f"of {len(data)} flipped bits none passes unseen")

    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, n) for n in ("b.tnb", "trust")]
        for path, content in zip(paths, (data, (make_bundles.LOG_KEY.vkey + "\n").encode())):
            with open(path, "wb") as f:
                f.write(content)
        program = [sys.executable, "-B", os.path.join(ORACLE, "bundle_verifier.py")]
        run = subprocess.run(program + [paths[0], "--trust", paths[1]], capture_output=True, text=True)
        ok(run.returncode == 0 and run.stdout.count("passed") == 7 and run.stdout.endswith("verified\n"), "a line a step, then the verdict")
        run = subprocess.run(program + [paths[0] + "x"], capture_output=True, text=True)
        ok(run.returncode == 2, "no such file: cannot check")
    done()


main()
