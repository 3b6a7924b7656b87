"""SHACL shapes as queries about data: for each shape and each of its constraints one that finds what breaks it.

A stored query for a constraint component begins with a query for the shapes that have it. Behind that, it speaks of
the graph of a shape, in which its focus nodes and its value nodes would be: here the patterns that find them stand in
the place of that graph, and what is asked of the shapes stands there as it is answered.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import pyoxigraph as ox

from pswonto.namespaces import PREFIXES
from pswonto.queries import Query, QueryLibrary, opened, replaced
from pswonto.resources import queries_directory

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = dict[str, Term]

_SHAPES, _HIERARCHY = (ox.NamedNode(f"urn:pswonto:{name}") for name in ("shapes", "hierarchy"))
_SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_CLASSES = tuple(ox.NamedNode(PREFIXES["sh"] + name) for name in ("class", "targetClass"))
_ASKED = re.compile(r"GRAPH <urn:pswonto:(?:shapes|hierarchy)> \{[^{}]*\}")
_FOCUS = re.compile(r"GRAPH \?shape \{ \?shape sh:focusNode \?focus \}")
_VALUE = re.compile(r"GRAPH \?shape \{ \?focus sh:value (\?\w+) \}")
_NAMES = re.compile(r"\?(\w+)")
# The variables that stand for what is in the data.
_FROM_DATA = {"focus", "value", "other", "path"}
_SELECTED = re.compile(r"^SELECT (.*)$", re.MULTILINE)
_PREFIXES = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("rdf", "rdfs", "sh"))


@dataclass(frozen=True)
class Question:
    """A query that finds what breaks one constraint of one shape.

    Attributes:
        constraint: The stored query for the constraint component.
        shape: The shape.
        suspicion: A query of the form ASK that is true if that one has an answer, and takes less time; or nothing.
        text: The query. It selects ?focus, and ?value and ?path where the constraint component does.
    """

    constraint: Query
    shape: ox.NamedNode
    suspicion: str | None
    text: str


class Shapes:
    """Shapes beside the class hierarchy of some data.

    Args:
        data: The data.
        paths: Turtle files of shapes.
    """

    def __init__(self, data: ox.Store, paths: Iterable[Path]) -> None:
        self._store = ox.Store()
        for path in paths:
            self._store.load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=_SHAPES)
        hierarchy = data.quads_for_pattern(None, _SUBCLASS, None, None)
        self._store.extend(ox.Quad(quad.subject, _SUBCLASS, quad.object, _HIERARCHY) for quad in hierarchy)
        # A class that the data says nothing of is a subclass of itself too.
        named = [quad.object for name in _CLASSES for quad in self._store.quads_for_pattern(None, name, None, _SHAPES)]
        self._store.extend(ox.Quad(cast(ox.NamedNode, class_), _SUBCLASS, class_, _HIERARCHY) for class_ in named)
        self._about = QueryLibrary(queries_directory() / "shacl" / "scope")

    def unknown(self) -> list[Row]:
        """Return what of the shapes no stored query knows: ?shape, ?construct and ?value of each."""
        return rows(self._store, self._about["unknown"].text)

    def described(self) -> dict[Term, Row]:
        """Return what each shape says of itself: its path, severity and message."""
        return {row["shape"]: row for row in rows(self._store, self._about["description"].text)}

    def questions(self, constraints: Iterable[Query]) -> Iterator[Question]:
        """Yield what is to be asked of the data.

        Args:
            constraints: The stored queries for constraint components.
        """
        for constraint in constraints:
            asked, rest = opened(constraint)
            for row in rows(self._store, asked):
                shape = row.pop("shape")
                scope = " UNION ".join(f"{{ {focus} }}" for focus in self._focus(shape))
                # Without a target it is nobody's shape.
                if scope:
                    yield self._question(constraint, cast(ox.NamedNode, shape), scope, self._answered(rest, row, shape))

    def _question(self, constraint: Query, shape: ox.NamedNode, scope: str, patterns: str) -> Question:
        # The value node of a node shape is the focus node.
        values = self._values.get(shape, f"{scope} BIND(?focus AS ?value)")
        asked = _FOCUS.sub(scope, _VALUE.sub(lambda match: values.replace("?value", match[1]), patterns))
        head = f"SELECT DISTINCT {_told(constraint)} WHERE"
        whole = f"{head} {{ {asked} }}"
        if scope in asked:
            return Question(constraint, shape, None, constraint.prologue + whole)
        # Where no value is at fault, wherever it is, the focus nodes need not be looked for.
        return Question(
            constraint,
            shape,
            f"{constraint.prologue}ASK {{ {asked} }}",
            f"{constraint.prologue}{head} {{ {{ {whole} }} {scope} }}",
        )

    def _answered(self, patterns: str, parameters: Row, shape: Term) -> str:
        """Return patterns with what is known already: the parameters, and all that is asked of the shapes."""
        known: dict[str, Term] = {**parameters}

        def values(match: re.Match[str]) -> str:
            solutions = rows(self._store, f"{_PREFIXES}SELECT DISTINCT * WHERE {{ {match[0]} }}")
            # A blank node is none of the data, and cannot be written.
            told = [row for row in solutions if not any(isinstance(term, ox.BlankNode) for term in row.values())]
            if len(solutions) == len(told) == 1 and not _FROM_DATA & told[0].keys():
                known.update(told[0])
                return ""
            names = list(solutions[0]) if solutions else _NAMES.findall(match[0])[-1:]
            listed = " ".join(f"({' '.join(str(row[name]) for name in names)})" for row in told)
            return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {listed} }}"

        asked = _ASKED.sub(lambda match: replaced(match[0], {**parameters, "shape": shape}), patterns)
        return replaced(_ASKED.sub(values, asked), known)

    def _focus(self, shape: Term, depth: int = 0) -> list[str]:
        """Return the patterns each of which finds some of the focus nodes of a shape."""
        found = list(self._targets.get(shape, ()))
        for outer in self._outer.get(shape, ()):
            values = self._values.get(outer)
            for focus in self._focus(outer, depth + 1):
                # The focus nodes of a shape in a property shape are its value nodes.
                both = focus if values is None else f"{focus} {values}".replace("?focus", f"?outer{depth}")
                found.append(both if values is None else both.replace("?value", "?focus"))
        return found

    @cached_property
    def _targets(self) -> dict[Term, list[str]]:
        return self._patterns("targets")

    @cached_property
    def _values(self) -> dict[Term, str]:
        """For each property shape the pattern that leads from a focus node to its value nodes."""
        return {shape: pattern for shape, (pattern, *_) in self._patterns("values").items()}

    @cached_property
    def _outer(self) -> dict[Term, list[Term]]:
        """For each property shape the shapes that it is in."""
        outer: dict[Term, list[Term]] = {}
        for row in rows(self._store, self._about["nested"].text):
            outer.setdefault(row["shape"], []).append(row["outer"])
        return outer

    def _patterns(self, kind: str) -> dict[Term, list[str]]:
        found: dict[Term, list[str]] = {}
        for query in QueryLibrary(queries_directory() / "shacl" / "scope" / kind):
            asked, rest = opened(query)
            for row in rows(self._store, asked):
                found.setdefault(row.pop("shape"), []).append(replaced(rest, row).strip())
        return found


def _told(constraint: Query) -> str:
    """Return what a query selects beside the shape, which is known."""
    selected = _SELECTED.search(constraint.text)
    assert selected is not None, constraint.name
    return " ".join(f"?{name}" for name in _NAMES.findall(selected[1]) if name != "shape")


def rows(store: ox.Store, text: str, *, union: bool = False) -> list[Row]:
    """Return the solutions of a query, without the variables that are unbound in each.

    Args:
        store: What is asked.
        text: A SELECT query.
        union: Whether to ask the union of all graphs.
    """
    solutions = cast(ox.QuerySolutions, store.query(text, use_default_graph_as_union=union))
    names = [variable.value for variable in solutions.variables]
    return [
        {name: cast(Term, term) for name, term in zip(names, row, strict=True) if term is not None} for row in solutions
    ]
