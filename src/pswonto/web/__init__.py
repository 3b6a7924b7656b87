"""The web service: SPARQL, REST and pages over one dataset."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.staticfiles import StaticFiles

from pswonto import __version__, resources
from pswonto.explanation import Explainer
from pswonto.explorer import Explorer
from pswonto.pool import Limits, Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import problems, sparql
from pswonto.web.description import Descriptions, description_router
from pswonto.web.log import Log
from pswonto.web.metrics import Metrics
from pswonto.web.operations import operations_router
from pswonto.web.pages import pages_router, sparql_page
from pswonto.web.rest import Problem, rest_router
from pswonto.web.service import Service

_FOLDER = Path(__file__).parent


def create_app(store: Store, library: QueryLibrary, settings: Settings, log: Log | None = None) -> Service:
    """Return the service over a dataset, with the process already started that evaluates queries.

    Args:
        store: The dataset, checked and completed.
        library: The stored queries that REST and pages ask.
        settings: The settings of the service.
        log: Where requests are taken down, if anywhere.
    """
    limits = Limits(
        seconds=settings.query_seconds,
        memory=settings.query_memory,
        result=settings.query_result,
        workers=settings.query_workers,
        waiting=settings.query_waiting,
    )
    pool = Pool(store, limits)
    # It takes a moment, in which the rest is made.
    pool.start()
    metrics = Metrics(store, pool)
    api = FastAPI(title="pswonto", version=__version__, docs_url=None, redoc_url=None)
    templates = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    explorer = Explorer(store, library)
    explainer = Explainer(store, QueryLibrary(resources.queries_directory() / "entailment"))
    about = QueryLibrary(resources.queries_directory() / "description")
    descriptions = Descriptions(store, about, templates, settings)
    page = sparql_page(QueryLibrary(*resources.library_directories()), store, templates)
    endpoint = sparql.Endpoint(store, pool, descriptions, page, settings)
    api.include_router(description_router(descriptions, sparql.PATH))
    api.include_router(rest_router(explorer, explainer))
    api.include_router(operations_router(store, pool, metrics))
    api.include_router(pages_router(explorer, templates))
    api.mount("/static", StaticFiles(directory=_FOLDER / "static"))
    problems.install(api)
    api.add_middleware(problems.Faults)
    api.openapi = lambda: _openapi(api)  # type: ignore[method-assign]  # FastAPI's own way to extend the document
    return Service(api, endpoint, pool, metrics, settings, log)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title="pswonto",
            version=app.version,
            summary="Which studies support which factor that shapes the role of peer support workers",
            description="The data is CC BY 4.0. It was coded by machine, and no person has checked it yet.",
            license_info={"name": "MIT, data CC BY 4.0"},
            routes=app.routes,
        )
        document["paths"] |= sparql.PATHS
        document["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for path in document["paths"].values():
            for operation in path.values():
                # A parameter that does not fit is told with 400, as all faults of a request are.
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema
