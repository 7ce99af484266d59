#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The client as witness (trust.md J14 to J18): what it signs, what it refuses, the evidence of a fork, what the record takes; proofs and
tiles checked by other code; keys changed and trusted."""

import base64
import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile

sys.dont_write_bytecode = True
from program import ROOT, done, ok
from record import CONTRACT, EXAMPLES, World

sys.path[:0] = [os.path.join(ROOT, "tests", "oracle"), os.path.join(ROOT, "tests", "fuzz")]

try:
    import bundle_verifier
    import make_bundles
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(0)

TICKETS = os.path.join(EXAMPLES, "northwind-tickets.csv")


def export(world, name, **more):
    world.must("export", "bundle", "--contract", CONTRACT, "--month", "2026-03", "-o", name, **more)
    return world.path(name)


def entries(world):
    """Entries and leaf hashes as `log show --json` has them."""
    lines, at = [], 0
    while True:
        run = world("log", "show", "--contract", CONTRACT, "--from", str(at), "--to", str(at + 99), "--json")
        if run.returncode != 0 or run.out == "":
            return lines
        lines += run.out.splitlines()
        at += 100


def raw_entry(line):
    """The entry's own bytes inside a line of log show --json."""
    return line[len('{"entry":') : line.rindex(',"index":')].encode()


# --- the log ---


def shows(world):
    lines = entries(world)
    good = all(hashlib.sha256(b"\0" + raw_entry(x)).hexdigest() == json.loads(x)["leaf"] and json.loads(x)["index"] == i for i, x in enumerate(lines))
    ok(good and len(lines) > 60, "log show --json: every line has its entry's own bytes and leaf", len(lines))
    run = world("log", "show", "--contract", CONTRACT)
    ok(f"entries {len(lines) - 50} to {len(lines) - 1} of {len(lines)}" in run.out, "log show: the last 50", run.out[:200])
    run = world("log", "show", "--contract", CONTRACT, "--from", str(len(lines)))
    ok(run.returncode == 66 and f"the last is {len(lines) - 1}" in run.err, "log show: past the end", run.err)
    run = world("log", "show", "--contract", CONTRACT, "--from", str(len(lines)), "--json")
    ok(run.returncode == 0 and run.out == "", "log show --json: past the end there is nothing yet", run.out, run.err)
    run = world("log", "show", "--contract", CONTRACT, "--from", "9", "--to", "3")
    ok(run.returncode == 64 and "lies after" in run.err, "log show: the wrong way round", run.err)
    run = world("log", "show", "--contract", CONTRACT, "--fact", "f001")
    ok(run.returncode == 0 and "ticket.logged" in run.out and "of " in run.out and run.out.count("provider") == 1, "log show --fact: by its id in its source",
       run.out)
    run = world("log", "show", "--install")
    ok(run.returncode == 0 and "action_done" in run.out and "checkpoint_made" in run.out, "log show --install", run.out[-300:])
    run = world("log", "show")
    ok(run.returncode == 64 and "--contract ID" in run.err, "log show: which log", run.err)
    run = world("log", "show", "--contract", CONTRACT, "--from", "4", "--to", "4", "--as", "books")
    ok("(kept apart)" in run.out and "Alice" not in run.out, "log show: kept apart without the right", run.out)
    run = world("log", "show", "--install", "--as", "books")
    ok(run.returncode == 64 and "AUDIT_READ" in run.err, "log show --install needs the right", run.err)
    return [raw_entry(x) for x in lines]


def proofs(world, log):
    tree = bundle_verifier.Tree([bundle_verifier.leaf_hash(e) for e in log])
    root = tree.root(len(log))
    key = bundle_verifier.Key(json.loads(world.must("log", "keys", "--contract", CONTRACT, "--json").out)[0]["vkey"])
    checkpoint = bundle_verifier.Note(world.must("log", "checkpoint", "--contract", CONTRACT).stdout)
    ok(checkpoint.size == len(log) and checkpoint.root == root and checkpoint.check(key), "log checkpoint: the root that other code computes, signed")
    wrong = []
    for index in (0, 1, len(log) // 2, len(log) - 1):
        f = bundle_verifier.read_proof(world.must("log", "prove", "--contract", CONTRACT, "--index", str(index)).stdout)
        found, hashes = f[0], f[1]
        if found != index or not bundle_verifier.included(index, len(log), bundle_verifier.leaf_hash(log[index]), hashes, root):
            wrong.append(index)
    ok(not wrong, "log prove --index: inclusion holds", wrong)
    proof = json.loads(world.must("log", "prove", "--contract", CONTRACT, "--fact", "f001", "--json").out)
    ok(b'"ref":"f001"' in log[proof["index"]], "log prove --fact: the fact's own entry")
    text = world.must("log", "prove", "--contract", CONTRACT, "--older", "5").out
    proof = json.loads(world.must("log", "prove", "--contract", CONTRACT, "--older", "5", "--json").out)
    ok(text.split() == proof["proof"] and proof["older_root"] == tree.root(5).hex() and proof["root"] == root.hex() and proof["size"] == len(log),
       "log prove --older: lines and JSON say the same")
    ok(consistent(5, len(log), tree.root(5), root, [base64.b64decode(h) for h in proof["proof"]]), "log prove --older: consistency holds")
    run = world("log", "prove", "--contract", CONTRACT, "--index", str(len(log)))
    ok(run.returncode == 66 and "is not among" in run.err, "log prove: past the end", run.err)
    run = world("log", "prove", "--contract", CONTRACT)
    ok(run.returncode == 64 and "what to prove" in run.err, "log prove: what", run.err)
    run = world("log", "prove", "--contract", CONTRACT, "--index", "1", "--older", "2")
    ok(run.returncode == 64 and "one thing" in run.err, "log prove: one at a time", run.err)
    run = world("log", "checkpoint", "--contract", CONTRACT, "--size", "7")
    ok(run.returncode == 66 and "the nearest are of 5 and" in run.err, "log checkpoint --size: the nearest are named", run.err)

    level0 = world.must("log", "tile", f"tile/0/000.p/{len(log)}", "--contract", CONTRACT).stdout
    ok(level0 == b"".join(bundle_verifier.leaf_hash(e) for e in log), "log tile: hashes")
    bundle = world.must("log", "tile", "tile/entries/000.p/3", "--contract", CONTRACT).stdout
    ok(bundle == b"".join(len(e).to_bytes(2, "big") + e for e in log[:3]), "log tile: entries")
    for path, status, words in [("tile/1/000", 66, "no such tile"), ("tile/0/001", 66, "no such tile"), ("tile/6/000", 64, "no path of a tile"),
                                ("../x", 64, "no path of a tile")]:
        run = world("log", "tile", path, "--contract", CONTRACT)
        ok(run.returncode == status and words in run.err, f"log tile {path}: {words}", run.err)


def consistent(m, n, old, new, proof):
    """RFC 6962 2.1.4 read from the top down: both roots from the same hashes."""
    proof = list(proof)

    def walk(size, total, known):
        # the pair (root of the first `size`, root of `total`) of a subtree; known: the old root is this subtree's
        if size == total:
            h = old if known else proof.pop()
            return h, h
        k = 1 << ((total - 1).bit_length() - 1)
        if size <= k:
            right = proof.pop()
            left_old, left = walk(size, k, known)
            return left_old, bundle_verifier.node(left, right)
        left = proof.pop()
        right_old, right = walk(size - k, total - k, False)
        return bundle_verifier.node(left, right_old), bundle_verifier.node(left, right)

    # hashes are consumed from the end, which is the top of the tree
    got = walk(m, n, True)
    return not proof and got == (old, new)


# --- the witness ---


def witness(provider, client):
    run = client("cosign", "key", "client.example.org/it", "-o", "it.cosign")
    vkey = run.out.strip()
    mode = stat.S_IMODE(os.stat(client.path("it.cosign")).st_mode)
    ok(run.returncode == 0 and mode == 0o600 and bundle_verifier.Key(vkey).witness, "cosign key: mode 0600, a key of type 04", run.out, run.err)
    before = client.bytes("it.cosign")
    run = client("cosign", "key", "client.example.org/it", "-o", "it.cosign")
    ok(run.returncode == 2 and "is there already" in run.err and client.bytes("it.cosign") == before, "cosign key: writes over nothing", run.err)
    run = client("cosign", "key", "a b", "-o", "other.cosign")
    ok(run.returncode != 0 and not os.path.exists(client.path("other.cosign")), "cosign key: a name with a blank", run.err)

    client.must("trust", "add", json.loads(provider.must("log", "keys", "--contract", CONTRACT, "--json").out)[0]["vkey"])
    run = client("cosign", export(provider, "one.tnb"), "--cosign-key", "it.cosign", "--replay", "-o", "line")
    ok(run.returncode == 0, "cosign: signs", run.out, run.err)
    line = client.bytes("line")
    checkpoint = provider.must("log", "checkpoint", "--contract", CONTRACT).stdout
    signed = bundle_verifier.Note(checkpoint + line)
    ok(signed.check(bundle_verifier.Key(vkey)) is True, "cosign: the line fits the checkpoint, says other code")
    states = os.listdir(os.path.join(client.settings, "cosign"))
    with open(os.path.join(client.settings, "cosign", states[0]), "rb") as f:
        ok(len(states) == 1 and f.read() == checkpoint, "cosign: remembers the checkpoint")

    accept = lambda what, **more: provider("cosign", "accept", what, "--contract", CONTRACT, **more)  # noqa: E731
    provider.write("line", line)
    run = accept("line")
    ok(run.returncode == 2 and "unknown_key" in run.err, "cosign accept: no such witness", run.err)
    run = provider("log", "witness", json.loads(provider.must("log", "keys", "--contract", CONTRACT, "--json").out)[0]["vkey"], "--contract", CONTRACT)
    ok(run.returncode == 2 and "not one of a witness" in run.err, "log witness: not a witness's key", run.err)
    provider.must("log", "witness", vkey, "--contract", CONTRACT)
    ok("was a witness before" in provider.must("log", "witness", vkey, "--contract", CONTRACT).out, "log witness: twice changes nothing")
    other = make_bundles.Key("client.example.org/it", 4, 9)
    text = checkpoint.split(b"\n\n")[0] + b"\n"
    own = make_bundles.Key.__new__(make_bundles.Key)
    own.name, own.kind = "client.example.org/it", 4
    own.secret = make_bundles.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(client.bytes("it.cosign").decode().split()[2]))
    own.id = bytes.fromhex(vkey.split("+")[1])
    provider.write("other", other.line(text))
    run = accept("other")
    ok(run.returncode == 2 and "unknown_key" in run.err, "cosign accept: the name alone is not the key", run.err)
    raw = bytearray(base64.b64decode(line.split()[-1]))
    raw[20] ^= 1
    provider.write("broken", line[: line.rindex(b" ") + 1] + base64.b64encode(bytes(raw)) + b"\n")
    run = accept("broken")
    ok(run.returncode == 2 and "bad_signature" in run.err, "cosign accept: an altered signature", run.err)
    provider.write("ahead", own.line(text, 1775829600 + 301))
    run = accept("ahead", now="2026-04-10T14:00:00Z")
    ok(run.returncode == 2 and "time_ahead" in run.err, "cosign accept: more than 5 minutes ahead", run.err)
    provider.write("just", own.line(text, 1775829600 + 300))
    run = accept("just", now="2026-04-10T14:00:00Z")
    ok(run.returncode == 0 and "has cosigned the first" in run.out, "cosign accept: exactly 5 minutes ahead is taken", run.out, run.err)
    run = accept(line.decode().strip())
    ok(run.returncode == 0 and "before" in run.out, "cosign accept: the same size again changes nothing", run.out, run.err)
    size = int(checkpoint.split(b"\n")[1])
    noted = provider.must("log", "checkpoint", "--contract", CONTRACT, "--size", str(size)).stdout
    ok(bundle_verifier.Note(noted).check(bundle_verifier.Key(vkey)) is True, "cosign accept: the line stands in the note")

    run = client("cosign", export(provider, "two.tnb"), "--cosign-key", "it.cosign", "-o", "line2")
    ok(run.returncode == 0, "cosign: a log that grew", run.err)
    provider.write("line2", client.bytes("line2"))
    ok(accept("line2").returncode == 0, "cosign accept: the next one")
    provider.write("old", own.line(text, 1775829600))
    run = accept("old")
    ok(run.returncode == 2 and "size_below" in run.err and "already" in run.err, "cosign accept: below the key's last", run.err)
    run = client("cosign", export(provider, "three.tnb"), "--cosign-key", "it.cosign", "-o", "line3")
    ok(run.returncode == 0 and "nothing but cosignatures" in run.err and not os.path.exists(client.path("line3")),
       "cosign: nothing but cosignatures has come, nothing to sign", run.err)
    run = client("cosign", provider.path("one.tnb"), "--cosign-key", "it.cosign", "-o", "line3")
    ok(run.returncode == 1 and "rolled back" in run.err and not os.path.exists(client.path("line3")), "cosign: rolled back, refused", run.err)

    with open(provider.path("two.tnb"), "rb") as f:
        data = bytearray(f.read())
    data[data.index(b'"ticket.logged"') + 3] ^= 1
    client.write("bad.tnb", data)
    run = client("cosign", "bad.tnb", "--cosign-key", "it.cosign", "-o", "line3")
    ok(run.returncode == 1 and not os.path.exists(client.path("line3")), "cosign: a damaged bundle is not signed", run.err)
    stranger = World(os.path.dirname(client.folder), "stranger")
    shutil.copy(client.path("it.cosign"), stranger.path("it.cosign"))
    run = stranger("cosign", provider.path("two.tnb"), "--cosign-key", "it.cosign", "-o", "line")
    ok(run.returncode == 2 and not os.path.exists(stranger.path("line")), "cosign: without a trusted key nothing is signed", run.err)
    run = client("cosign", provider.path("two.tnb"), "--cosign-key", "it.cosign", "--state", "/proc/none/state")
    ok(run.returncode == 74 and run.out == "", "cosign: what cannot be remembered is not signed", run.out, run.err)
    return own


def fork(provider, client):
    """The provider keeps two copies of its workspace and shows a different one each time."""
    copy = World(os.path.dirname(provider.folder), "copy")
    for name in os.listdir(provider.folder):
        if name.startswith("acme."):
            shutil.copy(provider.path(name), copy.path(name))
    shutil.copytree(provider.settings, copy.settings)
    later = {"now": "2026-04-11T09:00:00Z"}
    provider.must("fact", "add", "outage.began", "outage=x1", "assets=web", "severity=down", "--contract", CONTRACT, **later)
    provider.must("fact", "add", "outage.ended", "outage=x1", "--contract", CONTRACT, **later)
    copy.must("fact", "add", "outage.began", "outage=x9", "assets=web", "severity=degraded", "--contract", CONTRACT, **later)
    run = client("cosign", export(provider, "five.tnb", **later), "--cosign-key", "it.cosign", "--state", "mine/state", **later)
    ok(run.returncode == 0 and run.out, "fork: the first history is signed", run.err)
    before = client.bytes("mine", "state")
    run = client("cosign", export(copy, "other.tnb", **later), "--cosign-key", "it.cosign", "--state", "mine/state", **later)
    ok(run.returncode == 1 and "rolled back" in run.err, "fork: the shorter other history looks rolled back", run.err)
    copy.must("import", "--contract", CONTRACT, os.path.join(EXAMPLES, "northwind-maintenance.ics"), **later)
    copy.must("fact", "add", "outage.ended", "outage=x9", "--contract", CONTRACT, **later)
    run = client("cosign", export(copy, "other.tnb", **later), "--cosign-key", "it.cosign", "--state", "mine/state", "-o", "forked", **later)
    ok(run.returncode == 1 and "FORK" in run.err and not os.path.exists(client.path("forked")), "fork: refused, nothing signed", run.out, run.err)
    ok(client.bytes("mine", "state") == before, "fork: what was remembered stands")
    names = sorted(os.listdir(client.path("mine", "fork-evidence")))
    notes = [bundle_verifier.Note(client.bytes("mine", "fork-evidence", n)) for n in names if n.endswith(".note")]
    lines = [client.bytes("mine", "fork-evidence", n).decode().splitlines() for n in names if n.endswith(".proof")]
    ok(len(notes) == 2 and len(lines) == 1, "fork: both notes and the proof are kept", names)
    key = bundle_verifier.Key(json.loads(provider.must("log", "keys", "--contract", CONTRACT, "--json").out)[0]["vkey"])
    ok(all(n.check(key) for n in notes), "fork: both notes carry the log's own signature")
    old, new = sorted(notes, key=lambda n: n.size)
    hashes = [base64.b64decode(h) for h in lines[0][2:]]
    ok(lines[0][:2] == [f"older {old.size}", f"size {new.size}"] and not consistent(old.size, new.size, old.root, new.root, hashes),
       "fork: the proof does not lead from one to the other, says other code")
    run = client("cosign", copy.path("other.tnb"), "--cosign-key", "it.cosign", "--state", "mine/state", **later)
    ok(run.returncode == 1 and "FORK" in run.err and sorted(os.listdir(client.path("mine", "fork-evidence"))) == names,
       "fork: seen again, the evidence stays as it was", run.err)


# --- keys ---


def rotation(provider, client):
    log = ["--contract", CONTRACT]
    first = json.loads(provider.must("log", "keys", *log, "--json").out)[0]["vkey"]
    day = {"now": "2026-04-12T08:00:00Z"}
    run = provider("log", "rotate", *log, "--retire", **day)
    ok(run.returncode == 2 and "only key" in run.err, "log rotate --retire: not the only key", run.err)
    provider.must("log", "rotate", *log, **day)
    note = bundle_verifier.Note(provider.must("log", "checkpoint", *log, **day).stdout)
    keys = [bundle_verifier.Key(k["vkey"]) for k in json.loads(provider.must("log", "keys", *log, "--json").out) if k["state"] == "signs"]
    ok(len(keys) == 2 and all(note.check(k) for k in keys), "log rotate: both keys sign")
    run = provider("log", "rotate", *log, **day)
    ok(run.returncode == 2 and "two keys" in run.err, "log rotate: not a third one", run.err)
    run = provider("log", "rotate", *log, "--retire", now="2026-05-12T07:59:59Z")
    ok(run.returncode == 2 and "until 2026-05-12T08:00:00Z" in run.err, "log rotate --retire: not before 30 days are over", run.err)
    run = provider("log", "rotate", *log, "--now", **day)
    ok(run.returncode == 64, "log rotate --now: only with --retire", run.err)
    late = {"now": "2026-05-12T08:00:00Z"}
    provider.must("log", "rotate", *log, "--retire", **late)
    note = bundle_verifier.Note(provider.must("log", "checkpoint", *log, **late).stdout)
    ok(not note.check(keys[0]) and note.check(keys[1]), "log rotate --retire: the older key signs no longer")
    client.write("old.trust", (first + "\n").encode())
    run = client("verify", export(provider, "rotated.tnb", **late), "--trust", "old.trust")
    ok(run.returncode == 0, "who trusts the older key learns the newer one from the bundle (J14)", run.out)
    provider.must("log", "rotate", *log, "--retire", "--now", **late)
    run = client("verify", export(provider, "stolen.tnb", **late), "--trust", "old.trust")
    ok(run.returncode == 1 and "signed by no key that is trusted" in run.out, "after a theft the new key must come by another way", run.out)
    newest = [k["vkey"] for k in json.loads(provider.must("log", "keys", *log, "--json").out) if k["state"] == "signs"]
    client.write("new.trust", (first + "\n" + newest[0] + "\n").encode())
    ok(len(newest) == 1 and client("verify", provider.path("stolen.tnb"), "--trust", "new.trust").returncode == 0, "with it: verified")
    run = provider("log", "rotate", *log, "--as", "books", **late)
    ok(run.returncode == 64 and "INSTALL" in run.err, "log rotate needs the right", run.err)
    run = provider("statement", *log, "--month", "2026-03", "--revision", "1")
    ok(run.returncode == 0, "a statement issued under the first key is still shown as it was", run.err)


def trust(client):
    key = make_bundles.LOG_KEY.vkey
    mine = ["--trust", "my.trust"]
    name = "+".join(key.split("+")[:2])
    client.write("my.trust", b"# from paper, 3 March\n")
    ok("trusted from now on" in client.must("trust", "add", key, *mine).out, "trust add")
    ok("was trusted before" in client.must("trust", "add", key, *mine).out, "trust add: twice")
    client.write("keys.txt", (key + "\n\n# witness\n" + make_bundles.WITNESS_KEY.vkey + "\n").encode())
    client.must("trust", "add", "keys.txt", *mine)
    listed = json.loads(client.must("trust", "list", *mine, "--json").out)
    ok([k["kind"] for k in listed] == ["log", "witness"] and listed[0]["key"] == name, "trust list", listed)
    ok(client.bytes("my.trust").startswith(b"# from paper"), "trust add keeps a person's own notes")
    run = client("trust", "add", key[:-2] + "AA", *mine)
    ok(run.returncode == 2, "trust add: a slip of the pen", run.err)
    run = client("trust", "add", "no-such-file", *mine)
    ok(run.returncode == 66, "trust add: no such file", run.err)
    run = client("trust", "remove", name[:-1] + "0", *mine)
    ok(run.returncode == 66 and "tenor trust list" in run.err, "trust remove: no such key", run.err)
    client.must("trust", "remove", name, *mine)
    ok(len(json.loads(client.must("trust", "list", *mine, "--json").out)) == 1 and b"# from paper" in client.bytes("my.trust"), "trust remove")
    client.write("my.trust", b"what\n")
    run = client("trust", "list", *mine)
    ok(run.returncode == 2 and "my.trust:1" in run.err, "a line that is no key: named", run.err)
    run = client("trust", "list", "--trust", "none")
    ok(run.returncode == 66, "trust list: no such file", run.err)


def main():
    with tempfile.TemporaryDirectory() as folder:
        provider, client = World(folder, "provider").northwind(facts=False), World(folder, "client")
        provider.must("user", "add", "books", "--role", "finance")
        provider.must("import", "--contract", CONTRACT, TICKETS)
        log = shows(provider)
        proofs(provider, log)
        provider.must("statement", "--contract", CONTRACT, "--month", "2026-03", "--issue")
        witness(provider, client)
        fork(provider, client)
        rotation(provider, client)
        trust(client)
    done()


main()
