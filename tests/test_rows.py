"""Tests of rows as models."""

from typing import NoReturn

import pyoxigraph as ox
import pytest

from pswonto.models import Anomaly, Gap, Implication, Level, Route
from pswonto.namespaces import PREFIXES, Names
from pswonto.rows import Row, Things, read


def row(**values: str) -> Row:
    """Return a row of a solution, with an IRI where a value looks like one and a literal where it does not."""
    names = {name for name, text in values.items() if "://" in text and " " not in text}
    return {name: ox.NamedNode(text) if name in names else ox.Literal(text) for name, text in values.items()}


FIRST, SECOND = PREFIXES["factor"] + "first", PREFIXES["factor"] + "second"
LEVEL = PREFIXES["level"] + "macro"


@pytest.fixture
def things() -> Things:
    """Return three things, of which the second comes first."""
    known = {
        FIRST: row(thing=FIRST, label="First", order="2"),
        SECOND: row(thing=SECOND, label="Second", order="1"),
        LEVEL: row(thing=LEVEL),
    }
    return Things(lambda asked: [known[thing] for thing in asked if thing in known], Names())


def no_statement(iri: str) -> NoReturn:
    """Be what returns a statement where there is none."""
    raise AssertionError(iri)


def test_things_have_an_order(things: Things) -> None:
    """Lists of things come in the order of all things, and what is unknown comes last."""
    other = "https://example.org/z"
    assert things.ordered([other, LEVEL, FIRST, SECOND]) == [SECOND, FIRST, LEVEL, other]
    assert LEVEL in things
    assert other not in things
    assert things.label(LEVEL) == "level:macro"
    assert things.reference(FIRST).label == "First"


def test_members_are_read_from_variables_of_their_name(things: Things) -> None:
    """Texts, numbers, lists of texts and lists of things are what the model says."""
    found = read(
        Level,
        row(
            level=LEVEL,
            label="Macro level",
            definition="What is far",
            levelDescription="One line; another",
            tableOrdinal="1",
            factors=f"{FIRST} {SECOND}",
        ),
        "level",
        things,
        no_statement,
    )
    assert (found.iri, found.slug, found.table_ordinal) == (LEVEL, "macro", 1)
    assert found.level_description == ("One line", "another")
    assert [factor.slug for factor in found.factors] == ["second", "first"]


def test_what_is_absent_is_none_or_empty(things: Things) -> None:
    """A variable without a value is nothing, or a list without anything in it."""
    found = read(
        Anomaly,
        row(
            anomaly=PREFIXES["anomaly"] + "a",
            label="A",
            hasAnomalyKind=FIRST,
            resolution="likely",
            basis="So",
        ),
        "anomaly",
        things,
        no_statement,
    )
    assert (found.located_in, found.printed_as, found.affects) == (None, None, ())
    assert found.has_anomaly_kind.label == "First"


def test_a_passage_is_told_with_its_place(things: Things) -> None:
    """Where a thing stands in the review is told with heading and number."""
    passage = PREFIXES["passage"] + "p-2"
    values = {
        "label": "A",
        "paraphrase": "B",
        "locatedIn": passage,
        "sectionHeading": "Discussion",
        "paragraphOrdinal": "2",
        "checkedByPerson": "false",
    }
    gap = read(Gap, row(gap="https://w3id.org/pswonto/gap/a", **values), "gap", things, no_statement)
    assert (gap.located_in.slug, gap.located_in.section_heading, gap.located_in.paragraph_ordinal) == (
        "p-2",
        "Discussion",
        2,
    )
    assert gap.checked_by_person is False
    more = row(implication="https://w3id.org/pswonto/implication/a", addressee="policy", **values)
    assert read(Implication, more, "implication", things, no_statement).addressee == "policy"


def test_steps_stay_in_their_order(things: Things) -> None:
    """A way is told as it is gone."""
    found = read(Route, row(steps=f"{FIRST} {SECOND}", length="2"), "steps", things, no_statement)
    assert [step.slug for step in found.steps] == ["first", "second"]
    assert found.identity == "first second"
