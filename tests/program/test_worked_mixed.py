#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three months of facts of every kind in no sensible order, under terms picked at random: whatever they come to, it is the same
from whatever place in the file each fact is read, and two runs over the same file give the same bytes (sla.md R15, section 12).
TENOR_SEED=n repeats one run."""

import difflib
import json
import os
import random
from datetime import timedelta

from program import SANITIZED, note, ok
from worked import PRIORITIES, Facts, clock, contract, credits, instant, month, run_all, stripped, uptime, utc

SEED = int(os.environ.get("TENOR_SEED", "20260601"))
ROUNDS = 10 if SANITIZED else 40
BEGIN, DAYS = instant("2026-03-01"), 92

TICKETS = [f"T{i}" for i in range(8)]
OUTAGES = [f"o{i}" for i in range(8)]
EVENTS = [f"e{i}" for i in range(8)]
WORKS = [f"m{i}" for i in range(5)]
STATES = ("waiting_client", "waiting_vendor", "scheduled", "resumed", "restored", "resolved", "closed", "reopened", "cancelled",
          "assigned", "work_started")


def some(rng, of):
    return rng.sample(of, rng.choice((1, 1, 2, 3)))


def tickets_fact(rng, at):
    kind = rng.choice(STATES)
    more = {}
    if kind == "waiting_vendor" and rng.random() < 0.5:
        more["supplier_ticket"] = "S-1"
    if kind.startswith("waiting") and rng.random() < 0.3:
        more["until"] = utc(at + timedelta(minutes=rng.randrange(3000)))
    return "ticket." + kind, {"ticket": rng.choice(TICKETS), **more}


def message(rng, _):
    return "ticket.message", {"ticket": rng.choice(TICKETS), "author": rng.choice(("human", "human", "automatic")),
                              "visibility": rng.choice(("public", "public", "internal")), "asks": rng.random() < 0.5}


def priority(rng, _):
    kind = rng.choice(("ticket.priority_set", "ticket.priority_agreed"))
    return kind, {"ticket": rng.choice(TICKETS), "priority": rng.choice(PRIORITIES)}


def family(rng, _):
    one, other = rng.sample(TICKETS, 2)
    return rng.choice(("ticket.merged", "ticket.split")), {"ticket": one, "into": other}


def outage(rng, _):
    if rng.random() < 0.4:
        return "outage.ended", {"outage": rng.choice(OUTAGES)}
    cause = {"cause": rng.choice([*EVENTS, "third_party_network"])} if rng.random() < 0.5 else {}
    return "outage.began", {"outage": rng.choice(OUTAGES), "assets": some(rng, ["a", "b", "c"]),
                            "severity": rng.choice(("down", "degraded")), **cause}


def work(rng, at):
    kind = rng.choice(("announced", "announced", "started", "ended", "cancelled"))
    more = {}
    if kind == "announced":
        start = at + timedelta(minutes=rng.randrange(5000))
        more = {"from_": utc(start), "to": utc(start + timedelta(minutes=rng.randrange(10, 900))),
                "assets": some(rng, ["a", "b", "c"]), "work": rng.choice(("routine", "emergency")), "change": "C-1"}
    return "maintenance." + kind, {"maintenance": rng.choice(WORKS), **more}


def excuse(rng, _):
    assets, event = some(rng, ["a", "b", "c"]), {"event": rng.choice(EVENTS)}
    return rng.choice((
        ("force_majeure.declared", {**event, "event_kind": rng.choice(("war", "pandemic")), "assets": assets}),
        ("force_majeure.ended", event),
        ("obligation.requested", {**event, "obligation": "access", "tickets": some(rng, TICKETS)}),
        ("obligation.breached", {**event, "obligation": "power", "tickets": some(rng, TICKETS), "assets": assets}),
        ("obligation.met", event),
        ("supplier.stated", {**event, "supplier": "Carrier", "outage": rng.choice(OUTAGES)}),
        ("downtime.requested", {**event, "outage": rng.choice(OUTAGES)}),
        ("notice.given", {**event, "notice": "suspension", "service": "help"}),
        ("suspension.began", {**event, "service": "help"}),
        ("suspension.ended", event)))


def act(rng, _):
    label = {"window": rng.choice(("2026-03", "2026-04"))}
    return rng.choice((("report.delivered", label), ("credit.claimed", label), ("right.exercised", {"right": "twice"}),
                       ("cause.linked", {"cause": rng.choice(("RC-1", "RC-2", "AC-3")), "events": some(rng, TICKETS + OUTAGES)})))


def word(rng, rows):
    about = {"fact": rng.choice(rows)["id"]}
    return rng.choice((("fact.accepted", about), ("fact.contested", about),
                       ("dispute.settled", {**about, "outcome": rng.choice(("upheld", "withdrawn"))})))


def random_facts(rng, n):
    f = Facts()
    minutes = rng.sample(range(60, DAYS * 1440 - 60), n)
    for m in minutes:
        at = BEGIN + timedelta(minutes=m)
        noted = at + timedelta(minutes=rng.choice((0, 0, 0, 0, 30, 5000, 60000)))
        party = rng.choice(("client", "provider", "provider", "monitor"))
        if len(f.rows) < len(TICKETS):
            f.add("ticket.logged", at, party, ticket=TICKETS[len(f.rows)], priority=rng.choice(PRIORITIES), service="help",
                  via="person")
            continue
        make = rng.choice((tickets_fact, tickets_fact, tickets_fact, message, priority, family, outage, outage, work, excuse,
                           act, word))
        kind, fields = make(rng, f.rows if make is word else at)
        f.add(kind, at, party, recorded=noted, **fields)
    return f


def random_metrics(rng):
    pauses = [{"id": "client", "while": "ticket.waiting_client", "max": "20h@desk"},
              {"id": "vendor", "while": "ticket.waiting_vendor", "proof": "supplier_ticket"},
              {"id": "date", "while": "ticket.scheduled"}, {"id": "work", "while": "maintenance.window"}]
    causes = [{"id": c, "cause": c} for c in ("emergency_maintenance", "force_majeure", "client_obligation", "client_request",
                                              "third_party_network", "suspension")]
    causes.append({"id": "planned", "cause": "scheduled_maintenance", "max": "4h", "per": "calendar_month"})
    rng.shuffle(causes)
    fix = clock(within={"P1": "4h@desk", "P2": "1bd@desk", "P3": {"within": "2h@desk", "or_within": "6h"}}, pause=pauses,
                reopen=rng.choice(("continue", "new_cycle")), comply={
                    "at_least": "80%", "min_sample": 3, "below_min": rng.choice(("not_judged", "one_miss", "carry"))})
    recovery = clock("recovery", "2h", "outage.ended", start="outage.began")
    del recovery["service"]
    up = uptime(scope=("a", "b", "c"), service="help", group=rng.choice(("any_down", "all_down", "mean")), min_outage="5min",
                unknown=rng.choice(("exclude", "up", "down")), degraded=rng.choice(("down", "up", "half")),
                excluded_time=rng.choice(("remove_both", "count_as_up")), exclude=causes)
    return [fix, clock("answer", "2h@desk", "ticket.answered"),
            clock("next", "4h", "ticket.provider_message", start="ticket.client_message"),
            clock("update", "8h", "ticket.provider_message", start="ticket.provider_message"), recovery, up]


def random_terms(rng):
    tiers = [{"id": "t1", "below": "99.9%", "credit": "3%"}, {"id": "t2", "below": "99%", "credit": "10%"}]
    rules = [{"id": "up", "metric": "up", "tiers": tiers},
             {"id": "often", "metric": "up", "pattern": {"below": "99.9%", "times": 2, "in": 3}, "credit": "4%"},
             {"id": "each", "metric": "fix", "each_breach": "1.3%"},
             {"id": "first", "metric": "answer", "priority": "P1", "each_breach": "0.7%"},
             {"id": "again", "metric": "recovery", "each_breach": "1.1%"}]
    rule = credits(rules, same_cause=rng.choice(("largest", "sum")), combine=rng.choice(("sum", "sum", "largest", "first")),
                   claim={"mode": rng.choice(("automatic", "claim")), "within": "30d"}, earn_back={"windows": 1, "pct": "50%"},
                   caps=[{"id": "month", "per": "calendar_month", "pct": "12%", "of": "month_charges"},
                         {"id": "year", "per": "contract_year", "pct": "20%", "of": "average_month_12mo"}])
    late = rng.choice(("credit", "deemed_failure", "none"))
    sla = {"credits": rule,
           "chronic": [{"id": "twice", "metric": "up", "misses": 2, "out_of": 3, "exercise_within": "60d"}],
           "reporting": {"every": "1mo", "due": "10bd", "if_late": late, **({"late_credit": "1%"} if late == "credit" else {})},
           "priority_rules": {"final": rng.choice(("agreed", "provider", "client")),
                              "if_disputed": rng.choice(("escalate", "higher", "lower")),
                              "on_change": rng.choice(("from_start", "from_change", "carry_elapsed"))}}
    return contract(random_metrics(rng), sla=sla, force_majeure={"events": ["utility_failure", "war"], "notice": "48h"})


def difference(x, y):
    lines = [json.dumps(stripped(z), indent=1).splitlines() for z in (x, y)]
    return "\n".join(list(difflib.unified_diff(*lines, "as told", "in another order", lineterm=""))[:30])


def any_order():
    note(f"seed {SEED}, {ROUNDS} rounds")
    wrong, unequal = [], []
    for seed in range(SEED, SEED + ROUNDS):
        rng = random.Random(seed)
        terms, f = random_terms(rng), random_facts(rng, rng.choice((40, 120, 250)))
        options = ("--covers", "2026-03-01..2026-06-01", "--as-of", utc(instant(rng.choice(("2026-05-20", "2026-07-01")))))
        label = rng.choice(("2026-03", "2026-04", "2026-05"))
        order = list(range(len(f.rows)))
        rng.shuffle(order)
        told = month(terms, f, label, *options)
        if month(terms, f, label, *options) != told:
            unequal.append(seed)
        other = month(terms, f.text(order), label, *options)
        if stripped(other) != stripped(told):
            wrong.append(f"seed {seed}\n{difference(told, other)}")
    ok(not wrong, "the order of facts in the file changes nothing but file and line", *wrong[:2])
    ok(not unequal, "the same file gives the same statement", unequal)


run_all((any_order,))
