"""Tests of what an agent can read before it asks."""

from pathlib import Path

import pytest

import pswonto
from pswonto import resources
from pswonto.agents.grounds import Evidence
from pswonto.agents.orientation import Orientation, axioms_of
from pswonto.errors import QueryNotFound, TermNotFound
from pswonto.explorer import Explorer
from pswonto.namespaces import PREFIXES
from pswonto.queries import QueryLibrary
from pswonto.source import Source
from pswonto.store import Store
from pswonto.vocabulary import Vocabulary

FOLDER = resources.queries_directory()
ABOUT = QueryLibrary(FOLDER / "agents")


def oriented(store: Source) -> tuple[Orientation, Explorer]:
    """Return what there is to read about a dataset, and its explorer."""
    explorer = Explorer(store, QueryLibrary(*resources.library_directories()))
    vocabulary = Vocabulary(store, QueryLibrary(FOLDER / "vocabulary"))
    return Orientation(explorer, vocabulary, ABOUT, Evidence(explorer, ABOUT, 1000)), explorer


def test_instructions_are_made_of_the_data(store: Store) -> None:
    """They name the review, count what it has, and end with the caveats."""
    orientation, explorer = oriented(store)
    told = orientation.instructions
    assert orientation.title in told
    assert "doi:10.1007/s10488-021-01186-8" in told
    for name in ("levels", "factors", "statements", "studies"):
        assert f"{len(getattr(explorer, name)())} {name}" in told
    assert told.endswith(" ".join(Evidence(explorer, ABOUT, 1000).caveats))


def test_data_without_a_review_is_told_too(data: Path) -> None:
    """A dataset that is no review has a service of no particular title."""
    orientation, _ = oriented(pswonto.open(data / "two-graphs.trig")._store)
    assert orientation.title == "pswonto"
    assert "untitled. It has 0 levels" in orientation.instructions


def test_pages_have_all_questions_and_all_terms(store: Store) -> None:
    """Questions with their parameters by topic; prefixes, classes and properties with definitions and axioms."""
    orientation, explorer = oriented(store)
    media_type, questions = orientation.read("pswonto://questions")
    assert media_type == "text/markdown"
    for query in explorer.queries():
        assert f"- `{query.name}`: {query.summary}" in questions
        assert questions.count(f"## {query.topic}\n") == 1
    _, terms = orientation.read("pswonto://vocabulary")
    assert all(f"`PREFIX {name}: <{namespace}>`" in terms for name, namespace in PREFIXES.items())
    for name, term in Vocabulary(store, QueryLibrary(FOLDER / "vocabulary")).terms.items():
        assert f"- `pswo:{name}`: {term.definition}" in terms
        assert all(axiom in terms for axiom in axioms_of(term))
    assert "EquivalentTo EvidenceStatement and (hasPolarity value polarity:barrier)" in terms
    assert "DisjointWith" not in terms


def test_the_text_of_a_question_can_be_read(store: Store) -> None:
    """It is that of the file; another name is told with the nearest."""
    orientation, explorer = oriented(store)
    uri = orientation.template.uri
    text = explorer.query("studies").text
    assert orientation.read(uri.replace("{name}", "studies")) == ("application/sparql-query", text)
    with pytest.raises(QueryNotFound, match="did you mean studies"):
        orientation.read(uri.replace("{name}", "studis"))
    with pytest.raises(TermNotFound, match="did you mean pswonto://vocabulary"):
        orientation.read("pswonto://vocabularies")
