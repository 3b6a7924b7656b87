"""Tests of axioms in the Manchester syntax."""

import pyoxigraph as ox
import pytest

from pswonto.manchester import Axioms

HEAD = """@prefix : <https://w3id.org/pswonto#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
# Turtle, with the axioms about :A that it has.
CASES = {
    ":A rdfs:subClassOf :B .": [("SubClassOf", "B")],
    ":A owl:equivalentClass [ owl:intersectionOf ( :B [ owl:onProperty :p ; owl:someValuesFrom :C ] ) ] .": [
        ("EquivalentTo", "B and (p some C)")
    ],
    ":A owl:equivalentClass [ owl:unionOf ( :B [ owl:complementOf :C ] ) ] .": [("EquivalentTo", "B or (not C)")],
    ":A owl:equivalentClass [ owl:oneOf ( :b :c ) ] .": [("EquivalentTo", "{b, c}")],
    ':A rdfs:subClassOf [ owl:onProperty :p ; owl:hasValue "x"@en ] .': [("SubClassOf", 'p value "x"@en')],
    ":A rdfs:subClassOf [ owl:onProperty :p ; owl:allValuesFrom [ owl:unionOf ( :B :C ) ] ] .": [
        ("SubClassOf", "p only (B or C)")
    ],
    ":A rdfs:subClassOf [ owl:onProperty :p ; owl:minQualifiedCardinality 2 ; owl:onClass :B ] .": [
        ("SubClassOf", "p min 2 B")
    ],
    ":A rdfs:subClassOf [ owl:onProperty [ owl:inverseOf :p ] ; owl:hasSelf true ] .": [
        ("SubClassOf", "inverse p Self")
    ],
    "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) .": [("DisjointWith", "B, C")],
    ":A a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:domain :B ; rdfs:range :C .": [
        ("Characteristics", "Transitive"),
        ("Domain", "B"),
        ("Range", "C"),
    ],
    ":A owl:propertyChainAxiom ( :p :q ) .": [("SubPropertyChain", "p o q")],
    ":p owl:inverseOf :A .": [("InverseOf", "p")],
    ":A rdfs:subPropertyOf :B .": [("SubPropertyOf", "B")],
    ":A rdfs:range xsd:date .": [("Range", "xsd:date")],
    ":A rdfs:subClassOf [ rdfs:label 'nothing of OWL' ] .": [
        ("SubClassOf", "an expression that is not among those of OWL 2")
    ],
}


@pytest.mark.parametrize("turtle", CASES)
def test_an_axiom_is_written_as_people_read_it(turtle: str) -> None:
    """Each construct of OWL 2 that an ontology may hold has its Manchester form."""
    triples = [quad.triple for quad in ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)]
    found = Axioms(triples).of("https://w3id.org/pswonto#A")
    assert [(keyword, "".join(token.text for token in tokens)) for keyword, tokens in found] == CASES[turtle]


def test_names_in_an_axiom_are_those_of_terms() -> None:
    """Each name tells the IRI that it stands for."""
    triples = [
        quad.triple for quad in ox.parse((HEAD + ":A rdfs:subClassOf :B .").encode(), format=ox.RdfFormat.TURTLE)
    ]
    ((_, (token,)),) = Axioms(triples).of("https://w3id.org/pswonto#A")
    assert token.iri == "https://w3id.org/pswonto#B"
