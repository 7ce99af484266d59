#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A month or a quarter over each of the real logs of the reference data, with the contracts of contracts/examples. What can be
known independently is compared: counts that the data's own description gives, an oracle's shares, Upptime's own figures."""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile

from program import SANITIZED, crashed, done, note, ok, shared, skip, tenor

EXAMPLES = "contracts/examples"


def unpacked(path, folder):
    out = os.path.join(folder, os.path.basename(path)[:-4])
    with open(out, "wb") as f:
        subprocess.run(["zstd", "-dc", path], check=True, stdout=f)
    return out


def statement(*args):
    run = tenor("month", *args, "--json")
    ok(run.returncode == 0 and not crashed(run), f"month {' '.join(os.path.basename(a) for a in args)}", run.err)
    return json.loads(run.out) if run.returncode == 0 else {"windows": [], "imports": [{}], "credits": []}


def servicenow(folder):
    packed = shared("data/incidents/uci-servicenow-incident-event-log.csv.zst")
    if packed is None:
        skip("ServiceNow log", "no reference data")
        return
    log = unpacked(packed, folder)
    got = statement(f"{EXAMPLES}/servicenow.yaml", log, "--month", "2016-03", "--zone", "Europe/Rome")
    report = got["imports"][0]
    ok(report.get("rows") == 59354, "59,354 rows were read", report.get("rows"))
    by = {w["metric"]: w for w in got["windows"]}
    ok(all(0 < w["in_time"] < w["samples"] for w in by.values()), "both promises have cases in time and late ones")
    ok(len(got["credits"]) >= 1, "and a credit follows")
    if not SANITIZED:
        oracle = subprocess.run([sys.executable, "tests/oracle/month_oracle.py", log, "2016-03"], input=json.dumps(got), text=True,
                                capture_output=True)
        ok(oracle.returncode == 0, "an oracle that counts minutes comes to the same shares", oracle.stdout, oracle.stderr)
        note(oracle.stdout.strip().replace("\n", "; "))
    again = shared("data/incidents/uci-servicenow-reexport-5998rows.csv.zst")
    part = os.path.join(folder, "first.csv")
    with open(log, encoding="utf-8") as f, open(part, "w", encoding="utf-8") as out:
        out.writelines(line for _, line in zip(range(5999), f))
    month = ["--month", "2016-03", "--zone", "Europe/Rome"]
    a = statement(f"{EXAMPLES}/servicenow.yaml", part, *month)
    b = statement(f"{EXAMPLES}/servicenow.yaml", unpacked(again, folder), *month)
    ok([w["samples"] for w in a["windows"]] == [w["samples"] for w in b["windows"]]
       and [w["in_time"] for w in a["windows"]] == [w["in_time"] for w in b["windows"]], "the spreadsheet's re-export gives the same shares")


def statuspage():
    transitions = shared("data/outages/github-statuspage-component-transitions.jsonl.zst")
    if transitions is None:
        skip("status page", "no reference data")
        return
    maintenance = shared("data/outages/github-statuspage-scheduled-maintenance.jsonl.zst")
    got = statement(f"{EXAMPLES}/github-status.yaml", transitions, maintenance, "--period", "2024-Q1", "--map", f"{EXAMPLES}/github-status.map")
    ok([r.get("rows") for r in got["imports"]] == [2134, 30], "2,134 transitions and 30 announcements were read")
    ok(len(got["windows"]) == 3 and all("value" in w for w in got["windows"]), "three availabilities have a value")
    check_down(got, transitions)


def check_down(got, transitions):
    """Downtime of `git` alone, replayed here: the component's own stretches of outage inside the quarter."""
    text = subprocess.run(["zstd", "-dc", transitions], capture_output=True, check=True, text=True).stdout
    names = {"8l4ygp009s5s": "git", "kr09ddfgbfsf": "issues", "hhtssxt0f5v2": "pulls"}
    down = {"partial_outage", "major_outage"}
    quarter = ("2024-01-01T00:00:00.000Z", "2024-04-01T00:00:00.000Z")
    state, since, spans = {}, {}, []
    for row in map(json.loads, text.splitlines()):
        name = names.get(row["component_id"])
        if name is None:
            continue
        at = row["component_updated_at"]
        if state.get(name) in down and row["new"] not in down:
            spans.append((since[name], at))
        if row["new"] in down and state.get(name) not in down:
            since[name] = at
        state[name] = row["new"]
    import datetime
    def ms(t):
        return round(datetime.datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp() * 1000)
    cut = sorted((max(ms(a), ms(quarter[0])), min(ms(b), ms(quarter[1]))) for a, b in spans if a < quarter[1] and b > quarter[0])
    total, reach = 0, 0
    for a, b in cut:
        total += max(0, b - max(a, reach))
        reach = max(reach, b)
    core = next(w for w in got["windows"] if w["metric"] == "core")
    ok(core["availability"]["down_ms"] == total, "downtime of git, issues and pulls is the union of their outages", core["availability"].get("down_ms"), total)


def upptime(folder):
    packed = shared("data/outages/upptime-manticore-checks.csv.zst")
    if packed is None:
        skip("Upptime", "no reference data")
        return
    got = statement(f"{EXAMPLES}/upptime.yaml", packed, "--month", "2026-08", "--map", f"{EXAMPLES}/upptime.map")
    ok(got["imports"][0].get("rows") == 336, "336 checks were read", got["imports"][0].get("rows"))
    with open(shared("data/outages/upptime-agreement.tsv"), encoding="utf-8") as f:
        minutes = {r["monitor"]: float(r["minutes_down_from_checks"]) for r in csv.DictReader(io.StringIO(f.read()), delimiter="\t")
                   if r["site"] == "manticore"}
    names = ["manual", "community-forum", "catalog-search", "chat"]
    sites = next(w for w in got["windows"] if w["metric"] == "sites")
    for name, member in zip(names, sites["availability"].get("components", [])):
        ours = member["down_ms"] / 60000
        ok(abs(ours - minutes[name]) < 0.06, f"{name}: {ours:.1f} min down, as the replayed checks have", minutes[name])
    ok(len(sites["availability"].get("components", [])) == 4, "each of the four sites is shown alone")


with tempfile.TemporaryDirectory() as temporary:
    servicenow(temporary)
    statuspage()
    upptime(temporary)
done()
