"""The application of the moment: at first there is none, and later it can be exchanged between two requests."""

import asyncio
import gc
import threading
import uuid
from collections.abc import Callable

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from pswonto.web.cors import HEADERS
from pswonto.web.log import request_id
from pswonto.web.problems import problem
from pswonto.web.service import Service


class Current:
    """Lets the application of the moment answer; until there is one, requests wait, and only health is told.

    Args:
        load: What makes the first application, in a thread of its own.
        grace: How long an application may go on with what it has begun when another takes its place, in seconds.

    Attributes:
        service: The service of the moment.
        fault: What kept the first one from being made.
        on_fault: What to do then.
    """

    def __init__(self, load: Callable[[], Service], grace: float) -> None:
        self._load = load
        self._grace = grace
        self._changed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.service: Service | None = None
        self.fault: BaseException | None = None
        self.on_fault: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, which keeps the application that it began with."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self.service is None and scope["path"] not in ("/health/live", "/health/ready"):
            await self._changed.wait()
        if self.service is not None:
            await self.service(scope, receive, send)
        else:
            await self._without_data(scope["path"])(scope, receive, send)

    def _without_data(self, path: str) -> Response:
        identifier = str(uuid.uuid4())
        request_id.set(identifier)
        words = "the data is being loaded" if self.fault is None else "the data cannot be served"
        response = (
            JSONResponse({"status": "live"})
            if path == "/health/live"
            else problem(503, "Not ready", words, {"Retry-After": "1"})
        )
        response.raw_headers += [*HEADERS, (b"x-request-id", identifier.encode())]
        return response

    async def _live(self, receive: Receive, send: Send) -> None:
        self._loop = asyncio.get_running_loop()
        await receive()
        threading.Thread(target=self._first, name="load", daemon=True).start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.close()
        # What was closed is told so in the next turn of the loop.
        await asyncio.sleep(0)
        await send({"type": "lifespan.shutdown.complete"})

    def _first(self) -> None:
        assert self._loop is not None
        try:
            service = self._load()
            self.exchange(service)
            # Queries are answered by now; the rest follows.
            service.make()
            gc.freeze()
        except BaseException as fault:  # whatever it is, who started the service gets it
            self.fault = fault
            self._loop.call_soon_threadsafe(self._changed.set)
            self.on_fault()

    def exchange(self, service: Service) -> None:
        """Let another application answer from now on; any thread may call it."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._exchange, service)

    def _exchange(self, service: Service) -> None:
        assert self._loop is not None
        ended, self.service = self.service, service
        # What lives as long as the service need not be looked through for garbage, and requests make little of it.
        gc.freeze()
        gc.set_threshold(50_000)
        self._changed.set()
        if ended is not None:
            self._loop.call_later(self._grace, ended.pool.close)

    def close(self) -> None:
        """End the queries of the application; who waits for an answer is told so."""
        if self.service is not None:
            self.service.pool.close()
