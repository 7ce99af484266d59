#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
A witness that asks the server itself (trust.md J17, J18, S21): checkpoint, tiles and entries over the network, held against what was signed
before, the line given back; and what it refuses from a server that lies, forks, goes back, or is where nothing may be asked.
"""

import http.client
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
from api_bed import Bed
from program import SANITIZED, TENOR, done, ok
from site_bed import Site

PATIENCE = 240 if SANITIZED else 60
NW = "NW-2026"


class Witness:
    """A client's own machine: a home, a key, trust."""

    def __init__(self, folder, name, vkeys):
        self.home = os.path.join(folder, name)
        os.makedirs(self.home)
        self.vkey = self.tenor("cosign", "key", f"{name}.example/it", "-o", "it.cosign").stdout.decode().strip()
        for vkey in vkeys:
            self.tenor("trust", "add", vkey)

    def tenor(self, *args):
        return subprocess.run([TENOR, *args], cwd=self.home, capture_output=True, timeout=PATIENCE, env={**os.environ, "HOME": self.home, "XDG_CONFIG_HOME": ""})

    def file(self, name, text):
        with open(os.path.join(self.home, name), "w", encoding="utf-8") as f:
            f.write(text)
        return name

    def cosign(self, host, log, token, *more):
        run = self.tenor("cosign", "--from", f"http://{host}", "--address", host, "--log", log, "--token", self.file("token", token + "\n"),
                         "--cosign-key", "it.cosign", *more)
        return run.returncode, run.stdout.decode(), run.stderr.decode()

    def state(self, log):
        path = os.path.join(self.home, ".config", "tenor", "cosign", log)
        if not os.path.exists(path):
            return None
        with open(path, encoding="utf-8") as f:
            return f.read()

    def evidence(self):
        folder = os.path.join(self.home, ".config", "tenor", "cosign", "fork-evidence")
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


class Between(http.server.BaseHTTPRequestHandler):
    """Gives what the server gives, but for what `change` makes of it."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.give(None)

    def do_POST(self):
        self.give(self.rfile.read(int(self.headers.get("content-length", "0"))))

    def give(self, body):
        connection = http.client.HTTPConnection(self.server.real, timeout=PATIENCE)
        connection.request(self.command, self.path, body, {"Authorization": self.headers.get("authorization", ""), "Content-Type": "text/plain"})
        got = connection.getresponse()
        status, data = self.server.change(self.path, got.status, got.read())
        connection.close()
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", f"http://{self.server.real}{self.path}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Lying:
    def __init__(self, real, change):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Between)
        self.server.real, self.server.change = real, change
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self.host

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def outage(i):
    return json.dumps({"id": f"w{i}", "kind": "outage.began", "outage": f"w{i}", "assets": ["records"], "severity": "down",
                       "occurred_at": f"2026-02-{i % 28 + 1:02d}T{i // 28 % 24:02d}:{i // 672 % 60:02d}:00Z"}) + "\n"


def record(bed, first, n=1):
    path = os.path.join(bed.folder, "more.jsonl")
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(outage(i) for i in range(first, first + n))
    bed.must("import", path, "--contract", NW, "--source", "w")


def size(note):
    return int(note.splitlines()[1])


def signs(bed, site, log, w):
    token = bed.tokens["northwind"]
    code, out, err = w.cosign(site.host, log, token)
    ok(code == 0 and out.startswith("\u2014 northwind.example/it ") and "taken it into the record" in err, "the first time: signed, printed, given back", code, out, err)
    note = w.state(log)
    ok(note is not None and size(note) > 80 and "cosigned " in err, "and remembered", err)
    ok("checkpoint_cosigned" in bed.must("log", "show", "--contract", NW, "--from", str(size(note)), "--to", str(size(note))), "the record has the cosignature")
    code, out, err = w.cosign(site.host, log, token)
    ok(code == 0 and out == "" and "nothing but cosignatures has come" in err and w.state(log) == note, "nothing new: nothing is signed", code, out, err)
    record(bed, 0, 700)
    code, out, err = w.cosign(site.host, log, token, "-o", "line.txt")
    ok(code == 0 and os.path.exists(os.path.join(w.home, "line.txt")) and size(w.state(log)) > 780, "700 facts later, over several tiles: signed", code, out, err)
    code, out, err = w.cosign(site.host, log, token, "-o", "none.txt")
    ok(code == 0 and not os.path.exists(os.path.join(w.home, "none.txt")), "where nothing is signed no file says so", code, out, err)
    record(bed, 700)
    bed.must("export", "bundle", "--contract", NW, "--month", "2026-02", "-o", "b.tnb")
    run = w.tenor("cosign", os.path.join(bed.folder, "b.tnb"), "--cosign-key", "it.cosign")
    ok(run.returncode == 0 and run.stdout, "a bundle goes on where the server ended", run.stderr)
    record(bed, 701)
    code, out, err = w.cosign(site.host, log, token)
    ok(code == 0 and out and "taken it" in err, "and the server where the bundle ended", code, out, err)


def refuses(bed, site, log, w):
    host, token, before = site.host, bed.tokens["northwind"], w.state(log)
    record(bed, 800)
    cases = [
        ("both a bundle and a server", ["cosign", "b.tnb", "--from", f"http://{host}", "--cosign-key", "it.cosign"], 64, "both given"),
        ("neither", ["cosign", "--cosign-key", "it.cosign"], 64, "is not said"),
        ("numbers without a bundle", ["cosign", "--from", f"http://{host}", "--log", log, "--replay", "--cosign-key", "it.cosign"], 64, "--replay"),
        ("http without a named address", ["cosign", "--from", f"http://{host}", "--log", log, "--cosign-key", "it.cosign"], 64, "no address of a server"),
        ("a file", ["cosign", "--from", "file:///etc/passwd", "--address", host, "--log", log, "--cosign-key", "it.cosign"], 64, "no address of a server"),
        ("which log", ["cosign", "--from", f"http://{host}", "--address", host, "--cosign-key", "it.cosign"], 64, "which log"),
        ("no log of that form", ["cosign", "--from", f"http://{host}", "--address", host, "--log", "../x", "--cosign-key", "it.cosign"], 64, "which log"),
        ("a file that is no token", ["cosign", "--from", f"http://{host}", "--address", host, "--log", log, "--token", "it.cosign", "--cosign-key", "it.cosign"], 2, "no file of a token"),
        ("no token", ["cosign", "--from", f"http://{host}", "--address", host, "--log", log, "--cosign-key", "it.cosign"], 64, "a token that holds"),
        ("another address named", ["cosign", "--from", f"http://{host}", "--address", "127.0.0.1:1", "--log", log, "--cosign-key", "it.cosign"], 74, "no answer"),
        ("loopback, unnamed", ["cosign", "--from", f"https://{host}", "--log", log, "--cosign-key", "it.cosign"], 74, "no answer"),
        ("a name and password in it", ["cosign", "--from", f"http://a:b@{host}", "--address", host, "--log", log, "--cosign-key", "it.cosign"], 74, "no answer"),
    ]
    for name, args, status, words in cases:
        run = w.tenor(*args)
        ok(run.returncode == status and words in run.stderr.decode() and not run.stdout, f"{name}: exit {status}", run.returncode, run.stderr.decode())
    for name, who, status, words in (("another client's token", "harbour", 66, "not for this token"), ("a token without the right", "reader", 66, "not for this token")):
        code, out, err = w.cosign(host, log, bed.tokens[who])
        ok(code == status and words in err and not out, f"{name}: not there", code, err)
    code, out, err = w.cosign(host, "019d4e4c-0c60-7663-853c-f03618901765", token)
    ok(code == 66 and not out, "another log: not there", code, err)
    ok(w.state(log) == before, "what was remembered stands")
    bed.token("lister", "nora", ["LOG_READ"])
    code, out, err = w.cosign(host, log, bed.tokens["lister"])
    ok(code == 1 and out.startswith("\u2014 ") and "has not taken it: " in err, "a token that may not give back: signed, printed, exit 1", code, out, err)
    ok(size(w.state(log)) > size(before), "and remembered, since it is signed")
    stranger = Witness(bed.folder, "stranger", [])
    code, out, err = stranger.cosign(host, log, token)
    ok(code == 2 and "CANNOT CHECK: no key of log" in err and "trust add" in err and not out, "without a trusted key: exit 2", code, err)
    unknown = Witness(bed.folder, "unknown", w.trusted)
    code, out, err = unknown.cosign(host, log, token)
    ok(code == 1 and out and "has not taken it: 403" in err, "a witness that the record does not know: signed, not taken", code, err)


def lies(bed, site, log, w):
    token, before = bed.tokens["northwind"], w.state(log)
    record(bed, 900)
    whole = w.state(log)

    def tile(path, status, data):
        return status, flip(data, 40) if "/tile/0/001" in path else data

    def short(path, status, data):
        return status, data[:-32] if "/tile/0/" in path and ".p/" in path else data

    def signature(path, status, data):
        return status, flip(data, len(data) - 10) if path.endswith("/checkpoint") else data

    def root(path, status, data):
        if not path.endswith("/checkpoint"):
            return status, data
        lines = data.split(b"\n")
        lines[1] = str(int(lines[1]) + 1).encode()
        return status, b"\n".join(lines)

    def entry(path, status, data):
        if "/tile/entries/" in path:
            for at in range(50, len(data), 50):
                data = flip(data, at)
        return status, data

    def none(path, status, data):
        return status, b"" if "/tile/entries/" in path else data

    def large(path, status, data):
        return status, data + b"x" * (17 << 10) if path.endswith("/checkpoint") else data

    def elsewhere(path, status, data):
        return (302, b"") if path.endswith("/checkpoint") else (status, data)

    def words(path, status, data):
        return status, b"\n\n\xe2\x80\x94 x\n" if path.endswith("/checkpoint") else data

    for name, change, status, said in (("a hash", tile, 1, "not those of its signed root"), ("a tile cut short", short, 2, "bytes"), ("the signature", signature, 1, "NOT VERIFIED"),
                                       ("the size", root, 1, "NOT VERIFIED"), ("an entry", entry, 2, "another entry"), ("no entries", none, 2, "another entry"),
                                       ("more than is taken", large, 74, "no answer"), ("a redirect", elsewhere, 74, "answers 302"), ("no note", words, 1, "NOT VERIFIED")):
        with Lying(site.host, change) as host:
            code, out, err = w.cosign(host, log, token)
        ok(code == status and said in err and not out and w.state(log) == whole, f"changed on the way: {name}: nothing is signed", code, out, err)
    ok(not w.evidence() and before == whole, "none of it is a fork", w.evidence())
    kept = {}

    def old(path, status, data):
        if path.endswith("/checkpoint"):
            return status, kept.setdefault("checkpoint", data)
        return status, data

    with Lying(site.host, old) as host:
        code, out, err = w.cosign(host, log, token)
        ok(code == 0 and out, "unchanged: it is signed", code, err)
        record(bed, 901)
        record(bed, 902)
        code, out, err = w.cosign(site.host, log, token)
        ok(code == 0 and out, "and what came after it", code, err)
        newest = w.state(log)
        code, out, err = w.cosign(host, log, token)
    ok(code == 1 and "rolled back" in err and not out and w.state(log) == newest, "an older checkpoint: rolled back", code, err)


def fork(bed, log, w):
    """Two histories of one log: a copy of the workspace goes another way."""
    with tempfile.TemporaryDirectory() as folder:
        other = Bed.__new__(Bed)
        other.folder, other.process, other.tokens = folder, None, bed.tokens
        for name in os.listdir(bed.folder):
            if name.startswith("acme."):
                shutil.copy(os.path.join(bed.folder, name), folder)
        other.workspace, other.key = os.path.join(folder, "acme.tenor"), os.path.join(folder, "acme.kek")
        record(bed, 1000)
        site = Site(bed)
        code, out, err = w.cosign(site.host, log, bed.tokens["northwind"])
        site.stop()
        ok(code == 0 and out, "one history is signed", code, err)
        signed = w.state(log)
        record(other, 2000, 3)
        site = Site(other)
        code, out, err = w.cosign(site.host, log, bed.tokens["northwind"])
        again = w.cosign(site.host, log, bed.tokens["northwind"])
        site.stop()
        ok(code == 1 and "FORK" in err and not out and w.state(log) == signed, "the other one is not, and it is said", code, err)
        ok(len(w.evidence()) == 3 and sum(name.endswith(".note") for name in w.evidence()) == 2, "both notes and the proof that fails are kept", w.evidence())
        ok(again[0] == 1 and len(w.evidence()) == 3, "asked again it is the same", again)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(folder, start=False)
        vkeys = [k["vkey"] for k in json.loads(bed.must("log", "keys", "--contract", NW, "--json"))]
        log = vkeys[0].split("+")[0].rpartition("/")[2]
        w = Witness(folder, "northwind", vkeys)
        w.trusted = vkeys
        bed.must("log", "witness", w.vkey, "--contract", NW, "--as", "nora")
        site = Site(bed)
        try:
            signs(bed, site, log, w)
            refuses(bed, site, log, w)
            lies(bed, site, log, w)
        finally:
            site.stop()
        fork(bed, log, w)
    done()


main()
