"""The graph that is asked: RDF files in, solutions and graphs out."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from pswonto.errors import FormatError, ParameterError, QueryRefused, QuerySyntaxError
from pswonto.files import DATASETS, declared, parse, syntax_of, told
from pswonto.namespaces import PREFIXES
from pswonto.queries import Term, check

# Media type, short name, and the engine's own format; the first of each list is what a client gets that asks for none.
RESULT_FORMATS = {
    "application/sparql-results+json": ("json", ox.QueryResultsFormat.JSON),
    "application/sparql-results+xml": ("xml", ox.QueryResultsFormat.XML),
    "text/csv": ("csv", ox.QueryResultsFormat.CSV),
    "text/tab-separated-values": ("tsv", ox.QueryResultsFormat.TSV),
}
GRAPH_FORMATS = {
    "text/turtle": ("ttl", ox.RdfFormat.TURTLE),
    "application/n-triples": ("nt", ox.RdfFormat.N_TRIPLES),
    "application/rdf+xml": ("rdf", ox.RdfFormat.RDF_XML),
    "application/ld+json": ("jsonld", ox.RdfFormat.JSON_LD),
    "application/n-quads": ("nq", ox.RdfFormat.N_QUADS),
    "application/trig": ("trig", ox.RdfFormat.TRIG),
}
# What each form of query can be answered in, the preferred one first. CSV and TSV are defined for solutions only
# (SPARQL 1.1 Query Results CSV and TSV Formats).
MEDIA_TYPES = {
    "SELECT": tuple(RESULT_FORMATS),
    "ASK": tuple(RESULT_FORMATS)[:2],
    "GRAPH": tuple(GRAPH_FORMATS),
}


@dataclass(frozen=True)
class Solutions:
    """The solutions of a SELECT query.

    Attributes:
        variables: The names of the projected variables, in order.
        rows: One mapping for each solution; a variable that is not bound is absent.
    """

    variables: tuple[str, ...]
    rows: list[dict[str, Term]]


class Answer:
    """The answer to a query, before it is written in some format.

    Args:
        results: What the engine returned, or triples.
    """

    def __init__(self, results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples | list[ox.Triple]) -> None:
        self._results = results

    @property
    def form(self) -> str:
        """SELECT, ASK, or GRAPH for the answer of CONSTRUCT and DESCRIBE."""
        if isinstance(self._results, ox.QueryTriples | list):
            return "GRAPH"
        return "ASK" if isinstance(self._results, ox.QueryBoolean) else "SELECT"

    @property
    def media_types(self) -> tuple[str, ...]:
        """The media types that it can be written in, the preferred one first."""
        return MEDIA_TYPES[self.form]

    def solutions(self) -> Solutions:
        """Return the solutions of a SELECT query.

        Raises:
            QueryRefused: The query was of another form.
        """
        results = self._results
        if not isinstance(results, ox.QuerySolutions):
            raise QueryRefused("this is no SELECT query")
        names = tuple(variable.value for variable in results.variables)
        rows: list[dict[str, Term]] = []
        for row in results:
            rows.append({name: term for name in names if (term := row[name]) is not None})
        return Solutions(names, rows)

    def triples(self) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query.

        Raises:
            QueryRefused: The query was of another form.
        """
        if not isinstance(self._results, ox.QueryTriples | list):
            raise QueryRefused("this is no CONSTRUCT or DESCRIBE query")
        return list(self._results)

    def serialize(self, media_type: str, prefixes: Mapping[str, str] | None = None, limit: int | None = None) -> bytes:
        """Write the answer in a format of the engine's own.

        Args:
            media_type: One of its media types.
            prefixes: For RDF formats, the prefixes to write short names with.
            limit: The most bytes to write.

        Raises:
            FormatError: An answer of this form has no such format.
            QueryRefused: It would be more bytes than the limit.
        """
        if media_type not in self.media_types:
            raise FormatError(media_type, self.media_types)
        output = _Limited(limit)
        if isinstance(self._results, ox.QueryTriples | list):
            if media_type in _WITHOUT_PREFIXES and not isinstance(self._results, list):
                return self._serialized(output, GRAPH_FORMATS[media_type][1])
            triples = list(islice(self._results, None if limit is None else limit // _SMALLEST_TRIPLE + 1))
            return _within(limit, _written(triples, media_type, prefixes))
        return self._serialized(output, RESULT_FORMATS[media_type][1])

    def _serialized(self, output: "_Limited", format_: Any) -> bytes:
        try:
            assert not isinstance(self._results, list)
            # What it writes to need not be a file.
            self._results.serialize(cast(IO[bytes], output), format=format_)
        except _TooMuchError as error:
            raise _too_large(output.limit) from error
        return bytes(output.written)


# Formats that write every IRI in full.
_WITHOUT_PREFIXES = ("application/n-triples", "application/n-quads")
# A triple takes at least so many bytes in any format.
_SMALLEST_TRIPLE = 12


class _TooMuchError(Exception):
    pass


class _Limited(io.BufferedIOBase):
    def __init__(self, limit: int | None) -> None:
        self.written = bytearray()
        self.limit = limit

    def write(self, data: Any) -> int:
        self.written += data
        if self.limit is not None and len(self.written) > self.limit:
            raise _TooMuchError
        return len(data)


def _within(limit: int | None, body: bytes) -> bytes:
    if limit is not None and len(body) > limit:
        raise _too_large(limit)
    return body


def _too_large(limit: int | None) -> QueryRefused:
    return QueryRefused(f"the answer is larger than {limit} bytes, and no answer is cut: ask for less, or use LIMIT")


class Store:
    """An RDF dataset in memory, or on a disk, whose default graph is the union of its graphs.

    Args:
        path: Where it is on a disk, to be read only; without it, there is a new one in memory.
        size: How many triples it holds there.
        made: When it was made; now, where nothing is told.

    Attributes:
        path: Where it is, if it is on a disk.
    """

    def __init__(self, path: Path | None = None, size: int | None = None, made: datetime | None = None) -> None:
        self.path = path
        self._size = size
        self._made = made or datetime.now(UTC).replace(microsecond=0)

    # What is on a disk is opened by the process that reads it, and not by the one whose fork that is.
    @cached_property
    def engine(self) -> ox.Store:
        """The engine, with all quads."""
        return ox.Store() if self.path is None else ox.Store.read_only(str(self.path))

    def __len__(self) -> int:
        return len(self.engine) if self._size is None else self._size

    def load(self, path: Path) -> list[str]:
        """Load a file: the triples of an ontology into a graph that its IRI names, quads into their own graphs.

        Args:
            path: A file in a syntax that its ending tells.

        Returns:
            The IRIs of the graphs that are new with it.

        Raises:
            DataError: The file cannot be read, its ending is unknown, or it is not written in that syntax.
        """
        syntax = syntax_of(path)
        ontologies = declared(path)
        (graph,) = ontologies if len(ontologies) == 1 else (None,)
        before = set(self.graphs())
        with told(path):
            if syntax in DATASETS and isinstance(graph, ox.NamedNode):
                # What is in no graph is moved, quad by quad.
                self.engine.extend(_moved(quad, graph) for quad in parse(path, rename_blank_nodes=True))
            else:
                into = graph if isinstance(graph, ox.NamedNode) and syntax not in DATASETS else None
                # Loading in bulk is for a disk: what several threads have put in memory takes longer to read.
                self.engine.load(path=str(path), format=syntax, base_iri=path.resolve().as_uri(), to_graph=into)
        return sorted(set(self.graphs()) - before)

    def add(self, ntriples: bytes, graph: str) -> None:
        """Add triples to a named graph.

        Args:
            ntriples: The triples, as N-Triples.
            graph: The IRI of the graph.
        """
        self.engine.load(ntriples, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph))

    def modified(self) -> str | None:
        """Return the last day on which an ontology in the store says that it was changed, as ISO 8601 has it."""
        days = [quad.object for quad in self.engine.quads_for_pattern(None, _MODIFIED, None)]
        return max((day.value for day in days if isinstance(day, ox.Literal)), default=None)

    def modified_at(self) -> datetime:
        """Return the beginning of that day in UTC; where none is told, the time when the store was made."""
        day = self.modified()
        return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else self._made

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self.engine.named_graphs() if isinstance(graph, ox.NamedNode))

    def imports(self) -> set[str]:
        """Return the IRIs that the ontologies in the store import."""
        imported = (quad.object for quad in self.engine.quads_for_pattern(None, _IMPORTS, None))
        return {thing.value for thing in imported if isinstance(thing, ox.NamedNode)}

    def things(self) -> set[ox.NamedNode]:
        """Return the IRIs that the store says a class of."""
        typed = (quad.subject for quad in self.engine.quads_for_pattern(None, _TYPE, None))
        return {thing for thing in typed if isinstance(thing, ox.NamedNode)}

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
            base: The IRI that relative IRIs of the query are resolved against.
            default_graphs: Where any graph is named: those that make up the default graph; else it is the union.
            named_graphs: Where any graph is named: those that GRAPH may reach.

        Raises:
            QuerySyntaxError: The text is not a query, with line and column.
            QueryRefused: The query would leave this machine, or nests brackets too deep.
            ParameterError: The name of a graph is not an IRI.
        """
        words = check(text)
        given = bool(default_graphs or named_graphs)
        try:
            results = self.engine.query(
                text,
                base_iri=base,
                # The union would override the query's own FROM clauses.
                use_default_graph_as_union=not given and "FROM" not in words,
                default_graph=[iri(name, "default-graph-uri") for name in default_graphs] if given else None,
                named_graphs=[iri(name, "named-graph-uri") for name in named_graphs] if given else None,
            )
        except SyntaxError as error:
            raise _syntax_error(str(error), text) from error
        return Answer(results)

    def local(self) -> "Store":
        """Return the store itself, which is in this process."""
        return self

    def construct(self, text: str) -> list[ox.Triple]:
        """Answer a CONSTRUCT or DESCRIBE query over the union of all graphs with its triples."""
        return self.answer(text).triples()

    def ntriples(self, exclude: str | None = None) -> bytes:
        """Write the triples of all graphs, or of all but one, as N-Triples."""
        left_out = None if exclude is None else ox.NamedNode(exclude)
        triples = {quad.triple for quad in self.engine if quad.graph_name != left_out}
        return bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")

    def select(self, text: str) -> Solutions:
        """Answer a SELECT query over the union of all graphs with its solutions."""
        return self.answer(text).solutions()


_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_IMPORTS = ox.NamedNode("http://www.w3.org/2002/07/owl#imports")
_MODIFIED = ox.NamedNode("http://purl.org/dc/terms/modified")


def iri(text: str, parameter: str = "iri") -> ox.NamedNode:
    """Return the IRI with that text.

    Raises:
        ParameterError: It is not an absolute IRI.
    """
    try:
        return ox.NamedNode(text)
    except ValueError as error:
        raise ParameterError(parameter, f"must be an absolute IRI, not {text!r}") from error


def is_iri(text: str) -> bool:
    """Tell whether a text is an absolute IRI."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def convert(
    graph: bytes, media_type: str, prefixes: Mapping[str, str] | None = None, source: str = "text/turtle"
) -> bytes:
    """Write a graph that is given as Turtle, or as what `source` says, in another RDF format."""
    # What is said twice is one triple.
    triples = list(dict.fromkeys(quad.triple for quad in ox.parse(graph, format=GRAPH_FORMATS[source][1])))
    return _written(triples, media_type, prefixes)


def _written(triples: Sequence[ox.Triple], media_type: str, prefixes: Mapping[str, str] | None) -> bytes:
    # The engine declares every prefix that it is given, so it is given those that the triples use.
    plain = bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"") if prefixes else b""
    used = {prefix: namespace for prefix, namespace in (prefixes or {}).items() if f"<{namespace}".encode() in plain}
    return bytes(ox.serialize(triples, format=GRAPH_FORMATS[media_type][1], prefixes=used) or b"")


def literal(value: str | int) -> ox.Literal:
    """Return the literal of a text or a whole number."""
    return ox.Literal(value)


def _moved(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    return quad


_LAST_NAME = re.compile(r"([\w.-]*):[^\s:]*$")
# How many of the tokens that could have come next are told.
_TOLD = 8
_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)


def _syntax_error(message: str, text: str) -> QuerySyntaxError:
    match = _POSITION.match(message)
    if match is None:
        return QuerySyntaxError(message)
    line, column = int(match[1]), int(match[2])
    expected = [part.strip() for part in re.split(r",\s+(?![^\[]*\])", match[3])]
    if "Prefix not found" in expected:
        # The engine stops behind the name, and a reader looks for its beginning.
        name = _LAST_NAME.search(text.splitlines()[line - 1][: column - 1])
        prefix = name[1] if name else ""
        column = name.start() + 1 if name else column
        declaration = f"; PREFIX {prefix}: <{PREFIXES[prefix]}> declares it" if prefix in PREFIXES else ""
        fault = f"the prefix {prefix}: is not declared{declaration}"
    elif "The SELECT contains a variable that is unbound" in expected:
        fault = "SELECT has a variable that the query does not bind, or does not group by"
    else:
        # The engine lists character ranges and its rule for white space too, which tell a reader nothing.
        told = [part for part in expected if "[" not in part]
        more = f" or {len(told) - _TOLD} more" if len(told) > _TOLD else ""
        fault = "expected " + " or ".join(told[:_TOLD]) + more
    return QuerySyntaxError(f"line {line}, column {column}: {fault}", line, column)
