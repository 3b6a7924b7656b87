"""What an answer rests on: its statements, and the caveats that must be told with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pydantic_core import to_json

from pswonto.agents.answers import Call, Scalar
from pswonto.agents.arguments import Values
from pswonto.errors import ParameterError
from pswonto.explorer import Explorer
from pswonto.models import Statement
from pswonto.queries import QueryLibrary
from pswonto.questions import STATEMENTS

_COUNTS = "Numbers of studies and statements are no measure of the strength of evidence."
# The names of an answer's members, and its numbers, take fewer bytes than this.
_NAMES = 300
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Grounds:
    """Statements that an answer rests on.

    Attributes:
        statements: Those that there is room for, in the order of the review.
        total: How many there are.
        rest: What to call for all of them, where they are not all here.
    """

    statements: tuple[Statement, ...]
    total: int
    rest: Call | None


NONE = Grounds((), 0, None)


def _nothing(item: object) -> str:
    return ""


class Evidence:
    """Finds what answers rest on.

    Args:
        explorer: The explorer of the dataset.
        queries: The queries about the review as a whole.
        room: How many bytes an answer may have.
    """

    def __init__(self, explorer: Explorer, queries: QueryLibrary, room: int) -> None:
        self._explorer = explorer
        self._queries = queries
        self._room = room

    @cached_property
    def caveats(self) -> tuple[str, ...]:
        """What must be told with every answer, as the data has it."""
        rows = self._explorer.solutions(self._queries["caveats"].text).rows
        statements, checked = (int(rows[0][name].value) for name in ("statements", "checked"))
        told = f"No person has checked any of the {statements} statements yet."
        if checked:
            told = f"A person has checked {checked} of the {statements} statements; checkedByPerson tells which."
        defects = (f"{row['label'].value}. {row['basis'].value}" for row in rows if "label" in row)
        return (_COUNTS, told, *defects)

    def grounds(self, filters: Values, most: int, taken: int) -> Grounds:
        """Return the statements that some filters let through.

        Args:
            filters: The filters, as the stored query `statements` has them.
            most: How many statements to tell at the most.
            taken: How many bytes the answer has without them.
        """
        found = self._explorer.ask(STATEMENTS, filters)
        arguments: dict[str, Scalar | tuple[Scalar, ...]] = {name: tuple(texts) for name, texts in filters.items()}
        rest = Call(tool="statements", arguments=arguments)
        shown, _ = self.part(found, 0, most, taken + len(to_json(rest)), least=0)
        return Grounds(tuple(shown), len(found), None if len(shown) == len(found) else rest)

    def named(self, things: Sequence[str], most: int, taken: int) -> Grounds:
        """Return the statements among some things; the arguments are those of `grounds`."""
        namespace = self._explorer.names.prefixes["statement"]
        slugs = [thing.removeprefix(namespace) for thing in dict.fromkeys(things) if thing.startswith(namespace)]
        return self.grounds({"statement": slugs}, most, taken) if slugs else NONE

    def beside(self, sparql: str, grounds: Grounds) -> dict[str, Any]:
        """Return what every answer has beside what was asked for, as its model takes it."""
        return {
            "statements": grounds.statements,
            "statement_total": grounds.total,
            "all_statements": grounds.rest,
            "caveats": self.caveats,
            "sparql": sparql,
        }

    def size(self, sparql: str, *told: object) -> int:
        """Return how many bytes an answer has with a query and what is told, and all that it has beside."""
        return _NAMES + sum(len(to_json(part, by_alias=True)) + 1 for part in (sparql, self.caveats, *told))

    def part(
        self,
        items: Sequence[_Item],
        offset: int,
        limit: int,
        taken: int,
        least: int = 1,
        besides: Callable[[_Item], object] = _nothing,
    ) -> tuple[Sequence[_Item], int | None]:
        """Return the part of a list that there is room for, and the offset of what comes next.

        Args:
            items: The list.
            offset: How many items to leave out at the beginning.
            limit: How many items to return at the most.
            taken: How many bytes the answer has without them.
            least: How many items to return even where they are larger than the room.
            besides: What returns what the answer has for an item beside it.

        Raises:
            ParameterError: The list ends before that offset.
        """
        if offset and offset >= len(items):
            raise ParameterError("offset", f"must be below {len(items)}, as there are no more items, not {offset}")
        end = offset
        for item in items[offset : offset + limit]:
            taken += sum(len(to_json(told, by_alias=True)) + 1 for told in (item, besides(item)))
            if taken > self._room and end - offset >= least:
                break
            end += 1
        return items[offset:end], end if end < len(items) else None
