"""The routes of the pages."""

import json

from fastapi import APIRouter, Request, Response

from pswonto.source import Source
from pswonto.web.exchange import negotiated
from pswonto.web.listing import COLUMNS, path_of
from pswonto.web.pages import POLICY, Pages
from pswonto.web.representation import CSV

# Swagger UI sets styles on elements, and draws icons from data URLs; a drawing that is a file has its styles in it.
LOOSE = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


def pages_router(pages: Pages, store: Source) -> APIRouter:
    """Return the router of the pages that are about no single thing.

    Args:
        pages: What writes them.
        store: The dataset.
    """
    router = APIRouter(include_in_schema=False)

    def answer(body: str | bytes, media_type: str = "text/html", policy: str = POLICY) -> Response:
        reply = negotiated(media_type, body.encode() if isinstance(body, str) else body, store.modified_at())
        response = Response(reply.body, reply.status)
        response.raw_headers = [*reply.headers, (b"content-security-policy", policy.encode())]
        return response

    @router.get("/docs")
    def docs() -> Response:
        return answer(pages.render("docs.html"), policy=LOOSE)

    @router.get("/framework.svg")
    def framework() -> Response:
        return answer(pages.drawing_file(), "image/svg+xml", LOOSE)

    @router.get("/framework.css")
    def highlights() -> Response:
        return answer(pages.highlights(), "text/css")

    @router.get("/map")
    def evidence_map(request: Request) -> Response:
        return answer(pages.map(request.query_params.multi_items()))

    @router.get("/map.csv")
    def evidence_table(request: Request) -> Response:
        response = answer(pages.map_table(request.query_params.multi_items()), CSV)
        response.headers["Content-Disposition"] = 'attachment; filename="evidence-map.csv"'
        return response

    @router.get("/terms")
    def terms() -> Response:
        return answer(pages.terms())

    @router.get("/terms.json")
    def completions() -> Response:
        return answer(json.dumps(pages.completions()), "application/json")

    @router.get("/terms/{name}")
    def term(name: str) -> Response:
        return answer(pages.term(name))

    @router.get("/search")
    def search(request: Request) -> Response:
        return answer(pages.search(request.query_params.multi_items()))

    @router.get("/paths")
    def paths(request: Request) -> Response:
        return answer(pages.paths(request.query_params.multi_items()))

    @router.get("/about")
    def about() -> Response:
        return answer(pages.about())

    def serve(name: str) -> None:
        @router.get(path_of(name))
        def listed(request: Request) -> Response:
            return answer(pages.list(name, request))

    for name in COLUMNS:
        serve(name)
    return router
