"""What many tests need: the real dataset, opened once, and ways to ask it."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import uvicorn
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, sync_playwright

from pswonto import dataset, resources
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import create_app


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let continuous integration fail where a test was skipped."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout that these tests lie in."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of test data."""
    return Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def asserted() -> dataset.Dataset:
    """Return the real dataset as its files assert it."""
    return dataset.read()


@pytest.fixture(scope="session")
def store() -> Store:
    """Return the real dataset, checked and completed."""
    return dataset.open_dataset()


@pytest.fixture
def scattered(tmp_path: Path) -> Path:
    """Return a store on a disk in more files than the sixteen that the engine opens at once."""
    engine = ox.Store(str(tmp_path / "scattered"))
    for number in range(3):
        iri = ox.NamedNode(f"http://x/{number}")
        engine.add(ox.Quad(iri, iri, iri, iri))
        engine.flush()
    assert len(list((tmp_path / "scattered").glob("*.sst"))) > 20
    return tmp_path / "scattered"


@pytest.fixture(scope="session")
def library() -> QueryLibrary:
    """Return the stored queries that pages, REST and command line use."""
    return QueryLibrary(resources.queries_directory() / "explore")


@pytest.fixture(scope="session")
def explorer(store: Store, library: QueryLibrary) -> Explorer:
    """Return an explorer of the real dataset."""
    return Explorer(store, library)


@pytest.fixture(scope="session")
def second() -> Path:
    """Return the folder of a review that is made up, with levels, themes and IRIs of its own."""
    return Path(__file__).parent / "data" / "second-review"


@pytest.fixture(scope="session")
def second_dataset(second: Path) -> dataset.Dataset:
    """Return that review as its files assert it."""
    return dataset.read([second])


@pytest.fixture(scope="session")
def second_explorer(second: Path, library: QueryLibrary) -> Explorer:
    """Return an explorer of that review."""
    return Explorer(dataset.open_dataset([second]), library)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the default settings."""
    return Settings()


@pytest.fixture(scope="session")
def client(store: Store, library: QueryLibrary, settings: Settings) -> Iterator[TestClient]:
    """Return a client of the whole service over the real dataset."""
    with TestClient(create_app(store, library, settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
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
def browser() -> Iterator[Browser]:
    """Return a real browser; while it is there, nothing else can have an event loop in this thread."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium on the PATH")
    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of it."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a copy of the real ontology with a polarity that does not exist, in line 1 of that statement's block."""
    copy = Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology"))
    file = copy / "evidence.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("polarity:conditional", "polarity:mixed", 1), encoding="utf-8")
    return copy
