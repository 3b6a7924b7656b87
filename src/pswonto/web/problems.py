"""How a fault is told over HTTP: every one as application/problem+json (RFC 9457), from one table."""

import json
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pswonto.errors import (
    PROBLEMS,
    FormatError,
    NotEntailed,
    Overloaded,
    ParameterError,
    PswontoError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ServerFault,
    ServerTimeout,
    ServerUnavailable,
    TermNotFound,
    problem_slug,
)
from pswonto.namespaces import BASE
from pswonto.negotiation import choose
from pswonto.web.log import request_id

PROBLEM = "application/problem+json"
_HTML = "text/html"
_log = logging.getLogger(__name__)


class ProtocolError(PswontoError):
    """A request does not keep to the protocol, such as one with two queries."""


class NoHost(ProtocolError):
    """The Host header of a request names no host (RFC 9112, section 3.2)."""

    def __init__(self) -> None:
        super().__init__("the Host header must be the name or the address of a host, perhaps with a port")


class UnsupportedMediaType(PswontoError):
    """The body of a request is of a kind that is not read here.

    Attributes:
        accepted: The media types that are.
    """

    def __init__(self, given: str, accepted: Sequence[str]) -> None:
        self.accepted = tuple(accepted)
        super().__init__(f"a body of {given} is not read here; there are: {', '.join(accepted)}")


class BodyTooLarge(PswontoError):
    """The body of a request is larger than the service reads."""


# The status and the title of each kind of error; a kind that is not named has those of its parent.
_TABLE: dict[type[PswontoError], tuple[int, str]] = {
    ProtocolError: (400, "Bad request"),
    ParameterError: (400, "Bad parameter"),
    QuerySyntaxError: (400, "Query syntax error"),
    QueryRefused: (403, "Query refused"),
    QueryTimeout: (503, "Query timeout"),
    Overloaded: (503, "Overloaded"),
    ServerFault: (502, "Bad gateway"),
    ServerUnavailable: (503, "Server unavailable"),
    ServerTimeout: (504, "Server timeout"),
    TermNotFound: (404, "Not found"),
    NotEntailed: (404, "Not found"),
    FormatError: (406, "Not acceptable"),
    BodyTooLarge: (413, "Body too large"),
    UnsupportedMediaType: (415, "Unsupported media type"),
    PswontoError: (500, "Internal error"),
}
_MEMBERS = ("line", "column", "seconds", "parameter", "nearest", "kind", "name", "offered", "accepted")


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None, **members: Any) -> Response:
    """Return the response that tells a fault.

    Args:
        status: The status code.
        title: The kind of fault, in a few words; its slug is the last part of the problem's type.
        detail: What is wrong with this request, and what would be right.
        headers: Headers of the response.
        members: Further members of the problem.
    """
    assert title in PROBLEMS, title
    body = {
        "type": f"{BASE}/problem/{problem_slug(title)}",
        "title": title,
        "status": status,
        "detail": detail,
        **members,
    }
    if identifier := request_id.get():
        body["instance"] = f"urn:uuid:{identifier}"
    return Response(
        json.dumps(body, ensure_ascii=False),
        status,
        {"Cache-Control": "no-store", **(headers or {})},
        PROBLEM,
    )


def of_error(error: PswontoError) -> Response:
    """Return the response for an error of ours, with the data that it carries."""
    status, title = next(_TABLE[kind] for kind in type(error).__mro__ if kind in _TABLE)
    if isinstance(error, ServerFault):
        _log.warning("%s", error)
    if status == 500:
        _log.error("%s: %s", type(error).__name__, error)
        return internal()
    members = {
        name: list(value) if isinstance(value, tuple) else value
        for name in _MEMBERS
        if (value := getattr(error, name, None)) not in (None, ())
    }
    headers = {"Accept-Post": ", ".join(error.accepted)} if isinstance(error, UnsupportedMediaType) else {}
    if status in (503, 504):
        # The same query would take as long again; others may end in a second.
        slow = isinstance(error, QueryTimeout | ServerTimeout)
        headers["Retry-After"] = "60" if slow else str(max(1, math.ceil(getattr(error, "retry_after", None) or 1)))
    return problem(status, title, str(error), headers, **members)


def internal() -> Response:
    """Return the response where the service itself is at fault; what it was stands in its log."""
    return problem(500, "Internal error", "the service is at fault; the fault is in its log")


def method_not_allowed(method: str, allowed: Iterable[str]) -> Response:
    """Return the response to a method that is not done.

    Args:
        method: The method.
        allowed: Those that are; where GET is among them, HEAD is too.
    """
    methods = set(allowed)
    listed = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
    return problem(405, "Method not allowed", f"{method} is not done here; there are: {listed}", {"Allow": listed})


class Faults:
    """Answers with a problem when the service itself fails, inside what adds headers to every answer.

    Args:
        app: The application that may fail.
        page: What writes the page for people where a dataset elsewhere cannot be reached, if there is one.
    """

    def __init__(self, app: ASGIApp, page: Callable[[bytes], str] | None = None) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer it where nothing has been sent before the fault."""
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ServerFault as error:
            if scope["type"] != "http" or started:
                raise
            response = of_error(error)
            accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
            if (
                self._page is not None
                and not scope["path"].startswith("/api/")
                and choose(accept, (PROBLEM, _HTML)) == _HTML
            ):
                page = Response(self._page(bytes(response.body)), response.status_code, media_type=_HTML)
                kept = [(name, value) for name, value in response.raw_headers if not name.startswith(b"content-")]
                page.raw_headers += [*kept, (b"vary", b"Accept")]
                response = page
            await response(scope, receive, send)
        except Exception:
            # Whatever it was, the client gets an answer and the log gets the fault.
            if scope["type"] != "http" or started:
                raise
            _log.exception("a request failed")
            await internal()(scope, receive, send)


class Head:
    """Answers HEAD as GET, without the body (RFC 9110, section 9.3.2).

    Args:
        app: The application that answers GET.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and keep the body back where the method is HEAD."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def headers_only(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, headers_only)
