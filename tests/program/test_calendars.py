#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Calendars and their days off: what a contract's version in force says, with days proclaimed by facts; open or not held against a reckoning of its own;
as each role sees it, at the machine, over HTTP and on the pages.
"""

import csv
import datetime
import hashlib
import io
import json
import os
import random
import sys
import tempfile
import zoneinfo

sys.dont_write_bytecode = True
from api_bed import Bed
from program import done, ok
from record import CONTRACT, EXAMPLES, World
from site_bed import Person, Site

IN = ["--contract", CONTRACT]
UTC = datetime.timezone.utc
ICS = (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260502\r\n"
       b"SUMMARY:Moving day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
MORE = """  - id: weekend
    timezone: Europe/Berlin
    hours:
      - {id: sat, days: sat, open: ["10:00-12:00", "13:00-15:30"]}
      - {id: sun, days: sun, open: ["11:00-12:00"]}
    holidays: [{id: eve, yearly: "04-26"}, {id: party, date: "2026-04-25"}, {id: moves, ics: moves.ics}]
    replace: [{id: fair, date: "2026-04-25", open: ["08:00-09:00"]}]
"""
GOLDEN = """Calendars                                                                NW-2026

  OFFICE
  now             closed until Tue 14 Apr 08:00 EDT
  hours           Mon-Fri 08:00-18:00
  time zone       America/New_York
  days off from   us_federal: United States, federal government, days off of the
                  government, as recorded on 10 Apr 2026, HASHHASHHASH
  measured by it  response, resolution
  staffed by it   helpdesk
  also            the contract's business days

  Days off in 2026
  date         day  what                           from
  1 Jan 2026   Thu  New Year's Day                 us_federal
  19 Jan 2026  Mon  Birthday of Martin Luther      us_federal
                    King, Jr.
  16 Feb 2026  Mon  Washington's Birthday          us_federal
  10 Apr 2026  Fri  Late                           proclaimed on 10 Apr 2026,
                                                   too late to count
"""


def contract(w):
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    head = "    holidays: [{id: us, set: us_federal}]\n"
    assert text.count(head) == 1
    w.write("moves.ics", ICS)
    return w.write("two.yaml", text.replace(head, head + MORE).encode())


def start(folder):
    w = World(folder, "calendars")
    w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    w.must("client", "add", "northwind", "--name", "Northwind Clinic")
    w.must("contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--agreed", "2026-01-01T00:00Z")
    return w


def proclaim(w, date, name, calendar="office"):
    w.must("fact", "add", "calendar.exception", f"calendar={calendar}", f"date={date}", f"name={name}", *IN, "--at", "2026-04-10T13:00Z")


def cards(w, *args, **more):
    return {c["calendar"]: c for c in json.loads(w.must("calendars", *args, "--json", **more).out)["calendars"]}


def as_text(w):
    """Of the contract alone, then with what was proclaimed; in whole."""
    one = cards(w, *IN)["office"]
    ok(one["open"] and one["changes_at"] == "2026-04-10T22:00:00Z" and one["metrics"] == ["response", "resolution"] and one["services"] == ["helpdesk"], "a calendar", one)
    ok(not [x for x in one["days"] if x["kind"] == "proclaimed"], "before anything was proclaimed")
    proclaim(w, "2026-04-13", "Flood")
    proclaim(w, "2026-04-10", "Late")
    now = "2026-04-13T14:00:00Z"
    got = w.must("calendars", *IN, "--year", "2026", now=now).out
    want = GOLDEN.replace("HASHHASHHASH", one["sources"][0]["sha256"][:12])
    ok(got.replace("\u00a0", " ").startswith(want), "a contract's calendar in full", got)
    ok("13 Apr 2026" in got.replace("\u00a0", " ") and "Flood" in got and "2027" not in got, "with the day proclaimed, and of that year alone", got)
    days = {x["date"]: x for x in cards(w, *IN)["office"]["days"] if x["kind"] == "proclaimed"}
    ok(days["2026-04-13"]["acts"] and not days["2026-04-10"]["acts"] and days["2026-04-13"]["name"] == "Flood", "a day acts only after the one it was recorded on", days)
    ok(cards(w, *IN)["office"]["open"], "so what came too late closes nothing")
    every = json.loads(w.must("calendars", "--json", now=now).out)["calendars"][0]
    ok(every["open"] and not every["proclaimed"], "of all contracts the words alone count, and it says so", every)
    ok("proclaimed" in w.must("calendars", now=now).out, "to people, too")
    entries = [json.loads(x) for x in w.must("log", "show", *IN, "--json").out.splitlines()]
    flood = [x["entry"]["id"] for x in entries if x["entry"]["kind"] == "calendar.exception"][0]
    w.must("user", "add", "carl", "--role", "contract-manager")
    w.must("fact", "withdraw", flood, *IN)
    ok(not cards(w, *IN, now=now)["office"]["open"], "one person alone does not take it back")
    w.must("fact", "approve", json.loads(w.must("log", "show", *IN, "--json").out.splitlines()[-1])["entry"]["id"], *IN, "--as", "carl")
    left = cards(w, *IN, now=now)["office"]
    ok(left["open"] and [x["date"] for x in left["days"] if x["kind"] == "proclaimed"] == ["2026-04-10"], "withdrawn by two, it is gone", left["days"])


def amended(w):
    base = json.loads(w.must("contract", "show", *IN, "--json").out)["hash"]
    name = contract(w)
    with open(w.path(name), encoding="utf-8") as f:
        text = f.read()
    text = text.replace("\nparties:", f"\namends: {{base: \"{base}\", reason: More hours}}\n\nparties:", 1)
    w.write(name, text.encode())
    run = w("contract", "add", name, "--agreed", "2026-04-10T13:59Z", "--effective", "2026-04-12")
    if run.returncode != 0:
        raise RuntimeError(run.err)
    ok(list(cards(w, *IN)) == ["office"], "until it is in force the version before counts")
    now = "2026-04-20T12:00:00Z"
    got = cards(w, *IN, "--year", "2026", now=now)
    two = got["weekend"]
    ok(list(got) == ["office", "weekend"] and two["version"] == 2 and two["timezone"] == "Europe/Berlin" and not two["business"] and two["metrics"] == [],
       "then its own", two)
    ok([(x["date"], x["kind"], x.get("source"), x.get("open")) for x in two["days"]] ==
       [("2026-04-25", "day_off", "party", None), ("2026-04-25", "other_hours", None, ["08:00-09:00"]), ("2026-04-26", "day_off", "eve", None),
        ("2026-05-02", "day_off", "moves", None)], "each day with where it comes from", two["days"])
    ok([(s.get("yearly"), s.get("date"), s.get("file"), s.get("sha256")) for s in two["sources"]] ==
       [("04-26", None, None, None), (None, "2026-04-25", None, None), (None, None, "moves.ics", hashlib.sha256(ICS).hexdigest())], "sources", two["sources"])
    ok(not two["open"] and two["changes_at"] == "2026-04-25T06:00:00Z", "what replaces a day wins over the holiday", two)
    text = w.must("calendars", *IN, "--year", "2026", now=now).out
    ok("no service level" in text and "open 08:00-09:00" in text and "Sat 10:00-12:00, 13:00-15:30" in text, "as people read it", text)
    rows = list(csv.DictReader(io.StringIO(w.must("calendars", *IN, "--year", "2026", "--format", "csv", now=now).out)))
    ok([(x["kind"], x["days"], x["open"]) for x in rows if x["calendar"] == "weekend"][:3] ==
       [("hours", "sat", "10:00-12:00, 13:00-15:30"), ("hours", "sun", "11:00-12:00"), ("day_off", "2026-04-25", "")], "as CSV", rows[-8:])
    ok(sum(x["kind"] != "hours" for x in rows) == sum(len(c["days"]) for c in got.values()), "all days are rows")
    for form, begins in (("html", b"<!doctype html>"), ("pdf", b"%PDF-")):
        w.must("calendars", *IN, "--format", form, "-o", f"c.{form}", now=now)
        ok(w.bytes(f"c.{form}").startswith(begins), f"as {form}")
    for language, word in (("de", "Freie Tage in 2026"), ("fr", "Jours fermés en 2026")):
        ok(word in w.must("calendars", *IN, "--year", "2026", "--lang", language, now=now).out.replace("\u00a0", " "), f"in {language}")


def is_open(calendar, at):
    """By the lists of the answer itself, another way than by intervals."""
    local = at.astimezone(zoneinfo.ZoneInfo(calendar["timezone"]))
    date, clock = local.date().isoformat(), local.strftime("%H:%M:%S")
    of_day = [x for x in calendar["days"] if x["date"] == date]
    if any(x["kind"] == "proclaimed" and x["acts"] for x in of_day):
        return False
    ranges = [r for x in of_day if x["kind"] == "other_hours" for r in x["open"]]
    if not any(x["kind"] == "other_hours" for x in of_day) and not any(x["kind"] == "day_off" for x in of_day):
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        ranges = [r for h in calendar["hours"] if names[local.weekday()] in h["days"].split(",") for r in h["open"]]
    return any(r[:5] + ":00" <= clock < r[6:] + ":00" for r in ranges)


def reckoned(w):
    """Open, and when that changes, minute by minute from a list: over holidays, a change of the clocks and a day proclaimed."""
    draw = random.Random(20261127)
    proclaim(w, "2026-05-04", "Moving")
    wrong = []
    for _ in range(25):
        at = datetime.datetime(2026, 4, 13, tzinfo=UTC) + datetime.timedelta(minutes=draw.randrange(240 * 1440))
        for c in cards(w, *IN, now=at.strftime("%Y-%m-%dT%H:%M:%SZ")).values():
            step, is_now = at, is_open(c, at)
            while is_open(c, step) == is_now:
                step += datetime.timedelta(minutes=1)
            if (c["open"], c["changes_at"]) != (is_now, step.strftime("%Y-%m-%dT%H:%M:%SZ")):
                wrong.append((at.isoformat(), c["calendar"], c["open"], c["changes_at"], is_now, step.isoformat()))
    ok(not wrong, "25 moments: open or not, and until when", wrong[:5])


def mistakes(w):
    for args, says in ((["--year", "1969"], "no year"), (["--year", "x"], "no number"), (["--contract", "NX-1"], "NX-1"), (["--format", "odt"], "odt")):
        run = w("calendars", *args)
        ok(run.returncode != 0 and says in run.err, f"calendars {' '.join(args)} is refused", run.err)


def empty(folder):
    w = World(folder, "empty")
    w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    run = w.must("calendars")
    ok("0 contracts" in run.out and "No contract here has a calendar" in run.out, "none at all says so", run.out)
    ok(json.loads(w.must("calendars", "--json").out)["calendars"] == [] and len(w.must("calendars", "--format", "csv").out.splitlines()) == 1, "for programs, too")


def pages(folder):
    with Bed(folder) as bed:
        answer = bed.get("/api/v1/calendars", who="northwind")
        got = json.loads(answer.body)
        ok({c["contract"] for c in got["calendars"]} == {"NW-2026"}, "over HTTP a client has its own alone", got)
        ok({c["contract"] for c in json.loads(bed.get("/api/v1/calendars").body)["calendars"]} == {"NW-2026", "HS-2026"}, "the provider all")
        site = Site(bed)
        try:
            ana, owner = Person(site, "ana").sign_in(), Person(site, "owner").sign_in()
            status, _, page = ana.get("/c/NW-2026/calendars")
            ok(status == 200 and b"us_federal" in page and b"Thanksgiving" in page and b"/change" not in page, "a client's lead reads its contract's", status, page[-900:])
            ok(b'href="/c/NW-2026/calendars"' in ana.get("/c/NW-2026/terms")[2], "from the terms a link leads there")
            ok(ana.get("/c/HS-2026/calendars")[0] == 404 and ana.get("/settings/calendars")[0] in (403, 404), "not another's, nor all")
            owner.step_up()
            status, _, page = owner.get("/settings/calendars")
            ok(status == 200 and b'href="/c/NW-2026/calendars#calendar-office"' in page and b"/c/HS-2026/calendars" in page, "the provider's settings lead to each", status, page[-900:])
            ok(b'href="/settings/calendars"' in owner.get("/settings")[2], "from the settings a link leads there")
            status, head, page = owner.get("/c/NW-2026/calendars?format=csv")
            ok(status == 200 and head["content-type"].startswith("text/csv") and page.startswith(b"contract,version,calendar"), "as a file", status, head)
            ok(b'href="/c/NW-2026/change?at=calendars"' in owner.get("/c/NW-2026/calendars")[2], "who writes terms is led to a draft")
            status, _, page = owner.get("/c/NW-2026/change?at=calendars")
            ok(status == 200 and b'name="at" value="calendars"' in page, "which knows the block", page[-900:])
            status, head, page = owner.post("/c/NW-2026/change?at=calendars", contract="NW-2026", at="calendars")
            ok(status == 303 and head["location"].endswith("/form?at=calendars"), "and begins there", status, head, page[-600:])
            status, _, page = owner.get(head["location"])
            ok(status == 200 and b"calendars" in page and b"office" in page, "in the form", status, page[-600:])
        finally:
            site.stop()


with tempfile.TemporaryDirectory(prefix="tenor-calendars-") as folder:
    w = start(folder)
    as_text(w)
    amended(w)
    reckoned(w)
    mistakes(w)
    empty(folder)
    os.mkdir(os.path.join(folder, "site"))
    pages(os.path.join(folder, "site"))
done()
