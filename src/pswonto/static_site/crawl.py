"""From what is known to be there to all that links lead to, in several processes."""

import asyncio
import contextlib
import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from starlette.types import ASGIApp

from pswonto.errors import SiteError
from pswonto.static_site.addresses import Address
from pswonto.static_site.visitor import Visitor
from pswonto.static_site.writer import Writer, Written, is_download

# How many processes there are at the most: each holds all of the service.
_MOST = 4
# They fork, so that each has the dataset without reading it again.
_FORK = multiprocessing.get_context("fork")


class Crawl:
    """Has each address written once.

    Args:
        told: What is called with how many files are written, and how many are known of.

    Attributes:
        faults: What went wrong, in a sentence each, in order.
        pages: How many pages were written.
    """

    def __init__(self, told: Callable[[int, int], None]) -> None:
        self._told = told
        self._queue: deque[Address] = deque()
        # For each file, in letters of one size, what it stands for.
        self._claimed: dict[str, Address] = {}
        self._faults: set[str] = set()
        self._done = 0
        self.pages = 0

    @property
    def faults(self) -> list[str]:
        """What went wrong, in a sentence each."""
        return sorted(self._faults)

    def run(
        self, starts: Iterable[Address], service: Callable[[], ASGIApp], writer: Callable[[Visitor], Writer]
    ) -> None:
        """Write what is at some addresses, and all that leads on from there.

        Args:
            starts: The addresses.
            service: What makes the service.
            writer: What makes that which writes, given what asks the service.

        Raises:
            SiteError: The service fails.
            ChildProcessError: A process ends; what it has said of it stands on standard error.
        """
        self._queue.extend(address for address in starts if self._is_new(address))
        with _processes(service, writer) as connections:
            try:
                self._distribute(connections)
            except (EOFError, ConnectionError) as error:
                raise ChildProcessError("a process that writes the pages has failed") from error

    def _distribute(self, connections: Sequence[Connection]) -> None:
        # What belongs to a page is written where its question was answered.
        own: dict[Connection, deque[Address]] = {connection: deque() for connection in connections}
        idle, busy = set(connections), set[Connection]()
        while busy or self._queue or any(own.values()):
            for connection in list(idle):
                queue = own[connection] or self._queue
                if queue:
                    connection.send(queue.popleft())
                    idle.remove(connection)
                    busy.add(connection)
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                self._take(_received(ready), own[ready])
                busy.remove(ready)
                idle.add(ready)

    def _take(self, written: Written, own: deque[Address]) -> None:
        self._faults.update(written.faults)
        self._done += 1
        self.pages += written.address.media_type == "text/html"
        for address in written.found:
            if self._is_new(address):
                (own if is_download(address) else self._queue).append(address)
        self._told(self._done, len(self._claimed))

    def _is_new(self, address: Address) -> bool:
        new = address.file.lower() not in self._claimed
        claimed = self._claimed.setdefault(address.file.lower(), address)
        if claimed.file != address.file:
            one, other = sorted((claimed.file, address.file))
            self._faults.add(f"{one} and {other} would be one file where capitals do not count")
        return new


@contextlib.contextmanager
def _processes(service: Callable[[], ASGIApp], writer: Callable[[Visitor], Writer]) -> Iterator[Sequence[Connection]]:
    ours: list[Connection] = []
    running = []
    for _ in range(min(_MOST, multiprocessing.cpu_count())):
        here, there = _FORK.Pipe()
        ours.append(here)
        # A connection that another process holds too does not end.
        process = _FORK.Process(target=_work, args=(there, list(ours), service, writer), daemon=True)
        process.start()
        running.append(process)
        there.close()
    try:
        yield ours
    finally:
        for connection in ours:
            connection.close()
        for process in running:
            process.join()


def _received(connection: Connection) -> Written:
    received: Any = connection.recv()
    if isinstance(received, Written):
        return received
    raise SiteError(received)


def _work(
    connection: Connection,
    others: Sequence[Connection],
    service: Callable[[], ASGIApp],
    writer: Callable[[Visitor], Writer],
) -> None:
    """Write what a connection says, until it ends."""
    # Who interrupts the export ends the connection.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What lives as long as the process need not be looked through for garbage, and answers make little of it.
    gc.freeze()
    gc.set_threshold(50_000)
    for other in others:
        other.close()

    async def work() -> None:
        async with Visitor(service()) as visitor:
            writing = writer(visitor)
            # Where the export is given up, nobody is there any more.
            with contextlib.suppress(ConnectionError):
                while (address := _next(connection)) is not None:
                    try:
                        connection.send(await writing.write(address))
                    except SiteError as error:
                        connection.send(error.faults)

    asyncio.run(work())


def _next(connection: Connection) -> Address | None:
    try:
        address: Address = connection.recv()
    except EOFError:
        return None
    return address
