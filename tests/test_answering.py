"""Tests of lists and of their parts, on the real data."""

from typing import Any

import pytest

from pswonto import answering, catalogue
from pswonto.explorer import Explorer
from pswonto.models import Study
from pswonto.queries import QueryLibrary
from pswonto.questions import ACTIVITIES, COLLECTIONS, REVIEWS, STATEMENTS, STUDIES, WORKS, Question
from pswonto.store import Store

LONG = [question for question in COLLECTIONS if question.long]


def counted(explorer: Explorer, question: Question[Any], values: dict[str, list[str]]) -> dict[str, int]:
    """Return how many items of a list have each polarity among their statements, counted one by one."""
    found: dict[str, set[str]] = {}
    for item in explorer.ask(question, values):
        statements = item.statements if isinstance(item, Study) else [item]
        for statement in statements:
            found.setdefault(statement.has_polarity.slug, set()).add(item.iri)
    return {polarity: len(items) for polarity, items in found.items()}


@pytest.mark.parametrize(
    ("question", "values"),
    [
        pytest.param(question, values, id=f"{question.name}-{values}")
        for question in COLLECTIONS
        for values in ({}, {"q": ["peer"]})
        if not values or question not in (REVIEWS, ACTIVITIES)
    ],
)
def test_a_part_is_a_piece_of_the_whole(
    question: Question[Any], values: dict[str, list[str]], explorer: Explorer
) -> None:
    """In each order, the items from a place on are those of the whole list, and so is how many there are."""
    for order in (None, question.orders[0], f"-{question.orders[-1]}"):
        whole = explorer.ask(question, values, order)
        assert explorer.part(question, values, order, 2, 3) == whole[2:5]
        assert list(explorer.identities(question, values, order)) == [item.identity for item in whole]
        assert explorer.total(question, values) == len(whole)


@pytest.mark.parametrize("question", [STATEMENTS, STUDIES], ids=lambda question: question.name)
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"factor": ["psw-wellbeing"]},
        {"q": ["peer"]},
        {"country": ["us"], "yearFrom": ["2010"]},
        {"polarity": ["barrier"]},
    ],
    ids=str,
)
def test_a_facet_counts_items(question: Question[Any], values: dict[str, list[str]], explorer: Explorer) -> None:
    """The numbers of a facet are those that whoever counts the items has, its own filter left aside."""
    others = {name: texts for name, texts in values.items() if name != "polarity"}
    told = {facet.value: facet.count for facet in explorer.facet(question, values, "polarity")}
    assert told == counted(explorer, question, others)


def test_long_lists_are_those_that_grow_with_the_review(explorer: Explorer) -> None:
    """Statements, studies and works are looked up page by page, and their queries say what they show."""
    assert [question.name for question in LONG] == ["studies", "works", "statements"]


def test_of_many_choices_those_that_leave_most_are_told(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are more values than can be listed, the first by their numbers are listed, in the order of things."""
    whole = explorer.facet(STATEMENTS, {}, "study")
    monkeypatch.setattr(answering, "LISTED", 3)
    some = explorer.facet(STATEMENTS, {}, "study")
    assert len(some) == 3 < len(whole)
    assert min(facet.count for facet in some) >= max(facet.count for facet in whole if facet not in some)
    assert [facet for facet in whole if facet in some] == list(some)


def test_a_page_needs_no_more_than_can_be_asked_at_once(explorer: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many items are looked up in several steps, and are the same."""
    whole = explorer.part(WORKS, {}, None, 0, 50)
    monkeypatch.setattr(answering, "LISTED", 7)
    assert explorer.part(WORKS, {}, None, 0, 50) == whole


def test_what_is_too_much_to_be_listed_is_found_all_the_same(
    store: Store, library: QueryLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind with very many things is not enumerated, and each of them can be asked for by its slug."""
    monkeypatch.setattr(catalogue, "LISTED", 50)
    explorer = Explorer(store, library)
    values = {one.name: one.values for one in explorer.parameters(explorer.query("statements"))}
    assert values["study"] == ()
    assert values["level"] == ("macro", "meso", "micro")
    assert len(explorer.statements(study="byrne-2016")) > 0
    assert explorer.study("byrne-2016").key == "byrne-2016"


@pytest.mark.parametrize("kind", ["level", "theme", "work", "statement", "passage", "polarity", "anomaly"])
def test_the_things_of_a_kind_are_all_that_have_its_namespace(kind: str, explorer: Explorer) -> None:
    """What is listed of a kind is what the stored query for all things has in its namespace, in that order."""
    kinds = ("factor", "subtheme", "detail") if kind == "theme" else (kind,)
    things = [row["thing"].value for row in explorer.select("things").rows]
    listed = [thing for one in kinds for thing in things if thing.startswith(f"https://w3id.org/pswonto/{one}/")]
    assert explorer.things_of(*kinds) == listed
