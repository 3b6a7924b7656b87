"""Tests of the page of the endpoint."""

import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from pswonto import resources
from pswonto.namespaces import Names
from pswonto.queries import Query, QueryLibrary
from pswonto.web.query_page import answered

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON, NTRIPLES = "application/sparql-results+json", "application/n-triples"


def get(client: TestClient, query: str, more: str = "") -> tuple[int, str]:
    """Return status and page for a query, as a browser gets it."""
    answer = client.get(f"/sparql?query={quote(query)}{more}", headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.status_code, answer.text


@pytest.mark.parametrize("query", [*QueryLibrary(*resources.library_directories())], ids=lambda query: query.name)
def test_every_example_is_answered_on_the_page(query: Query, client: TestClient) -> None:
    """The page offers each published query, and shows as many rows as the endpoint gives."""
    text = query.text
    form = client.get("/sparql", headers=BROWSER).text
    assert f"/sparql?query={quote(text, safe='/')}" in unescape(form)
    status, page = get(client, text)
    assert status == 200
    _, there, table = page.partition('<table class="list solutions">')
    rows = table.count("<tr>") - 1 if there else 0
    accept = {"Accept": f"{JSON}, {NTRIPLES}"}
    answer = client.get("/sparql", params={"query": text}, headers=accept)
    if answer.headers["content-type"] == NTRIPLES:
        total = len(answer.text.splitlines())
    else:
        total = len(answer.json()["results"]["bindings"])
    assert rows == min(total, 1000)
    assert re.search(rf">\s*{total} (?:solution|triple)s?\s*<", page)


def test_a_fault_is_marked_at_its_place(client: TestClient) -> None:
    """The page keeps the query, and says what is wrong and where."""
    status, page = get(client, "SELECT ?a\nWHERE { ?a pswo:x ?b }")
    assert status == 400
    assert 'data-line="2" data-column="12"' in page
    assert "pswo:x" in page
    assert "the prefix pswo: is not declared" in page


def test_what_the_endpoint_refuses_is_told_on_the_page(client: TestClient) -> None:
    """A refused query, an empty one and a bad parameter keep their status."""
    assert get(client, "SELECT * { SERVICE <http://localhost/> { ?a ?b ?c } }")[0] == 403
    assert get(client, " ")[0] == 400
    assert get(client, "ASK {}", "&timeout=soon")[0] == 400


def test_what_a_query_says_is_no_markup(client: TestClient) -> None:
    """Text of a query or an answer never becomes part of the page."""
    for query in ('SELECT ("<script>alert(1)</script>" AS ?x) {}', "SELECT ?x </textarea><script>alert(1)</script>"):
        assert "<script>alert" not in get(client, query)[1]


def test_counts_by_category_are_a_picture() -> None:
    """One number for each name is drawn; two numbers, or one row, are not."""

    def of(*rows: dict[str, str | int]) -> bytes:
        bindings = [
            {
                name: {"type": "literal", "value": str(value)}
                | ({"datatype": "http://www.w3.org/2001/XMLSchema#integer"} if isinstance(value, int) else {})
                for name, value in row.items()
            }
            for row in rows
        ]
        return json.dumps({"head": {"vars": list(rows[0])}, "results": {"bindings": bindings}}).encode()

    drawn = answered(JSON, of({"a": "x", "n": 4}, {"a": "y", "n": 2}), Names()).bars
    assert drawn is not None
    assert [(bar["label"], bar["value"], bar["width"]) for bar in drawn["bars"]] == [("x", "4", 460), ("y", "2", 230)]
    assert answered(JSON, of({"a": "x", "n": 4}), Names()).bars is None
    assert answered(JSON, of({"a": 1, "n": 4}, {"a": 2, "n": 2}), Names()).bars is None
    assert answered(JSON, of({"a": "x", "n": -4}, {"a": "y", "n": 2}), Names()).bars is None


def test_a_small_graph_is_a_picture() -> None:
    """Triples between things are drawn, those with texts are not, nor are too many."""
    network = answered(
        NTRIPLES, b'<http://x/a> <http://x/p> <http://x/b> .\n<http://x/a> <http://x/q> "t" .\n', Names()
    ).network
    assert network is not None
    assert (len(network["dots"]), len(network["edges"])) == (2, 1)
    many = "".join(f"<http://x/{number}> <http://x/p> <http://x/{number + 1}> .\n" for number in range(60))
    assert answered(NTRIPLES, many.encode(), Names()).network is None


def test_an_answer_that_is_too_large_is_a_file(client: TestClient) -> None:
    """The page says how large it is, and offers it."""
    assert answered(JSON, b"x" * 2_000_001, Names()).too_large == 2_000_001
    status, page = get(client, "CONSTRUCT WHERE { ?a ?b ?c }")
    assert status == 200
    assert "too large for a page" in page


def test_the_editor_completes_from_our_vocabulary(address: str, page: Page) -> None:
    """Ctrl and blank behind a prefix offers properties of ours, and Escape, then Tab leaves the editor."""
    page.goto(address + "/sparql", wait_until="networkidle")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("PREFIX pswo: <https://w3id.org/pswonto#>\nSELECT * { ?a pswo:influ")
    page.keyboard.press("Control+Space")
    hints = page.locator(".CodeMirror-hints li")
    hints.first.wait_for()
    assert "pswo:influences" in [hint.replace("\u200b", "") for hint in hints.all_inner_texts()]
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.editor')") is None


def test_the_editor_marks_the_fault_and_asks(address: str, page: Page) -> None:
    """A fault is marked in its line; the corrected query is sent, and its address can be shared."""
    page.goto(f"{address}/sparql?query={quote('SELECT ?a WHERE { ?a a pswo:Factor }')}", wait_until="networkidle")
    assert page.locator(".fault-line").count() == 1
    page.evaluate("document.querySelector('.CodeMirror').CodeMirror.setValue('ASK {}')")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**/sparql?query=ASK+%7B%7D&format=")
    assert page.locator("#answer").inner_text() == "Yes"
