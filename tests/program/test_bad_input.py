#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input: one clear message each; where it is a row, the rest still runs and the report says what was left out."""

import gzip
import json
import os
import subprocess
import tempfile
import zipfile

from program import crashed, done, ok, skip, tenor

EXAMPLE = "contracts/examples/northwind.yaml"
OWN = "contracts/examples/northwind-tickets.csv"

# the example contract with one edit: (name, old text, new text, code, what the message says)
CONTRACTS = [
    ("an unknown key", "  title: IT support", "  titel: IT support", "key.unknown", 'did you mean "title"?'),
    ("a missing key", "  title: IT support\n", "", "key.missing", "title"),
    ("a key twice", "  title: IT support", "  title: IT support\n  title: IT support", "key.duplicate", "title"),
    ("a wrong unit", "within: 30min}", "within: 30m}", "type.dur", "30min"),
    ("words for a duration", "within: 30min}", "within: 30 minutes}", "type.dur", "30min"),
    ("two currencies", '"1480.00 USD"', '"1480.00 EUR"', "rule.currency", "EUR"),
    ("a date that does not exist", '"2026-01-01"', '"2026-02-30"', "type.date", "2026-02-30"),
    ("a zone that does not exist", "America/New_York", "America/New_Yrok", "type.tz", "America/New_Yrok"),
    ("overlapping ranges", '["08:00-18:00"]', '["08:00-13:00", "12:00-18:00"]', "rule.hours", "overlap"),
    ("an end before its start", '["08:00-18:00"]', '["18:00-08:00"]', "type.range", "18:00-08:00"),
    ("a plain date", 'effective_date: "2026-01-01"', "effective_date: 2026-01-01", "yaml.plain", "quote"),
    ("a reference to nothing", "calendar: office\n", "calendar: offcie\n", "ref.unknown", 'did you mean "office"?'),
    ("an anchor", "  title: IT support", "  title: &a IT support", "yaml.anchor", "anchors are not allowed"),
    ("broken YAML", "  title: IT support", "  title: [IT support", "yaml.syntax", ""),
    ("a word that is not listed", "combine: sum", "combine: total", "value.enum", "sum"),
]

# the rows of the own CSV with one appended: (name, row, code or words in the report)
HEADER = None


def month(*facts, contract=EXAMPLE, extra=()):
    return tenor("month", contract, *facts, "--month", "2026-03", "--json", *extra)


def write(folder, name, data):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def contracts(folder):
    with open(EXAMPLE, encoding="utf-8") as f:
        text = f.read()
    for name, old, new, code, words in CONTRACTS:
        ok(old in text, f"{name}: the example has the place to break")
        path = write(folder, "broken.yaml", text.replace(old, new, 1))
        run = tenor("check", path)
        ok(run.returncode == 2 and f" {code}: " in run.out and words in run.out, f"{name}: {code}", run.out, run.err)
        ok(f"{path}:" in run.out, f"{name}: file and line are named", run.out)
        run = month(OWN, contract=path)
        ok(run.returncode == 2 and code in run.err and run.out == "", f"{name}: month refuses it too", run.err)
    path = write(folder, "broken.yaml", text + "".join(f"wrong{i}: 1\n" for i in range(150)))
    run = tenor("check", path)
    ok(run.returncode == 2 and run.out.count("key.unknown") == 100 and run.out.endswith("150 errors, 0 warnings, 0 notes\nonly the first 100 errors are shown\n"),
       "of 150 errors 100 are shown, and that is said", run.out[-300:])


def facts_jsonl(*rows):
    return "".join(json.dumps(r) + "\n" for r in rows)


def fact(id, kind, at, **more):
    return {"id": id, "kind": kind, "occurred_at": at, "party": "provider", **more}


def rows(folder):
    good = [fact("a", "ticket.logged", "2026-03-02T14:00:00Z", ticket="T-1", priority="P2"),
            fact("b", "ticket.restored", "2026-03-02T15:00:00Z", ticket="T-1")]
    bad = [
        ("an unknown field", fact("x", "ticket.logged", "2026-03-03T14:00:00Z", ticket="T-2", prioritty="P2"), "priority"),
        ("an unknown kind", fact("x", "ticket.loged", "2026-03-03T14:00:00Z", ticket="T-2"), "ticket.logged"),
        ("a date that does not exist", fact("x", "ticket.logged", "2026-02-30T14:00:00Z", ticket="T-2"), "2026-02-30"),
        ("a missing field", fact("x", "ticket.logged", "2026-03-03T14:00:00Z"), "ticket"),
        ("the same id twice with other content", fact("a", "ticket.logged", "2026-03-05T14:00:00Z", ticket="T-9"), "a"),
        ("an end before its start", fact("x", "maintenance.announced", "2026-03-03T14:00:00Z", maintenance="m", **{"from": "2026-03-09T04:00:00Z", "to": "2026-03-09T03:00:00Z"}), ""),
    ]
    for name, row, words in bad:
        run = month(write(folder, "facts.jsonl", facts_jsonl(*good, row)))
        report = json.loads(run.out)["imports"][0] if run.returncode == 0 else {}
        ok(report.get("skipped") == 1 and report.get("taken") == 2, f"{name}: the row is left out, the rest runs", run.err, report)
        notes = json.dumps(report.get("notes", []))
        ok('"line": 3' in notes and words in notes, f"{name}: the report says line and reason", notes)
        text = tenor("month", EXAMPLE, os.path.join(folder, "facts.jsonl"), "--month", "2026-03")
        ok("line 3" in text.out, f"{name}: so does the text", text.out[-1500:])
    outage = [fact("o", "ticket.logged", "2026-03-02T10:00:00Z", ticket="T-1", priority="P2"),
              fact("o", "outage.began", "2026-03-02T10:00:00Z", recorded_at="2026-03-02T10:01:00Z", outage="o7", assets=["firewall"], severity="down")]
    run = month(write(folder, "facts.jsonl", facts_jsonl(*outage)))
    uptime = [w for w in json.loads(run.out)["windows"] if w["metric"] == "uptime"] if run.returncode == 0 else [{}]
    ok("value" not in uptime[0], "an outage left out over its id makes no time up", run.err, uptime)
    early = [*good, fact("c", "ticket.logged", "2026-03-04T14:00:00Z", ticket="T-3", priority="P2"),
             fact("d", "ticket.restored", "2026-03-04T13:00:00Z", ticket="T-3")]
    run = month(write(folder, "facts.jsonl", facts_jsonl(*early)))
    ok(run.returncode == 0 and "out_of_order" in run.out, "a ticket resolved before it opened is void and listed", run.err)


def files(folder):
    with open(OWN, "rb") as f:
        csv = f.read()
    lines = csv.split(b"\n")
    cases = [
        ("an empty file", write(folder, "empty.csv", b""), 2, "is empty"),
        ("a wrong delimiter", write(folder, "semicolon.csv", csv.replace(b",", b";")), 2, "semicolon.csv"),
        ("UTF-16", write(folder, "utf16.csv", csv.decode().encode("utf-16")), 2, "UTF-16"),
        ("an unknown header", write(folder, "unknown.csv", b"a,b,c\n1,2,3\n"), 2, "tenor map"),
        ("a truncated gzip", write(folder, "cut.csv.gz", gzip.compress(csv)[:-20]), 2, "cut short"),
        ("a truncated zip", write(folder, "cut.zip", make_zip(folder, csv)[:-60]), 2, ""),
    ]
    whole = subprocess.run(["zstd", "-q", "-c"], input=csv * 50, capture_output=True)
    if whole.returncode == 0:
        cases.append(("a truncated zstd", write(folder, "cut.csv.zst", whole.stdout[:-7]), 2, "cut short"))
    for name, path, status, words in cases:
        run = month(path)
        ok(run.returncode == status and words in run.err and os.path.basename(path) in run.err, f"{name}: one clear message", run.err,
           run.returncode)
        ok(run.out == "", f"{name}: no statement")
        ok(not crashed(run), f"{name}: ends in order")
    run = month(write(folder, "utf8.csv", csv + lines[2].replace(b"provider", b"prov\xff\xfeider") + b"\n"))
    ok(run.returncode == 0 and "row.utf8" in run.out, "a broken UTF-8 row is left out, the rest runs", run.err, run.out[:300])
    run = month(OWN, extra=["--map", "statuspage"])
    ok(run.returncode == 0 and run.err == "--map statuspage fits none of the files and was not used\n", "a mapping not used is said", run.err)
    whole_run, zipped = month(OWN), month(write(folder, "whole.zip", make_zip(folder, csv)))
    ok(zipped.returncode == 0 and same_figures(whole_run, zipped), "a zip gives the same figures", zipped.err)
    ok(same_figures(whole_run, month(write(folder, "whole.csv.gz", gzip.compress(csv)))), "a gzip gives the same figures")
    run = tenor("month", EXAMPLE, "-", "--month", "2026-03", "--json", stdin=csv)
    ok(same_figures(whole_run, run), "standard input gives the same figures", run.err)


def same_figures(a, b):
    """The same cases with the same times; files and lines differ."""
    if a.returncode != 0 or b.returncode != 0:
        return False
    return cases(a) == cases(b) and json.loads(a.out)["credits"] == json.loads(b.out)["credits"]


def cases(run):
    return [{k: v for k, v in case.items() if "fact" not in k} for window in json.loads(run.out)["windows"] for case in window.get("cases", [])]


def make_zip(folder, csv):
    path = os.path.join(folder, "made.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("tickets.csv", csv)
    with open(path, "rb") as f:
        return f.read()


def nothing_happened():
    run = tenor("month", EXAMPLE, OWN, "--month", "2031-05")
    ok(run.returncode == 0 and "100 %" not in run.out and "100.0000 %" not in run.out, "a month with no facts never prints 100 %", run.out)
    ok("no facts" in run.out.lower() or "nothing" in run.out.lower(), "and says so", run.out)
    run = tenor("month", EXAMPLE, "--month", "2026-03")
    ok(run.returncode == 0 and "100 %" not in run.out, "nor does a month without any file", run.err, run.out[:600])


def large(folder):
    """A file larger than 2 GB runs. Rows are generated into a pipe, so no disk is needed; nightly takes the full size."""
    gigabytes = 2.2 if os.environ.get("TENOR_NIGHTLY") else 0.03
    if "asan" in os.environ.get("TENOR_KIND", ""):
        skip("a large file", "takes the sanitizers too long")
        return
    with open(OWN, "rb") as f:
        header = f.readline()
        row = f.readline()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "wb") as out:
            out.write(header)
            block = row * 4096
            for _ in range(int(gigabytes * 1e9 / len(block))):
                out.write(block)
        os._exit(0)
    os.close(writer)
    from program import TENOR
    with os.fdopen(reader, "rb") as pipe:
        run = subprocess.run([TENOR, "month", EXAMPLE, "-", "--month", "2026-03"], stdin=pipe, capture_output=True, timeout=3000)
    os.waitpid(child, 0)
    said = run.stderr.decode()
    ok(run.returncode == 0 or (run.returncode == 65 and "limit" in said), f"a file of {gigabytes} GB runs or names the limit", said)


with tempfile.TemporaryDirectory() as temporary:
    contracts(temporary)
    rows(temporary)
    files(temporary)
    nothing_happened()
    large(temporary)
done()
