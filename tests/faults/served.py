# SPDX-License-Identifier: Apache-2.0
"""The real server in a process group of its own, in a folder of the fault tests, and the tokens to ask it with."""

import http.client
import os
import re
import select
import signal
import subprocess
import time

from bed import CONTRACT, EXAMPLES, TENOR, environment, must

WAIT_S = 60
IN = ["--contract", CONTRACT]
RIGHTS = ["USAGE_WRITE", "FACT_WRITE", "TICKET_WRITE", "WORK_WRITE", "TERMS_READ", "STATEMENT_READ", "MONEY_READ"]
FACTS = f"/api/v1/contracts/{CONTRACT}/facts"


class NotStarted(RuntimeError):
    """A server that ended before it listened, with this status; outlived: processes of it lived on."""

    def __init__(self, status, outlived, said):
        super().__init__(f"the server does not start, status {status}{', and processes of it live on' if outlived else ''}: {said}")
        self.status, self.outlived = status, outlived


class Server:
    """tenor serve on a port of its own."""

    def __init__(self, folder, workers=2, extra=None):
        self.folder, self.deaths = folder, 0
        with open(os.path.join(folder, "server.log"), "ab") as log:
            self.process = subprocess.Popen([TENOR, "serve", "--listen", "127.0.0.1:0", "--workers", str(workers)], cwd=folder,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=environment(folder, extra),
                                            start_new_session=True)
        ready, _, _ = select.select([self.process.stdout], [], [], WAIT_S)
        line = self.process.stdout.readline().decode() if ready else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if not found:
            if ready and not line:  # it closed its output: it is ending by itself
                try:
                    self.process.wait(WAIT_S)
                except subprocess.TimeoutExpired:
                    pass  # and does not; the next line ends it
            raise NotStarted(self.end(signal.SIGKILL), self.outlived(), f"{line!r} {self.log()[-500:]}")
        self.port = int(found.group(1))

    def post(self, token, body, kind="application/x-ndjson", path=FACTS):
        """Status and text; raises where the connection breaks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            return ask(connection, token, path, body, kind)
        finally:
            connection.close()

    def outlived(self):
        """Does a process of the group live on without its master? Those end with it, but not in the same instant."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return False
            time.sleep(0.02)
        os.killpg(self.process.pid, signal.SIGKILL)
        return True

    def log(self):
        with open(os.path.join(self.folder, "server.log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def workers(self):
        """Of the master's children those that answer; the others guard processes beside them."""
        out = []
        try:
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as f:
                children = f.read().split()
        except OSError:
            return []
        for pid in children:
            try:
                with open(f"/proc/{pid}/comm", encoding="ascii") as f:
                    out += [int(pid)] if f.read().strip() == "tenor-worker" else []
            except OSError:
                continue
        return out

    def kill_worker(self, rng):
        """One worker; the master forks another at once."""
        pids = self.workers()
        if not pids:
            return 0
        try:
            os.kill(rng.choice(pids), signal.SIGKILL)
        except ProcessLookupError:
            return 0  # killed the time before, and the master has just taken note of it
        self.deaths += 1
        return 1

    def kill_group(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(WAIT_S)
        self.process.stdout.close()
        return 1

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        try:
            return self.process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait(WAIT_S)
        finally:
            self.process.stdout.close()


def ask(connection, token, path, body=None, kind=None):
    """One request, a POST where there is a body: status and text."""
    connection.request("GET" if body is None else "POST", path, body,
                       {"Authorization": f"Bearer {token}", **({"Content-Type": kind} if kind else {})})
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def prepare(folder, tokens):
    """A workspace with a contract, some facts, and so many tokens; those are given."""
    must(folder, "init", "acme.tenor", "--provider", "Acme IT")
    must(folder, "client", "add", "northwind", "--name", "Northwind")
    must(folder, "contract", "add", os.path.join(EXAMPLES, "northwind.yaml"), "--client", "northwind")
    must(folder, "import", *IN, os.path.join(EXAMPLES, "northwind-outages.jsonl"))
    return [re.search(r"tnr_[a-z2-7]{16}_[a-z2-7]{52}", must(folder, "token", "add", f"writer{i}", *[w for r in RIGHTS for w in ("--right", r)], *IN, "--json").out)
            .group(0) for i in range(tokens)]
