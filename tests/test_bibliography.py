"""Tests of works as reference managers read them: what is written parses back to what it was."""

import json
import re
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from pswonto.bibliography import bibtex, csl, csl_json, ris
from pswonto.explorer import Explorer
from pswonto.models import Work


@pytest.fixture(scope="module")
def works(explorer: Explorer) -> list[Work]:
    """Return the whole reference list."""
    return explorer.works()


@pytest.fixture(scope="module")
def items(works: list[Work]) -> dict[str, dict[str, Any]]:
    """Return the items of CSL-JSON, by key."""
    return {item["id"]: item for item in csl(works)}


def test_csl_says_all_that_the_works_say(works: list[Work], items: dict[str, dict[str, Any]]) -> None:
    """Each work is an item with its authors, year, title, pages and registered DOI."""
    assert len(items) == len(works) == 82
    for work in works:
        item = items[work.key]
        assert item["title"] == work.title
        assert item["issued"] == {"date-parts": [[work.publication_year]]}
        assert item.get("DOI") == work.doi
        names = [name.get("literal") or f"{name['family']}, {name['given']}" for name in item["author"]]
        assert tuple(names) == work.author_names
        assert None not in item.values()
    assert json.loads(csl_json(works)) == list(items.values())


def test_people_and_organizations_are_told_apart(items: dict[str, dict[str, Any]]) -> None:
    """Who has initials is a person, also with a hyphen in them; the seven others are organizations."""
    literal = {name["literal"] for item in items.values() for name in item["author"] if "literal" in name}
    assert len(literal) == 7
    assert "Mental Health Commission of Canada" in literal
    assert {"family": "Martin", "given": "M.-L."} in items["forchuk-2005"]["author"]


def test_bibtex_parses_back(works: list[Work], items: dict[str, dict[str, Any]]) -> None:
    """A parser finds the same keys, authors, titles, years, pages and DOIs."""
    library = parse_string(bibtex(works))
    assert library.failed_blocks == []
    entries = {entry.key: entry for entry in library.entries}
    assert set(entries) == set(items)
    for key, item in items.items():
        fields = {name: field.value for name, field in entries[key].fields_dict.items()}
        assert unescaped(fields["title"]) == item["title"]
        assert fields["year"] == str(item["issued"]["date-parts"][0][0])
        assert fields.get("doi") == item.get("DOI")
        assert fields.get("pages", "").replace("--", "-") == item.get("page", "")
        names = [name.get("literal") or f"{name['family']}, {name['given']}" for name in item["author"]]
        assert [unescaped(name) for name in re.split(r" and (?![^{]*\})", fields["author"])] == names


def unescaped(text: str) -> str:
    """Return a value of BibTeX as a reader sees it."""
    return re.sub(r"\\([&%$#_{}])", r"\1", text.removeprefix("{").removesuffix("}"))


def test_what_is_special_in_bibtex_is_escaped(works: list[Work]) -> None:
    """A title with every special character is one field, and parses."""
    title = r"50% of {A} & B_C #1 \ $2 ~ ^"
    library = parse_string(bibtex([works[0].model_copy(update={"title": title})]))
    assert library.failed_blocks == []
    (entry,) = library.entries
    assert entry["title"] == r"{50\% of \{A\} \& B\_C \#1 \textbackslash{} \$2 \textasciitilde{} \textasciicircum{}}"


def test_ris_parses_back(works: list[Work], items: dict[str, dict[str, Any]]) -> None:
    """A parser finds the same records."""
    records = {record["id"]: record for record in rispy.loads(ris(works))}
    assert set(records) == set(items)
    for key, item in items.items():
        record = records[key]
        assert record["title"] == item["title"]
        assert record["year"] == str(item["issued"]["date-parts"][0][0])
        assert record.get("doi") == item.get("DOI")
        assert "-".join(filter(None, (record.get("start_page"), record.get("end_page")))) == item.get("page", "")
        names = [name.get("literal") or f"{name['family']}, {name['given']}" for name in item["author"]]
        assert record["authors"] == names
