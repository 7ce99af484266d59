#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
R14 (trust.md): known attacks of the web are answered. A list of our own from OWASP ASVS 5.0, levels 1 and 2 (V..), and the API Security Top 10
of 2023 (API..), each with what is asserted, on the real server in seconds. What another test holds in depth is named in its place.
"""

import csv
import ctypes
import io
import json
import os
import re
import socket
import sqlite3
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from browser_bed import Browser, Site, must, run
from http_requests import REFUSED, bytes_of
from wire import read_answer

CONTRACT = "NW-2026"
PASSWORD = "five words nobody else says"
EXAMPLE = os.path.join(ROOT, "contracts", "examples", "northwind.yaml")
EVIL = "<script>alert(1)</script>"
LANDLOCK_CREATE_RULESET = 444  # the number of the call, the same on every machine


def is_plain(text):
    """No word of what lies beneath."""
    return not re.search(r"sqlite|SELECT |INSERT |\.c:\d|/src/|Traceback|0x[0-9a-f]{8}|/tmp/", text)


# --- V1, V2: what comes in is data ---

def escaping(x):
    page = x.viewer.ask("GET", f"/c/{CONTRACT}/tickets/T-1")[2]
    ok(EVIL not in page and "&lt;script&gt;alert(1)" in page, "V1.2.1 words of others are escaped in a page")
    rows = list(csv.reader(io.StringIO(x.viewer.ask("GET", f"/c/{CONTRACT}/tickets?format=csv&state=all")[2])))
    cells = [cell for row in rows for cell in row]
    ok("'=cmd|' /C calc'!A0" in cells and not any(c.startswith(("=", "+", "@")) for c in cells), "V1.2.10 a formula is text in a table", rows)
    for path in ("/c/x'%20OR%201=1%20--", "/invoices/'%3B%20DROP%20TABLE%20entry", "/find?q=%22%20UNION%20SELECT%201"):
        status, _, page, _ = x.boss.ask("GET", path)
        ok(status in (200, 404) and is_plain(page.replace("UNION SELECT", "")), f"V1.2.4 no SQL in {path}", status)
    ok(x.boss.ask("GET", f"/c/{CONTRACT}/tickets?nonsense=1")[0] == 400, "V2.2.1 an unknown parameter is refused by name")
    ok(x.boss.ask("GET", "/assets/..%2f..%2fetc%2fpasswd")[0] == 404 and x.boss.ask("GET", "/assets/../../etc/passwd")[0] == 404, "V5.3.2 no path leads out")


# --- V3, V4: browsers and requests ---

def browsers(x):
    b = Browser(x.site)
    status, _, page, head = b.ask("GET", "/sign-in")
    ok(all("HttpOnly" in c and "SameSite=Lax" in c and "Path=/" in c for c in b.set) and b.set, "V3.3 cookies are HttpOnly, SameSite, of the whole site", b.set)
    ok("unsafe-inline" not in head["content-security-policy"] and "default-src 'none'" in head["content-security-policy"] and
       head["x-content-type-options"] == "nosniff" and "frame-ancestors 'none'" in head["content-security-policy"] and
       head["referrer-policy"] == "no-referrer" and head["cross-origin-opener-policy"] == "same-origin", "V3.4 policy of content, frames, origins", head)
    ok(not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|javascript:", page), "V3.2 nothing runs or is styled inline")
    ok(not re.search(r'(?:src|href)="(?:https?:)?//', page), "V3.6 nothing comes from elsewhere")
    form = x.boss.form("/me")
    for name, headers, fields in (("no token", {}, {}), ("another token", {}, {"form": "A" * 43}), ("another site", {"Sec-Fetch-Site": "cross-site"}, {"form": form}),
                                  ("a sibling", {"Sec-Fetch-Site": "same-site"}, {"form": form}),
                                  ("an origin", {"Sec-Fetch-Site": None, "Origin": "https://evil.example"}, {"form": form}),
                                  ("neither", {"Sec-Fetch-Site": None}, {"form": form})):
        got = x.boss.ask("POST", "/me/language", {**fields, "language": "de", "zone": ""}, headers)
        ok(got[0] == 403, f"V3.5.1 a form of {name} is refused", got[0])
    ok(x.boss.ask("GET", "/sign-out")[0] in (404, 405) and x.boss.ask("GET", "/me")[0] == 200, "V3.5.3 a GET changes nothing")
    for there in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        b = Browser(x.site)
        got = b.ask("POST", "/sign-in", {"form": b.form("/sign-in"), "handle": "viewer", "password": PASSWORD, "next": there})
        ok(got[0] == 303 and got[1].startswith("/") and not got[1].startswith(("//", "/\\")), f"V3.7.2 nobody is led to {there}", got[:2])
    for method, right in (("TRACE", (405, 400)), ("CONNECT", (405, 400)), ("OPTIONS", (405, 400)), ("DELETE", (403, 404, 405, 415))):
        ok(x.boss.ask(method, "/me")[0] in right, f"V4.1.4 {method} is no method here", x.boss.ask(method, "/me")[0])
    got = x.boss.ask("GET", "/me", headers={"Origin": "https://evil.example"})
    ok(not any(k.startswith("access-control") for k in got[3]), "API8 no other origin reads answers")
    ok("server" not in got[3] and "x-powered-by" not in got[3], "V13.4.6 no version is told")
    ok(got[3]["cache-control"] == "no-store", "V14.2.2 what is somebody's is kept by no cache")


# --- V6, V7: who comes in ---

def signing_in(x):
    answers = []
    for handle in ("viewer", "nobody-of-that-name"):
        b = Browser(x.site)
        began = time.monotonic()
        got = b.ask("POST", "/sign-in", {"form": b.form("/sign-in"), "handle": handle, "password": "wrong words altogether"})
        answers.append((got[0], re.sub(r"<code>\w+</code>|value=\"[^\"]*\"", "", got[2]), time.monotonic() - began))
    ok(answers[0][:2] == answers[1][:2], "V6.3.8 an account that is there is answered like one that is not", answers[0][0], answers[1][0])
    for word, why in (("short words", "too short"), ("harbor it password 2026", "guessed first"), ("qwertyuiop1234567890", "guessed first")):
        got = x.viewer.post("/me/password", password=word)
        ok(got[0] == 422 and why in got[2], f"V6.2 a password that is {why}: {word}", got[0])
    b = Browser(x.site)
    b.ask("GET", "/sign-in")
    before = dict(b.cookies)
    b.ask("POST", "/sign-in", {"form": b.form("/sign-in"), "handle": "viewer", "password": PASSWORD})
    session = b.cookies["tenor-dev"]
    ok(session not in before.values() and len(session) == 43, "V7.2.4 a new session has a new secret of 256 bits")
    ok(b.ask("GET", "/me")[0] == 200 and b.ask("POST", "/sign-out", {"form": b.form("/me")})[0] == 303, "signed out")
    b.cookies["tenor-dev"] = session
    ok(b.ask("GET", "/me")[0] == 303, "V7.4.1 and the old secret opens nothing")
    with sqlite3.connect(os.path.join(x.folder, "acme.tenor")) as db:
        kept = repr(db.execute("SELECT * FROM credential").fetchall()) + repr(db.execute("SELECT * FROM session").fetchall())
    ok(PASSWORD not in kept and session not in kept and "$argon2id$" in kept, "V11.4 passwords are hashed slowly, secrets are kept as hashes")
    got = Browser(x.site).sign_in("owner", PASSWORD).ask("GET", "/people/new")
    ok(got[0] == 303 and "/me/factor" in got[1], "V6.3.3 whoever manages people has a second factor first", got[:2])
    refusals = [b.ask("POST", "/sign-in", {"form": b.form("/sign-in"), "handle": "signer", "password": f"wrong {i}"})[0] for i in range(12)]
    ok(429 in refusals and set(refusals) <= {422, 429}, "V6.3.1, API2 guessing is slowed down", refusals)


# --- V8, API1 to API5: who may do what ---

def rights(x):
    ok(x.viewer.ask("GET", "/people/new")[0] == 403 and x.viewer.ask("POST", "/people/new", {"form": x.viewer.form("/me")})[0] == 403,
       "V8.2.1, API5 what a role may not do is refused")
    mine, none = (x.viewer.ask("GET", f"/c/{c}/tickets") for c in ("HS-2026", "HX-2026"))
    ok(mine[0] == none[0] == 404 and re.sub(r"H[SX]-2026|<code>\w+</code>", "", mine[2]) == re.sub(r"H[SX]-2026|<code>\w+</code>", "", none[2]),
       "V8.2.2, API1 another client's is like nobody's (test_isolation.py: every page and route)")

    def api(method, path, token=x.token, body=None, **headers):
        return Browser(x.site).ask(method, "/api/v1" + path, None, {"Authorization": f"Bearer {token}" if token else None, "Sec-Fetch-Site": None,
                                                                    "Content-Type": "application/json", **headers}, body)

    ok(api("GET", f"/contracts/{CONTRACT}")[0] == 200, "a token reads")
    for name, token in (("none", None), ("another", "tnr_" + "a" * 16 + "_" + "b" * 52), ("half a", x.token[:40]), ("a cookie for a", "tenor-dev")):
        ok(api("GET", f"/contracts/{CONTRACT}", token)[0] == 401, f"API2 {name} token opens nothing")
    ok(Browser.ask(x.boss, "GET", f"/api/v1/contracts/{CONTRACT}")[0] == 401, "V3.5 a browser's cookie is nothing to the API")
    ok(api("POST", "/users", body='{"handle": "x", "role": ["owner"]}')[0] == 403, "API5 a token has no right that is never a program's")
    got = api("POST", f"/contracts/{CONTRACT}/facts", body='{"kind": "ticket.logged", "fields": {}, "party": "provider", "recorded_at": "2020-01-01T00:00:00Z"}')
    ok(got[0] in (400, 403, 422), "API3 what the server sets is not taken from a body", got[0], got[2][:200])
    deep = api("POST", f"/contracts/{CONTRACT}/facts", body="[" * 200 + "]" * 200)
    ok(deep[0] == 400 and is_plain(deep[2]), "API4 depth is bounded", deep[0], deep[2][:200])
    large = api("POST", f"/contracts/{CONTRACT}/facts", body="x", **{"Content-Length": str((1 << 20) + 1)})
    ok(large[0] == 413, "API4 size is bounded", large[0])
    ok(api("GET", "/contracts?limit=100000")[0] == 400, "API4 so is a page")
    ok(api("GET", f"/contracts/{CONTRACT}", **{"X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/api/v1/users"})[2].find("handle") < 0,
       "V4.1.3 headers of proxies change no method and no path")
    ok(api("GET", "/internal")[0] == 404 and api("GET", "/debug")[0] == 404, "API9 there are no other routes than those described")


# --- V12, V13, V16: the server ---

def server(x):
    got = run(x.folder, "serve", "--workspace", "acme.tenor", "--listen", "127.0.0.1:0", "--base-url", "http://tenor.example.com")
    ok(got.returncode == 64 and b"neither https" in got.stderr, "V12.1 no plain HTTP but on loopback", got.stderr)
    for path in ("/nothing", "/c/%00", "/%ff", "/invoices/x?format=exe", "/c/" + "a" * 4000):
        status, _, page, _ = x.boss.ask("GET", path)
        ok(status in (400, 404, 414) and is_plain(page), f"V13.4.2, V16.5.1 an error tells nothing of what lies beneath: {path[:24]}", status)
    ok(x.boss.ask("GET", "/me", headers={"Host": "evil.example"})[0] == 421, "V13.2 another host is nobody's")
    x.boss.ask("GET", "/x%0d%0a%7b%22level%22:%22error%22%7d")
    x.boss.ask("GET", "/me", headers={"User-Agent": 'x","level":"error'})
    lines = [line for line in x.site.said().splitlines() if line]
    ok(all(isinstance(json.loads(line), dict) for line in lines) and not any(json.loads(line).get("level") == "error" for line in lines),
       "V16.4.1 nobody writes lines of the log")
    said = x.site.said()
    ok(PASSWORD not in said and x.token[21:] not in said and "viewer" not in said and CONTRACT not in said, "V16.2.5 no secret, no name and no path is logged")


def policy(x):
    """H2 on the real server (test_http.py: on the stand, with what is answered; test_http_proxy.py: behind nginx and Caddy)."""
    wrong = []
    for name, text, right in REFUSED:
        with socket.create_connection(x.site.host.split(":"), timeout=60) as sock:
            sock.sendall(bytes_of(text, x.site.host))
            answer = read_answer(sock, head_only=text.startswith("HEAD"))
        if answer.status not in right:
            wrong.append(f"{name}: {answer.status}")
    ok(not wrong and len(REFUSED) > 50, f"V4.2.1 {len(REFUSED)} requests that two readers may read in two ways are refused", *wrong)


def jailed(x):
    """R23: each process is locked in, and those that only wait for another one to end and start it again."""
    master, seen, wrong = x.site.process.pid, set(), []
    for pid in [master, *everybody_below(master)]:
        with open(f"/proc/{pid}/comm", encoding="ascii") as f:
            name = f.read().strip()
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            status = f.read()
        seen.add("master" if pid == master else name)
        if "Seccomp:\t2" not in status or "NoNewPrivs:\t1" not in status:
            wrong.append(f"{name} {pid}")
    ok(not wrong and seen >= {"master", "tenor-worker", "tenor-keeper", "tenor-guard"}, f"X3 each process of the server is locked in: {', '.join(sorted(seen))}", seen, *wrong)


def everybody_below(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        children = [int(word) for word in f.read().split()]
    return children + [p for child in children for p in everybody_below(child)]


class Bed:
    pass


def prepare(folder):
    must(folder, "init", "acme.tenor", "--provider", "Harbor IT LLC")
    for client, contract in (("northwind", CONTRACT), ("harbour", "HS-2026")):
        must(folder, "client", "add", client, "--name", client.title())
        with open(EXAMPLE, encoding="utf-8") as f, open(os.path.join(folder, contract + ".yaml"), "w", encoding="utf-8") as to:
            to.write(f.read().replace("id: " + CONTRACT, "id: " + contract))
        must(folder, "contract", "add", contract + ".yaml", "--client", client, "--agreed", "2026-01-01T00:00Z")
    must(folder, "user", "add", "signer", "--role", "signer", "--contract", CONTRACT)
    must(folder, "user", "add", "viewer", "--role", "viewer", "--contract", CONTRACT, "--as", "signer")
    must(folder, "user", "add", "reader", "--role", "read-only")
    must(folder, "fact", "add", "ticket.logged", "ticket=T-1", "priority=P3", "service=helpdesk", "channel=portal", f"summary={EVIL}", "--contract", CONTRACT)
    must(folder, "fact", "add", "ticket.logged", "ticket=T-2", "priority=P3", "service=helpdesk", "channel=portal", "summary==cmd|' /C calc'!A0",
         "--contract", CONTRACT)
    return re.search(r"tnr_\S+", must(folder, "token", "add", "probe", "--right", "TERMS_READ", "--right", "USAGE_WRITE")).group()


def landlock(x):
    """X4: what the kernel says of itself decides whether a server that must have Landlock starts."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    known = libc.syscall(ctypes.c_long(LANDLOCK_CREATE_RULESET), None, ctypes.c_size_t(0), ctypes.c_long(1))
    if known >= 1:
        site = Site(x.folder, "--workers", "1", "--require-landlock")
        ok(site.stop() == 0, "X4 a server that must have Landlock starts on a kernel that has it")
    else:
        got = run(x.folder, "serve", "--workspace", "acme.tenor", "--listen", "127.0.0.1:0", "--require-landlock")
        ok(got.returncode == 74 and b"Landlock" in got.stderr, "X4 a server that must have Landlock does not start on a kernel without it", got.returncode, got.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        x = Bed()
        x.folder, x.token = folder, prepare(folder)
        x.site = Site(folder, "--workers", "1")
        try:
            x.viewer = Browser(x.site).sign_in("viewer", PASSWORD)
            x.boss = Browser(x.site).sign_in("reader", PASSWORD)
            escaping(x)
            browsers(x)
            rights(x)
            server(x)
            policy(x)
            jailed(x)
            signing_in(x)
        finally:
            code = x.site.stop()
        ok(code == 0, "an orderly end", code)
        landlock(x)
    done()


main()
