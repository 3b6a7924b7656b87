"""The service as it runs, in a process of its own, for the tests that need all of it."""

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

# A page of each kind.
PAGES = (
    "/",
    "/docs",
    "/sparql",
    "/map",
    "/map?unit=statements&cols=country&sort=total",
    "/statements?factor=psw-wellbeing",
    "/studies",
    "/references",
    "/influences",
    "/jurisdictions",
    "/anomalies",
    "/gaps",
    "/implications",
    "/terms",
    "/terms/DownwardInfluence",
    "/search?q=stigma",
    "/paths?from=economic-and-financial-factors&to=psw-wellbeing",
    "/about",
    "/level/macro",
    "/factor/psw-wellbeing",
    "/subtheme/stigma",
    "/detail/network-of-psws",
    "/work/byrne-2016",
    "/statement/0001",
    "/influence/organizational-culture--human-resource-management-policies",
    "/jurisdiction/us",
    "/passage/psw-wellbeing-2",
    "/anomaly/doi-gillard-2020",
    "/gap/attention-to-the-macro-level",
    "/implication/adopt-change-management-with-consultation",
    "/citation/change-management-and-workplace-strategy-1-1",
    "/polarity/barrier",
    "/reviews",
    "/activities",
    "/work/mirbahaeddin-2022",
    "/activity/coding-of-the-macro-level",
    "/query/studies",
)
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Server:
    """A service that runs from the beginning of a `with` to its end.

    Args:
        output: A file for what it writes to standard output, or nothing.
        options: Options of `serve`.
        settings: Settings, which are given in the environment.
    """

    def __init__(self, *options: str, output: Path | None = None, **settings: object) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        given = {f"PSWONTO_{name.upper()}": str(value) for name, value in settings.items()}
        command = [sys.executable, "-m", "pswonto", "serve", "--port", str(self.port), *options]
        with contextlib.ExitStack() as stack:
            written = subprocess.DEVNULL if output is None else stack.enter_context(output.open("wb"))
            self.process = subprocess.Popen(
                command, env={**os.environ, **given}, stdout=written, stderr=subprocess.DEVNULL
            )
        for _ in range(200):
            try:
                self.ask("ASK {}")
            except ConnectionError:
                time.sleep(0.05)
            else:
                return
        self.process.kill()
        self.process.wait()
        raise AssertionError("the service does not answer")

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.process.terminate()
        self.process.wait(20)

    def request(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request on a connection of its own, and return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request of GET, and return status, headers and body."""
        return self.request("GET", path, None, **headers)

    def ask(self, query: str, parameters: str = "") -> tuple[int, http.client.HTTPMessage, Any]:
        """Send a query by POST, and return status, headers and the answer as JSON."""
        status, headers, body = self.request(
            "POST", "/sparql" + parameters, query.encode(), Content_Type="application/sparql-query"
        )
        return status, headers, json.loads(body)

    def raw(self, *parts: bytes, quiet: float = 0.4) -> bytes:
        """Send bytes, one part after the other, and return what comes until the connection ends or is quiet."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=quiet) as connection:
            for number, part in enumerate(parts):
                time.sleep(0.05 if number else 0)
                connection.sendall(part)
            answer = b""
            with contextlib.suppress(TimeoutError):
                while part := connection.recv(1 << 16):
                    answer += part
            return answer

    def processes(self) -> list[tuple[str, int]]:
        """Return state and memory in bytes of each process that evaluates queries for this service."""
        listed = subprocess.run(["ps", "-ewwo", "pid,ppid,stat,rss,args"], capture_output=True, text=True, check=True)
        rows = [line.split(maxsplit=4) for line in listed.stdout.splitlines()[1:]]
        ours = {str(self.process.pid)}
        found: list[tuple[str, int]] = []
        for _ in range(2):
            # The process that holds the graph, and its children.
            family = [row for row in rows if row[1] in ours and not row[2].startswith("Z")]
            found += [(row[2], int(row[3]) * 1024) for row in family]
            ours = {row[0] for row in family}
        return found

    def settles(self, most: int) -> bool:
        """Tell whether within two seconds nothing works any more and there are no more processes than so many."""
        deadline = time.monotonic() + 2
        while self.working() or len(self.processes()) > most:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def working(self) -> int:
        """Return how many of these processes work at this moment."""
        return sum(state.startswith("R") for state, _ in self.processes())


class Listener:
    """Listens on a port, and counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.hits = 0
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def __enter__(self) -> "Listener":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.hits += 1
            connection.sendall(b"HTTP/1.1 500 No\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
            connection.close()


def get(query: str, *headers: str) -> bytes:
    """Return the bytes of a request that asks a query by GET."""
    lines = [f"GET /sparql?query={quote(query)} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode()
