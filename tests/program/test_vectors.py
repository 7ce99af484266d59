#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every published service-level vector through `tenor calc`.

TENOR names the program; TENOR_SHARED the folder with vectors/ (default ../shared beside
the checkout). What each status means is in the vectors' README 1.1: plain and generated cases must give `expect`, a quirk
`exact`, a convention `expect` and, under at_closing next_open, `alt_next_opening`. glpi_sla is composed here of other kinds.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILES = ("sla.json", "sla-generated.json")
SECONDS = {"minute": 60, "hour": 3600}


def calc(cases):
    """The answers of tenor calc, by id. Ids are numbered, so that a vector can be asked in several ways."""
    program = os.environ.get("TENOR", os.path.join(ROOT, "build", "dev", "tenor"))
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run([program, "calc"], input=lines, capture_output=True, text=True, check=False)
    answers = {}
    for line in done.stdout.splitlines():
        try:
            answer = json.loads(line)
            answers[answer["id"]] = answer["expect"]
        except (ValueError, KeyError):
            print("# no answer: " + line[:200])
    if done.returncode != 0 or len(answers) != len(cases):
        for line in done.stderr.splitlines()[:20]:
            print("# " + line)
        print("# %d of %d cases answered, exit status %d" % (len(answers), len(cases), done.returncode))
    return answers


def ask(kind, vector, case_id, **more):
    case = {"id": case_id, "kind": kind, "calendar": vector["calendar"]}
    case.update(more)
    return case


def move(vector, case_id, start, unit, n, end_of_day=False):
    """One step of GLPI: n minutes, hours or days from an instant."""
    if unit == "day":
        kind = "working_days_end_of_day" if end_of_day else "working_days_same_time"
        return ask(kind, vector, case_id, start=start, days=n)
    kind = "deadline" if n >= 0 else "deadline_before"
    return ask(kind, vector, case_id, start=start, duration_s=abs(n) * SECONDS[unit])


def glpi(vectors):
    """README 1.3: base, waiting time added after it, escalation; each step for all vectors at once."""
    got = {v["id"]: {} for v in vectors}
    cases = []
    for v in vectors:
        target = v["target"]
        cases.append(move(v, v["id"] + "/base", v["start"], target["unit"], target["n"], target["end_of_working_day"]))
        for i, (start, end) in enumerate(v["pauses"]):
            cases.append(ask("elapsed", v, "%s/pause/%d" % (v["id"], i), start=start, end=end))
    answers = calc(cases)
    cases = []
    for v in vectors:
        waiting = sum(answers["%s/pause/%d" % (v["id"], i)]["elapsed_s"] for i in range(len(v["pauses"])))
        got[v["id"]]["waiting_s"] = waiting
        got[v["id"]]["deadline"] = answers[v["id"] + "/base"]["deadline"]
        if waiting > 0:
            cases.append(ask("deadline", v, v["id"], start=got[v["id"]]["deadline"], duration_s=waiting))
    for case_id, answer in calc(cases).items():
        got[case_id]["deadline"] = answer["deadline"]
    cases = [move(v, v["id"], got[v["id"]]["deadline"], v["escalation"]["unit"], v["escalation"]["n"]) for v in vectors]
    for case_id, answer in calc(cases).items():
        got[case_id]["escalation_at"] = answer["deadline"]
    return got


def main():
    shared = os.environ.get("TENOR_SHARED", os.path.join(ROOT, "..", "shared"))
    folder = os.path.join(shared, "vectors")
    if not os.path.isdir(folder):
        print("1..0 # SKIP no vectors at hand")
        return 0
    vectors = []
    for name in FILES:
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            vectors += json.load(f)

    plain = [v for v in vectors if v["kind"] != "glpi_sla"]
    turned = [v for v in plain if "alt_next_opening" in v]
    answers = calc(plain)
    try:
        answers.update(glpi([v for v in vectors if v["kind"] == "glpi_sla"]))
    except KeyError as missing:
        print("# glpi_sla: no answer to %s" % missing)
    other = calc([dict(v, at_closing="next_open") for v in turned])

    checks = []
    for v in vectors:
        want = v["exact"] if v["status"] == "quirk" else v["expect"]
        checks.append((v["id"] + " " + v["kind"], answers.get(v["id"]), want))
    for v in turned:
        checks.append((v["id"] + " at the next opening", other.get(v["id"]), {"deadline": v["alt_next_opening"]}))

    failed = 0
    print("1..%d" % len(checks))
    for number, (name, got, want) in enumerate(checks, 1):
        good = got == want
        failed += not good
        print("%sok %d - %s" % ("" if good else "not ", number, name))
        if not good:
            print("#   got %s\n#  want %s" % (json.dumps(got), json.dumps(want)))
    print("# %d of %d checks passed, %d vectors" % (len(checks) - failed, len(checks), len(vectors)))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
