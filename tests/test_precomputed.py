"""Tests of the answers that are kept beside a store."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import disk, resources
from pswonto.explorer import Explorer
from pswonto.precomputed import Answers, results_of, solutions_of
from pswonto.queries import QueryLibrary, Term
from pswonto.questions import COLLECTIONS
from pswonto.store import Solutions, Store

# The names of things, and what their IRIs begin with.
NAMING = ("summary: What are some things called", "summary: What do the IRIs of the things")
LIBRARY = QueryLibrary(*resources.library_directories())
TERMS = (
    ox.NamedNode("urn:a"),
    ox.BlankNode("b"),
    ox.Literal('a "text"\nin two lines'),
    ox.Literal("Wort", language="de"),
    ox.Literal(12),
    ox.Literal(True),
    ox.Literal("2026-11-25", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the real data and the first answers; nobody may change it."""
    folder = tmp_path_factory.mktemp("answers") / "store"
    disk.build([], folder, answer=lambda store: Explorer(store, LIBRARY).first_answers())
    return folder


class Asked(Store):
    """A store on a disk that takes down what it is asked."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.path, len(store))
        self.texts: list[str] = []

    def select(self, text: str) -> Solutions:
        """Take down a query, and answer it."""
        self.texts.append(text)
        return super().select(text)


def test_solutions_are_read_as_they_were() -> None:
    """Terms of every kind, and variables that are not bound, come back from JSON as they went there."""
    rows: list[dict[str, Term]] = [{"other": TERMS[0]}, {}]
    for term in TERMS:
        rows.append({"one": term})
    solutions = Solutions(("one", "other"), rows)
    assert solutions_of(results_of(solutions)) == solutions


def test_what_is_kept_is_not_asked_again(built: Path) -> None:
    """The first page of each list, and its facets, need nothing but names and what that page shows."""
    store = Asked(disk.open_store(built))
    explorer = Explorer(store, LIBRARY)
    for question in COLLECTIONS:
        explorer.part(question, {}, None, 0, 100)
        explorer.facets(question, {})
    assert [text for text in store.texts if not any(name in text for name in NAMING)] == []


def test_what_is_kept_is_what_would_be_answered(built: Path, explorer: Explorer) -> None:
    """With answers that are kept and without, each list and each facet is the same."""
    kept = Explorer(disk.open_store(built), LIBRARY)
    for question in COLLECTIONS:
        assert kept.ask(question, {}) == explorer.ask(question, {})
        assert kept.facets(question, {}) == explorer.facets(question, {})
        assert list(kept.identities(question, {})) == list(explorer.identities(question, {}))
    assert kept.matrix("subthemes", "period") == explorer.matrix("subthemes", "period")


def test_a_store_without_answers_is_asked(store: Store, tmp_path: Path) -> None:
    """In memory nothing is kept beside the store, and on a disk nothing need be."""
    assert Answers.of(store) == Answers()
    assert Answers.of(Store(tmp_path / "quads-none", 0)) == Answers()


def test_answers_go_with_their_store(tmp_path: Path) -> None:
    """Where a store is built anew, the answers are those of the new one, and the old ones go with the old one."""
    (tmp_path / "one.ttl").write_text("<urn:s> <urn:p> 1 .", encoding="utf-8")
    for number in range(3):
        kept = Answers(columns={"number": f"urn:{number}"})
        disk.build([tmp_path / "one.ttl"], tmp_path / "store", answer=lambda store, kept=kept: kept)  # type: ignore[misc]  # bound now
        assert Answers.of(disk.open_store(tmp_path / "store")) == kept
    assert len(list((tmp_path / "store").glob("quads-*.json"))) == 2
