"""Tests of the service as a whole."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pswonto import resources
from pswonto.queries import QueryLibrary


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    """Return the OpenAPI document."""
    return client.get("/openapi.json").json()


def test_every_operation_has_a_name_that_stays(document: Any, data: Path) -> None:
    """Generated clients get the names that they had: each name that was ever given is still that of its path."""
    names = {
        operation["operationId"]: f"{method.upper()} {name}"
        for name, path in document["paths"].items()
        for method, operation in path.items()
    }
    assert len(names) == sum(len(path) for path in document["paths"].values())
    promised = dict(line.split(" ", 1) for line in (data / "operations.txt").read_text(encoding="utf-8").splitlines())
    assert len(promised) > 50
    stored = {f"query_{query.name.replace('-', '_')}" for query in QueryLibrary(*resources.library_directories())}
    assert {name: path for name, path in names.items() if name not in stored} == promised
    assert stored <= set(names)


def test_every_operation_tells_its_faults(document: Any) -> None:
    """Each operation that takes anything documents its answer and its problems, and none a status never sent."""
    asked_nothing = ("/health/", "/metrics", "/.well-known/")
    for name, path in document["paths"].items():
        for operation in () if name.startswith(asked_nothing) else path.values():
            assert {"200", "400"} <= set(operation["responses"])
            assert "422" not in operation["responses"]
            assert operation["responses"]["400"] == {"$ref": "#/components/responses/400"}
    for status, response in document["components"]["responses"].items():
        content = response["content"]["application/problem+json"]
        assert content["schema"]["$ref"] == "#/components/schemas/Problem"
        assert content["example"]["status"] == int(status)
        assert response["description"]


def test_every_reference_leads_somewhere(document: Any) -> None:
    """No schema is referred to that the document does not hold."""

    def references(node: Any) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(value) for value in node.values()))
        return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()

    found = references(document)
    assert found
    components = {f"#/components/{kind}/{name}" for kind, parts in document["components"].items() for name in parts}
    assert found <= components
    # And what is held is referred to, or is what each of the others is.
    assert components - found == set()


def test_head_is_answered_everywhere(client: TestClient) -> None:
    """Pages, files and resources answer HEAD."""
    for path in ("/", "/docs", "/openapi.json", "/static/pswonto.css", "/api/v1/works"):
        response = client.head(path)
        assert (response.status_code, response.content) == (200, b"")


def test_the_service_tells_that_it_lives(client: TestClient) -> None:
    """What watches the service gets an answer that asks nothing of the data."""
    assert client.get("/health/live").json() == {"status": "live"}
