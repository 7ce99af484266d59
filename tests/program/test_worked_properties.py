#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What must hold whatever the facts are: random months, each run through the program several times (sla.md section 12), and
counted a second time on tables of minutes by rules written down anew. TENOR_SEED=n repeats one run."""

import os
import random
from datetime import timedelta
from fractions import Fraction

from program import SANITIZED, note, ok
from worked import (NEW_YORK, PRIORITIES, Facts, atrisk, clock, contract, credits, instant, month, run_all, stripped, uptime,
                    utc, value, window)

SEED = int(os.environ.get("TENOR_SEED", "20260531"))
ROUNDS = 12 if SANITIZED else 40
LABEL = "2026-05"
START, END = instant("2026-05-01"), instant("2026-06-01")
MINUTES = int((END - START).total_seconds()) // 60
HOLIDAY = (5, 25)
GOAL_H = {"P1": 4, "P2": 8, "P3": 16}


def at(minute):
    return START + timedelta(minutes=minute)


def open_minutes():
    """desk: Monday to Friday 09:00 to 17:00 without Memorial Day."""
    table = []
    for m in range(MINUTES):
        local = at(m).astimezone(NEW_YORK)
        table.append(local.weekday() < 5 and 9 <= local.hour < 17 and (local.month, local.day) != HOLIDAY)
    return table


DESK = open_minutes()


class Month:
    """Random facts of one month, every one at a minute of its own."""

    def __init__(self, rng):
        self.rng = rng
        self.free = list(range(60, MINUTES - 60))
        rng.shuffle(self.free)
        self.tickets, self.outages, self.work, self.asked = {}, [], [], []

    def minutes(self, n, low, high):
        taken = [m for m in self.free if low <= m < high][:n]
        self.free = [m for m in self.free if m not in taken]
        return sorted(taken)

    def ticket(self, name):
        rng = self.rng
        start = self.minutes(1, 60, MINUTES - 6 * 1440)[0]
        vendor = rng.choice(("waiting_vendor", "numbered"))
        kinds = ["waiting_client", vendor, vendor, "scheduled", "resumed", "client", "answer", "note", "restored", "reopened"]
        moments = self.minutes(rng.randrange(7), start + 1, start + 3 * 1440)
        events = [(start, "logged", rng.choice(PRIORITIES))]
        stopped = False
        for m in moments:
            kind = rng.choice(kinds)
            if stopped != (kind == "reopened"):
                continue
            stopped = kind == "restored"
            events.append((m, kind, None))
        self.tickets[name] = events

    def outage(self, name):
        rng = self.rng
        begin, end = self.minutes(2, *rng.choice([(60, MINUTES - 60), (20000, 21500), (20000, 20800)]))
        if end - begin > 600:
            end = self.minutes(1, begin + 1, begin + 300)[0]
        self.outages.append((name, begin, end, rng.sample("abc", rng.choice((1, 1, 2))), rng.random() < 0.3))

    def time_off(self, name):
        begin = self.rng.choice((self.rng.randrange(3 * 1440, MINUTES - 1440), self.rng.randrange(20000, 21000)))
        return name, begin, begin + self.rng.randrange(30, 400), self.rng.sample("abc", self.rng.choice((1, 2, 3)))

    def maintenance(self, name):
        self.work.append(self.time_off(name))

    def request(self, name):
        self.asked.append(self.time_off(name))

    def facts(self, split=None, extra=()):
        f = Facts()
        for name, events in self.tickets.items():
            for m, kind, priority in events:
                self.tell(f, name, at(m), kind, priority)
        for name, begin, end, assets, degraded in self.outages:
            parts = [(name, begin, end)]
            if split is not None and name == split[0]:
                parts = [(name, begin, split[1]), (name + "x", split[1], end)]
            for part, low, high in parts:
                f.outage(part, at(low), at(high), assets, severity="degraded" if degraded else "down")
        for i, (name, begin, end, assets) in enumerate([*self.work, *extra]):
            f.planned(name, utc(at(begin)), utc(at(end)), f"2026-04-20 10:{i:02d}", assets)
        for i, (name, begin, end, assets) in enumerate(self.asked):
            f.add("downtime.requested", f"2026-04-20 11:{i:02d}", "client", event=name, assets=assets, from_=utc(at(begin)),
                  to=utc(at(end)))
        return f

    @staticmethod
    def tell(f, name, moment, kind, priority):
        if kind == "logged":
            f.add("ticket.logged", moment, "client", ticket=name, priority=priority, via="person")
        elif kind in ("client", "answer"):
            f.add("ticket.message", moment, "client" if kind == "client" else "provider", ticket=name, author="human",
                  visibility="public")
        elif kind == "note":
            f.add("ticket.message", moment, ticket=name, author="human", visibility="internal")
        elif kind == "numbered":
            f.add("ticket.waiting_vendor", moment, ticket=name, supplier_ticket="S-" + name)
        else:
            f.add("ticket." + kind, moment, "client" if kind == "reopened" else "provider", ticket=name)


PAUSES = [{"id": "client", "while": "ticket.waiting_client"},
          {"id": "vendor", "while": "ticket.waiting_vendor", "proof": "supplier_ticket"}]


def random_month(rng):
    world = Month(rng)
    for i in range(12):
        world.ticket(f"T{i}")
    for i in range(rng.randrange(1, 9)):
        world.outage(f"o{i}")
    for i in range(rng.randrange(0, 5)):
        world.maintenance(f"m{i}")
    for i in range(rng.randrange(0, 3)):
        world.request(f"r{i}")
    return world


def random_excuses(rng):
    """Both causes in any order, each with an allowance or without."""
    rules = [{"id": "planned", "cause": "scheduled_maintenance"}, {"id": "asked", "cause": "client_request"}]
    for rule in rules:
        if rng.random() < 0.5:
            rule.update(max=f"{rng.randrange(1, 12) * 30}min", per="calendar_month")
    rng.shuffle(rules)
    return rules


def random_uptime(rng, **fixed):
    terms = {"group": rng.choice(("any_down", "all_down", "k_of_n", "mean", "weighted")),
             "excluded_time": rng.choice(("remove_both", "count_as_up")), "min_outage": rng.choice(("0min", "5min", "60min")),
             "degraded": rng.choice(("down", "up", "half")), "exclude": random_excuses(rng), **fixed}
    if terms["group"] == "k_of_n":
        terms["k"] = rng.choice((1, 2, 3))
    if terms["group"] == "weighted":
        terms["weights"] = [{"id": "w" + a, "asset": a, "weight": str(w)} for a, w in zip("abc", (1, 2, 5))]
    return uptime(scope=("a", "b", "c"), target="99.5%", **terms)


def terms_for(rng, **fixed):
    fix = clock(within={p: f"{h}h@desk" for p, h in GOAL_H.items()}, pause=PAUSES)
    tiers = [{"id": "t1", "below": "99.9%", "credit": "5%"}, {"id": "t2", "below": "99%", "credit": "25%"}]
    rule = credits([{"id": "up", "metric": "up", "tiers": tiers}, {"id": "late", "metric": "fix", "each_breach": "2%"}],
                   caps=[{"id": "month", "per": "calendar_month", "pct": f"{rng.randrange(6, 30)}%", "of": "month_charges"},
                         {"id": "year", "per": "contract_year", "pct": f"{rng.randrange(6, 30)}%", "of": "average_month_12mo"}])
    return contract([fix, clock("answer", "2h@desk", "ticket.answered"), random_uptime(rng, **fixed)], sla={"credits": rule})


# --- the same, counted minute by minute ---


def deadline_minute(start, goal, gone):
    """The end of the goal-th open minute that counts."""
    left = goal
    for m in range(start, MINUTES):
        if DESK[m] and m not in gone:
            left -= 1
            if left == 0:
                return m + 1
    return None


def counted_ticket(events):
    """(due, stopped) of the resolution clock by R26, R27 and R33; the goal of its priority is never changed here."""
    start, _, priority = events[0]
    gone, pause, since, stopped = set(), None, start, None
    for m, kind, _ in [*events[1:], (MINUTES, "end", None)]:
        if pause in ("waiting_client", "numbered") or stopped is not None:
            gone.update(range(since, m))
        since = m
        if kind in ("waiting_client", "waiting_vendor", "numbered", "scheduled"):
            pause = kind
        elif kind == "resumed" or (kind == "client" and pause == "waiting_client"):
            pause = None
        elif kind == "restored":
            pause, stopped = None, m
        elif kind == "reopened":
            stopped = None
    if stopped is not None:
        gone -= set(range(stopped, MINUTES))
    return deadline_minute(start, GOAL_H[priority] * 60, gone), stopped


def runs_dropped(down, shortest):
    """Minutes of uninterrupted raw outages at least that long."""
    kept, run = set(), []
    for m in sorted(down):
        if run and m != run[-1] + 1:
            kept.update(run if len(run) >= shortest else ())
            run = []
        run.append(m)
    kept.update(run if len(run) >= shortest else ())
    return kept


def group_states(metric, downs, excused, minute):
    """up, down or out by R49: downs and excused are sets of minutes by asset."""
    n, up, down = len(downs), 0, 0
    for a in downs:
        if minute in excused[a]:
            up += metric["excluded_time"] == "count_as_up"
        elif minute in downs[a]:
            down += 1
        else:
            up += 1
    out = n - up - down
    group = metric["group"]
    if group in ("any_down", "mean", "weighted"):
        return "down" if down else "up" if up == n else "out"
    if group == "all_down":
        return "up" if up else "down" if down == n else "out"
    return "up" if up >= metric["k"] else "down" if up + out < metric["k"] else "out"


def raw_down(metric, downs, minute):
    down = sum(minute in downs[a] for a in downs)
    if metric["group"] == "all_down":
        return down == len(downs)
    if metric["group"] == "k_of_n":
        return len(downs) - down < metric["k"]
    return down > 0


def counted_group(metric, hard, soft, excused):
    """(A', D' x 2) of some components: hard is really down, soft includes degraded."""
    touched = sorted(set().union(*soft.values(), *excused.values()))
    shortest = int(metric["min_outage"][:-3])
    judged = soft if metric["degraded"] != "up" else hard
    kept = runs_dropped({m for m in touched if raw_down(metric, soft, m)}, shortest)
    base, total = Fraction(MINUTES), 0    # half: the mean of what both readings leave and of what both count (R46)
    for m in touched:
        states = [group_states(metric, d, excused, m) for d in ((judged, judged) if metric["degraded"] != "half" else (soft, hard))]
        base -= Fraction(sum(s == "out" for s in states), 2)
        total += sum(s == "down" and m in kept for s in states)
    return base, total


def counted_excuses(world, metric):
    """R51, R53: the first rule listed takes a minute, and its allowance goes to the earliest minutes, once for all components."""
    taken = {a: set() for a in "abc"}
    for rule in metric["exclude"]:
        asked = {a: set() for a in "abc"}
        for _, begin, end, assets in world.work if rule["id"] == "planned" else world.asked:
            for a in assets:
                asked[a].update(range(begin, end))
        free = {a: asked[a] - taken[a] for a in asked}
        granted = sorted(set().union(*free.values()))[:int(rule["max"][:-3]) if "max" in rule else None]
        for a in taken:
            taken[a] |= free[a] & set(granted)
    return taken


def counted_uptime(world, metric):
    hard, soft = ({a: set() for a in "abc"} for _ in range(2))
    for _, begin, end, assets, degraded in world.outages:
        for a in assets:
            soft[a].update(range(begin, end))
            if not degraded:
                hard[a].update(range(begin, end))
    excused = counted_excuses(world, metric)
    groups, weights = [("a", "b", "c")], [1]
    if metric["group"] in ("mean", "weighted"):
        groups, weights = [("a",), ("b",), ("c",)], [1, 2, 5] if metric["group"] == "weighted" else [1, 1, 1]
    top = bottom = Fraction(0)
    for g, w in zip(groups, weights):
        base, down2 = counted_group(metric, *({a: s[a] for a in g} for s in (hard, soft, excused)))
        bottom += w * base
        top += w * (base - Fraction(down2, 2))
    return top / bottom


def half_up(x, places):
    scaled = x * 10 ** places
    return f"{(2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator) / 10 ** places:.{places}f}"


# --- checks, each over all rounds; the first failure tells its seed ---


def check_round(seed, failures):
    rng = random.Random(seed)
    world, terms = random_month(rng), terms_for(rng)
    metric = terms["sla"]["metrics"][2]
    facts = world.facts()
    s = month(terms, facts, LABEL)

    def fail(name, *details):
        failures.setdefault(name, []).append((seed, details))

    order = list(range(len(facts.rows)))
    rng.shuffle(order)
    if stripped(month(terms, facts.text(order), LABEL)) != stripped(s):
        fail("order")
    long = [o for o in world.outages if o[2] - o[1] > 1]
    if long:
        o = rng.choice(long)
        x = month(terms, world.facts(split=(o[0], rng.randrange(o[1] + 1, o[2]))), LABEL)
        if (window(x, "up").get("value"), x["settlements"] and x["settlements"][0]["total"]) != \
                (window(s, "up").get("value"), s["settlements"] and s["settlements"][0]["total"]):
            fail("split", o, window(x, "up").get("value"), window(s, "up").get("value"))
    check_money(s, fail)
    want = half_up(counted_uptime(world, metric) * 100, 4)
    if value(window(s, "up")) != want:
        fail("uptime", metric["group"], metric["degraded"], metric["excluded_time"], value(window(s, "up")), want)
    check_tickets(world, s, fail)
    check_excuse(rng, world, fail)


def check_money(s, fail):
    for x in s["settlements"]:
        mine = [c for c in s["credits"] if c["id"] in x["credits"]]
        money = sum(Fraction(c["amount"].split()[0]) for c in mine if c["fate"] == "due")
        if money != Fraction(x["total"].split()[0]):
            fail("sum", x["total"], money)
        for c in x["caps"]:
            if Fraction(c["used"]) > Fraction(c["limit"]) or \
                    (c["cap"] == "month" and money > Fraction(c["limit"]) + Fraction(1, 200)):
                fail("caps", c)
        for c in mine:
            if c["fate"] in ("due", "cut") and \
                    Fraction(c["exact"]) != Fraction(c["after_caps"]) + sum(Fraction(k["amount"]) for k in c["cuts"]):
                fail("cuts", c)


def check_tickets(world, s, fail):
    found = {c["about"]: c for c in window(s, "fix").get("cases", ())}
    for name, events in world.tickets.items():
        due, stopped = counted_ticket(events)
        c = found.get(name)
        restored = [m for m, kind, _ in events if kind == "restored"]
        if due is None and not restored:
            if c is not None:
                fail("tickets", name, events, "no sample", c)
            continue
        if c is None:
            fail("tickets", name, events, "a sample", due and utc(at(due)))
            continue
        if stopped is None and due is None:
            continue    # reopened and not settled again: the earlier cycle is the sample
        late = due is not None and (stopped is None or stopped > due)
        if (c["state"] in ("missed", "breached")) != late or (late and instant(c["due"]) != at(due)):
            fail("tickets", name, events, c["state"], c.get("due"), due and utc(at(due)))


def check_excuse(rng, world, fail):
    metric = random_uptime(rng, excluded_time="count_as_up", exclude=[{"id": "planned", "cause": "scheduled_maintenance"}])
    terms = contract([metric])
    before = Fraction(value(window(month(terms, world.facts(), LABEL), "up")))
    begin = rng.choice([o[1] for o in world.outages]) - rng.randrange(0, 100)
    extra = [("extra", max(begin, 60), max(begin, 60) + rng.randrange(10, 300), rng.sample("abc", rng.choice((1, 2, 3))))]
    after = Fraction(value(window(month(terms, world.facts(extra=extra), LABEL), "up")))
    if after < before:
        fail("excuse", metric, extra, before, after)


def check_pause(seed, failures):
    """One ticket, one pause, the same pause wider: the deadline is never earlier; also for days and two timelines."""
    rng = random.Random(seed)
    start = rng.randrange(60, MINUTES // 2)
    low = start + rng.randrange(0, 2 * 1440)
    high = low + rng.randrange(1, 2 * 1440)
    wider = rng.randrange(start, low + 1), high + rng.randrange(0, 1440)
    within = rng.choice(({"within": "4h@desk"}, {"within": "8h@split"}, {"within": "1bd@desk"}, {"within": "2bd"},
                         {"within": "1d"}, {"within": "30min@desk", "or_within": "6h"}, {"within": "2bd@desk", "by": "12:00"}))
    rule = {"id": "client", "while": "ticket.waiting_client"}
    if rng.random() < 0.3:
        rule["max"] = "3h"
        within = {"within": "9h"}
    more = {k: within[k] for k in within if k != "within"}
    terms = contract([clock(within=within["within"], pause=[rule], at_closing=rng.choice(("close", "next_open")), **more)])
    got = []
    for a, b in ((low, high), wider):
        f = Facts()
        f.add("ticket.logged", at(start), "client", ticket="T1", priority="P1")
        f.add("ticket.waiting_client", at(a), ticket="T1")
        f.add("ticket.resumed", at(b), ticket="T1")
        c = [x for x in atrisk(terms, f, "2026-06-20 12:00")["clocks"] if x["about"] == "T1"]
        got.append(c[0]["due"] if c else None)
    if None in got or instant(got[1]) < instant(got[0]):
        failures.setdefault("pause", []).append((seed, (within, rule, start, (low, high), wider, got)))


NAMES = {
    "order": "the order of facts in the file changes nothing but file and line",
    "split": "an outage told as two that touch gives the same value and money",
    "sum": "what credits come to is the sum of their parts",
    "caps": "credits never exceed their caps",
    "cuts": "a credit is what caps left of it and what they cut",
    "uptime": "availability is what counting minutes gives",
    "tickets": "deadlines and verdicts are what counting minutes gives",
    "excuse": "an additional excuse never lowers a value under count_as_up",
    "pause": "a wider pause never makes a deadline earlier",
}

def all_rounds():
    broken = {}
    note(f"seed {SEED}, {ROUNDS} months, {4 * ROUNDS} pauses")
    for i in range(ROUNDS):
        check_round(SEED + i, broken)
    for i in range(4 * ROUNDS):
        check_pause(SEED + i, broken)
    for key, name in NAMES.items():
        ok(key not in broken, name, *[f"seed {seed}: {details}" for seed, details in broken.get(key, ())[:5]])


run_all((all_rounds,))
