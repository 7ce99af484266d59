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

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from bench_http import http, paint
from bench_parts import BENCH, MEASURE, SHARED, TENOR, Workspace, asked, figure, figures, least, measured_run, pairs, record_folder, run, table, tickets_asked


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
