"""Tests of the process that evaluates a stranger's query: it cannot leave its place."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pswonto.evaluator import unopened
from pswonto.store import Store
from running import Listener

CONFINED = """
import socket, sys
import pyoxigraph as ox
from pswonto.evaluator import confine

held = []
store = ox.Store()
query = f"SELECT * {{ SERVICE <http://127.0.0.1:{sys.argv[1]}/> {{ ?s ?p ?o }} }}"
if sys.argv[2] != "free":
    confine(100_000_000, int(sys.argv[2]))
    for _ in range(int(sys.argv[2])):
        held.append(open("/etc/hostname"))
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


@pytest.mark.parametrize("files", ["0", "7"])
def test_nothing_can_be_opened(files: str, listener: Listener) -> None:
    """Even where SERVICE reaches the engine, no connection is made; no file is opened, and no more memory taken.

    As many files as the store has yet to open can be, and when they are, that is all.
    """
    assert attempts(listener, files) == ["OSError", "OSError", "OSError", "MemoryError"]
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


def test_no_more_files_than_before_can_be_opened() -> None:
    """A store of more files than a process may open leaves the limit as it is, which the engine keeps to."""
    code = (
        "import resource; from pswonto.evaluator import confine\n"
        "limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]\n"
        "confine(1_000_000_000, limit); assert resource.getrlimit(resource.RLIMIT_NOFILE) == (limit, limit)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_the_engine_has_yet_to_open_is_known(scattered: Path, tmp_path: Path) -> None:
    """Of a store of many files it opens some, and the others are counted, wherever the store is named from."""
    (tmp_path / "link").symlink_to(scattered)
    files = len(list(scattered.glob("*.sst")))
    assert unopened(scattered) == files
    store = Store(tmp_path / "link")
    store.engine.named_graphs()
    assert 0 < unopened(tmp_path / "link") == unopened(scattered) < files
