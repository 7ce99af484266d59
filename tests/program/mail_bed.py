# SPDX-License-Identifier: Apache-2.0
"""A workspace with people of both sides who get mail, and what arrives (test_mail.py, test_alerts.py)."""

import datetime
import json
import os
import sqlite3
import subprocess
import sys

from record import EXAMPLES, World

BASE = "https://tenor.acme.example"
START = "2026-04-10T14:00:00Z"


def at(minutes):
    return (datetime.datetime.fromisoformat(START) + datetime.timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def outbox(w, **more):
    return json.loads(w.must("outbox", "list", "--json", **more).out)


def send(w, minutes=0):
    return json.loads(w.must("outbox", "send", "--json", now=at(minutes)).out)


def quiet(w, handle, on):
    sql = "update mailbox set quiet = ? where person = (select id from person where handle = ?)"
    subprocess.run([sys.executable, "-c", f"import sqlite3,sys;d=sqlite3.connect(sys.argv[1]);d.execute({sql!r},({int(on)},{handle!r}));d.commit()", w.path("acme.tenor")], check=True)


def query(w, sql, *values):
    db = sqlite3.connect(w.path("acme.tenor"))
    with db:
        rows = db.execute(sql, values).fetchall()
    db.close()
    return rows


DESK = {"lena": "service-desk", "tom": "technician", "fred": "finance"}
CLIENT = {"sig": "signer", "joe": "it-lead", "rita": "requester", "rob": "requester"}


def news_bed(folder, name, smtp, *changes):
    """The example's contract, with other words where some are given: old, new, old, new."""
    w = World(folder, name, START)
    if not changes:
        w.northwind()
    else:
        with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
            text = f.read()
        for old, new in zip(changes[::2], changes[1::2]):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        w.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        w.must("client", "add", "northwind", "--name", "Northwind Clinic")
        w.must("contract", "add", w.write("contract.yaml", text.encode()), "--agreed", "2026-01-01T00:00Z")
    for handle, role in DESK.items():
        w.must("user", "add", handle, "--role", role)
        w.must("user", "mail", handle, f"{handle}@mail.example")
    for handle, role in CLIENT.items():
        w.must("user", "add", handle, "--role", role, "--contract", "NW-2026", *(() if handle == "sig" else ("--as", "sig")))
        w.must("user", "mail", handle, f"{handle}@mail.example", *(() if handle == "sig" else ("--as", "sig")))
    w.must("mail", "set", "--smtp", smtp.url, "--from", "tenor@acme.example", "--base-url", BASE)

    def fact(minutes, who, kind, *fields, ago=0):
        w.must("fact", "add", kind, *fields, "--contract", "NW-2026", "--at", at(minutes - ago), "--as", who, now=at(minutes))
        send(w, minutes)

    def told(minutes):
        """Who was told of what since it was asked last; the mails stay in w.told."""
        send(w, minutes)
        w.told = list(smtp.came)
        smtp.came.clear()
        rows = {r["message"]: r for r in outbox(w, now=at(minutes))}
        return sorted((rows[m["Message-ID"].strip("<>")]["kind"], m.to[0].strip("<>").split("@")[0]) for m in w.told)

    return w, fact, told
