"""The lists that answer questions: whole or a part at a time, with what can be filtered by."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from pswonto.catalogue import LISTED, Catalogue
from pswonto.errors import ParameterError, TermNotFound
from pswonto.kept import Kept
from pswonto.models import Facet, Item, Items, Statement, StoredQuery, Thing, Value
from pswonto.namespaces import local_name
from pswonto.precomputed import Answers, results_of
from pswonto.queries import QueryLibrary, Term, chosen, opened, ordered
from pswonto.questions import COLLECTIONS, STATEMENTS, Question
from pswonto.rows import Row, read
from pswonto.source import Source
from pswonto.store import iri, literal

# How many names of items of long lists are kept, for all lists and filters together.
_KEPT = 1_000_000
# What the query `tally` is told beside filters.
_COUNTING = {"item", "by", "counted"}
_STATEMENTS = tuple[Statement, ...]
Values = Mapping[str, Sequence[str]]


class Lists(Catalogue):
    """Answers the questions that have a list for an answer; its arguments are those of the catalogue."""

    def __init__(self, store: Source, library: QueryLibrary) -> None:
        super().__init__(store, library)
        self._identities = Kept[Sequence[str]](_KEPT, len)

    def text(
        self,
        question: Question[Item],
        values: Mapping[str, Sequence[str]],
        order: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> str:
        """Return the query that answers a question.

        Args:
            question: The question.
            values: The values of its filters.
            order: The member to order by, with a minus sign before it for the other direction.
            limit: How many items to return at the most.
            offset: How many items to leave out at the beginning.

        Raises:
            ParameterError: A filter is unknown, its value does not fit, or the list cannot be ordered so.
        """
        text = self.bind(self.query(question.name), values)
        if order is None:
            return text if limit is None else ordered(text, "", limit, offset)
        member = order.removeprefix("-")
        if member not in question.orders:
            known = ", ".join(question.orders)
            raise ParameterError("sort", f"must be one of {known}, or one with - before it, not {order!r}")
        kinds = [
            field.annotation for name, field in question.model.model_fields.items() if (field.alias or name) == member
        ]
        # How texts in a language are ordered is left to each engine (SPARQL 1.1 Query Language, section 15.1), and some
        # order them by nothing that a reader sees.
        key = f"?{member}" if set(kinds) <= {int, int | None} else f"STR(?{member})"
        return ordered(text, f"DESC({key})" if order.startswith("-") else key, limit, offset)

    def ask(self, question: Question[Item], values: Values, order: str | None = None) -> Items[Item]:
        """Return the whole list that answers a question; the arguments are those of `text`."""
        return self._read(question, self.solutions(self.text(question, values, order)).rows)

    def part(self, question: Question[Item], values: Values, order: str | None, start: int, size: int) -> Items[Item]:
        """Return so many items of a list from a place on; the other arguments are those of `text`."""
        if not question.long:
            rows = self.solutions(self.text(question, values, order)).rows
            return self._read(question, rows[start : start + size])
        return self._items(question, self.identities(question, values, order)[start : start + size], values)

    def identities(self, question: Question[Item], values: Values, order: str | None = None) -> Sequence[str]:
        """Return what tells the items of a list from each other, in its order; the arguments are those of `text`."""
        if not question.long:
            rows = self.solutions(self.text(question, values, order)).rows
            return [self._identity(question, row) for row in rows]
        # What does not fit is told before anything is looked for.
        text = self.text(question, values, order)
        everything = self._identities.get(
            (question.name, order),
            lambda: self._column(chosen(self.text(question, {}, order), question.variable), question.variable),
        )
        if not any(values.values()):
            return everything

        def filtered() -> Sequence[str]:
            fitting = set(self._column(opened(replace(self.query(question.name), text=text))[0], question.variable))
            return [identity for identity in everything if identity in fitting]

        return self._identities.get(text, filtered)

    def total(self, question: Question[Item], values: Values = MappingProxyType({})) -> int:
        """Return how many items a list has; the arguments are those of `text`."""
        return len(self.identities(question, values))

    def number(self, name: str) -> int:
        """Return the number that a query about lists counts.

        Args:
            name: The name of the query.
        """
        (row,) = self.solutions(self._lists[name].text).rows
        return int(row["count"].value)

    def answers(self) -> Answers:
        """Return all answers that are kept by now, and the order of long lists, to be kept beside a store."""
        kept = {str(text): results_of(solutions) for text, solutions in self._kept.items()}
        columns = {
            chosen(self.text(question, {}), question.variable): " ".join(self.identities(question, {}))
            for question in COLLECTIONS
            if question.long
        }
        return Answers(kept, columns)

    def find(self, question: Question[Item], slug: str) -> Item:
        """Return one item of a list.

        Args:
            question: The question whose answer is the list.
            slug: The last part of the item's IRI.

        Raises:
            TermNotFound: There is none.
        """
        kinds = {parameter.name: parameter.kinds for parameter in self.query(question.name).parameters}
        own = kinds[question.variable]
        there = ":" not in slug and self.named(own, slug) is not None
        found = self.ask(question, {question.variable: [slug]}) if there else []
        if not found:
            raise TermNotFound(question.variable, slug, map(local_name, self.things_of(*own)))
        return found[0]

    def facets(self, question: Question[Item], values: Values) -> dict[str, tuple[Facet, ...]]:
        """Return what each filter may be set to, with the total that there would be.

        A filter that is set already is counted as if it were not, so that each number is that of a choice. Where there
        are more choices than can be listed, those are told that leave most.

        Args:
            question: The question.
            values: The values of its filters.
        """
        return {name: self.facet(question, values, name) for name in (*question.evidence, *question.facets)}

    def facet(self, question: Question[Item], values: Values, name: str) -> tuple[Facet, ...]:
        """Return what one filter may be set to; the arguments are those of `facets`, and the name of the filter."""
        others = {other: texts for other, texts in values.items() if other != name}
        numbers = self._own(question, others, name) if name in question.facets else self._tally(question, others, name)
        listed = sorted(numbers, key=lambda value: (-numbers[value], value))[:LISTED]
        return tuple(
            Facet(value=choice.value, label=choice.label, count=numbers[value])
            for value, choice in ((value, self._value(value)) for value in self.things.ordered(listed))
        )

    def _own(self, question: Question[Item], values: Values, name: str) -> dict[str, int]:
        """Return how many items there are with each value that stands in their rows."""
        text = self.text(question, values)
        if question.long:
            return self._counts(chosen(text, question.variable, question.facets[name]))
        numbers: dict[str, set[str]] = {}
        for row in self.solutions(text).rows:
            cell = row.get(question.facets[name])
            # Several IRIs may stand in one cell; a text is one value.
            for value in () if cell is None else cell.value.split() if "://" in cell.value else (cell.value,):
                numbers.setdefault(value, set()).add(row[question.variable].value)
        return {value: len(items) for value, items in numbers.items()}

    def _tally(self, question: Question[Item], values: Values, name: str) -> dict[str, int]:
        """Return how many items there are with each value that statements and studies have."""
        tally = self._lists["tally"]
        known = {parameter.name for parameter in tally.parameters} - _COUNTING - question.own
        named = {question.renamed.get(other, other): texts for other, texts in values.items()}
        terms = self.terms(tally, {other: texts for other, texts in named.items() if other in known})
        own = {other: texts for other, texts in values.items() if question.renamed.get(other, other) not in known}
        if own or not question.long:
            terms["counted"] = [iri(identity) for identity in self.identities(question, own)]
            if not terms["counted"]:
                return {}
        terms |= {"item": [literal(question.counted)], "by": [literal(question.evidence[name])]}
        # Those that leave most come first.
        return self._counts(f"{tally.bind(terms)}LIMIT {LISTED}")

    def _counts(self, text: str) -> dict[str, int]:
        rows = self.solutions(text).rows
        return {row["value"].value: int(row["count"].value) for row in rows if "value" in row}

    def _column(self, text: str, variable: str) -> Sequence[str]:
        def ask(text: str) -> Sequence[str]:
            return [row[variable].value for row in self._store.select(text).rows]

        return self._answers.column(text, ask)

    def _items(self, question: Question[Item], things: Sequence[str], values: Values) -> Items[Item]:
        """Return items by their IRIs, in that order."""
        query, found = self.query(question.name), {}
        terms = self.terms(query, values)
        for start in range(0, len(things), LISTED):
            asked: list[Term] = [iri(thing) for thing in things[start : start + LISTED]]
            rows = self.solutions(query.bind(terms | {question.variable: asked})).rows
            found.update({row[question.variable].value: row for row in rows})
        return self._read(question, [found[thing] for thing in things])

    def _read(self, question: Question[Item], rows: Sequence[Row]) -> Items[Item]:
        if question.model is StoredQuery:
            return Items([self.stored[row["name"].value] for row in rows])  # type: ignore[misc]  # the model says so
        cells = (term.value for row in rows for term in row.values() if "://" in term.value)
        self.things.learn(thing for cell in cells for thing in cell.split())
        statements = self._told(question, rows)
        return Items(
            [read(question.model, row, question.variable, self.things, statements.__getitem__) for row in rows]
        )

    def _told(self, question: Question[Item], rows: Sequence[Row]) -> dict[str, Statement]:
        """Return the statements that the items of some rows tell in full."""
        members = [name for name, one in question.model.model_fields.items() if one.annotation == _STATEMENTS]
        cells = [row[member].value.split() for row in rows for member in members if member in row]
        named = list(dict.fromkeys(statement for cell in cells for statement in cell))
        return {statement.iri: statement for statement in self._items(STATEMENTS, named, {})} if named else {}

    def _identity(self, question: Question[Item], row: Row) -> str:
        if issubclass(question.model, Thing):
            return row[question.variable].value
        (item,) = self._read(question, [row])
        return str(getattr(item, "identity"))  # noqa: B009  (not every model has one, and those of lists do)

    def _value(self, value: str) -> Value:
        if "://" in value:
            return Value(value=local_name(value), label=self.things.label(value))
        return Value(value=value, label=value)
