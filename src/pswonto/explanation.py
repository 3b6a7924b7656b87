"""Why a triple holds: where it is asserted, or from which triples it follows by which axiom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from pswonto.entailment import rounds
from pswonto.errors import NotEntailed, ParameterError, nearest
from pswonto.namespaces import BASE, INFERRED, PREFIXES, contract
from pswonto.queries import Query, QueryLibrary
from pswonto.store import Store

Node = ox.NamedNode | ox.BlankNode | ox.Literal

_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_NIL = ox.NamedNode(PREFIXES["rdf"] + "nil")
_HEAD = re.compile(r"CONSTRUCT \{ (\S+) (\S+) (\S+) \}")
_VARIABLE = re.compile(r"\?(\w+)")


@dataclass(frozen=True)
class Explanation:
    """Why one triple holds.

    Attributes:
        triple: The triple, each part as we write it short; a class without a name as the words that define it.
        terms: The triple's terms in N-Triples syntax, for a program.
        graph: Where it is asserted, the IRI of the graph; else nothing.
        rule: Where it follows, the name of the rule in `queries/entailment`; else nothing.
        axiom: Where it follows, the axiom in words; else nothing.
        premises: What it follows from, each with its own explanation.
    """

    triple: tuple[str, str, str]
    terms: tuple[str, str, str]
    graph: str | None
    rule: str | None
    axiom: str | None
    premises: tuple["Explanation", ...]

    def asserted(self) -> Iterator["Explanation"]:
        """Return the asserted triples that it rests on in the end, in order."""
        if self.graph is not None:
            yield self
        for premise in self.premises:
            yield from premise.asserted()


class Explainer:
    """Explains the triples of a dataset and what follows from them.

    Args:
        store: The dataset. What is inferred in it already is left aside, and inferred again step by step, so that
            every triple is explained by such as were there before it.
        rules: The rules of entailment, each of which tells in its header its axiom and its premises.
    """

    def __init__(self, store: Store, rules: QueryLibrary) -> None:
        self._rules = rules
        self._dataset = store

    # A service that nobody asks to explain need not spend this time and this memory.
    @cached_property
    def _store(self) -> Store:
        """The dataset as it is asserted, and later with what follows."""
        store = Store()
        store.engine.extend(quad for quad in self._dataset.engine if quad.graph_name != ox.NamedNode(INFERRED))
        return store

    @cached_property
    def _asserted(self) -> dict[ox.Triple, ox.NamedNode | ox.BlankNode | ox.DefaultGraph]:
        """The graph of each triple that is asserted."""
        quads = self._dataset.engine
        return {quad.triple: quad.graph_name for quad in quads if quad.graph_name != ox.NamedNode(INFERRED)}

    @cached_property
    def _step(self) -> dict[ox.Triple, int]:
        """The step at which each triple is there: 0 where it is asserted."""
        steps = dict.fromkeys(self._asserted, 0)
        for number, triples in enumerate(rounds(self._store, self._rules), start=1):
            steps.update({triple: number for triple in triples if triple not in steps})
        return steps

    def explain(self, subject: str, predicate: str, object_: str) -> Explanation:
        """Explain a triple.

        Args:
            subject: An IRI or a prefixed name.
            predicate: An IRI, a prefixed name, or `a`.
            object_: The same, or a literal in Turtle.

        Returns:
            Why it holds.

        Raises:
            ParameterError: A part is no term.
            NotEntailed: The triple is neither asserted, nor does it follow from what is.
        """
        triple = parse_triple(subject, predicate, object_)
        if triple not in self._step:
            known = {thing.value for thing in self._store.things()}
            terms = (triple.subject, triple.predicate, triple.object)
            unknown = [
                contract(term.value)
                for term in terms
                if isinstance(term, ox.NamedNode) and term.value.startswith(BASE) and term.value not in known
            ]
            raise NotEntailed(f"{subject} {predicate} {object_}", unknown, [contract(iri) for iri in known])
        return self._explain(triple)

    def _explain(self, triple: ox.Triple) -> Explanation:
        words = (self.words(triple.subject), contract(triple.predicate.value), self.words(triple.object))
        terms = (str(triple.subject), str(triple.predicate), str(triple.object))
        if triple in self._asserted:
            graph = self._asserted[triple]
            return Explanation(words, terms, getattr(graph, "value", ""), None, None, ())
        rule, solution, premises = min(self._derivations(triple), key=lambda found: self._cost(found[2]))
        axiom = _VARIABLE.sub(lambda match: self.words(solution[match[1]]), rule.axiom)
        explained: list[Explanation] = []
        for premise, explanation in ((premise, self._explain(premise)) for premise in premises):
            # Membership in a part of a definition is a step that the definition in the axiom tells already.
            anonymous = isinstance(premise.object, ox.BlankNode) and explanation.graph is None
            explained += explanation.premises if anonymous else [explanation]
        return Explanation(words, terms, None, rule.name, axiom, tuple(explained))

    def _cost(self, premises: list[ox.Triple]) -> tuple[int, list[str]]:
        # Of several ways the one with the earliest premises is the shortest; the text makes the choice the same always.
        return max((self._step[premise] for premise in premises), default=0), [str(premise) for premise in premises]

    def _derivations(self, triple: ox.Triple) -> Iterator[tuple[Query, dict[str, Node], list[ox.Triple]]]:
        """Return each way in which a rule gives a triple from triples of earlier steps."""
        for rule in self._rules:
            head = _HEAD.search(rule.text)
            assert head is not None, rule.name  # a test holds every rule to this form
            given: dict[str, Node] = {}
            if not all(_bind(part, node, given) for part, node in zip(head.groups(), triple, strict=True)):
                continue
            body = rule.text.replace(f"FILTER NOT EXISTS {{ {' '.join(head.groups())} }}", "")
            for row in self._solutions(_HEAD.sub("SELECT *", body), given):
                solution = given | row
                premises = list(self._premises(rule, solution))
                if all(self._step.get(premise, self._step[triple]) < self._step[triple] for premise in premises):
                    yield rule, solution, premises

    def _solutions(self, text: str, given: dict[str, Node]) -> Iterator[dict[str, Node]]:
        solutions = self._store.engine.query(
            text,
            use_default_graph_as_union=True,
            substitutions={ox.Variable(name): node for name, node in given.items()},
        )
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for row in solutions:
            yield {name: row[name] for name in names if row[name] is not None}

    def _premises(self, rule: Query, solution: dict[str, Node]) -> Iterator[ox.Triple]:
        for premise in rule.premises:
            pattern = premise.split()
            if "?every" in pattern:
                # It stands for one triple for each part of an intersection.
                for part in self._items(self._value(solution["class"], "intersectionOf")):
                    yield _triple(pattern, solution | {"every": part})
            else:
                yield _triple(pattern, solution)

    def words(self, node: object) -> str:
        """Write a term for a reader: an IRI short, and a class without a name by what defines it."""
        if isinstance(node, ox.NamedNode):
            return contract(node.value)
        if not isinstance(node, ox.BlankNode):
            return str(node)
        for name, conjunction in (("intersectionOf", " and "), ("unionOf", " or "), ("oneOf", " or ")):
            items = self._value(node, name)
            if items is not None:
                return f"({conjunction.join(self.words(item) for item in self._items(items))})"
        for name, quantifier in (("hasValue", ""), ("someValuesFrom", "some "), ("allValuesFrom", "only ")):
            filler = self._value(node, name)
            if filler is not None:
                return f"({self.words(self._value(node, 'onProperty'))} {quantifier}{self.words(filler)})"
        return "(a class without a name)"

    def _value(self, subject: Node, name: str) -> Node | None:
        predicate = ox.NamedNode(PREFIXES["rdf" if name in ("first", "rest") else "owl"] + name)
        assert not isinstance(subject, ox.Literal)
        quad = next(iter(self._store.engine.quads_for_pattern(subject, predicate, None)), None)
        return None if quad is None else _node(quad.object)

    def _items(self, node: Node | None) -> Iterator[Node]:
        while node is not None and node != _NIL:
            item = self._value(node, "first")
            if item is not None:
                yield item
            node = self._value(node, "rest")


def parse_triple(subject: str, predicate: str, object_: str) -> ox.Triple:
    """Read a triple whose parts are written as in Turtle, with our prefixes or none.

    Raises:
        ParameterError: A part is no term.
    """
    parts = {"subject": subject, "predicate": predicate, "object": object_}
    for name, text in parts.items():
        # A part is read alone first, so that the error can say which one it is.
        triple = {"subject": "<urn:x>", "predicate": "<urn:x>", "object": "<urn:x>"} | {name: _written(text)}
        _parse(triple, name, text)
    return _parse({name: _written(text) for name, text in parts.items()}, "object", object_)


def _parse(parts: dict[str, str], name: str, text: str) -> ox.Triple:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    document = f"{prefixes}{parts['subject']} {parts['predicate']} {parts['object']} ."
    try:
        (quad,) = ox.parse(document.encode(), format=ox.RdfFormat.TURTLE)
    except (SyntaxError, ValueError) as error:
        known = nearest(text.partition(":")[0], PREFIXES)
        raise ParameterError(
            name,
            f"must be an IRI, a name with a known prefix{' or a literal' if name == 'object' else ''}, not {text!r}",
            [f"{prefix}:{text.partition(':')[2]}" for prefix in known] if ":" in text else (),
        ) from error
    return ox.Triple(quad.subject, quad.predicate, quad.object)


def _written(text: str) -> str:
    return f"<{text}>" if re.match(r"(https?|urn):", text) else text


def _bind(part: str, node: object, given: dict[str, Node]) -> bool:
    """Bind a variable of a head to a term, or compare a constant with it; a variable has one value throughout."""
    if not part.startswith("?"):
        return node == _A
    term = _node(node)
    return given.setdefault(part[1:], term) == term


def _triple(pattern: list[str], solution: dict[str, Node]) -> ox.Triple:
    subject, predicate, object_ = (_A if part == "a" else solution[part[1:]] for part in pattern)
    assert not isinstance(subject, ox.Literal)
    assert isinstance(predicate, ox.NamedNode)
    return ox.Triple(subject, predicate, object_)


def _node(term: object) -> Node:
    if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal):
        return term
    raise TypeError(f"{term} is a triple, which nothing here is said about")
