#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever explain --list names can be explained, in text, HTML and JSON: over the example contracts, and over the real logs."""

import json
import os
import subprocess

from program import SANITIZED, crashed, done, ok, shared, skip, tenor

EXAMPLES = "contracts/examples"
NORTHWIND = [f"{EXAMPLES}/northwind{end}" for end in (".yaml", "-tickets.csv", "-outages.jsonl", "-maintenance.ics")]
MOST = 15 if SANITIZED else 20

# name, arguments, files of the reference data among them
RUNS = [
    ("northwind", [*NORTHWIND, "--month", "2026-03"], []),
    ("northwind, five months", [*NORTHWIND, "--period", "2026-01..2026-05"], []),
    ("northwind, without facts", [NORTHWIND[0], "--month", "2026-03"], []),
    ("northwind, known earlier", [*NORTHWIND, "--month", "2026-03", "--as-of", "2026-03-17T10:00-04:00"], []),
    ("northwind, in German", [*NORTHWIND, "--month", "2026-03", "--lang", "de"], []),
    ("status page", [f"{EXAMPLES}/github-status.yaml", "--map", f"{EXAMPLES}/github-status.map", "--period", "2024-Q1"],
     ["outages/github-statuspage-component-transitions.jsonl.zst", "outages/github-statuspage-scheduled-maintenance.jsonl.zst"]),
    ("incidents of a status page", [f"{EXAMPLES}/github-status.yaml", "--map", f"{EXAMPLES}/github-status.map", "--period", "2024-Q1"],
     ["outages/github-statuspage-incidents.jsonl.zst"]),
    ("Upptime", [f"{EXAMPLES}/upptime.yaml", "--map", f"{EXAMPLES}/upptime.map", "--month", "2026-08"],
     ["outages/upptime-manticore-checks.csv.zst"]),
    ("ServiceNow", [f"{EXAMPLES}/servicenow.yaml", "--zone", "Europe/Rome", "--month", "2016-03"],
     ["incidents/uci-servicenow-reexport-5998rows.csv.zst"]),
]


def well_formed(run, form):
    """One complaint, or nothing."""
    if run.returncode != 0 or run.err != "" or crashed(run):
        return f"status {run.returncode}: {run.err}"
    if form == "json":
        try:
            json.loads(run.out)
        except ValueError as e:
            return f"no JSON: {e}"
    if form == "html" and not run.out.rstrip().endswith("</html>"):
        return "the page is cut off"
    if form == "text":
        wide = [line for line in run.out.split("\n") if len(line) > 80]
        if wide:
            return f"wider than 80 columns: {wide[0]}"
        if len(run.out.split("\n")) < 5:
            return "says next to nothing"
    return ""


def chosen(items):
    """All of a short list; of a long one an even choice, and always the first of each kind."""
    step = max(1, len(items) // MOST)
    kinds, out = set(), []
    for i, item in enumerate(items):
        kind = item.split(" ")[0] if " " in item else "number"
        if i % step == 0 or kind not in kinds:
            out.append(item)
        kinds.add(kind)
    return out


def explain_all(name, args):
    run = tenor("explain", *args, "--list", "--json")
    if not ok(run.returncode == 0 and not crashed(run), f"{name}: there is a list", run.err):
        return
    items = [item["what"] for item in json.loads(run.out)["items"]]
    ok(len(items) > 0 and len(set(items)) == len(items), f"{name}: every one of {len(items)} names is another", items)
    listed = tenor("explain", *args, "--list").out
    ok(all(item in " ".join(listed.split()) for item in items if len(item) < 30), f"{name}: the text lists the same")
    for form in ("text", "html", "json"):
        wrong = []
        for item in chosen(items):
            complaint = well_formed(tenor("explain", *args, "--what", item, "--format", form), form)
            if complaint:
                wrong.append(f"{item}: {complaint}")
        ok(not wrong, f"{name}: all {len(chosen(items))} chosen are explained as {form}", "\n".join(wrong))


for title, words, data in RUNS:
    found = [shared(f"data/{path}") for path in data]
    if None in found:
        skip(title, "no reference data")
        continue
    explain_all(title, [words[0], *found, *words[1:]])
done()
