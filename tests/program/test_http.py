#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Requests by raw bytes: the list of trust.md H2 (column "Tenor alone"), H3, whose host it is (S1), what every answer has (S9), every limit of X5 that
a request can reach at the limit and one beyond, conditional and compressed answers, the listener for operation.
"""

import gzip
import socket
import sys
import tempfile

sys.dont_write_bytecode = True
from http_requests import HIDDEN, REFUSED, bytes_of
from program import done, ok
from wire import Server, free_port, read_answer

SECURITY = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
                               "base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin", "strict-transport-security": "max-age=31536000; includeSubDomains", "cache-control": "no-store",
}


def h2(s):
    for name, text, right in REFUSED:
        answer = s.raw(bytes_of(text, s.name))
        ok(answer.status in right, f"{name}: {' or '.join(str(r) if r else 'closed' for r in sorted(right))}", answer)
    for name, text in HIDDEN:
        answer = s.raw(bytes_of(text, s.name))
        ok(answer.status in (200, 400), f"{name}: answered as the shortened request, or 400", answer)
    answer = s.raw(b"GET /echo HTTP/1.1\nHost: " + s.name.encode() + b"\n\n")
    ok(answer.status in (200, 400), "bare LF: answered, or 400", answer)
    refused = s.raw(bytes_of("GET /echo HTTP/1.1|Host: HOST|Host: HOST||", s.name))
    ok(refused.fields.get("connection") == "close", "what breaks a rule ends the connection", refused)
    ok(refused.fields.get("content-type") == "application/problem+json" and refused.json()["code"] == "field.twice" and
       refused.json()["request"] == refused.fields["request-id"], "and is told as a problem with its request id", refused)
    ok(all(refused.fields.get(k) == v for k, v in SECURITY.items()), "and has the fields of S9", refused)
    smuggled = s.raw(bytes_of("POST /echo HTTP/1.1|Host: HOST|Content-Length: 6|Transfer-Encoding: chunked||0||GET /see HTTP/1.1|Host: HOST||", s.name))
    ok(smuggled.raw.count(b"HTTP/1.1 ") == 1, "no second request is read behind a refused one", smuggled)


def h3(s):
    for path, right in [("/echo/a%2fb", 404), ("/echo/a%5cb", 404), ("/echo/..", 404), ("/echo/.", 404), ("/echo//a", 404), ("/echo/%2e%2e", 404),
                        ("/echo/", 404), ("//echo", 404), ("/echo/%ff", 404), ("/echo/%0a", 404), ("/nothing", 404)]:
        ok(s.ask(path).status == right, f"{path} is {right}")
    answer = s.ask("/echo/a%20b%C3%A9%2541")
    ok(answer.status == 200 and answer.json()["last"] == "a bé%41", "a segment is decoded once", answer)
    for n, right in [(15, 200), (16, 404)]:
        ok(s.ask("/echo" + "/a" * n).status == right, f"{n + 1} segments: {right}")
    for query, field in [("x=1&x=2", "x"), ("a=%ff", "a"), ("b=%01", "b"), ("=1", None), ("x=1&", None), ("a&a", "a")]:
        answer = s.ask("/echo?" + query)
        ok(answer.status == 400 and answer.json()["code"] == "query" and (field is None or f"'{field}'" in answer.json()["detail"] or
           "control" in answer.json()["detail"]), f"the query {query} is 400 and names what is wrong", answer)
    for n, right in [(256, 200), (257, 400)]:
        answer = s.ask("/echo?" + "&".join(f"p{i}" for i in range(n)))
        ok(answer.status == right, f"{n} parameters: {right}", answer)
    answer = s.ask("/echo?x=a+b%26", fields=["Cookie: a=1; b=2; a=1; c=1; c=2", "Upgrade: h2c", "Connection: Upgrade"])
    ok(answer.status == 200 and answer.json()["x"] == "a b&" and answer.json()["cookies"] == 2,
       "a query is decoded, a cookie with two values is none, Upgrade is ignored", answer)
    with s.connect() as sock:
        sock.sendall(bytes_of("POST /echo HTTP/1.1|Host: HOST|Expect: 100-continue|Content-Length: 5||", s.name))
        first = sock.recv(1000)
        sock.sendall(b"hello")
        rest = sock.recv(10000) if b"200 OK" not in first else first
        ok(first.startswith(b"HTTP/1.1 100") and b"hello" in rest, "Expect: 100-continue is answered, then the body taken", first, rest)


def hosts(s):
    for name, right in [(s.name, 200), ("alias.example", 200), ("other.example", 421), (s.name.replace("127.0.0.1", "localhost"), 421), (s.host, 421)]:
        answer = s.raw(f"GET /echo HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
        ok(answer.status == right, f"Host {name.replace(str(s.port), 'PORT')}: {right}", answer)
    ok(s.raw(b"GET /-/live HTTP/1.1\r\nHost: whoever\r\n\r\n").body == b"live\n", "/-/live answers whoever asks")
    answer = s.ask("/echo", fields=["X-Forwarded-For: 1.2.3.4"])
    ok(answer.json()["address"] == "127.0.0.1", "X-Forwarded-For of nobody listed does not count", answer)
    with Server("--proxy", "127.0.0.1", "--base-url", "https://tenor.example", port=free_port()) as behind:
        got = behind.raw(b"GET /echo HTTP/1.1\r\nHost: tenor.example\r\nX-Forwarded-For: 6.6.6.6, 9.9.9.9, 127.0.0.1\r\n\r\n")
        ok(got.json()["address"] == "9.9.9.9", "from a listed proxy the right-most hop that is not one counts", got)
        ok(behind.raw(b"GET /echo HTTP/1.1\r\nHost: tenor.example:443\r\n\r\n").status == 200, "the port that https implies may be named")
        ok(behind.raw(b"GET /echo HTTP/1.1\r\nHost: " + behind.name.encode() + b"\r\n\r\n").status == 421, "the address behind the proxy is not a host")
    for options, why in [(["--base-url", "http://tenor.example"], "http elsewhere than on loopback"), (["--ops", "0.0.0.0:0"], "health to the world"),
                         (["--base-url", "ftp://x"], "another scheme"), (["--workers", "0"], "no worker")]:
        with Server(*options) as refused:
            ok(refused.process.wait(30) == 64 and refused.log()[0].get("text", "").startswith("stand: "), f"does not start with {why}", refused.log())


def limits(s):
    def head(n):
        """A whole head of n bytes, of a dozen fields."""
        start = f"GET /echo HTTP/1.1\r\nHost: {s.name}\r\n"
        fields = "".join(f"X{i}: {'a' * 1000}\r\n" for i in range(12))
        rest = n - len(start) - len(fields) - len("Y: \r\n\r\n")
        return (start + fields + "Y: " + "b" * rest + "\r\n\r\n").encode()

    for n, right in [(16384, 200), (16385, 431)]:
        answer = s.raw(head(n))
        ok(answer.status == right, f"a head of {n} bytes: {right}", answer)
    ok(s.raw(head(200_000)).status in (431, 0), "a head of 200,000 bytes: 431, or closed")
    for n, right in [(64, 200), (65, 431)]:
        answer = s.ask("/echo", fields=[f"X{i}: a" for i in range(n - 1)])
        ok(answer.status == right, f"{n} fields: {right}", answer)
    for n, right in [(8190, 200), (8191, 414)]:
        answer = s.ask("/echo?x=" + "a" * (n - len("/echo?x=")))
        ok(answer.status == right, f"an address of {n} bytes: {right}", answer)
    for kind, n in [("text/plain", 1 << 20), ("multipart/form-data; boundary=x", (25 << 20) + (64 << 10)), ("application/x-ndjson", 1 << 20)]:
        for more, right in [(0, 200), (1, 413)]:
            answer = s.ask("/echo", "POST", [f"Content-Type: {kind}"], b"a" * (n + more))
            ok(answer.status == right and (right != 200 or answer.json()["body"] == n), f"a body of {n + more} bytes of {kind}: {right}", answer)
    for n, right in [(1 << 20, 200), ((1 << 20) + 1, 413)]:
        body = b"%x\r\n" % n + b"a" * n + b"\r\n0\r\n\r\n"
        answer = s.raw(bytes_of("POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||", s.name) + body)
        ok(answer.status == right, f"{n} bytes in chunks: {right}", answer)
    answer = s.raw(bytes_of("POST /echo HTTP/1.1|Host: HOST|Transfer-Encoding: chunked||", s.name) + b"500000\r\n" + b"a" * 0x500000)
    ok(answer.status in (0, 413), "chunks without end are cut off", answer)
    top = 32 << 20
    ok(s.ask(f"/greedy?bytes={top - 65536}").status == 200, "a request may take 32 MiB of memory")
    ok(s.ask(f"/greedy?bytes={top + 4096}").status == 0, "one that takes more ends its worker, and only that")
    ok(s.until(lambda: [e for e in s.events("worker_died") if e["reason"] == "arena"]), "which is told in the log", s.log()[-5:])
    ok(s.ask("/echo").status == 200, "and the server answers on")
    answer = s.ask(f"/big?bytes={64 << 20}")
    ok(answer.status == 200 and len(answer.body) == 64 << 20, "an answer of 64 MiB")
    ok(s.ask(f"/big?bytes={(64 << 20) + 1}").status == 500, "one of more is none")


def answers(s):
    get, head = s.ask("/echo"), s.ask("/echo", "HEAD")
    ok(head.status == 200 and head.body == b"" and head.fields["content-length"] != "0" and set(head.fields) == set(get.fields), "HEAD is GET without its body", head)
    ok(all(get.fields.get(k) == v for k, v in SECURITY.items()), "every answer has the fields of S9", get)
    ok(len(get.fields["request-id"]) == 16 and get.fields["request-id"] != head.fields["request-id"], "and an id of its own", get)
    missing = s.ask("/nothing")
    ok(all(missing.fields.get(k) == v for k, v in SECURITY.items()) and missing.json()["status"] == 404, "one that is not there has them as well", missing)
    tagged = s.ask("/tagged")
    ok(tagged.fields["etag"] == '"v1"' and tagged.fields["cache-control"] == "max-age=3600" and tagged.fields["vary"] == "Accept-Encoding", "what may be kept says so", tagged)
    for value, right in [('"v1"', 304), ('W/"v1"', 304), ('"v0", "v1"', 304), ("*", 304), ('"v1.gz"', 304), ('"v2"', 200), ("v1", 200)]:
        answer = s.ask("/tagged", fields=[f"If-None-Match: {value}"])
        ok(answer.status == right and (right == 200 or (answer.body == b"" and answer.fields["etag"] == '"v1"')), f"If-None-Match {value}: {right}", answer)
    zipped = s.ask("/tagged", fields=["Accept-Encoding: br, gzip;q=0.5"])
    ok(zipped.fields.get("content-encoding") == "gzip" and gzip.decompress(zipped.body) == tagged.body and zipped.fields["etag"] == '"v1.gz"', "gzip where it is taken, with a tag of its own", zipped)
    for value in ["identity", "gzip;q=0", "br"]:
        ok("content-encoding" not in s.ask("/tagged", fields=[f"Accept-Encoding: {value}"]).fields, f"none for {value}")
    ok("content-encoding" not in s.ask("/form", fields=["Accept-Encoding: gzip"]).fields, "a page with a form is never compressed")
    ok(s.ask("/page", fields=["Accept-Encoding: gzip"]).fields.get("content-encoding") == "gzip", "one without is")
    ok("content-encoding" not in s.ask("/echo", fields=["Accept-Encoding: gzip"]).fields, "a short answer is not")
    see = s.ask("/see", "POST", body=b"x")
    ok(see.status == 303 and see.fields["location"] == "/echo", "a redirect is a path of our own", see)
    with s.connect() as sock:
        sock.sendall(bytes_of("GET /echo?x=1 HTTP/1.1|Host: HOST||GET /echo?x=2 HTTP/1.1|Host: HOST|Connection: close||", s.name))
        got = b""
        while True:
            piece = sock.recv(65536)
            if not piece:
                break
            got += piece
        ok(got.count(b"HTTP/1.1 200") == 2 and got.index(b'"x":"1"') < got.index(b'"x":"2"'), "two requests on one connection are answered in order", got[:500])
    old = s.raw(f"GET /echo HTTP/1.0\r\nHost: {s.name}\r\n\r\n".encode())
    ok(old.status == 200, "HTTP/1.0 is answered", old)


def operation(s, ops):
    def get(path, method="GET"):
        with socket.create_connection(("127.0.0.1", ops), timeout=30) as sock:
            sock.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            return read_answer(sock)

    s.ask("/fact")
    s.ask("/actor?x=u_4m2q9r7x1c8v3k6t")
    s.ask("/actor?x=Ana%20Ruiz%0d%0a")
    ok(get("/live").body == b"live\n" and get("/ready").body == b"ready\n", "/live and /ready answer on the listener for operation")
    ok(get("/echo").status == 404 and get("/live", "POST").status == 405, "and nothing else does")
    for path in ["/metrics", "/ready"]:
        ok(s.ask(path).status == 404, f"{path} is not public")
    metrics = get("/metrics")
    text = metrics.body.decode()
    for line in ['tenor_requests_total{action="echo",status="200"}', 'tenor_refused_total{reason="field.twice"}', 'tenor_facts_total{kind="outage"} 3',
                 'tenor_worker_deaths_total{reason="arena"} 1', "tenor_arena_peak_bytes ", 'tenor_request_seconds_bucket{action="echo",le="+Inf"}', "tenor_landlock_abi "]:
        ok(line in text, f"metrics have {line}", text[:3000])
    ok(all(line.startswith(("# ", "tenor_")) for line in text.splitlines()), "and only lines of Prometheus")
    s.until(lambda: len(s.events("request")) > 0)
    fields = set().union(*(e.keys() for e in s.log()))
    ok(fields <= {"t", "level", "event", "request", "action", "reason", "status", "ms", "bytes", "actor", "log", "worker"}, "the log has fields of the list only", fields)
    with open(s.log_path, encoding="utf-8") as f:
        log = f.read()
    ok("Ana" not in log and "127.0.0.1" not in log and "?" not in log and "u_4m2q9r7x1c8v3k6t" in log, "an opaque actor is told; no name, address or query is")



def main():
    ops = free_port()
    with tempfile.TemporaryDirectory() as folder:
        with Server("--workers", "2", "--alias", "alias.example", "--folder", folder, "--ops", f"127.0.0.1:{ops}") as s:
            h2(s)
            h3(s)
            hosts(s)
            limits(s)
            answers(s)
            operation(s, ops)
            ok(s.end() == 0, "ends with status 0 on SIGTERM")
            ok(not [e for e in s.log() if e["event"] == "text"], "nothing but lines of JSON was written", [e for e in s.log() if e["event"] == "text"])
    done()


main()
