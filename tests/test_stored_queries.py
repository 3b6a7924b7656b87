"""Tests of the stored queries over HTTP."""

import csv
import io
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from pswonto import resources
from pswonto.queries import QueryLibrary

STORED = {query.name: query for query in QueryLibrary(*resources.library_directories())}
PATH = "/api/v1/queries"
FACTOR = "regulatory-and-political-factors"


@pytest.fixture(scope="module")
def described(client: TestClient) -> Any:
    """Return the operations of the description, by path."""
    return client.get("/openapi.json").json()["paths"]


def test_all_queries_are_listed(client: TestClient) -> None:
    """Each file of a query is an item, with its question, its text, and what its parameters may be."""
    listed = client.get(PATH).json()
    assert listed["total"] == len(STORED) > 60
    items = {item["name"]: item for item in listed["items"]}
    assert {name: item["text"] for name, item in items.items()} == {name: query.text for name, query in STORED.items()}
    (factor,) = items["studies-of-factor"]["parameters"]
    assert (factor["name"], factor["type"]) == ("factor", "factor")
    assert len(factor["values"]) == 9
    assert FACTOR in factor["values"]
    assert items["studies"]["iri"] == "https://w3id.org/pswonto/query/studies"


@pytest.mark.parametrize("name", STORED)
def test_each_query_is_described_and_answers(name: str, described: Any, client: TestClient) -> None:
    """It runs as it stands, in each format that its description tells, which has its question and its parameters."""
    operation = described[f"{PATH}/{name}"]["get"]
    assert operation["summary"] == STORED[name].summary
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert names == [*(parameter.name for parameter in STORED[name].parameters), "format"]
    media_types = list(operation["responses"]["200"]["content"])
    assert media_types
    for media_type in media_types:
        answer = client.get(f"{PATH}/{name}", headers={"Accept": media_type})
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, media_type)


def test_the_query_behind_an_answer_gives_the_same(client: TestClient) -> None:
    """The link of an answer leads to the endpoint, with the values in their places, and to what the query is."""
    answer = client.get(f"{PATH}/studies-of-factor", params={"factor": FACTOR, "format": "csv"})
    via, described_by = answer.headers["link"].split(", <")
    target = via[1:].split(">;")[0]
    assert f"VALUES ?factor {{ <https://w3id.org/pswonto/factor/{FACTOR}> }}" in unquote(target)
    assert client.get(target, headers={"Accept": "text/csv"}).content == answer.content
    assert len({row["study"] for row in csv.DictReader(io.StringIO(answer.text))}) == 15
    path = described_by.split(">")[0].removeprefix("https://w3id.org/pswonto")
    assert client.get(path).status_code == 200


def test_a_parameter_may_have_several_values(client: TestClient) -> None:
    """A factor by its slug, and another by its name: the answer is about both."""
    asked = {"factor": [FACTOR, "factor:psw-wellbeing"]}
    rows = client.get(f"{PATH}/factors", params=asked).json()["results"]["bindings"]
    assert {row["factor"]["value"].rpartition("/")[2] for row in rows} == {FACTOR, "psw-wellbeing"}


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        (f"{PATH}/studies-of-factr", 404, "studies-of-factor"),
        (f"{PATH}/studies-of-factor?factr=x", 400, "factor"),
        (f"{PATH}/studies-of-factor?factor=psw-welbeing", 400, "psw-wellbeing"),
        (f"{PATH}/studies-of-factor?format=docx", 400, "csv"),
        (f"{PATH}/studies-of-factor?format=ttl", 406, "text/csv"),
        (f"{PATH}/studies-of-factor?factor=", 400, "names no factor"),
        (f"{PATH}?limt=3", 400, "limit"),
    ],
)
def test_what_is_wrong_is_told(url: str, status: int, words: str, client: TestClient) -> None:
    """A name, a parameter, a value or a format that is not there is told with what is near."""
    answer = client.get(url)
    assert answer.status_code == status
    assert words in str(answer.json())


@pytest.mark.parametrize("value", ['"', "x> } #", "psw-wellbeing> <urn:x", "} UNION { ?a ?b ?c", "\\u0022", "\n"])
def test_a_value_is_never_a_part_of_the_query(value: str, client: TestClient) -> None:
    """Whatever a value holds, it is one value: there is no such factor, and no statement with such words."""
    assert client.get(f"{PATH}/studies-of-factor", params={"factor": value}).status_code == 400
    answer = client.get(f"{PATH}/statements", params={"q": value})
    assert (answer.status_code, answer.json()["results"]["bindings"]) == (200, [])
