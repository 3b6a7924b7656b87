"""Rows of solutions as models: a variable of a query and a member of a model that have one name are the same."""

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

from pswonto.models import Model, Passage, Reference, Statement
from pswonto.namespaces import Names, local_name
from pswonto.queries import Term

Row = Mapping[str, Term]
Read = TypeVar("Read", bound=Model)


class Things:
    """The things of a dataset, with their names and their order, which are looked up when they are needed.

    Args:
        look_up: What returns of each of some things that is there its IRI as `thing`, and where it has them its
            `label` and its place as `order`.
        names: How they are named.
        most: How many are remembered.
    """

    def __init__(self, look_up: Callable[[Sequence[str]], Sequence[Row]], names: Names, most: int = 50_000) -> None:
        self._look_up = look_up
        self._names = names
        self._most = most
        # The label of each, and what it is ordered by; nothing where there is no such thing.
        self._known: dict[str, tuple[str | None, tuple[bool, int]] | None] = {}

    def learn(self, things: Iterable[str]) -> None:
        """Look up things all at once that will be asked for one by one."""
        known = self._known
        unknown = [thing for thing in dict.fromkeys(things) if thing not in known]
        if not unknown:
            return
        found: dict[str, tuple[str | None, tuple[bool, int]] | None] = dict.fromkeys(unknown)
        for row in self._look_up(unknown):
            place = (False, int(row["order"].value)) if "order" in row else (True, 0)
            found[row["thing"].value] = (row["label"].value if "label" in row else None, place)
        if len(known) < self._most:
            known.update(found)
        else:
            self._known = found

    def _of(self, thing: str) -> tuple[str | None, tuple[bool, int]] | None:
        if thing not in self._known:
            self.learn([thing])
        return self._known.get(thing)

    def __contains__(self, thing: str) -> bool:
        return self._of(thing) is not None

    def ordered(self, things: Iterable[str]) -> list[str]:
        """Return IRIs in the order of things; what is none comes last, in the order of the alphabet."""
        listed = list(things)
        self.learn(listed)

        def place(thing: str) -> tuple[bool, tuple[bool, int], str]:
            known = self._of(thing)
            return known is None, (True, 0) if known is None else known[1], thing

        return sorted(listed, key=place)

    def label(self, thing: str) -> str:
        """Return the label of a thing, or its IRI written short where it has none."""
        known = self._of(thing)
        return (known and known[0]) or self._names.contract(thing)

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
