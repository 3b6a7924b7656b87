"""Tests of the description of the dataset: each number is the one that a query counts, and each example answers."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import dataset, resources
from pswonto.description import DATASET, describe
from pswonto.namespaces import DESCRIPTION, PREFIXES
from pswonto.queries import QueryLibrary
from pswonto.store import Store

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
