#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The documents say what the program does: the generated manual is current, links lead somewhere, commands shown exist, and the pages of
book.py run as printed. TENOR_SHOW=1 prints what their commands print.
"""

import glob
import os
import re
import shutil
import tempfile

import book
from program import ROOT, TENOR, done, ok, skip, tenor


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


ok(read("docs/contract-language.md") == tenor("reference").out,
   "docs/contract-language.md is what `tenor reference` prints", "tenor reference > docs/contract-language.md")

VERBS = set(re.findall(r"^  ([\w-]+)(?: [\w-]+)? ", tenor("--help").out, re.M))
for path in ["README.md", "HACKING.md", *sorted(glob.glob("docs/**/*.md", recursive=True))]:
    text = read(path)
    broken = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
              if "://" not in link and not os.path.exists(os.path.join(os.path.dirname(path), link))]
    ok(not broken, f"{path}: every link leads to a file", broken)
    shown = set(re.findall(r"^    tenor ([\w-]+)", text, re.M))
    shown |= set(re.findall(r"^    \$ tenor ([\w-]+)", text, re.M))
    ok(shown <= VERBS, f"{path}: every command shown exists", shown - VERBS)

# --- how printed lines are held against a page ---

U1, U2, U3 = (f"u_{n}123456789abcdef" for n in "012")
for want, got, fit in ((["a", "...", "c"], ["a", "b", "c"], True), (["a", "...", "d"], ["a", "b", "c"], False), (["a"], ["a", "b"], False),
                       (["a", "b"], ["a"], False), (["..."], [], True), (["entry 15"], ["entry 16"], False), (["… c"], ["b c"], True),
                       ([U1, U1], [U2, U2], True), ([U1, U1], [U2, U3], False), ([U1, U3], [U2, U2], False)):
    ok((book.fits(book.Names(), want, got) is None) == fit, f"{want} {'fits' if fit else 'does not fit'} {got}")

# --- the pages that run, each in a folder of its own ---

WORLD = os.path.join(os.path.dirname(TENOR), "tenor-world")
TEMP = tempfile.mkdtemp(prefix="tenor-docs-")
left = {}


def run_page(path):
    page, name = book.Page(path), os.path.basename(path)
    folder = os.path.join(TEMP, name)
    if page.goes_on and page.goes_on not in left:
        run_page(os.path.join(os.path.dirname(path), page.goes_on))
    world = left[page.goes_on].copy(folder) if page.goes_on else book.World.new(ROOT, folder, WORLD)
    wrong = []
    for step in page.steps:
        said, out = world.step(step)
        if os.environ.get("TENOR_SHOW"):
            print("\n".join(f"    {line}".rstrip() for line in [f"$ {step['command']}", *out.rstrip("\n").split("\n")]))
        if said is not None:
            wrong.append(f"{path}:{step['line']}: {step['command']}\n{said}\n{out}")
            if not os.environ.get("TENOR_SHOW"):
                break
    left[name] = world
    ok(not wrong, f"{path}: {len(page.steps)} commands run and print what it shows", *wrong)


for path in sorted(glob.glob("docs/*.md")) if os.path.exists(WORLD) else []:
    if os.path.basename(path) not in left and book.Page(path).steps:
        run_page(path)
if not os.path.exists(WORLD):
    skip("the pages of the book run as printed", f"{WORLD} is not built")
shutil.rmtree(TEMP)
done()
