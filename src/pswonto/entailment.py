"""What follows from the data: the axioms of the ontology, applied by queries until nothing new comes of it."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import islice

import pyoxigraph as ox

from pswonto.grounding import GroundRule, grounded
from pswonto.namespaces import INFERRED
from pswonto.queries import Query
from pswonto.store import Store

_INFERRED = ox.NamedNode(INFERRED)
# Membership in a class expression without a name is a step on the way, and means nothing to a reader.
_ON_THE_WAY = ox.NamedNode("urn:pswonto:on-the-way")
# How many triples are made before they are added.
_BATCH = 10_000


def materialise(store: Store, rules: Iterable[Query]) -> int:
    """Add what the axioms in the store entail about its things, in the graph of inferred triples.

    The axioms are read from the store by the rules, so that whoever edits an axiom changes the answers.

    Args:
        store: The store, with its axioms and its data. Triples inferred earlier are replaced.
        rules: CONSTRUCT queries, each of which reads axioms of one form and gives what they entail. They follow the
            rules of OWL 2 RL (OWL 2 Web Ontology Language Profiles, section 4.3) for the axioms that we use.

    Returns:
        The number of inferred triples, all of them new to the store.
    """
    store.engine.remove_graph(_INFERRED)
    number = sum(quad.graph_name == _INFERRED for quads in rounds(store, rules) for quad in quads)
    store.engine.remove_graph(_ON_THE_WAY)
    return number


def rounds(store: Store, rules: Iterable[Query]) -> Iterator[list[ox.Quad]]:
    """Apply one rule after the other, each again when there is more of what it reads, until nothing new comes of it.

    Args:
        store: The store; what follows is added to it.
        rules: As for `materialise`.

    Yields:
        For each application of a rule to an axiom that gave something, its triples, all of them new to the store: in
        the graph of inferred triples, or in another one where they mean nothing to a reader.
    """
    rules = list(rules)
    known: list[GroundRule] = []
    # What follows may be an axiom itself.
    while set(known) != set(found := grounded(store, rules)):
        known = found
        yield from applied(store, known)


def applied(store: Store, rules: Sequence[GroundRule]) -> Iterator[list[ox.Quad]]:
    """Apply rules whose axioms are known, until nothing new comes of it.

    Args:
        store: As for `rounds`.
        rules: The rules.

    Yields:
        As `rounds`.
    """
    agenda = _Agenda(rules)
    for rule in agenda:
        following = map(_quad, rule.follows(store))
        while quads := list(islice(following, _BATCH)):
            store.engine.extend(quads)
            agenda.has_given(rule)
            yield quads


def _quad(triple: ox.Triple) -> ox.Quad:
    blank = isinstance(triple.object, ox.BlankNode) or isinstance(triple.subject, ox.BlankNode)
    return ox.Quad(triple.subject, triple.predicate, triple.object, _ON_THE_WAY if blank else _INFERRED)


class _Agenda:
    """The rules that are still to be applied, so that what a rule reads is given before it, as far as that can be.

    Args:
        rules: All rules, each of which is to be applied once, and again when there is more of what it reads.
    """

    def __init__(self, rules: Sequence[GroundRule]) -> None:
        readers = _readers(rules)
        reached = _reached(readers)
        told = sum(1 << number for number, rule in enumerate(rules) if not isinstance(rule.head[2], ox.BlankNode))
        # What means nothing to a reader, and leads to nothing that does, need not be known.
        useful = [number for number, through in enumerate(reached) if (through | 1 << number) & told]
        # Who is read by all whom another one is read by, and by that one too, comes before it.
        useful.sort(key=lambda number: -reached[number].bit_count())
        self._rules = [rules[number] for number in useful]
        places = {number: place for place, number in enumerate(useful)}
        self._places = {rule: place for place, rule in enumerate(self._rules)}
        self._readers = [[places[reader] for reader in readers[number] if reader in places] for number in useful]
        self._waiting = list(range(len(self._rules)))

    def __iter__(self) -> Iterator[GroundRule]:
        while self._waiting:
            yield self._rules[heappop(self._waiting)]

    def has_given(self, rule: GroundRule) -> None:
        """Put those who read what a rule gives on the agenda."""
        for reader in set(self._readers[self._places[rule]]).difference(self._waiting):
            heappush(self._waiting, reader)


def _readers(rules: Sequence[GroundRule]) -> list[list[int]]:
    """Return for each rule the numbers of those that read what it gives."""
    by_form: dict[tuple[object, object], list[int]] = {}
    for number, rule in enumerate(rules):
        for _, property_, value in rule.premises:
            by_form.setdefault((property_, None if isinstance(value, str) else value), []).append(number)
            # For those who give triples of that property with any value.
            by_form.setdefault((property_, "any"), []).append(number)
    readers = []
    for rule in rules:
        _, property_, value = rule.head
        forms = [(property_, "any")] if isinstance(value, str) else [(property_, None), (property_, value)]
        readers.append([number for form in forms for number in by_form.get(form, ())])
    return readers


def _reached(readers: Sequence[Sequence[int]]) -> list[int]:
    """Return for each rule, as bits of a number, those that read what it gives, directly or through others."""
    reached = [sum(1 << reader for reader in set(direct)) for direct in readers]
    for middle, through in enumerate(reached):
        for number, own in enumerate(reached):
            if own >> middle & 1:
                reached[number] = own | through
    return reached
