"""Tests of how faults are told over HTTP."""

import html
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from pswonto.errors import PROBLEMS, PswontoError, problem_slug
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import create_app, problems

# Each request with its status and a word that the detail must hold.
FAULTS = [
    ("GET", "/none", 404, "/none"),
    ("GET", "/api/v1/factors/psw-welbeing", 404, "psw-wellbeing"),
    ("GET", "/api/v1/studies/byrne-2017", 404, "byrne-2016"),
    ("GET", "/api/v1/factors?levle=macro", 400, "levle"),
    ("POST", "/api/v1/factors", 405, "GET"),
    ("DELETE", "/sparql", 405, "POST"),
    ("GET", "/sparql?query=ASK%20%7B", 400, "line 1, column 6"),
    ("GET", "/sparql?query=ASK%7BSERVICE%3Curn%3Ax%3E%7B%7D%7D", 403, "SERVICE"),
    ("POST", "/sparql", 415, "application/sparql-query"),
]


@pytest.mark.parametrize(("method", "path", "status", "word"), FAULTS)
def test_every_fault_is_a_problem(method: str, path: str, status: int, word: str, client: TestClient) -> None:
    """Each fault has its status, the members that RFC 9457 has, and says what is wrong."""
    response = client.request(method, path)
    body = response.json()
    assert response.status_code == body["status"] == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert body["type"].startswith("https://w3id.org/pswonto/problem/")
    assert body["title"]
    assert word in body["detail"]


def test_a_syntax_error_has_its_place(client: TestClient) -> None:
    """A client can point at the fault in its query."""
    body = client.get("/sparql", params={"query": "SELECT *\n{ ?s foo:bar ?o }"}).json()
    assert (body["line"], body["column"]) == (2, 6)


def test_a_missing_prefix_is_told_with_its_declaration(client: TestClient) -> None:
    """Whoever forgets a prefix of ours is told the line that declares it."""
    detail = client.get("/sparql", params={"query": "ASK { ?s pswo:supports ?o }"}).json()["detail"]
    assert "PREFIX pswo: <https://w3id.org/pswonto#>" in detail


def test_a_wrong_name_gets_the_nearest(client: TestClient) -> None:
    """A client can offer what was meant."""
    assert client.get("/api/v1/factors/psw-welbeing").json()["nearest"] == ["psw-wellbeing"]


def test_405_names_every_method(client: TestClient) -> None:
    """A method that is not done is answered with all that are."""
    assert client.put("/sparql").headers["allow"] == "GET, HEAD, OPTIONS, POST, QUERY"
    assert client.put("/api/v1/levels").headers["allow"] == "GET, HEAD"


def test_a_status_stands_for_every_error_of_ours() -> None:
    """Each child of our error has a response."""
    for kind in PswontoError.__subclasses__():
        assert any(parent in problems._TABLE for parent in kind.__mro__)


@pytest.fixture
def failing(
    store: Store, library: QueryLibrary, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """Return a client of a service in which a question fails."""

    def fail(*arguments: object) -> None:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(Explorer, "part", fail)
    with TestClient(create_app(store, library, settings)) as client:
        yield client


def test_a_fault_of_the_service_leaks_nothing(failing: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """A failing service answers 500 with CORS headers and tells only its own log what failed."""
    response = failing.get("/api/v1/levels", headers={"Origin": "https://example.org"})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == "*"
    assert "secret" not in response.text
    assert "secret" in caplog.text


@pytest.mark.parametrize("title", PROBLEMS)
def test_the_type_of_a_problem_leads_to_what_it_means(title: str, client: TestClient) -> None:
    """The IRI of each kind answers at its path, with its status and what a client can do."""
    status, meaning = PROBLEMS[title]
    path = f"/problem/{problem_slug(title)}"
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert html.escape(meaning, quote=False) in page.text
    assert str(status) in client.get(path, headers={"Accept": "text/turtle"}).text


def test_every_title_is_a_kind_with_its_status() -> None:
    """What errors are told as is in the table of kinds, with the same status."""
    for status, title in problems._TABLE.values():
        assert PROBLEMS[title][0] == status
