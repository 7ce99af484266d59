#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files as C: embed.py OUT FILE... writes rows of {name, title, bytes, size} for src/app/starters.c. The title is the first
comment line of the file."""

import os
import sys


def main():
    out, files = sys.argv[1], sorted(sys.argv[2:])
    lines = ["/* made by tools/embed.py from contracts/starters */"]
    rows = []
    for number, path in enumerate(files):
        with open(path, "rb") as f:
            data = f.read()
        name = os.path.splitext(os.path.basename(path))[0]
        title = data.split(b"\n", 1)[0].decode().lstrip("# ").replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f"static const char starter_{number}[] = {{")
        for i in range(0, len(data), 16):
            lines.append("\t" + ", ".join(f"'\\x{b:02x}'" if b > 126 or b < 32 or b in (39, 92) else f"'{chr(b)}'"
                                          for b in data[i:i + 16]) + ",")
        lines.append("};")
        rows.append(f'\t{{"{name}", "{title}", starter_{number}, sizeof(starter_{number})}},')
    lines += ["static const struct starter starters[] = {", *rows, "};"]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


main()
