"""The SPARQL endpoint: queries by GET and by both kinds of POST, as SPARQL 1.1 Protocol has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool

from pswonto.errors import FormatError, ParameterError, PswontoError
from pswonto.namespaces import PREFIXES
from pswonto.settings import Settings
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS, Store, convert
from pswonto.web.negotiation import choose
from pswonto.web.problems import BodyTooLarge, ProtocolError, UnsupportedMediaType

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_METHODS = ("GET", "POST", "OPTIONS")
_SHORT_NAMES = {name: media_type for media_type, (name, _) in (RESULT_FORMATS | GRAPH_FORMATS).items()}
# The service description is one graph, so the formats for datasets are not offered for it.
_DESCRIPTION_TYPES = tuple(GRAPH_FORMATS)[:4]
# What http://www.w3.org/ns/formats/ calls each format; clients of service descriptions look for these names.
_FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
}


@dataclass(frozen=True)
class _Operation:
    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None


def sparql_router(store: Store, settings: Settings, templates: Environment) -> APIRouter:
    """Return the router of the endpoint.

    Args:
        store: The dataset that is asked.
        settings: The settings of the service.
        templates: The templates, of which it takes the service description.
    """
    router = APIRouter()

    # One route, so that a 405 names all the methods that there are; OpenAPI has it from PATHS.
    @router.api_route("/sparql", methods=list(_METHODS), include_in_schema=False)
    async def sparql(request: Request) -> Response:
        if request.method == "OPTIONS":
            allowed = ", ".join(sorted({*_METHODS, "HEAD"}))
            return Response(status_code=204, headers={"Allow": allowed, "Accept-Post": f"{DIRECT}, {FORM}"})
        # Several lines of one header are one list (RFC 9110, section 5.3).
        accept = ", ".join(request.headers.getlist("accept")) or None
        if request.method == "GET" and not request.scope["query_string"]:
            return _describe(request, accept)
        operation = await _operation(request, settings.body_limit)
        return await run_in_threadpool(_answer, operation, accept, str(request.url.replace(query="")))

    def _answer(operation: _Operation, accept: str | None, endpoint: str) -> Response:
        answer = store.answer(
            operation.query,
            base=endpoint,
            default_graphs=operation.default_graphs,
            named_graphs=operation.named_graphs,
        )
        try:
            media_type = _negotiated(operation.format, accept, answer.media_types)
            body = answer.serialize(media_type, PREFIXES)
        except PswontoError:
            # The engine's results must end in the thread where they began, and the error outlives it.
            del answer
            raise
        return _response(body, media_type)

    def _describe(request: Request, accept: str | None) -> Response:
        media_type = _negotiated(None, accept, _DESCRIPTION_TYPES)
        text = templates.get_template("service-description.ttl").render(
            endpoint=str(request.url), graphs=store.graphs(), formats=_FORMAT_NAMES.values()
        )
        return _response(convert(text.encode(), media_type, PREFIXES), media_type)

    return router


def _negotiated(format_: str | None, accept: str | None, offered: Sequence[str]) -> str:
    if format_ is not None:
        if format_ not in _SHORT_NAMES:
            raise ParameterError("format", f"must be one of {', '.join(_SHORT_NAMES)}, not {format_!r}")
        accept = _SHORT_NAMES[format_]
    media_type = choose(accept, offered)
    if media_type is None:
        raise FormatError(accept or "", offered)
    return media_type


def _response(body: bytes, media_type: str) -> Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(body, headers={"Content-Type": media_type + charset, "Vary": "Accept"})


async def _operation(request: Request, limit: int) -> _Operation:
    in_url = _pairs(request.scope["query_string"], "query string")
    if request.method == "GET":
        return _read(in_url)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType(f"the coding {request.headers['content-encoding']}", (DIRECT, FORM))
    content_type, _, parameters = request.headers.get("content-type", "").partition(";")
    content_type = content_type.strip().lower()
    if content_type not in (FORM, DIRECT):
        raise UnsupportedMediaType(content_type or "no type", (DIRECT, FORM))
    charset = dict(parse_qsl(parameters.replace(" ", "").replace(";", "&").lower())).get("charset", "utf-8").strip('"')
    if charset != "utf-8":
        raise UnsupportedMediaType(f"the character set {charset}", (DIRECT, FORM))
    body = await _body(request, limit)
    if any(name == "query" for name, _ in in_url):
        raise ProtocolError("the query stands in the URL of a POST request: send it in the body, or by GET")
    if content_type == FORM:
        return _read([*_pairs(body, "form"), *in_url])
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(f"the query is not UTF-8: byte {error.start + 1}") from error
    return _read([("query", text), *in_url])


async def _body(request: Request, limit: int) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge(f"the body is larger than {limit} bytes")
    return body


def _pairs(raw: bytes, what: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise ProtocolError(f"the {what} is not UTF-8") from error


def _read(pairs: Sequence[tuple[str, str]]) -> _Operation:
    def values(wanted: str) -> tuple[str, ...]:
        return tuple(value for name, value in pairs if name == wanted)

    if values("update"):
        raise ProtocolError("this service is read-only: it takes queries and no updates")
    queries = values("query")
    if len(queries) != 1:
        raise ProtocolError("the query is missing" if not queries else "there is more than one query")
    if not queries[0].strip():
        raise ProtocolError("the query is empty")
    formats = values("format")
    if len(formats) > 1:
        raise ParameterError("format", "is given more than once")
    return _Operation(
        queries[0], values("default-graph-uri"), values("named-graph-uri"), formats[0] if formats else None
    )


_PARAMETERS: list[dict[str, Any]] = [
    {"name": "query", "in": "query", "schema": {"type": "string"}, "description": "A query in SPARQL 1.1"},
    *(
        {
            "name": name,
            "in": "query",
            "schema": {"type": "array", "items": {"type": "string", "format": "uri"}},
            "description": text,
        }
        for name, text in (
            ("default-graph-uri", "Graphs that make up the default graph; without any, it is the union of all"),
            ("named-graph-uri", "Graphs that GRAPH may reach; without any, all"),
        )
    ),
    {
        "name": "format",
        "in": "query",
        "schema": {"type": "string", "enum": list(_SHORT_NAMES)},
        "description": "The format, in place of the Accept header",
    },
]
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RESPONSES = {
    "200": {
        "description": "The answer, in a format that the Accept header asks for",
        "content": {media_type: {} for media_type in (*RESULT_FORMATS, *GRAPH_FORMATS)},
    },
    **{
        status: {"description": text, "content": _PROBLEM}
        for status, text in (
            ("400", "The request or the query is at fault; for a syntax error with line and column"),
            ("403", "The query is refused, as one with SERVICE is"),
            ("406", "The answer has no format that was asked for"),
            ("413", "The body is too large"),
            ("415", "The body is of a kind that is not read"),
        )
    },
}
# What OpenAPI says of the endpoint.
PATHS: dict[str, Any] = {
    "/sparql": {
        "get": {
            "operationId": "query_by_get",
            "tags": ["SPARQL"],
            "summary": "Answer a SPARQL query, or describe the service where there is none",
            "parameters": _PARAMETERS,
            "responses": {status: _RESPONSES[status] for status in ("200", "400", "403", "406")},
        },
        "post": {
            "operationId": "query_by_post",
            "tags": ["SPARQL"],
            "summary": "Answer a SPARQL query in the body",
            "parameters": _PARAMETERS[1:],
            "requestBody": {
                "required": True,
                "content": {
                    DIRECT: {"schema": {"type": "string"}},
                    FORM: {
                        "schema": {
                            "type": "object",
                            "properties": {"query": {"type": "string"}},
                            "required": ["query"],
                        }
                    },
                },
            },
            "responses": _RESPONSES,
        },
    }
}
