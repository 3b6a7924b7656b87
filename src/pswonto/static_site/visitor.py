"""A client inside the process: it asks an application as others do over HTTP, with no server between."""

import asyncio
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from pswonto.web.exchange import Reply


class Visitor:
    """Asks an application, which lives from the beginning of an `async with` to its end.

    Args:
        app: The application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._events: asyncio.Queue[Message] = asyncio.Queue()
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._life: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Visitor":
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
        self._life = asyncio.ensure_future(self._live(scope))
        await self._turn("startup")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._turn("shutdown")
        if self._life is not None:
            await self._life

    async def _live(self, scope: dict[str, Any]) -> None:
        await self._app(scope, self._events.get, self._told.put)

    async def _turn(self, event: str) -> None:
        assert self._life is not None
        await self._events.put({"type": f"lifespan.{event}"})
        told = asyncio.ensure_future(self._told.get())
        await asyncio.wait((told, self._life), return_when=asyncio.FIRST_COMPLETED)
        if not told.done():
            # It has ended without a word, so that there is a fault to raise.
            told.cancel()
            await self._life

    async def get(self, target: str, accept: str = "*/*") -> Reply:
        """Return the answer to a request of GET.

        Args:
            target: The path, percent-encoded, with the query behind it.
            accept: The media types to ask for.
        """
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost"), (b"accept", accept.encode())],
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 0),
        }
        reply = Reply(0)
        parts: list[bytes] = []

        async def receive() -> Message:
            # There is no body, and nobody hangs up.
            await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                reply.status = message["status"]
                reply.headers = [(name.lower(), value) for name, value in message["headers"]]
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        reply.body = b"".join(parts)
        return reply
