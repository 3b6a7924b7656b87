"""How many pages and answers a second come from one service, from two replicas behind nginx, and from nginx's cache.

Run it as `python benchmarks/replicas.py`, where nginx and wrk are on the PATH. It starts two services over the real
data that keep nothing themselves, and nginx with `deploy/nginx.conf` but for TLS, and asks a list, a page, a document
and a query over 16 connections, each for some seconds.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from elsewhere import free_port  # noqa: E402
from running import Server  # noqa: E402

PATHS = ("/api/v1/studies?factor=psw-wellbeing", "/factor/psw-wellbeing.ttl", "/sparql?query=ASK%7B%7D", "/")


def main() -> None:
    """Start all, ask, and print requests a second."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="how long each is asked")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        Server(cache_bytes=0, log_requests=False) as one,
        Server(cache_bytes=0, log_requests=False) as other,
    ):
        folder = Path(name)
        ports = {"balanced": free_port(), "cached": free_port()}
        command = ["nginx", "-e", str(folder / "error.log"), "-c", str(written(folder, one.port, other.port, ports))]
        with subprocess.Popen(command) as nginx:
            time.sleep(1)
            try:
                for path in PATHS:
                    cells = [f"{path:40}"]
                    for who, port in (("one service", one.port), *ports.items()):
                        cells.append(f"{who} {rate(f'http://127.0.0.1:{port}{path}', arguments.seconds):9.0f}/s")
                    sys.stdout.write("  ".join(cells) + "\n")
                    sys.stdout.flush()
            finally:
                nginx.terminate()


def written(folder: Path, one: int, other: int, ports: dict[str, int]) -> Path:
    """Write what nginx is to do: our configuration without TLS, with two replicas, and once without its cache."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{one}; server 127.0.0.1:{other};")
    text = text.replace("/var/cache/nginx/pswonto", f"{folder}/cache").replace("/var/log/nginx/", f"{folder}/")
    text = re.sub(r"\n +(listen \[::\]|ssl_|add_header Strict).*", "", text)
    start = text.index("server {", text.index("return 301"))
    shared = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text[: text.rindex("server {", 0, start)], flags=re.DOTALL)
    server = text[start:].replace("listen 443 ssl http2;", "listen 127.0.0.1:PORT;")
    uncached = server.replace("proxy_cache pswonto;", "proxy_cache off;")
    servers = server.replace("PORT", str(ports["cached"])) + uncached.replace("PORT", str(ports["balanced"]))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = f"{user}daemon off; pid {folder}/pid; events {{}} http {{ {folders}\n{shared}\n{servers} }}"
    file = folder / "nginx.conf"
    file.write_text(whole, encoding="utf-8")
    return file


def rate(url: str, seconds: int) -> float:
    """Return how many requests a second are answered with 200."""
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-H", "Host: pswonto.example", url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found is not None, told
    return float(found[1])


if __name__ == "__main__":
    main()
