"""Tests of the inferred graph: by hand, and against HermiT and owlrl on the real data."""

from collections.abc import Iterator
from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
import rdflib

from pswonto import reasoning, resources
from pswonto.dataset import Dataset
from pswonto.entailment import materialise
from pswonto.namespaces import INFERRED, PREFIXES, VOCABULARY
from pswonto.queries import QueryLibrary
from pswonto.store import Store

PROPERTIES = ("supports", "influences", "concerns", "atLevel", "reaches")
TOYS = sorted((Path(__file__).parent / "data" / "entailment").glob("*.trig"))
OWL, RDF = PREFIXES["owl"], PREFIXES["rdf"]
Pairs = set[tuple[str, str]]


@pytest.fixture(scope="module")
def rules() -> QueryLibrary:
    """Return the rules of entailment."""
    return QueryLibrary(resources.queries_directory() / "entailment")


@pytest.fixture(scope="module")
def by_owlrl(asserted: Dataset) -> Iterator[rdflib.Graph]:
    """Return the real data with all that owlrl infers from it."""
    graph = rdflib.Graph().parse(data=asserted.store.ntriples(INFERRED), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    yield graph
    graph.close()


@pytest.fixture(scope="module")
def by_hermit(asserted: Dataset) -> reasoning.Classification:
    """Return HermiT's classification of the real data.

    HermiT's own list of property values, as owlready2 writes it back, leaves out what follows from sub-properties and
    transitivity. So each value that a property can have is asked for by a class: everything related to that value.
    """
    lines = [asserted.store.ntriples(INFERRED)]
    for name in PROPERTIES:
        for value in things(asserted.store):
            asked = f"urn:asked:{name}:{value}"
            for subject, predicate, object_ in (
                (f"<{asked}>", f"{RDF}type", f"<{OWL}Class>"),
                (f"<{asked}>", f"{OWL}equivalentClass", f"_:r{abs(hash(asked))}"),
                (f"_:r{abs(hash(asked))}", f"{RDF}type", f"<{OWL}Restriction>"),
                (f"_:r{abs(hash(asked))}", f"{OWL}onProperty", f"<{VOCABULARY}{name}>"),
                (f"_:r{abs(hash(asked))}", f"{OWL}hasValue", f"<{value}>"),
            ):
                lines.append(f"{subject} <{predicate}> {object_} .\n".encode())
    return reasoning.classify(b"".join(lines))


def things(store: Store) -> list[str]:
    """Return the levels and themes of the data: what the compared properties can lead to."""
    classes = " ".join(f"<{VOCABULARY}{name}>" for name in ("Level", "Factor", "SubTheme", "Detail"))
    rows = store.select(f"SELECT DISTINCT ?thing {{ VALUES ?class {{ {classes} }} ?thing a ?class }}").rows
    return [row["thing"].value for row in rows]


def pairs(store: Store, name: str) -> Pairs:
    """Return what a property relates in a store, asserted or inferred."""
    rows = store.select(f"SELECT ?s ?o {{ ?s <{VOCABULARY}{name}> ?o }}").rows
    return {(row["s"].value, row["o"].value) for row in rows}


def members(store: Store) -> dict[str, set[str]]:
    """Return the members of each class of our vocabulary in a store, asserted or inferred."""
    found: dict[str, set[str]] = {}
    for row in store.select(f"SELECT ?s ?c {{ ?s a ?c . FILTER (STRSTARTS(STR(?c), '{VOCABULARY}')) }}").rows:
        found.setdefault(row["c"].value, set()).add(row["s"].value)
    return found


def test_there_are_toys() -> None:
    """There is a toy for each rule, and no other."""
    assert [toy.stem for toy in TOYS] == sorted(
        path.stem for path in (resources.queries_directory() / "entailment").glob("*.rq")
    )


@pytest.mark.parametrize("toy", TOYS, ids=lambda path: path.stem)
def test_each_rule_infers_what_its_toy_says_and_nothing_else(toy: Path, rules: QueryLibrary) -> None:
    """From the default graph of a toy follows exactly what its graph <urn:expected> holds."""
    engine = ox.Store()
    engine.load(path=str(toy), format=ox.RdfFormat.TRIG)
    expected = {quad.triple for quad in engine.quads_for_pattern(None, None, None, ox.NamedNode("urn:expected"))}
    engine.clear_graph(ox.NamedNode("urn:expected"))
    store = Store()
    store.engine.extend(engine)
    materialise(store, rules)
    graph = ox.NamedNode(INFERRED)
    assert {quad.triple for quad in store.engine.quads_for_pattern(None, None, None, graph)} == expected


def test_inferring_twice_changes_nothing(store: Store, rules: QueryLibrary) -> None:
    """The inferred graph is a fixpoint, and is replaced and not doubled."""
    before = len(store)
    materialise(store, rules)
    assert len(store) == before


def test_nothing_inferred_is_asserted_too(store: Store, asserted: Dataset) -> None:
    """The inferred graph holds only what no file says."""
    said = {quad.triple for quad in asserted.store.engine}
    inferred = store.engine.quads_for_pattern(None, None, None, ox.NamedNode(INFERRED))
    assert not [quad for quad in inferred if quad.triple in said]


def test_an_edited_axiom_changes_the_answers(asserted: Dataset, rules: QueryLibrary) -> None:
    """Without its chain axiom, `influences` is inferred no more."""
    store = Store()
    chain = ox.NamedNode(f"{OWL}propertyChainAxiom")
    influences = ox.NamedNode(f"{VOCABULARY}influences")
    store.engine.extend(quad for quad in asserted.store.engine if (quad.subject, quad.predicate) != (influences, chain))
    materialise(store, rules)
    assert not pairs(store, "influences")
    assert pairs(store, "supports")


def test_every_construct_of_the_ontology_is_known(asserted: Dataset, rules: QueryLibrary) -> None:
    """Whatever the ontology says in OWL and RDFS is read by a rule, or is known to infer nothing about things."""
    silent = {
        # They forbid, and infer nothing positive from data that is consistent.
        *("AllDisjointClasses", "AllDifferent", "members", "distinctMembers"),
        *("AsymmetricProperty", "IrreflexiveProperty"),
        # They would make two names one thing; the shapes see to it that there is one value.
        *("FunctionalProperty", "InverseFunctionalProperty"),
        # They declare or describe.
        *("Ontology", "Class", "Restriction", "ObjectProperty", "DatatypeProperty", "AnnotationProperty"),
        *("NamedIndividual", "imports", "versionIRI", "versionInfo", "label", "comment", "isDefinedBy", "seeAlso"),
        *("Datatype", "deprecated"),
        # They annotate a triple.
        *("Axiom", "annotatedSource", "annotatedProperty", "annotatedTarget"),
    }
    text = "".join(rule.text for rule in rules)
    used = set()
    for quad in asserted.store.engine:
        for term in (quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode) and term.value.startswith((OWL, PREFIXES["rdfs"])):
                used.add(term.value.split("#")[1])
    read = {name for name in used if f"owl:{name}" in text or f"rdfs:{name}" in text}
    assert used - read - silent == set()


def test_every_chain_has_two_steps(asserted: Dataset) -> None:
    """The rule for chains reads two steps, so no axiom may have another number."""
    text = """PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    SELECT ?property (COUNT(?step) AS ?steps) { ?property owl:propertyChainAxiom/rdf:rest*/rdf:first ?step }
    GROUP BY ?property"""
    rows = asserted.store.select(text).rows
    assert len(rows) == 5
    assert {row["steps"].value for row in rows} == {"2"}


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties_are_those_of_owlrl(name: str, store: Store, by_owlrl: rdflib.Graph) -> None:
    """What is inferred for a property is what owlrl infers, on the real data."""
    relation = rdflib.URIRef(VOCABULARY + name)
    expected = {(str(subject), str(object_)) for subject, object_ in by_owlrl.subject_objects(relation)}
    assert expected
    assert pairs(store, name) == expected


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties_are_those_of_hermit(name: str, store: Store, by_hermit: reasoning.Classification) -> None:
    """What is inferred for a property is what HermiT answers, on the real data."""
    prefix = f"urn:asked:{name}:"
    expected = {
        (subject, class_.removeprefix(prefix))
        for class_, subjects in by_hermit.members.items()
        if class_.startswith(prefix)
        for subject in subjects
    }
    assert expected
    assert pairs(store, name) == expected


def test_members_are_those_of_owlrl(store: Store, by_owlrl: rdflib.Graph) -> None:
    """Each class has the members that owlrl infers, on the real data."""
    expected: dict[str, set[str]] = {}
    for thing, class_ in by_owlrl.subject_objects(rdflib.RDF.type):
        if str(class_).startswith(VOCABULARY) and not isinstance(thing, rdflib.Literal):
            expected.setdefault(str(class_), set()).add(str(thing))
    assert members(store) == expected


def test_members_are_those_of_hermit(store: Store, by_hermit: reasoning.Classification) -> None:
    """Each class has the members that HermiT finds, on the real data."""
    expected = {
        class_: set(found) for class_, found in by_hermit.members.items() if found and class_.startswith(VOCABULARY)
    }
    assert members(store) == expected
