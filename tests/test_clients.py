"""Tests that the clients which people use for any SPARQL endpoint work with this one as they come."""

from collections.abc import Iterator
from typing import Any

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, RDFXML, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from pswonto.store import Store
from running import ENDLESS, Server

SUPPORTS = """PREFIX pswo: <https://w3id.org/pswonto#> PREFIX factor: <https://w3id.org/pswonto/factor/>
SELECT ?study { ?study pswo:supports factor:regulatory-and-political-factors }"""
DESCRIBED = "CONSTRUCT { ?s ?p ?o } WHERE { VALUES ?s { <https://w3id.org/pswonto/factor/psw-wellbeing> } ?s ?p ?o }"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a running service."""
    with Server() as server:
        yield server


def asked(wrapper: SPARQLWrapper) -> Any:
    """Return the answer, as SPARQLWrapper converts it."""
    return wrapper.queryAndConvert()


@pytest.fixture
def wrapper(server: Server) -> SPARQLWrapper:
    """Return SPARQLWrapper, told nothing but the address."""
    return SPARQLWrapper(server.url + "/sparql")


@pytest.fixture(scope="module")
def studies(store: Store) -> set[str]:
    """Return the studies that support a factor, found without HTTP."""
    return {row["study"].value for row in store.select(SUPPORTS).rows}


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_gets_solutions(method: str, wrapper: SPARQLWrapper, studies: set[str]) -> None:
    """Solutions come as JSON, by GET and by POST."""
    wrapper.setQuery(SUPPORTS)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(JSON)
    bindings = asked(wrapper)["results"]["bindings"]
    assert {row["study"]["value"] for row in bindings} == studies
    assert len(studies) == 15


def test_sparqlwrapper_gets_the_other_formats(wrapper: SPARQLWrapper, studies: set[str]) -> None:
    """Solutions come as XML and CSV, a graph as RDF/XML and Turtle, a boolean as JSON."""
    wrapper.setQuery(SUPPORTS)
    wrapper.setReturnFormat(XML)
    assert len(asked(wrapper).getElementsByTagName("result")) == len(studies)
    wrapper.setReturnFormat(CSV)
    assert len(asked(wrapper).splitlines()) == len(studies) + 1
    wrapper.setQuery(DESCRIBED)
    wrapper.setReturnFormat(RDFXML)
    graph = asked(wrapper)
    wrapper.setReturnFormat(TURTLE)
    assert len(graph) == len(rdflib.Graph().parse(data=asked(wrapper))) > 10
    wrapper.setQuery("ASK {}")
    wrapper.setReturnFormat(JSON)
    assert asked(wrapper)["boolean"] is True


def test_sparqlwrapper_is_told_what_is_wrong(wrapper: SPARQLWrapper) -> None:
    """A query that is none raises the error for that, with our words in it."""
    wrapper.setQuery("SELECT * { ?s skos:broader ?o }")
    wrapper.setReturnFormat(JSON)
    with pytest.raises(QueryBadFormed, match="PREFIX skos:"):
        wrapper.query()


def test_sparqlwrapper_can_lower_the_time(wrapper: SPARQLWrapper) -> None:
    """A parameter of ours goes with the query as any other."""
    wrapper.setQuery(ENDLESS)
    wrapper.addParameter("timeout", "0.2")
    with pytest.raises(Exception, match=r"503|Service Unavailable"):
        wrapper.query()


def test_sparqlwrapper_names_graphs(wrapper: SPARQLWrapper) -> None:
    """The dataset of the protocol goes with the query."""
    wrapper.setQuery("ASK { ?s ?p ?o }")
    wrapper.setReturnFormat(JSON)
    wrapper.addDefaultGraph("urn:none")
    assert asked(wrapper)["boolean"] is False


def test_rdflib_asks_it_as_a_store(server: Server, studies: set[str]) -> None:
    """A graph of rdflib reads triples and answers queries over HTTP as if the graph were its own."""
    graph = rdflib.Graph(SPARQLStore(server.url + "/sparql"))
    assert {str(row[0]) for row in graph.query(SUPPORTS)} == studies  # type: ignore[index]  # rows of a SELECT
    factor = rdflib.URIRef("https://w3id.org/pswonto/factor/psw-wellbeing")
    assert len(list(graph.predicate_objects(factor))) > 10
    assert (factor, rdflib.RDF.type, rdflib.URIRef("https://w3id.org/pswonto#Factor")) in graph


def test_rdflib_federates_to_it(server: Server, studies: set[str]) -> None:
    """A query elsewhere may ask it with SERVICE."""
    query = SUPPORTS.replace("SELECT ?study {", f"SELECT ?study {{ SERVICE <{server.url}/sparql> {{") + " }"
    assert {str(row[0]) for row in rdflib.Graph().query(query)} == studies  # type: ignore[index]  # rows of a SELECT
