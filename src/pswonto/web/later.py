"""An application that is not made before it is needed."""

import asyncio
import threading
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class Later:
    """Answers with an application that is made once, for the first request or before.

    Args:
        create: What makes it.
    """

    def __init__(self, create: Callable[[], ASGIApp]) -> None:
        self._create = create
        self._lock = threading.Lock()
        self._app: ASGIApp | None = None

    def make(self) -> ASGIApp:
        """Return the application, made by this thread or another one."""
        with self._lock:
            if self._app is None:
                self._app = self._create()
            return self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as soon as there is somebody to pass it on to."""
        app = self._app
        if app is None:
            app = await asyncio.to_thread(self.make)
        await app(scope, receive, send)
