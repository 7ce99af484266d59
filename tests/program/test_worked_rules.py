#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules of service levels that users meet and no worked example shows, two or three claims each, from a contract and facts to
the program's JSON. Expected instants and values were worked out by hand from the rule named in each label."""

from program import ok
from worked import (EXCLUDE, PAUSE, Facts, atrisk, case, cases, clock, contract, credits, is_, month, run_all, total,
                    uptime, value, window)

HOUR = 3_600_000
DAY = "2026-03-10 "  # a Tuesday; New York is four hours behind UTC
TIERS = [{"id": "t1", "below": "99.9%", "credit": "5%"}, {"id": "t2", "below": "99%", "credit": "10%"},
         {"id": "t3", "below": "98%", "credit": "25%"}]
UP = [{"id": "up", "metric": "up", "tiers": TIERS}]


def state(c):
    return c.get("state"), c.get("not_counted")


def march(facts, *metrics, metric="fix", sla=None, ticket="T1", **blocks):
    return case(month(contract(list(metrics) or [clock()], sla=sla, **blocks), facts, "2026-03"), ticket, metric)


# --- tickets ---


def r18():
    def judged(recorded, accepted=False):
        f = Facts()
        f.logged("T1", DAY + "09:00")
        pause = f.ticket("waiting_client", "T1", DAY + "10:00", recorded=recorded)
        f.ticket("resumed", "T1", DAY + "12:00", recorded=recorded)
        f.ticket("restored", "T1", DAY + "14:30")
        f.add("report.delivered", "2026-04-05 10:00", window="2026-03")
        if accepted:
            f.add("fact.accepted", "2026-04-11 10:00", "client", fact=pause)
        terms = contract([clock(pause=PAUSE)], sla={"reporting": {"every": "1mo", "due": "10bd"}})
        return case(month(terms, f, "2026-03", "--as-of", "2026-04-20T00:00:00Z"), "T1").get("state")

    is_(judged(DAY + "10:00"), "met", "R18: a pause recorded in time excuses")
    is_(judged("2026-04-10 10:00"), "missed", "R18: a pause recorded after the report has no effect")
    is_(judged("2026-04-10 10:00", accepted=True), "met", "R18: until the other party accepts it")

    def second_pause(recorded):
        f = Facts()
        f.logged("T1", DAY + "09:00")
        f.ticket("waiting_client", "T1", DAY + "10:00")
        f.ticket("waiting_client", "T1", DAY + "11:00", recorded=recorded)
        f.ticket("resumed", "T1", DAY + "12:00")
        f.add("report.delivered", "2026-04-05 10:00", window="2026-03")
        terms = contract([clock(pause=PAUSE)], sla={"reporting": {"every": "1mo", "due": "10bd"}})
        return case(month(terms, f, "2026-03", "--as-of", "2026-04-20T00:00:00Z"), "T1").get("due", "")[11:16]

    is_((second_pause(DAY + "11:00"), second_pause("2026-04-10 10:00")), ("19:00", "19:00"),
        "R18: a pause that has no effect does not end the one before")

    def late_priority(old, new, party="provider"):
        f = Facts()
        f.logged("T1", DAY + "09:00", old)
        f.ticket("priority_set", "T1", DAY + "09:30", party=party, recorded="2026-04-10 10:00", priority=new)
        f.ticket("restored", "T1", DAY + "14:30")
        f.add("report.delivered", "2026-04-05 10:00", window="2026-03")
        terms = contract([clock(within={"P1": "4h@desk", "P3": "8h@desk"})],
                         sla={"reporting": {"every": "1mo", "due": "10bd"}, "priority_rules": {"final": "provider"}})
        c = case(month(terms, f, "2026-03", "--as-of", "2026-04-20T00:00:00Z"), "T1")
        return c.get("priority"), c.get("state")

    is_(late_priority("P1", "P3"), ("P1", "missed"), "R18: a priority lowered after the report waits")
    is_(late_priority("P3", "P1"), ("P1", "missed"), "R18: a priority raised after the report excuses nobody: it counts at once")
    f = Facts()
    f.outage("9", "2026-03-10 10:00", "2026-03-10 12:00", recorded="2026-04-12 10:00")
    f.add("report.delivered", "2026-04-05 10:00", window="2026-03")
    s = month(contract([uptime()], sla={"reporting": {"every": "1mo", "due": "10bd"}}), f, "2026-03", "--as-of",
              "2026-04-20T00:00:00Z")
    is_(window(s, "up").get("availability", {}).get("down_ms"), 2 * HOUR, "R18: other late facts restate at once")


def r24():
    answer = clock("answer", "1h@desk", "ticket.answered")
    f = Facts()
    f.logged("T1", DAY + "09:00")
    f.answer("T1", DAY + "09:05", author="automatic")
    f.answer("T1", DAY + "09:10", visibility="internal")
    f.ticket("assigned", "T1", DAY + "09:15", technician="x1")
    f.answer("T1", DAY + "10:30")
    c = march(f, answer, metric="answer")
    is_((c.get("stopped"), c.get("state")), ("2026-03-10T14:30:00Z", "missed"),
        "R24: automatic messages, internal notes and assignments are no answer")
    for more, name in (({"via": "monitor"}, "a monitor"), ({"party": "provider"}, "the provider")):
        f = Facts()
        f.logged("T1", DAY + "09:00", **more)
        f.ticket("restored", "T1", DAY + "10:00")
        terms = contract([answer, clock()])
        s = month(terms, f, "2026-03")
        is_(state(case(s, "T1", "answer")), ("void", "monitor_ticket"), f"R24: a ticket logged by {name} has no response clock")
        is_(case(s, "T1").get("state"), "met", f"R24: a ticket logged by {name} has its resolution clock")
        is_(window(s, "answer").get("why_not"), "no_samples", f"R24: a ticket logged by {name} is no sample of the response")
    f = Facts()
    f.logged("T1", DAY + "20:00", channel="phone", live=True)
    c = march(f, answer, metric="answer")
    is_((c.get("used_ms"), c.get("state"), c.get("stopped")), (0, "met", "2026-03-11T00:00:00Z"),
        "R24: a call taken live is answered at its start")
    for author, want in (("human", ("2026-03-10T13:40:00Z", "met")), ("automatic", (None, "breached"))):
        f = Facts()
        f.logged("T1", DAY + "09:00")
        f.ticket("restored", "T1", DAY + "09:40", author=author)
        c = march(f, answer, metric="answer")
        is_((c.get("stopped"), c.get("state")), want, f"R24: restoring, author {author}")


def r25():
    exchange = clock("next", "2h", "ticket.provider_message", start="ticket.client_message")
    f = Facts()
    f.logged("T1", DAY + "09:00")
    f.client("T1", DAY + "09:10")
    f.answer("T1", DAY + "09:30")
    f.client("T1", DAY + "10:00")
    f.client("T1", DAY + "11:00")
    f.answer("T1", DAY + "12:30")
    f.ticket("restored", "T1", DAY + "13:00")
    f.client("T1", DAY + "13:30")
    f.ticket("reopened", "T1", DAY + "14:00", party="client")
    f.answer("T1", DAY + "15:00")
    got = cases(month(contract([exchange]), f, "2026-03"), "T1", "next")
    is_([(c["started"][11:16], c.get("stopped", "")[11:16], c["state"]) for c in got],
        [("14:00", "16:30", "missed"), ("18:00", "19:00", "met")],
        "R25: an exchange starts with the first message after the answer; after resolution only by reopening", got)
    f = Facts()
    f.logged("T1", DAY + "09:00")
    f.client("T1", DAY + "09:10")
    terms = contract([exchange, clock("answer", "1h", "ticket.answered")])
    out = atrisk(terms, f, DAY + "09:20")
    is_([(c["metric"], c["due"]) for c in out["clocks"]], [("answer", "2026-03-10T14:00:00Z")],
        "R25: the first response has its own clock; before it no exchange runs")


def r27():
    def due(pause, *events, within="4h@desk"):
        f = Facts()
        f.logged("T1", DAY + "09:00")
        for kind, at, more in events:
            if kind in ("answer", "client"):
                getattr(f, kind)("T1", DAY + at, **more)
            else:
                f.ticket(kind, "T1", DAY + at, **more)
        s = month(contract([clock(within=within, pause=pause)]), f, "2026-03")
        flags = [x["flag"] for x in s["flagged"]]
        return case(s, "T1").get("due", "")[11:16], "unproven" in flags

    vendor = [{"id": "vendor", "while": "ticket.waiting_vendor"}]
    is_(due(PAUSE, ("waiting_client", "10:00", {"until": "2026-03-10 11:00"}))[0], "18:00", "R27: a pause ends at until")
    is_(due(PAUSE, ("waiting_client", "10:00", {}), ("client", "10:45", {}))[0], "17:45",
        "R27: waiting for the client ends at the client's message")
    is_(due(PAUSE, ("waiting_client", "10:00", {}), ("waiting_vendor", "11:00", {}))[0], "18:00",
        "R27: a pause of another kind ends it")
    is_(due(vendor, ("waiting_client", "10:00", {}), ("resumed", "11:00", {}))[0], "17:00", "R27: only what is listed pauses")
    bounded = [{**vendor[0], "max": "2h"}]
    is_(due(bounded, ("waiting_vendor", "10:00", {}), ("resumed", "11:30", {}), ("waiting_vendor", "12:00", {}),
            ("resumed", "13:00", {}))[0], "19:00", "R27: max is per ticket over all pauses")
    is_(due([{**vendor[0], "max": "2h@desk"}], ("waiting_vendor", "10:00", {}))[0], "19:00",
        "R27: beyond max the clock runs")
    proved = [{**vendor[0], "proof": "supplier_ticket"}]
    is_(due(proved, ("waiting_vendor", "10:00", {}), ("resumed", "11:00", {})), ("17:00", True),
        "R27: without the supplier's number nothing is paused, and it is flagged")
    is_(due(proved, ("waiting_vendor", "10:00", {"supplier_ticket": "S-1"}), ("resumed", "11:00", {})), ("18:00", False),
        "R27: with it there is a pause")
    is_(due(proved, ("waiting_vendor", "10:00", {"supplier_ticket": "S-1"}), ("waiting_vendor", "11:00", {}),
            ("resumed", "12:00", {})), ("19:00", False), "R27: the same again goes on with the proof it had")
    asked = [{**PAUSE[0], "proof": "client_message"}]
    pause = ("waiting_client", "10:00", {}), ("resumed", "11:00", {})
    is_(due(asked, *pause), ("17:00", True), "R27: waiting for a client who was asked nothing")
    is_(due(asked, ("answer", "09:50", {"asks": True}), *pause), ("18:00", False), "R27: after a question it is a pause")
    is_(due(asked, ("answer", "09:40", {"asks": True}), ("client", "09:50", {}), *pause), ("17:00", True),
        "R27: a question that the client has answered proves nothing")
    f = Facts()
    f.logged("T1", DAY + "09:00", service="help")
    f.planned("m1", DAY + "10:00", DAY + "11:00", "2026-03-01 10:00")
    c = march(f, clock(pause=[{"id": "work", "while": "maintenance.window"}]))
    is_(c.get("due", "")[11:16], "18:00", "R27: maintenance.window pauses while a valid announcement covers the service")


def r32():
    def judged(rules, *events):
        f = Facts()
        f.logged("T1", DAY + "09:00", "P1")
        for kind, at, party, priority in events:
            f.ticket(kind, "T1", DAY + at, party=party, priority=priority)
        c = march(f, clock(within={"P1": "4h@desk", "P3": "8h@desk"}), sla={"priority_rules": {"proposed_by": "either", **rules}})
        return c.get("priority"), c.get("due", "")[11:16]

    lowered = ("priority_set", "10:00", "provider", "P3")
    is_(judged({}, lowered), ("P1", "17:00"), "R32: lowered by the provider alone: disputed, the higher is judged")
    is_(judged({}, lowered, ("priority_agreed", "11:00", "client", "P3")), ("P3", "21:00"), "R32: lowered by agreement")
    is_(judged({"if_disputed": "lower"}, lowered), ("P3", "21:00"), "R32: if_disputed: lower")
    is_(judged({"final": "provider"}, lowered), ("P3", "21:00"), "R32: final: provider")
    is_(judged({"final": "client"}, lowered), ("P1", "17:00"), "R32: final: client: the provider's word is only a proposal")
    is_(judged({"final": "client"}, ("priority_set", "10:00", "client", "P3")), ("P3", "21:00"), "R32: final: client")
    f = Facts()
    f.logged("T1", DAY + "09:00", "P3")
    f.ticket("priority_set", "T1", DAY + "10:00", party="provider", priority="P1")
    c = march(f, clock(within={"P1": "4h@desk", "P3": "8h@desk"}))
    is_((c.get("priority"), c.get("due", "")[11:16]), ("P1", "17:00"), "R32: raising counts at once whoever does it")


def r34():
    f = Facts()
    f.logged("T1", DAY + "10:00", "P1")
    f.answer("T1", DAY + "10:20")
    f.ticket("waiting_client", "T1", DAY + "10:30")
    f.logged("T2", DAY + "11:00", "P3")
    f.ticket("resumed", "T1", DAY + "11:30")
    f.ticket("merged", "T1", DAY + "12:00", into="T2")
    f.ticket("restored", "T2", DAY + "14:30")
    terms = contract([clock(within={"P1": "4h@desk", "P3": "8h@desk"}, pause=PAUSE), clock("answer", "1h@desk", "ticket.answered")])
    s = month(terms, f, "2026-03")
    c = case(s, "T2")
    is_((c.get("started"), c.get("priority")), ("2026-03-10T14:00:00Z", "P1"),
        "R34: the survivor starts with the earliest and takes the most urgent priority")
    is_((c.get("due"), c.get("state")), ("2026-03-10T18:30:00Z", "met"),
        "R34: paused only while every ticket logged by then is paused: 30 minutes")
    is_(state(case(s, "T1")), ("void", "merged"), "R34: the merged ticket's unsettled clock is void")
    is_(case(s, "T1", "answer").get("state"), "met", "R34: its settled clock stays a sample")
    is_(case(s, "T2", "answer").get("stopped"), "2026-03-10T14:20:00Z", "R34: an answer on any member stops the response")
    f = Facts()
    f.logged("T1", DAY + "10:00")
    f.logged("T2", DAY + "09:00")
    f.ticket("restored", "T2", DAY + "10:30")
    f.ticket("closed", "T2", DAY + "10:30")
    f.ticket("merged", "T1", DAY + "11:00", into="T2")
    s = month(contract([clock()]), f, "2026-03")
    is_(case(s, "T1").get("state"), "breached", "R34: a merge into a closed ticket is ignored")
    ok("out_of_order" in [x["flag"] for x in s["flagged"]], "R34: and flagged out_of_order", s["flagged"])


    f = Facts()
    f.logged("T1", DAY + "09:00")
    f.ticket("restored", "T1", DAY + "16:00")
    f.logged("T2", "2026-03-12 09:00")
    f.ticket("split", "T2", "2026-03-12 10:00", into="T1")
    s = month(contract([clock()]), f, "2026-03")
    is_((case(s, "T1").get("state"), "out_of_order" in [x["flag"] for x in s["flagged"]]), ("missed", True),
        "R34: a ticket older than its parent was not split off it")


def r35():
    def one(*events, at="09:00"):
        f = Facts()
        f.logged("T1", DAY + at)
        for kind, when, more in events:
            f.ticket(kind, "T1", DAY + when, **more)
        return march(f)

    is_(state(one(("cancelled", "10:00", {"party": "client"}))), ("void", "cancelled"),
        "R35: cancelled by the client before the deadline: no sample")
    is_(one(("cancelled", "14:00", {"party": "client"})).get("state"), "missed",
        "R35: cancelled by the client after the deadline: the miss stays")
    is_(state(one(("cancelled", "10:00", {}))), ("met", None), "R35: cancelled by the provider counts as resolved then")
    is_(one(("cancelled", "14:00", {})).get("state"), "missed", "R35: cancelled by the provider too late: missed")
    is_(state(one(("scope_set", "10:00", {"in_scope": False, "party": "client"}))), ("void", "out_of_scope"),
        "R35: out of scope by agreement: no sample")
    is_(state(one(("restored", "08:00", {}))), ("void", "stop_before_start"), "R35: a stop before the start: no sample")
    f = Facts()
    f.logged("T1", "2026-03-30 09:00")
    f.logged("T2", "2026-03-31 16:00")
    s = month(contract([clock()], term={"initial": "3mo"}), f, "2026-03", "--as-of", "2026-04-10T00:00:00Z")
    is_((case(s, "T1").get("state"), state(case(s, "T2"))), ("breached", ("void", "end_of_service")),
        "R35: at the end of service an unsettled clock is void, a passed deadline is missed")


# --- ratios ---


def r40():
    f = Facts()
    for i in range(20):
        day = 2 + i // 5 * 7 + i % 5
        f.logged(f"T{i}", f"2026-03-{day:02d} 09:00", "P1" if i < 2 else "P2")
        f.ticket("restored", f"T{i}", f"2026-03-{day:02d} {'16' if i == 0 else '10'}:00")
    terms = contract([clock(comply={"at_least": "95%"})])
    w = window(month(terms, f, "2026-03"), "fix")
    is_((value(w), w["verdict"]), ("95.0000", "met"), "R40: 19 of 20 meets 95 %")
    is_({p["priority"]: p.get("shown") for p in w.get("priorities", []) if "priority" in p and p["samples"]},
        {"P1": "50.0000", "P2": "100.0000"}, "R40: each priority is shown beside it")
    rules = [{"id": "all", "metric": "fix", "tiers": [{"id": "t1", "below": "95%", "credit": "5%"}]},
             {"id": "urgent", "metric": "fix", "priority": "P1", "tiers": [{"id": "t1", "below": "95%", "credit": "10%"}]}]
    s = month(contract([clock(comply={"at_least": "95%"})], sla={"credits": credits(rules)}), f, "2026-03")
    is_([(c["rule"], c["amount"]) for c in s["credits"]], [("urgent", "720.00 USD")], "R40: a rule with priority uses its share")
    w = window(month(contract([clock()]), f, "2026-03"), "fix")
    is_(w["verdict"], "missed", "R40: without comply a window with a miss is missed")


def r41():
    f = Facts()
    f.logged("T1", "2026-03-31 16:00")
    terms = contract([clock(comply={"at_least": "95%"})], sla={"credits": credits(
        [{"id": "all", "metric": "fix", "tiers": [{"id": "t1", "below": "95%", "credit": "5%"}]}])})
    s = month(terms, f, "2026-03")
    w = window(s, "fix")
    is_((w["verdict"], w.get("why_not"), value(w), s["credits"]), ("not_judged", "no_samples", None, []),
        "R41: no samples: not judged, no percentage, no credit")
    f = Facts()
    for i, stop in enumerate(("15", "15", "10")):
        f.logged(f"T{i}", f"2026-03-{10 + i} 09:00")
        f.ticket("restored", f"T{i}", f"2026-03-{10 + i} {stop}:00")
    w = window(month(contract([clock(comply={"at_least": "95%", "min_sample": 5, "below_min": "one_miss"})]), f, "2026-03"), "fix")
    is_((w["verdict"], value(w)), ("missed", "33.3333"), "R41: one_miss: two misses are too many")
    s = month(contract([clock(comply={"at_least": "95%", "min_sample": 5})], sla={"credits": credits(
        [{"id": "all", "metric": "fix", "tiers": [{"id": "t1", "below": "95%", "credit": "5%"}]}])}), f, "2026-03")
    is_(s["credits"], [], "R41: a small sample that is not judged gives no credit")


# --- availability ---


def april(facts, *options, sla=None, label="2026-04", **more):
    blocks = {k: more.pop(k) for k in ("maintenance", "force_majeure", "services", "subcontractors") if k in more}
    return window(month(contract([uptime(**more)], sla=sla, **blocks), facts, label, *options), "up")


def downtime(w):
    return w.get("availability", {}).get("down_ms"), w.get("availability", {}).get("removed_ms")


def refusals(w):
    return [e.get("refused") for e in w.get("availability", {}).get("excuses", [])]


def r45():
    f = Facts()
    f.outage("9", "2026-04-10 10:00", "2026-04-10 11:00")
    half = ("--covers", "2026-04-01..2026-04-16")
    for rule, want in (("exclude", "99.7222"), ("up", "99.8611"), ("down", "49.8611")):
        w = april(f, *half, unknown=rule)
        is_(value(w), want, f"R45: unknown: {rule}: {want} %")
        is_(w.get("availability", {}).get("unknown_ms"), 360 * HOUR, f"R45: unknown: {rule}: half of the month is shown unknown")
    f.outage("10", "2026-04-20 10:00", "2026-04-20 12:00")
    is_(downtime(april(f, *half)), (3 * HOUR, 358 * HOUR), "R44: outage facts beat unknown")


def r50():
    def one(said, *more, work=None, recorded=None, accepted=False, **blocks):
        f = Facts()
        m = f.planned("m1", "2026-04-19 02:00", "2026-04-19 06:00", said, recorded=recorded, **({"work": work} if work else {}))
        f.outage("9", "2026-04-19 02:30", "2026-04-19 05:30")
        for kind, at in more:
            f.add("maintenance." + kind, at, maintenance="m1")
        if accepted:
            f.add("fact.accepted", "2026-04-20 10:00", "client", fact=m)
        w = april(f, exclude=EXCLUDE, **blocks)
        return downtime(w), refusals(w)

    none, full = (3 * HOUR, 0), (0, 4 * HOUR)
    is_(one("2026-04-18 02:00:00.000"), (full, [None]), "R50: exactly enough notice is enough")
    is_(one("2026-04-18 02:00:00.001"), (none, ["notice_short"]), "R50: a millisecond less is not")
    is_(one("2026-04-17 02:00", recorded="2026-04-18 22:00"), (none, ["notice_short"]),
        "R50, R12: an announcement happens when it is recorded")
    is_(one("2026-04-17 02:00", recorded="2026-04-18 22:00", accepted=True), (full, [None]),
        "R12: unless the receiving party accepts the earlier time")
    is_(one("2026-04-18 22:00", work="emergency"), (none, ["not_listed"]), "R50: emergency work is another cause, not listed here")
    sunday = {"windows": [{"id": "sun", "days": "sun", "open": ["03:00-07:00"]}]}
    is_(one("2026-04-10 02:00", maintenance=sunday), (none, ["outside_window"]),
        "R50: work that begins before its window excuses nothing")
    is_(one("2026-04-10 02:00", ("cancelled", "2026-04-18 10:00")), (none, ["cancelled"]), "R50: cancelled work excuses nothing")
    is_(one("2026-04-10 02:00", ("started", "2026-04-19 03:00"), ("ended", "2026-04-19 05:00")), ((HOUR, 2 * HOUR), [None]),
        "R50: excused is what was announced and worked on")
    f = Facts()
    f.planned("m1", "2026-04-19 02:00", "2026-04-19 06:00", "2026-04-10 02:00", assets=["b"])
    f.outage("9", "2026-04-19 02:30", "2026-04-19 05:30")
    is_(downtime(april(f, exclude=EXCLUDE)), none, "R50: work on another component excuses nothing")
    f = Facts()
    f.planned("m1", "2026-04-19 02:00", "2026-04-19 06:00", "2026-04-10 02:00")
    del f.rows[0]["change"]
    f.outage("9", "2026-04-19 02:30", "2026-04-19 05:30")
    w = april(f, exclude=EXCLUDE, maintenance={"change_record": {"fields": ["approver"]}})
    is_((downtime(w), refusals(w)), (none, ["no_change_record"]), "R50: without the change record nothing is excused")


def r51():
    f = Facts()
    f.planned("m2", "2026-05-03 02:00", "2026-05-03 05:00", "2026-03-30 10:00")
    f.planned("m1", "2026-04-05 02:00", "2026-04-05 05:00", "2026-04-01 10:00")
    f.outage("9", "2026-05-03 02:30", "2026-05-03 03:30")
    for allowance, want in (("3h", (HOUR, 0, "99.8656")), ("4h", (0.5 * HOUR, HOUR, "99.9327")), ("6h", (0, 3 * HOUR, "100.0000"))):
        rule = [{**EXCLUDE[0], "max": allowance, "per": "calendar_quarter"}]
        w = april(f, "--covers", "2026-04-01..2026-06-01", label="2026-05", exclude=rule)
        is_((*downtime(w), value(w)), want, f"R51: {allowance} a quarter, three used in April, whatever was announced first")
    rule = [{**EXCLUDE[0], "max": "3h", "per": "calendar_month"}]
    w = april(f, "--covers", "2026-04-01..2026-06-01", label="2026-05", exclude=rule)
    is_(downtime(w), (0, 3 * HOUR), "R51: an allowance per month begins anew")
    f = Facts()
    f.planned("m1", "2026-04-05 02:00", "2026-04-05 08:00", "2026-04-01 10:00")
    w = april(f, exclude=[{**EXCLUDE[0], "max": "2h", "per": "calendar_month"}])
    is_(w.get("availability", {}).get("counted_ms"), 718 * HOUR, "R51: beyond it, work without downtime is ordinary agreed time")


def r52():
    def event(recorded, kind="utility_failure", rto=None, **more):
        f = Facts()
        f.add("force_majeure.declared", "2026-04-05 10:00", recorded=recorded, event="e1", event_kind=kind, assets=["a"])
        f.add("force_majeure.ended", "2026-04-08 10:00", event="e1")
        f.outage("9", "2026-04-05 10:00", "2026-04-08 12:00")
        service = {"id": "help", "name": "Help desk", "calendar": "always"}
        if rto:
            service["objectives"] = {"rto": rto}
        w = april(f, service="help", exclude=[{"id": "fm", "cause": "force_majeure"}], services=[service],
                  force_majeure={"events": ["utility_failure"], "notice": "24h", **more})
        return downtime(w)[0] // HOUR, refusals(w)

    is_(event("2026-04-06 10:00"), (2, [None]), "R52: declared within its notice: excused from the event until ended")
    is_(event("2026-04-06 10:00:00.001")[0], 26, "R52: declared late: excused from the declaration")
    is_(event("2026-04-06 22:00")[0], 38, "R52: declared later: excused from then")
    is_(event("2026-04-05 12:00", kind="war"), (74, ["not_listed"]), "R52: an event that is not listed excuses nothing")
    is_(event("2026-04-05 12:00", rto="8h", recovery_still_due=True)[0], 66, "R52: recovery still due: excused for the objective")


# --- remedies ---


def r19():
    def march_credits(outcome=None, small=True):
        f = Facts()
        if small:
            f.outage("1", "2026-03-05 10:00", "2026-03-05 12:00")
        big = f.outage("2", "2026-03-10 10:00", "2026-03-10 20:00")
        f.add("fact.contested", "2026-04-02 10:00", fact=big)
        if outcome:
            # the side that gives way settles: who contested, or the other
            f.add("dispute.settled", "2026-04-10 10:00", party="provider" if outcome == "upheld" else "client", fact=big, outcome=outcome)
        s = month(contract([uptime()], sla={"credits": credits(UP)}), f, "2026-03", "--as-of", "2026-04-20T00:00:00Z")
        return total(s), sorted((c["fate"], c["amount"]) for c in s["credits"]), window(s, "up").get("held", False)

    is_(march_credits(), ("360.00 USD", [("due", "360.00 USD"), ("held", "360.00 USD")], True),
        "R19: what both results share is applied, the rest is held")
    is_(march_credits(small=False), ("0.00 USD", [("held", "720.00 USD")], True), "R19: nothing shared: all of it is held")
    is_(march_credits("upheld"), ("720.00 USD", [("due", "720.00 USD")], False), "R19: settled: the fact stands")
    is_(march_credits("withdrawn"), ("360.00 USD", [("due", "360.00 USD")], False), "R19: settled: the fact is withdrawn")


def r62():
    def year(pct, label, *options, known=None, january=True):
        f = Facts()
        if january:
            f.outage("1", "2026-01-10 00:00", "2026-01-11 00:00", recorded=known)
        f.outage("2", "2026-02-10 00:00", "2026-02-11 00:00")
        rule = credits(UP, caps=[{"id": "q", "per": "calendar_quarter", "pct": pct, "of": "month_charges"}])
        return month(contract([uptime()], sla={"credits": rule}), f, label, "--covers", "2026-01-01..2026-03-01",
                     "--as-of", "2026-03-20T00:00:00Z", *options)

    def of(s):
        return [(c["window"], c["fate"], c["amount"]) for c in s["credits"]]

    is_(of(year("30%", "2026-02")), [("2026-02", "due", "900.00 USD")], "R62: what January left of the quarter's cap: 900.00")
    is_(of(year("20%", "2026-02")), [("2026-02", "cut", "0.00 USD")], "R62: January used it up: cut to nothing, and shown")
    is_(of(year("30%", "2026-01")), [("2026-01", "due", "1800.00 USD")], "R62: January keeps its credit")
    is_(of(year("30%", "2026-02", known="2026-03-10 10:00")), [("2026-02", "due", "900.00 USD")],
        "R62: January learned of after February: the month of failure decides, not when it was known")
    is_(of(year("30%", "2026-02", "--known-as-of", "2026-03-09T00:00:00Z", known="2026-03-10 10:00")),
        [("2026-02", "due", "1800.00 USD")], "R62: before it was known, February had all of it")
    is_(of(year("30%", "2026-02", january=False)), [("2026-02", "due", "1800.00 USD")], "R62: without January all of it")
    f = Facts()
    f.outage("1", "2026-03-10 00:00", "2026-03-11 00:00")
    rule = credits(UP, caps=[{"id": "m", "per": "calendar_month", "pct": "10%", "of": "month_charges"},
                             {"id": "q", "per": "calendar_quarter", "pct": "5%", "of": "month_charges"}])
    s = month(contract([uptime()], sla={"credits": rule}), f, "2026-03")
    caps = {c["cap"]: c["cut"] for c in s["settlements"][0]["caps"]} if s["settlements"] else {}
    is_((caps, total(s)), ({"m": "900", "q": "450"}, "450.00 USD"), "R62: in list order, each on what the one before left")


def r66():
    def rights(missed, until, rule=None, exercised=None):
        f = Facts()
        for m in missed:
            f.outage("o" + m, f"2026-{m}-10 10:00", f"2026-{m}-10 14:00")
        if exercised:
            f.add("right.exercised", exercised, "client", right="twice")
        terms = contract([uptime()], sla={"chronic": [{"id": "twice", "metric": "up", "misses": 2, "out_of": 3,
                                                       "exercise_within": "60d", **(rule or {})}]})
        s = month(terms, f, until, "--covers", "2026-01-01..2026-07-01", "--as-of", "2026-07-20T00:00:00Z")
        return [(r["arose"][:10], r["missed"], r.get("exercised")) for r in s["rights"]]

    is_(rights(["02", "04", "05"], "2026-05"),
        [("2026-05-01", ["2026-02", "2026-04"], None), ("2026-06-01", ["2026-04", "2026-05"], None)],
        "R66: every later miss that satisfies the count opens a new right")
    is_(rights(["02", "04"], "2026-05"), [("2026-05-01", ["2026-02", "2026-04"], None)], "R66: a month that is met opens none")
    is_(rights(["02", "05"], "2026-05"), [], "R66: misses four months apart are not two of three")
    is_(rights(["02", "04"], "2026-04", exercised="2026-06-30T04:00:00.000Z")[0][2], "2026-06-30T04:00:00Z",
        "R66: exercised at the last instant")
    is_(rights(["02", "04"], "2026-04", exercised="2026-06-30T04:00:00.001Z")[0][2], None, "R66: exercised 1 ms too late")


def r67():
    def april_report(rules, delivered, as_of="2026-05-20T12:00:00Z", tickets=0, caps=None, **reporting):
        f = Facts()
        f.logged("T1", "2026-04-07 09:00")
        f.ticket("restored", "T1", "2026-04-07 10:00")
        if delivered:
            f.add("report.delivered", delivered, window="2026-04", to="client.it_lead")
        terms = contract([uptime(), clock()], sla={"credits": credits(rules, **({"caps": caps} if caps else {})),
                                                  "reporting": {"every": "1mo", "due": "10bd", **reporting}})
        s = month(terms, f, "2026-04", "--as-of", as_of)
        return [(c["rule"], c["amount"]) for c in s["credits"]], window(s, "fix").get("verdict"), value(window(s, "up"))

    each = [{"id": "each", "metric": "fix", "each_breach": "3%"}]
    late, on_time = "2026-05-18 10:00", "2026-05-15T04:00:00.000Z"
    is_(april_report(each, late, if_late="deemed_failure"), ([("each", "216.00 USD")], "missed", "100.0000"),
        "R67: deemed: an each_breach rule pays one breach, values stay")
    is_(april_report(each, None, if_late="deemed_failure")[0], [("each", "216.00 USD")], "R67: never delivered is late, too")
    is_(april_report(each, None, as_of="2026-05-15T04:00:00.000Z", if_late="deemed_failure")[0], [],
        "R67: at the last instant it is not late")
    is_(april_report(each, on_time, if_late="deemed_failure")[0], [], "R67: delivered at the last instant")
    is_(april_report(each, late)[0], [], "R67: if_late: none: nothing follows")
    pattern = [{"id": "pattern", "metric": "up", "pattern": {"below": "99.5%", "times": 1, "in": 1}, "credit": "6%"}]
    is_(april_report(pattern, late, if_late="deemed_failure")[0], [("pattern", "432.00 USD")], "R67: a pattern counts it as below")
    cap = [{"id": "m", "per": "calendar_month", "pct": "1%", "of": "month_charges"}]
    is_(april_report(UP, late, if_late="deemed_failure", caps=cap)[0], [("up", "90.00 USD")], "R67: caps apply")


run_all((r18, r19, r24, r25, r27, r32, r34, r35, r40, r41, r45, r50, r51, r52, r62, r66, r67))
