"""Tests that all that links lead to is written once."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pswonto.errors import SiteError
from pswonto.namespaces import Names
from pswonto.static_site.addresses import Addresses
from pswonto.static_site.crawl import Crawl
from pswonto.static_site.writer import Target, Writer

# For each page, where it leads to.
LINKS = {
    "/": ["/a", "/b?q=1", "/api/v1/x.csv"],
    "/a": ["/", "/c/d"],
    "/b": ["/a", "/b?q=1"],
    "/c/d": ["/c/d"],
    "/big": ["/A", "/a"],
    "/last": ["/api/v1/x.csv"],
    "/worse": ["/", "/broken"],
    "/worst": ["/", "/crash"],
}


def page(request: Request) -> Response:
    """Answer with links, where nothing is broken."""
    if request.url.path == "/crash":
        raise RuntimeError
    if request.url.path == "/broken":
        return Response(status_code=500)
    return HTMLResponse("".join(f'<a href="{link}">x</a>' for link in LINKS.get(request.url.path, ())))


def table(request: Request) -> Response:
    """Answer with a table."""
    return Response("a,b\r\n", media_type="text/csv")


def service() -> Starlette:
    """Return a service that has these pages."""
    return Starlette(routes=[Route("/api/v1/x.csv", table), Route("/{path:path}", page)])


@pytest.fixture
def crawl(tmp_path: Path) -> Callable[[str], tuple[Crawl, list[tuple[int, int]]]]:
    """Return what crawls from an address, and tells what was told on the way."""
    addresses = Addresses(Names(), [])

    def run(start: str) -> tuple[Crawl, list[tuple[int, int]]]:
        told: list[tuple[int, int]] = []
        crawl = Crawl(lambda done, known: told.append((done, known)))
        found = addresses.find(start)
        assert found is not None
        crawl.run([found[0]], service, lambda visitor: Writer(visitor, addresses, Target(tmp_path, None, {})))
        return crawl, told

    return run


def test_everything_is_written_once(
    crawl: Callable[[str], tuple[Crawl, list[tuple[int, int]]]], tmp_path: Path
) -> None:
    """From the first page on, each page that a link leads to is written, and each is told as it is."""
    crawled, told = crawl("/")
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["a.html", "api/v1/x.csv", "b/q-1.html", "c/d.html", "index.html"]
    assert (crawled.pages, crawled.faults) == (4, [])
    assert [done for done, _ in told] == [1, 2, 3, 4, 5]
    assert told[-1] == (5, 5)


def test_the_files_of_the_last_page_are_written_too(
    crawl: Callable[[str], tuple[Crawl, list[tuple[int, int]]]], tmp_path: Path
) -> None:
    """Where nothing else is left to do, what belongs to a page still is."""
    crawl("/last")
    assert (tmp_path / "api" / "v1" / "x.csv").exists()


def test_files_that_some_systems_take_for_one_are_told(
    crawl: Callable[[str], tuple[Crawl, list[tuple[int, int]]]],
) -> None:
    """Names that differ in capitals only would overwrite each other where these do not count."""
    crawled, _ = crawl("/big")
    assert crawled.faults == ["A.html and a.html would be one file where capitals do not count"]


@pytest.mark.parametrize(
    ("start", "fault", "told"),
    [("/worse", SiteError, "/broken: the service fails"), ("/worst", ChildProcessError, "a process that writes")],
)
def test_a_fault_ends_all_processes(
    start: str, fault: type[Exception], told: str, crawl: Callable[[str], tuple[Crawl, list[tuple[int, int]]]]
) -> None:
    """A process that comes upon a fault of the service says so, one that ends is missed, and no other is waited for."""
    with pytest.raises(fault, match=told):
        crawl(start)
    assert multiprocessing.active_children() == []
