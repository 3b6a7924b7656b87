"""Tests of rows read as statements."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pswonto import resources
from pswonto.curating.coding import NAMES, Known
from pswonto.curating.reading import Reading
from pswonto.curating.sheet import csv_bytes, read_sheet
from pswonto.dataset import Dataset
from pswonto.queries import QueryLibrary

RIGHT = {
    "sectionHeading": "PSW Wellbeing",
    "paragraphOrdinal": "1",
    "paraphrase": "A row that says something which no statement of the review says so far.",
    "hasPolarity": "barrier",
    "aboutTheme": "self-care",
    "citesWork": "moran-2013",
    "confidence": "low",
}
Read = Callable[..., Reading]


@pytest.fixture
def read(asserted: Dataset, tmp_path: Path) -> Read:
    """Return what reads rows, each given by what it has in place of what is right."""
    known = Known(asserted.store, QueryLibrary(resources.queries_directory() / "curating"))

    def reading(*rows: dict[str, str], names: tuple[str, ...] = NAMES, anywhere: bool = False) -> Reading:
        path = tmp_path / "sheet.csv"
        path.write_bytes(csv_bytes(names, [[{**RIGHT, **row}.get(name, "") for name in names] for row in rows]))
        return Reading(read_sheet(path, NAMES), known, anywhere)

    return reading


def test_a_right_row_is_a_new_statement(read: Read) -> None:
    """Its names become IRIs, and several of them are in order."""
    reading = read({"alsoAbout": "Stigma;role-boundaries", "namesJurisdiction": "ca; us"})
    (coded,) = reading.coded()
    assert reading.faults == []
    assert coded.statement is None
    assert coded.values["alsoAbout"] == tuple(
        f"https://w3id.org/pswonto/subtheme/{slug}" for slug in ("role-boundaries", "stigma")
    )
    assert "codedIn" not in coded.values


def test_a_wrong_number_hides_no_wrong_heading(read: Read) -> None:
    """Both parts of a place are told."""
    reading = read({"sectionHeading": "PSW Welbeing", "paragraphOrdinal": "first"})
    assert reading.coded() == []
    assert [fault.column for fault in reading.faults] == ["sectionHeading", "paragraphOrdinal"]


def test_a_column_that_is_misnamed_is_told_once(read: Read, tmp_path: Path) -> None:
    """It is a fault of the header, and not of each row, which has none of that name; what else is wrong is told too."""
    reading = read({"hasPolarity": "barier"})
    text = (tmp_path / "sheet.csv").read_text(encoding="utf-8").replace("paraphrase", "paraphrse")
    (tmp_path / "sheet.csv").write_text(text, encoding="utf-8")
    misnamed = Reading(read_sheet(tmp_path / "sheet.csv", NAMES), reading.known, False)
    assert misnamed.coded() == []
    assert [fault.value for fault in misnamed.sheet.faults] == ["paraphrse"]
    assert [fault.column for fault in misnamed.faults] == ["hasPolarity"]


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"statement": "9999"}, "statement", "there is no statement '9999'; leave it empty for a new one"),
        ({"review": "mirbahaedin-2022"}, "review", "'mirbahaedin-2022' is no review; did you mean mirbahaeddin-2022?"),
        ({"sectionHeading": "PSW Welbeing"}, "sectionHeading", "no section 'PSW Welbeing'"),
        ({"sectionHeading": "PSW Welbeing"}, "sectionHeading", "did you mean PSW Wellbeing"),
        ({"sectionHeading": ""}, "sectionHeading", "a new statement must have sectionHeading"),
        ({"paragraphOrdinal": "17"}, "paragraphOrdinal", "--new-passages adds another"),
        ({"paragraphOrdinal": "one"}, "paragraphOrdinal", "'one' is no whole number from 1"),
        ({"paragraphOrdinal": "0"}, "paragraphOrdinal", "'0' is no whole number from 1"),
        ({"paraphrase": ""}, "paraphrase", "a new statement must have paraphrase"),
        ({"paraphrase": "word " * 41}, "paraphrase", "the paraphrase has 41 words; at most 40"),
        ({"hasPolarity": "barier"}, "hasPolarity", "'barier' is no polarity; did you mean barrier?"),
        ({"aboutTheme": "self-cair"}, "aboutTheme", "did you mean self-care"),
        ({"alsoAbout": "stigma; sigma"}, "alsoAbout", "'sigma' is no theme; did you mean stigma?"),
        ({"alsoAbout": "stigma; stigma"}, "alsoAbout", "'stigma' is there twice"),
        ({"citesWork": "moran2013"}, "citesWork", "did you mean moran-2013"),
        ({"namesJurisdiction": "uk"}, "namesJurisdiction", "'uk' is no jurisdiction"),
        ({"supportsInfluence": "organizational-culture--psw"}, "supportsInfluence", "is no influence"),
        ({"paragraphOrdinal": "9" * 5000}, "paragraphOrdinal", "is no whole number from 1"),
        ({"confidence": "sure"}, "confidence", "'sure' is none of high, medium, low"),
        ({"codedIn": "coding"}, "codedIn", "'coding' is no activity"),
        ({"checkedBy": "0000-0002-1825-0097"}, "checkedBy", "is written by pswonto review, and not by a sheet"),
    ],
)
def test_a_fault_is_told_at_its_cell(row: dict[str, str], column: str, message: str, read: Read) -> None:
    """Sheet, row, column, address, value, what is wrong, and what is nearest; the row is no statement."""
    reading = read({}, row)
    assert len(reading.coded()) == 1
    # The first row is right, and the second would say the same if it were.
    told = [fault for fault in reading.faults if "again" not in fault.message]
    assert {(fault.sheet, fault.row, fault.column) for fault in told} == {("sheet.csv", 3, column)}
    assert all(fault.cell == reading.sheet.columns[column] + "3" for fault in told)
    assert any(message in fault.sentence() for fault in told)


def test_all_faults_of_a_row_are_told(read: Read) -> None:
    """Not only the first."""
    reading = read({"hasPolarity": "bad", "aboutTheme": "bad", "citesWork": "", "confidence": "bad"})
    assert reading.coded() == []
    assert [fault.column for fault in reading.faults] == ["hasPolarity", "aboutTheme", "confidence", "citesWork"]


def test_a_cell_of_a_column_that_is_absent_has_no_address(read: Read) -> None:
    """What a new statement must have, and no column is there for."""
    reading = read({}, names=tuple(name for name in NAMES if name != "citesWork"))
    reading.coded()
    assert [fault.sentence() for fault in reading.faults] == [
        "sheet.csv, row 2, column citesWork: a new statement must have citesWork"
    ]


def test_a_long_value_is_told_in_short(read: Read) -> None:
    """The sentence has the beginning and the end of it; the fault has all of it."""
    reading = read({"aboutTheme": "a" * 30000})
    reading.coded()
    (fault,) = reading.faults
    assert fault.value == "a" * 30000
    assert len(fault.sentence()) < 1100
    assert fault.sentence().endswith("a' is no theme")


def test_the_same_statement_twice_is_told(read: Read) -> None:
    """Two rows with one number, or with the same words at the same place."""
    reading = read({"statement": "0001"}, {"statement": "1"}, {}, {"paraphrase": RIGHT["paraphrase"].upper()})
    assert len(reading.coded()) == 2
    assert [fault.message for fault in reading.faults] == [
        "this is the statement of row 2 again",
        "this is the statement of row 4 again",
    ]


def test_a_row_without_a_number_is_the_statement_that_says_the_same(read: Read) -> None:
    """The same words at the same place are no new statement."""
    reading = read({})
    old = next(iter(reading.known.statements.values()))
    cells = dict(zip(NAMES, reading.known.cells(old), strict=True)) | {"statement": ""}
    (coded,) = read(cells).coded()
    assert coded.statement == old.statement
    assert coded.values == {name: values for name, values in old.values.items() if name in coded.values}


def test_what_the_sheet_does_not_have_stays(read: Read) -> None:
    """A column that is absent, and a cell that must not be empty and is, leave the statement as it is."""
    names = ("statement", "hasPolarity", "paraphrase", "alsoAbout")
    reading = read({"statement": "0002", "hasPolarity": "enabler", "paraphrase": ""}, names=names)
    old = reading.known.statements["https://w3id.org/pswonto/statement/0002"]
    (coded,) = reading.coded()
    assert coded.place == old.place
    assert coded.values["hasPolarity"] == ("https://w3id.org/pswonto/polarity/enabler",)
    assert coded.values["paraphrase"] == old.values["paraphrase"]
    assert coded.values["citesWork"] == old.values["citesWork"]
    # A column that may hold several, and is empty, says that there is none.
    assert "alsoAbout" in old.values
    assert "alsoAbout" not in coded.values


def test_new_passages_are_let_through_where_that_is_asked(read: Read) -> None:
    """A section that the review does not have yet."""
    reading = read({"sectionHeading": "Update", "paragraphOrdinal": "3"}, anywhere=True)
    (coded,) = reading.coded()
    assert coded.place is not None
    assert (coded.place.heading, coded.place.paragraph) == ("Update", 3)
