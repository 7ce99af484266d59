#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench [NAME...]: run the benches, print a table each, then one `key value` line a figure, for scripts to read.
Every figure that has a limit is a ratio to a baseline of the same run. Names: deadlines, month, clocks, growth, start, import, verify,
backtest, paper, invoices, rating, http, paint.
The back-test makes records of 10 thousand to 10 million facts and needs 10 GB on the disk and half an hour; TENOR_BENCH_TICKETS says how
many tickets its largest record and those of import and verify (160,000) have, TENOR_BENCH_FOLDER where the files go, TENOR_BUILD what is
measured, TENOR_BENCH_INVOICES how many invoices are worked out (20,000; of 100,000 hledger takes minutes), TENOR_BENCH_DURABLE how many
contracts are issued in a workspace (1,000), TENOR_BENCH_RECORDS how many usage records are rated in memory (2,000,000, since 20,000,000 take
5 GiB), TENOR_BENCH_STORED how many from lines and from the store (200,000), TENOR_BENCH_DEMO a demo workspace to serve that is there already, TENOR_BENCH_MANY one of tools/bench_desk.py (else TENOR_BENCH_TICKETS, 20,000,
are made), TENOR_BENCH_BULK of how many tickets facts are sent over HTTP (20,000),
and TENOR_BENCH_LOADS how often each page is loaded by a browser (20)."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import shutil
import socket
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
from http import client as http_client

BUILD = os.environ.get("TENOR_BUILD") or "build/release"
BENCH = f"{BUILD}/bench"
TENOR = f"{BUILD}/tenor"
SHARED = os.environ.get("TENOR_SHARED") or "../shared"

figures = []


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def pairs(text):
    rows = [line.split() for line in text.splitlines()]
    return {r[0]: r[1] for r in rows if len(r) == 2}


def table(title, heads, rows):
    print(f"\n{title}\n")
    widths = [max(len(str(r[i])) for r in [heads, *rows]) for i in range(len(heads))]
    print("| " + " | ".join(str(h).ljust(w) for h, w in zip(heads, widths)) + " |")
    print("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for row in rows:
        print("| " + " | ".join(str(c).ljust(w) for c, w in zip(row, widths)) + " |")


def figure(key, value):
    figures.append((key, value))


def median_ms(command, runs, **more):
    times = []
    for _ in range(runs):
        start = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        times.append((time.monotonic() - start) * 1000)
    return statistics.median(times)


def deadlines():
    ours = pairs(run(f"{BENCH}/bench_deadlines"))
    listed = run(f"{BENCH}/bench_deadlines", "--list", "200", ours["seed"])
    peer = pairs(run("perl", "bench/peer_business_hours.pl", input=listed))
    ratio = float(peer["peer_case_ns"]) / float(ours["case_ns"])
    table("Deadlines: Europe/Berlin, Mon-Fri 09-17, 18 holidays, 15 min to 80 h, expansion included",
          ["", "cases", "all, ms", "a case, ns"],
          [["Tenor, deadline + elapsed", ours["cases"], ours["deadlines_ms"], ours["case_ns"]],
           ["Business::Hours", peer["peer_cases"], f"{float(peer['peer_deadlines_ms']) + float(peer['peer_elapsed_ms']):.1f}", peer["peer_case_ns"]]])
    figure("deadlines_ms", ours["deadlines_ms"])
    figure("deadlines_peer_agree", f"{peer['peer_agree']}/{peer['peer_cases']}")
    figure("deadlines_peer_ratio", f"{ratio:.0f}")


def month():
    source = os.path.join(SHARED, "data/incidents/uci-servicenow-incident-event-log.csv.zst")
    if not os.path.exists(source):
        print("\nmonth: SKIP, the ServiceNow log is not there")
        return
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "log.csv")
        with open(log, "wb") as f:
            subprocess.run(["zstd", "-dc", source], check=True, stdout=f)
        command = [TENOR, "month", "contracts/examples/servicenow.yaml", log, "--month", "2016-03", "--zone", "Europe/Rome"]
        csv, ours = [], []
        for _ in range(11):  # one of each in turn, so that both see the same machine
            csv.append(float(pairs(run(f"{BENCH}/bench_csv", log))["csv_ms"]))
            ours.append(median_ms(command, 1))
        base, whole = statistics.median(csv), statistics.median(ours)
        rows = pairs(run(f"{BENCH}/bench_csv", log))["csv_rows"]
    table("A month over the whole ServiceNow log, file to statement", ["", "rows", "ms"],
          [["bare libcsv pass", rows, f"{base:.1f}"], ["tenor month", rows, f"{whole:.1f}"]])
    figure("month_csv_ms", f"{base:.1f}")
    figure("month_ms", f"{whole:.1f}")
    figure("month_ratio", f"{whole / base:.2f}")


def clocks():
    got = pairs(run(f"{BENCH}/bench_clocks", "1000000"))
    table("Clocks of generated tickets with pauses, from memory, one core", ["", ""],
          [["tickets", got["tickets"]], ["facts", got["facts"]], ["clocks", got["clocks"]], ["clocks a second", got["clocks_per_second"]],
           ["the same, tickets scattered in time", got["clocks_per_second_scattered"]],
           ["bytes a clock", got["clock_bytes"]], ["making the view, ms", got["view_ms"]], ["bytes a fact, view", got["view_bytes_per_fact"]]])
    figure("clocks_per_second", got["clocks_per_second"])
    figure("clock_bytes", got["clock_bytes"])


def growth():
    rows = []
    for line in run(f"{BENCH}/bench_clocks", "1000", "10000000").splitlines():
        words = line.split()
        if words and words[0] == "growth":
            rows.append(words[2::2])
    table("Growth with the number of facts: view and clocks", ["facts", "clocks", "view, ms", "clocks, ms", "ns a fact"], rows)
    if len(rows) > 1:
        figure("growth_ratio", f"{float(rows[-1][-1]) / float(rows[0][-1]):.2f}")
    whole_growth()


def write_tickets(path, facts):
    """A month of tickets as Tenor's own CSV, five facts a ticket, in order of time."""
    tickets = facts // 5
    step = 25 * 86400 / tickets
    with open(path, "w", encoding="ascii") as f:
        f.write("id,kind,occurred_at,party,ticket,priority,author,visibility,asks\n")
        for n in range(tickets):
            at = int(n * step)
            day, hour, minute, second = 1 + at // 86400, at // 3600 % 24, at // 60 % 60, at % 60
            when = f"2026-03-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
            rest = f"2026-03-{day + 1:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
            done = f"2026-03-{day + 4:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
            f.write(f"{n}a,ticket.logged,{when},client,T{n},P{n % 3 + 1},,,\n{n}b,ticket.message,{when},provider,T{n},,human,public,true\n"
                    f"{n}c,ticket.waiting_client,{when},provider,T{n},,,,\n{n}d,ticket.resumed,{rest},provider,T{n},,,,\n"
                    f"{n}e,ticket.restored,{done},provider,T{n},,human,,\n")


def whole_growth():
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for facts in [10_000, 100_000, 1_000_000, 10_000_000]:
            path = os.path.join(folder, "tickets.csv")
            write_tickets(path, facts)
            command = [TENOR, "month", "contracts/examples/northwind.yaml", path, "--month", "2026-03"]
            out = run("/usr/bin/env", "python3", "-c", MEASURE, *command).split()
            rows.append([facts, out[0], f"{int(out[1]) / 1024:.0f}", f"{float(out[0]) * 1e6 / facts:.0f}"])
            os.remove(path)
    table("Growth with the number of facts: the whole program, file to statement", ["facts", "ms", "memory, MiB", "ns a fact"], rows)
    figure("whole_growth_ratio", f"{float(rows[-1][3]) / float(rows[1][3]):.2f}")


# Wall clock and peak memory of one run, measured by a process that does nothing else.
MEASURE = """
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(round((time.monotonic() - start) * 1000, 1), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def start():
    here = "contracts/examples"
    version = median_ms([TENOR, "--version"], 51)
    small = median_ms([TENOR, "month", f"{here}/northwind.yaml", f"{here}/northwind-tickets.csv", f"{here}/northwind-outages.jsonl",
                       f"{here}/northwind-maintenance.ics", "--month", "2026-03"], 31)
    nothing = median_ms([shutil.which("true")], 51)
    table("Start-up, whole process", ["", "ms"],
          [["true", f"{nothing:.2f}"], ["tenor --version", f"{version:.2f}"], ["the month of the example", f"{small:.2f}"]])
    figure("start_version_ms", f"{version:.2f}")
    figure("start_month_ms", f"{small:.2f}")


# --- the record: a workspace made for the run, driven by the program itself ---

CONTRACT = """\
tenor: "1"
contract: {id: B-1, title: Bench, currency: USD, timezone: America/New_York, business_calendar: desk}
parties: {provider: {legal_name: P LLC, jurisdiction: US-DE}, client: {legal_name: C Inc, jurisdiction: US-NY}}
calendars: [{id: desk, hours: [{id: w, days: mon-fri, open: ["09:00-17:00"]}], holidays: [{id: us, set: us_federal}]}]
term: {effective_date: "2023-01-01", initial: 60mo}
services: [{id: help, name: Help, calendar: desk}]
charges: [{id: care, type: recurring, amount: "720000.00 USD", period: 1mo}]
payment: {due: 30d}
sla:
  priorities: [{id: P1, name: high}, {id: P2, name: middle}, {id: P3, name: low}]
  metrics:
    - {id: response, kind: elapsed, start: ticket.logged, stop: ticket.answered, targets: [{id: p1, priority: P1, within: 45min},
       {id: rest, within: 1h@desk}]}
    - {id: resolution, kind: elapsed, start: ticket.logged, stop: ticket.restored, comply: {at_least: 80%}, pause: [{id: c, while: ticket.waiting_client}],
       targets: [{id: p1, priority: P1, within: 8h}, {id: rest, within: WITHIN@desk}]}
  credits:
    base: {charges: [care]}
    rules: [{id: response, metric: response, priority: P1, each_breach: 0.001%},
      {id: resolution, metric: resolution, tiers: [{id: t1, below: 80%, credit: 5%}, {id: t2, below: 70%, credit: 10%}]}]
"""


class Workspace:
    """An empty workspace with the bench's contract, in a folder and with a home of its own."""

    def __init__(self, folder, contract=True):
        self.folder = folder
        self.env = {**os.environ, "HOME": os.path.join(folder, "home")}
        os.makedirs(self.env["HOME"], exist_ok=True)
        for name, within in [("contract", "16h"), ("new", "6h")]:
            with open(self.path(f"{name}.yaml"), "w", encoding="ascii") as f:
                f.write(CONTRACT.replace("WITHIN", within))
        if contract:
            self.fresh()

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *command):
        program = os.path.abspath(command[0])
        return subprocess.run([program, *command[1:]], check=True, capture_output=True, text=True, cwd=self.folder, env=self.env).stdout

    def fresh(self):
        for name in ["bench.tenor", "bench.keys", "bench.tenor-wal", "bench.tenor-shm"]:
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        self.run(TENOR, "init", "bench.tenor", "--provider", "P LLC", "--host", "bench.example")
        self.run(TENOR, "client", "add", "c", "--name", "C Inc")
        self.run(TENOR, "contract", "add", "contract.yaml", "--client", "c", "--agreed", "2023-01-01T00:00Z")

    def tickets(self, tickets):
        with open(self.path("tickets.csv"), "w", encoding="ascii") as f:
            subprocess.run([f"{BENCH}/bench_tickets", str(tickets)], check=True, stdout=f)
        return "tickets.csv"

    def imported(self, *words):
        return pairs(self.run(f"{BENCH}/bench_import", "run", "--contract", "B-1", *words))

    def bare(self, table):
        got = pairs(self.run(f"{BENCH}/bench_import", table, "bench.tenor", "bare.db"))
        for name in ["bare.db", "bare.db-wal", "bare.db-shm"]:
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        return got

    def measured(self, *command):
        """Wall milliseconds, processor milliseconds and peak memory in KiB of the program."""
        out = subprocess.run([sys.executable, "-c", MEASURE_CPU, os.path.abspath(TENOR), *command], check=True, capture_output=True, text=True,
                             cwd=self.folder, env=self.env).stdout.split()
        return dict(zip(["ms", "cpu_ms", "kib"], map(float, out)))


MEASURE_CPU = """
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
wall = time.monotonic() - start
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(round(wall * 1000, 1), round((u.ru_utime + u.ru_stime) * 1000, 1), u.ru_maxrss)
"""


def record_folder():
    return tempfile.TemporaryDirectory(dir=os.environ.get("TENOR_BENCH_FOLDER"))


def tickets_asked(otherwise):
    return int(os.environ.get("TENOR_BENCH_TICKETS") or otherwise)


def least(rows, key):
    return min(float(r[key]) for r in rows)


TABLES = [("bare", "bare SQLite: place, bytes"), ("unique", "bare SQLite: and unique ids"), ("rows", "bare SQLite: all columns of ours")]


def import_rows(work, words, title, prefix, runs):
    """Ours and the three tables in turn, so that all see the same machine; the least of each counts."""
    ours, bare = [], {name: [] for name, _ in TABLES}
    for _ in range(runs):
        work.fresh()
        ours.append(work.imported(*words))
        for name, _ in TABLES:
            bare[name].append(work.bare(name))
    facts, n = int(ours[0]["facts"]), int(bare["bare"][0]["entries"])
    read, commit, whole = (least(ours, f"{k}_ms") for k in ["read", "commit", "whole"])
    stored = min(float(r["commit_ms"]) - float(r["read_ms"]) for r in ours)
    bases = {name: least(rows, f"{name}_ms") for name, rows in bare.items()}
    rows = [[about, n, f"{bases[name]:.0f}", f"{n / bases[name] * 1000:.0f}", "1.00"] for name, about in TABLES]

    def row(what, ms):
        rate = facts / ms * 1000
        rows.append([what, facts, f"{ms:.0f}", f"{rate:.0f}", " / ".join(f"{rate / (n / bases[name] * 1000):.2f}" for name, _ in TABLES)])

    row("tenor import: judged, hashed, stored", stored)
    row("tenor import: reading the file, too", commit)
    row("tenor import: checkpoint and packs, too", whole)
    table(title, ["", "facts", "ms", "facts a second", "of the three tables"], rows)
    figure(f"{prefix}_read_ms", f"{read:.0f}")
    figure(f"{prefix}_facts_per_second", f"{facts / commit * 1000:.0f}")
    for what, ms in [("stored", stored), ("commit", commit), ("whole", whole)]:
        for name, _ in TABLES:
            figure(f"{prefix}_{what}_to_{name}", f"{facts / ms / (n / bases[name]):.2f}")
    figure(f"{prefix}_memory_mib", f"{least(ours, 'memory_kib') / 1024:.0f}")


def bench_import():
    tickets = tickets_asked(160_000)
    with record_folder() as folder:
        work = Workspace(folder)
        import_rows(work, [work.tickets(tickets)], f"Durable import of {tickets} tickets in batches of 1,000, every commit synced", "import", 3)
        source = os.path.join(SHARED, "data/incidents/uci-servicenow-incident-event-log.csv.zst")
        if not os.path.exists(source):
            print("\nimport: SKIP the ServiceNow log, it is not there")
            return
        with open(work.path("log.csv"), "wb") as f:
            subprocess.run(["zstd", "-dc", source], check=True, stdout=f)
        import_rows(work, ["log.csv", "--zone", "Europe/Rome"], "The same for the ServiceNow log", "import_servicenow", 3)


def bench_verify():
    tickets = tickets_asked(160_000)
    with record_folder() as folder:
        work = Workspace(folder)
        work.imported(work.tickets(tickets))
        work.run(TENOR, "statement", "--contract", "B-1", "--month", "2023-03", "--issue")
        work.run(TENOR, "export", "bundle", "--contract", "B-1", "--month", "2023-03", "-o", "month.tnb")
        vkey = next(w for w in work.run(TENOR, "log", "keys", "--contract", "B-1").split() if "/log/" in w and w.count("+") >= 2)
        work.run(TENOR, "trust", "add", vkey)
        base, verify, doctor = [], [], []
        for _ in range(3):
            base.append(pairs(work.run(f"{BENCH}/bench_verify", "bench.tenor")))
            verify.append(work.measured("verify", "month.tnb"))
            doctor.append(work.measured("doctor"))
    rows, bare = [], least(base, "hash_parse_ms")
    bare_cpu = least(base, "hash_parse_cpu_ms")
    rows.append(["only hashing and jansson, from memory", base[0]["entries"], f"{bare:.0f}", f"{bare_cpu:.0f}", "1.00", "1.00", ""])
    for what, all_runs in [("verify", verify), ("doctor", doctor)]:
        ms, cpu = least(all_runs, "ms"), least(all_runs, "cpu_ms")
        rows.append([f"tenor {what}", base[0]["entries"], f"{ms:.0f}", f"{cpu:.0f}", f"{ms / bare:.2f}", f"{cpu / bare_cpu:.2f}",
                     f"{least(all_runs, 'kib') / 1024:.0f}"])
        figure(f"{what}_ratio", f"{ms / bare:.2f}")
        figure(f"{what}_cpu_ratio", f"{cpu / bare_cpu:.2f}")
    table("Checking every entry, whole process", ["", "entries", "ms", "processor, ms", "ratio", "ratio of processor", "memory, MiB"], rows)


def backtest_once(work):
    base = pairs(work.run(f"{BENCH}/bench_select", "bench.tenor"))
    ours = work.measured("backtest", "--contract", "B-1", "--with", "new.yaml", "--from", "2023-01", "--to", "2025-12")
    return base, ours


def bench_backtest():
    most = tickets_asked(1_613_000)
    sizes = [n for n in [1_613, 16_130, 161_300, 1_000_000, 1_613_000] if n <= most]
    rows = []
    per_fact = []
    with record_folder() as folder:
        work = Workspace(folder)
        for tickets in sizes if most in sizes else [*sizes, most]:
            work.fresh()
            imported = work.imported(work.tickets(tickets))
            os.remove(work.path("tickets.csv"))
            pairs_of = [backtest_once(work) for _ in range(3)]
            bare, ms = least([b for b, _ in pairs_of], "select_ms"), least([o for _, o in pairs_of], "ms")
            bare_cpu, cpu = least([b for b, _ in pairs_of], "select_cpu_ms"), least([o for _, o in pairs_of], "cpu_ms")
            kib = least([o for _, o in pairs_of], "kib")
            per_fact.append(ms * 1e6 / int(imported["facts"]))
            rows.append([tickets, imported["facts"], f"{bare:.0f}", f"{ms:.0f}", f"{ms / bare:.2f}", f"{cpu / bare_cpu:.2f}", f"{kib / 1024:.0f}",
                         f"{per_fact[-1]:.0f}"])
    table("Back-test of two versions over 36 months of the record, cold process, against a bare SELECT pass over its entries",
          ["tickets", "facts", "SELECT, ms", "back-test, ms", "ratio", "ratio of processor", "memory, MiB", "ns a fact"], rows)
    asked = next((r for r in rows if r[0] == 1_000_000), rows[-1])
    figure("backtest_tickets", asked[0])
    figure("backtest_s", f"{float(asked[3]) / 1000:.2f}")
    figure("backtest_ratio", asked[4])
    figure("backtest_cpu_ratio", asked[5])
    figure("backtest_memory_mib", asked[6])
    if len(per_fact) > 2:
        figure("backtest_growth_ratio", f"{per_fact[-1] / per_fact[2 if len(per_fact) > 3 else 1]:.2f}")


def paper():
    """Pages printed with the press warm, and a run of invoices to one folder (TENOR_BENCH_DOCUMENTS, 1,000)."""
    with tempfile.TemporaryDirectory() as folder:
        got = pairs(run(f"{BENCH}/bench_pdf", folder, os.environ.get("TENOR_BENCH_DOCUMENTS") or "1000"))
        size = sum(e.stat().st_size for e in os.scandir(folder))
    page = float(got["invoice_page_us"]) / 1000
    table("Paper: PDF/A-3 with structure, the press warm; an invoice of 40 lines, a list of 2,000 rows, and a run to one folder",
          ["what", "pages", "ms a page", "of the processor", "pages a second", "kB a document"],
          [["invoice", got["invoice_pages"], f"{page:.2f}", f"{int(got['invoice_page_cpu_us']) / 1000:.2f}", f"{1000 / page:.0f}", f"{int(got['invoice_bytes']) / 1000:.0f}"],
           ["list", got["list_pages"], f"{float(got['list_page_us']) / 1000:.2f}",
            f"{int(got['list_page_cpu_us']) / 1000:.2f}", f"{1e6 / float(got['list_page_us']):.0f}",
            f"{int(got['list_bytes']) / 1000:.0f}"],
           [f"{got['run_documents']} invoices", got["run_pages"], f"{1000 / float(got['run_pages_per_s']):.2f}", "", got["run_pages_per_s"],
            f"{size / int(got['run_documents']) / 1000:.0f}"]])
    figure("paper_first_ms", f"{float(got['first_us']) / 1000:.0f}")
    figure("paper_page_ms", f"{page:.2f}")
    figure("paper_page_cpu_ms", f"{int(got['invoice_page_cpu_us']) / 1000:.2f}")
    figure("paper_list_page_ms", f"{float(got['list_page_us']) / 1000:.2f}")
    figure("paper_pages_per_second", got["run_pages_per_s"])


def asked(name, otherwise):
    return int(os.environ.get(f"TENOR_BENCH_{name}") or otherwise)


def measured_run(*command, **more):
    """Wall milliseconds, processor milliseconds and peak memory in KiB of a program."""
    out = subprocess.run([sys.executable, "-c", MEASURE_CPU, *command], check=True, capture_output=True, text=True, **more).stdout.split()
    return dict(zip(["ms", "cpu_ms", "kib"], map(float, out)))


def invoices():
    n = asked("INVOICES", 20_000)
    runs = {kind: [pairs(run(f"{BENCH}/bench_invoices", kind, str(n))) for _ in range(2)] for kind in ["compute", "warm"]}
    ours = runs["compute"][0]
    with record_folder() as folder:
        path = os.path.join(folder, "invoices.journal")
        with open(path, "w", encoding="ascii") as f:
            subprocess.run([f"{BENCH}/bench_invoices", "journal", str(n)], check=True, stdout=f)
        peer = measured_run(shutil.which("hledger"), "-f", path, "stats")
    cpu = {kind: least(rows, "compute_thread_ms") for kind, rows in runs.items()}
    wall = {kind: least(rows, "compute_ms") for kind, rows in runs.items()}
    rows = [[what, n, f"{wall[kind]:.0f}", f"{cpu[kind]:.0f}", f"{cpu[kind] * 1000 / n:.1f}", f"{n / cpu[kind] * 1000:.0f}"]
            for kind, what in [("compute", "worked out, 500 contracts in turn"), ("warm", "the same, 8 contracts in turn")]]
    rows.append(["hledger stats, the same as transactions", n, f"{peer['ms']:.0f}", f"{peer['cpu_ms']:.0f}", f"{peer['cpu_ms'] * 1000 / n:.1f}",
                 f"{n / peer['cpu_ms'] * 1000:.0f}"])
    table(f"A month of {n} contracts, {int(ours['lines']) / n:.1f} lines and {int(ours['facts']) / n:.0f} facts each, from memory, one core",
          ["", "invoices", "ms", "processor, ms", "microseconds each", "a second of a core"], rows)
    figure("invoices_per_core_second", rows[0][5])
    figure("invoices_warm_per_core_second", rows[1][5])
    figure("invoices_us", rows[0][4])
    figure("invoices_arena_bytes", ours["arena_bytes"])
    figure("invoices_hledger_ratio", f"{peer['cpu_ms'] / cpu['compute']:.0f}")
    issued()


def issued():
    """Invoices of a whole workspace, as `tenor invoice run` issues them: checkpoint, working out, document, entry, checkpoint (R70, R71)."""
    n = asked("DURABLE", 1000)
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with record_folder() as folder, tempfile.TemporaryDirectory(dir=memory) as loaded:
        # what is measured lies on the disk; what it begins with need not have waited for it
        work = Workspace(loaded, contract=False)
        work.run(TENOR, "init", "bench.tenor", "--provider", "P LLC", "--host", "bench.example")
        work.run(TENOR, "client", "add", "c", "--name", "C Inc")
        work.run(f"{BENCH}/bench_invoices", "load", "0", str(n))
        shutil.copytree(loaded, folder, dirs_exist_ok=True)
        work = Workspace(folder, contract=False)
        os.sync()
        ours = work.measured("invoice", "run", "--all", "--on", "2026-07-01")
        count = work.run(TENOR, "invoice", "list").count("INV-")
        again = work.measured("invoice", "run", "--all", "--on", "2026-07-01")
        sizes = [os.path.getsize(os.path.join(f, "bench.tenor")) for f in (loaded, folder)]
        with record_folder() as bare:
            shutil.copy(os.path.join(loaded, "bench.tenor"), bare)
            os.sync()
            floor = pairs(run(f"{BENCH}/bench_floor", os.path.join(bare, "bench.tenor")))
    least_of = {"ms": float(floor["floor_ms"]), "cpu_ms": float(floor["floor_cpu_ms"]), "kib": float(floor["memory_kib"])}
    table("The same in a workspace: tenor invoice run --all, a fresh process, every commit synced; and again, when nothing is due",
          ["", "invoices", "ms", "processor, ms", "ms each", "a second", "a second of a core", "memory, MiB"],
          [[what, number, f"{t['ms']:.0f}", f"{t['cpu_ms']:.0f}", f"{t['ms'] / n:.2f}", f"{n / t['ms'] * 1000:.0f}", f"{n / t['cpu_ms'] * 1000:.0f}",
            f"{t['kib'] / 1024:.0f}"] for what, number, t in [("issued", count, ours), ("again", 0, again),
                                                            ("floor: the same reads, hashes, signatures and rows alone", n, least_of)]])
    figure("issued", count)
    figure("issued_per_second", f"{count / ours['ms'] * 1000:.0f}")
    figure("issued_per_core_second", f"{count / ours['cpu_ms'] * 1000:.0f}")
    figure("issued_floor_per_core_second", f"{n / least_of['cpu_ms'] * 1000:.0f}")
    figure("issued_to_floor", f"{ours['cpu_ms'] / least_of['cpu_ms']:.2f}")
    figure("issued_memory_mib", f"{ours['kib'] / 1024:.0f}")
    figure("issued_bytes_each", f"{(sizes[1] - sizes[0]) / n:.0f}")


def rating():
    n, stored = asked("RECORDS", 2_000_000), asked("STORED", 200_000)
    ours, base = [], []
    for _ in range(3):
        ours.append(pairs(run(f"{BENCH}/bench_rating", "memory", str(n))))
        base.append(pairs(run(f"{BENCH}/bench_rating", "sqlite", str(n))))
    select = least(base, "select_thread_ms")
    rows = [["SQLite: SELECT ... GROUP BY meter, in memory", n, f"{least(base, 'select_ms'):.0f}", f"{select:.0f}", f"{n / select / 1000:.2f}", "1.00"]]

    def row(what, count, wall, cpu, against):
        rows.append([what, count, f"{wall:.0f}", f"{cpu:.0f}", f"{count / cpu / 1000:.2f}", f"{cpu / against:.2f}"])

    rate, view = least(ours, "rate_thread_ms"), least(ours, "view_thread_ms")
    row("tenor: rated, with tiers, lines and evidence", n, least(ours, "rate_ms"), rate, select)
    row("tenor: view of the facts, too", n, least(ours, "rate_ms") + least(ours, "view_ms"), rate + view, select)
    with record_folder() as folder:
        work = Workspace(folder, contract=False)
        for name in ["lines", "contract"]:
            with open(work.path(name), "w", encoding="ascii") as f:
                subprocess.run([f"{BENCH}/bench_rating", name, str(stored)], check=True, stdout=f)
        os.rename(work.path("lines"), work.path("usage.jsonl"))
        os.rename(work.path("contract"), work.path("metered.yaml"))
        lines = measured_run(f"{BENCH}/bench_rating", "read", str(stored), work.path("usage.jsonl"))
        file = pairs(run(f"{BENCH}/bench_rating", "sqlite", str(stored), work.path("usage.db")))
        work.run(TENOR, "init", "bench.tenor", "--provider", "P LLC", "--host", "bench.example")
        work.run(TENOR, "client", "add", "c", "--name", "C Inc")
        work.run(TENOR, "contract", "add", "metered.yaml", "--client", "c", "--agreed", "2026-06-01T04:00Z")
        work.run(TENOR, "import", "usage.jsonl", "--contract", "R-1")
        store = min((work.measured("invoice", "preview", "--contract", "R-1", "--on", "2026-07-01", "--json") for _ in range(3)), key=lambda r: r["cpu_ms"])
    cold = float(file["select_thread_ms"])
    rows.append(["SQLite: the same from a file", stored, file["select_ms"], f"{cold:.0f}", f"{stored / cold / 1000:.2f}", "1.00"])
    row("tenor: from JSON lines, whole process", stored, lines["ms"], lines["cpu_ms"], cold)
    row("tenor invoice preview: from the store, whole process", stored, store["ms"], store["cpu_ms"], cold)
    table("Rating usage records: 20 meters of three tiers each, one month",
          ["", "records", "ms", "processor, ms", "million a second of a core", "processor, of the SELECT"], rows)
    figure("rating_records", n)
    figure("rating_million_per_core_second", rows[1][4])
    figure("rating_to_select", rows[1][5])
    figure("rating_with_view_to_select", rows[2][5])
    figure("rating_bytes_a_record", f"{least(ours, 'memory_kib') * 1024 / n:.0f}")
    figure("rating_lines_to_select", rows[4][5])
    figure("rating_store_to_select", rows[5][5])


def cpu_ms(pid):
    """Milliseconds of the processor that a process took so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def loaded(name, port, pid, target, *fields):
    """Asked on 64 connections for a few seconds: the figures of the load, and what a request took of the server's processor."""
    seconds = asked("SECONDS", 4)
    before = cpu_ms(pid)
    got = pairs(run(f"{BENCH}/bench_http", "load", str(port), target, "64", str(seconds), *fields))
    each = (cpu_ms(pid) - before) * 1000 / max(1.0, float(got["requests_per_s"]) * seconds)
    if int(got["wrong"]) > 0:
        sys.exit(f"{name}: {got['wrong']} answers are not 200")
    return {"name": name, "rate": float(got["requests_per_s"]), "p50": int(got.get("p50_us", 0)), "p99": int(got.get("p99_us", 0)), "cpu": each}


def demo_site(folder):
    """A copy of the demo workspace, served as below."""
    place = os.environ.get("TENOR_BENCH_DEMO")
    if place:
        shutil.copytree(place, folder, dirs_exist_ok=True, symlinks=True)
    else:
        run(sys.executable, "tools/demo.py", os.path.abspath(TENOR), folder)
    return served(folder)


def served(folder):
    """Served by one worker to its owner, who is signed in: the process, its worker, port and the cookies."""
    tenor = os.path.abspath(TENOR)
    env = {**os.environ, "HOME": os.path.join(folder, "home")}
    server = subprocess.Popen([tenor, "serve", "--listen", "127.0.0.1:0", "--workers", "1"], cwd=folder, env=env, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    port = re.search(r":(\d+)", server.stdout.readline().rpartition("http://")[2]).group(1)
    who = f"bench-{time.time_ns()}"  # somebody new, also in a workspace that was measured before
    subprocess.run([tenor, "user", "add", who, "--role", "owner"], cwd=folder, env=env, check=True, capture_output=True)
    link = re.search(r"/join/[A-Za-z0-9_-]+", subprocess.run([tenor, "user", "link", who], cwd=folder, env=env, check=True, capture_output=True,
                                                             text=True).stdout).group(0)
    browser = Browser(int(port))
    browser.post(link, {}, browser.get(link))
    browser.post("/me/password", {"password": "the long way of nobody home"}, browser.get("/me"))
    page = browser.get("/me/factor")
    browser.post("/me/factor", {"code": totp(re.search(r'class="secret"[^>]*>([^<]+)', page).group(1))}, page)
    return server, worker_of(server), port, browser


def worker_of(server):
    """The one worker; beside it the master has guards of other processes."""
    rows = [row.split() for row in run("ps", "-o", "pid=,comm=", "--ppid", str(server.pid)).splitlines()]
    return next(int(row[0]) for row in rows if row[1] == "tenor-worker")


def totp(secret):
    key = base64.b32decode(re.sub(r"[\s=]", "", secret))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    return f"{(struct.unpack('>I', mac[mac[19] & 15:][:4])[0] & 0x7fffffff) % 1000000:06d}"


class Browser:
    """Cookies and the token of forms, no more."""

    def __init__(self, port):
        self.port, self.cookies = port, {}

    def ask(self, method, path, body=None):
        connection = http_client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        kind = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, {"Cookie": self.cookie(), "Sec-Fetch-Site": "same-origin", **kind})
        answer = connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        connection.close()
        return text

    def cookie(self):
        return "; ".join(f"{k}={v}" for k, v in self.cookies.items())

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, fields, page):
        """With the token of the form on a page that was given."""
        form = re.search(r'name="form" value="([^"]+)"', page).group(1)
        return self.ask("POST", path, urllib.parse.urlencode({"form": form, **fields}))


def resident_kib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def pages(bare_port, bare):
    """Pages of the demo, asked by one person on 64 connections; and what making one anew takes, each after something was recorded."""
    with record_folder() as folder:
        server, worker, port, browser = demo_site(folder)
        try:
            idle = resident_kib(worker)
            cookie = f"Cookie: {browser.cookie()}"
            tickets = browser.get("/c/NW-1/tickets")
            ticket = re.search(r'href="(/c/NW-1/tickets/T-[^"]+)"', tickets).group(1)
            month = re.search(r'href="(/c/NW-1/statement/[0-9-]+)"', browser.get("/c/NW-1")).group(1)
            parts = [("today", "/"), ("contract", "/c/NW-1"), ("list of tickets", "/c/NW-1/tickets"), ("ticket", ticket), ("statement", month),
                     ("statement as JSON", f"{month}?format=json")]
            rounds = [[loaded("bare", bare_port, bare, "/")] + [loaded(name, port, worker, path, cookie) for name, path in parts] for _ in range(3)]
            anew = [min(once_ms(browser, path, i) for i in range(10)) for _, path in parts]
            weights = [len(browser.get(path).encode()) for _, path in parts]
        finally:
            server.terminate()
            server.wait(60)
    best = [min((r[i] for r in rounds), key=lambda x: x["cpu"]) for i in range(len(parts) + 1)]
    fastest = [max((r[i] for r in rounds), key=lambda x: x["rate"]) for i in range(len(parts) + 1)]
    table("Pages of the demo workspace, one worker, 64 connections, one person: within a second, and while nothing was recorded, a page is given as it was made",
          ["", "requests a second", "of the bare one's", "p99, ms", "processor, microseconds each", "of the bare one's", "made anew, ms", "kB"],
          [[b["name"], f"{f['rate']:.0f}", f"{f['rate'] / fastest[0]['rate']:.2f}", f"{f['p99'] / 1000:.1f}", f"{b['cpu']:.1f}",
            f"{best[0]['cpu'] / b['cpu']:.2f}", f"{a:.1f}", f"{w / 1000:.1f}"] for b, f, a, w in zip(best[1:], fastest[1:], anew, weights)])
    for b, f, a in zip(best[1:], fastest[1:], anew):
        key = "_".join(b["name"].lower().split())
        figure(f"http_{key}_to_bare", f"{f['rate'] / fastest[0]['rate']:.2f}")
        figure(f"http_{key}_cpu_to_bare", f"{best[0]['cpu'] / b['cpu']:.2f}")
        figure(f"http_{key}_anew_ms", f"{a:.1f}")
    figure("http_idle_worker_kib", idle)


def once_ms(browser, path, i):
    """In words that were not asked for before, so that it is made."""
    began = time.monotonic()
    browser.cookies["bench"] = f"{path}{i}".replace("/", "-").replace("?", "-").replace("=", "-")
    browser.get(path)
    return (time.monotonic() - began) * 1000


def first_ms(port, target, cookie):
    """How long the first answer takes, in the words that the load will ask in, so that the load finds it made."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", int(port)), timeout=120) as s:
        s.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{cookie}\r\n\r\n".encode())
        head = s.recv(64)
    if not head.startswith(b"HTTP/1.1 200"):
        sys.exit(f"{target}: {head!r}")
    return (time.monotonic() - began) * 1000


def worked_out_by_the_keeper(port, worker, cookie, bare_port, bare, month):
    """Pages of the large contract that are worked out from its whole record (docs/decisions/0021)."""
    rows = []
    told = f"/c/NW-1/statement/{month}"
    for name, path in [("contract", "/c/NW-1"), ("today", "/"), ("deadlines", "/c/NW-1/deadlines"), ("statement", told),
                       ("statement as JSON", f"{told}?format=json"), ("50 cases of it", f"{told}?format=json&limit=50")]:
        key = "_".join(name.lower().split())
        made = first_ms(port, path, cookie)
        base = loaded("bare", bare_port, bare, "/")
        first_ms(port, path, cookie)
        got = loaded(name, port, worker, path, cookie)
        rows.append([name, f"{made:.0f}", f"{got['rate']:.0f}", f"{got['rate'] / base['rate']:.2f}", f"{got['p99'] / 1000:.1f}"])
        figure(f"http_many_{key}_to_bare", f"{got['rate'] / base['rate']:.2f}")
        figure(f"http_many_{key}_made_ms", f"{made:.0f}")
    table("The same workspace: what is worked out from the whole record, by the keeper, and given again while nothing is recorded",
          ["", "made, ms", "requests a second after that", "of the bare one's", "p99, ms"], rows)


def many_tickets(bare_port, bare):
    """Lists and a ticket of a workspace with many tickets (TENOR_BENCH_MANY: one that is there already, used as it is)."""
    with record_folder() as folder:
        place, tickets = os.environ.get("TENOR_BENCH_MANY") or folder, tickets_asked(20000)
        if place == folder:
            run(sys.executable, "tools/bench_desk.py", os.path.abspath(TENOR), folder, str(tickets))
        with sqlite3.connect(f"file:{place}/harbor.tenor?mode=ro", uri=True) as file:
            rows, over = file.execute("SELECT count(*), count(*) - sum(live) FROM ticket").fetchone()
        file.close()
        server, worker, port, browser = served(place)
        try:
            idle = resident_kib(worker)
            cookie = f"Cookie: {browser.cookie()}"
            ticket = re.findall(r'href="(/c/NW-1/tickets/T-[^"]+)"', browser.get("/c/NW-1/tickets?state=closed"))[-1]
            parts = [("list of tickets", "/c/NW-1/tickets"), ("all, open or over", "/c/NW-1/tickets?state=all"), ("ticket", ticket)]
            rounds = [[loaded("bare", bare_port, bare, "/")] + [loaded(name, port, worker, path, cookie) for name, path in parts] for _ in range(3)]
            anew = [min(once_ms(browser, path, i) for i in range(10)) for _, path in parts]
            after = resident_kib(worker)
            today = datetime.date.today()
            worked_out_by_the_keeper(port, worker, cookie, bare_port, bare, (today.replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m"))
        finally:
            server.terminate()
            server.wait(60)
    fastest = [max((r[i] for r in rounds), key=lambda x: x["rate"]) for i in range(len(parts) + 1)]
    table(f"Pages of a workspace of {rows} tickets in three contracts, {over} of them over; half of them in the one that is asked for",
          ["", "requests a second", "of the bare one's", "p99, ms", "made anew, ms"],
          [[f["name"], f"{f['rate']:.0f}", f"{f['rate'] / fastest[0]['rate']:.2f}", f"{f['p99'] / 1000:.1f}", f"{a:.1f}"] for f, a in zip(fastest[1:], anew)])
    for f, a in zip(fastest[1:], anew):
        key = "_".join(f["name"].replace(",", "").split())
        figure(f"http_many_{key}_to_bare", f"{f['rate'] / fastest[0]['rate']:.2f}")
        figure(f"http_many_{key}_anew_ms", f"{a:.1f}")
    figure("http_many_idle_worker_kib", idle)
    figure("http_many_worker_kib", after)


BULK_BYTES = 4_000_000  # of one body; 4 MiB are taken


def bodies(path):
    """The lines of a file in pieces that may be sent at once."""
    piece, size = [], 0
    with open(path, "rb") as f:
        for line in f:
            if size + len(line) > BULK_BYTES:
                yield b"".join(piece)
                piece, size = [], 0
            piece.append(line)
            size += len(line)
    yield b"".join(piece)


def send_facts(port, token, path):
    """One body after another on one connection, as a program sends them; seconds."""
    connection = http_client.HTTPConnection("127.0.0.1", int(port), timeout=600)
    began = time.monotonic()
    for body in bodies(path):
        connection.request("POST", "/api/v1/contracts/B-1/facts?source=lines", body,
                           {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"})
        answer = connection.getresponse()
        words = answer.read()
        if answer.status != 201 or json.loads(words)["recorded"] != body.count(b"\n"):
            sys.exit(f"facts over HTTP: {answer.status}: {words[:1000]}")
    connection.close()
    return time.monotonic() - began


def bulk():
    """The same lines by `tenor import` and over HTTP, each into a fresh workspace."""
    tickets = asked("BULK", 20000)
    with record_folder() as folder:
        work = Workspace(folder)
        write_lines(work.path("lines.jsonl"), tickets)
        ours, theirs = [], []
        for _ in range(3):
            work.fresh()
            ours.append(work.measured("import", "lines.jsonl", "--contract", "B-1")["ms"] / 1000)
            work.fresh()
            token = work.run(TENOR, "token", "add", "lines", "--right", "FACT_WRITE", "--right", "TICKET_WRITE", "--right", "WORK_WRITE", "--contract", "B-1").split()
            server = subprocess.Popen([os.path.abspath(TENOR), "serve", "--listen", "127.0.0.1:0", "--workers", "1"], cwd=folder, env=work.env,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            try:
                port = re.search(r":(\d+)", server.stdout.readline().rpartition("http://")[2]).group(1)
                theirs.append(send_facts(port, next(w for w in token if w.startswith("tnr_")), work.path("lines.jsonl")))
            finally:
                server.terminate()
                server.wait(60)
    facts = tickets * 5
    table(f"{facts} facts in bulk, of {tickets} tickets", ["", "seconds", "facts a second", "of the import's"],
          [["tenor import, whole process", f"{min(ours):.2f}", f"{facts / min(ours):.0f}", "1.00"],
           ["POST .../facts, bodies of 4 MB", f"{min(theirs):.2f}", f"{facts / min(theirs):.0f}", f"{min(ours) / min(theirs):.2f}"]])
    figure("http_facts_per_second", f"{facts / min(theirs):.0f}")
    figure("http_facts_to_import", f"{min(ours) / min(theirs):.2f}")


def write_lines(path, tickets):
    """A month of tickets as JSON lines, five facts a ticket, in order of time."""
    first = 1772409600  # 2026-03-02
    with open(path, "w", encoding="ascii") as f:
        for n in range(tickets):
            for k, (kind, after, more) in enumerate((("logged", 0, {"priority": f"P{n % 3 + 1}"}), ("message", 300, {"author": "human", "visibility": "public"}),
                                                     ("waiting_client", 600, {}), ("resumed", 7200, {}), ("restored", 9000, {"author": "human"}))):
                at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(first + n * 2000000 // tickets + after))
                f.write(json.dumps({"id": f"{n}-{k}", "kind": f"ticket.{kind}", "occurred_at": at, "party": "client" if k == 0 else "provider",
                                    "ticket": f"T{n}", **more}) + "\n")


def http():
    """One worker against the least that the library does, in turn, so that both meet the same machine."""
    with record_folder() as folder:
        db = os.path.join(folder, "bench.db")
        with sqlite3.connect(db) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE t (k INTEGER PRIMARY KEY, v INTEGER)")
            made.executemany("INSERT INTO t VALUES (?, ?)", ((i, i * 7) for i in range(1000)))
        made.close()
        with subprocess.Popen([f"{BENCH}/bench_http", "bare", db], stdout=subprocess.PIPE, text=True) as bare, \
                subprocess.Popen([f"{BUILD}/stand", "127.0.0.1:0", "--db", db, "--folder", folder], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True) as stand:
            try:
                bare_port = bare.stdout.readline().strip()
                port = stand.stdout.readline().strip().rpartition(":")[2]
                worker = worker_of(stand)
                parts = [("bare libmicrohttpd, one read and 5 kB", bare_port, bare.pid, "/"), ("the same page by a worker", port, worker, "/page"),
                         ("JSON of a few fields by a worker", port, worker, "/echo"), ("/-/live", port, worker, "/-/live")]
                rounds = [[loaded(*part) for part in parts] for _ in range(3)]
                kib = resident_kib(worker)
                if asked("PAGES", 1):
                    pages(bare_port, bare.pid)
                    many_tickets(bare_port, bare.pid)
            finally:
                bare.terminate()
                stand.terminate()
    best = [min((r[i] for r in rounds), key=lambda x: x["cpu"]) for i in range(len(parts))]
    table("The server, one worker, 64 connections on loopback: the best of three rounds",
          ["", "requests a second", "p50, ms", "p99, ms", "processor, microseconds each", "of the bare one's"],
          [[b["name"], f"{b['rate']:.0f}", f"{b['p50'] / 1000:.2f}", f"{b['p99'] / 1000:.2f}", f"{b['cpu']:.1f}", f"{best[0]['cpu'] / b['cpu']:.2f}"] for b in best])
    figure("http_bare_per_second", f"{best[0]['rate']:.0f}")
    figure("http_page_per_second", f"{best[1]['rate']:.0f}")
    figure("http_page_to_bare", f"{best[0]['cpu'] / best[1]['cpu']:.2f}")
    figure("http_page_p99_ms", f"{best[1]['p99'] / 1000:.2f}")
    figure("http_worker_kib", kib)
    if asked("PAGES", 1):
        bulk()


def bare_page(folder):
    """The least that a page of 5 kB takes: libmicrohttpd, one read, no files beside it."""
    db = os.path.join(folder, "bare.db")
    with sqlite3.connect(db) as made:
        made.execute("CREATE TABLE t (k INTEGER PRIMARY KEY, v INTEGER)")
        made.executemany("INSERT INTO t VALUES (?, ?)", ((i, i * 7) for i in range(1000)))
    made.close()
    bare = subprocess.Popen([f"{BENCH}/bench_http", "bare", db], stdout=subprocess.PIPE, text=True)
    return bare, bare.stdout.readline().strip()


def paint():
    """First Contentful Paint of pages of the demo in Debian's Chromium on loopback, nothing cached, beside a bare page in the same run."""
    loads = asked("LOADS", 20)
    with record_folder() as folder:
        bare, bare_port = bare_page(folder)
        server, _, port, person = demo_site(folder)
        site = f"http://127.0.0.1:{port}"
        try:
            ticket = re.search(r'href="(/c/NW-1/tickets/T-[^"]+)"', person.get("/c/NW-1/tickets")).group(1)
            month = re.search(r'href="(/c/NW-1/statement/[0-9-]+)"', person.get("/c/NW-1")).group(1)
            parts = [("bare page of 5 kB", f"http://127.0.0.1:{bare_port}/"), ("contract", f"{site}/c/NW-1"), ("ticket", f"{site}{ticket}"),
                     ("list of tickets", f"{site}/c/NW-1/tickets"), ("statement", f"{site}{month}")]
            cookies = [{"name": k, "value": v, "url": site} for k, v in person.cookies.items()]
            wish = {"runs": loads, "cookies": cookies, "pages": [{"name": name, "url": url} for name, url in parts]}
            got = run("node", "tests/browser/paint.mjs", input=json.dumps(wish))
            weights = [5.0] + [len(person.get(url[len(site):]).encode()) / 1000 for _, url in parts[1:]]
        finally:
            for process in (bare, server):
                process.terminate()
                process.wait(60)
    rows = [line.split() for line in got.splitlines()]
    for way, words in [("first", "nothing cached, from an empty tab"), ("next", "from a page of the same site")]:
        paint_table(f"First Contentful Paint in Chromium on loopback, {loads} loads each, {words}, milliseconds", way, parts, weights,
                    [[r[0], float(r[2]), float(r[3])] for r in rows if r[1] == way], loads)


def paint_table(title, way, parts, weights, rows, loads):
    times = {name: [r[1] for r in rows if r[0] == name.replace(" ", "_")] for name, _ in parts}
    bytes_at = {name: statistics.median(r[2] for r in rows if r[0] == name.replace(" ", "_")) for name, _ in parts}
    if any(len(v) != loads for v in times.values()):
        sys.exit(f"paint: {loads} loads of each were asked for: {rows}")
    base = statistics.median(times[parts[0][0]])
    table(title, ["", "median", "max", "of the bare one's", "first byte, median", "kB"],
          [[name, f"{statistics.median(v):.0f}", f"{max(v):.0f}", f"{statistics.median(v) / base:.2f}", f"{bytes_at[name]:.0f}", f"{w:.1f}"]
           for (name, v), w in zip(times.items(), weights)])
    for name, v in times.items():
        key = f"paint_{way}_{'_'.join(name.split())}"
        figure(f"{key}_ms", f"{statistics.median(v):.0f}")
        figure(f"{key}_max_ms", f"{max(v):.0f}")
        figure(f"{key}_to_bare", f"{statistics.median(v) / base:.2f}")


BENCHES = {"deadlines": deadlines, "month": month, "clocks": clocks, "growth": growth, "start": start,
           "import": bench_import, "verify": bench_verify, "backtest": bench_backtest, "paper": paper, "invoices": invoices, "rating": rating, "http": http, "paint": paint}


def main():
    names = sys.argv[1:] or list(BENCHES)
    for name in names:
        if name not in BENCHES:
            sys.exit(f"no bench '{name}'; there are: {', '.join(BENCHES)}")
        BENCHES[name]()
    print()
    for key, value in figures:
        print(key, value)


if __name__ == "__main__":
    main()
