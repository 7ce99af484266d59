#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Fifty requests at once that are one (trust.md J28, S20): the same fact, payment, file, lines, alert and form, sent by fifty connections to a server of two
workers. Each is done once, each sender is told that it is done, and of fifty under one id with contents that differ one is done.
"""

import http.client
import json
import re
import sys
import tempfile
import threading
import urllib.parse
from collections import Counter

sys.dont_write_bytecode = True
from api_bed import PROVIDER_RIGHTS, Answer, Bed
from program import done, note, ok
from site_bed import Person, Site

RACERS = 50
PATIENCE = 120
NW = "/api/v1/contracts/NW-2026"


def race(host, method, path, bodies, headers):
    """Each of the bodies by a connection of its own, which are open before the first is sent."""
    gate, answers = threading.Barrier(len(bodies)), [None] * len(bodies)

    def run(i):
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        try:
            connection.connect()
            gate.wait(PATIENCE)
            for _ in range(10):
                connection.request(method, path, body=bodies[i], headers=headers)
                got = connection.getresponse()
                answers[i] = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
                # S16: more than a token may at once; nothing was done
                if got.status != 429:
                    return
                threading.Event().wait(float(got.headers.get("retry-after", "1")))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(bodies))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(PATIENCE * 2)
    return answers


def entries(bed):
    rows = json.loads(bed.must("contract", "list", "--json"))
    return next(c["entries"] for c in rows if c["contract"] == "NW-2026")


def api(bed, host, path, body, kind="application/json"):
    # S16: one token may a hundred at once
    who = f"racer{len(bed.tokens)}"
    bed.token(who, "owner", PROVIDER_RIGHTS)
    bodies = body if isinstance(body, list) else [body] * RACERS
    return race(host, "POST", path, [b if isinstance(b, bytes) else json.dumps(b).encode() for b in bodies],
                {"Content-Type": kind, "Authorization": f"Bearer {bed.tokens[who]}"})


def once(bed, name, answers, new, before, more):
    """All are told 201, `new` tells the one that was first, and the record has grown by one entry of its own and what each kind brings."""
    statuses = Counter(a.status for a in answers)
    ok(statuses == {201: RACERS}, f"{name}: each of {RACERS} is told that it is recorded", statuses, [str(a) for a in answers if a.status != 201][:2])
    first = [a for a in answers if a.status == 201 and new(a)]
    ok(len(first) == 1, f"{name}: one of them was first", len(first))
    grown = entries(bed) - before
    ok(grown == more, f"{name}: the record has {more} entry more" if more == 1 else f"{name}: the record has {more} entries more", grown)


def not_replayed(a):
    return "idempotent-replayed" not in a.headers


def of_the_api(bed, host):
    fact = {"id": "019d1e00-0000-7000-8000-00000000000a", "kind": "outage.began", "at": "2026-03-27T14:05:00Z",
            "fields": {"outage": "race1", "assets": ["records"], "severity": "down"}}
    before = entries(bed)
    once(bed, "a fact", api(bed, host, NW + "/facts", fact), not_replayed, before, 1)
    before = entries(bed)
    once(bed, "a payment", api(bed, host, NW + "/payments", {"id": "P-RACE", "amount": "12.00", "date": "2026-04-02"}), lambda a: a.json()["again"] is False, before, 1)
    lines = "".join(json.dumps({"id": f"line{i}", "kind": "outage.began", "occurred_at": "2026-03-20T14:05:00Z", "outage": f"line{i}", "assets": ["records"],
                                "severity": "down"}) + "\n" for i in range(20)).encode()
    before = entries(bed)
    # the file is a source, which is a fact of its own
    once(bed, "twenty lines", api(bed, host, NW + "/facts?source=race", lines, "application/x-ndjson"), lambda a: a.json()["recorded"] == 20, before, 21)
    alert = {"alerts": [{"status": "firing", "fingerprint": "race", "startsAt": "2026-03-29T08:30:00Z", "labels": {"asset": "records", "severity": "critical"}}]}
    before = entries(bed)
    once(bed, "an alert", api(bed, host, "/api/v1/hooks/race?form=alertmanager&contract=NW-2026", alert), lambda a: a.json()["recorded"] == 1, before, 2)
    path = NW + "/tickets/T-104/attachments?id=019d1e00-0000-7000-8000-00000000000b&name=trace.txt"
    before = entries(bed)
    once(bed, "a file", api(bed, host, path, b"no answer\n", "text/plain"), not_replayed, before, 1)
    before = entries(bed)
    other = [{**fact, "id": "019d1e00-0000-7000-8000-00000000000c", "fields": {**fact["fields"], "outage": f"race{i}"}} for i in range(RACERS)]
    answers = api(bed, host, NW + "/facts", other)
    statuses = Counter(a.status for a in answers)
    ok(statuses == {201: 1, 422: RACERS - 1} and entries(bed) == before + 1, "fifty contents under one id: one is recorded, the others are told so", statuses)
    ok(all(a.json()["code"] == "id_conflict" for a in answers if a.status == 422), "by their code", [str(a) for a in answers[:2]])


def form_of(person, path):
    _, _, page = person.get(path)
    return re.search(rb'name="form" value="([^"]+)"', page).group(1).decode(), re.search(rb'name="id" value="([^"]+)"', page).group(1).decode(), page


def of_forms(bed, site, person):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Cookie": "; ".join(f"{k}={v}" for k, v in person.cookies.items())}

    def press(path, fields):
        answers = race(site.host, "POST", path, [urllib.parse.urlencode(fields).encode()] * RACERS, headers)
        return Counter(a.status for a in answers), answers

    form, own, page = form_of(person, "/c/NW-2026/tickets/new")
    number = re.search(rb'name="ticket"[^>]*value="([^"]+)"', page).group(1).decode()
    before = entries(bed)
    statuses, answers = press("/c/NW-2026/tickets/new", {"form": form, "id": own, "ticket": number, "summary": "It hums", "service": "helpdesk", "priority": "P3"})
    ok(statuses == {303: RACERS} and {a.headers["location"].split("?")[0] for a in answers} == {f"/c/NW-2026/tickets/{number}"}, "a new ticket: all are led to the one", statuses,
       [str(a) for a in answers if a.status != 303][:1])
    ok(entries(bed) == before + 1, "which is opened once", entries(bed) - before)
    _, _, page = person.get(f"/c/NW-2026/tickets/{number}")
    links = re.findall(rb'href="(/c/NW-2026/tickets/[^"]+/answer)"', page) or re.findall(rb'action="(/c/NW-2026/tickets/[^"]+)"', page)
    path = links[0].decode()
    form, own, _ = form_of(person, path)
    before = entries(bed)
    statuses, answers = press(path, {"form": form, "id": own, "words": "We look into it", "visibility": "public"})
    ok(statuses == {303: RACERS} and entries(bed) == before + 1, f"an answer ({path}): all are led on, and it is said once", statuses, entries(bed) - before, [re.sub(r"<[^>]+>", " ", a.body.decode())[-1500:] for a in answers if a.status != 303][:1])


def main():
    with tempfile.TemporaryDirectory() as folder, Bed(folder, start=False) as bed:
        site = Site(bed)
        try:
            of_the_api(bed, site.host)
            of_forms(bed, site, Person(site, "desk").sign_in())
            status = bed.tenor("doctor", "--workspace", bed.workspace, "--key", bed.key)
            ok(status.returncode == 0, "doctor finds nothing", status.stdout, status.stderr)
        finally:
            site.stop()
        with open(f"{folder}/site-log", encoding="utf-8") as f:
            log = f.read()
        ok("worker_died" not in log, "no worker died of it", log[-600:])
        note(f"{RACERS} racers each")
    done()


main()
