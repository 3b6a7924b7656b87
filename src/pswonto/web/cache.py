"""Answers that are kept, and how a client finds out whether the one that it has is still good (RFC 9110, 9111)."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pswonto.queries import keywords

# What an answer depends on, beside method, path and body; and what asks whether an answer is still good.
_TOLD = (b"host", b"accept", b"content-type", b"content-encoding", b"origin")
_CONDITIONS = (b"if-none-match", b"if-modified-since", b"range")
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


def kept(query: str, media_type: str, body: bytes) -> Kept:
    """Return an answer with its entity tag, or without one where it may be another one the next time.

    Args:
        query: The query that it answers.
        media_type: The media type of the answer.
        body: The answer.
    """
    if volatile(query):
        return Kept(media_type, body, None)
    # The tag is made of the very bytes, for the labels of blank nodes are others after a restart.
    tag = hashlib.sha256(media_type.encode() + b"\n" + body).hexdigest()[:32]
    return Kept(media_type, body, f'"{tag}"')


class Cache:
    """Answers a request that was answered before with the same bytes, in front of all else that takes time.

    What has an entity tag is kept, up to a number of bytes; what was asked for least recently goes first.

    Args:
        app: The application that answers the first time.
        limit: The most bytes to keep; 0 keeps nothing.
        body_limit: The largest body of a request that is looked at.
    """

    def __init__(self, app: ASGIApp, limit: int, body_limit: int) -> None:
        self._app = app
        self._limit = limit
        self._body_limit = body_limit
        self._answers: OrderedDict[tuple[object, ...], tuple[Message, Message]] = OrderedDict()
        self._size = 0

    def __len__(self) -> int:
        return len(self._answers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let the application answer, and keep that."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "POST"):
            await self._app(scope, receive, send)
            return
        told = dict.fromkeys(_TOLD, b"")
        for name, value in scope["headers"]:
            if name in _CONDITIONS:
                await self._app(scope, receive, send)
                return
            if name in told:
                # Several lines of one header are one list (RFC 9110, section 5.3).
                told[name] = told[name] + b"," + value if told[name] else value
        messages: list[Message] = []
        more = False
        if scope["method"] == "POST":
            size = 0
            more = True
            while more and size <= self._body_limit:
                message = await receive()
                messages.append(message)
                size += len(message.get("body", b""))
                more = message.get("more_body", False)
        body = b"".join(message.get("body", b"") for message in messages)
        cross = told.pop(b"origin") != b""
        key = (scope["method"], scope["scheme"], scope["path"], scope["query_string"], cross, *told.values(), body)
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
            await send(found[0])
            await send(found[1])
            return
        # What was read of the body is given to the application first.
        again = iter(messages)

        async def replay() -> Message:
            return next(again, None) or await receive()

        start: list[Message] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                # What was not read to its end cannot be told from another request with the same beginning.
                start[:] = [message] if not more else []
            elif not message.get("more_body") and start and self._may_be_kept(start[0], message):
                self._keep(key, start[0], message)
            elif message.get("more_body"):
                start.clear()
            await send(message)

        await self._app(scope, replay, keep)

    def _may_be_kept(self, start: Message, message: Message) -> bool:
        # One answer must not drive out all the others.
        small = len(message.get("body", b"")) * 8 <= self._limit
        return small and start["status"] == 200 and any(name.lower() == b"etag" for name, _ in start["headers"])

    def _keep(self, key: tuple[object, ...], start: Message, message: Message) -> None:
        self._answers[key] = start, message
        self._size += len(message.get("body", b""))
        while self._size > self._limit:
            _, (_, dropped) = self._answers.popitem(last=False)
            self._size -= len(dropped.get("body", b""))


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
