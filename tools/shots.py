#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev shots: the example statement and others as pages, seen by Chromium at desktop and phone width, light and dark, into
build/shots. For looking at; nothing is compared."""

import os
import subprocess
import tempfile

EXAMPLES = "contracts/examples"
NORTHWIND = [f"{EXAMPLES}/northwind.yaml", f"{EXAMPLES}/northwind-tickets.csv", f"{EXAMPLES}/northwind-outages.jsonl",
             f"{EXAMPLES}/northwind-maintenance.ics"]
PAGES = {
    "month": ["month", *NORTHWIND, "--month", "2026-03", "--format", "html"],
    "explain": ["explain", *NORTHWIND, "--month", "2026-03", "--what", "metric uptime", "--format", "html"],
    "atrisk": ["atrisk", *NORTHWIND, "--as-of", "2026-03-17T14:00Z", "--format", "html"],
    "german": ["month", *NORTHWIND, "--month", "2026-03", "--format", "html", "--lang", "de"],
}
WIDTHS = {"desktop": (1280, 3200), "phone": (390, 3200)}
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]


def main():
    os.makedirs("build/shots", exist_ok=True)
    for name, command in PAGES.items():
        page = os.path.abspath(f"build/shots/{name}.html")
        with open(page, "wb") as f:
            subprocess.run(["build/release/tenor", *command], check=True, stdout=f)
        for width, (w, h) in WIDTHS.items():
            for scheme in ["light", "dark"]:
                out = os.path.abspath(f"build/shots/{name}-{width}-{scheme}.png")
                with tempfile.TemporaryDirectory() as profile:
                    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
                    subprocess.run(["chromium", *QUIET, *dark, f"--user-data-dir={profile}", f"--screenshot={out}",
                                    f"--window-size={w},{h}", f"file://{page}"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                print(os.path.relpath(out))


main()
