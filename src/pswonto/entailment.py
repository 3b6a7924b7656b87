"""What follows from the data: the axioms of the ontology, applied by queries until nothing new comes of it."""

from collections.abc import Iterator

import pyoxigraph as ox

from pswonto.namespaces import INFERRED
from pswonto.queries import QueryLibrary
from pswonto.store import Store

_INFERRED = ox.NamedNode(INFERRED)


def materialise(store: Store, rules: QueryLibrary) -> int:
    """Add what the axioms in the store entail about its things, in the graph of inferred triples.

    The axioms are read from the store by the rules, so that whoever edits an axiom changes the answers.

    Args:
        store: The store, with its axioms and its data. Triples inferred earlier are replaced.
        rules: CONSTRUCT queries, each of which reads axioms of one form and gives what they entail. They follow the
            rules of OWL 2 RL (OWL 2 Web Ontology Language Profiles, section 4.3) for the axioms that we use.

    Returns:
        The number of inferred triples, all of them new to the store.
    """
    engine = store.engine
    engine.clear_graph(_INFERRED)
    for _ in rounds(store, rules):
        pass
    # Membership in a class expression without a name is a step on the way, and means nothing to a reader.
    for quad in list(engine.quads_for_pattern(None, None, None, _INFERRED)):
        if isinstance(quad.object, ox.BlankNode) or isinstance(quad.subject, ox.BlankNode):
            engine.remove(quad)
    return sum(1 for _ in engine.quads_for_pattern(None, None, None, _INFERRED))


def rounds(store: Store, rules: QueryLibrary) -> Iterator[list[ox.Triple]]:
    """Apply one rule after the other, again and again, until none gives anything new.

    Args:
        store: The store; what follows is added to its graph of inferred triples.
        rules: As for `materialise`.

    Yields:
        For each application of a rule that gave something, its triples, all of them new to the store.
    """
    texts = [rule.text for rule in rules]
    grown = True
    while grown:
        grown = False
        for text in texts:
            triples = store.construct(text)
            if triples:
                store.engine.extend(
                    ox.Quad(triple.subject, triple.predicate, triple.object, _INFERRED) for triple in triples
                )
                grown = True
                yield triples
