# SPDX-License-Identifier: Apache-2.0
"""A small contract and a few facts for one question: contracts are composed from a base, facts are written as JSON lines,
the program's own JSON is read back. Nothing here knows what the right answer is."""

import atexit
import json
import os
import shutil
import tempfile
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from program import crashed, done, ok, tenor

NEW_YORK = ZoneInfo("America/New_York")
FOLDER = tempfile.mkdtemp(prefix="tenor-worked-")
atexit.register(shutil.rmtree, FOLDER, True)

PRIORITIES = ("P1", "P2", "P3")
WEEK = "mon-fri"
US = [{"id": "us", "set": "us_federal"}]
CALENDARS = [
    {"id": "desk", "hours": [{"id": "week", "days": WEEK, "open": ["09:00-17:00"]}], "holidays": US},
    {"id": "split", "hours": [{"id": "week", "days": WEEK, "open": ["09:00-12:00", "13:00-18:00"]}], "holidays": US},
    {"id": "business", "hours": [{"id": "week", "days": WEEK, "open": ["00:00-24:00"]}], "holidays": US},
]
MEASURED = {"system": "tool", "point": "service desk", "verified_by": "either"}


def person(identity, role):
    return {"id": identity, "name": "Contact " + identity, "email": identity + "@example.org", "roles": [role, "signatory"],
            "authority": "may_bind"}


def party(name, identity, role):
    return {"legal_name": name, "jurisdiction": "US-NY", "notice": {"email": "notices@example.org"},
            "contacts": [person(identity, role)]}


def clock(identity="fix", within="4h@desk", stop="ticket.restored", **more):
    """An elapsed metric; a dict as `within` gives a target for each priority."""
    if isinstance(within, dict):
        targets = [{"id": p.lower(), "priority": p, **(t if isinstance(t, dict) else {"within": t})} for p, t in within.items()]
        targets += [] if len(targets) == len(PRIORITIES) else [{"id": "rest", "within": "400h"}]
    else:
        targets = [{"id": "all", "within": within}]
    targets[0].update({k: more.pop(k) for k in ("or_within", "by") if k in more})
    return {"id": identity, "kind": "elapsed", "service": "help", "start": more.pop("start", "ticket.logged"), "stop": stop,
            "targets": targets, "window": "calendar_month", "partial_window": "prorate",
            "measured_by": {**MEASURED, "evidence": "ticket_events"}, **more}


PAUSE = [{"id": "client", "while": "ticket.waiting_client"}]
EXCLUDE = [{"id": "planned", "cause": "scheduled_maintenance"}]


def uptime(identity="up", scope=("a",), target="99.9%", **more):
    return {"id": identity, "kind": "availability", "scope": list(scope), "target": target, "window": "calendar_month",
            "partial_window": "prorate", "measured_by": {**MEASURED, "evidence": "outage_events"}, **more}


def contract(metrics, sla=None, **blocks):
    """The base with these metrics; other blocks replace those of the base."""
    base = {
        "tenor": "1",
        "contract": {"id": "W-1", "title": "Worked example", "currency": "USD", "timezone": "America/New_York",
                     "business_calendar": "business"},
        "parties": {"provider": party("Fern Systems LLC", "f1", "service_desk_manager"),
                    "client": party("Alder Dental PC", "d1", "it_lead")},
        "calendars": CALENDARS,
        "assets": [{"id": i, "name": "Server " + i, "kind": "server"} for i in "abc"],
        "term": {"effective_date": "2026-01-01", "initial": "24mo"},
        "services": [{"id": "help", "name": "Help desk", "calendar": "always"}],
        "client_obligations": [{"id": "access", "text": "Give access", "within": "4h@desk",
                                "excuses": [m["id"] for m in metrics]},
                               {"id": "power", "text": "Keep the power on", "standing": True,
                                "excuses": [m["id"] for m in metrics]}],
        "sla": {"priorities": [{"id": p, "name": "priority " + p} for p in PRIORITIES], "metrics": metrics, **(sla or {})},
        "charges": [{"id": "care", "type": "recurring", "name": "Care", "amount": "7200.00 USD", "period": "1mo"},
                    {"id": "extra", "type": "recurring", "name": "Extra", "amount": "1800.00 USD", "period": "1mo"}],
        "maintenance": {"windows": [{"id": "any", "days": "mon-sun", "open": ["00:00-24:00"]}],
                        "notice": {"routine": "24h", "planned_outage": "24h", "emergency": "1h"}},
    }
    for key, value in blocks.items():
        if value is None:
            del base[key]
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            base[key] = {**base[key], **value}
        else:
            base[key] = value
    return base


def credits(rules, **more):
    """Automatic credits on a base of 7,200.00."""
    return {"base": {"charges": ["care"]}, "rules": rules, **more}


def instant(text):
    """'2026-01-23 15:00[:30[.001]]' in New York; 'Z' at the end: UTC; the first of two equal local times."""
    zone = timezone.utc if text.endswith("Z") else NEW_YORK
    return datetime.fromisoformat(text.rstrip("Z").replace("T", " ").strip()).replace(tzinfo=zone).astimezone(timezone.utc)


def utc(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Facts:
    """Facts in the order in which they are told; each is recorded as it happens unless said otherwise."""

    def __init__(self):
        self.rows = []

    def add(self, kind, at, party="provider", recorded=None, **fields):
        moment = at if isinstance(at, datetime) else instant(at)
        noted = moment if recorded is None else recorded if isinstance(recorded, datetime) else instant(recorded)
        self.rows.append({"id": f"f{len(self.rows) + 1}", "kind": kind, "occurred_at": utc(moment), "recorded_at": utc(noted),
                          "party": party, **{k: utc(instant(v)) if k in ("from_", "to", "until", "slot") and v[:2] == "20" else v
                                             for k, v in fields.items()}})
        if "from_" in self.rows[-1]:
            self.rows[-1]["from"] = self.rows[-1].pop("from_")
        return self.rows[-1]["id"]

    def logged(self, ticket, at, priority="P1", **more):
        return self.add("ticket.logged", at, more.pop("party", "client"), ticket=ticket, priority=priority, **more)

    def ticket(self, event, ticket, at, **more):
        return self.add("ticket." + event, at, ticket=ticket, **more)

    def answer(self, ticket, at, **more):
        return self.add("ticket.message", at, ticket=ticket, **{"author": "human", "visibility": "public", **more})

    def client(self, ticket, at, **more):
        return self.add("ticket.message", at, "client", ticket=ticket, **{"author": "human", "visibility": "public", **more})

    def outage(self, outage, at, to, assets=("a",), **more):
        began = self.add("outage.began", at, more.pop("party", "monitor"), outage=outage, assets=list(assets), **more)
        if to is not None:
            self.add("outage.ended", to, "monitor", outage=outage)
        return began

    def planned(self, name, start, end, said, assets=("a",), **more):
        return self.add("maintenance.announced", said, maintenance=name, from_=start, to=end, assets=list(assets),
                        **{"work": "planned_outage", "change": "CR-" + name, **more})

    def text(self, order=None):
        rows = self.rows if order is None else [self.rows[i] for i in order]
        return "".join(json.dumps(r) + "\n" for r in rows)


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


class NotRun(Exception):
    """The program refused the contract or the facts."""


def run(command, terms, facts, *options):
    """One command over a contract and facts; the JSON it prints."""
    terms_path = write("terms.yaml", json.dumps(terms))
    files = [] if facts is None else [write("facts.jsonl", facts if isinstance(facts, str) else facts.text())]
    ran = tenor(command, terms_path, *files, *options, "--json", "--no-progress")
    if ran.returncode != 0 or crashed(ran):
        raise NotRun(f"{command} {' '.join(options)}: status {ran.returncode}: {ran.err}")
    return json.loads(ran.out)


def run_all(checks):
    """Every check, also after one that could not be run to its end."""
    for check in checks:
        try:
            check()
        except (KeyError, IndexError, TypeError, NotRun) as e:
            ok(False, f"{check.__name__} runs to its end", f"{type(e).__name__}: {e}")
    done()


def month_end(label):
    year, month = int(label[:4]), int(label[5:])
    return f"{year + month // 12}-{month % 12 + 1:02d}-01"


def month(terms, facts, label, *options):
    """The statement; sources are taken to have watched the whole month."""
    if facts is not None and "--covers" not in options:
        options = ("--covers", f"{utc(instant(label + '-01'))}..{utc(instant(month_end(label)))}", *options)
    return run("month", terms, facts, "--month", label, *options)


def atrisk(terms, facts, as_of, *options):
    return run("atrisk", terms, facts, "--as-of", utc(instant(as_of)), *options)


def stripped(x):
    """Without where a fact stands: file, line, and what the import says about lines."""
    if isinstance(x, dict):
        return {k: stripped(v) for k, v in x.items() if k not in ("file", "line", "notes")}
    return [stripped(v) for v in x] if isinstance(x, list) else x


def window(statement, metric, label=None):
    for w in statement["windows"]:
        if w["metric"] == metric and label in (None, w["label"]):
            return w
    return {"verdict": "absent", "cases": []}


def cases(statement, ticket, metric="fix"):
    found = [c for w in statement.get("windows", ()) for c in w.get("cases", ()) if w["metric"] == metric and c["about"] == ticket]
    found += [c for c in statement.get("clocks", ()) if c["metric"] == metric and c["about"] == ticket]
    return found + [c for c in statement.get("not_counted", {}).get("clocks", ())
                    if c["metric"] == metric and c["about"] == ticket]


def case(statement, ticket, metric="fix"):
    """The only clock of a ticket for a metric, {} if there is none or more than one."""
    found = cases(statement, ticket, metric)
    return found[0] if len(found) == 1 else {}


def is_(got, want, name, *details):
    """One claim: the value found is the value of the reference."""
    return ok(got == want, name, f"got  {got!r}", f"want {want!r}",
              *[json.dumps(d, indent=1) if isinstance(d, (dict, list)) else d for d in details])


def value(w):
    return w.get("value", {}).get("shown")


def amounts(statement):
    return [c["amount"] for c in statement["credits"]]


def total(statement, index=0):
    return statement["settlements"][index]["total"] if index < len(statement["settlements"]) else None
