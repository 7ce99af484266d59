#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files as C: embed.py TYPE OUT FILE... writes rows of {name, title, bytes, size}, an array TYPEs of struct TYPE (src/app/starters.c,
src/web/assets.c). The title of a contract is its first comment line."""

import os
import sys


def main():
    kind, out, files = sys.argv[1], sys.argv[2], sorted(sys.argv[3:])
    lines = ["/* made by tools/embed.py */"]
    rows = []
    for number, path in enumerate(files):
        with open(path, "rb") as f:
            data = f.read()
        name = os.path.splitext(os.path.basename(path))[0]
        title = data.split(b"\n", 1)[0].decode().lstrip("# ").replace("\\", "\\\\").replace('"', '\\"') if path.endswith(".yaml") else ""
        lines.append(f"static const char {kind}_{number}[] = {{")
        for i in range(0, len(data), 16):
            lines.append("\t" + ", ".join(f"'\\x{b:02x}'" if b > 126 or b < 32 or b in (39, 92) else f"'{chr(b)}'"
                                          for b in data[i:i + 16]) + ",")
        lines.append("};")
        rows.append(f'\t{{"{name}", "{title}", {kind}_{number}, sizeof({kind}_{number})}},')
    lines += [f"static const struct {kind} {kind}s[] = {{", *rows, "};"]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


main()
