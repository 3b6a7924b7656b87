"""Why a triple holds: where it is asserted, or from which triples it follows by which axiom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from pswonto.errors import NotEntailed, ParameterError, nearest
from pswonto.grounding import GroundRule, Node, grounded, node_of
from pswonto.namespaces import BASE, INFERRED, PREFIXES, contract
from pswonto.queries import QueryLibrary
from pswonto.store import Store

# A rule with its axiom, and the triples that it rests on.
Derivation = tuple[GroundRule, list[ox.Triple]]

_A = ox.NamedNode(PREFIXES["rdf"] + "type")
_NIL = ox.NamedNode(PREFIXES["rdf"] + "nil")
_VARIABLE = re.compile(r"\?(\w+)")
# How many ways from each rule are looked at first, and how many times as many each time that those lead nowhere.
_FEW = 8
# How many triples there may be for a name that is unknown to be compared with those that are known.
_COMPARED = 500_000


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
        store: The dataset, with what follows from it.
        rules: The rules of entailment, each of which tells in its header its axiom and its premises.
    """

    def __init__(self, store: Store, rules: QueryLibrary) -> None:
        self._rules = rules
        self._store = store

    # A service that nobody asks to explain need not spend this time.
    @cached_property
    def _ground(self) -> list[GroundRule]:
        return grounded(self._store, self._rules)

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
        if not self._graphs(triple):
            terms = (triple.subject, triple.predicate, triple.object)
            ours = [term for term in terms if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)]
            unknown = [contract(term.value) for term in ours if not self._is_described(term)]
            small = len(self._store) <= _COMPARED
            known = [contract(thing.value) for thing in self._store.things()] if unknown and small else []
            raise NotEntailed(f"{subject} {predicate} {object_}", unknown, known)
        return _Proof(self, triple).explain(triple)

    def _is_described(self, thing: ox.NamedNode) -> bool:
        return next(iter(self._store.engine.quads_for_pattern(thing, _A, None)), None) is not None

    def _graphs(self, triple: ox.Triple) -> list[str]:
        """Return the graphs that hold a triple; that without a name is an empty text."""
        quads = self._store.engine.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return sorted(getattr(quad.graph_name, "value", "") for quad in quads)

    def graph(self, triple: ox.Triple) -> str | None:
        """Return the graph in which a triple is asserted, if it is."""
        return next((graph for graph in self._graphs(triple) if graph != INFERRED), None)

    def derivations(self, triple: ox.Triple, most: int) -> list[Derivation]:
        """Return ways in which a triple may follow: a rule, and the triples that it rests on.

        Args:
            triple: The triple.
            most: The most ways to return for each rule.
        """
        return [
            # The parts of a definition are found in any order.
            (rule, sorted(premises, key=self.told) if rule.has_parts else premises)
            for rule in self._ground
            for premises in rule.premises_of(triple, self._store, most)
        ]

    def told(self, triple: ox.Triple) -> str:
        """Write a triple for a reader."""
        return " ".join(map(self.words, (triple.subject, triple.predicate, triple.object)))

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
        return None if quad is None else node_of(quad.object)

    def _items(self, node: Node | None) -> Iterator[Node]:
        while node is not None and node != _NIL:
            item = self._value(node, "first")
            if item is not None:
                yield item
            node = self._value(node, "rest")


class _Proof:
    """A small part of a dataset from which a triple follows, with the step at which each triple of it is there.

    Args:
        explainer: The explainer of the dataset.
        triple: The triple, which follows from the dataset.
    """

    def __init__(self, explainer: Explainer, triple: ox.Triple) -> None:
        self._explainer = explainer
        self._step: dict[ox.Triple, int] = {}
        most, found = _FEW, -1
        # There may be very many ways, and all that were found may lead in circles.
        while triple not in self._step:
            self._ways = self._gather(triple, most)
            self._count()
            before, found = found, sum(map(len, self._ways.values()))
            if found == before:
                raise NotEntailed(" ".join(map(str, triple)), (), ())
            most *= _FEW

    def _gather(self, triple: ox.Triple, most: int) -> dict[ox.Triple, list[Derivation]]:
        """Return what a triple, and all that it may rest on, may follow from; what is asserted follows from nothing."""
        ways: dict[ox.Triple, list[Derivation]] = {}
        wanted = [triple]
        while wanted:
            goal = wanted.pop()
            if goal not in ways:
                asserted = self._explainer.graph(goal) is not None
                ways[goal] = [] if asserted else self._explainer.derivations(goal, most)
                wanted += [premise for _, premises in ways[goal] for premise in premises]
        return ways

    def _count(self) -> None:
        """Tell the step of each triple: 0 where it is asserted."""
        self._step = {goal: 0 for goal in self._ways if self._explainer.graph(goal) is not None}
        step, new = 0, True
        while new:
            step += 1
            left = ((goal, ways) for goal, ways in self._ways.items() if goal not in self._step)
            found = [goal for goal, ways in left if any(self._step.keys() >= set(premises) for _, premises in ways)]
            self._step.update(dict.fromkeys(found, step))
            new = bool(found)

    def explain(self, triple: ox.Triple) -> Explanation:
        """Return why a triple of this part holds."""
        words = self._explainer.words
        told = (words(triple.subject), contract(triple.predicate.value), words(triple.object))
        terms = (str(triple.subject), str(triple.predicate), str(triple.object))
        graph = self._explainer.graph(triple)
        if graph is not None:
            return Explanation(told, terms, graph, None, None, ())
        step = self._step[triple]
        earlier = [way for way in self._ways[triple] if all(self._step.get(one, step) < step for one in way[1])]
        # Of several ways the one with the earliest premises is the shortest; the text makes the choice the same always.
        ground, premises = min(earlier, key=self._cost)
        axiom = self._axiom(ground)
        explained: list[Explanation] = []
        for premise, explanation in ((premise, self.explain(premise)) for premise in premises):
            # Membership in a part of a definition is a step that the definition in the axiom tells already.
            anonymous = isinstance(premise.object, ox.BlankNode) and explanation.graph is None
            explained += explanation.premises if anonymous else [explanation]
        return Explanation(told, terms, None, ground.rule.name, axiom, tuple(explained))

    def _axiom(self, ground: GroundRule) -> str:
        return _VARIABLE.sub(lambda match: self._explainer.words(dict(ground.axiom)[match[1]]), ground.rule.axiom)

    def _cost(self, way: Derivation) -> tuple[int, list[str], str, str]:
        ground, premises = way
        last = max((self._step[premise] for premise in premises), default=0)
        # Labels of blank nodes are not the same in every store.
        return last, list(map(self._explainer.told, premises)), ground.rule.name, self._axiom(ground)


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
