"""What OpenAPI says of every operation: the faults that it may tell, and what a fault is."""

from collections.abc import Sequence
from typing import Any

from pswonto.errors import PROBLEMS, problem_slug
from pswonto.namespaces import BASE

_PROBLEM_TYPE = "application/problem+json"
# What may be wrong with any request, whatever it asks for.
_ALWAYS = (414, 429, 431, 500, 502, 503, 504)
_PROBLEM = {
    "title": "Problem",
    "description": "A fault, told as RFC 9457 has it, with what the error knows besides.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": True,
}
_EXAMPLES = {
    400: ("Bad parameter", "levle: is not known; there are: level, factor"),
    403: ("Query refused", "SERVICE is not done here: the endpoint asks no other one"),
    404: ("Not found", "there is no factor 'psw-welbeing'; did you mean psw-wellbeing?"),
    406: ("Not acceptable", "there is no image/png; there are: application/json"),
    413: ("Body too large", "the body has more than 1000000 bytes"),
    414: ("URL too long", "the URL has more than 100000 bytes"),
    415: ("Unsupported media type", "a body of text/plain is not read here; there are: application/sparql-query"),
    429: ("Too many requests", "more than 600 requests in a minute"),
    431: ("Headers too large", "the headers have more than 200000 bytes"),
    500: ("Internal error", "the service is at fault"),
    502: (
        "Bad gateway",
        "the SPARQL server at http://127.0.0.1:8890/sparql answered with text/html, which is no answer",
    ),
    503: ("Not ready", "the data is being loaded"),
    504: ("Server timeout", "the SPARQL server at http://127.0.0.1:8890/sparql did not answer within 10 s"),
}


def faults(*statuses: int) -> dict[str, Any]:
    """Return the responses that tell faults: those of some statuses, and those that any request may get.

    Args:
        statuses: The statuses that an operation has of its own.
    """
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted({*statuses, *_ALWAYS})}


def components() -> dict[str, Any]:
    """Return the responses that `faults` refers to, and the schema of what they hold."""
    return {
        "responses": {str(status): _fault(status) for status in _EXAMPLES},
        "schemas": {"Problem": _PROBLEM},
    }


def names_of(kinds: Sequence[str]) -> str:
    """Return the name of the schema of the slugs of some kinds."""
    return "Or".join("".join(word.title() for word in kind.split("-")) for kind in kinds) + "Slug"


def _fault(status: int) -> dict[str, Any]:
    title, detail = _EXAMPLES[status]
    meanings = [f"{name}. {meaning}" for name, (of, meaning) in PROBLEMS.items() if of == status]
    example = {"type": f"{BASE}/problem/{problem_slug(title)}", "title": title, "status": status, "detail": detail}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": " ".join(meanings),
        "content": {_PROBLEM_TYPE: {"schema": schema, "example": example}},
    }
