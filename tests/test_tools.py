"""Tests of the tools that are no list, without the protocol around them."""

import asyncio
from typing import Any

import pytest

from pswonto import resources
from pswonto.agents.answers import Answer, Crossed, Defined, Part, Portrait
from pswonto.agents.grounds import Evidence
from pswonto.agents.things import Things
from pswonto.agents.tool import Tool
from pswonto.agents.tools import all_tools
from pswonto.explorer import Explorer
from pswonto.pool import Limits, Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.vocabulary import Vocabulary

FOLDER = resources.queries_directory()


@pytest.fixture(scope="module")
def tools(store: Store) -> dict[str, Tool]:
    """Return the tools over the real data by their names; no query of one's own is asked here."""
    explorer = Explorer(store, QueryLibrary(*resources.library_directories()))
    vocabulary = Vocabulary(store, QueryLibrary(FOLDER / "vocabulary"))
    settings = Settings()
    limits = Limits(seconds=1, memory=1, result=1, workers=1, waiting=1)
    evidence = Evidence(explorer, QueryLibrary(FOLDER / "agents"), settings.answer_bytes)
    things = Things(explorer, vocabulary, QueryLibrary(FOLDER / "linked-data"))
    return {
        tool.name: tool for tool in all_tools(explorer, evidence, things, vocabulary, Pool(store, limits), settings)
    }


def ask(tool: Tool, **given: Any) -> Answer:
    """Return the answer of a tool."""
    return asyncio.run(tool.call(given))


def test_a_matrix_rests_on_the_statements_of_its_filters(tools: dict[str, Tool], explorer: Explorer) -> None:
    """They are those that were counted, and no filter is all of them."""
    answer = ask(tools["matrix"], unit="statements", rows="levels", factor="psw-wellbeing")
    assert isinstance(answer, Crossed)
    assert answer.matrix == explorer.matrix(unit="statements", rows="levels", factor="psw-wellbeing")
    assert answer.statement_total == len(explorer.statements(factor="psw-wellbeing"))
    assert ask(tools["matrix"]).statement_total == len(explorer.statements())
    assert tools["matrix"].arguments["rows"]["default"] == "factors"


@pytest.mark.parametrize("unit", ["studies", "statements"])
@pytest.mark.parametrize("columns", ["polarity", "country", "year", "period", "design"])
def test_what_is_behind_a_cell_is_told_as_the_matrix_says(columns: str, unit: str, tools: dict[str, Tool]) -> None:
    """The tool of the unit, with row and column as filters, has as many items as the cell counts."""
    assert "call the tool that has the name of the unit" in tools["matrix"].description
    answer = ask(tools["matrix"], rows="levels", columns=columns, unit=unit)
    assert isinstance(answer, Crossed)
    assert answer.matrix.cells
    for cell in answer.matrix.cells:
        filters = {columns: cell.column}
        if columns in ("year", "period"):
            years = cell.column.split("-")
            filters = {"yearFrom": years[0], "yearTo": years[-1]}
        behind = ask(tools[unit], level=cell.row, **filters)
        assert isinstance(behind, Part)
        assert behind.total == cell.count, cell


@pytest.mark.parametrize(
    ("thing", "filters"),
    [
        ("level:micro", {"level": "micro"}),
        ("psw-wellbeing", {"factor": "psw-wellbeing"}),
        ("subtheme:stigma", {"subtheme": "stigma"}),
        ("network-of-psws", {"theme": "network-of-psws"}),
        ("jurisdiction:us", {"country": "us"}),
        ("passage:psw-wellbeing-2", {"passage": "psw-wellbeing-2"}),
    ],
)
def test_a_thing_rests_on_its_statements(
    thing: str, filters: dict[str, str], tools: dict[str, Tool], explorer: Explorer
) -> None:
    """They are those that a filter for it lets through."""
    answer = ask(tools["thing"], thing=thing, statements=1000)
    assert isinstance(answer, Portrait)
    expected = explorer.statements(**filters)
    assert answer.statement_total == len(expected)
    assert list(answer.statements) == expected[: len(answer.statements)]


def test_terms_are_those_of_the_vocabulary(tools: dict[str, Tool], store: Store) -> None:
    """All of them, or those of a kind that have some words."""
    terms = Vocabulary(store, QueryLibrary(FOLDER / "vocabulary")).terms.values()
    answer = ask(tools["terms"])
    assert isinstance(answer, Part)
    assert answer.total == len(terms)
    some = ask(tools["terms"], kind="class", q="INFLUENCE")
    assert isinstance(some, Part)
    items: tuple[Defined, ...] = some.items
    assert {"pswo:Influence", "pswo:UpwardInfluence"} <= {term.name for term in items}
    assert {term.kind for term in items} == {"class"}


def test_the_limits_of_a_query_are_told(tools: dict[str, Tool]) -> None:
    """The description has the numbers that are set."""
    assert "after 10 s, or where it takes more than 1000 MB of memory or gives more than 50 MB" in (
        tools["sparql"].description
    )
