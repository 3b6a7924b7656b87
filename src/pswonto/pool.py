"""A few processes that evaluate queries, each of which can be ended without harm to the service."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from pswonto.errors import Overloaded, QueryRefused, QueryTimeout
from pswonto.evaluator import LENGTHS, raised
from pswonto.store import Store


@dataclass(frozen=True)
class Limits:
    """What a query may take.

    Attributes:
        seconds: The time of its evaluation.
        memory: The bytes of memory beside the dataset.
        result: The bytes of its answer.
        workers: How many queries are evaluated at once.
        waiting: How many more may wait for one of them to end.
    """

    seconds: float
    memory: int
    result: int
    workers: int
    waiting: int


class Pool:
    """Evaluates queries in processes of their own.

    Args:
        store: The dataset, which is handed over when the first process starts.
        limits: What a query may take.
    """

    def __init__(self, store: Store, limits: Limits) -> None:
        self._limits = limits
        self._idle: deque[_Worker] = deque()
        self._queue: deque[asyncio.Future[None]] = deque()
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()
        self._store = store
        self._evaluator: tuple[socket.socket, subprocess.Popen[bytes]] | None = None

    def start(self) -> None:
        """Start the process that holds the graph; queries may come before it is ready."""
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        if self._evaluator is not None:
            return self._evaluator[0]
        control, theirs = socket.socketpair()
        with tempfile.TemporaryFile() as file:
            ox.serialize(iter(self._store.engine), file, format=ox.RdfFormat.N_QUADS)
            file.seek(0)
            process = subprocess.Popen(
                [sys.executable, "-m", "pswonto.evaluator", str(theirs.fileno()), str(self._limits.memory)],
                stdin=file,
                pass_fds=[theirs.fileno()],
                # A group of its own, so that it can end all its children.
                start_new_session=True,
            )
        theirs.close()
        self._evaluator = control, process
        self._ready = False
        return control

    async def answer(
        self,
        query: str,
        *,
        base: str,
        media_types: Mapping[str, str | None],
        accept: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
    ) -> tuple[str, bytes]:
        """Answer a query, or end it.

        Whoever is cancelled while waiting for an answer frees the process that works at it.

        Args:
            query: The query.
            base: The IRI that its relative IRIs are resolved against.
            media_types: The media type to write with, for each form of query; nothing where the client takes none.
            accept: What the client asked for, to tell it.
            default_graphs: As for `Store.answer`.
            named_graphs: As for `Store.answer`.
            seconds: A shorter time than the limit.

        Returns:
            The media type and the bytes.

        Raises:
            QueryTimeout: It was not done in time.
            Overloaded: Too many are waiting already.
            QueryRefused: It took more memory, or its answer more bytes, than a query may.
            QuerySyntaxError: It is no query.
            ParameterError: The name of a graph is no IRI.
            FormatError: An answer of that form has no format that the client takes.
        """
        allowed = min(seconds or self._limits.seconds, self._limits.seconds)
        job = {
            "query": query,
            "base": base,
            "default_graphs": list(default_graphs),
            "named_graphs": list(named_graphs),
            "media_types": dict(media_types),
            "accept": accept,
            "result_limit": self._limits.result,
        }
        try:
            head, body = await self._evaluated(job, allowed)
        except EOFError:
            # Somebody may have ended that process from outside, and others too, so a new one tries.
            while self._idle:
                self._idle.popleft().kill()
            try:
                head, body = await self._evaluated(job, allowed)
            except EOFError as error:
                # The engine ends its process where memory runs out, and where it is nested too deep for its stack.
                megabytes = self._limits.memory // 1_000_000
                raise QueryRefused(f"the query takes more memory than a query may, which is {megabytes} MB") from error
        if "error" in head:
            raise raised(head)
        return str(head["media_type"]), body

    async def _evaluated(self, job: Mapping[str, object], seconds: float) -> tuple[dict[str, object], bytes]:
        worker = await self._taken(seconds)
        sound = False
        try:
            async with asyncio.timeout(seconds):
                answer = await worker.ask(job)
            sound = True
        except TimeoutError as error:
            raise QueryTimeout(seconds) from error
        finally:
            self._give_back(worker, sound)
        return answer

    async def _taken(self, seconds: float) -> "_Worker":
        while True:
            if self._idle:
                worker = self._idle.popleft()
            elif len(self._busy) < self._limits.workers:
                # The place is taken before the wait, so that nobody else takes it meanwhile.
                place = _Worker(0, None)
                self._busy.add(place)
                try:
                    worker = await asyncio.get_running_loop().run_in_executor(None, self._made)
                finally:
                    self._busy.discard(place)
            else:
                await self._turn(seconds)
                continue
            self._busy.add(worker)
            return worker

    async def _turn(self, seconds: float) -> None:
        if len(self._queue) >= self._limits.waiting:
            raise Overloaded(f"{len(self._busy)} queries are being answered, and {len(self._queue)} are waiting")
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            async with asyncio.timeout(seconds):
                await turn
        except TimeoutError as error:
            raise Overloaded(f"the query waited {seconds:g} seconds for others to end") from error
        finally:
            with contextlib.suppress(ValueError):
                self._queue.remove(turn)

    def _give_back(self, worker: "_Worker", sound: bool) -> None:
        self._busy.discard(worker)
        if sound:
            self._idle.append(worker)
        else:
            worker.kill()
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.get_loop().call_soon_threadsafe(_begin, turn)
                break

    def _made(self) -> "_Worker":
        with self._lock:
            control = self._started()
            if not self._ready:
                self._ready = control.recv(1) == b"r"
            control.sendall(b"w")
            data, descriptors, _, _ = socket.recv_fds(control, 4, 1)
        if not descriptors:
            raise RuntimeError("the process that holds the graph for queries has ended")
        connection = socket.socket(fileno=descriptors[0])
        connection.setblocking(False)
        return _Worker(int.from_bytes(data, "big"), connection)

    def close(self) -> None:
        """End all processes; a query that comes later starts them again."""
        with self._lock:
            for worker in [*self._idle, *self._busy]:
                worker.kill()
            self._idle.clear()
            if self._evaluator is not None:
                control, process = self._evaluator
                self._evaluator = None
                control.close()
                process.wait()


def _begin(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_result(None)


class _Worker:
    def __init__(self, process: int, connection: socket.socket | None) -> None:
        self._process = process
        self._connection = connection

    async def ask(self, job: Mapping[str, object]) -> tuple[dict[str, object], bytes]:
        assert self._connection is not None
        loop = asyncio.get_running_loop()
        text = json.dumps(job).encode()
        try:
            await loop.sock_sendall(self._connection, LENGTHS.pack(len(text), 0) + text)
            head, body = LENGTHS.unpack(await self._received(LENGTHS.size))
            return json.loads(await self._received(head)), await self._received(body)
        except ConnectionError as error:
            raise EOFError from error

    async def _received(self, number: int) -> bytes:
        assert self._connection is not None
        loop = asyncio.get_running_loop()
        data = bytearray()
        while len(data) < number:
            part = await loop.sock_recv(self._connection, min(number - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def kill(self) -> None:
        if self._connection is not None:
            # It may have ended itself, and the evaluator does not wait for its children.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._connection.close()
            self._connection = None
