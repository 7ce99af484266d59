#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The record as tools that know no Tenor read it (trust.md J9): from the checkpoint and the tiles alone, other code works out the root. A witness
posts its cosignature (J17). What is another's, or not of one's rights, is not there.
"""

import base64
import json
import os
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from api_bed import Bed
from program import ROOT, done, ok

sys.path[:0] = [os.path.join(ROOT, "tests", "oracle"), os.path.join(ROOT, "tests", "fuzz")]

try:
    import bundle_verifier
    import make_bundles
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

UNKNOWN = "019d4e4c-0c60-7663-853c-f03618901765"


def number(n):
    """tlog-tiles: 1234067 is x001/x234/067."""
    parts = [f"{n % 1000:03d}"]
    while n >= 1000:
        n //= 1000
        parts.insert(0, f"x{n % 1000:03d}")
    return "/".join(parts)


def tiles(bed, log, kind, size):
    """All bytes of a level, tile by tile."""
    out = []
    for n in range((size + 255) // 256):
        width = min(256, size - n * 256)
        answer = bed.get(f"/log/{log}/tile/{kind}/{number(n)}{'' if width == 256 else f'.p/{width}'}")
        if answer.status != 200 or answer.headers["content-type"] != "application/octet-stream" or answer.headers["cache-control"] != "no-store":
            raise RuntimeError(str(answer))
        out.append(answer.body)
    return out


def entries_of(bundles):
    for rest in bundles:
        while rest:
            n = int.from_bytes(rest[:2], "big")
            yield rest[2:2 + n]
            rest = rest[2 + n:]


def reading(bed, log, key):
    answer = bed.get(f"/log/{log}/checkpoint")
    note = bundle_verifier.Note(answer.body)
    ok(answer.status == 200 and answer.headers["content-type"].startswith("text/plain") and note.check(key) and note.origin.endswith(log),
       "a checkpoint that the log signed", answer)
    leaves = [bundle_verifier.leaf_hash(e) for e in entries_of(tiles(bed, log, "entries", note.size))]
    ok(len(leaves) == note.size > 256 and bundle_verifier.Tree(leaves).root(note.size) == note.root, f"the {note.size} entries give its root")
    ok(b"".join(tiles(bed, log, "0", note.size)) == b"".join(leaves), "and so do the hashes")
    above = b"".join(tiles(bed, log, "1", note.size // 256))
    ok(above == b"".join(bundle_verifier.Tree(leaves[i:i + 256]).root(256) for i in range(0, note.size // 256 * 256, 256)), "a level above, too")
    narrow = bed.get(f"/log/{log}/tile/0/000.p/5")
    ok(narrow.body == b"".join(leaves[:5]), "who holds an older checkpoint gets a narrower tile", narrow)
    for path in ("tile/0/999", "tile/9/000", "tile/0/000.p/0", "tile/0/000.p/257", "tile/x", "tile", "checkpoint/x", "other"):
        status = bed.get(f"/log/{log}/{path}").status
        ok(status in (400, 404), f"{path} is not there", status)
    head = bed.ask("HEAD", f"/log/{log}/checkpoint")
    ok(head.status == 200 and head.body == b"", "HEAD", head)
    return note


def refusals(bed, log):
    ok(bed.get(f"/log/{log}/checkpoint", None).status == 401, "nobody is asked for a token")
    for path in ("checkpoint", "tile/0/000.p/1", "tile/entries/000.p/1"):
        foreign, unknown = (bed.get(f"/log/{x}/{path}", "harbour") for x in (log, UNKNOWN))
        ok(foreign.status == 404 and foreign.plain() == unknown.plain(), f"{path} of another client is like one that nobody has", foreign, unknown)
        ok(bed.get(f"/log/{log}/{path}", "reader").status == 404, f"{path} without the right LOG_READ is not there")
    ok(bed.get(f"/log/{log}/checkpoint", "northwind").status == 200, "the client reads its own")
    ok(bed.post(f"/log/{log}/checkpoint", b"").status == 405 and bed.get(f"/log/{log}/cosignature").status == 405, "each path has its method")


def cosigning(bed, log, note):
    contract = ["--contract", "NW-2026"]
    key, other = make_bundles.Key("client.example.org/it", 4, 5), make_bundles.Key("client.example.org/it", 4, 9)
    post = lambda line, who="northwind", to=log: bed.post(f"/log/{to}/cosignature", line, who, Content_Type="text/plain")  # noqa: E731
    now = int(time.time())
    line = key.line(note.text, now)
    ok(post(line).status == 403, "an unknown key is refused")
    bed.must("log", "witness", key.vkey, *contract)
    raw = bytearray(base64.b64decode(line.split()[-1]))
    raw[20] ^= 1
    ok(post(line[:line.rindex(b" ") + 1] + base64.b64encode(bytes(raw)) + b"\n").status == 403, "a bad signature, too")
    ok(post(other.line(note.text, now)).status == 403, "and another key of that name")
    ok(post(key.line(note.text, now + 900)).status == 422, "a time more than five minutes ahead is not taken")
    foreign, unknown = post(line, "harbour"), post(line, "harbour", UNKNOWN)
    ok(foreign.status == 404 and foreign.plain() == unknown.plain(), "another client's log is like none", foreign, unknown)
    ok(post(line, "reader").status in (403, 404), "nor without the right")
    for wrong in (b"", b"no line\n", line + line):
        ok(400 <= post(wrong).status < 500, "what is no line is refused", wrong[:40])
    answer = post(line)
    ok(answer.status == 201, "the witness's line is taken", answer)
    size = json.loads(bed.must("log", "checkpoint", *contract, "--json"))["size"]
    ok(post(line).status == 201 and json.loads(bed.must("log", "checkpoint", *contract, "--json"))["size"] == size, "the same again records nothing")
    signed = bundle_verifier.Note(bed.must("log", "checkpoint", *contract, "--size", str(note.size)).encode())
    ok(signed.check(bundle_verifier.Key(key.vkey)), "it stands under the checkpoint")
    newer = bundle_verifier.Note(bed.get(f"/log/{log}/checkpoint").body)
    ok(newer.size > note.size and post(key.line(newer.text, now)).status == 201, "a log that grew is cosigned again")
    below = post(line)
    ok(below.status == 409 and below.headers["content-type"] == "text/x.tlog.size" and below.body == f"{newer.size}\n".encode(),
       "below the key's last: 409 with that size", below)


def main():
    with tempfile.TemporaryDirectory(prefix="tenor-tlog-") as folder, Bed(folder, start=False) as bed:
        lines = "".join(json.dumps({"id": f"t{i}", "kind": "ticket.logged", "occurred_at": "2026-03-02T10:00:00Z", "ticket": f"T-{i}", "priority": "P3",
                                    "service": "helpdesk", "channel": "portal"}) + "\n" for i in range(300))
        bed.must("import", "--contract", "NW-2026", "-", stdin=lines.encode())
        vkey = json.loads(bed.must("log", "keys", "--contract", "NW-2026", "--json"))[0]["vkey"]
        bed.start()
        key = bundle_verifier.Key(vkey)
        log = key.name.rpartition("/")[2]
        note = reading(bed, log, key)
        refusals(bed, log)
        cosigning(bed, log, note)
    done()


if __name__ == "__main__":
    sys.exit(main())
