"""Tests of spreadsheets, as files that people and programs of theirs write."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pswonto.curating.sheet import csv_bytes, letters, read_sheet, xlsx_bytes
from pswonto.errors import SheetRefused

COLUMNS = ("statement", "paraphrase", "citesWork")
ROWS = [["0001", "Says, and “quotes”;\nin two lines", "a-2010; b-2011"], ["", "=SUM(A1)", ""]]


def written(path: Path) -> Path:
    """Return a file with these rows, in the format that its ending tells."""
    body = csv_bytes(COLUMNS, ROWS) if path.suffix == ".csv" else xlsx_bytes(COLUMNS, ROWS, {}, {})
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_is_written_is_read(ending: str, tmp_path: Path) -> None:
    """Each cell comes back with its text and its address; an empty one is absent."""
    sheet = read_sheet(written(tmp_path / f"sheet{ending}"), COLUMNS)
    assert [[row.text(name) for name in COLUMNS] for row in sheet.rows] == ROWS
    assert sheet.rows[0].cells["citesWork"].address == "C2"
    assert sheet.address(sheet.rows[1], "citesWork") == "C3"
    assert "statement" not in sheet.rows[1].cells


@given(
    rows=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=3, max_size=3)
    )
)
def test_csv_comes_back_whatever_it_holds(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text of a cell survives, but for blanks around it; rows that hold nothing are passed over."""
    path = tmp_path_factory.mktemp("csv") / "sheet.csv"
    path.write_bytes(csv_bytes(COLUMNS, rows))
    found = [[row.text(name) for name in COLUMNS] for row in read_sheet(path, COLUMNS).rows]
    assert found == [cells for row in rows if any(cells := [text.strip() for text in row])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_country_is_read(delimiter: str, tmp_path: Path) -> None:
    """Commas, semicolons or tabs stand between, with or without a mark of the encoding."""
    path = tmp_path / "sheet.csv"
    path.write_text(f"\ufeffstatement{delimiter}paraphrase\r\n7{delimiter}Ärzte helfen\r\n", encoding="utf-8")
    (row,) = read_sheet(path, COLUMNS).rows
    assert (row.number, row.text("statement"), row.text("paraphrase")) == (2, "7", "Ärzte helfen")


def test_numbers_and_days_of_a_workbook_are_texts(tmp_path: Path) -> None:
    """A number that is whole is written without a fraction, and a day as ISO 8601 has it."""
    import datetime

    book = Workbook()
    (sheet,) = book.worksheets
    sheet.append(list(COLUMNS))
    sheet.append([3.0, datetime.datetime(2026, 11, 25), True])
    book.save(tmp_path / "sheet.xlsx")
    (row,) = read_sheet(tmp_path / "sheet.xlsx", COLUMNS).rows
    assert [row.text(name) for name in COLUMNS] == ["3", "2026-11-25", "true"]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            "statment,paraphrase\n",
            ["cell A1: 'statment' is no column; there are: statement, paraphrase, citesWork; did you"],
        ),
        ("paraphrase,paraphrase\n", ["cell B1: this column is there twice"]),
        ("", ["row 1: the first row names no column"]),
        (",\n", ["row 1: the first row names no column"]),
        ("statement\n1,lost\n", ["row 2: 'lost' stands in no column that has a name"]),
        ('statement\n"open\n', ["cannot be read as CSV: unexpected end of data"]),
    ],
)
def test_a_sheet_at_fault_is_told_at_its_place(text: str, faults: list[str], tmp_path: Path) -> None:
    """A header that does not fit, and text that would be lost, is refused with place and what would be right."""
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SheetRefused) as refused:
        read_sheet(path, COLUMNS)
    told = [fault.sentence() for fault in refused.value.faults]
    assert len(told) == len(faults)
    assert all(fault in sentence for fault, sentence in zip(faults, told, strict=True))


@pytest.mark.parametrize(("name", "body"), [("a.csv", b"\xff\xfe\x00"), ("a.xlsx", b"no workbook"), ("a.ods", b"")])
def test_what_is_no_sheet_is_told(name: str, body: bytes, tmp_path: Path) -> None:
    """Bytes that are no text, no workbook, or of another format are refused."""
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(SheetRefused, match=r"cannot be read as|is none of \.csv, \.xlsx"):
        read_sheet(path, COLUMNS)


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    """After Z comes AA."""
    assert [letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_workbook_offers_what_its_cells_may_hold(tmp_path: Path) -> None:
    """Each column with a list has drop-downs of it and a note; one that takes several lets other texts through."""
    path = tmp_path / "sheet.xlsx"
    lists = {"statement": ["a", "b"], "citesWork": ["x", "y", "z"]}
    path.write_bytes(xlsx_bytes(COLUMNS, [], {"statement": "What it is."}, lists, ["citesWork"]))
    book = load_workbook(path)
    sheet, values = book.worksheets
    offers = {str(offer.sqref)[0]: offer for offer in sheet.data_validations.dataValidation}
    assert {letter: offer.formula1 for letter, offer in offers.items()} == {
        "A": "values!$A$1:$A$2",
        "C": "values!$C$1:$C$3",
    }
    assert (offers["A"].showErrorMessage, offers["C"].showErrorMessage) == (True, False)
    assert [cell.value for cell in values["C"]] == ["x", "y", "z"]
    assert sheet["A1"].comment.text == "What it is."
