"""Tests of kept answers, and of what lets a client keep them."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fastapi.testclient import TestClient

from pswonto.web.cache import Cache, Kept, headers, is_current, volatile

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
    cache = Cache(1000)
    kept = cache.put(("key",), query, "text/csv", b"x")
    assert (kept.etag is None) == changes
    assert (cache.get(("key",)) is None) == changes
    assert headers(kept, MODIFIED)["Cache-Control"].startswith("no-store" if changes else "public")


def test_what_was_asked_for_least_recently_goes_first() -> None:
    """The bytes that are kept are bounded, and a large answer does not drive out all the others."""
    cache = Cache(80)
    for name in "abcdefgh":
        cache.put((name,), QUERY, "text/csv", b"0123456789")
    assert len(cache) == 8
    assert cache.get(("a",)) is not None
    cache.put(("i",), QUERY, "text/csv", b"0123456789")
    assert (cache.get(("a",)) is None, cache.get(("b",)) is None) == (False, True)
    cache.put(("large",), QUERY, "text/csv", b"01234567890")
    assert cache.get(("large",)) is None
    assert len(cache) == 8


def test_a_cache_of_no_bytes_keeps_nothing() -> None:
    """With a limit of 0 every query is evaluated, and its answer has an entity tag all the same."""
    cache = Cache(0)
    assert cache.put(("a",), QUERY, "text/csv", b"x").etag
    assert len(cache) == 0


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
