"""Tests of kept answers, and of what lets a client keep them."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pswonto.web.cache import Cache, Kept, headers, is_current, kept, volatile

MODIFIED = datetime(2026, 11, 23, tzinfo=UTC)
QUERY = "SELECT (1 AS ?x) {}"


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ("SELECT (NOW() AS ?x) {}", True),
        ("SELECT (now() AS ?x) {}", True),
        ("SELECT (RAND() AS ?x) {}", True),
        ("SELECT (UUID() AS ?x) {}", True),
        ("SELECT (STRUUID() AS ?x) {}", True),
        ("SELECT (BNODE() AS ?x) {}", True),
        ("SELECT (N\\u004FW() AS ?x) {}", True),
        (QUERY, False),
        ("SELECT ('NOW()' AS ?now) { ?rand <urn:uuid:x> 'BNODE' } # RAND()", False),
    ],
)
def test_what_changes_each_time_is_not_kept(query: str, changes: bool) -> None:
    """A query with a function whose value is another one each time is known by its words, and not by its texts."""
    assert volatile(query) == changes
    answer = kept(query, "text/csv", b"x")
    assert (answer.etag is None) == changes
    assert headers(answer, MODIFIED)["Cache-Control"].startswith("no-store" if changes else "public")


class Counting:
    """An application that answers with the body it is sent, and counts."""

    def __init__(self, status: int = 200, tag: bool = True) -> None:
        self.answered = 0
        self._start = {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"ETag", b'"x"')] if tag else [],
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
    parts = parts or (b"",)
    messages = [
        {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/sparql",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value) for name, value in given.items()],
    }
    asyncio.run(cache(scope, receive, send))
    return bytes(sent[1]["body"])


def test_the_same_request_is_answered_once() -> None:
    """However its body comes in parts, the application answers it the first time only, with the same bytes."""
    app = Counting()
    cache = Cache(app, 1000, 100)
    assert post(cache, b"abc") == post(cache, b"a", b"bc") == b"abc"
    assert app.answered == 1


def test_another_request_is_another_answer() -> None:
    """Another body, host, type, Accept, or a request from another site is answered anew."""
    app = Counting()
    cache = Cache(app, 1000, 100)
    for given in ({}, {"host": b"a"}, {"accept": b"a"}, {"content_type": b"a"}, {"origin": b"a"}):
        post(cache, b"abc", **given)
    post(cache, b"ab")
    assert app.answered == len(cache) == 6
    post(cache, b"abc", origin=b"b")
    assert app.answered == 6


@pytest.mark.parametrize(
    ("app", "given"),
    [
        (Counting(status=400), {}),
        (Counting(tag=False), {}),
        (Counting(), {"if_none_match": b"x"}),
        (Counting(), {"if_modified_since": b"x"}),
    ],
    ids=["fault", "no tag", "tag asked for", "date asked for"],
)
def test_what_is_not_kept_is_answered_each_time(app: Counting, given: dict[str, bytes]) -> None:
    """A fault, what has no tag, and what depends on what the client has, goes to the application."""
    cache = Cache(app, 1000, 100)
    for _ in range(2):
        assert post(cache, b"abc", **given) == b"abc"
    assert (app.answered, len(cache)) == (2, 0)


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


@pytest.mark.parametrize(
    ("request_", "current"),
    [
        ({}, False),
        ({"if-none-match": '"tag"'}, True),
        ({"if-none-match": 'W/"tag"'}, True),
        ({"if-none-match": '"other", "tag"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"other"'}, False),
        ({"if-modified-since": format_datetime(MODIFIED, usegmt=True)}, True),
        ({"if-modified-since": format_datetime(MODIFIED - timedelta(days=1), usegmt=True)}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-none-match": '"other"', "if-modified-since": format_datetime(MODIFIED, usegmt=True)}, False),
    ],
)
def test_a_client_that_has_the_answer_gets_no_body(request_: dict[str, str], current: bool) -> None:
    """Entity tags are compared first, and a date only where there is no tag."""
    assert is_current(Kept("text/csv", b"x", '"tag"'), MODIFIED, request_) == current


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
