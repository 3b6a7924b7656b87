"""The SPARQL endpoint: queries by GET and by both kinds of POST, as SPARQL 1.1 Protocol has them."""

import asyncio
import re
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from jinja2 import Environment

from pswonto.errors import FormatError, ParameterError
from pswonto.namespaces import PREFIXES
from pswonto.pool import Pool
from pswonto.settings import Settings
from pswonto.store import GRAPH_FORMATS, MEDIA_TYPES, RESULT_FORMATS, Store, convert
from pswonto.web.cache import Kept, headers, is_current, kept
from pswonto.web.negotiation import choose
from pswonto.web.problems import BodyTooLarge, ProtocolError, UnsupportedMediaType

Answered = tuple[str, bytes]
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_METHODS = ("GET", "POST", "QUERY", "OPTIONS")
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
    seconds: float | None


def sparql_router(store: Store, pool: Pool, settings: Settings, templates: Environment) -> APIRouter:
    """Return the router of the endpoint.

    Args:
        store: The dataset that is described.
        pool: What answers the queries.
        settings: The settings of the service.
        templates: The templates, of which it takes the service description.
    """
    router = APIRouter()
    descriptions: dict[tuple[str, str], bytes] = {}
    day = store.modified()
    modified = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else datetime.now(UTC)

    # One route, so that a 405 names all the methods that there are; OpenAPI has it from PATHS.
    @router.api_route("/sparql", methods=list(_METHODS), include_in_schema=False)
    async def sparql(request: Request) -> Response:
        if request.method == "OPTIONS":
            allowed = ", ".join(sorted({*_METHODS, "HEAD"}))
            return Response(
                status_code=204, headers={"Allow": allowed, "Accept-Post": f"{DIRECT}, {FORM}", "Accept-Query": DIRECT}
            )
        # Several lines of one header are one list (RFC 9110, section 5.3).
        accept = ", ".join(request.headers.getlist("accept")) or None
        if request.method == "GET" and not request.scope["query_string"]:
            return _describe(request, accept)
        operation = await _operation(request, settings.body_limit)
        wanted = _wanted(operation.format, accept)
        media_types = {form: choose(wanted, offered) for form, offered in MEDIA_TYPES.items()}
        base = str(request.url.replace(query=""))
        answered = await _until_hung_up(request, _answer(operation, wanted, media_types, base))
        if answered is None:
            # Nobody reads what is answered to a client that is gone; its query is ended.
            return Response(status_code=499)
        return _response(request, kept(operation.query, *answered))

    @router.api_route("/sparql/", methods=list(_METHODS), include_in_schema=False)
    async def slash(request: Request) -> Response:
        # 308 keeps method and body (RFC 9110, section 15.4.9).
        query = request.scope["query_string"].decode("latin-1")
        return Response(status_code=308, headers={"Location": "/sparql" + (f"?{query}" if query else "")})

    async def _until_hung_up(request: Request, answering: Coroutine[Any, Any, Answered]) -> Answered | None:
        answer = asyncio.ensure_future(answering)
        gone = asyncio.ensure_future(_hung_up(request))
        try:
            await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else None
        finally:
            gone.cancel()
            answer.cancel()

    async def _answer(
        operation: _Operation, wanted: str | None, media_types: Mapping[str, str | None], base: str
    ) -> Answered:
        return await pool.answer(
            operation.query,
            base=base,
            media_types=media_types,
            accept=wanted or "",
            default_graphs=operation.default_graphs,
            named_graphs=operation.named_graphs,
            seconds=operation.seconds,
        )

    def _describe(request: Request, accept: str | None) -> Response:
        media_type = choose(accept, _DESCRIPTION_TYPES)
        if media_type is None:
            raise FormatError(accept or "", _DESCRIPTION_TYPES)
        body = descriptions.get((str(request.url), media_type))
        if body is None:
            text = templates.get_template("service-description.ttl").render(
                endpoint=str(request.url), graphs=store.graphs(), formats=_FORMAT_NAMES.values()
            )
            body = convert(text.encode(), media_type, PREFIXES)
            # Written anew it would have other labels of blank nodes, and so another entity tag.
            descriptions.clear()
            descriptions[str(request.url), media_type] = body
        return _response(request, kept("", media_type, body))

    def _response(request: Request, answer: Kept) -> Response:
        told = {"Vary": "Accept", **headers(answer, modified)}
        if request.method == "GET" and is_current(answer, modified, request.headers):
            return Response(status_code=304, headers=told)
        charset = "; charset=utf-8" if answer.media_type.startswith("text/") else ""
        return Response(answer.body, headers={"Content-Type": answer.media_type + charset, **told})

    return router


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _wanted(format_: str | None, accept: str | None) -> str | None:
    if format_ is None:
        return accept
    if format_ not in _SHORT_NAMES:
        raise ParameterError("format", f"must be one of {', '.join(_SHORT_NAMES)}, not {format_!r}")
    return _SHORT_NAMES[format_]


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
    seconds = values("timeout")
    if len(seconds) > 1:
        raise ParameterError("timeout", "is given more than once")
    if seconds and not (re.fullmatch(r"\d{1,9}(\.\d{1,9})?", seconds[0]) and float(seconds[0])):
        raise ParameterError("timeout", f"must be a number of seconds above 0, such as 2.5, not {seconds[0]!r}")
    return _Operation(
        queries[0],
        values("default-graph-uri"),
        values("named-graph-uri"),
        formats[0] if formats else None,
        float(seconds[0]) if seconds else None,
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
    {
        "name": "timeout",
        "in": "query",
        "schema": {"type": "number", "exclusiveMinimum": 0},
        "description": "Seconds after which the query is ended; it may lower the limit of the service, never raise it",
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
            ("403", "The query is refused, as one with SERVICE is, or one whose answer is too large"),
            ("406", "The answer has no format that was asked for"),
            ("413", "The body is too large"),
            ("415", "The body is of a kind that is not read"),
            ("503", "The query took too long, or too many are waiting; Retry-After tells when to come back"),
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
            "responses": {status: _RESPONSES[status] for status in ("200", "400", "403", "406", "503")},
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
