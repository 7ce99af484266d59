# SPDX-License-Identifier: Apache-2.0
"""`tenor serve` on a workspace, and somebody with a browser: cookies, forms with their token."""

import http.client
import json
import os
import re
import select
import signal
import subprocess
import urllib.parse

from program import SANITIZED, TENOR

PATIENCE = 120 if SANITIZED else 60


def run(folder, *args, **more):
    return subprocess.run([TENOR, *args], cwd=folder, env={**os.environ, "HOME": folder}, capture_output=True, timeout=PATIENCE, **more)


def must(folder, *args):
    got = run(folder, *args)
    if got.returncode != 0:
        raise RuntimeError(f"tenor {' '.join(args)}: {got.stderr.decode()}")
    return got.stdout.decode()


class Site:
    def __init__(self, folder, *options):
        self.folder = folder
        self.log = open(os.path.join(folder, "log"), "wb")
        self.process = subprocess.Popen([TENOR, "serve", "--listen", "127.0.0.1:0", "--workspace", "acme.tenor", *options], cwd=folder,
                                        stdout=subprocess.PIPE, stderr=self.log, env={**os.environ, "HOME": folder})
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline().decode() if ready else ""
        found = re.search(r"http://(127\.0\.0\.1:\d+)", line)
        if found is None:
            raise RuntimeError(f"the server does not listen: {line} {self.said()}")
        self.host = found.group(1)

    def said(self):
        with open(self.log.name, encoding="utf-8") as f:
            return f.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        self.log.close()
        return code


class Browser:
    def __init__(self, site):
        self.site, self.cookies, self.set = site, {}, []

    def ask(self, method, path, fields=None, headers=None, body=None):
        """Status, where it leads, the page, the head."""
        c = http.client.HTTPConnection(self.site.host, timeout=PATIENCE)
        out = {"Sec-Fetch-Site": "same-origin", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **(headers or {})}
        if fields is not None:
            out.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = urllib.parse.urlencode(fields)
        c.request(method, path, body=body, headers={k: v for k, v in out.items() if v is not None})
        r = c.getresponse()
        data = r.read().decode("utf-8", "replace")
        self.set = [value for name, value in r.getheaders() if name.lower() == "set-cookie"]
        for value in self.set:
            key, _, rest = value.partition("=")
            self.cookies[key] = rest.split(";")[0]
        c.close()
        return r.status, r.headers.get("Location", ""), data, {k.lower(): v for k, v in r.getheaders()}

    def form(self, path):
        return re.search(r'name="form" value="([^"]+)"', self.ask("GET", path)[2]).group(1)

    def post(self, path, **fields):
        return self.ask("POST", path, {"form": self.form("/me" if path.startswith("/me/password") else path), **fields})

    def sign_in(self, handle, password):
        """By a link made at the machine; the password is set if there is none."""
        link = json.loads(must(self.site.folder, "user", "link", handle, "--json", "--workspace", "acme.tenor"))["link"]
        self.post(link)
        got = self.post("/me/password", password=password)
        if got[0] != 303:
            raise RuntimeError(str(got))
        return self
