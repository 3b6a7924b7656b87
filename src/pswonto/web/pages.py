"""The pages for people: what this is, and the description of the API."""

from urllib.parse import quote

from fastapi import APIRouter, Response
from jinja2 import Environment

from pswonto.explorer import Explorer
from pswonto.web.rest import BASE_PATH, CAVEAT

# Nothing from another host. Swagger UI sets styles on elements, and draws icons from data URLs.
_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


def pages_router(explorer: Explorer, templates: Environment) -> APIRouter:
    """Return the router of the pages.

    Args:
        explorer: The explorer that answers their questions.
        templates: The templates.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def home() -> Response:
        first = explorer.query("studies-of-factor")
        question = explorer.bind(first, {"factor": ["regulatory-and-political-factors"]})
        context = {
            "factors": explorer.factors(),
            "base_path": BASE_PATH,
            "caveat": CAVEAT,
            "question": f"/sparql?query={quote(question)}",
        }
        return _page(templates.get_template("home.html").render(context))

    @router.get("/docs")
    def docs() -> Response:
        return _page(templates.get_template("docs.html").render())

    return router


def _page(html: str) -> Response:
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": _POLICY})
