# SPDX-License-Identifier: Apache-2.0
"""The real server over the workspace of api_bed.py, and people with a browser who are signed in to it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import select
import signal
import struct
import subprocess
import time
import urllib.parse

from api_bed import PATIENCE
from program import TENOR


def multipart(fields, files, boundary="----tenor5f1c"):
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
    for field, name, kind, data in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        parts.append(head.encode() + data + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class Person:
    """Somebody with a browser: one kept connection, cookies, the token of forms."""

    def __init__(self, site, handle):
        self.site, self.handle, self.cookies = site, handle, {}
        self.connection = http.client.HTTPConnection(site.host, timeout=PATIENCE)

    def move(self, site):
        """To another server over the same workspace: the session is the workspace's."""
        self.site, self.connection = site, http.client.HTTPConnection(site.host, timeout=PATIENCE)

    def ask(self, method, path, fields=None, files=None, takes=None):
        """files: (field, name, type, bytes) each; then the form is a multipart one. takes: Accept-Encoding."""
        headers = {"Sec-Fetch-Site": "same-origin", **({"Accept-Encoding": takes} if takes else {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if files is not None:
            body, headers["Content-Type"] = multipart(fields, files)
        elif fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(8):
            try:
                self.connection.request(method, path, body=body, headers=headers)
                got = self.connection.getresponse()
                data = got.read()
            except (http.client.HTTPException, OSError):
                self.connection.close()
                continue
            if got.status == 429:
                time.sleep(min(int(got.headers.get("retry-after", "1")), 3))
                continue
            for name, value in got.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key.strip()] = rest.split(";")[0]
            return got.status, dict((k.lower(), v) for k, v in got.getheaders()), data
        raise RuntimeError(f"{method} {path}: no answer")

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, **fields):
        _, _, page = self.get(path if not path.startswith("/me/password") else "/me")
        form = re.search(rb'name="form" value="([^"]+)"', page).group(1).decode()
        return self.ask("POST", path, {"form": form, **fields})

    def sign_in(self):
        link = json.loads(self.site.bed.must("user", "link", self.handle, "--json"))["link"]
        self.post(link)
        self.post("/me/password", password="correct horse battery " + self.handle)
        status, head, page = self.get("/me/factor")
        self.secret = re.search(rb'class="secret">([A-Z2-7]+)<', page).group(1).decode()
        status, head, page = self.post_factor(page)
        assert status == 200 and b"codes" in page, (status, page[-600:])
        return self

    def code(self, ahead=0):
        key = base64.b32decode(self.secret + "=" * (-len(self.secret) % 8))
        mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
        at = mac[-1] & 15
        return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"

    def post_factor(self, page):
        form = re.search(rb'name="form" value="([^"]+)"', page).group(1).decode()
        return self.ask("POST", "/me/factor", {"form": form, "code": self.code()})

    def step_up(self):
        """The second factor again (S7). A step is taken once, so it is the next one's code."""
        status, _, page = self.post("/me/code", code=self.code(1), next="/me")
        assert status == 303, (status, page[-600:])
        return self


class Site:
    def __init__(self, bed, workers=2, *options):
        self.bed = bed
        self.process = subprocess.Popen([TENOR, "serve", "--listen", "127.0.0.1:0", "--workers", str(workers), "--workspace", bed.workspace, "--key", bed.key, *options],
                                        cwd=bed.folder, stdout=subprocess.PIPE, stderr=open(os.path.join(bed.folder, "site-log"), "wb"),
                                        env={**os.environ, "HOME": bed.folder})
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline().decode() if ready else ""
        self.host = re.search(r"http://(127\.0\.0\.1:\d+)", line).group(1)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
