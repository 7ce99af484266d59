#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
A form that comes too late (trust.md S7, S8): what was typed is given back and nothing is done, whether the session ended meanwhile, another one began,
or the second factor is older than what the form does allows. Sent again it does the thing, once. Passwords and codes are given back to nobody.
"""

import html
import json
import re
import select
import socket
import sys
import tempfile
import urllib.parse

sys.dont_write_bytecode = True
from api_bed import Bed
from program import done, ok
from site_bed import Person, Site

NEW = "/c/NW-2026/tickets/new"
WORDS = {"summary": 'It hums & "rattles" <loudly>', "words": "first line\r\nsecond line"}
PASSWORD = "correct horse battery desk"


def hidden(page):
    return {html.unescape(k): html.unescape(v) for k, v in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.decode())}


def tickets(bed):
    return json.loads(bed.must("ticket", "list", "--contract", "NW-2026", "--state", "all", "--json"))["matching"]


def enter(person):
    """Signs in as people do who have no second factor."""
    person.cookies = {}
    _, _, page = person.get("/sign-in")
    status, head, _ = person.ask("POST", "/sign-in", {"form": hidden(page)["form"], "handle": person.handle, "password": PASSWORD, "next": "/"})
    assert status == 303, status
    return person


def filled(person):
    _, _, page = person.get(NEW)
    number = re.search(rb'name="ticket"[^>]*value="([^"]+)"', page).group(1).decode()
    return {**{k: v for k, v in hidden(page).items() if k in ("form", "id")}, "ticket": number, "service": "helpdesk", "priority": "P3", **WORDS}


def given_back(page, name):
    kept = hidden(page)
    ok(kept.get("summary") == WORDS["summary"] and kept.get("words") == WORDS["words"].replace("\r\n", "\n") and kept.get("service") == "helpdesk" and
       f'action="{NEW}"'.encode() in page, f"{name}: all that was typed is in the form of the page", kept)
    text = html.unescape(re.sub(r"<[^>]+>", "", page.decode()))
    ok(WORDS["summary"] in text and "second line" in text and b"<loudly>" not in page, f"{name}: and can be read, escaped", text[-800:])
    return kept


def signed_out(bed, person):
    before, fields = tickets(bed), filled(person)
    bed.must("sessions", "end", "--as", "desk")
    status, _, page = person.ask("POST", NEW, fields)
    ok(status == 403 and b'href="/sign-in?next=' in page and b"rel=\"noopener\"" in page, "a session that ended meanwhile: 403, and a way to sign in beside it", status, page[-600:])
    kept = given_back(page, "signed out")
    enter(person)
    status, _, page = person.ask("POST", NEW, kept)
    ok(status == 403 and b"/sign-in?next=" not in page, "signed in again, it is of an older session", status)
    kept = given_back(page, "of an older session")
    ok(tickets(bed) == before, "nothing is recorded yet")
    ok(kept["id"] == fields["id"], "its id is the first one's", kept)
    status, head, page = person.ask("POST", NEW, kept)
    ok(status == 303 and head["location"].startswith("/c/NW-2026/tickets/"), "sent again it is done", status, re.findall(rb'class="wrong"[^<]*<[^<]*<[^<]*', page))
    status, head, page = person.ask("POST", NEW, kept)
    ok(status == 303 and tickets(bed) == before + 1, "and once more it is the same ticket", status, tickets(bed))


def in_words(person):
    for language, word, label in (("de", "Was Sie geschrieben haben", "Worum es geht"), ("fr", "Ce que vous avez écrit", "De quoi il s’agit")):
        _, _, page = person.get("/me")
        person.ask("POST", "/me/language", {"form": hidden(page)["form"], "language": language, "zone": ""})
        status, _, page = person.ask("POST", NEW, {**filled(person), "form": "A" * 43})
        ok(status == 403 and word in page.decode() and f"<dt>{html.escape(label, quote=False)}</dt>" in page.decode(), f"in {language}, each field by its label", page[-700:])
        given_back(page, language)


def nothing_to_keep(person):
    status, _, page = person.ask("POST", "/sign-in", {"form": "A" * 43, "handle": "desk", "password": "one that I typed", "next": "/"})
    ok(status == 403 and b"one that I typed" not in page, "a password is given back to nobody", status, page[-300:])
    status, _, page = person.ask("POST", "/me/code", {"form": "A" * 43, "code": "123456", "next": "/"})
    ok(status == 403 and b"123456" not in page, "nor is a code", status)
    status, _, page = person.ask("POST", "/sign-out", {"form": "A" * 43})
    ok(status == 403 and b"<dl>\n</dl>" not in page, "where nothing was typed, nothing is shown", status)


def with_a_file(person):
    fields = {**filled(person), "form": "A" * 43}
    status, _, page = person.ask("POST", NEW, fields, [("file", "trace.txt", "text/plain", b"bytes of a file\n")])
    ok(status == 403 and b"bytes of a file" not in page and b"It hums" in page and b"Send it again" not in page,
       "a file is not kept: the words are, and the page says so", status, page[-600:])


def code_again(owner):
    """The form of a right that needs a code of the last five minutes, and there was none."""
    path = "/people/new"
    _, _, page = owner.get("/me")
    fields = {"form": hidden(page)["form"], "handle": "newcomer", "role-viewer": "true"}
    status, head, page = owner.ask("POST", path, fields)
    ok(status == 403 and b'href="/me/code?next=/people/new"' in page and hidden(page).get("handle") == "newcomer" and hidden(page).get("role-viewer") == "true",
       "a code that is too old is asked for again, and the form is kept", status, head, page[-600:])
    status, head, _ = owner.get(path)
    ok(status == 303 and head["location"] == "/me/code?next=/people/new", "who only looks is led to the code", status)


FORM, UNSIGNED, LATE = 1 << 20, 64 << 10, 8 << 20


def sized(n):
    """Fields that are n bytes as a form, what was typed into a draft among them."""
    fields = {"form": "A" * 43, "based": "1", "text": ""}
    rest = n - len(urllib.parse.urlencode(fields))
    return {**fields, "text": "y" * rest}


def asked(site, lines, body=b"", wait=10):
    """A connection that sent a head, and a part of its body; what it was told so far, if anything."""
    peer = socket.create_connection(site.host.split(":"), timeout=60)
    peer.sendall("".join(f"{line}\r\n" for line in (*lines, "")).encode() + body)
    ready, _, _ = select.select([peer], [], [], wait)
    return peer, peer.recv(65536).decode("latin-1") if ready else ""


def head_of(site, n, kind="application/x-www-form-urlencoded", path="/drafts/d1"):
    return [f"POST {path} HTTP/1.1", f"Host: {site.host}", f"Content-Type: {kind}", f"Content-Length: {n}", "Sec-Fetch-Site: same-origin"]


def a_long_draft(bed, site, person):
    """What a person who is signed in may send is given back to the one who no longer is, and not a byte more is taken."""
    bed.must("sessions", "end", "--as", "desk")
    status, _, page = person.ask("POST", "/drafts/d1", sized(FORM))
    kept = hidden(page)
    ok(status == 403 and b'href="/sign-in?next=' in page and kept.get("text") == sized(FORM)["text"], "1 MiB, typed into a session that ended, is given back", status, page[:300])
    # by its head alone: whoever still sends a body when the answer comes may not get to read it
    for n, kind, path, right in ((FORM + 1, "application/x-www-form-urlencoded", "/drafts/d1", "413"), (UNSIGNED, "multipart/form-data; boundary=x", "/drafts/d1", ""), (UNSIGNED + 1, "multipart/form-data; boundary=x", "/drafts/d1", "413"),
                                 (UNSIGNED + 1, "application/x-www-form-urlencoded", "/api/v1/contracts", "413"), (FORM, "application/x-www-form-urlencoded", "/drafts/d1", "")):
        peer, told = asked(site, head_of(site, n, kind, path), wait=10 if right else 1)
        ok(told[9:12] == right, f"{n} bytes of {kind} to {path} from somebody unknown: {right or 'taken'}", told[:200])
        peer.close()


def many_of_them(bed, site, person):
    """Of one worker 8 MiB, so that nobody who is signed in is crowded out by who is not."""
    peers = [asked(site, head_of(site, FORM), b"text=" + b"y" * (FORM - 6), wait=0.5) for _ in range(LATE // FORM)]
    ok(all(told == "" for _, told in peers), "eight of 1 MiB, each a byte short", [told[:100] for _, told in peers])
    peer, told = asked(site, head_of(site, FORM))
    ok(told[9:12] == "503" and "retry-after: 5" in told.lower(), "one more is told to come again", told[:300])
    peer.close()
    status, _, page = person.ask("POST", NEW, {**WORDS, "form": "A" * 43})
    ok(status == 403 and hidden(page).get("words"), "a small one is given back all the same", status)
    enter(person)
    status, _, page = person.ask("POST", "/drafts/d1", sized(FORM))
    ok(status == 403 and len(hidden(page).get("text", "")) > FORM - 200, "and who is signed in is heard", status)
    for peer, _ in peers:
        peer.close()
    for _ in range(50):
        peer, told = asked(site, head_of(site, FORM), wait=0.2)
        peer.close()
        if told == "":
            break
    ok(told == "", "once they are gone there is room again", told[:200])


def main():
    with tempfile.TemporaryDirectory() as folder, Bed(folder, start=False) as bed:
        site = Site(bed)
        try:
            desk = Person(site, "desk")
            desk.post(json.loads(bed.must("user", "link", "desk", "--json"))["link"])
            desk.post("/me/password", password=PASSWORD)
            signed_out(bed, desk)
            with_a_file(desk)
            in_words(desk)
            nothing_to_keep(desk)
            code_again(Person(site, "owner").sign_in())
        finally:
            site.stop()
        site = Site(bed, 1)
        try:
            desk = enter(Person(site, "desk"))
            a_long_draft(bed, site, desk)
            many_of_them(bed, site, desk)
        finally:
            site.stop()
    done()


main()
