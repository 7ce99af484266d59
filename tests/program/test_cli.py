#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line: every verb has help with examples, every mistake names itself and what would be right."""

import json
import os
import re
import shutil
import stat
import subprocess
import tempfile

from program import ROOT, TENOR, crashed, done, ok, tenor

VERBS = ["check", "new", "diff", "schema", "reference", "month", "explain", "atrisk", "map", "init", "client add",
         "client list", "provider set", "provider clear", "provider logo", "provider approve", "provider show",
         "user add", "user invite", "user role", "user disable", "user reset", "user link", "user mail", "user list", "user grant", "factor reset", "factor approve",
         "factor keep", "factor list", "audit", "token add", "token list",
         "token revoke", "sessions", "sessions end", "contract add", "contract list", "contract show", "calendars",
         "draft new", "draft list", "draft show", "draft save", "draft set", "draft merge", "draft check", "draft diff", "draft backtest",
         "draft drop", "import", "fact add",
         "fact correct", "fact withdraw", "fact approve", "statement", "today", "find", "deadlines", "ticket list", "ticket show", "desk", "ticket assign", "ticket attach", "ticket attachment", "ticket emergency", "ticket note",
         "ticket queue",
         "reply fill", "reply save", "reply remove", "template save", "template remove", "template list", "view save", "view remove", "timer start", "timer stop", "availability", "restate", "backtest", "export bundle",
         "verify", "trust add", "trust list", "trust remove", "invoice preview", "invoice run", "invoice release",
         "invoice list", "invoice show", "invoice xml", "invoice pdf", "pay", "refund", "usage import", "units import", "index import", "bank import", "receivables", "statement-of-account", "credit-note",
         "credit-note approve", "dispute-line", "dispute-settle", "dunning run", "late-fees run", "index run",
         "index announce", "quote-exit", "suggest", "compare-break-fix", "margin", "ledger export", "budget", "forecast",
         "log show", "log checkpoint", "log prove", "log tile",
         "log keys", "log rotate", "log witness", "cosign", "cosign key", "cosign accept", "openapi", "serve",
         "mail set", "mail show", "mail off", "mail test", "mail-text list", "mail-text show", "mail-text save", "mail-text reset", "outbox list", "outbox send", "outbox retry", "outbox drop", "doctor", "rebuild",
         "backup", "restore", "erase", "clock accept", "time deadline", "time elapsed", "time next-open", "calc",
         "man", "completion", "help"]
EXAMPLE = "contracts/examples/northwind.yaml"

# arguments, exit status, what standard error says
MISTAKES = [
    ([], 64, "usage: tenor COMMAND"),
    (["moth"], 64, 'unknown command "moth"; did you mean "month"?'),
    (["frobnicate"], 64, '"tenor help" lists the commands'),
    (["time"], 64, "write time deadline, time elapsed or time next-open"),
    (["month"], 64, "month needs CONTRACT"),
    (["month", EXAMPLE, "--mnth", "2026-03"], 64, "month has no option --mnth; did you mean --month?"),
    (["month", EXAMPLE, "--month", "2026-13"], 64, '"2026-13" is not a month; write YYYY-MM'),
    (["month", EXAMPLE, "--month", "2026-03", "--month", "2026-04"], 64, "--month is given twice"),
    (["month", EXAMPLE, "--month"], 64, "--month needs a value: YYYY-MM"),
    (["month", EXAMPLE, "--month", "2026-03", "--period", "2026"], 64, "--month and --period are both given"),
    (["month", EXAMPLE, "--format", "odt"], 64, '"odt" is not a format; write text, html, pdf, json or csv'),
    (["month", EXAMPLE, "--base", "$85"], 64, '"$85" is not money: write 85.00 USD'),
    (["month", EXAMPLE, "--month", "2026-03", "--base", "85.00 EUR"], 64, "--base is in EUR, the contract in USD"),
    (["month", EXAMPLE, "--month", "2026-03", "--width", "20"], 64, "is not a width"),
    (["month", EXAMPLE, "--month", "2026-03", "--lang", "xx"], 64, "xx"),
    (["month", EXAMPLE, "--month", "2026-03", "--as-of", "yesterday"], 64, "yesterday"),
    (["month", EXAMPLE, "--json=yes"], 64, "--json takes no value"),
    (["month", "no-such.yaml", "--month", "2026-03"], 66, "no-such.yaml: there is no such file"),
    (["month", EXAMPLE, "no-such.csv", "--month", "2026-03"], 66, "no-such.csv: there is no such file"),
    (["month", "docs", "--month", "2026-03"], 74, "is a directory"),
    (["check", EXAMPLE, "another.yaml"], 64, "takes no further argument"),
    (["completion", "tcsh"], 64, "write bash, zsh or fish"),
    (["time", "deadline", "2026-01-23T15:00", "4h"], 64, "is a local time and no zone is given"),
    (["time", "deadline", "2026-01-23T15:00", "4 hours", "--zone", "UTC"], 64, "write 4h"),
    (["time", "deadline", "2026-01-23T15:00", "4h", "--zone", "Europe/Berln"], 66, 'no time zone "Europe/Berln"'),
    (["time", "deadline", "2026-01-23T15:00Z", "4h", "--zone", "../../etc/passwd"], 66, "no time zone"),
    (["time", "deadline", "2026-01-23T15:00", "4h", "--zone", "UTC", "--hours", "mon-fri 9-17"], 64, "are no opening hours"),
    (["time", "deadline", "2026-01-23T15:00", "4h", "--zone", "UTC", "--hours", "mon-fri 09:00-17:00", "--holidays", "us_federl"], 64,
     'did you mean "us_federal"?'),
    (["explain", EXAMPLE, "--month", "2026-03", "--what", "credit c99"], 66, "credit c99"),
    (["time", "elapsed", "2026-01-26T11:00Z", "2026-01-23T15:00Z"], 64, "END lies before START"),
    (["time", "deadline", "2026-01-23T15:00", "3bd", "--zone", "Europe/Berlin"], 64, "business days need a calendar; give --hours"),
    (["check", "a\nb\x1b[31m"], 66, "a?b?[31m: there is no such file"),
    (["month", EXAMPLE, EXAMPLE, "--month", "2026-03"], 2, "is a contract, not a file of facts"),
    (["month", "-", "-", "--month", "2026-03"], 64, "standard input can be read once"),
    (["month", "-", "--month", "2026-03"], 2, "standard input:"),
    (["month", EXAMPLE, "--month", "2026-03", "--as-of", "2026-02-30"], 64, "there is no day 2026-02-30"),
    (["month", EXAMPLE, "--period", "1970..2020"], 64, "longer than 25 years"),
    (["explain", EXAMPLE, "--month", "2026-03", "--list", "--format", "csv"], 64, "no csv"),
    (["map", "contracts/examples/northwind-outages.jsonl"], 2, "is JSON, which is read without a mapping"),
    (["map", "contracts/examples/northwind-maintenance.ics"], 2, "is an iCalendar, which is read without a mapping"),
]

TIMES = [
    (["deadline", "2026-01-23T15:00", "4h"], "2026-01-26T16:00:00Z"),
    (["deadline", "2026-01-23T15:00", "4h", "--pause", "2026-01-23T16:00..2026-01-26T10:00"], "2026-01-26T18:00:00Z"),
    (["next-open", "2026-01-23T18:00"], "2026-01-26T14:00:00Z"),
    (["deadline", "2026-02-13T16:20", "1bd"], "2026-02-17T21:20:00Z"),
    (["deadline", "2026-02-13T16:20", "1bd", "--pause", "2026-02-13T16:30..2026-02-17T10:00"], "2026-02-18T14:50:00Z"),
    (["deadline", "2026-01-27T09:00", "8h", "--at-closing", "next_open"], "2026-01-28T14:00:00Z"),
]
DESK = ["--zone", "America/New_York", "--hours", "mon-fri 09:00-17:00", "--holidays", "us_federal"]


def mistakes():
    for args, status, words in MISTAKES:
        run = tenor(*args)
        ok(run.returncode == status and words in run.err, f"{' '.join(args) or '(nothing)'}: {words}",
           f"status {run.returncode}, wanted {status}", run.err)
        ok(run.out == "", f"{' '.join(args) or '(nothing)'}: prints nothing else")


def helps():
    for verb in VERBS:
        run = tenor(*verb.split(), "--help")
        again = tenor("help", *verb.split())
        ok(run.returncode == 0 and "EXAMPLES" in run.out and run.out == again.out, f"{verb} --help tells, with examples", run.err)
        ok(max(len(line) for line in run.out.split("\n") if not line.startswith("  tenor") and not line.startswith("  echo")) <= 80,
           f"{verb} --help fits 80 columns")
        ok(verb in tenor("--help").out, f"{verb} is listed")


def machines():
    """Everything prints with --json too."""
    table = json.loads(tenor("help", "--json").out)
    ok([a["verb"] for a in table] == VERBS, "help --json is the table of verbs", [a["verb"] for a in table])
    ok(json.loads(tenor("help", "time", "deadline", "--json").out)[0]["verb"] == "time deadline", "help VERB --json is one row")
    for args in [["man"], ["completion", "bash"], ["schema"], ["reference"], ["new"], ["new", "--list"], ["map", "--list"],
                 ["map", "--show", "tenor_csv"], ["check", EXAMPLE], ["diff", EXAMPLE, EXAMPLE], ["month", EXAMPLE, "--month", "2026-03"],
                 ["explain", EXAMPLE, "--month", "2026-03", "--list"], ["atrisk", EXAMPLE, "--as-of", "2026-03-14T10:00Z"]]:
        run = tenor(*args, "--json")
        ok(run.returncode == 0 and is_json(run.out), f"{' '.join(args)} --json", run.out[:200], run.err)


def is_json(text):
    try:
        json.loads(text, parse_float=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError):
        return False
    return True


def shells():
    for shell, command in [("bash", ["bash", "-n"]), ("zsh", ["zsh", "-n"]), ("fish", ["fish", "-n"])]:
        script = tenor("completion", shell)
        ok(script.returncode == 0 and "month" in script.out, f"completion for {shell}")
        if subprocess.run(["sh", "-c", f"command -v {command[0]}"], capture_output=True).returncode == 0:
            checked = subprocess.run(command, input=script.stdout, capture_output=True)
            ok(checked.returncode == 0, f"{shell} reads it", checked.stderr.decode())
    completes()
    man = tenor("man").out
    ok(all(f".SS tenor {v.replace('-', chr(92) + '-')}" in man for v in VERBS), "the manual page has every verb")


# words on the line, the last one unfinished; what bash offers. Nothing: readline's own names of files.
COMPLETIONS = [
    (["mo"], ["month"]),
    (["time", "de"], ["deadline"]),
    (["month", "--ma"], ["--map"]),
    (["month", "c.yaml", "--format", ""], ["text", "html", "pdf", "json", "csv"]),
    (["month", "c.yaml", "--map", "serv"], ["servicenow_audit_log"]),
    (["month", "c.yaml", "--map", "contracts/"], []),
    (["month", "c"], []),
    (["new", "--from", "help"], ["helpdesk"]),
    (["completion", ""], ["bash", "zsh", "fish"]),
    (["help", "at"], ["atrisk"]),
    (["time", "deadline", "--ho"], ["--hours", "--holidays"]),
]


def completes():
    for words, want in COMPLETIONS:
        line = " ".join(f"'{w}'" for w in ["tenor", *words])
        script = tenor("completion", "bash").out + f"COMP_WORDS=({line}); COMP_CWORD={len(words)}; _tenor; printf '%s\n' \"${{COMPREPLY[@]}}\""
        run = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
        ok(run.stdout.split() == want and run.stderr == "", f"bash completes {' '.join(words)}", run.stdout, run.stderr)


def times():
    for args, want in TIMES:
        run = tenor("time", *args, *DESK, "--json")
        answer = json.loads(run.out) if run.returncode == 0 else {}
        ok(want in answer.values(), f"time {' '.join(args)} is {want}", run.out, run.err)
        plain = tenor("time", *args, *DESK)
        ok(plain.returncode == 0 and want in plain.out, f"time {' '.join(args)} in words", plain.out, plain.err)
    for local, words in [("2026-03-29T02:30", "does not exist in Europe/Berlin: taken as 2026-03-29T01:30:00Z, moved forward by the gap"),
                         ("2026-10-25T02:30", "occurs twice in Europe/Berlin: taken as 2026-10-25T00:30:00Z, the first")]:
        run = tenor("time", "deadline", local, "1h", "--zone", "Europe/Berlin")
        ok(run.returncode == 0 and words in run.err, f"{local} {words}", run.err)
    run = tenor("time", "elapsed", "2026-01-23T15:00", "2026-01-26T11:00", *DESK, "--json")
    ok(run.returncode == 0 and json.loads(run.out).get("elapsed_ms") == 4 * 3600 * 1000, "time elapsed", run.out, run.err)
    run = tenor("time", "elapsed", "2026-03-08T00:30-05:00", "2026-03-08T09:30-04:00", "--json")
    ok(run.returncode == 0 and json.loads(run.out).get("elapsed_ms") == 8 * 3600 * 1000, "without a calendar time is absolute", run.out)


def checks():
    """The last line of check counts what stands above it."""
    run = tenor("check", "contracts/examples/github-status.yaml")
    shown = sum(" S-01 E " in line for line in run.out.splitlines())
    ok(run.returncode == 2 and shown == 3 and run.out.endswith("3 errors, 0 warnings, 1 note\n"), "check counts its findings", run.out[-80:])
    ok(json.loads(tenor("check", "contracts/examples/github-status.yaml", "--json").out)["errors"] == 3, "also as JSON")


def bulk():
    """calc answers the other lines when one cannot be read, and says which."""
    good = '{"id":"a","kind":"next_open","calendar":"always","start":"2026-01-01T00:00:00Z"}'
    run = tenor("calc", stdin=f'{good}\n{{"id":"b","kind":"glpi_sla"}}\nnot json\n\n{good}\n')
    lines = [json.loads(x) for x in run.out.splitlines()]
    ok(run.returncode == 2 and [("expect" in x, x.get("id"), x.get("line")) for x in lines]
       == [(True, "a", None), (False, "b", 2), (False, None, 3), (True, "a", None)], "calc: each line has its answer", run.out, run.err)


def outputs():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "schema.json")
        direct = tenor("schema").out
        run = tenor("schema", "-o", path)
        with open(path, encoding="utf-8") as f:
            ok(run.returncode == 0 and f.read() == direct, "-o writes what would be printed")
        ok(os.listdir(folder) == ["schema.json"], "and leaves nothing else")
        with open(path, "w", encoding="utf-8") as f:
            f.write("mine")
        run = tenor("month", EXAMPLE, "no-such.csv", "--month", "2026-03", "-o", path)
        with open(path, encoding="utf-8") as f:
            ok(run.returncode == 66 and f.read() == "mine", "a failure leaves the file as it was")
        run = tenor("schema", "-o", os.path.join(folder, "no", "such", "folder"))
        ok(run.returncode == 74 and "cannot be written" in run.err, "an output that cannot be written is named", run.err)
        own_files(folder, path)
        ok(tenor("schema", "-o", "-").out == direct, "-o - is standard output")
    described = json.loads(tenor("openapi", "--base-url", "https://tenor.acme.example").out)
    ok(described["openapi"].startswith("3.1") and described["servers"] == [{"url": "https://tenor.acme.example"}] and len(described["paths"]) > 40,
       "openapi describes every route, without a server", described.get("servers"))
    schema = json.loads(tenor("schema").out)
    ok(schema.get("$schema", "").endswith("2020-12/schema"), "the schema is JSON and says its dialect")
    ok("sla.metrics[].start" in tenor("reference").out or "start" in tenor("reference").out, "the manual is there")
    ok(re.fullmatch(r"tenor \d+\.\d+\.\d+\n", tenor("--version").out) is not None, "--version")
    ok(list(json.loads(tenor("--version", "--json").out)) == ["tenor"], "--version --json")


def own_files(folder, path):
    """What -o must leave as it is: the files that are read, links, pipes and devices, and permissions."""
    contract, link, pipe = (os.path.join(folder, n) for n in ("contract.yaml", "link", "pipe"))
    shutil.copy(EXAMPLE, contract)
    run = tenor("check", contract, "-o", os.path.join(folder, ".", "contract.yaml"))
    ok(run.returncode == 64 and "would write over" in run.err, "an output that is also read is refused", run.err)
    os.chmod(path, 0o600)
    os.symlink(path, link)
    run = tenor("check", contract, "-o", link)
    with open(path, encoding="utf-8") as f:
        ok(run.returncode == 0 and os.path.islink(link) and "nothing to say" in f.read(), "a link is followed and stays", run.err)
    run = tenor("schema", "-o", path)
    ok(run.returncode == 0 and os.stat(path).st_mode & 0o777 == 0o600, "a private file stays private", run.err)
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    run = tenor("check", contract, "-o", pipe)
    ok(reader.communicate(timeout=60)[0] != b"" and stat.S_ISFIFO(os.stat(pipe).st_mode), "a pipe is written to and stays", run.err)


def colours():
    args = ["month", EXAMPLE, "contracts/examples/northwind-outages.jsonl", "--month", "2026-03"]
    always = tenor(*args, "--color", "always").out
    ok("\x1b[" in always, "--color always paints")
    ok("\x1b[" not in tenor(*args).out, "a pipe gets no colour")
    ok("\x1b[" not in tenor(*args, "--color", "never").out, "--color never does not")
    ok(tenor(*args, "--color", "sometimes").returncode == 64, "--color knows three words")


def installs():
    if os.environ.get("TENOR_KIND", "dev") != "dev":
        return
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(["make", "--no-print-directory", "KIND=dev", "install", "PREFIX=/usr", f"DESTDIR={folder}"], cwd=ROOT,
                             capture_output=True, text=True, stdin=subprocess.DEVNULL)
        program = os.path.join(folder, "usr/bin/tenor")
        ok(run.returncode == 0 and os.path.exists(program), "make install with PREFIX and DESTDIR", run.stderr)
        version = subprocess.run([program, "--version"], capture_output=True, text=True)
        ok(version.returncode == 0 and version.stdout.startswith("tenor "), "the installed program runs")
        for path in ["share/man/man1/tenor.1", "share/bash-completion/completions/tenor", "share/tenor/contracts/examples"]:
            ok(os.path.exists(os.path.join(folder, "usr", path)), f"it brings {path}")


mistakes()
helps()
machines()
shells()
times()
checks()
bulk()
outputs()
colours()
installs()
ok(not crashed(tenor("--version")), f"{os.path.basename(TENOR)} ends in order")
done()
