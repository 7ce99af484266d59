# SPDX-License-Identifier: Apache-2.0
"""A workspace with two clients, tokens of both sides, and the API over it on a port of its own; for the tests of /api."""

import gzip
import http.client
import json
import os
import re
import select
import signal
import subprocess
import time

from described import Description
from program import TENOR, ok
from record import EXAMPLES, NORTHWIND

STAND = os.path.join(os.path.dirname(TENOR), "api-stand")
PATIENCE = 60
HELD_MOST = 1 << 20  # of a body that is held against the description
PROVIDER_RIGHTS = ["TERMS_READ", "STATEMENT_READ", "MONEY_READ", "MONEY_WRITE", "FACT_WRITE", "TICKET_READ", "TICKET_WRITE", "WORK_WRITE",
                   "USAGE_WRITE", "PERSONAL_READ", "LOG_READ"]
CLIENT_RIGHTS = ["TERMS_READ", "STATEMENT_READ", "MONEY_READ", "FACT_WRITE", "TICKET_READ", "TICKET_WRITE", "PERSONAL_READ", "LOG_READ", "COSIGN"]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def plain(self):
        """Without what tells one request from another: for answers that are to be equal."""
        drop = {"date", "x-request-id", "request-id"}
        request = self.json().get("request", "") if self.headers.get("content-type", "").startswith("application/problem") else ""
        body = self.body.replace(request.encode(), b"REQUEST") if request else self.body
        headers = {k: v.replace(request, "REQUEST") if request else v for k, v in self.headers.items() if k not in drop}
        return self.status, headers, body

    def __str__(self):
        return f"{self.status} {self.headers.get('content-type')} {self.body[:600]!r}"


class Bed:
    def __init__(self, folder, start=True):
        self.folder, self.process = folder, None
        self.workspace, self.key = os.path.join(folder, "acme.tenor"), os.path.join(folder, "acme.kek")
        self.tokens, self.description = {}, None
        self.build()
        if start:
            self.start()

    def tenor(self, *args, stdin=b""):
        return subprocess.run([TENOR, *args], input=stdin, cwd=self.folder, capture_output=True, timeout=600,
                              env={**os.environ, "HOME": self.folder})

    def must(self, *args, stdin=b""):
        record = [] if args[0] == "init" else ["--workspace", self.workspace]
        run = self.tenor(*args, *record, "--key", self.key, stdin=stdin)
        if run.returncode != 0:
            raise RuntimeError(f"tenor {' '.join(args)}: exit {run.returncode}: {run.stderr.decode()}")
        return run.stdout.decode()

    def contract(self, old, new):
        """The example contract under another id, as a file."""
        with open(os.path.join(EXAMPLES, "northwind.yaml"), encoding="utf-8") as f:
            text = f.read().replace(old, new)
        path = os.path.join(self.folder, f"{new}.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def build(self):
        self.must("init", "acme.tenor", "--provider", "Harbor IT LLC", "--host", "tenor.acme.example")
        self.must("client", "add", "northwind", "--name", "Northwind Clinic")
        self.must("client", "add", "harbour", "--name", "Harbour School")
        self.must("contract", "add", self.contract("NW-2026", "NW-2026"), "--client", "northwind", "--agreed", "2026-01-01T00:00Z")
        self.must("contract", "add", self.contract("NW-2026", "HS-2026"), "--client", "harbour", "--agreed", "2026-01-01T00:00Z")
        for contract in ("NW-2026", "HS-2026"):
            self.must("import", "--contract", contract, *NORTHWIND)
        self.must("user", "add", "desk", "--role", "service-desk")
        for handle, role, contract in (("nora", "signer", "NW-2026"), ("hal", "signer", "HS-2026"), ("ana", "it-lead", "NW-2026")):
            self.must("user", "add", handle, "--role", role, "--contract", contract, *(["--as", "nora"] if handle == "ana" else []))
        self.token("provider", "owner", PROVIDER_RIGHTS)
        self.token("northwind", "nora", CLIENT_RIGHTS)
        self.token("harbour", "hal", CLIENT_RIGHTS)
        self.token("one", "owner", PROVIDER_RIGHTS, "--contract", "HS-2026")
        self.token("probes", "owner", ["USAGE_WRITE", "FACT_WRITE"], "--contract", "NW-2026", "--kind", "outage.began", "--kind", "outage.ended")
        self.token("reader", "owner", ["STATEMENT_READ"])

    def token(self, name, person, rights, *more):
        out = self.must("token", "add", name, *[w for r in rights for w in ("--right", r)], *more, "--as", person, "--json")
        self.tokens[name] = re.search(r"tnr_[a-z2-7]{16}_[a-z2-7]{52}", out).group(0)

    def start(self):
        self.process = subprocess.Popen([STAND, "127.0.0.1:0", self.workspace, self.key], stdout=subprocess.PIPE,
                                        stderr=open(os.path.join(self.folder, "log"), "wb"), env={**os.environ, "HOME": self.folder})
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline().decode().strip() if ready else ""
        if not line.startswith("http://"):
            self.stop()
            raise RuntimeError(f"the server does not listen: {line!r} {self.log()[-500:]}")
        self.url, self.host = line, line[len("http://"):]

    def log(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def ask(self, method, path, who="provider", body=None, **headers):
        """One request; a body that is no bytes is JSON. who: the name of a token, or None."""
        fields = {k.replace("_", "-"): v for k, v in headers.items()}
        if who:
            fields["Authorization"] = f"Bearer {self.tokens.get(who, who)}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        for _ in range(10):
            answer = self.once(method, path, body, fields)
            if answer.status != 429:
                break
            # S16: a fast machine asks more than a token may
            time.sleep(min(int(answer.headers.get("retry-after", "1")), 5))
        return answer

    def once(self, method, path, body, fields):
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=fields)
            got = connection.getresponse()
            answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            connection.close()
        self.hold(method, path, fields, answer)
        return answer

    def hold(self, method, path, fields, answer):
        """Each answer is what the API's description says of it, whatever it was asked for."""
        if self.description is None:
            self.description = False  # while it is asked for
            self.description = Description(self.once("GET", "/api/v1/openapi.json", None, {}).json())
        if not self.description or len(answer.body) > HELD_MOST:
            return
        body = gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body
        errors = self.description.holds(method, path.split("?")[0], fields.get("Content-Type", ""), answer.status,
                                        answer.headers.get("content-type", ""), body)
        if errors:
            ok(False, f"{method} {path}: the answer is what the description says", answer, *errors)

    def get(self, path, who="provider", **headers):
        return self.ask("GET", path, who, **headers)

    def post(self, path, body, who="provider", **headers):
        return self.ask("POST", path, who, body, **headers)
