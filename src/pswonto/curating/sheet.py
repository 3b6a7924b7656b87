"""Spreadsheets: tables of texts read from CSV and XLSX, each cell with its address, and written to both."""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pswonto.curating.plain_text import decoded, unfit
from pswonto.errors import DataError, Fault, Finding, SheetRefused

ENDINGS = (".csv", ".xlsx")
# What separates several values in one cell.
SEPARATOR = "; "
# Where the lists are that cells of a template offer, and how many rows of it offer them.
_LISTS, _ROWS = "values", 2000
# What a cell, and a sheet, of a spreadsheet can hold, and how large a workbook may be when it is unpacked.
_LONGEST, _LOWEST, _LARGEST = 32_767, 1_048_576, 500_000_000
# What spreadsheets take for a formula in CSV; an apostrophe before it is written, and taken away again.
_FORMULA = re.compile("'*[=+@\\-\t\r\uff1d\uff0b\uff20\uff0d]")
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
        faults: What is wrong with names of columns, and with cells whatever their column is.
    """

    name: str
    columns: Mapping[str, str]
    rows: Sequence[Row]
    faults: Sequence[Fault] = ()

    def address(self, row: Row, column: str) -> str:
        """Return the address of a cell, also of an empty one; it is empty where the sheet has no such column."""
        return f"{self.columns[column]}{row.number}" if column in self.columns else ""


def read_sheet(path: Path, known: Sequence[str]) -> Sheet:
    """Read a table whose first row names its columns.

    Args:
        path: A CSV file in UTF-8, with commas, semicolons or tabs between, or an XLSX file, of which the sheet is read
            whose first row names a column; what is hidden is not.
        known: The columns that there may be.

    Returns:
        The table. Among its faults are a column that is there twice or is not known, and a cell that holds what no
        spreadsheet can write, a formula that has not been computed, or an error.

    Raises:
        SheetRefused: The file cannot be read, or its first row names no column.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise SheetRefused([Fault(path.name, f"the ending {ending!r} is none of {', '.join(ENDINGS)}")])
    faults: list[Fault] = []
    records = list(_xlsx(path, known, faults) if ending == ".xlsx" else _csv(path))
    header = [text.strip() for text in records[0]] if records else []
    if not any(header):
        fault = f"the first row names no column; there are: {', '.join(known)}"
        raise SheetRefused([Fault(path.name, fault, 1), *faults])
    faults += [
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
    columns = {name: letters(place) for place, name in enumerate(header) if name}
    rows = []
    for number, record in enumerate(records[1:], 2):
        cells = {
            name: Cell(text.strip(), f"{letters(place)}{number}")
            for place, (name, text) in enumerate(zip(header, record, strict=False))
            if name and text.strip()
        }
        for name, cell in cells.items():
            stray = unfit(cell.value)
            if stray is None and len(cell.value) > _LONGEST:
                stray = f"{len(cell.value)} characters, and a cell has at most {_LONGEST}"
            if stray:
                faults.append(Fault(path.name, f"the cell holds {stray}", number, name, cell.address, cell.value))
        beyond = [text for text in record[len(header) :] if text.strip()]
        if beyond:
            faults.append(Fault(path.name, f"{beyond[0]!r} stands in no column that has a name", number))
        if cells:
            rows.append(Row(number, cells))
    return Sheet(path.name, columns, rows, faults)


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
    text = decoded(path)
    first = text.partition("\n")[0]
    # Spreadsheets of some languages write semicolons; paraphrases have commas, and column names have neither.
    delimiter = max(",;\t", key=first.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row, line = 1, 1
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            # A quotation mark that is not closed takes all that follows into its cell.
            fault = (
                f"the row that begins in line {line} cannot be read as CSV: {error}; are its quotation marks closed?"
            )
            raise SheetRefused([Fault(path.name, fault, row)]) from error
        yield [cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell for cell in record]
        row, line = row + 1, records.line_num + 1


def _xlsx(path: Path, known: Sequence[str], faults: list[Fault]) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > _LARGEST:
            fault = f"has {size} bytes when it is unpacked; a workbook may have {_LARGEST}"
            raise SheetRefused([Fault(path.name, fault)])
        yield from _cells(path, known, faults)
    except SheetRefused:
        raise
    except OSError as error:
        raise SheetRefused([Fault(path.name, f"cannot be read: {error.strerror}")]) from error
    except Exception as error:  # what a damaged workbook makes the libraries raise is of no one kind
        fault = f"cannot be read as XLSX, unprotected and undamaged ({type(error).__name__}: {error}): save it as that"
        raise SheetRefused([Fault(path.name, fault)]) from error


def _cells(path: Path, known: Sequence[str], faults: list[Fault]) -> Iterator[list[str]]:
    """Yield the texts of each row, and note those cells whose text nobody can know."""
    # It takes time to import, and only spreadsheets need it.
    from openpyxl import load_workbook

    # A formula is in the one, and what it came to in the other.
    with (
        closing(load_workbook(path, read_only=True, data_only=True)) as values,
        closing(load_workbook(path, read_only=True)) as formulas,
    ):
        place = _place_of_sheet(path.name, values, known)
        sheets = [book.worksheets[place] for book in (values, formulas)]
        for sheet in sheets:
            # Some programs write too small a size, and what is beyond would be passed over.
            sheet.reset_dimensions()
        header: list[str] = []
        for number, (row, written) in enumerate(zip(*(sheet.iter_rows() for sheet in sheets), strict=True), 1):
            if number > _LOWEST:
                raise SheetRefused([Fault(path.name, f"has more than {_LOWEST} rows")])
            texts = [_text(cell.value) for cell in row]
            header = header or texts
            for place, (cell, formula) in enumerate(zip(row, written, strict=True)):
                fault = "the cell holds an error" if cell.data_type == "e" else None
                if formula.data_type == "f" and cell.value is None:
                    fault = "the cell holds a formula, and not what it comes to: write that"
                if fault:
                    column, address = "".join(header[place : place + 1]).strip(), f"{letters(place)}{number}"
                    faults.append(Fault(path.name, fault, number, column or None, address, str(formula.value)))
                    texts[place] = ""
            yield texts


def _place_of_sheet(name: str, book: Any, known: Sequence[str]) -> int:
    """Return which of the sheets of a workbook has the rows."""
    visible = [place for place, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible"]
    if not visible:
        raise SheetRefused([Fault(name, "the workbook has no visible sheet of cells")])
    named = []
    for place in visible:
        book.worksheets[place].reset_dimensions()
        header = next(book.worksheets[place].iter_rows(max_row=1, values_only=True), ())
        if any(_text(value).strip() in known for value in header):
            named.append(place)
    if len(named) > 1:
        titles = ", ".join(repr(book.worksheets[place].title) for place in named)
        raise SheetRefused([Fault(name, f"has rows in several sheets: {titles}; put all in one, or hide the others")])
    return (named or visible)[0]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def csv_bytes(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a table as CSV in UTF-8 (RFC 4180), marked so that spreadsheets read its letters right.

    What a spreadsheet would take for a formula gets an apostrophe before it, which is taken away when it is read.
    """
    output = io.StringIO(newline="")
    guarded = [[f"'{text}" if _FORMULA.match(text) else text for text in row] for row in rows]
    csv.writer(output, lineterminator="\r\n").writerows([columns, *guarded])
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

    Raises:
        DataError: A text has what no cell of a workbook can hold.
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
            stray = unfit(text) or (f"{len(text)} characters" if len(text) > _LONGEST else None)
            if stray:
                fault = f"{columns[place]} of {row[0]} has {stray}, which no cell of a workbook can hold: write CSV"
                raise DataError([Finding("export", "Violation", fault)])
            cell = sheet[f"{letters(place)}{number}"]
            # A text that begins with an equals sign is no formula.
            cell.value, cell.data_type = (text, "s") if text else (None, "n")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    values.sheet_state = "hidden"
    sheet.freeze_panes = "A2"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
