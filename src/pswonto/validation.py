"""Whether data keeps the rules: SHACL shapes about single things, and checks that look across things.

The shapes are data here: they are loaded into a graph beside a copy of the data, and one stored query for each
constraint component of SHACL finds what breaks it, for all shapes at once. pySHACL is the reference for that.
"""

import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from pswonto.errors import Finding, PswontoError
from pswonto.queries import Query, QueryLibrary
from pswonto.resources import queries_directory
from pswonto.store import FILE_FORMATS

if TYPE_CHECKING:
    from rdflib.term import Node

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = dict[str, Term]

_SH = "http://www.w3.org/ns/shacl#"
_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
# What the queries work out on their way is kept in graphs: a shape's focus nodes and values in one named by the shape.
_FOCUS_NODE = ox.NamedNode(_SH + "focusNode")
_VALUE = ox.NamedNode(_SH + "value")
_SHAPES, _LISTS, _INSTANCES = (ox.NamedNode(f"urn:pswonto:{name}") for name in ("shapes", "lists", "instances"))


class UnknownConstruct(PswontoError):
    """The shapes use something of SHACL that the engine does not check.

    Attributes:
        constructs: What it is: shape, property and value of each.
    """

    def __init__(self, constructs: Iterable[tuple[str, str, str]]) -> None:
        self.constructs = tuple(constructs)
        listed = "; ".join(f"{construct} {value} in {shape}" for shape, construct, value in self.constructs)
        super().__init__(f"nothing was validated, because the engine does not know this part of the shapes: {listed}")


def validate(data: ox.Store, shapes: Sequence[Path]) -> list[Finding]:
    """Find what breaks the shapes, in the data as it is, without inference.

    Args:
        data: The asserted data with the class hierarchy that it uses, in any graphs; it is not changed.
        shapes: Turtle files of shapes in core SHACL.

    Returns:
        The findings, sorted, none of them twice.

    Raises:
        UnknownConstruct: The shapes use something that this engine does not check.
    """
    scope = QueryLibrary(queries_directory() / "shacl" / "scope")
    constraints = QueryLibrary(queries_directory() / "shacl" / "constraints")
    scratch = ox.Store()
    scratch.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in data)
    for path in shapes:
        scratch.load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=_SHAPES)
    unknown = _rows(scratch, scope["unknown"])
    if unknown:
        raise UnknownConstruct((_text(row["shape"]), _text(row["construct"]), _text(row["value"])) for row in unknown)
    _work_out_scope(scratch, scope)
    shape_rows = {row["shape"]: row for row in _rows(scratch, scope["description"])}
    found = (
        _finding(row, shape_rows[row["shape"]], constraint.summary)
        for constraint in constraints
        for row in _rows(scratch, constraint)
    )
    return in_order(found)


def _work_out_scope(scratch: ox.Store, scope: QueryLibrary) -> None:
    """Add the graphs that the constraints ask: lists, instances, and the focus nodes and values of every shape."""
    for row in _rows(scratch, scope["lists"]):
        scratch.add(_quad(row["shape"], row["parameter"], row["member"], _LISTS))
    rows = _rows(scratch, scope["instances"])
    scratch.extend(_quad(row["instance"], _TYPE, row["class"], _INSTANCES) for row in rows)
    rows = _rows(scratch, scope["targets"])
    while rows:
        scratch.extend(_quad(row["shape"], _FOCUS_NODE, row["focus"], row["shape"]) for row in rows)
        shapes = {row["shape"] for row in rows}
        rows = _rows(scratch, scope["values"], shape=shapes)
        scratch.extend(_quad(row["focus"], _VALUE, row["value"], row["shape"]) for row in rows)
        # The values of a shape are the focus nodes of the shapes nested in it.
        rows = _rows(scratch, scope["nested"], outer=shapes)


def _finding(row: Row, shape: Row, summary: str) -> Finding:
    value, focus = row.get("value"), row["focus"]
    if focus == row["shape"] and value is not None:
        focus = value  # as scope/values.rq says, a node shape stands where its focus node belongs
    path = row.get("path", shape.get("path"))
    return Finding(
        gate="SHACL",
        severity=shape["severity"].value,
        message=shape["message"].value if "message" in shape else summary,
        focus=_text(focus),
        path=None if path is None else path.value,
        value=None if value is None else _text(value),
        rule=_text(row["shape"]),
    )


def validate_with_pyshacl(data: ox.Store, shapes: Sequence[Path]) -> list[Finding]:
    """Find the same as `validate` with pySHACL, which is the reference and takes about five times as long.

    Args:
        data: The asserted data with the class hierarchy that it uses, in any graphs.
        shapes: Turtle files of shapes in core SHACL.

    Returns:
        The findings, sorted, none of them twice.
    """
    # Imported here, because the serving path must not pay for it, and pySHACL changes rdflib for the whole process.
    import pyshacl
    import rdflib
    from rdflib.namespace import SH

    triples = {quad.triple for quad in data}
    data_graph, shapes_graph = rdflib.Graph(), rdflib.Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of literals that are not as their datatype asks: those are findings here
        for triple in triples:
            data_graph.add((_rdflib(triple.subject), _rdflib(triple.predicate), _rdflib(cast(Term, triple.object))))
    for path in shapes:
        shapes_graph.parse(path, format="turtle")
    _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none", advanced=False)
    if not isinstance(report, rdflib.Graph):
        raise PswontoError(f"pySHACL failed: {report}")

    def path_text(path: "Node | None") -> str | None:
        inverse = report.value(path, SH.inversePath) if path is not None else None
        return f"^{inverse}" if inverse is not None else None if path is None else str(path)

    found = []
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        value, message = report.value(result, SH.value), report.value(result, SH.resultMessage)
        found.append(
            Finding(
                gate="SHACL",
                severity=str(report.value(result, SH.resultSeverity)).removeprefix(_SH),
                message=str(message),
                focus=_text(_pyoxigraph(report.value(result, SH.focusNode))),
                path=path_text(report.value(result, SH.resultPath)),
                value=None if value is None else _text(_pyoxigraph(value)),
                rule=_text(_pyoxigraph(report.value(result, SH.sourceShape))),
            )
        )
    return in_order(found)


def run_checks(data: ox.Store, directory: Path) -> list[Finding]:
    """Run the checks of a folder: queries whose every row is a finding.

    Args:
        data: The asserted data; the checks ask the union of its graphs.
        directory: The folder; its files `*-violation.rq` select ?entity, and may select ?property, ?value, ?message.

    Returns:
        The findings, sorted, none of them twice.
    """
    found = []
    for check in QueryLibrary(directory):
        if not check.name.endswith("-violation"):
            continue
        for row in _rows(data, check, union=True):
            path, value = row.get("property"), row.get("value")
            found.append(
                Finding(
                    gate="check",
                    severity=check.severity,
                    message=row["message"].value if "message" in row else check.summary,
                    focus=_text(row["entity"]),
                    path=None if path is None else _text(path),
                    value=None if value is None else _text(value),
                    rule=check.name,
                )
            )
    return in_order(found)


def locate(findings: Sequence[Finding], files: Mapping[str, Path]) -> list[Finding]:
    """Fill in the file and the line of findings, by reading the files again.

    A finding gets the line of its triple; where there is none, the first line where its focus node has its path; where
    there is none of these either, the first line of its focus node.

    Args:
        findings: The findings.
        files: The file of each graph, by the graph's IRI.

    Returns:
        The findings, sorted, each with its place where it has one; a blank node has none.
    """
    wanted = {finding.focus for finding in findings}
    places: dict[tuple[str | None, ...], tuple[str, int]] = {}
    for path in dict.fromkeys(files.values() if findings else ()):
        with path.open("rb") as file:
            lines = _Lines(file)
            syntax = FILE_FORMATS[path.suffix.lower()]
            for quad in ox.parse(cast(IO[bytes], lines), format=syntax, base_iri=path.resolve().as_uri()):
                triple = (_text(quad.subject), quad.predicate.value, _text(quad.object))
                if triple[0] in wanted:
                    for known in (triple, triple[:2], triple[:1]):
                        places.setdefault(known, (str(path), lines.number))
    located = []
    for finding in findings:
        triple_at_fault = (finding.focus, finding.path, finding.value)
        candidates = (places.get(triple_at_fault[:length]) for length in (3, 2, 1))
        place = next((place for place in candidates if place), None)
        located.append(replace(finding, file=place[0], line=place[1]) if place else finding)
    return in_order(located)


class _Lines(io.RawIOBase):
    """A file that gives its parser one line at a time, so that the parser's place is known to the line."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._rest = b""
        self.number = 0

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._file.readline()
            self.number += 1
        end = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:end], self._rest[end:]
        return given


def _rows(store: ox.Store, query: Query, *, union: bool = False, **terms: Iterable[Term]) -> list[Row]:
    text = query.bind({name: list(values) for name, values in terms.items()})
    solutions = cast(ox.QuerySolutions, store.query(text, use_default_graph_as_union=union))
    names = [variable.value for variable in solutions.variables]
    return [
        {name: cast(Term, term) for name, term in zip(names, row, strict=True) if term is not None} for row in solutions
    ]


def _quad(subject: Term, predicate: Term, value: Term, graph: Term) -> ox.Quad:
    if isinstance(subject, ox.Literal):
        raise UnknownConstruct([(_text(graph), _SH + "inversePath", _text(subject))])
    return ox.Quad(subject, cast(ox.NamedNode, predicate), value, cast(ox.NamedNode, graph))


def _text(term: Term | ox.Triple) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _rdflib(term: Term) -> "Node":
    import rdflib

    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
    # rdflib tells "a" from "a"^^xsd:string, and takes a datatype or a language.
    plain = term.language is not None or term.datatype == _STRING
    return rdflib.Literal(
        term.value,
        lang=term.language,
        datatype=None if plain else rdflib.URIRef(term.datatype.value),
        normalize=False,
    )


def _pyoxigraph(node: "Node | None") -> Term:
    import rdflib

    match node:
        case rdflib.URIRef():
            return ox.NamedNode(node)
        case rdflib.BNode():
            return ox.BlankNode(node)
        case rdflib.Literal(language=str()):
            return ox.Literal(node, language=node.language)
        case rdflib.Literal():
            return ox.Literal(node, datatype=None if node.datatype is None else ox.NamedNode(node.datatype))
    raise PswontoError(f"pySHACL reports a node that is no RDF term: {node!r}")


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by file, line and thing, none of them twice."""

    def key(finding: Finding) -> tuple[object, ...]:
        texts = (finding.focus, finding.path, finding.value, finding.rule, finding.message)
        return (finding.file or "", finding.line or 0, *(text or "" for text in texts))

    return sorted(set(findings), key=key)
