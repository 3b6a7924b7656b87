"""The process that holds the graph for strangers' queries, seen from the service."""

import os
import socket
import sys
import tempfile
import threading

import pyoxigraph as ox

from pswonto.store import Store


class Parent:
    """Starts the process that holds the graph, and lets it make children; any thread may ask it.

    Args:
        store: The dataset, which is handed over when the process starts.
        memory: How much memory a child may take beside it, in bytes.
        first: The control socket and the process id of one that runs already; another one is started if it ends.
    """

    def __init__(self, store: Store, memory: int, first: tuple[socket.socket, int] | None = None) -> None:
        self._store = store
        self._memory = memory
        self._lock = threading.Lock()
        self._process = first
        self._ready = False
        self._closed = False

    def start(self) -> None:
        """Start the process; it takes a moment until it is ready.

        Raises:
            OSError: It was closed, or cannot be started.
        """
        with self._lock:
            self._control()

    def _control(self) -> socket.socket:
        if self._closed:
            raise OSError("the process that holds the graph for queries has been ended")
        if self._process is not None:
            return self._process[0]
        control, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as file:
            place = []
            if self._store.path is None:
                ox.serialize(iter(self._store.engine), file, format=ox.RdfFormat.N_QUADS)
                file.seek(0)
            else:
                place = [str(self._store.path)]
            number = theirs.fileno()
            process = os.posix_spawn(
                sys.executable,
                [sys.executable, "-m", "pswonto.evaluator", str(number), str(self._memory), *place],
                os.environ,
                # What is duplicated onto itself is inherited.
                file_actions=[(os.POSIX_SPAWN_DUP2, file.fileno(), 0), (os.POSIX_SPAWN_DUP2, number, number)],
                # A group of its own, so that it can end all its children.
                setpgroup=0,
            )
        self._process = control, process
        self._ready = False
        return control

    def fork(self) -> tuple[int, socket.socket]:
        """Make a child, and wait until it is there.

        Returns:
            Its process id, and the socket that it listens to.

        Raises:
            OSError: The process was closed, or has ended.
        """
        with self._lock:
            control = self._control()
            try:
                if not self._ready:
                    self._ready = control.recv(1) == b"r"
                control.sendall(b"w")
                data, descriptors, _, _ = socket.recv_fds(control, 4, 1)
                if not descriptors:
                    raise OSError("the process that holds the graph for queries has ended")
            except OSError:
                # The next time another one is started.
                self._end()
                raise
        return int.from_bytes(data, "big"), socket.socket(fileno=descriptors[0])

    def close(self) -> None:
        """End the process with all its children, for good."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        if self._process is not None:
            control, process = self._process
            self._process = None
            control.close()
            os.waitpid(process, 0)
