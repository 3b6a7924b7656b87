"""Tests of axioms in words."""

import pytest

from pswonto.axioms import words

A, B, P = (f"<https://w3id.org/pswonto#{name}>" for name in ("Factor", "Detail", "placedAtLevel"))
X, Y = "<https://w3id.org/pswonto/factor/psw-wellbeing>", "<https://w3id.org/pswonto/level/micro>"


@pytest.mark.parametrize(
    ("axiom", "sentence"),
    [
        (f"SubClassOf({A} {B})", "whatever is pswo:Factor is pswo:Detail"),
        (f"DisjointClasses({A} {B} )", "nothing is two of pswo:Factor and pswo:Detail"),
        (f"FunctionalObjectProperty({P})", "pswo:placedAtLevel has at most one value"),
        (f"ObjectPropertyAssertion({P} {X} {Y})", "factor:psw-wellbeing pswo:placedAtLevel level:micro"),
        (
            f"EquivalentClasses({A} ObjectIntersectionOf({B} ObjectHasValue({P} {Y})) )",
            "pswo:Factor is the same as (pswo:Detail and something with pswo:placedAtLevel level:micro)",
        ),
        (
            f"SubClassOf({A} ObjectMaxCardinality(1 {P} owl:Thing))",
            "whatever is pswo:Factor is something with at most 1 pswo:placedAtLevel that is owl:Thing",
        ),
        (
            f"SubObjectPropertyOf(ObjectPropertyChain({P} {P}) {P})",
            "pswo:placedAtLevel followed by pswo:placedAtLevel is a kind of pswo:placedAtLevel",
        ),
        (f'AnnotationAssertion(rdfs:label {A} "a ( b > \\"c\\""@en)', 'pswo:Factor rdfs:label "a ( b > \\"c\\""@en'),
        (
            f'DataPropertyAssertion({P} {X} "1"^^xsd:integer)',
            'factor:psw-wellbeing pswo:placedAtLevel "1"^^xsd:integer',
        ),
        (f'SubClassOf(Annotation(rdfs:comment "x") {A} {B})', "whatever is pswo:Factor is pswo:Detail"),
        (f"ReflexiveObjectProperty({P})", "ReflexiveObjectProperty(pswo:placedAtLevel)"),
    ],
)
def test_an_axiom_is_a_sentence(axiom: str, sentence: str) -> None:
    """What the OWL API prints becomes words with short names; what is not known keeps its form."""
    assert words(axiom) == sentence
