#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench [NAME...]: run the benches, print a table each, then one `key value` line a figure, for scripts to read.
Every figure that has a limit is a ratio to a baseline of the same run. Names: deadlines, month, clocks, growth, start."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BENCH = "build/release/bench"
TENOR = "build/release/tenor"
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


BENCHES = {"deadlines": deadlines, "month": month, "clocks": clocks, "growth": growth, "start": start}


def main():
    names = sys.argv[1:] or list(BENCHES)
    for name in names:
        if name not in BENCHES:
            sys.exit(f"no bench '{name}'; there are: {', '.join(BENCHES)}")
        BENCHES[name]()
    print()
    for key, value in figures:
        print(key, value)


main()
