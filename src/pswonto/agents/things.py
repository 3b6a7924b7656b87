"""One thing of the dataset, by whatever name an agent knows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pswonto.agents.answers import Described, Portrayed, Said
from pswonto.agents.arguments import Values
from pswonto.errors import ParameterError, TermNotFound
from pswonto.explorer import Explorer
from pswonto.namespaces import KINDS, VOCABULARY, local_name
from pswonto.queries import QueryLibrary
from pswonto.questions import (
    ACTIVITIES,
    ANOMALIES,
    FACTORS,
    GAPS,
    IMPLICATIONS,
    INFLUENCES,
    JURISDICTIONS,
    LEVELS,
    REVIEWS,
    STATEMENTS,
    STUDIES,
    SUBTHEMES,
    THEMES,
    WORKS,
    Question,
)
from pswonto.store import iri
from pswonto.vocabulary import Vocabulary

# The questions that have things of a kind for an answer, the one that tells most first.
_ASKED: Mapping[str, Sequence[Question[Any]]] = {
    "level": (LEVELS,),
    "factor": (FACTORS,),
    "subtheme": (SUBTHEMES,),
    "detail": (THEMES,),
    "influence": (INFLUENCES,),
    "work": (STUDIES, WORKS, REVIEWS),
    "statement": (STATEMENTS,),
    "jurisdiction": (JURISDICTIONS,),
    "anomaly": (ANOMALIES,),
    "gap": (GAPS,),
    "implication": (IMPLICATIONS,),
    "activity": (ACTIVITIES,),
}
# The filter of statements that a thing of a kind is a value of. A study has its statements with it.
_FILTERS: Mapping[str, str] = {
    "level": "level",
    "factor": "factor",
    "subtheme": "subtheme",
    "detail": "theme",
    "influence": "influence",
    "jurisdiction": "country",
    "passage": "passage",
    "activity": "activity",
}


class Things:
    """Finds and describes the things of a dataset.

    Args:
        explorer: The explorer of the dataset.
        vocabulary: Its classes and properties.
        queries: The queries about any IRI.
    """

    def __init__(self, explorer: Explorer, vocabulary: Vocabulary, queries: QueryLibrary) -> None:
        self._explorer = explorer
        self._vocabulary = vocabulary
        self._queries = queries
        self._names = explorer.names

    def named(self, name: str) -> str:
        """Return the IRI of a thing.

        Args:
            name: An IRI, a prefixed name (`factor:psw-wellbeing`), a path (`factor/psw-wellbeing`), or a slug.

        Raises:
            ParameterError: The slug is that of several things, or the prefix is not known.
            TermNotFound: There is no such thing.
        """
        known = self._explorer.things_of(*KINDS)
        kind, slash, slug = name.strip("/").partition("/")
        if "://" in name or ":" in name:
            wanted = self._names.expand(name, "thing")
            known += [VOCABULARY + term for term in self._vocabulary.terms]
            if wanted in known:
                return wanted
            raise TermNotFound("thing", self._names.contract(wanted), map(self._names.contract, known))
        if slash:
            if kind in KINDS and self._names.prefixes[kind] + slug in known:
                return self._names.prefixes[kind] + slug
            raise TermNotFound("thing", name, (thing.removeprefix(f"{self._names.base}/") for thing in known))
        found = [thing for thing in known if local_name(thing) == name]
        if not found:
            raise TermNotFound("thing", name, {local_name(thing) for thing in known})
        if len(found) > 1:
            several = [*map(self._names.contract, found)]
            raise ParameterError("thing", f"{name!r} is the slug of several things", several)
        return found[0]

    def portrait(self, thing: str) -> tuple[str, Portrayed, Values, str]:
        """Return the kind of a thing, what is told of it, the filters that find its statements, and the query.

        Args:
            thing: Its IRI.
        """
        kind, slug = self._names.contract(thing).partition(":")[0], local_name(thing)
        values = {_FILTERS[kind]: [slug]} if kind in _FILTERS else {}
        if kind == "passage" and (statements := self._explorer.ask(STATEMENTS, values)):
            return kind, statements[0].located_in, values, self._explorer.text(STATEMENTS, values)
        for question in _ASKED.get(kind, ()):
            found = self._explorer.ask(question, {question.variable: [slug]})
            if found:
                return kind, found[0], values, self._explorer.text(question, {question.variable: [slug]})
        query = self._queries["said"].bind({"thing": [iri(thing)]})
        rows = self._explorer.solutions(query).rows
        said = tuple(
            Said(
                property=self._names.contract(row["property"].value),
                value=(self._names.contract if row["isLink"].value == "true" else str)(row["value"].value),
                label=row["valueLabel"].value if "valueLabel" in row else None,
            )
            for row in rows
        )
        label = next((one.value for one in said if one.property == "rdfs:label"), self._names.contract(thing))
        return kind, Described(iri=thing, slug=slug, label=label, said=said), values, query
