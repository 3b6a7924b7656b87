"""A list as a page shows it: its filters with what each would leave, its orders, and the pages around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pswonto.explorer import Explorer
from pswonto.questions import (
    ACTIVITIES,
    ANOMALIES,
    GAPS,
    IMPLICATIONS,
    INFLUENCES,
    JURISDICTIONS,
    REVIEWS,
    STATEMENTS,
    STUDIES,
    WORKS,
    Question,
)
from pswonto.web.parameters import Part
from pswonto.web.representation import REFERENCES, TABLES, formats_of

Pairs = Sequence[tuple[str, str]]
# For each list that has a page: the heads of its columns, each with the member to sort by, where there is one.
COLUMNS: Mapping[str, tuple[Question[Any], Sequence[tuple[str, str | None]]]] = {
    question.name: (question, columns)
    for question, columns in (
        (
            STATEMENTS,
            (
                ("Direction", "hasPolarity"),
                ("About", "aboutTheme"),
                ("What the review says, in our words", "paraphrase"),
                ("Credited to", None),
                ("Where", None),
                ("Confidence", "confidence"),
                ("Checked", None),
            ),
        ),
        (
            STUDIES,
            (("Study", "label"), ("Year", "publicationYear"), ("Title", "title"), ("What it is cited for", None)),
        ),
        (
            WORKS,
            (("Work", "label"), ("Year", "publicationYear"), ("Title", "title"), ("Type", "type"), ("Evidence", None)),
        ),
        (
            INFLUENCES,
            (
                ("From", "hasSource"),
                ("To", "hasTarget"),
                ("Direction", "direction"),
                ("In the table", None),
                ("Argued by", None),
            ),
        ),
        (
            JURISDICTIONS,
            (
                ("Name", "label"),
                ("Code", "isoCode"),
                ("Studies conducted there", "studyCount"),
                ("Statements that name it", "statementCount"),
            ),
        ),
        (
            ANOMALIES,
            (
                ("Kind", "hasAnomalyKind"),
                ("As printed", None),
                ("What is wrong, and what was likely meant", None),
                ("How sure", "resolution"),
            ),
        ),
        (
            REVIEWS,
            (
                ("Review", "label"),
                ("Year", "publicationYear"),
                ("Title", None),
                ("Studies", "studyCount"),
                ("Statements", "statementCount"),
                ("Checked", None),
            ),
        ),
        (
            ACTIVITIES,
            (
                ("What", "label"),
                ("Who", "creator"),
                ("When", "date"),
                ("How", None),
                ("Statements", "statementCount"),
                ("Checked", None),
            ),
        ),
        (GAPS, (("What is missing", None), ("Level", None), ("Theme", None), ("Where", None))),
        (
            IMPLICATIONS,
            (
                ("For", "addressee"),
                ("What the authors recommend", None),
                ("Level", None),
                ("Theme", None),
                ("Where", None),
            ),
        ),
    )
}
# The filters whose values have an order of their own; the values of others are told by how many items they leave.
_IN_ORDER = ("level", "factor", "subtheme", "source", "target")
# The files of a filtered list that become files of an export: the rest would be many times as many as the pages.
OF_PARTS = ("csv", "bib", "ris")
# What filters are called, where their own name says less.
_NAMES = {
    "level": "Level",
    "factor": "Factor",
    "subtheme": "Sub-theme",
    "polarity": "Direction",
    "yearFrom": "Published from",
    "yearTo": "Published to",
    "q": "Words",
    "isStudy": "Is evidence",
    "checked": "Checked by a person",
    "method": "Coded by",
    "activity": "Coded in",
    "citedInResults": "Cited in the Results",
}


@dataclass(frozen=True)
class Chip:
    """A filter that is set.

    Attributes:
        name: What it is called.
        value: What it is set to.
        without: The path of the list without it.
    """

    name: str
    value: str
    without: str


@dataclass(frozen=True)
class Choice:
    """What a filter can be set to.

    Attributes:
        label: The value.
        count: How many items would be left.
        href: The path of the list with it, or without it where it is set.
        is_set: Whether it is set.
    """

    label: str
    count: int
    href: str
    is_set: bool


@dataclass(frozen=True)
class Head:
    """The head of a column.

    Attributes:
        label: What it says.
        href: The path of the list in its order, or in the other direction where it has that.
        order: The order that it has by it (`ascending`, `descending`), or nothing.
    """

    label: str
    href: str | None
    order: str | None


@dataclass(frozen=True)
class Listing:
    """A list as a page shows it.

    Attributes:
        name: Its name.
        path: Its path.
        part: The items.
        chips: The filters that are set.
        choices: For each filter that has few values, these.
        heads: The heads of the columns.
        around: The pages around, by their relation.
        downloads: Its formats, each with the path of the whole list as a file.
        json: The path of the same page for programs.
        hidden: The parameters that a form for words and years must keep.
        texts: The filters of that form, with their values.
    """

    name: str
    path: str
    part: Part
    chips: Sequence[Chip]
    choices: Mapping[str, Sequence[Choice]]
    heads: Sequence[Head]
    around: Mapping[str, str]
    downloads: Mapping[str, str]
    json: str
    hidden: Pairs
    texts: Mapping[str, str]


def listing(
    explorer: Explorer, question: Question[Any], part: Part, parameters: Pairs, most: int, exported: bool = False
) -> Listing:
    """Return a list as a page shows it.

    Args:
        explorer: The explorer that answers.
        question: The question that has the list for an answer.
        part: The items.
        parameters: The parameters of the request.
        most: How many items a file may have.
        exported: Whether the page becomes a file: each filter alone leads on from there, and none from that.
    """
    path, base = path_of(question.name), f"/api/v1/{question.name}"
    names = {parameter.name: parameter for parameter in explorer.query(question.name).parameters}
    stays = [(name, value) for name, value in parameters if name != "cursor"]
    filters = [(name, value) for name, value in stays if name in names]
    order = dict(stays).get("sort", "")

    def href(pairs: Pairs) -> str:
        return path + (f"?{urlencode(pairs)}" if pairs else "")

    chips = [
        Chip(
            _name(name),
            _label(explorer, names[name].kinds, value),
            href([pair for pair in stays if pair != (name, value)]),
        )
        for name, value in dict.fromkeys(filters)
    ]
    choices = {}
    is_last = exported and bool(filters)
    for name, facets in ({} if is_last else explorer.facets(question, part.values)).items():
        others = [pair for pair in stays if pair[0] != name]
        choices[_name(name)] = [
            Choice(
                facet.label,
                facet.count,
                href(others if (name, facet.value) in filters else [*others, (name, facet.value)]),
                (name, facet.value) in filters,
            )
            for facet in (facets if name in _IN_ORDER else sorted(facets, key=lambda facet: -facet.count))
        ]
    unsorted = [pair for pair in stays if pair[0] != "sort"]
    heads = []
    for label, member in COLUMNS[question.name][1]:
        other = f"-{member}" if order == member else member
        told = {member: "ascending", f"-{member}": "descending"}.get(order) if member else None
        leads = href([*unsorted, ("sort", other)]) if other and not exported else None
        heads.append(Head(label, leads, told))
    around = {
        relation: href([*stays, *([("cursor", cursor)] if cursor else [])])
        for relation, cursor in part.page.cursors.items()
    }
    files = [*TABLES, *(REFERENCES if set(REFERENCES) <= set(formats_of(question.model)) else ()), "ttl", "jsonld"]
    query = urlencode([*[pair for pair in stays if pair[0] != "limit"], ("limit", str(most))])
    if is_last:
        files = [name for name in files if name in OF_PARTS]
    texts = [name for name, parameter in names.items() if name in ("q", "yearFrom", "yearTo") and not exported]
    return Listing(
        question.name,
        path,
        part,
        chips,
        choices,
        heads,
        around,
        {name: f"{base}.{name}?{query}" for name in files},
        base + (f"?{urlencode(parameters)}" if parameters else "") if not is_last else "",
        [pair for pair in stays if pair[0] not in texts],
        {name: dict(filters).get(name, "") for name in texts},
    )


def path_of(name: str) -> str:
    """Return the path of the page of a list."""
    # The document about the module of works is at /works.
    return "/references" if name == WORKS.name else f"/{name}"


def _name(filter_: str) -> str:
    return _NAMES.get(filter_, filter_.capitalize())


def _label(explorer: Explorer, kinds: Sequence[str], value: str) -> str:
    named = explorer.named(kinds, value) if kinds else None
    return explorer.things.label(named) if named else value
