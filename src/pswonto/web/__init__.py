"""The web service: SPARQL, REST and pages over one dataset."""

import functools
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.types import ASGIApp

from pswonto import resources
from pswonto.pool import Limits, Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import sparql
from pswonto.web.description import Descriptions
from pswonto.web.log import Log
from pswonto.web.metrics import Metrics
from pswonto.web.service import Service

if TYPE_CHECKING:
    # It takes longer to import than the data takes to read.
    from pswonto.explorer import Explorer

_FOLDER = Path(__file__).parent


def create_app(
    store: Store,
    library: QueryLibrary,
    settings: Settings,
    log: Log | None = None,
    evaluator: tuple[socket.socket, int] | None = None,
) -> Service:
    """Return the service over a dataset, with the process already started that evaluates queries.

    Args:
        store: The dataset, checked and completed.
        library: The stored queries that REST and pages ask.
        settings: The settings of the service.
        log: Where requests are taken down, if anywhere.
        evaluator: The control socket and the process id of one that holds the dataset already, if there is one.
    """
    limits = Limits(
        seconds=settings.query_seconds,
        memory=settings.query_memory,
        result=settings.query_result,
        workers=settings.query_workers,
        waiting=settings.query_waiting,
    )
    pool = Pool(store, limits, evaluator)
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
        from pswonto.web.site import Site

        made = Explorer(store, library)
        # Macros see what belongs to the environment, and not what a page is given.
        templates.globals["site"] = Site(made)
        return made

    def api() -> ASGIApp:
        from pswonto.web.api import create_api

        return create_api(store, explorer(), pool, metrics, descriptions, templates, settings)

    @functools.cache
    def page() -> sparql.Page:
        from pswonto.web.query_page import QueryPage

        explorer()
        return QueryPage(QueryLibrary(*resources.library_directories()), store, templates)

    endpoint = sparql.Endpoint(store, pool, descriptions, page, settings)
    return Service(api, endpoint, pool, metrics, settings, log)
