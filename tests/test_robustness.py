"""Tests that nothing a client sends is answered with 500 or ends the service: queries, bytes, headers by hypothesis.

By default each search is short, and the same each time. HYPOTHESIS_EXAMPLES=20000 makes it long and different.
"""

import contextlib
import http.client
import json
import os
import re
import socket
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from running import Server

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "0"))
searched = settings(
    max_examples=EXAMPLES or 250,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TOLD = {200, 204, 304, 307, 308, 400, 403, 404, 405, 406, 413, 414, 415, 431, 503}

MADE_OF = tomllib.loads((Path(__file__).parent / "data" / "robustness.toml").read_text(encoding="utf-8"))

variables = st.sampled_from(["?s", "?p", "?o", "?x", "$y"])
iris = st.sampled_from(
    ["<urn:thing:a>", "<urn:thing:knows>", "<>", "<#x>", "<x y>", "a", "rdf:type", "nope:x", ":", "pswo:Factor"]
)
literals = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["true", '"x"@en', '"1"^^<urn:t>', "'''a\nb'''", '"\\u0000"', '"\\uD800"', '"é𝄞"', "1e999", "UNDEF"]
    ),
    st.text(max_size=8).map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
)
terms = st.one_of(variables, iris, literals)
paths = st.recursive(
    iris,
    lambda path: st.one_of(
        st.tuples(path, st.sampled_from("/|"), path).map("".join),
        st.tuples(st.sampled_from("^!"), path).map("".join),
        st.tuples(path, st.sampled_from("*+?")).map(lambda parts: f"({parts[0]}){parts[1]}"),
    ),
    max_leaves=6,
)
calls = st.sampled_from(MADE_OF["calls"])
expressions = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "=", "<", "&&", "||", "IN", "NOT IN", "^"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(calls, st.lists(inner, max_size=4)).map(lambda call: f"{call[0]}({', '.join(call[1])})"),
        inner.map(lambda part: f"!{part}"),
    ),
    max_leaves=8,
)
triples = st.tuples(terms, st.one_of(paths, variables), terms).map(" ".join)
patterns = st.recursive(
    triples,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(" . ".join),
        inner.map(lambda part: f"{{ {part} }}"),
        inner.map(lambda part: f"OPTIONAL {{ {part} }}"),
        inner.map(lambda part: f"MINUS {{ {part} }}"),
        inner.map(lambda part: f"GRAPH ?g {{ {part} }}"),
        inner.map(lambda part: f"{{ SELECT * {{ {part} }} LIMIT 3 }}"),
        inner.map(lambda part: f"SERVICE SILENT <urn:x> {{ {part} }}"),
        st.tuples(inner, inner).map(lambda parts: f"{{ {parts[0]} }} UNION {{ {parts[1]} }}"),
        st.tuples(inner, expressions).map(lambda parts: f"{parts[0]} FILTER({parts[1]})"),
        st.tuples(inner, expressions).map(lambda parts: f"{parts[0]} BIND({parts[1]} AS ?b)"),
        st.tuples(variables, literals).map(lambda parts: f"VALUES {parts[0]} {{ {parts[1]} }}"),
    ),
    max_leaves=8,
)
queries = st.tuples(
    st.sampled_from(["", "PREFIX pswo: <https://w3id.org/pswonto#> ", "BASE <urn:b> ", "PREFIX : <", "#+ x\n"]),
    st.sampled_from(
        ["SELECT *", "SELECT DISTINCT ?s", "ASK", "CONSTRUCT", "DESCRIBE ?s", "SELECT (COUNT(*) AS ?n)", "INSERT"]
    ),
    st.sampled_from(["", "FROM <urn:graph:one>", "FROM NAMED <urn:graph:two>", "FROM <>"]),
    patterns,
    st.sampled_from(
        ["", "LIMIT 5", "ORDER BY ?s", "GROUP BY ?s", "HAVING (?s > 1)", "OFFSET -1", "VALUES ?s { 1 }", "}"]
    ),
).map(lambda parts: f"{parts[0]}{parts[1]} {parts[2]} {{ {parts[3]} }} {parts[4]}")
soup = st.lists(st.one_of(st.sampled_from(MADE_OF["words"]), st.text(max_size=4)), max_size=40).map(" ".join)
accepts = st.one_of(
    st.sampled_from(
        ["*/*", "text/csv;q=0", "text/*;q=abc", ";;,,;q=", "a/b/c", "application/json;q=1e9", "text/html", ""]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
)
values = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
names = st.sampled_from(MADE_OF["headers"])
raw_requests = st.lists(
    st.one_of(st.sampled_from([piece.encode("latin-1") for piece in MADE_OF["pieces"]]), st.binary(max_size=8)),
    max_size=14,
).map(b"".join)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a running service."""
    with Server(query_seconds=2) as server:
        yield server
        assert server.process.poll() is None


def check(status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
    """The status is one that we tell of, and a fault is a problem, or a page where that was asked for."""
    assert status in TOLD, body
    if headers["content-type"].startswith("text/html"):
        assert b"</html>" in body
    elif status >= 400 and body:
        problem = json.loads(body)
        assert problem["status"] == status
        assert problem["instance"] == f"urn:uuid:{headers['x-request-id']}"


@searched
@given(query=st.one_of(queries, soup, st.text()), way=st.sampled_from(["GET", "POST", "QUERY"]), accept=accepts)
def test_no_query_is_a_fault_of_ours(query: str, way: str, accept: str, server: Server) -> None:
    """Whatever the text of a query: it is answered, or told to be wrong."""
    text = query.encode("utf-8", "surrogatepass")
    if way == "GET":
        check(*server.get(f"/sparql?query={quote(text)}", Accept=accept))
    else:
        check(*server.request(way, "/sparql", text, Content_Type="application/sparql-query", Accept=accept))


@searched
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "QUERY", "OPTIONS", "PUT", "DELETE", "FOO"]),
    path=st.sampled_from(
        ["/sparql", "/sparql?query=ASK%7B%7D", "/", "/.well-known/void", "/api/v1/studies", "/health/ready"]
    ),
    headers=st.lists(st.tuples(names, values), max_size=5),
    body=st.binary(max_size=50),
)
def test_no_header_is_a_fault_of_ours(
    method: str, path: str, headers: list[tuple[str, str]], body: bytes, server: Server
) -> None:
    """Whatever stands in the headers of a request, however often, and whatever its body is."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in headers), "", ""]
    for status in statuses(server.raw("\r\n".join(lines).encode("latin-1") + body, quiet=0.05)):
        assert status in TOLD | {100}


@searched
@given(
    target=st.one_of(
        st.text(), st.binary().map(quote), st.sampled_from(["%", "%zz", "../../etc/passwd", "api/v1/" + "x" * 300])
    )
)
def test_no_path_is_a_fault_of_ours(target: str, server: Server) -> None:
    """Whatever address is asked for."""
    check(*server.get("/" + quote(target.encode("utf-8", "surrogatepass"), safe="/?=&%")))
    check(*server.get("/sparql?" + quote(target.encode("utf-8", "surrogatepass"), safe="/?=&%")))


@searched
@given(sent=raw_requests)
def test_no_bytes_are_a_fault_of_ours(sent: bytes, server: Server) -> None:
    """Whatever bytes come, there is no answer, or one that we tell of, and the next client has its own."""
    assert all(status in TOLD | {100} for status in statuses(server.raw(sent, quiet=0.05)))
    assert server.ask("ASK {}")[0] == 200


def statuses(answer: bytes) -> list[int]:
    """Return the statuses of all responses in what came over a connection."""
    return [int(status) for status in re.findall(rb"(?:^|\r\n|\}|\n)HTTP/1\.1 (\d{3})", answer)]


def test_many_who_connect_and_say_nothing_disturb_nobody(server: Server) -> None:
    """Two hundred connections that stay silent, or stop in the middle, and the next client is answered."""
    with contextlib.ExitStack() as stack:
        for number in range(200):
            silent = stack.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            if number % 2:
                silent.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nASK")
        assert server.ask("ASK {}")[0] == 200
