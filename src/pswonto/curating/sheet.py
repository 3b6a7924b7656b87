"""Spreadsheets: tables of texts read from CSV and XLSX, each cell with its address, and written to both."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pswonto.errors import Fault, SheetRefused

ENDINGS = (".csv", ".xlsx")
# What separates several values in one cell.
SEPARATOR = "; "
# Where the lists are that cells of a template offer, and how many rows of it offer them.
_LISTS, _ROWS = "values", 2000
_WIDTHS = {"paraphrase": 60, "sectionHeading": 30, "aboutTheme": 34, "citesWork": 26}


@dataclass(frozen=True)
class Cell:
    """A cell that holds something.

    Attributes:
        value: Its text, without blanks around it.
        address: Where it is, as spreadsheets say it: the letters of its column and the number of its row.
    """

    value: str
    address: str


@dataclass(frozen=True)
class Row:
    """A row that holds something.

    Attributes:
        number: Its number; the header is row 1.
        cells: Its cells by the names of their columns; an empty one is absent.
    """

    number: int
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return the text of a cell, empty where it is."""
        return self.cells[column].value if column in self.cells else ""


@dataclass(frozen=True)
class Sheet:
    """A table.

    Attributes:
        name: The name of its file.
        columns: For each column its letters, by its name.
        rows: Its rows.
    """

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Row]

    def address(self, row: Row, column: str) -> str:
        """Return the address of a cell, also of an empty one."""
        return f"{self.columns.get(column, '')}{row.number}"


def read_sheet(path: Path, known: Sequence[str]) -> Sheet:
    """Read a table whose first row names its columns.

    Args:
        path: A CSV file in UTF-8, with commas, semicolons or tabs between, or the first sheet of an XLSX file.
        known: The columns that there may be.

    Raises:
        SheetRefused: The file cannot be read, or has a column twice, or one that is not known.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise SheetRefused([Fault(path.name, f"the ending {ending!r} is none of {', '.join(ENDINGS)}")])
    try:
        records = list(_xlsx(path) if ending == ".xlsx" else _csv(path))
    except (OSError, UnicodeDecodeError, csv.Error, zipfile.BadZipFile, KeyError) as error:
        raise SheetRefused([Fault(path.name, f"cannot be read as {ending[1:].upper()}: {error}")]) from error
    header = [text.strip() for text in records[0]] if records else []
    faults = [
        Fault(
            path.name, f"{name!r} is no column; there are: {', '.join(known)}", 1, name, f"{letters(place)}1", name
        ).near(known)
        for place, name in enumerate(header)
        if name and name not in known
    ]
    faults += [
        Fault(path.name, "this column is there twice", 1, name, f"{letters(place)}1", name)
        for place, name in enumerate(header)
        if name and name in header[:place]
    ]
    if not any(header):
        faults.append(Fault(path.name, f"the first row names no column; there are: {', '.join(known)}", 1))
    if faults:
        raise SheetRefused(faults)
    columns = {name: letters(place) for place, name in enumerate(header) if name}
    rows = []
    for number, record in enumerate(records[1:], 2):
        cells = {
            name: Cell(text.strip(), f"{letters(place)}{number}")
            for place, (name, text) in enumerate(zip(header, record, strict=False))
            if name and text.strip()
        }
        beyond = [text for text in record[len(header) :] if text.strip()]
        if beyond:
            faults.append(Fault(path.name, f"{beyond[0]!r} stands in no column that has a name", number))
        if cells:
            rows.append(Row(number, cells))
    if faults:
        raise SheetRefused(faults)
    return Sheet(path.name, columns, rows)


def letters(place: int) -> str:
    """Return how spreadsheets name a column: A to Z, then AA.

    Args:
        place: Its place, from 0.
    """
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _csv(path: Path) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    # Spreadsheets of some languages write semicolons; paraphrases have commas, and column names have neither.
    delimiter = max(",;\t", key=first.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _xlsx(path: Path) -> Iterator[list[str]]:
    # It takes time to import, and only spreadsheets need it.
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(value) for value in row]
    finally:
        book.close()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def csv_bytes(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a table as CSV in UTF-8 (RFC 4180), marked so that spreadsheets read its letters right."""
    output = io.StringIO(newline="")
    csv.writer(output, lineterminator="\r\n").writerows([columns, *rows])
    return output.getvalue().encode("utf-8-sig")


def xlsx_bytes(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Mapping[str, str],
    lists: Mapping[str, Sequence[str]],
    several: Sequence[str] = (),
) -> bytes:
    """Return a table as XLSX, with a note on each column and drop-down lists of what its cells may hold.

    Args:
        columns: The names of the columns.
        rows: The rows.
        notes: What each column is for.
        lists: For some columns, what their cells may hold.
        several: The columns whose cells may hold several values, so that what is not in the list is let through.
    """
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    # A new workbook has one sheet.
    (sheet,) = book.worksheets
    sheet.title = "statements"
    values = book.create_sheet(_LISTS)
    for place, name in enumerate(columns):
        letter = letters(place)
        head = sheet[f"{letter}1"]
        head.value, head.font = name, Font(bold=True)
        if name in notes:
            head.comment = Comment(notes[name], "pswonto", width=320, height=120)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 18)
        for number, text in enumerate(lists.get(name, ()), 1):
            values[f"{letter}{number}"] = text
        if lists.get(name):
            offer = DataValidation(
                type="list",
                formula1=f"{_LISTS}!${letter}$1:${letter}${len(lists[name])}",
                allow_blank=True,
                showErrorMessage=name not in several,
                errorTitle=name,
                error="Take one of the list.",
            )
            offer.add(f"{letter}2:{letter}{max(_ROWS, len(rows) + 1)}")
            sheet.add_data_validation(offer)
    for number, row in enumerate(rows, 2):
        for place, text in enumerate(row):
            cell = sheet[f"{letters(place)}{number}"]
            # A text that begins with an equals sign is no formula.
            cell.value, cell.data_type = (text, "s") if text else (None, "n")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    values.sheet_state = "hidden"
    sheet.freeze_panes = "A2"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
