#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which rows of the table of terms lie right under which: terms-index.py TERMS.DEF OUT writes, for src/terms/table.c, where the children of
each row begin in one list, the list, and beside it the first byte and the length of each one's key, by which those of a row are sorted. A
macro cannot: it sees one row at a time."""

import os
import re
import sys

ROW = re.compile(r'^(?:(MAP|ITEMS)\((\w+), (\w+)|(?:TERM|SET)\((\w+)), "[^"]*", (\w+),')


def mark(key):
    return ord(key[0]) << 8 | len(key)


def main():
    table, out = sys.argv[1:]
    names, children = {"top": 0}, {0: []}
    row = 0
    with open(table, encoding="utf-8") as f:
        for line in f:
            found = ROW.match(line)
            if not found:
                continue
            kind, own, parent, of_term, key = found.groups()
            row += 1
            if kind:
                names[own] = row
            children.setdefault(row, [])
            parent = names[parent or of_term]
            # these two rows stand for all maps and items, not for a child of one
            if parent != 0 or key not in ("clause", "id"):
                children[parent].append((row, key))
    first, listed = [], []
    for parent in range(row + 1):
        first.append(len(listed))
        listed += sorted(children[parent], key=lambda child: mark(child[1]))
    first.append(len(listed))
    lines = ["/* made by tools/terms-index.py */", f"enum {{ INDEXED_ROWS = {row + 1} }};"]
    for name, numbers in [("first_child", first), ("children", [number for number, _ in listed]),
                          ("child_marks", [mark(key) for _, key in listed])]:
        lines.append(f"static const unsigned short {name}[] = {{")
        lines += ["\t" + ", ".join(map(str, numbers[i:i + 16])) + "," for i in range(0, len(numbers), 16)]
        lines.append("};")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


main()
