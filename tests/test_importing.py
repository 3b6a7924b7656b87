"""Tests of imports: all that is right is taken in together, and all that is wrong is told together."""

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from openpyxl import load_workbook

from pswonto import dataset, resources
from pswonto.curating.coding import NAMES, Known
from pswonto.curating.importing import Plan, Source, plan, write
from pswonto.curating.sheet import csv_bytes, xlsx_bytes
from pswonto.dataset import Dataset
from pswonto.errors import ParameterError, SheetRefused
from pswonto.explorer import Explorer
from pswonto.namespaces import PREFIXES
from pswonto.queries import QueryLibrary
from pswonto.replacement import locked, settle

DAY = date(2026, 11, 25)
STATEMENT = PREFIXES["statement"]
STUDIES = """@article{smith2027, author={Smith, Jane and Doe, John}, title={A study that is made up}, year={2027},
  journal={Journal of Made-up Studies}, doi={10.1000/made.up}}
@book{moran, author={Moran, G. S. and Others, A.}, title={A book that is made up}, year={2013}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the real ontology."""
    return Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology"))


def known(read: Dataset) -> Known:
    """Return what a dataset has that a row can name."""
    return Known(read.store, QueryLibrary(resources.queries_directory() / "curating"))


def cells(read: Dataset) -> list[list[str]]:
    """Return all statements of a dataset as rows."""
    there = known(read)
    return [there.cells(coded) for coded in there.statements.values()]


def taken(folder: Path, sheet: Path, *studies: Path, **options: object) -> Plan:
    """Take a sheet in, as the command does, and return what that did."""
    given: Mapping[str, object] = {"by": "A. Coder", "method": "hand", "on": DAY} | options
    made = plan(dataset.read([folder]), Source(sheet, studies, **given))  # type: ignore[arg-type]  # each is of its type
    write(made)
    return made


def sheet(path: Path, *rows: Mapping[str, str]) -> Path:
    """Write rows as CSV."""
    path.write_bytes(csv_bytes(NAMES, [[row.get(name, "") for name in NAMES] for row in rows]))
    return path


NEW = {
    "sectionHeading": "Update of 2027",
    "paragraphOrdinal": "1",
    "paraphrase": "Made up: supervision that is paid for keeps peer support workers in their jobs.",
    "hasPolarity": "enabler",
    "aboutTheme": "commitment-of-supervisors",
    "alsoAbout": "retention",
    "citesWork": "smith2027; moran; byrne-2016",
    "namesJurisdiction": "ca",
    "confidence": "high",
}


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """Return a file of two new works, one of which shares author and year with one that is there."""
    path = tmp_path / "studies.bib"
    path.write_text(STUDIES, encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_and_imported_changes_nothing(ending: str, folder: Path, tmp_path: Path) -> None:
    """All statements of the review, written and read back, are the same."""
    rows = cells(dataset.read([folder]))
    path = tmp_path / f"statements.{ending}"
    path.write_bytes(csv_bytes(NAMES, rows) if ending == "csv" else xlsx_bytes(NAMES, rows, {}, {}))
    made = taken(folder, path)
    assert (list(made.changes), dict(made.texts), len(rows)) == ([], {}, 124)


def test_an_export_makes_the_statements_that_it_was_made_of(folder: Path, tmp_path: Path) -> None:
    """Taken into data without any statement, it gives the very triples back, but for what no column has."""
    before = dataset.read([folder])
    rows = cells(before)
    evidence = folder / "evidence.ttl"
    blocks = evidence.read_text(encoding="utf-8").split("\n\n")
    emptied = "\n\n".join(block for block in blocks if not block.startswith("statement:")) + "\n"
    evidence.write_text(emptied, encoding="utf-8")
    assert known(dataset.read([folder])).statements == {}
    path = tmp_path / "statements.csv"
    path.write_bytes(csv_bytes(NAMES, [["", *row[1:]] for row in rows]))
    taken(folder, path)
    figure = ox.NamedNode(PREFIXES["pswo"] + "reportsFigure")

    def said(read: Dataset) -> set[ox.Quad]:
        return {
            quad
            for quad in read.store.engine
            if str(quad.subject).startswith(f"<{STATEMENT}") and quad.predicate != figure
        }

    assert said(dataset.read([folder])) == said(before)


def test_statements_and_works_are_added(folder: Path, studies: Path, tmp_path: Path, library: QueryLibrary) -> None:
    """A row, its passage, its citations, its works and its activity are there, and the data keeps all rules."""
    made = taken(folder, sheet(tmp_path / "new.csv", NEW), studies, new_passages=True)
    assert sorted(path.name for path in made.texts) == ["evidence.ttl", "works.ttl"]
    explorer = Explorer(dataset.open_dataset([folder]), library)
    (statement,) = explorer.statements(activity="import-2026-11-25")
    assert statement.slug == "0125"
    assert statement.paraphrase == NEW["paraphrase"]
    assert {work.slug for work in statement.cites_work} == {"smith-2027", "moran-2013a", "byrne-2016"}
    assert (statement.located_in.section_heading, statement.source_review.slug) == (
        "Update of 2027",
        "mirbahaeddin-2022",
    )
    assert not statement.checked_by_person
    (activity,) = explorer.activities(method="hand")
    assert (activity.creator, activity.date, activity.statement_count) == ("A. Coder", DAY, 1)
    work = explorer.study("smith-2027")
    assert (work.doi, work.cited_in_results, work.label) == ("10.1000/made.up", True, "Smith & Doe 2027")


def test_the_same_file_twice_changes_nothing(folder: Path, studies: Path, tmp_path: Path) -> None:
    """Neither a work nor a statement is added a second time, and no file is written."""
    path = sheet(tmp_path / "new.csv", NEW)
    assert taken(folder, path, studies, new_passages=True).texts
    again = taken(folder, path, studies, new_passages=True)
    assert (list(again.changes), dict(again.texts)) == ([], {})


def test_a_change_takes_a_check_back(second: Path, tmp_path: Path) -> None:
    """Who has checked a statement has not checked what it says now; the activity that changed it is told."""
    folder = Path(shutil.copytree(second, tmp_path / "review"))
    row = dict(zip(NAMES, cells(dataset.read([folder]))[0], strict=True))
    assert row["checkedBy"]
    changed = {**row, "hasPolarity": "descriptive"}
    made = taken(folder, sheet(tmp_path / "changed.csv", changed))
    assert "changed: statement:0001 (Statement 1): pswo:checkedByPerson was true, is false" in [
        change.sentence() for change in made.changes
    ]
    after = dict(zip(NAMES, cells(dataset.read([folder]))[0], strict=True))
    assert (after["hasPolarity"], after["checkedBy"], after["codedIn"]) == ("descriptive", "", "import-2026-11-25-2")
    # The same file twice changes nothing, though it has the check still.
    assert taken(folder, sheet(tmp_path / "changed.csv", changed)).texts == {}
    # What was exported before cannot bring the check back.
    with pytest.raises(SheetRefused, match="is written by pswonto review"):
        taken(folder, sheet(tmp_path / "changed.csv", row))


def test_another_review_is_taken_from(folder: Path, studies: Path, tmp_path: Path, library: QueryLibrary) -> None:
    """An update of the review is added with the statements that are taken from it, and its passages stand apart."""
    update = tmp_path / "update.json"
    update.write_text(
        '[{"id": "update", "type": "article-journal", "title": "An update that is made up", "issued": '
        '{"date-parts": [[2028]]}, "author": [{"family": "Chreim", "given": "S."}]}]',
        encoding="utf-8",
    )
    row = {**NEW, "review": "chreim-2028", "sectionHeading": "PSW Wellbeing", "paragraphOrdinal": "1"}
    taken(folder, sheet(tmp_path / "new.csv", row), studies, reviews=[update], new_passages=True)
    explorer = Explorer(dataset.open_dataset([folder]), library)
    assert [review.slug for review in explorer.reviews()] == ["mirbahaeddin-2022", "chreim-2028"]
    (statement,) = explorer.statements(review="chreim-2028")
    assert statement.located_in.slug == "chreim-2028-psw-wellbeing-1"


def test_headings_that_differ_in_signs_only_stand_apart(folder: Path, tmp_path: Path) -> None:
    """Each has passages of its own, also where no letter of it can be in an IRI, and is exported as it was given."""
    headings = ["A & B", "A and B", "a-and-b", "\u80cc\u666f", "\u65b9\u6cd5"]
    rows = [{**NEW, "sectionHeading": heading, "citesWork": "byrne-2016"} for heading in headings]
    path = sheet(tmp_path / "new.csv", *rows)
    taken(folder, path, new_passages=True)
    read = dataset.read([folder])
    assert {"A & B", "A and B", "a-and-b", "\u80cc\u666f", "\u65b9\u6cd5"} <= {row[2] for row in cells(read)}
    assert len({place.iri for place in known(read).passages.values()}) == len(known(read).passages)
    assert taken(folder, path, new_passages=True).texts == {}


@pytest.mark.parametrize("by", ["", " ", "A\nCoder", "A\udce9"])
def test_who_coded_is_a_line_of_text(by: str, asserted: Dataset) -> None:
    """Or it is wrong usage."""
    with pytest.raises(ParameterError, match="'by' must be a name or an ORCID"):
        plan(asserted, Source(None, by=by, method="hand"))


def test_a_file_may_have_any_name(second: Path, tmp_path: Path) -> None:
    """What of it is no line of text is told in a way that is."""
    folder = Path(shutil.copytree(second, tmp_path / "review"))
    row = dict(zip(NAMES, cells(dataset.read([folder]))[0], strict=True))
    changed = {**row, "hasPolarity": "descriptive"}
    made = taken(folder, sheet(tmp_path / "my  file\udce9\n.csv", changed))
    assert any("Import of my file\ufffd\ufffd.csv on" in change.sentence() for change in made.changes)


WORK = "@article{{{key}, author={{Moran, G.}}, title={{Made up, number {key}}}, year={{2013}}, journal={{J}}}}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            WORK.format(key="byrne-2016"),
            "new.bib, cell byrne-2016: 'byrne-2016' is what rows call another work, Byrne et al. 2016",
        ),
        (
            WORK.format(key="moran-2013b") + WORK.format(key="next"),
            "new.bib, cell next: 'moran-2013b' is what rows call another work, Moran 2013a: take another key",
        ),
        (
            "".join(WORK.format(key=f"m{number}") for number in range(27)),
            "new.bib, cell m26: there are 27 works of moran-2013 already, which is all that have names",
        ),
        (
            WORK.format(key="m").replace("journal", "url={see the web}, journal"),
            "new.bib, column webAddress, cell m: The web address is given twice or is not an address",
        ),
    ],
)
def test_a_work_at_fault_is_told_at_its_entry(text: str, fault: str, folder: Path) -> None:
    """A key that rows would misunderstand, one work too many of one author and year, and what breaks a shape."""
    (path := folder.parent / "new.bib").write_text(text, encoding="utf-8")
    with pytest.raises(SheetRefused) as refused:
        plan(dataset.read([folder]), Source(None, [path]))
    assert [one.sentence()[: len(fault)] for one in refused.value.faults] == [fault]


def test_who_coded_must_be_told(folder: Path, studies: Path, tmp_path: Path) -> None:
    """Statements that are new or changed need somebody who coded them."""
    with pytest.raises(SheetRefused, match="say with --by and --method who coded them"):
        taken(folder, sheet(tmp_path / "new.csv", NEW), studies, new_passages=True, by=None, method=None)


def rows(number: int, read: Dataset) -> list[dict[str, str]]:
    """Return rows that are right: made-up claims at places that cite their works."""
    chance = random.Random(8)
    there = known(read)
    cited = [coded for coded in there.statements.values() if coded.place]
    themes = there.choices("theme")
    found = []
    for place in range(number):
        like = dict(zip(NAMES, there.cells(chance.choice(cited)), strict=True))
        found.append(
            {name: like[name] for name in ("review", "sectionHeading", "paragraphOrdinal", "citesWork", "confidence")}
            | {
                "paraphrase": f"Claim number {place} that is made up to test how many rows are taken in at once.",
                "hasPolarity": chance.choice(["barrier", "enabler", "conditional", "descriptive"]),
                "aboutTheme": chance.choice(themes),
            }
        )
    return found


# For each fault the column, and what stands there in place of what is right; the last three break rules of the shapes
# and of the checks.
FAULTS = (
    ("hasPolarity", "barier"),
    ("hasPolarity", "positive"),
    ("aboutTheme", "self-cair"),
    ("aboutTheme", "macro"),
    ("alsoAbout", "retension"),
    ("citesWork", "byrne-2015"),
    ("citesWork", ""),
    ("namesJurisdiction", "uk"),
    ("supportsInfluence", "psw-wellbeing--organizational-culture"),
    ("confidence", "sure"),
    ("confidence", ""),
    ("codedIn", "coding"),
    ("review", "mirbahaedin-2022"),
    ("sectionHeading", "PSW Welbeing"),
    ("sectionHeading", ""),
    ("paragraphOrdinal", "0"),
    ("paragraphOrdinal", "99"),
    ("paragraphOrdinal", "first"),
    ("paraphrase", ""),
    ("paraphrase", "word " * 41),
    ("statement", "7777"),
    ("checkedBy", "0000-0002-1825-0097"),
    ("paraphrase", "Too short."),
    ("citesWork", "hitt-2007"),
    ("alsoAbout", "THEME"),
)


def test_25_faults_among_1000_rows_are_told_at_their_cells(folder: Path, tmp_path: Path) -> None:
    """Nothing is written until they are mended; then all rows are taken in, in one step."""
    read = dataset.read([folder])
    before = {path.name: path.read_bytes() for path in folder.glob("*.ttl")}
    right = rows(1000, read)
    wrong = [dict(row) for row in right]
    expected = set()
    for number, (column, value) in enumerate(FAULTS):
        place = 17 + number * 39
        wrong[place][column] = value if value != "THEME" else wrong[place]["aboutTheme"]
        expected.add((place + 2, column))
    assert len(expected) == 25
    path = sheet(tmp_path / "rows.csv", *wrong)
    with pytest.raises(SheetRefused) as refused:
        taken(folder, path)
    letters = dict(zip(NAMES, "ABCDEFGHIJKLMNO", strict=True))
    assert {(fault.row, fault.column) for fault in refused.value.faults} == expected
    assert all(fault.cell == f"{letters[fault.column or '']}{fault.row}" for fault in refused.value.faults)
    assert str(refused.value).endswith("nothing was written")
    assert {path.name: path.read_bytes() for path in folder.glob("*.ttl")} == before
    made = taken(folder, sheet(path, *right))
    assert sum(change.kind == "added" and change.term.startswith("statement:") for change in made.changes) == 1000
    assert len(known(dataset.read([folder])).statements) == 1124
    assert not [one for one in dataset.inspect(dataset.read([folder])) if one.severity == "Violation"]


def test_faults_of_every_kind_are_told_together(folder: Path, tmp_path: Path) -> None:
    """A cell that a workbook has not computed hides neither wrong names nor what breaks a shape in other rows."""
    wrong = [dict(row) for row in rows(4, dataset.read([folder]))]
    wrong[0]["paraphrase"] = "=A1"
    wrong[1]["hasPolarity"] = "barier"
    wrong[2]["paraphrase"] = "Too short."
    path = tmp_path / "rows.xlsx"
    path.write_bytes(xlsx_bytes(NAMES, [[row.get(name, "") for name in NAMES] for row in wrong], {}, {}))
    book = load_workbook(path)
    # What is written as a text is made the formula that it looks like.
    next(cell for cell in book.worksheets[0][2] if cell.value == "=A1").data_type = "f"
    book.save(path)
    with pytest.raises(SheetRefused) as refused:
        taken(folder, path)
    told = [(fault.row, fault.column) for fault in refused.value.faults]
    assert told == [(2, "paraphrase"), (3, "hasPolarity"), (4, "paraphrase")]


def test_an_import_that_is_killed_leaves_all_or_nothing(second: Path, tmp_path: Path) -> None:
    """Fifty imports, each killed at a random moment: the data is as before or as after, whole, and work goes on."""
    studies = tmp_path / "studies.bib"
    studies.write_text(STUDIES, encoding="utf-8")
    row = {
        **{name: NEW[name] for name in ("paragraphOrdinal", "paraphrase", "hasPolarity", "confidence")},
        "sectionHeading": "Town",
        "aboutTheme": "leases",
        "citesWork": "smith2027; soil-2011",
    }
    path = sheet(tmp_path / "new.csv", row)
    folder = tmp_path / "review"

    def state() -> frozenset[ox.Quad]:
        quads = dataset.read([folder]).store.engine
        return frozenset(
            quad for quad in quads if not any(isinstance(end, ox.BlankNode) for end in (quad.subject, quad.object))
        )

    def run(tell: Callable[[], object] = lambda: None) -> float:
        with locked(folder):
            settle(folder)
            made = plan(dataset.read([folder], is_locked=True), Source(path, [studies], (), "A. Coder", "hand", DAY))
            tell()
            start = time.perf_counter()
            write(made)
            return time.perf_counter() - start

    shutil.copytree(second, folder)
    old = state()
    start = time.perf_counter()
    writing = run()
    takes = time.perf_counter() - start
    new = state()
    assert not [one for one in dataset.inspect(dataset.read([folder])) if one.severity == "Violation"]
    assert old < new
    chance = random.Random(9)
    outcomes = []
    for number in range(50):
        shutil.copytree(second, folder, dirs_exist_ok=True)
        assert state() == old
        told, tell = os.pipe()
        child = os.fork()
        if not child:
            run(lambda: os.write(tell, b"w"))  # noqa: B023  (this process has no next turn)
            os._exit(0)
        # Most of them end where the files are written, which is the last thing that is done.
        if number % 5:
            assert os.read(told, 1) == b"w"
            time.sleep(chance.uniform(0, 2) * writing)
        else:
            time.sleep(chance.uniform(0, 1) * takes)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(told)
        os.close(tell)
        outcomes.append(state())
        with locked(folder):
            settle(folder)
        assert state() == outcomes[-1]
    assert set(outcomes) == {old, new}
