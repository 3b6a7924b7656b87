"""One connection of a client, on which queries are answered without the detours of a framework."""

import uuid
from collections.abc import Callable, Hashable
from typing import Any, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from pswonto.web.cors import HEADERS
from pswonto.web.current import Current
from pswonto.web.exchange import Asked, Reply
from pswonto.web.log import request_id
from pswonto.web.problems import problem
from pswonto.web.service import Remember
from pswonto.web.sparql import PATH

# A request that comes in one piece of at most so many bytes is compared with those that came before.
_LARGEST = 60_000
_METHODS = ("GET", "POST", "QUERY")
# How long a client whose request was refused may go on sending before the connection is cut, in seconds.
_LINGER = 2.0


class _RefusedError(Exception):
    pass


class Connection(HttpToolsProtocol):
    """Reads requests and writes responses; what is no request, or has too large a head, gets a problem.

    Where a client sends the very bytes of a request that was answered from what is kept, with nothing before them and
    nothing behind, the response is written at once: reading it would take most of the time of the answer.

    Args:
        current: The application of the moment.
        head_limit: The most bytes of the first line and the headers of a request.
        server: What uvicorn gives each connection.
    """

    def __init__(self, *, current: Current, head_limit: int, **server: Any) -> None:
        super().__init__(**server)
        self._current = current
        self._head_limit = head_limit
        self._begun = 0
        self._ended = 0
        self._head: int | None = 0
        self._refusal = (400, "Bad request", "this is no HTTP request")
        self._whole: bytes | None = None
        self._remember: Remember | None = None
        self._default: tuple[object, bytes] = (None, b"")
        self._expected: RequestResponseCycle | None = None
        self._give_up: Callable[[], None] | None = None
        self._refused = False

    def data_received(self, data: bytes) -> None:
        """Answer a repeated request, or read on."""
        if self._refused:
            return
        self._whole = self._remember = None
        free = self.cycle is None or self.cycle.response_complete
        if free and self._begun == self._ended and len(data) <= _LARGEST:
            begun = self._begun
            if not self.flow.write_paused and not self.transport.is_closing() and self._repeated(data):
                return
            super().data_received(data)
            if self._begun == self._ended == begun + 1:
                # Only now is it known that nothing stands behind the request, which may have been answered already.
                self._whole = data
                if self._remember is not None:
                    self._remember(self._from(data))
        else:
            super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > self._head_limit and not self._refused and not self.transport.is_closing():
                self._too_large()
                self.send_400_response("")

    def _repeated(self, data: bytes) -> bool:
        service = self._current.service
        if service is None:
            return False
        found = service.repeated(self._from(data))
        if found is None:
            return False
        identifier, stored = found
        self._write(b"HTTP/1.1 200 OK\r\n", stored.reply.head(), identifier, stored.reply.body)
        super().on_response_complete()
        return True

    def _from(self, data: bytes) -> Hashable:
        # What proxies tell is believed of some clients only, so the same bytes of two may not be the same request.
        return (self.client and self.client[0], self.server, data)

    def _write(self, status_line: bytes, head: bytes, identifier: str, body: bytes) -> None:
        headers = self.server_state.default_headers
        if self._default[0] is not headers:
            # The server makes a new list each second, with the date in it.
            self._default = headers, b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        request = b"x-request-id: " + identifier.encode() + b"\r\n\r\n"
        self.transport.write(b"".join((status_line, self._default[1], head, request, body)))

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Take a query on the short way, where there is nothing unusual about it."""
        service = self._current.service
        if service is None or not service.short or not self._is_short(cycle):
            super()._start_asgi_task(cycle, app)
        elif cycle.more_body:
            self._expected = cycle
        else:
            self._take(cycle)

    def _is_short(self, cycle: RequestResponseCycle) -> bool:
        scope = cycle.scope
        if scope["path"] != PATH or scope["method"] not in _METHODS or cycle.waiting_for_100_continue:
            return False
        length = None
        for name, value in scope["headers"]:
            if name == b"content-length":
                length = value
            elif name.startswith(b"x-forwarded-"):
                return False
        # A larger body comes in pieces, which the long way asks for one by one.
        return scope["method"] == "GET" or (length is not None and length.isdigit() and int(length) <= _LARGEST)

    def _take(self, cycle: RequestResponseCycle) -> None:
        service = self._current.service
        assert service is not None

        def answered(identifier: str, reply: Reply, remember: Remember) -> None:
            self._give_up = None
            if cycle.disconnected or self.transport.is_closing():
                return
            head = reply.head()
            if not cycle.keep_alive:
                head += b"connection: close\r\n"
            elif self._whole is not None:
                remember(self._from(self._whole))
            else:
                self._remember = remember
            cycle.response_started = cycle.response_complete = True
            self._write(STATUS_LINE[reply.status], head, identifier, reply.body)
            if not cycle.keep_alive:
                self.transport.close()
            self.on_response_complete()

        self._give_up = service.take(Asked.of(cast(Scope, cycle.scope), bytes(cycle.body)), answered)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the query of a client that is gone."""
        super().connection_lost(exc)
        if self._give_up is not None:
            self._give_up()

    def on_message_begin(self) -> None:
        """Count a request that begins."""
        super().on_message_begin()
        self._begun += 1
        self._head = 0

    def on_headers_complete(self) -> None:
        """Refuse a head that is too large, or go on."""
        self._head = None
        size = len(self.url) + sum([len(name) + len(value) for name, value in self.headers])
        if size > self._head_limit or len(self.url) > self._head_limit // 2:
            self._too_large()
            raise _RefusedError
        super().on_headers_complete()

    def _too_large(self) -> None:
        if len(self.url) > self._head_limit // 2:
            what = f"the URL has more than {self._head_limit // 2} bytes: send the query by POST"
            self._refusal = 414, "URL too long", what
        else:
            self._refusal = 431, "Headers too large", f"the headers have more than {self._head_limit} bytes"

    def on_message_complete(self) -> None:
        """Count a request that has come to its end, and answer it where that was waited for."""
        super().on_message_complete()
        self._ended += 1
        expected, self._expected = self._expected, None
        if expected is not None:
            self._take(expected)

    def send_400_response(self, msg: str) -> None:
        """Tell as a problem what cannot be read as a request, and end the connection."""
        status, title, detail = self._refusal
        identifier = str(uuid.uuid4())
        request_id.set(identifier)
        response = problem(status, title, detail)
        if self._current.service is not None:
            self._current.service.refused(identifier, status, len(response.body))
        own = [*response.raw_headers, *HEADERS, (b"x-request-id", identifier.encode()), (b"connection", b"close")]
        headers = [*self.server_state.default_headers, *own]
        head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self._refused = True
        self.transport.write(STATUS_LINE[status] + head + b"\r\n" + bytes(response.body))
        # Were it closed while the client still sends, the client would lose the answer (RFC 9112, section 9.6).
        self.transport.write_eof()
        self.loop.call_later(_LINGER, self.transport.close)
