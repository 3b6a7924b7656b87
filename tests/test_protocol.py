"""Tests of what the endpoint owes, request by request, against a running service: the list lies in data/protocol."""

import io
import json
import re
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from running import Server

FOLDER = Path(__file__).parent / "data" / "protocol"
CASES = {
    f"{case['id']} by {via}" if "via" in case else case["id"]: (case, via)
    for path in sorted(FOLDER.glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    for via in case.get("via", ["get"])
}
KNOWN = {
    *("id", "says", "query", "via", "parameters", "fill", "method", "url", "headers", "body", "hex"),
    *("status", "type", "boolean", "rows", "text", "contains", "triples", "header", "detail", "members", "shorter"),
}
Answer = tuple[int, HTTPMessage, bytes]


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[Server]:
    """Yield a running service over two small named graphs."""
    with Server("--data", str(data / "two-graphs.trig"), body_limit=200_000) as server:
        yield server


def test_there_are_cases_and_each_says_what_it_expects() -> None:
    """Each case has members that are looked at, and something beyond the status."""
    assert len({case["id"] for case, _ in CASES.values()}) >= 90
    assert len(CASES) >= 150
    for case, _ in CASES.values():
        assert set(case) <= KNOWN
        assert case["says"].endswith(".")
        assert ("query" in case) != ("url" in case)
        assert case.get("status", 200) >= 400 or KNOWN.intersection(
            {"type", "boolean", "rows", "text", "contains", "triples", "header"}, case
        )


def send(server: Server, case: Mapping[str, Any], via: str, method: str | None = None) -> Answer:
    """Send the request of a case."""
    headers = dict(case.get("headers", {}))
    if "url" in case:
        body = bytes.fromhex(case["hex"]) if "hex" in case else case["body"].encode() if "body" in case else None
        return server.request(method or case.get("method", "GET"), case["url"], body, **headers)
    query = case["query"]
    if "fill" in case:
        place, text, times = case["fill"]
        query = query.replace(place, text * times)
    parameters = urlencode(case.get("parameters", {}), doseq=True)
    if via == "get":
        rest = f"&{parameters}" if parameters else ""
        return server.request(method or "GET", f"/sparql?query={quote(query)}{rest}", None, **headers)
    if via == "form":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = "&".join(part for part in (urlencode({"query": query}), parameters) if part).encode()
        return server.request("POST", "/sparql", body, **headers)
    headers["Content-Type"] = "application/sparql-query"
    path = "/sparql?" + parameters if parameters else "/sparql"
    return server.request("QUERY" if via == "QUERY" else "POST", path, query.encode(), **headers)


@pytest.mark.parametrize("name", CASES)
def test_a_request_has_the_answer_that_we_owe(name: str, server: Server) -> None:
    """Status, headers and body are those of the list."""
    case, via = CASES[name]
    status, headers, body = send(server, case, via)
    assert status == case.get("status", 200)
    check_always(status, headers, body)
    if status == 200:
        check_answer(case, headers, body)
    if status >= 400:
        check_problem(case, status, headers, body)
    for header, pattern in case.get("header", {}).items():
        assert re.search(pattern, headers[header]), headers[header]


@pytest.mark.parametrize(
    "name", [name for name, (case, via) in CASES.items() if via == "get" and case.get("method", "GET") == "GET"]
)
def test_head_has_the_headers_of_get(name: str, server: Server) -> None:
    """HEAD has status and headers of GET and no body, whether there is an answer or a fault."""
    case, via = CASES[name]
    got, head = send(server, case, via, "GET"), send(server, case, via, "HEAD")
    assert (head[0], head[2]) == (got[0], b"")
    passing = {"date", "x-request-id", "content-length"} if got[0] >= 400 else {"date", "x-request-id"}
    assert without(head[1], passing) == without(got[1], passing)


def without(headers: HTTPMessage, names: set[str]) -> list[tuple[str, str]]:
    """Return headers in the order of their names, without some."""
    return sorted((name.lower(), value) for name, value in headers.items() if name.lower() not in names)


def check_always(status: int, headers: HTTPMessage, body: bytes) -> None:
    """Whatever the answer: it has an id, any site may read it, and its length is told."""
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["x-request-id"])
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-credentials"] is None
    assert status == 204 or int(headers["content-length"]) == len(body)


def check_answer(case: Mapping[str, Any], headers: HTTPMessage, body: bytes) -> None:
    """An answer has the media type, and the content, that the case tells, and depends on Accept."""
    assert "Accept" in headers["vary"].split(", ")
    assert headers["etag"].startswith('"')
    media_type = headers["content-type"].split(";")[0]
    if "type" in case:
        assert media_type == case["type"]
    if "boolean" in case:
        assert json.loads(body)["boolean"] is case["boolean"]
    if "rows" in case:
        bindings = json.loads(body)["results"]["bindings"]
        assert [{name: term["value"] for name, term in row.items()} for row in bindings] == case["rows"]
    if "text" in case:
        assert body.decode() == case["text"]
    if "contains" in case:
        assert case["contains"] in body.decode()
    if "triples" in case:
        format_ = ox.RdfFormat.from_media_type(media_type)
        assert format_ is not None
        assert len(list(ox.parse(io.BytesIO(body), format=format_))) == case["triples"]


def check_problem(case: Mapping[str, Any], status: int, headers: HTTPMessage, body: bytes) -> None:
    """A fault is a problem (RFC 9457) that is not kept, and that tells nothing of the service's insides."""
    problem = json.loads(body)
    assert headers["content-type"] == "application/problem+json"
    assert headers["cache-control"] == "no-store"
    assert headers["etag"] is None
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == status
    assert problem["instance"] == f"urn:uuid:{headers['x-request-id']}"
    assert not re.search(r"Traceback|\.py\b|/src/|/site-packages/|0x[0-9a-f]{6}", body.decode())
    assert re.search(case.get("detail", ""), problem["detail"]), problem["detail"]
    for member, value in case.get("members", {}).items():
        assert problem[member] == value
    assert len(body) < case.get("shorter", 2000)


def test_after_all_that_the_service_holds_what_it_held(server: Server) -> None:
    """No request changed the data."""
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), 'urn:')) }"
    assert server.ask(count)[2]["results"]["bindings"][0]["n"]["value"] == "2"


def asked(server: Server, query: str, **headers: str) -> Answer:
    """Ask a query by GET."""
    return server.get(f"/sparql?query={quote(query)}", **headers)


def test_i1_an_answer_can_be_kept(server: Server) -> None:
    """It has a strong entity tag, a date, and a time for which it is fresh (RFC 9111)."""
    _, headers, _ = asked(server, "SELECT * { ?s ?p ?o }")
    assert re.fullmatch(r'"[\w-]+"', headers["etag"])
    assert parsedate_to_datetime(headers["last-modified"]) < datetime.now(UTC)
    assert re.fullmatch(r"public, max-age=\d+", headers["cache-control"])


def test_i2_what_a_client_has_is_not_sent_again(server: Server) -> None:
    """With its tag, also among others or as a weak one, the answer is 304 without a body, with what it depends on."""
    _, first, _ = asked(server, "SELECT * { ?s ?p ?o }")
    for tag in (first["etag"], f'"other", {first["etag"]}', "W/" + first["etag"], "*"):
        status, headers, body = asked(server, "SELECT * { ?s ?p ?o }", If_None_Match=tag)
        assert (status, body) == (304, b"")
        assert (headers["etag"], headers["vary"]) == (first["etag"], first["vary"])
    assert asked(server, "SELECT * { ?s ?p ?o }", If_None_Match='"other"')[0] == 200


def test_i3_each_format_has_a_tag_of_its_own(server: Server) -> None:
    """The tag of an answer in one format is none for another."""
    types = (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    )
    tags = {asked(server, "SELECT * { ?s ?p ?o }", Accept=media_type)[1]["etag"] for media_type in types}
    assert len(tags) == len(types)


def test_i4_a_date_is_looked_at_where_there_is_no_tag(server: Server) -> None:
    """If-Modified-Since gives 304, and nothing where a tag is sent that does not fit (RFC 9110, section 13.1.3)."""
    _, first, _ = asked(server, "ASK {}")
    since = first["last-modified"]
    assert asked(server, "ASK {}", If_Modified_Since=since)[0] == 304
    assert asked(server, "ASK {}", If_Modified_Since="Sat, 01 Jan 2000 00:00:00 GMT")[0] == 200
    assert asked(server, "ASK {}", If_Modified_Since="yesterday")[0] == 200
    assert asked(server, "ASK {}", If_Modified_Since=since, If_None_Match='"other"')[0] == 200


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()"])
def test_i5_what_changes_each_time_is_answered_anew(call: str, server: Server) -> None:
    """Such an answer says that it must not be kept, has no tag, and is not kept by the service either."""
    query = f"SELECT ({call} AS ?x) {{}}"
    (status, headers, one), (_, _, two) = asked(server, query), asked(server, query)
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert headers["etag"] is None
    assert call == "BNODE()" or one != two


def test_i6_the_second_answer_does_not_touch_the_engine(server: Server) -> None:
    """A query that was answered is answered again from what is kept, also to a client that has none, and by HEAD."""

    def kept() -> int:
        text = server.get("/metrics")[2].decode()
        return sum(
            int(float(line.rsplit(" ", 1)[1]))
            for line in text.splitlines()
            if line.startswith("pswonto_requests_total") and 'kept="true"' in line
        )

    query = f"SELECT ('{uuid.uuid4()}' AS ?x) {{}}"
    before = kept()
    first = asked(server, query)
    assert kept() == before
    assert asked(server, query)[2] == first[2]
    assert server.request("HEAD", f"/sparql?query={quote(query)}")[1]["etag"] == first[1]["etag"]
    assert kept() == before + 2
