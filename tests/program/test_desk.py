#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is read day by day: today, deadlines, tickets, availability by day, a contract; as each role sees it, and held against the statement."""

import datetime
import json
import os
import re
import shutil
import tempfile

from program import crashed, done, ok
from record import CONTRACT, EXAMPLES, World

FOLDER = tempfile.mkdtemp(prefix="tenor-desk-")
IN = ["--contract", CONTRACT]
NOW = "2026-04-13T14:30:00Z"
w = World(FOLDER, "desk").northwind()
w.must("user", "add", "desk", "--role", "service-desk")
w.must("user", "add", "books", "--role", "finance")
w.must("user", "add", "alice", "--role", "signer", *IN)
w.must("user", "add", "joe", "--role", "it-lead", *IN, "--as", "alice")
w.must("user", "add", "bill", "--role", "billing", *IN, "--as", "alice")


def fact(who, kind, *fields, at, now="2026-04-10T14:05:00Z"):
    return w.must("fact", "add", kind, *fields, *IN, "--at", at, "--as", who, now=now)


def answer(*args, now=NOW):
    return json.loads(w.must(*args, "--json", now=now).out)


fact("joe", "ticket.logged", "ticket=T-900", "service=helpdesk", "priority=P2", "via=person", "summary=Printer on fire", "words=It burns",
     at="2026-04-10T13:00Z")
fact("desk", "ticket.message", "ticket=T-900", "visibility=internal", "author=human", "words=They let it burn again", at="2026-04-10T13:30Z")
fact("desk", "ticket.assigned", "ticket=T-900", "technician=t7", at="2026-04-10T13:40Z")
fact("joe", "ticket.logged", "ticket=T-901", "service=helpdesk", "priority=P3", "via=person", "summary=Slow mail", at="2026-04-10T13:10Z")
fact("desk", "ticket.message", "ticket=T-901", "author=human", "visibility=public", "asks=true", "words=Which mailbox?", at="2026-04-10T13:20Z")
fact("desk", "ticket.waiting_client", "ticket=T-901", at="2026-04-10T13:20Z")
fact("desk", "ticket.message", "ticket=T-902", "author=human", at="2026-04-10T13:20Z")  # of a ticket that was never logged

# --- today ---

t = answer("today")
sections = {s["section"]: s["items"] for s in t["sections"]}
ok(list(sections) == ["clocks", "deadlines", "statements", "invoices", "disputes", "facts", "payments", "waiting", "told"], "today has its sections in order",
   list(sections))
late = sections["clocks"]
ok([(x["kind"], x["about"], x["metric"]) for x in late][:2] == [("clock_late", "T-900", "response"), ("clock_late", "T-900", "resolution")],
   "late clocks come first, the longest late before the others", late)
ok(late[0]["left_ms"] == late[0]["goal_ms"] - late[0]["used_ms"] and late[0]["late"], "what is left is what was promised less what is used", late[0])
ok([x["about"] for x in sections["statements"]] == ["2026-01", "2026-02", "2026-03"], "closed months without a statement wait", sections["statements"])
parked = sections["invoices"]
ok([(x["kind"], x["about"], x["amount"]) for x in parked] == [("parked", "periods", "5772.00")] and "service periods" in parked[0]["why"],
   "a parked draft says why", parked)
for item in [x for s in sections.values() for x in s if "command" in x]:
    ok(item["command"].startswith("tenor ") and CONTRACT in item["command"] or "invoice show" in item["command"], f"{item['kind']} names its command", item)
w.must(*late[0]["command"].split()[1:], now=NOW)

client = answer("today", "--as", "joe")
kinds = {x["kind"] for s in client["sections"] for x in s["items"]}
ok(not kinds & {"statement_to_issue", "invoice_to_issue", "parked", "unapplied", "duplicate"}, "a client is not told what only the provider does", kinds)
help_desk = answer("today", "--as", "desk")
ok([s["section"] for s in help_desk["sections"] if "withheld" in s] == ["statements", "invoices", "disputes", "payments", "waiting"] and
   not any("amount" in x for s in help_desk["sections"] for x in s["items"]), "without MONEY_READ nothing of money is told", help_desk)
w.must("statement", *IN, "--month", "2026-03", "--issue", "-o", w.path("s.html"), now=NOW)
ok([x["about"] for s in answer("today", "--as", "joe")["sections"] for x in s["items"] if x["kind"] == "statement_to_review"] == ["2026-03"],
   "an issued statement is the client's to read")
ok("2026-03" not in [x["about"] for s in answer("today")["sections"] for x in s["items"] if x["kind"] == "statement_to_issue"], "and no longer to issue")

# facts that wait: contested, for a second person
fact("joe", "fact.contested", "fact=f015", "reason=no", at="2026-04-12T13:00Z", now=NOW)
w.must("fact", "correct", "f023", "--at", "2026-03-12T10:45", *IN, "--as", "desk", now=NOW)
waiting = {x["kind"]: x for s in answer("today")["sections"] if s["section"] == "facts" for x in s["items"]}
ok({"contested", "second_person"} <= set(waiting), "facts that wait for somebody are told", waiting)
ok("fact approve" in waiting["second_person"]["command"] and waiting["second_person"]["who"] == "provider", "with whose turn it is", waiting)

# --- deadlines ---

d = answer("deadlines")
days = [x["due"] for x in d["deadlines"]]
ok(days == sorted(days) and {"report"} <= {x["kind"] for x in d["deadlines"]}, "deadlines stand by day", d)
statement = answer("statement", *IN, "--month", "2026-04", "--as-of", NOW, now=NOW)
open_then = {(x["kind"], x["at"]) for x in statement["deadlines"] if x["state"] == "open" and x["at"] >= NOW}
ok({(x["kind"], x["due"]) for x in d["deadlines"] if x["kind"] in ("report", "claim", "right", "obligation", "non_renewal")} == open_then,
   "they are those of the statement", (d["deadlines"], open_then))
ics = w.must("deadlines", "--format", "ics", now=NOW).stdout
later = w.must("deadlines", "--format", "ics", now="2026-04-14T14:30:00Z").stdout
uids = re.findall(rb"UID:(\S+)", ics)
ok(ics.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and ics.endswith(b"END:VCALENDAR\r\n") and b"\n" not in ics.replace(b"\r\n", b""),
   "a calendar's lines end with CRLF")
ok(all(len(line) <= 75 for line in ics.split(b"\r\n")), "and are folded at 75 octets")
ok(len(uids) == len(set(uids)) == len(d["deadlines"]) and uids == re.findall(rb"UID:(\S+)", later), "each deadline keeps a UID of its own", uids)
rows = w.must("deadlines", "--format", "csv", now=NOW).out.splitlines()
ok(len(rows) == 1 + len(d["deadlines"]) and rows[0].startswith("contract,client,kind,about,what,who,due"), "deadlines as CSV", rows[:2])
for args, says in ((["--days", "0"], "1 to 90"), (["--days", "91"], "1 to 90"), (["--format", "vcal"], "ics"), (["--format", "ics", "--json"], "both given")):
    run = w("deadlines", *args, now=NOW)
    ok(run.returncode == 64 and says in run.err, f"deadlines {' '.join(args)} is refused", run.err)

# --- tickets ---

tickets = answer("ticket", "list", *IN)
ok([x["ticket"] for x in tickets["tickets"]] == ["T-900", "T-901"] and tickets["matching"] == 2, "open tickets, the next due first", tickets)
first, second = tickets["tickets"]
ok((first["summary"], first["technician"], first["late"], first["next"]["metric"]) == ("Printer on fire", "t7", True, "response"), "what a ticket is", first)
ok(second["state"] == "waiting_client" and second["next"]["state"] == "paused", "one that waits says so", second)
ok("summary" not in answer("ticket", "list", *IN, "--as", "books")["tickets"][0], "without PERSONAL_READ no words")
every = answer("ticket", "list", *IN, "--state", "all", "--limit", "1000", "--sort", "id")["tickets"]
ids = [x["ticket"] for x in every]
ok(ids == sorted(ids) and "T-902" not in ids and len(ids) == 18, "all tickets by id; none that was never logged", ids)
for order in ("due", "logged", "priority", "id"):
    whole = [x["ticket"] for x in answer("ticket", "list", *IN, "--state", "all", "--limit", "1000", "--sort", order)["tickets"]]
    pages, after = [], []
    while True:
        page = answer("ticket", "list", *IN, "--state", "all", "--limit", "4", "--sort", order, *after)
        pages += [x["ticket"] for x in page["tickets"]]
        if "after" not in page or len(pages) > 50:
            break
        after = ["--after", page["after"]]
    ok(pages == whole and sorted(whole) == ids, f"pages by {order} make the whole list", (pages, whole))
opened = {x["ticket"] for x in answer("ticket", "list", *IN)["tickets"]}
closed = {x["ticket"] for x in answer("ticket", "list", *IN, "--state", "closed", "--limit", "1000")["tickets"]}
ok(opened | closed == set(ids) and not opened & closed, "open and closed are all, and nothing is both")
p1 = [x for x in every if x.get("priority") == "P1"]
ok([x["ticket"] for x in answer("ticket", "list", *IN, "--state", "all", "--priority", "P1", "--sort", "id")["tickets"]] == [x["ticket"] for x in p1] != [],
   "by priority")
ok([x["ticket"] for x in answer("ticket", "list", *IN, "--technician", "t7")["tickets"]] == ["T-900"], "by technician")
march = answer("statement", *IN, "--month", "2026-03", now=NOW)
missed = {c["about"] for m in march["windows"] for c in m.get("cases", []) if c["state"] == "missed"}
listed = {x["ticket"] for x in answer("ticket", "list", *IN, "--state", "closed", "--late", "--limit", "1000")["tickets"]}
ok(missed and missed <= listed, "what the statement calls late, is listed late", (missed, listed))
for args, says in ((["--state", "ajar"], "open, closed, all, waiting_client"), (["--sort", "mood"], "due, logged, priority or id"), (["--priority", "P9"], "priority 'P9'"),
                   (["--limit", "0"], "1 to 1000"), (["--limit", "1001"], "1 to 1000")):
    run = w("ticket", "list", *IN, *args, now=NOW)
    ok(run.returncode == 64 and says in run.err, f"ticket list {' '.join(args)} is refused", run.err)
run = w("ticket", "list", *IN, "--after", "T-1", now=NOW)
ok(run.returncode == 64 and "is not in this list" in run.err, "--after an unknown ticket is told", run.err)
ok("No such ticket." in w.must("ticket", "list", *IN, "--technician", "nobody", now=NOW).out, "an empty list says so")

one = answer("ticket", "show", "T-900", *IN)
ok([f["fact"] for f in one["facts"]] == ["ticket.logged", "ticket.message", "ticket.assigned"], "a ticket's facts in order", one["facts"])
ok(one["facts"][0]["fields"]["words"] == "It burns" and one["facts"][1]["fields"]["words"] == "They let it burn again", "with their words")
ok(one["facts"][1]["who"] == "desk" and not one["facts"][0]["who"].startswith("u_"), "people by name for whoever may read names", one["facts"])
seen = answer("ticket", "show", "T-900", *IN, "--as", "joe")["facts"]
ok(seen[1]["who"].startswith("u_") and not seen[0]["who"].startswith("u_"), "to a client its own people, the provider's opaque", seen)
ok("u_" not in w.must("ticket", "show", "T-900", *IN, "--as", "joe", now=NOW).out, "and a reader is told the side instead of an opaque id")
seen = answer("ticket", "show", "T-900", *IN, "--as", "joe")
ok([f["fact"] for f in seen["facts"]] == ["ticket.logged", "ticket.assigned"], "internal notes are not the client's", seen["facts"])
for form in ("text", "html"):
    ok("burn again" not in w.must("ticket", "show", "T-900", *IN, "--as", "joe", "--format", form, now=NOW).out, f"nor in {form}")
blind = answer("ticket", "show", "T-900", *IN, "--as", "books")
ok(all("words" not in f["fields"] and "summary" not in f["fields"] for f in blind["facts"]) and blind["facts"][0]["withheld"] == "PERSONAL_READ",
   "without PERSONAL_READ words are kept back, and that is said", blind["facts"])
clock = {c["metric"]: c for c in one["clocks"]}["response"]
ran = sum((datetime.datetime.fromisoformat(p["to"]) - datetime.datetime.fromisoformat(p["from"])).total_seconds() * 1000
          for p in clock["pieces"] if p["kind"] == "ran")
ok(ran == clock["used_ms"] and clock["pieces"][0]["from"] == clock["started"], "the pieces of a clock are what it used", clock)
cover = answer("ticket", "show", "T-901", *IN)["cover"]
ok(cover["clause"] and cover["included"] and isinstance(cover["extra"], list), "it says what the contract covers, by its clause", cover)
ok(all("price" not in x and "left" not in x for x in answer("ticket", "show", "T-901", *IN, "--as", "desk")["cover"]["extra"]), "prices and hours are for those who read amounts")
page = w.must("ticket", "show", "T-901", *IN, "--format", "html", now=NOW).out
ok("ticket.logged" not in page and "author=" not in page and "waiting_client" not in page, "a page says what happened in words", page[:400])
waits = {c["metric"]: c for c in answer("ticket", "show", "T-901", *IN)["clocks"]}["resolution"]
ok([p["waited_for"] for p in waits["pieces"] if p["kind"] == "paused"] == ["ticket.waiting_client"], "a pause says what it waits for", waits["pieces"])
ok("<svg" in w.must("ticket", "show", "T-900", *IN, "--format", "html", now=NOW).out, "a page draws the clock")
ok({c["window"] for c in answer("ticket", "show", "T-114", *IN)["credits"]} <= {"2026-03"}, "credits of a late ticket")
run = w("ticket", "show", "T-99", *IN, now=NOW)
ok(run.returncode == 66 and "there is no ticket 'T-99'" in run.err, "an unknown ticket is told, and the nearest", run.err)

# --- availability ---

a = answer("availability", *IN, "--month", "2026-03")
uptime = a["metrics"][0]
window = next(x for x in answer("statement", *IN, "--month", "2026-03", now=NOW)["windows"]
              if x["metric"] == uptime["metric"] and x["label"] == "2026-03")
DAY = 86400000
names = ("up_ms", "down_ms", "degraded_ms", "excused_ms", "unknown_ms", "unagreed_ms", "dropped_ms")
whole = [sum(day.get(n, 0) for n in names) for day in uptime["days"]]
ok(len(uptime["days"]) == 31 and all(ms == (DAY - 3600000 if day["day"] == "2026-03-08" else DAY) for ms, day in zip(whole, uptime["days"])),
   "each day of the month is told whole; the one that the clocks went forward has 23 hours", whole)
down = sum(day.get("down_ms", 0) for day in uptime["days"])
ok(down == window["availability"]["down_ms"], "what was down each day is what the statement counts", (down, window["availability"]))
ok(sum(x["counted_ms"] for x in uptime["outages"]) == down, "and what the outages count", uptime["outages"])
ok(len(uptime["components"]) >= 2 and all(len(c["days"]) == 31 for c in uptime["components"]), "each component by day", [c["component"] for c in uptime["components"]])
ok(all("clause" in p for p in uptime["pieces"] if p["state"] == "excused"), "what is excluded names its clause", uptime["pieces"])
ok(len(a["maintenance"]) > 0 and all(m["from"] < m["to"] for m in a["maintenance"]), "announced maintenance", a["maintenance"])
ok(all(m["cancelled"] or ("refused" in m) == (m["notice_ms"] < m["needed_ms"]) or m["refused"] == "outside_window" for m in a["maintenance"]),
   "with the notice given and needed, and what an announcement that excuses nothing lacks", a["maintenance"])
half = answer("availability", *IN)
ok(len(half["metrics"][0]["days"]) == 13, "of a month that runs, the days that have begun", len(half["metrics"][0]["days"]))
page = w.must("availability", *IN, "--month", "2026-03", "--format", "html", now=NOW).out
ok(page.count("<svg") >= 1 + len(uptime["components"]), "a page draws a strip each", page.count("<svg"))
rows = w.must("availability", *IN, "--month", "2026-03", "--format", "csv", now=NOW).out.splitlines()
ok(len(rows) == 1 + 31 * (1 + len(uptime["components"])), "availability as CSV", rows[:2])
run = w("availability", *IN, "--month", "2026-05", now=NOW)
ok(run.returncode == 64 and "lies ahead" in run.err, "a month ahead is refused", run.err)

# --- the contract ---

c = answer("contract", "show", *IN)
clauses = [x for doc in c["documents"] for x in doc["clauses"]]
ok(c["contract"] == CONTRACT and c["state"] == "in_force" and len(c["versions"]) == 1 and c["hash"] == c["versions"][0]["hash"], "what is in force", c["versions"])
ok(len(clauses) > 3 and all("{{" not in x["text"] for x in clauses), "references in the words are their values", clauses)
ok(len({x["anchor"] for x in clauses}) == len(clauses), "each clause has an anchor of its own")
anchors = {x["anchor"] for x in clauses}
ok(all(x["anchor"] in anchors for x in c["terms"] if "anchor" in x), "a term leads to its clause")
paths = {x["path"]: x for x in c["terms"]}
ok(paths["contract.currency"]["value"] == "USD", "terms by path", list(paths)[:5])
blind = answer("contract", "show", *IN, "--as", "desk")
money = {x["path"] for x in blind["terms"] if "withheld" in x}
ok(money and all("value" not in x for x in blind["terms"] if x["path"] in money), "prices need MONEY_READ", money)
words = " ".join(x["text"] for doc in blind["documents"] for x in doc["clauses"])
ok(not [p for p in money if re.search(rf"(?<![\d.]){re.escape(paths[p]['value'])}(?![\d.])", words)], "also in the words of clauses", words)
page = w.must("contract", "show", *IN, "--format", "html", now=NOW).out
ok(all(f'id="{x}"' in page for x in anchors), "a page has an anchor for each clause")
lists = [x for c in clauses for x in re.findall(r"\[([a-z_.]+)\]", c["text"])]
ok(lists and not [x for x in lists if f"[{x}]" in page] and all(f"<caption><code>{x}</code>" in page or f"<code>{x}</code></caption>" in page for x in lists),
   "a list stands where the words ask for it", lists)
ok(w("contract", "show", *IN, "--version", "2", now=NOW).returncode == 66, "an unknown version is told")
ok(answer("contract", "show", *IN, "--version", "2026-02-01")["version"] == 1, "by a day")
ok(w("contract", "show", *IN, "--version", "x", now=NOW).returncode == 64, "a word is no version")

# --- every form and language; nobody else's ---

CALLS = (["today"], ["deadlines"], ["ticket", "list", *IN], ["ticket", "show", "T-900", *IN], ["availability", *IN], ["contract", "show", *IN])
for call in CALLS:
    for lang in ("en", "de", "fr"):
        for form in ("text", "html", "pdf"):
            run = w(*call, "--lang", lang, "--format", form, now=NOW)
            ok(run.returncode == 0 and len(run.stdout) > 100 and not crashed(run), f"{' '.join(call)} in {lang} as {form}", run.err)
w.must("client", "add", "south", "--name", "South", now=NOW)
with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
    w.write("south.yaml", f.read().replace("NW-2026", "SO-2026").encode())
w.must("contract", "add", "south.yaml", "--client", "south", "--agreed", "2026-01-01T00:00Z", now=NOW)
for call in (["today"], ["deadlines"]):
    ok("SO-2026" not in w.must(*call, "--as", "joe", now=NOW).out and "SO-2026" in w.must(*call, now=NOW).out, f"{call[0]} shows a client its own contract only")
for call in (["today", "--contract"], ["deadlines", "--contract"], ["ticket", "list", "--contract"], ["ticket", "show", "T-900", "--contract"],
             ["availability", "--contract"], ["contract", "show", "--contract"]):
    foreign, unknown = w(*call, "SO-2026", "--as", "joe", now=NOW), w(*call, "XX-2026", "--as", "joe", now=NOW)
    ok(foreign.returncode == unknown.returncode == 66 and foreign.err.replace("SO-", "XX-") == unknown.err, f"{call[0]}: another's contract is an unknown one",
       (foreign.err, unknown.err))

# --- hours that cost nothing more ---

w = World(FOLDER, "hours")
with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
    care = re.search(r"^  - \{id: care, type: recurring.*$", text := f.read(), re.M).group(0)
w.write("contract.yaml", text.replace(care, care + """
  - {id: labour, type: time, clause: order.fees, unit: hour, price: "140.00 USD", period: 1mo, service: helpdesk, included: {qty: 2, per: 1mo}}
  - {id: block, type: prepaid, clause: order.fees, amount: "600.00 USD", hours: 5, period: 1mo, bill: advance, draws_for: [labour], at_end: forfeit}""").encode())
w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
w.must("client", "add", "northwind", "--name", "Northwind Clinic")
w.must("contract", "add", "contract.yaml", "--agreed", "2026-01-01T00:00Z")
w.must("user", "add", "desk", "--role", "service-desk")
w.must("fact", "add", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P3", *IN, "--at", "2026-04-02T13:00Z")


def left():
    return {x.get("bought_by"): x["minutes"] for x in answer("ticket", "show", "T-1", *IN)["cover"]["extra"][0]["left"]}


ok(left() == {None: 120, "block": 300}, "two hours of the month are included, five were bought", left())
w.must("fact", "add", "work.recorded", "entry=W-1", "minutes=90", "charge=labour", "ticket=T-1", *IN, "--at", "2026-04-03T13:00Z")
ok(left() == {None: 30, "block": 300}, "work uses up what is included first", left())
w.must("fact", "add", "work.recorded", "entry=W-2", "minutes=90", "charge=labour", "ticket=T-1", *IN, "--at", "2026-04-07T13:00Z")
ok(left() == {None: 0, "block": 240}, "then what was bought", left())
ok("4 h of the hours bought ahead left" in " ".join(w.must("ticket", "show", "T-1", *IN, now=NOW).out.split()), "and it reads so")
ok("left" not in answer("ticket", "show", "T-1", *IN, "--as", "desk")["cover"]["extra"][0], "who reads no amounts sees no hours")

# --- what the client's yes comes to ---

ASKING = """tenor: "1"
contract: {id: BK-1, title: Moving house, currency: USD, timezone: America/New_York, business_calendar: office}
documents: [{id: order, kind: order, title: Order, clauses: [{id: fees, heading: Fees, text: "{{table:charges}}"}]}]
parties:
  provider: {legal_name: Harbor IT LLC, jurisdiction: US-DE, notice: {email: p@p.example}, contacts: [{id: p1, name: Ann, roles: [billing, signatory]}]}
  client: {legal_name: Bakery Inc, jurisdiction: US-NY, notice: {email: c@c.example}, contacts: [{id: c1, name: Bo, roles: [billing, executive]}]}
calendars: [{id: office, hours: [{id: w, days: mon-fri, open: ["08:00-18:00"]}]}]
services:
  - {id: care, name: Care, calendar: always, out_of_scope: {charge: extra, approval: client_portal}}
  - {id: build, name: Building, calendar: always, out_of_scope: {charge: paid, approval: client_portal}}
term: {effective_date: "2026-01-01", initial: 60mo}
charges:
  - id: phones
    type: per_unit
    clause: order.fees
    name: Phones
    unit: phone
    count: orders
    count_at: average_daily
    period: 1mo
    bill: arrears
    prorate: actual_days
    tier_mode: graduated
    tiers: [{id: t1, up_to: 5, price: "40.00 USD"}, {id: t2, price: "30.00 USD"}]
  - {id: extra, type: time, clause: order.fees, name: Extra work, unit: hour, price: "120.00 USD", period: 1mo, bill: arrears, increment: 30min, minimum: 1h, increment_rounding: up}
  - {id: paid, type: time, clause: order.fees, name: Building, unit: hour, price: "90.00 USD", period: 1mo, bill: arrears}
  - {id: block, type: prepaid, clause: order.fees, name: Ten hours, amount: "500.00 USD", hours: 10, period: 1mo, bill: advance, draws_for: [paid], at_end: forfeit}
  - {id: install, type: one_time, clause: order.fees, name: Installation, amount: "700.00 USD", due: acceptance, acceptance: {reject_within: 10bd}}
"""
w = World(FOLDER, "asking")
w.write("contract.yaml", ASKING.encode())
w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
w.must("client", "add", "bakery", "--name", "Bakery Inc")
w.must("contract", "add", "contract.yaml", "--agreed", "2025-12-20T00:00Z")
w.must("user", "add", "sam", "--role", "signer", "--contract", "BK-1")
w.must("user", "add", "desk", "--role", "service-desk")


def tell(kind, *fields, at="2026-04-11T14:00:00Z", who=()):
    return w.must("fact", "add", kind, *fields, "--contract", "BK-1", "--at", at, *who, now=NOW)


def asked(about, *who):
    found = [x for s in answer("today", "--contract", "BK-1", "--about", about, *who)["sections"] for x in s["items"]]
    ok([x["about"] for x in found] == [about] or who, f"asked about {about}, today tells of that alone", found)
    return found[0] if found else {}


def comes_to(about):
    return [(x["charge"], x["from"], x["to"], x["amount"]) for x in asked(about)["comes_to"]]


for n, service in ((1, "care"), (2, "build")):
    tell("ticket.logged", f"ticket=T-{n}", f"service={service}", at="2026-04-02T13:00:00Z")
tell("order.placed", "order=O-1", "charge=phones", "quantity=3", at="2026-04-01T14:00:00Z", who=("--as", "sam"))
tell("order.placed", "order=O-2", "charge=phones", "quantity=4", at="2026-04-11T04:00:00Z")
tell("work.recorded", "entry=W-1", "minutes=40", "charge=extra", "ticket=T-1")
tell("work.recorded", "entry=W-2", "minutes=90", "charge=paid", "ticket=T-2")
tell("milestone.delivered", "milestone=install", "charge=install", at="2026-04-10T14:00:00Z")
# 3 have 40.00 each; 4 more fill the first five at 40.00, the others cost 30.00: 140.00 a month. April: 20 of 30 days, 2.6667 on average: 2 at 40.00, 0.6667 at 30.00
ok(comes_to("O-2") == [("Phones", "2026-04-01", "2026-04-30", "100.00"), ("Phones", "2026-05-01", "2026-05-31", "140.00")],
   "an order: this month's share and a whole month, each with the tiers that it reaches", comes_to("O-2"))
ok(comes_to("W-1") == [("Extra work", "2026-04-01", "2026-04-30", "120.00")], "work out of scope: the least time at its price", comes_to("W-1"))
ok(comes_to("W-2") == [], "work that hours paid ahead cover comes to nothing more", comes_to("W-2"))
ok(comes_to("install") == [("Installation", "2026-04-10", "2026-04-10", "700.00")], "what is paid once is accepted: its amount", comes_to("install"))
ok(asked("W-1")["service"] == "care" and asked("install")["what"].endswith("Installation (install)"), "of work the service is named, of a delivery its words", asked("install"))
ok("comes_to" not in asked("O-2", "--as", "desk"), "who reads no amounts is told none")
before = json.loads(w.must("invoice", "preview", "--contract", "BK-1", "--on", "2026-05-01", "--json", now=NOW).out)
tell("order.approved", "order=O-2", who=("--as", "sam"), at=NOW)
after = json.loads(w.must("invoice", "preview", "--contract", "BK-1", "--on", "2026-05-01", "--json", now=NOW).out)
net = [sum(round(100 * float(line["net"])) for line in x["invoice"]["lines"] if line["charge"] == "phones") for x in (before, after)]
ok(net[1] - net[0] == 10000, "and once it is approved the invoice has just that more", net)

shutil.rmtree(FOLDER)
done()
