"""Turtle in the style of this project: the same text for the same graph, whoever wrote the file before."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from pswonto.errors import DataError, Finding
from pswonto.files import parse
from pswonto.namespaces import KINDS, PREFIXES, Names, contract

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Description = Mapping[ox.NamedNode, Sequence[Term]]

_RDF, _OWL = PREFIXES["rdf"], PREFIXES["owl"]
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))
_INDIVIDUAL = ox.NamedNode(_OWL + "NamedIndividual")
# What kinds of subjects stand in which order; those of any other class follow in the order of its name, and what a file
# only adds to, without saying what it is, comes last.
_KINDS = (
    "Ontology",
    "Class",
    "ObjectProperty",
    "DatatypeProperty",
    "AnnotationProperty",
    "AllDisjointClasses",
    "AllDisjointProperties",
    "AllDifferent",
)
_LAST_KINDS = ("Axiom", "NegativePropertyAssertion")
_FIRST_PREDICATES = (
    "rdf:type",
    "owl:versionIRI",
    "owl:versionInfo",
    "owl:imports",
    "rdfs:label",
    "skos:prefLabel",
    "skos:altLabel",
    "skos:definition",
    "pswo:paraphrase",
    "owl:annotatedSource",
    "owl:annotatedProperty",
    "owl:annotatedTarget",
)
_LAST_PREDICATES = ("dcterms:source", "rdfs:isDefinedBy")
_LOCAL = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_BARE = {
    PREFIXES["xsd"] + "integer": re.compile(r"[+-]?\d+"),
    PREFIXES["xsd"] + "decimal": re.compile(r"[+-]?\d*\.\d+"),
    PREFIXES["xsd"] + "double": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)[eE][+-]?\d+"),
    PREFIXES["xsd"] + "boolean": re.compile(r"true|false"),
}
_OF_A_KIND = re.compile(rf"(.+)/(?:{'|'.join(KINDS)})/[^/]+")
_HEADING = re.compile(r"## [\w-]+:\w+")
_STRING = PREFIXES["xsd"] + "string"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_turtle(
    triples: Iterable[ox.Triple], comments: Sequence[str] = (), prefixes: Mapping[str, str] = PREFIXES
) -> str:
    """Write a graph as Turtle (RDF 1.1 Turtle).

    Subjects are grouped by what they are, and sorted by name; one predicate a line; a blank node that is used once
    stands where it is used.

    Args:
        triples: The graph.
        comments: Lines to write below the prefixes, each with its `#`.
        prefixes: The prefixes to write short names with.

    Returns:
        The text, which is the same for any order of the triples and for any labels of the blank nodes.
    """
    return _Writer(canonical(triples), prefixes).text(comments)


def reformat(path: Path) -> tuple[Path, str, int]:
    """Write an RDF file anew as Turtle in our style.

    Args:
        path: A file of one graph, in any syntax that is read here.

    Returns:
        The file to write to, which is the same for Turtle and one beside it else; its text; and how many lines of
        comment, other than the first comment and our own headings, the text no longer has.

    Raises:
        DataError: The file is not written in its syntax, or holds more than one graph.
    """
    quads = list(parse(path))
    graphs = sorted({str(quad.graph_name) for quad in quads})
    if len(graphs) > 1:
        fault = f"Turtle has one graph, and this file has {len(graphs)}: {', '.join(graphs)}"
        raise DataError([Finding("syntax", "Violation", fault, file=str(path))])
    triples = {quad.triple for quad in quads}
    turtle = path.suffix.lower() == ".ttl"
    before = path.read_text(encoding="utf-8") if turtle else ""
    text = write_turtle(triples, header_comments(before), prefixes_of(triples))
    comments = [line.rstrip() for line in before.splitlines() if line.startswith("#") and line.strip("# ")]
    dropped = [line for line in comments if line not in text.splitlines() and not _HEADING.fullmatch(line)]
    return path.with_suffix(".ttl"), text, len(dropped)


def prefixes_of(triples: Iterable[ox.Triple]) -> Mapping[str, str]:
    """Return the prefixes to write a graph with: for kinds of things, those of the base that most of its things have.

    Args:
        triples: The graph.
    """
    subjects = {triple.subject.value for triple in triples if isinstance(triple.subject, ox.NamedNode)}
    bases = Counter(match[1] for subject in subjects if (match := _OF_A_KIND.fullmatch(subject)))
    return Names(min(bases, key=lambda base: (-bases[base], base))).prefixes if bases else PREFIXES


def descriptions(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES
) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
    """Return what a graph says, in the words of Turtle, so that two graphs can be compared.

    Args:
        triples: The graph.
        prefixes: The prefixes to write short names with.

    Returns:
        For each IRI that is a subject, written short, its predicates with their values; and the descriptions of the
        blank nodes that nothing refers to, such as annotated axioms.
    """
    return _Writer(canonical(triples), prefixes).descriptions()


def header_comments(turtle: str) -> list[str]:
    """Return the first comment of a Turtle document, line by line, where it stands in front of the first triple."""
    comments: list[str] = []
    for line in turtle.splitlines():
        if line.startswith("#"):
            comments.append(line.rstrip())
        elif comments or (line.strip() and not re.match(r"@?(prefix|base)\b", line, re.IGNORECASE)):
            break
    # The heading of a group is written anew.
    return [] if len(comments) == 1 and _HEADING.fullmatch(comments[0]) else comments


def canonical(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return a graph in an order, and with labels of blank nodes, that depend on nothing but the graph (RDFC-1.0)."""
    dataset = ox.Dataset(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted((quad.triple for quad in dataset), key=str)


class _Writer:
    def __init__(self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._descriptions: dict[Term, dict[ox.NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        uses: dict[Term, int] = defaultdict(int)
        self._used: set[str] = set()
        for triple in triples:
            self._descriptions[_term(triple.subject)][triple.predicate].append(_term(triple.object))
            if isinstance(triple.object, ox.BlankNode):
                uses[triple.object] += 1
        self._inline = {node for node, number in uses.items() if number == 1} - self._cyclic()
        self._labels = {
            node: f"_:b{number}"
            for number, node in enumerate(sorted((node for node in uses if node not in self._inline), key=str), start=1)
        }

    def _cyclic(self) -> set[Term]:
        """Return the blank nodes that lead back to themselves, which cannot be written inside each other."""
        leads = {
            node: {value for values in description.values() for value in values if isinstance(value, ox.BlankNode)}
            for node, description in self._descriptions.items()
            if isinstance(node, ox.BlankNode)
        }
        grown = True
        while grown:
            grown = False
            # What leads to no blank node, or only to such as are written already, is in no circle.
            for node in [node for node, values in leads.items() if not values & leads.keys()]:
                del leads[node]
                grown = True
        return set(leads)

    def text(self, comments: Sequence[str]) -> str:
        subjects = [node for node in self._descriptions if node not in self._inline]
        blocks = sorted((self._section(node), _natural(block := self._block(node)), block) for node in subjects)
        parts = []
        for (_, heading), group in groupby(blocks, key=lambda block: block[0]):
            if heading:
                parts.append(f"## {heading}\n")
            parts += [block for _, _, block in group]
        used = ((prefix, namespace) for prefix, namespace in self._prefixes.items() if prefix in self._used)
        prefixes = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in used]
        head = ["\n".join(prefixes) + "\n"] if prefixes else []
        return "\n".join(head + (["\n".join(comments) + "\n"] if comments else []) + parts)

    def descriptions(self) -> tuple[dict[str, dict[str, list[str]]], list[str]]:
        named: dict[str, dict[str, list[str]]] = {}
        blank: list[str] = []
        for node in sorted((node for node in self._descriptions if node not in self._inline), key=str):
            if isinstance(node, ox.BlankNode):
                blank.append(self._block(node))
                continue
            named[self._name(node)] = {
                self._name(predicate): sorted((self._value(value, "  ") for value in values), key=_natural)
                for predicate, values in self._descriptions[node].items()
            }
        return named, sorted(blank, key=_natural)

    def _section(self, node: Term) -> tuple[tuple[int, str], str]:
        types = sorted(contract(kind.value) for kind in self._descriptions[node].get(_TYPE, ()) if kind != _INDIVIDUAL)
        if not types:
            return ((3, ""), "Of things that another file describes")
        for rank, kinds in ((0, _KINDS), (2, _LAST_KINDS)):
            for position, kind in enumerate(kinds):
                if f"owl:{kind}" in types:
                    return ((rank, f"{position:02d}"), "" if kind == "Ontology" else f"owl:{kind}")
        ours = [kind for kind in types if kind.startswith("pswo:")] or types
        return ((1, ours[0]), ours[0])

    def _block(self, node: Term) -> str:
        name = self._labels.get(node, "[]") if isinstance(node, ox.BlankNode) else self._name(node)
        return f"{name}\n{self._predicates(node, '  ')} .\n"

    def _predicates(self, node: Term, indent: str) -> str:
        lines = []
        for predicate in sorted(self._descriptions[node], key=_rank):
            values = sorted((self._value(value, indent) for value in self._descriptions[node][predicate]), key=_natural)
            if predicate == _TYPE:
                # What it is besides an individual is what a reader looks for.
                values = sorted(values, key=lambda value: value != "owl:NamedIndividual")
                lines.append(f"{indent}a {', '.join(values)}")
            else:
                lines += [f"{indent}{self._name(predicate)} {value}" for value in values]
        return " ;\n".join(lines)

    def _value(self, value: Term, indent: str) -> str:
        if isinstance(value, ox.Literal):
            return self._literal(value)
        if value == _NIL:
            return "()"
        if value not in self._inline:
            return self._labels[value] if value in self._labels else self._name(value)
        deeper = indent + "  "
        items = self._items(value)
        if items is not None:
            return "(\n" + "".join(f"{deeper}{self._value(item, deeper)}\n" for item in items) + f"{indent})"
        if not self._descriptions.get(value):
            return "[]"
        return f"[\n{self._predicates(value, deeper)}\n{indent}]"

    def _items(self, node: Term) -> list[Term] | None:
        """Return the items of a list, or nothing where the node is no list that brackets can write."""
        items = []
        while node != _NIL:
            description = self._descriptions.get(node, {})
            if node not in self._inline or {predicate: len(values) for predicate, values in description.items()} != {
                _FIRST: 1,
                _REST: 1,
            }:
                return None
            items.append(description[_FIRST][0])
            node = description[_REST][0]
        return items

    def _name(self, node: Term) -> str:
        short = contract(node.value, self._prefixes)
        prefix, colon, local = short.partition(":")
        if colon and prefix in self._prefixes and short != node.value and _LOCAL.fullmatch(local):
            self._used.add(prefix)
            return short
        return str(node)

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare is not None and bare.fullmatch(literal.value):
            return literal.value
        quoted = '"' + "".join(_ESCAPES.get(character, character) for character in literal.value) + '"'
        if literal.language is not None:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == _STRING else f"{quoted}^^{self._name(literal.datatype)}"


def _rank(predicate: ox.NamedNode) -> tuple[int, int, str]:
    short = contract(predicate.value)
    if short in _FIRST_PREDICATES:
        return (0, _FIRST_PREDICATES.index(short), short)
    if short in _LAST_PREDICATES:
        return (2, _LAST_PREDICATES.index(short), short)
    return (1, 0, short)


def _natural(text: str) -> list[tuple[int, str]]:
    """Return a key by which numbers inside texts sort as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)]


def _term(term: object) -> Term:
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    raise TypeError(f"{term} cannot be written in Turtle 1.1")
