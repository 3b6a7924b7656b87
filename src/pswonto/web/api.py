"""All that is answered by FastAPI: REST, pages, descriptions and what operators ask."""

import functools
import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from pswonto import __version__, resources
from pswonto.errors import PswontoError
from pswonto.explanation import Explainer
from pswonto.explorer import Explorer
from pswonto.negotiation import choose
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.source import Evaluator, Source
from pswonto.vocabulary import Vocabulary
from pswonto.web.browsing import pages_router
from pswonto.web.description import MEDIA_TYPES, VOID_PATH, Descriptions
from pswonto.web.exchange import Asked
from pswonto.web.linked_data import HTML, Documents, linked_data_router
from pswonto.web.metrics import Metrics
from pswonto.web.openapi import components, faults
from pswonto.web.operations import operations_router
from pswonto.web.pages import POLICY, Pages
from pswonto.web.problems import PROBLEM, Faults, method_not_allowed, of_error, problem
from pswonto.web.rest import context_router, rest_router
from pswonto.web.rest_description import paths as paths_of_rest
from pswonto.web.rest_description import schemas
from pswonto.web.sparql import PATH
from pswonto.web.sparql_description import PATHS
from pswonto.web.stored_queries import paths, stored_queries_router


def create_api(
    store: Source,
    explorer: Explorer,
    pool: Evaluator,
    metrics: Metrics,
    descriptions: Descriptions,
    templates: Environment,
    settings: Settings,
) -> FastAPI:
    """Return the application over a dataset.

    Args:
        store: The dataset, checked and completed.
        explorer: The explorer that answers the questions of pages.
        pool: What evaluates queries.
        metrics: What counts.
        descriptions: What describes the dataset.
        templates: The templates.
        settings: The settings of the service.
    """
    api = FastAPI(title="pswonto", version=__version__, docs_url=None, redoc_url=None)
    vocabulary = Vocabulary(store, QueryLibrary(resources.queries_directory() / "vocabulary"))
    pages = Pages(explorer, vocabulary, templates, settings, store.modified_at())

    # It needs the whole dataset in this process.
    @functools.cache
    def explainer() -> Explainer:
        return Explainer(store.local(), QueryLibrary(resources.queries_directory() / "entailment"))

    api.include_router(_description_router(descriptions))
    # A page and its files are answers to the same question, and share what is kept.
    published = explorer.with_library(QueryLibrary(*resources.library_directories()))
    api.include_router(rest_router(published, explainer, store, settings))
    api.include_router(context_router())
    api.include_router(stored_queries_router(published, store))
    api.include_router(operations_router(store, pool, metrics))
    api.include_router(pages_router(pages, store))
    api.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    about = QueryLibrary(resources.queries_directory() / "linked-data")
    documents = Documents(store, about, pages, POLICY)
    # It takes every path that nothing else does.
    api.include_router(linked_data_router(documents))
    _tell_faults(api, pages)
    api.add_middleware(Faults)
    api.openapi = lambda: _openapi(api, published, settings)  # type: ignore[method-assign]  # FastAPI's own way to extend the document
    return api


def _description_router(descriptions: Descriptions) -> APIRouter:
    router = APIRouter(tags=["SPARQL"])

    @router.get(
        VOID_PATH,
        operation_id="void",
        summary="Describe the dataset: VoID, DCAT, prefixes and example queries",
        responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES}}},
        response_class=Response,
    )
    def void(request: Request) -> Response:
        accept = ", ".join(request.headers.getlist("accept")) or None
        reply = descriptions.void(str(request.base_url).rstrip("/") + PATH, accept)
        response = Response(reply.body, reply.status)
        response.raw_headers = reply.headers
        return response

    return router


def _tell_faults(app: FastAPI, pages: Pages) -> None:

    def told(request: Request, response: Response) -> Response:
        """Return a problem as it is, or as a page where a browser asks for one."""
        accept = Asked.of(request.scope, b"").text(b"accept")
        if request.url.path.startswith("/api/") or choose(accept, (PROBLEM, HTML)) != HTML:
            return response
        page = Response(pages.fault(json.loads(bytes(response.body))), response.status_code, media_type=HTML)
        kept = [(name, value) for name, value in response.raw_headers if not name.startswith(b"content-")]
        page.raw_headers += [*kept, (b"content-security-policy", POLICY.encode()), (b"vary", b"Accept")]
        return page

    @app.exception_handler(PswontoError)
    async def ours(request: Request, error: PswontoError) -> Response:
        return told(request, of_error(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        return told(request, problem(400, "Bad parameter", "; ".join(faults)))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        detail = str(error.detail)
        if error.status_code == 405:
            return method_not_allowed(request.method, filter(None, headers.get("Allow", "").split(", ")))
        if error.status_code == 404:
            detail = f"there is nothing at {request.url.path}"
        title = {404: "Not found"}.get(error.status_code, "Bad request")
        return told(request, problem(error.status_code, title, detail, headers))


def _openapi(app: FastAPI, published: Explorer, settings: Settings) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title="pswonto",
            version=app.version,
            summary="Which studies support which factor that shapes the role of peer support workers",
            description="The data is CC BY 4.0. It was coded by machine, and no person has checked it yet. What stays "
            "in `/api/v1`, and what may be added, is promised in `docs/api.md` of the project: paths, parameters, "
            "members, operation ids and slugs stay; a client passes over members that it does not know.",
            license_info={"name": "MIT, data CC BY 4.0"},
            routes=app.routes,
        )
        document["paths"] |= PATHS | paths_of_rest(published, settings) | paths(published)
        known = document.setdefault("components", {}).setdefault("schemas", {})
        known |= schemas(published)
        for kind, parts in components().items():
            document["components"].setdefault(kind, {}).update(parts)
        for path in document["paths"].values():
            for operation in path.values():
                # A parameter that does not fit is told with 400, as all faults of a request are.
                operation["responses"].pop("422", None)
                operation["responses"] |= faults()
        for name in ("HTTPValidationError", "ValidationError"):
            known.pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema
