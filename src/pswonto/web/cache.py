"""Answers that are kept, and how a client finds out whether the one that it has is still good (RFC 9110, 9111)."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from pswonto.queries import keywords

# The functions of SPARQL 1.1 (section 17.4) whose value is another one each time.
_VOLATILE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
# How long a client may use an answer without asking again, in seconds.
_FRESH = 300


@dataclass(frozen=True)
class Kept:
    """One answer as it is sent.

    Attributes:
        media_type: Its media type.
        body: Its bytes.
        etag: Its strong entity tag; nothing for an answer that would be another one the next time.
    """

    media_type: str
    body: bytes
    etag: str | None


class Cache:
    """Keeps answers up to a number of bytes; what was asked for least recently goes first.

    Args:
        limit: The most bytes to keep; 0 keeps nothing.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._answers: OrderedDict[tuple[object, ...], Kept] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, key: tuple[object, ...]) -> Kept | None:
        """Return the answer to a request, where it is kept."""
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
        return kept

    def put(self, key: tuple[object, ...], query: str, media_type: str, body: bytes) -> Kept:
        """Return an answer with its entity tag, and keep it where it is the same each time and not too large.

        Args:
            key: All that the answer depends on.
            query: The query.
            media_type: The media type of the answer.
            body: The answer.
        """
        if volatile(query):
            return Kept(media_type, body, None)
        # The tag is made of the very bytes, for the labels of blank nodes are others after a restart.
        tag = hashlib.sha256(media_type.encode() + b"\n" + body).hexdigest()[:32]
        kept = Kept(media_type, body, f'"{tag}"')
        # One answer must not drive out all the others.
        if len(body) * 8 <= self._limit:
            self._answers[key] = kept
            self._size += len(body)
            while self._size > self._limit:
                _, dropped = self._answers.popitem(last=False)
                self._size -= len(dropped.body)
        return kept


def volatile(query: str) -> bool:
    """Tell whether a query may have another answer the next time, though the dataset is the same."""
    return not _VOLATILE.isdisjoint(keywords(query))


def headers(kept: Kept, modified: datetime) -> dict[str, str]:
    """Return the headers that let an answer be kept, or not.

    Args:
        kept: The answer.
        modified: When the dataset was changed last.
    """
    if kept.etag is None:
        return {"Cache-Control": "no-store"}
    return {
        "ETag": kept.etag,
        "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True),
        "Cache-Control": f"public, max-age={_FRESH}",
    }


def is_current(kept: Kept, modified: datetime, request: Mapping[str, str]) -> bool:
    """Tell whether the answer that a client has already is this one (RFC 9110, section 13.2.2).

    Args:
        kept: The answer.
        modified: When the dataset was changed last.
        request: The headers of the request.
    """
    if kept.etag is None:
        return False
    tags = request.get("if-none-match")
    if tags is not None:
        # The comparison is the weak one, as for all If-None-Match.
        listed = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return "*" in listed or kept.etag in listed
    since = request.get("if-modified-since")
    if since is None:
        return False
    try:
        return modified.replace(microsecond=0) <= parsedate_to_datetime(since).astimezone(UTC)
    except ValueError:
        # A date that is none is passed over (RFC 9110, section 13.1.3).
        return False
