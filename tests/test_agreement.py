"""Tests of the agreement of the coding passes, and that what is told of them is what the tables hold."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "coding.md").read_text(encoding="utf-8")
CODED = ("about_theme", "also_about", "polarity", "jurisdictions", "supports_influence")


@pytest.fixture(scope="module")
def agreement() -> ModuleType:
    """Return the script that computes agreement."""
    spec = importlib.util.spec_from_file_location("agreement", ROOT / "scripts" / "agreement.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("codes", "kappa"),
    [
        # 20 yes and yes, 15 no and no, 5 and 10 mixed: 0.7 observed and 0.5 by chance.
        ([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15, 0.4),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a"), ("b", "b"), ("c", "c")], 1.0),
        ([("a", "a"), ("a", "a")], None),
        ([], None),
    ],
)
def test_kappa_of_known_tables(codes: list[tuple[str, str]], kappa: float | None, agreement: ModuleType) -> None:
    """Cohen's kappa is that of worked examples, and nothing where it is not defined."""
    assert agreement.kappa(codes) == (kappa if kappa is None else pytest.approx(kappa))


def test_the_page_has_the_table_that_follows_from_the_passes(agreement: ModuleType) -> None:
    """The figures of the page are those that the script computes from the tables of codes."""
    first, second = (agreement.read(agreement.CODING / f"{name}-pass.tsv") for name in ("first", "second"))
    assert len(first) > 100
    assert agreement.table(first, second) in PAGE


def test_every_difference_has_its_decision(agreement: ModuleType) -> None:
    """Each code in which the passes differ, and each claim that only one of them has, is decided with a reason."""
    first, second = (agreement.read(agreement.CODING / f"{name}-pass.tsv") for name in ("first", "second"))
    decided = {
        (row["claim"], row["field"]) for row in agreement.read(agreement.CODING / "decisions.tsv") if row["reason"]
    }
    differing = {
        (one["row"], field)
        for one, other in agreement.pairs(first, second)
        for field in CODED
        if sorted(one[field].split()) != sorted(other[field].split())
    }
    passages = {row["passage"] for row in second}
    matched = {row["claim"] for row in second}
    differing |= {(row["row"], "claim") for row in first if row["passage"] in passages and row["row"] not in matched}
    differing |= {(f"s{row['row']}", "claim") for row in second if not row["claim"]}
    assert len(differing) > 50
    assert differing - decided == set()


def test_the_page_has_every_decision(agreement: ModuleType) -> None:
    """The table at the end of the page has a row for each decision, with its reason."""
    decisions = agreement.read(agreement.CODING / "decisions.tsv")
    rows = [line for line in PAGE.splitlines() if re.match(r"\| s?\d+ \|", line)]
    assert len(rows) == len(decisions)
    for row, decision in zip(rows, decisions, strict=True):
        assert row.startswith(f"| {decision['claim']} | {decision['passage']} |")
        assert row.endswith(f"| {decision['reason']} |")
