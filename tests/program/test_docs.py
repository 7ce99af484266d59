#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The documents say what the program does: the generated manual is current, links lead somewhere, commands shown exist."""

import glob
import os
import re

from program import done, ok, tenor


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


ok(read("docs/contract-language.md") == tenor("reference").out,
   "docs/contract-language.md is what `tenor reference` prints", "tenor reference > docs/contract-language.md")

VERBS = set(re.findall(r"^  (\w+)(?: [\w-]+)? ", tenor("--help").out, re.M))
for path in ["README.md", "HACKING.md", *sorted(glob.glob("docs/**/*.md", recursive=True))]:
    text = read(path)
    broken = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
              if "://" not in link and not os.path.exists(os.path.join(os.path.dirname(path), link))]
    ok(not broken, f"{path}: every link leads to a file", broken)
    shown = set(re.findall(r"^    tenor (\w+)", text, re.M))
    ok(shown <= VERBS, f"{path}: every command shown exists", shown - VERBS)
done()
