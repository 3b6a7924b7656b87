"""Tests of how one file is written."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pswonto.errors import SiteError
from pswonto.namespaces import Names
from pswonto.static_site.addresses import NOT_FOUND, Addresses
from pswonto.static_site.visitor import Visitor
from pswonto.static_site.writer import Target, Writer, Written

PAGE = '<a href="/">1</a><a href="c#p">2</a><a href="#q">3</a><a href="/docs">4</a>'
ANSWERS: Mapping[str, tuple[int, str, str]] = {
    "/a/b": (200, "text/html; charset=utf-8", PAGE),
    "/map.csv": (200, "text/html", "no table"),
    "/gone": (404, "text/html", "gone"),
    "/broken": (500, "text/plain", "broken"),
    f"/{NOT_FOUND}": (404, "text/html", '<a href="/a/b">b</a>'),
}


def answer(request: Request) -> Response:
    """Answer as the table says."""
    status, media_type, body = ANSWERS[request.url.path]
    return Response(body, status, {"content-type": media_type})


def write(link: str, folder: Path, base_path: str | None = None) -> Written:
    """Write what is at an address of a small application."""
    addresses = Addresses(Names(), [])

    async def written() -> Written:
        async with Visitor(Starlette(routes=[Route(path, answer) for path in ANSWERS])) as visitor:
            found = addresses.find(link)
            assert found is not None
            return await Writer(visitor, addresses, Target(folder, base_path, {"given.nq": b"x"})).write(found[0])

    return asyncio.run(written())


def test_a_page_leads_on_by_relative_links(tmp_path: Path) -> None:
    """Links name files from where the page is, all but one to no file, which is told and stays as it was."""
    written = write("/a/b", tmp_path)
    assert (tmp_path / "a" / "b.html").read_text() == (
        '<a href="../index.html">1</a><a href="../a/c.html#p">2</a><a href="#q">3</a><a href="/docs">4</a>'
    )
    assert [found.file for found in written.found] == ["index.html", "a/c.html"]
    assert written.faults == ["a/b.html: no file can stand for /docs"]


def test_what_is_known_is_not_asked_for(tmp_path: Path) -> None:
    """A file that is given, and the text of a query, need no answer."""
    write("/given.nq", tmp_path)
    assert (tmp_path / "given.nq").read_bytes() == b"x"
    file = write("/sparql?query=ASK%20%7B%7D", tmp_path).address.file
    assert (tmp_path / file).read_text() == "ASK {}\n"


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("/map.csv", "/map.csv was to be text/csv, and is text/html"),
        ("/gone", "/gone was to be text/html, and is status 404"),
    ],
)
def test_what_is_not_what_its_suffix_says_is_told(link: str, told: str, tmp_path: Path) -> None:
    """A host would call it something else, or it is not there, and so it is not written."""
    assert write(link, tmp_path).faults == [told]
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_fails_ends_the_export(tmp_path: Path) -> None:
    """All that is asked afterwards would fail too."""
    with pytest.raises(SiteError, match="/broken: the service fails with status 500"):
        write("/broken", tmp_path)


def test_the_page_for_what_is_not_there_names_the_path_on_the_host(tmp_path: Path) -> None:
    """It is shown at any address, so that relative links would lead astray."""
    write(f"/{NOT_FOUND}", tmp_path, "/sub/")
    assert (tmp_path / NOT_FOUND).read_text() == '<a href="/sub/a/b.html">b</a>'
