"""All that is answered by FastAPI: REST, pages, descriptions and what operators ask."""

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
from pswonto.pool import Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.web.description import MEDIA_TYPES, VOID_PATH, Descriptions
from pswonto.web.linked_data import Documents, linked_data_router
from pswonto.web.metrics import Metrics
from pswonto.web.openapi import components, faults
from pswonto.web.operations import operations_router
from pswonto.web.pages import POLICY, home, pages_router
from pswonto.web.problems import Faults, method_not_allowed, of_error, problem
from pswonto.web.rest import context_router, rest_router
from pswonto.web.rest_description import paths as paths_of_rest
from pswonto.web.rest_description import schemas
from pswonto.web.sparql import PATH, PATHS
from pswonto.web.stored_queries import paths, stored_queries_router


def create_api(
    store: Store,
    library: QueryLibrary,
    pool: Pool,
    metrics: Metrics,
    descriptions: Descriptions,
    templates: Environment,
    settings: Settings,
) -> FastAPI:
    """Return the application over a dataset.

    Args:
        store: The dataset, checked and completed.
        library: The stored queries that REST and pages ask.
        pool: What evaluates queries.
        metrics: What counts.
        descriptions: What describes the dataset.
        templates: The templates.
        settings: The settings of the service.
    """
    api = FastAPI(title="pswonto", version=__version__, docs_url=None, redoc_url=None)
    explorer = Explorer(store, library)
    explainer = Explainer(store, QueryLibrary(resources.queries_directory() / "entailment"))
    api.include_router(_description_router(descriptions))
    published = Explorer(store, QueryLibrary(*resources.library_directories()))
    api.include_router(rest_router(published, explainer, store, settings))
    api.include_router(context_router())
    api.include_router(stored_queries_router(published, store))
    api.include_router(operations_router(store, pool, metrics))
    api.include_router(pages_router(templates))
    api.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    about = QueryLibrary(resources.queries_directory() / "linked-data")
    documents = Documents(store, about, templates, lambda: home(explorer, templates), POLICY)
    # It takes every path that nothing else does.
    api.include_router(linked_data_router(documents))
    _tell_faults(api)
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


def _tell_faults(app: FastAPI) -> None:

    @app.exception_handler(PswontoError)
    async def ours(request: Request, error: PswontoError) -> Response:
        return of_error(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        return problem(400, "Bad parameter", "; ".join(faults))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        detail = str(error.detail)
        if error.status_code == 405:
            return method_not_allowed(request.method, filter(None, headers.get("Allow", "").split(", ")))
        if error.status_code == 404:
            detail = f"there is nothing at {request.url.path}"
        title = {404: "Not found"}.get(error.status_code, "Bad request")
        return problem(error.status_code, title, detail, headers)


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
