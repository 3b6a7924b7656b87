"""Tests of answers as text."""

from typing import Any

import pytest

from pswonto.agents.answers import Call, Crossed, Listed, Part, Rows
from pswonto.agents.wording import line, text
from pswonto.explorer import Explorer
from pswonto.models import Level, Statement, Study, Thing

BESIDE: dict[str, Any] = {"caveats": ("Heed this.",), "sparql": "ASK {}"}
NONE: dict[str, Any] = {"statements": (), "statement_total": 0, "all_statements": None, **BESIDE}


def test_a_statement_is_told_with_all_that_it_needs(explorer: Explorer) -> None:
    """Number, polarity, confidence, whether a person checked it, themes, paragraph, paraphrase, and works."""
    statement = explorer.statements(statement="0027")[0]
    assert line(statement) == (
        "statement 0027, enabler (confidence high, not checked by a person), about political-commitment, "
        f"policy-mandates, in Regulatory & Political Context, paragraph 4: {statement.paraphrase} "
        "Cites Burr et al. 2020 (burr-2020)."
    )
    assert ", checked by a person)" in line(statement.model_copy(update={"checked_by_person": True}))


def test_a_study_has_its_statements_below(explorer: Explorer) -> None:
    """Each in a line of its own."""
    study = explorer.study("burr-2020")
    first, *others = line(study).splitlines()
    assert first.startswith("burr-2020: Burr, C.; Rother, K.")
    assert [other.strip("- ") for other in others] == [line(statement) for statement in study.statements]


@pytest.mark.parametrize(
    ("name", "slug", "told"),
    [
        ("levels", "micro", "with the factors relationships-with-team-members, psw-wellbeing"),
        (
            "factors",
            "psw-wellbeing",
            "PSW wellbeing (micro level), 13 studies, 9 statements; sub-themes: emotional-inv",
        ),
        ("subthemes", "self-care", "part of psw-wellbeing"),
        ("themes", "network-of-psws", "(detail), part of "),
        ("works", "hitt-2007", "(2007)"),
        ("influences", "psw-wellbeing", "PSW wellbeing (downward; by the "),
        ("jurisdictions", "ch", "ch: Switzerland, 1 study, "),
        ("anomalies", "included-articles-not-listed", "nothing says which of them are among the 38."),
        ("gaps", "attention-to-the-macro-level", "not checked by a person), about macro"),
        ("reviews", "mirbahaeddin-2022", "40 studies, 124 statements, 0 of these checked by a person"),
        ("activities", "coding-of-the-meso-level", "by machine, on 2026-11-23, by pswonto contributors"),
        ("implications", "adopt-change-management-with-consultation", "), for "),
    ],
)
def test_each_kind_of_thing_has_its_words(name: str, slug: str, told: str, explorer: Explorer) -> None:
    """What tells it apart stands in its line."""
    things: list[Thing] = getattr(explorer, name)()
    assert told in next(line(thing) for thing in things if thing.slug.endswith(slug))


def test_lists_tell_how_much_is_here_and_how_to_go_on() -> None:
    """A page says how many of how many it has, and the rest what to call for more; the caveats stand at the end."""
    question = Listed(name="who", topic="T", question="Who?", note="", parameters=("factor: factor",))
    told = text(Part[Listed](total=3, items=(question,), next=1, **NONE), "Questions")
    assert told.splitlines() == [
        "Questions",
        "1 of 3; for the next, call it again with offset 1",
        "- who: Who? (parameters: factor: factor)",
        "Note: Heed this.",
        "Note: The query behind this is in the structured content, as sparql.",
    ]


def test_rows_and_matrix_are_lines(explorer: Explorer) -> None:
    """A row tells what its variables have; a matrix is a table with zeros; what it rests on is said."""
    rows = Rows(form="SELECT", variables=("a", "b"), total=2, rows=({"a": 1, "b": "x"}, {"b": "y"}), next=None, **NONE)
    assert text(rows, "Rows").splitlines()[1:4] == ["2 of 2", "- a: 1; b: x", "- b: y"]
    rest = Call(tool="statements", arguments={"factor": ("a", "b"), "yearFrom": 2015})
    some: list[Statement] = explorer.statements()[:1]
    matrix = explorer.matrix(rows="levels")
    crossed = Crossed(matrix=matrix, statements=tuple(some), statement_total=2, all_statements=rest, **BESIDE)
    told = text(crossed, "Matrix").splitlines()
    assert told[1].startswith("studies | barrier")
    counts = {(cell.row, cell.column): cell.count for cell in matrix.cells}
    assert told[2] == " | ".join(["macro", *(str(counts.get(("macro", one.value), 0)) for one in matrix.columns)])
    assert told[5] == "It rests on 2 statements of the review:"
    assert told[6] == f"- {line(some[0])}"
    assert told[7] == "For all of them, call statements with factor a or b, yearFrom 2015"


def test_what_adds_to_another_model_has_its_own_words(explorer: Explorer) -> None:
    """A study is no mere work, and what has no words of its own is told by slug and label."""
    study: Study = explorer.studies()[0]
    assert line(study) != line(next(work for work in explorer.works() if work.iri == study.iri))
    level: Level = explorer.levels()[0]
    assert line(level.factors[0]) == f"{level.factors[0].slug}: {level.factors[0].label}"
