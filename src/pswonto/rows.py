"""Rows of solutions as models: a variable of a query and a member of a model that have one name are the same."""

import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

from pswonto.models import Model, Passage, Reference, Statement
from pswonto.namespaces import Names, local_name
from pswonto.queries import Term

Row = Mapping[str, Term]
Read = TypeVar("Read", bound=Model)


class Things:
    """The things of a dataset, with their names and their order.

    Args:
        rows: Of each thing its IRI and, where it has one, its label, in the order in which lists are to have them.
        names: How they are named.
    """

    def __init__(self, rows: Sequence[Row], names: Names) -> None:
        self._names = names
        self._labels = {row["thing"].value: row["label"].value if "label" in row else None for row in rows}
        self._ranks = {thing: rank for rank, thing in enumerate(self._labels)}

    def within(self, namespace: str) -> list[str]:
        """Return the things of a namespace, in order."""
        return [thing for thing in self._labels if thing.startswith(namespace)]

    def ordered(self, things: Sequence[str]) -> list[str]:
        """Return IRIs in the order of things; what is none comes last, in the order of the alphabet."""
        return sorted(things, key=lambda thing: (self._ranks.get(thing, len(self._ranks)), thing))

    def label(self, thing: str) -> str:
        """Return the label of a thing, or its IRI written short where it has none."""
        return self._labels.get(thing) or self._names.contract(thing)

    def reference(self, thing: str) -> Reference:
        """Return a thing by its IRI."""
        return Reference(iri=thing, slug=local_name(thing), label=self.label(thing))


def read(model: type[Read], row: Row, variable: str, things: Things, statement: Callable[[str], Statement]) -> Read:
    """Return what a row says of a thing.

    Args:
        model: The model of such things.
        row: The row.
        variable: The variable whose value is the thing; the others have the names of the model's members.
        things: All things, for the labels of those that the row names.
        statement: What returns the statement of an IRI.
    """
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        term = row.get(field.alias or name)
        text = None if term is None else term.value
        if name in ("iri", "slug"):
            # Not every row is about a thing: a way from one to another has no IRI.
            values[name] = row[variable].value if name == "iri" else local_name(row[variable].value)
        elif field.annotation == tuple[Reference, ...]:
            listed = text.split() if text else []
            # A list whose order tells something says so.
            values[name] = [things.reference(iri) for iri in (listed if field.metadata else things.ordered(listed))]
        elif field.annotation == tuple[Statement, ...]:
            values[name] = [statement(iri) for iri in things.ordered(text.split() if text else [])]
        elif text is not None and _is(field.annotation, Reference):
            values[name] = things.reference(text)
        elif text is not None and _is(field.annotation, Passage):
            passage = things.reference(text)
            heading, ordinal = row["sectionHeading"].value, row["paragraphOrdinal"].value
            values[name] = Passage(**passage.model_dump(), section_heading=heading, paragraph_ordinal=int(ordinal))
        elif text is None and get_origin(field.annotation) is tuple:
            values[name] = ()
        else:
            values[name] = text
    return model.model_validate(values)


def _is(annotation: Any, model: type[Model]) -> bool:
    return annotation is model or (get_origin(annotation) is types.UnionType and model in get_args(annotation))
