"""Tests of the client inside the process."""

import asyncio
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from pswonto import dataset
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.static_site.visitor import Visitor
from pswonto.web import create_app
from pswonto.web.exchange import Reply


def test_it_is_answered_as_a_client_is(second: Path, library: QueryLibrary) -> None:
    """A page, RDF by Accept, a file of several parts, a query, and what is not there."""

    async def visit() -> list[Reply]:
        async with Visitor(create_app(dataset.open_dataset([second]), library, Settings())) as visitor:
            return [
                await visitor.get("/factor/leadership", "text/html"),
                await visitor.get("/factor/leadership", "text/turtle"),
                await visitor.get("/static/vendor/yasqe-4.6.2/yasqe.min.js"),
                await visitor.get("/sparql?query=ASK%20%7B%7D&format=json"),
                await visitor.get("/factor/lea%20dership", "text/html"),
            ]

    replies = asyncio.run(visit())
    assert [reply.status for reply in replies] == [200, 200, 200, 200, 404]
    page, turtle, script, answer, missing = replies
    assert page.body.startswith(b"<!DOCTYPE html>")
    assert b"@prefix factor:" in turtle.body
    assert len(script.body) == int(dict(script.headers)[b"content-length"])
    assert b'"boolean":true' in answer.body
    assert b"/factor/lea dership" in missing.body


def test_an_application_that_does_not_start_is_told() -> None:
    """The fault comes to whoever visits, and nobody waits for a word that does not come."""

    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("no data")

    async def visit() -> None:
        async with Visitor(fails):
            pass

    with pytest.raises(RuntimeError, match="no data"):
        asyncio.run(visit())
