# SPDX-License-Identifier: Apache-2.0
"""A small provider of identities (OpenID Connect) on loopback, of the tests' own: discovery, keys, codes with PKCE, ID tokens. It lies on
request: `bend` changes the header, the claims or the signature of the next token. Keys and signatures are made by openssl."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n):
    return b64(n.to_bytes((n.bit_length() + 7) // 8, "big"))


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, capture_output=True, check=True).stdout


class Key:
    """One key pair, RSA or EC, and the algorithm it signs by."""

    def __init__(self, folder, kid, alg):
        self.kid, self.alg, self.file = kid, alg, os.path.join(folder, kid + ".pem")
        if alg == "ES256":
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.file)
            point = openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")[-64:]
            self.jwk = {"kty": "EC", "crv": "P-256", "x": b64(point[:32]), "y": b64(point[32:])}
        else:
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.file)
            modulus = openssl("rsa", "-in", self.file, "-noout", "-modulus").decode().strip().split("=")[1]
            self.jwk = {"kty": "RSA", "n": number(int(modulus, 16)), "e": number(65537)}
        self.jwk.update(kid=kid, alg=alg, use="sig")
        self.public = openssl("pkey", "-in", self.file, "-pubout")

    def sign(self, data):
        if self.alg == "PS256":
            return openssl("dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sign", self.file, data=data)
        made = openssl("dgst", "-sha256", "-sign", self.file, data=data)
        if self.alg == "RS256":
            return made
        out, at = b"", 2
        for _ in range(2):
            size = made[at + 1]
            out += made[at + 2:at + 2 + size].lstrip(b"\0").rjust(32, b"\0")
            at += 2 + size
        return out


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Whoever asked is gone, which a test may have seen to; anything else is told."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Provider:
    def __init__(self, folder):
        self.keys = {alg: Key(folder, "k-" + alg.lower(), alg) for alg in ("RS256", "PS256", "ES256")}
        self.client, self.secret, self.alg, self.bend, self.codes, self.asked = "tenor", "s3cret", "RS256", None, {}, []
        self.issuer_said, self.may_answer = None, threading.Event()
        self.may_answer.set()
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def say(self, status, what):
                body = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                provider.asked.append(self.path)
                if self.path == "/.well-known/openid-configuration":
                    self.say(200, {"issuer": provider.issuer_said or provider.issuer, "authorization_endpoint": provider.issuer + "/authorize",
                                   "token_endpoint": provider.issuer + "/token", "jwks_uri": provider.issuer + "/keys"})
                elif self.path == "/keys":
                    self.say(200, {"keys": [k.jwk for k in provider.keys.values()]})
                else:
                    self.say(404, {})

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                provider.asked.append(self.path)
                self.say(*provider.token(form, self.headers.get("Authorization", "")))

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        self.issuer = "http://" + self.address
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, location, subject):
        """What a person's browser does there: signs in and is sent back with a code."""
        q = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        assert q["response_type"] == "code" and q["code_challenge_method"] == "S256" and q["client_id"] == self.client and "openid" in q["scope"], q
        code = b64(os.urandom(16))
        self.codes[code] = (subject, q)
        return q, code

    def token(self, form, authorization):
        basic = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        subject, q = self.codes.pop(form.get("code"), (None, None))
        if (subject is None or authorization != "Basic " + basic or form["grant_type"] != "authorization_code" or
                form["redirect_uri"] != q["redirect_uri"] or b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != q["code_challenge"]):
            return 400, {"error": "invalid_grant"}
        self.may_answer.wait(60)
        now = int(time.time())
        key = self.keys[self.alg]
        header = {"alg": self.alg, "kid": key.kid, "typ": "JWT"}
        claims = {"iss": self.issuer, "aud": self.client, "sub": subject, "nonce": q["nonce"], "iat": now, "exp": now + 300}
        sign = key.sign
        if self.bend is not None:
            sign = self.bend(header, claims, key) or sign
        text = b64(json.dumps(header).encode()) + "." + b64(json.dumps(claims).encode())
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": text + "." + b64(sign(text.encode()))}


def hs256(secret):
    return lambda data: hmac.new(secret, data, hashlib.sha256).digest()
