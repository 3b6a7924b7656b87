"""Tests of the tools that answer with a list, without the protocol around them."""

import asyncio
from typing import Any

import pytest

from pswonto import resources
from pswonto.agents.answers import Part
from pswonto.agents.grounds import Evidence
from pswonto.agents.lists import list_tools
from pswonto.agents.tool import Tool
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings


@pytest.fixture(scope="module")
def tools(explorer: Explorer) -> dict[str, Tool]:
    """Return the tools over the real data by their names."""
    evidence = Evidence(explorer, QueryLibrary(resources.queries_directory() / "agents"), 100_000)
    return {tool.name: tool for tool in list_tools(explorer, evidence, Settings())}


def ask(tool: Tool, **given: Any) -> Part[Any]:
    """Return the answer of a tool."""
    answer = asyncio.run(tool.call(given))
    assert isinstance(answer, Part)
    return answer


def test_each_has_the_filters_of_its_question(tools: dict[str, Tool], explorer: Explorer) -> None:
    """Every parameter of the stored query is an argument, beside those that choose a part."""
    for name, tool in tools.items():
        filters = {parameter.name for parameter in explorer.query(name).parameters}
        assert filters == set(tool.arguments) - {"limit", "offset", "statements"}
        assert set(tool.required) <= filters


@pytest.mark.parametrize(
    ("name", "given", "filters"),
    [
        ("factors", {"level": "micro"}, {"factor": ["relationships-with-team-members", "psw-wellbeing"]}),
        ("factors", {"factor": "psw-wellbeing", "yearTo": 2010}, {"factor": "psw-wellbeing", "year_to": 2010}),
        ("subthemes", {"q": "stigma", "country": "us"}, {"subtheme": "stigma", "country": "us"}),
        ("coverage", {"fewer": 3, "kind": "theme"}, {"theme": ["historical-influence-of-voluntary-work"]}),
    ],
)
def test_items_rest_on_what_is_said_of_them(
    name: str, given: dict[str, Any], filters: dict[str, Any], tools: dict[str, Tool], explorer: Explorer
) -> None:
    """The statements about the items, with the filters that speak of statements, and no others."""
    answer = ask(tools[name], **given, statements=1000)
    expected = explorer.statements(**filters)
    if name == "coverage":
        expected = explorer.statements(theme=[item.slug for item in explorer.coverage(3) if item.kind == "theme"])
    assert list(answer.statements) == expected
    assert len(expected) > 0


def test_influences_rest_on_what_argues_for_them(tools: dict[str, Tool], explorer: Explorer) -> None:
    """Those of the page, whatever factor was asked for."""
    answer = ask(tools["influences"], factor="psw-wellbeing", statements=1000)
    argued = {thing.slug for item in answer.items for thing in item.has_argument}
    assert {statement.slug for statement in answer.statements} == argued
    assert argued
    assert ask(tools["influences"], argued=False).statement_total == 0


def test_lists_that_have_their_statements_have_no_more(tools: dict[str, Tool]) -> None:
    """Statements, studies, and what the authors themselves say rest on nothing else."""
    for name in ("statements", "studies", "gaps", "implications"):
        assert ask(tools[name], limit=1).statement_total == 0
        assert "statements" not in tools[name].arguments
