"""The web service: SPARQL, REST and pages over one dataset."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pswonto import __version__, resources
from pswonto.explanation import Explainer
from pswonto.explorer import Explorer
from pswonto.pool import Limits, Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web import problems, sparql
from pswonto.web.cache import Cache
from pswonto.web.health import health_router
from pswonto.web.pages import pages_router
from pswonto.web.rest import Problem, rest_router

_FOLDER = Path(__file__).parent


def create_app(store: Store, library: QueryLibrary, settings: Settings) -> FastAPI:
    """Return the service over a dataset.

    Args:
        store: The dataset, checked and completed.
        library: The stored queries that REST and pages ask.
        settings: The settings of the service.
    """
    limits = Limits(
        seconds=settings.query_seconds,
        memory=settings.query_memory,
        result=settings.query_result,
        workers=settings.query_workers,
        waiting=settings.query_waiting,
    )
    pool = Pool(store, limits)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        pool.start()
        yield
        pool.close()

    app = FastAPI(title="pswonto", version=__version__, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.pool = pool
    templates = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    explorer = Explorer(store, library)
    app.include_router(sparql.sparql_router(store, pool, settings, templates))
    explainer = Explainer(store, QueryLibrary(resources.queries_directory() / "entailment"))
    app.include_router(rest_router(explorer, explainer))
    app.include_router(health_router(store, pool))
    app.include_router(pages_router(explorer, templates))
    app.mount("/static", StaticFiles(directory=_FOLDER / "static"))
    problems.install(app)
    # The last one added is the outermost: an answer that is kept has its CORS headers, which stand on every answer,
    # also where the service fails.
    app.add_middleware(problems.Faults)
    app.add_middleware(problems.Head)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "QUERY", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Link", "Location", "Retry-After"],
        max_age=86_400,
    )
    app.add_middleware(Cache, limit=settings.cache_bytes, body_limit=settings.body_limit)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # FastAPI's own way to extend the document
    return app


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
