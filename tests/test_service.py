"""Tests of the whole service as it runs: under load, with clients that misbehave, and when it is ended."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from running import ENDLESS, Server, get

SECONDS = 2
WORKERS = 4
NESTED = "SELECT * " + "{" * 6_000 + "}" * 6_000
LONG_PATH = "ASK { <urn:a> " + "/".join(["<urn:p>"] * 10_000) + " <urn:b> }"
GREEDY = "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BACKTRACKING = f'ASK {{ FILTER(REGEX("{"a" * 100_000}!", "(a+)+$")) }}'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a running service."""
    with Server(query_seconds=SECONDS, query_memory=300_000_000, query_workers=WORKERS) as server:
        yield server


def quick(taken: list[float]) -> bool:
    """Tell whether answers took less than 200 ms, but for one in fifty: the machine may have paused."""
    return len(taken) >= 50 and sorted(taken)[int(len(taken) * 0.98) - 1] < 0.2


@pytest.mark.parametrize("queries", [1, WORKERS])
def test_a_query_without_end_is_ended_and_nobody_else_notices(queries: int, server: Server) -> None:
    """It gets 503 in time; pages are quick all the while, even where all processes work; then none works any more."""
    assert server.get("/")[0] == 200
    with ThreadPoolExecutor() as threads:
        start = time.monotonic()
        slow = [threads.submit(server.ask, f"{ENDLESS} # {number}") for number in range(queries)]
        time.sleep(0.3)
        assert server.working() == queries
        taken = []
        while not slow[0].done():
            for path in ("/", "/api/v1/levels", "/health/live"):
                began = time.monotonic()
                assert server.get(path)[0] == 200
                taken.append(time.monotonic() - began)
        assert quick(taken)
        answers = [query.result() for query in slow]
    assert time.monotonic() - start < SECONDS + 1
    for status, headers, problem in answers:
        assert (status, headers["content-type"], problem["title"]) == (503, "application/problem+json", "Query timeout")
        assert int(headers["retry-after"]) > 0
        assert headers["cache-control"] == "no-store"
    assert server.ask("ASK {}")[2]["boolean"]
    assert server.settles(1 + WORKERS)


def test_fifty_queries_without_end_leave_nothing_behind(server: Server) -> None:
    """Each is ended, the next query is answered, health stays quick, and neither processes nor memory grow."""

    def memory() -> int:
        status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
        (resident,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(resident.split()[1]) * 1024

    taken = []
    before, used = 0, 0
    for number in range(50):
        assert server.ask(ENDLESS, "?timeout=0.1")[0] == 503
        began = time.monotonic()
        assert server.get("/health/live")[0] == 200
        taken.append(time.monotonic() - began)
        assert server.ask(f"SELECT ({number} AS ?x) {{}}")[0] == 200
        if number == 9:
            before, used = len(server.processes()), memory()
    assert quick(taken)
    assert server.settles(before)
    assert memory() - used < 10_000_000


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


@pytest.mark.parametrize(
    "query",
    [NESTED, LONG_PATH, GREEDY, BACKTRACKING],
    ids=["nested groups", "long path", "greedy DISTINCT", "backtracking"],
)
def test_no_query_ends_the_service(query: str, server: Server) -> None:
    """A query that would end the process of the engine is a problem or answered, and so is the next one."""
    status, headers, _ = server.ask(query)
    assert status in (200, 400, 403, 503)
    assert status == 200 or headers["content-type"] == "application/problem+json"
    assert server.ask("ASK {}")[0] == 200


@pytest.mark.parametrize("way", [(), ("X-Forwarded-For: 127.0.0.1",)], ids=["short", "long"])
def test_a_client_that_hangs_up_frees_its_process(way: tuple[str, ...], server: Server) -> None:
    """The query of a client that is gone is ended at once, and not at the limit."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(get(ENDLESS, *way))
        time.sleep(0.4)
        assert server.working() == 1
    time.sleep(0.4)
    assert server.working() == 0


def test_answers_to_many_clients_are_not_mixed(server: Server) -> None:
    """Of two hundred queries at once, each gets its own answer."""

    def number(value: int) -> bool:
        answer = server.ask(f"SELECT ({value} AS ?x) {{}}")[2]
        return bool(answer["results"]["bindings"][0]["x"]["value"] == str(value))

    with ThreadPoolExecutor(20) as threads:
        assert all(threads.map(number, range(200)))


def test_more_queries_than_may_wait_are_turned_away_at_once() -> None:
    """Under overload, one more gets 503 with the time to come back, and does not wait."""
    with Server(query_workers=1, query_waiting=1, query_seconds=2) as server, ThreadPoolExecutor() as threads:
        slow = [threads.submit(server.ask, ENDLESS + f"# {number}") for number in range(2)]
        time.sleep(0.5)
        start = time.monotonic()
        status, headers, problem = server.ask("ASK {} # one more")
        assert (status, headers["retry-after"], problem["title"]) == (503, "1", "Overloaded")
        assert time.monotonic() - start < 0.5
        assert [answer.result()[0] for answer in slow] == [503, 503]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_nothing_of_the_service_outlives_it(how: signal.Signals) -> None:
    """Whether it is ended or killed, while a query works: all its processes are gone soon after."""
    with Server(query_seconds=SECONDS) as server, ThreadPoolExecutor() as threads:
        slow = threads.submit(server.ask, ENDLESS)
        time.sleep(0.3)
        groups = process_groups(server.process.pid)
        assert groups
        server.process.send_signal(how)
        server.process.wait(SECONDS + 5)
        slow.exception()
        time.sleep(0.5)
        assert [line for line in process_list() if line["pgid"] in groups and not line["stat"].startswith("Z")] == []


def process_list() -> list[dict[str, Any]]:
    """Return the processes of this machine."""
    listed = subprocess.run(["ps", "-ewwo", "pid,ppid,pgid,stat"], capture_output=True, text=True, check=True).stdout
    names, *rows = (line.split() for line in listed.splitlines())
    return [dict(zip((name.lower() for name in names), row, strict=True)) for row in rows]


def process_groups(parent: int) -> set[str]:
    """Return the groups of the children of a process."""
    return {line["pgid"] for line in process_list() if line["ppid"] == str(parent)}


@pytest.mark.parametrize(
    "request_",
    [
        get("ASK {}"),
        get("SELECT * {} LIMIT 1", "Accept: text/csv"),
        get("ASK {"),
        get("ASK {}", "Accept: image/png"),
        get("SELECT (UUID() AS ?x) {}", "Accept: application/sparql-results+xml"),
        get("ASK { SERVICE <urn:x> {} }"),
        get("ASK {}", "If-None-Match: *"),
        b"GET /sparql?foo=bar HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nASK {}",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\n\r\n"
        b"ASK {}",
    ],
)
def test_the_short_way_answers_as_the_long_way_does(request_: bytes, server: Server) -> None:
    """Status, headers and body are the same; a header that only proxies send makes it the long way."""
    long = request_.replace(b"Host: x\r\n", b"Host: x\r\nX-Forwarded-For: 127.0.0.1\r\n")
    answers = []
    for asked in (request_, long):
        head, _, body = server.raw(asked).partition(b"\r\n\r\n")
        status, *lines = head.split(b"\r\n")
        told = dict(line.split(b": ", 1) for line in lines)
        for name in (b"date", b"x-request-id"):
            del told[name]
        if told[b"content-type" if b"content-type" in told else b"vary"].startswith(b"application/problem"):
            problem = json.loads(body)
            del problem["instance"]
            body = json.dumps(problem).encode()
        body = re.sub(rb"uuid:[0-9a-f-]+", b"", body)
        answers.append((status, told, body))
    short_way, long_way = answers
    assert short_way == long_way
