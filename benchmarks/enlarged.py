"""A review that is many times as large as ours: its works, passages, citations and statements, copied."""

import re
from collections.abc import Iterator

import pyoxigraph as ox

from pswonto.namespaces import BASE, PREFIXES
from pswonto.store import Store

_COPIED = re.compile(rf"{BASE}/(work|passage|citation|statement)/")
_ABOUT = ox.NamedNode(PREFIXES["owl"] + "annotatedSource")
_LISTING = {ox.NamedNode(PREFIXES["pswo"] + name) for name in ("covers", "affects")}
_PRINTED = ox.NamedNode(PREFIXES["pswo"] + "printedAs")


def enlarge(store: Store, times: int) -> None:
    """Add copies to a dataset, which then breaks no more rules than before.

    Args:
        store: The dataset as its files assert it.
        times: How many times as much there is to be, the original included.
    """
    quads = list(store.engine)
    copied = {quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    copied = {thing for thing in copied if _COPIED.match(thing.value)}
    # An annotated triple is copied with its annotations.
    copied |= {quad.subject for quad in quads if quad.predicate == _ABOUT and quad.object in copied}
    # What was coded and what is at fault is listed elsewhere.
    kept = [quad for quad in quads if quad.subject in copied or (quad.predicate in _LISTING and quad.object in copied)]
    for number in range(1, times):
        store.engine.bulk_extend(_copies(kept, copied, number))


def _copies(quads: list[ox.Quad], copied: set[object], number: int) -> Iterator[ox.Quad]:
    def renamed(term: ox.NamedNode | ox.BlankNode) -> ox.NamedNode | ox.BlankNode:
        if term not in copied:
            return term
        if isinstance(term, ox.BlankNode):
            return ox.BlankNode(f"{term.value}copy{number}")
        # The IRI of a work ends with its year.
        return ox.NamedNode(re.sub(r"(-\d{4}[a-z]?)?$", rf"-copy{number}\1", term.value, count=1))

    for quad in quads:
        value = quad.object
        if isinstance(value, ox.NamedNode | ox.BlankNode):
            value = renamed(value)
        elif isinstance(value, ox.Literal) and value.language and quad.predicate != _PRINTED:
            # No two things have the same label or definition.
            value = ox.Literal(f"{value.value} ({number})", language=value.language)
        subject = quad.subject
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)
        yield ox.Quad(renamed(subject), quad.predicate, value, quad.graph_name)
