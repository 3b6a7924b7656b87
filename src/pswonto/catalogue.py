"""The stored queries over one dataset: described, with values in the places of their parameters, and answered."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from pswonto.errors import ParameterError, nearest
from pswonto.models import QueryParameter, StoredQuery
from pswonto.namespaces import BASE, expand, local_name
from pswonto.naming import names_of
from pswonto.queries import Query, QueryLibrary, Term
from pswonto.rows import Things
from pswonto.source import Source
from pswonto.store import Answer, Solutions, iri, literal

# How many answers of the engine are kept; lists and their facets ask for the same ones again and again.
_KEPT = 64
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
        self.solutions = lru_cache(_KEPT)(store.select)

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
        return query.bind(bound)

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
        things = {local_name(thing): thing for thing in self.things_of(*kinds)}
        wanted = self.names.expand(text, name) if ":" in text else things.get(text, text)
        if wanted not in things.values():
            slug = local_name(wanted)
            raise ParameterError(name, f"names no {' or '.join(kinds)}: {slug!r}", nearest(slug, things))
        return iri(wanted, name)

    @cached_property
    def things(self) -> Things:
        """All things of the dataset, with their labels."""
        return Things(self.select("things").rows, self.names)

    def things_of(self, *kinds: str) -> list[str]:
        """Return the IRIs of the things of some kinds, in order."""
        return [thing for kind in kinds for thing in self.things.within(self.names.prefixes[kind])]


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
