"""A request and its response, without a framework around them."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache

from starlette.responses import Response
from starlette.types import Scope, Send

# A client may use an answer for so many seconds without asking again.
_FRESH = b"public, max-age=300"
# A name or an address, and perhaps a port (RFC 3986, section 3.2.2), so that it can stand in an IRI.
_HOST = re.compile(rb"(?:(?:[\w.~-]|%[0-9A-Fa-f]{2})+|\[[0-9A-Fa-f:.]+\])(?::\d*)?", re.ASCII)
# What a response without a body does not tell (RFC 9110, section 15.4.5).
_OF_THE_BODY = (b"content-type", b"content-length")


@dataclass(slots=True)
class Asked:
    """A request, with all of its body.

    Attributes:
        method: The method.
        scheme: `http` or `https`.
        path: The path, decoded.
        query_string: What stands behind it, as it was sent.
        headers: The headers, by their names in small letters.
        body: The bytes of the body.
    """

    method: str
    scheme: str
    path: str
    query_string: bytes
    headers: Mapping[bytes, bytes]
    body: bytes

    @staticmethod
    def of(scope: Scope, body: bytes) -> "Asked":
        """Return the request of an ASGI scope, with its body."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            # Several lines of one header are one list (RFC 9110, section 5.3).
            headers[name] = headers[name] + b", " + value if name in headers else value
        if not headers.get(b"host") and scope.get("server"):
            server, port = scope["server"]
            headers[b"host"] = f"{server}:{port}".encode()
        return Asked(scope["method"], scope["scheme"], scope["path"], scope["query_string"], headers, body)

    def text(self, name: bytes) -> str | None:
        """Return the value of a header, where there is one."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


@lru_cache(maxsize=64)
def is_host(value: bytes) -> bool:
    """Tell whether the value of a Host header is one."""
    return _HOST.fullmatch(value) is not None


@dataclass(slots=True)
class Reply:
    """A response, with all of its body.

    Attributes:
        status: The status code.
        headers: The headers, with their names in small letters.
        body: The bytes of the body.
        keep: Whether it may be kept, and answer another request.
        kept: Whether it was kept since an earlier one.
        query: The digest of the query that it answers.
    """

    status: int
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    keep: bool = False
    kept: bool = False
    query: str | None = None
    _head: bytes | None = None

    def head(self) -> bytes:
        """Return the headers as they stand in HTTP/1.1; after that, no header may be added."""
        if self._head is None:
            self._head = b"".join([name + b": " + value + b"\r\n" for name, value in self.headers])
        return self._head

    @staticmethod
    def of(response: Response) -> "Reply":
        """Return the reply that a response of the framework is."""
        return Reply(response.status_code, list(response.raw_headers), bytes(response.body))

    async def send(self, send: Send) -> None:
        """Send it as ASGI has it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})

    def unless_current(self, asked: Asked) -> "Reply":
        """Return it, or 304 where the client has it already (RFC 9110, section 13.2.2).

        Entity tags are compared first, and the date only where the client sends no tag.

        Args:
            asked: The request.
        """
        tags, since = asked.headers.get(b"if-none-match"), asked.headers.get(b"if-modified-since")
        if (tags is None and since is None) or self.status != 200 or asked.method not in ("GET", "HEAD"):
            return self
        own = dict(self.headers)
        if b"etag" not in own:
            return self
        if tags is not None:
            # The comparison is the weak one, as for all If-None-Match.
            listed = [tag.strip().removeprefix(b"W/") for tag in tags.split(b",")]
            current = b"*" in listed or own[b"etag"] in listed
        else:
            current = b"last-modified" in own and _not_after(own[b"last-modified"], since or b"")
        if not current:
            return self
        headers = [(name, value) for name, value in self.headers if name not in _OF_THE_BODY]
        return Reply(304, headers, kept=self.kept, query=self.query)


def negotiated(media_type: str, body: bytes, modified: datetime | None) -> Reply:
    """Return the reply that has a body in the format that was negotiated.

    Args:
        media_type: Its media type.
        body: Its bytes.
        modified: When that changed last of which it is made; nothing where it would be another one the next time.
    """
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    headers = [
        (b"content-type", (media_type + charset).encode()),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"Accept"),
    ]
    if modified is None:
        headers.append((b"cache-control", b"no-store"))
    else:
        # The tag is made of the very bytes, for the labels of blank nodes are others after a restart.
        tag = hashlib.sha256(media_type.encode() + b"\n" + body).hexdigest()[:32]
        headers += [
            (b"etag", f'"{tag}"'.encode()),
            (b"last-modified", _date(modified)),
            (b"cache-control", _FRESH),
        ]
    return Reply(200, headers, body, keep=modified is not None)


@lru_cache(maxsize=8)
def _date(moment: datetime) -> bytes:
    return format_datetime(moment, usegmt=True).encode()


def _not_after(modified: bytes, since: bytes) -> bool:
    try:
        date = parsedate_to_datetime(since.decode("latin-1"))
    except ValueError:
        # A date that is none is passed over (RFC 9110, section 13.1.3).
        return False
    return parsedate_to_datetime(modified.decode()) <= date.replace(tzinfo=date.tzinfo or UTC)
