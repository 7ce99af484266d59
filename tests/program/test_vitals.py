#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a server counts, and what its alarms are made of (trust.md O3, O4): facts, the time they take to the disk, how long entries wait for a checkpoint, since when nobody cosigned, frozen logs, what is free of the disk.
None of it names anybody."""

import http.client
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from api_bed import Bed
from program import done, ok
from site_bed import Person, Site
from wire import free_port


class Watched(Site):
    """A server with a listener for who operates it."""

    def __init__(self, bed):
        self.ops = free_port()
        super().__init__(bed, 2, "--ops-listen", f"127.0.0.1:{self.ops}")

    def ask(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.ops, timeout=30)
        try:
            connection.request("GET", path)
            got = connection.getresponse()
            return got.status, got.read().decode()
        finally:
            connection.close()

    def metrics(self):
        return {name: int(value) for name, value in re.findall(r"^(tenor_\w+) (\d+)$", self.ask("/metrics")[1], re.M)}


def cosign(bed):
    vkey = next(line for line in bed.tenor("cosign", "key", "client.example.org/it", "-o", "it.cosign").stdout.decode().split() if line.startswith("client.example.org"))
    bed.must("log", "witness", vkey, "--contract", "NW-2026", "--as", "nora")
    bed.must("export", "bundle", "--contract", "NW-2026", "--month", "2026-03", "-o", "one.tnb")
    bed.tenor("trust", "add", json.loads(bed.must("log", "keys", "--contract", "NW-2026", "--json"))[0]["vkey"])
    run = bed.tenor("cosign", "one.tnb", "--cosign-key", "it.cosign", "-o", "line")
    assert run.returncode == 0, run.stderr
    bed.must("cosign", "accept", "line", "--contract", "NW-2026", "--as", "nora")


def counted(bed, site):
    """By the interface for programs in bulk and one by one, and by a page."""
    bed.host = site.host
    line = {"kind": "outage.began", "occurred_at": "2026-03-20T14:05:00Z", "assets": ["records"], "severity": "down"}
    lines = "".join(json.dumps({**line, "id": f"v{i}", "outage": f"v{i}"}) + "\n" for i in range(30)).encode()
    for _ in range(2):
        got = bed.post("/api/v1/contracts/NW-2026/facts?source=v", lines, Content_Type="application/x-ndjson")
        ok(got.status == 201, "facts are recorded", got)
    desk = Person(site, "desk").sign_in()
    _, _, page = desk.get("/c/NW-2026/tickets/new")
    form, own, ticket = (re.search(rf'name="{n}"[^>]*value="([^"]+)"'.encode(), page).group(1).decode() for n in ("form", "id", "ticket"))
    got = desk.ask("POST", "/c/NW-2026/tickets/new", {"form": form, "id": own, "ticket": ticket, "summary": "x", "service": "helpdesk", "priority": "P3"})
    text = site.ask("/metrics")[1]
    facts = dict(re.findall(r'^tenor_facts_total\{kind="([a-z._]+)"\} (\d+)$', text, re.M))
    ok(got[0] == 303 and facts == {"outage.began": "30", "ticket.logged": "1"}, "facts by their kind, each once", facts, got[0])
    buckets = [int(n) for n in re.findall(r'^tenor_commit_seconds_bucket\{le="[^"]+"\} (\d+)$', text, re.M)]
    count = int(re.search(r"^tenor_commit_seconds_count (\d+)$", text, re.M).group(1))
    ok(count == 2 and len(buckets) == 14 and buckets == sorted(buckets) and buckets[-1] == count and float(re.search(r"^tenor_commit_seconds_sum (\S+)$", text, re.M).group(1)) > 0,
       "and the time that they took to the disk", count, buckets)


def altered(bed, *statements):
    with sqlite3.connect(bed.workspace) as db:
        for statement in statements:
            db.execute(statement)


def main():
    with tempfile.TemporaryDirectory() as folder, Bed(folder, start=False) as bed:
        site = Watched(bed)
        try:
            got = site.metrics()
            ok(got.get("tenor_checkpoint_age_seconds") == 0 and got.get("tenor_verify_failures_total") == 0 and got.get("tenor_cosign_age_seconds") == 0,
               "all is signed, nothing is frozen, and nobody has cosigned", got)
            counted(bed, site)
            free = shutil.disk_usage(folder).free
            ok(abs(got["tenor_disk_free_bytes"] - free) < free // 2, "what is free of the disk", got, free)
            cosign(bed)
            time.sleep(1.2)
            ok(1 <= site.metrics()["tenor_cosign_age_seconds"] < 600, "since when nobody cosigned", site.metrics())
            ok(1 <= site.metrics()["tenor_backup_age_seconds"] < 600, "without a backup, since the workspace began", site.metrics())
            bed.must("backup", os.path.join(folder, "kept"))
            fresh = site.metrics()["tenor_backup_age_seconds"]
            time.sleep(2.2)
            ok(fresh <= 2 <= site.metrics()["tenor_backup_age_seconds"] < 600, "since the last backup", fresh, site.metrics())
            altered(bed, "DROP TRIGGER checkpoint_kept", "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint AS c WHERE c.log = checkpoint.log)")
            got = site.metrics()
            ok(1 <= got["tenor_checkpoint_age_seconds"] < 600 and got["tenor_verify_failures_total"] == 0, "entries that no checkpoint covers wait, and for how long", got)
            ok(site.ask("/ready")[0] == 200, "which is no reason not to serve", site.ask("/ready"))
            altered(bed, "UPDATE log SET frozen = 'a leaf differs' WHERE contract = 'NW-2026'")
            ok(site.metrics()["tenor_verify_failures_total"] == 1 and site.ask("/ready") == (503, "not ready: frozen\n"), "a frozen log counts, and is told", site.ask("/ready"))
            os.rename(bed.workspace, bed.workspace + ".away")
            text = site.ask("/metrics")
            ok(text[0] == 200 and "tenor_requests_total" in text[1], "where the workspace cannot be looked at, the rest is told", text[0])
            os.rename(bed.workspace + ".away", bed.workspace)
            text = site.ask("/metrics")[1]
            with open("contrib/alarms.yml", encoding="utf-8") as f:
                named = set(re.findall(r"tenor_\w+", "".join(line for line in f if "expr:" in line)))
            there = set(re.findall(r"^(tenor_\w+)", text, re.M)) | set(re.findall(r"^# TYPE (\S+)", text, re.M))
            ok(len(named) >= 7 and named <= there, "each alarm of contrib/alarms.yml asks for a metric that is there", named - there)
            ok(not re.search(r"NW-2026|orthwind|nora|Harbor", text), "no client, person or free text is among them")
        finally:
            site.stop()
    done()


main()
