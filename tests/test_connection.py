"""Tests of connections, on a real server and with bytes as they are."""

import json
import re
from collections.abc import Iterator

import pytest

from running import Server, get

TYPE = b"Content-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a running service."""
    with Server(body_limit=200_000) as server:
        yield server


def statuses(answers: bytes) -> list[str]:
    """Return the statuses of responses that came one after the other."""
    return re.findall(r"HTTP/1.1 (\d+) ", answers.decode())


def test_the_same_bytes_again_are_answered_alike(server: Server) -> None:
    """However often a request is sent on one connection, each answer is the same but for date and id."""
    one = get("SELECT (1 AS ?same) {}")
    answers = server.raw(*[one] * 5)
    assert statuses(answers) == ["200"] * 5
    assert answers.count(b'"same"') == 10
    identifiers = [line for line in answers.split(b"\r\n") if line.startswith(b"x-request-id")]
    assert len(set(identifiers)) == 5
    assert len([line for line in answers.split(b"\r\n") if line.startswith(b"etag")]) == 5


def test_requests_may_come_in_pieces_and_together(server: Server) -> None:
    """A request in many pieces, and several in one, are each answered, in order, also where one was answered before."""
    one, two = get("SELECT (1 AS ?one) {}"), get("SELECT (2 AS ?two) {}")
    for _ in range(3):
        assert statuses(server.raw(one[:20], one[20:50], one[50:])) == ["200"]
        both = server.raw(one + two)
        assert statuses(both) == ["200", "200"]
        assert both.index(b'"one"') < both.index(b'"two"')
        assert statuses(server.raw(one + two[:30], two[30:])) == ["200", "200"]


def test_a_body_may_come_in_pieces_and_chunks(server: Server) -> None:
    """Both are answered as a body that comes whole."""
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + TYPE
    assert statuses(server.raw(head + b"Content-Length: 6\r\n\r\nAS", b"K {}")) == ["200"]
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n"
    assert statuses(server.raw(chunked, b"3\r\n {}\r\n0\r\n\r\n")) == ["200"]
    large = b"ASK {} #" + b"x" * 100_000
    assert statuses(server.raw(head + f"Content-Length: {len(large)}\r\n\r\n".encode() + large)) == ["200"]


def test_a_client_that_waits_to_be_asked_for_its_body_is(server: Server) -> None:
    """Expect: 100-continue gets what it waits for (RFC 9110, section 10.1.1)."""
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 6\r\n" + TYPE + b"\r\n"
    assert statuses(server.raw(head, b"ASK {}")) == ["100", "200"]


@pytest.mark.parametrize("line", ["Connection: close", "Connection: Close"])
def test_a_client_that_wants_the_end_gets_it(line: str, server: Server) -> None:
    """The connection is closed, also where the answer was kept."""
    for _ in range(4):
        answer = server.raw(get("ASK { <urn:close> ?p ?o }", line), get("ASK {}"))
        assert statuses(answer) == ["200"]
        assert b"connection: close\r\n" in answer


def test_an_old_client_is_answered(server: Server) -> None:
    """A request of HTTP/1.0 without a host is answered, and the connection closed."""
    for _ in range(3):
        assert statuses(server.raw(b"GET /sparql?query=ASK%20%7B%7D HTTP/1.0\r\n\r\n")) == ["200"]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"garbage\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET /sparql HTTP/9.9\r\n\r\n", 400),
        (b"GET /sparql?query=" + b"x" * 150_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /sparql?query=" + b"x" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /sparql?query=" + b"x" * 300_000, 414),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-Large: " + b"x" * 300_000 + b"\r\n\r\n", 431),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\n" + b"X-Many: x\r\n" * 30_000 + b"\r\n", 431),
        (b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-Larger: " + b"x" * 3_000_000 + b"\r\n\r\n", 431),
    ],
    ids=["garbage", "TLS", "version", "URL", "long URL", "endless URL", "header", "headers", "still being sent"],
)
def test_what_is_no_request_is_a_problem(request_: bytes, status: int, server: Server) -> None:
    """It is told as all faults are, the connection ends, and the service goes on."""
    head, _, body = server.raw(request_).partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    assert json.loads(body)["status"] == status
    assert server.ask("ASK {}")[0] == 200


def test_a_body_above_the_limit_is_refused(server: Server) -> None:
    """Whether it says how large it is or not."""
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\n" + TYPE
    body = b"ASK {} #" + b"x" * 300_000
    assert statuses(server.raw(head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)) == ["413"]
    assert server.ask("ASK {}")[0] == 200
