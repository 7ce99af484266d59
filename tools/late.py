#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A header of calls that are loaded late (src/base/late.h): late.py DEF OUT. The .def has the headers of the libraries as comments,
"/* <cairo/cairo.h> */" a line each, and a row LATE(library, name) a call."""

import os
import re
import sys


def main():
    path, out = sys.argv[1:]
    with open(path, encoding="utf-8") as f:
        text = f.read()
    headers = re.findall(r"^/\* (<[\w./-]+>) \*/$", text, re.M)
    names = re.findall(r"^LATE\(\w+, (\w+)\)$", text, re.M)
    if not names or names != sorted(set(names), key=names.index):
        sys.exit(f"{path}: no row, or a name twice")
    guard = re.sub(r"\W", "_", os.path.basename(out)).upper()
    lines = [f"/* made by tools/late.py of {path} */", f"#ifndef {guard}", f"#define {guard}", *(f"#include {h}" for h in headers)]
    lines += [f"extern __typeof__({name}) *late_{name};" for name in names]
    # some are macros already, which check types
    lines += [f"#undef {name}\n#define {name} (*late_{name})" for name in names]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join([*lines, "#endif", ""]))


main()
