"""Tests of what people read about classes and properties."""

import pytest

from pswonto import resources
from pswonto.errors import TermNotFound
from pswonto.queries import QueryLibrary
from pswonto.store import Store
from pswonto.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def vocabulary(store: Store) -> Vocabulary:
    """Return the vocabulary of the real dataset."""
    return Vocabulary(store, QueryLibrary(resources.queries_directory() / "vocabulary"))


def test_every_term_of_ours_is_there(vocabulary: Vocabulary, store: Store) -> None:
    """Each class and property in our namespace is, with a definition."""
    ours = {
        thing.value.split("#")[1] for thing in store.things() if thing.value.startswith("https://w3id.org/pswonto#")
    }
    assert len(ours) > 100
    assert set(vocabulary.terms) == ours
    assert [term.name for term in vocabulary.terms.values() if not term.definition] == []


def test_uses_are_what_their_query_lists(vocabulary: Vocabulary, store: Store) -> None:
    """The number of uses is the number of solutions of the query that lists them."""
    for term in vocabulary.terms.values():
        assert len(store.select(term.query).rows) == term.uses, term.name


def test_axioms_are_those_of_the_ontology(vocabulary: Vocabulary) -> None:
    """A defined class has its definition, and a chain its steps."""
    study = {keyword: "".join(token.text for token in tokens) for keyword, tokens in vocabulary.term("Study").axioms}
    assert study["EquivalentTo"] == "CitedWork and (citedIn some EvidenceStatement)"
    chain = {
        keyword: "".join(token.text for token in tokens) for keyword, tokens in vocabulary.term("influences").axioms
    }
    assert chain["SubPropertyChain"] == "isSourceOf o hasTarget"


def test_a_name_that_there_is_not_is_told_with_the_nearest(vocabulary: Vocabulary) -> None:
    """An unknown term is told with those that are near."""
    with pytest.raises(TermNotFound, match="Faktor") as fault:
        vocabulary.term("Faktor")
    assert "Factor" in fault.value.nearest
