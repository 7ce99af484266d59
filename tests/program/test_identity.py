#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signing in by a provider of identities (trust.md S10, S21), on the real server against a provider of the tests' own: what works, and each
way of lying that must not."""

import json
import os
import signal
import sys
import tempfile
import threading
import time
import urllib.parse

sys.dont_write_bytecode = True
from oidc_provider import Provider, hs256
from program import children, done, ok
from browser_bed import Browser, Site, must, run


def site_of(folder, provider, *more):
    with open(os.path.join(folder, "secret"), "w", encoding="ascii") as f:
        f.write(provider.secret + "\n")
    return Site(folder, "--workers", "1", "--identity-issuer", provider.issuer, "--identity-client", provider.client, "--identity-secret", "secret",
                "--identity-name", "Example SSO", *more)


class Person(Browser):
    def go(self, provider, subject, **change):
        """Through the provider and back; change: other parameters on the way back."""
        status, there, page, _ = self.ask("GET", "/sign-in/identity")
        if status != 303 or not there.startswith(provider.issuer + "/authorize?"):
            raise RuntimeError(f"no way there: {status} {there} {page[-300:]} {self.site.said()[-600:]}")
        q, code = provider.authorize(there, subject)
        self.back = "/sign-in/identity/return?" + urllib.parse.urlencode({"code": code, "state": q["state"], **change})
        # as a browser comes from elsewhere
        return self.ask("GET", self.back, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"})


def happy(site, provider, person):
    ok("Example SSO" in Person(site).ask("GET", "/sign-in")[2], "the page to sign in names the provider")
    got = Person(site).go(provider, "sub-1")
    ok(got[0] == 422 and "did not work" in got[2], "an identity that is linked with no account signs nobody in", got[0])
    got = person.go(provider, "sub-1")
    ok(got[:2] == (303, "/me/identity"), "who is signed in may link it", got)
    got = person.post("/me/identity", password="not the password at all")
    ok(got[0] == 422 and "password is wrong" in got[2], "not without the password", got[0], got[2][-300:])
    got = person.post("/me/identity", password="five words nobody else says")
    ok(got[0] == 303, "and with it it is linked", got)
    for alg in ("RS256", "PS256", "ES256"):
        provider.alg = alg
        b = Person(site)
        got = b.go(provider, "sub-1")
        ok(got[:2] == (303, "/") and b.ask("GET", "/me")[0] == 200, f"{alg}: signed in", got, site.said()[-400:])
    provider.alg = "RS256"
    again = b.ask("GET", b.back, headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"})
    ok(again[0] == 422, "nobody comes back twice by one way", again[0])
    ok(Person(site).go(provider, "sub-2")[0] == 422, "another subject is nobody")
    other = Person(site)
    other.ask("GET", "/sign-in/identity")
    ok(other.ask("GET", b.back)[0] == 422, "another browser's way is no way")


def lies(provider):
    def claim(**more):
        return lambda h, c, k: c.update(**more)

    def without(name):
        def bend(h, c, k):
            del c[name]
        return bend

    def head(**more):
        return lambda h, c, k: h.update(**more)

    def hs(h, c, k):
        h.update(alg="HS256")
        return hs256(k.public)

    def none(h, c, k):
        h.update(alg="none")
        return lambda data: b""

    now = int(time.time())
    return (("another nonce", claim(nonce="x" * 43)), ("no nonce", without("nonce")), ("another audience", claim(aud="somebody")),
            ("several audiences without azp", claim(aud=["tenor", "b"])), ("azp of somebody else", claim(aud=["tenor", "b"], azp="b")),
            ("another issuer", claim(iss="http://127.0.0.1:1")), ("HS256 with the public key", hs), ("none", none),
            ("over", claim(exp=now - 120)), ("no end", without("exp")), ("from the future", claim(iat=now + 600)),
            ("not yet", claim(nbf=now + 600)), ("an unknown key", head(kid="k-other")), ("another kind of key", head(kid="k-es256")),
            ("jku", head(jku=provider.issuer + "/keys")), ("x5u", head(x5u=provider.issuer + "/cert")),
            ("a key of its own", head(jwk=provider.keys["RS256"].jwk)), ("crit", head(crit=["exp"])), ("no subject", claim(sub="")),
            ("an altered signature", lambda h, c, k: lambda data: k.sign(data + b"x")))


def refused(site, provider, some):
    for name, bend in some:
        provider.bend = bend
        b = Person(site)
        got = b.go(provider, "sub-1")
        ok(got[0] == 422 and "tenor-dev" not in b.cookies, f"{name}: refused", got[:2])
    provider.bend = None


def roundabout(site, provider):
    got = Person(site).go(provider, "sub-1", state="x" * 43)
    ok(got[0] == 422, "another state: refused", got[0])
    got = Person(site).go(provider, "sub-1", code="unknown")
    ok(got[0] == 422, "an unknown code: refused", got[0])
    provider.bend = lambda h, c, k: c.update(exp=int(time.time()) - 30)
    ok(Person(site).go(provider, "sub-1")[0] == 303, "half a minute is borne")
    provider.bend = None


def parked(site, provider):
    """One worker, a provider that takes its time: others are answered meanwhile (X1)."""
    got = []
    provider.may_answer.clear()
    b = Person(site)
    waiting = threading.Thread(target=lambda: got.append(b.go(provider, "sub-1")))
    waiting.start()
    while "/token" not in provider.asked[-2:]:
        time.sleep(0.02)
    for _ in range(5):
        ok(Person(site).ask("GET", "/sign-in")[0] == 200 and not got, "others are answered meanwhile")
    provider.may_answer.set()
    waiting.join()
    ok(got[0][0] == 303, "and it is, when the provider is", got)


def link_of(site):
    """The process that connects out: the child of the one that forks it again."""
    for guard in children(site.process.pid):
        for child in children(guard):
            with open(f"/proc/{child}/comm", encoding="ascii") as f:
                if f.read().strip() == "tenor-link":
                    return child
    return None


def link_after(site, before):
    """The process that connects out, once there is another one than that: it is forked beside the start, and has its name a little later."""
    until = time.monotonic() + 20
    while (found := link_of(site)) in (None, before) and time.monotonic() < until:
        time.sleep(0.02)
    return found


def killed(site, provider):
    """X1, X2: the process that connects out is killed, idle and at work. Whoever waits for it is told, another takes its place, and others never notice."""
    first = link_after(site, None)
    ok(first is not None, "there is one process that connects out")
    os.kill(first, signal.SIGKILL)
    second = link_after(site, first)
    ok(second not in (None, first), "killed, it is there again", second)
    got = Person(site).go(provider, "sub-1")
    ok(got[:2] == (303, "/"), "and who signs in next notices nothing", got[:2], site.said()[-300:])
    answers = []
    provider.may_answer.clear()
    b = Person(site)
    waiting = threading.Thread(target=lambda: answers.append(b.go(provider, "sub-1")))
    waiting.start()
    while "/token" not in provider.asked[-1:]:
        time.sleep(0.02)
    os.kill(second, signal.SIGKILL)
    ok(Person(site).ask("GET", "/sign-in")[0] == 200, "killed while it is asked: others are answered")
    provider.may_answer.set()
    began = time.monotonic()
    waiting.join(40)
    ok(not waiting.is_alive() and answers and answers[0][0] == 422 and time.monotonic() - began < 25 and "tenor-dev" not in b.cookies,
       "who waited for it is told, and signed in by nothing", answers[0][:2] if answers else None)
    got = Person(site).go(provider, "sub-1")
    ok(got[:2] == (303, "/"), "and comes in at the next try", got[:2])


def main():
    with tempfile.TemporaryDirectory() as folder:
        provider = Provider(folder)
        must(folder, "init", "acme.tenor", "--provider", "Harbor IT LLC")
        must(folder, "user", "add", "reader", "--role", "read-only")
        for more, words in (((), b"is no issuer"), (("--identity-address", provider.address, "--identity-secret", "nowhere"), b"cannot be read")):
            got = run(folder, "serve", "--identity-issuer", provider.issuer, "--identity-client", "x", *more)
            ok(got.returncode in (64, 66) and words in got.stderr, f"refused at the start: {words.decode()}", got.stderr)
        site = site_of(folder, provider, "--identity-address", provider.address)
        all_lies = lies(provider)
        half = len(all_lies) // 2
        # one server after the other: an address may not try that often (S16)
        for step in (lambda: happy(site, provider, Person(site).sign_in("reader", "five words nobody else says")),
                     lambda: refused(site, provider, all_lies[:half]), lambda: refused(site, provider, all_lies[half:]),
                     lambda: roundabout(site, provider), lambda: parked(site, provider), lambda: killed(site, provider)):
            try:
                step()
                ok("s3cret" not in site.said() and "sub-1" not in site.said(), "the log of operation has neither secret nor subject")
            finally:
                code = site.stop()
            ok(code == 0, "an orderly end", code, site.said()[-500:])
            site = site_of(folder, provider, "--identity-address", provider.address)
        site.stop()
        events = json.loads(must(folder, "audit", "--json"))["events"]
        ok(any(e["event"] == "identity_linked" and e["what"] == "linked" for e in events) and
           sum(e["event"] == "signed_in" and e["what"] == "identity" for e in events) >= 3, "the audit has the link and the sign-ins", events[:3])
        asked = len(provider.asked)
        site = site_of(folder, provider, "--identity-address", "127.0.0.1:1")
        try:
            ok(Person(site).ask("GET", "/sign-in/identity")[0] == 422 and len(provider.asked) == asked, "an address inside that is not named is not reached (S21)")
        finally:
            site.stop()
        provider.secret = ""
        site = site_of(folder, provider, "--identity-address", provider.address)
        until = time.monotonic() + 20
        while "link_refused" not in site.said() and time.monotonic() < until:
            time.sleep(0.05)
        ok('"link_refused"' in site.said() and '"secret"' in site.said(), "a link that cannot begin says why", site.said()[-300:])
        site.stop()
        provider.stop()
    done()


main()
