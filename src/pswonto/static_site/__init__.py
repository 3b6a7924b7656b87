"""The service as files: every page and every RDF form, for a host that does nothing but send files."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pswonto.dataset import evaluator
from pswonto.errors import SiteError
from pswonto.namespaces import Names
from pswonto.naming import names_of
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.static_site.addresses import NOT_FOUND, Address, Addresses
from pswonto.static_site.crawl import Crawl
from pswonto.static_site.folder import replaced
from pswonto.static_site.graphs import dumped, settled
from pswonto.static_site.links import check
from pswonto.static_site.writer import Target, Writer
from pswonto.store import GRAPH_FORMATS, Store
from pswonto.web import create_app
from pswonto.web.description import MEDIA_TYPES
from pswonto.web.listing import COLUMNS, path_of
from pswonto.web.representation import CONTEXT_PATH
from pswonto.web.service import Service

# A list of so many items is whole on one page.
_ALL = 1_000_000


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        pages: How many pages.
        files: How many files, with the pages.
        size: How many bytes.
        links: How many links between them were followed, each counted once in a file.
    """

    pages: int
    files: int
    size: int
    links: int


def export(
    store: Store,
    library: QueryLibrary,
    folder: Path,
    base_path: str | None = None,
    told: Callable[[int, int], None] = lambda done, known: None,
) -> Exported:
    """Write every page and every RDF form of the service over a dataset to a folder.

    The service itself is asked, from the first page and the list of all things on, so that a file says what it says.
    Links are relative and name files, so that the folder works at any address, and without one. The same dataset gives
    the same bytes.

    Args:
        store: The dataset, checked and completed.
        library: The stored queries that pages ask.
        folder: The folder, which is replaced as a whole, and only if an export wrote it.
        base_path: The path that the folder will have on its host, from `/` to `/`, for the page that says that a file
            is not there; without it, there is no such page.
        told: What is called with how many files are written, and how many are known of so far.

    Raises:
        SiteError: The folder may not be replaced, an answer cannot be written, or a link would lead nowhere.
    """
    if base_path is not None and not (base_path.startswith("/") and base_path.endswith("/")):
        raise SiteError(
            [f"the base path must begin and end with a slash, as /pswonto/ does, and {base_path!r} does not"]
        )
    with replaced(folder) as new:
        store = settled(store)
        names = names_of(store)
        named = {*(thing.value for thing in store.things()), *store.graphs()}
        things = sorted(thing for thing in named if names.is_own(thing))
        given = {f"pswonto.{suffix}": content for suffix, content in dumped(store, names.prefixes).items()}
        addresses = Addresses(names, things)
        target = Target(new, base_path, given)
        # An answer is asked for once, so that none need be kept.
        settings = Settings(page_items=_ALL, page_limit=_ALL, cache_bytes=0)
        starts, faults = _starts(addresses, [*_lists(), *(f"/{file}" for file in given), *_documents(names, things)])
        if base_path is not None:
            # A host shows it in place of any file that is not there.
            starts.append(Address(NOT_FOUND, f"/{NOT_FOUND}", "text/html"))

        def service() -> Service:
            return create_app(store, library, settings, None, evaluator(store, settings.query_memory), exported=True)

        crawl = Crawl(told)
        crawl.run(starts, service, lambda visitor: Writer(visitor, addresses, target))
        checked = check(new, base_path)
        if faults := [*faults, *crawl.faults, *checked.broken]:
            raise SiteError(faults)
        sizes = [path.stat().st_size for path in new.rglob("*") if path.is_file()]
        return Exported(crawl.pages, len(sizes), sum(sizes), checked.links)


def _starts(addresses: Addresses, links: Iterable[str]) -> tuple[list[Address], list[str]]:
    """Return the addresses that links lead to, and what is wrong with the others."""
    found, faults = [], []
    for link in links:
        place = addresses.find(link)
        if place is None:
            faults.append(f"no file can stand for {link}")
        else:
            found.append(place[0])
    return found, faults


def _lists() -> Iterator[str]:
    yield "/"
    yield from (path_of(name) for name in COLUMNS)
    yield CONTEXT_PATH


def _documents(names: Names, things: Iterable[str]) -> Iterator[str]:
    suffixes = [GRAPH_FORMATS[media_type][0] for media_type in MEDIA_TYPES]
    for thing in things:
        path = quote(names.href(thing).partition("#")[0])
        yield path
        # What the vocabulary defines is described with the whole of it, which has the name of the dataset.
        if not path.startswith("/terms/"):
            yield from (f"{path if path != '/' else '/pswonto'}.{suffix}" for suffix in suffixes)
