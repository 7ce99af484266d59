#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The sample configurations of nginx and Caddy (contrib) before the server: the list of trust.md H2, column "behind the sample proxy".
"""

import os
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import http_requests
import caddy_bed
import nginx_bed
from caddy_bed import CADDY
from nginx_bed import NAME, NGINX
from program import done, note, ok, skip
from wire import Server, free_port

# 421: a Host that the proxy does not know; 502: a body that ends in the middle of it
REFUSALS = {400, 405, 411, 413, 414, 421, 431, 501, 502, 505}


class Proxy(Server):
    """A proxy in the place of a server, so that it is asked the same way."""

    def __init__(self, folder, command, ports):
        self.plain = ports["plain"]
        self.port, self.host = ports["tls"], "127.0.0.1"
        self.errors = open(os.path.join(folder, "errors"), "wb")
        self.process = subprocess.Popen(command, stdout=self.errors, stderr=self.errors, env={**os.environ, "HOME": folder})
        self.until(self.answers, 20)

    def answers(self):
        try:
            self.connect(1).close()
            return True
        except OSError:
            return False

    @property
    def name(self):
        return NAME


def h2(p, s, made_plain):
    before = len(s.events("request"))
    for name, text, right in http_requests.REFUSED:
        answer = p.raw(http_requests.bytes_of(text, NAME), head_only=text.startswith("HEAD"))
        # some a proxy puts in order before it forwards: what reaches the server is one request with one reading
        fine = answer.status in right | REFUSALS or name in made_plain or b"400 Bad Request" in answer.raw
        ok(fine, f"{name}: refused behind the proxy", answer)
    for name, text in http_requests.HIDDEN:
        answer = p.raw(http_requests.bytes_of(text, NAME))
        ok(answer.status == 400 or (answer.status == 200 and name in made_plain), f"{name}: 400 behind the proxy, or forwarded as the plain request", answer)
    asked = len(http_requests.REFUSED) + len(http_requests.HIDDEN)
    # what was answered is in the log a moment later
    s.until(lambda: len(s.events("request")) - before > asked, 1)
    ok(len(s.events("request")) - before <= asked, "no request came through as two", len(s.events("request")) - before, asked)


def through(p):
    answer = p.raw(f"GET /echo?x=1 HTTP/1.1\r\nHost: {NAME}\r\nX-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\n\r\n".encode())
    ok(answer.status == 200 and answer.json()["address"] == "127.0.0.1" and answer.json()["x"] == "1", "a request comes through, with the address that the proxy saw", answer)
    body = b"a" * 200_000
    answer = p.raw(f"POST /echo HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    ok(answer.status == 200 and answer.json()["body"] == len(body), "so does a body", answer)
    for path, n, right in (("/api/v1/contracts/nw/facts", 30 << 20, 200), ("/api/v1/contracts/nw/payments", 30 << 20, 413)):
        body = (b"x" * 1023 + b"\n") * (n >> 10)
        answer = p.raw(f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {n}\r\n\r\n".encode() + body)
        # a proxy that is still sending when it is told 413 may say 502
        ok((answer.status == right or right == 413 and answer.status == 502) and (right != 200 or answer.json()["body"] == n), f"{n >> 20} MiB to {path}: {right}", answer)
    other = p.raw(b"GET /echo HTTP/1.1\r\nHost: other.example\r\n\r\n")
    ok(other.status == 421, "another host is refused", other)
    p.port, tls = p.plain, p.port
    api, page = p.raw(f"GET /api/v1/x HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()), p.raw(f"GET /echo HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
    p.port = tls
    ok(api.status == 403 and "location" not in api.fields, "without TLS the API is refused, without a redirect", api)
    ok(page.status == 301 and page.fields["location"] == f"https://{NAME}/echo", "a page leads to TLS", page)


def sizes(p, s):
    """The last row of H2 that a client may meet by itself: a head and an address at the limit come through, and one beyond is refused, by whomever."""
    def target(n):
        path = "/echo?x=" + "a" * (n - len("/echo?x="))
        return f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode()

    def head(fields, size=1):
        return (f"GET /echo HTTP/1.1\r\nHost: {NAME}\r\n" + "".join(f"X-{i}: {'a' * size}\r\n" for i in range(fields)) + "\r\n").encode()

    for text, what, right in [(target(8000), "an address of 8,000 bytes", {200}), (target(8191), "of 8,191 bytes", {414}), (target(40_000), "of 40,000 bytes", {400, 414, 431}),
                              (head(12, 1000), "a head of 12,000 bytes", {200}), (head(17, 1000), "of 17,000 bytes", {431}), (head(100, 1000), "of 100,000 bytes", {400, 431}),
                              (head(40), "40 fields", {200}), (head(65), "65 fields", {431}), (head(1000), "1,000 fields", {400, 431})]:
        answer = p.raw(text)
        ok(answer.status in right, f"{what}: {' or '.join(map(str, sorted(right)))}", answer)
    answer = p.raw(f"GET /echo HTTP/1.1\r\nHost: {NAME}\r\n\r\n".encode())
    ok(answer.status == 200 and not s.events("worker_died"), "and the next request is answered by the same workers", answer)


def nginx(folder, ports, upstream):
    return [NGINX, "-p", folder, "-c", nginx_bed.configuration(folder, ports, upstream)]


def caddy(folder, ports, upstream):
    return [CADDY, "run", "--adapter", "caddyfile", "--config", caddy_bed.configuration(folder, ports, upstream)]


def behind(command, made_plain, complaint):
    name = command.__name__
    with tempfile.TemporaryDirectory() as folder, Server("--proxy", "127.0.0.1", "--base-url", f"https://{NAME}", "--workers", "2", port=free_port()) as s:
        ports = {"plain": free_port(), "tls": free_port()}
        p = Proxy(folder, command(folder, ports, s.port), ports)
        try:
            note(f"behind {name}")
            through(p)
            sizes(p, s)
            h2(p, s, made_plain)
        finally:
            p.process.send_signal(signal.SIGTERM)
            p.process.wait(20)
        with open(os.path.join(folder, "errors"), encoding="utf-8", errors="replace") as f:
            wrong = [line for line in f if complaint in line]
        ok(not wrong, f"{name} takes the sample configuration", *wrong)


def main():
    for there, command, made_plain, complaint in ((NGINX, nginx, http_requests.MADE_PLAIN_BY_PROXY, "[emerg]"), (CADDY, caddy, http_requests.MADE_PLAIN_BY_CADDY, 'Error: ')):
        if there is None:
            skip(f"the list behind {command.__name__}", "it is not installed")
        else:
            behind(command, made_plain, complaint)
    done()


main()
