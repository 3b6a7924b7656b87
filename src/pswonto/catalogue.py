"""The stored queries over one dataset: described, with values in the places of their parameters, and answered."""

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Self

from pswonto import resources
from pswonto.errors import ParameterError, nearest
from pswonto.kept import Kept
from pswonto.models import QueryParameter, StoredQuery
from pswonto.namespaces import BASE, expand, local_name
from pswonto.naming import names_of
from pswonto.precomputed import Answers
from pswonto.queries import Query, QueryLibrary, Term
from pswonto.rows import Row, Things
from pswonto.source import Source
from pswonto.store import Answer, Solutions, iri, is_iri, literal

# How many rows of answers are kept; lists and their facets ask for the same ones again and again.
_KEPT = 50_000
# The most things of a kind that are told one by one: as values of a parameter, or as names that may have been meant.
LISTED = 1000
# The largest number that a parameter may be.
LARGEST = 999_999


class Catalogue:
    """Answers stored queries over one dataset, which does not change.

    Args:
        store: The dataset, with its inferred triples.
        library: The stored queries.

    Attributes:
        names: How its things are named.
    """

    def __init__(self, store: Source, library: QueryLibrary) -> None:
        self._store = store
        self._library = library
        self.names = names_of(store)
        self._answers = Answers.of(store)
        self._kept = Kept[Solutions](_KEPT, lambda solutions: 1 + len(solutions.rows))
        self._lists = QueryLibrary(resources.queries_directory() / "lists")
        self._kinds: dict[str, list[str]] = {}
        self.things = Things(self._look_up, self.names)

    def with_library(self, library: QueryLibrary) -> Self:
        """Return what answers other stored queries over the same dataset, and shares the answers that are kept.

        Args:
            library: The stored queries.
        """
        other = copy(self)
        other._library = library
        other.__dict__.pop("stored", None)
        return other

    def solutions(self, text: str) -> Solutions:
        """Answer a SELECT query that is given as text, with what was answered before where it is kept."""
        return self._kept.get(text, lambda: self._answers.select(text, self._store.select))

    def query(self, name: str) -> Query:
        """Return the stored query of a name.

        Raises:
            QueryNotFound: There is none.
        """
        return self._library[name]

    def queries(self) -> list[Query]:
        """Return all stored queries in order of their names."""
        return sorted(self._library, key=lambda query: query.name)

    def parameters(self, query: Query) -> tuple[QueryParameter, ...]:
        """Return the parameters of a query, with all that they may be."""
        return tuple(
            QueryParameter(
                name=parameter.name,
                type=parameter.type,
                description=parameter.description,
                values=parameter.texts or tuple(local_name(thing) for thing in self.things_of(*parameter.kinds)),
            )
            for parameter in query.parameters
        )

    @cached_property
    def stored(self) -> dict[str, StoredQuery]:
        """The stored queries as they are told, by their names."""
        return {
            query.name: StoredQuery(
                iri=f"{BASE}/query/{query.name}",
                name=query.name,
                form=query.form,
                summary=query.summary,
                description=query.description,
                parameters=self.parameters(query),
                text=query.text,
            )
            for query in self.queries()
        }

    def bind(self, query: Query, values: Mapping[str, Sequence[str]]) -> str:
        """Write a stored query with values, given as text, in the places of its parameters.

        Args:
            query: The query.
            values: For each parameter its values: a slug where the parameter is of a kind such as factor, a prefixed
                name, an IRI, a number, or a text, as the parameter's type says.

        Raises:
            ParameterError: The query has no such parameter, or a value does not fit its type.
        """
        return query.bind(self.terms(query, values))

    def terms(self, query: Query, values: Mapping[str, Sequence[str]]) -> dict[str, list[Term]]:
        """Return values, given as text, as the terms that they stand for; arguments and errors are those of `bind`."""
        parameters = {parameter.name: parameter for parameter in query.parameters}
        bound: dict[str, list[Term]] = {}
        for name, given in values.items():
            # What is said twice would be evaluated twice.
            texts = list(dict.fromkeys(given))
            parameter = parameters.get(name)
            if parameter is not None and parameter.single and len(given) > 1:
                raise ParameterError(name, "may have one value only")
            if parameter is None:
                # The query itself says which parameters it has.
                bound[name] = []
            elif parameter.kinds:
                bound[name] = [self._thing(name, parameter.kinds, text) for text in texts]
            else:
                bound[name] = [_literal(name, parameter.type, parameter.texts, text) for text in texts]
        return bound

    def select(self, name: str, **values: str) -> Solutions:
        """Answer a stored SELECT query.

        Args:
            name: The query's name.
            values: The values of its parameters, as for `bind`, one for each.
        """
        return self.solutions(self.bind(self.query(name), {key: [text] for key, text in values.items()}))

    def answer(self, text: str) -> Answer:
        """Answer a query that is given as text."""
        return self._store.answer(text)

    def _thing(self, name: str, kinds: Sequence[str], text: str) -> Term:
        found = self.named(kinds, text, name)
        if found is None:
            slug = local_name(self.names.expand(text, name) if ":" in text else text)
            known = map(local_name, self.things_of(*kinds))
            raise ParameterError(name, f"names no {' or '.join(kinds)}: {slug!r}", nearest(slug, known))
        return iri(found, name)

    def named(self, kinds: Sequence[str], text: str, name: str = "iri") -> str | None:
        """Return the IRI of a thing of some kinds, if there is such a thing.

        Args:
            kinds: The kinds.
            text: Its slug, its prefixed name, or its IRI.
            name: What it is given for.

        Raises:
            ParameterError: The text is written as a prefixed name, and there is no such prefix.
        """
        namespaces = [self.names.prefixes[kind] for kind in kinds]
        if ":" in text:
            full = self.names.expand(text, name)
            candidates = [full] if full.startswith(tuple(namespaces)) else []
        else:
            candidates = [namespace + text for namespace in reversed(namespaces)]
        return next((candidate for candidate in candidates if candidate in self.things), None)

    def _look_up(self, things: Sequence[str]) -> Sequence[Row]:
        # What is no IRI cannot be asked for, and others than ours have no place.
        asked = [iri(thing) for thing in things if self.names.is_own(thing) and is_iri(thing)]
        names = self._lists["names"]
        return [
            row
            for start in range(0, len(asked), LISTED)
            for row in self._store.select(names.bind({"thing": asked[start : start + LISTED]})).rows
        ]

    def things_of(self, *kinds: str) -> list[str]:
        """Return the IRIs of the things of some kinds, in order; none of a kind that has more than can be listed."""
        for kind in kinds:
            if kind not in self._kinds:
                text = self._lists["of-kind"].bind(
                    {"kind": [literal(kind)], "namespace": [literal(self.names.prefixes[kind])]}
                )
                found = [row["thing"].value for row in self._store.select(f"{text}LIMIT {LISTED + 1}").rows]
                self._kinds[kind] = self.things.ordered(found) if len(found) <= LISTED else []
        return [thing for kind in kinds for thing in self._kinds[kind]]


def _literal(name: str, type_: str, texts: Sequence[str], text: str) -> Term:
    if texts and text not in texts:
        raise ParameterError(name, f"must be one of {', '.join(texts)}, not {text!r}", nearest(text, texts))
    if type_ == "integer":
        if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST):
            raise ParameterError(name, f"must be a whole number from 0 to {LARGEST}, not {text!r}")
        return literal(int(text))
    if type_ == "boolean":
        if text not in ("true", "false"):
            raise ParameterError(name, f"must be true or false, not {text!r}")
        return literal(text == "true")
    return iri(expand(text, name), name) if type_ == "iri" else literal(text)
