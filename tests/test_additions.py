"""Tests of what an import adds, as triples."""

from datetime import date

import pytest

from pswonto.curating import additions
from pswonto.curating.coding import Coded, Passage, Place
from pswonto.curating.references import Reference
from pswonto.namespaces import Names

BASE = "https://w3id.org/pswonto"
PLACE = Place(f"{BASE}/work/roe-2020", "Pay & Hours", 2)
PASSAGE = Passage(f"{BASE}/passage/pay-and-hours-2", PLACE, "Results", 7, False, 0)


def said(thing: additions.Thing) -> dict[str, list[str]]:
    """Return what is said of a thing, by the last part of each property."""
    found: dict[str, list[str]] = {}
    for quad in thing.quads(f"{BASE}/evidence"):
        found.setdefault(quad.predicate.value.split("#")[-1].split("/")[-1], []).append(str(quad.object))
    return found


@pytest.mark.parametrize(
    ("text", "slug"), [("Pay & Hours", "pay-and-hours"), ("Évaluation  (2)", "evaluation-2"), ("—", "")]
)
def test_a_heading_becomes_a_part_of_an_iri(text: str, slug: str) -> None:
    """Small letters and digits, with hyphens between."""
    assert additions.slug(text) == slug


def test_a_statement_has_all_that_ours_have() -> None:
    """Label, definition, paraphrase, codes and place; nobody has checked it."""
    values = {"paraphrase": ("It says so.",), "citesWork": ("urn:a", "urn:b"), "confidence": ("low",)}
    found = said(additions.statement(f"{BASE}/statement/0009", Coded(None, PLACE, values), PASSAGE))
    assert found["label"] == ['"Statement 9"@en']
    assert additions.WRITTEN.fullmatch(found["definition"][0].strip('"').removesuffix('"@en'))
    assert "paragraph 2 below the heading Pay & Hours, credited to 2 works." in found["definition"][0]
    assert (found["paraphrase"], found["citesWork"]) == (['"It says so."@en'], ["<urn:a>", "<urn:b>"])
    assert (found["confidence"], found["locatedIn"]) == (['"low"'], [f"<{PASSAGE.iri}>"])
    assert found["checkedByPerson"][0].startswith('"false"')
    assert found["isDefinedBy"] == [f"<{BASE}/evidence>"]


def test_a_work_that_shares_its_key_has_a_letter_in_its_label() -> None:
    """The label ends as the IRI does, and the printed form is a reference."""
    reference = Reference("k", "JournalArticle", ("Roe, R.", "Doe, J."), 2020, "Title?", "Journal", "1", "2", "3", None)
    found = said(additions.work(f"{BASE}/work/roe-2020b", reference, "s.bib", False, True))
    assert found["label"] == ['"Roe & Doe 2020b"@en']
    assert found["printedAs"] == ['"Roe, R., Doe, J. (2020). Title? Journal, 1(2), 3."']
    assert found["source"] == ['"s.bib, entry k"']
    review = said(additions.work(f"{BASE}/work/roe-2020", reference, "s.bib", True, False))
    assert f"<{BASE}#Review>" in review["type"]
    assert "printedAs" not in review


def test_a_citation_is_printed_with_a_comma() -> None:
    """The label of a work becomes the citation of it."""
    found = said(additions.citation(Names(), PASSAGE, f"{BASE}/work/roe-2020b", "Roe & Doe 2020b", 3))
    assert found["printedAs"] == ['"Roe & Doe, 2020b"']
    assert found["citationOrdinal"][0].startswith('"3"')


def test_an_activity_tells_who_when_and_how() -> None:
    """Two imports on one day have different names."""
    one, other = (
        said(additions.activity(f"{BASE}/activity/x", "a.csv", "A. Coder", "hand", date(2026, 11, 25), number))
        for number in (1, 2)
    )
    assert (one["creator"], one["codingMethod"]) == (['"A. Coder"'], ['"hand"'])
    assert one["date"][0].startswith('"2026-11-25"')
    assert one["label"] != other["label"]
    assert one["definition"] != other["definition"]
