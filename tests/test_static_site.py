"""Tests of the service as files: of the real review and of another one, on a host, in a browser, and from the disk."""

import http.server
import os
import posixpath
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from pswonto.namespaces import DESCRIPTION, PREFIXES
from pswonto.static_site.folder import MARKER
from pswonto.store import GRAPH_FORMATS, Store

FOLDER = "pswonto"
# A page of each kind that only an export has, or that an export changes.
PAGES = (
    "index.html",
    "map.html",
    "map/cols-direction_sort-total_unit-statements.html",
    "statements.html",
    "statements/factor-psw-wellbeing.html",
    "paths.html",
    "paths/from-economic-and-financial-factors_to-psw-wellbeing.html",
    "terms.html",
    "about.html",
    "factor/psw-wellbeing.html",
    "404.html",
)
ANSWER = re.compile(r'href="(sparql/[^"]*)#answer">(\d+)<')
CELL = re.compile(r'href="((?:studies|statements)/[^"]*)">[^\d<]*(?:<svg.*?</svg>)?(\d+)<', re.DOTALL)
SEEDED = """
import sys
from pathlib import Path
from pswonto import dataset, resources
from pswonto.errors import SiteError
from pswonto.queries import QueryLibrary
from pswonto.static_site import export
from pswonto.web.pages import Pages

about = Pages.about
Pages.about = lambda self: about(self) + '<a href="/factor/nobody">one</a><a href="/#nothing">other</a>'
store = dataset.open_dataset([Path(sys.argv[2])])
try:
    export(store, QueryLibrary(resources.queries_directory() / "explore"), Path(sys.argv[1]))
except SiteError as error:
    print(error)
"""


def export(folder: Path, *options: str, seed: str = "0") -> str:
    """Write an export in a process of its own, and return what it prints."""
    command = [sys.executable, "-m", "pswonto", "site", str(folder), *options]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return the folder that a host sends files of, and the export of the real review in a folder of that.

    The export is the one that the documentation tells to make.
    """
    told = (root / "docs" / "deployment.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^pswonto site (\S+) (--base-path) (\S+)$", told, re.MULTILINE)
    folder, *options = command
    assert options[-1] == f"/{FOLDER}/"
    host = tmp_path_factory.mktemp("host")
    export(host / folder, *options)
    (host / folder).rename(host / FOLDER)
    return host


@pytest.fixture(scope="module")
def site(host: Path) -> Path:
    """Return the export of the real review."""
    return host / FOLDER


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory, second: Path) -> Path:
    """Return the export of the second review."""
    folder = tmp_path_factory.mktemp("other") / "site"
    export(folder, "--data", str(second), seed="1")
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def url(host: Path, site: Path) -> Iterator[str]:
    """Return where a host that does nothing but send files has the export."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(host))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/{FOLDER}/"
        server.shutdown()
        thread.join()


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.names: set[str | None] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.names |= {told.get("id")}
        self.found += [link for name in ("href", "src", "action") if (link := told.get(name))]


def test_every_link_of_every_page_leads_to_a_file(host: Path, site: Path, other: Path) -> None:
    """Whatever is linked on the same site is there, with the part that is meant; nothing asks a server."""
    for root, folder in ((host, site), (other, other)):
        there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        pages = {name: _Links((root / name).read_text()) for name in there if name.endswith((".html", ".svg"))}
        followed = 0
        for name, page in pages.items():
            for link in set(page.found):
                split = urlsplit(link)
                if split.scheme:
                    continue
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), unquote(split.path))).lstrip(
                    "/"
                )
                target = target if split.path else name
                assert target in there, (name, link)
                assert target.startswith(folder.relative_to(root).as_posix().replace(".", "")), (name, link)
                assert not split.fragment or unquote(split.fragment) in pages[target].names, (name, link)
                assert not split.query, (name, link)
                followed += 1
        assert followed > 10_000


def test_no_control_is_dead(site: Path, other: Path) -> None:
    """No page has a form or a script, and each says that search, SPARQL and the API need the service."""
    for folder in (site, other):
        for path in folder.rglob("*.html"):
            text = path.read_text()
            assert not re.search(r"<(form|input|button|select|textarea)\b|<script(?! type=.application/ld)", text), path
            assert "Search, SPARQL and API need" in text, path


def test_there_is_a_page_and_each_form_of_rdf_for_every_thing(site: Path, store: Store, client: TestClient) -> None:
    """Every IRI of the dataset that a page describes has its files, at the path that the service has it at."""
    there = set(files(site))
    things = {
        thing.value.removeprefix("https://w3id.org/pswonto/")
        for thing in store.things()
        if thing.value.startswith("https://w3id.org/pswonto/") and "#" not in thing.value
    }
    assert len(things) > 800
    assert {f"{thing}.{suffix}" for thing in things for suffix in ("html", "ttl", "nt", "rdf", "jsonld")} <= there
    terms = re.findall(r'href="(terms/\w+)\.html"', (site / "terms.html").read_text())
    assert len(set(terms)) > 120
    assert {f"{term}.{suffix}" for term in terms for suffix in ("html", "ttl", "nt", "rdf", "jsonld")} <= there


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld"])
def test_rdf_is_what_the_service_answers(suffix: str, site: Path, client: TestClient) -> None:
    """Each format of several kinds of things is the same graph as that of the service, whatever blank nodes it has."""
    format_ = dict(GRAPH_FORMATS.values())[suffix]
    for stem in (
        "pswonto",
        "core",
        "works/0.1.0",
        "factor/psw-wellbeing",
        "work/byrne-2016",
        "figure/studies-included",
    ):
        file = site / f"{stem}.{suffix}"
        if not file.exists():
            continue
        assert graph(file.read_bytes(), format_) == graph(client.get(f"/{stem}.{suffix}").content, format_), stem
    described = client.get("/sparql", params={"query": "DESCRIBE <https://w3id.org/pswonto#Theme>", "format": suffix})
    term = graph((site / "terms" / f"Theme.{suffix}").read_bytes(), format_)
    assert term == graph(described.content, format_)
    assert len(term) > 5


def graph(content: bytes, format_: Any) -> set[str]:
    """Return the triples of a file, with labels of blank nodes that depend on nothing else."""
    dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(content, format=format_))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_the_whole_dataset_is_a_file(site: Path, store: Store) -> None:
    """N-Quads and TriG have every graph, what is inferred and the description among them."""
    sets = [ox.Dataset(store.engine)]
    for name, format_ in (("pswonto.nq", ox.RdfFormat.N_QUADS), ("pswonto.trig", ox.RdfFormat.TRIG)):
        sets.append(ox.Dataset(ox.parse((site / name).read_bytes(), format=format_)))
    for one in sets:
        one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(sets[0]) == set(sets[1]) == set(sets[2])
    assert ox.NamedNode(DESCRIPTION) in {quad.graph_name for quad in sets[1]}
    void = graph((site / "description.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    assert not any(f"{PREFIXES['void']}sparqlEndpoint" in triple for triple in void)


def test_each_number_leads_to_so_many_rows(site: Path) -> None:
    """Numbers of the maps lead to lists with so many rows, those of terms to so many solutions, of paths to paths."""
    numbers = 0
    for name in ("map.html", "map/cols-direction_cols-year_cols-country_sort-framework_unit-statements.html"):
        for link, number in CELL.findall((site / name).read_text().replace('href="../', 'href="')):
            rows = (site / link).read_text().partition("<tbody")[2].count("<tr ")
            assert rows == int(number), (name, link)
            numbers += 1
    assert numbers > 400
    answers = ANSWER.findall((site / "terms.html").read_text())
    assert len(answers) > 120
    for link, number in answers:
        assert re.search(rf'id="answer">\s*{number} solution', (site / link).read_text()), link
    pairs = re.findall(r'href="(paths/[^"]*)">(\d+)<', (site / "paths.html").read_text())
    assert len(pairs) > 20
    for link, number in pairs:
        assert (site / link).read_text().count('<li class="drawn">') + (site / link).read_text().count("<li>") >= int(
            number
        )
        assert f"<strong>{number}</strong> path" in (site / link).read_text()


def test_a_filter_of_a_list_leads_to_what_it_counts(site: Path) -> None:
    """Each choice beside a whole list has a page with so many rows, on which no further one is offered."""
    for name in ("statements", "studies", "references", "anomalies", "influences"):
        text = (site / f"{name}.html").read_text()
        choices = re.findall(r'<li><a href="([^"]*)">[^<]*</a> <span class="count">(\d+)</span>', text)
        assert choices
        for link, number in choices:
            filtered = (site / link).read_text()
            assert filtered.partition("<tbody")[2].count("<tr ") == int(number), link
            assert 'class="facet"' not in filtered
            assert "Filters combine only in" in filtered


def test_files_of_lists_are_those_of_the_service(site: Path, client: TestClient) -> None:
    """Tables and references are the same bytes, and the page of a list has a file of all of it."""
    for file, path in (
        ("api/v1/studies.csv", "/api/v1/studies.csv"),
        ("api/v1/statements/factor-psw-wellbeing.csv", "/api/v1/statements.csv?factor=psw-wellbeing"),
        ("api/v1/works/byrne-2016.bib", "/api/v1/works/byrne-2016.bib"),
        ("api/v1/studies.ris", "/api/v1/studies.ris"),
        ("map.csv", "/map.csv"),
        ("framework.css", "/framework.css"),
        ("context.jsonld", "/context.jsonld"),
    ):
        assert (site / file).read_bytes() == client.get(path).content, file


def test_the_same_data_gives_the_same_bytes(other: Path, second: Path, tmp_path: Path) -> None:
    """A second export, whose process orders sets in another way, differs in nothing, and replaces the first."""
    before = files(other)
    said = export(tmp_path / "again", "--data", str(second), seed="2")
    again = files(tmp_path / "again")
    assert [name for name in before if before[name] != again.get(name)] == []
    assert set(before) == set(again)
    assert f"{len([name for name in again if name.endswith('.html')])} pages" in said
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_another_review_has_its_own_names(other: Path) -> None:
    """Its levels and factors are at their paths, its lists filtered by them, and nothing of ours is there."""
    there = set(files(other))
    assert {"level/school.html", "factor/leadership.ttl", "statements/factor-leadership.html", "pswonto.nq"} <= there
    assert "@prefix factor: <https://example.org/gardens/factor/>" in (other / "factor/leadership.ttl").read_text()
    assert "factor/psw-wellbeing.html" not in there
    assert not (other / "404.html").exists()


def test_a_link_that_leads_nowhere_keeps_all_from_being_written(data: Path, tmp_path: Path) -> None:
    """It is told in which file it stands and what is wrong with it, and there is no folder."""
    command = [sys.executable, "-c", SEEDED, str(tmp_path / "site"), str(data / "two-graphs.trig")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert said.splitlines() == [
        "/factor/nobody was to be text/html, and is status 404",
        "about.html: factor/nobody.html leads to factor/nobody.html, which is not there",
        "about.html: index.html#nothing leads to a part that index.html does not have",
    ]
    assert list(tmp_path.iterdir()) == []


def test_pages_are_whole_on_a_host_and_from_the_disk(url: str, site: Path, browser: Browser) -> None:
    """On a host, small and large, and from the disk, pages load all of theirs and nothing else, and do not scroll."""
    page = browser.new_page()
    faults: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: faults.extend([answer.url] * (answer.status >= 400)))
    page.on("request", lambda request: requested.append(request.url))
    for root, names in ((url, PAGES), (f"{site.as_uri()}/", ("index.html", "factor/psw-wellbeing.html"))):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            for name in names:
                page.goto(root + name)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
                # The style is there: without it, text has serifs.
                assert "sans-serif" in page.evaluate("getComputedStyle(document.body).fontFamily"), name
        assert faults == []
        assert [address for address in requested if not address.startswith((root, "data:"))] == []
        requested.clear()
    page.goto(f"{site.as_uri()}/index.html")
    page.locator(".box", has_text="PSW wellbeing").click()
    page.wait_for_url("**/factor/psw-wellbeing.html")
    page.close()


def test_the_map_is_changed_by_links(url: str, browser: Browser) -> None:
    """What the form chooses where there is a service is a link here, one choice at a time."""
    page: Page = browser.new_page()
    page.goto(url + "map.html")
    for choice in ("statements", "country", "largest first"):
        page.locator("main .chip", has_text=choice).click()
    page.wait_for_url(f"{url}map/cols-direction_cols-year_sort-total_unit-statements.html")
    chosen = [chip.inner_text().split()[0] for chip in page.locator("main .chip[aria-current]").all()]
    assert chosen == ["statements", "direction", "period", "largest"]
    assert page.locator("th.country").count() == 0
    page.close()


def test_pages_are_accessible(url: str, browser: Browser) -> None:
    """Axe finds no violation on what an export has in other words than the service, small and large."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    for name in ("map.html", "statements/factor-psw-wellbeing.html", "paths.html", "index.html"):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(url + name)
            found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == [], (name, width)
    context.close()


def test_the_page_for_what_is_not_there_leads_back(url: str, browser: Browser) -> None:
    """Wherever a host shows it, its links and its style are found."""
    page = browser.new_page()
    page.goto(url + "404.html")
    assert page.get_by_role("link", name="The framework").get_attribute("href") == f"/{FOLDER}/index.html"
    page.get_by_role("link", name="Evidence map").first.click()
    page.wait_for_url(f"{url}map.html")
    page.close()


def test_the_marker_lists_what_was_written(site: Path) -> None:
    """The list of the export is that of its files."""
    listed = (site / MARKER).read_text().splitlines()[1:]
    assert sorted(listed) == sorted(set(files(site)) - {MARKER})
    assert len(listed) > 9000
