"""Tests of the competency questions: each is answered by the served dataset as it was by reading the review."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from pswonto import resources
from pswonto.namespaces import contract
from pswonto.queries import Query, QueryLibrary, Term
from pswonto.store import Store

QUESTIONS = {query.name: query for query in QueryLibrary(resources.queries_directory() / "competency")}
ANSWERS = Path(__file__).parent / "competency"


def answer(query: Query, store: Store) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return the columns and the sorted rows of a query, with IRIs written short."""
    solutions = store.select(query.text)
    return list(solutions.variables), sorted(written(row, solutions.variables) for row in solutions.rows)


def written(row: Mapping[str, Term], names: tuple[str, ...]) -> tuple[str, ...]:
    """Write one row as the files of answers do."""
    return tuple(contract(row[name].value) if name in row else "" for name in names)


def test_there_are_at_least_forty_questions_each_with_its_answer() -> None:
    """Each question has a file of expected rows, each file a question, and the names are numbered without a hole."""
    assert len(QUESTIONS) >= 40
    assert {path.stem for path in ANSWERS.glob("*.tsv")} == set(QUESTIONS)
    assert [name[:4] for name in sorted(QUESTIONS)] == [f"cq{number:02d}" for number in range(1, len(QUESTIONS) + 1)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_a_question(name: str) -> None:
    """The header of each asks something, in one sentence, and its rows have an order."""
    assert QUESTIONS[name].summary.endswith("?")
    assert "ORDER BY" in QUESTIONS[name].text or len(read(name)) <= 2


def read(name: str) -> list[list[str]]:
    """Read a file of expected rows, with its line of columns."""
    with (ANSWERS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_dataset_answers_as_the_review_does(name: str, store: Store) -> None:
    """The rows are those that reading the review gave: none is missing, none is too many."""
    expected, *rows = read(name)
    assert answer(QUESTIONS[name], store) == (expected, sorted(tuple(row) for row in rows))


def test_unanswerable_questions_say_so() -> None:
    """A question without an answer says why in its description, and where the review is silent, that it is."""
    empty = {name for name in QUESTIONS if len(read(name)) == 1}
    assert empty
    assert all(QUESTIONS[name].description for name in empty)
    assert sum("The review does not say" in query.description for query in QUESTIONS.values()) >= 3
