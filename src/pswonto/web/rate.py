"""A bound on how much one client may ask (RFC 6585, section 4)."""

import math
from collections import OrderedDict
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from pswonto.web.cors import HEADERS
from pswonto.web.problems import problem

# What watches the service comes often, and costs little.
_FREE = ("/health/", "/metrics")
_CLIENTS = 10_000


class Rate:
    """Turns a client away that sends more requests than it may; as many as that at once are no fault.

    Args:
        app: The application that answers.
        limit: The most requests of one address in a minute; 0 for any number.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit
        # When each client will have its full number again; the clients that came last are at the end.
        self._full: OrderedDict[str, float] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with 429 and the time to come back."""
        if self._limit and not scope["path"].startswith(_FREE):
            wait = self.wait(scope["client"][0] if scope.get("client") else "", monotonic())
            if wait:
                told = f"a client may send {self._limit} requests in a minute"
                response = problem(429, "Too many requests", told, {"Retry-After": str(math.ceil(wait))})
                response.raw_headers += HEADERS
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def wait(self, client: str, now: float) -> float:
        """Count a request, where it is allowed.

        Args:
            client: The address of the client.
            now: The time, in seconds.

        Returns:
            How many seconds the client must wait; 0 where the request is allowed.
        """
        each = 60 / self._limit
        full = max(self._full.get(client, now), now) + each
        if full - now > 60 + each / 1e6:
            return full - now - 60
        self._full[client] = full
        self._full.move_to_end(client)
        if len(self._full) > _CLIENTS:
            self._full.popitem(last=False)
        return 0.0
