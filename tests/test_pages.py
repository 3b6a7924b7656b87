"""Tests of the pages: in a client, and in a real browser at two widths."""

import hashlib
import re
import tomllib
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from pswonto import dataset, resources
from pswonto.queries import QueryLibrary
from pswonto.questions import COLLECTIONS
from pswonto.settings import Settings
from pswonto.web import create_app
from pswonto.web.rest import NEIGHBOURS
from running import PAGES

# Pages that count things.
WITH_NUMBERS = ("/", "/map", "/map?unit=statements&cols=country&sort=total", "/jurisdictions", "/terms", "/level/macro")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_docs_show_every_operation(address: str, page: Page) -> None:
    """The description shows SPARQL, each resource of the API, and each stored query."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/docs", wait_until="networkidle")
    page.locator(".opblock-summary-path").first.wait_for()
    shown = page.locator(".opblock-summary-path").all_inner_texts()
    assert {path.replace("\u200b", "") for path in shown} == {
        "/sparql",
        "/health/live",
        "/health/ready",
        "/metrics",
        "/.well-known/void",
        *(f"/api/v1/{name}" for name in ("coverage", "explain", "influences/paths", "matrix", "queries", "search")),
        *(f"/api/v1/{question.name}" for question in COLLECTIONS),
        *(f"/api/v1/{question.name}/{{slug}}" for question in COLLECTIONS),
        *(f"/api/v1/{one.owner.name}/{{slug}}/{one.of.name}" for one in NEIGHBOURS),
        *(f"/api/v1/queries/{query.name}" for query in QueryLibrary(*resources.library_directories())),
    }


def test_data_that_is_not_ours_has_pages_too(library: QueryLibrary, data: Path) -> None:
    """Without any factor, each page is there, and leads nowhere that is not."""
    store = dataset.open_dataset([data / "two-graphs.trig"])
    with TestClient(create_app(store, library, Settings())) as client:
        for path in ("/", "/docs", "/sparql", "/map", "/statements", "/terms", "/paths", "/about"):
            assert client.get(path, headers=BROWSER).status_code == 200
        links = re.findall(r'href="(/[^"]*)"', client.get("/", headers=BROWSER).text)
        assert [link for link in links if client.get(link).status_code != 200] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(path: str, client: TestClient) -> None:
    """What a page links to or loads from this service is there."""
    links = {unescape(link) for link in re.findall(r'(?:href|src)="(/[^"]*)"', client.get(path, headers=BROWSER).text)}
    assert links
    broken = {link: status for link in links if (status := client.get(link, headers=BROWSER).status_code) != 200}
    assert broken == {}


@pytest.mark.parametrize("path", PAGES)
def test_a_number_that_leads_to_a_list_is_how_long_that_is(path: str, client: TestClient) -> None:
    """Each number on a page that is a link is the total of the list, or of the solutions, that it leads to."""
    html = client.get(path, headers=BROWSER).text
    numbers = re.findall(r'<a [^>]*href="(/[a-z]+\?[^"]*)"[^>]*>(?:<svg.*?</svg>)?\s*(\d+)', html)
    if path in WITH_NUMBERS:
        assert len(numbers) > 2
    for link, number in dict(numbers).items():
        where = unescape(link)
        if where.startswith("/sparql?"):
            answer = client.get(where, headers={"Accept": "application/sparql-results+json"}).json()
            assert len(answer["results"]["bindings"]) == int(number), link
        elif not where.startswith("/search?"):
            assert client.get(f"/api/v1{where}").json()["total"] == int(number), link


def test_home_shows_the_numbers_of_the_api(client: TestClient) -> None:
    """Each factor of the drawing has the number of studies that the API gives, and the matrix has its influences."""
    html = client.get("/", headers=BROWSER).text
    factors = client.get("/api/v1/factors").json()["items"]
    for factor in factors:
        box = html.split(f'href="/factor/{factor["slug"]}">\n    <rect', 1)[1].split("</a>")[0]
        assert f">{factor['studyCount']} studies<" in box
    influences = client.get("/api/v1/influences").json()["items"]
    matrix = html.split('<table class="cross">')[1].split("</table>")[0]
    assert set(re.findall(r'href="/influence/([^"]+)"', matrix)) == {one["slug"] for one in influences}
    totals = re.findall(r'href="(/influences\?[^"]+)">(\d+)<', matrix)
    assert len(totals) == 2 * len(factors) + 1
    for link, total in totals:
        assert client.get("/api/v1" + unescape(link)).json()["total"] == int(total), link


def test_about_tells_the_agreement_that_was_computed(client: TestClient, root: Path) -> None:
    """The figures of the agreement are those that the script writes, and the counts are those of the data."""
    row = re.search(
        r"^\| all \| (\d+) \| (\d+) \(([\d.]+)\) \| (\d+) \(([\d.]+)\)", (root / "docs/coding.md").read_text(), re.M
    )
    assert row
    html = unescape(" ".join(client.get("/about", headers=BROWSER).text.split()))
    both, themes, theme_kappa, polarities, polarity_kappa = row.groups()
    assert f"Of the {both} claims that both passes have, they gave the same theme to {themes}" in html
    assert f"(Cohen's kappa {theme_kappa}) and the same direction to {polarities} ({polarity_kappa})" in html
    for name in ("anomalies", "gaps", "implications"):
        assert re.search(rf"\b{client.get(f'/api/v1/{name}').json()['total']} (?:research )?{name}\b", html)


def test_a_page_allows_nothing_from_elsewhere(client: TestClient) -> None:
    """The content security policy lets nothing in from another host."""
    for path in PAGES:
        assert client.get(path, headers=BROWSER).headers["content-security-policy"].startswith("default-src 'self'")


def test_vendored_files_are_those_that_were_checked(root: Path) -> None:
    """Each file of others has the SHA-256 that its list says, and nothing else lies there."""
    folder = root / "src" / "pswonto" / "web" / "static" / "vendor"
    packages = tomllib.loads((folder / "VENDOR.toml").read_text(encoding="utf-8"))
    listed = {
        folder / f"{name}-{package['version']}" / file: digest
        for name, package in packages.items()
        for file, digest in (package["files"] | package.get("written", {})).items()
    }
    assert listed
    assert {path for path in folder.rglob("*") if path.is_file()} == {folder / "VENDOR.toml", *listed}
    for path, digest in listed.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
