"""The page that asks the endpoint: a form, what it answered or why not, pictures of it, and questions to begin with."""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from jinja2 import Environment

from pswonto import __version__
from pswonto.errors import PswontoError
from pswonto.namespaces import PREFIXES, Names, contract
from pswonto.naming import names_of
from pswonto.queries import Query
from pswonto.source import Source
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS
from pswonto.web.exchange import Reply, negotiated
from pswonto.web.lettering import width, wrapped

# The editor sets styles on elements; nothing comes from another host.
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
_TRIPLE = re.compile(r"(<[^>]*>|_:\S+) (<[^>]*>) (<[^>]*>|_:\S+|\".*\"\S*) \.")
_LITERAL = re.compile(r'"(.*)"(?:@([\w-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_NUMBERS = tuple(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float", "int", "long"))
# How much of an answer is on the page, and how much is made a picture; all of it is in the files.
_ROWS, _BYTES, _BARS, _NODES = 1000, 2_000_000, 40, 60
_BAR_WIDTH, _BAR_HEIGHT, _NETWORK = 460, 24, 800


@dataclass(frozen=True)
class Shown:
    """A term as the page shows it.

    Attributes:
        text: What it says; an IRI is written short.
        href: Where it leads, if it is an IRI.
        note: Its language or datatype, where that tells something.
        number: Its value, if it is a number.
    """

    text: str
    href: str | None = None
    note: str = ""
    number: float | None = None


@dataclass(frozen=True)
class Answered:
    """An answer as the page shows it.

    Attributes:
        header: The names of the columns.
        rows: The rows; nothing where a variable is unbound.
        total: How many rows the answer has.
        is_graph: Whether the rows are triples.
        truth: The answer to ASK, where it is that.
        too_large: Its size in bytes, where it is too large for a page.
        bars: A picture of numbers by what they count, where it is that.
        network: A picture of a graph, where it is small.
    """

    header: Sequence[str] = ()
    rows: Sequence[Sequence[Shown | None]] = ()
    total: int = 0
    is_graph: bool = False
    truth: bool | None = None
    too_large: int = 0
    bars: Mapping[str, Any] | None = None
    network: Mapping[str, Any] | None = None


class QueryPage:
    """Writes the page.

    Args:
        examples: The published queries.
        store: The dataset.
        templates: The templates.
    """

    def __init__(self, examples: Iterable[Query], store: Source, templates: Environment) -> None:
        listed = sorted(examples, key=lambda query: (query.topic == "Lists and search", query.topic, query.name))
        self._topics = [(topic, list(queries)) for topic, queries in groupby(listed, key=lambda query: query.topic)]
        self._template = templates.get_template("sparql.html")
        self._modified = store.modified_at()
        self._names = names_of(store)

    def form(self) -> Reply:
        """Return the page without an answer."""
        return self._reply(200, query=None)

    def answered(self, query: str, media_type: str, body: bytes) -> Reply:
        """Return the page with the answer to a query.

        Args:
            query: The query.
            media_type: The media type of the answer, JSON for solutions and N-Triples for a graph.
            body: The answer.
        """
        return self._reply(200, query=query, answer=answered(media_type, body, self._names))

    def refused(self, query: str, status: int, error: PswontoError) -> Reply:
        """Return the page that says why a query has no answer.

        Args:
            query: The query.
            status: The status code.
            error: Why.
        """
        line = getattr(error, "line", None)
        return self._reply(status, query=query, error=error, line=line, column=getattr(error, "column", None))

    def _reply(self, status: int, query: str | None, **context: Any) -> Reply:
        formats = GRAPH_FORMATS if getattr(context.get("answer"), "is_graph", False) else RESULT_FORMATS
        html = self._template.render(
            here="/sparql",
            version=__version__,
            query=query,
            link=None if query is None else f"/sparql?query={quote(query)}",
            formats={name: media_type for media_type, (name, _) in formats.items()},
            topics=self._topics,
            prefixes={prefix: PREFIXES[prefix] for prefix in ("pswo", "rdfs")},
            **{"answer": None, "error": None, "line": None, "column": None, **context},
        )
        reply = negotiated("text/html", html.encode(), self._modified if status == 200 else None)
        reply.status = status
        reply.headers.append((b"content-security-policy", POLICY.encode()))
        return reply


def answered(media_type: str, body: bytes, names: Names) -> Answered:
    """Return an answer as the page shows it; see `QueryPage.answered`."""
    if len(body) > _BYTES:
        return Answered(too_large=len(body), is_graph=media_type == "application/n-triples")
    if media_type == "application/n-triples":
        triples = [_triple(line, names) for line in body.decode().splitlines() if line.strip()]
        return Answered(
            ("subject", "predicate", "object"), triples[:_ROWS], len(triples), is_graph=True, network=_network(triples)
        )
    document = json.loads(body)
    if "boolean" in document:
        return Answered(truth=document["boolean"])
    header = document["head"]["vars"]
    bindings = document["results"]["bindings"]
    rows = [[_bound(binding[name], names) if name in binding else None for name in header] for binding in bindings]
    return Answered(header, rows[:_ROWS], len(rows), bars=_bars(header, rows))


def _bound(term: Mapping[str, str], names: Names) -> Shown:
    if term["type"] == "uri":
        return _iri(term["value"], names)
    if term["type"] == "bnode":
        return Shown(f"_:{term['value']}")
    return _of_literal(term["value"], term.get("xml:lang", ""), term.get("datatype", ""))


def _triple(line: str, names: Names) -> list[Shown]:
    match = _TRIPLE.fullmatch(line)
    assert match, line
    return [_node(part, names) for part in match.groups()]


def _node(text: str, names: Names) -> Shown:
    if text.startswith("<"):
        return _iri(text[1:-1], names)
    literal = _LITERAL.fullmatch(text)
    if literal is None:
        return Shown(text)
    # N-Triples escapes a text as JSON does, but for eight digits after \U, which no text of a triple here has as such.
    value = json.loads(f'"{literal[1]}"')
    return _of_literal(value, literal[2] or "", literal[3] or "")


def _of_literal(value: str, language: str, datatype: str) -> Shown:
    number = None
    if datatype in _NUMBERS:
        try:
            number = float(value)
        except ValueError:
            # A text that is none of its datatype is a text still.
            number = None
    note = f"@{language}" if language else contract(datatype) if datatype and number is None else ""
    return Shown(value, None, "" if note == "xsd:string" else note, number)


def _iri(iri: str, names: Names) -> Shown:
    href = names.href(iri)
    return Shown(names.contract(iri), href if href.startswith(("/", "http://", "https://")) else None)


def _bars(header: Sequence[str], rows: Sequence[Sequence[Shown | None]]) -> Mapping[str, Any] | None:
    """Return a picture of an answer whose rows are a number each, with what it is the number of."""
    if not 2 <= len(rows) <= _BARS:
        return None
    numeric = [
        place
        for place in range(len(header))
        if all(row[place] is not None and row[place].number is not None for row in rows)  # type: ignore[union-attr]  # none is None there
    ]
    named = [place for place in range(len(header)) if place not in numeric]
    # The last column is what a query that counts puts its count into.
    if len(numeric) != 1 or not named or numeric[0] != len(header) - 1:
        return None
    values = [float(row[numeric[0]].number or 0) for row in rows]  # type: ignore[union-attr]  # as above
    largest = max(values)
    if largest <= 0 or min(values) < 0:
        return None
    # The shortest of the names that tell the rows apart.
    place = named[-1] if len({row[named[-1]] for row in rows}) == len(rows) else named[0]
    labels = [(shown.text if (shown := row[place]) else "") for row in rows]
    room = min(420.0, max(width(label, 13) for label in labels) + 12)
    bars = [
        {
            "label": _short(label, room - 10),
            "y": number * _BAR_HEIGHT,
            "width": round(value / largest * _BAR_WIDTH, 1),
            "value": row[numeric[0]].text,  # type: ignore[union-attr]  # as above
        }
        for number, (label, value, row) in enumerate(zip(labels, values, rows, strict=True))
    ]
    size = {"width": round(room + _BAR_WIDTH + 80), "height": len(bars) * _BAR_HEIGHT + 4, "room": round(room)}
    return {"bars": bars, "of": header[place], "what": header[numeric[0]], **size}


def _short(text: str, room: float) -> str:
    if width(text, 13) <= room:
        return text
    while text and width(text + "…", 13) > room:
        text = text[:-1]
    return text + "…"


def _network(triples: Sequence[Sequence[Shown]]) -> Mapping[str, Any] | None:
    """Return a picture of the triples between things, on a circle, where they are not too many."""
    edges = [(s, p, o) for s, p, o in triples if o.href or o.text.startswith("_:")]
    nodes = list(dict.fromkeys(node for s, _, o in edges for node in (s, o)))
    if not 2 <= len(nodes) <= _NODES:
        return None
    radius, middle = _NETWORK / 2 - 160, _NETWORK / 2
    places = {}
    for number, node in enumerate(nodes):
        angle = 2 * math.pi * number / len(nodes) - math.pi / 2
        places[node.text] = (middle + radius * math.cos(angle), middle + radius * math.sin(angle))
    drawn = []
    for s, p, o in edges:
        (x1, y1), (x2, y2) = places[s.text], places[o.text]
        length = math.hypot(x2 - x1, y2 - y1)
        if not length:
            continue
        # It ends before the dot, and bends, so that the two ways between two things are two lines.
        x2, y2 = x2 - (x2 - x1) / length * 10, y2 - (y2 - y1) / length * 10
        bend_x, bend_y = (x1 + x2) / 2 + (y2 - y1) * 0.12, (y1 + y2) / 2 - (x2 - x1) * 0.12
        path = f"M{x1:.1f} {y1:.1f}Q{bend_x:.1f} {bend_y:.1f} {x2:.1f} {y2:.1f}"
        drawn.append({"path": path, "label": f"{s.text} {p.text} {o.text}"})
    dots = []
    for node in nodes:
        x, y = places[node.text]
        lines = wrapped(node.text.split(":", 1)[-1].replace("-", " "), 130, 11)
        anchor = "middle" if abs(x - middle) < 20 else "start" if x > middle else "end"
        shift = 0 if anchor == "middle" else 12 if anchor == "start" else -12
        top = y - 14 * len(lines) if anchor == "middle" and y < middle else y + (18 if anchor == "middle" else 4)
        dots.append(
            {"x": round(x, 1), "y": round(y, 1), "href": node.href, "lines": lines, "anchor": anchor}
            | {"text_x": round(x + shift, 1), "text_y": round(top, 1)}
        )
    predicates = list(dict.fromkeys(p.text for _, p, _ in edges))
    return {"edges": drawn, "dots": dots, "size": _NETWORK, "predicates": predicates}
