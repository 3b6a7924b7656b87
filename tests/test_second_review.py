"""Tests that a review of one's own is checked and served as ours is: nothing of ours is taken for granted."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from rdflib import Graph

from pswonto import dataset, gates
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.web import create_app
from running import Server

BASE = "https://example.org/gardens"
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
OURS = re.compile(r"\b(macro|meso|micro|psw|peer|mental|mirbahaeddin)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def served(second: Path, library: QueryLibrary) -> Iterator[TestClient]:
    """Return a client of the service over the second review."""
    with TestClient(create_app(dataset.open_dataset([second]), library, Settings())) as client:
        yield client


def test_it_keeps_all_rules(second: Path) -> None:
    """Syntax, shapes, its own among them, checks, reasoner and OWL 2 DL find nothing."""
    found = list(gates.run([second]))
    assert [gate.name for gate in found if gate.ran] == ["syntax", "SHACL", "checks", "reasoner", "profile"]
    assert [finding for gate in found for finding in gate.findings] == []
    assert "own.ttl" in found[1].what


def test_it_is_explored_by_its_own_names(second_explorer: Explorer) -> None:
    """Levels, directions, roll-up and checks are those of its own framework."""
    assert [level.slug for level in second_explorer.levels()] == ["region", "town", "school", "class"]
    directions = {one.slug: one.direction for one in second_explorer.influences()}
    assert directions["pupils--leadership"] == "upward"
    assert directions["leadership--timetable"] == "intra-level"
    assert list(directions.values()).count("downward") == 3
    assert {study.slug for study in second_explorer.studies(factor="timetable")} == {"leaf-2018", "bloom-2022"}
    assert [one.slug for one in second_explorer.statements(checked="true")] == ["0001", "0002"]
    assert second_explorer.reviews()[0].checked_count == 2


def test_its_pages_name_its_own_levels(served: TestClient) -> None:
    """Home, map and the page of a factor have its levels and factors, and no word of our review."""
    for path in ("/", "/map", "/factor/leadership", "/statements", "/statement/0009", "/about", "/level/town"):
        html = served.get(path, headers=BROWSER).text
        words = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL)
        assert OURS.findall(words) == [], path
    home = served.get("/", headers=BROWSER).text
    assert all(f">{level}</text>" in home for level in ("Region", "Town", "School", "Class"))
    assert all(f"tier{number}" in home for number in (1, 2, 3, 4))


def test_every_link_leads_somewhere(served: TestClient) -> None:
    """From the first page on, whatever is linked is there."""
    seen: set[str] = set()
    todo = ["/"]
    while todo and len(seen) < 250:
        path = todo.pop()
        seen.add(path)
        answer = served.get(path, headers=BROWSER)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            links = re.findall(r'(?:href|src)="(/[^"#]*)', answer.text)
            todo += sorted({unescape(link) for link in links} - seen - set(todo))
    assert len(seen) == 250


def test_its_iris_answer_at_their_paths(served: TestClient) -> None:
    """A thing is described at the path below its base, as RDF that is about its IRI, with short names."""
    turtle = served.get("/factor/leadership", headers={"Accept": "text/turtle"}).text
    assert f"@prefix factor: <{BASE}/factor/> ." in turtle
    graph = Graph().parse(data=turtle, format="turtle")
    assert f"{BASE}/factor/leadership" in {str(subject) for subject in graph.subjects()}
    assert served.get("/api/v1/factors/leadership").json()["iri"] == f"{BASE}/factor/leadership"
    prefix = "PREFIX pswo: <https://w3id.org/pswonto#>"
    query = f"{prefix} SELECT ?study {{ ?study pswo:supports ?factor . ?factor a pswo:Factor }}"
    answer = served.get("/sparql", params={"query": query, "format": "json"}).json()
    assert {one["study"]["value"] for one in answer["results"]["bindings"]} == {
        f"{BASE}/work/{key}" for key in ("soil-2011", "seed-2015", "leaf-2018", "bloom-2022")
    }


def test_what_it_takes_from_ours_answers_too(served: TestClient) -> None:
    """The vocabulary in its version, and what is inferred, are described at their paths though their base is ours."""
    for path in ("/core", "/core/0.1.0", "/inferred", "/description", "/query/studies", "/polarity/barrier"):
        assert served.get(path, headers=BROWSER).status_code == 200, path
        assert served.get(path, headers={"Accept": "application/n-triples"}).content.count(b"\n") > 1, path


def test_its_pages_are_accessible(second: Path, browser: Browser) -> None:
    """A real browser finds nothing at fault with four levels either, small and large."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    with Server("--data", str(second)) as server:
        for path, width in (("/", 1280), ("/", 390), ("/map", 1280), ("/factor/pupils", 390)):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []
    context.close()
