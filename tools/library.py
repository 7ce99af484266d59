#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns contracts/library/*.md into src/terms/library.def. Run it after a text has changed; a unit test compares the two.

A file is a list of clauses:

    # id: Heading
    when: path          (optional: printed only if that path is written)

    Text in Markdown with {{references}}.
"""
import pathlib
import re

root = pathlib.Path(__file__).resolve().parent.parent
here = root / "contracts" / "library"
out = root / "src" / "terms" / "library.def"


def quoted(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return "\n\t ".join('"%s"' % line for line in text.replace("\n", "\\n\n").split("\n") if line)


def clauses(path):
    for part in re.split(r"^# ", path.read_text(), flags=re.M)[1:]:
        head, rest = part.split("\n", 1)
        ident, heading = head.split(": ", 1)
        when = ""
        if rest.startswith("when: "):
            when, rest = rest[len("when: "):].split("\n", 1)
        yield ident, heading, when, rest.strip("\n")


def main():
    lines = ["/* SPDX-License-Identifier: Apache-2.0 */",
             "/* Made by tools/library.py from the texts of contracts/library. Do not edit. */", ""]
    rows = []
    for path in sorted(here.glob("tenor_*.md")):
        name = path.stem
        ident = name.replace("@", "_")
        lines.append("static const struct library_words %s[] = {" % ident)
        for clause, heading, when, text in clauses(path):
            lines.append('\t{"%s", "%s", "%s",\n\t %s},' % (clause, heading, when, quoted(text)))
        lines += ["};", ""]
        rows.append('\t{"%s", %s, ARRAY_SIZE(%s)},' % (name, ident, ident))
    lines.append("static const struct library_document documents[] = {")
    lines += rows + ["};", ""]
    out.write_text("\n".join(lines))


main()
