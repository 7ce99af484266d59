#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Pages that are kept up to date: what a stream says and to whom (trust.md V7), that a session which ended hears no more, that listening keeps no
session alive (S2), how many there may be (X5) while pages are answered, and that a server ends and is replaced with streams open.
"""

import base64
import gzip
import hashlib
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from api_bed import PATIENCE, Bed
from nginx_bed import NAME, NGINX, configuration
from program import SANITIZED, done, note, ok, skip, workers_of
from site_bed import Person, Site
from wire import free_port

STREAMS, OF_ONE = 2000, 4  # of all sessions, of one (S16)
HEARTBEAT_S = 15


class Stream:
    """A browser that listens; what came of it so far is in `text`."""

    def __init__(self, who, path="/live/events", *fields, through=None):
        host, port = who.site.host.split(":")
        port = through or port
        self.sock = socket.create_connection((host, int(port)), timeout=PATIENCE)
        cookie = "; ".join(f"{k}={v}" for k, v in who.cookies.items())
        lines = [f"GET {path} HTTP/1.1", f"Host: {who.site.host}", "Accept: text/event-stream", "Sec-Fetch-Site: same-origin", f"Cookie: {cookie}", *fields]
        self.sock.sendall("".join(f"{line}\r\n" for line in lines).encode() + b"\r\n")
        self.text, self.ended = "", False

    def read(self, until=None, seconds=PATIENCE):
        """What comes until the pattern is in it, the stream ends, or the time is over."""
        end = time.monotonic() + seconds
        while not self.ended and not (until and re.search(until, self.text)) and time.monotonic() < end:
            self.sock.settimeout(max(0.01, end - time.monotonic()))
            try:
                piece = self.sock.recv(65536)
            except TimeoutError:
                break
            except ConnectionError:
                piece = b""
            self.ended = piece == b""
            self.text += piece.decode("latin-1")
        return self.text

    def events(self):
        return re.findall(r"event: grew\ndata: (\{.*\})\n", self.text)

    def close(self):
        self.sock.close()


def tell(bed, contract, ticket):
    bed.must("fact", "add", "ticket.message", "--contract", contract, f"ticket={ticket}", "author=human", "words=a word that nobody else may hear",
             "visibility=public", "--as", "desk")


def ticket(bed, contract, name):
    bed.must("fact", "add", "ticket.logged", "--contract", contract, f"ticket={name}", "priority=P3", "service=helpdesk", "channel=phone", "via=person",
             "--as", "desk")


def who_hears(bed, desk, lead, other):
    pages = [desk.get("/")[2], lead.get("/c/NW-2026/tickets")[2]]
    sources = [re.search(rb'data-live="([^"]*)"', p).group(1).decode().replace("&amp;", "&") for p in pages]
    ok(sources[0].startswith("/live/events?since=") and sources[1].endswith("&contract=NW-2026"), "a page says where it hears that something is new", *sources)
    all_of, theirs, foreign = Stream(desk, sources[0]), Stream(lead, sources[1]), Stream(other)
    for s in (all_of, theirs, foreign):
        s.read(r"retry: 3000\n\n")
    ok(all("200 OK" in s.text and "text/event-stream" in s.text and "no-store" in s.text for s in (all_of, theirs, foreign)), "and it is told there",
       all_of.text)
    tell(bed, "NW-2026", "T-900")
    ok('{"contract":"NW-2026"}' in all_of.read("event: grew") and '{"contract":"NW-2026"}' in theirs.read("event: grew"), "both sides hear that a record grew",
       all_of.text, theirs.text)
    ticket(bed, "HS-2026", "T-901")
    foreign.read("event: grew")
    bed.must("ticket", "note", "T-900", "--contract", "NW-2026", "--words", "an internal word", "--as", "desk")
    all_of.read(r"(?s)HS-2026.*data: \{\}")
    theirs.read(None, 2.5)
    ok(foreign.events() == ['{"contract":"HS-2026"}'], "another client hears of its own alone", foreign.text)
    ok(set(theirs.events()) == {'{"contract":"NW-2026"}'}, "and of a note inside only the provider", theirs.text)
    ok('{"contract":"HS-2026"}' in all_of.events() and "{}" in all_of.events(), "who sees all hears all", all_of.text)
    body = re.sub(r"[0-9A-F]+\r\n|\r\n", "", all_of.text.partition("\r\n\r\n")[2])
    ok(re.fullmatch(r'(retry: 3000\n\n|id: \d+\n\n|id: \d+\nevent: grew\ndata: \{("contract":"[A-Z0-9-]+")?\}\n\n)+', body), "no word more is in it", body)
    for s in (all_of, theirs, foreign):
        s.close()


def comes_back(bed, desk):
    """Between a page and its stream, or while a browser was away, nothing is missed."""
    before = int(time.time() * 1000)
    tell(bed, "NW-2026", "T-900")
    for name, s in {"the page's time": Stream(desk, f"/live/events?since={before}"), "Last-Event-ID": Stream(desk, "/live/events", f"Last-Event-ID: {before}")}.items():
        ok("NW-2026" in s.read("event: grew", 5), f"what grew since {name} is told at once", s.text)
        s.close()


def refusals(bed, site, desk, lead):
    unknown, foreign = (lead.get(f"/live/events?contract={c}") for c in ("XX-2026", "HS-2026"))
    page = [re.sub(rb"[0-9a-z]{16}|XX-2026|HS-2026", b"_", a[2]) for a in (unknown, foreign)]
    ok(unknown[0] == foreign[0] == 404 and page[0] == page[1], "another client's contract is answered like none")
    ok(desk.get("/live/events?contract=XX-2026")[0] == 404, "also to the provider")
    ok(Person(site, "nobody").get("/live/events")[0] == 303, "nobody hears nothing")
    rosa = Person(site, "rosa").sign_in()
    ok(rosa.get("/live/events")[0] == 403 and b'data-live=""' in rosa.get("/")[2], "who sees tickets of its own alone is not told of others'")
    status, head, body = desk.ask("HEAD", "/live/events")
    ok(status == 200 and head["content-type"] == "text/event-stream" and not body, "HEAD does not stay open")


def again(bed, desk, nora):
    """A page that is asked for again within a second may be the one that was made; what changed meanwhile, rights above all, makes it anew."""
    path = "/c/NW-2026/tickets"
    first, second = desk.get(path), desk.get(path)
    ok(first[0] == second[0] == 200 and first[2] == second[2], "the same page twice at once")
    ok(nora.get(path)[2] != second[2] and b">nora<" in nora.get(path)[2], "another person's is another's")
    ok(b"T-NEW" not in desk.get(path)[2], "it is as it was")
    ticket(bed, "NW-2026", "T-NEW")
    ok(b"T-NEW" in desk.get(path)[2] and b"T-NEW" in nora.get(path)[2], "until something is recorded, which is there at once")
    ok(desk.get(path + "?state=closed")[2] != desk.get(path)[2], "other words ask for another page")
    ids = {re.search(rb'name="id" value="([^"]+)"', desk.get(path + "/new")[2]).group(1) for _ in range(3)}
    ok(len(ids) == 3, "a form has its own id each time")
    old = dict(nora.cookies)
    ok(nora.get(path)[0] == 200, "a page just before the end of a session")
    form = re.search(rb'name="form" value="([^"]+)"', nora.get(path)[2]).group(1).decode()
    ok(nora.ask("POST", "/sign-out", {"form": form})[0] == 303, "which ends")
    nora.cookies = old
    status, head, _ = nora.get(path)
    ok(status == 303 and "/sign-in" in head["location"], "is not given a moment after it", status)


def given_compressed(bed, lead):
    """What is given again is compressed once, and whoever takes it slowly gets it to its end, whatever is forgotten meanwhile."""
    path = "/c/NW-2026/statement/2026-03?format=json"
    zipped = [lead.ask("GET", path, takes="gzip") for _ in range(3)]
    whole = lead.get(path)
    ok(all(status == 200 and head.get("content-encoding") == "gzip" and gzip.decompress(body) == whole[2] for status, head, body in zipped)
       and "content-encoding" not in whole[1] and len(zipped[2][2]) < len(whole[2]) / 2, "an answer given again is compressed for whoever takes it so",
       [a[:2] for a in zipped])
    ok(all(a[1]["vary"] == "Accept-Encoding" and int(a[1]["content-length"]) == len(a[2]) for a in [*zipped, whole]), "each with its own length")
    ok("content-encoding" not in lead.ask("GET", path, takes="gzip;q=0")[1], "not for who does not")
    form = [lead.ask("GET", "/c/NW-2026/tickets", takes="gzip") for _ in range(2)]
    ok(all(b"<form" in a[2] and "content-encoding" not in a[1] for a in form), "a page with a form never is, given again or not")
    slow = Slow(lead, path)
    first = slow.take(200)
    ticket(bed, "NW-2026", "T-SLOW")
    for i in range(80):
        lead.get(f"/c/NW-2026/tickets?q={i}")
    text = first + slow.take(None)
    ok(text.startswith(b"HTTP/1.1 200") and text.partition(b"\r\n\r\n")[2] == whole[2], "a slow reader gets what it was given", len(text), len(whole[2]))


class Slow:
    """A page asked for twice at once, by a reader whose window is small: the second time it is given as it was made."""

    def __init__(self, person, path):
        host, _, port = person.site.host.partition(":")
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.sock.settimeout(PATIENCE)
        self.sock.connect((host, int(port)))
        cookies = "; ".join(f"{k}={v}" for k, v in person.cookies.items())
        head = f"GET {path} HTTP/1.1\r\nHost: {person.site.host}\r\nCookie: {cookies}\r\n"
        self.sock.sendall((head + "\r\n").encode())
        self.answer()
        self.sock.sendall((head + "\r\n").encode())

    def answer(self):
        """The first one, whole."""
        text = b""
        while b"\r\n\r\n" not in text:
            text += self.sock.recv(4096)
        head, _, body = text.partition(b"\r\n\r\n")
        left = int(re.search(rb"(?i)content-length: (\d+)", head).group(1)) - len(body)
        while left > 0:
            left -= len(self.sock.recv(min(left, 4096)))

    def take(self, n):
        """n bytes; None: all of the answer, until there is nothing more for a second."""
        text = b""
        self.sock.settimeout(1 if n is None else PATIENCE)
        while n is None or len(text) < n:
            try:
                got = self.sock.recv(4096 if n is None else n - len(text))
            except TimeoutError:
                break
            if not got:
                break
            text += got
        return text


def revoked(bed, desk, lead):
    stays, ends = Stream(desk), Stream(lead)
    began = time.monotonic()
    ends.read("retry")
    bed.must("user", "disable", "ana", "--as", "nora")
    ends.read(None, HEARTBEAT_S + 10)
    ok(ends.ended and time.monotonic() - began < HEARTBEAT_S + 8, f"the stream of a person who was ended ends after {time.monotonic() - began:.0f} s", ends.text)
    ok("id: " in stays.read(r"id: \d+\n\n", 5) and not stays.ended, "another's goes on, with a heartbeat", stays.text)
    stays.close()


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def workers(site):
    return workers_of(site.process.pid)


def behind_nginx(bed, folder, desk):
    """As contrib/nginx.conf has it: nothing is held back, and what a client claims of where it comes from is thrown away."""
    if NGINX is None:
        skip("streams behind nginx", "nginx is not installed")
        return
    ports = {"plain": free_port(), "tls": free_port()}
    conf = configuration(folder, ports, desk.site.host.split(":")[1])
    with open(conf, encoding="utf-8") as f:
        text = f.read().replace(NAME, "127.0.0.1").replace("$host", desk.site.host)
    with open(conf, "w", encoding="utf-8") as f:
        f.write(text)
    with open(os.path.join(folder, "nginx-errors"), "wb") as errors:
        proxy = subprocess.Popen([NGINX, "-p", folder, "-c", conf], stderr=errors)
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                s = Stream(desk, "/live/events", "Forwarded: for=6.6.6.6", "X-Forwarded-Proto: gopher", through=ports["tls"])
                break
            except OSError:
                time.sleep(0.05)
        ok("200 OK" in s.read("retry: 3000"), "a stream begins at once behind nginx", s.text)
        began = time.monotonic()
        tell(bed, "NW-2026", "T-900")
        s.read("event: grew", 10)
        ok(s.events() and time.monotonic() - began < 5, f"and says what grew when it grew, after {time.monotonic() - began:.1f} s", s.text)
        s.close()
    finally:
        proxy.send_signal(signal.SIGTERM)
        proxy.wait(20)


def signed_in(bed, site, handle, n):
    """The same person with n browsers: as many sessions, put into the workspace as signing in would."""
    now, people = int(time.time() * 1000), []
    db = sqlite3.connect(bed.workspace, timeout=PATIENCE)
    with db:
        person = db.execute("SELECT id FROM person WHERE handle = ?", (handle,)).fetchone()[0]
        for _ in range(n):
            raw, there = os.urandom(32), Person(site, handle)
            db.execute("INSERT INTO session VALUES (?, ?, 0, 'Firefox, Linux', ?, ?, 1800000, ?, NULL)", (hashlib.sha256(raw).digest(), person, now, now, now + 43200000))
            there.cookies["tenor-dev"] = base64.urlsafe_b64encode(raw).decode().rstrip("=")
            people.append(there)
    db.close()
    return people


def refused(who):
    one = Stream(who)
    ok(" 503 " in one.read("\r\n\r\n") and "Retry-After: 60" in one.text, "one more is refused", one.text)
    one.close()


def many(bed, site, desk):
    """So many as may be of one session and of all, and one more."""
    desk.get("/")
    pid, = workers(site)
    before = resident(pid)
    browsers = signed_in(bed, site, "desk", STREAMS // OF_ONE)
    streams = [Stream(browsers[0]) for _ in range(OF_ONE)]
    for s in streams:
        s.read("retry: 3000")
    ok(all("200 OK" in s.text for s in streams), f"{OF_ONE} streams of one session are open")
    refused(browsers[0])
    streams += [Stream(browsers[i // OF_ONE]) for i in range(OF_ONE, STREAMS)]
    for s in streams:
        s.read("retry: 3000")
    ok(all("200 OK" in s.text for s in streams), f"{STREAMS} streams are open")
    refused(desk)
    times = []
    for _ in range(20):
        began = time.monotonic()
        status, _, _ = desk.get("/c/NW-2026/tickets")
        times.append((time.monotonic() - began) * 1000)
        if status != 200:
            break
    ok(status == 200, "pages are answered meanwhile")
    tell(bed, "NW-2026", "T-900")
    began = time.monotonic()
    for s in streams:
        s.read("event: grew")
    ok(all(s.events() for s in streams), f"all are told within {time.monotonic() - began:.1f} s")
    after = resident(pid)
    note(f"{STREAMS} streams: {(after - before) / 1024:.0f} MiB more, {(after - before) / STREAMS:.1f} KiB each; a page takes {sorted(times)[10]:.0f} ms meanwhile")
    if not SANITIZED:
        ok((after - before) / STREAMS < 160, "at most 160 KiB of memory each", after - before)
    streams.pop().close()
    end = time.monotonic() + 10
    while " 503 " in (again := Stream(browsers[-1])).read("\r\n\r\n") and time.monotonic() < end:
        again.close()
        time.sleep(0.2)
    ok("200 OK" in again.text, "where one ended, another may begin", again.text)
    return [*streams, again]


def ends(site, streams):
    began = time.monotonic()
    old = workers(site)
    site.process.send_signal(signal.SIGHUP)
    for s in streams:
        s.read(None)
    ok(all(s.ended and s.text.endswith("0\r\n\r\n") for s in streams), f"a worker that is replaced ends its streams in order, after {time.monotonic() - began:.1f} s")
    while workers(site) == old and time.monotonic() < began + PATIENCE:
        time.sleep(0.1)


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    with tempfile.TemporaryDirectory(prefix="tenor-live-") as folder, Bed(folder, start=False) as bed:
        ticket(bed, "NW-2026", "T-900")
        bed.must("user", "add", "rosa", "--role", "requester", "--contract", "NW-2026", "--as", "nora")
        site = Site(bed, workers=1)
        try:
            desk, lead, other = (Person(site, who).sign_in() for who in ("desk", "ana", "hal"))
            who_hears(bed, desk, lead, other)
            comes_back(bed, desk)
            refusals(bed, site, desk, lead)
            again(bed, desk, Person(site, "nora").sign_in())
            given_compressed(bed, lead)
            revoked(bed, desk, lead)
            behind_nginx(bed, folder, desk)
            site.stop()
            site = Site(bed, workers=1)
            desk.move(site)
            ends(site, many(bed, site, desk))
            last = Stream(desk)
            last.read("retry")
        finally:
            site.stop()
        ok(last.read(None) and last.ended and site.process.returncode == 0, "and the server ends with one open", site.process.returncode)
        with open(os.path.join(folder, "site-log"), encoding="utf-8") as f:
            log = f.read()
        ok("worker_died" not in log and "nobody else may hear" not in log, "no worker died of it", log[-800:])
    done()


if __name__ == "__main__":
    sys.exit(main())
