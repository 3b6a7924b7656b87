"""Tests of the description of the dataset: each number is the one that a query counts, and each example answers."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient
from rdflib.namespace import DCTERMS, FOAF, RDF, VOID

from pswonto import dataset, resources
from pswonto.description import DATASET, describe
from pswonto.namespaces import DESCRIPTION, PREFIXES
from pswonto.queries import QueryLibrary
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS, Store
from pswonto.web.description import FORMAT_NAMES, VOID_PATH

EXAMPLES = {query.name: query for query in QueryLibrary(*resources.library_directories())}
# Questions whose honest answer is that there is none.
EMPTY = {"cq09", "cq24", "cq25", "cq51"}
PREFIX = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
# What the SPARQL editor of SIB asks an endpoint when it starts.
CLASSES_AND_PROPERTIES = """SELECT DISTINCT ?class1 ?prop ?class2 ?datatype {
  { ?cp void:class ?class1 ; void:propertyPartition ?pp . ?pp void:property ?prop .
    OPTIONAL {
      { ?pp void:classPartition [ void:class ?class2 ] }
      UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?datatype ] } } }
  UNION { ?linkset void:subjectsTarget [ void:class ?class1 ] ; void:linkPredicate ?prop } }"""
DECLARED = "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }"
EXECUTABLES = """SELECT DISTINCT ?sq ?comment ?query {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query }"""

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = "http://www.w3.org/ns/formats/"
# The classes of subject and object that each property has (SPARQL 1.1 Service Description, section 3.4).
SCHEMA = {
    SD.endpoint: (SD.Service, None),
    SD.feature: (SD.Service, None),
    SD.supportedLanguage: (SD.Service, None),
    SD.resultFormat: (SD.Service, None),
    SD.defaultEntailmentRegime: (SD.Service, None),
    SD.defaultDataset: (SD.Service, SD.Dataset),
    SD.defaultGraph: (SD.Dataset, SD.Graph),
    SD.namedGraph: (SD.Dataset, SD.NamedGraph),
    SD.name: (SD.NamedGraph, None),
    SD.graph: (SD.NamedGraph, SD.Graph),
}
MEDIA_TYPES = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}


def told(store: Store, query: str) -> dict[tuple[str, ...], int]:
    """Return the last column of each row, a number, by the others."""
    return {
        tuple(row[name].value for name in solutions.variables[:-1]): int(row[solutions.variables[-1]].value)
        for solutions in [store.select(PREFIX + query)]
        for row in solutions.rows
    }


# What the description tells of each part, and what a query over the whole dataset counts.
COUNTS: Mapping[str, tuple[str, str]] = {
    "triples": (f"SELECT ?n {{ <{DATASET}> void:triples ?n }}", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
    "classes": (
        f"SELECT ?n {{ <{DATASET}> void:classes ?n }}",
        "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER(isIRI(?c)) }",
    ),
    "properties": (
        f"SELECT ?n {{ <{DATASET}> void:properties ?n }}",
        "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    ),
    "things of a class": (
        f"SELECT ?c ?n {{ <{DATASET}> void:classPartition [ void:class ?c ; void:entities ?n ] }}",
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c",
    ),
    "triples of a property": (
        f"SELECT ?p ?n {{ <{DATASET}> void:propertyPartition [ void:property ?p ; void:triples ?n ] }}",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    ),
    "subjects of a property": (
        f"SELECT ?p ?n {{ <{DATASET}> void:propertyPartition [ void:property ?p ; void:distinctSubjects ?n ] }}",
        "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    ),
    "properties of a class": (
        """SELECT ?c ?p ?n { ?dataset a void:Dataset ; void:classPartition ?part . ?part void:class ?c ;
             void:propertyPartition [ void:property ?p ; void:triples ?n ] }""",
        "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o FILTER(isIRI(?c)) } GROUP BY ?c ?p",
    ),
    "datatypes": (
        """SELECT ?c ?p ?d ?n { ?dataset a void:Dataset ; void:classPartition ?part . ?part void:class ?c ;
             void:propertyPartition ?own . ?own void:property ?p ;
             void-ext:datatypePartition [ void-ext:datatype ?d ; void:triples ?n ] }""",
        """SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o FILTER(isIRI(?c) && isLiteral(?o))
             BIND(DATATYPE(?o) AS ?d) } GROUP BY ?c ?p ?d""",
    ),
    "classes of objects": (
        """SELECT ?c ?p ?d ?n { ?dataset a void:Dataset ; void:classPartition ?part . ?part void:class ?c ;
             void:propertyPartition ?own . ?own void:property ?p ;
             void:classPartition [ void:class ?d ; void:triples ?n ] }""",
        """SELECT ?c ?p ?d (COUNT(*) AS ?n) {
             ?s a ?c ; ?p ?o . ?o a ?d FILTER(isIRI(?c) && isIRI(?d))
             FILTER(!STRSTARTS(STR(?c), STR(owl:)) && !STRSTARTS(STR(?d), STR(owl:))) } GROUP BY ?c ?p ?d""",
    ),
    "triples of a graph": (
        f"SELECT ?g ?n {{ <{DATASET}> sd:namedGraph [ sd:name ?g ; sd:graph [ void:triples ?n ] ] }}",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    ),
}


@pytest.mark.parametrize("of", COUNTS)
def test_a_count_is_what_a_query_counts(of: str, store: Store) -> None:
    """The description tells of each part exactly what is there, itself included, and leaves none out."""
    described, counted = COUNTS[of]
    found = told(store, described)
    assert found
    assert found == told(store, counted)


@pytest.mark.parametrize("of", COUNTS)
def test_any_dataset_is_described(of: str, data: Path) -> None:
    """So it is for data that is not ours and has no header."""
    described, counted = COUNTS[of]
    store = dataset.open_dataset([data / "two-graphs.trig"])
    found = told(store, described)
    assert found
    assert found == told(store, counted)


def test_an_editor_finds_what_it_can_ask_for(store: Store) -> None:
    """The three queries that the editor of SIB starts with give classes with their properties, prefixes, examples."""
    structure = [
        (row["class1"].value, row["prop"].value, row["class2"].value)
        for row in store.select(PREFIX + CLASSES_AND_PROPERTIES).rows
        if "class2" in row
    ]
    pswo = PREFIXES["pswo"]
    assert (pswo + "EvidenceStatement", pswo + "aboutTheme", pswo + "Factor") in structure
    rows = store.select(PREFIX + DECLARED).rows
    assert {row["prefix"].value: row["namespace"].value for row in rows} == PREFIXES
    published = store.select(PREFIX + EXECUTABLES).rows
    queries = {row["sq"].value.rpartition("/")[2]: row["query"].value for row in published}
    assert queries == {name: query.text for name, query in EXAMPLES.items()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_answers(name: str, store: Store) -> None:
    """Each published query runs as it stands, and but for those that ask for what the review does not say, has rows."""
    answer = store.answer(EXAMPLES[name].text).serialize(
        "application/n-triples" if EXAMPLES[name].form in ("CONSTRUCT", "DESCRIBE") else "text/csv"
    )
    assert (len(answer.splitlines()) > 1) == (name[:4] not in EMPTY)


def test_the_dataset_has_what_a_catalogue_asks_for(store: Store) -> None:
    """Title, licence, dates, publisher and version stand on the dataset, and are those of the ontology."""
    query = f"""SELECT ?title ?license ?created ?modified ?publisher ?version {{
      <{DATASET}> a dcat:Dataset , void:Dataset , sd:Dataset ; dcterms:title ?title ; dcterms:license ?license ;
        dcterms:created ?created ; dcterms:modified ?modified ; dcterms:publisher/foaf:name ?publisher ;
        dcat:version ?version .
      <https://w3id.org/pswonto> dcterms:title ?title ; dcterms:license ?license ; dcterms:modified ?modified ;
        dcterms:created ?created ; owl:versionInfo ?version . }}"""
    assert len(store.select(PREFIX + query).rows) == 1


def test_the_description_is_the_same_each_time(asserted: dataset.Dataset) -> None:
    """Two descriptions of one dataset are the same bytes, so that entity tags last."""
    counting = QueryLibrary(resources.queries_directory() / "description")
    first, second = (describe(asserted.store, counting, EXAMPLES.values()) for _ in range(2))
    assert first == second


def test_no_part_has_two_meanings(store: Store) -> None:
    """Each node of the description is a part of one kind only: no two parts have the same IRI."""
    query = f"""SELECT ?part {{ GRAPH <{DESCRIPTION}> {{
      ?part void:triples|void:entities ?a , ?b FILTER(?a != ?b) FILTER(?part != <{DATASET}>) }} }}"""
    assert store.select(PREFIX + query).rows == []


def test_the_description_is_made_of_iris_and_literals(store: Store) -> None:
    """It has no blank nodes, which would get other labels each time."""
    graph = ox.NamedNode(DESCRIPTION)
    for quad in store.engine.quads_for_pattern(None, None, None, graph):
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)


@pytest.fixture(scope="module")
def service(client: TestClient) -> rdflib.Graph:
    """Return what the endpoint says of itself."""
    return rdflib.Graph().parse(data=client.get("/sparql").text, format="turtle")


def test_the_endpoint_tells_its_address(service: rdflib.Graph) -> None:
    """There is one service, and its endpoint is where it was asked."""
    (node,) = service.subjects(RDF.type, SD.Service)
    assert [str(endpoint) for endpoint in service.objects(node, SD.endpoint)] == ["http://testserver/sparql"]


def test_the_description_fits_its_schema(service: rdflib.Graph) -> None:
    """Each property has the subjects and objects that the standard gives it, and nothing that must be told is not."""
    used = {property_ for property_ in service.predicates() if str(property_).startswith(str(SD))}
    assert used == set(SCHEMA)
    for property_, (subject_class, object_class) in SCHEMA.items():
        for subject, value in service.subject_objects(property_):
            assert (subject, RDF.type, subject_class) in service
            assert object_class is None or (value, RDF.type, object_class) in service
    graphs = list(service.objects(predicate=SD.namedGraph))
    assert len(graphs) == 7
    assert all(len(list(service.objects(graph, SD.name))) == 1 for graph in graphs)
    (dataset_,) = service.objects(predicate=SD.defaultDataset)
    assert len(list(service.objects(dataset_, SD.defaultGraph))) == 1


def test_each_format_that_is_told_is_given(service: rdflib.Graph, client: TestClient) -> None:
    """The formats are those of the engine's tables, and a query is answered in each."""
    told_formats = {str(name).removeprefix(FORMATS) for name in service.objects(predicate=SD.resultFormat)}
    media_types = {FORMAT_NAMES[media_type]: media_type for media_type in (*RESULT_FORMATS, *GRAPH_FORMATS)}
    assert told_formats == set(media_types)
    for name in told_formats:
        media_type = media_types[name]
        query = "SELECT * {}" if media_type in RESULT_FORMATS else "DESCRIBE <https://w3id.org/pswonto#Factor>"
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": media_type})
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == media_type


def test_no_feature_is_told_that_is_not_there(service: rdflib.Graph) -> None:
    """The service asks no other, fetches nothing, and has the union of all graphs as its default graph."""
    assert set(service.objects(predicate=SD.feature)) == {SD.UnionDefaultGraph}


def test_each_graph_that_is_told_has_triples(service: rdflib.Graph, client: TestClient) -> None:
    """Each name can be asked for, and has something."""
    names = list(service.objects(predicate=SD.name))
    assert names
    for name in names:
        answer = client.get("/sparql", params={"query": f"ASK {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"})
        assert answer.json()["boolean"] is True


@pytest.mark.parametrize("path", ["/sparql", VOID_PATH])
def test_a_description_is_negotiated(path: str, client: TestClient) -> None:
    """It is the same graph in each format of RDF, and in no other."""
    sizes = set()
    for media_type, format_ in MEDIA_TYPES.items():
        answer = client.get(path, headers={"Accept": media_type})
        assert answer.headers["content-type"].split(";")[0] == media_type
        assert "Accept" in answer.headers["vary"]
        sizes.add(len(rdflib.Graph().parse(data=answer.text, format=format_)))
    assert len(sizes) == 1
    assert client.get(path, headers={"Accept": "application/ld+json"}).json()
    refused = client.get(path, headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert set(MEDIA_TYPES) < set(refused.json()["offered"])


def test_void_tells_whose_data_it_is_and_where_to_ask(client: TestClient) -> None:
    """Licence, dates, publisher and endpoint stand on the dataset, and the partitions are in it."""
    graph = rdflib.Graph().parse(data=client.get(VOID_PATH).text, format="turtle")
    node = rdflib.URIRef(DATASET)
    assert (node, RDF.type, VOID.Dataset) in graph
    assert str(graph.value(node, VOID.sparqlEndpoint)) == "http://testserver/sparql"
    assert str(graph.value(node, DCTERMS.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert graph.value(node, DCTERMS.modified)
    publisher = graph.value(node, DCTERMS.publisher)
    assert graph.value(publisher, FOAF.name)
    assert len(list(graph.objects(predicate=VOID.classPartition))) > 100


def test_an_odd_name_of_the_host_breaks_nothing(client: TestClient) -> None:
    """Whatever a client says the service is called, it gets a description or a problem, and nothing of its own."""
    for host in ("a>b", 'a"b', "a b", "a{b}", "x> . <urn:s> <urn:p> <urn:o", "é", "\\u003E", "a%3Eb", "", "[::1]:80"):
        for path in ("/sparql", VOID_PATH):
            answer = client.get(path, headers={b"Host": host.encode()})
            assert answer.status_code in (200, 400)
            assert "urn:s" not in answer.text or answer.status_code == 400
