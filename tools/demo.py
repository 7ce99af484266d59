#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A workspace to look at: demo.py TENOR FOLDER makes FOLDER/harbor.tenor with three clients, fourteen months of facts up to now, invoices,
payments, statements and people of each role, and prints for each role a link that signs in once. Companies and people are invented; the
same seed gives the same facts, relative to today."""

import datetime
import json
import os
import random
import subprocess
import sys

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "contracts", "examples")
MONTHS = 14
CLIENTS = [  # handle, name, contract, title, how busy, the example that is its contract
    ("northwind", "Northwind Clinic PC", "NW-1", "IT support", 1.0, "northwind"),
    ("lakeside", "Lakeside Dental LLC", "LD-1", "Managed IT for the practice", 0.6, "dental"),
    ("orchard", "Orchard Law LLP", "OL-1", "IT support", 0.4, "northwind"),
]
DEVICES = [f"ws-{n:02}" for n in range(1, 20)]
IDLE = ["ws-05", "ws-11"]  # still on the list, not patched since summer
PROVIDER_PEOPLE = [("dana", "owner"), ("finn", "finance"), ("priya", "service-desk"), ("marta", "contract-manager")]
CLIENT_PEOPLE = [("alice", "signer"), ("joe", "it-lead"), ("kim", "billing"), ("rosa", "requester")]
SUMMARIES = ["Cannot print from the front desk", "Records program is slow", "New colleague needs an account", "Mail comes back", "Screen stays black",
             "Shared drive is not there", "Password forgotten", "Scanner sends empty pages", "Phone has no mail", "Video call without sound"]


def month_start(today, back):
    months = today.year * 12 + today.month - 1 - back
    return datetime.date(months // 12, months % 12 + 1, 1)


class Demo:
    def __init__(self, tenor, folder):
        self.tenor, self.folder = os.path.abspath(tenor), os.path.abspath(folder)
        self.today = datetime.datetime.now(datetime.timezone.utc).date()
        self.rng = random.Random(8440)
        os.makedirs(os.path.join(folder, "home"), exist_ok=True)

    def run(self, *args, allowed=(0,)):
        env = dict(os.environ, HOME=os.path.join(self.folder, "home"))
        done = subprocess.run([self.tenor, *args], cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        if done.returncode not in allowed:
            sys.exit(f"demo: tenor {' '.join(args)}: {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def contract(self, example, client, name, ident, title):
        with open(os.path.join(EXAMPLES, f"{example}.yaml"), encoding="utf-8") as f:
            text = f.read()
        began = month_start(self.today, MONTHS - 1)
        text = text.replace("id: NW-2026", f"id: {ident}").replace("id: LD-CARE", f"id: {ident}").replace("title: IT support", f"title: {title}")
        text = text.replace("Northwind Clinic PC", name).replace("northwind.example", f"{client}.example")
        for initial in ("12mo", "24mo"):
            text = text.replace(f'effective_date: "2026-01-01", initial: {initial}', f'effective_date: "{began}", initial: 24mo')
        text = text.replace("late_items: 180d", "late_items: 24mo")  # all fourteen months are recorded today
        # what an e-invoice needs beside
        text = text.replace("    jurisdiction: US-DE\n", "    jurisdiction: US-DE\n    registration_no: DE-7731942\n    tax_id: \"12-3456789\"\n"
                            "    address: {lines: 4 Dock Street, city: Albany, postcode: \"12207\", country: US}\n")
        text = text.replace("    jurisdiction: US-NY\n", "    jurisdiction: US-NY\n    address: {lines: 20 Mill Road, city: Albany, postcode: \"12208\", country: US}\n")
        text = text.replace("bill: advance, prorate: actual_days}", "bill: advance, prorate: actual_days, tax: sales}")
        if "taxes:" not in text:
            text = text.replace("payment: {clause: order.fees,", "taxes: {jurisdiction: US-NY, categories: [{id: sales, code: S, rate: 8%, name: Sales tax}]}\npayment: {clause: order.fees,")
        path = os.path.join(self.folder, f"{client}.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        self.run("contract", "add", path, "--client", client, "--agreed", str(began - datetime.timedelta(days=10)))

    def tickets(self, start, end, busy, now):
        """Logged in office hours, answered and solved; now and then late."""
        day, facts = start, []
        while day < end:
            if day.weekday() < 5 and self.rng.random() < 0.6 * busy:
                facts += self.ticket(day, now)
            day += datetime.timedelta(days=1)
        return facts

    def ticket(self, day, now):
        self.count += 1
        ticket = f"T-{self.count}"
        at = datetime.datetime.combine(day, datetime.time(14, self.rng.randrange(60)), datetime.timezone.utc)
        priority = self.rng.choices(["P1", "P2", "P3"], [1, 3, 8])[0]
        steps = [("ticket.logged", 0, "client", {"service": "helpdesk", "priority": priority, "via": "person", "channel": "portal",
                                                 "summary": self.rng.choice(SUMMARIES)}),
                 ("ticket.message", self.rng.choice([10, 15, 20, 25, 40, 90]), "provider", {"author": "human", "visibility": "public",
                                                                                             "words": "We are looking at it."}),
                 ("ticket.resolved", self.rng.choice([60, 90, 120, 180, 240, 400]), "provider", {"author": "human"}),
                 ("ticket.closed", 500, "provider", {"author": "human"})]
        out = []
        for kind, minutes, party, more in steps:
            when = at + datetime.timedelta(minutes=minutes)
            if when < now:
                out.append({"id": f"{ticket}-{len(out)}", "kind": kind, "occurred_at": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "party": party, "ticket": ticket, **more})
        return out

    def open_tickets(self, now):
        """What runs just now: one that waits for its first answer, one that is answered, one that waits for the client."""
        out = []
        for priority, minutes, more in (("P1", 18, []), ("P2", 150, ["ticket.message"]), ("P3", 3000, ["ticket.message", "ticket.waiting_client"])):
            self.count += 1
            ticket, at = f"T-{self.count}", now - datetime.timedelta(minutes=minutes)
            for n, kind in enumerate(["ticket.logged", *more]):
                fact = {"id": f"{ticket}-{n}", "kind": kind, "occurred_at": (at + datetime.timedelta(minutes=7 * n)).strftime("%Y-%m-%dT%H:%M:%SZ"),
                        "party": "client" if n == 0 else "provider", "ticket": ticket}
                if n == 0:
                    fact.update(service="helpdesk", priority=priority, via="person", channel="portal", summary=self.rng.choice(SUMMARIES))
                elif kind == "ticket.message":
                    fact.update(author="human", visibility="public", words="We are looking at it.")
                else:
                    fact["reason"] = "Which room is it?"
                out.append(fact)
        return out

    def outages(self, start, end, now):
        out = []
        for n in range(self.rng.randrange(3)):
            at = datetime.datetime.combine(start + datetime.timedelta(days=self.rng.randrange(26)), datetime.time(self.rng.randrange(24), 0), datetime.timezone.utc)
            over = at + datetime.timedelta(minutes=self.rng.choice([4, 9, 20, 55, 130]))
            if over > now:
                continue
            name = f"o-{start:%Y%m}-{n}"
            out.append({"id": f"{name}-began", "kind": "outage.began", "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "party": "monitor", "outage": name,
                        "assets": ["records"], "severity": "down"})
            out.append({"id": f"{name}-ended", "kind": "outage.ended", "occurred_at": over.strftime("%Y-%m-%dT%H:%M:%SZ"), "party": "monitor", "outage": name})
        return out

    def reports(self, now):
        """Each month's report could be read on the sixth of the next, but for the last, which is still to be issued: late, the contract credits it."""
        out = []
        for back in range(MONTHS - 1, 1, -1):
            at = datetime.datetime.combine(month_start(self.today, back - 1) + datetime.timedelta(days=5), datetime.time(15), datetime.timezone.utc)
            month = f"{month_start(self.today, back):%Y-%m}"
            if at < now:
                out.append({"id": f"report-{month}", "kind": "report.delivered", "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "party": "client", "window": month,
                            "to": "client.it_lead"})  # the client's own word: nobody back-dates what he delivered (sla.md R12)
        return out

    def long_outage(self, now):
        """Two months ago the server was down for eight hours, and a ticket says so: the month misses its availability and is credited."""
        at = datetime.datetime.combine(month_start(self.today, 2) + datetime.timedelta(days=9), datetime.time(13, 5), datetime.timezone.utc)
        self.count += 1
        ticket, minute = f"T-{self.count}", datetime.timedelta(minutes=1)
        steps = [(0, "outage.began", "monitor", {"outage": "o-long", "assets": ["records"], "severity": "down"}),
                 (6, "ticket.logged", "client", {"ticket": ticket, "service": "helpdesk", "priority": "P1", "via": "person", "channel": "phone",
                                                 "summary": "Nobody can open patient records"}),
                 (19, "ticket.message", "provider", {"ticket": ticket, "author": "human", "visibility": "public", "words": "The disk shelf has failed; a new one is on its way."}),
                 (485, "outage.ended", "monitor", {"outage": "o-long"}),
                 (490, "ticket.restored", "provider", {"ticket": ticket, "author": "human"}),
                 (1500, "ticket.closed", "provider", {"ticket": ticket, "author": "human"})]
        return [{"id": f"long-{n}", "kind": kind, "occurred_at": (at + after * minute).strftime("%Y-%m-%dT%H:%M:%SZ"), "party": party, **more}
                for n, (after, kind, party, more) in enumerate(steps) if at + after * minute < now]

    def counted(self, back, now):
        """What a month of the dental practice counts: workstations and their patches, storage, hours, licences."""
        start = month_start(self.today, back)
        at = lambda day, hour: datetime.datetime.combine(start + datetime.timedelta(days=day), datetime.time(hour), datetime.timezone.utc)
        here = DEVICES[:13 + (MONTHS - back) // 3]
        out = [(at(0, 12), {"kind": "units.listed", "list": f"{start:%Y-%m}", "count": "devices", "units": here}),
               (at(19, 10), {"kind": "usage.recorded", "meter": "backup.stored", "quantity": f"{380 + 17 * (MONTHS - back) + self.rng.randrange(12)}.{self.rng.randrange(10)}",
                             "measure": "GiB"}),
               (at(4, 9), {"kind": "supplier.invoiced", "supplier_invoice": f"OF-{start:%y%m}", "charge": "licences", "amount": f"{len(here) * 11}.20",
                           "currency": "USD", "supplier": "Office Licences Direct"})]
        for device in here:
            if back > 4 or device not in IDLE:
                out.append((at(self.rng.randrange(8, 14), 3), {"kind": "patch.installed", "subject": f"KB-{start:%Y-%m}-{device}", "asset": device}))
        for n in range(self.rng.randrange(4, 8)):
            out.append((at(3 + 3 * n, 15), {"kind": "work.recorded", "entry": f"W-{start:%y%m}-{n}", "minutes": self.rng.choice([35, 50, 80, 110]), "charge": "remote",
                                            "technician": self.rng.choice(["tech-1", "tech-2"]), "place": "remote"}))
        return [{"id": f"c-{start:%y%m}-{n}", "occurred_at": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "party": "provider", **fact}
                for n, (when, fact) in enumerate(out) if when < now]

    def client(self, client, name, ident, title, busy, example):
        now = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=20)
        self.count = 100
        self.run("client", "add", client, "--name", name)
        self.contract(example, client, name, ident, title)
        facts = []
        began = month_start(self.today, MONTHS - 1)
        for back in range(MONTHS - 1, -1, -1):
            start = month_start(self.today, back)
            end = month_start(self.today, back - 1) if back else self.today + datetime.timedelta(days=1)
            facts += self.tickets(start, end, busy, now) + self.outages(start, end, now)
            if example == "dental":
                facts += self.counted(back, now)
        facts += self.open_tickets(now) + (self.long_outage(now) if client == "northwind" else [])
        self.record(ident, f"{client}.jsonl", facts, "--covers", f"{began}..{self.today}")
        self.client_people(client, ident)
        self.record(ident, f"{client}-own.jsonl", self.reports(now), "--as", self.own(CLIENT_PEOPLE[0][0], client))

    def record(self, ident, name, facts, *options):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(fact) + "\n" for fact in sorted(facts, key=lambda f: f["occurred_at"]))
        self.run("import", "--contract", ident, path, *options)

    def month(self, ident, start, back):
        """
        The invoice of the month, paid a month later; the last two are open. Statements are issued but for the last month that is over, and
        the first client's invoice of this month is still to be issued.
        """
        if back == 0 and ident == CLIENTS[0][2]:
            return
        answer = json.loads(self.run("invoice", "run", "--contract", ident, "--on", str(start), "--date", str(start), "--json", allowed=(0, 1)))
        numbers = [n for result in answer for n in result["documents"] if n.startswith("INV")]
        for number in numbers if back > 1 else []:
            amount = json.loads(self.run("invoice", "show", number, "--json"))["payable"]
            self.run("pay", amount, "--contract", ident, "--date", str(start + datetime.timedelta(days=20)), "--ref", number, "--for", number)
        if 0 < back < MONTHS - 1:
            self.run("statement", "--contract", ident, "--month", f"{month_start(self.today, back + 1):%Y-%m}", "--issue")

    def own(self, handle, client):
        return handle if client == CLIENTS[0][0] else f"{handle}-{client}"

    def client_people(self, client, ident):
        """The signer is brought in by the provider, the others by the signer."""
        signer = self.own(CLIENT_PEOPLE[0][0], client)
        for handle, role in CLIENT_PEOPLE if client != "orchard" else CLIENT_PEOPLE[:1]:
            own = self.own(handle, client)
            self.run("user", "add", own, "--role", role, "--contract", ident, *([] if own == signer else ["--as", signer]))

    def people(self):
        for handle, role in PROVIDER_PEOPLE[1:]:
            self.run("user", "add", handle, "--role", role)


def make(demo):
    demo.run("init", "harbor.tenor", "--provider", "Harbor IT LLC", "--owner", PROVIDER_PEOPLE[0][0])
    for client in CLIENTS:
        demo.client(*client)
    for back in range(MONTHS - 1, -1, -1):  # numbers of a series ascend by date over all clients
        for client in CLIENTS:
            demo.month(client[2], month_start(demo.today, back), back)
    demo.people()


def main():
    demo = Demo(sys.argv[1], sys.argv[2])
    make(demo)
    print(f"{os.path.join(sys.argv[2], 'harbor.tenor')}: {len(CLIENTS)} clients, {MONTHS} months")


if __name__ == "__main__":
    main()
