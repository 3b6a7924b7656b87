"""Evaluates the queries of strangers at a SPARQL server, within the limits that they have in this service."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pswonto.errors import Overloaded, QueryRefused, ServerTimeout
from pswonto.naming import names_of
from pswonto.pool import Limits, Pool
from pswonto.remote import Remote
from pswonto.store import GRAPH_FORMATS, Store

if TYPE_CHECKING:
    from pswonto.transport import Received


class Proxied:
    """A query that is on its way to the server.

    Args:
        answer: What waits for its answer.
    """

    def __init__(self, answer: "asyncio.Task[tuple[str, bytes]]") -> None:
        self.answer = answer

    def result(self) -> tuple[str, bytes]:
        """Return media type and bytes of the answer, or raise the error that came instead; see `Proxy.answer`."""
        return self.answer.result()


class Proxy:
    """Passes queries on to the server of a dataset; it belongs to one event loop.

    Each is read first by our own engine, in a process that can be ended, over no data: what is no query of SPARQL 1.1
    never leaves this service, an update least of all, and faults are told in the same words whatever the server is.

    Args:
        remote: The dataset.
        limits: What a query may take; memory is that of reading it.

    Attributes:
        ended: How many queries were ended at their deadline.
    """

    def __init__(self, remote: Remote, limits: Limits) -> None:
        self._remote = remote
        self._limits = limits
        # What waits to be read waits for moments only.
        self._reader = Pool(Store(), replace(limits, waiting=limits.waiting + limits.workers))
        self._jobs: set[asyncio.Task[tuple[str, bytes]]] = set()
        self._turn = asyncio.Semaphore(limits.workers)
        self._closed = False
        self.ended = 0

    @property
    def started(self) -> int:
        """How many processes were started to read queries."""
        return self._reader.started

    @property
    def running(self) -> int:
        """How many queries are being read, or evaluated by the server."""
        return min(len(self._jobs), self._limits.workers)

    @property
    def waiting(self) -> int:
        """How many queries wait for one of them to end."""
        return len(self._jobs) - self.running

    def start(self) -> None:
        """Start the process that makes those which read queries."""
        self._reader.start()

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
        """Answer a query, or end it; see `Pool.answer`.

        Raises:
            ServerFault: The server gives no answer that is one.
        """
        return await self.submit(query, base, accept, tuple(default_graphs), tuple(named_graphs), seconds).answer

    def submit(
        self,
        query: str,
        base: str,
        accept: str,
        default_graphs: tuple[str, ...],
        named_graphs: tuple[str, ...],
        seconds: float | None,
    ) -> Proxied:
        """Take a query on, and return at once; see `Pool.submit`.

        Raises:
            Overloaded: Too many are waiting already.
        """
        if self._closed:
            raise Overloaded("the service is ending")
        if len(self._jobs) >= self._limits.workers + self._limits.waiting:
            raise Overloaded(f"{self.running} queries are being answered, and {self.waiting} are waiting")
        allowed = min(seconds or self._limits.seconds, self._limits.seconds)
        answering = self._answered(query, base, accept, default_graphs, named_graphs, allowed)
        job = asyncio.get_running_loop().create_task(answering)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        return Proxied(job)

    async def _answered(
        self,
        query: str,
        base: str,
        accept: str,
        default_graphs: tuple[str, ...],
        named_graphs: tuple[str, ...],
        seconds: float,
    ) -> tuple[str, bytes]:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        graphs = {"default_graphs": default_graphs, "named_graphs": named_graphs}
        media_type, _ = await self._reader.answer(query, base=base, accept=accept, **graphs, seconds=seconds)
        form = "GRAPH" if media_type in GRAPH_FORMATS else "SELECT"
        try:
            async with asyncio.timeout_at(end):
                await self._turn.acquire()
        except TimeoutError as error:
            raise Overloaded(f"the query waited {seconds:g} s for others to end") from error
        try:
            # Which graphs there are is asked for once, by a thread, as it takes a request of its own.
            await asyncio.to_thread(self._remote.prepare)
            remaining = max(end - loop.time(), 0.01)
            text = f"BASE <{base}> {query}"
            received = await self._remote.answer_later(text, form, default_graphs, named_graphs, remaining)
        except asyncio.CancelledError:
            if self._closed:
                raise Overloaded("the service is ending") from None
            raise
        except ServerTimeout:
            self.ended += 1
            raise ServerTimeout(self._remote.transport.server, seconds) from None
        finally:
            self._turn.release()
        return media_type, await asyncio.to_thread(self._written, received, form, media_type)

    def _written(self, received: "Received", form: str, media_type: str) -> bytes:
        prefixes = self._prefixes if form == "GRAPH" else None
        body = self._remote.read(received, form).serialize(media_type, prefixes)
        if len(body) > self._limits.result:
            limit = self._limits.result
            raise QueryRefused(
                f"the answer is larger than {limit} bytes, and no answer is cut: ask for less, or use LIMIT"
            )
        return body

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        return names_of(self._remote).prefixes

    def give_up(self, job: Proxied) -> None:
        """End a query whose answer nobody wants any more; its connection to the server is closed."""
        job.answer.cancel()

    def close(self) -> None:
        """End all queries, and all connections to the server; who waits for an answer is told so."""
        self._closed = True
        for job in self._jobs:
            job.cancel()
        self._reader.close()
        self._remote.transport.close()
