"""Tests of the SPARQL protocol, over HTTP and on the real data."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
import rdflib.compare
from fastapi.testclient import TestClient
from httpx2 import Response

from pswonto import dataset
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS
from pswonto.web import create_app
from pswonto.web.sparql import volatile

SUPPORTS = """PREFIX pswo: <https://w3id.org/pswonto#> PREFIX factor: <https://w3id.org/pswonto/factor/>
SELECT ?s { ?s pswo:supports factor:regulatory-and-political-factors }"""
RDFLIB_FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}


@pytest.fixture(scope="module")
def toy(library: QueryLibrary, data: Path) -> Iterator[TestClient]:
    """Return a client of a service over two small named graphs."""
    store = dataset.open_dataset([data / "two-graphs.trig"])
    with TestClient(create_app(store, library, Settings(body_limit=200_000))) as client:
        yield client


def get(client: TestClient, query: str, accept: str | None = None, **parameters: str | list[str]) -> Response:
    """Ask by GET."""
    headers = {} if accept is None else {"Accept": accept}
    return client.get("/sparql", params={"query": query, **parameters}, headers=headers)


def rows(response: Response) -> list[dict[str, str]]:
    """Return the solutions of an answer in JSON, each as text by variable."""
    bindings = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in binding.items()} for binding in bindings]


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("SELECT * { ?s ?p ?o }", None, "application/sparql-results+json"),
        *(("SELECT * { ?s ?p ?o }", media_type, media_type) for media_type in RESULT_FORMATS),
        ("ASK {}", None, "application/sparql-results+json"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("CONSTRUCT { <urn:s> <urn:p> 1 } WHERE {}", None, "text/turtle"),
        *(("DESCRIBE <urn:thing:a>", media_type, media_type) for media_type in GRAPH_FORMATS),
        ("DESCRIBE <http://example.org/>", None, "text/turtle"),
    ],
)
def test_an_answer_has_the_format_asked_for(query: str, accept: str | None, media_type: str, toy: TestClient) -> None:
    """Each form of query is answered in each of its formats, and says that it depends on Accept."""
    response = get(toy, query, accept)
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == media_type
    assert "Accept" in response.headers["vary"]


@pytest.mark.parametrize("media_type", RDFLIB_FORMATS)
def test_graphs_are_the_same_in_every_format(media_type: str, client: TestClient) -> None:
    """A factor described in each RDF format is one and the same graph."""
    query = "DESCRIBE <https://w3id.org/pswonto/factor/psw-wellbeing>"
    graph = rdflib.Graph().parse(data=get(client, query, media_type).text, format=RDFLIB_FORMATS[media_type])
    turtle = rdflib.Graph().parse(data=get(client, query).text, format="turtle")
    assert len(graph) > 10
    assert rdflib.compare.isomorphic(graph, turtle)


def test_json_results_keep_types_and_languages(toy: TestClient) -> None:
    """Datatype, language, order of variables and what is not bound stand in the JSON as the W3C has it."""
    query = 'SELECT ?b ?a ?c ?d { VALUES (?a ?b ?c) { (1 "x"@en UNDEF) } BIND(BNODE() AS ?d) }'
    body = get(toy, query).json()
    assert body["head"]["vars"] == ["b", "a", "c", "d"]
    (binding,) = body["results"]["bindings"]
    assert binding["a"]["datatype"] == "http://www.w3.org/2001/XMLSchema#integer"
    assert binding["b"]["xml:lang"] == "en"
    assert "c" not in binding
    assert binding["d"]["type"] == "bnode"


def test_the_four_formats_hold_the_same_rows(client: TestClient) -> None:
    """JSON, XML, CSV and TSV of one query have the same values."""
    namespace = "{http://www.w3.org/2005/sparql-results#}"
    answers = {media_type: get(client, SUPPORTS, media_type) for media_type in RESULT_FORMATS}
    by_json = sorted(row["s"] for row in rows(answers["application/sparql-results+json"]))
    document = ElementTree.fromstring(answers["application/sparql-results+xml"].text)
    assert sorted(element.text or "" for element in document.iter(f"{namespace}uri")) == by_json
    assert sorted(row["s"] for row in csv.DictReader(io.StringIO(answers["text/csv"].text))) == by_json
    header, *lines = answers["text/tab-separated-values"].text.splitlines()
    assert header == "?s"
    assert sorted(line.strip("<>") for line in lines) == by_json
    assert len(by_json) == 15


def test_the_query_in_a_link_is_the_query_that_was_asked(client: TestClient) -> None:
    """A query with every sort of character survives its way through a URL."""
    text = 'SELECT ("a+b & c%20=é#" AS ?x) {}'
    assert rows(client.get(f"/sparql?query={quote(text)}")) == [{"x": "a+b & c%20=é#"}]
    assert json.loads(client.get(f"/sparql?query={quote(text)}").text)


def test_two_lines_of_accept_are_one_list(toy: TestClient) -> None:
    """What a client accepts may stand in several header lines."""
    headers = [("Accept", "image/png"), ("Accept", "text/csv")]
    response = toy.get("/sparql", params={"query": "SELECT * {}"}, headers=headers)
    assert response.headers["content-type"].split(";")[0] == "text/csv"


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
        ("SELECT (1 AS ?x) {}", False),
        ("SELECT ('NOW()' AS ?now) { ?rand <urn:uuid:x> 'BNODE' } # RAND()", False),
    ],
)
def test_what_changes_each_time_is_not_kept(query: str, changes: bool) -> None:
    """A query with a function whose value is another one each time is known by its words, and not by its texts."""
    assert volatile(query) == changes
