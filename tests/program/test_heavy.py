#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What is worked out from more entries than a worker reads for one request: the keeper answers it (docs/decisions/0021), in the same words as the
command line, while other pages are answered, once for all who ask the same, and never with what was so before they asked.
"""

import datetime
import json
import os
import re
import signal
import sqlite3
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
from api_bed import Bed
from program import children, done, note, ok
from site_bed import Person, Site

TICKETS, ENTRIES_OF_A_REQUEST = 13500, 40000
LARGE, SMALL = "NW-2026", "HS-2026"
MONTH, BUSY = "2026-03", "2026-04"
SAID = {7: "It hums, Zebedee says", TICKETS - 7: "It hums, Yolanda says"}
STATEMENT = f"/c/{LARGE}/statement/{BUSY}"  # of other months what is over is not read (docs/decisions/0024)


def many(path):
    """Tickets of one April, three facts each; those of the first day are restored weeks too late."""
    start = datetime.datetime(2026, 4, 1, 14, tzinfo=datetime.timezone.utc)
    with open(path, "w", encoding="utf-8") as f:
        for n in range(TICKETS):
            at = start + datetime.timedelta(days=n % 25, seconds=n)
            for kind, minutes, party, more in (("ticket.logged", 0, "client", {"service": "helpdesk", "priority": "P3", "via": "person", "summary": SAID.get(n, "It hums")}),
                                               ("ticket.message", 1 + n % 200, "provider", {"author": "human", "visibility": "public"}),
                                               ("ticket.restored", 210 if n % 25 else 28800, "provider", {"author": "human"})):
                when = (at + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
                f.write(json.dumps({"id": f"M{n}-{minutes}-{kind}", "kind": kind, "occurred_at": when, "party": party, "ticket": f"M-{n}", **more}) + "\n")


class Log:
    """What the server wrote of its own."""

    def __init__(self, bed):
        self.path, self.at = os.path.join(bed.folder, "site-log"), 0

    def new(self, event):
        with open(self.path, "rb") as f:
            f.seek(self.at)
            data = f.read()
        self.at += len(data)
        return [e for e in (json.loads(line) for line in data.decode().splitlines() if line.startswith("{")) if e["event"] == event]

    def wait(self, event):
        for _ in range(600):
            found = self.new(event)
            if found:
                return found
            time.sleep(0.1)
        return []


def keeper_of(site):
    """The guard that forks neither workers nor anything else, its child, and what that works at."""
    for guard in children(site.process.pid):
        for keeper in children(guard):
            return guard, keeper
    return None, None


def answering(keeper, name="tenor-keeper"):
    """What the keeper forked for an answer; beside it there may be one that tidies up. keeper None: there is none yet."""
    found = []
    if keeper is None:
        return found
    for pid in children(keeper):
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as f:
                found += [pid] if f.read().strip() == name else []
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            pass
    return found


def locked_in(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        status = f.read()
    return "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status


def same_as_command_line(bed, owner, signer, log):
    asked = ["statement", "--contract", LARGE, "--month", BUSY, "--json", "--limit", "50"]  # as many cases as a part has
    told = json.loads(bed.must(*asked))
    status, head, got = owner.get(STATEMENT + "?format=json")
    ok(status == 200 and json.loads(got) == told, "a statement of many tickets is the command line's", f"{status} {got[:300]!r}")
    ok(len(log.new("keeper_answered")) == 1, "the keeper worked it out")
    status, head, again = owner.get(STATEMENT + "?format=json")
    ok(again == got and log.new("keeper_answered") == [], "it is given again while nothing is recorded", head)
    status, _, page = owner.get(STATEMENT)
    ok(status == 200 and b"</html>" in page and BUSY.encode() in page, "as a page", page[-300:])
    for path in ("/", f"/c/{LARGE}", f"/c/{LARGE}/deadlines", f"/c/{LARGE}/tickets", f"/c/{LARGE}/availability/{MONTH}"):
        status, _, page = owner.get(path)
        ok(status == 200 and b"</html>" in page, f"{path} is answered", f"{status} {page[-300:]!r}")
    ok(len(log.new("keeper_answered")) >= 1, "by the keeper, where the whole record is read")
    status, _, page = owner.get(f"/c/{LARGE}/statement/{BUSY}")
    rows, more = len(re.findall(rb"<tr>", page)), re.findall(rb"([0-9,]+) more rows, all of them in the other forms", page)
    reasons, links = set(re.findall(rb'<article id="(why-[0-9]+)"', page)), set(re.findall(rb'href="#(why-[0-9]+)"', page))
    ok(10 < len(reasons) < 220 and links <= reasons and re.search(rb"[0-9,]+ more reasons, all of them in the other forms", page),
       "and as many reasons as fit, with links to no others, and how many more there are", f"{len(reasons)} {sorted(links - reasons)[:5]}")
    heads = re.findall(rb'<table>.*?</table>', page, re.S)[0]
    ok(re.search(rb'href="#why-[0-9]+"', heads), "verdicts keep theirs", heads[:600])
    ok(status == 200 and len(page) < 100000 and 40 < rows < 1500 and len(more) == 3, "a page of less than 100 kB has as many rows as fit, and says how many more there are",
       f"{len(page)} bytes, {rows} {more}")
    status, _, page = signer.get(STATEMENT)
    ok(status == 200, "the client sees it too", status)
    status, _, page = signer.get(f"/c/{SMALL}/statement/{MONTH}")
    ok(status == 404, "another client's is not there", status)
    log.new("keeper_answered")
    status, _, _ = owner.get(f"/c/{SMALL}/statement/{MONTH}")
    ok(status == 200 and log.new("keeper_answered") == [], "a small record is worked out by the worker", status)


def api(bed):
    path = f"/api/v1/contracts/{LARGE}/statement?month={MONTH}"
    got = bed.get(path)
    told = json.loads(bed.must("statement", "--contract", LARGE, "--month", MONTH, "--json", "--limit", "50"))
    ok(got.status == 200 and got.json() == told, "the interface for programs answers the same", str(got)[:300])
    facts = [c[k] for w in told["windows"] for c in w.get("cases", []) for k in ("start_fact", "stop_fact") if k in c]
    ok(len(facts) > 0 and all(f.get("id") for f in facts), "each fact in it has its id", len(facts))
    ok(bed.get(path, "harbour").status == 404, "to another client it is not there")
    tag = got.headers.get("etag")
    ok(bool(tag) and bed.get(path, If_None_Match=tag).status == 304, "and it is not sent again where it is known")


def cases(statement):
    """Window by window, then those that are not counted, then facts that are flagged."""
    facts = [x for f in statement["flagged"] for x in f.get("facts", [])]
    return [c for w in statement["windows"] for c in w.get("cases", [])] + statement["not_counted"]["clocks"] + facts


def without_cases(statement):
    rest = {k: v for k, v in statement.items() if k not in ("windows", "not_counted", "flagged", "next")}
    flagged = [(f["flag"], f["count"]) for f in statement["flagged"]]
    return rest, flagged, [{k: v for k, v in w.items() if k != "cases"} for w in statement["windows"]]


def in_parts(bed):
    """The statement of a month of many tickets: all else in each part, each case in one of them."""
    path = f"/api/v1/contracts/{LARGE}/statement?month={BUSY}"
    told = json.loads(bed.must("statement", "--contract", LARGE, "--month", BUSY, "--json"))
    ok(sum(len(f.get("facts", [])) for f in told["flagged"]) > 1000, "it has many flagged facts")
    ok(len(cases(told)) >= TICKETS and "next" not in told, "on the command line it has all of them", len(cases(told)))
    got, after, sizes, same = [], "0", [], True
    while after is not None and len(sizes) <= len(cases(told)):
        part = bed.get(f"{path}&after={after}").json()
        same = same and without_cases(part) == without_cases(told)
        sizes.append(len(cases(part)))
        got += cases(part)
        after = part.get("next")
        if len(sizes) == 3:
            break
    ok(same, "each part has the head, the verdicts and the totals")
    ok(sizes == [50] * 3 and got == cases(told)[:150], "and fifty cases, where the part before ended", sizes)
    last = bed.get(f"{path}&after={len(cases(told)) - 7}&limit=10").json()
    ok(cases(last) == cases(told)[-7:] and "next" not in last, "the last one says that it is")
    two = json.loads(bed.must("statement", "--contract", LARGE, "--month", BUSY, "--json", "--limit", "2"))
    ok(cases(two) == cases(told)[:2] and two["next"] == "2", "on the command line in parts where it is asked for", two.get("next"))
    for wrong in ("limit=0", "limit=1001", "after=-1", "after=x"):
        ok(bed.get(f"{path}&{wrong}").status == 400, f"{wrong} is refused")
    ok(bed.tenor("statement", "--contract", LARGE, "--month", BUSY, "--limit", "5").returncode == 64, "and parts of what is no JSON")


def caught(site, number, ask):
    """Asks, in a thread, for what the keeper forks for, and sends that child a signal before it is done: the thread and the child. It may be quicker."""
    _, keeper = keeper_of(site)
    for _ in range(20):
        fact(site.bed)
        thread = threading.Thread(target=ask)
        thread.start()
        while thread.is_alive():
            for child in answering(keeper):
                try:
                    os.kill(child, number)
                    return thread, child
                except ProcessLookupError:
                    pass
        thread.join()
    raise TimeoutError("twenty answers were given before their child was seen")


def others_meanwhile(site, owner, signer, log):
    """One worker: a small page asked for after the large one comes before it."""
    order = []

    def large():
        status, _, _ = signer.get(f"/c/{LARGE}")
        order.append(("large", status))

    _, keeper = keeper_of(site)
    log.new("keeper_answered")
    thread, child = caught(site, signal.SIGSTOP, large)
    order.clear()  # of those that were quicker
    ok(locked_in(keeper) and locked_in(child), "the keeper and what it forks are locked in")
    small = [owner.get(f"/c/{SMALL}/deadlines")[0] for _ in range(5)]
    order.append(("small", small))
    os.kill(child, signal.SIGCONT)
    thread.join()
    ok(order == [("small", [200] * 5), ("large", 200)], "pages of others do not wait for it", order)


def fact(bed, number=[0]):
    number[0] += 1
    bed.must("fact", "add", "ticket.logged", f"ticket=N-{number[0]}", "service=helpdesk", "priority=P3", "via=person", "summary=New", "--contract", LARGE)


def once_for_all(site, bed, owner, log):
    people = [Person(site, "owner") for _ in range(12)]
    for p in people:
        p.cookies = dict(owner.cookies)
    fact(bed)
    log.new("keeper_answered")
    got = []

    def ask(p):
        got.append(p.get(STATEMENT + "?format=json"))

    threads = [threading.Thread(target=ask, args=(p,)) for p in people]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    runs = len(log.new("keeper_answered"))
    ok([x[0] for x in got] == [200] * 12 and len({x[2] for x in got}) == 1, "twelve who ask the same at once get the same", [x[0] for x in got])
    ok(1 <= runs <= 3, "worked out once for who came first and once for the others", runs)
    note(f"{runs} runs for 12 requests")


def nothing_older(bed, owner, log):
    """What was recorded before somebody asks is in what they get."""
    path = f"/c/{LARGE}/tickets?state=all&sort=logged&limit=5"  # the newest first
    for _ in range(3):
        fact(bed)
        status, _, page = owner.get(path)
        ok(status == 200 and f"N-{fact.__defaults__[0][0]}".encode() in page, "a new ticket is in the list that is asked for after it", f"{status} {page[-2000:]!r}")


def killed(site, bed, owner, log):
    answers = []
    log.new("keeper_failed")
    _, keeper = keeper_of(site)
    thread, _ = caught(site, signal.SIGKILL, lambda: answers.append(owner.get(STATEMENT)))
    thread.join()
    status, head, page = answers[-1]
    ok(status == 503 and head.get("retry-after") and b"from a large record" in page and b"</html>" in page, "one that was killed: 503, said in words",
       f"{status} {page[-400:]!r}")
    ok([e["reason"] for e in log.wait("keeper_failed")] == ["killed"], "and logged")
    ok(owner.get(STATEMENT)[0] == 200, "the next one is worked out")
    os.kill(keeper, signal.SIGKILL)
    for _ in range(100):
        if keeper_of(site)[1] not in (None, keeper):
            break
        time.sleep(0.1)
    fact(bed)
    ok(owner.get(STATEMENT)[0] == 200, "a keeper that was killed is started again")


def recorded(bed):
    """What records something, too, and once."""
    path, paid = f"/api/v1/contracts/{LARGE}/payments", {"id": "P-77", "amount": "100.00", "date": "2026-04-02"}
    first, again = bed.post(path, paid), bed.post(path, paid)
    ok(first.status == 201 and again.status in (200, 201), "a payment is recorded", f"{first} {again}")
    account = bed.must("statement-of-account", "--contract", LARGE, "--on", "2026-04-30", "--json")
    ok(account.count("P-77") == 1, "once", account[-600:])
    ok(bed.post(path, {**paid, "id": "P-78"}, "harbour").status in (403, 404), "not by who may not")


def soon(what):
    for _ in range(900):
        if what():
            return True
        time.sleep(0.1)
    return False


class Tables:
    """Derived tables of the large contract, as they lie in the file."""

    def __init__(self, bed):
        self.path = bed.workspace
        self.log = self.rows("SELECT id FROM log WHERE contract = ?", LARGE)[0][0]

    def rows(self, sql, *values):
        with sqlite3.connect(self.path, timeout=30) as db:
            got = db.execute(sql, values).fetchall()
        db.close()
        return got

    def months(self):
        return self.rows("SELECT month, over_n, entries, clocks FROM ticket_past WHERE log = ? ORDER BY month", self.log)

    def behind(self):
        """None: there is no table."""
        got = self.rows("SELECT l.size - t.size FROM log AS l JOIN ticket_size AS t ON t.log = l.id WHERE l.id = ?", self.log)
        return got[0][0] if got else None

    def tickets(self):
        return self.rows("SELECT * FROM ticket WHERE log = ? ORDER BY ticket", self.log), self.rows("SELECT * FROM ticket_count WHERE log = ? ORDER BY 1, 2, 3, 4, 5, 6, 7, 8", self.log)

    def drop(self, *which):
        for name in which:
            self.rows(f"DELETE FROM {name} WHERE log = ?", self.log)

    def forget(self):
        kept = self.months()
        self.rows("DELETE FROM ticket_past WHERE log = ?", self.log)
        return kept

    def last_pack(self):
        return self.rows("SELECT place, length(bytes) FROM fact_pack WHERE place >> 40 = ? ORDER BY place DESC LIMIT 1", self.log)[0]


def tidied(bed, log):
    """Requests bring tables of a large record on in runs only, and make no month of the past again: a process beside them does."""
    tables = Tables(bed)
    ok(soon(lambda: tables.behind() == 0 and len(tables.months()) > 0), "the table of tickets is brought on to the last entry, and months are kept", tables.behind())
    kept = tables.forget()
    ok(soon(lambda: tables.months() == kept), "months that are missing are made again, as they were", len(kept))
    pack = tables.last_pack()
    for n in range(20):
        got = bed.post(f"/api/v1/contracts/{LARGE}/facts", {"id": f"019d0f2e-1180-7000-8000-{n:012d}", "kind": "ticket.reopened", "at": "2026-04-28T12:00:00Z",
                                                            "fields": {"ticket": f"M-{n * 25 + 1}"}})
    ok(got.status == 201, "old tickets are opened again", got)
    ok(soon(lambda: tables.behind() == 0 and [m[1] for m in tables.months()] == [*[m[1] for m in kept[:-1]], kept[-1][1] - 20]),
       "their month is forgotten, and made again without them", [m[1] for m in kept], [m[1] for m in tables.months()])
    ok(soon(lambda: tables.last_pack() != pack), "and the pack at the end of the log holds what is new", pack)
    ok(log.new("tidy_failed") == [] and log.new("tidy") == [], "nothing is logged of it")
    return tables


def made_whole(bed, tables, owner, log):
    """What may concern any ticket ends the use of their table: requests leave it so, and the process beside them makes it again."""
    before = tables.tickets()
    got = bed.post(f"/api/v1/contracts/{LARGE}/facts", {"id": "019d0f2e-1180-7000-8000-0000000000ff", "kind": "calendar.exception", "at": "2026-04-29T12:00:00Z",
                                                        "fields": {"calendar": "office", "date": "2026-12-23"}})
    ok(got.status == 201, "a day off is told", got)
    ok(soon(lambda: tables.behind() == 0 and tables.months()), "the table is made again with it", tables.behind())
    ok(tables.tickets() == before, "as it was, since no ticket is about that day")
    for what, gone in (("its size", ["ticket_size"]), ("all of it, with a word of who died over it", ["ticket_size", "ticket", "ticket_count", "ticket_past"])):
        tables.drop(*gone)
        tables.rows("UPDATE meta SET value = '7 0123456789abcdef' WHERE key = ?", f"tickets {tables.log}")
        ok(soon(lambda: tables.behind() == 0 and tables.months()) and tables.tickets() == before, f"so it is where somebody took {what}", tables.behind())
    told = json.loads(bed.must("ticket", "list", "--contract", LARGE, "--state", "closed", "--json"))
    status, _, got = owner.get(f"/c/{LARGE}/tickets?state=closed&format=json")
    ok(status == 200 and told["matching"] > 10000 and (json.loads(got)["matching"] if got.startswith(b"{") else told["matching"]) == told["matching"],
       "and a list is the command line's", f"{status} {got[:200]!r}")


def looked_back(tables):
    """Until when entries are left out by who looks at the last ones: 256 at a time of the log whose next one was recorded last."""
    heads = tables.rows("SELECT id, size FROM log WHERE kind = 0 ORDER BY id")
    left, most = dict(heads), 32768

    def recorded(log):
        return json.loads(tables.rows("SELECT bytes FROM entry WHERE place = ?", (log << 40) + left[log] - 1)[0][0])["recorded_at"]

    while most > 0 and any(left.values()):
        log = max((log for log in left if left[log]), key=lambda log: (recorded(log), -log))
        most -= min(256, left[log])
        left[log] -= min(256, left[log])
    return max(recorded(log) for log in left if left[log])


def found(bed, tables, owner, log):
    """Words of the last entries are found at once, older ones when that is asked for; and that they are left out is said."""
    def ids(*words):
        answer = json.loads(bed.must("find", *words, "--json"))
        return [x["id"] for x in answer["found"]], answer.get("older")

    older = looked_back(tables)
    ok(ids("hums", "zebedee") == (["M-7"], None) and ids("yolanda") == ([f"M-{TICKETS - 7}"], None), "the command line looks at all")
    ok(ids("yolanda", "--recent") == ([f"M-{TICKETS - 7}"], older) and ids("zebedee", "--recent") == ([], older),
       "or at the last ones, and says until when it did not look", f"{older} {ids('zebedee', '--recent')}")
    ok(ids("hums")[0] == ids("hums", "--recent")[0] and len(ids("hums")[0]) == 50, "of very many both show the newest")
    ok(ids("M-7", "--recent")[0][:1] == ["M-7"], "words that are nobody's are looked for in all")
    log.new("keeper_answered")
    status, _, page = owner.get("/find?q=Yolanda")
    ok(status == 200 and f"M-{TICKETS - 7}".encode() in page and b'href="/find?q=Yolanda&amp;whole=yes"' in page, "a page has the last ones", f"{status} {page[-600:]!r}")
    status, _, page = owner.get("/find?q=zebedee")
    ok(status == 200 and b">M-7<" not in page and b'href="/find?q=zebedee&amp;whole=yes"' in page, "with a link to where all are looked at", f"{status} {page[-600:]!r}")
    status, _, got = owner.get("/find?q=zebedee&format=json")
    ok(status == 200 and json.loads(got)["whole"]["href"] == "/find?q=zebedee&whole=yes", "the palette has it, too", f"{status} {got!r}")
    ok(log.new("keeper_answered") == [], "these a worker answers itself")
    status, _, page = owner.get("/find?q=zebedee&whole=yes")
    ok(status == 200 and b">M-7<" in page and b"whole=yes" not in page.split(b"<main")[-1] and len(log.new("keeper_answered")) == 1,
       "all are looked at by the keeper: each ticket has hashes of its own", f"{status} {page[-600:]!r}")


def made_by_nobody(bed, tables):
    """Who was making the table when all derived ones were dropped is not to go on: its first rows are gone."""
    said = f"tickets {tables.log}"
    tables.rows("UPDATE meta SET value = '7 0123456789abcdef' WHERE key = ?", said)
    bed.must("rebuild")
    ok(tables.rows("SELECT value FROM meta WHERE key = ?", said) == [("",)] and tables.behind() == 0, "after a rebuild nobody is said to be making the table", tables.behind())


def main():
    with tempfile.TemporaryDirectory(prefix="tenor-heavy-") as folder:
        with Bed(folder) as bed:
            many(os.path.join(folder, "many.jsonl"))
            bed.must("import", "--contract", LARGE, os.path.join(folder, "many.jsonl"))
            entries = [c["entries"] for c in json.loads(bed.must("contract", "list", "--json")) if c["contract"] == LARGE][0]
            ok(entries > ENTRIES_OF_A_REQUEST, "the record is larger than a request reads", entries)
            api(bed)
            in_parts(bed)
            recorded(bed)
            site = Site(bed, workers=1)
            try:
                owner, signer = Person(site, "owner").sign_in(), Person(site, "nora").sign_in()
                log, tables = Log(bed), Tables(bed)
                ok(soon(lambda: tables.behind() == 0 and keeper_of(site)[1] and not answering(keeper_of(site)[1], "tenor-tidy")), "what was recorded before is brought on at the start")
                same_as_command_line(bed, owner, signer, log)
                others_meanwhile(site, owner, signer, log)
                once_for_all(site, bed, owner, log)
                nothing_older(bed, owner, log)
                killed(site, bed, owner, log)
                tables = tidied(bed, log)
                made_whole(bed, tables, owner, log)
                found(bed, tables, owner, log)
            finally:
                site.stop()
            kept = tables.forget()
            again = Site(bed, workers=1)
            try:
                ok(soon(lambda: tables.months() == kept), "a server that is started again makes up for what the last one left behind", len(kept))
            finally:
                again.stop()
            made_by_nobody(bed, tables)
            ok(bed.tenor("doctor", "--workspace", bed.workspace, "--key", bed.key).returncode == 0, "the doctor finds nothing")
            ok(site.process.returncode == 0, "the server ends in order", site.process.returncode)
    done()


main()
