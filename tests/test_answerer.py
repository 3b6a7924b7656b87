"""Tests of the tools that answer in rows, without the protocol around them."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from pswonto import resources
from pswonto.agents.answerer import row_tools
from pswonto.agents.answers import Rows
from pswonto.agents.grounds import Evidence
from pswonto.agents.tool import Tool
from pswonto.errors import QueryNotFound, QueryRefused, QueryTimeout
from pswonto.explorer import Explorer
from pswonto.pool import Limits, Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from running import ENDLESS

LIMITS = Limits(seconds=2.0, memory=300_000_000, result=20_000, workers=1, waiting=2)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """Yield what runs the event loop, to which the processes of a pool are bound."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def tools(store: Store, runner: asyncio.Runner) -> Iterator[dict[str, Tool]]:
    """Yield the tools over the real data by their names."""
    explorer = Explorer(store, QueryLibrary(*resources.library_directories()))
    evidence = Evidence(explorer, QueryLibrary(resources.queries_directory() / "agents"), 100_000)
    pool = Pool(store, LIMITS)
    yield {tool.name: tool for tool in row_tools(explorer, evidence, pool, Settings())}
    pool.close()


@pytest.fixture(scope="module")
def ask(tools: dict[str, Tool], runner: asyncio.Runner) -> Any:
    """Return what asks one of the tools."""

    def asked(name: str, **given: Any) -> Rows:
        answer = runner.run(tools[name].call(given))
        assert isinstance(answer, Rows)
        return answer

    return asked


def test_a_stored_question_has_its_rows(ask: Any, explorer: Explorer) -> None:
    """With values for its parameters, page by page, and the query with them in it."""
    given = {"factor": "psw-wellbeing", "polarity": ["barrier", "enabler"]}
    whole = explorer.statements(**given)
    first = ask("ask", question="statements", parameters=given, limit=2)
    assert (first.total, first.next, len(first.rows)) == (len(whole), 2, 2)
    assert first.rows[0]["statement"] == f"statement:{whole[0].slug}"
    assert "VALUES ?factor { <https://w3id.org/pswonto/factor/psw-wellbeing> }" in first.sparql
    second = ask("ask", question="statements", parameters=given, limit=2, offset=2)
    assert second.rows[0]["statement"] == f"statement:{whole[2].slug}"
    with pytest.raises(QueryNotFound, match="did you mean statements"):
        ask("ask", question="statement")


def test_rows_rest_on_the_statements_that_they_name(ask: Any, explorer: Explorer) -> None:
    """Those of the page, in full, also where several stand in one cell."""
    query = "SELECT * { ?s a <https://w3id.org/pswonto#BarrierStatement> } ORDER BY DESC(?s)"
    answer = ask("sparql", query=query, limit=2)
    barriers = [statement for statement in explorer.statements() if statement.has_polarity.slug == "barrier"]
    assert {one.iri for one in answer.statements} == {one.iri for one in barriers[-2:]}
    more = ask("sparql", query=query, limit=2, offset=2)
    assert {one.iri for one in more.statements} == {one.iri for one in barriers[-4:-2]}
    studies = ask("ask", question="studies", parameters={"study": "byrne-2016"}, statements=1000)
    assert list(studies.statements) == list(explorer.study("byrne-2016").statements)


def test_a_query_is_held_to_its_limits(ask: Any) -> None:
    """Its time, the size of its answer, and that it asks no other service; and the next one has its answer."""
    with pytest.raises(QueryTimeout, match=r"ended after 2 s"):
        ask("sparql", query=ENDLESS)
    with pytest.raises(QueryRefused, match="larger than 20000 bytes"):
        ask("sparql", query="SELECT * { ?s ?p ?o }")
    with pytest.raises(QueryRefused, match="SERVICE is refused"):
        ask("sparql", query="ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    assert ask("sparql", query="ASK {}").rows == ({"answer": True},)
