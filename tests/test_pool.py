"""Tests of the processes that evaluate queries: each ends at its limit, and the others go on."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pswonto.dataset import evaluator
from pswonto.errors import FormatError, Overloaded, ParameterError, QueryRefused, QuerySyntaxError, QueryTimeout
from pswonto.pool import Limits, Pool
from pswonto.store import Store

LIMITS = Limits(seconds=1.0, memory=300_000_000, result=1_000_000, workers=2, waiting=2)
ACCEPT = "text/csv, application/sparql-results+json;q=0.9, text/turtle;q=0.8"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT (COUNT(DISTINCT *) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """Yield what runs the event loop, to which the processes of a pool are bound."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def pool(store: Store, runner: asyncio.Runner) -> Iterator[Pool]:
    """Yield a pool over the real data."""
    pool = Pool(store, LIMITS)
    yield pool
    pool.close()


async def ask(pool: Pool, query: str = "ASK {}", **options: Any) -> str:
    """Answer a query as most clients want it, and return the text."""
    given: dict[str, Any] = {"base": "http://x/", "accept": ACCEPT, **options}
    _, body = await pool.answer(query, **given)
    return body.decode()


def listed() -> list[list[str]]:
    """Return the number, the parent and the state of each process that evaluates queries, or makes those that do."""
    rows = subprocess.run(["ps", "-ewwo", "pid,ppid,stat,args"], capture_output=True, text=True, check=True).stdout
    return [row[:3] for row in (line.split(maxsplit=3) for line in rows.splitlines()) if "pswonto.evaluator" in row[3]]


def below(parents: set[str]) -> set[str]:
    """Return those of these processes that some processes have started, and that have not ended."""
    return {process for process, parent, state in listed() if parent in parents and state[0] != "Z"}


def children() -> list[str]:
    """Return the state of each process of ours that holds the graph or evaluates queries, and has not ended."""
    holding = below({str(os.getpid())})
    ours = holding | below(holding)
    return [state for process, _, state in listed() if process in ours and state[0] != "Z"]


def test_a_query_is_answered_in_the_format_of_its_form(pool: Pool, runner: asyncio.Runner) -> None:
    """Each form is written as the client wants that form."""
    assert runner.run(ask(pool)) == '{"head":{},"boolean":true}'
    assert runner.run(ask(pool, "SELECT (1 AS ?x) {}")) == "x\r\n1\r\n"
    assert runner.run(ask(pool, "CONSTRUCT { <urn:s> <urn:p> 1 } {}")).endswith("\n<urn:s> <urn:p> 1 .\n")


@pytest.mark.parametrize(
    ("query", "options", "error", "words"),
    [
        ("SELECT *", {}, QuerySyntaxError, "line 1, column 9"),
        ("ASK { SERVICE <http://x/> {} }", {}, QueryRefused, "SERVICE is refused"),
        ("ASK {}", {"default_graphs": ["no iri"]}, ParameterError, "default-graph-uri"),
        ("ASK {}", {"accept": "image/png"}, FormatError, "image/png"),
        ("SELECT * { ?s ?p ?o . ?a ?b ?c }", {}, QueryRefused, "larger than 1000000 bytes"),
        ("CONSTRUCT { ?s ?p ?c } { ?s ?p ?o . ?a ?b ?c }", {"seconds": 60}, QueryRefused, "larger than 1000000 bytes"),
        (ENDLESS, {}, QueryTimeout, "after 1 s,"),
        (ENDLESS, {"seconds": 0.2}, QueryTimeout, "after 0.2 s,"),
        (ENDLESS, {"seconds": 60}, QueryTimeout, "after 1 s,"),
    ],
)
def test_what_cannot_be_answered_is_told(
    query: str, options: dict[str, Any], error: type[Exception], words: str, pool: Pool, runner: asyncio.Runner
) -> None:
    """The error is that of the engine or of the limit, with the same words as in one process; nothing is ever cut."""
    with pytest.raises(error, match=words):
        runner.run(ask(pool, query, **options))
    assert runner.run(ask(pool))


def test_memory_is_limited(store: Store, runner: asyncio.Runner) -> None:
    """A query that takes more memory than it may is refused, and the next one is answered."""
    pool = Pool(store, Limits(seconds=60, memory=100_000_000, result=1_000_000, workers=1, waiting=0))
    try:
        with pytest.raises(QueryRefused, match="more memory than a query may"):
            runner.run(ask(pool, GREEDY))
        assert runner.run(ask(pool))
    finally:
        pool.close()


def test_an_ended_query_leaves_nothing_behind(pool: Pool, runner: asyncio.Runner) -> None:
    """Fifty queries that are ended, or never begin, leave no process more than there was, and none that works."""
    runner.run(ask(pool))
    before, ended = len(children()), pool.ended
    for _ in range(50):
        with pytest.raises((QueryTimeout, Overloaded)):
            runner.run(ask(pool, ENDLESS, seconds=0.02))
    assert pool.ended - ended > 10
    assert runner.run(ask(pool))
    assert len(children()) <= before
    assert [line for line in children() if line.startswith("R")] == []


def test_who_is_cancelled_frees_the_process(pool: Pool, runner: asyncio.Runner) -> None:
    """Where nobody waits for an answer any longer, the query is ended at once."""

    async def cancelled() -> None:
        task = asyncio.create_task(ask(pool, ENDLESS))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    runner.run(cancelled())
    assert [line for line in children() if line.startswith("R")] == []


def test_too_many_queries_are_turned_away(pool: Pool, runner: asyncio.Runner) -> None:
    """Two are evaluated, two wait, and the fifth is turned away at once; those that waited are answered."""

    async def crowd() -> list[object]:
        slow = [asyncio.create_task(ask(pool, ENDLESS, seconds=0.5)) for _ in range(2)]
        await asyncio.sleep(0.1)
        quick = [asyncio.create_task(ask(pool)) for _ in range(2)]
        await asyncio.sleep(0.1)
        start = time.monotonic()
        with pytest.raises(Overloaded, match="2 queries are being answered, and 2 are waiting"):
            await ask(pool)
        assert time.monotonic() - start < 0.25
        return await asyncio.gather(*slow, *quick, return_exceptions=True)

    answers = runner.run(crowd())
    assert [isinstance(answer, QueryTimeout) for answer in answers] == [True, True, False, False]


def test_a_process_that_dies_is_replaced(pool: Pool, runner: asyncio.Runner) -> None:
    """Where the process that would answer is killed from outside, another one answers."""

    async def killed() -> None:
        await ask(pool)
        # Those that hold a graph are our children, and those that answer are theirs.
        holding = below({str(os.getpid())})
        answering = below(holding)
        assert answering, listed()
        for child in answering:
            os.kill(int(child), signal.SIGKILL)
        assert await ask(pool)

    runner.run(killed())


def test_closing_ends_all_processes(store: Store, runner: asyncio.Runner) -> None:
    """After the end there is no process of the pool; who was being answered, who waited and who comes later is told."""
    before = len(children())
    pool = Pool(store, replace(LIMITS, workers=1))

    async def busy() -> None:
        tasks = [asyncio.create_task(ask(pool, ENDLESS)) for _ in range(2)]
        await asyncio.sleep(0.3)
        pool.close()
        for task in (*tasks, ask(pool)):
            with pytest.raises(Overloaded, match="the service is ending"):
                await task

    runner.run(busy())
    # What the test before has killed may have ended meanwhile.
    assert len(children()) <= before


def test_blank_nodes_keep_their_labels_in_a_fork(store: Store, runner: asyncio.Runner) -> None:
    """A pool whose processes come from a fork of this one names them as the store does, and so answers the same."""
    query = "SELECT ?node { ?node a ?class FILTER(isBlank(?node)) } ORDER BY ?node"
    pool = Pool(store, LIMITS, evaluator(store, LIMITS.memory))
    try:
        answer = runner.run(ask(pool, query))
    finally:
        pool.close()
    assert answer.encode() == store.answer(query).serialize("text/csv")
    assert answer.count("_:") > 20


def test_a_store_on_a_disk_is_read_wholly_however_many_files_it_has(runner: asyncio.Runner, scattered: Path) -> None:
    """A process that evaluates queries may open those files of the store that the engine opens when it needs them."""
    pool = Pool(Store(scattered), replace(LIMITS, workers=1))
    try:
        # One pattern for each order in which the engine keeps quads.
        for graph in ("?g", "<1>"):
            for pattern in ("<1> ?p ?o", "?s <1> ?o", "?s ?p <1>"):
                query = f"BASE <http://x/> SELECT (COUNT(*) AS ?n) {{ GRAPH {graph} {{ {pattern} }} }}"
                assert runner.run(ask(pool, query)) == "n\r\n1\r\n", query
    finally:
        pool.close()
