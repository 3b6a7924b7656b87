"""The rows of a spreadsheet read as statements, with all that is wrong with them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pswonto.curating.coding import BY_NAME, COLUMNS, PROPERTIES, Coded, Column, Known, Place
from pswonto.curating.sheet import SEPARATOR, Row, Sheet
from pswonto.errors import Fault
from pswonto.namespaces import local_name

# A number of a paragraph, and no more digits than any review has.
_ORDINAL = re.compile(r"0*[1-9][0-9]{0,5}")
# How many words a paraphrase may have.
_WORDS = 40


@dataclass
class Reading:
    """The rows of a sheet, while they are read.

    Attributes:
        sheet: The sheet.
        known: What the data has.
        anywhere: Whether a statement may stand in a passage that the data does not have.
        faults: What is wrong, so far.
    """

    sheet: Sheet
    known: Known
    anywhere: bool
    faults: list[Fault] = field(default_factory=list)

    def coded(self, advance: Callable[[], object] = lambda: None) -> list[Coded]:
        """Read all rows, and note all that is wrong.

        Args:
            advance: What is called after each row.

        Returns:
            The statements of those rows that nothing is wrong with.
        """
        found: list[Coded] = []
        seen: dict[object, int] = {}
        # Where the name of a column is wrong, no row is whole.
        broken = {fault.row for fault in self.sheet.faults}
        for row in self.sheet.rows:
            before = len(self.faults)
            one = self._row(row)
            advance()
            if len(self.faults) > before or not broken.isdisjoint((1, row.number)):
                continue
            key = one.statement or (one.place, one.text())
            if key in seen:
                self._fault(row, "statement", f"this is the statement of row {seen[key]} again", row.text("statement"))
                continue
            seen[key] = row.number
            found.append(one)
        return found

    @cached_property
    def _told(self) -> set[str | None]:
        """The cells that the sheet has told a fault of; none stands for those of a column that it may have misnamed."""
        cells: set[str | None] = {fault.cell for fault in self.sheet.faults if fault.cell}
        return cells | {None for fault in self.sheet.faults if fault.row == 1}

    @cached_property
    def _by_text(self) -> dict[tuple[Place | None, str], str | None]:
        return {(one.place, one.text()): one.statement for one in self.known.statements.values()}

    def _fault(self, row: Row, column: str, message: str, value: str = "", names: Iterable[str] = ()) -> None:
        address = self.sheet.address(row, column) or None
        if address in self._told:
            return
        fault = Fault(self.sheet.name, message, row.number, column, address, value or None)
        self.faults.append(fault.near(names) if names else fault)

    def _row(self, row: Row) -> Coded:
        values = {name: self._values(row, BY_NAME[name]) for name in PROPERTIES if name in self.sheet.columns}
        statement = self._statement(row)
        old = self.known.statements.get(statement) if statement else None
        has_place = any(row.text(name) for name in ("sectionHeading", "paragraphOrdinal"))
        place = old.place if old is not None and not has_place else self._place(row)
        if statement is None:
            # A row without a number that says what a statement says, at the same place, is that statement.
            statement = self._by_text.get((place, Coded(None, place, values).text()))
            old = self.known.statements.get(statement) if statement else None
        for column in COLUMNS if old is None else ():
            if column.required and not row.text(column.name):
                self._fault(row, column.name, f"a new statement must have {column.name}")
        words = len(row.text("paraphrase").split())
        if words > _WORDS:
            message = f"the paraphrase has {words} words; at most {_WORDS}"
            self._fault(row, "paraphrase", message, row.text("paraphrase"))
        for name, had in (old.values if old is not None else {}).items():
            column = BY_NAME[name]
            emptied = name in self.sheet.columns and column.several and not column.required
            # What the sheet has no column for, or leaves empty although there must be something, stays.
            if name in PROPERTIES and not values.get(name) and not emptied:
                values[name] = had
        differs = {name for name in PROPERTIES if old is None or _of(values, name) != _of(old.values, name)}
        # A row that was taken in already has the activity from before, and the check that was taken back with it.
        if differs != {"codedIn"} or old is None or place != old.place:
            self._checks(row, old)
        return Coded(statement, place, {name: texts for name, texts in values.items() if texts}, row)

    def _statement(self, row: Row) -> str | None:
        text = row.text("statement")
        if not text:
            return None
        slugs = {local_name(iri): iri for iri in self.known.statements}
        # Spreadsheets take the zeros away from 0001.
        iri = slugs.get(text) or slugs.get(text.zfill(4))
        if iri is None:
            self._fault(row, "statement", f"there is no statement {text!r}; leave it empty for a new one", text, slugs)
        return iri

    def _values(self, row: Row, column: Column) -> tuple[str, ...]:
        text = row.text(column.name)
        parts = [part.strip() for part in text.split(SEPARATOR.strip())] if column.several else [text]
        found: list[str] = []
        for part in filter(None, parts):
            value: str | None = part
            if column.kind:
                value = self.known.find(column.kind, part)
                if value is None:
                    kind = column.kind
                    self._fault(row, column.name, f"{part!r} is no {kind}", part, self.known.choices(kind))
            elif column.texts and part not in column.texts:
                message = f"{part!r} is none of {', '.join(column.texts)}"
                self._fault(row, column.name, message, part, column.texts)
            if value is not None and value in found:
                self._fault(row, column.name, f"{part!r} is there twice", part)
            if value is not None:
                found.append(value)
        return tuple(sorted(found)) if column.several else tuple(found)

    def _place(self, row: Row) -> Place | None:
        reviews = self.known.iris("review")
        given = row.text("review")
        review = self.known.find("review", given) if given else reviews[0] if len(reviews) == 1 else None
        if review is None:
            message = f"{given!r} is no review" if given else f"there are {len(reviews)} reviews: say which"
            self._fault(row, "review", message, given, self.known.choices("review"))
            return None
        heading, number = row.text("sectionHeading"), row.text("paragraphOrdinal")
        there = {place for place in self.known.passages if place.review == review}
        headings = {place.heading.casefold(): place.heading for place in there}
        headings |= {place.heading: place.heading for place in there}
        heading = headings.get(heading) or headings.get(heading.casefold(), heading)
        is_there = heading in headings.values()
        if heading and not is_there and not self.anywhere:
            message = f"the review has no section {heading!r} here; --new-passages adds it"
            self._fault(row, "sectionHeading", message, heading, headings.values())
        if not _ORDINAL.fullmatch(number):
            if number:
                self._fault(row, "paragraphOrdinal", f"{number!r} is no whole number from 1", number)
            return None
        place = Place(review, heading, int(number))
        if place in there or self.anywhere or not heading:
            return place
        if is_there:
            last = max(one.paragraph for one in there if one.heading == place.heading)
            message = f"the section has {last} paragraphs here; --new-passages adds another"
            self._fault(row, "paragraphOrdinal", message, number)
        return None

    def _checks(self, row: Row, old: Coded | None) -> None:
        has = {name: "".join(old.values.get(name, ())) if old else "" for name in ("checkedBy", "checkedOn")}
        for name in has:
            given = row.text(name)
            parts = sorted(part.strip() for part in given.split(SEPARATOR.strip())) if given else []
            said = tuple(parts) if name == "checkedBy" else (given,) if given else ()
            if given and said != (old.values.get(name, ()) if old else ()):
                message = "who has checked a statement is written by pswonto review, and not by a sheet"
                self._fault(row, name, message, given)


def _of(values: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    return values.get(name, ())
