#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns that overlap (docs/decisions/0014) and a disk that fails between them (trust.md D3, R5; money.md R71, R72): `invoice run --all`
over contracts of several turns, in which the N-th sync or write fails, once or from there on, or kills the process, while the next turn is
being worked out. Then: what was said is there, every invoice that is there is whole (its document under its hash, its entry, its items,
its number), numbers have no gap, no contract has two; the next run issues the rest, each once, and doctor and other code find all of it sound.

  TENOR          the program
  TENOR_FAULTS   how many N of each class and kind of failure at most; 0: every sync, and four hundred writes
  TENOR_SEED     the seed that picks them"""

import errno
import hashlib
import json
import os
import random
import re
import shutil
import sys
import time

from bed import EXAMPLES, SEED, copy, crashed, doctor, fresh, judged, must, preload, rows, run, workplace, wrong
from program import done, note, ok

CONTRACTS = 48  # turns of 8, 32 and 8
LIMIT = int(os.environ.get("TENOR_FAULTS") or 12)
RUN = ["invoice", "run", "--all", "--on", "2026-02-01"]
ENV = {"TENOR_THREADS": "3"}
# the kind of failure: a number, and whether it lasts; -1 kills at the call, -2 after half of it
KINDS = {"sync": [(errno.EIO, False), (errno.EIO, True), (-1, False)], "write": [(errno.EIO, False), (errno.ENOSPC, True), (-2, False)]}
NUMBER = re.compile(r"^(\S+): invoice ([^ ,]+), ", re.M)


def made(folder):
    fresh(folder)
    must(folder, "init", "acme.tenor", "--provider", "Acme IT", extra=ENV)
    must(folder, "client", "add", "northwind", "--name", "Northwind", extra=ENV)
    with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
        text = f.read()
    for n in range(CONTRACTS):
        with open(os.path.join(folder, "one.yaml"), "w", encoding="utf-8") as f:
            f.write(text.replace("NW-2026", f"NW-{n}").replace("1,480", f"1,{100 + n}"))
        must(folder, "contract", "add", "one.yaml", "--client", "northwind", "--agreed", "2026-01-01T00:00Z", extra=ENV)
    return folder


def issued(folder):
    """Contracts by their invoices' numbers, and what is not whole, read by other code."""
    path, bad, found = os.path.join(folder, "acme.tenor"), [], {}
    blobs = dict(rows(path, "SELECT hex(sha256), bytes FROM blob WHERE kind = 'document'"))
    items = {n for n, in rows(path, "SELECT DISTINCT number FROM document_item")}
    table = {(n, place): seq for n, place, seq in rows(path, "SELECT number, place, seq FROM document")}
    for place, data, contract in rows(path, "SELECT e.place, e.bytes, l.contract FROM entry e JOIN log l ON l.id = e.log WHERE l.kind = 0 ORDER BY place"):
        entry = json.loads(data)
        if entry["kind"] != "invoice_issued":
            continue
        body, number = entry["body"], entry["body"]["invoice"]
        document = blobs.get(body["document"].upper())
        if number in found:
            bad.append(f"{number} is there twice")
        if contract in found.values():
            bad.append(f"{contract} has two")
        found[number] = contract
        if document is None or hashlib.sha256(document).hexdigest() != body["document"]:
            bad.append(f"{number}: the document is not under its hash")
        elif (json.loads(document)["number"], json.loads(document)["contract"]) != (number, contract):
            bad.append(f"{number}: the document is of another")
        if number not in items or table.pop((number, place), None) != body["number"]:
            bad.append(f"{number}: its rows are not those of its entry")
    if table:
        bad.append(f"rows of documents without an entry: {sorted(table)}")
    wanted = [f"INV-2026-{i:05}" for i in range(1, len(found) + 1)]
    if sorted(found) != wanted:
        bad.append(f"numbers are {sorted(found)}")
    return found, bad + wrong(path)


def attempt(stage, folder, library, kind, n, number, onward):
    """(was it hit, the status, how many were issued, what is not good)"""
    copy(stage, folder)
    hit = os.path.join(folder, "hit")
    first = run(folder, *RUN, extra={**ENV, "LD_PRELOAD": library, "TENOR_FAULT_CLASS": kind, "TENOR_FAULT_N": str(n), "TENOR_FAULT_ERRNO": str(number),
                                     "TENOR_FAULT_ONWARD": str(int(onward)), "TENOR_FAULT_HIT": hit})
    was_hit, killed = os.path.exists(hit), first.returncode == -9
    bad = [f"crashed: {first.err[:200]}"] if crashed(first) and not killed else []
    if was_hit and kind == "sync" and not killed and first.returncode != 74:
        bad.append(f"a failed sync, and the status is {first.returncode}")
    if not was_hit and first.returncode != 0:
        bad.append(f"fails without a failing call: {first.err[:200]}")
    found, broken = issued(folder)
    bad += broken
    said = {number: contract for contract, number in NUMBER.findall(first.out)}
    bad += [f"said and not there: {number}" for number in said if found.get(number) != said[number]]
    if first.returncode == 0 and len(found) != CONTRACTS:
        bad.append(f"says it is done with {len(found)}")
    before = dict(found)
    second = run(folder, *RUN, extra=ENV)
    found, broken = issued(folder)
    bad += broken
    if second.returncode != 0 or len(found) != CONTRACTS or len(set(found.values())) != CONTRACTS:
        bad.append(f"the next run: {second.returncode}, {len(found)} invoices: {second.err[:200]}")
    bad += [f"{number} is another's now" for number in before if found.get(number) != before[number]]
    if len(NUMBER.findall(second.out)) != CONTRACTS - len(before):
        bad.append(f"the next run issues {len(NUMBER.findall(second.out))}, {len(before)} were there")
    last = doctor(folder)
    if last:
        bad.append(last)
    shutil.rmtree(folder)
    return was_hit, first.returncode, len(before), bad


def calls(stage, folder, library, kind):
    copy(stage, folder)
    told = os.path.join(folder, "calls")
    must(folder, *RUN, extra={**ENV, "LD_PRELOAD": library, "TENOR_FAULT_CLASS": kind, "TENOR_FAULT_N": str(1 << 40), "TENOR_FAULT_ERRNO": "0",
                              "TENOR_FAULT_ONWARD": "0", "TENOR_FAULT_CALLS": told})
    with open(told, encoding="ascii") as f:
        n = int(f.read())
    shutil.rmtree(folder)
    return n


def main():
    top = workplace()
    rng = random.Random(SEED)
    began = time.monotonic()
    note(f"seed {SEED}, {CONTRACTS} contracts, in {top}")
    try:
        library = preload(top)
        stage = made(os.path.join(top, "stage"))
        part = 0
        for kind, failures in KINDS.items():
            n = calls(stage, os.path.join(top, "count"), library, kind)
            most = LIMIT or (n if kind == "sync" else 400)
            for number, onward in failures:
                every = range(1, n + 1) if n <= most else sorted(rng.sample(range(1, n + 1), most))
                results = [attempt(stage, os.path.join(top, "run"), library, kind, at, number, onward) for at in every]
                bad = [f"{kind} {at}{' on' if onward else ''} {number}: {b}" for at, (*_, found) in zip(every, results) for b in found]
                part += sum(0 < some < CONTRACTS for _, _, some, _ in results)
                how = "kills" if number < 0 else errno.errorcode[number] + (" from there on" if onward else "")
                judged(not bad and any(hit for hit, *_ in results), f"{kind}, {how}: {len(results)} of {n} calls; issued before it "
                       + " ".join(str(some) for _, _, some, _ in results), *bad)
        ok(part > 0, f"{part} of them between two turns: some were issued, some not")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    note(f"{time.monotonic() - began:.0f} s, {sum(os.times()[:4]):.0f} core-seconds")
    done()


if __name__ == "__main__":
    sys.exit(main())
