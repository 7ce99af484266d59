#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the generated parts of docs/holidays.md: the sets from src/time/holidays*.def, the differences from the test.

    tools/holidays-doc.py           rewrite docs/holidays.md between its markers
    tools/holidays-doc.py --check   exit 1 if that would change it

Run from the top folder. Also refuses a WITHOUT row that takes out nothing.
"""
import re
import sys

DOC = "docs/holidays.md"
TABLE = "src/time/holidays.def"
TEST = "tests/unit/time/test_holidays.c"
ALWAYS, FOREVER = 1970, 10000

COUNTRIES = {
    "at": "Austria", "au": "Australia", "ca": "Canada", "ch": "Switzerland", "de": "Germany", "es": "Spain",
    "fr": "France", "gb": "United Kingdom", "ie": "Ireland", "nl": "Netherlands", "nz": "New Zealand",
    "us": "United States",
}


def read_rows(path):
    """The lines of a .def file with the files it includes in their places, without comments."""
    text = re.sub(r"/\*.*?\*/", "", open(path, encoding="utf-8").read(), flags=re.S)
    for line in text.splitlines():
        include = re.match(r'#include "(.*)"', line)
        if include:
            yield from read_rows("src/" + include.group(1))
        elif line.strip():
            yield line.strip()


def year(word):
    return {"ALWAYS": ALWAYS, "FOREVER": FOREVER}.get(word) or int(word)


def read_sets():
    """[{name, parent, category, title, days: [(name, from, until)], without: [...]}] in the order of the table."""
    sets = []
    for line in read_rows(TABLE):
        name = re.search(r'"([^"]*)"\)$', line)
        if line.startswith("SET("):
            m = re.fullmatch(r'SET\((\w+), (?:none|of\((\w+)\)), "(\w+)", "([^"]*)"\)', line)
            sets.append(dict(name=m[1], parent=m[2], category=m[3], title=m[4], days=[], without=[]))
        elif line.startswith("YEARLY("):
            sets[-1]["days"].append((name[1], ALWAYS, FOREVER))
        elif line.startswith("ONCE("):
            y = int(re.match(r"ONCE\((\d+),", line)[1])
            sets[-1]["days"].append((name[1], y, y))
        elif line.startswith("DAY"):
            m = re.search(r', (\w+), (\w+), \w+, "[^"]*"\)$', line)
            sets[-1]["days"].append((name[1], year(m[1]), year(m[2])))
        elif line.startswith("WITHOUT("):
            m = re.match(r"WITHOUT\((\w+), (\w+),", line)
            sets[-1]["without"].append((name[1], year(m[1]), year(m[2])))
        elif line != "END":
            sys.exit(f"{TABLE}: row not understood: {line}")
    return sets


def spans_of(rows):
    """Years in which a name holds, joined where they touch, in order of first mention."""
    names = {}
    for name, start, end in rows:
        names.setdefault(name, []).append((start, end))
    for name, spans in names.items():
        joined = []
        for start, end in sorted(spans):
            if joined and start <= joined[-1][1] + 1:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
        yield name, joined


def years_in_words(spans):
    words = []
    for start, end in spans:
        if start == end:
            words.append(str(start))
        elif end == FOREVER:
            words.append("" if start == ALWAYS else f"from {start}")
        elif start == ALWAYS:
            words.append(f"until {end}")
        else:
            words.append(f"{start} to {end}")
    text = ", ".join(words)
    return f" ({text})" if text else ""


def ancestors(s, by_name):
    while s["parent"] is not None:
        s = by_name[s["parent"]]
        yield s


def days_in_words(s, by_name):
    """Days of its own; those it adds substitutes to; those it leaves out."""
    above = {d[0] for p in ancestors(s, by_name) for d in p["days"]}
    own = dict(spans_of(s["days"]))
    lost = dict(spans_of(s["without"]))
    parts = ["; ".join(n + years_in_words(y) for n, y in own.items() if n not in above)]
    moved = ", ".join(n + years_in_words(y) for n, y in own.items() if n in above)
    if moved:
        parts.append("its own rule for the weekend or date of " + moved)
    left_out = ", ".join(n + years_in_words(y) for n, y in lost.items() if n not in own)
    if left_out:
        parts.append("without " + left_out)
    return "; ".join(p for p in parts if p) or "no others"


def check_without(sets):
    by_name = {s["name"]: s for s in sets}
    for s in sets:
        for name, _, _ in s["without"]:
            if name not in {d[0] for p in ancestors(s, by_name) for d in p["days"]}:
                sys.exit(f"{s['name']}: WITHOUT takes out nothing: {name}")


def sets_part(sets):
    out = []
    by_name = {s["name"]: s for s in sets}
    for code, country in COUNTRIES.items():
        out += [f"### {country}", "", "| set | place | category | has the days of | and its own |", "|---|---|---|---|---|"]
        for s in sets:
            if s["name"].split("_")[0] == code:
                parent = s["parent"] or "-"
                out.append(f"| `{s['name']}` | {s['title']} | {s['category']} | {parent} | {days_in_words(s, by_name)} |")
        out.append("")
    return "\n".join(out)


def differences_part():
    text = open(TEST, encoding="utf-8").read()
    reasons = {}
    for m in re.finditer(r'#define (\w+)\s*((?:\\?\s*"[^"]*"\s*\\?\s*)+)\n', text):
        reasons[m[1]] = "".join(re.findall(r'"([^"]*)"', m[2]))
    block = text[text.index("} differences[] = {"):]
    block = block[: block.index("\n};")]
    groups = {}
    for m in re.finditer(r'\{"(\w+)", "([^"]*)", (\d+), (\w+)\}', block):
        groups.setdefault((m[2], reasons[m[4]]), []).append(f"`{m[1]}`")
    out = ["| day of the table | not in | reason |", "|---|---|---|"]
    out += [f"| {name} | {' '.join(names)} | {reason} |" for (name, reason), names in groups.items()]
    return "\n".join(out) + "\n"


def replace(text, part, content):
    begin, end = f"<!-- {part}: generated by tools/holidays-doc.py -->\n", f"<!-- end of {part} -->"
    i, j = text.index(begin) + len(begin), text.index(end)
    return text[:i] + "\n" + content + "\n" + text[j:]


def main():
    sets = read_sets()
    check_without(sets)
    old = open(DOC, encoding="utf-8").read()
    new = replace(replace(old, "sets", sets_part(sets)), "differences", differences_part())
    if "--check" in sys.argv[1:]:
        if new != old:
            sys.exit(f"{DOC} is not what tools/holidays-doc.py writes; run it")
        return
    with open(DOC, "w", encoding="utf-8") as f:
        f.write(new)


if __name__ == "__main__":
    main()
