"""Answers that are kept beside a store on a disk, to what everybody asks first and what takes longest to answer."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pswonto.queries import Term
from pswonto.source import Source
from pswonto.store import Answer, Solutions, Store


@dataclass(frozen=True)
class Answers:
    """Answers to queries, by the text of the query.

    Attributes:
        solutions: The answers, as the JSON of SPARQL has them.
        columns: Of answers of one column of IRIs, the IRIs, with spaces between.
    """

    solutions: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source) -> "Answers":
        """Return what is kept beside a store; nothing, where it is not on a disk or nothing is kept."""
        path = _beside(source.path) if isinstance(source, Store) and source.path is not None else None
        if path is None or not path.is_file():
            return cls()
        told: Mapping[str, dict[str, Any]] = json.loads(path.read_bytes())
        return cls(told["solutions"], told["columns"])

    def write(self, store: Path) -> None:
        """Write the answers beside a store.

        Args:
            store: Where the store is.
        """
        told = {"solutions": self.solutions, "columns": self.columns}
        _beside(store).write_text(json.dumps(told), encoding="utf-8")

    def select(self, text: str, ask: Callable[[str], Solutions]) -> Solutions:
        """Return the answer to a query, kept or asked for."""
        found = self.solutions.get(text)
        return ask(text) if found is None else solutions_of(found)

    def column(self, text: str, ask: Callable[[str], Sequence[str]]) -> Sequence[str]:
        """Return the values of an answer of one column, kept or asked for."""
        found = self.columns.get(text)
        return ask(text) if found is None else found.split()


def _beside(store: Path) -> Path:
    return store.with_name(f"{store.name}.json")


def solutions_of(results: Mapping[str, Any]) -> Solutions:
    """Return solutions as the JSON of SPARQL has them (SPARQL 1.1 Query Results JSON Format)."""
    parsed = ox.parse_query_results(json.dumps(results), ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    return Answer(parsed).solutions()


def results_of(solutions: Solutions) -> dict[str, Any]:
    """Return solutions as the JSON of SPARQL has them, for `solutions_of`."""
    return {
        "head": {"vars": list(solutions.variables)},
        "results": {"bindings": [{name: _told(term) for name, term in row.items()} for row in solutions.rows]},
    }


def _told(term: Term) -> dict[str, str]:
    if isinstance(term, ox.Literal):
        kind = {"datatype": term.datatype.value} if term.language is None else {"xml:lang": term.language}
        return {"type": "literal", "value": term.value, **kind}
    return {"type": "uri" if isinstance(term, ox.NamedNode) else "bnode", "value": term.value}
