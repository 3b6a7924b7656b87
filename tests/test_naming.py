"""Tests of how the things of a dataset are named."""

from pathlib import Path

import pytest

from pswonto import dataset
from pswonto.namespaces import BASE, Names
from pswonto.naming import names_of
from pswonto.store import Store

LEVELS = "@prefix pswo: <https://w3id.org/pswonto#> .\n"


@pytest.mark.parametrize(
    ("turtle", "base"),
    [
        ("<https://example.org/r/level/city> a pswo:Level .", "https://example.org/r"),
        (
            "<https://a.example/level/a> a pswo:Level . <https://b.example/level/a> a pswo:Level . "
            "<https://b.example/level/b> a pswo:Level .",
            "https://b.example",
        ),
        ("<https://example.org/levels#city> a pswo:Level .", BASE),
        ("<https://example.org/r/factor/city> a pswo:Factor .", BASE),
    ],
)
def test_the_base_is_that_of_the_levels(turtle: str, base: str, tmp_path: Path) -> None:
    """Most of the levels tell what IRIs begin with; without any, it is ours."""
    file = tmp_path / "data.ttl"
    file.write_text(LEVELS + turtle, encoding="utf-8")
    assert names_of(dataset.read([file]).store).base == base


def test_ours_are_named_as_ever(store: Store) -> None:
    """The base of the review that comes with the package is that of the vocabulary."""
    assert names_of(store) == Names()


def test_a_thing_is_described_at_its_path() -> None:
    """What belongs to the dataset, or to the vocabulary, has a path here, and nothing else has."""
    names = Names("https://example.org/r")
    assert names.href("https://example.org/r/factor/a") == "/factor/a"
    assert names.href("https://example.org/r") == "/"
    assert names.href(f"{BASE}#Factor") == "/terms/Factor"
    assert names.href(f"{BASE}/query/studies") == "/query/studies"
    assert names.href("https://example.org/review") == "https://example.org/review"
    assert not names.is_own("https://example.org/review")
    assert names.contract("https://example.org/r/factor/a") == "factor:a"
    assert names.expand("factor:a") == "https://example.org/r/factor/a"
