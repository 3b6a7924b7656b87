"""Tests of what is known of each request."""

import asyncio
import io
import json
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pswonto.web.log import Log
from pswonto.web.metrics import Metrics
from pswonto.web.observer import Observer


def test_every_response_has_an_id_of_its_own(client: TestClient) -> None:
    """Answers, kept answers, pages and faults have one, and it stands in a problem as its instance."""
    answers = [
        client.get(path)
        for path in ("/", "/api/v1/levels", "/nothing", "/sparql?query=ASK%20%7B", *["/sparql?query=ASK%20%7B%7D"] * 3)
    ]
    identifiers = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(identifiers)) == len(answers)
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", identifier) for identifier in identifiers)
    for answer in answers[2:4]:
        assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"


@pytest.mark.parametrize(
    ("status", "level"), [(200, "info"), (404, "info"), (503, "info"), (500, "error"), (None, "info")]
)
def test_every_request_is_a_line(status: int | None, level: str, client: TestClient) -> None:
    """It tells method, path, status, bytes and duration; a client that was gone has the status 499."""
    output = io.BytesIO()
    log = Log(output)
    log.start()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if status is not None:
            await send({"type": "http.response.start", "status": status, "headers": []})
            await send({"type": "http.response.body", "body": b"abc"})

    async def send(message: Any) -> None:
        pass

    counts = Metrics(*[None] * 2)  # type: ignore[arg-type]  # it asks neither before its text is asked for
    asyncio.run(Observer(app, counts, log)({"type": "http", "method": "GET", "path": '/"x'}, send, send))  # type: ignore[arg-type]  # nothing is received
    log.stop()
    line = json.loads(output.getvalue())
    assert line.pop("seconds") >= 0
    del line["time"], line["request"]
    size = 0 if status is None else 3
    assert line == {
        "level": level,
        "method": "GET",
        "path": '/"x',
        "status": status or 499,
        "bytes": size,
        "kept": False,
    }
