"""Tests of the SPARQL protocol, over HTTP and on the real data."""

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

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

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ONE, TWO = "urn:graph:one", "urn:graph:two"
BOTH = "ASK { ?a <urn:thing:knows> <urn:thing:b> . <urn:thing:b> <urn:thing:knows> ?c }"
EACH = "ASK { GRAPH ?g { ?a <urn:thing:knows> <urn:thing:b> } GRAPH ?h { <urn:thing:b> <urn:thing:knows> ?c } }"
MIXED = "ASK { ?a <urn:thing:knows> <urn:thing:b> GRAPH ?h { <urn:thing:b> <urn:thing:knows> ?c } }"
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


def post(client: TestClient, body: str | bytes, content_type: str | None, url: str = "/sparql") -> Response:
    """Ask by POST, with a body as it is."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return client.post(url, content=body, headers=headers)


def rows(response: Response) -> list[dict[str, str]]:
    """Return the solutions of an answer in JSON, each as text by variable."""
    bindings = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in binding.items()} for binding in bindings]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("query=ASK%20%7B%7D", FORM),
        ("ASK {}", DIRECT),
        ("ASK {}", f"{DIRECT}; charset=utf-8"),
        ("ASK {}", "Application/SPARQL-Query"),
        ('ASK { FILTER("é" = "\\u00E9") }', DIRECT),
        ("ASK { FILTER(isIRI(<x>)) }", DIRECT),
        ("query=ASK%20%7B%7D&unknown=1", FORM),
    ],
)
def test_both_kinds_of_post_answer(body: str, content_type: str, toy: TestClient) -> None:
    """A query in a form or by itself is answered, in any spelling of its media type."""
    response = post(toy, body.encode(), content_type)
    assert response.status_code == 200
    assert response.json()["boolean"] is True


def test_get_answers(toy: TestClient) -> None:
    """A query in the URL is answered, with parameters in any order and of any other name."""
    assert toy.get("/sparql?foo=1&query=ASK%20%7B%7D&version=1.2").json()["boolean"] is True


def test_a_form_may_name_its_graphs_in_the_url(toy: TestClient) -> None:
    """Dataset parameters in the URL of a form POST count, as a W3C test has it."""
    assert post(toy, "query=ASK%20%7B%7D", FORM, "/sparql?default-graph-uri=urn:none").json()["boolean"] is True


def test_form_values_are_decoded_once(toy: TestClient) -> None:
    """A plus is a blank, and what is written percent-encoded twice keeps one encoding."""
    assert rows(post(toy, "query=SELECT+(1+AS+%3Fx)+%7B%7D", FORM)) == [{"x": "1"}]
    assert rows(post(toy, "query=SELECT%20(%22a%2520b%22%20AS%20%3Fx)%20%7B%7D", FORM)) == [{"x": "a%20b"}]


def test_a_long_query_is_answered(toy: TestClient) -> None:
    """A query of 100 kB is no trouble by POST."""
    values = " ".join(f"<urn:value:{number}>" for number in range(6000))
    assert rows(post(toy, f"SELECT (COUNT(?v) AS ?n) {{ VALUES ?v {{ {values} }} }}", DIRECT)) == [{"n": "6000"}]


@pytest.mark.parametrize("kind", ["GET", "form", "direct"])
@pytest.mark.parametrize(
    ("query", "parameters", "expected"),
    [
        (BOTH, {"default-graph-uri": [ONE, TWO]}, True),
        (BOTH, {"default-graph-uri": [ONE]}, False),
        (EACH, {"named-graph-uri": [ONE, TWO]}, True),
        (MIXED, {"default-graph-uri": [ONE], "named-graph-uri": [TWO]}, True),
        (f"ASK FROM <{TWO}> {{ ?s ?p ?o }}", {"named-graph-uri": [ONE]}, False),
        (f"ASK {{ GRAPH <{TWO}> {{ ?s ?p ?o }} }}", {"named-graph-uri": [ONE]}, False),
        (f"ASK FROM <{ONE}> {{ <urn:thing:a> ?p ?o }}", {}, True),
        (f"ASK FROM <{ONE}> {{ ?s ?p <urn:thing:c> }}", {}, False),
        ("ASK { ?s ?p ?o }", {"default-graph-uri": ["http://unknown.invalid/g"]}, False),
        (BOTH, {}, True),
    ],
)
def test_the_dataset_is_the_one_asked_for(
    kind: str, query: str, parameters: dict[str, list[str]], expected: bool, toy: TestClient
) -> None:
    """Dataset parameters, by each way to ask, make up the dataset and win over FROM; without any it is the union."""
    if kind == "GET":
        response = toy.get("/sparql", params={"query": query, **parameters})
    elif kind == "form":
        response = post(toy, urlencode({"query": query, **parameters}, doseq=True), FORM)
    else:
        response = post(toy, query, DIRECT, "/sparql?" + urlencode(parameters, doseq=True))
    assert response.json()["boolean"] is expected


@pytest.mark.parametrize(
    ("url", "body", "content_type", "status"),
    [
        ("/sparql?query=ASK%20%7B%7D&query=SELECT%20*%20%7B%7D", None, None, 400),
        ("/sparql", "query=ASK%20%7B%7D&query=ASK%20%7B%7D", FORM, 400),
        ("/sparql", "ASK {}", "text/plain", 415),
        ("/sparql", "query=ASK%20%7B%7D", None, 415),
        ("/sparql", "ASK {}", None, 415),
        ("/sparql", "ASK {}".encode("utf-16"), f"{DIRECT}; charset=UTF-16", 415),
        ("/sparql", b"\xff\xfeA", DIRECT, 400),
        ("/sparql", b"query=%FF%FE", FORM, 400),
        ("/sparql?query=ASK%20%7B", None, None, 400),
        ("/sparql?query=", None, None, 400),
        ("/sparql?foo=bar", None, None, 400),
        ("/sparql", "", FORM, 400),
        ("/sparql", "foo=bar", FORM, 400),
        ("/sparql", "", DIRECT, 400),
        ("/sparql", " \n", DIRECT, 400),
        ("/sparql?query=ASK%20%7B%7D", "ASK {}", DIRECT, 400),
        ("/sparql?query=ASK%20%7B%7D", "query=ASK%20%7B%7D", FORM, 400),
        ("/sparql", "query", "multipart/form-data; boundary=x", 415),
        ("/sparql", '{"query": "ASK {}"}', "application/json", 415),
        ("/sparql?query=ASK%20%7B%3Fs%20foo%3Abar%20%3Fo%7D", None, None, 400),
        ("/sparql", "ASK {} #" + "x" * 200_000, DIRECT, 413),
        ("/sparql?query=ASK%20%7B%7D&default-graph-uri=not%20an%20iri", None, None, 400),
        ("/sparql?query=ASK%20%7B%7D&format=docx", None, None, 400),
        ("/sparql?update=CLEAR%20ALL", None, None, 400),
        ("/sparql", "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, 400),
        ("/sparql", "update=CLEAR%20ALL", FORM, 400),
        ("/sparql", "CLEAR ALL", "application/sparql-update", 415),
        ("/sparql?query=INSERT%20DATA%20%7B%3Curn%3Aa%3E%20%3Curn%3Ab%3E%201%7D", None, None, 400),
        ("/sparql", "query=ASK%20%7B%7D&update=CLEAR%20ALL", FORM, 400),
    ],
)
def test_a_wrong_request_is_refused(
    url: str, body: str | bytes | None, content_type: str | None, status: int, toy: TestClient
) -> None:
    """What the protocol forbids gets the status that fits and a problem, and changes nothing."""
    before = rows(get(toy, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
    response = toy.get(url) if body is None else post(toy, body, content_type, url)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert rows(get(toy, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")) == before


def test_a_coded_body_is_refused(toy: TestClient) -> None:
    """A compressed body is not read, and the answer says so."""
    response = toy.post("/sparql", content=b"x", headers={"Content-Type": DIRECT, "Content-Encoding": "gzip"})
    assert response.status_code == 415
    assert DIRECT in response.headers["accept-post"]


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


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT * {}", "image/png"),
        ("SELECT * {}", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/sparql-results+json"),
        ("ASK {}", "text/csv"),
    ],
)
def test_a_format_that_does_not_fit_is_406(query: str, accept: str, toy: TestClient) -> None:
    """Where nothing fits, the answer is a problem that lists what there is."""
    response = get(toy, query, accept)
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["offered"]


def test_format_in_the_url_wins(toy: TestClient) -> None:
    """A link can ask for a format without headers."""
    assert get(toy, "SELECT * {}", "*/*", format="csv").headers["content-type"] == "text/csv; charset=utf-8"


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


def test_csv_and_tsv_are_written_as_the_w3c_has_it(toy: TestClient) -> None:
    """CSV quotes and ends lines with CRLF; TSV writes terms as Turtle does."""
    query = 'SELECT ?a ?b { VALUES (?a ?b) { ("x,\\"y\\"" UNDEF) ("t\\tn\\n" 1) } }'
    assert get(toy, query, "text/csv").text == 'a,b\r\n"x,""y""",\r\n"t\tn\n",1\r\n'
    assert get(toy, query, "text/tab-separated-values").text == '?a\t?b\n"x,\\"y\\""\t\n"t\\tn\\n"\t1\n'


def test_one_solution_without_variables_is_an_answer(toy: TestClient) -> None:
    """`SELECT * {}` has one empty solution."""
    assert get(toy, "SELECT * {}").json()["results"]["bindings"] == [{}]


def test_the_service_describes_itself(toy: TestClient) -> None:
    """Asked nothing, the endpoint tells its address, its formats and its graphs, each of which has triples."""
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    graph = rdflib.Graph().parse(data=toy.get("/sparql").text, format="turtle")
    service = graph.value(predicate=rdflib.RDF.type, object=sd.Service)
    assert str(graph.value(service, sd.endpoint)) == "http://testserver/sparql"
    assert len(set(graph.objects(service, sd.resultFormat))) == len(RESULT_FORMATS) + len(GRAPH_FORMATS)
    names = {str(name) for name in graph.objects(predicate=sd.name)}
    assert {ONE, TWO} <= names
    for name in names:
        assert get(toy, f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}").json()["boolean"] is True


@pytest.mark.parametrize("media_type", RDFLIB_FORMATS)
def test_the_description_is_negotiated(media_type: str, toy: TestClient) -> None:
    """The description comes in each RDF format, and in no other."""
    response = toy.get("/sparql", headers={"Accept": media_type})
    assert response.headers["content-type"].split(";")[0] == media_type
    assert len(rdflib.Graph().parse(data=response.text, format=RDFLIB_FORMATS[media_type])) > 10
    assert toy.get("/sparql", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("url", ["/sparql?query=ASK%20%7B%7D", "/sparql", "/sparql?query=ASK%20%7B"])
def test_head_is_get_without_body(url: str, toy: TestClient) -> None:
    """HEAD has the status and the headers of GET, and no body."""
    got, head = toy.get(url), toy.head(url)
    assert head.status_code == got.status_code
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""


def test_options_names_what_there_is(toy: TestClient) -> None:
    """OPTIONS without an origin tells the methods and the media types of a body."""
    response = toy.options("/sparql")
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST, QUERY"
    assert response.headers["accept-post"] == f"{DIRECT}, {FORM}"


def test_a_browser_of_another_origin_may_ask(toy: TestClient) -> None:
    """Preflight, answer and error carry CORS headers without credentials."""
    origin = {"Origin": "https://example.org"}
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    asked = toy.options("/sparql", headers=origin | preflight)
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "content-type" in asked.headers["access-control-allow-headers"].lower()
    assert asked.headers["access-control-max-age"]
    for query in ("ASK {}", "ASK {"):
        response = toy.get("/sparql", params={"query": query}, headers=origin)
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        exposed = response.headers["access-control-expose-headers"]
        assert {"ETag", "Link", "Location", "Retry-After"} <= set(exposed.split(", "))


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


def test_the_query_method_is_answered(client: TestClient) -> None:
    """QUERY takes a query in its body, as POST does, and OPTIONS says so (RFC 10008)."""
    headers = {"Content-Type": "application/sparql-query"}
    answer = client.request("QUERY", "/sparql", content="ASK {}", headers=headers)
    assert answer.json()["boolean"] is True
    options = client.options("/sparql").headers
    assert "QUERY" in options["allow"]
    assert options["accept-query"] == "application/sparql-query"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_slash_too_many_leads_to_the_endpoint(method: str, client: TestClient) -> None:
    """The redirect keeps the method and the query string."""
    answer = client.request(method, "/sparql/?query=ASK%20%7B%7D", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/sparql?query=ASK%20%7B%7D")


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
