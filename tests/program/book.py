# SPDX-License-Identifier: Apache-2.0
"""
Runs the pages of the book. In an indented block a line "$ command" is run as it stands; what follows, down to the next command or the end
of the block, is what it prints. Nothing there: anything may be printed. "..." on a line of its own stands for any lines, "…" for any
characters of a line. Ids, hashes, keys and signatures differ from run to run: those of the page are taken as names, the same one always
for the same value, also in later commands. A command must succeed, unless the page shows its message ("tenor: ...").

Directives, which a reader of the page does not see:

    <!-- goes on from record.md -->      in a copy of what that page left behind
    <!-- now 2026-04-02T13:00Z -->       what the clock says; it goes on by a minute with each command

Not a shell: each line is run by itself; only "cd" is remembered.
"""

import calendar
import os
import re
import shutil
import subprocess
import time

# Longest forms first: a verifier key has a UUID and hex digits in it.
VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|\b[usxt]_[0-9a-z]{16}\b|\+[0-9a-f]{8}\b|\b[0-9a-f]{64}\b|"
                     r"\b[0-9a-f]{12}\b|[A-Za-z0-9+/]{43}=|\+[A-Za-z0-9+/]{44}(?![A-Za-z0-9+/=])|\b[A-Za-z0-9+/]{90,120}={0,2}")
LAST_COMMAND = 600


class Page:
    """A page as it stands: its commands, each with what it is to print and the line it stands in."""

    def __init__(self, path):
        self.path = path
        self.goes_on = None
        self.steps = []
        now = None
        command = None
        with open(path, encoding="utf-8") as f:
            lines = f.read().split("\n")
        for number, line in enumerate(lines, 1):
            directive = re.fullmatch(r"<!-- (goes on from|now) (\S+) -->", line)
            if directive and directive.group(1) == "now":
                now = directive.group(2)
            elif directive:
                self.goes_on = directive.group(2)
            elif line.startswith("    $ "):
                command = {"line": number, "command": line[6:], "prints": [], "now": now}
                now = None
                self.steps.append(command)
            elif command and line.startswith("    "):
                command["prints"].append(line[4:])
            elif command and line == "" and number < len(lines) and lines[number].startswith("    ") and not lines[number].startswith("    $ "):
                command["prints"].append("")
            elif line != "":
                command = None
        for step in self.steps:
            while step["prints"] and step["prints"][-1] == "":
                step["prints"].pop()


class Names:
    """Which value of this run a value of the page stands for, and the other way round."""

    def __init__(self):
        self.real, self.shown = {}, {}

    def copy(self):
        other = Names()
        other.real, other.shown = dict(self.real), dict(self.shown)
        return other

    def bind(self, shown, real):
        if self.real.get(shown, real) != real or self.shown.get(real, shown) != shown:
            return False
        self.real[shown], self.shown[real] = real, shown
        return True

    def put(self, command):
        return VARYING.sub(lambda m: self.real.get(m.group(0), m.group(0)), command)

    def line(self, want, got):
        """Does the line of the page fit what was printed? Binds what differs."""
        wanted = VARYING.findall(want)
        pattern = "".join("(" + VARYING.pattern + ")" if i % 2 else ".*".join(map(re.escape, part.split("…")))
                          for i, part in enumerate(split_varying(want)))
        printed = re.fullmatch(pattern, got)
        return printed is not None and all(self.bind(w, g) for w, g in zip(wanted, printed.groups()))


def split_varying(text):
    """Text, varying part, text, ...: odd places vary."""
    parts, at = [], 0
    for m in VARYING.finditer(text):
        parts += [text[at:m.start()], m.group(0)]
        at = m.end()
    return parts + [text[at:]]


def fits(names, wanted, got):
    """Both are lists of lines; wanted may have "..." for any of them. Gives the first line that does not fit, or None."""
    at = 0
    free = False
    for want in wanted:
        if want.strip() == "...":
            free = True
            continue
        while at < len(got):
            trial = names.copy()
            if trial.line(want, got[at].rstrip()):
                names.real, names.shown = trial.real, trial.shown
                break
            if not free:
                return f"wanted  {want}\nprinted {got[at]}"
            at += 1
        if at == len(got):
            return f"wanted  {want}\nprinted nothing like it"
        at += 1
        free = False
    return None if free or at == len(got) else f"printed {got[at]}\nbut the page ends before it"


class World:
    """A folder, a clock, and the program in them."""

    def __init__(self, root, folder, program, now="2026-04-02T13:00Z", calls=0, cwd="."):
        self.root, self.folder, self.program, self.calls, self.cwd = root, folder, program, calls, cwd
        self.set(now)
        self.names = Names()

    def set(self, now):
        self.now = int(now) if now.isdigit() else calendar.timegm(time.strptime(now, "%Y-%m-%dT%H:%MZ"))

    @classmethod
    def new(cls, root, folder, program):
        os.makedirs(os.path.join(folder, "settings"), mode=0o700)
        os.makedirs(os.path.join(folder, "bin"))
        os.makedirs(os.path.join(folder, "home", "build"))
        os.symlink(program, os.path.join(folder, "bin", "tenor"))
        os.symlink(os.path.join(root, "contracts"), os.path.join(folder, "home", "contracts"))
        return cls(root, folder, program)

    def copy(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
        other = World(self.root, folder, self.program, str(self.now), self.calls, self.cwd)
        other.names = self.names.copy()
        return other

    def run(self, command):
        """Gives the exit status and what was printed, errors too."""
        folder = os.path.join(self.folder, "home")
        if re.fullmatch(r"cd \S+", command):
            self.cwd = os.path.normpath(os.path.join(self.cwd, command[3:]))
            return (0, "") if os.path.isdir(os.path.join(folder, self.cwd)) else (1, f"no folder {self.cwd}")
        self.now += 60
        self.calls += 1
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.now))
        env = {**os.environ, "PATH": os.path.join(self.folder, "bin") + ":" + os.environ["PATH"], "HOME": folder, "TENOR_TEST_NOW": at,
               "TENOR_TEST_SEED": f"book/{self.calls}", "TENOR_TEST_SETTINGS": os.path.join(self.folder, "settings")}
        run = subprocess.run(["sh", "-c", self.names.put(command)], cwd=os.path.join(folder, self.cwd), env=env, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=LAST_COMMAND)
        out = run.stdout.decode("utf-8", "replace").replace(os.path.join(self.folder, "settings"), "~/.config/tenor")
        return run.returncode, out.replace(self.folder + "/home", "~")

    def step(self, step):
        """Runs one command of a page; gives what is wrong, or None, and what was printed."""
        if step["now"]:
            self.set(step["now"])
        status, out = self.run(step["command"])
        refused = any(line.startswith("tenor: ") for line in step["prints"])
        if (status != 0) != refused:
            return f"exit status {status}", out
        got = out.rstrip("\n").split("\n") if out.rstrip("\n") else []
        wrong = fits(self.names, step["prints"], got) if step["prints"] else None
        return wrong, out
