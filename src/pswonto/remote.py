"""A dataset that a SPARQL server holds, in place of a store in this process."""

import json
import re
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from pswonto import resources
from pswonto.errors import QueryRefused, ServerFault
from pswonto.queries import QueryLibrary, check, form_of, keywords, may_have_keyword
from pswonto.settings import Settings
from pswonto.store import RESULT_FORMATS, Answer, Solutions, Store

if TYPE_CHECKING:
    # The service over files need not wait for a client of HTTP.
    from pswonto.transport import Received, Transport

_JSON = next(iter(RESULT_FORMATS))
# The RDF formats that are read, the best known one first; a server that has only another one is refused.
_RDF = {"application/n-triples": ox.RdfFormat.N_TRIPLES, "text/turtle": ox.RdfFormat.TURTLE}
_ACCEPT_RDF = "application/n-triples, text/turtle;q=0.8"
# Some servers write plain text for N-Triples, whose media type that was before RDF 1.1.
_ALSO = {"text/plain": "application/n-triples", "application/json": _JSON}
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUTHS = {"0": "false", "1": "true"}
# What is to be written in another way stands in no other answer.
_TO_MEND = re.compile(rb'"nodeID:|#boolean"')
# The largest dataset that is copied here.
MOST_COPIED = 5_000_000


class Remote:
    """A dataset behind a SPARQL server, whose default graph is the union of the graphs that its description names.

    What the server says of the dataset is asked for when it is needed first, and then is known.

    Args:
        transport: The way to the server.
        limit: The most bytes of an answer.
    """

    def __init__(self, transport: "Transport", limit: int) -> None:
        self.transport = transport
        self.limit = limit
        self._queries = QueryLibrary(resources.queries_directory() / "remote")
        self._opened = datetime.now(UTC).replace(microsecond=0)

    @cached_property
    def _size(self) -> int:
        for text in self._texts("size", "triples"):
            if text.isdecimal():
                return int(text)
        raise self._nonsense("a question for a number with none")

    def __len__(self) -> int:
        return self._size

    @cached_property
    def _described(self) -> list[str]:
        """The graphs that the description names; a server has graphs of its own beside them."""
        return sorted(self._texts("described", "name"))

    @cached_property
    def _graphs(self) -> list[str]:
        return self._described or sorted(self._texts("graphs", "graph"))

    @cached_property
    def _modified(self) -> str | None:
        return max(self._texts("modified", "day"), default=None)

    @cached_property
    def _things(self) -> set[ox.NamedNode]:
        return {ox.NamedNode(thing) for thing in self._texts("things", "thing")}

    @cached_property
    def _copy(self) -> Store:
        if len(self) > MOST_COPIED:
            raise QueryRefused(
                f"for this the dataset is copied from the SPARQL server at {self.transport.server}, and with "
                f"{len(self)} triples it is too large: at most {MOST_COPIED} are"
            )
        return self.copy(self.graphs())

    def copy(self, graphs: Sequence[str]) -> Store:
        """Return a store in this process with a copy of some graphs.

        Args:
            graphs: Their IRIs.
        """
        store = Store()
        for graph in graphs:
            store.add(self._whole(graph), graph)
        return store

    def _whole(self, graph: str) -> bytes:
        text = self._queries["whole"].text
        received = self.transport.ask(self._form(text, [graph], []), _ACCEPT_RDF)
        return bytes(ox.serialize(self._triples(received), format=ox.RdfFormat.N_TRIPLES) or b"")

    def _texts(self, name: str, variable: str) -> list[str]:
        rows = self.select(self._queries[name].text).rows
        return [row[variable].value for row in rows if variable in row]

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted: those of the description, or else all that the server has."""
        return self._graphs

    def modified(self) -> str | None:
        """Return the last day on which an ontology there says that it was changed, as ISO 8601 has it."""
        return self._modified

    def modified_at(self) -> datetime:
        """Return the beginning of that day in UTC; where none is told, the time when this was made."""
        day = self.modified()
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else self._opened

    def things(self) -> set[ox.NamedNode]:
        """Return the IRIs that the dataset says a class of."""
        return self._things

    def prepare(self) -> None:
        """Ask the server for what answers to all queries need, where it is not known yet."""
        self._described  # noqa: B018  (it is asked for once, and then known)
        self.modified()

    def local(self) -> Store:
        """Return a copy of the dataset in this process, made when it is first asked for.

        Raises:
            QueryRefused: It is too large for that.
        """
        return self._copy

    def answer(
        self,
        text: str,
        *,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Answer a query.

        Args:
            text: A query in SPARQL 1.1.
            base: As for `Store.answer`; so the others.
            default_graphs: Where any graph is named: those that make up the default graph; else it is the union.
            named_graphs: Where any graph is named: those that GRAPH may reach.

        Raises:
            QueryRefused: The query would leave that server, or nests brackets too deep; or its answer is too large.
            ServerFault: The server gives no answer that is one.
        """
        check(text)
        text = text if base is None else f"BASE <{base}> {text}"
        form = "GRAPH" if form_of(text) in ("CONSTRUCT", "DESCRIBE") else "SELECT"
        accept = _ACCEPT_RDF if form == "GRAPH" else _JSON
        fields = self._form(text, default_graphs, named_graphs)
        return self.read(self.transport.ask(fields, accept, limit=self.limit), form)

    async def answer_later(
        self,
        text: str,
        form: str,
        default_graphs: Sequence[str],
        named_graphs: Sequence[str],
        seconds: float,
    ) -> "Received":
        """Send a query, and return what comes back, to be read by `read`.

        Args:
            text: The query, which was looked through already.
            form: GRAPH for CONSTRUCT and DESCRIBE, or SELECT.
            default_graphs: As for `answer`; the graphs of the dataset must be known.
            named_graphs: As for `answer`.
            seconds: How long it may take.
        """
        fields = self._form(text, default_graphs, named_graphs)
        accept = _ACCEPT_RDF if form == "GRAPH" else _JSON
        return await self.transport.ask_later(fields, accept, seconds=seconds, limit=self.limit)

    def select(self, text: str) -> Solutions:
        """Answer a SELECT query over the union of all graphs with its solutions."""
        return self.answer(text).solutions()

    def construct(self, text: str) -> list[ox.Triple]:
        """Answer a CONSTRUCT or DESCRIBE query over the union of all graphs with its triples."""
        return self.answer(text).triples()

    def _form(self, text: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> dict[str, Any]:
        fields: dict[str, Any] = {"query": text}
        if not (default_graphs or named_graphs) and not _names_graphs(text):
            default_graphs = named_graphs = self._described
        if default_graphs:
            fields["default-graph-uri"] = list(default_graphs)
        if named_graphs:
            fields["named-graph-uri"] = list(named_graphs)
        return fields

    def read(self, received: "Received", form: str) -> Answer:
        """Read what the server answered.

        Args:
            received: What came.
            form: The form of the query: GRAPH for CONSTRUCT and DESCRIBE, or SELECT.

        Raises:
            ServerFault: It is no answer to such a query, or has been cut.
        """
        if form == "GRAPH":
            return Answer(self._triples(received))
        if _ALSO.get(received.media_type, received.media_type) != _JSON:
            raise self._nonsense(f"with {received.media_type or 'no media type'}, where SPARQL results in JSON are due")
        try:
            body = _mended(received.body) if _TO_MEND.search(received.body) else received.body
            results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            if isinstance(results, ox.QuerySolutions):
                rows = deque(enumerate(results, 1), maxlen=1)
                self._whole_answer(received, rows[0][0] if rows else 0)
                results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._nonsense(f"with what is no SPARQL result in JSON: {error}") from error
        return Answer(results)

    def _triples(self, received: "Received") -> list[ox.Triple]:
        media_type = _ALSO.get(received.media_type, received.media_type)
        if media_type not in _RDF:
            raise self._nonsense(f"with {media_type or 'no media type'}, where N-Triples or Turtle is due")
        try:
            triples = [quad.triple for quad in ox.parse(received.body, format=_RDF[media_type])]
        except (SyntaxError, ValueError) as error:
            raise self._nonsense(f"with what is no {media_type}: {error}") from error
        self._whole_answer(received, len(triples))
        # What is said in several graphs comes once for each from some servers.
        return list(dict.fromkeys(triples))

    def _whole_answer(self, received: "Received", rows: int) -> None:
        if received.most is not None and rows >= received.most:
            raise self._nonsense(
                f"with the first {received.most} rows only, as it cuts answers there; let it give more "
                "(ResultSetMaxRows of Virtuoso), or ask for less"
            )

    def _nonsense(self, what: str) -> ServerFault:
        return ServerFault(f"the SPARQL server at {self.transport.server} answered {what}")


def connect(url: str, settings: Settings) -> Remote:
    """Return the dataset at a SPARQL server, which is not asked anything yet.

    Args:
        url: The address of the endpoint.
        settings: How long an answer may take, how large it may be, and how many may be on their way.

    Raises:
        ParameterError: The address is none of HTTP.
    """
    from pswonto.transport import Transport

    return Remote(Transport(url, settings.query_seconds, settings.query_workers), settings.query_result)


def _names_graphs(text: str) -> bool:
    return may_have_keyword(text, ("FROM",)) and "FROM" in keywords(text)


def _mended(body: bytes) -> bytes:
    """Write the terms of SPARQL results in JSON as their standards have it, where a server does not.

    Virtuoso writes booleans as 0 and 1, and IRIs of its own in place of labels of blank nodes.
    """
    results = json.loads(body)
    for row in results.get("results", {}).get("bindings", ()):
        for term in row.values():
            if term.get("datatype") == _BOOLEAN:
                term["value"] = _TRUTHS.get(term["value"], term["value"])
            elif term["type"] == "bnode":
                term["value"] = term["value"].removeprefix("nodeID://")
    return json.dumps(results).encode()
