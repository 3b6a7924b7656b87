"""Tests of the entries of files of references."""

import json
from typing import Any

import pytest

from pswonto.curating.entries import READERS, name
from pswonto.errors import Fault

ITEM = {
    "id": "a",
    "type": "book",
    "author": [{"family": "Seed", "given": "Sue"}],
    "title": "T",
    "issued": {"date-parts": [[2024]]},
}


def entry(**said: Any) -> tuple[dict[str, Any] | None, list[str]]:
    """Return an item of CSL-JSON, given what it has in place of what is right, and what is wrong with it."""
    faults: list[Fault] = []
    found = list(READERS[".json"]("a.json", json.dumps([ITEM | said]), faults))
    return (found[0] if found else None), [fault.sentence() for fault in faults]


def test_names_have_initials() -> None:
    """Given names become initials; what has them stays, and so does an organization with a comma."""
    assert name("Seed", "Sue Ann") == "Seed, S. A."
    assert name("Seed", "S.-A. B.") == "Seed, S.-A. B."
    assert name("Office of Gardens, Region", "") == "Office of Gardens, Region"
    assert name("Office", "Region of the North") == "Office, Region of the North"


@pytest.mark.parametrize(
    "issued",
    [
        {"date-parts": [["2024", 5]]},
        {"date-parts": [2024]},
        {"raw": "2024"},
        {"date-parts": [[None]], "literal": "2024"},
        [2024],
        "2024",
        2024,
    ],
)
def test_the_year_is_found_where_programs_write_it(issued: object) -> None:
    """As a number or a text, in the parts of a date, or as it was printed."""
    found, faults = entry(issued=issued)
    assert found is not None
    assert (found["year"], faults) == ("2024", [])


@pytest.mark.parametrize("issued", [None, {}, {"date-parts": None}, {"date-parts": [[]]}, {"raw": {}}, True])
def test_a_date_that_is_none_has_no_year(issued: object) -> None:
    """It is for the reader of the entry to say that the year is missing."""
    found, _ = entry(issued=issued)
    assert found is not None
    assert found["year"] == ""


@pytest.mark.parametrize("title", ["T", ["T"]])
def test_texts_may_be_lists_of_one_or_absent(title: object) -> None:
    """As what Crossref answers has them."""
    found, faults = entry(title=title, volume=7, URL=None, publisher=None)
    assert found is not None
    assert ([found[one] for one in ("title", "volume", "address", "publisher")], faults) == (["T", "7", "", ""], [])


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"title": {}}, "a.json, column title, cell a: title is no text: {}"),
        ({"publisher": ["x", "y"]}, 'column publisher, cell a: publisher is no text: ["x", "y"]'),
        ({"author": "Seed"}, "column author, cell a: the authors are no list of names, each with family and given"),
        ({"author": ["Seed"]}, 'or literal: ["Seed"]'),
        ({"author": [{"family": {}}]}, "the authors are no list of names"),
        ({"id": "\ud800"}, "the key of item 1 holds U+D800 (no character)"),
    ],
)
def test_what_is_of_another_kind_is_told(said: dict[str, object], fault: str) -> None:
    """What CSL has as a text or as names, and is neither."""
    _, faults = entry(**said)
    assert len(faults) == 1
    assert fault in faults[0]
