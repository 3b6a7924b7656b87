"""What an agent gets: the models of the explorer, with the statements, the caveats and the query behind them."""

from typing import Generic

from pydantic import Field

from pswonto.models import (
    Activity,
    Anomaly,
    Factor,
    Gap,
    Implication,
    Influence,
    Item,
    Jurisdiction,
    Level,
    Matrix,
    Model,
    Passage,
    Review,
    Statement,
    Study,
    SubTheme,
    Theme,
    Thing,
    Work,
)

Scalar = str | int | float | bool


class Call(Model):
    """A tool to call, with its arguments."""

    tool: str
    arguments: dict[str, Scalar | tuple[Scalar, ...]]


class Answer(Model):
    """What every answer has beside what was asked for."""

    statements: tuple[Statement, ...] = Field(
        description="Statements of the review that the answer rests on, beside those that it has already; in its order"
    )
    statement_total: int = Field(description="How many there are of these")
    all_statements: Call | None = Field(description="What to call for all of them, where they are not all here")
    caveats: tuple[str, ...] = Field(description="What must be told with the answer")
    sparql: str = Field(description="The query that has this answer")


class Part(Answer, Generic[Item]):
    """A part of a list."""

    total: int = Field(description="How many items there are in all")
    items: tuple[Item, ...]
    next: int | None = Field(description="The offset of what comes next; nothing where the list ends here")


class Crossed(Answer):
    """A matrix of numbers."""

    matrix: Matrix


class Rows(Answer):
    """The rows that a query has for an answer."""

    form: str = Field(description="SELECT, ASK, or GRAPH for CONSTRUCT and DESCRIBE, whose rows are triples")
    variables: tuple[str, ...]
    total: int = Field(description="How many rows there are in all")
    rows: tuple[dict[str, Scalar], ...] = Field(
        description="IRIs are written short, as in factor:psw-wellbeing; a variable without a value is absent"
    )
    next: int | None = Field(description="The offset of what comes next; nothing where the rows end here")


class Said(Model):
    """Something that is said of a thing."""

    property: str
    value: str
    label: str | None = Field(description="What the value is called, where it is a thing")


class Described(Thing):
    """A thing of a kind that has no model of its own, by what is said of it."""

    said: tuple[Said, ...]


Portrayed = (
    Level
    | Factor
    | SubTheme
    | Theme
    | Influence
    | Study
    | Work
    | Review
    | Activity
    | Statement
    | Passage
    | Jurisdiction
    | Anomaly
    | Implication
    | Gap
    | Described
)


class Portrait(Answer):
    """One thing, with what the review says about it."""

    kind: str = Field(description="What it is, as its IRI tells it")
    thing: Portrayed


class Listed(Model):
    """A stored question, as a list has it."""

    name: str = Field(description="What to ask it by")
    topic: str
    question: str
    note: str = Field(description="What a reader of the answer must know, or nothing")
    parameters: tuple[str, ...] = Field(
        description="Each with its type; the answer is the whole list where none is set"
    )


class Defined(Model):
    """A class or property of the vocabulary."""

    name: str = Field(description="As it stands in a query")
    kind: str
    label: str
    definition: str | None
    axioms: tuple[str, ...] = Field(description="Its axioms, in the Manchester syntax")
    uses: int = Field(description="How many things the class has, or how many triples the property")
