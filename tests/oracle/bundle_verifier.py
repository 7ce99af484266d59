#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second verifier of bundles: steps 1 to 7 of trust.md J20, written from the documents and not from the C.

bundle_verifier.py FILE --trust FILE [--trust-bundle-keys]

One line a step, then a verdict. Exit 0 all passed; 1 a check failed; 2 cannot check. Ed25519 is OpenSSL's, through Debian's
python3-cryptography, so that it shares no code with libsodium; canonical encodings and small orders (J16) are checked here.
A bundle with documents of money has a line more: each is the one that its entry names, and its sums and taxes hold.
Not a replay: step 8 needs the engine. Kinds of facts and the fields of bodies are not judged, only their canonical form.
"""

import argparse
import base64
import binascii
import datetime
import hashlib
import json
import re
import sys
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

STEPS = ["list", "trust", "signatures", "root", "entries", "commitments", "approvals"]
DOCUMENTS = "documents"
SIZE_MAX = 2**53
BUNDLE_MAX = 4 << 30
NOTE_MAX = 16 << 10
HEX64 = re.compile(r"[0-9a-f]{64}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OPAQUE = "[0-9abcdefghjkmnpqrstvwxyz]{16}"


class Bad(Exception):
    """What is wrong, in words."""


class Report:
    def __init__(self):
        self.lines = {}

    def fail(self, step, words):
        if self.lines.get(step, ("", ""))[0] != "failed":
            self.lines[step] = ("failed", words)

    def impossible(self, step, words):
        if step not in self.lines:
            self.lines[step] = ("cannot check", words)

    def passed(self, step, words):
        if step not in self.lines:
            self.lines[step] = ("passed", words)

    def end(self):
        results = []
        for number, step in enumerate(STEPS, 1):
            result, words = self.lines.get(step, ("skipped", ""))
            results.append(result)
            print(f"{number} {step}: {result}{': ' + words if words else ''}")
        if DOCUMENTS in self.lines:
            result, words = self.lines[DOCUMENTS]
            results.append(result)
            print(f"{DOCUMENTS}: {result}: {words}")
        if "failed" in results:
            print("NOT VERIFIED")
            return 1
        if "cannot check" in results or "skipped" in results:
            print("CANNOT CHECK")
            return 2
        print("verified")
        return 0


# --- restricted JSON, J4 ---

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def pairs(items):
    out = {}
    for key, value in items:
        if key in out:
            raise Bad(f"duplicate key '{key}'")
        out[key] = value
    return out


def no_number(text):
    raise Bad(f"number '{text}' is not an integer")


def walk_json(value, depth, depth_max, any_key):
    if isinstance(value, str):
        if FORBIDDEN.search(value):
            raise Bad("a character that no text may have")
    elif value is None:
        raise Bad("null is not allowed")
    elif isinstance(value, bool):
        pass
    elif isinstance(value, int):
        if not -SIZE_MAX < value < SIZE_MAX:
            raise Bad("integer out of range")
    elif depth > depth_max:
        raise Bad(f"deeper than {depth_max}")
    elif isinstance(value, list):
        for v in value:
            walk_json(v, depth + 1, depth_max, any_key)
    else:
        for key, v in value.items():
            if FORBIDDEN.search(key) or not (any_key or re.fullmatch("[a-z][a-z0-9_]{0,47}", key)):
                raise Bad(f"key '{key}'")
            walk_json(v, depth + 1, depth_max, any_key)


def canonical(data, depth_max, any_key=False):
    """Parses bytes that must be their own canonical form."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=no_number, parse_constant=no_number)
        walk_json(value, 1, depth_max, any_key)
        again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError) as e:
        raise Bad(f"not JSON of the restricted kind ({type(e).__name__})") from e
    if again != data:
        raise Bad("not canonical")
    return value


def instant(text):
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text, re.A):
        raise Bad(f"'{text}' is no instant")
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError as e:
        raise Bad(f"'{text}' is no instant") from e


# --- base64, numbers, keys, notes ---


def b64(text):
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError) as e:
        raise Bad("not base64") from e
    if base64.b64encode(raw).decode() != text:
        raise Bad("base64 that does not re-encode")
    return raw


def decimal(text):
    if not re.fullmatch("0|[1-9][0-9]{0,15}", text) or int(text) > SIZE_MAX:
        raise Bad(f"'{text[:40]}' is no size or index")
    return int(text)


def key_name(text):
    if not text or len(text.encode()) > 200 or "+" in text or any(c.isspace() or ord(c) < 32 or ord(c) == 127 for c in text):
        raise Bad(f"'{text[:60]}' is no name of a key")
    return text


P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
ORDER = 2**252 + 27742317777372353535851937790883648493


def decode_point(raw):
    """The affine point of 32 bytes, or None where they are not its one encoding."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * pow(2, (P - 1) // 4, P) % P
        if v * x * x % P != u:
            return None
    if x == 0 and sign:
        return None
    return (P - x if x & 1 != sign else x), y


def point_add(a, b):
    # twisted Edwards, complete for this curve, in projective coordinates
    (x1, y1, z1), (x2, y2, z2) = a, b
    aa = z1 * z2 % P
    bb = aa * aa % P
    c, d = x1 * x2 % P, y1 * y2 % P
    e = D * c * d % P
    f, g = (bb - e) % P, (bb + e) % P
    return aa * f * ((x1 + y1) * (x2 + y2) - c - d) % P, aa * g * (d + c) % P, f * g % P


def times(k, point):
    out, step = (0, 1, 1), (point[0], point[1], 1)
    while k:
        if k & 1:
            out = point_add(out, step)
        step = point_add(step, step)
        k >>= 1
    return out


def is_identity(point):
    x, y, z = point
    return x % P == 0 and (y - z) % P == 0


def good_key(raw):
    point = decode_point(raw)
    return point is not None and not is_identity(times(8, point)) and is_identity(times(ORDER, point))


def good_r(raw):
    point = decode_point(raw)
    return point is not None and not is_identity(times(8, point))


class Key:
    def __init__(self, line):
        parts = line.split("+", 2)
        if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
            raise Bad(f"'{line[:100]}' is no verifier key")
        self.name, self.line = key_name(parts[0]), line
        raw = b64(parts[2])
        if len(raw) != 33 or raw[0] not in (1, 4):
            raise Bad(f"key '{self.name}' is of unknown type or length")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if self.id.hex() != parts[1]:
            raise Bad(f"key id {parts[1]} does not fit the key of '{self.name}'")
        if not good_key(raw[1:]):
            raise Bad(f"public key of '{self.name}' is no valid point")
        self.witness = raw[0] == 4
        self.public = raw[1:]

    def verify(self, message, signature):
        if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= ORDER or not good_r(signature[:32]):
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Note:
    def __init__(self, data):
        if len(data) > NOTE_MAX:
            raise Bad("note over 16 KiB")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as e:
            raise Bad("note is not UTF-8") from e
        if any((ord(c) < 32 and c != "\n") or ord(c) == 127 for c in text):
            raise Bad("control character in a note")
        head, blank, tail = text.rpartition("\n\n")
        if not blank or not tail.endswith("\n"):
            raise Bad("note without blank line or without signature")
        self.text = (head + "\n").encode()
        self.signatures = []
        for line in tail[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            if not match:
                raise Bad("malformed signature line")
            raw = b64(match[2])
            if len(raw) < 5:
                raise Bad("malformed signature line")
            self.signatures.append((key_name(match[1]), raw[:4], raw[4:]))
        if len(self.signatures) > 16:
            raise Bad("more than 16 signatures")
        lines = self.text.decode().split("\n")
        if len(lines) != 4 or lines[3] != "":
            raise Bad("checkpoint is not of three lines")
        self.origin, self.size, self.root = key_name(lines[0]), decimal(lines[1]), b64(lines[2])
        if len(self.root) != 32 or (self.size == 0 and self.root != hashlib.sha256(b"").digest()):
            raise Bad("root of a checkpoint")

    def check(self, key):
        """None: not signed by it; False: a signature of it fails; True."""
        verdict = None
        for name, key_id, raw in self.signatures:
            if name != key.name or key_id != key.id:
                continue
            if key.witness:
                time = int.from_bytes(raw[:8], "big")
                message = b"cosignature/v1\ntime %d\n" % time + self.text
                if len(raw) != 72 or time >= 2**63 or not key.verify(message, raw[8:]):
                    return False
            elif not key.verify(self.text, raw):
                return False
            verdict = True
        return verdict


# --- the tree: roots by the recursive definition of RFC 6962, full subtrees kept ---


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


class Tree:
    def __init__(self, leaves):
        self.levels = [leaves]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            self.levels.append([node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def root(self, size):
        if size == 0:
            return hashlib.sha256(b"").digest()
        return self.range(0, size)

    def range(self, begin, end):
        n = end - begin
        if n & (n - 1) == 0:
            return self.levels[n.bit_length() - 1][begin // n]
        split = 1 << ((n - 1).bit_length() - 1)
        return node(self.range(begin, begin + split), self.range(begin + split, end))


def included(index, size, leaf, proof, root):
    """Recomputes the root from the top down: which side each hash is on follows from index and size alone."""
    if index >= size or len(proof) > 63:
        return False
    sides = []
    begin, end = 0, size
    while end - begin > 1:
        split = 1 << ((end - begin - 1).bit_length() - 1)
        if index < begin + split:
            sides.append("right")
            end = begin + split
        else:
            sides.append("left")
            begin += split
    if len(sides) != len(proof):
        return False
    for side, other in zip(reversed(sides), proof):
        leaf = node(leaf, other) if side == "right" else node(other, leaf)
    return leaf == root


# --- step 1: the file, its list, their hashes (J19) ---

PATHS = [
    r"checkpoint", r"checkpoints/(0|[1-9][0-9]*)", r"documents/[^/]+", r"expected/[^/]+\.json", r"inputs/[0-9a-f]{64}", r"keys/[^/]+",
    r"versions/[0-9a-f]{64}\.json", rf"private/{UUID.pattern}\.[a-z][a-z0-9_]{{0,47}}\.json",
]
WHOLE = [r"entries/(x\d{3}/)*\d{3}(\.p/[1-9]\d*)?", r"tile/0/(x\d{3}/)*\d{3}(\.p/[1-9]\d*)?"]
PART = [r"leaves/(0|[1-9][0-9]*)", r"proofs/(0|[1-9][0-9]*)\.tlog-proof"]


def read_tar(data):
    if len(data) > BUNDLE_MAX:
        raise Bad("over 4 GiB")
    files, at, last = {}, 0, b""
    while data[at : at + 512] != bytes(512):
        head = data[at : at + 512]
        if len(head) < 512:
            raise Bad(f"ends at byte {len(data)}")
        name = head[:100].rstrip(b"\0")
        if not re.fullmatch(rb"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", name) or any(s in (b".", b"..") for s in name.split(b"/")):
            raise Bad(f"header at byte {at} has no allowed name")
        label = name.decode()
        if not re.fullmatch(rb"[0-7]{11}\0", head[124:136]):
            raise Bad(f"size of '{label}'")
        size = int(head[124:135], 8)
        fixed = [(100, b"0000644\0"), (108, b"0000000\0"), (116, b"0000000\0"), (136, b"00000000000\0"), (156, b"0"), (157, bytes(100)),
                 (257, b"ustar\x0000"), (265, bytes(64)), (329, b"0000000\x000000000\0"), (345, bytes(167))]
        for start, want in fixed:
            if head[start : start + len(want)] != want:
                raise Bad(f"header of '{label}' at byte {start}")
        total = sum(head[:148]) + 8 * 32 + sum(head[156:])
        if head[148:156] != b"%06o\0 " % total:
            raise Bad(f"checksum of '{label}'")
        if name <= last:
            raise Bad(f"'{label}' is not in order")
        body, pad = data[at + 512 : at + 512 + size], -size % 512
        if len(body) < size or data[at + 512 + size : at + 512 + size + pad] != bytes(pad):
            raise Bad(f"'{label}' is cut short or not padded with zeros")
        files[label], last = body, name
        at += 512 + size + pad
    if data[at:] != bytes(1024):
        raise Bad("does not end with two blocks of zeros")
    return files


def read_list(files):
    if "bundle.json" not in files:
        raise Bad("'bundle.json' is missing")
    about = canonical(files.pop("bundle.json"), 32, any_key=True)
    need = {"v": int, "origin": str, "size": int, "root": str, "engine": str, "period": str, "as_of": str, "complete": bool, "files": list}
    if not isinstance(about, dict) or set(about) - {"known_as_of"} != set(need):
        raise Bad("members of bundle.json")
    for key, kind in need.items():
        if type(about[key]) is not kind:
            raise Bad(f"'{key}' of bundle.json")
    if about["v"] != 1 or not 0 <= about["size"] <= SIZE_MAX or not HEX64.fullmatch(about["root"]):
        raise Bad("v, size or root of bundle.json")
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", about["period"], re.A):
        raise Bad("period of bundle.json")
    key_name(about["origin"])
    if not re.fullmatch(r".+/log/" + UUID.pattern, about["origin"]):
        raise Bad("origin of bundle.json")
    instant(about["as_of"])
    if "known_as_of" in about:
        instant(about["known_as_of"])
    listed = []
    for row in about["files"]:
        if not isinstance(row, dict) or set(row) != {"length", "name", "sha256"}:
            raise Bad("a row of files in bundle.json")
        listed.append(row["name"])
    if listed != sorted(set(listed)):
        raise Bad("files of bundle.json are not sorted")
    for name in sorted(set(listed) ^ set(files)):
        raise Bad(f"'{name}' is {'missing' if name in listed else 'not in the list'}")
    for row in about["files"]:
        data = files[row["name"]]
        if row["length"] != len(data) or row["sha256"] != hashlib.sha256(data).hexdigest():
            raise Bad(f"'{row['name']}' is not what the list says")
    for name in files:
        if not any(re.fullmatch(p, name, re.A) for p in PATHS + (WHOLE if about["complete"] else PART)):
            raise Bad(f"'{name}' is no file of this bundle")
    if "checkpoint" not in files:
        raise Bad("'checkpoint' is missing")
    return about


# --- entries ---


def tile_name(n, width):
    groups = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        groups.insert(0, f"x{n % 1000:03}")
    return "/".join(groups) + (f".p/{width}" if width < 256 else "")


def cut(data, width, name):
    out, at = [], 0
    for _ in range(width):
        n = int.from_bytes(data[at : at + 2], "big")
        if at + 2 + n > len(data):
            raise Bad(f"'{name}' ends early")
        out.append(data[at + 2 : at + 2 + n])
        at += 2 + n
    if at != len(data):
        raise Bad(f"'{name}' has more than {width} entries")
    return out


def all_entries(about, files):
    out, used = [], set()
    size = about["size"]
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        name = "entries/" + tile_name(n, width)
        if name not in files:
            raise Bad(f"'{name}' is missing")
        used.add(name)
        entries = cut(files[name], width, name)
        hashes = "tile/0/" + tile_name(n, width)
        if hashes in files:
            used.add(hashes)
            for i, e in enumerate(entries):
                if files[hashes][32 * i : 32 * i + 32] != leaf_hash(e):
                    raise Bad(f"entry {256 * n + i} has another hash than '{hashes}' says")
            if len(files[hashes]) != 32 * width:
                raise Bad(f"'{hashes}' has another length")
        out += entries
    for name in files:
        if name.startswith(("entries/", "tile/")) and name not in used:
            raise Bad(f"'{name}' is no part of a log of size {size}")
    return out


MEMBERS = {"v", "log", "id", "kind", "body", "occurred_at", "recorded_at", "party", "actor"}


def read_entry(data, log):
    e = canonical(data, 8)
    if not isinstance(e, dict) or MEMBERS - set(e) or set(e) - MEMBERS - {"contract", "corrects", "priv"}:
        raise Bad("members")
    for key, form in [("log", UUID.pattern), ("id", UUID.pattern), ("kind", "[a-z][a-z0-9_.]*"), ("party", "provider|client"),
                      ("actor", "[utx]_" + OPAQUE), ("contract", HEX64.pattern), ("corrects", UUID.pattern)]:
        if key in e and (not isinstance(e[key], str) or not re.fullmatch(form, e[key])):
            raise Bad(f"'{key}'")
    if type(e["v"]) is not int or e["v"] != 1 or e["log"] != log or not isinstance(e["body"], dict):
        raise Bad("v, log or body")
    if e["id"][14] != "7" or e["id"][19] not in "89ab":
        raise Bad("id is no UUIDv7")
    instant(e["occurred_at"])
    instant(e["recorded_at"])
    for slot, content in e.get("priv", {}).items() if isinstance(e.get("priv", {}), dict) else [("", None)]:
        if not isinstance(content, dict) or set(content) != {"commit", "subject"} or not HEX64.fullmatch(str(content["commit"])) \
                or not re.fullmatch("s_" + OPAQUE, str(content["subject"])):
            raise Bad(f"slot '{slot}'")
    if "priv" in e and not e["priv"]:
        raise Bad("empty priv")
    return e


def check_entries(report, about, found):
    """found: (index, bytes) ascending. The entries that read well."""
    log = about["origin"][-36:]
    ids, last, out = {}, "", []
    for index, data in found:
        try:
            e = read_entry(data, log)
            if e["recorded_at"] < last:
                raise Bad("recorded before the entry before it")
            if e["id"] in ids:
                raise Bad(f"has the id of entry {ids[e['id']]}")
        except Bad as bad:
            report.fail("entries", f"entry {index}: {bad}")
            break
        last = e["recorded_at"]
        ids[e["id"]] = index
        out.append((index, e))
    report.passed("entries", f"{len(out)} entries are canonical and in order")
    return out


# --- notes and keys ---


def read_notes(report, about, files):
    notes = {}
    for name, data in files.items():
        if name != "checkpoint" and not name.startswith("checkpoints/"):
            continue
        try:
            note = Note(data)
            if note.origin != about["origin"]:
                raise Bad("is of another log")
            if name != "checkpoint" and decimal(name[len("checkpoints/") :]) != note.size:
                raise Bad(f"is of size {note.size}")
            notes[name] = note
        except Bad as bad:
            report.fail("signatures", f"'{name}': {bad}")
    return notes


def counts(key, spans, size):
    begin, end = spans[key.line]
    return begin < size <= end


def trusted(report, about, notes, covering, keys, entries):
    """J14: spans of sizes for which each key of the log counts."""
    keys = {k.line: k for k in keys}
    spans = {line: (-1, SIZE_MAX) for line in keys}
    added, retired = [], []
    for index, e in entries:
        if e["kind"] not in ("log_key_added", "log_key_retired"):
            continue
        try:
            key = Key(e["body"].get("vkey", ""))
            if key.witness or key.name != about["origin"]:
                raise Bad("is about a key that is not of this log")
        except Bad as bad:
            report.fail("trust", f"entry {index}: {bad}")
            continue
        (added if e["kind"] == "log_key_added" else retired).append((index, key))
    given = sum(1 for k in keys.values() if not k.witness and k.name == about["origin"])
    joined = 0
    while True:
        for index, key in retired:
            if key.line in spans:
                spans[key.line] = (spans[key.line][0], min(spans[key.line][1], index))
        size = max([n.size for n in covering
                    if any(not k.witness and k.name == about["origin"] and counts(k, spans, n.size) and n.check(k) for k in keys.values())],
                   default=-1)
        new = [(i, k) for i, k in added if i < size and k.line not in keys]
        if not new:
            break
        for index, key in new[:1]:
            keys[key.line], spans[key.line] = key, (index, SIZE_MAX)
            joined += 1
    if not given:
        report.impossible("trust", f"no trusted key of '{about['origin']}'")
    report.passed("trust", f"{given} trusted keys, {joined} added under their signature")
    good = 0
    for name, note in notes.items():
        log = False
        for key in keys.values():
            verdict = note.check(key)
            if verdict is False:
                report.fail("signatures", f"signature of '{key.name}' does not fit '{name}'")
            if verdict and not key.witness and key.name == about["origin"] and counts(key, spans, note.size):
                log = True
        good += log
        if log:
            continue
        if not given or name != "checkpoint":
            report.impossible("signatures", f"'{name}' is signed by no trusted key")
        else:
            report.fail("signatures", f"'{name}' is signed by no key that is trusted for size {note.size}")
    report.passed("signatures", f"{good} checkpoints are signed by the log")


# --- steps 4, 6, 7 ---


def check_roots(report, about, notes, entries):
    tree = Tree([leaf_hash(e) for e in entries])
    covering = []
    if tree.root(about["size"]).hex() != about["root"]:
        report.fail("root", "the entries do not give the root of bundle.json")
    for name, note in notes.items():
        if note.size > about["size"] or (name == "checkpoint" and note.size != about["size"]):
            report.fail("root", f"'{name}' is of size {note.size}, the log of {about['size']}")
        elif tree.root(note.size) != note.root:
            report.fail("root", f"the first {note.size} entries do not give the root of '{name}'")
        else:
            covering.append(note)
    report.passed("root", f"{len(entries)} entries give the roots of {len(covering)} checkpoints")
    return covering


def read_proof(data):
    head, blank, note = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    if not blank or lines[0] != "c2sp.org/tlog-proof@v1":
        raise Bad("no proof file")
    if len(lines) > 1 and lines[1].startswith("extra "):
        b64(lines.pop(1)[6:])
    if len(lines) < 2 or not lines[1].startswith("index "):
        raise Bad("no index")
    hashes = [b64(line) for line in lines[2:]]
    if len(hashes) > 63 or any(len(h) != 32 for h in hashes):
        raise Bad("hashes")
    return decimal(lines[1][6:]), hashes, Note(note)


def check_leaves(report, about, notes, files, keys):
    root = bytes.fromhex(about["root"])
    main = notes.get("checkpoint")
    if main is not None and (main.size != about["size"] or main.root != root):
        report.fail("root", "'bundle.json' and 'checkpoint' are of different trees")
    leaves = sorted((int(name[7:]), data) for name, data in files.items() if name.startswith("leaves/"))
    proofs = {name for name in files if name.startswith("proofs/")}
    for index, data in leaves:
        name = f"proofs/{index}.tlog-proof"
        try:
            if name not in files:
                raise Bad("is missing")
            proofs.discard(name)
            at, hashes, note = read_proof(files[name])
            if (note.origin, note.size, note.root) != (about["origin"], about["size"], root):
                raise Bad("is for another checkpoint")
            if at != index or not included(index, about["size"], leaf_hash(data), hashes, root):
                raise Bad("does not prove its leaf")
            if any(note.check(k) is False for k in keys):
                raise Bad("has a signature that fails")
        except Bad as bad:
            report.fail("root", f"'{name}' {bad}")
    for name in sorted(proofs):
        report.fail("root", f"'{name}' proves an entry that is missing")
    for name, note in notes.items():
        if note.size > about["size"] or (note.size == about["size"] and note.root != root):
            report.fail("root", f"'{name}' contradicts 'checkpoint'")
        elif note.size < about["size"]:
            report.impossible("root", f"whether '{name}' is consistent needs all entries")
    covering = [main] if main is not None and report.lines.get("root", ("",))[0] != "failed" else []
    report.passed("root", f"{len(leaves)} entries lie under the root")
    return leaves, covering


def check_slots(report, files, entries):
    by_id = {e["id"]: (index, e) for index, e in entries}
    opened = 0
    for name, data in files.items():
        if not name.startswith("private/"):
            continue
        try:
            entry_id, slot = name[8:44], name[45:-5]
            index, e = by_id.get(entry_id, (None, {}))
            if slot not in e.get("priv", {}):
                raise Bad("belongs to no slot of an entry")
            content = canonical(data, 32, any_key=True)
            # the bytes of a file are no text
            how = "base64" if e["kind"] == "ticket_attached" and slot in ("content", "health_content") else "bytes"
            if not isinstance(content, dict) or set(content) != {how, "salt"} or not isinstance(content[how], str) \
                    or not re.fullmatch("[0-9a-f]{32}", str(content["salt"])):
                raise Bad(f"is not {how} and salt")
            private = b64(content[how]) if how == "base64" else content[how].encode()
            if hashlib.sha256(bytes.fromhex(content["salt"]) + private).hexdigest() != e["priv"][slot]["commit"]:
                raise Bad(f"is not what entry {index} committed to")
            opened += 1
        except Bad as bad:
            report.fail("commitments", f"'{name}' {bad}")
    report.passed("commitments", f"{opened} slots are opened, each as committed")


def check_approvals(report, about, files, entries):
    for name, data in files.items():
        for folder, suffix in [("versions/", ".json"), ("inputs/", "")]:
            if name.startswith(folder) and name != folder + hashlib.sha256(data).hexdigest() + suffix:
                report.fail("approvals", f"'{name}' has another SHA-256")
    named = 0
    for index, e in entries:
        path = None
        if e["kind"] == "version_agreed":
            path = f"versions/{e['body'].get('version')}.json"
        if e["kind"] == "input_pinned" and "sha256" in e["body"]:
            path = f"inputs/{e['body']['sha256']}"
        if path is None:
            continue
        named += 1
        if path not in files:
            (report.fail if about["complete"] else report.impossible)("approvals", f"entry {index} names '{path}', which is missing")
    report.passed("approvals", f"{named} versions and inputs are those that entries name")


# --- documents of money: pinned by their entries, and sums that hold (money.md R68, R69, R76) ---

ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}


def taxes_of(doc):
    """Each tax again from the lines and reductions that name it: base, and tax on it or inside of it."""
    mode = ROUNDINGS[doc.get("rounding_mode", "half_up")]
    included = doc.get("tax_included", False)
    for at, tax in enumerate(doc.get("taxes", [])):
        field = "gross" if included else None
        base = sum(Decimal(x[field or "net"]) for x in doc["lines"] if x.get("tax") == at)
        base -= sum(Decimal(x[field or "amount"]) for x in doc.get("reductions", []) if x.get("tax") == at)
        rate = Decimal(tax["rate"])
        unit = Decimal(1).scaleb(Decimal(tax["tax"]).as_tuple().exponent)
        due = (base * rate / (100 + rate) if included else base * rate / 100).quantize(unit, mode)
        if (base - due if included else base) != Decimal(tax["base"]) or due != Decimal(tax["tax"]):
            raise Bad(f"says tax {tax['tax']} on {tax['base']}, it is {due} on {base - due if included else base}")


def sums_of(doc):
    lines = sum(Decimal(x["net"]) for x in doc["lines"])
    reductions = sum(Decimal(x["amount"]) for x in doc.get("reductions", []))
    deductions = sum(Decimal(x["amount"]) for x in doc.get("deductions", []))
    tax = sum(Decimal(x["tax"]) for x in doc.get("taxes", []))
    net = lines - reductions
    for name, is_ in (("sum_lines", lines), ("sum_reductions", reductions), ("net", net), ("tax", tax), ("gross", net + tax),
                      ("sum_deductions", deductions), ("payable", net + tax - deductions + Decimal(doc.get("rounding", "0")))):
        if Decimal(doc.get(name, "0")) != is_:
            raise Bad(f"says {name} {doc.get(name, '0')}, it is {is_}")


def check_documents(report, about, files, entries):
    issued = {e["body"].get("invoice"): e["body"] for _, e in entries if e["kind"] == "invoice_issued"}
    seen = 0
    for name, data in files.items():
        if not re.fullmatch(r"expected/invoice-.*\.json", name):
            continue
        try:
            doc = json.loads(data, parse_float=Decimal)
            body = issued.get(doc["number"])
            if body is None:
                if not about["complete"]:
                    continue
                raise Bad("was issued by no entry")
            if name != f"expected/invoice-{doc['number']}.json" or hashlib.sha256(data).hexdigest() != body["document"]:
                raise Bad("is not the document that its entry names")
            if Decimal(body["amount"]) != Decimal(doc["payable"]) or body["currency"] != doc["currency"]:
                raise Bad(f"has another amount than its entry: {body['amount']} {body['currency']}")
            taxes_of(doc)
            sums_of(doc)
            seen += 1
        except (Bad, KeyError, TypeError, ValueError, ArithmeticError) as bad:
            report.fail(DOCUMENTS, f"'{name}' {bad}")
    if seen > 0:
        report.passed(DOCUMENTS, f"{seen} are those that entries name, and their sums and taxes hold")


def verify(data, keys, bundle_keys):
    report = Report()
    try:
        files = read_tar(data)
        about = read_list(files)
        report.passed("list", f"{len(files)} files are those of the list")
    except Bad as bad:
        report.fail("list", str(bad))
        return report.end()
    for name, lines in files.items():
        if name.startswith("keys/"):
            try:
                if lines and not lines.endswith(b"\n"):
                    raise Bad("last line has no newline")
                own = [Key(line) for line in lines.decode("utf-8", "replace").split("\n")[:-1]]
                keys = keys + own if bundle_keys else keys
            except Bad as bad:
                report.fail("trust", f"'{name}': {bad}")
    notes = read_notes(report, about, files)
    covering = []
    if about["complete"]:
        try:
            found = list(enumerate(all_entries(about, files)))
            covering = check_roots(report, about, notes, [e for _, e in found])
        except Bad as bad:
            report.fail("root", str(bad))
            found = []
    else:
        found, covering = check_leaves(report, about, notes, files, keys)
    entries = check_entries(report, about, found)
    trusted(report, about, notes, covering, keys, entries)
    check_slots(report, files, entries)
    check_approvals(report, about, files, entries)
    check_documents(report, about, files, entries)
    if not about["complete"] and report.lines["entries"][0] == "passed":
        report.lines["entries"] = ("cannot check", "inclusion shown, completeness not shown")
    return report.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle")
    parser.add_argument("--trust")
    parser.add_argument("--trust-bundle-keys", action="store_true")
    options = parser.parse_args()
    keys = []
    try:
        if options.trust:
            with open(options.trust, encoding="utf-8") as f:
                keys = [Key(line.strip()) for line in f if line.strip() and not line.startswith("#")]
        with open(options.bundle, "rb") as f:
            data = f.read()
    except (OSError, Bad, UnicodeDecodeError) as e:
        print(f"cannot check: {e}", file=sys.stderr)
        return 2
    if options.trust_bundle_keys:
        print("warning: keys of the bundle itself are taken as trusted", file=sys.stderr)
    return verify(data, keys, options.trust_bundle_keys)


if __name__ == "__main__":
    sys.exit(main())
