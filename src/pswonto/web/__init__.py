"""The web service: SPARQL, REST and pages over one dataset."""

import functools
import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.types import ASGIApp

from pswonto import resources
from pswonto.pool import Limits, Pool
from pswonto.proxy import Proxy
from pswonto.queries import QueryLibrary
from pswonto.remote import Remote
from pswonto.settings import Settings
from pswonto.source import Evaluator, Source
from pswonto.web import sparql
from pswonto.web.description import Descriptions
from pswonto.web.log import Log
from pswonto.web.metrics import Metrics
from pswonto.web.service import Service

if TYPE_CHECKING:
    # It takes longer to import than the data takes to read.
    from pswonto.explorer import Explorer
    from pswonto.web.site import Site

_FOLDER = Path(__file__).parent


def create_app(
    store: Source,
    library: QueryLibrary,
    settings: Settings,
    log: Log | None = None,
    evaluator: tuple[socket.socket, int] | None = None,
    exported: bool = False,
) -> Service:
    """Return the service over a dataset, with the process already started that evaluates queries.

    Args:
        store: The dataset, checked and completed; or one that a SPARQL server holds.
        library: The stored queries that REST and pages ask.
        settings: The settings of the service.
        log: Where requests are taken down, if anywhere.
        evaluator: The control socket and the process id of one that holds the dataset already, if there is one.
        exported: Whether its pages are written to files, where nothing answers a query or a form.
    """
    limits = Limits(
        seconds=settings.query_seconds,
        memory=settings.query_memory,
        result=settings.query_result,
        workers=settings.query_workers,
        waiting=settings.query_waiting,
    )
    pool: Evaluator = Proxy(store, limits) if isinstance(store, Remote) else Pool(store.local(), limits, evaluator)
    # It takes a moment, in which the rest is made.
    pool.start()
    metrics = Metrics(store, pool)
    templates = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    about = QueryLibrary(resources.queries_directory() / "description")
    descriptions = Descriptions(store, about, templates, settings)

    # Queries are answered without FastAPI, which takes longer to import than the data takes to read.
    @functools.cache
    def explorer() -> "Explorer":
        from pswonto.explorer import Explorer

        return Explorer(store, library)

    @functools.cache
    def site() -> "Site":
        from pswonto.web.site import Site

        made = Site(explorer(), exported)
        # Macros see what belongs to the environment, and not what a page is given.
        templates.globals["site"] = made
        return made

    def prepare() -> None:
        # What every page says, faults too, needs the dataset, and an event loop must not wait for a server elsewhere.
        site().prepare()
        descriptions.prepare()

    def fault(problem: bytes) -> str:
        return templates.get_template("plain-fault.html").render(json.loads(problem))

    remote = isinstance(store, Remote)

    def api() -> ASGIApp:
        from pswonto.web.api import create_api

        site()
        if remote:
            prepare()
        return create_api(store, explorer(), pool, metrics, descriptions, templates, settings)

    @functools.cache
    def page() -> sparql.Page:
        from pswonto.web.query_page import QueryPage

        site()
        return QueryPage(QueryLibrary(*resources.library_directories()), store, templates)

    endpoint = sparql.Endpoint(store, pool, descriptions, page, settings, prepare if remote else None)
    return Service(api, endpoint, pool, metrics, settings, log, fault, short=not remote)
