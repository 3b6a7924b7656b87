"""The classes and properties that the dataset's ontology defines, as people read about them."""

from dataclasses import dataclass
from functools import cached_property

from pswonto.errors import TermNotFound
from pswonto.manchester import Axioms, Expression
from pswonto.namespaces import VOCABULARY, local_name
from pswonto.queries import QueryLibrary
from pswonto.source import Source
from pswonto.store import iri


@dataclass(frozen=True)
class Defined:
    """A class or property.

    Attributes:
        iri: Its IRI.
        name: The last part of that.
        kind: What it is: a class, or what kind of property.
        label: What it is called.
        definition: What it means.
        source: Where that comes from.
        axioms: Its axioms, each with the keyword of its frame in the Manchester syntax.
        uses: How many things it has if it is a class, and how many triples if it is a property.
        query: The query that lists these.
    """

    iri: str
    name: str
    kind: str
    label: str
    definition: str | None
    source: str | None
    axioms: list[tuple[str, Expression]]
    uses: int
    query: str


class Vocabulary:
    """What a dataset's ontology defines in our namespace.

    Args:
        store: The dataset, with its inferred triples.
        queries: The queries about terms.
    """

    def __init__(self, store: Source, queries: QueryLibrary) -> None:
        self._store = store
        self._queries = queries

    @cached_property
    def terms(self) -> dict[str, Defined]:
        """All terms by their names: classes, then properties, each in order of their names."""
        axioms = Axioms(self._store.construct(self._queries["axioms"].text))
        rows = self._store.select(self._queries["usage"].text).rows
        uses = {row["term"].value: int(row["uses"].value) for row in rows}
        found: dict[str, Defined] = {}
        order = ("class", "object property", "data property", "annotation property")
        listed = self._store.select(self._queries["terms"].text).rows
        for row in sorted(listed, key=lambda row: (order.index(row["kind"].value), row["term"].value)):
            term, kind = row["term"].value, row["kind"].value
            name = term.removeprefix(VOCABULARY)
            query = self._queries["members" if kind == "class" else "triples"]
            found.setdefault(
                name,
                Defined(
                    iri=term,
                    name=name,
                    kind=kind,
                    label=row["label"].value if "label" in row else local_name(term),
                    definition=row["definition"].value if "definition" in row else None,
                    source=row["source"].value if "source" in row else None,
                    axioms=axioms.of(term),
                    uses=uses.get(term, 0),
                    query=query.bind({"term": [iri(term)]}),
                ),
            )
        return found

    @property
    def text(self) -> str:
        """The query that lists the terms."""
        return self._queries["terms"].text

    def term(self, name: str) -> Defined:
        """Return one term.

        Raises:
            TermNotFound: There is none of that name.
        """
        if name not in self.terms:
            raise TermNotFound("term", name, self.terms)
        return self.terms[name]
