"""Tests of rules with the axioms of an ontology in them."""

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import resources
from pswonto.errors import QueryFileError
from pswonto.grounding import GroundRule, grounded
from pswonto.queries import Query, QueryLibrary, read_query
from pswonto.store import Store

RULES = QueryLibrary(resources.queries_directory() / "entailment")
PREFIXES = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <urn:toy:> .
"""
Toy = Callable[[str], Store]


@pytest.fixture
def toy() -> Toy:
    """Return what makes a store of some Turtle."""

    def made(turtle: str) -> Store:
        store = Store()
        store.engine.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
        return store

    return made


def ground(store: Store, name: str) -> list[GroundRule]:
    """Return one rule with the axioms of a store in it."""
    return grounded(store, [RULES[name]])


def triple(subject: str, predicate: str, value: str) -> ox.Triple:
    """Return a triple of the toy."""
    first, second, third = (ox.NamedNode(f"urn:toy:{name}") for name in (subject, predicate, value))
    return ox.Triple(first, second, third)


@pytest.mark.parametrize("rule", list(RULES), ids=lambda rule: rule.name)
def test_a_rule_consists_of_its_axioms_and_its_premises(rule: Query) -> None:
    """Behind the query for the axioms, a rule asks for just the premises in its header, so both readings are one."""
    body = rule.text.partition("WHERE {\n")[2]
    patterns = [line.strip(" .") for line in body.splitlines() if re.fullmatch(r"  \?.* \.", line)]
    assert patterns == list(rule.premises)


def test_each_axiom_makes_a_rule_of_its_own(toy: Toy) -> None:
    """Two domains are two rules, each about one property and one class."""
    found = ground(toy(":eats rdfs:domain :Animal . :flies rdfs:domain :Bird ."), "domain")
    told = {(str(rule.premises[0][1]), str(rule.head[2])) for rule in found}
    assert told == {("<urn:toy:eats>", "<urn:toy:Animal>"), ("<urn:toy:flies>", "<urn:toy:Bird>")}


def test_what_is_there_does_not_follow_again(toy: Toy) -> None:
    """A rule gives what is new, and each triple once."""
    store = toy(":childOf owl:inverseOf :parentOf . :a :childOf :b . :c :childOf :d . :d :parentOf :c .")
    there = triple("a", "childOf", "b")
    store.engine.add(ox.Quad(there.subject, there.predicate, there.object, ox.NamedNode("urn:another:graph")))
    found = [each for rule in ground(store, "inverse") for each in rule.follows(store)]
    assert found == [triple("b", "parentOf", "a")]


def test_a_class_without_a_name_can_stand_in_a_rule(toy: Toy) -> None:
    """What has a value is in the restriction that asks for it, which is a blank node."""
    store = toy("_:red owl:onProperty :colour ; owl:hasValue :red . :apple :colour :red .")
    (rule,) = ground(store, "has-value-member")
    ((subject, _, value),) = rule.follows(store)
    assert subject == ox.NamedNode("urn:toy:apple")
    assert isinstance(value, ox.BlankNode)


def test_every_part_of_an_intersection_is_a_premise(toy: Toy) -> None:
    """The rule for members of an intersection of three classes has three premises."""
    (rule,) = ground(toy(":C owl:intersectionOf ( :A :B :D ) ."), "intersection-member")
    assert len(rule.premises) == 3


def test_literals_are_no_subjects(toy: Toy) -> None:
    """The inverse of a property says nothing of its values that are literals, and its range neither."""
    store = toy(":name owl:inverseOf :nameOf ; rdfs:range :Name . :a :name 'A', :b .")
    found = [each for name in ("inverse", "range") for rule in ground(store, name) for each in rule.follows(store)]
    assert {str(each.subject) for each in found} == {"<urn:toy:b>"}


def test_the_premises_of_a_triple_are_found(toy: Toy) -> None:
    """Each way in which a triple follows is told, and none of another triple."""
    store = toy(":knows a owl:TransitiveProperty . :a :knows :b, :c . :b :knows :d . :c :knows :d .")
    (rule,) = ground(store, "transitive")
    ways = [{str(each.object) for each in way[:1]} for way in rule.premises_of(triple("a", "knows", "d"), store, 9)]
    assert sorted(map(sorted, ways)) == [["<urn:toy:b>"], ["<urn:toy:c>"]]
    assert list(rule.premises_of(triple("d", "knows", "a"), store, 9)) == []
    assert len(list(rule.premises_of(triple("a", "knows", "d"), store, 1))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s WHERE { ?s ?p ?o }",
        "CONSTRUCT { ?s a ?class }\nWHERE {\n  ?property <urn:p> ?class .\n  ?s ?property ?o .\n}",
    ],
)
def test_what_is_no_rule_is_told(text: str, toy: Toy, tmp_path: Path) -> None:
    """A query without one triple to give, or without a query for its axioms, is refused with its name."""
    (tmp_path / "mine.rq").write_text(f"#+ summary: Which?\n{text}\n", encoding="utf-8")
    with pytest.raises(QueryFileError, match="mine"):
        grounded(toy(""), [read_query(tmp_path / "mine.rq")])
