"""Tests of queries that a SPARQL server answers: limits, and faults of that server as those who ask see them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from fastapi.testclient import TestClient

from elsewhere import CLOSE, EMPTY, STALL, TRUE, Fake, answer, free_port
from pswonto.errors import Overloaded, QueryRefused, ServerTimeout
from pswonto.pool import Limits
from pswonto.proxy import Proxy
from pswonto.queries import QueryLibrary
from pswonto.remote import Remote, connect
from pswonto.settings import Settings
from pswonto.web import create_app
from pswonto.web.service import Service

GARBAGE = answer(b"<html>", media_type="text/html")
DOWN = answer(b"", "503 Down", more="Retry-After: 7\r\n")
ERROR = answer(b"Virtuoso 37000 Error SP031: lost filters", "500 No", "text/plain")
# What the server does, and the status, the title and some words of the problem that is told.
FAULTS: dict[str, tuple[bytes, int, str, str]] = {
    "stalls": (STALL, 504, "Server timeout", "did not answer within"),
    "resets": (CLOSE, 503, "Server unavailable", "cannot be reached"),
    "is down": (DOWN, 503, "Server unavailable", "503"),
    "fails": (ERROR, 502, "Bad gateway", "lost filters"),
    "answers nonsense": (GARBAGE, 502, "Bad gateway", "text/html"),
}
PATHS = ("/api/v1/factors", "/sparql?query=ASK%7B%7D", "/factor/psw-wellbeing.ttl", "/api/v1/queries/levels")
QUICK = Settings(query_seconds=0.5, query_workers=2)


def service(url: str, library: QueryLibrary, settings: Settings = QUICK) -> Service:
    """Return the service over a server."""
    return create_app(connect(url, settings), library, settings)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_server_is_a_problem(fault: str, library: QueryLibrary) -> None:
    """Whatever the server does, each operation tells it as a problem with a status of its own, in time."""
    does, status, title, words = FAULTS[fault]
    with Fake(does) as server, TestClient(service(server.url, library), raise_server_exceptions=False) as client:
        for path in PATHS:
            start = time.monotonic()
            response = client.get(path)
            assert time.monotonic() - start < 3
            problem = response.json()
            assert response.headers["content-type"] == "application/problem+json"
            assert (response.status_code, problem["title"]) == (status, title), path
            assert words in problem["detail"]
            if status in (503, 504):
                assert int(response.headers["retry-after"]) >= 1
        if fault == "is down":
            assert response.headers["retry-after"] == "7"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_tells_it_too(fault: str, library: QueryLibrary) -> None:
    """A browser gets a page that says what is wrong, before there was any data and after."""
    does, status, title, _ = FAULTS[fault]
    with Fake(does) as server, TestClient(service(server.url, library), raise_server_exceptions=False) as client:
        for path in ("/", "/sparql", "/statements"):
            response = client.get(path, headers={"Accept": "text/html"})
            assert (response.status_code, response.headers["content-type"][:9]) == (status, "text/html"), path
            assert f"<h1>{title}</h1>" in response.text


@pytest.mark.parametrize("fault", FAULTS)
def test_health_tells_it(fault: str, library: QueryLibrary) -> None:
    """The service lives, and is not ready; once the server answers, it is."""
    does, _, _, words = FAULTS[fault]
    known = answer(
        b'{"head": {"vars": ["triples"]}, "results": {"bindings": [{"triples": {"type": "literal", "value": "7"}}]}}'
    )
    # What pages need is asked for first.
    with Fake(EMPTY) as server, TestClient(service(server.url, library), raise_server_exceptions=False) as client:
        assert client.get("/docs").status_code == 200
        server.answers = [does]
        assert client.get("/health/live").json() == {"status": "live"}
        response = client.get("/health/ready")
        assert (response.status_code, response.json()["title"]) == (503, "Not ready")
        assert words in response.json()["detail"]
        assert response.headers["retry-after"] == "1"
        assert "pswonto_triples" not in client.get("/metrics").text
        time.sleep(0.1)
        server.answers = [known]
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json().get("triples")) == (200, 7), ready.text


def test_a_server_that_holds_nothing_is_not_ready(library: QueryLibrary) -> None:
    """Where the server answers and has no triple of a dataset, the service says so."""
    none = answer(
        b'{"head": {"vars": ["triples"]}, "results": {"bindings": [{"triples": {"type": "literal", "value": "0"}}]}}'
    )
    with Fake(EMPTY) as server, TestClient(service(server.url, library), raise_server_exceptions=False) as client:
        assert client.get("/docs").status_code == 200
        server.answers = [none]
        response = client.get("/health/ready")
    assert (response.status_code, response.json()["title"]) == (503, "Not ready")
    assert "the dataset has no triple" in response.json()["detail"]


def test_pages_that_are_there_tell_a_fault_in_their_own_dress(library: QueryLibrary) -> None:
    """Where the server goes away later, the page of the fault has the navigation of all pages."""
    with Fake(EMPTY) as server, TestClient(service(server.url, library), raise_server_exceptions=False) as client:
        assert client.get("/docs").status_code == 200
        server.answers = [DOWN]
        response = client.get("/studies", headers={"Accept": "text/html"})
        assert response.status_code == 503
        assert response.headers["retry-after"] == "7"
        assert "Server unavailable" in response.text
        assert 'aria-label="Site"' in response.text


def test_it_is_started_before_the_server_is(library: QueryLibrary) -> None:
    """The service runs where nobody is there yet, tells so, and answers once somebody is."""
    with Fake(DOWN) as server, TestClient(service(server.url, library), raise_server_exceptions=False) as client:
        assert client.get("/").status_code == 503
        assert client.get("/health/ready").status_code == 503
        server.answers = [EMPTY]
        time.sleep(1)
        assert client.get("/docs").status_code == 200


@pytest.fixture
def remote() -> Iterator[Remote]:
    """Return a dataset at a server that nobody runs."""
    with closing((there := connect(f"http://127.0.0.1:{free_port()}/sparql", QUICK)).transport):
        yield there


def asked(remote: Remote, limits: Limits, *queries: str) -> list[Any]:
    """Return what each of some queries has for an answer, or for an error, when all are asked at once."""

    async def ask() -> list[Any]:
        proxy = Proxy(remote, limits)
        try:
            coming = (proxy.answer(query, base="http://127.0.0.1/") for query in queries)
            return await asyncio.gather(*coming, return_exceptions=True)
        finally:
            proxy.close()
            await asyncio.sleep(0)

    return asyncio.run(ask())


LIMITS = Limits(seconds=1, memory=500_000_000, result=1000, workers=1, waiting=1)


def test_more_than_may_wait_are_turned_away() -> None:
    """The limits of the service hold: one is asked, one waits, and a third is turned away at once."""
    with Fake(STALL) as server:
        answers = asked(connect(server.url, QUICK), LIMITS, *["ASK {}"] * 3)
    assert isinstance(answers[0], ServerTimeout)
    # One waits until its own time is over, and perhaps a moment longer than the other.
    assert isinstance(answers[1], ServerTimeout | Overloaded)
    assert isinstance(answers[2], Overloaded)
    assert "waiting" in str(answers[2])


def test_a_large_answer_is_refused() -> None:
    """An answer with more bytes than the limit is none, whichever format it would be written in."""
    long = answer(
        b'{"head": {"vars": ["s"]}, "results": {"bindings": [%s]}}'
        % b",".join([b'{"s": {"type": "literal", "value": "long"}}'] * 90)
    )
    with Fake(EMPTY, EMPTY, long) as server:
        (refused,) = asked(connect(server.url, QUICK), LIMITS, "SELECT ?s { ?s ?p ?o }")
    assert isinstance(refused, QueryRefused)
    assert "1000 bytes" in str(refused)


def test_who_waits_when_it_ends_is_told(remote: Remote) -> None:
    """Whoever waits for an answer when the service ends is told so."""

    async def end() -> BaseException | None:
        proxy = Proxy(connect(url, Settings()), LIMITS)
        job = proxy.submit("ASK {}", "http://127.0.0.1/", "", (), (), None)
        await asyncio.sleep(0.4)
        assert proxy.running == 1
        proxy.close()
        await asyncio.wait((job.answer,))
        with pytest.raises(Overloaded):
            proxy.submit("ASK {}", "http://127.0.0.1/", "", (), (), None)
        return job.answer.exception()

    with Fake(STALL) as server:
        url = server.url
        error = asyncio.run(end())
    assert isinstance(error, Overloaded)
    assert "ending" in str(error)


def test_an_update_never_leaves(remote: Remote) -> None:
    """What is no query is refused before anybody is asked."""
    with Fake(TRUE) as server:
        answers = asked(connect(server.url, QUICK), LIMITS, "DELETE WHERE { ?s ?p ?o }")
        assert server.hits == 0
    assert type(answers[0]).__name__ == "QuerySyntaxError"
