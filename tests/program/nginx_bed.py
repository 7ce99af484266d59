# SPDX-License-Identifier: Apache-2.0
"""The sample configuration of nginx (contrib/nginx.conf), as a test can run it: what of the file needs a certificate or a port of root is replaced."""

import os
import re
import shutil

NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if os.path.exists("/usr/sbin/nginx") else None)
NAME = "tenor.example.com"  # as the file has it


def configuration(folder, ports, upstream):
    with open("contrib/nginx.conf", encoding="utf-8") as f:
        text = f.read()
    text = text.replace("server 127.0.0.1:8440;", f"server 127.0.0.1:{upstream};")
    text = re.sub(r"^ *listen \[::\].*\n|^ *ssl_.*\n", "", text, flags=re.M)
    text = text.replace("listen 80", f"listen 127.0.0.1:{ports['plain']}").replace("listen 443 ssl http2", f"listen 127.0.0.1:{ports['tls']}")
    head = "daemon off; master_process off; worker_processes 1; error_log stderr; pid nginx.pid;\nevents { worker_connections 512; }\nhttp {\naccess_log off;\n"
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]:
        head += f"{kind}_temp_path {folder}/{kind};\n"
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.write(head + text + "}\n")
    return path
