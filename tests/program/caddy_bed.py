# SPDX-License-Identifier: Apache-2.0
"""The sample configuration of Caddy (contrib/Caddyfile), as a test can run it: without certificates, on loopback, on ports of its own."""

import os
import shutil

CADDY = shutil.which("caddy")


def configuration(folder, ports, upstream):
    with open("contrib/Caddyfile", encoding="utf-8") as f:
        text = f.read()
    for was, becomes in (("\n{\n", "\n{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n"),
                         ("\nhttp://tenor.example.com {", f"\nhttp://tenor.example.com:{ports['plain']} {{"),
                         ("\ntenor.example.com {", f"\nhttp://tenor.example.com:{ports['tls']} {{"),
                         ("\n:80, :443 {", f"\nhttp://:{ports['plain']}, http://:{ports['tls']} {{"),
                         ("reverse_proxy 127.0.0.1:8440 {", f"reverse_proxy 127.0.0.1:{upstream} {{")):
        assert text.count(was) == 1, was
        text = text.replace(was, becomes)
    path = os.path.join(folder, "Caddyfile")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path
