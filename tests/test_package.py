"""Tests of what a notebook uses: the package, without a server."""

import subprocess
import sys
from pathlib import Path

import pytest

import pswonto
from pswonto.errors import DataError, TermNotFound
from pswonto.explorer import Explorer


@pytest.fixture(scope="module")
def review() -> Explorer:
    """Return the review, opened as a notebook does."""
    return pswonto.open()


def test_the_review_answers_without_a_server(review: Explorer, explorer: Explorer) -> None:
    """The same models come as over REST, and every stored query can be asked by its name."""
    assert review.factors() == explorer.factors()
    assert len(review.studies(factor="regulatory-and-political-factors")) == 15
    (row,) = review.select("cq21-study-of-most-factors").rows
    assert row["study"].value == "https://w3id.org/pswonto/work/mulvale-2019"
    with pytest.raises(TermNotFound, match="did you mean psw-wellbeing"):
        review.factor("psw-welbeing")


def test_items_are_a_table(review: Explorer) -> None:
    """Each list becomes a table of pandas: a row for each item, with things by their slugs."""
    factors = review.factors().to_pandas()
    assert list(factors["placed_at_level"]) == ["macro"] * 3 + ["meso"] * 4 + ["micro"] * 2
    assert factors.set_index("slug").loc["psw-wellbeing", "study_count"] == review.factor("psw-wellbeing").study_count
    studies = review.studies(factor="psw-wellbeing").to_pandas()
    assert len(studies) == len(review.studies(factor="psw-wellbeing"))
    assert studies.set_index("slug").loc["berry-2011", "statements"][0].isdecimal()
    for table in (review.levels(), review.works(), review.influences()):
        assert len(table.to_pandas()) == len(table)


def test_other_data_is_opened_and_checked(data: Path, tmp_path: Path) -> None:
    """A path is opened in place of ours; what breaks a rule is told."""
    assert pswonto.open(data / "two-graphs.trig").factors() == []
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b> .", encoding="utf-8")
    with pytest.raises(DataError, match=r"broken\.ttl:1"):
        pswonto.open(str(broken))


def test_the_package_is_light_until_it_is_asked() -> None:
    """Importing it loads no engine and no framework."""
    code = "import sys, pswonto; print(*{'pyoxigraph', 'pydantic', 'rdflib', 'pandas'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
