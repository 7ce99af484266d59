# SPDX-License-Identifier: Apache-2.0
"""Helpers of the server's tests: a server that is started, asked by raw bytes, and always ended; every wait is bounded."""

import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from program import SANITIZED, TENOR, workers_of

STAND = os.path.join(os.path.dirname(TENOR), "stand")
PATIENCE = 60 if SANITIZED else 30


class Answer:
    def __init__(self, raw):
        self.raw = raw
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        match = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
        self.status = int(match.group(1)) if match else 0
        self.fields = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.fields.setdefault(name.lower(), value.strip())

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return repr(self.raw[:600])


def read_answer(sock, head_only=False):
    """One whole answer, or what came until the other side closed."""
    got, wanted = bytearray(), None
    try:
        while wanted is None or len(got) < wanted:
            piece = sock.recv(1 << 20)
            if not piece:
                break
            got += piece
            if wanted is None and b"\r\n\r\n" in got:
                head = bytes(got[:got.index(b"\r\n\r\n")])
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                none = head_only or re.match(rb"HTTP/1.1 (304|204)", head)
                wanted = len(head) + 4 + (0 if none or not length else int(length.group(1)))
    except (ConnectionResetError, BrokenPipeError):
        pass
    return Answer(bytes(got))


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    """The program tests/http/stand.c, or another that prints where it listens as its first line. port: a given one, where the base URL tells none."""

    def __init__(self, *options, program=(), env=None, port=0):
        self.folder = tempfile.TemporaryDirectory()
        self.log_path = os.path.join(self.folder.name, "log")
        self.log_file = open(self.log_path, "wb")
        command = list(program) or [STAND, f"127.0.0.1:{port}"]
        self.process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=self.log_file,
                                        env={**os.environ, **(env or {})})
        self.url = self.process.stdout.readline().decode().strip()
        self.host = "127.0.0.1"
        self.port = port or int(self.url.rpartition(":")[2] or 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def name(self):
        return f"{self.host}:{self.port}"

    def end(self):
        """SIGTERM and the exit status; killed if it does not end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def log(self):
        """The events of the log so far, each a dictionary; what is no JSON is kept under "text"."""
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            lines = f.read().splitlines()
        out = []
        for line in lines:
            try:
                out.append(json.loads(line))
            except ValueError:
                out.append({"event": "text", "text": line})
        return out

    def events(self, name):
        return [e for e in self.log() if e["event"] == name]

    def connect(self, timeout=PATIENCE):
        return socket.create_connection((self.host, self.port), timeout=timeout)

    def raw(self, data, timeout=PATIENCE, head_only=False):
        with self.connect(timeout) as sock:
            try:
                sock.sendall(data)
            except (ConnectionResetError, BrokenPipeError):
                pass
            return read_answer(sock, head_only)

    def ask(self, target, method="GET", fields=(), body=b"", head_only=False):
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self.name}", *fields]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return self.raw("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, head_only=head_only or method == "HEAD")

    def workers(self):
        """Process ids of the children."""
        return workers_of(self.process.pid)

    def until(self, what, seconds=PATIENCE):
        """Waits for what() to be true; gives its last value."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = what()
            if value:
                return value
            time.sleep(0.05)
        return what()
