#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
What forms offer to choose from: contracts by id and client where people, tokens and grants are made, the lines of an invoice where one is disputed.
What is not among them is told beside its field and stays as it was sent, and nobody is offered what they do not see. And drafts and metrics by what
they are called.
"""

import html
import json
import re
import sys
import tempfile

sys.dont_write_bytecode = True
from api_bed import Bed
from program import done, ok
from site_bed import Person, Site


def options(page, name):
    """(value, words, chosen) of each option of a choice."""
    found = re.search(rf'<select id="{name}".*?</select>', page.decode(), re.S)
    return [(html.unescape(v), html.unescape(words), bool(chosen)) for v, chosen, words in
            re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', found.group(0))] if found else None


def wrong(page, name):
    found = re.search(rf'<p class="wrong" id="{name}-wrong">([^<]*)</p>', page.decode())
    return html.unescape(found.group(1)) if found else ""


def contracts(bed, owner, nora):
    both = [("NW-2026", "NW-2026, Northwind Clinic"), ("HS-2026", "HS-2026, Harbour School")]
    for path in ("/people/new", "/tokens/new", "/people/audra/grant"):
        _, _, page = owner.get(path)
        offered = options(page, "contract") or []
        ok(sorted(o[:2] for o in offered if o[0]) == sorted(both) and not any(chosen for *_, chosen in offered) and offered[0][0] == "",
           f"{path}: contracts by id and client, and none is chosen for one", offered)
        _, _, page = nora.get(path)
        offered = options(page, "contract")
        ok(offered is not None and [o[0] for o in offered if o[0]] == ["NW-2026"], f"{path}: who sees one contract is offered that one", offered)
    status, _, page = owner.post("/people/new", handle="stray", contract="XX-1", **{"role-viewer": "true"})
    ok(status == 422 and wrong(page, "contract") and ("XX-1", "XX-1", True) in options(page, "contract") and b'value="stray"' in page and
       bed.folder.encode() not in page, "one that is not there is told beside the field, and stays", status, wrong(page, "contract"), options(page, "contract"))
    status, _, page = owner.post("/tokens/new", name="probe", contract="NW-2027", **{"right-USAGE_WRITE": "true"})
    ok(status == 422 and wrong(page, "contract"), "of a token, too", status, page[-600:])
    status, _, page = owner.post("/people/nobody/grant", contract="NW-2026", **{"from": "2026-01", "to": "2026-02"})
    ok(status == 404, "that a person is not there is nothing of that field", status)
    status, head, page = nora.post("/people/new", handle="vera", contract="NW-2026", **{"role-viewer": "true"})
    made = [u for u in json.loads(bed.must("user", "list", "--json")) if u["handle"] == "vera"]
    ok(status in (200, 303) and made and made[0]["contract"] == "NW-2026", "one that is offered is taken", status, made)


def lines(bed, nora):
    number = json.loads(bed.must("invoice", "list", "--contract", "NW-2026", "--json"))[0]["invoice"]
    billed = json.loads(bed.must("invoice", "show", number, "--json"))["lines"]
    path = f"/invoices/{number}/dispute"
    _, _, page = nora.get(path)
    offered = options(page, "line") or []
    ok(offered and offered[0][:2] == ("", "the whole document"), "an invoice is disputed as a whole", offered[:1])
    ok([o[0] for o in offered[1:]] == [str(x["number"]) for x in billed] and
       all(o[1].startswith(f"{x['number']} \u00b7 {x['name']} \u00b7 ") and o[1].endswith("USD") for o, x in zip(offered[1:], billed)),
       "or by a line, with its number, what it bills and how much", offered)
    ok(any("1\xa0Mar\xa02026" in o[1] and "1,480.00" in o[1] for o in offered), "for which days", offered)
    status, _, page = nora.post(path, line="77", amount="12.00", reason="never ordered")
    ok(status == 422 and "number of a line" in wrong(page, "line") and ("77", "77", True) in options(page, "line") and b'value="never ordered"' in page and
       b'value="12.00"' in page, "a line that is not there is told beside the field, and all that was typed stays", status, wrong(page, "line"), page[-700:])
    status, _, page = nora.post(path, line="1", amount="a lot", reason="never ordered")
    ok(status == 422 and wrong(page, "amount") and [o[0] for o in options(page, "line") if o[2]] == ["1"], "the line stays chosen where something else is wrong", status,
       options(page, "line"))
    for language, words in (("de", "der ganze Beleg"), ("fr", "le document entier")):
        nora.post("/me/language", language=language, zone="")
        _, _, page = nora.get(path)
        ok(options(page, "line")[0][1] == words, f"in {language}", options(page, "line")[0])
    status, head, page = nora.post(path, line="1", amount="12.00", reason="never ordered")
    disputed = json.loads(bed.must("statement-of-account", "--contract", "NW-2026", "--json"))[0]["disputes"]
    ok(status == 303 and [(d["line"], d["state"]) for d in disputed] == [(1, "open")], "one that is offered is disputed", status, disputed, page[-500:])


def drafts(bed, owner, nora):
    """Each by why it is there, of which version, by whom, and what it changes, wherever a person of its side meets it."""
    draft = json.loads(bed.must("draft", "new", "--contract", "NW-2026", "--reason", "Faster answers", "--json"))["draft"]
    bed.must("draft", "set", draft, "--revision", "1", "sla.metrics.response.comply.at_least=95%", "charges.care.amount=1500.00 USD")
    begun = json.loads(bed.must("draft", "new", "--from", "helpdesk", "--client", "northwind", "--json"))["draft"]
    told = {d["draft"]: d for d in json.loads(bed.must("draft", "list", "--json"))}
    ok((told[draft]["reason"], told[draft]["version"], told[draft]["whole"], told[draft]["changes"]) == ("Faster answers", 1, True, 2) and
       sorted(told[draft]["terms"]) == ["charges.care.amount", "sla.metrics.response.comply.at_least"], "a draft's reason, its version and what it changes", told[draft])
    ok(told[begun]["whole"] is False and told[begun]["terms"] == [] and "version" not in told[begun], "one with holes says that it is not whole", told[begun])
    for path in ("/drafts", "/", "/c/NW-2026"):
        _, _, page = owner.get(path)
        text = html.unescape(re.sub(r"<[^>]+>", " ", page.decode()))
        text = " ".join(text.replace("\xa0", " ").split())
        ok(f'href="/drafts/{draft}"' in page.decode() and f'href="/drafts/{draft}/diff"' in page.decode() and f'href="/drafts/{draft}/drop"' in page.decode() and
           "Faster answers" in text and "version 1" in text and "2 terms: " in text and "charges.care.amount" in text, f"{path} has it by name, with what it changes", text[:900])
        ok((f"/drafts/{begun}" in page.decode()) == (path != "/c/NW-2026"), f"{path}: one of no contract is on no contract's page")
        ok(f"/drafts/{draft}" not in nora.get(path)[2].decode(), f"{path}: the other side sees none of it")
    status, head, _ = owner.post(f"/drafts/{begun}/drop")
    ok(status == 303 and [d["draft"] for d in json.loads(bed.must("draft", "list", "--json"))] == [draft], "it is thrown away from there", status)
    status, _, _ = nora.post(f"/drafts/{draft}/drop")
    ok(status == 404 and [d["draft"] for d in json.loads(bed.must("draft", "list", "--json"))] == [draft], "by nobody of the other side", status)


def begun_once(bed, owner):
    """Two presses of the form that begins a draft, with or without script, begin one."""
    def drafts_there():
        return {d["draft"] for d in json.loads(bed.must("draft", "list", "--json"))}

    _, _, page = owner.get("/drafts/new")
    ids = re.findall(r'name="id" value="([^"]+)"', page.decode())
    ok(len(ids) == 2 and ids[0] != ids[1], "each of the two forms has an id of its own", ids)
    before, one = drafts_there(), {"id": ids[0], "contract": "NW-2026", "reason": "Once"}
    to = [owner.post("/drafts/new", **one)[1].get("location") for _ in range(2)]
    ok(to[0] == to[1] and len(drafts_there() - before) == 1, "two presses begin one draft", to)
    other = owner.post("/drafts/new", **{**one, "reason": "Something else"})[1].get("location")
    ok(other not in to and len(drafts_there() - before) == 2, "with other words, after going back, it is another one", other)
    starter = [owner.post("/drafts/new", id=ids[1], **{"from": "helpdesk"})[1].get("location") for _ in range(2)]
    ok(starter[0] == starter[1] and len(drafts_there() - before) == 3, "so it is with a starter", starter)
    for draft in drafts_there() - before:
        bed.must("draft", "drop", draft)


def metrics(bed, nora):
    """A contract's overview calls its metrics what its statements do."""
    for language in ("de", "fr", "en"):
        nora.post("/me/language", language=language, zone="")
        named = {m["metric"]: m["name"] for m in json.loads(bed.must("contract", "show", "--contract", "NW-2026", "--lang", language, "--json"))["metrics"]}
        _, _, page = nora.get("/c/NW-2026")
        shown = html.unescape(page.decode())
        ok(named and all(name not in named for name in named.values()) and all(f">{name}<" in shown for name in named.values()) and
           not any(f">{metric}<" in shown for metric in named), f"metrics by name, in {language}", named, re.findall(r"<h3[^>]*>[^<]*", shown)[:8])


def main():
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(folder, start=False)
        bed.must("user", "add", "audra", "--role", "auditor", "--contract", "NW-2026")
        bed.must("invoice", "run", "--contract", "NW-2026", "--on", "2026-03-01")
        site = Site(bed)
        try:
            owner, nora = Person(site, "owner").sign_in().step_up(), Person(site, "nora").sign_in().step_up()
            contracts(bed, owner, nora)
            drafts(bed, owner, nora)
            begun_once(bed, owner)
            metrics(bed, nora)
            lines(bed, nora)
        finally:
            site.stop()
    done()


main()
