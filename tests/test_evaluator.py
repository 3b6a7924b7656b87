"""Tests of the process that evaluates a stranger's query: it cannot leave its place."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from running import Listener

CONFINED = """
import socket, sys
import pyoxigraph as ox
from pswonto.evaluator import confine

store = ox.Store()
query = f"SELECT * {{ SERVICE <http://127.0.0.1:{sys.argv[1]}/> {{ ?s ?p ?o }} }}"
if sys.argv[2] == "confined":
    confine(100_000_000)
for attempt in (
    lambda: list(store.query(query)),
    lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1]))),
    lambda: open("/etc/hostname"),
    lambda: bytearray(1_000_000_000),
):
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
    else:
        print("done")
"""


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Yield a listener."""
    with Listener() as listener:
        yield listener


def attempts(listener: Listener, how: str) -> list[str]:
    """Return what came of each attempt, in a process of its own."""
    command = [sys.executable, "-c", CONFINED, str(listener.port), how]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_nothing_can_be_opened(listener: Listener) -> None:
    """Even where SERVICE reaches the engine, no connection is made; no file is opened, and no more memory taken."""
    assert attempts(listener, "confined") == ["OSError", "OSError", "OSError", "MemoryError"]
    assert listener.hits == 0


def test_without_that_it_could(listener: Listener) -> None:
    """The attempts are real: they succeed, or reach the listener, where the process is not confined."""
    assert attempts(listener, "free")[1:] == ["done", "done", "done"]
    assert listener.hits == 2


def test_it_ends_quietly_where_nobody_waits() -> None:
    """Where the service has refused the data and ended, the process tells no fault of its own."""
    code = (
        "import os, socket; from pswonto.evaluator import serve; from pswonto.store import Store\n"
        "ours, theirs = socket.socketpair(); ours.close(); serve(Store(), theirs, 1_000_000)"
    )
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, process_group=0)
    assert result.stderr == ""
    assert result.returncode == -signal.SIGKILL
