"""The service over one dataset: all that a request goes through on its way, and a short way for queries."""

import asyncio
import logging
from collections.abc import Callable, Hashable
from time import perf_counter

from starlette.types import ASGIApp, Receive, Scope, Send

from pswonto.errors import PswontoError, ServerFault
from pswonto.settings import Settings
from pswonto.source import Evaluator
from pswonto.web.cache import Cache, Stored
from pswonto.web.cors import HEADERS, Cors
from pswonto.web.exchange import Asked, Reply, is_host
from pswonto.web.later import Later
from pswonto.web.log import Log, request_id
from pswonto.web.metrics import Metrics
from pswonto.web.observer import GONE, Observer
from pswonto.web.problems import Faults, Head, NoHost, internal, of_error
from pswonto.web.rate import Rate
from pswonto.web.sparql import PATH, Begun, Endpoint

# What takes down that another request, of these very bytes, has the same answer.
Remember = Callable[[Hashable], None]
_log = logging.getLogger(__name__)


class Service:
    """The service over one dataset, as an ASGI application.

    Args:
        api: What makes the application that answers all but queries.
        endpoint: What answers queries.
        pool: What evaluates them.
        metrics: What counts requests.
        settings: The settings of the service.
        log: Where requests are taken down, if anywhere.
        fault: What writes the page that tells a problem while there are no pages.
        short: Whether the endpoint needs nothing that takes time before it can begin.

    Attributes:
        pool: What evaluates queries.
        short: Whether queries may take the short way.
    """

    def __init__(
        self,
        api: Callable[[], ASGIApp],
        endpoint: Endpoint,
        pool: Evaluator,
        metrics: Metrics,
        settings: Settings,
        log: Log | None,
        fault: Callable[[bytes], str],
        short: bool = True,
    ) -> None:
        self._api = Later(api)
        self._others = Faults(self._api, fault)
        self.pool = pool
        self._endpoint = endpoint
        self._queries = Faults(endpoint, fault)
        # CORS headers stand on every answer, also where the service fails, and so in what is kept.
        cache = Cache(Cors(Head(self._answer)), settings.cache_bytes, settings.body_limit)
        self._cache = metrics.cache = cache
        metrics.log = log
        # What is counted for each client takes the long way.
        self.short = short and not settings.rate_limit
        self._observer = Observer(Rate(cache, settings.rate_limit), metrics, log if settings.log_requests else None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; or begin and end the processes that evaluate queries."""
        if scope["type"] != "lifespan":
            await self._observer(scope, receive, send)
            return
        await receive()
        self.pool.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.pool.close()
        # What was closed is told so in the next turn of the loop.
        await asyncio.sleep(0)
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in (PATH, PATH + "/"):
            await self._queries(scope, receive, send)
        elif is_host(Asked.of(scope, b"").headers.get(b"host", b"")):
            await self._others(scope, receive, send)
        else:
            await of_error(NoHost())(scope, receive, send)

    def make(self) -> None:
        """Make what answers all but queries, which else is made when it is first needed; any thread may do so."""
        try:
            self._api.make()
        except ServerFault as fault:
            _log.warning("%s; the next request tries again", fault)

    def take(self, asked: Asked, answered: Callable[[str, Reply, Remember], None]) -> Callable[[], None] | None:
        """Answer a query on the short way: the same steps as on the long one, without a task and without messages.

        Args:
            asked: A request of GET, POST or QUERY for the endpoint.
            answered: What gets the id of the request, its reply, and what takes down that other requests of the very
                same bytes have that reply; it is called at once, or later.

        Returns:
            What to call where the client is gone before that; nothing where it has its reply.
        """
        start = perf_counter()
        identifier = self._observer.identifier()
        key = self._cache.key(asked)

        def finish(reply: Reply) -> None:
            full, reply = reply, reply.unless_current(asked)
            seconds = perf_counter() - start
            self._observer.told(identifier, asked.method, asked.path, reply, len(reply.body), seconds)
            if reply.status != GONE:
                may_repeat = full is reply and full.kept
                answered(identifier, reply, (lambda raw: self._cache.remember(raw, key)) if may_repeat else _nothing)

        def fail(error: Exception) -> Reply:
            request_id.set(identifier)
            if isinstance(error, PswontoError):
                response = of_error(error)
            else:
                _log.error("a request failed", exc_info=error)
                response = internal()
            return Reply(response.status_code, [*response.raw_headers, *HEADERS], bytes(response.body))

        def done(begun: Begun) -> None:
            if begun.job.answer.cancelled():
                finish(Reply(GONE))
                return
            try:
                reply = self._endpoint.end(begun)
            except Exception as error:  # whatever it was, the client gets an answer and the log gets the fault
                finish(fail(error))
                return
            reply.headers += HEADERS
            self._cache.keep(key, asked, reply)
            finish(reply)

        found = self._cache.get(key)
        if found is not None:
            finish(found)
            return None
        try:
            begun = self._endpoint.begin(asked)
        except Exception as error:  # as above
            finish(fail(error))
            return None
        if isinstance(begun, Reply):
            begun.headers += HEADERS
            self._cache.keep(key, asked, begun)
            finish(begun)
            return None
        begun.job.answer.add_done_callback(lambda _: done(begun))
        return lambda: self.pool.give_up(begun.job)

    def repeated(self, request: Hashable) -> tuple[str, Stored] | None:
        """Return the id and the answer of a request whose very bytes came before, where the answer is kept still."""
        found = self._cache.repeated(request)
        if found is None:
            return None
        identifier = self._observer.identifier()
        self._observer.told(identifier, found.method, found.path, found.reply, len(found.reply.body), 0.0)
        return identifier, found

    def refused(self, identifier: str, status: int, size: int) -> None:
        """Count and take down what could not be read as a request."""
        self._observer.told(identifier, "", "", Reply(status), size, 0.0)


def _nothing(request: Hashable) -> None:
    pass
