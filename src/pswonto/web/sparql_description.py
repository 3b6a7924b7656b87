"""What OpenAPI says of the endpoint."""

from typing import Any

from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS
from pswonto.web.openapi import faults
from pswonto.web.sparql import DIRECT, FORM, FORMATS, LONGEST, PATH, SHORTEST

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
        "schema": {"type": "string", "examples": list(FORMATS)},
        "description": "The format, by name or media type, in place of the Accept header",
    },
    {
        "name": "timeout",
        "in": "query",
        "schema": {"type": "number", "minimum": SHORTEST, "maximum": LONGEST},
        "description": "Seconds after which the query is ended; it may lower the limit of the service, never raise it",
    },
]
_RESPONSES = {
    "200": {
        "description": "The answer, in a format that the Accept header asks for",
        "content": {media_type: {} for media_type in (*RESULT_FORMATS, *GRAPH_FORMATS)},
    },
    **faults(400, 403, 406, 413, 415),
}
# What OpenAPI says of the endpoint.
PATHS: dict[str, Any] = {
    PATH: {
        "get": {
            "operationId": "query_by_get",
            "tags": ["SPARQL"],
            "summary": "Answer a SPARQL query, or describe the service where there is none",
            "parameters": _PARAMETERS,
            "responses": {status: response for status, response in _RESPONSES.items() if status not in ("413", "415")},
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
