#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Who may record which fact (trust.md P3, J27): the right is that of the fact's kind, whether it comes by hand or in a file. Finance records quantities and money,
a technician work and tickets, and a refusal names the right that is missing."""

import json
import sys
import tempfile

sys.dont_write_bytecode = True
from program import done, ok
from record import CONTRACT, World

PEOPLE = [("fin", "finance"), ("tec", "technician"), ("desk", "service-desk"), ("sig", "signer"), ("bil", "billing"), ("req", "requester"), ("vie", "viewer"), ("red", "read-only")]
CLIENTS = ("signer", "billing", "requester", "viewer")

TICKET = ("ticket.logged", "ticket=T-{}", "priority=p3", "service=helpdesk", "channel=portal")
OUTAGE = ("outage.began", "outage=o-{}", "assets=site", "severity=down")
UNITS = ("units.listed", "list=L-{}", "count=active_users", "units=u-1,u-2")
INDEX = ("index.published", "series=us_cpi_u", "month=2026-0{}", "value=320.1")
PAYMENT = ("payment.received", "payment=P-{}", "amount=10.00", "currency=USD")
CONFIRM = ("payment.confirmed", "payment=P-{}")
RETURN = ("payment.returned", "payment=P-{}")
DEPOSIT = ("deposit.applied", "statement=D-{}", "amount=10.00")
WAITING = ("ticket.waiting_client", "ticket=T-{}")
DISPUTED = ("invoice.disputed", "dispute=X-{}", "invoice=INV-2026-00001")
CERTIFICATE = ("exemption.certified", "certificate=C-{}", "from_date=2026-04-01", "to_date=2027-04-01")

# fact, who may, the right that others are told of
TABLE = [
    (TICKET, ("tec", "desk", "bil", "req"), {"fin": "TICKET_WRITE"}),
    (OUTAGE, ("fin", "desk", "bil"), {"tec": "USAGE_WRITE"}),
    (UNITS, ("fin", "desk", "bil"), {"tec": "USAGE_WRITE"}),
    (INDEX, ("fin", "desk"), {"tec": "USAGE_WRITE"}),
    (WAITING, ("tec", "desk"), {"fin": "WORK_WRITE"}),
    (PAYMENT, ("fin",), {"tec": "MONEY_WRITE", "desk": "MONEY_WRITE", "req": "MONEY_ACCEPT"}),
    (CONFIRM, ("fin",), {"tec": "MONEY_WRITE", "desk": "MONEY_WRITE"}),
    (RETURN, ("fin",), {"tec": "MONEY_WRITE", "desk": "MONEY_WRITE"}),
    (DEPOSIT, ("fin",), {"tec": "MONEY_WRITE", "desk": "MONEY_WRITE"}),
    (DISPUTED, ("bil",), {"req": "MONEY_ACCEPT"}),
    (CERTIFICATE, ("fin",), {"tec": "MONEY_WRITE", "desk": "MONEY_WRITE"}),
]


def by_hand(world):
    for number, (fact, may, refused) in enumerate(TABLE):
        for place, who in enumerate(may):
            run = world("fact", "add", *(part.format(place + 1) for part in fact), "--contract", CONTRACT, "--as", who)
            ok(run.returncode == 0, f"{who} records {fact[0]}", run.out, run.err)
        for who, right in refused.items():
            run = world("fact", "add", *(part.format(9) for part in fact), "--contract", CONTRACT, "--as", who)
            ok(run.returncode not in (0, 1) and f"'{who}' has not the right {right}" in run.err and "roles that may: " in run.err,
               f"{who} may not record {fact[0]}: {right}", run.returncode, run.err)
        for who in ("vie", "red"):
            run = world("fact", "add", *(part.format(9) for part in fact), "--contract", CONTRACT, "--as", who)
            ok(run.returncode not in (0, 1) and f"'{who}' has not the right FACT_WRITE" in run.err, f"{who} records nothing: {fact[0]}", run.err)


def in_files(world):
    at = "2026-04-02T12:00:00Z"
    units = {"id": "f-1", "kind": "units.listed", "occurred_at": at, "list": "F", "count": "active_users", "units": ["u-1"]}
    waits = {"id": "f-2", "kind": "ticket.waiting_client", "occurred_at": at, "ticket": "T-1"}
    world.write("units.jsonl", (json.dumps(units) + "\n").encode())
    world.write("both.jsonl", (json.dumps(waits) + "\n" + json.dumps(units) + "\n").encode())
    before = world.must("log", "show", "--contract", CONTRACT, "--json").out
    run = world("units", "import", "--contract", CONTRACT, "units.jsonl", "--as", "tec", "--source", "rmm")
    ok(run.returncode == 1 and "0 facts recorded, 1 not recorded" in run.out and "'tec' has not the right USAGE_WRITE" in run.out,
       "a technician's list of units is refused, fact by fact", run.out, run.err)
    after = world.must("log", "show", "--contract", CONTRACT, "--json").out
    ok(before == after, "what was refused leaves no word of a source either")
    run = world("units", "import", "--contract", CONTRACT, "units.jsonl", "--as", "fin", "--source", "rmm")
    ok(run.returncode == 0 and ": 1 fact recorded" in run.out, "finance's is taken", run.out, run.err)
    run = world("import", "--contract", CONTRACT, "both.jsonl", "--as", "fin", "--source", "rmm")
    ok(run.returncode == 1 and "1 were there already, 1 not recorded" in run.out and "'fin' has not the right WORK_WRITE" in run.out, "one file, two rights", run.out)
    run = world("import", "--contract", CONTRACT, "both.jsonl", "--as", "vie")
    ok(run.returncode not in (0, 1) and "'vie' has not the right FACT_WRITE" in run.err, "a viewer imports nothing", run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        world = World(folder, "acme").northwind(facts=False)
        for handle, role in PEOPLE:
            world.must("user", "add", handle, "--role", role, *(("--contract", CONTRACT) if role in CLIENTS else ()), *(("--as", "sig") if role in CLIENTS[1:] else ()))
        by_hand(world)
        in_files(world)
    done()


main()
