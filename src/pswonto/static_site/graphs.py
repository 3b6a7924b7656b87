"""A dataset whose blank nodes have the same labels, and whose triples the same order, whenever it is the same."""

from collections.abc import Mapping

import pyoxigraph as ox

from pswonto.release import canonical_quads
from pswonto.store import GRAPH_FORMATS, Store

# The formats that can tell which graph a triple is in.
_OF_DATASETS = ("application/n-quads", "application/trig")


def settled(store: Store) -> Store:
    """Return the same dataset with labels and an order that depend on nothing but the dataset.

    What is asked of it is answered with the same bytes each time: the engine answers in the order in which it was told.

    Args:
        store: The dataset.
    """
    made = Store()
    made.engine.extend(sorted(canonical_quads(store), key=str))
    return made


def dumped(store: Store, prefixes: Mapping[str, str]) -> dict[str, bytes]:
    """Return all graphs of a dataset, with their names, in each format that has these, by its suffix.

    Args:
        store: The dataset.
        prefixes: The prefixes to write short names with.
    """
    quads = sorted(store.engine, key=lambda quad: (str(quad.graph_name), str(quad)))
    used = {
        prefix: namespace
        for prefix, namespace in prefixes.items()
        if any(str(term).startswith(f"<{namespace}") for quad in quads for term in (*quad.triple, quad.graph_name))
    }
    return {
        suffix: bytes(ox.serialize(quads, format=format_, prefixes=used) or b"")
        for suffix, format_ in (GRAPH_FORMATS[media_type] for media_type in _OF_DATASETS)
    }
