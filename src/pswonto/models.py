"""What a reader sees: one frozen model for each kind of answer, the same in Python, REST and on the command line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

if TYPE_CHECKING:
    import pandas


class Model(BaseModel):
    """The parent of all models: frozen, with names in JSON spelled as in the ontology (publicationYear)."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Reference(Model):
    """A thing told by its IRI, the last part of it, and its label."""

    iri: str
    slug: str = Field(description="Last part of the IRI, as used in paths")
    label: str


class Level(Model):
    """A level of the framework, with the factors placed at it."""

    iri: str
    slug: str
    label: str
    definition: str
    level_description: tuple[str, ...] = Field(description="Lines of the table that describe the level, as printed")
    table_ordinal: int
    factors: tuple[Reference, ...]


class SubTheme(Model):
    """A sub-theme of a factor, with the details that the table enumerates."""

    iri: str
    slug: str
    label: str
    definition: str
    printed_as: str
    table_ordinal: int
    details: tuple[Reference, ...]


class FactorSummary(Model):
    """A factor with its place in the framework and how much the review says about it."""

    iri: str
    slug: str
    label: str
    definition: str
    printed_as: str
    placed_at_level: Reference
    table_ordinal: int
    studies: int = Field(
        description="Studies that the review cites about the factor or a part of it; no measure of strength"
    )
    statements: int = Field(description="Statements about the factor or a part of it; no measure of strength")


class Factor(FactorSummary):
    """A factor with its sub-themes and its neighbours in the framework."""

    sub_themes: tuple[SubTheme, ...]
    influences: tuple[Reference, ...] = Field(description="Factors that this one influences, by the table or the text")
    influenced_by: tuple[Reference, ...]


class Passage(Model):
    """A place in the review: a paragraph below a heading."""

    iri: str
    slug: str
    section_heading: str
    paragraph_ordinal: int


class Statement(Model):
    """One claim of the review, in our own words."""

    iri: str
    slug: str
    polarity: str = Field(description="barrier, enabler, conditional, or descriptive")
    about_theme: Reference
    also_about: tuple[str, ...] = Field(description="IRIs of further themes that the same sentence addresses")
    paraphrase: str
    located_in: Passage
    cites_work: tuple[str, ...] = Field(description="Keys of the works that the review credits with the claim")
    names_jurisdiction: tuple[str, ...] = Field(description="ISO 3166 codes that the sentence or its paragraph names")
    confidence: str
    checked_by_person: bool


class Work(Model):
    """A work of the review's reference list."""

    iri: str
    key: str
    label: str
    type: str
    author_names: tuple[str, ...]
    publication_year: int
    title: str
    container_title: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    doi: str | None = None
    doi_as_printed: str | None = None
    web_address: str | None = None
    printed_as: str
    cited_in_results: bool
    is_study: bool = Field(description="Whether an evidence statement cites it")


class Study(Work):
    """A work that evidence statements cite, with those statements."""

    statements: tuple[Statement, ...]


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


class Influence(Model):
    """A directed influence between two factors."""

    iri: str
    slug: str
    label: str
    source: Reference
    target: Reference
    direction: str = Field(description="downward, intra-level, or upward, by the levels of source and target")
    tabulated: bool
    narrative: bool
    table_entry: str | None = None
    expanded_from_all_themes: bool | None = None
    table_ordinal: int | None = None


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

        return pandas.DataFrame([{name: _cell(value) for name, value in item} for item in self])


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return [_cell(member) for member in value]
    return getattr(value, "slug", value)


class Collection(Model, Generic[Item]):
    """A whole list of things with its length."""

    total: int
    items: Sequence[Item]


def whole(items: Sequence[Item]) -> Collection[Item]:
    """Return the collection of all these things."""
    return Collection(total=len(items), items=items)
