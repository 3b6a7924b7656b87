"""The stored queries over HTTP: the answer to each, with values for its parameters."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from pswonto.errors import FormatError
from pswonto.explorer import Explorer
from pswonto.models import StoredQuery
from pswonto.namespaces import BASE
from pswonto.negotiation import choose
from pswonto.source import Source
from pswonto.store import GRAPH_FORMATS, MEDIA_TYPES, RESULT_FORMATS
from pswonto.web.exchange import Asked, negotiated
from pswonto.web.openapi import faults
from pswonto.web.rest import BASE_PATH
from pswonto.web.rest_description import parameter
from pswonto.web.sparql import accepted

PATH = f"{BASE_PATH}/queries"


def stored_queries_router(explorer: Explorer, store: Source) -> APIRouter:
    """Return the router of the stored queries.

    Args:
        explorer: The explorer of the dataset, with all queries that are published.
        store: The dataset.
    """
    router = APIRouter(tags=["Stored queries"])

    # Each query is an operation of its own in the description, with its own parameters.
    @router.get(PATH + "/{name}", include_in_schema=False)
    def query(name: str, request: Request) -> Response:
        stem, _, suffix = name.partition(".")
        # The suffix of a format may stand behind the name.
        stored = explorer.query(stem if suffix in _NAMES else name)
        values: dict[str, list[str]] = {}
        formats = [suffix] if suffix in _NAMES else []
        for given, value in request.query_params.multi_items():
            if given == "format":
                formats.append(value)
            else:
                values.setdefault(given, []).append(value)
        text = explorer.bind(stored, values)
        accept = accepted(tuple(formats), Asked.of(request.scope, b"").text(b"accept"))
        offered = _offered(stored.form)
        media_type = choose(accept, offered)
        if media_type is None:
            raise FormatError(accept or "", offered)
        reply = negotiated(
            media_type, explorer.answer(text).serialize(media_type, explorer.names.prefixes), store.modified_at()
        )
        links = f'</sparql?query={quote(text)}>; rel="via", <{BASE}/query/{name}>; rel="describedby"'
        response = Response(reply.body, reply.status)
        response.raw_headers = [*reply.headers, (b"link", links.encode())]
        return response

    return router


def paths(explorer: Explorer) -> dict[str, Any]:
    """Return what OpenAPI says of each query: its question, and its parameters with all that they may be.

    Args:
        explorer: As for the router.
    """
    return {f"{PATH}/{query.name}": {"get": _operation(query)} for query in explorer.stored_queries()}


_NAMES = {name for name, _ in (RESULT_FORMATS | GRAPH_FORMATS).values()}


def _offered(form: str) -> tuple[str, ...]:
    return MEDIA_TYPES[form if form in MEDIA_TYPES else "GRAPH"]


def _operation(query: StoredQuery) -> dict[str, Any]:
    offered = _offered(query.form)
    names = [name for media_type in offered for name in (RESULT_FORMATS | GRAPH_FORMATS)[media_type][:1]]
    return {
        "operationId": "query_" + query.name.replace("-", "_"),
        "tags": ["Stored queries"],
        "summary": query.summary,
        "description": query.description,
        "parameters": [
            *(parameter(described) for described in query.parameters),
            {
                "name": "format",
                "in": "query",
                "description": "The format, in place of the Accept header; a suffix of the path does the same",
                "schema": {"type": "string", "enum": names},
            },
        ],
        "responses": {
            "200": {"description": "The answer", "content": {media_type: {} for media_type in offered}},
            "304": {"description": "The client has the answer already, by the entity tag or the date that it sent"},
            **faults(400, 406),
        },
    }
