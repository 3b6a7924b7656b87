"""What follows from the data: the axioms of the ontology, applied by queries until nothing new comes of it."""

import pyoxigraph as ox

from pswonto.namespaces import INFERRED
from pswonto.queries import QueryLibrary
from pswonto.store import Store


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
    inferred = ox.NamedNode(INFERRED)
    engine.clear_graph(inferred)
    texts = [rule.text for rule in rules]
    grown = True
    while grown:
        before = len(engine)
        for text in texts:
            new = [
                ox.Quad(triple.subject, triple.predicate, triple.object, inferred) for triple in store.construct(text)
            ]
            engine.extend(new)
        grown = len(engine) > before
    # Membership in a class expression without a name is a step on the way, and means nothing to a reader.
    for quad in list(engine.quads_for_pattern(None, None, None, inferred)):
        if isinstance(quad.object, ox.BlankNode) or isinstance(quad.subject, ox.BlankNode):
            engine.remove(quad)
    return sum(1 for _ in engine.quads_for_pattern(None, None, None, inferred))
