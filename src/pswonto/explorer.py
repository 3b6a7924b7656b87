"""The questions of the explorer: each is one stored query and one model."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Literal

from pydantic.alias_generators import to_camel

from pswonto import questions as ask
from pswonto.answering import Lists
from pswonto.models import (
    Activity,
    Anomaly,
    Cell,
    Factor,
    Found,
    Gap,
    Implication,
    Influence,
    Items,
    Jurisdiction,
    Level,
    Matrix,
    Review,
    Route,
    Statement,
    StoredQuery,
    Study,
    Subject,
    SubTheme,
    Theme,
    Uncovered,
    Work,
)
from pswonto.namespaces import local_name
from pswonto.precomputed import Answers

# What a filter may be given: one value, or several of which any may fit.
Filter = str | int | Sequence[str]
# How many items the first page of a list has, where nothing else is asked for.
_FIRST = 100
_KINDS_OF_ROWS: Mapping[str, tuple[str, ...]] = {
    "levels": ("level",),
    "factors": ("factor",),
    "subthemes": ("subtheme",),
    "themes": ("factor", "subtheme", "detail"),
}


class Explorer(Lists):
    """Answers questions about one dataset; its arguments are those of the catalogue."""

    def stored_queries(self, **filters: Filter) -> Items[StoredQuery]:
        """Return the stored queries in order of their names, with what their parameters may be.

        Args:
            filters: As the parameters of the stored query `queries` have them.
        """
        return self.ask(ask.QUERIES, _values(filters))

    def levels(self, **filters: Filter) -> Items[Level]:
        """Return the levels in the order of the table, with the factors placed at each.

        Args:
            filters: As the parameters of the stored query `levels` have them; so for all lists.
        """
        return self.ask(ask.LEVELS, _values(filters))

    def factors(self, **filters: Filter) -> Items[Factor]:
        """Return the factors in the order of the table, with their numbers of studies and statements."""
        return self.ask(ask.FACTORS, _values(filters))

    def factor(self, slug: str) -> Factor:
        """Return one factor.

        Raises:
            TermNotFound: There is no factor of that slug.
        """
        return self.find(ask.FACTORS, slug)

    def subthemes(self, **filters: Filter) -> Items[SubTheme]:
        """Return the sub-themes in the order of the table, with the details of each."""
        return self.ask(ask.SUBTHEMES, _values(filters))

    def themes(self, **filters: Filter) -> Items[Theme]:
        """Return the factors, sub-themes and details."""
        return self.ask(ask.THEMES, _values(filters))

    def studies(self, **filters: Filter) -> Items[Study]:
        """Return the studies in order of their keys, each with those of its statements that the filters let through."""
        return self.ask(ask.STUDIES, _values(filters))

    def study(self, key: str) -> Study:
        """Return one study with its statements.

        Raises:
            TermNotFound: No study has that key.
        """
        return self.find(ask.STUDIES, key)

    def works(self, **filters: Filter) -> Items[Work]:
        """Return the works of the reference list in order of their keys."""
        return self.ask(ask.WORKS, _values(filters))

    def statements(self, **filters: Filter) -> Items[Statement]:
        """Return the statements in the order of the review."""
        return self.ask(ask.STATEMENTS, _values(filters))

    def influences(self, **filters: Filter) -> Items[Influence]:
        """Return the influences, the tabulated ones first and in the order of the table."""
        return self.ask(ask.INFLUENCES, _values(filters))

    def jurisdictions(self, **filters: Filter) -> Items[Jurisdiction]:
        """Return the countries and regions in order of their names."""
        return self.ask(ask.JURISDICTIONS, _values(filters))

    def reviews(self, **filters: Filter) -> Items[Review]:
        """Return the reviews that statements are taken from, the oldest first."""
        return self.ask(ask.REVIEWS, _values(filters))

    def activities(self, **filters: Filter) -> Items[Activity]:
        """Return the activities in which statements were coded, the oldest first."""
        return self.ask(ask.ACTIVITIES, _values(filters))

    @cached_property
    def subject(self) -> Subject:
        """What the dataset is about, as its own header says it."""
        rows = self.select("subject").rows
        told = {name: term.value for name, term in rows[0].items()} if rows else {}
        title = told.get("title", "A dataset")
        return Subject.model_validate(
            {"license": None, "modified": None, "description": "", "creator": "", "version": "", **told, "title": title}
        )

    def anomalies(self, **filters: Filter) -> Items[Anomaly]:
        """Return the defects of the source, by their kinds."""
        return self.ask(ask.ANOMALIES, _values(filters))

    def gaps(self, **filters: Filter) -> Items[Gap]:
        """Return the gaps in research that the authors name, in the order of the review."""
        return self.ask(ask.GAPS, _values(filters))

    def implications(self, **filters: Filter) -> Items[Implication]:
        """Return the recommendations of the authors, in the order of the review."""
        return self.ask(ask.IMPLICATIONS, _values(filters))

    def paths(self, source: str, target: str, longest: int = 4) -> Items[Route]:
        """Return the ways from one factor to another along influences, the shortest first.

        Args:
            source: The slug of the factor to begin at.
            target: The slug of the factor to arrive at.
            longest: The most steps; no way of more than four is told.
        """
        values = {"from": [source], "to": [target], "longest": [str(longest)]}
        return self.ask(ask.PATHS, values)

    def coverage(self, fewer: int = 4) -> Items[Uncovered]:
        """Return the themes with fewer studies than so many, and the influences that no statement argues for."""
        return self.ask(ask.COVERAGE, {"fewer": [str(fewer)]})

    def search(self, q: str, **filters: Filter) -> Items[Found]:
        """Return the things that have some words in their name or in what they say, the best first."""
        return self.ask(ask.SEARCH, _values({"q": q, **filters}))

    def first_answers(self) -> Answers:
        """Return the answers to what pages and lists ask before any filter is set, to be kept beside a store."""
        for question in ask.COLLECTIONS:
            self.part(question, {}, None, 0, _FIRST)
            self.facets(question, {})
        for unit in ("studies", "statements"):
            self.matrix(unit=unit)
            for columns in ("polarity", "period", "country"):
                self.matrix("subthemes", columns, unit)
        self.coverage()
        self.number("located")
        return self.answers()

    def matrix(
        self,
        rows: Literal["levels", "factors", "subthemes", "themes"] = "factors",
        columns: Literal["polarity", "country", "year", "period", "design"] = "polarity",
        unit: Literal["studies", "statements"] = "studies",
        **filters: Filter,
    ) -> Matrix:
        """Return how many studies or statements there are about each theme, by what else they are.

        Args:
            rows: What the rows are.
            columns: What the columns are.
            unit: What is counted.
            filters: As the parameters of the stored query `matrix` have them.
        """
        return self.matrix_of({**_values(filters), "rows": [rows], "columns": [columns], "unit": [unit]})

    def matrix_of(self, values: Mapping[str, Sequence[str]]) -> Matrix:
        """Return the matrix that the stored query `matrix` makes with these values for its parameters."""
        solutions = self.solutions(self.bind(self.query("matrix"), values)).rows
        (unit,), (kind,), (of_columns,) = values["unit"], values["rows"], values["columns"]
        columns = {row["column"].value for row in solutions}
        if of_columns == "polarity":
            columns |= set(self.things_of("polarity"))
        return Matrix.model_validate(
            {
                "unit": unit,
                "rows": [self.things.reference(thing) for thing in self.things_of(*_KINDS_OF_ROWS[kind])],
                "columns": [self._value(column) for column in self.things.ordered(list(columns))],
                "cells": [
                    Cell(
                        row=local_name(row["row"].value),
                        column=self._value(row["column"].value).value,
                        count=int(row["count"].value),
                    )
                    for row in solutions
                ],
            }
        )


def _values(filters: Mapping[str, Filter]) -> dict[str, list[str]]:
    """Return filters as queries have them: with their names, and each with a list of texts."""
    return {to_camel(name): _texts(value) for name, value in filters.items()}


def _texts(value: Filter) -> list[str]:
    if isinstance(value, bool):
        return [str(value).lower()]
    return [str(value)] if isinstance(value, str | int) else list(value)
