"""Tests of the time before there is a service, and of its exchange."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from pswonto.web.current import Current
from pswonto.web.service import Service


class Fake:
    """A service that tells its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.closed = False
        self.pool = self

    def close(self) -> None:
        """Note that it was ended."""
        self.closed = True

    def make(self) -> None:
        """Have nothing to make."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer with the name."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self.name.encode()})


async def lived(current: Current, during: Callable[[], Awaitable[None]]) -> None:
    """Begin, do something, and end, as a server does."""
    messages: asyncio.Queue[Any] = asyncio.Queue()
    begun = asyncio.Event()

    async def send(message: Any) -> None:
        begun.set()

    life = asyncio.create_task(current({"type": "lifespan"}, messages.get, send))
    await messages.put({"type": "lifespan.startup"})
    await begun.wait()
    try:
        await during()
    finally:
        await messages.put({"type": "lifespan.shutdown"})
        await life


async def get(current: Current, path: str) -> tuple[int, bytes]:
    """Return status and body of an answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    await current({"type": "http", "method": "GET", "path": path, "headers": []}, receive, send)
    return sent[0]["status"], sent[1]["body"]


def test_even_before_the_data_is_loaded_answers_have_an_id() -> None:
    """It stands in the header, and in the problem as its instance; and any site may read it."""
    current = Current(lambda: cast(Service, Fake("one")), 1)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    for path in ("/health/live", "/health/ready"):
        asyncio.run(current({"type": "http", "method": "GET", "path": path, "headers": []}, cast(Any, None), send))
    live, _, ready, problem = sent
    assert dict(live["headers"])[b"x-request-id"]
    headers = dict(ready["headers"])
    assert json.loads(problem["body"])["instance"] == "urn:uuid:" + headers[b"x-request-id"].decode()
    assert headers[b"access-control-allow-origin"] == b"*"


def test_before_the_data_is_loaded_only_health_is_told() -> None:
    """It lives and is not ready, and whoever asks anything else waits for the answer."""
    loaded = threading.Event()

    def load() -> Service:
        loaded.wait(10)
        return cast(Service, Fake("one"))

    async def during() -> None:
        assert (await get(current, "/health/live"))[0] == 200
        status, body = await get(current, "/health/ready")
        assert status == 503
        assert b'"title": "Not ready"' in body
        early = asyncio.create_task(get(current, "/sparql"))
        await asyncio.sleep(0.1)
        assert not early.done()
        loaded.set()
        assert await early == (200, b"one")
        assert await get(current, "/health/ready") == (200, b"one")

    current = Current(load, 1)
    asyncio.run(lived(current, during))
    assert cast(Any, current.service).closed


def test_what_keeps_it_from_being_served_is_told() -> None:
    """The fault is there for whoever started it, and whoever waits gets 503."""
    told = threading.Event()

    def load() -> Service:
        raise ValueError("why")

    async def during() -> None:
        assert (await get(current, "/sparql"))[0] == 503

    current = Current(load, 1)
    current.on_fault = told.set
    asyncio.run(lived(current, during))
    assert told.wait(5)
    assert isinstance(current.fault, ValueError)


@pytest.mark.parametrize("grace", [0.0, 0.2])
def test_another_service_takes_the_place(grace: float) -> None:
    """From then on it answers, and the one before may go on for a while with what it has begun."""
    one, two = Fake("one"), Fake("two")

    async def during() -> None:
        assert await get(current, "/sparql") == (200, b"one")
        current.exchange(cast(Service, two))
        await asyncio.sleep(0)
        assert await get(current, "/sparql") == (200, b"two")
        assert one.closed == (grace == 0) or not one.closed
        await asyncio.sleep(grace + 0.05)
        assert one.closed
        assert not two.closed

    current = Current(lambda: cast(Service, one), grace)
    asyncio.run(lived(current, during))
