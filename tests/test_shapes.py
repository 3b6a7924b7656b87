"""Tests of shapes as queries about data."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import resources
from pswonto.queries import QueryLibrary
from pswonto.shapes import Question, Shapes, rows

CONSTRAINTS = QueryLibrary(resources.queries_directory() / "shacl" / "constraints")
PREFIXES = """@prefix : <urn:toy:> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = """
:Dog rdfs:subClassOf :Animal . :rex a :Dog ; :eats :bone, :stone . :tom a :Animal . :bone a :Food .
:ann :owns :rex ; :eats :stone .
"""
Asked = Callable[[str], list[tuple[Question, list[dict[str, str]]]]]


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    """Return what asks the toy data all questions of some shapes, and gives each with its answer."""
    data = ox.Store()
    data.load((PREFIXES + DATA).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:graph"))

    def answered(turtle: str) -> list[tuple[Question, list[dict[str, str]]]]:
        path = tmp_path / "shapes.ttl"
        path.write_text(PREFIXES + turtle, encoding="utf-8")
        return [
            (
                question,
                [
                    {name: term.value.removeprefix("urn:toy:") for name, term in row.items()}
                    for row in rows(data, question.text, union=True)
                ],
            )
            for question in Shapes(data, [path]).questions(CONSTRAINTS)
        ]

    return answered


def test_each_constraint_of_a_shape_is_a_question(asked: Asked) -> None:
    """A shape with two constraints asks two questions, each about what the constraint is about."""
    found = asked(":s sh:targetClass :Dog ; sh:property :p . :p sh:path :eats ; sh:class :Food ; sh:maxCount 1 .")
    assert {(question.constraint.name, question.shape.value, len(told)) for question, told in found} == {
        ("class", "urn:toy:p", 1),
        ("max-count", "urn:toy:p", 1),
    }


def test_instances_of_subclasses_are_instances(asked: Asked) -> None:
    """A dog is a target of a shape for animals, and a food of a shape that asks for food, as the data says."""
    ((_, told),) = asked(":s sh:targetClass :Animal ; sh:property :p . :p sh:path :eats ; sh:minCount 1 .")
    assert told == [{"focus": "tom"}]


def test_what_is_at_fault_elsewhere_is_no_finding(asked: Asked) -> None:
    """Ann eats a stone too, and nobody asks what she eats."""
    ((question, told),) = asked(":s sh:targetClass :Dog ; sh:property :p . :p sh:path :eats ; sh:class :Food .")
    assert told == [{"focus": "rex", "value": "stone"}]
    assert question.suspicion is not None
    assert "urn:toy:Dog" not in question.suspicion


def test_a_property_in_a_property_looks_at_its_values(asked: Asked) -> None:
    """What a property shape inside another one asks is asked of the values of that one."""
    ((_, told),) = asked(
        """:s sh:targetNode :ann ; sh:property :owned . :owned sh:path :owns ; sh:property :eaten .
        :eaten sh:path :eats ; sh:class :Food ."""
    )
    assert told == [{"focus": "rex", "value": "stone"}]


def test_a_shape_without_a_target_asks_nothing(asked: Asked) -> None:
    """Nothing is looked at for a shape that nobody has."""
    assert asked(":s sh:property :p . :p sh:path :eats ; sh:maxCount 1 .") == []
