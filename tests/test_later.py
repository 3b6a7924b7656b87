"""Tests of an application that is made when it is needed."""

import asyncio
import threading
import time
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from pswonto.web.later import Later


async def ask(app: ASGIApp) -> bytes:
    """Return the body of an answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    await app({"type": "http", "method": "GET", "path": "/", "headers": []}, receive, send)
    body: bytes = sent[1]["body"]
    return body


def test_it_is_made_once_for_all_who_ask_at_once() -> None:
    """Many first requests wait for one application, and the loop goes on meanwhile."""
    made: list[str] = []

    def create() -> ASGIApp:
        time.sleep(0.2)
        made.append(threading.current_thread().name)
        return PlainTextResponse("here")

    async def asked() -> tuple[list[bytes], int]:
        later = Later(create)
        turns = 0

        async def turn() -> None:
            nonlocal turns
            while not made:
                turns += 1
                await asyncio.sleep(0.01)

        *bodies, _ = await asyncio.gather(*(ask(later) for _ in range(5)), turn())
        return [body for body in bodies if body is not None], turns

    bodies, turns = asyncio.run(asked())
    assert bodies == [b"here"] * 5
    assert len(made) == 1
    assert made != ["MainThread"]
    assert turns > 5


def test_a_fault_in_the_making_is_told_to_whoever_needs_it() -> None:
    """It is raised, and tried again the next time."""
    attempts: list[int] = []

    def create() -> ASGIApp:
        attempts.append(1)
        if len(attempts) == 1:
            raise ValueError("why")
        return PlainTextResponse("here")

    later = Later(create)
    with pytest.raises(ValueError, match="why"):
        asyncio.run(ask(later))
    assert asyncio.run(ask(later)) == b"here"
