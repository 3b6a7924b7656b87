"""Tests of the evidence map."""

import csv
import io
import re
from html import unescape
from itertools import combinations
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from fastapi.testclient import TestClient

from pswonto.errors import ParameterError
from pswonto.explorer import Explorer
from pswonto.web.evidence_map import BLOCKS, chosen, evidence_map, variants

BROWSER = {"Accept": "text/html"}


@pytest.mark.parametrize("unit", ["studies", "statements"])
@pytest.mark.parametrize("by_total", [False, True])
def test_each_number_is_the_total_of_its_list(
    unit: str, by_total: bool, explorer: Explorer, client: TestClient
) -> None:
    """Every number of the map, and every gap, leads to a list of that many."""
    shown = evidence_map(explorer, "studies" if unit == "studies" else "statements", tuple(BLOCKS), by_total)
    assert len(shown.rows) == 25
    cells = [cell for row in shown.rows for cell in (row.total, *row.cells)]
    assert len(cells) > 25 * 10
    assert all((cell.shade == 0) == (cell.count == 0) and cell.shade <= 8 for cell in cells)
    cells += [row.factor[1] for row in shown.rows if row.factor]
    for cell in cells[:: 1 if not by_total else 9]:
        assert client.get("/api/v1" + cell.href).json()["total"] == cell.count, cell.href


def test_the_page_has_the_numbers_of_the_map(explorer: Explorer, client: TestClient) -> None:
    """The page, its CSV and the model have the same numbers, in the same order."""
    shown = evidence_map(explorer, "studies", tuple(BLOCKS), False)
    numbers = [[cell.count for cell in (row.total, *row.cells)] for row in shown.rows]
    html = client.get("/map", headers=BROWSER).text.split('<table class="map')[1].split("<tbody>")[1]
    on_page = []
    for row in html.split("</tr>")[:-1]:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        on_page.append([int(re.sub(r"<[^>]*>", "", cell).split(" ")[0]) for cell in cells])
    assert on_page == numbers
    table = list(csv.reader(io.StringIO(client.get("/map.csv").text)))
    assert [[int(number) for number in row[3:]] for row in table[1:]] == numbers


def test_the_queries_behind_it_give_its_numbers(explorer: Explorer, client: TestClient) -> None:
    """Each query that the page links to, asked at the endpoint, has the numbers of its columns."""
    shown = evidence_map(explorer, "studies", tuple(BLOCKS), False)
    html = client.get("/map", headers=BROWSER).text
    links = [unquote(unescape(link)) for link in re.findall(r'href="/sparql\?query=([^"]+)"', html)]
    assert links == [shown.text, *(block.text for block in shown.blocks)]
    start = 0
    for block in shown.blocks:
        answer = client.get("/sparql", params={"query": block.text, "format": "json"}).json()["results"]["bindings"]
        told = {(one["row"]["value"].split("/")[-1], one["column"]["value"].split("/")[-1]): one for one in answer}
        for row in shown.rows:
            for column, cell in zip(block.columns, row.cells[start:], strict=False):
                solution = told.get((row.subtheme.slug, column.value))
                assert cell.count == (int(solution["count"]["value"]) if solution else 0)
        start += len(block.columns)


def test_sub_themes_without_evidence_are_told(explorer: Explorer) -> None:
    """Those listed below the map are those with an empty cell."""
    shown = evidence_map(explorer, "studies", ("direction",), False)
    for place, side in enumerate(("barrier", "enabler")):
        empty = [row.subtheme.slug for row in shown.rows if row.cells[place].count == 0]
        assert empty == [subtheme.slug for subtheme in shown.without[side]]
        assert empty


def test_rows_go_by_totals_where_that_is_asked(explorer: Explorer) -> None:
    """The largest come first, and each keeps the name of its factor and level."""
    shown = evidence_map(explorer, "studies", (), True)
    totals = [row.total.count for row in shown.rows]
    assert totals == sorted(totals, reverse=True)
    assert sum(row.factor[2] for row in shown.rows if row.factor) == len(shown.rows)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([("unit", "votes")], "must be one of studies, statements, not 'votes'"),
        ([("cols", "direction,size")], "must be one of direction, year, country, not 'size'"),
        ([("unit", "studies"), ("unit", "statements")], "may be given once only"),
        ([("colums", "year")], "is not known; there are: unit, cols, sort"),
    ],
)
def test_what_cannot_be_chosen_is_told(parameters: list[tuple[str, str]], message: str) -> None:
    """A parameter that does not fit is told with what would."""
    with pytest.raises(ParameterError, match=re.escape(message)):
        chosen(parameters)


def test_links_in_place_of_the_form_reach_every_map() -> None:
    """Each makes or undoes one choice, and step by step they lead to all that the form can ask for."""
    start = chosen([])
    reached, todo = {start}, [start]
    while todo:
        unit, columns, by_total = todo.pop()
        for name, options in variants(unit, columns, by_total).items():
            for option in options:
                if option.href is None:
                    assert (name, columns) == ("Columns", (option.label.replace("period", "year"),))
                    continue
                led = chosen(parse_qsl(urlsplit(option.href).query))
                other = sum(one != another for one, another in zip(led, (unit, columns, by_total), strict=True))
                assert other == (0 if option.is_set and name != "Columns" else 1)
                todo += [led] if led not in reached else []
                reached.add(led)
    chosen_columns = [some for number in (1, 2, 3) for some in combinations(BLOCKS, number)]
    assert {columns for _, columns, _ in reached} == set(chosen_columns)
    assert len(reached) == 2 * len(chosen_columns) * 2
