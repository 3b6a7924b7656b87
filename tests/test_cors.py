"""Tests of what lets pages of other sites ask."""

import pytest
from fastapi.testclient import TestClient

ORIGIN = {"Origin": "https://example.org"}


@pytest.mark.parametrize("path", ["/sparql", "/api/v1/levels", "/nothing", "/sparql?query=ASK%20%7B"])
def test_every_answer_may_be_read_by_any_page(path: str, client: TestClient) -> None:
    """The headers stand there whoever asks, once, and without credentials."""
    for headers in ({}, ORIGIN):
        answer = client.get(path, headers=headers)
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert {"ETag", "X-Request-ID"} <= set(answer.headers["access-control-expose-headers"].split(", "))
        assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" not in answer.headers.get("vary", "")


@pytest.mark.parametrize("path", ["/sparql", "/api/v1/levels"])
def test_a_browser_may_ask_before_it_sends(path: str, client: TestClient) -> None:
    """A preflight is told methods, headers and how long that holds."""
    asked = {"Access-Control-Request-Method": "QUERY", "Access-Control-Request-Headers": "content-type, x-own"}
    answer = client.options(path, headers=ORIGIN | asked)
    assert answer.status_code == 204
    assert "QUERY" in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "content-type, x-own"
    assert int(answer.headers["access-control-max-age"]) > 0
