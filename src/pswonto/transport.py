"""The way to a SPARQL server: one pool of connections, with deadlines, retries and a circuit breaker.

Queries change nothing at the server, so that each may be sent again where it is not known whether it arrived.
"""

import asyncio
import random
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import httpx2

from pswonto.breaker import Breaker
from pswonto.errors import ParameterError, QueryRefused, ServerFault, ServerTimeout, ServerUnavailable

# How often a query is sent at the most, and how long the first pause is, in seconds; each further one is twice as long.
TRIES = 4
_FIRST_PAUSE = 0.1
# How long a connection may take to be made, and a server to answer the simplest question, in seconds.
_CONNECT, _PROBE_SECONDS = 3.0, 1.0
_PROBE = "ASK {}"
# The server, or what stands before it, says that the same request may succeed later.
_LATER = (429, 502, 503, 504)
# How much of the words of a server is told.
_WORDS = 300


@dataclass(frozen=True)
class Received:
    """What a server answered.

    Attributes:
        media_type: The media type, without parameters.
        body: The bytes.
        most: Where the server says so, the number of rows that it cuts answers at.
    """

    media_type: str
    body: bytes
    most: int | None


class Transport:
    """Sends queries to a server and returns what comes back; any thread and any event loop may ask.

    Args:
        url: The address of the endpoint.
        seconds: How long an answer may take in all, in seconds.
        connections: How many connections there are at the most.

    Attributes:
        server: The address, without a password that it may have.
        breaker: What knows whether the server is worth a try.
        sent: How many requests were sent.
        repeated: How many of them were sent again.

    Raises:
        ParameterError: The address is none of HTTP.
    """

    def __init__(self, url: str, seconds: float, connections: int) -> None:
        try:
            address = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise ParameterError("endpoint", f"must be an address of HTTP, not {url!r}: {error}") from error
        if address.scheme not in ("http", "https") or not address.host:
            raise ParameterError("endpoint", f"must be an address such as http://127.0.0.1:8890/sparql, not {url!r}")
        self.server = str(address.copy_with(userinfo=b"", fragment=None))
        self.breaker = Breaker()
        self.sent = 0
        self.repeated = 0
        self._address = address
        self._seconds = seconds
        self._limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: httpx2.AsyncClient | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._probing: set[asyncio.Task[None]] = set()

    def ask(
        self,
        form: Mapping[str, str | Sequence[str]],
        accept: str,
        *,
        seconds: float | None = None,
        limit: int | None = None,
    ) -> Received:
        """Send a request and wait for what comes back.

        Args:
            form: The fields of SPARQL 1.1 Protocol.
            accept: The media types to ask for.
            seconds: A shorter time than the limit.
            limit: The most bytes to take.

        Raises:
            ServerUnavailable: The server cannot be reached, or says that it is not available, though it is asked again.
            ServerTimeout: It did not answer in time.
            ServerFault: It answered with an error.
            QueryRefused: The answer has more bytes than the limit.
        """
        allowed = min(seconds or self._seconds, self._seconds)
        try:
            return self._begun(self._exchange(form, accept, allowed, limit)).result()
        except CancelledError as error:
            raise self._ended() from error

    def _ended(self) -> ServerUnavailable:
        return ServerUnavailable(f"the connections to the SPARQL server at {self.server} were closed")

    async def ask_later(
        self, form: Mapping[str, str | Sequence[str]], accept: str, *, seconds: float, limit: int | None
    ) -> Received:
        """Do as `ask` does, for an event loop; who is cancelled while waiting ends the request."""
        return await asyncio.wrap_future(self._begun(self._exchange(form, accept, seconds, limit)))

    def close(self) -> None:
        """End all connections, for good; who waits for an answer, or asks later, is told so."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
            self._loop = self._client = self._thread = None
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    # All connections belong to one event loop in a thread of its own, as only there a request can be ended in time
    # whatever the server does: a thread that waits for a socket cannot.
    def _begun(self, exchange: Coroutine[Any, Any, Received]) -> "Future[Received]":
        with self._lock:
            if self._closed:
                exchange.close()
                raise self._ended()
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._client = httpx2.AsyncClient(
                    limits=self._limits,
                    timeout=httpx2.Timeout(None, connect=_CONNECT),
                    # The environment is read in one place only, and an address is asked that was given.
                    trust_env=False,
                )
                live = partial(_live, self._loop, self._client)
                self._thread = threading.Thread(target=live, name="transport", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(exchange, self._loop)

    async def _exchange(
        self, form: Mapping[str, str | Sequence[str]], accept: str, seconds: float, limit: int | None
    ) -> Received:
        wait = self.breaker.wait()
        if wait > 0:
            words = f"the SPARQL server at {self.server} has failed again and again; it is left alone for a moment"
            raise ServerUnavailable(words, wait)
        try:
            received = await self._in_time(form, accept, seconds, limit)
        except ServerUnavailable:
            self.breaker.failed()
            raise
        except ServerTimeout:
            # One slow query does not make a server that is down, but one that does not answer the simplest is.
            probing = asyncio.get_running_loop().create_task(self._probe())
            self._probing.add(probing)
            probing.add_done_callback(self._probing.discard)
            raise
        except BaseException:
            self.breaker.abandoned()
            raise
        self.breaker.succeeded()
        return received

    async def _probe(self) -> None:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await self._once({"query": _PROBE}, "application/sparql-results+json", None)
        except (ServerUnavailable, TimeoutError):
            self.breaker.failed()
        except ServerFault:
            self.breaker.abandoned()
        else:
            self.breaker.abandoned()

    async def _in_time(
        self, form: Mapping[str, str | Sequence[str]], accept: str, seconds: float, limit: int | None
    ) -> Received:
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        fault: ServerUnavailable | None = None
        try:
            async with asyncio.timeout(seconds):
                for number in range(TRIES):
                    if fault is not None:
                        # Many clients that all come back at the same moment would bring a server down again.
                        pause = _FIRST_PAUSE * 2 ** (number - 1) * random.uniform(0.5, 1.5)
                        pause = max(pause, fault.retry_after or 0.0)
                        if loop.time() + pause >= end:
                            raise fault
                        await asyncio.sleep(pause)
                        self.repeated += 1
                    try:
                        return await self._once(form, accept, limit)
                    except ServerUnavailable as error:
                        fault = error
        except TimeoutError as error:
            raise fault or ServerTimeout(self.server, seconds) from error
        assert fault is not None
        raise fault

    async def _once(self, form: Mapping[str, str | Sequence[str]], accept: str, limit: int | None) -> Received:
        client = self._client
        if client is None:
            raise asyncio.CancelledError
        self.sent += 1
        request = client.build_request("POST", self._address, data=dict(form), headers={"accept": accept})
        try:
            response = await client.send(request, stream=True)
            try:
                body = await self._body(response, limit if response.status_code == 200 else None)
            finally:
                await response.aclose()
        except httpx2.DecodingError as error:
            raise ServerFault(f"the answer of the SPARQL server at {self.server} cannot be decoded: {error}") from error
        except httpx2.TransportError as error:
            words = str(error) or type(error).__name__
            raise ServerUnavailable(f"the SPARQL server at {self.server} cannot be reached: {words}") from error
        if response.status_code != 200:
            raise self._refused(response, body)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        most = response.headers.get("x-sparql-maxrows", "")
        return Received(media_type, body, int(most) if most.isdecimal() else None)

    async def _body(self, response: httpx2.Response, limit: int | None) -> bytes:
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if limit is not None and len(body) > limit:
                raise QueryRefused(f"the answer is larger than {limit} bytes, and no answer is cut: ask for less")
        return bytes(body)

    def _refused(self, response: httpx2.Response, body: bytes) -> ServerFault:
        status = response.status_code
        lines = body[: 4 * _WORDS].decode("utf-8", "replace").strip().splitlines() or [response.reason_phrase]
        words = f"the SPARQL server at {self.server} answered {status}: {lines[0].strip()[:_WORDS]}"
        if response.is_redirect and "location" in response.headers:
            words = f"the SPARQL server at {self.server} has moved to {response.headers['location']}: give that address"
        if status in _LATER:
            return ServerUnavailable(words, _seconds(response.headers.get("retry-after")))
        return ServerFault(words)


def _live(loop: asyncio.AbstractEventLoop, client: httpx2.AsyncClient) -> None:
    """Let an event loop run until it is stopped, and then end what is under way in it."""
    loop.run_forever()
    begun = asyncio.all_tasks(loop)
    for task in begun:
        task.cancel()
    if begun:
        loop.run_until_complete(asyncio.wait(begun))
    loop.run_until_complete(client.aclose())
    loop.close()


def _seconds(header: str | None) -> float | None:
    """Return the seconds that a Retry-After header tells (RFC 9110, section 10.2.3), where it tells any."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
