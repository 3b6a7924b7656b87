"""Tests of the pages of lists."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient

from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import create_app
from pswonto.web.listing import COLUMNS, path_of

BROWSER = {"Accept": "text/html"}


def page(client: TestClient, path: str) -> str:
    """Return a page."""
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, path
    return answer.text


def total(html: str) -> int:
    """Return how many items the page says that there are."""
    found = re.search(r'role="status"><strong>(\d+)</strong>', html)
    assert found
    return int(found[1])


@pytest.mark.parametrize("name", COLUMNS)
def test_a_list_shows_what_the_api_has(name: str, client: TestClient) -> None:
    """The page has as many items as the list over REST, and a row for each."""
    html = page(client, path_of(name))
    listed = client.get(f"/api/v1/{name}").json()
    assert total(html) == listed["total"] > 0
    assert html.split("<tbody")[1].split("</tbody>")[0].count("<tr ") == len(listed["items"])


@pytest.mark.parametrize("path", ["/statements", "/statements?factor=psw-wellbeing", "/studies?polarity=barrier"])
def test_a_filter_leaves_what_it_tells(path: str, client: TestClient) -> None:
    """Each number beside a filter is that of the list that it leads to."""
    html = page(client, path)
    choices = re.findall(r'<li><a href="([^"]+)"( aria-current="true")?>[^<]*</a> <span class="count">(\d+)<', html)
    assert len(choices) > 20
    for link, is_set, count in choices[:: 1 if "?" in path else 4]:
        if not is_set:
            assert total(page(client, unescape(link))) == int(count), link


def test_a_set_filter_can_be_taken_back(client: TestClient) -> None:
    """Each filter that is set is told by its name, and leads to the list without it."""
    html = page(client, "/statements?factor=psw-wellbeing&polarity=barrier&sort=-aboutTheme")
    chips = re.findall(r'<a class="chip" href="([^"]+)"><span class="hidden">Remove the filter </span>([^<]+)<', html)
    assert [(unescape(link), name.strip()) for link, name in chips] == [
        ("/statements?polarity=barrier&sort=-aboutTheme", "Factor: PSW wellbeing"),
        ("/statements?factor=psw-wellbeing&sort=-aboutTheme", "Direction: barrier"),
    ]


def test_a_list_is_sorted_by_its_heads(client: TestClient) -> None:
    """A head leads to its order, tells that it has it, and leads on to the other direction."""
    html = page(client, "/studies")
    assert "aria-sort" not in html
    link = re.search(r'href="(/studies\?sort=publicationYear)"', html)
    assert link
    up = page(client, link[1])
    assert 'aria-sort="ascending"' in up
    down = page(client, "/studies?sort=-publicationYear")
    assert 'aria-sort="descending"' in down
    years = [
        [int(year) for year in re.findall(r'<td role="cell" class="number">(\d{4})</td>', html)] for html in (up, down)
    ]
    assert years == [sorted(years[0]), sorted(years[0], reverse=True)]


def test_pages_of_a_list_lead_through_all_of_it(client: TestClient) -> None:
    """Next leads from page to page, and each statement is on one of them."""
    path, seen = "/statements?limit=50", []
    while path:
        html = page(client, path)
        seen += re.findall(r'<td role="cell" class="words"><a href="(/statement/[^"]+)"', html)
        link = re.search(r'<a href="([^"]+)" rel="next"', html)
        path = unescape(link[1]) if link else ""
    assert len(seen) == len(set(seen)) == 124


def test_downloads_are_what_is_shown(client: TestClient) -> None:
    """The files of a list hold the items that its filters leave, in its order."""
    html = page(client, "/studies?polarity=barrier&sort=-publicationYear")
    shown = re.findall(r'<th scope="row" role="rowheader"><a href="/work/([^"]+)"', html)
    files = {
        name: unescape(link) for link, name in re.findall(r'<a href="(/api/v1/studies\.[^"]+)">([\w.]+)</a>', html)
    }
    assert set(files) == {"csv", "tsv", "ndjson", "bib", "ris", "csl.json", "ttl", "jsonld"}
    table = client.get(files["csv"]).text.splitlines()
    assert [line.split(",")[1] for line in table[1:] if line.startswith("https://")] == shown
    assert re.findall(r"@\w+\{([\w-]+),", client.get(files["bib"]).text) == shown


def test_what_does_not_fit_is_told_on_a_page(client: TestClient) -> None:
    """A filter that there is not is 400, with what would be right."""
    answer = client.get("/statements?polarity=bad", headers=BROWSER)
    assert answer.status_code == 400
    assert "polarity" in answer.text
    assert client.get("/statements?colour=red", headers=BROWSER).status_code == 400
    assert "Nothing fits" in page(client, "/statements?factor=psw-wellbeing&level=macro&country=jp")


@pytest.fixture(scope="module")
def exported(store: Store, library: QueryLibrary, settings: Settings) -> Iterator[TestClient]:
    """Return a client of the service as it is when its pages become files."""
    with TestClient(create_app(store, library, settings, exported=True)) as client:
        yield client


def test_a_whole_list_that_becomes_a_file_leads_to_each_filter(exported: TestClient, client: TestClient) -> None:
    """It has the filters and files of the service, and no form and no order, which nothing would answer."""
    files, service = page(exported, "/studies"), page(client, "/studies")
    choice = re.compile(r'<li><a href="([^"]*)">[^<]*</a> <span class="count">')
    assert choice.findall(files) == choice.findall(service) != []
    assert files.count("/api/v1/studies") == service.count("/api/v1/studies") > 5
    for gone in ("<form", "sort=", "aria-sort"):
        assert gone not in files


def test_a_filtered_list_that_becomes_a_file_leads_no_further(exported: TestClient, client: TestClient) -> None:
    """It tells its filters, has files for tables and reference managers, and leads back to the whole list."""
    files = page(exported, "/studies?polarity=barrier&subtheme=stigma")
    assert '<span class="chip">Direction: barrier</span>' in files
    assert "Filters combine only in" in files
    assert 'href="/studies">all studies' in files
    assert "/studies?" not in files
    assert sorted(re.findall(r'href="/api/v1/studies\.(\w+)\?', files)) == ["bib", "csv", "ris"]
    assert total(files) == total(page(client, "/studies?polarity=barrier&subtheme=stigma")) > 5
