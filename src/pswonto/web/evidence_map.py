"""The evidence map: how much is cited for each sub-theme, by direction, country and period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from urllib.parse import urlencode

from pswonto.errors import ParameterError, nearest
from pswonto.explorer import Explorer
from pswonto.models import Factor, Reference, SubTheme, Value
from pswonto.questions import SUBTHEMES

Unit = Literal["studies", "statements"]
# What columns can be chosen, with what the stored query calls them.
BLOCKS: Mapping[str, str] = {"direction": "polarity", "year": "period", "country": "country"}
# What they are called on the page.
LABELS = {"direction": "direction", "year": "period", "country": "country"}
SHADES = 8
_BAR = 72
_SIDES = ("barrier", "enabler")


@dataclass(frozen=True)
class Cell:
    """A number of the map.

    Attributes:
        count: The number.
        href: Where exactly what it counts is listed.
        shade: How dark it is, from 1 to 8; 0 where the number is 0.
        bar: How long its bar is, where it has one.
        side: On which side of the axis that is.
    """

    count: int
    href: str
    shade: int
    bar: int = 0
    side: str = ""


@dataclass(frozen=True)
class Block:
    """Columns that belong together.

    Attributes:
        name: What they are.
        columns: The columns.
        text: The query that their numbers answer.
    """

    name: str
    columns: Sequence[Value]
    text: str


@dataclass(frozen=True)
class Row:
    """A sub-theme.

    Attributes:
        subtheme: The sub-theme.
        total: How much is cited for it at all.
        cells: Its numbers, in the order of the columns.
        factor: Its factor, in the first row of those of the factor that stand together, with how many those are.
        level: Its level, likewise.
    """

    subtheme: SubTheme
    total: Cell
    cells: Sequence[Cell]
    factor: tuple[Factor, Cell, int] | None
    level: tuple[Reference, int] | None


@dataclass(frozen=True)
class Option:
    """A choice of what the map shows, where a link stands for the form.

    Attributes:
        label: What it is called.
        href: Where the map is with this choice made, or undone; nothing where it cannot be undone.
        is_set: Whether it is made.
    """

    label: str
    href: str | None
    is_set: bool


@dataclass(frozen=True)
class Map:
    """The map.

    Attributes:
        unit: What is counted.
        blocks: The columns.
        rows: The sub-themes.
        text: The query that the totals answer.
        without: For each direction the sub-themes that nothing of it is cited for.
    """

    unit: Unit
    blocks: Sequence[Block]
    rows: Sequence[Row]
    text: str
    without: Mapping[str, Sequence[SubTheme]]


def chosen(parameters: Sequence[tuple[str, str]]) -> tuple[Unit, tuple[str, ...], bool]:
    """Return what the parameters of a request choose: what is counted, the columns, and whether to sort by totals.

    Args:
        parameters: The parameters: `unit`, `cols` (once with commas, or several times), `sort`.

    Raises:
        ParameterError: A parameter is unknown or does not fit.
    """
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        if name not in ("unit", "cols", "sort"):
            known = ("unit", "cols", "sort")
            raise ParameterError(name, f"is not known; there are: {', '.join(known)}", nearest(name, known))
        given.setdefault(name, []).extend(value.split(",") if name == "cols" else [value])
    for name, offered in (
        ("unit", ("studies", "statements")),
        ("cols", tuple(BLOCKS)),
        ("sort", ("framework", "total")),
    ):
        if len(given.get(name, ())) > 1 and name != "cols":
            raise ParameterError(name, "may be given once only")
        for value in given.get(name, ()):
            if value not in offered:
                raise ParameterError(
                    name, f"must be one of {', '.join(offered)}, not {value!r}", nearest(value, offered)
                )
    columns = tuple(name for name in BLOCKS if name in given.get("cols", BLOCKS))
    unit: Unit = "statements" if given.get("unit") == ["statements"] else "studies"
    return unit, columns, given.get("sort") == ["total"]


def variants(unit: Unit, columns: Sequence[str], by_total: bool) -> dict[str, list[Option]]:
    """Return the choices by what they are about, each with the map that differs in this one.

    Args:
        unit: What is counted.
        columns: Which columns there are.
        by_total: Whether the rows are in the order of their totals.
    """

    def href(unit: Unit = unit, columns: Sequence[str] = columns, by_total: bool = by_total) -> str:
        pairs = [("unit", unit), *(("cols", name) for name in columns), ("sort", "total" if by_total else "framework")]
        return f"/map?{urlencode(pairs)}"

    toggled = {name: [other for other in BLOCKS if (other in columns) != (other == name)] for name in BLOCKS}
    units: tuple[Unit, ...] = ("studies", "statements")
    return {
        "Count": [Option(one, href(unit=one), one == unit) for one in units],
        # A map without columns is asked for as one with all.
        "Columns": [
            Option(label, href(columns=toggled[name]) if toggled[name] else None, name in columns)
            for name, label in LABELS.items()
        ],
        "Order": [
            Option("of the framework", href(by_total=False), not by_total),
            Option("largest first", href(by_total=True), by_total),
        ],
    }


def evidence_map(explorer: Explorer, unit: Unit, columns: Sequence[str], by_total: bool) -> Map:
    """Return the map.

    Args:
        explorer: The explorer that answers.
        unit: What is counted.
        columns: Which columns it has.
        by_total: Whether the rows are in the order of their totals, in place of that of the framework.
    """
    subthemes = list(explorer.subthemes())
    if by_total:
        subthemes.sort(key=lambda subtheme: -_total(subtheme, unit))
    most = max((_total(subtheme, unit) for subtheme in subthemes), default=0)
    blocks, numbers = [], {}
    for name in columns:
        values: dict[str, list[str]] = {"rows": ["subthemes"], "columns": [BLOCKS[name]], "unit": [unit]}
        matrix = explorer.matrix_of(values)
        counts = {(cell.row, cell.column): cell.count for cell in matrix.cells}
        in_order = matrix.columns
        if name == "direction":
            # Those that have a side come first.
            rank = {slug: number for number, slug in enumerate(_SIDES)}
            in_order = tuple(sorted(matrix.columns, key=lambda column: rank.get(column.value, len(rank))))
        elif name == "country":
            # A region counts for its country, by whose code its own begins (ISO 3166-2).
            countries = (column for column in matrix.columns if "-" not in column.value)
            in_order = tuple(sorted(countries, key=lambda column: column.label))
        blocks.append(Block(name, in_order, explorer.bind(explorer.query("matrix"), values)))
        numbers[name] = (counts, max(counts.values(), default=0))

    def cells(subtheme: SubTheme) -> list[Cell]:
        row = []
        for block in blocks:
            counts, largest = numbers[block.name]
            for column in block.columns:
                count = counts.get((subtheme.slug, column.value), 0)
                side = column.value if block.name == "direction" and column.value in _SIDES else ""
                href = _href(unit, ("subtheme", subtheme.slug), *_filters(block.name, column.value))
                bar = round(count / largest * _BAR) if side and largest else 0
                row.append(Cell(count, href, _shade(count, most), bar, side))
        return row

    rows = _grouped(explorer, subthemes, unit, most, [cells(subtheme) for subtheme in subthemes])
    polarity = explorer.matrix(rows="subthemes", columns="polarity", unit=unit)
    there = {(cell.row, cell.column) for cell in polarity.cells}
    without = {
        side: [subtheme for subtheme in explorer.subthemes() if (subtheme.slug, side) not in there] for side in _SIDES
    }
    return Map(unit, blocks, rows, explorer.text(SUBTHEMES, {}), without)


def _grouped(
    explorer: Explorer, subthemes: Sequence[SubTheme], unit: Unit, most: int, cells: Sequence[Sequence[Cell]]
) -> list[Row]:
    factors = {factor.slug: factor for factor in explorer.factors()}
    by_factor = _spans([subtheme.sub_theme_of.slug for subtheme in subthemes])
    by_level = _spans([subtheme.at_level.slug for subtheme in subthemes])
    rows = []
    for place, subtheme in enumerate(subthemes):
        total = _total(subtheme, unit)
        factor = factors[subtheme.sub_theme_of.slug]
        own = _total(factor, unit)
        of_factor = Cell(own, _href(unit, ("factor", factor.slug)), 0)
        rows.append(
            Row(
                subtheme,
                Cell(total, _href(unit, ("subtheme", subtheme.slug)), _shade(total, most)),
                cells[place],
                (factor, of_factor, by_factor[place]) if place in by_factor else None,
                (subtheme.at_level, by_level[place]) if place in by_level else None,
            )
        )
    return rows


def _spans(names: Sequence[str]) -> dict[int, int]:
    """Return where each run of equal names begins, and how long it is."""
    spans, place = {}, 0
    for _, run in groupby(names):
        spans[place] = len(list(run))
        place += spans[place]
    return spans


def _total(thing: SubTheme | Factor, unit: Unit) -> int:
    return thing.study_count if unit == "studies" else thing.statement_count


def _shade(count: int, largest: int) -> int:
    return -(-count * SHADES // largest) if largest else 0


def _href(unit: Unit, *filters: tuple[str, str]) -> str:
    return f"/{unit}?{urlencode(filters)}"


def _filters(block: str, value: str) -> list[tuple[str, str]]:
    if block == "year":
        first, _, last = value.partition("-")
        return [("yearFrom", first), ("yearTo", last)]
    return [(BLOCKS[block], value)]


def table_of(map_: Map) -> tuple[list[str], list[list[str]]]:
    """Return the map as the header and the rows of a plain table."""
    header = ["level", "factor", "subtheme", map_.unit]
    header += [column.label for block in map_.blocks for column in block.columns]
    rows = [
        [
            row.subtheme.at_level.label,
            row.subtheme.sub_theme_of.label,
            row.subtheme.label,
            *(str(cell.count) for cell in (row.total, *row.cells)),
        ]
        for row in map_.rows
    ]
    return header, rows
