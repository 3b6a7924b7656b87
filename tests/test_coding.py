"""Tests of what the spreadsheet of coded statements may hold."""

from pathlib import Path

import pytest

from pswonto import dataset, resources
from pswonto.curating.coding import COLUMNS, NAMES, Known, Place, offered, orcid
from pswonto.dataset import Dataset
from pswonto.queries import QueryLibrary

REVIEW = "https://w3id.org/pswonto/work/mirbahaeddin-2022"


@pytest.fixture(scope="module")
def known(asserted: Dataset) -> Known:
    """Return what the real data has that a row can name."""
    return Known(asserted.store, QueryLibrary(resources.queries_directory() / "curating"))


@pytest.mark.parametrize(
    "text",
    ["stigma", "Stigma", "STIGMA", "subtheme:stigma", "https://w3id.org/pswonto/subtheme/stigma"],
)
def test_a_thing_is_named_in_several_ways(text: str, known: Known) -> None:
    """By its slug, its label, a prefixed name, or its IRI."""
    assert known.find("theme", text) == "https://w3id.org/pswonto/subtheme/stigma"
    assert known.find("polarity", text) is None


def test_a_label_does_not_hide_what_another_thing_is_named_by(tmp_path: Path) -> None:
    """What is exported means the same when it is imported, whatever things are called."""
    path = tmp_path / "framework.ttl"
    path.write_text(
        """PREFIX pswo: <https://w3id.org/pswonto#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        <https://w3id.org/pswonto/subtheme/access> a pswo:SubTheme ; rdfs:label "Stigma"@en .
        <https://w3id.org/pswonto/subtheme/stigma> a pswo:SubTheme ; rdfs:label "Access"@en .""",
        encoding="utf-8",
    )
    known = Known(dataset.read([path]).store, QueryLibrary(resources.queries_directory() / "curating"))
    assert [known.find("theme", known.slug(iri, "theme")) for iri in known.iris("theme")] == known.iris("theme")


def test_a_statement_is_the_row_that_it_came_from(known: Known) -> None:
    """Each statement has its cells, in the order of the columns, with short names."""
    assert len(known.statements) == 124
    cells = dict(zip(NAMES, known.cells(known.statements["https://w3id.org/pswonto/statement/0027"]), strict=True))
    assert cells["statement"] == "0027"
    assert (cells["sectionHeading"], cells["paragraphOrdinal"]) == ("Regulatory & Political Context", "4")
    assert (cells["hasPolarity"], cells["aboutTheme"], cells["citesWork"]) == (
        "enabler",
        "political-commitment",
        "burr-2020",
    )
    assert cells["checkedBy"] == cells["checkedOn"] == ""


def test_passages_are_found_by_where_they_are(known: Known) -> None:
    """All paragraphs are known, and that their words were compared with the review."""
    assert len(known.passages) == 71
    passage = known.passages[Place(REVIEW, "PSW Wellbeing", 1)]
    assert passage.iri.endswith("/psw-wellbeing-1")
    assert passage.is_compared
    assert passage.citations > 3


def test_lists_offer_what_there_is(known: Known) -> None:
    """Columns that name things, and those of a few texts, have lists; free texts have none."""
    lists = offered(known)
    assert lists["hasPolarity"] == ["barrier", "conditional", "descriptive", "enabler"]
    assert lists["confidence"] == ["high", "medium", "low"]
    assert len(lists["aboutTheme"]) == 39
    assert len(lists["citesWork"]) == 82
    assert "PSW Wellbeing" in lists["sectionHeading"]
    assert not {"paraphrase", "statement", "paragraphOrdinal", "checkedBy"} & set(lists)
    assert all(column.note for column in COLUMNS)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("https://orcid.org/0000-0002-1694-233X", "https://orcid.org/0000-0002-1694-233X"),
        ("0000-0002-1825-0098", None),
        ("0000-0002-1694-2330", None),
        ("0000000218250097", None),
        ("https://example.org/0000-0002-1825-0097", None),
    ],
)
def test_an_orcid_has_digits_that_fit(text: str, iri: str | None) -> None:
    """The last digit is that of ISO 7064, MOD 11-2."""
    assert orcid(text) == iri
