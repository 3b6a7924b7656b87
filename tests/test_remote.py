"""Tests of a dataset behind a SPARQL server: real Virtuoso and Oxigraph give the answers that the store here gives."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from rdflib import Graph
from rdflib.compare import isomorphic

from elsewhere import TRUE, Fake, Running, answer, oxigraph, virtuoso
from pswonto import dataset, gates, resources
from pswonto.dataset import Dataset
from pswonto.errors import DataError, QueryRefused, ServerFault
from pswonto.explorer import Explorer
from pswonto.models import QueryParameter
from pswonto.queries import QueryLibrary
from pswonto.questions import COLLECTIONS
from pswonto.remote import Remote, connect
from pswonto.settings import Settings
from pswonto.store import Answer, Store
from pswonto.web import create_app
from pswonto.web.rest import BASE_PATH, NEIGHBOURS
from running import PAGES

# A machine that is busy with other things must not make a difference.
SETTINGS = Settings(query_seconds=60)
SERVERS: dict[str, Callable[[Path, Path], AbstractContextManager[Running]]] = {
    "virtuoso": virtuoso,
    "oxigraph": oxigraph,
}
# A value for each filter that may be any text or number.
VALUES = {
    "q": "stigma",
    "design": "survey",
    "addressee": "managers",
    "resolution": "certain",
    "query": "studies",
    "fewer": "3",
    "longest": "3",
    "yearFrom": "2010",
    "yearTo": "2016",
}
WITH_DEFAULTS = ("rows", "columns", "unit")


@pytest.fixture(scope="module")
def quads(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of all that is served, as `pswonto build` writes it."""
    file = tmp_path_factory.mktemp("quads") / "pswonto-all.nq"
    ox.serialize(iter(store.engine), str(file), format=ox.RdfFormat.N_QUADS)
    return file


@pytest.fixture(scope="module", params=SERVERS)
def url(request: pytest.FixtureRequest, quads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that holds it."""
    with SERVERS[request.param](quads, tmp_path_factory.mktemp(request.param)) as running:
        yield running.url


@pytest.fixture(scope="module")
def remote(url: str) -> Iterator[Remote]:
    """Return the dataset there."""
    dataset_there = connect(url, SETTINGS)
    with closing(dataset_there.transport):
        yield dataset_there


@pytest.fixture(scope="module")
def there(url: str, library: QueryLibrary) -> Iterator[TestClient]:
    """Return a client of the service over that server."""
    with TestClient(create_app(connect(url, SETTINGS), library, SETTINGS), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def here(store: Store, library: QueryLibrary) -> Iterator[TestClient]:
    """Return a client of the service over the same dataset in this process."""
    with TestClient(create_app(store, library, SETTINGS), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def asked(explorer: Explorer) -> list[str]:
    """Return the path of every operation of REST: lists with each filter, things, neighbours, matrices, and so on.

    Numbers for filters are asked for with whole lists, where every kind of them is; a table has none.
    """
    paths = []
    for question in COLLECTIONS:
        paths.append(f"/{question.name}")
        first = explorer.ask(question, {})[0]
        paths.append(f"/{question.name}/{first.slug}")
        for parameter in explorer.parameters(explorer.query(question.name)):
            paths.append(f"/{question.name}.csv?{urlencode({parameter.name: value_of(parameter)})}")
        for order in question.orders:
            paths.append(f"/{question.name}.csv?sort=-{order}&limit=5")
    for neighbours in NEIGHBOURS:
        slug = explorer.ask(neighbours.owner, {})[1].slug
        paths.append(f"/{neighbours.owner.name}/{slug}/{neighbours.of.name}.csv")
    for parameter in explorer.parameters(explorer.query("matrix")):
        if parameter.name not in WITH_DEFAULTS:
            paths.append(f"/matrix?{urlencode({parameter.name: value_of(parameter)})}")
    for columns in ("polarity", "country", "year", "period", "design"):
        paths += [f"/matrix?rows={rows}&columns={columns}&unit=statements" for rows in ("levels", "themes")]
        paths.append(f"/matrix?columns={columns}")
    paths += [
        "/influences/paths?from=regulatory-and-political-factors&to=psw-wellbeing",
        "/coverage",
        "/coverage?fewer=2&kind=theme",
        "/search?q=stigma",
        "/search?q=the&kind=factor&kind=subtheme",
        "/explain?subject=factor:psw-wellbeing&predicate=a&object=pswo:ContestedTheme",
        "/statements?level=micro&level=macro&study=berry-2011",
        "/studies?factor=psw-wellbeing&polarity=barrier&polarity=enabler&sort=-publicationYear",
        "/factors/psw-wellbeing/statements?polarity=barrier",
        "/influences?direction=downward&direction=intra-level&narrative=true",
        "/works?isStudy=true&citedInResults=true&yearFrom=2012&q=peer",
    ]
    return paths


def value_of(parameter: QueryParameter) -> str:
    """Return a value that a parameter may have."""
    if parameter.name in VALUES:
        return VALUES[parameter.name]
    values = parameter.values or ("true",)
    return values[len(values) // 2]


def test_rest_gives_the_same_answers(asked: list[str], here: TestClient, there: TestClient) -> None:
    """Every operation of REST has the same status and the same bytes, whoever holds the data."""
    different = {}
    for path in asked:
        ours, theirs = here.get(BASE_PATH + path), there.get(BASE_PATH + path)
        if (ours.status_code, ours.content) != (theirs.status_code, theirs.content):
            different[path] = theirs.text[:300]
    assert different == {}
    assert len(asked) > 200


def test_pages_are_the_same(here: TestClient, there: TestClient) -> None:
    """A page of each kind is the same, whoever holds the data."""
    different = []
    for path in PAGES:
        ours, theirs = (one.get(path, headers={"Accept": "text/html"}) for one in (here, there))
        if (ours.status_code, ours.text) != (theirs.status_code, theirs.text):
            different.append(path)
    assert different == []


def test_stored_queries_have_the_same_answers(store: Store, remote: Remote) -> None:
    """Every stored query has the same rows in the same order, or the same triples."""
    explorers = [Explorer(source, QueryLibrary(*resources.library_directories())) for source in (store, remote)]
    different = []
    for query in explorers[0].queries():
        # All matrices at once take a server long; REST asks for one at a time, as is tested above.
        values = {"rows": ["levels"], "columns": ["year"], "unit": ["studies"]} if query.name == "matrix" else {}
        ours, theirs = (rows(one.answer(one.bind(query, values))) for one in explorers)
        if ours != theirs:
            different.append(query.name)
    assert different == []
    assert len(explorers[0].queries()) > 80


def rows(answer: Answer) -> object:
    """Return what an answer says, with the parts of each cell in an order, which queries leave open."""
    if answer.form == "GRAPH":
        return {tuple(map(str, triple)) for triple in answer.triples()}
    solutions = answer.solutions()
    return solutions.variables, [
        {name: sorted(re.split(r"[\s;]+", term.value)) for name, term in row.items()} for row in solutions.rows
    ]


@pytest.mark.parametrize("path", ["/factor/psw-wellbeing.nt", "/core.nt", "/work/byrne-2016.nt", "/.well-known/void"])
def test_documents_say_the_same(path: str, here: TestClient, there: TestClient) -> None:
    """The document about a thing, a module, or the dataset, has the same triples."""
    ours, theirs = (one.get(path, headers={"Accept": "application/n-triples"}) for one in (here, there))
    assert ours.status_code == theirs.status_code == 200
    graphs = [Graph().parse(data=one.text, format="nt") for one in (ours, theirs)]
    assert isomorphic(*graphs)


SPARQL = {
    "select": "SELECT ?label { <https://w3id.org/pswonto/factor/psw-wellbeing> rdfs:label ?label }",
    "boolean": "SELECT ?work { ?work pswo:citedInResults true } ORDER BY ?work LIMIT 3",
    "booleans": "SELECT DISTINCT ?cited { ?work pswo:citedInResults ?cited } ORDER BY ?cited",
    "blank": "SELECT (COUNT(?s) AS ?n) { ?s owl:onProperty ?p FILTER(isBlank(?s)) }",
    "ask": "ASK { ?study a pswo:Study }",
    "graph": "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph",
    "relative": "SELECT ?p { <factor/psw-wellbeing> ?p ?o } LIMIT 1",
    "from": "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/pswonto/works> { ?s ?p ?o }",
}
PREFIXED = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX pswo: <https://w3id.org/pswonto#> PREFIX owl: <http://www.w3.org/2002/07/owl#>"


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "application/sparql-results+xml"])
@pytest.mark.parametrize("name", SPARQL)
def test_sparql_is_passed_on(name: str, media_type: str, here: TestClient, there: TestClient) -> None:
    """A query has the same answer, byte for byte, with the same headers, wherever it is evaluated."""
    parameters, headers = {"query": f"{PREFIXED} {SPARQL[name]}"}, {"Accept": media_type}
    ours, theirs = (one.get("/sparql", params=parameters, headers=headers) for one in (here, there))
    assert (ours.status_code, ours.text) == (theirs.status_code, theirs.text)
    assert ours.headers["etag"] == theirs.headers["etag"]


@pytest.mark.parametrize(
    "query",
    [
        "SELEC * { ?s ?p ?o }",
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "DROP ALL",
    ],
)
def test_what_is_refused_here_is_never_sent(query: str, here: TestClient, there: TestClient) -> None:
    """What is no query is refused in the same words, wherever the data is, and changes nothing there."""
    ours, theirs = (one.post("/sparql", data={"query": query}).json() for one in (here, there))
    assert {**ours, "instance": ""} == {**theirs, "instance": ""}
    assert ours["status"] in (400, 403)


def test_the_dataset_is_known_there(remote: Remote, store: Store) -> None:
    """The graphs, the number of triples, the day and the things are those of the dataset, and not all that is there."""
    assert remote.graphs() == store.graphs()
    assert len(remote) == len(store)
    assert remote.modified() == store.modified()
    assert remote.modified_at() == store.modified_at()
    assert remote.things() == store.things()


def test_checks_find_nothing_there(remote: Remote) -> None:
    """The gates run over what the dataset there asserts, and all that is good here is good there."""
    found = list(gates.run((), remote=remote, java=False))
    assert [gate.name for gate in found] == ["syntax", "SHACL", "checks"]
    assert [finding for gate in found for finding in gate.findings] == []


def test_a_copy_has_all_that_is_asserted(remote: Remote, asserted: Dataset) -> None:
    """What is checked and explained is a copy of the same graphs."""
    ours, theirs = ox.Dataset(asserted.store.engine), ox.Dataset(dataset.fetch(remote).store.engine)
    for one in (ours, theirs):
        one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert ours == theirs


def test_the_service_says_that_it_is_ready(there: TestClient, store: Store) -> None:
    """Health tells what the server holds, and nothing on whether it was checked; metrics count the requests to it."""
    ready = there.get("/health/ready").json()
    assert (ready["status"], ready["triples"], ready["modified"]) == ("ready", len(store), store.modified())
    assert "conforms" not in ready
    assert "pswonto_server_open 0.0" in there.get("/metrics").text


def test_an_answer_that_a_server_cuts_is_no_answer(quads: Path, tmp_path: Path) -> None:
    """Virtuoso gives no more rows than it is set to, and says so in a header: that is told, and not taken for all."""
    with virtuoso(quads, tmp_path, rows=100) as server, closing((here := connect(server.url, Settings())).transport):
        assert len(here.select("SELECT ?s { ?s a ?c } LIMIT 99").rows) == 99
        with pytest.raises(ServerFault, match="first 100 rows"):
            here.select("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (answer(b"<html>", media_type="text/html"), "where SPARQL results in JSON are due"),
        (answer(b"garbage"), "no SPARQL result in JSON"),
        (answer(b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "odd"}}]}}'), "no SPARQL result"),
        (answer(b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": "nodeID:"}]}}'), "no SPARQL result"),
        (answer(b"[]"), "no SPARQL result"),
    ],
)
def test_nonsense_is_told(response: bytes, words: str) -> None:
    """What is no answer is a fault that says what came, and is not taken for an empty one."""
    with Fake(response) as server, closing((here := connect(server.url, Settings())).transport):
        with pytest.raises(ServerFault, match=words):
            here.select("SELECT ?s FROM <urn:x> { ?s ?p ?o }")
        with pytest.raises(ServerFault, match="N-Triples or Turtle is due"):
            here.construct("CONSTRUCT FROM <urn:x> WHERE { ?s ?p ?o }")


def test_a_graph_that_is_none_is_told() -> None:
    """What is no RDF where a graph is due is a fault."""
    broken = answer(b"<urn:a> <urn:b>", media_type="text/turtle")
    with (
        Fake(broken) as server,
        closing((here := connect(server.url, Settings())).transport),
        pytest.raises(ServerFault, match="no text/turtle"),
    ):
        here.construct("CONSTRUCT FROM <urn:x> WHERE { ?s ?p ?o }")


def test_service_is_refused_here_too() -> None:
    """A query that would leave the server is never sent to it."""
    with Fake(TRUE) as server, closing((here := connect(server.url, Settings())).transport):
        with pytest.raises(QueryRefused, match="SERVICE"):
            here.answer("ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
        assert server.hits == 0


def test_a_dataset_without_graphs_is_not_checked() -> None:
    """Where the server holds nothing, that is told, and not that it breaks no rule."""
    nothing = answer(b'{"head": {"vars": ["name", "graph"]}, "results": {"bindings": []}}')
    with (
        Fake(nothing) as server,
        closing((here := connect(server.url, Settings())).transport),
        pytest.raises(DataError, match="no triple"),
    ):
        dataset.fetch(here)
