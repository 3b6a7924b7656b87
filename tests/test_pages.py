"""Tests of the pages: in a client, and in a real browser at two widths."""

import hashlib
import re
import shutil
import socket
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Page, sync_playwright

from pswonto import dataset, resources
from pswonto.queries import QueryLibrary
from pswonto.questions import COLLECTIONS
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import create_app
from pswonto.web.rest import NEIGHBOURS

PATHS = ("/", "/docs", "/sparql", "/factor/psw-wellbeing", "/statement/0001")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def address(store: Store, library: QueryLibrary) -> Iterator[str]:
    """Return the address of a real server over the real data."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(store, library, Settings(port=port))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Return a page of a real browser."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on the PATH")
    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_whole_in_a_browser(path: str, width: int, address: str, page: Page) -> None:
    """A page loads without an error or a request to another host, and does not scroll sideways."""
    faults: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path, wait_until="networkidle")
    assert faults == []
    assert requested
    assert [url for url in requested if not url.startswith((address, "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_docs_show_every_operation(address: str, page: Page) -> None:
    """The description shows SPARQL, each resource of the API, and each stored query."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/docs", wait_until="networkidle")
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
        for path in PATHS[:3]:
            assert client.get(path, headers=BROWSER).status_code == 200
        links = re.findall(r'href="(/[^"]*)"', client.get("/", headers=BROWSER).text)
        assert [link for link in links if client.get(link).status_code != 200] == []


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_a_page_leads_somewhere(path: str, client: TestClient) -> None:
    """What a page links to or loads from this service is there."""
    links = re.findall(r'(?:href|src)="(/[^"]*)"', client.get(path, headers=BROWSER).text)
    assert links
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_home_shows_the_numbers_of_the_api(client: TestClient) -> None:
    """The table of factors has the numbers that the API gives."""
    html = client.get("/", headers=BROWSER).text
    for factor in client.get("/api/v1/factors").json()["items"]:
        row = html.split(f"/factors/{factor['slug']}/studies", 2)[-1].split("</tr>")[0]
        assert re.findall(r'class="number">(\d+)<', row) == [str(factor["studyCount"]), str(factor["statementCount"])]


def test_a_page_allows_nothing_from_elsewhere(client: TestClient) -> None:
    """The content security policy lets nothing in from another host."""
    for path in PATHS:
        assert client.get(path, headers=BROWSER).headers["content-security-policy"].startswith("default-src 'self'")


def test_the_form_asks_and_the_examples_answer(address: str, page: Page) -> None:
    """Without a script, pressing the button gives the answer to what the form holds, and so does each example."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/sparql")
    page.get_by_label("Answer, as a file").select_option("csv")
    with page.expect_download() as first:
        page.locator("form").first.get_by_role("button").click()
    assert len(first.value.path().read_text(encoding="utf-8").splitlines()) == 10
    example = page.locator("details", has_text="Which factors are there, at which level")
    example.locator("summary").click()
    with page.expect_download() as second:
        example.get_by_role("button").click()
    assert second.value.path().read_text(encoding="utf-8").count("<result>") == 9


def test_vendored_files_are_those_that_were_checked(root: Path) -> None:
    """Each file of others has the SHA-256 that its list says, and nothing else lies there."""
    folder = root / "src" / "pswonto" / "web" / "static" / "vendor"
    packages = tomllib.loads((folder / "VENDOR.toml").read_text(encoding="utf-8"))
    listed = {
        folder / f"{name}-{package['version']}" / file: digest
        for name, package in packages.items()
        for file, digest in package["files"].items()
    }
    assert listed
    assert {path for path in folder.rglob("*") if path.is_file()} == {folder / "VENDOR.toml", *listed}
    for path, digest in listed.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
