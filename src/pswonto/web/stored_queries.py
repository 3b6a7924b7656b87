"""The stored queries over HTTP: what there is to ask, and the answer to each with values for its parameters."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from pswonto.errors import FormatError
from pswonto.explorer import Explorer
from pswonto.models import Collection, StoredQuery, whole
from pswonto.namespaces import BASE, PREFIXES
from pswonto.negotiation import choose
from pswonto.store import MEDIA_TYPES, Store
from pswonto.web.exchange import Asked, negotiated
from pswonto.web.rest import BASE_PATH, known_parameters, problems
from pswonto.web.sparql import FORMATS, accepted

PATH = f"{BASE_PATH}/queries"


def stored_queries_router(explorer: Explorer, store: Store) -> APIRouter:
    """Return the router of the stored queries.

    Args:
        explorer: The explorer of the dataset, with all queries that are published.
        store: The dataset.
    """
    router = APIRouter(tags=["Stored queries"])

    @router.get(
        PATH,
        operation_id="list_queries",
        summary="The stored queries, with their parameters",
        responses=problems(_400="A query parameter is not known"),
        dependencies=[Depends(known_parameters)],
    )
    def queries() -> Collection[StoredQuery]:
        """Return each question with its text, and what its parameters may be."""
        return whole(explorer.stored_queries())

    # Each query is an operation of its own in the description, with its own parameters.
    @router.get(PATH + "/{name}", include_in_schema=False)
    def query(name: str, request: Request) -> Response:
        stored = explorer.query(name)
        values: dict[str, list[str]] = {}
        formats = []
        for parameter, value in request.query_params.multi_items():
            if parameter == "format":
                formats.append(value)
            elif value:
                # A form sends a field that is left empty too.
                values.setdefault(parameter, []).append(value)
        text = explorer.bind(stored, values)
        accept = accepted(tuple(filter(None, formats)), Asked.of(request.scope, b"").text(b"accept"))
        offered = _offered(stored.form)
        media_type = choose(accept, offered)
        if media_type is None:
            raise FormatError(accept or "", offered)
        reply = negotiated(media_type, explorer.answer(text).serialize(media_type, PREFIXES), store.modified_at())
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


def _offered(form: str) -> tuple[str, ...]:
    return MEDIA_TYPES[form if form in MEDIA_TYPES else "GRAPH"]


def _operation(query: StoredQuery) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {
            "name": parameter.name,
            "in": "query",
            "description": parameter.description,
            "schema": {"type": "array", "items": _schema(parameter.type, parameter.values)},
        }
        for parameter in query.parameters
    ]
    parameters.append(
        {
            "name": "format",
            "in": "query",
            "description": "The format, by name or media type, in place of the Accept header",
            "schema": {"type": "string", "examples": list(FORMATS)},
        }
    )
    return {
        "operationId": "query_" + query.name.replace("-", "_"),
        "tags": ["Stored queries"],
        "summary": query.summary,
        "description": query.description,
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer", "content": {media_type: {} for media_type in _offered(query.form)}},
            **problems(_400="A parameter is not known, or may not be that", _406="There is no such format"),
        },
    }


def _schema(type_: str, values: tuple[str, ...]) -> dict[str, Any]:
    if values:
        return {"type": "string", "enum": list(values)}
    return {"type": "integer"} if type_ == "integer" else {"type": "string"}
