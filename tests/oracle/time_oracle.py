#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent second opinion on service calendars.

Random cases (seed printed; --seed N repeats a run) go to `tenor calc` and are answered here by another method: no prefix sums, no
search. Each local date is turned into intervals with datetime and zoneinfo when a walk reaches it, and the walk goes from interval
to interval, spending time as it goes. Standard library only; zoneinfo reads the same tzdata by its own reader.
"""
import argparse
import bisect
import calendar as months
import json
import os
import random
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = (
    "UTC", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "America/St_Johns", "America/Havana",
    "America/Santiago", "America/Nuuk", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Istanbul",
    "Africa/Casablanca", "Africa/Cairo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Asia/Tehran", "Asia/Gaza", "Asia/Beirut",
    "Australia/Lord_Howe", "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati",
    "Pacific/Apia", "Pacific/Norfolk",
)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
KINDS = (
    ("deadline", 6), ("elapsed", 6), ("deadline_paused", 3), ("elapsed_paused", 2), ("deadline_before", 3), ("next_open", 1),
    ("prev_open", 1), ("next_open_segments", 1), ("working_days_same_time", 1), ("working_days_end_of_day", 1),
    ("days_same_time_then_forward", 1), ("availability_states", 1),
)
FAR = 40 * 366  # dates a walk may cross; no case here is closed that long


# --- what the rules say, one date at a time -------------------------------------------------------------------------------------


def seconds(moment):
    return (moment - EPOCH) // timedelta(seconds=1)


def shown(t):
    return (EPOCH + timedelta(seconds=t)).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_utc(zone, wall):
    """Seconds of a naive local time: of two the first, and one that does not exist moves forward by the gap (fold=0 does both)."""
    return seconds(wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc))


def minutes(text):
    return int(text[:2]) * 60 + int(text[3:])


class Calendar:
    """Open intervals of a local date, and walks over dates in either direction."""

    def __init__(self, spec):
        self.spec = spec
        self.zone = ZoneInfo(spec["tz"])
        self.known = {}

    def local(self, t):
        return (EPOCH + timedelta(seconds=t)).astimezone(self.zone).replace(tzinfo=None)

    def exists(self, d):
        """Was there such a date? Samoa had no 30 December 2011."""
        first = to_utc(self.zone, datetime(d.year, d.month, d.day))
        return self.local(first).date() == d

    def hours(self, d):
        """Open minutes of the date as a set: slow and plain."""
        spec = self.spec
        if d.isoformat() in spec.get("holidays", ()) or d.strftime("%m-%d") in spec.get("holidays_yearly", ()):
            return []
        ranges = spec["week"].get(DAYS[d.weekday()], [])
        ranges = spec.get("date_overrides", {}).get(d.isoformat(), ranges)
        ranges = [[minutes(a), minutes(b)] for a, b in ranges]
        for a, b in spec.get("date_breaks", {}).get(d.isoformat(), []):
            a, b = minutes(a), minutes(b)
            ranges = [part for x, y in ranges for part in ([x, min(y, a)], [max(x, b), y]) if part[0] < part[1]]
        return sorted(ranges)

    def day(self, d):
        """UTC intervals of the date, in order."""
        if d not in self.known:
            out = []
            if self.exists(d):
                midnight = datetime(d.year, d.month, d.day)
                for a, b in self.hours(d):
                    x, y = (to_utc(self.zone, midnight + timedelta(minutes=m)) for m in (a, b))
                    if x < y:
                        out.append((x, y))
            self.known[d] = sorted(out)
        return self.known[d]

    def forward(self, t):
        """Disjoint open intervals from t on, cut at t. Two dates are held back until no later one can overlap them."""
        d = self.local(t).date() - timedelta(days=3)
        held = []
        for _ in range(FAR):
            held = sorted(held + self.day(d))
            d += timedelta(days=1)
            bound = seconds(datetime(d.year, d.month, d.day, tzinfo=timezone.utc)) - 2 * 86400
            while held and held[0][1] < bound:
                x, y = held.pop(0)
                while held and held[0][0] <= y:
                    y = max(y, held.pop(0)[1])
                if y >= bound:
                    held.insert(0, (x, y))
                    break
                if y > t:
                    yield max(x, t), y
        raise RuntimeError("closed for too long")

    def backward(self, t):
        """Disjoint open intervals before t, last first, cut at t."""
        d = self.local(t).date() + timedelta(days=3)
        held = []
        for _ in range(FAR):
            held = sorted(held + self.day(d), key=lambda s: s[1])
            d -= timedelta(days=1)
            bound = seconds(datetime(d.year, d.month, d.day, tzinfo=timezone.utc)) + 3 * 86400
            while held and held[-1][0] > bound:
                x, y = held.pop()
                while held and held[-1][1] >= x:
                    x = min(x, held.pop()[0])
                if x <= bound:
                    held.append((x, y))
                    break
                if x < t:
                    yield x, min(y, t)
        raise RuntimeError("closed for too long")

    def works(self, d):
        return bool(self.day(d))

    def advance(self, d, n):
        step = timedelta(days=1 if n >= 0 else -1)
        n = abs(n)
        while n > 0:
            d += step
            if self.works(d):
                n -= 1
        return d


def without(intervals, pauses):
    """Intervals, in order, minus pauses in any order."""
    for x, y in intervals:
        parts = [(x, y)]
        for a, b in pauses:
            if a >= b:
                continue
            parts = [p for u, v in parts for p in ((u, min(v, a)), (max(u, b), v)) if p[0] < p[1]]
        yield from parts


# --- answers --------------------------------------------------------------------------------------------------------------------


def spend(intervals, wanted, next_open):
    """The instant at which wanted seconds have been spent; wanted 0 is the first instant there is."""
    for x, y in intervals:
        if wanted == 0:
            return x
        if wanted < y - x or (wanted == y - x and not next_open):
            return x + wanted
        wanted -= y - x
    raise RuntimeError("nothing left to spend")


def spend_back(intervals, wanted):
    for x, y in intervals:
        if wanted == 0:
            return y
        if wanted < y - x:
            return y - wanted
        if wanted == y - x:
            return x
        wanted -= y - x
    raise RuntimeError("nothing left to spend")


def elapsed(cal, start, end, pauses):
    total = 0
    if end <= start:
        return 0
    for x, y in without(cal.forward(start), pauses):
        if x >= end:
            break
        total += min(y, end) - x
    return total


def parse(text):
    return seconds(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc))


def working_day(cal, case, start):
    """GLPI's count of working days (vectors README 1.3) and biz's."""
    kind, wall = case["kind"], cal.local(start)
    d, midnight = wall.date(), datetime.min
    was_closed = not cal.works(d)
    if kind == "days_same_time_then_forward":
        d = cal.advance(d, case["days"])
        t = to_utc(cal.zone, datetime.combine(d, wall.time()))
        return next(x for x, _ in cal.forward(t))
    if was_closed:
        d = cal.advance(d, 1)
    d = cal.advance(d, case["days"])
    opening, closing = cal.day(d)[0][0], max(y for _, y in cal.day(d))
    if kind == "working_days_end_of_day":
        return closing
    if was_closed:
        return opening
    return min(closing, to_utc(cal.zone, datetime.combine(d, wall.time())))


def availability(case):
    """Second by second."""
    start, end = case["window"]
    times = [s["t"] for s in case["states"]]
    known = problem = 0
    for t in range(start, end):
        i = bisect.bisect_right(times, t)
        if i > 0:
            state = case["states"][i - 1]["state"]
        elif times:
            state = case["states"][0]["prev"]
        else:
            state = case["current_state"] or 0
        # The piece of t ends at the next change within the window; if that comes from "unknown", nobody knows.
        nxt = next((s for s in case["states"][i:] if s["t"] < end), None)
        if nxt is not None and nxt["prev"] == 99:
            continue
        known += 1
        if state not in (0, 99) and not any(a <= t < b for a, b in case["downtimes"]):
            problem += 1
    if known == 0:
        return None
    parts = (2 * (known - problem) * 1000000 + known) // (2 * known)
    return parts / 10000


def answer(case, calendars):
    kind = case["kind"]
    if kind == "availability_states":
        return {"ok_percent": availability(case)}
    key = json.dumps(case["calendar"], sort_keys=True)
    cal = calendars.setdefault(key, Calendar(case["calendar"]))
    start = parse(case["start"])
    pauses = [(parse(a), parse(b)) for a, b in case.get("pauses", [])]
    next_open = case.get("at_closing") == "next_open"
    if kind in ("deadline", "deadline_paused"):
        return {"deadline": shown(spend(without(cal.forward(start), pauses), case["duration_s"], next_open))}
    if kind == "deadline_before":
        return {"deadline": shown(spend_back(cal.backward(start), case["duration_s"]))}
    if kind in ("elapsed", "elapsed_paused"):
        return {"elapsed_s": elapsed(cal, start, parse(case["end"]), pauses)}
    if kind == "next_open":
        return {"at": shown(spend(cal.forward(start), 0, False))}
    if kind == "prev_open":
        return {"at": shown(spend_back(cal.backward(start), 0))}
    if kind == "next_open_segments":
        walk = cal.forward(start)
        return {"segments": [[shown(x), shown(y)] for x, y in (next(walk) for _ in range(case["count"]))]}
    return {"deadline": shown(working_day(cal, case, start))}


# --- cases ----------------------------------------------------------------------------------------------------------------------


def clock(m):
    return "%02d:%02d" % (m // 60, m % 60)


def random_ranges(rng):
    """One to three ranges; steps of 1, 15 or 30 minutes, sometimes the whole day or nights and the hours of a switch."""
    pick = rng.random()
    if pick < 0.1:
        return [["00:00", "24:00"]]
    if pick < 0.2:
        return [["00:00", "06:00"], ["22:00", "24:00"]]
    if pick < 0.3:
        a = rng.randrange(0, 8) * 30
        return [[clock(a), clock(a + rng.choice((15, 30, 45, 60, 90)))]]
    step = rng.choice((1, 15, 30))
    cuts = sorted(rng.sample(range(0, 1440 // step + 1), 2 * rng.choice((1, 1, 2, 3))))
    return [[clock(cuts[i] * step), clock(cuts[i + 1] * step)] for i in range(0, len(cuts), 2)]


def random_date(rng, years=(2005, 2036)):
    y, m = rng.randint(*years), rng.randint(1, 12)
    return date(y, m, rng.randint(1, months.monthrange(y, m)[1]))


def random_calendar(rng, year):
    days = rng.choice((DAYS[:5], DAYS[:5], DAYS[:6], DAYS, rng.sample(DAYS, rng.randint(1, 6))))
    same = random_ranges(rng)
    spec = {"tz": rng.choice(ZONES), "week": {d: same if rng.random() < 0.7 else random_ranges(rng) for d in days}}
    near = lambda: random_date(rng, (year, year + 1)).isoformat()
    if rng.random() < 0.6:
        spec["holidays"] = sorted({near() for _ in range(rng.randint(1, 20))})
    if rng.random() < 0.4:
        spec["holidays_yearly"] = sorted({random_date(rng, (2024, 2024)).strftime("%m-%d") for _ in range(rng.randint(1, 5))} | {"02-29"})
    # Some of the dates with hours of their own are holidays too, so that what wins is asked.
    closed = spec.get("holidays") or [near()]
    some = lambda: rng.choice(closed) if rng.random() < 0.3 else near()
    if rng.random() < 0.3:
        spec["date_overrides"] = {some(): rng.choice(([], random_ranges(rng))) for _ in range(rng.randint(1, 8))}
    if rng.random() < 0.3:
        spec["date_breaks"] = {some(): random_ranges(rng) for _ in range(rng.randint(1, 8))}
    return spec


def switches(zone, year, known):
    """Instants of the year at which the zone's offset changes, found by halving."""
    if (zone, year) not in known:
        info, found = ZoneInfo(zone), []
        offset = lambda t: (EPOCH + timedelta(seconds=t)).astimezone(info).utcoffset()
        t = seconds(datetime(year, 1, 1, tzinfo=timezone.utc))
        for _ in range(53):
            lo, hi = t, t + 7 * 86400
            if offset(lo) != offset(hi):
                while hi - lo > 1:
                    mid = (lo + hi) // 2
                    lo, hi = (lo, mid) if offset(mid) != offset(lo) else (mid, hi)
                found.append(hi)
            t += 7 * 86400
        known[zone, year] = found
    return known[zone, year]


def random_instant(rng, zone, year, known):
    near = switches(zone, year, known)
    if near and rng.random() < 0.4:
        return rng.choice(near) + rng.randint(-3 * 86400, 3 * 86400)
    t = seconds(datetime(year, 1, 1, tzinfo=timezone.utc)) + rng.randrange(365 * 86400)
    return t - t % rng.choice((1, 60, 900, 1800))


def random_states(rng):
    a = rng.randint(0, 500)
    b = a + rng.randint(1, 600)
    times = sorted(rng.randint(0, 1200) for _ in range(rng.randint(0, 8)))
    # The last second is always known, so that no case asks for a share of nothing.
    states = [{"t": t, "state": rng.choice((0, 0, 2, 99, 1)), "prev": rng.choice((0, 2, 99, 1))} for t in times]
    downtimes = [[x, x + rng.randint(0, 200)] for x in (rng.randint(0, 1200) for _ in range(rng.randint(0, 4)))]
    return {"calendar": None, "window": [a, b], "states": states, "downtimes": downtimes, "current_state": rng.choice((None, 0, 2))}


def make_case(rng, number, kind, spec, year, known):
    case = {"id": "o-%d" % number, "kind": kind}
    if kind == "availability_states":
        case.update(random_states(rng))
        return case
    zone = spec["tz"]
    start = random_instant(rng, zone, year, known)
    case.update(calendar=spec, start=shown(start))
    if "deadline" in kind:
        longest = rng.choice((3600, 8 * 3600, 80 * 3600, 400 * 3600))
        case["duration_s"] = rng.choice((0, rng.randrange(1, longest), rng.randrange(1, longest // 900 + 1) * 900))
    if kind in ("deadline", "deadline_paused") and rng.random() < 0.3:
        case["at_closing"] = rng.choice(("close", "next_open"))
    if kind.startswith("elapsed"):
        case["end"] = shown(start + rng.choice((rng.randint(-86400, 86400), rng.randint(0, 14 * 86400), rng.randint(0, 500 * 86400))))
    if kind.endswith("paused"):
        case["pauses"] = []
        for _ in range(rng.randint(0, 5)):
            x = start + rng.randint(-86400, 10 * 86400)
            case["pauses"].append([shown(x), shown(x + rng.choice((rng.randint(0, 7200), rng.randint(0, 4 * 86400))))])
    if kind == "next_open_segments":
        case["count"] = rng.randint(1, 12)
    if "days" in kind:
        case["days"] = rng.randint(1, 40) if kind.endswith("forward") else rng.randint(-40, 40)
    return case


def make_cases(rng, count):
    """Cases with their answers. Calendars serve several cases each, so that a walk's dates are worked out once."""
    names, weights = zip(*KINDS)
    cases, known = [], {}
    while len(cases) < count:
        year = rng.randint(2006, 2045)
        spec, calendars = random_calendar(rng, year), {}
        for _ in range(rng.randint(5, 30)):
            case = make_case(rng, len(cases), rng.choices(names, weights)[0], spec, year, known)
            try:
                want = answer(case, calendars)
            except RuntimeError:
                continue  # a calendar that hardly ever opens: no question for a walk
            if want.get("ok_percent", 0) is None:
                continue
            cases.append((case, want))
    return cases[:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tenor", default=os.environ.get("TENOR", "build/dev/tenor"), help="the program to ask")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run")
    parser.add_argument("--count", type=int, default=20000, help="how many cases")
    args = parser.parse_args()
    seed = args.seed if args.seed is not None else int.from_bytes(os.urandom(6), "big")
    print("# --seed %d --count %d" % (seed, args.count))

    cases = make_cases(random.Random(seed), args.count)
    lines = "".join(json.dumps(case) + "\n" for case, _ in cases)
    done = subprocess.run([args.tenor, "calc"], input=lines, capture_output=True, text=True, check=False)
    answers = {}
    for line in done.stdout.splitlines():
        try:
            got = json.loads(line)
            answers[got["id"]] = got["expect"]
        except (ValueError, KeyError):
            print("# no answer: " + line[:200])

    tally = {}
    for case, want in cases:
        total, wrong = tally.setdefault(case["kind"], [0, []])
        tally[case["kind"]][0] = total + 1
        if answers.get(case["id"]) != want:
            wrong.append((case, answers.get(case["id"]), want))
    print("1..%d" % (len(tally) + 1))
    failed = done.returncode != 0 or len(answers) != len(cases)
    print("%sok 1 - %d of %d cases answered" % ("not " if failed else "", len(answers), len(cases)))
    for line in done.stderr.splitlines()[:10]:
        print("# " + line)
    for number, kind in enumerate(sorted(tally), 2):
        total, wrong = tally[kind]
        print("%sok %d - %s: %d of %d agree" % ("not " if wrong else "", number, kind, total - len(wrong), total))
        for case, got, want in wrong[:3]:
            print("# %s\n#   got %s\n#  want %s" % (json.dumps(case), json.dumps(got), json.dumps(want)))
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
