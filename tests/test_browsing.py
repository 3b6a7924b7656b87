"""Tests of the pages as people meet them: in a real browser, small and large, by keyboard, and without JavaScript."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from running import PAGES

GRAPH = "CONSTRUCT WHERE { ?a <https://w3id.org/pswonto#influences> ?b }"
COUNTS = "SELECT ?class (COUNT(?thing) AS ?things) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY ?class LIMIT 9"
KINDS = (*PAGES, f"/sparql?query={quote(GRAPH)}", f"/sparql?query={quote(COUNTS)}")
# A page that says that something failed has a status that the browser tells on its console.
FAULTS = ("/sparql?query=SELECT%20%3Fa", "/factor/psw-welbeing", "/map?unit=votes")
# Only pages with a script ask for anything after they are loaded, and only those are waited for.
SCRIPTED = ("/sparql", "/docs")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def until(path: str) -> Any:
    """Return what a page is to be waited for."""
    return "networkidle" if path.startswith(SCRIPTED) else "load"


@pytest.fixture(scope="module")
def audited(browser: Browser) -> Iterator[Page]:
    """Return a page that the accessibility checker may put its code into."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", [*KINDS, *FAULTS])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_is_whole_in_a_browser(path: str, width: int, address: str, page: Page) -> None:
    """A page loads without an error or a request to another host, and does not scroll sideways."""
    faults: list[str] = []
    requested: list[str] = []

    def told(message: Any) -> None:
        if message.type in ("error", "warning") and not (path in FAULTS and "status of 4" in message.text):
            faults.append(message.text)

    def failed(error: Any) -> None:
        faults.append(str(error))

    def asked(request: Any) -> None:
        requested.append(request.url)

    listeners: Any = {"console": told, "pageerror": failed, "request": asked}
    for event, listener in listeners.items():
        page.on(event, listener)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + path, wait_until=until(path))
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    assert faults == []
    assert requested
    assert [url for url in requested if not url.startswith((address, "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", [path for path in (*KINDS, *FAULTS) if path != "/docs"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark")])
def test_a_page_is_accessible(path: str, width: int, scheme: Any, address: str, audited: Page) -> None:
    """On no page of ours does axe find a violation of WCAG 2.2 AA or of its best practice."""
    audited.emulate_media(color_scheme=scheme)
    audited.set_viewport_size({"width": width, "height": 800})
    audited.goto(address + path, wait_until=until(path))
    found = Axe().run(audited, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found.response["violations"]] == []


def test_factors_of_the_drawing_are_reached_by_keyboard(address: str, page: Page) -> None:
    """Tab leads to the way past the navigation first, and then to each factor, which shows that it has the focus."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.diagram') !== null"):
            reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
            width = page.evaluate("getComputedStyle(document.activeElement.querySelector('rect')).strokeWidth")
            assert width == "5px"
    assert len(reached) == 9
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0


def test_pointing_at_a_factor_leaves_only_its_lines(address: str, page: Page) -> None:
    """Without a script, the lines of other factors fade, on hover and on focus."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/")
    lines = page.locator("path.line[marker-start]")
    assert lines.count() == 28
    box = page.locator(".box", has_text="PSW wellbeing")
    for act in (box.hover, box.focus):
        act()
        clear = lines.evaluate_all("all => all.filter(one => getComputedStyle(one).opacity === '1').length")
        assert clear == 2
        page.mouse.move(0, 0)


def test_texts_of_the_drawing_stay_in_their_boxes(address: str, page: Page) -> None:
    """No line of text is wider than its box, and none stands below it."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/")
    outside = page.evaluate(
        """[...document.querySelectorAll('.box')].flatMap(box => {
            const outer = box.querySelector('rect').getBBox();
            return [...box.querySelectorAll('text')].filter(text => {
                const inner = text.getBBox();
                return inner.x + inner.width > outer.x + outer.width || inner.y + inner.height > outer.y + outer.height;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []
    assert page.locator(".box text").count() > 40


def test_on_a_small_screen_the_matrix_comes_first(address: str, page: Page) -> None:
    """Below 800 pixels the table stands above the drawing, and above that below it."""
    for width, first in ((390, "matrix"), (1280, "drawing")):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address + "/")
        tops = {name: page.locator(f".{name}").bounding_box() for name in ("matrix", "drawing")}
        assert min(tops, key=lambda name: (tops[name] or {"y": 0})["y"]) == first


def test_search_works_by_keyboard(address: str, page: Page) -> None:
    """Words, Enter, and Tab lead from any page to what was found."""
    page.goto(address + "/about")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("stigma")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=stigma")
    page.locator("ol.claims a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/subtheme/stigma")


def test_everything_works_without_javascript(address: str, browser: Browser) -> None:
    """Columns of the map, filters, search, paths and queries need no script."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/map")
    page.get_by_label("country").uncheck()
    page.get_by_label("statements", exact=True).check()
    page.get_by_role("button", name="Show").click()
    assert page.url.endswith("/map?unit=statements&cols=direction&cols=year&sort=framework")
    page.goto(address + "/statements")
    page.locator(".facet a", has_text="PSW wellbeing").first.click()
    page.locator(".facet a", has_text="barrier").first.click()
    assert page.locator("table.statements tbody tr").count() == 5
    page.goto(address + "/sparql")
    page.get_by_label("Query").fill(COUNTS)
    page.get_by_role("button", name="Ask").click()
    assert page.locator("table.solutions tbody tr").count() == 9
    context.close()


def test_the_first_page_is_small(address: str, page: Page) -> None:
    """With all that it loads, the first page takes less than 100 kB."""
    sizes: list[int] = []

    def count(response: Any) -> None:
        sizes.append(len(response.body()))

    page.on("requestfinished", lambda request: count(request.response()))
    page.goto(address + "/", wait_until="networkidle")
    assert len(sizes) >= 2
    assert sum(sizes) < 100_000


def test_paper_has_the_drawing_and_the_table_and_no_navigation(address: str, page: Page) -> None:
    """What is printed is the content: the drawing in its colours, the matrix on a new page, nothing to click on."""
    page.emulate_media(media="print")
    page.goto(address + "/")
    for shown in ("svg.diagram", "table.cross"):
        assert page.locator(shown).is_visible()
    for hidden in ("header.site", ".skip", "form"):
        assert not page.locator(hidden).first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.matrix')).breakBefore") == "page"
    assert page.evaluate("getComputedStyle(document.querySelector('.band rect')).printColorAdjust") == "exact"
    page.emulate_media(media="screen")
