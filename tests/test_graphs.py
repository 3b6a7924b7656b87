"""Tests that the same dataset is the same bytes."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import dataset
from pswonto.namespaces import PREFIXES
from pswonto.static_site.graphs import dumped, settled
from pswonto.store import GRAPH_FORMATS, Store


@pytest.fixture(scope="module")
def reads(second: Path) -> Callable[[], Store]:
    """Return what reads a review whose axioms have blank nodes."""
    return lambda: dataset.read([second]).store


def test_two_readings_are_answered_alike(reads: Callable[[], Store]) -> None:
    """Blank nodes have other labels in each reading, and the same ones once it is settled, and so is the order."""
    query = "SELECT * { ?node a ?class ; ?property ?value FILTER(isBlank(?node)) }"
    one, other = reads(), reads()
    assert one.answer(query).serialize("text/csv") != other.answer(query).serialize("text/csv")
    answers = [settled(store).answer(query).serialize("text/csv") for store in (one, other)]
    assert answers[0] == answers[1]
    assert answers[0].count(b"_:") > 20


def test_a_settled_dataset_is_the_same(reads: Callable[[], Store]) -> None:
    """Nothing is lost, and every triple is in the graph that it was in."""
    store = reads()
    sets = [ox.Dataset(one.engine) for one in (store, settled(store))]
    for one in sets:
        one.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(sets[0]) == set(sets[1])


def test_all_graphs_are_written_with_their_names(reads: Callable[[], Store]) -> None:
    """N-Quads and TriG hold every quad, and are the same bytes for two readings."""
    files = [dumped(settled(reads()), PREFIXES) for _ in range(2)]
    assert files[0] == files[1]
    assert set(files[0]) == {"nq", "trig"}
    expected = {str(quad) for quad in settled(reads()).engine}
    formats = dict(GRAPH_FORMATS.values())
    for suffix, content in files[0].items():
        read = ox.parse(content, format=formats[suffix])
        assert {str(quad) for quad in settled(_stored(list(read))).engine} == expected


def _stored(quads: list[ox.Quad]) -> Store:
    store = Store()
    store.engine.extend(quads)
    return store
