"""Tests of the whole service as it runs: under load, with clients that misbehave, and when it is ended."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

SECONDS = 2
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
NESTED = "SELECT * " + "{" * 6_000 + "}" * 6_000
LONG_PATH = "ASK { <urn:a> " + "/".join(["<urn:p>"] * 10_000) + " <urn:b> }"
GREEDY = "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


class Server:
    """A service in a process of its own."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        limits = {"PSWONTO_QUERY_SECONDS": str(SECONDS), "PSWONTO_QUERY_MEMORY": "300000000"}
        command = [sys.executable, "-m", "pswonto", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env={**os.environ, **limits}, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.ask("ASK {}")
            except ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the service does not answer")

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def ask(self, query: str, parameters: str = "") -> tuple[int, dict[str, str], Any]:
        """Send a query by POST, and return status, headers and the answer as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Content-Type": "application/sparql-query"}
            connection.request("POST", "/sparql" + parameters, query.encode(), headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), json.loads(answer.read())
        finally:
            connection.close()

    def processes(self) -> list[str]:
        """Return state and arguments of the processes that the service has started."""
        listed = subprocess.run(["ps", "-eo", "stat,pgid,args"], capture_output=True, text=True, check=True).stdout
        return [line for line in listed.splitlines() if "pswonto.evaluator" in line and not line.startswith("Z")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a running service."""
    server = Server()
    yield server
    server.process.terminate()
    server.process.wait(10)


def test_a_query_without_end_is_ended_and_nobody_else_notices(server: Server) -> None:
    """It gets 503 in time; pages and other queries are quick all the while; nothing works at it afterwards."""
    with ThreadPoolExecutor() as threads:
        start = time.monotonic()
        slow = threads.submit(server.ask, ENDLESS)
        time.sleep(0.3)
        for path in ("/", "/api/v1/levels"):
            began = time.monotonic()
            assert server.get(path)[0] == 200
            assert time.monotonic() - began < 0.2
        status, headers, problem = slow.result()
    assert time.monotonic() - start < SECONDS + 1
    assert (status, headers["content-type"], problem["title"]) == (503, "application/problem+json", "Query timeout")
    assert int(headers["retry-after"]) > 0
    assert headers["cache-control"] == "no-store"
    assert server.ask("ASK {}")[2]["boolean"]
    time.sleep(0.2)
    assert [line for line in server.processes() if line.startswith("R")] == []


@pytest.mark.parametrize(
    ("parameter", "status", "least", "most"),
    [
        ("0.3", 503, 0.3, 1.3),
        ("600", 503, SECONDS, SECONDS + 1),
        ("abc", 400, 0, 1),
        ("0", 400, 0, 1),
        ("-1", 400, 0, 1),
    ],
)
def test_a_client_may_ask_for_less_time(parameter: str, status: int, least: float, most: float, server: Server) -> None:
    """`timeout` lowers the limit and never raises it; what is no time is a bad parameter."""
    start = time.monotonic()
    answer = server.ask(ENDLESS, f"?timeout={parameter}")
    assert answer[0] == status
    assert least <= time.monotonic() - start <= most


@pytest.mark.parametrize("query", [NESTED, LONG_PATH, GREEDY], ids=["nested groups", "long path", "greedy DISTINCT"])
def test_no_query_ends_the_service(query: str, server: Server) -> None:
    """A query that would end the process of the engine is a problem, and the service answers the next."""
    status, headers, _ = server.ask(query)
    assert status in (400, 403, 503)
    assert headers["content-type"] == "application/problem+json"
    assert server.ask("ASK {}")[0] == 200


def test_a_client_that_hangs_up_frees_its_process(server: Server) -> None:
    """The query of a client that is gone is ended at once, and not at the limit."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.4)
        assert [line for line in server.processes() if line.startswith("R")]
    time.sleep(0.4)
    assert [line for line in server.processes() if line.startswith("R")] == []


def test_answers_to_many_clients_are_not_mixed(server: Server) -> None:
    """Of two hundred queries at once, each gets its own answer."""

    def number(value: int) -> bool:
        answer = server.ask(f"SELECT ({value} AS ?x) {{}}")[2]
        return bool(answer["results"]["bindings"][0]["x"]["value"] == str(value))

    with ThreadPoolExecutor(20) as threads:
        assert all(threads.map(number, range(200)))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_nothing_of_the_service_outlives_it(how: signal.Signals) -> None:
    """Whether it is ended or killed, while a query works: all its processes are gone soon after."""
    server = Server()
    before = set(server.processes())
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(server.ask, ENDLESS)
        time.sleep(0.3)
        ours = {line.split()[1] for line in set(server.processes()) if line not in before or line.startswith("R")}
        server.process.send_signal(how)
        server.process.wait(SECONDS + 5)
        slow.exception()
    time.sleep(0.5)
    assert ours
    assert {line.split()[1] for line in server.processes()} & ours == set()
