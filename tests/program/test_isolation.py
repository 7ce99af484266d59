#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
V7 (trust.md): no byte crosses from one client to another, and nobody does what the table of rights does not give.

1. Every verb as every role, from actions.def: what is refused must be what the table below refuses. A verb without a row here fails.
2. Every page of pages.def, on the real server, as a person of every role who is signed in with a second factor: refused or shown as its
   right says; with another client's ids the same answer, byte for byte, as with ids that nobody has, read and sent; signed out, or by a session
   that is over, the same for all.
3. Every route of the API with no token, an unknown one, one that was revoked, one that is over, and one of another provider (with another
   client's ids against unknown ones: test_api.py).
4. Words planted in every text of the other client are in no answer, neither body nor head, in no file, paper or mail, and in no log.
"""

import base64
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
from api_bed import Bed
from program import TENOR, done, note, ok
from smtp_server import Smtp
from site_bed import Person, Site

# --- what trust.md P3 says; OP: whoever runs the installation ---

ROLES = {"OW": "owner", "FI": "finance", "CM": "contract-manager", "SD": "service-desk", "TE": "technician", "RO": "read-only", "SI": "signer",
         "IL": "it-lead", "BI": "billing", "RQ": "requester", "VI": "viewer", "AU": "auditor", "OP": "operator"}
CLIENTS = ("SI", "IL", "BI", "RQ", "VI")
READERS = "OW FI CM SD TE RO SI IL BI RQ VI AU"
P3 = {
    "TERMS_READ": READERS, "STATEMENT_READ": READERS, "TICKET_READ": READERS,
    "TERMS_WRITE": "OW CM SI", "TERMS_APPROVE": "OW CM SI",
    "MONEY_READ": "OW FI CM RO SI IL BI AU", "COST_READ": "OW FI", "MONEY_WRITE": "OW FI", "MONEY_ACCEPT": "SI BI",
    "FACT_WRITE": "OW FI CM SD TE SI IL BI RQ", "TICKET_WRITE": "OW CM SD TE SI IL BI RQ", "WORK_WRITE": "OW CM SD TE",
    "USAGE_WRITE": "OW FI CM SD", "CORRECT": "OW FI CM SD TE SI IL BI RQ", "CORRECT_APPROVE": "OW CM SI",
    "DISPUTE": "OW FI CM SD SI IL BI RQ", "PERSONAL_READ": "OW CM SD TE SI IL RQ VI AU", "LOG_READ": "OW FI CM RO SI IL BI AU",
    "COSIGN": "OW SI IL BI AU", "USERS_MANAGE": "OW SI", "TOKENS_MANAGE": "OW SI", "HOOKS_MANAGE": "OW SI", "PERSONAL_ERASE": "OW SI",
    "AUDIT_READ": "OW SI AU", "EMERGENCY_ACCESS": "OW SD", "SETTINGS": "OW CM", "INSTALL": "OP",
}
# verb: the right that it asks first; "-": works on files it is given, or makes the workspace; "own": everybody's own
VERBS = dict((
    ("-", "check;new;diff;schema;reference;month;map;init;verify;trust add;trust list;trust remove;cosign;cosign key;time deadline;time elapsed;"
          "time next-open;calc;openapi;man;completion;help;restore"),
    ("own", "sessions;sessions end"),
    ("TERMS_READ", "client list;contract list;contract show;calendars"),
    ("TERMS_APPROVE", "contract add"),
    ("TERMS_WRITE", "draft new;draft list;draft show;draft save;draft set;draft merge;draft check;draft diff;draft backtest;draft drop"),
    ("STATEMENT_READ", "desk;view save;view remove;today;find;deadlines;ticket list;ticket show;availability"),
    ("MONEY_READ", "explain;atrisk;statement;restate;backtest;invoice preview;invoice list;invoice show;invoice xml;invoice pdf;receivables;"
                   "statement-of-account;dispute-settle;index run;quote-exit;suggest;compare-break-fix;ledger export;budget;forecast"),
    ("COST_READ", "margin"),
    ("MONEY_WRITE", "provider approve;invoice run;invoice release;pay;refund;bank import;credit-note;credit-note approve;dunning run;late-fees run;"
                    "index announce"),
    ("MONEY_ACCEPT", "dispute-line"),
    ("FACT_WRITE", "import;fact add;usage import;units import;index import"),
    ("CORRECT", "fact correct;fact withdraw"), ("CORRECT_APPROVE", "fact approve"),
    ("LOG_READ", "export bundle;log show;log checkpoint;log prove;log tile;log keys"), ("COSIGN", "log witness;cosign accept"),
    ("USERS_MANAGE", "user add;user invite;user mail;user role;user disable;user reset;user grant;factor reset;factor keep"), ("AUDIT_READ", "user list;audit"),
    ("TOKENS_MANAGE", "token add;token list;token revoke"), ("PERSONAL_ERASE", "erase"),
    ("WORK_WRITE", "ticket assign;ticket note;ticket queue;reply fill;timer start;timer stop"),
    ("TICKET_WRITE", "template list;ticket attach"), ("PERSONAL_READ", "ticket attachment"),
    ("EMERGENCY_ACCESS", "ticket emergency"),
    ("SETTINGS", "mail-text list;mail-text show;mail-text save;mail-text reset;template save;template remove;reply save;reply remove;client add;provider set;provider clear;provider logo;provider show"),
    ("INSTALL", "factor approve;factor list;user link;log rotate;serve;mail set;mail show;mail off;mail test;outbox list;outbox send;outbox retry;outbox drop;doctor;rebuild;backup;clock accept"),
))
EXPECTED = {verb: right for right, words in VERBS.items() for verb in words.split(";")}

# what a verb's parameters are given, by name; others by their type
VALUES = {"HANDLE": "nobody", "MAIL_OF": "nobody@northwind.example", "MAIL_TO": "nobody@northwind.example", "MAIL_TEXT": "invitation.en", "MAIL_BODY": "{link}", "ROLE": "viewer", "CLIENT_ID": "northwind", "FACT": "zz-unknown", "KIND": "ticket.logged", "OUTCOME": "upheld",
          "SETTING": "colour", "VALUES": "#112233", "TOKEN_NAME": "x", "NUMBER": "INV-2099-00009", "INVOICE": "INV-2099-00009", "TILE": "tile/0/000",
          "WITNESS": "client.example.org/it+ffe0da61+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU", "LINE": "\u2014 client.example.org/it AAAA",
          "WHAT": "metric uptime", "AMOUNT": "1.00", "AMOUNT_ARG": "1.00", "WHY": "goodwill", "FIELDS": "ticket=T-1", "LEDGER_FORMAT": "hledger", "EMERGENCY_CODE": "care"}
TYPES = {"WORD": "zz-unknown", "COUNT": "1", "DATE": "2026-04-01", "MONTH": "2026-03", "INSTANT": "2026-04-01T09:00:00Z", "MONEY": "1.00 USD",
         "PERIOD": "2026-03", "SPAN": "2026-03-01..2026-03-31", "ZONE": "UTC", "DURATION": "4h", "FORMAT": "text"}
MORE = {"statement": ["--month", "2026-03"], "erase": ["--person", "Nobody"],
        "log prove": ["--index", "0"], "token add": ["--right", "STATEMENT_READ"],
        "suggest": ["--from", "2026-01", "--to", "2026-03"], "compare-break-fix": ["--from", "2026-01", "--to", "2026-03"]}

# verbs that take files or a contract of the workspace, and one that takes several numbers
WHOLE = {"explain": ["--contract", "NX-9999", "--month", "2026-03", "--what", "metric uptime"], "atrisk": ["--contract", "NX-9999"],
         "invoice pdf": ["INV-2099-00009"], "index run": ["--contract", "NX-9999", "--dry-run"],
         "export bundle": ["--contract", "NX-9999", "--month", "2026-03", "-o", "-"],
         "ticket attachment": ["T-1", "zz-unknown", "--contract", "NX-9999", "-o", "-"]}
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


def table(name):
    with open(name, encoding="utf-8") as f:
        return f.read()


def actions():
    """Each verb with what it takes: (how, PARAMETER) in order."""
    text = table("src/app/actions.def").split("#ifndef ROUTE")[0]
    for row in re.split(r"\n(?=ACTION\()", text)[1:]:
        verb = re.match(r'ACTION\(\w+, "([^"]+)"', row).group(1)
        takes = row[row.rindex("TAKES"):]
        yield verb, re.findall(r"\b(ARG|ARG_OPT|ARGS|OPT|OPTS|MUST)\((\w+)\)", takes)


def parameters():
    return {name: (word, kind) for name, word, kind in re.findall(r'\nPARAM\((\w+), "([^"]+)", (\w+),', table("src/app/actions.def"))}


def command(verb, takes, known, file):
    out = verb.split(" ")
    if verb in WHOLE:
        return out + WHOLE[verb]
    for how, name in takes:
        word, kind = known[name]
        value = os.path.join(os.path.dirname(file), "logo.png") if name == "LOGO" else file if kind == "FILE" else VALUES.get(name, TYPES.get(kind, "x"))
        if name == "CONTRACT_ID" and how != "ARG":
            out += ["--contract", "NX-9999"]
        elif how in ("ARG", "ARGS"):
            out.append(value)
        elif how == "MUST" or name in ("ROLE",):
            out += ["--" + word, value]
    return out + MORE.get(verb, [])


def verbs_by_role(bed, people):
    known, file = parameters(), os.path.join(bed.folder, "NW-2026.yaml")
    listed = dict(actions())
    ok(set(listed) == set(EXPECTED), "every verb has its row in the expected table, and every row its verb", set(listed) ^ set(EXPECTED))
    with open(os.path.join(bed.folder, "logo.png"), "wb") as f:
        f.write(PNG)
    # every refusal, and of what is allowed a third of the roles in turn: pages and the API show the rest
    calls = [(verb, role) for v, (verb, right) in enumerate(EXPECTED.items()) if right in P3 and verb in listed for r, role in enumerate(ROLES)
             if role not in P3[right].split() or (v + r) % 3 == 0]

    def one(call):
        verb, role = call
        if role in P3[EXPECTED[verb]].split() and verb in ("serve", "backup", "rebuild", "doctor", "log rotate", "client add", "provider logo"):
            return call, None
        run = bed.tenor(*command(verb, listed[verb], known, file), "--workspace", bed.workspace, "--key", bed.key, "--as", people[role])
        return call, (run.returncode, run.stderr.decode())

    wrong = []
    with ThreadPoolExecutor(4) as pool:
        for (verb, role), got in pool.map(one, calls):
            if got is None:
                continue
            refused = "has not the right " + EXPECTED[verb] in got[1]
            if refused == (role in P3[EXPECTED[verb]].split()):
                wrong.append(f"{verb} as {ROLES[role]}: {got}")
    ok(not wrong, f"{len(calls)} calls, each verb as each role: refused is what the table refuses", *wrong[:20])
    ok(len(calls) > 500, "and they are many", len(calls))


# --- pages ---

def pages():
    """(path, right, form?) of every row."""
    text = re.sub(r"\n\s+", " ", table("src/web/pages.def"))
    for kind, path, rest in re.findall(r'\n(PAGE|LIST|FORM)\(\w+, "([^"]+)",([^\n]*)', text):
        right = re.search(r"\b(?:TAB|NAV)_\w+, ([A-Z_]+),", rest).group(1)
        yield path, right, kind == "FORM"


NAMES = {"month": "2026-03", "on": "2026-09-15", "setting": "colour", "token": "t_0k5w8n2v6c1x9r4m", "session": "0f3a9c21", "outage": "o1"}


def fill(path, names):
    return re.sub(r"\{(\w+)\}", lambda m: urllib.parse.quote(names.get(m[1], NAMES.get(m[1], "x"))), path)


def plain(answer, names, own=()):
    """Without what tells one request, or one id asked for, from another."""
    status, head, body = answer
    text = body.decode("utf-8", "replace")
    text = re.sub(r"<code>[a-z0-9]{16}</code>", "REQUEST", text)
    text = re.sub(r'value="[0-9a-f]{8}-[0-9a-f-]{27}"', "FRESH", text)
    text = re.sub(r'value="[A-Z]-[2-9A-Z]{6}"', "FRESH", text)
    for name, value in names.items():
        for form in {value, urllib.parse.quote(value)}:
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", name.upper(), text)
    place = head.get("location", "")
    for name, value in names.items():
        place = place.replace(value, name.upper())
    drop = {"date", "x-request-id", "request-id", "content-length", "location", "etag", "set-cookie"}
    return status, place, {k: v for k, v in head.items() if k not in drop}, text


def filled(page):
    """A form as somebody would send it: each field that it has, with something in it."""
    form = page.decode().partition("<main")[2].partition('<form class="form"')[2].partition("</form>")[0]
    out = {name: "x" for name in re.findall(r'<textarea[^>]* name="(\w+)"', form)}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind, value = (re.search(rf' {what}="([^"]*)"', tag) for what in ("name", "type", "value"))
        if name and name[1] != "form" and not (kind and kind[1] in ("submit", "file", "checkbox")):
            typed = {"number": "1", "date": "2026-04-01", "datetime-local": "2026-04-01T09:00", "email": "x@mail.example"}.get(kind[1] if kind else "text", "x")
            out[name[1]] = value[1] if value and value[1] else typed
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        values = [v for v in re.findall(r'<option[^>]* ?value="([^"]*)"', options) if v]
        out[name] = values[-1] if values else "x"
    return out


def pages_by_role(site, signed, foreign, unknown):
    rows = list(pages())
    ok(len(rows) > 40, "there are many pages", len(rows))
    asked = 0
    for role, person in signed.items():
        own = {"contract": "HS-2026" if role == "HAL" else "NW-2026", "number": "INV-2026-00001", "invoice": "INV-2026-00001", "ticket": "T-101",
               "client": "northwind", "handle": "nora" if role in CLIENTS else "desk", "fact": "o1-began"}
        if role == "HAL":
            continue
        wrong, unsaid = [], []
        for path, right, form in rows:
            status, head, body = person.get(fill(path, own))
            asked += 1
            if head.get("content-type", "").startswith("text/html") and b"reached without encryption" not in body:
                unsaid.append(f"{path}: {status}")
            may = role in P3[right].split()
            if (status == 403) == may or status >= 500 or status == 401:
                wrong.append(f"{path} ({right}): {status} {body[-300:]!r}" if status >= 500 else f"{path} ({right}): {status}")
            if form and not may:
                got = person.ask("POST", fill(path, own), {"form": "x"})
                if got[0] != 403:
                    wrong.append(f"POST {path}: {got[0]}")
        ok(not wrong, f"{ROLES[role]}: {len(rows)} pages are shown or refused as the table says", *wrong[:10])
        ok(not unsaid, f"{ROLES[role]}: each says that nothing is encrypted here (S1)", *unsaid[:10])
        if role not in CLIENTS:
            continue
        leaks, told = [], {}
        if role in ("SI", "BI"):  # whose forms ask for the second factor again
            person.step_up()
        token = re.search(rb'name="form" value="([^"]+)"', person.get("/me")[2]).group(1).decode()
        for path, right, form in rows:
            if not any("{" + name + "}" in path for name in foreign):
                continue
            a, b = person.get(fill(path, foreign)), person.get(fill(path, unknown))
            asked += 2
            if plain(a, foreign) != plain(b, unknown):
                leaks.append(f"{path}: {a[0]} {b[0]}")
            site.seen.append((person.handle + " " + path, a))
            # a named list is its person's own, whatever contract's page it is sent from
            if form and "/views/" not in path and right in P3 and role in P3[right].split():
                sent = {"form": token, **filled(person.get(fill(path, own))[2])}
                a, b = (person.ask("POST", fill(path, names), sent) for names in (foreign, unknown))
                asked += 3
                told[a[0]] = told.get(a[0], 0) + 1
                if plain(a, foreign) != plain(b, unknown) or a[0] == 200 or a[0] == 303 and a[1]["location"].partition("?")[0] != "/me/code":
                    leaks.append(f"POST {path}: {a[0]} {b[0]}")
                site.seen.append((person.handle + " POST " + path, a))
        ok(not leaks, f"{ROLES[role]}: another client's pages are as those that nobody has, read or sent", *leaks[:10])
        note(f"{ROLES[role]}: what is sent there is answered {told}")
    note(f"{asked} pages were asked for")


def signed_out(site, rows, foreign):
    nobody = Person(site, "nobody")
    answers = {nobody.get(fill(path, foreign))[0] for path, _, _ in rows}
    ok(answers == {303}, "signed out, every page leads to signing in", answers)
    over = Person(site, "over")
    over.cookies["tenor-dev"] = "A" * 43
    got = over.get("/c/NW-2026")
    ok(got[0] == 303 and "sign-in" in got[1]["location"] and b"NW-2026" not in got[2], "and so does a session that is over", got)


def over(site, person):
    """A session that was good and is over by its time (S2): as if there were none."""
    before = person.get("/c/NW-2026")
    with sqlite3.connect(site.bed.workspace, timeout=60) as db:
        db.execute("UPDATE session SET ends_at = ? WHERE person = (SELECT id FROM person WHERE handle = ?)", (int(time.time() * 1000), person.handle))
    after = person.get("/c/NW-2026")
    ok(before[0] == 200 and after[0] == 303 and "sign-in" in after[1]["location"] and b"NW-2026" not in after[2], "a session that ends while somebody reads opens nothing more",
       before[0], after)


def without_grant(site, rows):
    """An auditor whose grant is over, or who never had one, reads nothing: each page is refused or like one that is not there (P2, P5)."""
    over, wrong = Person(site, "r-over").sign_in(), []
    for path, _, form in rows:
        got = over.get(fill(path, FOREIGN))
        if got[0] not in (403, 404) and not form:
            wrong.append(f"{path}: {got[0]}")
        site.seen.append(("r-over " + path, got))
    for path in ("/", "/find?q=printer", "/c/NW-2026", "/audit?format=csv"):
        site.seen.append(("r-over " + path, over.get(path)))
    ok(not wrong, "an auditor without a grant sees no page", *wrong[:10])


# --- the API ---

FOREIGN = {"contract": "NW-2026", "number": "INV-2026-00001", "invoice": "INV-2026-00001", "fact": "o1-began", "dispute": "INV-2026-00001-line-1",
           "ticket": "T-101", "handle": "nora", "client": "northwind"}
UNKNOWN = {"contract": "NX-9999", "number": "INV-2099-00009", "invoice": "INV-2099-00009", "fact": "zz-unknown", "dispute": "zz-unknown",
           "ticket": "T-99999", "handle": "nobody", "client": "nobody"}


def stranger(bed):
    """A token of another provider's workspace."""
    folder = os.path.join(bed.folder, "other")
    os.mkdir(folder)
    for args in (("init", "other.tenor", "--provider", "Other IT"), ("token", "add", "theirs", "--right", "STATEMENT_READ", "--json")):
        run = subprocess.run([TENOR, *args], cwd=folder, env={**os.environ, "HOME": folder}, capture_output=True, check=True)
    return re.search(r"tnr_[a-z2-7]{16}_[a-z2-7]{52}", run.stdout.decode()).group(0)


def nobody_by_api(bed, description):
    bed.token("over", "owner", ["STATEMENT_READ"])
    good = bed.get("/api/v1/contracts/NW-2026/tickets", "over").status
    with sqlite3.connect(bed.workspace, timeout=60) as db:
        db.execute("UPDATE token SET ends_at = ? WHERE label = 'over'", (int(time.time() * 1000),))
    nobodies = (None, bed.tokens["gone"], "tnr_" + "a" * 16 + "_" + "b" * 52, bed.tokens["over"], stranger(bed))
    ok(good in (200, 403), "a token is good until its end", good)
    wrong = []
    asked = 0
    for path, item in description["paths"].items():
        for method in item:
            asked += 1
            verb = "POST" if method == "x-tenor-files" else method.upper()
            # in turn, since who has no token may not ask much (S16)
            who = nobodies[asked % len(nobodies)]
            got = bed.ask(verb, fill(path, FOREIGN), who, None if verb in ("GET", "DELETE") else b"{}")
            if got.status != 401 or b"NW-2026" in got.body.replace(fill(path, FOREIGN).encode(), b""):
                wrong.append(f"{verb} {path} {who}: {got.status}")
    ok(not wrong, f"no token, an unknown one, a revoked one, one that is over, another provider's: {len(description['paths'])} paths answer 401", *wrong[:8])


def lists_by_api(bed, seen):
    for path in ("/contracts", "/clients", "/invoices", "/receivables", "/today", "/deadlines", "/ledger?format=csv", "/index-adjustments",
                 "/contracts/NW-2026", "/contracts/NW-2026/tickets?state=all", "/contracts/NW-2026/tickets/T-canary", "/users", "/provider"):
        seen.append(("API " + path, (lambda g: (g.status, g.headers, g.body))(bed.get("/api/v1" + path, "harbour"))))


# --- what was planted with the one client, and is asked for by the other ---

def plant(bed):
    words = {}

    def word(where):
        words[where] = "canary" + hashlib.sha256(where.encode()).hexdigest()[:12]
        return words[where]

    here = ("--contract", "NW-2026", "--as", "nora")
    bed.must("user", "add", word("handle"), "--role", "viewer", *here[:2], "--as", "nora")
    bed.must("fact", "add", "ticket.logged", "ticket=T-canary", "priority=P3", "service=helpdesk", "channel=portal", f"summary={word('summary')}",
             f"words={word('words')}", "--person", word("person"), *here)
    bed.must("fact", "add", "ticket.logged", f"ticket={word('ticket')}", "priority=P1", "service=helpdesk", "channel=portal", *here)
    bed.must("fact", "add", "ticket.message", "ticket=T-canary", "author=human", f"words={word('message')}", "visibility=public", *here)
    name, content = f"{word('file')}.txt", word("content of a file")
    with open(os.path.join(bed.folder, name), "w", encoding="utf-8") as f:
        f.write(content)
    file = json.loads(bed.must("ticket", "attach", "T-canary", name, *here, "--json"))["attached"][0]["attachment"]
    words["attachment's id"] = file
    bed.must("fact", "add", "ticket.cancelled", "ticket=T-canary", f"reason={word('reason')}", *here)
    bed.must("fact", "add", "outage.began", f"outage={word('outage')}", "assets=records", "severity=down", "--contract", "NW-2026", "--source",
             word("source"))
    for n in range(12):
        bed.must("fact", "add", "ticket.logged", f"ticket={word(f'ticket {n}')}", "priority=P3", "service=helpdesk", "channel=portal",
                 f"summary={word(f'summary {n}')} printer", f"words={word(f'words {n}')}", "--person", word(f"person {n}"), *here)
    bed.must("view", "save", word("view"), "--query", "q=" + word("question"), "--as", "nora")
    bed.must("ticket", "queue", words["ticket"], "--queue", word("queue"), *here[:2])
    bed.must("draft", "new", "--contract", "NW-2026", "--reason", word("reason of a draft"), "--as", "nora")
    bed.must("token", "add", word("token"), "--right", "STATEMENT_READ", "--as", "nora")
    bed.must("pay", "10.00", "--contract", "NW-2026", "--date", "2026-04-02", "--ref", word("reference"), "--id", word("payment"))
    bed.must("client", "add", word("client"), "--name", word("name"))
    return words


def mails(bed, words, smtp):
    """What goes out (V7): all that waits is made due and sent, once more where a turn is full."""
    for month in ("2026-03", "2026-02"):
        for contract in ("NW-2026", "HS-2026"):
            bed.must("statement", "--contract", contract, "--month", month, "--issue")
    bed.must("invoice", "run", "--all", "--on", "2026-06-01")
    for _ in range(50):
        bed.must("outbox", "send", "--json")
        rows = [r for r in json.loads(bed.must("outbox", "list", "--json")) if r["state"] == "waits"]
        for row in rows:
            bed.must("outbox", "retry", row["id"])
        if not rows:
            break
    rows = json.loads(bed.must("outbox", "list", "--json"))
    kinds = {r["kind"] for r in rows}
    ok({r["state"] for r in rows} == {"sent"} and kinds >= {"ticket", "outage", "statement", "invoice", "more"}, "mails of each kind went out", kinds, rows[-1:])
    went = [(m.to[0].strip("<>"), m.data.decode("latin-1") + "".join(f"{k}: {v}\n" for k, v in m.message.items()) + m.text) for m in smtp.came]
    said = {where: word for where, word in words.items() if not where.startswith("ticket")}
    wrong = [f"{where} in a mail to {to}" for to, text in went for where, word in said.items() if word in text]
    ok(not wrong and len(went) > 20, f"{len(said)} words that people wrote are in none of {len(went)} mails", len(went), *wrong[:10])
    wrong = [f"{m.group(0)} in a mail to {to}" for to, text in went for m in [re.search(r"\d[.,]\d\d\b|USD|EUR", text.split("\n\n", 1)[-1])] if m]
    ok(not wrong, "and no amount is", *wrong[:10])
    mine = [text for to, text in went if to == "hal@mail.example"]
    foreign = [w for w in (*words.values(), "NW-2026", "T-canary", "orthwind") if any(w in text for text in mine)]
    ok(mine and not foreign, f"nothing of the other client is in the {len(mine)} mails to this one, nor its ids", *foreign[:10])
    ok(any("T-canary" in text for to, text in went if to == "r-sd@mail.example"), "though the service desk is told of its tickets")


# columns of text that people write into; in all others stand ids, words of tables, or what was counted
WRITTEN = {"client.id", "client.name", "person.handle", "token.label", "saved_view.name", "saved_view.query", "note.ticket", "note.queue"}
OTHERS = set("""meta.key meta.value person.id person.roles person.contract log.origin log.contract log.client log.frozen blob.kind slot.name slot.subject
    checkpoint.note credential.person credential.hash factor.person recovery.person session.person session.device invitation.person token.id token.person
    token.contracts token.kinds token.rights preference.person preference.language preference.zone draft.id draft.client draft.contract draft.base draft.subject
    draft.author draft_text.draft draft_text.author saved_view.person work_timer.person work_timer.contract work_timer.ticket canned_reply.name
    canned_reply.words audit_grant.person audit_grant.contracts factor_reset.person factor_reset.asked_by factor_reset.approved_by identity.person
    mailbox.person mailbox.subject outbox.id outbox.cause outbox.kind outbox.person outbox.contract outbox.object outbox.message outbox.reason
    mail_text.kind mail_text.language mail_text.subject mail_text.body document.number document.series document_item.charge document_item.part
    document_item.number note.contract found_hash.subject ticket.priority ticket.service ticket.ticket ticket.technician ticket.opener ticket_count.priority
    ticket_count.service ticket_count.technician alert.subject alert.name quiet_hours.person quiet_hours.hours""".split())


def everywhere(bed, words):
    """Each column of text is known here, and those that people write into have a word of ours."""
    with sqlite3.connect(f"file:{bed.workspace}?mode=ro", uri=True, timeout=60) as db:
        tables = [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        columns = {f"{t}.{row[1]}" for t in tables for row in db.execute(f"PRAGMA table_info({t})") if row[2] == "TEXT"}
        bare = [c for c in WRITTEN for t, name in [c.split(".")]
                if not any(word in value for value, in db.execute(f"SELECT {name} FROM {t} WHERE {name} IS NOT NULL") for word in words.values())]
    ok(columns == WRITTEN | OTHERS, "each column of text of the workspace has its row in the lists", columns ^ (WRITTEN | OTHERS))
    ok(not bare, f"and each of the {len(WRITTEN)} that people write into has a word", bare)


def files(bed, hal, words):
    """What leaves as a file of the other client's own: papers, tables, invoices, the whole record; and what both servers logged."""
    number = next(d["invoice"] for d in bed.get("/api/v1/invoices?contract=HS-2026", "harbour").json())
    here, wrong, papers = "/c/HS-2026", [], 0
    paths = [f"{path}?format={form}" for path, forms in ((f"{here}/statement/2026-03", "pdf csv json"), (f"/invoices/{number}", "pdf csv json"), (f"{here}/terms", "csv json"),
                                                         (f"{here}/account", "pdf csv"), (f"{here}/tickets", "csv"), (f"{here}/deadlines", "csv ics"), (f"{here}/record", "csv"))
             for form in forms.split()] + [f"{here}/bundle?month=2026-03"]
    paths += [f"API /contracts/HS-2026/{x}" for x in ("bundle?month=2026-03", "log?from=0&to=50", "statement?month=2026-03&format=pdf")]
    shown = 0
    for path in paths:
        got = bed.get("/api/v1" + path[4:], "harbour") if path.startswith("API ") else None
        status, body = (got.status, got.body) if got else hal.get(path)[::2]
        shown += status == 200
        if body.startswith(b"%PDF"):
            papers += 1
            body += subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout
        wrong += [f"{where} in {path}" for where, word in (*words.items(), ("the contract", "NW-2026")) if word.encode() in body]
    ok(not wrong and papers >= 3 and shown >= 14, f"nothing of the other client is in {shown} files, {papers} of them papers", shown, papers, *wrong[:10])
    with open(os.path.join(bed.folder, "site-log"), encoding="utf-8", errors="replace") as f:
        said = f.read() + bed.log()
    wrong = [where for where, word in (*words.items(), ("a contract", "NW-2026"), ("a ticket", "T-canary")) if word in said]
    ok(not wrong and said.count("\n") > 500, "nor anything of anybody in what the servers logged", said.count("\n"), *wrong[:10])


def canaries(words, seen):
    ok(len(words) >= 64, "R12: 64 of them", len(words))
    found = [f"{where} in {name}" for name, (status, head, body) in seen for where, word in words.items()
             if word.encode() in body or word in str(head)]
    ok(not found, f"{len(words)} words of the other client are in none of {len(seen)} answers", *found[:10])


def main():
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Bed(folder) as bed:
        for on in ("2026-02-01", "2026-04-01"):
            bed.must("invoice", "run", "--all", "--on", on)
        people = {}
        for role, word in ROLES.items():
            people[role] = "r-" + role.lower()
            of_client = role in CLIENTS
            bed.must("user", "add", people[role], "--role", word, *(["--contract", "NW-2026", "--as", "nora"] if of_client else []))
        bed.must("user", "grant", people["AU"], "--contract", "NW-2026", "--from", "2025-12", "--to", time.strftime("%Y-12"), "--personal")
        bed.must("user", "add", "r-over", "--role", "auditor")
        bed.token("gone", "owner", ["STATEMENT_READ"])
        bed.must("token", "revoke", next(t["id"] for t in json.loads(bed.must("token", "list", "--json")) if t["name"] == "gone"))
        verbs_by_role(bed, people)
        smtp = Smtp()
        for handle, who in (("owner", "owner"), ("nora", "nora"), ("hal", "hal"), (people["IL"], "nora"), (people["SD"], "owner")):
            bed.must("user", "mail", handle, f"{handle}@mail.example", "--as", who)
        bed.must("mail", "set", "--smtp", smtp.url, "--from", "tenor@acme.example", "--base-url", "https://tenor.acme.example")
        note(f"{time.monotonic() - began:.0f} s")
        words = plant(bed)
        site = Site(bed)
        site.seen = []
        try:
            signed = {role: Person(site, handle).sign_in() for role, handle in people.items()}
            foreign = {"contract": "HS-2026", "number": "INV-2026-00002", "ticket": "T-101", "client": "harbour", "handle": "hal", "fact": "o1-began"}
            unknown = {"contract": "HX-2026", "number": "INV-2026-99992", "ticket": "T-101", "client": "harbouz", "handle": "haz", "fact": "o1-began"}
            pages_by_role(site, signed, foreign, unknown)
            rows = list(pages())
            signed_out(site, rows, foreign)
            without_grant(site, rows)
            hal = Person(site, "hal").sign_in()
            for path, _, _ in rows:
                for names in (FOREIGN, {**FOREIGN, "contract": "HS-2026", "ticket": "T-canary"}):
                    site.seen.append(("hal " + path, hal.get(fill(path, names))))
            for path in ("/", "/me", "/audit?limit=1000", "/audit?format=csv"):
                site.seen.append(("hal " + path, hal.get(path)))
            everywhere(bed, words)
            over(site, signed["VI"])
            files(bed, hal, words)
        finally:
            site.stop()
        note(f"{time.monotonic() - began:.0f} s")
        description = bed.get("/api/v1/openapi.json", None).json()
        nobody_by_api(bed, description)
        lists_by_api(bed, site.seen)
        canaries(words, site.seen)
        mails(bed, words, smtp)
        smtp.stop()
        took = time.monotonic() - began
        note(f"{took:.0f} s in all")
    done()


main()
