"""Tests of what changed between two versions, in words."""

import pyoxigraph as ox
import pytest

from pswonto.comparison import Change, compare
from pswonto.dataset import Dataset
from pswonto.store import Store

PREFIXES = """PREFIX pswo: <https://w3id.org/pswonto#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX gap: <https://w3id.org/pswonto/gap/>
PREFIX statement: <https://w3id.org/pswonto/statement/> PREFIX polarity: <https://w3id.org/pswonto/polarity/>
"""


def changes(original: Dataset, *updates: str) -> list[Change]:
    """Return what the last of some updates changes in the real data, after the ones before it."""
    stores = []
    for number in (len(updates) - 1, len(updates)):
        store = Store()
        store.engine.extend(original.store.engine)
        for update in updates[:number]:
            store.engine.update(PREFIXES + update)
        stores.append(store)
    return compare(*stores)


def test_nothing_changed(asserted: Dataset) -> None:
    """The same data has no changes, though its blank nodes have other labels."""
    again = Store()
    again.engine.bulk_load(asserted.store.ntriples(), format=ox.RdfFormat.N_TRIPLES)
    assert compare(asserted.store, again) == []


@pytest.mark.parametrize(
    ("update", "sentence", "breaking"),
    [
        (
            "DELETE { GRAPH ?g { statement:0012 pswo:hasPolarity ?p } } INSERT { GRAPH ?g { statement:0012 "
            "pswo:hasPolarity polarity:barrier } } WHERE { GRAPH ?g { statement:0012 pswo:hasPolarity ?p } }",
            "changed: statement:0012 (Statement 12): pswo:hasPolarity was polarity:enabler, is polarity:barrier",
            False,
        ),
        (
            "DELETE { GRAPH ?g { gap:gender ?p ?o } } WHERE { GRAPH ?g { gap:gender ?p ?o } }",
            "removed: gap:gender (Gender), which was never deprecated",
            True,
        ),
        (
            'INSERT DATA { gap:new a pswo:ResearchGap ; rdfs:label "New"@en }',
            "added: gap:new (New)",
            False,
        ),
        ("INSERT DATA { gap:gender owl:deprecated true }", "deprecated: gap:gender (Gender)", False),
        (
            "INSERT DATA { gap:gender rdfs:seeAlso <urn:x> }",
            "changed: gap:gender (Gender): rdfs:seeAlso is also <urn:x>",
            False,
        ),
        (
            "INSERT DATA { [] a owl:Axiom ; owl:annotatedSource gap:gender }",
            "added: axiom ([] a owl:Axiom ; owl:annotatedSource gap:gender .)",
            False,
        ),
    ],
    ids=["changed", "removed", "added", "deprecated", "also", "axiom"],
)
def test_a_change_is_a_sentence(update: str, sentence: str, breaking: bool, asserted: Dataset) -> None:
    """Each kind of change is told in one line, and breaks others only where an IRI is gone."""
    found = changes(asserted, update)
    assert [(change.sentence(), change.breaking) for change in found] == [(sentence, breaking)]


def test_what_was_deprecated_may_go(asserted: Dataset) -> None:
    """A term that the earlier version deprecates may be removed in the later one."""
    [change] = changes(
        asserted,
        "INSERT DATA { gap:gender owl:deprecated true }",
        "DELETE { GRAPH ?g { gap:gender ?p ?o } } WHERE { GRAPH ?g { gap:gender ?p ?o } } ; "
        "DELETE WHERE { gap:gender ?p ?o }",
    )
    assert (change.kind, change.breaking) == ("removed", False)


def test_a_definition_inside_a_class_is_compared(asserted: Dataset) -> None:
    """A value deep inside the definition of a class is told as a change of that class."""
    [change] = changes(
        asserted,
        "DELETE { GRAPH ?g { ?r owl:hasValue polarity:barrier } } "
        "INSERT { GRAPH ?g { ?r owl:hasValue polarity:enabler } } "
        "WHERE { GRAPH ?g { ?r owl:hasValue polarity:barrier } }",
    )
    assert (change.term, change.path) == ("pswo:BarrierStatement", "owl:equivalentClass")
