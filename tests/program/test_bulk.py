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


CLOUD = "  - {id: cloud, type: pass_through, clause: order.fees, name: Cloud, markup: 0%, evidence: none}\n"
MANY = 40001  # one more than a worker reads of a record for one request


def fact(kind, name, at, bytes_=0, **more):
    text = json.dumps({"id": name, "kind": kind, "occurred_at": at, **more})
    return (text + " " * (bytes_ - 1 - len(text)) + "\n").encode()


def poster(bed, contract, who):
    def post(path, body, *, chunks=False):
        connection = http.client.HTTPConnection(bed.host, timeout=PATIENCE)
        fields = {"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {bed.tokens[who]}", **({"Transfer-Encoding": "chunked"} if chunks else {})}
        try:
            connection.request("POST", f"/api/v1/contracts/{contract}{path}", body=chunked([body]) if chunks else body, headers=fields, encode_chunked=chunks)
            got = connection.getresponse()
            return got.status, json.loads(got.read())
        finally:
            connection.close()
    return post


def verbs_of_money(bed):
    """Usage, units and values of indexes are taken as facts are: in pieces while they come in, each piece whole or not at all, again without harm."""
    bed.must("contract", "add", os.path.join(EXAMPLES, "dental.yaml"), "--client", "harbour", "--agreed", "2026-01-01T00:00Z")
    post, before = poster(bed, "LD-CARE", "provider"), workers(bed)
    n = 9000

    def at(i):
        return f"2026-02-{i % 28 + 1:02d}T{i // 28 % 24:02d}:{i // 672 % 60:02d}:00Z"

    usage = [fact("usage.recorded", f"use{i}", at(i), 4000, meter="backup.stored", quantity="1.5", measure="GiB") for i in range(n)]
    status, got = post("/usage?source=meter", b"".join(usage), chunks=True)
    ok(len(usage) * 4000 > 32 * MIB and status == 201 and (got["recorded"], got["committed_line"], got["costs"]) == (n, n, []), "34 MiB of usage in chunks", status, got)
    ok(len(got["files"]) == 1 and got["files"][0]["taken"] == n and got["not_recorded"] == [], "are answered as one file", got)
    peaks = [peak_kib(p) for p in workers(bed)]
    note(f"peak of the workers after usage, KiB: {peaks}")
    ok(workers(bed) == before and (SANITIZED or max(peaks) < 96 * 1024), "and never held whole", peaks, bed.log()[-300:])
    bad = usage[:8500] + [b"{\n"] + usage[8500:]
    status, got = post("/usage?source=meter2", b"".join(bad))
    ok(status == 422 and got["line"] == 8501 and 0 < got["committed_line"] <= 8500, "a line that is none ends them and is named", status, got)
    done_before = got["committed_line"]
    status, got = post("/usage?source=meter2", b"".join(usage))
    ok(status == 201 and (got["again"], got["recorded"]) == (done_before, n - done_before), "put right and sent whole: the rest follows", status, got)
    other = usage[:8500] + [fact("outage.began", "o1", at(1), outage="o1", assets=["server"], severity="down")]
    status, got = post("/usage?source=meter", b"".join(other))
    ok(status == 422 and "usage import does not take" in got["detail"] and got["line"] == 8501 and got["committed_line"] > 0, "a fact of another kind far behind is refused by its line", status, got)
    status, got = post("/usage?source=dry&dry_run=true", b"".join(usage[:8100]))
    ok(status == 200 and got["files"][0]["taken"] == 8100 and "recorded" not in got and "committed_line" not in got and got["costs"] == [], "told to record nothing, it tells what there is", status, got)
    status, got = post("/usage?source=dry", usage[0])
    ok(status == 201 and got["recorded"] == 1, "and had recorded nothing", status, got)
    lists = [fact("units.listed", f"list{i}", f"2026-{i % 12 + 1:02d}-{i // 12 % 28 + 1:02d}T{i // 336:02d}:00:00Z", 4000, list=f"l{i}", count="active_users", units=["ana", "ben"]) for i in range(8100)]
    status, got = post("/units?source=hr", b"".join(lists))
    ok(status == 201 and got["recorded"] == 8100 and got["committed_line"] == 8100, "31 MiB of lists of units", status, got)
    status, got = post("/units?source=hr", b"".join(lists))
    ok(status == 201 and got["again"] == 8100 and got["recorded"] == 0, "and again", status, got)
    values = [fact("index.published", f"v{i}", "2026-02-15T00:00:00Z", series=f"s{i}", month="2026-01", value="319.1") for i in range(8100)]
    status, got = post("/index-values?source=office", b"".join(values))
    ok(status == 201 and got["recorded"] == 8100 and got["committed_line"] == 8100, "values of indexes in two pieces", status, got)
    status, got = post("/index-values?source=office", values[8099].replace(b"319.1", b"320.5"))
    ok(status == 200 and got["conflicts"] == 1 and got["not_recorded"][0]["line"] == 1, "another value under the same id is none", status, got)
    for path in ("/usage", "/units", "/index-values"):
        there = FACTS.split("/facts")[0].replace("NW-2026", "LD-CARE") + path + "?source="
        got = head(bed, MOST, bed.tokens["provider"], there), head(bed, MOST + 1, bed.tokens["provider"], there)
        ok(got[0].startswith("HTTP/1.1 100") and got[1].startswith("HTTP/1.1 413"), f"{path}: 256 MiB, and not one byte more", got)


def costs_and_payments(bed):
    """What is held against the record as it comes in, against a record that is larger than a request may read."""
    with open(bed.contract("NW-2026", "CL-2026"), encoding="utf-8") as f:
        text = f.read()
    path = os.path.join(bed.folder, "cloud.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("\ncharges:\n", "\ncharges:\n" + CLOUD))
    bed.must("contract", "add", path, "--client", "northwind", "--agreed", "2026-01-01T00:00Z")
    post = poster(bed, "CL-2026", "provider")

    def cost(i, source="AWS", day="2026-03-05"):
        return fact("cost.recorded", f"c{i}", f"{day}T00:00:00Z", charge="cloud", amount=f"1.{i}1", currency="CAD", supplier=source, rate="1 CAD = 0.7312 USD")

    status, got = post("/facts?source=clouds", b"".join(cost(i) for i in range(8100)))
    ok(status == 201 and got["recorded"] == 8100, "costs of one day, more than a piece has", status, got)
    status, got = post("/usage?source=clouds", b"".join(cost(i) for i in range(8200)))
    ok(status == 201 and (got["again"], got["recorded"]) == (8100, 100), "all again with what is new: the new ones are added", status, got)
    status, got = post("/facts?source=more", b"".join(fact("outage.began", f"m{i}", f"2026-02-{i % 28 + 1:02d}T{i // 28 % 24:02d}:{i // 672 % 60:02d}:00Z", outage=f"m{i}",
                                                           assets=["records"], severity="down") for i in range(MANY)))
    ok(status == 201 and got["size"] > MANY, "a large record", status, got)
    status, got = post("/facts?source=clouds", cost(9000))
    ok(status == 201 and got["recorded"] == 1 and got["turned_rates"] == 0, "takes a cost more", status, got)
    turned = cost(9001).replace(b"1 CAD = 0.7312 USD", b"1 USD = 0.7312 CAD") + cost(9002)
    status, got = post("/facts?source=clouds", turned)
    ok(status == 201 and got["turned_rates"] == 2, "and sees a rate that is the wrong way round, and the one after it", status, got)
    status, got = post("/facts?source=other", cost(9003))
    ok(status == 422 and got["code"] == "cost.other_source" and "'clouds'" in got["detail"], "costs of that month from another source are the same money", status, got)
    status, got = post("/facts?source=other", cost(9003, "Oracle") + cost(9004, day="2026-05-05"))
    ok(status == 201 and got["recorded"] == 2, "another supplier's or month's are not", status, got)

    def pay(i, reference="x", **more):
        return fact("payment.received", f"p{i}", "2026-03-05T00:00:00Z", payment=f"P{i}", amount="10.00", currency="USD", reference=reference, **more)

    status, got = post("/facts?source=bank", pay(1) + pay(2) + pay(3, "y"))
    ok(status == 201 and got["recorded"] == 3 and got["duplicate_payments"] == 1, "payments: the second equals the first", status, got)
    status, got = post("/facts?source=bank", pay(4, "y") + pay(5, "z"))
    ok(status == 201 and got["recorded"] == 2 and got["duplicate_payments"] == 1, "and one that equals one recorded before is told", status, got)
    out = bed.must("import", "--contract", "CL-2026", "-", "--source", "bank", stdin=pay(6, "y"))
    ok("'P6' equals P3" in out, "by the first that it equals", out)
    bed.must("fact", "withdraw", "p5", "--contract", "CL-2026")
    status, got = post("/facts?source=bank", pay(7, "z"))
    ok(status == 201 and got["duplicate_payments"] == 0, "one that was taken back is none to be equal to", status, got)


def unread(bed):
    """A line that could not be read is not in the record: then the status is not the one that says that all is."""
    row = fact("outage.began", "un1", "2026-02-01T00:00:00Z", outage="un1", assets=["records"], severity="down")
    wrong = row.replace(b"severity", b"sevrity").replace(b"un1", b"un2")
    for name, body in (("alone", wrong), ("beside a good one", row + wrong)):
        got = send(bed, "unread", body)
        notes = got.json()["files"][0]["notes"]
        ok(got.status == 200 and notes and notes[0]["line"] == body.count(b"\n") and "sevrity" in notes[0]["text"], f"an unknown field {name}: 200, and named", got)
    got = send(bed, "unread", row)
    ok(got.status == 201 and got.json()["again"] == 1, "what is there is 201 again", got)
    table = b"id,kind,occurred_at,outage,assets,severity\nun3,outage.began,yesterday,un3,records,down\n"
    got = bed.post(FACTS + "unread", table, Content_Type="text/csv")
    ok(got.status == 200 and got.json()["recorded"] == 0, "in a table, too", got)


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
        verbs_of_money(bed)
        costs_and_payments(bed)
        unread(bed)
        rights(bed)
        # as many requests as a token may at once: pieces of one are one
        ok("worker_died" not in bed.log(), "no worker died", bed.log()[-600:])
        bed.stop()
    done()


main()
