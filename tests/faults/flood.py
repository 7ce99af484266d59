#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bounded resources (trust.md R15, X5, S16) on the real server: 2,000 connections that trickle, floods of requests without a token and of
sign-ins, bombs (JSON nested deep, a body larger than may be, heads too long, half a head and then nothing), all at once. Meanwhile a client
with a token reads: it is always answered, and no process of the server grows beyond 256 MiB. Its slowest answers are told; on a machine
that does nothing else (TENOR_ALONE=1) the slowest of a hundred must come within 500 ms.

  TENOR           the program
  TENOR_SECONDS   how long (default 60)"""

import http.client
import json
import os
import shutil
import socket
import sys
import threading
import time

from bed import CONTRACT, SEED, doctor, fresh, judged, workplace
from program import done, note
from served import FACTS, Server, ask, prepare

SECONDS = int(os.environ.get("TENOR_SECONDS") or 60)
SLOW = 2000
TOKENS = 12
MOST_KIB = 256 << 10
READS = [f"/api/v1/contracts/{CONTRACT}/tickets", "/api/v1/contracts", f"/api/v1/contracts/{CONTRACT}/statement?month=2026-03"]


class Attack(threading.Thread):
    """Goes on until it is told to stop; a connection that the server ends is opened again."""

    def __init__(self, server, stopped):
        super().__init__(daemon=True)
        self.server, self.stopped, self.counts, self.broken = server, stopped, {}, None

    def run(self):
        try:
            while not self.stopped.is_set():
                self.step()
        except Exception as why:  # an attack that stops has shown nothing
            self.broken = f"{type(self).__name__} stopped: {type(why).__name__}: {why}"

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=5)

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def send(self, data):
        """One connection, one request; the first line of the answer."""
        try:
            with self.connect() as sock:
                sock.sendall(data)
                return sock.recv(64).split(b"\r\n")[0].decode("latin-1")
        except OSError:
            return "cut"


class Trickle(Attack):
    """Heads and bodies that come a byte at a time, and connections that say nothing."""

    STARTS = [b"", b"GET / HTTP/1.1\r\n", b"GET /sign-in HTTP/1.1\r\nHost: x\r\nA: ", None]

    def __init__(self, server, stopped):
        super().__init__(server, stopped)
        self.open, self.most = [], 0

    def step(self):
        self.open = [s for s in self.open if self.push(s)]
        for _ in range(min(200, SLOW - len(self.open))):
            start = self.STARTS[len(self.open) % len(self.STARTS)]
            if start is None:
                start = f"POST {FACTS} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n".encode()
            try:
                sock = self.connect()
                sock.sendall(start)
                sock.setblocking(False)
                self.open.append(sock)
                self.count("opened")
            except OSError:
                self.count("not opened")
        self.most = max(self.most, len(self.open))
        self.stopped.wait(0.5)

    def push(self, sock):
        try:
            if sock.recv(1000) != b"":
                return True
        except BlockingIOError:
            try:
                sock.send(b"x")
                return True
            except OSError:
                pass
        except OSError:
            pass
        sock.close()
        self.count("closed by the server")
        return False


class Flood(Attack):
    def step(self):
        # as fast as one can, but not so that this thread alone takes the machine
        self.count(self.send(f"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nConnection: close\r\n\r\n".encode())[9:12])
        time.sleep(0.001)


class Guess(Attack):
    """API requests with tokens that are none."""

    def step(self):
        token = "tnr_" + "a" * 16 + "_" + "b" * 52
        self.count(self.send(f"GET /api/v1/contracts HTTP/1.1\r\nHost: 127.0.0.1:{self.server.port}\r\nAuthorization: Bearer {token}\r\n"
                             "Connection: close\r\n\r\n".encode())[9:12])
        time.sleep(0.001)


class Bomb(Attack):
    """With a token, so that it is read at all, and without."""

    def __init__(self, server, stopped, token):
        super().__init__(server, stopped)
        self.token, self.turn = token, 0

    def step(self):
        asked = f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
        host = f"Host: 127.0.0.1:{self.server.port}\r\nConnection: close\r\n"
        deep = b"[" * 900000
        long = json.dumps({f"k{i}": "x" * 100 for i in range(8000)}).encode()
        kinds = [
            f"POST {FACTS} HTTP/1.1\r\n{host}{asked}Content-Length: {len(deep)}\r\n\r\n".encode() + deep,
            f"POST {FACTS} HTTP/1.1\r\n{host}{asked}Content-Length: {len(long)}\r\n\r\n".encode() + long,
            f"POST /sign-in HTTP/1.1\r\n{host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000000\r\n\r\n".encode(),
            f"GET / HTTP/1.1\r\n{host}".encode() + b"".join(b"A%d: b\r\n" % i for i in range(3000)) + b"\r\n",
            b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n" + host.encode() + b"\r\n",
        ]
        answer = self.send(kinds[self.turn % len(kinds)])
        self.count(f"{self.turn % len(kinds)}: {answer[9:12] or 'cut'}")
        self.turn += 1
        time.sleep(0.02)


def resident(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            return next((int(line.split()[1]) for line in f if line.startswith("VmRSS")), 0)
    except OSError:
        return 0


def reader(server, tokens, end):
    """Asks twenty times a second; times in ms, what was not answered well, and the largest process."""
    times, bad, most, turn = [], [], 0, 0
    while time.monotonic() < end:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        try:
            status, text = ask(connection, tokens[turn % len(tokens)], READS[turn % len(READS)])
            if status != 200:
                bad.append(f"{READS[turn % len(READS)]} is answered {status} {text[:200]}")
        except (OSError, http.client.HTTPException) as why:
            bad.append(f"{READS[turn % len(READS)]}: {type(why).__name__} {why}")
        finally:
            connection.close()
        times.append((time.monotonic() - began) * 1000)
        turn += 1
        most = max([most, *[resident(p) for p in [server.process.pid, *server.workers()]]])
        time.sleep(max(0, 0.05 - (time.monotonic() - began)))
    return sorted(times), bad, most


def main():
    top = workplace()
    note(f"seed {SEED}, {SECONDS} s")
    folder = fresh(os.path.join(top, "w"))
    tokens = prepare(folder, TOKENS)
    server, stopped = Server(folder), threading.Event()
    pids = server.workers()
    attacks = [*(kind(server, stopped) for kind in (Trickle, Flood, Guess)), Bomb(server, stopped, tokens.pop())]
    for a in attacks:
        a.start()
    time.sleep(1)
    times, bad, most = reader(server, tokens, time.monotonic() + SECONDS)
    stopped.set()
    for a in attacks:
        a.join(30)
    for sock in attacks[0].open:
        sock.close()
    judged(len(times) > SECONDS and not bad, f"{len(times)} requests of a client are answered meanwhile", *bad)
    slow = times[len(times) * 99 // 100]
    note(f"half within {times[len(times) // 2]:.0f} ms, 99 of 100 within {slow:.0f} ms, the slowest {times[-1]:.0f} ms")
    if os.environ.get("TENOR_ALONE"):
        judged(slow < 500, f"99 of 100 within {slow:.0f} ms")
    judged(most < MOST_KIB, f"no process of the server has more than {most >> 10} MiB")
    judged(server.workers() == pids, "no worker died", pids, server.workers(), server.log()[-500:])
    judged(attacks[0].most >= SLOW * 9 // 10, f"{attacks[0].most} slow connections at once")
    for a in attacks:
        judged(a.broken is None and sum(a.counts.values()) > 10, f"{type(a).__name__}: {dict(sorted(a.counts.items()))}", a.broken)
    bombs = attacks[3].counts
    judged(all(k[3:] in ("400", "401", "413", "414", "431", "429", "cut") for k in bombs), "each bomb is refused", bombs)
    status = server.end()
    judged(status == 0, "and the server ends as asked", status, server.log()[-300:])
    found = doctor(folder)
    judged(not found, "doctor finds nothing", found)
    shutil.rmtree(top, ignore_errors=True)
    done()


if __name__ == "__main__":
    sys.exit(main())
