#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Sign-ins that wait their turn (trust.md S5): two hash at a time on a host, 20 wait in order, for more it is 429; others are served meanwhile; no place
is lost by clients that leave, workers that die or servers that end. First on the stand, where a hash takes as long as is said, then on the real server.
"""

import os
import re
import signal
import sys
import tempfile
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
from program import done, ok, workers_of
from wire import PATIENCE, Server, read_answer

HASHES, PARKED = 2, 20
LONG = 9000  # longer than a test needs to look at it


def send(s, ms, n=1):
    """n requests that hash for ms, sent one after the other; their connections."""
    out = []
    for _ in range(n):
        sock = s.connect()
        sock.sendall(f"POST /hash?ms={ms} HTTP/1.1\r\nHost: {s.name}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx".encode())
        out.append(sock)
    return out


def places(s):
    """A worker may take a connection just before it hashes for long: then another one is asked."""
    for _ in range(40):
        try:
            return s.raw(f"GET /places HTTP/1.1\r\nHost: {s.name}\r\nConnection: close\r\n\r\n".encode(), 1).json()
        except (TimeoutError, ValueError, OSError):
            time.sleep(0.05)
    raise RuntimeError("nobody answers")


def fill(s, ms):
    """The two hash, each in a worker of its own, and 20 wait in the one that is left."""
    at_work = send(s, ms)
    ok(s.until(lambda: places(s)["busy"] == 1), "one hashes")
    at_work += send(s, ms)
    ok(s.until(lambda: places(s)["busy"] == 2), "another one in another worker")
    return at_work, wait(s, PARKED)


def wait(s, n, ms=1):
    """Each has been taken before the next is sent: so the order is known."""
    out = []
    for _ in range(n):
        out += send(s, ms)
        places(s)
    return out


def refused(s):
    with send(s, 1)[0] as sock:
        sock.settimeout(2)
        try:
            got = read_answer(sock)
        except TimeoutError:
            return None
        return got if got.status == 429 else None


def order():
    with Server("--workers", "3") as s:
        at_work, waiting = fill(s, LONG)
        more = [refused(s) for _ in range(18)]
        ok(all(more), "of 40 at once, 18 are refused with 429", *[m for m in more if not m][:2])
        ok(places(s)["order"] == HASHES, "others are answered while they wait")
        got = [read_answer(sock) for sock in at_work + waiting]
        ok([g.status for g in got] == [200] * (HASHES + PARKED), "the others all have their turn", *got[:2])
        turns = [g.json()["order"] for g in got[HASHES:]]
        ok(turns == list(range(HASHES + 1, HASHES + PARKED + 1)), "each once, in the order in which they came", turns)
        ok(places(s)["most"] == HASHES, "never more than two at a time", places(s))


def leaving():
    with Server("--workers", "3") as s:
        at_work, waiting = fill(s, LONG)
        ok(refused(s) is not None, "all places are taken")
        for sock in waiting[3:8]:
            sock.close()
        time.sleep(0.5)
        again = wait(s, 5)
        ok(refused(s) is not None, "who leaves makes room for as many, and no more")
        kept = waiting[:3] + waiting[8:] + again
        for sock in kept:
            sock.settimeout(0.01)
            try:
                ok(sock.recv(1) is None, "who waits hears nothing yet")
            except TimeoutError:
                pass
            sock.settimeout(PATIENCE)
        got = [read_answer(sock) for sock in at_work + kept]
        ok([g.status for g in got] == [200] * len(got), "all that stayed are answered", [g.status for g in got])
        ok(places(s)["order"] == HASHES + PARKED, "and nothing is hashed for who left", places(s))


def deaths():
    with Server("--workers", "3") as s:
        at_work, waiting = fill(s, 60000)
        idle = places(s)["pid"]
        os.kill(idle, signal.SIGKILL)
        ok(s.until(lambda: len(s.events("worker_started")) == 4), "the worker where they wait is killed")
        ok(all(read_answer(sock).status == 0 for sock in waiting), "they are lost with it")
        waiting = wait(s, PARKED)
        ok(refused(s) is not None, "their places are not: 20 wait again")
        idle = places(s)["pid"]
        for pid in s.workers():
            if pid != idle:
                os.kill(pid, signal.SIGKILL)
        got = [read_answer(sock) for sock in waiting]
        ok([g.status for g in got] == [200] * PARKED, "the two that hash are killed: those that wait go on", [g.status for g in got])
        for _ in range(10):
            for pid in s.workers():
                os.kill(pid, signal.SIGKILL)
            s.until(lambda: len(s.workers()) == 3 and places(s) is not None)
        at_work, waiting = fill(s, LONG)
        ok(refused(s) is not None and all(read_answer(sock).status == 200 for sock in at_work + waiting), "after thirty deaths there are as many places as ever")


def others():
    """One worker: whatever waits, each hash is followed by a round for the others."""
    with Server("--workers", "1") as s:
        hashing, served, stop = send(s, 100, 12), [0], threading.Event()

        def asker():
            with s.connect() as sock:
                while not stop.is_set():
                    sock.sendall(f"GET /echo HTTP/1.1\r\nHost: {s.name}\r\n\r\n".encode())
                    if read_answer(sock).status != 200:
                        return
                    served[0] += 1

        thread = threading.Thread(target=asker)
        thread.start()
        got = [read_answer(sock) for sock in hashing]
        during = served[0]
        stop.set()
        thread.join(PATIENCE)
        ok([g.status for g in got] == [200] * 12, "twelve are hashed one by one", [g.status for g in got])
        ok(during >= 11, "and between any two somebody else is served", during)


def draining():
    with Server("--workers", "1") as s:
        sockets = send(s, 200, 8)
        time.sleep(0.5)
        s.process.send_signal(signal.SIGTERM)
        got = [read_answer(sock).status for sock in sockets]
        ok(got == [200] * 8, "who waits when the server is to end is answered still", got)
        ok(s.process.wait(PATIENCE) == 0, "and the server ends")
    with Server("--workers", "1") as s:
        sockets = send(s, 1000, 10)
        time.sleep(1.5)
        began = time.monotonic()
        s.process.send_signal(signal.SIGTERM)
        got = [read_answer(sock).status for sock in sockets]
        ok(set(got) == {200, 429}, "who would wait too long is refused", got)
        ok(s.process.wait(PATIENCE) == 0 and time.monotonic() - began < 20, "and the server ends all the same")


# --- the real server ---


def sign_ins(site, forms):
    """All of them lie in the workers' queue at once: the workers are stopped until the last one is sent."""
    sockets = []
    children = site.children()
    for pid in children:
        os.kill(pid, signal.SIGSTOP)
    try:
        for cookie, fields in forms:
            body = urllib.parse.urlencode(fields)
            sock = site.connect()
            sock.sendall((f"POST /sign-in HTTP/1.1\r\nHost: {site.host}\r\nOrigin: http://{site.host}\r\nCookie: {cookie}\r\nConnection: close\r\n"
                          f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
            sockets.append(sock)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGCONT)
    return [read_answer(sock) for sock in sockets]


def real():
    from api_bed import Bed
    from site_bed import Person, Site

    class Bursting(Site):
        def children(self):
            return workers_of(self.process.pid)

        def connect(self):
            import socket
            host, _, port = self.host.partition(":")
            return socket.create_connection((host, int(port)), PATIENCE)

    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(folder, start=False)
        site = Bursting(bed)
        try:
            person = Person(site, "ana")
            _, _, page = person.get("/sign-in")
            form = re.search(rb'name="form" value="([^"]+)"', page).group(1).decode()
            cookie = "; ".join(f"{k}={v}" for k, v in person.cookies.items())
            # names that there are and names that there are not, each less often than its own rate
            names = [("ana", "nora", "hal", "desk")[i % 4] if i % 2 else f"nobody-{i}" for i in range(40)]
            got = sign_ins(site, [(cookie, {"form": form, "handle": name, "password": "wrong wrong wrong " + name}) for name in names])
            counts = {status: sum(g.status == status for g in got) for status in (422, 429)}
            ok(sum(counts.values()) == 40 and counts[422] >= HASHES + PARKED, "of 40 sign-ins at once at least 22 are looked at", counts)
            ok(counts[429] > 0, "and the others are told to come again", counts)
            over = [g for g in got if g.status == 429]
            ok(all(g.fields.get("retry-after") == "2" and g.fields["content-type"].startswith("text/html") and b"<h1" in g.body for g in over),
               "on a page, with the time after which", *over[:1])
            known = {g.status for g, name in zip(got, names) if not name.startswith("nobody")}
            ok(known == {422, 429} and known == {g.status for g, name in zip(got, names) if name.startswith("nobody")},
               "whether there is such an account or not", known)
            # each was counted once against its rates, though it was handled twice: 50 of one address, of which ten are left
            late = sign_ins(site, [(cookie, {"form": form, "handle": f"late-{i}", "password": "wrong"}) for i in range(8)])
            ok([g.status for g in late] == [422] * 8, "a request that waited counts once", [g.status for g in late])
        finally:
            site.stop()
        ok(site.process.returncode == 0, "the server ends in order", site.process.returncode)


order()
leaving()
deaths()
others()
draining()
real()
done()
