"""What is known of each request: its id, how it was answered, and how long that took."""

import itertools
import uuid
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pswonto.web.exchange import Reply
from pswonto.web.log import Log, now, quoted, request_id
from pswonto.web.metrics import Metrics

# What the log calls the status of a client that was gone before it had its answer.
GONE = 499


class Observer:
    """Gives each request an id, counts it and takes it down.

    The id stands in the response as `X-Request-ID`, in a problem as its `instance`, and in the log.

    Args:
        app: The application.
        metrics: What counts.
        log: Where requests are taken down, if anywhere.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, log: Log | None) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log
        # One random number for the process, and then a number for each request: a UUID without asking for randomness.
        self._prefix = str(uuid.uuid4())[:24]
        self._numbers = itertools.count(1)

    def identifier(self) -> str:
        """Return the id of one more request."""
        return f"{self._prefix}{next(self._numbers):012x}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and observe it."""
        start = perf_counter()
        identifier = self.identifier()
        request_id.set(identifier)
        status, size = GONE, 0

        async def observe(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", identifier.encode())]}
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, observe)
        finally:
            state = scope.get("state", {})
            reply = Reply(status, kept=state.get("kept", False), query=state.get("query"))
            self.told(identifier, scope["method"], scope["path"], reply, size, perf_counter() - start)

    def told(self, identifier: str, method: str, path: str, reply: Reply, size: int, seconds: float) -> None:
        """Count a request, and take it down.

        Args:
            identifier: Its id.
            method: Its method.
            path: Its path.
            reply: How it was answered.
            size: How many bytes of body were sent.
            seconds: How long it took.
        """
        status = reply.status
        self._metrics.count(path, method, status, seconds, reply.kept)
        if self._log is not None:
            level = "error" if status >= 500 and status != 503 else "info"
            digest = f'"query": "{reply.query}", ' if reply.query else ""
            # Written by hand, as it is written for each request; what a client chose is quoted.
            self._log.line(
                f'{{"time": "{now()}", "level": "{level}", "request": "{identifier}", "method": {quoted(method)}, '
                f'"path": {quoted(path)}, {digest}"status": {status}, "bytes": {size}, '
                f'"seconds": {seconds:.6f}, "kept": {"true" if reply.kept else "false"}}}'
            )
