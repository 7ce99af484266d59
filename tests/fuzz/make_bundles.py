#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the corpora of fuzz_note, fuzz_checkpoint, fuzz_proof_file and fuzz_bundle, and with --good FOLDER bundles that pass, with
their trust file. Keys are those of trust.md 2.4: seeds 01 x 32 for the log, 02 x 32 for its witness, 03 x 32 for the log's next key.

Made from the documents with python3-cryptography; the C writes none of it.
"""

import argparse
import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LOG = "019ca6b1-dc00-7000-8000-000000000001"
ORIGIN = f"tenor.example.net/log/{LOG}"
WITNESS = "client.example.org/it"
SALT = bytes(range(16))
PRIVATE = '{"reason":"Printer on floor 2 is dead"}'
VERSION = b'{"schema":"tenor/1","title":"IT"}'
ZONE = b"TZif2"


class Key:
    def __init__(self, name, kind, seed):
        self.name, self.kind = name, kind
        self.secret = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        raw = bytes([kind]) + self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(raw).decode()}"

    def line(self, text, time=1772442000):
        if self.kind == 4:
            raw = time.to_bytes(8, "big") + self.secret.sign(f"cosignature/v1\ntime {time}\n".encode() + text)
        else:
            raw = self.secret.sign(text)
        return f"\u2014 {self.name} {base64.b64encode(self.id + raw).decode()}\n".encode()


LOG_KEY, WITNESS_KEY, NEXT_KEY = Key(ORIGIN, 1, 1), Key(WITNESS, 4, 2), Key(ORIGIN, 1, 3)


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def entry(i, kind, body, priv=None):
    e = {"actor": "u_4m2q9r7x1c8v3k6t", "body": body, "id": f"019cad8f-ac00-7001-8000-{i + 1:012x}", "kind": kind, "log": LOG,
         "occurred_at": "2026-03-02T08:00:00.000Z", "party": "provider", "recorded_at": f"2026-03-02T{8 + i // 60:02}:{i % 60:02}:00.412Z",
         "v": 1}
    if priv:
        e["priv"] = priv
    return canonical(e)


def entries(n, added=None, retired=None):
    commit = hashlib.sha256(SALT + PRIVATE.encode()).hexdigest()
    special = {
        0: ("version_agreed", {"number": 1, "version": hashlib.sha256(VERSION).hexdigest()}),
        1: ("input_pinned", {"input": "zone", "name": "UTC", "sha256": hashlib.sha256(ZONE).hexdigest()}),
        2: ("ticket.cancelled", {"ticket": "T-1"}, {"reason": {"commit": commit, "subject": "s_7h3d0w5n2b9j4f1y"}}),
    }
    if added is not None:
        special[added] = ("log_key_added", {"vkey": NEXT_KEY.vkey})
    if retired is not None:
        special[retired] = ("log_key_retired", {"vkey": LOG_KEY.vkey})
    return [entry(i, *special.get(i, ("ticket.logged", {"priority": "p2", "ticket": f"T-{i}"}))) for i in range(n)]


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def root(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(hashes[:k]) + root(hashes[k:])).digest()


def path(m, hashes):
    if len(hashes) == 1:
        return []
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return path(m, hashes[:k]) + [root(hashes[k:])] if m < k else path(m - k, hashes[k:]) + [root(hashes[:k])]


def text_of(size, top):
    return f"{ORIGIN}\n{size}\n{base64.b64encode(top).decode()}\n".encode()


def note(size, top, keys):
    text = text_of(size, top)
    return text + b"\n" + b"".join(k.line(text) for k in keys)


def proof_file(index, hashes, signed):
    lines = [base64.b64encode(h).decode() + "\n" for h in hashes]
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{''.join(lines)}\n".encode() + signed


def tar(files):
    out = b""
    for name in sorted(files, key=str.encode):
        data = files[name]
        head = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(data) + b"00000000000\0"
        tail = b"0" + bytes(100) + b"ustar\x0000" + bytes(64) + b"0000000\0" * 2 + bytes(167)
        total = sum(head) + 8 * 32 + sum(tail)
        out += head + b"%06o\0 " % total + tail + data + bytes(-len(data) % 512)
    return out + bytes(1024)


def tile_names(n, width):
    end = f"{n:03}" + (f".p/{width}" if width < 256 else "")
    return "entries/" + end, "tile/0/" + end


def pack(files, size, top, complete=True, **other):
    rows = [{"length": len(files[n]), "name": n, "sha256": hashlib.sha256(files[n]).hexdigest()} for n in sorted(files, key=str.encode)]
    about = {"as_of": "2026-04-01T00:00:00.000Z", "complete": complete, "engine": "1", "files": rows,
             "known_as_of": "2026-04-01T00:00:00.412Z", "origin": ORIGIN, "period": "2026-03", "root": top.hex(), "size": size, "v": 1}
    about.update(other)
    return tar({**files, "bundle.json": canonical(about)})


def complete_files(found, keys, older, tiles=True, private=True):
    hashes = [leaf(e) for e in found]
    size = len(found)
    files = {"checkpoint": note(size, root(hashes), keys), "expected/statement-2026-03.json": b"{}"}
    for at, signers in older.items():
        files[f"checkpoints/{at}"] = note(at, root(hashes[:at]), signers)
    for n in range((size + 255) // 256):
        part = found[256 * n : 256 * n + 256]
        names = tile_names(n, len(part))
        files[names[0]] = b"".join(len(e).to_bytes(2, "big") + e for e in part)
        if tiles:
            files[names[1]] = b"".join(leaf(e) for e in part)
    if size > 0:
        files[f"versions/{hashlib.sha256(VERSION).hexdigest()}.json"] = VERSION
    if size > 1:
        files[f"inputs/{hashlib.sha256(ZONE).hexdigest()}"] = ZONE
    if size > 2 and private:
        files["private/019cad8f-ac00-7001-8000-000000000003.reason.json"] = canonical({"bytes": PRIVATE, "salt": SALT.hex()})
    return files, hashes


def part_files(found, indexes):
    hashes = [leaf(e) for e in found]
    signed = note(len(found), root(hashes), [LOG_KEY, WITNESS_KEY])
    files = {"checkpoint": signed}
    for i in indexes:
        files[f"leaves/{i}"] = found[i]
        files[f"proofs/{i}.tlog-proof"] = proof_file(i, path(i, hashes), signed)
    return files, hashes


def good():
    """name -> (bytes, the exit that trust.md J20 asks for)."""
    out = {}
    both = [LOG_KEY, WITNESS_KEY]
    for size, tiles in [(0, True), (1, False), (3, True), (12, False), (300, True)]:
        files, hashes = complete_files(entries(size), both, {5: [LOG_KEY]} if size > 5 else {}, tiles)
        out[f"all-{size}"] = (pack(files, size, root(hashes)), 0)
    files, hashes = part_files(entries(9), [0, 2, 8])
    files["versions/" + hashlib.sha256(VERSION).hexdigest() + ".json"] = VERSION
    out["part"] = (pack(files, 9, root(hashes), complete=False), 2)
    files, hashes = complete_files(entries(12, added=4, retired=10), [NEXT_KEY], {6: [LOG_KEY]}, private=False)
    out["rotated"] = (pack(files, 12, root(hashes)), 0)
    files, hashes = complete_files(entries(12, added=8), [NEXT_KEY], {6: [LOG_KEY]})
    out["rotated-too-late"] = (pack(files, 12, root(hashes)), 1)
    return out


def bad():
    out = {}
    found = entries(6)
    files, hashes = complete_files(found, [LOG_KEY, WITNESS_KEY], {3: [LOG_KEY]})
    top = root(hashes)

    def variant(name, changes, **other):
        changed = {k: v for k, v in {**files, **changes}.items() if v is not None}
        out[name] = pack(changed, other.pop("size", 6), other.pop("top", top), **other)

    names = tile_names(0, 6)
    changed = [e.replace(b"T-4", b"T-5") for e in found]
    swapped = found[:3] + [found[4], found[3]] + found[5:]
    for name, these in [("changed", changed), ("swapped", swapped)]:
        variant(name, {names[0]: b"".join(len(e).to_bytes(2, "big") + e for e in these), names[1]: None})
    variant("tile", {names[1]: bytes(192)})
    variant("fork", {"checkpoints/3": note(3, root(hashes[1:4]), [LOG_KEY])})
    variant("ahead", {"checkpoints/9": note(9, top, [LOG_KEY])})
    variant("unsigned", {"checkpoint": note(6, top, [WITNESS_KEY])})
    variant("unlisted", {"notes.txt": b"x"})
    variant("size", {}, size=2**53 - 1)
    variant("root", {}, top=bytes(32))
    variant("salt", {"private/019cad8f-ac00-7001-8000-000000000003.reason.json": canonical({"bytes": PRIVATE, "salt": "00" * 16})})
    variant("no-version", {f"versions/{hashlib.sha256(VERSION).hexdigest()}.json": None})
    variant("keys", {"keys/log": (LOG_KEY.vkey + "\n").encode() * 2 + b"more\n"})
    twice = found[:5] + [found[4]]
    again, hashes2 = complete_files(twice, [LOG_KEY], {})
    out["twice"] = pack(again, 6, root(hashes2))
    whole = pack(files, 6, top)
    out["cut"] = whole[:-700]
    out["flipped"] = whole[:700] + bytes([whole[700] ^ 1]) + whole[701:]
    out["list-only"] = pack({}, 0, root([]))
    posing = entries(6)
    posing[3] = entry(3, "log_key_added", {"vkey": WITNESS_KEY.vkey})
    foreign, hashes3 = complete_files(posing, [LOG_KEY], {})
    out["foreign-key"] = pack(foreign, 6, root(hashes3))
    return out


def notes():
    hashes = [leaf(e) for e in entries(3)]
    whole = note(3, root(hashes), [LOG_KEY, WITNESS_KEY])
    text = text_of(3, root(hashes))
    return {
        "both": whole, "log": note(3, root(hashes), [LOG_KEY]), "witness": note(3, root(hashes), [WITNESS_KEY]),
        "twice": whole + LOG_KEY.line(text), "unknown": whole + "\u2014 w.example/x AAAAAAA=\n".encode(),
        "flipped": whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:], "unsigned": text + b"\n", "blank": text, "cr": whole.replace(b"\n", b"\r\n"),
        "empty-log": note(0, root([]), [LOG_KEY]), "zero": whole.replace(b"\n3\n", b"\n03\n"), "big": whole.replace(b"\n3\n", b"\n9007199254740993\n"),
        "more": whole.replace(b"=\n\n", b"=\nmore\n\n"), "seventeen": text + b"\n" + "\u2014 x AAAAAAA=\n".encode() * 17,
        "space": whole.replace(b"client.example", "client\u2003example".encode()),
    }


def proofs():
    hashes = [leaf(e) for e in entries(6)]
    signed = note(6, root(hashes), [LOG_KEY, WITNESS_KEY])
    one = proof_file(4, path(4, hashes), signed)
    return {
        "one": one, "extra": one.replace(b"@v1\n", b"@v1\nextra AAAA\n"), "none": proof_file(0, [], signed), "many": proof_file(4, [bytes(32)] * 63, signed),
        "over": proof_file(4, [bytes(32)] * 64, signed), "index": one.replace(b"index 4", b"index 04"), "cut": one[:150],
        "base64": one.replace(b"=\n", b"\n", 1), "v2": one.replace(b"@v1", b"@v2"),
    }


def write(folder, files):
    os.makedirs(folder, exist_ok=True)
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--good", metavar="FOLDER")
    options = parser.parse_args()
    if options.good:
        write(options.good, {f"{name}.tnb": data for name, (data, _) in good().items()})
        write(options.good, {f"bad-{name}.tnb": data for name, data in bad().items()})
        write(options.good, {"trust": f"{LOG_KEY.vkey}\n{WITNESS_KEY.vkey}\n".encode()})
        return
    corpus = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
    write(os.path.join(corpus, "note"), notes())
    write(os.path.join(corpus, "checkpoint"), notes())
    write(os.path.join(corpus, "proof_file"), proofs())
    small = {name: data for name, (data, _) in good().items() if len(data) < 40000}
    write(os.path.join(corpus, "bundle"), {**small, **bad()})


if __name__ == "__main__":
    main()
