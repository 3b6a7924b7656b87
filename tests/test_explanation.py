"""Tests of explanations: of chosen triples by hand, and of a triple of every kind on the real data."""

import random
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from pswonto import resources
from pswonto.dataset import Dataset
from pswonto.entailment import materialise
from pswonto.errors import NotEntailed, ParameterError
from pswonto.explanation import Explainer, Explanation, parse_triple
from pswonto.namespaces import BASE, INFERRED, PREFIXES, VOCABULARY, contract
from pswonto.queries import QueryLibrary
from pswonto.store import Store

RDF_TYPE = PREFIXES["rdf"] + "type"


@pytest.fixture(scope="module")
def rules() -> QueryLibrary:
    """Return the rules of entailment."""
    return QueryLibrary(resources.queries_directory() / "entailment")


@pytest.fixture(scope="module")
def explainer(store: Store, rules: QueryLibrary) -> Explainer:
    """Return an explainer of the real data."""
    return Explainer(store, rules)


def all_of(explanation: Explanation) -> Iterator[Explanation]:
    """Return an explanation and all that it rests on."""
    yield explanation
    for premise in explanation.premises:
        yield from all_of(premise)


def test_what_is_asserted_is_told_with_its_graph(explainer: Explainer) -> None:
    """An asserted triple has the graph that asserts it, and rests on nothing else."""
    explanation = explainer.explain("factor:psw-wellbeing", "pswo:placedAtLevel", "level:micro")
    assert explanation.graph == "https://w3id.org/pswonto/framework"
    assert (explanation.rule, explanation.premises) == (None, ())


def test_a_class_is_explained_by_its_definition(explainer: Explainer) -> None:
    """An influence is downward because of the levels at which its two factors are placed."""
    source = "influence:macro-socio-cultural-factors--organizational-culture"
    explanation = explainer.explain(source, "a", "pswo:DownwardInfluence")
    assert explanation.axiom is not None
    assert "pswo:hasSource some pswo:MacroFactor" in explanation.axiom
    leaves = [leaf.triple for leaf in explanation.asserted()]
    assert ("factor:macro-socio-cultural-factors", "pswo:placedAtLevel", "level:macro") in leaves
    assert ("factor:organizational-culture", "pswo:placedAtLevel", "level:meso") in leaves


def test_a_chain_is_explained_by_its_steps(explainer: Explainer) -> None:
    """That a work supports a factor rests on the statement that cites it and on the theme of that statement."""
    explanation = explainer.explain("work:hopkins-2021", "pswo:supports", "factor:regulatory-and-political-factors")
    assert explanation.rule == "chain"
    assert {leaf.triple[1] for leaf in explanation.asserted()} == {
        "pswo:citesWork",
        "pswo:alsoAbout",
        "pswo:subThemeOf",
    }


def test_no_step_rests_on_itself(explainer: Explainer) -> None:
    """Nothing that a triple is explained by is that triple again."""
    explanation = explainer.explain("factor:psw-wellbeing", "a", "pswo:ContestedTheme")
    inner = [step.terms for premise in explanation.premises for step in all_of(premise)]
    assert explanation.terms not in inner


def test_the_reasons_are_the_same_in_another_store(explainer: Explainer, store: Store, rules: QueryLibrary) -> None:
    """Neither the order of triples nor the labels of blank nodes decide between several ways."""
    other = Store()
    for graph in store.graphs():
        triples = [quad.triple for quad in store.engine.quads_for_pattern(None, None, None, ox.NamedNode(graph))]
        random.Random(5).shuffle(triples)
        other.add((ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").replace(b"_:", b"_:z"), graph)
    question = ("factor:psw-wellbeing", "a", "pswo:ContestedTheme")
    assert Explainer(other, rules).explain(*question) == explainer.explain(*question)


def test_every_kind_of_inferred_triple_follows_from_its_explanation(
    store: Store, asserted: Dataset, explainer: Explainer, rules: QueryLibrary
) -> None:
    """For each property and class that is inferred: the asserted triples told, with the axioms, entail the triple."""
    samples: dict[tuple[str, ...], ox.Triple] = {}
    for quad in store.engine.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED)):
        value = quad.object.value if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode) else ""
        samples.setdefault((quad.predicate.value, value), quad.triple)
    assert len(samples) > 30
    axioms = [
        quad
        for module in ("core", "framework")
        for quad in asserted.store.engine.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}/{module}"))
        # The framework has axioms about terms, and things.
        if isinstance(quad.subject, ox.BlankNode) or str(quad.subject).startswith(f"<{VOCABULARY}")
    ]
    for triple in samples.values():
        assert isinstance(triple.subject, ox.NamedNode)
        assert isinstance(triple.object, ox.NamedNode)
        explanation = explainer.explain(triple.subject.value, triple.predicate.value, triple.object.value)
        alone = Store()
        alone.engine.extend(axioms)
        alone.engine.extend(
            ox.Quad(found.subject, found.predicate, found.object)
            for found in (parse_triple(*leaf.terms) for leaf in explanation.asserted())
        )
        materialise(alone, rules)
        found = list(alone.engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None))
        assert found, [contract(term.value) for term in (triple.subject, triple.predicate, triple.object)]


def test_every_rule_tells_its_axiom_and_its_premises(rules: QueryLibrary) -> None:
    """Each rule has an axiom in words, and one head, and names in both only variables of its query."""
    assert len(rules) >= 14
    for rule in rules:
        assert rule.axiom, rule.name
        assert rule.text.count("CONSTRUCT { ?") == 1, rule.name
        for word in [*rule.axiom.split(), *" ".join(rule.premises).split()]:
            assert not word.startswith("?") or word == "?every" or word in rule.text.partition("WHERE")[2], rule.name


def test_what_does_not_follow_is_an_error(explainer: Explainer) -> None:
    """A triple that nothing entails is told as such, with the nearest name where one of its names is unknown."""
    with pytest.raises(NotEntailed, match="neither asserted"):
        explainer.explain("factor:psw-wellbeing", "a", "pswo:SubTheme")
    with pytest.raises(NotEntailed, match="did you mean factor:psw-wellbeing"):
        explainer.explain("factor:psw-welbeing", "a", "pswo:Factor")


@pytest.mark.parametrize(
    ("triple", "parameter"),
    [
        (("factr:x", "a", "pswo:Factor"), "subject"),
        (("work:x", "b c", "work:y"), "predicate"),
        (("work:x", "a", '"'), "object"),
    ],
)
def test_what_is_no_term_is_an_error(triple: tuple[str, str, str], parameter: str) -> None:
    """The error names the part that cannot be read."""
    with pytest.raises(ParameterError, match=f"'{parameter}'"):
        parse_triple(*triple)


def test_a_literal_is_written_as_in_turtle(explainer: Explainer) -> None:
    """Texts, numbers and truth values can be asked for."""
    assert explainer.explain("work:white-2003", "pswo:publicationYear", "2003").graph
    assert explainer.explain("level:macro", "rdfs:label", '"Macro level"@en').graph


def test_rest_explains(client: TestClient) -> None:
    """The API gives the same explanation, as nested objects."""
    parameters = {"subject": "factor:psw-wellbeing", "predicate": "a", "object": "pswo:MicroFactor"}
    body = client.get("/api/v1/explain", params=parameters).raise_for_status().json()
    assert body["rule"] == "subclass"
    assert body["premises"][0]["graph"] == "https://w3id.org/pswonto/framework"


@pytest.mark.parametrize(("object_", "status"), [("pswo:MacroFactor", 404), ("micro", 400), (None, 400)])
def test_rest_tells_what_it_cannot_explain(client: TestClient, object_: str | None, status: int) -> None:
    """What does not follow is not found, and what is no term or missing is a bad request."""
    parameters = {"subject": "factor:psw-wellbeing", "predicate": "a"} | ({"object": object_} if object_ else {})
    answer = client.get("/api/v1/explain", params=parameters)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
