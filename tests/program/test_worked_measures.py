#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Further rules of service levels from facts to figures: facts that come late or contradict, windows, values of every kind,
availability as seen, and the forms of credits. Expected figures were worked out by hand from the rule named in each label."""

from worked import (EXCLUDE, Facts, amounts, case, clock, contract, credits, is_, month, run_all, total, uptime,
                    value, window)

HOUR = 3_600_000
DAY = "2026-03-10 "
TIERS = [{"id": "t1", "below": "99.9%", "credit": "5%"}, {"id": "t2", "below": "99%", "credit": "10%"},
         {"id": "t3", "below": "98%", "credit": "25%"}]
UP = [{"id": "up", "metric": "up", "tiers": TIERS}]


def down(w):
    return w.get("availability", {}).get("down_ms")


def april(facts, *options, **more):
    return window(month(contract([uptime(**more)]), facts, "2026-04", *options), "up")


def nothing_happened(label):
    f = Facts()
    f.outage("9", label + "-05 10:00", label + "-05 10:00")
    return f


def flags(s):
    return {x["flag"]: [f["id"] for f in x.get("facts", ())] for x in s["flagged"]}


# --- facts ---


def r3():
    def due(recorded):
        f = Facts()
        f.add("calendar.exception", recorded, calendar="desk", date="2026-03-11", name="Day of mourning")
        f.logged("T1", DAY + "15:00")
        return case(month(contract([clock()]), f, "2026-03"), "T1").get("due")

    is_(due("2026-03-10 09:00"), "2026-03-12T15:00:00Z", "R3: a day proclaimed before it is closed")
    is_(due("2026-03-11 09:00"), "2026-03-11T15:00:00Z", "R3: proclaimed on the day itself it is not")


def r13():
    f = Facts()
    f.logged("T1", DAY + "09:00")
    wrong = f.ticket("restored", "T1", DAY + "14:00")
    f.ticket("restored", "T1", DAY + "12:00", recorded="2026-03-12 10:00")
    f.rows[-1]["corrects"] = wrong
    terms = contract([clock()])
    is_(case(month(terms, f, "2026-03"), "T1").get("stopped"), "2026-03-10T16:00:00Z",
        "R13: a correction replaces what it corrects")
    c = case(month(terms, f, "2026-03", "--known-as-of", "2026-03-11T00:00:00Z"), "T1")
    is_(c.get("stopped"), "2026-03-10T18:00:00Z", "R13: it is not seen before it was recorded")
    s = month(terms, f, "2026-03", "--as-of", "2026-03-10T15:00:00Z")
    is_(window(s, "fix").get("running"), True, "R13: as of an earlier instant the window runs")


def r14():
    f = Facts()
    f.logged("T1", DAY + "09:00")
    late = f.ticket("closed", "T1", DAY + "10:00", recorded="2026-03-13 10:00:00.001")
    f.logged("T2", DAY + "09:00", recorded=DAY + "08:54:59.999")
    resumed = f.ticket("resumed", "T2", DAY + "09:30")
    f.ticket("restored", "T2", DAY + "10:00", recorded="2026-03-13 10:00")
    s = month(contract([clock()]), f, "2026-03")
    got = flags(s)
    is_(got.get("late"), [late], "R14: recorded more than 72 h after it occurred is late, 72 h are not")
    is_(got.get("future"), ["f3"], "R14: more than 5 min before it occurred is future")
    is_(got.get("out_of_order"), [resumed], "R14: a resumption without a pause is out of order")
    is_((got.get("implied"), case(s, "T1").get("stopped")), ([late], "2026-03-10T14:00:00Z"),
        "R14: closed without restored counts as restored then")


def r15():
    f = Facts()
    f.planned("m1", "2026-04-19 02:00", "2026-04-19 06:00", "2026-04-10 10:00")
    f.add("downtime.requested", "2026-04-11 10:00", "client", event="e1", assets=["a"], from_="2026-04-19 02:00",
          to="2026-04-19 03:00")
    f.planned("m2", "2026-04-19 02:00", "2026-04-19 04:00", "2026-04-12 10:00")
    terms = contract([uptime(exclude=[*EXCLUDE, {"id": "asked", "cause": "client_request"}])])
    got = []
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        w = window(month(terms, f.text(order), "2026-04"), "up")
        got.append([e["fact"]["id"] for e in w["availability"]["excuses"]])
    is_(got, [["f1", "f2", "f3"]] * 3,
        "R15: excuses from one instant stand as they were told, wherever their facts are in the file")
    f = Facts()
    f.logged("T1", "2026-04-14 09:00")
    f.ticket("restored", "T1", "2026-04-14 16:00")
    f.add("cause.linked", "2026-04-15 10:00", cause="RC-2", events=["T1"])
    f.add("cause.linked", "2026-04-15 11:00", cause="RC-1", events=["T1"])
    terms = contract([clock()], sla={"credits": credits([{"id": "late", "metric": "fix", "each_breach": "5%"}])})
    got = [month(terms, f.text(order), "2026-04")["credits"][0]["causes"] for order in ((0, 1, 2, 3), (3, 2, 1, 0))]
    is_(got, [["RC-2", "RC-1"]] * 2, "R15: causes stand in the order in which they were linked")
    f = Facts()
    f.add("obligation.requested", "2026-04-11 10:00", event="e2", obligation="access")
    f.add("obligation.requested", "2026-04-12 10:00", event="e1", obligation="access")
    got = [[d["about"] for d in month(contract([clock()]), f.text(order), "2026-04")["deadlines"]]
           for order in ((0, 1), (1, 0))]
    is_(got, [["e2", "e1"]] * 2, "R15: duties due at one instant stand in the order in which they were asked for")


def r17():
    def stopped(first, second):
        f = Facts()
        f.logged("T1", DAY + "09:00")
        f.ticket("restored", "T1", DAY + "12:30", recorded=first)
        f.ticket("restored", "T1", DAY + "13:30", party="client", recorded=second)
        s = month(contract([clock()]), f, "2026-03")
        return case(s, "T1").get("stopped", "")[11:16], "contradicting" in flags(s)

    is_(stopped(DAY + "13:00", DAY + "14:00"), ("16:30", True), "R17: of two that contradict the one recorded first counts")
    is_(stopped(DAY + "15:00", DAY + "14:00"), ("17:30", True), "R17: whoever recorded it")


# --- tickets and windows ---


def r29():
    def fix(*events, metric=None):
        f = Facts()
        f.logged("T1", "2026-02-03 09:30")
        for kind, at, more in events:
            f.add("obligation." + kind, at, event="e1", **more)
        return case(month(contract([metric or clock(within="8h@desk")]), f, "2026-02"), "T1").get("due")

    power = {"obligation": "power", "tickets": ["T1"]}
    access = {"obligation": "access", "tickets": ["T1"]}
    is_(fix(("breached", "2026-02-03 11:00", power), ("met", "2026-02-03 13:00", {})), "2026-02-04T16:30:00Z",
        "R29: a standing duty excuses from breached to met")
    is_(fix(("requested", "2026-02-03 11:00", access), ("met", "2026-02-03 15:00", {})), "2026-02-04T14:30:00Z",
        "R29: time inside the client's allowance is not excused")
    is_(fix(("requested", "2026-02-03 11:00", {**access, "tickets": ["T9"]}), ("met", "2026-02-04 10:15", {})),
        "2026-02-04T14:30:00Z", "R29: another ticket is not excused")
    f = Facts()
    f.outage("9", "2026-04-08 10:00", "2026-04-08 16:00", cause="e1")
    f.add("obligation.breached", "2026-04-08 09:00", event="e1", obligation="power", assets=["a"])
    f.add("obligation.met", "2026-04-08 14:00", event="e1")
    is_(down(april(f)), 6 * HOUR, "R29: downtime is not excused by a duty alone")
    is_(down(april(f, exclude=[{"id": "duty", "cause": "client_obligation"}])), 2 * HOUR,
        "R29: it is if the metric lists client_obligation and the outage names the duty")


def r33():
    f = Facts()
    f.logged("T1", "2026-03-30 09:00")
    f.ticket("restored", "T1", "2026-03-30 10:00")
    f.ticket("reopened", "T1", "2026-04-01 09:00", party="client")
    f.ticket("restored", "T1", "2026-04-01 15:00")
    got = []
    for label in ("2026-03", "2026-04"):
        w = window(month(contract([clock()]), f, label, "--as-of", "2026-05-01T04:00:00Z"), "fix")
        got.append((w.get("samples"), w.get("in_time"), w["verdict"]))
    is_(got, [(1, 1, "met"), (1, 0, "missed")], "R33: reopened in a later window: a sample there, the earlier one stays")


    def two_months(first, *more, within="4h@desk", start="2026-03-10 09:00", **rules):
        f = Facts()
        f.logged("T1", start, "P3")
        f.ticket("restored", "T1", first)
        for kind, at, fields in more:
            f.ticket(kind, "T1", at, party="client", **fields)
        f.ticket("reopened", "T1", "2026-04-02 10:00", party="client")
        f.ticket("restored", "T1", "2026-04-02 10:30")
        terms = contract([clock(within=within)], sla={"priority_rules": {"proposed_by": "either", **rules}})
        shown = [month(terms, f, label, "--as-of", "2026-05-01T04:00:00Z") for label in ("2026-03", "2026-04")]
        return [(case(s, "T1").get("state"), case(s, "T1").get("due")) for s in shown]

    april = ("missed", "2026-04-02T14:00:00Z")
    is_(two_months("2026-03-10 13:00"), [("met", "2026-03-10T17:00:00Z"), april],
        "R33: stopped at the deadline itself and reopened: nothing is left, due at the reopening, March stays met")
    is_(two_months("2026-03-08 12:00", within="1bd@desk", start="2026-03-06 08:00"), [("met", "2026-03-09T12:00:00Z"), april],
        "R33: a business day that ends while the ticket is restored: due at the reopening")
    raised = ("priority_agreed", "2026-03-12 10:00", {"priority": "P1"})
    for rule in ("from_start", "carry_elapsed"):
        is_(two_months("2026-03-10 15:00", raised, within={"P1": "4h@desk", "P3": "8h@desk"}, on_change=rule),
            [("met", "2026-03-10T21:00:00Z"), april], f"R31: {rule}: raised while restored: March stays met, due at the reopening")


def r39():
    f = Facts()
    f.logged("T1", "2026-03-30 09:00")
    f.logged("T2", "2026-03-31 16:00")
    f.ticket("restored", "T1", "2026-04-20 10:00")
    f.ticket("restored", "T2", "2026-04-01 10:00")
    for label, want in (("2026-03", (1, 0)), ("2026-04", (1, 1))):
        w = window(month(contract([clock()]), f, label, "--as-of", "2026-05-01T04:00:00Z"), "fix")
        is_((w.get("samples"), w.get("in_time")), want, f"R39: {label}: a sample belongs where it settled, at its deadline if late")


def r42():
    def figure(minutes, kind="percentile", still_open=False, **more):
        f = Facts()
        for i, m in enumerate(minutes):
            day = 2 + i // 5 * 7 + i % 5
            f.logged(f"T{i}", f"2026-03-{day:02d} 10:00")
            f.ticket("restored", f"T{i}", f"2026-03-{day:02d} {10 + m // 60}:{m % 60:02d}")
        if still_open:
            f.logged("T99", "2026-03-31 23:00")
        metric = {**clock("p"), "kind": kind, "value": "ticket.minutes_to_restore", "at_most": "60", **more}
        for key in ("start", "stop", "targets"):
            del metric[key]
        w = window(month(contract([metric, clock()]), f, "2026-03"), "p")
        return value(w), w["verdict"], w.get("censored", 0)

    ranks = list(range(10, 31))
    is_(figure(ranks[:5], percentile=95)[0], "14.0000", "R42: P95 of 5 is the 5th")
    is_(figure(ranks[:20], percentile=95)[0], "28.0000", "R42: P95 of 20 is the 19th")
    is_(figure(ranks, percentile=95)[0], "29.0000", "R42: P95 of 21 is the 20th")
    is_(figure([50, 70], kind="mean"), ("60.0000", "met", 0), "R42: a mean at its limit is met")
    is_(figure([50, 71], kind="mean"), ("60.5000", "missed", 0), "R42: a mean above it is missed")


def r43():
    for label, hours in (("2026-03", 743), ("2026-04", 720), ("2026-11", 721)):
        w = window(month(contract([uptime()]), nothing_happened(label), label), "up")
        is_(w.get("availability", {}).get("agreed_ms"), hours * HOUR, f"R43: {label} has {hours} hours in New York")
    f = Facts()
    f.outage("9", "2026-04-08 16:00", "2026-04-08 20:00")
    w = april(f, schedule="desk")
    is_((w.get("availability", {}).get("agreed_ms"), down(w)), (22 * 8 * HOUR, HOUR), "R43: agreed time is that of the schedule")


def r44():
    def seen(samples, **more):
        f = Facts()
        for minute, state in samples:
            f.add("probe.sample", f"2026-04-07 10:{minute:02d}", "monitor", asset="a", state=state)
        metric = uptime(unknown="exclude", **more)
        metric["measured_by"] = {**metric["measured_by"], "interval": "1min", "down_after": 2}
        w = window(month(contract([metric]), f, "2026-04"), "up")
        return w.get("availability", {}).get("counted_ms"), down(w)

    minute = 60_000
    up = "up"
    is_(seen([(0, up), (1, up), (2, up), (6, up), (7, up)]), (5 * minute, 0),
        "R44: four intervals without a sample: unknown from one interval after the last; before the first and after the end, too")
    is_(seen([(0, up), (3, up), (6, up)]), (7 * minute, 0), "R44: three intervals without a sample are known")
    is_(seen([(0, up), (1, "down"), (2, "down"), (9, "down"), (10, up)]), (11 * minute, 9 * minute),
        "R44: down between two failures")
    f = Facts()
    f.add("probe.sample", "2026-04-01 00:00", "monitor", asset="a", state="up")
    f.add("probe.sample", "2026-04-10 00:00", "monitor", asset="a", state="down")
    f.add("probe.sample", "2026-04-10 06:00", "monitor", asset="a", state="up")
    w = april(f)
    is_((w.get("availability", {}).get("counted_ms"), down(w)), (720 * HOUR, 6 * HOUR), "R44: without interval a state holds")


def r46():
    f = Facts()
    f.outage("9", "2026-04-08 10:00", "2026-04-08 14:00", severity="degraded")
    for rule, want in (("down", "99.4444"), ("up", "100.0000"), ("half", "99.7222")):
        is_(value(april(f, degraded=rule)), want, f"R46: degraded: {rule}: {want} %")


def r47():
    f = Facts()
    f.outage("9", "2026-04-30 20:00", None)
    is_(down(april(f)), 4 * HOUR, "R47: an outage without an end runs on")
    w = april(f, "--as-of", "2026-05-01T02:00:00Z")
    is_(down(w), 2 * HOUR, "R47: to as-of")
    is_(down(april(nothing_happened("2026-04"))), 0, "section 12: an outage of no length is valid and counts 0")


def r53():
    def one(exclude, *events, supplier=None, **more):
        f = Facts()
        f.outage("9", "2026-04-08 10:00", "2026-04-08 14:00", **({"supplier": supplier} if supplier else {}), **more)
        for kind, at, party, fields in events:
            f.add(kind, at, party, event="e1", **fields)
        s = month(contract([uptime(exclude=[{"id": "x", "cause": exclude}], service="help")]), f, "2026-04")
        return down(window(s, "up")), "unproven" in flags(s)

    statement = ("supplier.stated", "2026-04-09 10:00", "supplier", {"supplier": "Carrier", "outage": "9"})
    network = {"cause": "third_party_network"}
    is_(one("third_party_network", statement, **network), (0, False), "R53: a named supplier and its statement excuse")
    is_(one("third_party_network", **network), (4 * HOUR, True), "R53: without a statement it counts and is flagged")
    is_(one("third_party_network", statement, supplier="Other", **network)[0], 4 * HOUR, "R53: nor the statement of another")
    asked = {"outage": "9"}
    is_(one("client_request", ("downtime.requested", "2026-04-07 10:00", "client", asked))[0], 0, "R53: the client's own request")
    is_(one("client_request", ("downtime.requested", "2026-04-07 10:00", "provider", asked))[0], 4 * HOUR,
        "R53: not what the provider says the client asked")
    given = ("notice.given", "2026-04-01 10:00", "provider", {"notice": "suspension", "service": "help"})
    began = ("suspension.began", "2026-04-08 11:00", "provider", {"service": "help"})
    ended = ("suspension.ended", "2026-04-08 13:00", "provider", {})
    is_(one("suspension", given, began, ended)[0], 2 * HOUR, "R53: a suspension after notice excuses while it lasts")
    is_(one("suspension", began, ended)[0], 4 * HOUR, "R53: without notice it does not")


def r54():
    f = Facts()
    for slot, requests, errors in (("10:00", 1000, 10), ("10:30", 0, 0), ("11:00", 10, 5)):
        f.add("requests.counted", "2026-04-08 12:00", "monitor", asset="a", slot="2026-04-08 " + slot, requests=requests,
              errors=errors)
    ratio = {"id": "r", "kind": "ratio", "good": "requests.good", "total": "requests.all", "target": "99%",
             "window": "calendar_month", "partial_window": "prorate",
             "measured_by": {"system": "tool", "point": "gateway", "evidence": "usage_records", "verified_by": "either"}}
    is_(value(window(month(contract([ratio]), f, "2026-04"), "r")), "98.5149", "R54: without slot good by all: 98.5149 %")
    # A window is a month here: 1,437 of its 1,440 slots have no request and are 100 %.
    is_(value(window(month(contract([{**ratio, "slot": "30min"}]), f, "2026-04"), "r")), "99.9646",
        "R54: with slot the mean of all slots of the month: (1438 x 100 + 99 + 50) / 1440")


def r55():
    f = Facts()
    f.outage("9", "2026-04-08 10:00", "2026-04-08 10:45")
    w = april(f)
    is_((value(w), w["verdict"]), ("99.8958", "missed"), "R55: 45 min in 720 h is 99.8958 % and misses 99.9 %")
    w = april(f, decimals=2)
    is_((value(w), w["verdict"]), ("99.90", "met"), "R55: with two decimals it is 99.90 % and meets")


# --- credits ---


def months(rules, missed, label, minutes=120, **more):
    f = Facts()
    for m in missed:
        f.outage("o" + m, f"2026-{m}-10 10:00", f"2026-{m}-10 {10 + minutes // 60}:{minutes % 60:02d}")
    return month(contract([uptime()], sla={"credits": credits(rules, **more)}), f, label, "--covers", "2026-01-01..2026-12-01",
                 "--as-of", "2026-11-20T00:00:00Z")


def r57():
    def tier(minutes, edge):
        f = Facts()
        f.outage("9", "2026-04-08 00:00", f"2026-04-08 {minutes // 60:02d}:{minutes % 60:02d}")
        rule = [{**UP[0], "edge": edge}]
        return amounts(month(contract([uptime(decimals=2)], sla={"credits": credits(rule)}), f, "2026-04"))

    is_(tier(43, "below"), [], "R57: 99.90 % is not below 99.9 %")
    is_(tier(43, "at_or_below"), ["360.00 USD"], "R57: at_or_below includes it")
    is_(tier(900, "below"), ["1800.00 USD"], "R57: the lowest tier reached pays once, not the sum")
    pattern = [{"id": "p", "metric": "up", "pattern": {"below": "99.9%", "times": 2, "in": 3}, "credit": "6%"}]
    got = {m: amounts(months(pattern, ["01", "03", "04", "05"], f"2026-{m}")) for m in ("01", "03", "04", "05")}
    is_(got, {"01": [], "03": ["432.00 USD"], "04": [], "05": ["432.00 USD"]},
        "R57: two of three: windows that a pattern used do not count again")
    run = [{**pattern[0], "pattern": {**pattern[0]["pattern"], "consecutive": True}}]
    got = {m: amounts(months(run, ["01", "03", "04"], f"2026-{m}")) for m in ("03", "04")}
    is_(got, {"03": [], "04": ["432.00 USD"]}, "R57: consecutive asks for an unbroken run")


def r58():
    f = Facts()
    f.outage("9", "2026-02-20 10:00", "2026-02-20 12:00")
    charge = [{"id": "care", "type": "recurring", "name": "Care", "amount": "7200.00 USD", "period": "1mo"}]
    s = month(contract([uptime()], sla={"credits": credits(UP)}, charges=charge,
                       term={"effective_date": "2026-02-15", "initial": "12mo"}), f, "2026-02")
    is_(amounts(s), ["180.00 USD"], "R58: a prorated month has the prorated base: 5 % of 3,600.00")
    quarter = [{**charge[0], "amount": "21600.00 USD", "period": "3mo"}]
    f = Facts()
    f.outage("9", "2026-04-20 10:00", "2026-04-20 12:00")
    s = month(contract([uptime()], sla={"credits": credits(UP)}, charges=quarter), f, "2026-04")
    got = s["credits"][0]["base"]["exact"] if s["credits"] else None
    is_(got, "648000/91", "R58: a line for a quarter contributes 30 of its 91 days")


def r60():
    rules = [{"id": "small", "metric": "up", "tiers": [{"id": "t1", "below": "99.9%", "credit": "2%"}]},
             {"id": "large", "metric": "fix", "each_breach": "5%"}]

    def combined(how):
        f = Facts()
        f.outage("9", "2026-04-08 10:00", "2026-04-08 12:00")
        f.logged("T1", "2026-04-14 09:00")
        f.ticket("restored", "T1", "2026-04-14 16:00")
        s = month(contract([uptime(), clock()], sla={"credits": credits(rules, combine=how)}), f, "2026-04")
        return total(s), [(c["rule"], c["fate"]) for c in s["credits"]]

    is_(combined("sum"), ("504.00 USD", [("small", "due"), ("large", "due")]), "R60: sum")
    is_(combined("largest"), ("360.00 USD", [("small", "not_combined"), ("large", "due")]), "R60: largest")
    is_(combined("first"), ("144.00 USD", [("small", "due"), ("large", "not_combined")]), "R60: first in file order")


def r61():
    def claimed(at, delivered="2026-05-05 10:00", **more):
        f = Facts()
        f.outage("9", "2026-04-08 10:00", "2026-04-08 12:00")
        if delivered:
            f.add("report.delivered", delivered, window="2026-04")
        if at:
            f.add("credit.claimed", at, "client", window="2026-04", **more)
        rule = credits(UP, claim={"mode": "claim", "within": "30d"})
        s = month(contract([uptime()], sla={"credits": rule, "reporting": {"every": "1mo", "due": "10bd"}}), f, "2026-04",
                  "--as-of", "2026-07-01T04:00:00Z")
        return [c["fate"] for c in s["credits"]]

    is_(claimed("2026-04-20 10:00"), ["due"], "R61: an early claim counts")
    is_(claimed(None), ["unclaimed"], "R61: without a claim the credit lapses")
    is_(claimed(None, delivered=None), ["claim_open"], "R61: no report, no expiry")


def r65():
    back = {"earn_back": {"windows": 2, "pct": "50%"}}

    def earned(missed, label):
        s = months(UP, missed, label, **back)
        return [(x["total"], x["earned_back"]) for x in s["settlements"]]

    is_(earned(["01"], "2026-03"), [("0.00 USD", "180.00 USD")], "R65: two months met give half of the credit back")
    is_(earned(["01"], "2026-04"), [], "R65: once")
    is_([x[1] for x in earned(["01", "03"], "2026-03")], ["0.00 USD"], "R65: a miss ends it")


run_all((r3, r13, r14, r15, r17, r29, r33, r39, r42, r43, r44, r46, r47, r53, r54, r55, r57, r58, r60, r61, r65))
