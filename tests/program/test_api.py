#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The API over loopback: who asks, what is read, what is answered (trust.md S13 to S15, S20), facts in bulk (J27, J28), webhooks (S18), the
description as JSON Schema that every answer fits, with every example in it done, and the first form of V7: what is foreign is answered like
what is unknown, byte for byte.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True
from api_bed import Bed
from described import DRAFT, refs_in, schemas_in
from program import done, note, ok

API = "/api/v1"
NW = API + "/contracts/NW-2026"
OUTAGE = {"kind": "outage.began", "occurred_at": "2026-03-22T09:00:00Z", "assets": ["records"], "severity": "down"}


def lines(*facts):
    return "".join(json.dumps(f) + "\n" for f in facts).encode()


def problem(answer, status, code, field=None):
    if answer.status != status or answer.headers.get("content-type") != "application/problem+json":
        return False
    p = answer.json()
    return p["status"] == status and p["code"] == code and p["request"] and (field is None or p.get("field") == field)


def who_asks(bed):
    for name, token in (("no token", None), ("an unknown token", "tnr_" + "a" * 16 + "_" + "b" * 52), ("no token at all", "x")):
        got = bed.get(API + "/contracts", token)
        ok(problem(got, 401, "token") and got.headers.get("www-authenticate", "").startswith("Bearer"), f"{name}: 401", got)
    got = bed.ask("GET", API + "/contracts", None, Cookie="tenor-dev=" + "a" * 43)
    ok(got.status == 401, "cookies count for nothing", got)
    got = bed.get(API + "/contracts", None)
    ok(bed.get(API + "/no-such", None).plain()[0] == 401 and got.status == 401, "without a token no path is told apart")
    ok(bed.get(API + "/contracts").status == 200, "with a token there is an answer")


def requests_are_read(bed):
    cases = [
        ("an unknown path", bed.get(API + "/nothing"), 404, "not_found", None),
        ("another version", bed.get("/api/v2/contracts"), 404, "not_found", None),
        ("another method", bed.ask("PUT", API + "/contracts", body={}), 405, "method", None),
        ("an unknown parameter", bed.get(NW + "/statement?mnth=2026-03"), 400, "usage", "mnth"),
        ("a parameter of the command line", bed.get(NW + "/statement?month=2026-03&known-as-of=2026-04-01"), 400, "usage", "known-as-of"),
        ("a value that is none", bed.get(NW + "/statement?month=March"), 400, "usage", "month"),
        ("who acts", bed.get(NW + "/statement?month=2026-03&as=owner"), 400, "usage", "as"),
        ("another workspace", bed.get(NW + "/statement?month=2026-03&workspace=/etc/passwd"), 400, "usage", "workspace"),
        ("a key file", bed.get(NW + "/statement?month=2026-03&key=/etc/passwd"), 400, "usage", "key"),
        ("where to write", bed.get(NW + "/statement?month=2026-03&output=/tmp/x"), 400, "usage", "output"),
        ("issuing by GET", bed.get(NW + "/statement?month=2026-03&issue=true"), 400, "usage", "issue"),
        ("a path's name again", bed.get(NW + "/statement?month=2026-03&contract=HS-2026"), 400, "usage", "contract"),
        ("what is needed", bed.get(NW + "/exit-quote"), 400, "usage", "on"),
        ("a format that is none", bed.get(NW + "/statement?month=2026-03&format=odt"), 400, "usage", "format"),
        ("an answer that is none", bed.get(NW + "/statement?month=2026-03", Accept="image/png"), 406, "not_acceptable", "accept"),
        ("no JSON", bed.post(NW + "/payments", b"{"), 400, "json.syntax", None),
        ("no object", bed.post(NW + "/payments", b"[]"), 400, "json.syntax", None),
        ("a name twice", bed.post(NW + "/payments", b'{"amount":"1.00","amount":"2.00"}'), 400, "json.syntax", None),
        ("too deep", bed.post(NW + "/payments", b"[" * 33 + b"]" * 33), 400, "json.syntax", None),
        ("a fraction", bed.post(NW + "/payments", {"amount": 1.5, "date": "2026-04-02"}), 400, "usage", "amount"),
        ("null", bed.post(NW + "/payments", {"amount": None, "date": "2026-04-02"}), 400, "usage", "amount"),
        ("an unknown member", bed.post(NW + "/payments", {"amount": "1.00", "date": "2026-04-02", "paid": True}), 400, "usage", "paid"),
        ("a list where there is one", bed.post(NW + "/payments", {"amount": ["1.00"], "date": "2026-04-02"}), 400, "usage", "amount"),
        ("a NUL", bed.post(NW + "/payments", {"amount": "1\u0000", "date": "2026-04-02"}), 400, "usage", "amount"),
        ("a parameter beside the body", bed.post(NW + "/payments?amount=1.00", {"date": "2026-04-02"}), 400, "usage", "amount"),
        ("a form", bed.post(NW + "/payments", b"amount=1", Content_Type="application/x-www-form-urlencoded"), 415, "content_type", None),
        ("another character set", bed.post(NW + "/payments", {}, Content_Type="application/json; charset=latin1"), 415, "content_type", None),
        ("a fact without id", bed.post(NW + "/facts", {"kind": "outage.began", "fields": {"outage": "x"}}), 400, "usage", "id"),
        ("a file of the machine", bed.post(NW + "/facts?map=/etc/passwd", b"a,b\n1,2\n", Content_Type="text/csv"), 400, "usage", None),
        ("a mapping that is none", bed.post(NW + "/facts?map=focsu", b"a,b\n1,2\n", Content_Type="text/csv"), 400, "usage", "map"),
        ("a mapping of another kind of file", bed.post(NW + "/facts?map=focus", lines({**OUTAGE, "id": "m1", "outage": "m1"}), Content_Type="application/x-ndjson"), 400, "usage", "map"),
        ("tickets after one that is none", bed.get(NW + "/tickets?after=T-none"), 400, "usage", "after"),
        ("an empty body", bed.post(NW + "/facts", b"", Content_Type="text/csv"), 400, "usage", None),
    ]
    for name, got, status, code, field in cases:
        ok(problem(got, status, code, field), f"{name}: {status} {code}", got)
        ok(b"/etc/passwd" not in got.body.replace(b'"map', b"") or name == "a file of the machine", f"{name}: no path", got)
        ok(bed.workspace.encode() not in got.body and b"--" not in got.body, f"{name}: in words of the API", got)
    got = bed.ask("PUT", API + "/contracts", body={})
    ok(sorted(got.headers.get("allow", "").split(", ")) == ["GET", "HEAD", "POST"], "405 names what is there", got)


def answers(bed):
    got = bed.get(NW + "/statement?month=2026-03")
    ok(got.status == 200 and got.headers["content-type"] == "application/json" and "metrics" in got.body.decode(), "a statement as JSON", got)
    tag = got.headers.get("etag", "")
    ok(re.fullmatch(r'(W/)?"[0-9a-f]{32}"', tag) is not None, "with a tag", got.headers)
    again = bed.get(NW + "/statement?month=2026-03", If_None_Match=tag)
    ok(again.status == 304 and not again.body, "the same tag: 304", again)
    for condition, right in ((tag, 200), ("*", 200), (f'"x", {tag}', 200), ('"x"', 412), ("W/" + tag, 412)):
        got_if = bed.get(NW + "/statement?month=2026-03", If_Match=condition)
        ok(got_if.status == right and (right == 200 or problem(got_if, 412, "precondition")), f"If-Match: {condition[:4]}...: {right}", got_if)
    zipped = bed.get(NW + "/statement?month=2026-03", Accept_Encoding="gzip").headers["etag"]
    ok(zipped != tag and bed.get(NW + "/statement?month=2026-03", If_Match=zipped, Accept_Encoding="gzip").status == 200, "or the tag of the compressed one", zipped)
    for field in ("If_Match", "If_None_Match", "If_Unmodified_Since"):
        refused = bed.post(NW + "/payments", {"id": "C-1", "amount": "1.00", "date": "2026-04-02"}, **{field: '"x"'})
        ok(problem(refused, 412, "precondition"), f"what records takes no {field}", refused)
    local = bed.must("statement", "--contract", "NW-2026", "--month", "2026-03", "--json", "--limit", "50")
    ok(json.loads(local) == got.json(), "as the command line has it")
    for accept, start in (("text/html", b"<!DOCTYPE html>"), ("application/pdf", b"%PDF-"), ("text/csv", b'"'), ("text/plain", b"")):
        got = bed.get(NW + "/statement?month=2026-03", Accept=accept)
        ok(got.status == 200 and got.headers["content-type"].startswith(accept) and got.body.lower().startswith(start.lower()) or
           accept == "text/csv" and got.status == 200, f"a statement as {accept}", got)
    got = bed.get(NW + "/statement?month=2026-03", Accept="text/html;q=0.5, application/json;q=0.9, */*;q=0.1")
    ok(got.headers["content-type"] == "application/json", "Accept by its weights", got.headers)
    got = bed.get(NW + "/statement?month=2026-03&format=html", Accept="application/json")
    ok(got.headers["content-type"].startswith("text/html"), "the query before Accept", got.headers)
    got = bed.ask("HEAD", NW + "/statement?month=2026-03")
    ok(got.status == 200 and not got.body and got.headers.get("etag"), "HEAD", got)
    got = bed.get(NW + "/statement?month=2026-03&lang=de", Accept="text/plain")
    ok(got.status == 200, "in another language", got)
    got = bed.get(NW + "/log?from=0&to=1")
    ok(got.headers["content-type"] == "application/x-ndjson" and len(got.body.splitlines()) == 2, "the log, a line each", got)
    size = 0
    while part := bed.get(f"{NW}/log?from={size}").body.splitlines():
        size += len(part)
    for query in (f"from={size}", f"from={size}&to={size + 9}", "from=123456789"):
        got = bed.get(f"{NW}/log?{query}")
        ok(size > 2 and got.status == 200 and got.body == b"" and got.headers["content-type"] == "application/x-ndjson", f"the log, {query}: nothing yet, which is no error", got)
    got = bed.get(f"{NW}/log?from={size - 1}")
    ok(len(got.body.splitlines()) == 1 and got.json()["index"] == size - 1, "its last entry", got)
    got = bed.get(f"{NW}/log?from={size}&to={size - 1}")
    ok(got.status == 400, "from after to is a mistake", got)
    got = bed.get(NW + "/bundle?month=2026-03")
    ok(got.status == 200 and got.headers["content-type"] == "application/x-tar" and got.body[257:262] == b"ustar", "a bundle", got)


def lists(bed):
    whole = bed.get(API + "/invoices?contract=NW-2026").json()
    numbers = [d["invoice"] for d in whole]
    got, seen, after = [], 0, ""
    while seen < 20:
        page = bed.get(API + f"/invoices?contract=NW-2026&limit=1{after}")
        got += [d["invoice"] for d in page.json()]
        seen += 1
        link = re.match(r'<([^>]*)>; rel="next"', page.headers.get("link", ""))
        if not link:
            break
        after = "&after=" + urllib.parse.parse_qs(urllib.parse.urlparse(link.group(1)).query)["after"][0]
    ok(numbers and got == numbers, "a list page by page is the list", numbers, got)
    ok(problem(bed.get(API + "/invoices?limit=0"), 400, "usage", "limit") and problem(bed.get(API + "/invoices?limit=1001"), 400, "usage", "limit"),
       "a page has 1 to 1,000")
    ok(problem(bed.get(API + "/invoices?after=INV-1"), 400, "usage", "after"), "going on after nothing")
    for path, key in (("/clients", "id"), ("/contracts", "contract")):
        got = bed.get(API + path + "?limit=1")
        rest = got.json()
        rest = rest if isinstance(rest, list) else next(v for v in rest.values() if isinstance(v, list))
        ok(got.status == 200 and len(rest) == 1 and key in rest[0] and "link" in got.headers, f"{path} by pages", got)


def facts(bed):
    first, second = {**OUTAGE, "id": "b1", "outage": "b1"}, {**OUTAGE, "id": "b2", "outage": "b2"}
    got = bed.post(NW + "/facts?source=probes", lines(first, second), Content_Type="application/x-ndjson")
    ok(got.status == 201 and got.json()["recorded"] == 2, "facts in bulk", got)
    got = bed.post(NW + "/facts?source=probes", lines(first, second), Content_Type="application/x-ndjson")
    ok(got.status == 201 and got.json()["recorded"] == 0 and got.json()["again"] == 2, "the same again: nothing is recorded twice", got)
    got = bed.post(NW + "/facts?source=probes", lines(first, {**second, "severity": "degraded"}), Content_Type="application/x-ndjson")
    answer = got.json()
    ok(got.status == 200 and answer["conflicts"] == 1 and answer["not_recorded"][0]["line"] == 2, "another content under an id is named", got)
    got = bed.post(NW + "/facts", lines(first, {"kind": "nonsense"}), Content_Type="application/x-ndjson")
    ok(got.status in (200, 201, 422), "a line that is no fact is told", got)
    ok("nonsense" in got.body.decode() or got.json().get("skipped"), "  by name", got)
    one = {"id": "019d0f2e-1180-7000-8000-00000000000a", "kind": "outage.began", "at": "2026-03-23T09:00:00Z",
           "fields": {"outage": "c1", "assets": ["records"], "severity": "down"}}
    got = bed.post(NW + "/facts", one)
    ok(got.status == 201 and got.json()["id"] == one["id"] and not got.json()["again"], "one fact", got)
    again = bed.post(NW + "/facts", one)
    ok(again.status == 201 and again.headers.get("idempotent-replayed") == "true" and again.json()["index"] == got.json()["index"],
       "sent again: the first answer (J28)", again)
    got = bed.post(NW + "/facts", {**one, "fields": {**one["fields"], "severity": "degraded"}})
    ok(problem(got, 422, "id_conflict"), "other content under its id: 422", got)
    keyed = {k: v for k, v in one.items() if k != "id"}
    got = bed.post(NW + "/facts", keyed, Idempotency_Key=one["id"])
    ok(got.status == 201 and got.headers.get("idempotent-replayed") == "true", "the key is the id", got)
    got = bed.post(NW + "/facts", one, Idempotency_Key="019d0f2e-1180-7000-8000-00000000000b")
    ok(problem(got, 422, "idempotency_key", "id"), "a key that is another id: 422", got)
    got = bed.post(NW + "/payments", {"id": "P-1", "amount": "10.00", "date": "2026-04-02"})
    ok(got.status == 201, "a payment", got)
    before = bed.get(API + "/statement-of-account?contract=NW-2026").json()
    bed.post(NW + "/payments", {"id": "P-1", "amount": "10.00", "date": "2026-04-02"})
    ok(bed.get(API + "/statement-of-account?contract=NW-2026").json() == before, "the same payment again changes nothing")


def batches(bed):
    many = [{**OUTAGE, "id": f"m{i}", "outage": f"m{i}", "occurred_at": f"2026-02-{i % 28 + 1:02d}T{i // 28 % 24:02d}:{i % 60:02d}:00Z"}
            for i in range(2500)]
    got = bed.post(NW + "/facts?source=many", lines(*many), Content_Type="application/x-ndjson")
    ok(got.status == 201 and got.json()["recorded"] == 2500, "2,500 facts in three batches", got)
    got = bed.post(NW + "/facts?source=many", lines(*many), Content_Type="application/x-ndjson")
    ok(got.json()["again"] == 2500 and got.json()["recorded"] == 0, "all of it again is safe", got)


def scopes(bed):
    got = bed.post(NW + "/facts", lines({**OUTAGE, "id": "s1", "outage": "s1"}), "probes", Content_Type="application/x-ndjson")
    ok(got.status == 201 and got.json()["recorded"] == 1, "a token records what it is for", got)
    other = {"id": "s2", "kind": "ticket.logged", "occurred_at": "2026-03-22T09:00:00Z", "ticket": "T-900", "service": "helpdesk", "priority": "P3",
             "party": "client"}
    got = bed.post(NW + "/facts", lines(other), "probes", Content_Type="application/x-ndjson")
    ok(got.status == 200 and got.json()["refused"] == 1, "and no other kind", got)
    got = bed.get(NW + "/statement?month=2026-03", "probes")
    ok(problem(got, 403, "right"), "nor does it read", got)
    got = bed.get(API + "/contracts/HS-2026/statement?month=2026-03", "one")
    ok(got.status == 200, "a token for one contract reads it", got)
    ok(bed.get(NW + "/statement?month=2026-03", "one").plain() == bed.get(API + "/contracts/NX-2026/statement?month=2026-03", "one").plain(),
       "and no other")
    for path, body in ((API + "/users", {"handle": "x", "role": ["owner"]}), (API + "/invoice-runs", {"contract": "NW-2026"}),
                       (API + "/invoices/INV-2026-00001/credit-notes", {"line": 1, "amount": "1.00", "reason": "goodwill"}),
                       (API + "/clients", {"id": "z", "name": "Z"}), (API + "/erasures", {"person": "Ana"})):
        got = bed.post(path, body)
        ok(problem(got, 403, "right"), f"{path}: no token may", got)


def hooks(bed):
    alert = {"status": "firing", "fingerprint": "f1", "startsAt": "2026-03-24T08:30:00Z", "endsAt": "0001-01-01T00:00:00Z",
             "labels": {"asset": "records", "severity": "critical"}}
    path = API + "/hooks/alertmanager?form=alertmanager"
    got = bed.post(path, {"alerts": [alert]}, "probes")
    ok(got.status == 201 and got.json()["recorded"] == 1, "an alert is an outage; the token says whose", got)
    got = bed.post(path, {"alerts": [alert]}, "probes")
    ok(got.status == 201 and got.json()["recorded"] == 0, "told again it is the same", got)
    got = bed.post(path, {"alerts": [{**alert, "status": "resolved", "endsAt": "2026-03-24T09:00:00Z"}]}, "probes")
    ok(got.status == 201 and got.json()["recorded"] == 1, "and it ends", got)
    shown = bed.get(NW + "/log?fact=f1%7C2026-03-24T08:30:00Z%7Cended")
    ok(shown.status == 200 and "outage.ended" in shown.body.decode(), "as the record shows", shown)
    plain = {"events": [{"key": 7, "where": "firewall", "now": "bad", "since": "2026-03-24T10:00:00Z"}]}
    got = bed.post(API + "/hooks/own?each=events&id=key&asset=where&state=now&began=since&down=bad&up=good", plain, "probes")
    ok(got.status == 201 and got.json()["recorded"] == 1, "any JSON, by saying where what is", got)
    cases = [("no asset", {"alerts": [{**alert, "labels": {}}]}, 422, "asset"), ("no list", {"alert": []}, 422, "each"),
             ("an unknown state", {"alerts": [{**alert, "status": "odd"}]}, 422, "state"), ("none", {"alerts": []}, 422, None)]
    for name, body, status, field in cases:
        got = bed.post(path, body, "probes")
        ok(problem(got, status, "invalid", field), f"a webhook with {name}: {status}", got)
    ok(problem(bed.post(API + "/hooks/x", {"id": "1"}), 400, "usage", "contract"), "which contract must be known")
    ok(problem(bed.post(path + "&contract=HS-2026", {"alerts": [alert]}, "probes"), 404, "not_found"), "another contract than the token's: 404")
    ok(bed.get(path).status == 405 and bed.post(path, b"x", Content_Type="text/plain").status == 415, "POST, and JSON")


def told_at_once(bed, path, who, size):
    """The status of a POST of which the head alone is sent."""
    connection = http.client.HTTPConnection(bed.host, timeout=60)
    try:
        connection.putrequest("POST", path)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(size)), ("Authorization", f"Bearer {bed.tokens[who]}")):
            connection.putheader(name, value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def hook_limits(bed):
    """S18 and X5 at their limits and one beyond: alerts of one webhook, its size, how deep it is, how far it points into itself."""
    path, who = API + "/hooks/limits?form=alertmanager", "one"
    alerts = [{"status": "firing", "fingerprint": f"w{i}", "startsAt": f"2026-05-{i % 28 + 1:02d}T08:{i // 28:02d}:00Z",
               "labels": {"asset": "records", "severity": "critical"}} for i in range(1001)]
    got = bed.post(path, {"alerts": alerts}, who)
    ok(problem(got, 413, "too_large") and "1000" in got.json()["detail"], "1,001 alerts in one webhook: 413, and how many may be", got)
    got = bed.post(path, {"alerts": alerts[:1000]}, who)
    ok(got.status == 201 and got.json()["recorded"] == 1000, "1,000 are taken, and none of those before was", got)
    one = json.dumps({"alerts": alerts[1000:]}).encode()
    got = bed.post(path, one + b" " * ((1 << 20) - len(one)), who)
    ok(got.status == 201, "a webhook of 1 MiB is taken", got)
    ok(told_at_once(bed, path, who, (1 << 20) + 1) == 413, "of one byte more: 413, before it has come")
    for deep, right in ((33, 400), (32, 422)):
        got = bed.post(path, b"[" * deep + b"]" * deep, who)
        ok(got.status == right, f"{deep} levels deep: {right}", got)
    for steps, right in ((9, 422), (8, 201)):
        body = [alerts[0] | {"fingerprint": f"deep{steps}"}]
        for _ in range(steps):
            body = {"a": body}
        got = bed.post(path + "&each=" + ".".join("a" * steps), body, who)
        ok(got.status == right, f"the list {steps} steps down: {right}", got)
    got = bed.post(path, {"alerts": alerts[:1000]}, who)
    ok(got.status == 201 and got.json()["recorded"] == 0, "all of it again is recorded once, as long as there is a record", got)


# --- V7 in its first form ---

UNKNOWN = {"contract": "NX-9999", "number": "INV-2099-00009", "invoice": "INV-2099-00009", "fact": "zz-unknown", "dispute": "zz-unknown",
           "ticket": "T-99999", "handle": "nobody", "setting": "vat_id", "attachment": "019d0f2e-1180-7000-8000-00000000ffff"}
FOREIGN = {"contract": "NW-2026", "number": "INV-2026-00001", "invoice": "INV-2026-00001", "fact": "o1-began", "dispute": "INV-2026-00001-line-1",
           "ticket": "T-101", "handle": "nora", "setting": "vat_id", "attachment": "019d0f2e-1180-7000-8000-000000000009"}


def call(bed, path, method, operation, names, who, **headers):
    for name in re.findall(r"\{(\w+)\}", path):
        path = path.replace("{" + name + "}", urllib.parse.quote(names.get(name, "x")))
    query = {}
    for p in operation.get("parameters", []):
        if p["in"] == "query" and "example" in p:
            value = p["example"]
            value = names.get(p["name"], value) if p["name"] in ("contract", "number", "invoice") else value
            query[p["name"]] = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    content = operation.get("requestBody", {}).get("content", {})
    body = None
    for kind, media in content.items():
        body = media.get("x-tenor-example", media.get("example", ""))
        if body == "":
            with open(os.path.join(bed.folder, "NW-2026.yaml"), encoding="utf-8") as f:
                body = f.read()
        if kind == "application/json" and names is not None:
            value = json.loads(body)
            for key in ("contract", "number", "invoice"):
                if key in value:
                    value[key] = names[key]
            body = json.dumps(value)
        headers["Content_Type"] = kind
        break
    if query:
        path += "?" + urllib.parse.urlencode(query)
    return bed.ask(method.upper(), path, who, body.encode() if body is not None else None, **headers)


def operations(description):
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield path, "post" if method == "x-tenor-files" else method, operation


def isolation(bed, description):
    """Every route with an object in its path or query, as the client of another contract."""
    counted = reached = 0
    for path, method, operation in operations(description):
        takes = re.findall(r"\{(\w+)\}", path) + [p["name"] for p in operation.get("parameters", []) if p["name"] in ("contract", "number") and
                                                  "example" in p]
        takes += ["contract"] if '"contract"' in json.dumps(operation.get("requestBody", {})) else []
        if not any(name in FOREIGN for name in takes):
            continue
        counted += 1
        foreign, unknown = (call(bed, path, method, operation, names, "harbour") for names in (FOREIGN, UNKNOWN))
        ok(foreign.plain() == unknown.plain(), f"{method} {path}: foreign is unknown", foreign, unknown)
        ok(foreign.status in (400, 403, 404), f"{method} {path}: and nothing is shown", foreign)
        ok(b"Northwind" not in foreign.body and b"NW-2026" not in foreign.body, f"{method} {path}: no word of it", foreign)
        reached += call(bed, path, method, operation, FOREIGN, "northwind").status in (200, 201)
    ok(counted > 40 and reached > 15, f"{counted} routes were tried, {reached} answer their own client")
    for path in ("/contracts", "/clients", "/invoices", "/receivables", "/today", "/deadlines", "/ledger?format=csv", "/index-adjustments"):
        got = bed.get(API + path, "harbour")
        ok(b"NW-2026" not in got.body and b"Northwind" not in got.body, f"{path}: a client sees its own alone", got)


def description_holds(bed):
    got = bed.get(API + "/openapi.json", None)
    ok(got.status == 200 and "openapi" in got.headers["content-type"], "the description needs no token", got)
    d = got.json()
    ok(d["openapi"] == "3.1.0" and d["info"]["title"] == "Tenor" and d["components"]["securitySchemes"]["token"]["scheme"] == "bearer", "OpenAPI 3.1")
    ids = [o["operationId"] for _, _, o in operations(d)]
    ok(len(set(ids)) == len(ids), "ids of operations are unique", sorted(i for i in ids if ids.count(i) > 1))
    for path, method, operation in operations(d):
        inside = set(re.findall(r"\{(\w+)\}", path))
        told = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        names = [(p["name"], p["in"]) for p in operation.get("parameters", [])]
        ok(inside == told and len(set(names)) == len(names) and all("schema" in p for p in operation.get("parameters", [])) and
           all(p["required"] for p in operation.get("parameters", []) if p["in"] == "path"), f"{method} {path}: parameters", inside, told)
        ok("default" in operation["responses"] and len(operation["responses"]) > 1, f"{method} {path}: answers")
        ok(method in ("get", "put", "post", "delete") and (method == "post") == ("requestBody" in operation), f"{method} {path}: a body where one is")
    page = bed.get("/api", None)
    ok(page.status == 200 and page.headers["content-type"].startswith("text/html") and b"<script" not in page.body and b"style=" not in page.body,
       "the page needs neither token nor script", page)
    ok(all(path.encode() in page.body for path in d["paths"] if "hooks" not in path), "and has every path")
    return d


# --- the description as a schema ---


def schemas_hold(d):
    """Every schema is one of draft 2020-12, every reference leads somewhere, every example fits, and none says nothing."""
    wrong = {}
    for place, schema in schemas_in(d.document):
        try:
            DRAFT.check_schema(schema)
        except Exception as e:
            wrong[place] = e
    ok(not wrong, "every schema is one of draft 2020-12", *wrong.items())
    for ref in sorted(set(refs_in(d.document))):
        ok(d.target(ref) is not None, f"{ref} leads somewhere")
    for path, method, operation in operations(d.document):
        for p in operation.get("parameters", []):
            if "example" in p:
                ok(not d.errors(p["schema"], p["example"]), f"{method} {path}: the example of {p['name']}", p)
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            ok(media["schema"], f"{method} {path}: {kind} has a schema")
            if "x-tenor-example" in media:
                ok(not d.errors(media["schema"], json.loads(media["x-tenor-example"])), f"{method} {path}: the example of its body", media)
    real = 0
    for path, method, operation in operations(d.document):
        for status, response in operation["responses"].items():
            for kind, media in response.get("content", {}).items():
                says = media.get("x-tenor-line", media["schema"])
                said = d.target(says["$ref"]) if "$ref" in says else says
                empty = said.keys() <= {"type"} and operation["operationId"] != "schema"  # that one answers a schema, whatever it is
                ok(not empty, f"{method} {path}: what {status} is, as {kind}", media)
                real += kind == "application/json" and status == "200"
    note(f"{real} operations answer JSON of a schema of their own, {len(d.document['components']['schemas'])} schemas have names")
    names = set()
    for key, place in d.members().items():
        names.add(key[1])
    written = ""
    for folder, _, files in os.walk("src"):
        for name in files:
            if name.endswith((".c", ".def")) and name != "answers.def":
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    written += f.read()
    ok(len(names) > 400, f"{len(names)} names of members")
    for name in sorted(names):
        ok(f'"{name}"' in written, f"'{name}' is a member that something writes")


HS = ["--contract", "HS-2026"]
# what no token may, or no example does here: as the command line answers it, which is what pages get
BY_HAND = [("client_add", ["client", "add", "south-2", "--name", "South Clinic"]), ("user_add", ["user", "add", "dora", "--role", "service-desk"]),
           ("user_list", ["user", "list"]), ("user_disable", ["user", "disable", "dora"]), ("provider_set", ["provider", "set", "city", "Boston"]),
           ("provider_set", ["provider", "set", "iban", "DE89370400440532013000"]), ("provider_show", ["provider", "show"]),
           ("provider_approve", ["provider", "approve", "--dry-run"]), ("provider_clear", ["provider", "clear", "city"]),
           ("contract_list", ["contract", "list"]), ("contract_show", ["contract", "show", "--contract", "HS-2026"]),
           ("invoice_list", ["invoice", "list", "--contract", "HS-2026"]), ("invoice_run", ["invoice", "run", "--all", "--on", "2026-05-01"]),
           ("restate", ["restate", "--contract", "HS-2026"]), ("receivables", ["receivables", "--on", "2026-06-30"]),
           ("dunning_run", ["dunning", "run", "--on", "2026-06-30", "--dry-run"]),
           ("log_prove", ["log", "prove", "--contract", "HS-2026", "--older", "1"]), ("erase", ["erase", "--subject", "SUBJECT"]),
           ("fact_correct", ["fact", "correct", "o1-began", "severity=degraded", *HS]), ("fact_withdraw", ["fact", "withdraw", "o2-began", *HS]),
           ("fact_approve", ["fact", "approve", "CORRECTED", *HS, "--as", "boss"]), ("refund", ["refund", *HS, "1.00", "--date", "2026-05-02"]),
           ("late_fees_run", ["late-fees", "run", "--dry-run"]),
           ("margin", ["margin", "--client", "harbour", "--costs", "costs.csv"]),
           ("credit_note", ["credit-note", "--invoice", "INVOICE", "--line", "1", "--amount", "1.00", "--reason", "goodwill"]),
           ("credit_note", ["credit-note", "--invoice", "INVOICE", "--line", "1", "--amount", "1200.00", "--reason", "goodwill"]),
           ("credit_note_approve", ["credit-note", "approve", "--invoice", "INVOICE", "--as", "boss"]),
           ("dispute_line", ["dispute-line", "INVOICE", "1", "--reason", "hours_not_worked", "--as", "hal"]),
           ("dispute_settle", ["dispute-settle", "--dispute", "INVOICE-line-1", *HS, "--outcome", "rejected", "--as", "hal"]),
           ("statement_POST", ["statement", *HS, "--month", "2026-01", "--issue"]),
           ("statement", ["statement", "--contract", "HS-2026", "--month", "2026-02"]), ("atrisk", ["atrisk", "--contract", "HS-2026"])]


def answers_hold(bed):
    """Each way that an operation answers, asked for once; what no token may do is held as the command line has it."""
    d = bed.description
    for path, method, operation in operations(d.document):
        for kind in operation["responses"]["200"]["content"] if method == "get" else []:
            got = call(bed, path, method, operation, {"source": "alertmanager", **FOREIGN}, "provider", Accept=kind)
            right = REFUSED.get(operation["operationId"], (403,) if operation.get("x-tenor-person") or
                                operation["x-tenor-right"] in ("COST_READ", "AUDIT_READ") else (200,))
            ok(got.status in right, f"{method} {path} as {kind}", got)
    by_id = {o["operationId"]: o for _, _, o in d.operations()}
    invoice = bed.get(API + "/invoices?contract=HS-2026").json()[0]["invoice"]
    corrected = ""
    bed.must("user", "add", "boss", "--role", "owner")
    with open(os.path.join(bed.folder, "costs.csv"), "w", encoding="utf-8") as f:
        f.write("date,kind,amount\n2026-03-31,hours,900.00\n")
    subject = re.search(r"s_[0-9a-z]{16}", bed.get(NW + "/log?from=0&to=999").body.decode()).group(0)
    for name, args in BY_HAND:
        args = [a.replace("SUBJECT", subject).replace("INVOICE", invoice).replace("CORRECTED", corrected) for a in args]
        run = bed.tenor(*args, "--json", "--workspace", bed.workspace, "--key", bed.key)
        if not ok(run.returncode in (0, 1) and run.stdout.strip(), f"tenor {' '.join(args)}", run.stderr.decode()):
            continue
        if name == "fact_correct":
            corrected = json.loads(run.stdout)["id"]
        errors = d.told(by_id[name]["responses"]["200"]["content"]["application/json"]["schema"], json.loads(run.stdout))
        ok(not errors, f"tenor {' '.join(args)}: as {name} is described", run.stdout.decode()[:600], *errors)
        d.held.setdefault(name, set()).add((200, "application/json"))
    never = {name for name in by_id if not any(status < 300 for status, _ in d.held.get(name, ()))}
    ok(never <= set(UNHELD), "every operation's answer was held against its schema", sorted(never - set(UNHELD)))
    members = d.members()
    seen = sum(key in d.seen for key in members)
    note(f"{seen} of {len(members)} members of answers occurred")
    ok(seen * 2 > len(members), "more than half of what is described occurred here", seen, len(members))


# answered by nothing that this workspace has: its contract has no index, holds nothing back, has one version; nor an address, a picture, a key
UNHELD = ["index_announce", "invoice_release", "contract_add", "invoice_xml", "provider_logo", "cosign_accept"]

# what an example cannot do in this workspace: files are looked at before rights, a cosignature needs its witness, the example has no address
REFUSED = {"contract_add": (422,), "provider_logo": (403, 422), "dispute_settle": (403, 422), "invoice_xml": (422,), "cosign_accept": (403, 404, 422), "log_witness": (201, 403), "map": (200, 422),
           "ticket_attach": (422,)}  # the client has attached under that id before


def examples_work(bed, description):
    for path, method, operation in operations(description):
        got = call(bed, path, method, operation, {"source": "alertmanager", **FOREIGN}, "provider")
        right = REFUSED.get(operation["operationId"], (403,) if operation.get("x-tenor-person") or
                            operation.get("x-tenor-right") in ("MONEY_ACCEPT", "CORRECT", "COST_READ", "COSIGN", "AUDIT_READ", "DISPUTE") else (200, 201))
        ok(got.status in right, f"{method} {path}: its example", got)


def guide(bed):
    """The commands of docs/api.md as they stand, in a folder of their own; each line shown is a line of what comes out."""
    env = {**os.environ, "TENOR": bed.url, "TOKEN": bed.tokens["provider"], "PROBES": bed.tokens["probes"]}
    folder = os.path.join(bed.folder, "guide")
    os.makedirs(folder)
    step = None
    steps = []
    with open("docs/api.md", encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith(("    curl ", "    printf ")):
                step = (number, line.strip(), [])
                steps.append(step)
            elif step and line.startswith("    "):
                step[2].append(line.strip())
            else:
                step = None
    for number, command, shown in steps:
        for _ in range(10):
            run = subprocess.run(["sh", "-c", command], cwd=folder, env=env, capture_output=True, timeout=120)
            if b"error: 429" not in run.stderr:
                break
            time.sleep(1)  # S16: a fast machine has asked more than a token may; nothing was done
        out = run.stdout.decode("utf-8", "replace")
        missing = [line for line in shown if line not in out]
        ok(run.returncode == 0 and not missing, f"docs/api.md:{number} works", command, run.stderr.decode(), missing, out[:800])
    ok(len(steps) > 10, "the guide has its commands")


def main():
    with tempfile.TemporaryDirectory() as folder, Bed(folder) as bed:
        for on in ("2026-02-01", "2026-04-01"):
            bed.must("invoice", "run", "--all", "--on", on)
        who_asks(bed)
        requests_are_read(bed)
        answers(bed)
        lists(bed)
        facts(bed)
        batches(bed)
        scopes(bed)
        hooks(bed)
        description = description_holds(bed)
        isolation(bed, description)
        schemas_hold(bed.description)
        examples_work(bed, description)
        answers_hold(bed)
        guide(bed)
        hook_limits(bed)
        bed.stop()
        ok("Northwind" not in bed.log() and "tnr_" not in bed.log(), "the log has no words of anybody", bed.log()[-400:])
    done()


main()
