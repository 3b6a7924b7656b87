"""Tests of the made-up reviews that the benchmarks measure with."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from pswonto import dataset, resources
from pswonto.validation import validate, validate_with_pyshacl

Generate = Callable[..., None]


@pytest.fixture(scope="module")
def generate(root: Path) -> Generate:
    """Return the generator of the benchmarks."""
    spec = importlib.util.spec_from_file_location("generated", root / "benchmarks" / "generated.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Generate = module.generate
    return made


def test_the_same_seed_makes_the_same_review(generate: Generate, tmp_path: Path) -> None:
    """A review is the same, byte for byte, each time that it is made, and another one for another seed."""
    paths = [tmp_path / f"{number}.nq" for number in range(3)]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        generate(path, 10, seed)
    one, again, other = (path.read_bytes() for path in paths)
    assert one == again
    assert one != other


def test_a_made_up_review_breaks_no_rule(generate: Generate, tmp_path: Path) -> None:
    """Shapes and checks find nothing in it, not even a warning, and it has the studies that were asked for."""
    generate(tmp_path / "review.nq", 25)
    read = dataset.read([tmp_path / "review.nq"])
    assert [finding.sentence() for finding in dataset.inspect(read)] == []
    cited = read.store.select("SELECT DISTINCT ?study { ?s <https://w3id.org/pswonto#citesWork> ?study }").rows
    assert len(cited) == 25


def test_defects_are_found_as_pyshacl_finds_them(generate: Generate, tmp_path: Path) -> None:
    """The engine gives the findings of pySHACL on a review that breaks rules of many kinds."""
    generate(tmp_path / "review.nq", 20, defects=20)
    store = dataset.read([tmp_path / "review.nq"]).store
    found = validate(store.engine, resources.shape_files())
    assert len({(finding.rule, finding.path) for finding in found}) > 10
    assert found == validate_with_pyshacl(store.engine, resources.shape_files())
