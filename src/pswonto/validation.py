"""Whether data keeps the rules: SHACL shapes about single things, and checks that look across things.

The data stays where it is: what each shape asks of it is put into the stored query of a constraint component of SHACL.
pySHACL is the reference for that.
"""

import io
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from pswonto.errors import Finding, PswontoError
from pswonto.files import FILE_FORMATS
from pswonto.queries import QueryLibrary
from pswonto.resources import queries_directory
from pswonto.shapes import Question, Row, Shapes, Term, rows

if TYPE_CHECKING:
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"
_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")


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
    read = Shapes(data, shapes)
    unknown = read.unknown()
    if unknown:
        raise UnknownConstruct((_text(row["shape"]), _text(row["construct"]), _text(row["value"])) for row in unknown)
    described = read.described()
    constraints = QueryLibrary(queries_directory() / "shacl" / "constraints")

    def answered(question: Question) -> list[Finding]:
        if question.suspicion is not None and not data.query(question.suspicion, use_default_graph_as_union=True):
            return []
        shape = described[question.shape]
        return [
            _finding(row, question.shape, shape, question.constraint.summary)
            for row in rows(data, question.text, union=True)
        ]

    # The engine answers in as many threads as ask it. None is left in the end, as processes may be forked later.
    with ThreadPoolExecutor() as threads:
        return in_order(chain.from_iterable(threads.map(answered, read.questions(constraints))))


def _finding(row: Row, rule: ox.NamedNode, shape: Row, summary: str) -> Finding:
    value = row.get("value")
    path = row.get("path", shape.get("path"))
    return Finding(
        gate="SHACL",
        severity=shape["severity"].value,
        message=shape["message"].value if "message" in shape else summary,
        focus=_text(row["focus"]),
        path=None if path is None else path.value,
        value=None if value is None else _text(value),
        rule=_text(rule),
    )


def validate_with_pyshacl(data: ox.Store, shapes: Sequence[Path]) -> list[Finding]:
    """Find the same as `validate` with pySHACL, which is the reference and takes many times as long.

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
        for row in rows(data, check.text, union=True):
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
