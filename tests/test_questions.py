"""Tests that each question fits its stored query and its model."""

from typing import Any

import pytest

from pswonto import resources
from pswonto.models import StoredQuery
from pswonto.queries import QueryLibrary, ordered
from pswonto.questions import COLLECTIONS, COVERAGE, PATHS, QUERIES, SEARCH, Question
from pswonto.store import Store

QUESTIONS = (*COLLECTIONS, QUERIES, PATHS, COVERAGE, SEARCH)
LIBRARY = QueryLibrary(resources.queries_directory() / "explore")


@pytest.fixture(scope="module", params=QUESTIONS, ids=lambda question: question.name)
def question(request: pytest.FixtureRequest) -> Any:
    """Return each question."""
    return request.param


def test_the_query_has_what_the_model_tells(question: Question[Any], store: Store) -> None:
    """Each member of the model is a variable of the query, and so is each that lists are ordered or counted by."""
    variables = set(store.select(LIBRARY[question.name].text).variables)
    assert {question.variable, *question.orders, *question.facets.values()} <= variables
    if question.model is not StoredQuery:
        members = {field.alias for field in question.model.model_fields.values()}
        assert members - {"iri", "slug"} <= variables


def test_filters_are_parameters(question: Question[Any], store: Store) -> None:
    """Each filter with a facet is a parameter of the query, and each that is passed on is one of the evidence."""
    parameters = {parameter.name for parameter in LIBRARY[question.name].parameters}
    evidence = {parameter.name for parameter in LIBRARY["evidence"].parameters}
    assert {*question.facets, *question.evidence, *question.renamed, *question.own} <= parameters
    assert {question.renamed.get(name, name) for name in question.evidence} <= evidence
    variables = set(store.select(LIBRARY["evidence"].text).variables)
    assert {question.counted, *question.evidence.values()} - {""} <= variables
    assert bool(question.counted) == bool(question.evidence)


def test_the_query_has_one_row_for_each_item(question: Question[Any], store: Store) -> None:
    """No item has two rows, and the last line of the query orders them, so that pages can be cut."""
    text = LIBRARY[question.name].text
    assert text.rstrip().splitlines()[-1].startswith("ORDER BY ")
    rows = [row[question.variable].value for row in store.select(text).rows]
    assert len(rows) == len(set(rows)) > 0
    part = store.select(ordered(text, f"DESC(?{question.orders[0]})", 2, 1)).rows
    # There is one review so far, and more than two of all else.
    assert len(part) == min(2, len(rows) - 1)
    assert len(part) == 2 or question.name == "reviews"
    values = [row[question.orders[0]].value for row in part]
    assert values == sorted(values, reverse=True)
