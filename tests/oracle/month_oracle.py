#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A month of the ServiceNow log worked out a second time, by another method and from the file alone: minutes of office time are
counted one by one on a table of minutes, states are replayed per incident, nothing of the program is used. Shares, samples and
late incidents must be those of `tenor month`.

    month_oracle.py LOG.csv MONTH < statement.json      LOG as read by contracts/examples/servicenow.yaml in Europe/Rome
"""

import csv
import datetime
import json
import sys
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Rome")
UTC = datetime.timezone.utc
CLOSED = {(3, 28, 2016)}
YEARLY = {(1, 1), (5, 1), (12, 25)}
PRIORITY = {"1 - Critical": "P1", "2 - High": "P2", "3 - Moderate": "P3", "4 - Low": "P4"}
URGENCY = {"P1": 0, "P2": 1, "P3": 2, "P4": 3}
RESPONSE = {"P1": 30, "P2": 60, "P3": 240, "P4": 480}
RESOLUTION = {"P1": 240, "P2": 600, "P3": 3000, "P4": 6000}
ORIGIN = datetime.datetime(2016, 1, 1, tzinfo=UTC)


def minute(text):
    """D/M/YYYY HH:MM of the zone as minutes since the origin."""
    date, clock = text.split(" ")
    day, month, year = map(int, date.split("/"))
    hour, minutes = map(int, clock.split(":"))
    local = datetime.datetime(year, month, day, hour, minutes, tzinfo=ZONE)
    return int((local.astimezone(UTC) - ORIGIN).total_seconds()) // 60


def office_table(last):
    """open[m] says whether minute m is office time; count[m] is how many before m are."""
    count = [0] * (last + 1)
    total = 0
    for m in range(last):
        count[m] = total
        local = (ORIGIN + datetime.timedelta(minutes=m)).astimezone(ZONE)
        date = (local.month, local.day)
        holiday = date in YEARLY or (local.month, local.day, local.year) in CLOSED
        if local.weekday() < 5 and 8 <= local.hour < 18 and not holiday:
            total += 1
    count[last] = total
    return count


def replay(rows):
    """Events of one incident in order: (minute, kind, value)."""
    rows.sort(key=lambda r: (minute(r["sys_updated_at"]), int(r["sys_mod_count"])))
    logged = minute(rows[0]["opened_at"])
    events = [(logged, "logged", PRIORITY[rows[0]["priority"]])]
    state, priority = "New", rows[0]["priority"]
    for row in rows:
        at, now = minute(row["sys_updated_at"]), row["incident_state"]
        if row["priority"] != priority:
            events.append((at, "priority", PRIORITY[row["priority"]]))
            priority = row["priority"]
        if now in ("-100", state):
            continue
        events.append((at, "state", (state, now)))
        state = now
    return events


def main():
    log, month = sys.argv[1], sys.argv[2]
    statement = json.load(sys.stdin)
    with open(log, encoding="utf-8") as f:
        incidents = {}
        for row in csv.DictReader(f):
            incidents.setdefault(row["number"], []).append(row)
    events = {number: replay(rows) for number, rows in incidents.items()}
    last = max(e[-1][0] for e in events.values()) + 1
    count = office_table(last)
    year, mon = map(int, month.split("-"))
    window = [minute(f"1/{mon}/{year} 00:00"), minute(f"1/{mon % 12 + 1}/{year + mon // 12} 00:00")]
    responses = sum_up(window, (response(e, count) for e in events.values()))
    compare(statement, "response", responses)
    resolution_check(statement, events, count, window)


def response(events, count):
    """One clock: logged to the first answer (Active, Resolved or Closed by a person). Gives (settled, in time)."""
    logged = events[0][0]
    stop = next((at for at, kind, value in events if kind == "state" and value[1] in ("Active", "Resolved", "Closed")), None)
    changes = [(at, value) for at, kind, value in events if kind == "priority" and (stop is None or at < stop)]
    return judge(logged, stop, events[0][2], changes, RESPONSE, count, [])


def judge(start, stop, priority, changes, goals, count, pauses):
    """from_start with raising only (final: agreed): the strictest goal in force decides; a goal already over at the change is
    due at the change."""
    due = first_minute(start, goals[priority], count, pauses)
    for at, to in changes:
        if due is not None and at > due:
            break  # settled before
        if URGENCY[to] >= URGENCY[priority]:
            continue  # lowering waits for agreement, which the log does not record
        priority = to
        due = first_minute(start, goals[to], count, pauses)
        if due is not None and due < at:
            due = at
    if stop is not None and (due is None or stop <= due):
        return stop, True
    return due, False


def first_minute(start, goal, count, pauses):
    """The first instant (minute) at which goal minutes of unpaused office time lie behind it since start."""
    used, t = 0, start
    end = len(count) - 1
    while t < end:
        if count[t + 1] > count[t] and not any(a <= t < b for a, b in pauses):
            used += 1
            if used == goal:
                return t + 1
        t += 1
    return None


def sum_up(window, settled):
    samples = in_time = 0
    for at, kept in settled:
        if at is not None and window[0] <= at < window[1]:
            samples += 1
            in_time += kept
    return samples, in_time


def compare(statement, metric, ours):
    theirs = next(w for w in statement["windows"] if w["metric"] == metric)
    same = (theirs["samples"], theirs["in_time"]) == ours
    print(f"{'ok' if same else 'not ok'} - {metric}: {ours[1]} of {ours[0]} in time"
          + ("" if same else f"\n#   tenor says {theirs['in_time']} of {theirs['samples']}"))
    if not same:
        sys.exit(1)


def resolution_check(statement, events, count, window):
    """Incidents without reopening and without a pause or a change of priority: no rule but the clock itself."""
    theirs = next(w for w in statement["windows"] if w["metric"] == "resolution")
    verdicts = {case["about"]: case["state"] for case in theirs["cases"]}
    checked = wrong = 0
    for number, list_ in events.items():
        moves = [value for _, kind, value in list_ if kind == "state"]
        if any(kind == "priority" for _, kind, _ in list_) or any("Awaiting" in b for _, b in moves):
            continue
        stops = [at for at, kind, value in list_ if kind == "state" and value[1] in ("Resolved", "Closed")]
        if not stops or any(a in ("Resolved", "Closed") and b not in ("Resolved", "Closed") for a, b in moves):
            continue
        settled, kept = judge(list_[0][0], stops[0], list_[0][2], [], RESOLUTION, count, [])
        if not window[0] <= settled < window[1]:
            if number in verdicts:
                wrong += 1
                print(f"#   {number}: not a sample of the month by ours")
            continue
        checked += 1
        if verdicts.get(number) not in (("met",) if kept else ("missed", "breached")):
            wrong += 1
            print(f"#   {number}: ours {'met' if kept else 'missed'}, tenor {verdicts.get(number)}")
    print(f"{'not ok' if wrong else 'ok'} - resolution: {checked} plain incidents agree")
    sys.exit(1 if wrong else 0)


main()
