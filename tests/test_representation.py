"""Tests of the formats of REST."""

import csv
import io
import json
from typing import Any

import pytest

from pswonto.explorer import Explorer
from pswonto.questions import COLLECTIONS, Question
from pswonto.web.representation import CSV, NDJSON, TSV, context, formats_of, table, write

# What lists say that is no triple of the dataset: what was counted, what stands in paths, and texts in parts.
NO_TRIPLES = {"slug", "studyCount", "statementCount", "kind", "isStudy", "authorNames", "levelDescription", "direction"}
NO_TRIPLES |= {"tabulated", "narrative", "argued", "checkedCount"}


def test_the_context_has_every_member_that_is_a_property(explorer: Explorer) -> None:
    """No member of a model is lost in RDF by oversight."""
    terms = set(json.loads(context())["@context"])
    for question in COLLECTIONS:
        members = {field.alias or name for name, field in question.model.model_fields.items()}
        assert members - terms <= NO_TRIPLES
        assert members & NO_TRIPLES & terms == set()


def test_a_table_keeps_every_text() -> None:
    """Commas, quotation marks, tabs and ends of lines come back from CSV, and are escaped in TSV."""
    cells = ['a,"b"', "c\td", "e\nf", "g\\h"]
    comma = table(CSV, ["w", "x", "y", "z"], [cells]).decode()
    assert comma.startswith("w,x,y,z\r\n")
    assert list(csv.reader(io.StringIO(comma, newline="")))[1] == cells
    tab = table(TSV, ["w", "x", "y", "z"], [cells]).decode()
    assert tab == 'w\tx\ty\tz\na,"b"\tc\\td\te\\nf\tg\\\\h\n'


def test_a_cell_tells_things_by_their_slugs(explorer: Explorer) -> None:
    """A thing is its slug, several of them stand with semicolons between, and nothing is nothing."""
    statements = explorer.statements(statement=["0008"])
    (row,) = csv.DictReader(io.StringIO(write(CSV, type(statements[0]), statements, {}).decode()))
    assert (row["hasPolarity"], row["checkedByPerson"]) == ("barrier", "false")
    assert row["citesWork"].split("; ") == [work.slug for work in statements[0].cites_work]
    assert row["locatedIn"] == "macro-socio-cultural-context-2"
    work = explorer.works(work="abbott-1988")
    (row,) = csv.DictReader(io.StringIO(write(CSV, type(work[0]), work, {}).decode()))
    assert row["doi"] == ""


def test_a_line_is_an_item(explorer: Explorer) -> None:
    """NDJSON has the JSON of one item in each line."""
    levels = explorer.levels()
    lines = write(NDJSON, type(levels[0]), levels, {}).decode().splitlines()
    assert [json.loads(line)["slug"] for line in lines] == ["macro", "meso", "micro"]


@pytest.mark.parametrize("question", COLLECTIONS, ids=lambda question: question.name)
def test_only_works_are_references(question: Question[Any]) -> None:
    """Reference managers get works and studies, and nothing else."""
    has = "bib" in formats_of(question.model)
    assert has == (question.name in ("works", "studies"))
