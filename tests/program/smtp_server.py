# SPDX-License-Identifier: Apache-2.0
"""A mail server for tests, on loopback: takes mail and keeps it, or does what a bad day brings: refuses, waits, goes away without an answer."""

import email
import email.header
import email.policy
import socketserver
import threading


class Mail:
    def __init__(self, sender, to, data, login):
        self.sender, self.to, self.data, self.login = sender, to, data, login
        self.message = email.message_from_bytes(data, policy=email.policy.default)

    def __getitem__(self, name):
        return self.message[name]

    @property
    def sender_name(self):
        """As it stands there: Python 3.11 puts a blank between two encoded words of a name."""
        raw = email.message_from_bytes(self.data)["From"]
        return str(email.header.make_header(email.header.decode_header(raw))).split(" <")[0].strip('"')

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content().replace("\r\n", "\n")


class Handler(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def data(self):
        lines = []
        while True:
            line = self.rfile.readline()
            if not line:
                return None
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)

    def handle(self):
        s, sender, to, login = self.server.owner, None, [], None
        s.connections += 1
        if s.stall.is_set():
            s.wake.wait(60)
            return
        self.say("220 mail.example ESMTP")
        while True:
            line = self.rfile.readline()
            if not line:
                return
            words = line.decode("latin-1").strip()
            verb = words.split(" ")[0].upper()
            if verb in s.refuse:
                self.say(s.refuse[verb])
                continue
            if verb == "EHLO":
                self.say("250-mail.example")
                if s.auth:
                    self.say("250-AUTH PLAIN")
                self.say("250 SIZE 1000000")
            elif verb == "AUTH":
                login = words.split(" ")[2] if len(words.split(" ")) > 2 else None
                if login is None:
                    self.say("334 ")
                    login = self.rfile.readline().decode().strip()
                self.say("235 in" if login == s.auth else "535 5.7.8 no")
            elif verb == "MAIL":
                sender, to = words.split(":", 1)[1], []
                self.say("250 ok")
            elif verb == "RCPT":
                to.append(words.split(":", 1)[1])
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                body = self.data()
                if body is None:
                    return
                s.came.append(Mail(sender, to, body, login))
                if s.drop > 0:
                    s.drop -= 1
                    return
                if "." in s.refuse:
                    s.came.pop()
                    self.say(s.refuse["."])
                    continue
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True


class Smtp:
    """came: what was taken, and what a connection was dropped after (drop: how many times). refuse: an answer by verb; "." is after the data."""

    def __init__(self):
        self.came, self.refuse, self.drop, self.auth, self.connections = [], {}, 0, None, 0
        self.stall, self.wake = threading.Event(), threading.Event()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.owner = self
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.wake.set()
        self.server.shutdown()
        self.server.server_close()
