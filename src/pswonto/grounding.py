"""Rules of entailment with the axioms of an ontology in them: what follows from triples of which form."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from pswonto.errors import QueryFileError
from pswonto.namespaces import PREFIXES
from pswonto.queries import Query, opened
from pswonto.store import Store

Node = ox.NamedNode | ox.BlankNode | ox.Literal
# A term, or the name of a variable.
Part = Node | str
Pattern = tuple[Part, Part, Part]

_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_HEAD = re.compile(r"CONSTRUCT \{ (\S+) (\S+) (\S+) \}")
# In premises, a variable that stands for each of several terms: a premise holds for all of them.
_EVERY = "?every"


@dataclass(frozen=True)
class GroundRule:
    """A rule with an axiom in it, so that no variable stands for a class or a property.

    Attributes:
        rule: The rule.
        axiom: What its variables for the axiom stand for.
        head: The form of the triples that follow.
        premises: The forms of the triples that one such triple follows from.
    """

    rule: Query
    axiom: tuple[tuple[str, Node], ...]
    head: Pattern
    premises: tuple[Pattern, ...]

    def __hash__(self) -> int:
        return hash((self.rule.name, self.axiom))

    @property
    def has_parts(self) -> bool:
        """Whether a premise stands for each part of a definition."""
        return any(_EVERY in premise.split() for premise in self.rule.premises)

    def follows(self, store: Store) -> Iterator[ox.Triple]:
        """Yield what follows from a store and is not in it, each triple once."""
        variables = _variables([self.head])
        subject, predicate, value = (variables.index(part) if isinstance(part, str) else part for part in self.head)
        for row in _solutions(store, self.premises, variables, unless=self.head):
            yield ox.Triple(
                row[subject] if isinstance(subject, int) else subject,  # type: ignore[arg-type]  # no literal is asked for
                predicate,  # type: ignore[arg-type]  # no rule has a variable there
                row[value] if isinstance(value, int) else value,
            )

    def premises_of(self, triple: ox.Triple, store: Store, most: int) -> Iterator[list[ox.Triple]]:
        """Yield what a triple may follow from by this rule, each time as many triples as there are premises.

        Args:
            triple: The triple.
            store: The store, with what follows; membership in a class without a name is taken to be there.
            most: How many ways to yield at the most: the first by their terms, which are the same in every store.
        """
        given: dict[str, Node] = {}
        for part, term in zip(self.head, (triple.subject, triple.predicate, triple.object), strict=True):
            known = given.setdefault(part, node_of(term)) if isinstance(part, str) else part
            if known != term:
                return
        premises = [_bound(premise, given) for premise in self.premises]
        asked = [premise for premise in premises if _variables([premise]) or not isinstance(premise[2], ox.BlankNode)]
        variables = _variables(asked)
        for row in _solutions(store, asked, variables, most=most):
            solution = {name: node_of(row[place]) for place, name in enumerate(variables)}
            yield [_triple(_bound(premise, solution)) for premise in premises]


def grounded(store: Store, rules: Iterable[Query]) -> list[GroundRule]:
    """Put the axioms of a store into rules.

    Args:
        store: The store, with its axioms.
        rules: CONSTRUCT queries of one triple, which begin with a query for the axioms that they read, and name in
            their headers the patterns that remain.

    Raises:
        QueryFileError: A rule is written in another way.
    """
    found: dict[GroundRule, None] = {}
    for rule in rules:
        head = _HEAD.search(rule.text)
        if head is None:
            raise QueryFileError(rule.name, "it is no rule: CONSTRUCT with one triple is missing")
        for axiom, every in _axioms(store, rule):
            ground = GroundRule(
                rule,
                tuple(sorted(axiom.items())),
                _pattern(head.groups(), axiom),
                tuple(
                    _pattern(premise.split(), axiom | {"every": part} if part else axiom)
                    for premise in rule.premises
                    for part in (every if _EVERY in premise.split() else (None,))
                ),
            )
            if all(map(_is_possible, (ground.head, *ground.premises))):
                found[ground] = None
    return list(found)


def _axioms(store: Store, rule: Query) -> Iterator[tuple[dict[str, Node], Sequence[Node]]]:
    """Yield what the variables for an axiom stand for, with the terms that `?every` stands for, where it does."""
    grouped: dict[tuple[tuple[str, Node], ...], list[Node]] = {}
    for row in store.select(opened(rule)[0]).rows:
        axiom = {name: node_of(term) for name, term in row.items()}
        every = axiom.pop("every", None)
        grouped.setdefault(tuple(axiom.items()), []).extend([] if every is None else [every])
    for pairs, terms in grouped.items():
        yield dict(pairs), terms


def _pattern(parts: Sequence[str], axiom: Mapping[str, Node]) -> Pattern:
    first, second, third = (_A if part == "a" else axiom.get(part[1:], part) for part in parts)
    return first, second, third


def _solutions(
    store: Store,
    patterns: Sequence[Pattern],
    variables: Sequence[str],
    unless: Pattern | None = None,
    most: int | None = None,
) -> ox.QuerySolutions:
    """Return what variables stand for where triples of some forms are in a store, and one of another form is not."""
    every = [*patterns, *([] if unless is None else [unless])]
    # A blank node cannot be written in a query: a variable stands for it, and is substituted.
    nodes = dict.fromkeys(part for pattern in every for part in pattern if isinstance(part, ox.BlankNode))
    blank = {node: f"?blank{number}" for number, node in enumerate(nodes)}
    written = [
        " ".join(blank[part] if isinstance(part, ox.BlankNode) else str(part) for part in pattern) for pattern in every
    ]
    lines = [f"{line} ." for line in written[: len(patterns)]]
    if unless is not None:
        # Literals are no subjects.
        values = {value for _, _, value in patterns}
        lines += [f"FILTER (!isLiteral({unless[0]}))"] if isinstance(unless[0], str) and unless[0] in values else []
        lines.append(f"FILTER NOT EXISTS {{ {written[-1]} }}")
    shown = " ".join([*variables, *blank.values()]) or "(true AS ?there)"
    first = "" if most is None or not variables else f"ORDER BY {' '.join(variables)} LIMIT {most}"
    solutions = store.engine.query(
        f"SELECT DISTINCT {shown} WHERE {{ {' '.join(lines)} }} {first}",
        use_default_graph_as_union=True,
        substitutions={ox.Variable(name[1:]): node for node, name in blank.items()},
    )
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def _variables(patterns: Iterable[Pattern]) -> list[str]:
    return list(dict.fromkeys(part for pattern in patterns for part in pattern if isinstance(part, str)))


def _bound(pattern: Pattern, given: Mapping[str, Node]) -> Pattern:
    first, second, third = (given.get(part, part) if isinstance(part, str) else part for part in pattern)
    return first, second, third


def _triple(pattern: Pattern) -> ox.Triple:
    subject, predicate, value = pattern
    assert isinstance(subject, ox.NamedNode | ox.BlankNode)
    assert isinstance(predicate, ox.NamedNode)
    assert not isinstance(value, str)
    return ox.Triple(subject, predicate, value)


def _is_possible(pattern: Pattern) -> bool:
    """Tell whether there can be such triples: a property has an IRI, and literals are no subjects."""
    subject, predicate, _ = pattern
    return isinstance(predicate, ox.NamedNode) and not isinstance(subject, ox.Literal)


def node_of(term: object) -> Node:
    """Return a term of the engine that is no triple."""
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    raise TypeError(f"{term} is a triple, which no axiom is about")
