"""Tests of the process that makes those that evaluate queries."""

import os
import signal
import subprocess

import pytest

from pswonto.parent import Parent
from pswonto.store import Store


def test_a_child_is_there_when_it_is_made(store: Store) -> None:
    """Its socket and its process are its own, and all end with the one that made them."""
    parent = Parent(store, 100_000_000)
    try:
        children = [parent.fork() for _ in range(2)]
        assert len({process for process, _ in children}) == 2
        for process, _ in children:
            os.kill(process, 0)
    finally:
        parent.close()
    for _, connection in children:
        assert connection.recv(1) == b""
        connection.close()


def test_a_parent_that_is_killed_is_started_again(store: Store) -> None:
    """The first child asked for after that is refused, and the next one is made by another process."""
    parent = Parent(store, 100_000_000)
    try:
        child, connection = parent.fork()
        told = subprocess.run(["ps", "-o", "ppid=", "-p", str(child)], capture_output=True, text=True, check=True)
        os.kill(int(told.stdout), signal.SIGKILL)
        with pytest.raises(OSError, match=r"has ended|Broken pipe|reset"):
            parent.fork()
        connection.close()
        parent.fork()[1].close()
    finally:
        parent.close()


def test_what_is_closed_stays_closed(store: Store) -> None:
    """A closed parent starts nothing."""
    parent = Parent(store, 100_000_000)
    parent.close()
    with pytest.raises(OSError, match="has been ended"):
        parent.fork()
