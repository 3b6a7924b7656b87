"""Tests of the REST API on the real data."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from pswonto.namespaces import PREFIXES
from pswonto.web.rest import BASE_PATH

COLLECTIONS = {"levels": 3, "factors": 9, "studies": 40, "works": 82, "influences": 30}


def fetch(client: TestClient, path: str) -> Any:
    """Return the JSON of a resource of the API."""
    response = client.get(BASE_PATH + path)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    return response.json()


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_collection_is_whole(name: str, client: TestClient) -> None:
    """A collection has all its items and their number."""
    body = fetch(client, f"/{name}")
    assert body["total"] == len(body["items"]) == COLLECTIONS[name]


def test_studies_of_a_factor_are_those_of_sparql(client: TestClient) -> None:
    """The mission's question has one answer over REST and over SPARQL, for every factor."""
    answered = 0
    for factor in fetch(client, "/factors")["items"]:
        query = f"SELECT ?s {{ ?s <{PREFIXES['pswo']}supports> <{factor['iri']}> }}"
        bindings = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        items = fetch(client, f"/factors/{factor['slug']}/studies")["items"]
        assert {item["iri"] for item in items} == {binding["s"]["value"] for binding in bindings}
        assert len(items) == factor["studies"]
        answered += len(items)
    assert answered > 30


def test_each_study_of_a_factor_has_its_statements(client: TestClient) -> None:
    """A study comes with polarity, theme, paraphrase and passage of each statement that cites it."""
    for item in fetch(client, "/factors/regulatory-and-political-factors/studies")["items"]:
        assert item["statements"]
        for statement in item["statements"]:
            assert statement["polarity"] in {"barrier", "enabler", "conditional", "descriptive"}
            assert statement["aboutTheme"]["label"]
            assert statement["paraphrase"]
            assert statement["locatedIn"]["sectionHeading"]
            assert item["key"] in statement["citesWork"]


def test_one_study_is_told_by_its_key(client: TestClient) -> None:
    """A study has its bibliography in the names of the ontology."""
    study = fetch(client, "/studies/berry-2011")
    assert (study["publicationYear"], study["doi"]) == (2011, "10.1108/17465721111188269")
    assert study["authorNames"] == ["Berry, C.", "Hayward, M. I.", "Chandler, R."]


def test_one_factor_is_told_by_its_slug(client: TestClient) -> None:
    """A factor has its sub-themes in the order of the table."""
    factor = fetch(client, "/factors/psw-wellbeing")
    assert [sub_theme["slug"] for sub_theme in factor["subThemes"]] == ["emotional-involvement", "self-care"]
    assert factor["placedAtLevel"]["slug"] == "micro"


@pytest.mark.parametrize("path", [*(f"/{name}" for name in COLLECTIONS), "/factors/psw-wellbeing/studies"])
def test_an_answer_names_its_query(path: str, client: TestClient) -> None:
    """The query behind an answer runs on the endpoint as the link has it."""
    link = client.get(BASE_PATH + path).headers["link"]
    match = re.fullmatch(r'<(/sparql\?query=.*)>; rel="via"', link)
    assert match is not None
    assert "SELECT" in unquote(match[1])
    assert client.get(match[1]).status_code == 200


@pytest.mark.parametrize("name", COLLECTIONS)
def test_an_unknown_parameter_is_refused(name: str, client: TestClient) -> None:
    """A filter that does not exist is not passed over in silence."""
    assert client.get(f"{BASE_PATH}/{name}?levle=macro").status_code == 400


def test_head_has_no_body(client: TestClient) -> None:
    """HEAD is answered on every resource."""
    response = client.head(f"{BASE_PATH}/levels")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("path", ["works", "studies", "studies/byrne-2016", "factors/psw-wellbeing/studies"])
@pytest.mark.parametrize(
    ("media_type", "name", "beginning"),
    [
        ("application/x-bibtex", "bib", "@"),
        ("application/x-research-info-systems", "ris", "TY  - "),
        ("application/vnd.citationstyles.csl+json", "csl.json", "["),
    ],
)
def test_works_come_as_references(path: str, media_type: str, name: str, beginning: str, client: TestClient) -> None:
    """By Accept or by `format`, works are a file for a reference manager, with as many entries as the list has."""
    answer = client.get(f"/api/v1/{path}", headers={"Accept": media_type})
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert answer.text.startswith(beginning)
    assert answer.headers["content-disposition"].endswith(f'.{name}"')
    assert 'rel="via"' in answer.headers["link"]
    assert "Accept" in answer.headers["vary"]
    assert client.get(f"/api/v1/{path}", params={"format": name}).content == answer.content
    listed = client.get(f"/api/v1/{path}").json()
    assert len(re.findall(r"^@|^TY  - |^ {2}\"id\": ", answer.text, re.MULTILINE)) == listed.get("total", 1)


def test_a_format_of_references_that_is_none_is_told(client: TestClient) -> None:
    """An unknown name is 400, and a media type that there is not is 406, each with those that there are."""
    assert "bib, ris, csl.json" in client.get("/api/v1/works?format=docx").json()["detail"]
    refused = client.get("/api/v1/works", headers={"Accept": "image/png"})
    assert refused.status_code == 406
    assert "application/x-bibtex" in refused.json()["offered"]
