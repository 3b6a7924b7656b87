"""A few processes that evaluate queries, each of which can be ended without harm to the service."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from pswonto.errors import Overloaded, QueryRefused, QueryTimeout
from pswonto.evaluator import joined, parted, raised
from pswonto.negotiation import choose
from pswonto.parent import Parent
from pswonto.store import MEDIA_TYPES, Store


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
    """Evaluates queries in processes of their own; it belongs to one event loop.

    Args:
        store: The dataset, which is handed over when the first process starts.
        limits: What a query may take.
        first: As for `Parent`.

    Attributes:
        started: How many processes were started to evaluate queries.
        ended: How many queries were ended at their deadline.
    """

    def __init__(self, store: Store, limits: Limits, first: tuple[socket.socket, int] | None = None) -> None:
        self._limits = limits
        self._idle: deque[_Worker] = deque()
        self._busy: set[_Worker] = set()
        self._coming = 0
        self._queue: deque[Job] = deque()
        self._making: set[asyncio.Task[None]] = set()
        self._parent = Parent(store, limits.memory, first)
        self._closed = False
        self.started = 0
        self.ended = 0

    @property
    def running(self) -> int:
        """How many queries are being evaluated."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many queries wait for one of them to end."""
        return len(self._queue)

    def start(self) -> None:
        """Start the process that holds the graph; queries may come before it is ready."""
        self._parent.start()

    async def answer(
        self,
        query: str,
        *,
        base: str,
        accept: str = "",
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        seconds: float | None = None,
    ) -> tuple[str, bytes]:
        """Answer a query, or end it.

        Whoever is cancelled while waiting for an answer frees the process that works at it.

        Args:
            query: The query.
            base: The IRI that its relative IRIs are resolved against.
            accept: What media types the client takes, as in an Accept header.
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
        job = self.submit(query, base, accept, tuple(default_graphs), tuple(named_graphs), seconds)
        try:
            await asyncio.wait((job.answer,))
        except asyncio.CancelledError:
            self.give_up(job)
            raise
        return job.result()

    def submit(
        self,
        query: str,
        base: str,
        accept: str,
        default_graphs: tuple[str, ...],
        named_graphs: tuple[str, ...],
        seconds: float | None,
    ) -> "Job":
        """Take a query on, and return at once; see `answer`.

        Returns:
            The job, whose `answer` is done in time; whoever does not wait for that must give it up.
        """
        if self._closed:
            raise _ending()
        running = len(self._busy) + self._coming
        if not self._idle and running >= self._limits.workers and len(self._queue) >= self._limits.waiting:
            raise Overloaded(f"{running} queries are being answered, and {len(self._queue)} are waiting")
        head = _head(base, accept, default_graphs, named_graphs, self._limits.result)
        allowed = min(seconds or self._limits.seconds, self._limits.seconds)
        job = Job(joined(head, query.encode()), allowed, self._limits.memory)
        self._queue.append(job)
        self._go_on()
        if job.worker is None:
            job.timer = job.answer.get_loop().call_later(allowed, self._waited, job)
        return job

    def give_up(self, job: "Job") -> None:
        """End a query whose answer nobody wants any more."""
        job.stop()
        job.answer.cancel()
        if job.worker is not None:
            self._end(job.worker)
        elif job in self._queue:
            self._queue.remove(job)

    def _go_on(self) -> None:
        while self._queue and self._idle:
            # The one that was last at work may be awake still; waking a process takes longer than a small query.
            worker, job = self._idle.pop(), self._queue.popleft()
            self._busy.add(worker)
            job.stop()
            job.worker = worker
            job.timer = job.answer.get_loop().call_later(job.seconds, self._expired, job)
            worker.ask(job)
        if len(self._queue) > self._coming and len(self._busy) + self._coming < self._limits.workers:
            self._coming += 1
            task = asyncio.get_running_loop().create_task(self._made())
            self._making.add(task)
            task.add_done_callback(self._making.discard)

    def _waited(self, job: "Job") -> None:
        self._queue.remove(job)
        _fail(job.answer, Overloaded(f"the query waited {job.seconds:g} s for others to end"))

    def _expired(self, job: "Job") -> None:
        self.ended += 1
        _fail(job.answer, QueryTimeout(job.seconds))
        if job.worker is not None:
            self._end(job.worker)

    def _end(self, worker: "_Worker") -> None:
        self._busy.discard(worker)
        worker.kill()
        self._go_on()

    def answered(self, worker: "_Worker", job: "Job") -> None:
        """Take a process back that has answered."""
        job.stop()
        job.worker = None
        self._busy.discard(worker)
        self._idle.append(worker)
        self._go_on()

    def lost(self, worker: "_Worker", job: "Job | None") -> None:
        """Replace a process that has ended by itself, or that somebody has ended."""
        self._busy.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if job is not None and not job.answer.done():
            job.stop()
            job.worker = None
            if job.again:
                # The engine ends its process where memory runs out, and where it is nested too deep for its stack.
                _fail(job.answer, EOFError())
            else:
                # Somebody may have ended that process from outside, and others too, so a new one tries.
                while self._idle:
                    self._idle.popleft().kill()
                job.again = True
                self._queue.appendleft(job)
        if not self._closed:
            self._go_on()

    async def _made(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            process, connection = await loop.run_in_executor(None, self._parent.fork)
            worker = _Worker(self, process)
            await loop.create_unix_connection(lambda: worker, sock=connection)
            self.started += 1
            self._idle.append(worker)
        except OSError as error:
            # The process that holds the graph may have been ended from outside; another one is tried once for each.
            if self._queue and self._queue[0].again:
                _fail(self._queue.popleft().answer, error)
            elif self._queue:
                self._queue[0].again = True
        finally:
            self._coming -= 1
        if not self._closed:
            self._go_on()

    def close(self) -> None:
        """End all processes; who waits for an answer, or asks later, is told so."""
        self._closed = True
        for job in [*self._queue, *(worker.job for worker in self._busy if worker.job is not None)]:
            job.stop()
            _fail(job.answer, _ending())
        self._queue.clear()
        for worker in [*self._idle, *self._busy]:
            worker.kill()
        self._idle.clear()
        self._busy.clear()
        self._parent.close()


def _ending() -> Overloaded:
    return Overloaded("the service is ending")


# Most requests of a client differ in nothing but the query.
@lru_cache(maxsize=256)
def _head(
    base: str, accept: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...], result_limit: int
) -> bytes:
    job = {
        "base": base,
        "default_graphs": default_graphs,
        "named_graphs": named_graphs,
        "media_types": {form: choose(accept, offered) for form, offered in MEDIA_TYPES.items()},
        "accept": accept,
        "result_limit": result_limit,
    }
    return json.dumps(job).encode()


@lru_cache(maxsize=64)
def _told(head: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(head)
    return told


def _fail(future: "asyncio.Future[Any]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


class Job:
    """A query on its way.

    Args:
        message: What the process is told.
        seconds: How long it may take.
        memory: How much memory it may take, in bytes.

    Attributes:
        answer: Head and body of what the process says.
    """

    __slots__ = ("again", "answer", "memory", "message", "seconds", "timer", "worker")

    def __init__(self, message: bytes, seconds: float, memory: int) -> None:
        self.message = message
        self.seconds = seconds
        self.memory = memory
        self.answer: asyncio.Future[tuple[bytes, bytes]] = asyncio.get_running_loop().create_future()
        self.worker: _Worker | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.again = False

    def stop(self) -> None:
        """Let no deadline come any more."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def result(self) -> tuple[str, bytes]:
        """Return media type and bytes of the answer, or raise the error that came instead; see `Pool.answer`."""
        try:
            head, body = self.answer.result()
        except EOFError as error:
            raise QueryRefused(
                f"the query takes more memory than a query may, which is {self.memory // 1_000_000} MB"
            ) from error
        told = _told(head)
        if "error" in told:
            raise raised(told)
        return told["media_type"], body


class _Worker(asyncio.Protocol):
    """The way to one process: a message there, a message back, and nothing in between."""

    def __init__(self, pool: Pool, process: int) -> None:
        self._pool = pool
        self._process = process
        self._transport: asyncio.Transport | None = None
        self._data = b""
        self.job: Job | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def ask(self, job: Job) -> None:
        self.job = job
        if self._transport is not None:
            self._transport.write(job.message)

    def data_received(self, data: bytes) -> None:
        self._data = self._data + data if self._data else data
        message = parted(self._data)
        if message is None or self.job is None:
            return
        job, self.job = self.job, None
        self._data = b""
        if not job.answer.done():
            job.answer.set_result(message)
        self._pool.answered(self, job)

    def connection_lost(self, exc: Exception | None) -> None:
        job, self.job = self.job, None
        if self._transport is not None:
            self._transport = None
            self._pool.lost(self, job)

    def kill(self) -> None:
        self.job = None
        if self._transport is not None:
            # It may have ended itself, and the evaluator does not wait for its children.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._transport.abort()
            self._transport = None
