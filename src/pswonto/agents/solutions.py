"""The answers of the engine as rows that an agent reads."""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pswonto.agents.answers import Scalar
from pswonto.namespaces import PREFIXES, Names

# Solutions and booleans come as the first, graphs as the second.
ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9"
_TRIPLE = ("subject", "predicate", "object")
_INTEGERS = ("integer", "positiveInteger", "nonNegativeInteger", "int", "long")
_FRACTIONS = ("decimal", "double", "float")
# More digits than JSON is read with everywhere stay a text.
_INTEGER = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_FRACTION = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class Solved:
    """The answer to a query.

    Attributes:
        form: SELECT, ASK, or GRAPH.
        variables: The names of the columns.
        rows: The rows, with IRIs written short.
        things: The IRIs in each row.
    """

    form: str
    variables: tuple[str, ...]
    rows: tuple[dict[str, Scalar], ...]
    things: tuple[tuple[str, ...], ...]


def solved(media_type: str, body: bytes, names: Names) -> Solved:
    """Return the answer to a query.

    Args:
        media_type: One of the media types of `ACCEPT`.
        body: The answer as the engine wrote it.
        names: How the things of the dataset are named.
    """
    if media_type == "application/n-triples":
        return _graph(body.decode(), names)
    document = json.loads(body)
    if "boolean" in document:
        return Solved("ASK", ("answer",), ({"answer": document["boolean"]},), ((),))
    bindings = document["results"]["bindings"]
    return Solved(
        "SELECT",
        tuple(document["head"]["vars"]),
        tuple({name: _cell(term, names) for name, term in row.items()} for row in bindings),
        tuple(tuple(thing for term in row.values() for thing in _things(term, names)) for row in bindings),
    )


def _graph(ntriples: str, names: Names) -> Solved:
    # Neither a subject nor a predicate has a space in it.
    triples = [line.removesuffix(" .").split(" ", 2) for line in ntriples.splitlines()]
    rows = tuple(dict(zip(_TRIPLE, (_short(part, names) for part in triple), strict=True)) for triple in triples)
    things = tuple(tuple(part[1:-1] for part in triple if part.startswith("<")) for triple in triples)
    return Solved("GRAPH", _TRIPLE, rows, things)


def _short(part: str, names: Names) -> Scalar:
    return names.contract(part[1:-1]) if part.startswith("<") else part


def _cell(term: dict[str, Any], names: Names) -> Scalar:
    value: str = term["value"]
    if term["type"] == "triple":
        return json.dumps(term["value"])
    if term["type"] == "bnode":
        return f"_:{value}"
    things = _things(term, names)
    if things:
        return " ".join(map(names.contract, things))
    name = term.get("datatype", "").removeprefix(PREFIXES["xsd"])
    if name == "boolean":
        return value == "true"
    if name in _INTEGERS and _INTEGER.fullmatch(value):
        return int(value)
    if name in _FRACTIONS and _FRACTION.fullmatch(value) and math.isfinite(float(value)):
        return float(value)
    return value


def _things(term: dict[str, Any], names: Names) -> Sequence[str]:
    """Return the IRIs of a cell: of stored queries, some have several in one text."""
    if term["type"] == "uri":
        return (term["value"],)
    parts: list[str] = term["value"].split() if term["type"] == "literal" else []
    return parts if parts and all("://" in part and names.is_own(part) for part in parts) else ()
