#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Alerts of all of a record (sla.md section 8): budgets, credits, claims, caps, reports, rights, duties; what a correction takes back (R71); both
sides at one instant (R72); groups, threads and old history (R75); pauses that wait for the client; what nobody acknowledged (R74)."""

import json
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from mail_bed import BASE, START, at, news_bed, outbox, query, quiet
from program import done, ok
from smtp_server import Smtp

DAY = 24 * 60
MAY = 20 * DAY + 14 * 60  # 1 May, midnight in New York: 04:00Z
CLAIMS = ("    combine: sum\n", "    combine: sum\n    claim: {mode: claim, within: 10d, from: window_end}\n")


def day(d, hour=14):
    """Minutes to that hour (UTC) of a day of May."""
    return MAY + (d - 1) * DAY + (hour - 4) * 60


def only(got, *kinds):
    return [x for x in got if x[0] in kinds]


def last_of(w, minutes, kind):
    rows = [json.loads(line) for line in w.must("log", "show", "--contract", "NW-2026", "--json", now=at(minutes)).out.splitlines()]
    return [r for r in rows if r["entry"]["kind"] == kind][-1]["entry"]["id"]


def credits(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "credits", smtp, *CLAIMS)
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    told(1)
    ok(only(told(50), "budget") == [], "a quarter of what April allows is down: nobody is told yet", [m["Subject"] for m in w.told])
    seen = []
    for m in range(55, 260, 5):
        seen += [(m, *x) for x in only(told(m), "budget")]
    steps = sorted({m for m, _, _ in seen})
    ok([{p for m, _, p in seen if m == s} for s in steps] == [{"lena"}, {"joe", "lena"}, {"joe", "lena"}, {"joe", "lena"}],
       "half of it tells the desk; three quarters, nine tenths and all of it both sides", seen)
    rows = [r for r in outbox(w, now=at(260)) if r["kind"] == "budget"]
    ok(all(len({r["made_at"] for r in rows if r["made_at"] == x["made_at"]}) == 1 for x in rows) and len({r["made_at"] for r in rows}) == 4,
       "copies of both sides are entered at one instant (R72)", rows)
    fact(300, "lena", "outage.ended", "outage=O-1")
    told(310)
    ok(only(told(MAY - 1), "credit", "claim") == [], "while April runs no credit has arisen", [m["Subject"] for m in w.told])
    got = told(MAY + 5)
    ok(only(got, "credit") == [("credit", "fred"), ("credit", "joe")], "with its end those of money are told at both sides", got)
    text = next(m.text for m in w.told if "credit" in m["Subject"])
    ok(f"{BASE}/c/NW-2026/statement/2026-04\n" in text and "USD" not in text and not re.search(r"\d[.,]\d\d\b", text), "with the month and no amount", text)
    ok(only(told(day(5, 3)), "claim") == [], "an hour more than seven days before its end nothing is said of the claim")
    got = told(day(5, 5))
    ok(only(got, "claim") == [("claim", "fred"), ("claim", "joe")], "seven days before it is", got)
    claim = next(m for m in w.told if "claimed" in m["Subject"])
    ok("12 May 2026" in claim.text.replace("\u00a0", " ") and "00:00" not in claim.text, "with the last instant", claim.text)
    ok(only(told(day(11, 3)), "claim") == [] and only(told(day(11, 5)), "claim") == [("claim", "fred"), ("claim", "joe")], "and one day before again")
    ok(only(told(day(12, 5)), "lapsed", "claim") == [("lapsed", "fred"), ("lapsed", "joe")], "unclaimed it lapses, and both are told")
    ok(only(told(day(14)), "credit", "claim", "lapsed") == [], "once ever (R71)")
    ok(only(told(day(15, 6)), "credit") == [("credit", "fred"), ("credit", "joe")], "the report is late, which is a credit of its own")
    smtp.stop()


def claimed(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "claimed", smtp, *CLAIMS)
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    fact(300, "lena", "outage.ended", "outage=O-1")
    ok(only(told(day(2)), "credit") == [("credit", "fred"), ("credit", "joe")], "a credit to claim")
    fact(day(3), "sig", "credit.claimed", "window=2026-04")
    got = sum((told(day(d)) for d in (4, 5, 6, 10, 11, 12, 13)), [])
    ok(only(got, "claim", "lapsed", "withdrawn") == [], "claimed in time, nothing closes, lapses or is taken back", got)
    smtp.stop()


def withdrawn(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "withdrawn", smtp)
    told(0)
    fact(1, "joe", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P1", "via=person", "summary=down")
    told(24)
    ok(("target", "sig") in told(32), "a breach is told")
    fact(33, "lena", "ticket.message", "ticket=T-1", "author=human", "visibility=public", "words=on it", ago=20)
    got = told(40)
    ok(only(got, "withdrawn") == [("withdrawn", "joe"), ("withdrawn", "lena"), ("withdrawn", "sig")],
       "an answer before the deadline, recorded after it: whoever was told hears that it does not hold (R71)", got)
    fact(121, "lena", "ticket.message", "ticket=T-1", "author=human", "visibility=public", "words=still on it")
    ok(only(told(130), "withdrawn") == [], "once")
    fact(200, "lena", "outage.began", "outage=O-9", "assets=firewall")
    told(200)
    w.must("fact", "withdraw", last_of(w, 200, "outage.began"), "--contract", "NW-2026", "--as", "lena", now=at(201))
    got = told(202)
    ok(only(got, "withdrawn") == [], "a withdrawal that waits for a second person takes nothing back", got)
    w.must("fact", "approve", last_of(w, 202, "fact_withdrawn"), "--contract", "NW-2026", now=at(203))
    ok(only(told(203) + told(210), "withdrawn") == [("withdrawn", "joe"), ("withdrawn", "lena")], "approved it does: the outage was none", [m["Subject"] for m in w.told])
    smtp.stop()


def taken_back(folder):
    """A credit that a correction takes away."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "back", smtp)
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    fact(300, "lena", "outage.ended", "outage=O-1")
    ok(only(told(day(2)), "credit") == [("credit", "fred"), ("credit", "joe")], "a credit has arisen")
    w.must("fact", "correct", last_of(w, day(2), "outage.ended"), "--at", at(20), "--contract", "NW-2026", "--as", "lena", now=at(day(2) + 1))
    w.must("fact", "approve", last_of(w, day(2) + 1, "outage.ended"), "--contract", "NW-2026", now=at(day(2) + 2))
    told(day(2) + 2)
    got = told(day(2) + 10) + told(day(2) + 20)
    ok(only(got, "withdrawn") == [("withdrawn", "fred"), ("withdrawn", "joe"), ("withdrawn", "lena")],
       "the outage was short: of the credit and of the budget those who were told hear that they do not hold", got)
    smtp.stop()


def rights(folder):
    """A chronic right, the contract's own alerts of a pattern and of a cap, the report."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "rights", smtp, "misses: 3, out_of: 6, exercise_within: 60d}", "misses: 1, out_of: 1, exercise_within: 20d}")
    w.must("user", "mail", "owner", "owner@mail.example", now=at(0))
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    fact(300, "lena", "outage.ended", "outage=O-1")
    got = told(MAY + 10)
    ok(only(got, "right") == [("right", "owner"), ("right", "sig")], "a right that arose is told to the executives of both sides", got)
    ok(only(told(day(6)), "right_ends") == [], "fifteen days before its end: nothing")
    ok(only(told(day(7, 6)), "right_ends") == [("right_ends", "owner"), ("right_ends", "sig")], "fourteen before: both")
    ok(only(told(day(17)), "right_ends") == [] and only(told(day(18, 6)), "right_ends") == [("right_ends", "owner"), ("right_ends", "sig")], "three before: both")
    ok(only(told(day(30)), "right", "right_ends") == [], "and no more")
    smtp.stop()


def reports(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "reports", smtp)
    w.must("user", "mail", "owner", "owner@mail.example", now=at(0))
    told(0)
    fact(1, "rita", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P3", "via=person", "summary=Printer")
    seen = []
    for d in range(1, 19):
        seen += [(d, *x) for x in only(told(day(d)), "report", "report_late") if any("2026-04" in m["Subject"] for m in w.told)]
    ok([x for x in seen if x[1] == "report"] == [(8, "report", "owner"), (14, "report", "owner")],
       "five working days and one before a report is due, whoever manages the contract (without one, the owner)", seen)
    ok([x for x in seen if x[1] == "report_late"] == [(16, "report_late", "joe"), (16, "report_late", "owner")] or
       [x[1:] for x in seen if x[1] == "report_late"] == [("report_late", "joe"), ("report_late", "owner")], "when it is late the client's IT lead, too", seen)
    smtp.stop()


def contract_asks(folder):
    """sla.alerts of a pattern and of a cap (contract-language.md): whom the contract names, beside those who are told anyway."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "asks", smtp, "    - {id: month, per: calendar_month, pct: 15%, of: month_charges}",
                             "    - {id: month, per: calendar_month, pct: 2%, of: month_charges}")
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    fact(300, "lena", "outage.ended", "outage=O-1")
    got = told(MAY + 10)
    ok(only(got, "cap") == [("cap", "fred"), ("cap", "joe")], "a cap that cuts is told to those of money", got)
    smtp.stop()
    smtp = Smtp()
    w, fact, told = news_bed(folder, "rule", smtp, "    - {id: month, per: calendar_month, pct: 15%, of: month_charges}",
                             "    - {id: month, per: calendar_month, pct: 2%, of: month_charges}", "    - {id: breach, event: breach",
                             "    - {id: cap, event: cap_reached, to: [provider.technician]}\n    - {id: breach, event: breach")
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    fact(300, "lena", "outage.ended", "outage=O-1")
    got = told(MAY + 10)
    ok(only(got, "cap") == [("cap", "fred"), ("cap", "joe"), ("cap", "tom")], "and to whom the contract names", got)
    ok(("credit", "tom") not in got, "but not of what it does not name", got)
    smtp.stop()
    smtp = Smtp()
    w, fact, told = news_bed(folder, "pattern", smtp, "misses: 3, out_of: 6, exercise_within: 60d}", "misses: 1, out_of: 1, exercise_within: 20d}",
                             "    - {id: breach, event: breach", "    - {id: again, event: pattern, to: [provider.technician]}\n    - {id: breach, event: breach")
    told(0)
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    fact(300, "lena", "outage.ended", "outage=O-1")
    ok(only(told(MAY + 10), "right") == [("right", "sig"), ("right", "tom")], "a pattern likewise; the owner has no address", [m.to for m in w.told])
    smtp.stop()


def groups(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "groups", smtp)
    told(0)
    both = [("outage", "joe"), ("outage", "lena")]
    fact(1, "lena", "outage.began", "outage=O-1", "assets=records")
    ok(only(told(1), "outage") == both, "an outage is told to both")
    first = next(m for m in w.told)
    fact(2, "lena", "outage.began", "outage=O-2", "assets=firewall")
    fact(3, "joe", "alert.acknowledged", "event=O-1")
    fact(3, "lena", "alert.acknowledged", "event=O-1")
    ok(only(told(4), "outage") == [], "another component of the same group is no alert of its own (R75)", [x.to for x in w.told])
    fact(10, "lena", "outage.ended", "outage=O-1")
    ok(only(told(10), "outage") == [], "nor is its end, while the group is down")
    fact(12, "lena", "outage.ended", "outage=O-2")
    ok(only(told(12), "outage") == both, "the end of all of them is")
    fact(20, "lena", "outage.began", "outage=O-3", "assets=records")
    got = only(told(20), "outage")
    ok(got == both and w.told[0]["References"] == first["References"] and first["References"].endswith("@acme.example>"),
       "within fifteen minutes it goes on in the same thread", got, [m["References"] for m in w.told])
    fact(21, "lena", "outage.ended", "outage=O-3")
    told(21)
    fact(60, "lena", "outage.began", "outage=O-4", "assets=records")
    ok(only(told(60), "outage") == both and w.told[0]["References"] != first["References"], "later it is another")
    smtp.stop()


def old(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "old", smtp)
    told(0)
    lines = "".join(json.dumps({"kind": "ticket.logged", "id": f"L{i}", "occurred_at": "2026-03-02T15:00:00Z", "ticket": f"T-{i}", "service": "helpdesk", "priority": "P3", "via": "person"}) + "\n"
                    + json.dumps({"kind": "ticket.closed", "id": f"C{i}", "occurred_at": "2026-03-02T16:00:00Z", "ticket": f"T-{i}"}) + "\n" for i in range(40))
    w.write("many.jsonl", lines.encode())
    w.must("import", "--contract", "NW-2026", "many.jsonl", "--as", "lena", now=at(1))
    told(1)
    got = only(told(7), "old", "ticket", "target", "more")
    ok(got == [("old", "joe"), ("old", "lena")], "old history is one mail to each side (R75)", got)
    count = int(re.search(r"told (\d+) times", next(m.text for m in w.told if "Old history" in m["Subject"])).group(1))
    ok(count >= 80, "which says how much of it there is", count)
    ok(only(told(30), "old") == [], "once")
    smtp.stop()


def levels(folder):
    smtp = Smtp()
    w, fact, told = news_bed(folder, "levels", smtp)
    told(0)
    fact(1, "joe", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P2", "via=person", "summary=slow")
    told(10)
    told(62)
    rows = [r for r in outbox(w, now=at(62)) if r["kind"] == "level" and r["state"] == "waits"]
    ok(rows and all(r["due_at"] == "2026-04-11T08:00:00Z" for r in rows), "half of a time used up waits for the morning", outbox(w, now=at(62))[-3:])
    got = only(told(18 * 60), "level")
    ok(got == [("level", "lena")], "when it is one mail to whoever works on it", got)
    ok(only(told(18 * 60 + 30), "level") == [], "once")
    smtp.stop()


def quiet_hours(folder):
    """R73: urgent goes through; the rest waits for their end, or its deadline; a cause that is gone is not told afterwards."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "quiet", smtp)
    for hours, words in (("mon-fri 19:00", "are no quiet hours"), ("mon-sun 00:00-24:00", "never end"), ("someday 19:00-07:00", "are no quiet hours")):
        got = w("user", "mail", "lena", "--quiet-hours", hours)
        ok(got.returncode == 64 and words in got.err, f"refused: {hours}", got.err)
    ok(w("user", "mail", "joe", "--quiet-hours", "mon-fri 19:00-07:00").returncode != 0, "nobody sets those of the other side (R72)")
    # Friday, 10 April, 14:00 of lena's zone
    w.must("user", "mail", "lena", "--quiet-hours", "fri 13:00-09:00; sat 08:00-12:00")
    told(0)
    fact(1, "joe", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P1", "via=person", "summary=down")
    fact(1, "joe", "ticket.logged", "ticket=T-3", "service=helpdesk", "priority=P3", "via=person", "summary=slow")
    ok(told(10) == [], "news on a ticket waits")
    due = {r["due_at"] for r in outbox(w, now=at(10)) if r["kind"] == "ticket"}
    ok(due == {"2026-04-11T12:00:00Z"}, "for the end of the hours, over midnight and put together", due)
    ok(("target", "lena") in told(32), "a breach goes through")
    fact(40, "lena", "maintenance.announced", "maintenance=M-1", f"from={at(60)}", f"to={at(120)}", "assets=records", "work=routine")
    ok(only(told(50), "maintenance", "notice_short") == [("maintenance", "joe"), ("notice_short", "joe")], "who has no quiet hours hears at once")
    w.must("fact", "withdraw", last_of(w, 50, "maintenance.announced"), "--contract", "NW-2026", "--as", "lena", now=at(51))
    w.must("fact", "approve", last_of(w, 51, "fact_withdrawn"), "--contract", "NW-2026", now=at(52))
    got = told(52) + told(60)
    gone = [r["kind"] for r in outbox(w, now=at(60)) if r["reason"] == "gone"]
    ok(gone == ["notice_short"] and only(got, "withdrawn") == [("withdrawn", "joe")], "what waited for lena is dropped, and joe hears that it does not hold", gone, got)
    w.must("user", "mail", "lena", "--quiet-hours", "none", now=at(61))
    ok(("ticket", "lena") in told(61), "without them what waited goes out")
    smtp.stop()


def waiting(folder):
    """A ticket waits for the client: half of what a pause may last, and all of it."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "waiting", smtp, "while: ticket.waiting_client, proof: client_message", "while: ticket.waiting_client, max: 2h")
    told(0)
    both = [("waiting", "joe"), ("waiting", "lena")]
    for n in (1, 2, 3):
        fact(1, "joe", "ticket.logged", f"ticket=T-{n}", "service=helpdesk", "priority=P3", "via=person", "summary=slow")
        fact(2, "lena", "ticket.message", f"ticket=T-{n}", "author=human", "visibility=public", "words=which one?")
    fact(10, "lena", "ticket.waiting_client", "ticket=T-1")
    ok(only(told(69) + told(70), "waiting") == [], "while less than half of it is used up nothing is said")
    got = told(75)
    ok(only(got, "waiting") == both, "half of it tells whoever works on it and the client, with what else comes in five minutes", got)
    mail = next(m for m in w.told if "waits" in m["Subject"])
    ok("T-1" in mail["Subject"] and f"{BASE}/c/NW-2026/tickets/T-1\n" in mail.text, "by the ticket", mail.text)
    ok(only(told(129) + told(130), "waiting") == [] and only(told(135), "waiting") == both, "all of it tells both again: the clock runs on")
    w.must("rebuild", now=at(136))
    ok(only(told(136) + told(200), "waiting") == [], "each once ever (R71)")
    fact(210, "lena", "ticket.waiting_client", "ticket=T-2")
    fact(250, "joe", "ticket.message", "ticket=T-2", "author=human", "visibility=public", "words=the left one")
    fact(300, "lena", "ticket.waiting_client", "ticket=T-2")
    ok(only(told(319) + told(320), "waiting") == [] and only(told(325), "waiting") == both, "all pauses of the ticket together")
    w.must("fact", "correct", last_of(w, 326, "ticket.waiting_client"), "--at", at(315), "--contract", "NW-2026", "--as", "lena", now=at(326))
    w.must("fact", "approve", last_of(w, 326, "ticket.waiting_client"), "--contract", "NW-2026", now=at(327))
    got = told(327) + told(333)
    ok(only(got, "withdrawn") == [("withdrawn", "joe"), ("withdrawn", "lena")], "it began later: half of it is not used up, which both are told (R71)", got)
    ok(only(told(340) + told(345), "waiting") == [], "and not again when it is")
    fact(346, "joe", "ticket.message", "ticket=T-2", "author=human", "visibility=public", "words=yes")
    fact(400, "lena", "ticket.waiting_client", "ticket=T-3")
    fact(465, "joe", "ticket.message", "ticket=T-3", "author=human", "visibility=public", "words=the right one")
    ok(only(told(470) + told(480), "waiting", "withdrawn") == [], "an answer stops what would have come")
    smtp.stop()


def duties(folder):
    """What the client was asked to do (sla.md section 8): at half of its time and when it is late, to whoever works there and to the it-lead."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "duties", smtp, "within: 4h@office, excuses", "within: 2h, excuses")
    told(0)
    both = [("obligation", "joe"), ("obligation", "lena")]
    for n in (1, 2):
        fact(10, "lena", "obligation.requested", f"event=D-{n}", "obligation=access")
    ok(only(told(69), "obligation") == [], "asked for two hours: before half of them nothing is said")
    got = only(told(71) + told(76), "obligation")
    ok(sorted(set(got)) == both, "half of its time is over: both are told", got)
    mail = next(m for m in w.told if "waiting for the client" in m["Subject"])
    ok(f"{BASE}/c/NW-2026/deadlines\n" in mail.text and "access" not in mail.text, "the mail leads to the deadlines and says no more", mail.text)
    fact(100, "joe", "obligation.met", "event=D-1")
    got = only(told(131) + told(136), "obligation")
    ok(got == both, "what was not done is told when it is late, what was done is not", got)
    w.must("rebuild", now=at(140))
    ok(only(told(141) + told(600), "obligation", "withdrawn") == [], "each once ever (R71)")
    fact(610, "lena", "obligation.requested", "event=D-3", "obligation=access")
    fact(620, "joe", "obligation.met", "event=D-3")
    ok(only(told(680) + told(800), "obligation", "withdrawn") == [], "one that is done before is told to nobody")
    smtp.stop()


def unseen_entries(w, minutes):
    rows = [json.loads(line)["entry"] for line in w.must("log", "show", "--contract", "NW-2026", "--json", now=at(minutes)).out.splitlines()]
    return [r for r in rows if r["kind"] == "alert_unseen"]


def unseen(folder):
    """R74: three levels, then silence and a line in the report, of the side that acknowledged none."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "unseen", smtp)
    told(0)
    fact(1, "joe", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P1", "via=person", "summary=down")
    for m in (32, 47):
        told(m)
    fact(50, "lena", "alert.acknowledged", "event=T-1")
    got = told(62)
    ok(only(got, "target") == [("target", "joe"), ("target", "sig")] and told(76) == [] and unseen_entries(w, 76) == [], "while the third level may still be answered nothing is noted", got)
    ok(told(77) == [], "then silence")
    rows = unseen_entries(w, 77)
    ok([r["body"] for r in rows] == [{"event": "T-1", "from": "2026-04-10T14:31:00.001Z", "metric": "response", "part": "client"}],
       "and an entry that says so of the side that did not acknowledge it, and when it was told first", rows)
    w.must("rebuild", now=at(78))
    ok(told(79) == [] and told(140) == [] and len(unseen_entries(w, 140)) == 1, "once ever (R71)")
    fact(141, "lena", "ticket.resolved", "ticket=T-1", "author=human")
    fact(150, "lena", "outage.began", "outage=O-1", "assets=records")
    got = told(400)
    ok(only(got, "outage") and len(unseen_entries(w, 400)) == 1, "where mail was not sent for hours all levels come at once, and nobody is silent yet", got)
    told(414)
    ok(len(unseen_entries(w, 414)) == 1, "nor before as long a time as between two levels")
    told(415)
    ok([(r["body"]["part"], r["body"].get("metric")) for r in unseen_entries(w, 415)[1:]] == [("provider", None), ("client", None)], "then both sides are", unseen_entries(w, 415))
    fact(416, "lena", "outage.ended", "outage=O-1")
    month = ("statement", "--contract", "NW-2026", "--month", "2026-04")
    for lang, head, what in (("en", "Urgent alerts that nobody acknowledged", "T-1: target missed"), ("de", "Dringende Warnungen", "T-1: Ziel verfehlt"),
                             ("fr", "Alertes urgentes que personne", "T-1 : objectif manqué")):
        text = " ".join(w.must(*month, "--lang", lang, now=at(420)).out.split())
        ok(head in text and what in text and "O-1" in text.split(head)[1], f"the report has a line for each ({lang})", text)
    lines = json.loads(w.must(*month, "--json", now=at(420)).out)["alerts_unseen"]
    ok([(x["event"], x.get("metric"), x["part"], x["from"]) for x in lines] ==
       [("T-1", "response", "client", "2026-04-10T14:31:00.001Z"), ("O-1", None, "provider", at(150)), ("O-1", None, "client", at(150))], "so has its JSON", lines)
    ok("alerts_unseen" not in w.must(*month, "--json", "--known-as-of", at(76), now=at(420)).out, "what was not known then is not in it")
    ok("alerts_unseen" not in w.must("statement", "--contract", "NW-2026", "--month", "2026-03", "--json", now=at(420)).out, "nor in that of another month")
    w.must("doctor", now=at(421))
    w.must(*month, "--issue", now=at(day(2)))
    w.must("export", "bundle", "--contract", "NW-2026", "--month", "2026-04", "-o", "april.tnb", now=at(day(2)))
    ok(b"alert_unseen" in w.bytes("april.tnb"), "a bundle has them")
    w.must("verify", "april.tnb", "--trust-bundle-keys", now=at(day(2)))
    smtp.stop()


def unheard(folder):
    """Nobody is silent who was never told."""
    smtp = Smtp()
    w, fact, told = news_bed(folder, "unheard", smtp)
    for handle in ("sig", "joe"):
        quiet(w, handle, True)
    told(0)
    fact(1, "joe", "ticket.logged", "ticket=T-1", "service=helpdesk", "priority=P1", "via=person", "summary=down")
    for m in (32, 47, 62, 77, 200):
        told(m)
    ok([r["body"]["part"] for r in unseen_entries(w, 200)] == ["provider"], "of a side without anybody who gets mail nothing is noted", unseen_entries(w, 200))
    smtp.stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        for part in (credits, claimed, withdrawn, taken_back, rights, reports, contract_asks, groups, old, levels, quiet_hours, waiting, duties, unseen, unheard):
            part(folder)
    done()


main()
