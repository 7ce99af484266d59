#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/facts.md from src/facts/facts.def: python3 tools/facts-doc.py > docs/facts.md"""

import re

TYPES = {
    "SYMBOL": "word",
    "TEXT": "text",
    "INSTANT": "instant",
    "BOOL": "true or false",
    "INT": "whole number",
    "DECIMAL": "decimal, as text",
    "SYMBOLS": "list of words",
}

with open("src/facts/facts.def", encoding="utf-8") as f:
    source = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)

fields = {m[1]: (m[2], m[3], m[4]) for m in re.finditer(r'^FIELD\((\w+), "([^"]+)", (\w+), "([^"]+)"\)', source, re.M)}
facts = re.findall(r'^FACT\((\w+), "([^"]+)", (\w+), (\d), (\d), "([^"]+)",(.*?)\)\s*$', source, re.M | re.S)
events = re.findall(r'^EVENT\((\w+), "([^"]+)", ([A-Z |]+), (\w+), "([^"]+)"\)', source, re.M)

print("# The table of facts")
print()
print("What can happen, and what is said about it. Written from `src/facts/facts.def` by `tools/facts-doc.py`; do not edit.")
print()
print("Every fact also has `id`, `occurred_at`, `recorded_at`, `party` (provider, client, monitor, supplier), `seq` (the source's own")
print("order within one instant) and `corrects` (the id of the fact it replaces). Fields in bold must be there.")
print()
print("| kind | says | fields |")
print("|---|---|---|")
for _, kind, _, _, _, text, slots in facts:
    names = []
    for need, name in re.findall(r"F_(REQ|OPT)\((\w+)\)", slots):
        key = f"`{fields[name][0]}`"
        names.append(f"**{key}**" if need == "REQ" else key)
    print(f"| `{kind}` | {text} | {' '.join(names)} |")
print()
print("## Fields")
print()
print("| field | type | means |")
print("|---|---|---|")
for key, kind, text in fields.values():
    print(f"| `{key}` | {TYPES[kind]} | {text} |")
print()
print("## Events that a metric may name")
print()
print("| event | as | means |")
print("|---|---|---|")
for _, name, flags, _, text in events:
    print(f"| `{name}` | {', '.join(w.strip().lower() for w in flags.split('|'))} | {text} |")
