"""Tests of how the service ends."""

import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from running import ENDLESS, Server


def test_what_is_being_answered_is_answered() -> None:
    """After the signal a query that runs goes on until its own deadline, as if nothing were; then the service ends."""
    with Server(query_seconds=1, shutdown_seconds=5) as server, ThreadPoolExecutor() as threads:
        running = threads.submit(server.ask, ENDLESS)
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        status, _, problem = running.result()
        assert (status, problem["title"]) == (503, "Query timeout")
        assert server.process.wait(5) in (0, -signal.SIGTERM)


def test_what_takes_too_long_is_told_to_come_back() -> None:
    """A query that would go on longer than the service may, gets 503 with the time to come back, in time."""
    with Server(query_seconds=60, shutdown_seconds=0.5) as server, ThreadPoolExecutor() as threads:
        running = threads.submit(server.ask, ENDLESS)
        time.sleep(0.3)
        start = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        status, headers, problem = running.result()
        assert (status, problem["detail"], headers["retry-after"]) == (503, "the service is ending", "1")
        server.process.wait(5)
        assert time.monotonic() - start < 3


def test_requests_and_faults_are_lines_of_json(tmp_path: Path) -> None:
    """Standard output has one line for each request, with the digest of its query, and nothing else."""
    output = tmp_path / "log"
    with Server(output=output) as server:
        for _ in range(3):
            server.ask("ASK { <urn:logged> ?p ?o }")
        server.get("/nothing")
        assert server.raw(b"garbage\r\n\r\n")
        time.sleep(0.5)
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    queries = [line for line in lines if line.get("query")]
    assert len(queries) == 4
    assert len({line["query"] for line in queries}) == 2
    assert [line["kept"] for line in queries][1:] == [False, True, True]
    assert [line["status"] for line in lines if line.get("path") == "/nothing"] == [404]
    assert "Invalid HTTP request received." in [line.get("message") for line in lines]
    assert "urn:logged" not in output.read_text(encoding="utf-8")


def test_the_log_of_requests_can_be_left_out(tmp_path: Path) -> None:
    """With the setting, only faults are told."""
    output = tmp_path / "log"
    with Server("--no-log-requests", output=output) as server:
        server.get("/nothing")
        time.sleep(0.5)
    assert output.read_bytes() == b""
