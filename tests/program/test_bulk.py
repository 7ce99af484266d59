#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Facts in bulk over the network (trust.md J27, X5): lines are taken in pieces while they come in, so that a body far larger than what a request may
take of memory is recorded; the answer, and every problem, names the last line that is committed, and all of it can be sent again.
"""

import http.client
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True
from api_bed import Answer, Bed
from program import SANITIZED, done, note, ok, workers_of
from record import EXAMPLES

FACTS = "/api/v1/contracts/NW-2026/facts?source="
MIB = 1 << 20
PIECE, PIECE_LINES, MOST = 4 * MIB, 8000, 256 * MIB
PATIENCE = 900 if SANITIZED else 300


def line(i, bytes_=0, mark="l"):
    """A fact; with bytes_, blanks make its line as long."""
    text = json.dumps({"id": f"{mark}{i}", "kind": "outage.began", "outage": f"{mark}{i}", "assets": ["records"], "severity": "down",
                       "occurred_at": f"2026-02-{i % 28 + 1:02d}T{i // 28 % 24:02d}:{i // 672 % 60:02d}:00Z"})
    return (text + " " * (bytes_ - 1 - len(text)) + "\n").encode()


def send(bed, source, body, who="provider", headers=None):
    """Chunked where the body is an iterator of bytes."""
    fields = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {bed.tokens[who]}", **(headers or {})}
    connection = http.client.HTTPConnection(bed.host, timeout=PATIENCE)
    try:
        connection.request("POST", FACTS + source, body=body, headers=fields, encode_chunked=not isinstance(body, bytes))
        got = connection.getresponse()
        return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
    finally:
        connection.close()


def chunked(pieces, at_least=60000):
    """Chunks that end wherever it comes, not at the ends of lines."""
    held = b""
    for piece in pieces:
        held += piece
        while len(held) >= at_least:
            yield held[:at_least]
            held = held[at_least:]
    if held:
        yield held


def workers(bed):
    return workers_of(bed.process.pid)


def peak_kib(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return next(int(row.split()[1]) for row in f if row.startswith("VmHWM"))


def large(bed):
    before, n, each = workers(bed), 8300, 4243
    got = send(bed, "large", chunked(line(i, each) for i in range(n)), headers={"Transfer-Encoding": "chunked"})
    ok(n * each > 32 * MIB and got.status == 201, f"{n * each / MIB:.0f} MiB in chunks, more than a request may take of memory", got)
    answer = got.json()
    ok(answer["recorded"] == n and answer["committed_line"] == n and answer["files"][0]["taken"] == n, "every line is in the record", answer)
    ok(answer["not_recorded"] == [] and answer["files"][0]["notes"] == [] and len(answer["files"]) == 1, "the answer is that of one file", answer)
    peaks = [peak_kib(p) for p in workers(bed)]
    note(f"peak of the workers, KiB: {peaks}")
    ok(SANITIZED or max(peaks) < 96 * 1024, "the body is never held whole", peaks)
    got = send(bed, "large", b"".join(line(i, each) for i in range(n)))
    ok(got.status == 201 and got.json()["again"] == n and got.json()["recorded"] == 0, "all of it again, with its length told: nothing is recorded twice", got)
    conflict = {**json.loads(line(8250, 0)), "severity": "degraded"}
    rows = [line(i, each) for i in range(n)]
    rows[8250] = json.dumps(conflict).encode() + b"\n"
    got = send(bed, "large", b"".join(rows))
    answer = got.json()
    ok(got.status == 200 and answer["conflicts"] == 1 and answer["not_recorded"][0]["line"] == 8251 and answer["committed_line"] == n,
       "what is not taken far behind is named by its line in the whole", got)
    ok(workers(bed) == before, "no worker ended of it", bed.log()[-600:])


def size(bed):
    rows = bed.must("contract", "list", "--json")
    return next(c["entries"] for c in json.loads(rows) if c["contract"] == "NW-2026")


def bad_lines(bed):
    n, each = 4000, 4096
    for at, why in ((3500, b"{\"id\": \"x\", nonsense}\n"), (3500, b"[1, 2]\n"), (3500, b"\xff\xfe{}\n")):
        rows = [line(i, each, "b") for i in range(n)]
        rows[at - 1] = why
        got = send(bed, "bad", b"".join(rows))
        p = got.json()
        ok(got.status == 422 and p["code"] == "invalid" and p["line"] == at and "one JSON object" in p["hint"], f"{why[:12]!r}: the line is named", got)
        ok(0 < p["committed_line"] < at and p["committed_line"] == (PIECE // each) * 3, "and the last one that is committed", p)
    before = size(bed)
    got = send(bed, "bad", b"".join(line(i, each, "b") for i in range(n)))
    ok(got.status == 201 and got.json()["again"] == p["committed_line"] and got.json()["recorded"] == n - p["committed_line"],
       "put right and sent whole: what was committed was, and the rest follows", got)
    ok(size(bed) > before, "the record has grown")
    got = send(bed, "bad", line(1, 0, "c") + b"oops\n" + line(2, 0, "c"))
    p = got.json()
    ok(got.status == 422 and p["line"] == 2 and p["committed_line"] == 0, "in a small body, too: then nothing of it is taken", got)
    for why in (b"oops\n", b"[1,\n", b"{\n", b'"a"\n'):
        got = send(bed, "bad", why + line(1, 0, "c"))
        ok(got.status == 422 and got.json()["line"] == 1 and got.json()["committed_line"] == 0, f"the first line is {why!r}", got)
    got = send(bed, "bad", line(1, 0, "c") + b"\n" + line(2, 0, "c") + b"\n\n")
    ok(got.status == 201 and got.json()["recorded"] == 2 and got.json()["committed_line"] == 5, "empty lines are none, and are counted", got)


def pieces(bed):
    """Where a piece ends, by lines: the limit and one more."""
    for n, committed in ((PIECE_LINES, 0), (PIECE_LINES + 1, PIECE_LINES)):
        rows = [line(i, 0, "p") for i in range(n)]
        rows[-1] = b"{\n"
        p = send(bed, "pieces", b"".join(rows)).json()
        ok(p["line"] == n and p["committed_line"] == committed, f"{n} lines, the last one bad: {committed} are committed", p)
    # and by bytes: whole lines of 4 MiB, without and with one byte more
    for more in (0, 1):
        rows = [line(i, 4096, "q") for i in range(1024)]
        rows[500] = line(500, 4096 + more, "q")
        p = send(bed, "pieces", b"".join(rows) + b"{\n").json()
        ok(p["line"] == 1025 and p["committed_line"] == 1024 - more, f"{PIECE + more} bytes of lines: {1024 - more} are one piece", p)
    got = send(bed, "pieces", line(1, PIECE, "r"))
    ok(got.status in (201, 422), "a line of 4 MiB is read", got)
    got = send(bed, "pieces", line(0, 0, "s") + line(1, PIECE + 1, "s") + line(2, 0, "s"))
    p = got.json()
    ok(got.status == 413 and p["line"] == 2 and p["committed_line"] == 1, "one of more is not: 413, by its line", got)
    got = send(bed, "pieces", line(0, 0, "s") + line(1, 0, "s") + line(2, 0, "s"))
    ok(got.status == 201 and got.json()["again"] == 1 and got.json()["recorded"] == 2, "what came before it is there", got)
    got = send(bed, "pieces", b"")
    ok(got.status == 400, "no line at all", got)


def head(bed, length, token, path=FACTS):
    """What is answered to the head alone, which asks whether the body is to come."""
    import socket
    host, _, port = bed.host.partition(":")
    with socket.create_connection((host, int(port)), 30) as sock:
        sock.sendall((f"POST {path}head HTTP/1.1\r\nHost: {bed.host}\r\nContent-Type: application/x-ndjson\r\nExpect: 100-continue\r\n"
                      f"Authorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n").encode())
        got = sock.recv(4096)
        # a refusal says why behind its own head
        while got.startswith(b"HTTP/1.1 4") and (more := sock.recv(4096)):
            got += more
        return got.decode()


def limits(bed):
    token = bed.tokens["provider"]
    ok(head(bed, MOST, token).startswith("HTTP/1.1 100"), "256 MiB are taken", head(bed, MOST, token))
    ok(head(bed, MOST + 1, token).startswith("HTTP/1.1 413"), "one byte more is refused before it is sent", head(bed, MOST + 1, token))
    ok(head(bed, PIECE + 1, "tnr_" + "a" * 16 + "_" + "b" * 52).startswith("HTTP/1.1 413"), "from somebody unknown one piece at most")
    # chunks tell no length: 4 MiB of facts, then blank lines up to the limit, and beyond it by one
    rows = [line(i, 8192, "t") for i in range(512)]
    blank = b"\n" * 60000
    left = MOST - 512 * 8192
    for more, right in ((0, 201), (1, 413)):
        def body():
            yield from rows
            rest = left + more
            while rest > 0:
                yield blank[:rest]
                rest -= len(blank)
        got = send(bed, "limits", body(), headers={"Transfer-Encoding": "chunked"})
        ok(got.status == right, f"{MOST + more} bytes in chunks: {right}", got)
        answer = got.json()
        if right == 201:
            ok(answer["recorded"] == 512 and answer["committed_line"] == 512 + left, "all of them are lines", answer)
        else:
            ok(answer["code"] == "body.large" and answer["committed_line"] >= 512, "and it says how far it came", answer)


def usage(bed):
    """Usage is facts: more of it than the verb of its own holds goes where facts go in bulk, and that verb says so."""
    n, each = 6000, 1000
    bed.must("contract", "add", os.path.join(EXAMPLES, "dental.yaml"), "--client", "harbour", "--agreed", "2026-01-01T00:00Z")
    there = FACTS.split("/facts")[0].replace("NW-2026", "LD-CARE")

    def use(i):
        text = json.dumps({"id": f"use{i}", "kind": "usage.recorded", "meter": "backup.stored", "quantity": "1.5", "measure": "GiB",
                           "occurred_at": f"2026-02-{i % 28 + 1:02d}T{i // 28 % 24:02d}:{i // 672 % 60:02d}:00Z"})
        return (text + " " * (each - 1 - len(text)) + "\n").encode()

    body = b"".join(use(i) for i in range(n))
    fields = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {bed.tokens['provider']}"}

    def post(path, part):
        connection = http.client.HTTPConnection(bed.host, timeout=PATIENCE)
        try:
            connection.request("POST", there + path, body=part, headers=fields)
            got = connection.getresponse()
            return got.status, json.loads(got.read())
        finally:
            connection.close()

    answer = head(bed, len(body), bed.tokens["provider"], there + "/usage?source=")
    ok(answer.startswith("HTTP/1.1 413") and f"{4 * MIB} bytes" in answer and "several requests" in answer and "/facts" in answer, "more than is held: 413 says how much, and what to do", answer)
    half = n // 2 * each
    got = [post("/usage", part) for part in (body[:half], body[half:], body[half:])]
    ok([(s, a["recorded"], a["again"]) for s, a in got] == [(201, n // 2, 0), (201, n // 2, 0), (201, 0, n // 2)], "in two parts it is taken, and a part again changes nothing", got)
    got = post("/facts?source=more", body.replace(b'"use', b'"fax'))
    ok(got[0] == 201 and got[1]["recorded"] == n, "and in one body among the facts", got)


def rights(bed):
    got = send(bed, "rights", b"".join(line(i, 4096, "u") for i in range(1500)), "reader")
    ok(got.status == 403 and got.json()["code"] == "right", "who may not record is told so once", got)
    got = send(bed, "rights", b"".join(line(i, 4096, "u") for i in range(1500)), "probes")
    ok(got.status == 201 and got.json()["recorded"] == 1500, "a monitor's token may", got)


def main():
    with tempfile.TemporaryDirectory() as folder, Bed(folder) as bed:
        large(bed)
        bad_lines(bed)
        pieces(bed)
        limits(bed)
        usage(bed)
        rights(bed)
        # as many requests as a token may at once: pieces of one are one
        ok("worker_died" not in bed.log(), "no worker died", bed.log()[-600:])
        bed.stop()
    done()


main()
