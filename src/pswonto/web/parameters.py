"""The parameters of a request for a list or a thing, and the part of the list that they ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException

from pswonto.errors import FormatError, ParameterError, nearest
from pswonto.explorer import Explorer
from pswonto.models import Items
from pswonto.negotiation import choose
from pswonto.questions import Question
from pswonto.settings import Settings
from pswonto.web.exchange import Asked
from pswonto.web.paging import Page, limit, page_of


class Parameters:
    """The parameters of a request, sorted.

    Args:
        request: The request.
        filters: The names of those that choose what is in the answer.
        own: The names of all others that there are.
        required: The filters that must be set.

    Attributes:
        filters: The values of each filter that is set.
        own: The values of the others that are.
        with_query: Whether the query behind the answer is asked for.
    """

    def __init__(
        self, request: Request, filters: Sequence[str], own: Sequence[str], required: Sequence[str] = ()
    ) -> None:
        self.filters: dict[str, list[str]] = {}
        self.own: dict[str, str] = {}
        known = [*filters, *own]
        for name, value in request.query_params.multi_items():
            if name in filters:
                self.filters.setdefault(name, []).append(value)
            elif name not in own:
                there = f"there are: {', '.join(known)}" if known else "this resource has none"
                close = to_camel(name.replace("-", "_"))
                raise ParameterError(name, f"is not known; {there}", nearest(close if close in known else name, known))
            elif name in self.own:
                raise ParameterError(name, "may be given once only")
            else:
                self.own[name] = value
        for name in required:
            if name not in self.filters:
                raise ParameterError(name, "is missing")
        if self.own.get("include", "sparql") != "sparql":
            raise ParameterError("include", f"must be sparql, not {self.own['include']!r}")
        self.with_query = "include" in self.own
        self._accept = Asked.of(request.scope, b"").text(b"accept")

    def media_type(self, suffix: str, offered: Mapping[str, str]) -> str:
        """Return the media type to answer with, by suffix, parameter or header."""
        if suffix and suffix not in offered:
            raise HTTPException(404)
        name = self.own.get("format")
        if suffix and name:
            raise ParameterError("format", f"says a second time what the suffix .{suffix} says")
        if name is not None and name not in offered:
            raise ParameterError("format", f"must be one of {', '.join(offered)}, not {name!r}", nearest(name, offered))
        if suffix or name:
            return offered[suffix or name or ""]
        chosen = choose(self._accept, tuple(offered.values()))
        if chosen is None:
            raise FormatError(self._accept or "", tuple(offered.values()))
        return chosen


@dataclass(frozen=True)
class Part:
    """A page of a list.

    Attributes:
        shown: The items of the page.
        page: Where the page stands.
        values: The values of the filters.
        text: The query whose answer the page is.
    """

    shown: Items[Any]
    page: Page
    values: dict[str, list[str]]
    text: str


def part_of(
    explorer: Explorer,
    question: Question[Any],
    asked: Parameters,
    settings: Settings,
    fixed: Mapping[str, str] | None = None,
) -> Part:
    """Return the page of a list that a request asks for.

    Args:
        explorer: The explorer that answers.
        question: The question that has the list for an answer.
        asked: The parameters of the request.
        settings: How many items a page has.
        fixed: The filters that the path sets.

    Raises:
        ParameterError: A parameter does not fit.
    """
    values = asked.filters | {name: [value] for name, value in (fixed or {}).items()}
    order = asked.own.get("sort")
    size = limit(asked.own.get("limit"), settings.page_items, settings.page_limit)
    cursor = asked.own.get("cursor")
    page = page_of(
        question.name,
        explorer.identities(question, values, order),
        explorer.identities(question, {}, order) if cursor else (),
        cursor,
        order or "",
        size,
    )
    shown = explorer.part(question, values, order, page.start, size)
    whole = len(shown) == page.total
    text = explorer.text(question, values, order, *(() if whole else (size, page.start)))
    return Part(shown, page, values, text)
