#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A workspace of many tickets to measure: bench_desk.py TENOR FOLDER TICKETS makes what tools/demo.py makes, three clients and fourteen months, but
with so many tickets, logged in office hours, answered, restored and closed. One in two hundred of the last week's is still open."""

import datetime
import os
import sys

import demo

SHARES = {"NW-1": 0.5, "LD-1": 0.3, "OL-1": 0.2}
DAY_MINUTES = 480


class Many(demo.Demo):
    def __init__(self, tenor, folder, tickets):
        super().__init__(tenor, folder)
        self.all, self.wanted, self.each = tickets, 0, 0

    def client(self, client, name, ident, title, busy, example):
        start, days = demo.month_start(self.today, demo.MONTHS - 1), 0
        for n in range((self.today - start).days):
            days += (start + datetime.timedelta(days=n)).weekday() < 5
        self.each = max(1, int(self.all * SHARES[ident]) // max(1, days))
        super().client(client, name, ident, title, busy, example)

    def tickets(self, start, end, busy, now):
        facts, day = [], start
        while day < end:
            if day.weekday() < 5:
                for n in range(self.each):
                    facts += self.many(day, DAY_MINUTES * 60 * n // self.each, now)
            day += datetime.timedelta(days=1)
        return facts

    def many(self, day, second, now):
        self.count += 1
        ticket = f"T-{self.count}"
        at = datetime.datetime.combine(day, datetime.time(14), datetime.timezone.utc) + datetime.timedelta(seconds=second)
        lasting = (now - at).days < 7 and self.count % 200 == 0
        steps = [("ticket.logged", 0, "client", {"service": "helpdesk", "priority": ("P1", "P2", "P3", "P3", "P3")[self.count % 5], "via": "person",
                                                 "channel": "portal", "summary": demo.SUMMARIES[self.count % len(demo.SUMMARIES)]}),
                 ("ticket.message", 5 + self.count % 50, "provider", {"author": "human", "visibility": "public"})]
        if not lasting:
            steps += [("ticket.restored", 60 + self.count % 150, "provider", {"author": "human"}),
                      ("ticket.resolved", 90 + self.count % 300, "provider", {"author": "human"}),
                      ("ticket.closed", 500, "provider", {"author": "human"})]
        out = []
        for kind, minutes, party, more in steps:
            when = at + datetime.timedelta(minutes=minutes)
            if when < now:
                out.append({"id": f"{ticket}-{len(out)}", "kind": kind, "occurred_at": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "party": party, "ticket": ticket, **more})
        return out


def main():
    many = Many(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    demo.make(many)
    print(f"{os.path.join(many.folder, 'harbor.tenor')}: {many.all} tickets")


if __name__ == "__main__":
    main()
