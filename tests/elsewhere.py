"""SPARQL servers on this machine: real ones that hold the dataset, and one that does what it is told to."""

import contextlib
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pytest

# What Virtuoso needs to be told; all of it lies in one folder, and it listens on loopback only.
_SETTINGS = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = {folder}, {data}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 20
MaxKeepAlives = 20
KeepAliveTimeout = 15
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
"""
_LOAD = """ld_dir('{folder}', '{name}', 'urn:unused');
rdf_loader_run();
checkpoint;
"""


@dataclass(frozen=True)
class Running:
    """A server that runs.

    Attributes:
        url: The address of its endpoint.
        process: Its process id.
    """

    url: str
    process: int


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextlib.contextmanager
def virtuoso(data: Path, folder: Path, rows: int = 10_000_000, buffers: int = 20_000) -> Iterator[Running]:
    """Run Virtuoso with the quads of a file.

    Args:
        data: The file, as N-Quads.
        folder: A folder for all that it writes.
        rows: The most rows of an answer.
        buffers: How many pages of 8 kB it keeps in memory.
    """
    if shutil.which("virtuoso-t") is None:
        pytest.skip("there is no Virtuoso on the PATH: apt-get install virtuoso-opensource-7-bin")
    port, http = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    written = _SETTINGS.format(
        folder=folder, data=data.parent, port=port, http=http, rows=rows, buffers=buffers, dirty=buffers * 3 // 4
    )
    settings.write_text(written, encoding="utf-8")
    url = f"http://127.0.0.1:{http}/sparql"
    with _running(["virtuoso-t", "+foreground", "+configfile", str(settings)], url) as process:
        load = folder / "load.sql"
        load.write_text(_LOAD.format(folder=data.parent, name=data.name), encoding="utf-8")
        subprocess.run(["isql-vt", f"127.0.0.1:{port}", "dba", "dba", str(load)], check=True, capture_output=True)
        yield Running(url, process)


@contextlib.contextmanager
def oxigraph(data: Path, folder: Path, *options: str) -> Iterator[Running]:
    """Run Oxigraph's own server with the quads of a file; see `virtuoso`."""
    command = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    if command is None:
        pytest.skip("there is no Oxigraph: pip install oxigraph")
    location, port = folder / "oxigraph", free_port()
    loading = [command, "load", "--location", str(location), "--file", str(data)]
    subprocess.run(loading, check=True, capture_output=True)
    bound = f"127.0.0.1:{port}"
    serving = [command, "serve-read-only", "--location", str(location), "--bind", bound, *options]
    with _running(serving, f"http://{bound}/query") as process:
        yield Running(f"http://{bound}/query", process)


@contextlib.contextmanager
def _running(command: list[str], url: str) -> Iterator[int]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
                    break
                except OSError:
                    assert process.poll() is None, f"{command[0]} has ended with {process.returncode}"
                    time.sleep(0.05)
            else:
                raise AssertionError(f"{command[0]} does not answer")
            yield process.pid
        finally:
            process.kill()


def answer(
    body: bytes, status: str = "200 OK", media_type: str = "application/sparql-results+json", more: str = ""
) -> bytes:
    """Return the bytes of a response of HTTP."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


TRUE = answer(b'{"head": {}, "boolean": true}')
# What it may do in place of an answer: reset the connection, end it in silence, or let the client wait.
RESET, CLOSE, STALL = b"reset", b"close", b"stall"
# It may have an answer to every query too, which is that there is nothing.
EMPTY = b"empty"
_NOTHING = {
    b"application/n-triples": answer(b"", media_type="application/n-triples"),
    b"application/sparql-results+json": answer(b'{"head": {"vars": []}, "results": {"bindings": []}}'),
}


class Fake:
    """A server that answers as it is told: one thing after the other, and the last one for good.

    Args:
        answers: What it does with each request.

    Attributes:
        answers: What it does with those that are to come.
        hits: How many requests came.
        bodies: What they said.
    """

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.hits = 0
        self.bodies: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/sparql"
        self._ended = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "Fake":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while self._one(connection):
                pass

    def _one(self, connection: socket.socket) -> bool:
        data = b""
        while b"\r\n\r\n" not in data:
            part = connection.recv(1 << 16)
            if not part:
                return False
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        while lengths and len(body) < int(lengths[0].partition(b":")[2]):
            body += connection.recv(1 << 16)
        self.hits += 1
        self.bodies.append(body)
        does = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if does == STALL:
            self._ended.wait(30)
        elif does == RESET:
            # What is unsent is thrown away, and the other side is told so.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif does != CLOSE:
            if does == EMPTY:
                does = next(nothing for media_type, nothing in _NOTHING.items() if media_type in head)
            connection.sendall(does)
            return True
        return False
