"""Tests of the service as a whole."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from pswonto import resources
from pswonto.queries import QueryLibrary


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    """Return the OpenAPI document."""
    return client.get("/openapi.json").json()


def test_every_operation_has_a_name_of_its_own(document: Any) -> None:
    """Generated clients get stable names."""
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) == 16 + len(list(QueryLibrary(*resources.library_directories())))


def test_every_operation_tells_its_faults(document: Any) -> None:
    """Each operation that takes anything documents its answer and its problems, and none a status never sent."""
    asked_nothing = ("/health/", "/metrics", "/.well-known/")
    for name, path in document["paths"].items():
        for operation in () if name.startswith(asked_nothing) else path.values():
            assert {"200", "400"} <= set(operation["responses"])
            assert "422" not in operation["responses"]
            content = operation["responses"]["400"]["content"]
            assert content["application/problem+json"]["schema"]["$ref"] in {"#/components/schemas/Problem"}


def test_every_reference_leads_somewhere(document: Any) -> None:
    """No schema is referred to that the document does not hold."""

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()

    found = references(document)
    assert found
    assert {name.rsplit("/", 1)[-1] for name in found} <= set(document["components"]["schemas"])


def test_head_is_answered_everywhere(client: TestClient) -> None:
    """Pages, files and resources answer HEAD."""
    for path in ("/", "/docs", "/openapi.json", "/static/pswonto.css", "/api/v1/works"):
        response = client.head(path)
        assert (response.status_code, response.content) == (200, b"")


def test_the_service_tells_that_it_lives(client: TestClient) -> None:
    """What watches the service gets an answer that asks nothing of the data."""
    assert client.get("/health/live").json() == {"status": "live"}
