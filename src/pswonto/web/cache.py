"""Answers that are kept, so that what was asked before is answered without any work (RFC 9111)."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pswonto.web.exchange import Asked, Reply


@dataclass(frozen=True, slots=True)
class Stored:
    """A response that is kept.

    Attributes:
        method: The method of the request.
        path: The path of the request.
        reply: The response.
    """

    method: str
    path: str
    reply: Reply


class Cache:
    """Answers a request that was answered before with the same bytes, in front of all else that takes time.

    What has an entity tag is kept, up to a number of bytes; what was asked for least recently goes first.

    Args:
        app: The application that answers the first time.
        limit: The most bytes to keep; 0 keeps nothing.
        body_limit: The largest body of a request that is looked at.

    Attributes:
        size: How many bytes of answers are kept.
    """

    def __init__(self, app: ASGIApp, limit: int, body_limit: int) -> None:
        self._app = app
        self._limit = limit
        self._body_limit = body_limit
        self._answers: OrderedDict[Hashable, Stored] = OrderedDict()
        self._repeats: OrderedDict[Hashable, Hashable] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._answers)

    @staticmethod
    def key(asked: Asked) -> Hashable:
        """Return all that the answer to a request depends on."""
        told = asked.headers.get
        return (
            "GET" if asked.method == "HEAD" else asked.method,
            asked.scheme,
            asked.path,
            asked.query_string,
            told(b"host"),
            told(b"accept"),
            told(b"content-type"),
            told(b"content-encoding"),
            asked.body,
        )

    def get(self, key: Hashable) -> Reply | None:
        """Return the answer that is kept, if there is one."""
        found = self._answers.get(key)
        if found is None:
            return None
        self._answers.move_to_end(key)
        return found.reply

    def keep(self, key: Hashable, asked: Asked, reply: Reply) -> None:
        """Keep an answer of the status 200, where it may be kept."""
        # One answer must not drive out all the others.
        if not reply.keep or asked.method == "HEAD" or len(reply.body) * 8 > self._limit:
            return
        if key not in self._answers:
            self.size += len(reply.body)
        stored = Reply(200, reply.headers, reply.body, kept=True, query=reply.query)
        self._answers[key] = Stored(asked.method, asked.path, stored)
        while self.size > self._limit:
            _, dropped = self._answers.popitem(last=False)
            self.size -= len(dropped.reply.body)

    def repeated(self, request: Hashable) -> Stored | None:
        """Return the answer to a request whose very bytes came before, where it is kept still."""
        key = self._repeats.get(request)
        found = None if key is None else self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
        return found

    def remember(self, request: Hashable, key: Hashable) -> None:
        """Take down that the very bytes of a request ask for an answer, by its key."""
        self._repeats[request] = key
        # An answer may be asked for in several ways: by other clients, and with other headers.
        while len(self._repeats) > 4 * len(self._answers):
            self._repeats.popitem(last=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or let the application answer, and keep that."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD", "POST", "QUERY"):
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []
        more = False
        if scope["method"] in ("POST", "QUERY"):
            size = 0
            more = True
            while more and size <= self._body_limit:
                message = await receive()
                messages.append(message)
                size += len(message.get("body", b""))
                more = message.get("more_body", False)
        asked = Asked.of(scope, b"".join(message.get("body", b"") for message in messages))
        key = self.key(asked)
        found = self.get(key)
        if found is not None:
            scope["state"] = {**scope.get("state", {}), "kept": True, "query": found.query}
            reply = found.unless_current(asked)
            if scope["method"] == "HEAD":
                reply = Reply(reply.status, reply.headers)
            await reply.send(send)
            return
        # What was read of the body is given to the application first.
        again = iter(messages)

        async def replay() -> Message:
            return next(again, None) or await receive()

        start: Message | None = None

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                # What was not read to its end cannot be told from another request with the same beginning.
                start = None if more else message
            elif start is not None and not message.get("more_body"):
                headers = [(name.lower(), value) for name, value in start["headers"]]
                # An entity tag says that the same request has the same answer.
                keep = start["status"] == 200 and any(name == b"etag" for name, _ in headers)
                query = scope.get("state", {}).get("query")
                self.keep(key, asked, Reply(200, headers, message.get("body", b""), keep=keep, query=query))
            else:
                start = None
            await send(message)

        await self._app(scope, replay, keep)
