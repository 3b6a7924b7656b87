"""Tests of the pages about single things."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from pswonto.explorer import Explorer
from pswonto.namespaces import BASE
from pswonto.web.portraits import Portraits

BROWSER = {"Accept": "text/html"}
KINDS = (
    "level",
    "factor",
    "subtheme",
    "detail",
    "work",
    "statement",
    "influence",
    "passage",
    "jurisdiction",
    "anomaly",
    "gap",
    "implication",
    "activity",
)


@pytest.mark.parametrize("kind", KINDS)
def test_each_thing_of_a_kind_has_its_page(kind: str, explorer: Explorer, client: TestClient) -> None:
    """The page of each has its name, one heading of the first rank, the query behind it, and its formats."""
    things = explorer.things_of(kind)
    assert things
    titles = set()
    for thing in things[:40]:
        html = client.get(thing.removeprefix(BASE), headers=BROWSER).text
        assert html.count("<h1>") == 1
        titles.add(re.findall(r"<title>([^<]*)</title>", html)[0])
        assert f'href="{thing.removeprefix(BASE)}.ttl"' in html
        assert "/sparql?query=" in html
    assert len(titles) == len(things[:40])


@pytest.mark.parametrize("path", ["/factor/psw-wellbeing", "/subtheme/stigma", "/work/byrne-2016", "/jurisdiction/us"])
def test_numbers_of_a_page_are_those_of_their_lists(path: str, client: TestClient) -> None:
    """Each number that leads to a list of statements, studies or parts is the total of that list."""
    html = client.get(path, headers=BROWSER).text
    numbers = re.findall(r'href="(/(?:statements|studies)\?[^"]+)">\s*(\d+)', html)
    assert len(numbers) >= 2
    for link, number in numbers:
        assert client.get("/api/v1" + unescape(link)).json()["total"] == int(number), link


def test_statements_are_in_order_of_their_direction(explorer: Explorer) -> None:
    """What hinders and what helps comes first, and all is there."""
    own = Portraits(explorer).of("factor", "psw-wellbeing")
    assert own
    assert [polarity.slug for polarity, _, _ in own["statements"]] == ["barrier", "enabler"]
    listed = [statement.slug for _, members, _ in own["statements"] for statement in members]
    assert sorted(listed) == sorted(one.slug for one in explorer.statements(factor="psw-wellbeing"))


def test_a_work_can_be_cited(client: TestClient) -> None:
    """The page of a work has its DOI, and each format of its reference, as the files have it."""
    html = unescape(client.get("/work/byrne-2016", headers=BROWSER).text)
    assert 'href="https://doi.org/10.3109/09638237.2015.1101428"' in html
    for suffix in ("bib", "ris", "csl.json"):
        assert client.get(f"/api/v1/works/byrne-2016.{suffix}").text.strip() in html


def test_what_has_no_portrait_has_its_triples(explorer: Explorer, client: TestClient) -> None:
    """A kind without a question is shown as what is said of it, and so is a thing that nothing is asked about."""
    assert Portraits(explorer).of("polarity", "barrier") is None
    assert Portraits(explorer).of("work", "nobody-1900") is None
    assert "What is said of it" in client.get("/polarity/barrier", headers=BROWSER).text


def test_a_review_is_no_cited_work(explorer: Explorer, client: TestClient) -> None:
    """The review has an IRI like those of works, and a page of its own kind."""
    own = Portraits(explorer).of("work", "mirbahaeddin-2022")
    assert own
    assert own["kind"] == "review"
    html = client.get("/work/mirbahaeddin-2022", headers=BROWSER).text
    assert '<a href="/statements?review=mirbahaeddin-2022">124 statements</a>' in html
