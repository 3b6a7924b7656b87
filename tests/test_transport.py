"""Tests of the way to a SPARQL server, with a server that resets, stalls, refuses, or answers nonsense."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from elsewhere import CLOSE, RESET, STALL, TRUE, Fake, answer, free_port
from pswonto.breaker import FAILURES
from pswonto.errors import ParameterError, QueryRefused, ServerFault, ServerTimeout, ServerUnavailable
from pswonto.transport import TRIES, Transport

ASK = {"query": "ASK {}"}
JSON = "application/sparql-results+json"


Ways = Callable[..., Transport]


@pytest.fixture
def way() -> Iterator[Ways]:
    """Return what makes a way to a server, which is closed after the test."""
    with ExitStack() as stack:
        yield lambda url, seconds=5.0: stack.enter_context(closing(Transport(url, seconds, 4)))


@pytest.mark.parametrize("fault", [RESET, CLOSE], ids=["reset", "closed"])
def test_a_connection_that_is_lost_is_tried_again(fault: bytes, way: Ways) -> None:
    """A query changes nothing, so it is sent again where the connection is lost, and then has its answer."""
    with Fake(fault, fault, TRUE) as server:
        assert way(server.url).ask(ASK, JSON).body.endswith(b"true}")
        assert server.hits == 3


@pytest.mark.parametrize("status", ["429 Many", "502 Bad", "503 Down", "504 Late"])
def test_what_is_said_to_pass_is_tried_again(status: str, way: Ways) -> None:
    """A server or a proxy that says that it has no answer now is asked again."""
    with Fake(answer(b"", status), TRUE) as server:
        assert way(server.url).ask(ASK, JSON).media_type == JSON
        assert server.hits == 2


def test_retry_after_is_honoured(way: Ways) -> None:
    """A server is left in peace for as long as it says."""
    with Fake(answer(b"", "503 Down", more="Retry-After: 1\r\n"), TRUE) as server:
        start = time.monotonic()
        way(server.url).ask(ASK, JSON)
        assert time.monotonic() - start >= 1


def test_a_pause_past_the_deadline_is_not_begun(way: Ways) -> None:
    """Where the server says to come back later than the deadline, the client is told at once, with that time."""
    with Fake(answer(b"", "503 Down", more="Retry-After: 120\r\n")) as server:
        start = time.monotonic()
        with pytest.raises(ServerUnavailable, match="503") as raised:
            way(server.url).ask(ASK, JSON)
        assert time.monotonic() - start < 1
        assert raised.value.retry_after == 120
        assert server.hits == 1


def test_a_date_of_retry_after_is_read(way: Ways) -> None:
    """Retry-After may be a date, and one that is past means now."""
    with Fake(answer(b"", "503 Down", more="Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), TRUE) as server:
        assert way(server.url).ask(ASK, JSON).media_type == JSON


def test_it_is_not_tried_for_ever(way: Ways) -> None:
    """After some tries the fault is told."""
    with Fake(RESET) as server:
        with pytest.raises(ServerUnavailable, match="cannot be reached"):
            way(server.url).ask(ASK, JSON)
        assert server.hits == TRIES


def test_nobody_there_is_told(way: Ways) -> None:
    """A server that is not running is unavailable."""
    with pytest.raises(ServerUnavailable, match="cannot be reached"):
        way(f"http://127.0.0.1:{free_port()}/sparql").ask(ASK, JSON)


def test_a_deadline_holds_whatever_the_server_does(way: Ways) -> None:
    """A server that stalls, and one that sends a byte now and then, both are given up in time."""
    with Fake(STALL) as server:
        start = time.monotonic()
        with pytest.raises(ServerTimeout, match="did not answer within"):
            way(server.url, 0.5).ask(ASK, JSON)
        assert time.monotonic() - start < 1.5


@pytest.mark.parametrize(("status", "words"), [("500 No", "Virtuoso 37000"), ("400 No", "400"), ("302 No", "moved to")])
def test_an_error_is_told_and_not_tried_again(status: str, words: str, way: Ways) -> None:
    """What the server says of a query stands in the fault, in one line, and the query is sent once."""
    more = "Location: http://127.0.0.1:1/elsewhere\r\n"
    with Fake(answer(b"\nVirtuoso 37000 Error SQ156\nmore", status, "text/plain", more)) as server:
        with pytest.raises(ServerFault, match=words) as raised:
            way(server.url).ask(ASK, JSON)
        assert type(raised.value) is ServerFault
        assert "\n" not in str(raised.value)
        assert server.hits == 1


def test_an_answer_that_is_too_large_is_not_read_to_its_end(way: Ways) -> None:
    """More bytes than the limit are refused."""
    with Fake(answer(b" " * 5000)) as server, pytest.raises(QueryRefused, match="larger than 1000 bytes"):
        way(server.url).ask(ASK, JSON, limit=1000)


def test_what_cannot_be_decoded_is_a_fault(way: Ways) -> None:
    """An answer that says that it is compressed, and is not, is told as one."""
    garbage = answer(b"garbage", more="Content-Encoding: gzip\r\n")
    with Fake(garbage) as server, pytest.raises(ServerFault, match="cannot be decoded"):
        way(server.url).ask(ASK, JSON)


def test_a_server_that_fails_again_and_again_is_left_alone(way: Ways) -> None:
    """Once the breaker is open, a query is refused at once, and after a rest one is let through."""
    with Fake(CLOSE) as server:
        transport = way(server.url)
        for _ in range(FAILURES):
            with pytest.raises(ServerUnavailable):
                transport.ask(ASK, JSON)
        hits = server.hits
        with pytest.raises(ServerUnavailable, match="left alone") as raised:
            transport.ask(ASK, JSON)
        assert server.hits == hits
        server.answers = [TRUE]
        time.sleep(raised.value.retry_after or 0)
        assert transport.ask(ASK, JSON).media_type == JSON
        assert not transport.breaker.open


def test_a_slow_query_is_no_sign_that_the_server_is_down(way: Ways) -> None:
    """Where a query takes too long, the simplest one is tried; where that is answered, nothing is held against it."""
    with Fake(*[STALL, TRUE] * (2 * FAILURES)) as server:
        transport = way(server.url, 0.2)
        for _ in range(FAILURES + 1):
            with pytest.raises(ServerTimeout):
                transport.ask(ASK, JSON)
            time.sleep(0.1)
        assert not transport.breaker.open


def test_a_server_that_answers_nothing_is_down(way: Ways) -> None:
    """Where the simplest query is not answered either, the breaker opens."""
    with Fake(STALL) as server:
        transport = way(server.url, 0.2)
        for _ in range(FAILURES):
            with pytest.raises(ServerTimeout):
                transport.ask(ASK, JSON)
        time.sleep(1.3)
        assert transport.breaker.open


def test_who_does_not_wait_ends_the_request(way: Ways) -> None:
    """A request whose client is gone is ended, and the connection with it."""
    with Fake(STALL) as server:
        transport = way(server.url)

        async def leave() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await transport.ask_later(ASK, JSON, seconds=5, limit=None)

        asyncio.run(leave())


def test_who_waits_when_it_is_closed_is_told(way: Ways) -> None:
    """A thread that waits for an answer does not wait until its deadline, and one that asks later is told at once."""
    with Fake(STALL) as server:
        transport = way(server.url, 30)
        closing_soon = threading.Timer(0.3, transport.close)
        closing_soon.start()
        start = time.monotonic()
        for _ in range(2):
            with pytest.raises(ServerUnavailable, match="were closed"):
                transport.ask(ASK, JSON)
        assert time.monotonic() - start < 3
        closing_soon.join()


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/sparql", "sparql", "http://", "http://[::1/"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """What is no address of HTTP is told, with one that would be."""
    with pytest.raises(ParameterError, match="endpoint"):
        Transport(url, 1, 1)


def test_a_password_is_sent_and_never_told(way: Ways) -> None:
    """The user and password of an address are for the server, and stand in no message."""
    with Fake(answer(b"", "401 No", "text/plain")) as server:
        transport = way(server.url.replace("//", "//ada:secret@"))
        with pytest.raises(ServerFault, match="401") as raised:
            transport.ask(ASK, JSON)
        assert "secret" not in str(raised.value) + transport.server
