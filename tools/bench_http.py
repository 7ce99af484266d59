# SPDX-License-Identifier: Apache-2.0
"""The benches of the server: requests a second beside the least that its library does, facts in bulk, and when a page is first seen."""

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
import time
import urllib.parse
from http import client as http_client

from bench_parts import BENCH, BUILD, TENOR, Workspace, asked, figure, pairs, record_folder, run, table, tickets_asked

GZIP = "Accept-Encoding: gzip"


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
                     ("statement as JSON", f"{month}?format=json"), ("the same, gzip taken", f"{month}?format=json", GZIP)]
            rounds = [[loaded("bare", bare_port, bare, "/")] + [loaded(name, port, worker, path, cookie, *more) for name, path, *more in parts] for _ in range(3)]
            anew = [min(once_ms(browser, path, i) for i in range(10)) for _, path, *_ in parts]
            weights = [weight(port, path, cookie, *more) for _, path, *more in parts]
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
        key = "_".join(b["name"].lower().replace(",", "").split())
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


def first_ms(port, target, *fields):
    """How long the first answer takes, in the words that the load will ask in, so that the load finds it made."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", int(port)), timeout=120) as s:
        s.sendall("".join(f"{line}\r\n" for line in [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", *fields, ""]).encode())
        head = s.recv(64)
    if not head.startswith(b"HTTP/1.1 200"):
        sys.exit(f"{target}: {head!r}")
    return (time.monotonic() - began) * 1000


def weight(port, target, *fields):
    """Bytes of an answer's body, as sent."""
    connection = http_client.HTTPConnection("127.0.0.1", int(port), timeout=120)
    connection.request("GET", target, headers=dict(f.split(": ", 1) for f in fields))
    n = len(connection.getresponse().read())
    connection.close()
    return n


def worked_out_by_the_keeper(port, worker, cookie, bare_port, bare, month):
    """Pages of the large contract that are worked out from its whole record (docs/decisions/0021)."""
    rows = []
    told = f"/c/NW-1/statement/{month}"
    for name, path, *more in [("contract", "/c/NW-1"), ("today", "/"), ("deadlines", "/c/NW-1/deadlines"), ("statement", told),
                              ("statement as JSON", f"{told}?format=json"), ("the same, gzip taken", f"{told}?format=json", GZIP),
                              ("1,000 cases of it", f"{told}?format=json&limit=1000"), ("the same 1,000, gzip taken", f"{told}?format=json&limit=1000", GZIP)]:
        key = "_".join(name.lower().replace(",", "").split())
        made = first_ms(port, path, cookie, *more)
        base = loaded("bare", bare_port, bare, "/")
        first_ms(port, path, cookie, *more)
        got = loaded(name, port, worker, path, cookie, *more)
        rows.append([name, f"{made:.0f}", f"{got['rate']:.0f}", f"{got['rate'] / base['rate']:.2f}", f"{got['p99'] / 1000:.1f}",
                     f"{weight(port, path, cookie, *more) / 1000:.1f}"])
        figure(f"http_many_{key}_to_bare", f"{got['rate'] / base['rate']:.2f}")
        figure(f"http_many_{key}_made_ms", f"{made:.0f}")
    table("The same workspace: what is worked out from the whole record, by the keeper, and given again while nothing is recorded",
          ["", "made, ms", "requests a second after that", "of the bare one's", "p99, ms", "kB"], rows)


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
