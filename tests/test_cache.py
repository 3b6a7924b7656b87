"""Tests of kept answers, and of what lets a client keep them."""

import asyncio
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pswonto.web.cache import Cache
from pswonto.web.exchange import Asked

QUERY = "SELECT (1 AS ?x) {}"


class Counting:
    """An application that answers with the body it is sent, and counts."""

    def __init__(self, status: int = 200, tag: bool = True) -> None:
        self.answered = 0
        self._start = {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"ETag", b'"x"'), (b"Last-Modified", b"Mon, 23 Nov 2026 00:00:00 GMT")] if tag else [],
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer with the body."""
        self.answered += 1
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message["more_body"]:
                break
        await send(self._start)
        await send({"type": "http.response.body", "body": body})


def post(cache: Cache, *parts: bytes, **given: bytes) -> bytes:
    """Send a request whose body comes in parts, and return the body of the answer."""
    return sent(cache, "POST", *parts, **given)[1]


def sent(cache: Cache, method: str, *parts: bytes, **given: bytes) -> tuple[int, bytes]:
    """Send a request whose body comes in parts, and return status and body of the answer."""
    parts = parts or (b"",)
    messages = [
        {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ]
    answer: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        answer.append(message)

    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": "/sparql",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value) for name, value in given.items()],
    }
    asyncio.run(cache(scope, receive, send))
    return answer[0]["status"], bytes(answer[1]["body"])


def test_the_same_request_is_answered_once() -> None:
    """However its body comes in parts, the application answers it the first time only, with the same bytes."""
    app = Counting()
    cache = Cache(app, 1000, 100)
    assert post(cache, b"abc") == post(cache, b"a", b"bc") == b"abc"
    assert app.answered == 1


def test_another_request_is_another_answer() -> None:
    """Another body, host, type, Accept or method is answered anew, and a page of another site is not another client."""
    app = Counting()
    cache = Cache(app, 1000, 100)
    for given in ({}, {"host": b"a"}, {"accept": b"a"}, {"content_type": b"a"}, {"content_encoding": b"a"}):
        post(cache, b"abc", **given)
    post(cache, b"ab")
    sent(cache, "QUERY", b"abc")
    assert app.answered == len(cache) == 7
    post(cache, b"abc", origin=b"b", user_agent=b"b")
    assert app.answered == 7


@pytest.mark.parametrize(
    "app",
    [
        Counting(status=400),
        Counting(tag=False),
    ],
    ids=["fault", "no tag"],
)
def test_what_is_not_kept_is_answered_each_time(app: Counting) -> None:
    """A fault, and what has no tag, goes to the application."""
    cache = Cache(app, 1000, 100)
    for _ in range(2):
        assert post(cache, b"abc") == b"abc"
    assert (app.answered, len(cache)) == (2, 0)


def test_a_client_that_has_what_is_kept_is_told_so_at_once() -> None:
    """With the tag or the date of what is kept, it is answered 304; HEAD has no body; neither asks the application."""
    app = Counting()
    cache = Cache(app, 1000, 100)
    assert sent(cache, "GET") == (200, b"")
    assert sent(cache, "GET", if_none_match=b'"x"') == (304, b"")
    assert sent(cache, "GET", if_modified_since=b"Tue, 24 Nov 2026 00:00:00 GMT") == (304, b"")
    assert sent(cache, "GET", if_none_match=b'"y"') == (200, b"")
    assert sent(cache, "HEAD") == (200, b"")
    assert app.answered == 1


def test_the_bytes_of_a_request_find_its_answer() -> None:
    """What is taken down for a request leads to what is kept, until that is dropped; few are taken down for each."""
    cache = Cache(Counting(), 1000, 100)
    key = cache.key(Asked("GET", "http", "/sparql", b"", {}, b""))
    cache.remember("bytes", key)
    assert cache.repeated("bytes") is None
    sent(cache, "GET")
    for number in range(10):
        cache.remember(number, key)
    found = [number for number in range(10) if cache.repeated(number)]
    assert found == [6, 7, 8, 9]


def test_a_body_above_the_limit_reaches_the_application_whole() -> None:
    """What is too large to look at is passed on as it comes, nothing of it lost."""
    app = Counting()
    assert post(Cache(app, 1000, 3), b"ab", b"cd", b"ef") == b"abcdef"


def test_what_was_asked_for_least_recently_goes_first() -> None:
    """The bytes that are kept are bounded, and a large answer does not drive out all the others."""
    app = Counting()
    cache = Cache(app, 80, 100)
    for letter in b"abcdefgh":
        post(cache, bytes([letter]) * 10)
    assert (len(cache), app.answered) == (8, 8)
    post(cache, b"a" * 10)
    post(cache, b"i" * 10)
    assert (len(cache), app.answered) == (8, 9)
    post(cache, b"a" * 10)
    assert app.answered == 9
    post(cache, b"b" * 10)
    assert app.answered == 10
    post(cache, b"l" * 11)
    assert (len(cache), app.answered) == (8, 11)


def test_a_cache_of_no_bytes_keeps_nothing() -> None:
    """With a limit of 0 each request is answered by the application."""
    app = Counting()
    cache = Cache(app, 0, 100)
    post(cache, b"a")
    post(cache, b"a")
    assert (len(cache), app.answered) == (0, 2)


def test_the_endpoint_answers_304(client: TestClient) -> None:
    """The same query asked for again with its tag has no body, the same tag, and Vary."""
    first = client.get("/sparql", params={"query": QUERY})
    assert first.headers["last-modified"] == "Mon, 23 Nov 2026 00:00:00 GMT"
    tag = first.headers["etag"]
    again = client.get("/sparql", params={"query": QUERY}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["vary"] == first.headers["vary"]
    assert "Accept" in first.headers["vary"]
    csv = client.get("/sparql", params={"query": QUERY}, headers={"Accept": "text/csv"})
    assert csv.headers["etag"] != tag


def test_the_service_description_answers_304(client: TestClient) -> None:
    """The description of the service can be kept as an answer can."""
    tag = client.get("/sparql").headers["etag"]
    assert client.get("/sparql", headers={"If-None-Match": tag}).status_code == 304


def test_what_may_not_be_kept_says_so(client: TestClient) -> None:
    """An answer that changes each time, and a fault, have no tag and are not stored."""
    for query in ("SELECT (RAND() AS ?x) {}", "SELECT"):
        answer = client.get("/sparql", params={"query": query})
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


def test_other_graphs_are_another_answer(client: TestClient) -> None:
    """A kept answer is given for the same dataset parameters only."""
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    graph = "https://w3id.org/pswonto/core"
    answers = {
        client.get("/sparql", params={"query": query, **parameters}).text
        for parameters in ({}, {"default-graph-uri": graph}, {"named-graph-uri": graph})
        for _ in range(2)
    }
    assert len(answers) == 3
