#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starter contracts: each is a template that reads, and once its holes are filled a contract without errors or warnings."""

import json
import os
import re
import tempfile

from program import done, ok, tenor

# What a person would fill in, by the name of the hole.
COMMON = {
    "number": "ST-2026-07", "zone": "America/Chicago", "start": "2026-05-01", "months": "24mo", "law": "US-MN", "courts":
    "state courts in Hennepin County, Minnesota", "seat": "Minneapolis", "fee": "1800.00 USD", "users": "25",
    "users_included": "20", "user_price": "55.00 USD", "hour_price": "130.00 USD", "setup_price": "2500.00 USD",
    "block_price": "2200.00 USD", "hours": "20", "answer": "4h@office", "storage_price": "0.09 USD",
    "storage_included": "500", "target": "99.9%", "web_name": "Booking page", "data_name": "Database", "site": "Head office",
    "main_name": "File server", "first_rise": "2027-05-01", "cover": "1500000.00 USD",
    "provider_name": "Pine Barrel IT LLC", "provider_region": "US-WI", "provider_email": "contracts@pinebarrel.example",
    "provider_postal": "5 Mill Rd, Madison", "provider_signer": "Runa Velasco", "provider_manager": "Ivo Petrak",
    "provider_security": "Meike Sorel", "client_name": "Oakfield Dental PLLC", "client_region": "US-MN",
    "client_email": "office@oakfield.example", "client_postal": "77 Lake St, Minneapolis", "client_signer": "Thea Brandvold",
    "client_it": "Kofi Anders",
}
GERMAN = {
    "provider_name": "Bergblick Systeme GmbH", "provider_region": "DE-BY", "provider_vat": "DE999999999",
    "client_name": "Schreinerei Lindacher KG", "client_region": "DE-BY", "fee": "900.00 EUR", "hour_price": "95.00 EUR",
    "courts": "Landgericht München I",
}
WANTED = ["block-hours", "german", "helpdesk", "managed", "uptime"]
HOLE = re.compile(r'"\?([A-Za-z][A-Za-z0-9_]*)(=[^"]*)?"')


def filled(text, values):
    """The contract: holes replaced, the block `template` gone (contract-language.md CL-27)."""
    text = re.sub(r"^template:\n(?:[ \t].*\n|\n)*", "", text, flags=re.M)
    return HOLE.sub(lambda m: f'"{values[m.group(1)]}"', text)


def defaults(text):
    return {m.group(1): m.group(2)[1:] for m in HOLE.finditer(text) if m.group(2)}


def check(text, folder, name):
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return tenor("check", path)


def declared(text):
    return re.findall(r"^    - \{id: ([A-Za-z0-9_]+), label: ", text, flags=re.M)


def test_starter(name, title, folder):
    new = tenor("new", "--from", name)
    text = new.out
    values = {**COMMON, **(GERMAN if name == "german" else {})}
    holes = {m.group(1) for m in HOLE.finditer(text)}

    ok(new.returncode == 0 and text.startswith(f"# {title}\n"), f"{name} begins with its title", new.err)
    ok(sorted(declared(text)) == sorted(holes), f"{name} declares the holes it has, and no other",
       sorted(set(declared(text)) ^ holes))
    template = check(text, folder, name + "-template")
    ok(template.returncode == 0, f"{name} reads as a template", template.out + template.err)
    ok(re.search(r"a template, \d+ holes to fill; the first is \?\w+ in line \d+", template.out) is not None,
       f"{name}: check says that it is one", template.out)
    contract = check(filled(text, values), folder, name)
    ok(contract.returncode == 0 and not re.search(r": [TSFLPG]-\d\d [EW] ", contract.out),
       f"{name} filled in has no error and no warning", contract.out + contract.err)
    usual = check(filled(text, {**values, **defaults(text)}), folder, name + "-usual")
    ok(usual.returncode == 0, f"{name} with the usual values has none either", usual.out + usual.err)
    # The check is one: a hole left open, or a fee taken away, is told.
    left = check(filled(text, {**values, "fee": "?fee", "block_price": "?block_price"}), folder, name + "-left")
    ok(left.returncode == 2 and "L-14" in left.out + left.err, f"{name} with a hole left open is refused",
       left.out + left.err)


def main():
    listed = json.loads(tenor("new", "--list", "--json").out)
    titles = {row["name"]: row["title"] for row in listed}

    ok(sorted(titles) == WANTED, "the starters are listed", sorted(titles))
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(titles):
            test_starter(name, titles[name], folder)
    done()


main()
