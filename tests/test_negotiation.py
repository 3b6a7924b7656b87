"""Tests of content negotiation, driven by a table of headers."""

import csv
from pathlib import Path

import pytest

from pswonto.negotiation import choose

with (Path(__file__).parent / "data" / "web" / "accept.tsv").open(encoding="utf-8", newline="") as table:
    CASES = list(csv.DictReader(table, delimiter="\t"))


def test_there_are_cases() -> None:
    """The table is found and full."""
    assert len(CASES) > 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["accept"] or "nothing")
def test_a_header_gets_what_the_table_says(case: dict[str, str]) -> None:
    """For each Accept header, the expected one of the formats on offer is chosen, or none."""
    assert choose(case["accept"], case["offered"].split()) == (case["expected"] or None)


def test_no_header_gets_the_first_on_offer() -> None:
    """Whoever asks for nothing in particular gets the preferred format."""
    assert choose(None, ["text/turtle", "application/ld+json"]) == "text/turtle"
