"""Tests of spreadsheets, as files that people and programs of theirs write."""

import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pswonto.curating.sheet import csv_bytes, letters, read_sheet, xlsx_bytes
from pswonto.errors import DataError, SheetRefused

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
        ("statement\n1,lost\n", ["row 2: 'lost' stands in no column that has a name"]),
        (
            "statment\n\ufffe\n1,lost\n",
            ["cell A1: 'statment' is no column", "cell A2: the cell", "row 3: 'lost' stands"],
        ),
        ("statement\na\n\tb\x07\n", ["row 3, column statement, cell A3: the cell holds U+0007 (a control character)"]),
        ("statement\n\ufffe\n", ["cell A2: the cell holds U+FFFE"]),
        (f"statement\n{'b' * 32768}\n", ["cell A2: the cell holds 32768 characters, and a cell has at most 32767"]),
    ],
)
def test_a_sheet_at_fault_is_told_at_its_place(text: str, faults: list[str], tmp_path: Path) -> None:
    """A header that does not fit, and text that would be lost, is told with place and what would be right."""
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    told = [fault.sentence() for fault in read_sheet(path, COLUMNS).faults]
    assert len(told) == len(faults)
    assert all(fault in sentence for fault, sentence in zip(faults, told, strict=True))


@pytest.mark.parametrize(
    ("name", "body", "fault"),
    [
        ("a.csv", "statement".encode("utf-16"), "is UTF-16, and no text in UTF-8: save it as that"),
        ("a.csv", "statement".encode("utf-16-le"), "is UTF-16, and no text in UTF-8: save it as that"),
        ("a.csv", b"statement\nCaf\xe9\n", "line 2 is no text in UTF-8, at 'statement.*Caf\xe9"),
        ("a.csv", b"PK\x03\x04", "is a workbook or another archive, and no text"),
        ("a.csv", b"", "row 1: the first row names no column; there are: statement, paraphrase, citesWork"),
        ("a.csv", b",\n", "row 1: the first row names no column"),
        (
            "a.csv",
            b'statement\na\n"b\nc"\n"open\nd\n',
            "row 4: the row that begins in line 5 cannot be read as CSV: unexpected end of data; are its quotation",
        ),
        ("a.xlsx", b"no workbook", "cannot be read as XLSX, unprotected and undamaged .*File is not a zip file"),
        ("a.ods", b"", r"is none of \.csv, \.xlsx"),
    ],
)
def test_what_is_no_sheet_is_told(name: str, body: bytes, fault: str, tmp_path: Path) -> None:
    """Bytes that are no text, no workbook, or of another format are refused, with the line where there is one."""
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(SheetRefused, match=fault):
        read_sheet(path, COLUMNS)


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''-1", "+1", "@A1", "\uff1d1", "-", "'tis", "'", "a=b"])
def test_csv_has_no_formula_and_comes_back(text: str, tmp_path: Path) -> None:
    """What a spreadsheet would evaluate has an apostrophe before it, which is taken away again."""
    path = tmp_path / "sheet.csv"
    path.write_bytes(csv_bytes(COLUMNS, [["1", text, ""]]))
    assert f"1,{text}".encode() not in path.read_bytes() or text[0] not in "=+-@\uff1d"
    (row,) = read_sheet(path, COLUMNS).rows
    assert row.text("paraphrase") == text


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """Write a workbook of sheets with these rows; those are hidden whose names begin with an underscore."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name.startswith("_") else "visible"
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def repacked(path: Path, old: bytes, new: bytes) -> Path:
    """Write each part of a workbook anew, with other bytes in place of some."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert any(old in body for body in parts.values())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body.replace(old, new))
    return path


def test_the_sheet_that_has_rows_is_read(tmp_path: Path) -> None:
    """Sheets of notes and hidden ones are passed over, wherever they stand."""
    rows: list[list[object]] = [["statement"], ["7"]]
    path = workbook(tmp_path / "a.xlsx", _old=[["statement"], ["6"]], notes=[["My notes"]], rows=rows)
    assert [row.text("statement") for row in read_sheet(path, COLUMNS).rows] == ["7"]


def test_rows_beyond_the_size_that_a_workbook_tells_are_read(tmp_path: Path) -> None:
    """Some programs write too small a size."""
    path = workbook(tmp_path / "a.xlsx", rows=[["statement", "paraphrase"], ["7", "seven"]])
    repacked(path, b'<dimension ref="A1:B2"', b'<dimension ref="A1"')
    assert [row.text("paraphrase") for row in read_sheet(path, COLUMNS).rows] == ["seven"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            [["statement"], ["=1+1"]],
            "row 2, column statement, cell A2: the cell holds a formula, and not what it comes to",
        ),
        ([["statement"], ["#REF!"]], "row 2, column statement, cell A2: the cell holds an error"),
        ([["statement"], ["7", "=1+1"]], "row 2, cell B2: the cell holds a formula, and not what it comes to"),
    ],
)
def test_what_a_workbook_would_lose_is_told(rows: list[list[object]], fault: str, tmp_path: Path) -> None:
    """A formula that was never computed, and an error, are told, and not taken for a text."""
    sheet = read_sheet(workbook(tmp_path / "a.xlsx", rows=rows), COLUMNS)
    (told,) = [one.sentence() for one in sheet.faults]
    assert told.startswith(f"a.xlsx, {fault}")
    assert not [row for row in sheet.rows if row.text("statement") not in ("", "7")]


def test_rows_in_two_sheets_are_told(tmp_path: Path) -> None:
    """Those of the second one would be passed over."""
    path = workbook(tmp_path / "a.xlsx", a=[["statement"]], b=[["paraphrase"]])
    with pytest.raises(SheetRefused, match="has rows in several sheets: 'a', 'b'"):
        read_sheet(path, COLUMNS)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"</sheetData>", b"", "cannot be read as XLSX, unprotected and undamaged .ParseError"),
        (b"worksheets/sheet1.xml", b"worksheets/gone.xml", "the workbook has no visible sheet"),
        (b'r="2"', b'r="99999999"', "has more than 1048576 rows"),
        (b"</sheetData>", b" " * 500_000_000 + b"</sheetData>", "bytes when it is unpacked"),
    ],
)
def test_a_damaged_workbook_is_told(old: bytes, new: bytes, fault: str, tmp_path: Path) -> None:
    """Parts that are no XML, that lack sheets, or that would fill the memory."""
    path = repacked(workbook(tmp_path / "a.xlsx", a=[["statement"], ["7"]]), old, new)
    with pytest.raises(SheetRefused, match=fault):
        read_sheet(path, COLUMNS)


@pytest.mark.parametrize(("text", "fault"), [("\x07", "paraphrase of 1 has U+0007"), ("a" * 32768, "32768 characters")])
def test_what_no_workbook_can_hold_is_told(text: str, fault: str) -> None:
    """It is neither cut nor a fault of the library."""
    with pytest.raises(DataError, match=re.escape(fault)):
        xlsx_bytes(COLUMNS, [["1", text, ""]], {}, {})


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
