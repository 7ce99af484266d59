#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which rows of the table of terms lie right under which: terms-index.py TERMS.DEF OUT writes, for src/terms/table.c, a table of the children
of each row in which a key has one place, told by its length, its first byte and those after a quarter and a half of it. A macro cannot: it sees
one row at a time."""

import os
import re
import sys

ROW = re.compile(r'^(?:(MAP|ITEMS)\((\w+), (\w+)|(?:TERM|SET)\((\w+)), "[^"]*", (\w+),')
NO_ROW, SEEDS = 0xFFFF, 1024


def mark(key):
    return len(key) << 24 | ord(key[0]) << 16 | ord(key[len(key) // 4]) << 8 | ord(key[len(key) // 2])


def place(key, seed, mask):
    """As term_own_child of src/terms/table.c."""
    return (mark(key) * (2 * seed + 1) & 0xFFFFFFFF) >> 16 & mask


def spread(keys):
    """A mask and a seed with which no two keys have one place; the smallest table, the first seed."""
    marks = {mark(key): key for key in keys}
    for key in keys:
        if marks[mark(key)] != key:
            sys.exit(f"terms-index.py: {key} and {marks[mark(key)]} of one parent have the same mark; take another byte of a key into it")
    mask = 0
    while True:
        for seed in range(SEEDS):
            if len({place(key, seed, mask) for key in keys}) == len(keys):
                return mask, seed
        mask = mask * 2 + 1


def main():
    table, out = sys.argv[1:]
    names, children, lengths = {"top": 0}, {0: []}, [0]
    row = 0
    with open(table, encoding="utf-8") as f:
        for line in f:
            found = ROW.match(line)
            if not found:
                continue
            kind, own, parent, of_term, key = found.groups()
            row += 1
            lengths.append(len(key))
            if kind:
                names[own] = row
            children.setdefault(row, [])
            parent = names[parent or of_term]
            # these two rows stand for all maps and items, not for a child of one
            if parent != 0 or key not in ("clause", "id"):
                children[parent].append((row, key))
    first, masks, seeds, listed = [], [], [], []
    for parent in range(row + 1):
        mask, seed = spread([key for _, key in children[parent]])
        places = [NO_ROW] * (mask + 1)
        for number, key in children[parent]:
            places[place(key, seed, mask)] = number
        first.append(len(listed))
        masks.append(mask)
        seeds.append(seed)
        listed += places
    lines = ["/* made by tools/terms-index.py */", f"enum {{ INDEXED_ROWS = {row + 1}, NO_ROW = {NO_ROW} }};"]
    for name, numbers in [("first_place", first), ("place_masks", masks), ("place_seeds", seeds), ("children", listed),
                          ("key_lengths", lengths)]:
        lines.append(f"static const unsigned short {name}[] = {{")
        lines += ["\t" + ", ".join(map(str, numbers[i:i + 16])) + "," for i in range(0, len(numbers), 16)]
        lines.append("};")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


main()
