"""The pages for people: what this is, the form for queries, and the description of the API."""

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, Response
from jinja2 import Environment

from pswonto.explorer import Explorer
from pswonto.namespaces import PREFIXES
from pswonto.queries import Query
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS, Store
from pswonto.web.exchange import Reply, negotiated
from pswonto.web.rest import BASE_PATH, CAVEAT

# Nothing from another host. Swagger UI sets styles on elements, and draws icons from data URLs.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


def pages_router(templates: Environment) -> APIRouter:
    """Return the router of the pages that are about nothing of the dataset.

    Args:
        templates: The templates.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def docs() -> Response:
        return _page(templates.get_template("docs.html").render())

    return router


def home(explorer: Explorer, templates: Environment) -> str:
    """Return the first page.

    Args:
        explorer: The explorer that answers its questions.
        templates: The templates.
    """
    factors = explorer.factors()
    context: dict[str, object] = {"factors": factors, "base_path": BASE_PATH, "caveat": CAVEAT}
    if factors:
        # Data that is not ours may have none, and the first of ours is as good a beginning as any.
        question = explorer.bind(explorer.query("studies-of-factor"), {"factor": [factors[0].slug]})
        context |= {"first": factors[0], "question": f"/sparql?query={quote(question)}"}
    return templates.get_template("home.html").render(context)


def sparql_page(examples: Iterable[Query], store: Store, templates: Environment) -> Reply:
    """Return the page that asks the endpoint: a form, and the published queries to begin with.

    Args:
        examples: The published queries.
        store: The dataset.
        templates: The templates.
    """
    context = {
        "prefixes": {prefix: PREFIXES[prefix] for prefix in ("pswo", "rdfs")},
        "formats": {name: media_type for media_type, (name, _) in (RESULT_FORMATS | GRAPH_FORMATS).items()},
        "examples": list(examples),
    }
    html = templates.get_template("sparql.html").render(context)
    reply = negotiated("text/html", html.encode(), store.modified_at())
    reply.headers.append((b"content-security-policy", POLICY.encode()))
    return reply


def _page(html: str) -> Response:
    return Response(html, media_type="text/html", headers={"Content-Security-Policy": POLICY})
