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

# of every body, src/facts/body.h
COMMON = [
    ("source", "word", "the file or feed it came from; absent: given by hand"),
    ("ref", "word", "its id there, if that was no UUID"),
    ("seq", "whole number", "the source's own order within one instant, from 1"),
    ("by", "word", "provider, client, monitor or supplier, where the reporter is not the side that recorded it"),
    ("stamp", "list of words", "how its time was written: `minute` without seconds, `gap` a local time that did not exist, `twice` one that occurred twice"),
]

with open("src/facts/facts.def", encoding="utf-8") as f:
    source = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)

fields = {m[2]: (m[3], m[4], m[5], m[1] is not None)
          for m in re.finditer(r'^(RECORD_)?FIELD\((\w+), "([^"]+)", (\w+), "([^"]+)"\)', source, re.M)}
facts = re.findall(r'^(FACT|RECORD)\((\w+), "([^"]+)", (\w+), (\d), (\d),\s+"([^"]+)",(.*?)\)\s*$', source, re.M | re.S)
events = re.findall(r'^EVENT\((\w+), "([^"]+)", ([A-Z |]+), (\w+), "([^"]+)"\)', source, re.M)



def kinds(macro):
    print("| kind | says | fields |")
    print("|---|---|---|")
    for which, _, kind, _, _, _, text, slots in facts:
        if which != macro:
            continue
        names = []
        for need, name in re.findall(r"F_(REQ|OPT)\((\w+)\)", slots):
            key = f"`{fields[name][0]}`"
            names.append(f"**{key}**" if need == "REQ" else key)
        print(f"| `{kind}` | {text} | {' '.join(names)} |")
    print()


def field_table(of_record):
    print("| field | type | means |")
    print("|---|---|---|")
    for key, kind, text, record in fields.values():
        if record == of_record:
            print(f"| `{key}` | {TYPES[kind]} | {text} |")
    print()


print("# The table of facts")
print()
print("What can happen, and what is said about it. Written from `src/facts/facts.def` by `tools/facts-doc.py`; do not edit.")
print()
print("Every fact also has `id`, `occurred_at`, `recorded_at`, `party` (provider, client, monitor, supplier), `seq` (the source's own")
print("order within one instant) and `corrects` (the id of the fact it replaces). Fields in bold must be there.")
print()
kinds("FACT")
print("## Fields")
print()
field_table(False)
print("## In the record")
print()
print("The body of an entry holds the fields of its kind and, where there is something to say, these of every kind. A field of type")
print("text may name people: it is kept beside the entry, encrypted, and the entry holds a commitment to it only.")
print()
print("| field | type | means |")
print("|---|---|---|")
for key, kind, text in COMMON:
    print(f"| `{key}` | {kind} | {text} |")
print()
print("These kinds are what the record says of itself. Only Tenor writes them; a file that holds one is told so.")
print()
kinds("RECORD")
print("Their fields, beside those above:")
print()
field_table(True)
print("## Events that a metric may name")
print()
print("| event | as | means |")
print("|---|---|---|")
for _, name, flags, _, text in events:
    print(f"| `{name}` | {', '.join(w.strip().lower() for w in flags.split('|'))} | {text} |")
