"""The server that runs the service until it is told to end."""

import asyncio
import logging
import socket
from functools import partial
from typing import Any

import uvicorn

from pswonto.settings import Settings
from pswonto.web.connection import Connection
from pswonto.web.current import Current
from pswonto.web.log import JsonHandler, Log


class _Server(uvicorn.Server):
    """Ends in order: what is being answered may go on for a while, and is then told to come back."""

    def __init__(self, config: uvicorn.Config, current: Current, seconds: float) -> None:
        super().__init__(config)
        self._current = current
        self._seconds = seconds

    async def shutdown(self, sockets: Any = None) -> None:
        timer = asyncio.get_running_loop().call_later(self._seconds, self._current.close)
        await super().shutdown(sockets)
        timer.cancel()


def run(current: Current, listening: socket.socket, settings: Settings, log: Log | None) -> None:
    """Serve until a signal comes that asks for the end, or until there is nothing to serve.

    Args:
        current: The application.
        listening: The socket that listens.
        settings: How large a request may be, and how long its answer may take after that signal.
        log: Where faults are taken down; without it, they are written as Python's logging has it.
    """
    if log is not None:
        logging.basicConfig(handlers=[JsonHandler(log)], level=logging.WARNING, force=True)
    config = uvicorn.Config(
        current,
        http=partial(Connection, current=current, head_limit=settings.head_limit),  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
    )
    server = _Server(config, current, settings.shutdown_seconds)

    def end() -> None:
        server.should_exit = True

    current.on_fault = end
    if log is not None:
        log.start()
    server.run([listening])
    if log is not None:
        log.stop()
    if current.fault is not None:
        raise current.fault
