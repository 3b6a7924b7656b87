"""The spreadsheet of coded statements: its columns, and what their cells may hold."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pswonto.curating.sheet import SEPARATOR, Row
from pswonto.namespaces import Names, local_name
from pswonto.naming import Selecting, names_of
from pswonto.queries import QueryLibrary

_ORCID = re.compile(r"(?:https://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        name: Its name, which is that of the property where it is one.
        note: What it is for.
        kind: The kind of thing that its cells name, where they name one.
        several: Whether a cell may hold several, with a semicolon between.
        required: Whether a new statement must have it.
        texts: What its cells may hold, where that is a text of a few.
    """

    name: str
    note: str
    kind: str = ""
    several: bool = False
    required: bool = False
    texts: tuple[str, ...] = ()


COLUMNS = (
    Column("statement", "The number of a statement that is there already, such as 0001. Leave it empty for a new one."),
    Column("review", "The review that makes it. It may be left empty where there is only one.", "review"),
    Column("sectionHeading", "The heading of its paragraph, as the review prints it.", required=True),
    Column("paragraphOrdinal", "Which paragraph below that heading, counted from 1.", required=True),
    Column("paraphrase", "What it says, in your own words, at most 40 of them. Copy no sentence.", required=True),
    Column("hasPolarity", "Whether it hinders, helps, helps under a condition, or neither.", "polarity", required=True),
    Column("aboutTheme", "The one theme that it is about, at the finest grain that fits.", "theme", required=True),
    Column("alsoAbout", "Further themes that it speaks of.", "theme", several=True),
    Column("citesWork", "The works that the review credits with it: keys, with ; between.", "work", True, True),
    Column("namesJurisdiction", "Countries and regions that it names.", "jurisdiction", several=True),
    Column("supportsInfluence", "Influences that it argues for.", "influence", several=True),
    Column("confidence", "How sure the coding is.", required=True, texts=("high", "medium", "low")),
    Column(
        "codedIn",
        "The activity that coded it. It is written by pswonto import; leave it empty for what is new.",
        "activity",
    ),
    Column("checkedBy", "Who has checked it. It is written by pswonto review, and not here.", several=True),
    Column("checkedOn", "When. It is written by pswonto review, and not here."),
)
NAMES = tuple(column.name for column in COLUMNS)
# Those whose cells become triples of the statement as they are.
PROPERTIES = (
    "paraphrase",
    "hasPolarity",
    "aboutTheme",
    "alsoAbout",
    "citesWork",
    "namesJurisdiction",
    "supportsInfluence",
    "confidence",
    "codedIn",
)
BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True)
class Place:
    """A paragraph of a review.

    Attributes:
        review: The IRI of the review.
        heading: The heading above it.
        paragraph: Its number below that.
    """

    review: str
    heading: str
    paragraph: int


@dataclass(frozen=True)
class Passage:
    """A paragraph that the data has.

    Attributes:
        iri: Its IRI.
        place: Where it is.
        section: The main section that it belongs to.
        reading: Its place in the order of the review.
        is_compared: Whether its words and its citations were compared with a text of the review.
        citations: How many citations it has.
    """

    iri: str
    place: Place
    section: str
    reading: int
    is_compared: bool
    citations: int


@dataclass(frozen=True)
class Coded:
    """A statement, as a row has it.

    Attributes:
        statement: Its IRI, where it is there already.
        place: Where the review makes it.
        values: For each property that the sheet has a column for, its values: IRIs, or a text.
        row: The row, or nothing where it is what the data has.
    """

    statement: str | None
    place: Place | None
    values: Mapping[str, tuple[str, ...]]
    row: Row | None = None

    def text(self) -> str:
        """Return its paraphrase without what two writings of it may differ in."""
        return " ".join("".join(self.values.get("paraphrase", ())).casefold().split())


class Known:
    """What the data has that a row can name.

    Args:
        store: The data, as its files assert it.
        queries: The queries about it.

    Attributes:
        names: How things are named.
        added: Works that come with the sheet, by what a cell may call them.
    """

    def __init__(self, store: Selecting, queries: QueryLibrary) -> None:
        self._store = store
        self._queries = queries
        self.names: Names = names_of(store)
        self.added: dict[str, str] = {}

    @cached_property
    def _things(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for row in self._store.select(self._queries["things"].text).rows:
            label = row["label"].value if "label" in row else ""
            found.setdefault(row["kind"].value, []).append((row["thing"].value, label))
        return found

    def iris(self, kind: str) -> list[str]:
        """Return the IRIs of the things of a kind."""
        return [thing for thing, _ in self._things.get(kind, [])]

    def slug(self, iri: str, kind: str) -> str:
        """Return how a cell names a thing: by the last part of its IRI, or by all of it where that is not enough."""
        slug = local_name(iri)
        return slug if self._slugs[kind, slug] < 2 else self.names.contract(iri)

    @cached_property
    def _slugs(self) -> Counter[tuple[str, str]]:
        return Counter((kind, local_name(iri)) for kind, things in self._things.items() for iri, _ in things)

    def choices(self, kind: str) -> list[str]:
        """Return what a cell may hold that names a thing of a kind."""
        added = [name for name in self.added if local_name(self.added[name]) == name] if kind == "work" else []
        return [*(self.slug(iri, kind) for iri in self.iris(kind)), *added]

    def find(self, kind: str, text: str) -> str | None:
        """Return the IRI of the thing that a cell names, by its slug, its label, a prefixed name or its IRI."""
        if kind == "work" and text in self.added:
            return self.added[text]
        return self._called[kind].get(text.casefold())

    @cached_property
    def _called(self) -> dict[str, dict[str, str]]:
        """Return what cells may call the things of each kind, in small letters."""
        called: dict[str, dict[str, str]] = {column.kind: {} for column in COLUMNS}
        for kind, things in self._things.items():
            for iri, _ in things:
                for name in (iri, self.names.contract(iri), self.slug(iri, kind)):
                    called[kind].setdefault(name.casefold(), iri)
            # Where two have one label, it is that of the first; none hides what another thing is named by.
            for iri, label in things:
                called[kind].setdefault(label.casefold(), iri)
        return called

    @cached_property
    def passages(self) -> dict[Place, Passage]:
        """The passages, by where they are."""
        found = {}
        for row in self._store.select(self._queries["passages"].text).rows:
            place = Place(row["review"].value, row["sectionHeading"].value, int(row["paragraphOrdinal"].value))
            found[place] = Passage(
                row["passage"].value,
                place,
                row["mainSection"].value,
                int(row["readingOrdinal"].value),
                "wordDigest" in row,
                int(row["citations"].value),
            )
        return found

    @cached_property
    def statements(self) -> dict[str, Coded]:
        """The statements, by their IRIs."""
        places = {passage.iri: place for place, passage in self.passages.items()}
        found = {}
        for row in self._store.select(self._queries["statements"].text).rows:
            values = {
                name: tuple(sorted(row[name].value.split())) if BY_NAME[name].several else (row[name].value,)
                for name in (*PROPERTIES, "checkedBy", "checkedOn")
                if name in row
            }
            place = places.get(row["passage"].value) if "passage" in row else None
            found[row["statement"].value] = Coded(row["statement"].value, place, values)
        return found

    def cells(self, coded: Coded) -> list[str]:
        """Return a statement as the cells of its row."""
        place = coded.place
        texts = {
            "statement": local_name(coded.statement or ""),
            "review": self.slug(place.review, "review") if place else "",
            "sectionHeading": place.heading if place else "",
            "paragraphOrdinal": str(place.paragraph) if place else "",
        }
        for name, values in coded.values.items():
            kind = BY_NAME[name].kind
            texts[name] = SEPARATOR.join(self.slug(value, kind) if kind else value for value in values)
        return [texts.get(name, "") for name in NAMES]


def offered(known: Known) -> dict[str, list[str]]:
    """Return what the cells of each column may hold, for those of which that is a list."""
    lists = {column.name: list(column.texts) or known.choices(column.kind) for column in COLUMNS}
    lists["sectionHeading"] = list(dict.fromkeys(place.heading for place in known.passages))
    return {name: values for name, values in lists.items() if values}


def orcid(text: str) -> str | None:
    """Return the IRI of an ORCID, or nothing where its digits do not fit each other (ISO 7064, MOD 11-2).

    Args:
        text: The ORCID, as an IRI or as its digits.
    """
    match = _ORCID.fullmatch(text.strip())
    if match is None:
        return None
    total = 0
    for digit in match[1].replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return f"https://orcid.org/{match[1]}" if match[1][-1] == ("X" if check == 10 else str(check)) else None
