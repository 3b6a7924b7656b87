"""What a reader sees: one frozen model for each kind of answer, the same in Python, REST and on the command line."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

if TYPE_CHECKING:
    import pandas


class Model(BaseModel):
    """The parent of all models: frozen, with names in JSON spelled as in the ontology (publicationYear)."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


def _parts(value: object) -> object:
    return tuple(value.split("; ")) if isinstance(value, str) else value


def _alphabetical(value: object) -> object:
    return tuple(sorted(value.split("; "))) if isinstance(value, str) else value


def _words(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


# Texts that a cell of a solution has in one, with a semicolon between, in their order, or in that of the alphabet where
# the query does not order them; and words, with blanks.
Strings = Annotated[tuple[str, ...], BeforeValidator(_parts)]
Unordered = Annotated[tuple[str, ...], BeforeValidator(_alphabetical)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Thing(Model):
    """A thing of the dataset."""

    iri: str
    slug: str = Field(description="Last part of the IRI, as used in paths")
    label: str

    @property
    def identity(self) -> str:
        """What tells it from all others of a list."""
        return self.iri


class Reference(Thing):
    """A thing told by its IRI, the last part of it, and its label."""


class Level(Thing):
    """A level of the framework, with the factors placed at it."""

    definition: str
    level_description: Strings = Field(description="Lines of the table that describe the level, as printed")
    table_ordinal: int
    factors: tuple[Reference, ...]


class Counted(Thing):
    """What the review says something about, with how much it says."""

    study_count: int = Field(description="Studies that the review cites about it; no measure of strength")
    statement_count: int = Field(description="Statements about it; no measure of strength")


class Factor(Counted):
    """A factor with its place in the framework, its parts and its neighbours."""

    definition: str
    printed_as: str
    placed_at_level: Reference
    table_ordinal: int
    has_sub_theme: tuple[Reference, ...]
    influences: tuple[Reference, ...] = Field(description="Factors that this one influences, by the table or the text")
    influenced_by: tuple[Reference, ...]


class SubTheme(Counted):
    """A sub-theme of a factor, with the details that the table enumerates."""

    definition: str
    printed_as: str
    sub_theme_of: Reference
    at_level: Reference
    table_ordinal: int
    has_detail: tuple[Reference, ...]


class Theme(Counted):
    """A factor, a sub-theme, or a detail."""

    definition: str
    kind: Literal["factor", "subtheme", "detail"]
    part_of_theme: Reference | None = Field(description="What it is directly a part of; a factor is part of nothing")
    at_level: Reference


class Passage(Thing):
    """A place in the review: a paragraph below a heading."""

    section_heading: str
    paragraph_ordinal: int


class Statement(Thing):
    """One claim of the review, in our own words."""

    has_polarity: Reference = Field(description="Barrier, enabler, conditional, or descriptive")
    about_theme: Reference
    also_about: tuple[Reference, ...] = Field(description="Further themes that the same sentence addresses")
    paraphrase: str
    located_in: Passage
    cites_work: tuple[Reference, ...] = Field(description="The works that the review credits with the claim")
    names_jurisdiction: tuple[Reference, ...] = Field(
        description="Countries and regions that the sentence or its paragraph names"
    )
    supports_influence: tuple[Reference, ...] = Field(description="The influences that it argues for")
    confidence: Literal["high", "medium", "low"]
    source_review: Reference
    coded_in: Reference = Field(description="The curation activity that wrote it, which tells who, when and how")
    checked_by_person: bool
    checked_by: Words = Field(description="The persons who have checked it against the source, by their ORCIDs")
    checked_on: date | None


class Review(Counted):
    """A review that statements are taken from, with how much of it is coded and checked."""

    title: str
    author_names: Strings
    publication_year: int
    container_title: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    doi: str | None
    articles_included: int | None = Field(description="How many articles the review says that it included")
    scope_note: str | None = Field(description="What a reader of numbers must know")
    checked_count: int = Field(description="Statements that a person has checked")


class Activity(Thing):
    """Work in which statements were coded: who or what did it, when, and how."""

    creator: str
    date: date
    coding_method: Literal["hand", "machine"]
    comment: str | None
    statement_count: int
    checked_count: int = Field(description="Statements that a person has checked")


class Subject(Model):
    """What a dataset is about, and who made it."""

    title: str
    description: str
    license: str | None
    creator: str
    version: str
    modified: date | None

    @property
    def name(self) -> str:
        """What it is called in short: what stands before the colon of its title."""
        return self.title.partition(":")[0]

    @property
    def heading(self) -> str:
        """What it is about: what stands behind that colon, or all of it where there is none."""
        behind = self.title.partition(":")[2].strip() or self.title
        return behind[:1].upper() + behind[1:]


class Work(Thing):
    """A work of the review's reference list."""

    type: str = Field(description="Its type, as FaBiO names it")
    author_names: Strings
    publication_year: int
    title: str
    container_title: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    publisher: str | None
    doi: str | None = Field(description="As registered")
    doi_as_printed: str | None
    web_address: str | None
    printed_as: str
    cited_in_results: bool
    is_study: bool = Field(description="Whether an evidence statement cites it")
    conducted_in: tuple[Reference, ...] = Field(description="Where, as far as its title or the review says so")
    study_design: Unordered = Field(description="As its title or the review says it")
    setting: str | None
    population: str | None

    @property
    def key(self) -> str:
        """The last part of its IRI, by which it is cited."""
        return self.slug


class Study(Work):
    """A work that evidence statements cite, with those of the statements that were asked for."""

    statements: tuple[Statement, ...]


class Influence(Thing):
    """A directed influence between two factors."""

    has_source: Reference
    has_target: Reference
    direction: Literal["downward", "intra-level", "upward"] = Field(description="By the levels of source and target")
    tabulated: bool = Field(description="Whether the table has it")
    narrative: bool = Field(description="Whether the running text argues for it")
    argued: bool = Field(description="Whether a statement argues for it")
    table_entry: str | None
    expanded_from_all_themes: bool | None
    table_ordinal: int | None
    from_sub_theme: Reference | None
    to_sub_theme: Reference | None
    has_argument: tuple[Reference, ...] = Field(description="The statements that argue for it")
    argued_in: tuple[Reference, ...]


class Jurisdiction(Counted):
    """A country or region, with how much names it, and how many works were conducted there."""

    iso_code: str


class Anomaly(Thing):
    """A defect of the source."""

    has_anomaly_kind: Reference
    resolution: str = Field(description="How sure it is what was meant")
    basis: str = Field(description="Why it is held to be a defect, and what was likely meant")
    printed_as: str | None
    located_in: Reference | None
    affects: tuple[Reference, ...]


class Gap(Thing):
    """A lack of research that the authors name."""

    paraphrase: str
    concerns_level: tuple[Reference, ...]
    concerns_theme: tuple[Reference, ...]
    located_in: Passage
    cites_work: tuple[Reference, ...]
    checked_by_person: bool


class Implication(Gap):
    """A recommendation of the authors."""

    addressee: str = Field(description="Whom it is for")


class Found(Thing):
    """A thing that has the words that were searched for."""

    kind: str
    text: str = Field(description="What it says: a paraphrase, a title, a reason, or a definition")


class Uncovered(Counted):
    """A theme that few studies speak of, or an influence that no statement argues for."""

    kind: Literal["theme", "influence"]


class Route(Model):
    """Influences that lead from one factor to another, one after the other."""

    length: int
    steps: Annotated[tuple[Reference, ...], "in the order of the cell"]

    @property
    def identity(self) -> str:
        """What tells it from all others of a list."""
        return " ".join(step.slug for step in self.steps)


class Cell(Model):
    """A number of a matrix."""

    row: str = Field(description="The slug of the row")
    column: str
    count: int


class Matrix(Model):
    """How many studies or statements belong to each row and column; what is not told is none."""

    unit: Literal["studies", "statements"]
    rows: tuple[Reference, ...]
    columns: tuple["Value", ...]
    cells: tuple[Cell, ...]


class Value(Model):
    """A value that a filter may have."""

    value: str = Field(description="As it is given to the filter: a slug, a year, or a text")
    label: str


class Facet(Value):
    """A value that a filter may have, with how many items are left when it is set to that."""

    count: int


class QueryParameter(Model):
    """A parameter of a stored query."""

    name: str
    type: str = Field(description="string, integer, iri, or kinds of things, such as factor, with | between")
    description: str
    values: tuple[str, ...] = Field(description="What it may be, where that is a thing of the dataset; empty otherwise")


class StoredQuery(Model):
    """A stored query: a question that can be asked by name."""

    iri: str
    name: str
    form: str = Field(description="SELECT, ASK, CONSTRUCT, or DESCRIBE")
    summary: str = Field(description="The question")
    description: str = Field(description="What a reader of the answer must know, or nothing")
    parameters: tuple[QueryParameter, ...]
    text: str

    @property
    def identity(self) -> str:
        """What tells it from all others of a list."""
        return self.name


Item = TypeVar("Item", bound=Model)


class Items(list[Item]):
    """A list of models, which can be made a table."""

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a table with a row for each item and a column for each of its members.

        A thing that a member names stands there by its slug, and several of them as a list.

        Raises:
            ImportError: pandas is not installed.
        """
        import pandas

        return pandas.DataFrame([{name: cell(value) for name, value in item} for item in self])


def cell(value: object) -> object:
    """Return what a table has for a member of a model: the slug of a thing, a list of them, or the value itself."""
    if isinstance(value, tuple):
        return [cell(member) for member in value]
    return getattr(value, "slug", value)


class Collection(Model, Generic[Item]):
    """A page of a list of things."""

    total: int = Field(description="How many there are on all pages")
    items: Sequence[Item]
    next: str | None = Field(description="The cursor of the next page, where there is one")
    facets: dict[str, tuple[Facet, ...]] = Field(
        description="For each filter the values that it may have, each with the total that there would be"
    )
    sparql: str | None = Field(default=None, description="The query behind the page, for `include=sparql`")
