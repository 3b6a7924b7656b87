"""Pages of a list, by cursors that clients need not understand, and links to those around (RFC 8288)."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from pswonto.errors import ParameterError

_DIGEST = 6
_BAD = "is none of ours: take it from the link to a page as it stands, or leave it out to begin at the first"


@dataclass(frozen=True)
class Page:
    """A page of a list.

    Attributes:
        start: How many items stand before it.
        size: How many items it has at the most.
        total: How many items the list has.
        cursors: The cursors of pages that there are, by their relation to it; that of the first is nothing.
    """

    start: int
    size: int
    total: int
    cursors: dict[str, str | None]

    def links(self, path: str, parameters: Sequence[tuple[str, str]]) -> list[str]:
        """Return the links to the pages around, as they stand in the Link header.

        Args:
            path: The path of the list.
            parameters: The parameters of the request.
        """
        others = [pair for pair in parameters if pair[0] != "cursor"]
        links = []
        for relation, cursor in self.cursors.items():
            query = urlencode([*others, *([("cursor", cursor)] if cursor else [])])
            links.append(f'<{path}{"?" if query else ""}{query}>; rel="{relation}"')
        return links


def limit(text: str | None, default: int, most: int) -> int:
    """Return how many items a page is to have.

    Args:
        text: What the client asks for, if anything.
        default: What it gets where it does not ask.
        most: The most that it gets.

    Raises:
        ParameterError: It is no such number.
    """
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise ParameterError("limit", f"must be a whole number from 1 to {most}, not {text!r}")
    return int(text)


def page_of(
    name: str, identities: Sequence[str], everything: Sequence[str], cursor: str | None, order: str, size: int
) -> Page:
    """Return the page of a list that a cursor leads to.

    A cursor names the item before the page and the order of the list, so that no item is passed over or told twice
    where others come or go, and it means the same where other filters are set.

    Args:
        name: The name of the list.
        identities: What tells the items of the list from each other, in their order.
        everything: The same of the list without any filter.
        cursor: The cursor, if there is one.
        order: The order.
        size: How many items the page is to have.

    Raises:
        ParameterError: The cursor is none of ours, or is for another list, or for another order.
    """
    start = 0 if cursor is None else _position(_opened(name, cursor, order), identities, everything)
    total = len(identities)

    def at(position: int) -> str | None:
        return _sealed(name, identities[position - 1], order) if position > 0 else None

    last = start + max(0, (total - start - 1) // size * size)
    cursors = {"first": None, "last": at(min(last, total))}
    if start > 0:
        cursors["prev"] = at(max(0, start - size))
    if start + size < total:
        cursors["next"] = at(start + size)
    return Page(start, size, total, cursors)


def _position(identity: str, identities: Sequence[str], everything: Sequence[str]) -> int:
    if identity in identities:
        return identities.index(identity) + 1
    if identity not in everything:
        raise ParameterError("cursor", _BAD)
    # The item is in the list no longer, for a filter was set: the page begins with what comes after it.
    before = set(everything[: everything.index(identity) + 1])
    return sum(other in before for other in identities)


def _seal(name: str, content: str) -> bytes:
    return hashlib.blake2b(f"{name}\n{content}".encode(), digest_size=_DIGEST).digest()


def _sealed(name: str, identity: str, order: str) -> str:
    content = f"{order}\n{identity}"
    return _written(_seal(name, content) + content.encode())


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _opened(name: str, cursor: str, order: str) -> str:
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        content = data[_DIGEST:].decode()
    except (binascii.Error, ValueError) as error:
        raise ParameterError("cursor", _BAD) from error
    # The same bytes may be written in several ways, of which one is ours.
    if data[:_DIGEST] != _seal(name, content) or _written(data) != cursor:
        raise ParameterError("cursor", _BAD)
    sealed_order, _, identity = content.partition("\n")
    if sealed_order != order:
        raise ParameterError("cursor", f"is for the order {sealed_order or 'that is the default'!r}, not for {order!r}")
    return identity
