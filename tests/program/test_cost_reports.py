#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Suppliers' cost reports at the command line (money.md R43, R47): all decimals kept, summed exactly, rounded once on the invoice."""

import json
import os
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import CONTRACT, EXAMPLES, World

DATA = os.path.join(ROOT, "..", "shared", "data", "billing")
NOW = "2026-05-10T10:00:00Z"
CLOUD = "  - {id: cloud, type: pass_through, clause: order.fees, name: Cloud, markup: 0%, evidence: none}\n"
FOCUS = "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ProviderName,ServiceName,SubAccountId,Tags"
AZURE = "Date,Cost,BillingCurrency,ChargeType,MeterCategory,AccountOwnerId,AccountName,Tags,SubscriptionId"


def focus(*rows, header=FOCUS):
    return ("\n".join([header, *rows]) + "\n").encode()


def row(cost, day="2026-03-10 00:00:00", kind="Usage", currency="USD", provider="AWS", service="Queue", account="a1", tags="NULL"):
    return f'{cost},"{currency}","{kind}","{day}","{provider}","{service}","{account}",{tags}'


def start(folder, name="acme", since=None):
    world = World(folder, name)
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        lines = f.read()
    assert "\ncharges:\n" in lines
    lines = lines.replace("\ncharges:\n", "\ncharges:\n" + CLOUD)
    world.write("contract.yaml", lines.encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", since or "2026-01-01T00:00Z")
    return world


def usage(world, *args):
    return world("usage", "import", "--contract", CONTRACT, *args, now=NOW)


def answer(world, *args):
    run = usage(world, *args, "--json")
    if run.returncode not in (0, 1) or not run.out:
        raise RuntimeError(f"{args}: exit {run.returncode}: {run.err}")
    return json.loads(run.out)




def reading(world):
    world.write("focus.csv", focus(
        row("0.00000000001"), row("0.00000000001"), row("12.34567890123", account="a2"), row("-2.61370000000", kind="Credit"),
        row("0.5", kind="Adjustment", provider="Oracle"), row("9.99", kind="Tax"), row("NULL"), row("1.00", kind="Gift"), row("5.64902E-05"),
        row("1.0", currency="XXY"), row("0.00000000000000000000000000001")))
    run = answer(world, "focus.csv", "--charge", "cloud", "--dry-run")
    sums = {(c["supplier"], c["month"]): (c["costs"], c["sum"]) for c in run["costs"]}
    aws = Decimal("0.00000000002") + Decimal("12.34567890123") - Decimal("2.6137") + Decimal("0.0000564902")
    ok(sums == {("AWS", "2026-03"): (5, str(aws.normalize())), ("Oracle", "2026-03"): (1, "0.5")}, "FOCUS: sums to the last decimal", sums, aws)
    file = dict(run["files"][0])
    left = [(n["line"], n["code"]) for n in file.pop("notes")]
    ok(len(run["files"]) == 1 and file == {"facts": 6, "format": "focus", "name": "focus.csv", "skipped": 5, "taken": 6}, "and says how the file was read", run["files"])
    ok(left == [(7, "row.ignored"), (8, "field.missing"), (9, "cost.category"), (11, "field.type"), (12, "cost.amount")], "each row left out by line and reason", left)
    text = usage(world, "focus.csv", "--charge", "cloud", "--dry-run").out
    for words in ["read as focus", "row.ignored", "cost.category", "category 'Gift'", "says no amount", "no code of ISO 4217", "nothing was recorded",
                  "costs: 2026-03, charge cloud, Oracle: 1, 0.5 USD"]:
        ok(words in text, f"text: {words}", text)
    first = answer(world, "focus.csv", "--charge", "cloud")
    again = answer(world, "focus.csv", "--charge", "cloud")
    ok((first["recorded"], again["recorded"], again["again"]) == (6, 0, 6), "the same report again changes nothing", first, again)
    ok("Queue" in world.must("log", "show", "--contract", CONTRACT, "--json", now=NOW).out, "what was used is said")
    total = (aws + Decimal("0.5")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    preview = world("invoice", "preview", "--contract", CONTRACT, "--on", "2026-05-01", now=NOW).out
    ok(str(total) in preview, f"the line is the exact sum rounded once: {total}", preview)


def guards(world):
    world.write("later.csv", focus(row("0.00000000001"), row("7.77")))
    run = usage(world, "later.csv", "--charge", "cloud")
    ok(run.returncode == 2 and "'cloud' has costs of 2026-03-10 already, and 1 of the report are others" in run.err, "a later report of a day", run.err)
    world.write("more.csv", focus(row("1.25", day="2026-03-11 00:00:00")))
    ok(answer(world, "more.csv", "--charge", "cloud")["recorded"] == 1, "the next day's report is welcome")
    run = usage(world, "more.csv", "--charge", "cloud", "--source", "other")
    ok(run.returncode == 2 and "are recorded from 'focus', these are from 'other'" in run.err, "the same month from another source", run.err)
    ok(answer(world, "later.csv", "--charge", "cloud", "--add")["recorded"] == 1, "--add: they are other costs")
    azure = "03/12/2026,{},USD,Usage,Storage,a@b.example,Ann,\"\"\"t\"\": \"\"v\"\"\",s1"
    world.write("azure.csv", b"\xef\xbb\xbf" + focus(azure.format("0.0000000072922557592391990000"), header=AZURE).replace(b"\n", b"\r\n"))
    run = usage(world, "azure.csv", "--charge", "cloud")
    ok(run.returncode == 2 and "fits several mappings: azure_ea_actual or azure_ea_amortized" in run.err and "--map azure_ea_actual" in run.err,
       "one header, two meanings: both are named, none is taken", run.err)
    run = answer(world, "azure.csv", "--charge", "cloud", "--map", "azure_ea_actual")
    ok(run["costs"][0]["sum"] == "0.000000007292255759239199", "28 decimals, BOM and CRLF", run["costs"])
    run = usage(world, "azure.csv", "--charge", "cloud", "--map", "azure_ea_amortized")
    ok(run.returncode == 2 and "from 'azure_ea_actual', these are from 'azure_ea_amortized'" in run.err, "actual and amortized are not added", run.err)
    everything = world.must("log", "show", "--contract", CONTRACT, "--json", now=NOW).out
    ok("a@b.example" not in everything and "\"t\"" not in everything, "people and tags are not in the record")


def charges(world):
    world.write("two.csv", focus(row("1.00", day="2026-04-01 00:00:00", account="a1"), row("2.00", day="2026-04-01 00:00:00", account="a2"),
                                 row("4.00", day="2026-04-01 00:00:00", account="a3")))
    text = world.must("map", "--show", "focus").out.replace("# charge = SubAccountId", "charge = SubAccountId")
    world.write("two.map", (text + "a1 = cloud\na2 = ignore\n").encode())
    run = answer(world, "two.csv", "--map", "two.map", "--dry-run")
    ok([(c["charge"], c["sum"]) for c in run["costs"]] == [("cloud", "1")] and run["files"][0]["skipped"] == 2, "[charges] tells which goes where", run)
    ok("does not name 'a3'" in usage(world, "two.csv", "--map", "two.map", "--dry-run").out, "and what it does not tell is said")
    ok("no charge was told" in usage(world, "two.csv", "--dry-run").out, "without any: nothing is guessed")
    for args, words in [(("--charge", "clod"), "'clod' is no pass-through charge"), (("--charge", "care"), "'care' is no pass-through charge")]:
        run = usage(world, "two.csv", *args)
        ok(run.returncode == 2 and words in run.err, f"{' '.join(args)}: {words}", run.err)
    world.write("cad.csv", focus(row("10.00", day="2026-04-02 00:00:00", currency="CAD", provider="N")))
    run = usage(world, "cad.csv", "--charge", "cloud", "--rate", "0.73", "--dry-run")
    ok("no direction" in run.out, "a rate needs its direction", run.out)
    ok(answer(world, "cad.csv", "--charge", "cloud", "--rate", "1 CAD = 0.7312 USD")["recorded"] == 1, "and with it is recorded")
    run = usage(world, os.path.join(EXAMPLES, "northwind-tickets.csv"), "--zone", "America/New_York")
    ok(run.returncode == 2 and "which usage import does not take" in run.err, "tickets are no usage", run.err)
    ok(usage(world).returncode == 64, "no file is given")


METER = "  - {id: storage, type: usage, clause: order.fees, name: Storage, meter: backup.stored, unit: GiB, price: \"0.12 USD\", aggregate: max, period: 1mo}\n"
MAP = """[mapping]
name = meterly
rows = costs
[file]
lines = json
[dates]
format = iso
zone = UTC
[columns]
occurred = period.start
amount = cost.amount
currency = cost.currency
category = type
supplier = vendor.name
[categories]
use = cost
"""
READINGS = """[mapping]
name = readings
rows = facts
[file]
lines = json
[dates]
format = iso
[columns]
id = uid
occurred = at
quantity = reading.value
[values]
kind = usage.recorded
meter = backup.stored
"""


def cost(amount, at="2026-03-10T00:00:00Z", kind="use", vendor='"vendor":{"name":"Meterly"}', more=""):
    return f'{{"period":{{"start":"{at}"}},"cost":{{"amount":{amount},"currency":"USD"}},"type":"{kind}",{vendor}{more}}}'


def json_lines(folder):
    """JSON lines of another tool: a mapping reads members by their paths, with every digit that is written."""
    world = start(folder, "lines")
    world.write("meterly.map", MAP.encode())
    rows = [cost("0.12345678901234567891"), cost('"1.5"'), cost("0.12345678901234567891", more=',"run":2'), cost("1e-3"), cost("2", kind="tax"), cost("null"),
            cost("[1]"), cost("1.2.3"), "{", cost("7", at="yesterday"), cost("true")]
    world.write("costs.jsonl", ("\n".join(rows) + "\n").encode())
    run = answer(world, "costs.jsonl", "--map", "meterly.map", "--charge", "cloud", "--dry-run")
    wanted = Decimal("0.12345678901234567891") * 2 + Decimal("1.501")
    ok([(c["supplier"], c["costs"], c["sum"]) for c in run["costs"]] == [("Meterly", 4, str(wanted))], "costs by member path, to the last digit", run["costs"], wanted)
    file = run["files"][0]
    ok((file["format"], file["taken"], file["skipped"]) == ("meterly", 4, 7), "the others are left out", file)
    lines_of = {n["line"]: n["text"] for n in file["notes"]}
    ok(sorted(lines_of) == [5, 6, 7, 8, 9, 10, 11] and "the member 'cost.amount' is a list" in lines_of[7], "each with its line and why", file["notes"])
    first, again = (answer(world, "costs.jsonl", "--map", "meterly.map", "--charge", "cloud") for _ in range(2))
    ok((first["recorded"], again["recorded"], again["again"]) == (4, 0, 4), "two lines that differ anywhere are two costs, the same again is none", first, again)
    for name, data, words in [("slip.map", MAP.replace("cost.amount", "cost.amout"), "no line has the member 'cost.amout' of mapping 'meterly'"),
                              ("header.map", MAP.replace("rows = costs", "rows = costs\nheader = a,b"), "has lines = json and a header"),
                              ("word.map", MAP.replace("lines = json", "lines = jsonl"), "did you mean 'json'")]:
        world.write(name, data.encode())
        run = usage(world, "costs.jsonl", "--map", name, "--charge", "cloud", "--dry-run")
        ok(run.returncode == 2 and words in run.err, f"{name}: {words}", run.returncode, run.err)
    world.write("table.csv", b"a,b\n1,2\n")
    run = usage(world, "table.csv", "--map", "meterly.map", "--charge", "cloud", "--dry-run")
    ok(run.returncode == 2 and "is for JSON lines, the file is none" in run.err, "a table is no JSON lines", run.err)
    metered = start(folder, "metered")
    text = metered.bytes("contract.yaml").decode().replace(CLOUD, METER + CLOUD).replace("id: NW-2026", "id: NW-M")
    metered.write("m.yaml", text.encode())
    metered.must("contract", "add", "m.yaml", "--agreed", "2026-01-01T00:00Z")
    metered.write("readings.map", READINGS.encode())
    metered.write("readings.jsonl", b'{"uid":"r-1","at":"2026-03-10T10:00:00Z","reading":{"value":120.25}}\n{"uid":"r-2","at":"2026-03-11T10:00:00Z","reading":{"value":-1}}\n')
    run = metered("usage", "import", "--contract", "NW-M", "readings.jsonl", "--map", "readings.map", now=NOW)
    ok(run.returncode == 0 and ": 1 fact recorded" in run.out and "negative quantity" in run.out, "readings of a meter by member path", run.out, run.err)
    log = metered.must("log", "show", "--contract", "NW-M", now=NOW).out
    ok("quantity=120.25" in log and "ref=r-1" in log, "as they were written", log[-600:])


def shared(folder):
    if not os.path.isdir(DATA):
        print("# SKIP the shared data is not there")
        return
    world = start(folder, "real")
    for name, mapping, costs, total in [("focus-1.0-sample-1000.csv", None, 1000, "20.52022672899"),
                                        ("azure-ea-actual-small.csv", "azure_ea_actual", 11, "8.5450077867419368"),
                                        ("azure-ea-amortized-small.csv", "azure_ea_amortized", 28, "16.296932136636644627485419"),
                                        ("azure-ea-anonymous.csv", "azure_ea_usage", 27, "1.26136926505726")]:
        more = ("--map", mapping) if mapping and mapping != "azure_ea_usage" else ()
        run = answer(world, os.path.join(DATA, name), "--charge", "cloud", "--dry-run", *more)
        exact = sum(Decimal(c["sum"]) for c in run["costs"])
        ok(exact == Decimal(total) and sum(c["costs"] for c in run["costs"]) == costs and run["files"][0]["skipped"] == 0,
           f"{name}: {costs} costs, {total}", exact, run["files"])
        ok(run["files"][0]["format"] == (mapping or "focus"), f"{name}: read as {mapping or 'focus'}", run["files"])
    text = world.must("map", "--show", "focus").out.replace("amount = BilledCost", "amount = EffectiveCost") + "* = cloud\n"
    world.write("effective.map", text.encode())
    run = answer(world, os.path.join(DATA, "focus-1.0-sample-1000.csv"), "--map", "effective.map", "--dry-run")
    ok(sum(Decimal(c["sum"]) for c in run["costs"]) == Decimal("14.97651418586"), "EffectiveCost by a mapping of one's own", run["costs"])


def shared_bill(folder):
    """The sample is of September 2024: a contract that ran then passes it on, eleven decimals to the cent."""
    if not os.path.isdir(DATA):
        return
    world = World(folder, "then", now="2024-10-05T10:00:00Z")
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read().replace("2027", "2025").replace("2026", "2024").replace("\ncharges:\n", "\ncharges:\n" + CLOUD)
    world.write("contract.yaml", text.encode())
    world.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
    world.must("client", "add", "northwind", "--name", "Northwind Clinic")
    world.must("contract", "add", "contract.yaml", "--agreed", "2024-01-01T00:00Z")
    contract = CONTRACT.replace("2026", "2024")
    world.must("usage", "import", "--contract", contract, os.path.join(DATA, "focus-1.0-sample-1000.csv"), "--charge", "cloud")
    preview = world("invoice", "preview", "--contract", contract, "--on", "2024-10-01").out
    ok("20.52" in preview, "FOCUS sample: 20.52022672899 is a line of 20.52", preview)
    world.must("invoice", "release", "--contract", contract, "--on", "2024-10-01", "--reason", "first_run")
    world.must("invoice", "run", "--contract", contract, "--on", "2024-10-01")
    table = world.must("invoice", "show", world.must("invoice", "list").out.split()[0], "--json").out
    ok("20.52" in table or "2052" in table, "and so it is issued", table[:400])


with tempfile.TemporaryDirectory() as top:
    w = start(top)
    reading(w)
    guards(w)
    charges(w)
    json_lines(top)
    shared(top)
    shared_bill(top)
done()
