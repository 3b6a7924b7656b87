"""Tests of what pages tell search engines."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pswonto.explorer import Explorer
from pswonto.namespaces import Names
from pswonto.web.structured_data import dataset_description, defined_term

TYPES = {
    "/": "Dataset",
    "/factor/psw-wellbeing": "DefinedTerm",
    "/terms/Factor": "DefinedTerm",
    "/work/byrne-2016": "ScholarlyArticle",
    "/statement/0001": "Claim",
}


def data(html: str) -> Any:
    """Return the data inside a page."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


@pytest.mark.parametrize("path", TYPES)
def test_a_page_tells_what_it_is_about(path: str, client: TestClient) -> None:
    """The data has the type of the thing and its IRI, and names no context that must be fetched."""
    found = data(client.get(path, headers={"Accept": "text/html"}).text)
    assert found["@context"] == {"@vocab": "https://schema.org/"}
    assert found["@type"] == TYPES[path]
    assert found["@id"].startswith("https://w3id.org/pswonto")


def test_the_dataset_has_its_files(explorer: Explorer) -> None:
    """Each distribution has a format and an address."""
    released = datetime(2026, 11, 23, tzinfo=UTC)
    found = data(str(dataset_description(Names(), explorer.subject, explorer.reviews(), released)))
    assert len(found["distribution"]) == 4
    assert found["dateModified"] == "2026-11-23"
    assert [review["sameAs"] for review in found["isBasedOn"]] == ["https://doi.org/10.1007/s10488-021-01186-8"]


def test_a_text_does_not_end_the_element() -> None:
    """What looks like a tag stays a text."""
    script = str(defined_term(Names(), "https://w3id.org/pswonto/x", "</script><b>", None))
    assert script.count("</script>") == 1
    assert data(script)["name"] == "</script><b>"
