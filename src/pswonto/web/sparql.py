"""The SPARQL endpoint: queries by GET and by both kinds of POST, as SPARQL 1.1 Protocol has them."""

import asyncio
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from pswonto.errors import FormatError, ParameterError, PswontoError
from pswonto.negotiation import choose, is_range
from pswonto.queries import keywords, may_have_keyword
from pswonto.settings import Settings
from pswonto.source import Evaluator, Job, Source
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS
from pswonto.web.cors import METHODS
from pswonto.web.description import MEDIA_TYPES, Descriptions
from pswonto.web.exchange import Asked, Reply, is_host, negotiated
from pswonto.web.problems import BodyTooLarge, NoHost, ProtocolError, UnsupportedMediaType, method_not_allowed, of_error

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
PATH = "/sparql"
HTML = "text/html"
# What `timeout` may be, in seconds.
_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")
SHORTEST, LONGEST = 0.1, 999_999
# Who takes everything is a program, and gets RDF.
_DESCRIBED = (*MEDIA_TYPES, HTML)
# What a page is made of, whatever the form of the query; and where a browser is told from a program.
PAGE_ACCEPT = "application/sparql-results+json, application/n-triples"
_READ = (*RESULT_FORMATS, *GRAPH_FORMATS, HTML)
_WITH_BODY = ("POST", "QUERY")
# The functions of SPARQL 1.1 (section 17.4) whose value is another one each time.
_VOLATILE = ("NOW", "RAND", "UUID", "STRUUID", "BNODE")
_MEDIA_TYPES = (*RESULT_FORMATS, *GRAPH_FORMATS)
# What `format` may be, and the Accept header that it stands for: our short names, and those that other endpoints have
# taught clients. A graph has formats of its own by the names of those for solutions.
FORMATS = {name: media_type for media_type, (name, _) in (RESULT_FORMATS | GRAPH_FORMATS).items()} | {
    "json": "application/sparql-results+json, application/ld+json",
    "xml": "application/sparql-results+xml, application/rdf+xml",
    "turtle": "text/turtle",
    "n3": "text/turtle",
    "ntriples": "application/n-triples",
    "rdf+xml": "application/rdf+xml",
    "json-ld": "application/ld+json",
}


@dataclass(frozen=True, slots=True)
class _Operation:
    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A query that is being answered.

    Attributes:
        job: Its evaluation.
        query: The query.
        on_page: Whether the answer is to be a page.
    """

    job: Job
    query: str
    on_page: bool = False


class Page(Protocol):
    """What writes the page of the endpoint for people."""

    def form(self) -> Reply:
        """Return the page without an answer."""

    def answered(self, query: str, media_type: str, body: bytes) -> Reply:
        """Return the page with an answer to a query."""

    def refused(self, query: str, status: int, error: PswontoError) -> Reply:
        """Return the page that says why a query has none."""


class Endpoint:
    """Answers queries, by itself or as an ASGI application: a framework takes more time than most queries do.

    Args:
        store: The dataset.
        pool: What evaluates queries.
        descriptions: What describes the service.
        page: What makes what writes the page for people.
        settings: The settings of the service.
        prepare: What must be done before the first answer, and takes its time, if there is anything.
    """

    def __init__(
        self,
        store: Source,
        pool: Evaluator,
        descriptions: Descriptions,
        page: Callable[[], Page],
        settings: Settings,
        prepare: Callable[[], None] | None = None,
    ) -> None:
        self._pool = pool
        self._descriptions = descriptions
        self._page = page
        self._body_limit = settings.body_limit
        self._store = store
        self._prepare = prepare

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of ASGI, and end its query where the client hangs up before."""
        asked = Asked.of(scope, b"")
        if self._prepare is not None and _about_data(asked):
            await asyncio.to_thread(self._prepare)
            self._prepare = None
        try:
            if asked.method in _WITH_BODY:
                asked.body = await _body(receive, self._body_limit)
            begun = self.begin(asked)
            if isinstance(begun, Begun):
                if not await self._done(begun.job, receive):
                    return
                reply = self.end(begun)
                scope["state"] = {**scope.get("state", {}), "query": reply.query}
            else:
                reply = begun
        except PswontoError as error:
            reply = Reply.of(of_error(error))
        await reply.unless_current(asked).send(send)

    async def _done(self, job: Job, receive: Receive) -> bool:
        gone = asyncio.ensure_future(_hung_up(receive))
        try:
            await asyncio.wait((job.answer, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not job.answer.done():
                self._pool.give_up(job)
        return not job.answer.cancelled()

    @cached_property
    def _modified(self) -> datetime:
        return self._store.modified_at()

    def begin(self, asked: Asked) -> Begun | Reply:
        """Begin to answer a request.

        Args:
            asked: The request.

        Returns:
            The reply, or the query whose evaluation takes its time.

        Raises:
            PswontoError: The request is at fault.
        """
        if not is_host(asked.headers.get(b"host", b"")):
            raise NoHost
        if asked.path != PATH:
            # 308 keeps method and body (RFC 9110, section 15.4.9).
            location = PATH.encode() + (b"?" + asked.query_string if asked.query_string else b"")
            return Reply(308, [(b"location", location), (b"content-length", b"0")])
        if asked.method == "OPTIONS":
            told = {"allow": ", ".join(METHODS), "accept-post": f"{DIRECT}, {FORM}", "accept-query": DIRECT}
            return Reply(204, [(name.encode(), value.encode()) for name, value in told.items()])
        if asked.method not in METHODS:
            return Reply.of(method_not_allowed(asked.method, METHODS))
        accept = asked.text(b"accept")
        if asked.method == "GET" and not asked.query_string:
            wanted = choose(accept, _DESCRIBED)
            if wanted is None:
                raise FormatError(accept or "", _DESCRIBED)
            if wanted == HTML:
                return self._page().form()
            return self._descriptions.service(_address(asked), accept)
        on_page = asked.method == "GET" and choose(accept, _READ) == HTML
        try:
            operation = _operation(asked)
            # A form that leaves the format open asks for the page.
            on_page = on_page and not operation.formats
            accept = PAGE_ACCEPT if on_page else accepted(operation.formats, accept) or ""
            graphs = operation.default_graphs, operation.named_graphs
            job = self._pool.submit(operation.query, _address(asked), accept, *graphs, operation.seconds)
        except PswontoError as error:
            if not on_page:
                raise
            return self._refused(dict(_pairs(asked.query_string, "query string")).get("query", ""), error)
        return Begun(job, operation.query, on_page)

    def end(self, begun: Begun) -> Reply:
        """Return the reply to a query that has been answered.

        Raises:
            PswontoError: There is an error in place of an answer.
        """
        try:
            media_type, body = begun.job.result()
        except PswontoError as error:
            if not begun.on_page:
                raise
            return self._refused(begun.query, error)
        if begun.on_page:
            reply = self._page().answered(begun.query, media_type, body)
            if volatile(begun.query):
                reply = replace(reply, headers=[*_but_validators(reply), (b"cache-control", b"no-store")], keep=False)
        else:
            reply = negotiated(media_type, body, None if volatile(begun.query) else self._modified)
        reply.query = hashlib.sha256(begun.query.encode()).hexdigest()[:16]
        return reply

    def _refused(self, query: str, error: PswontoError) -> Reply:
        told = of_error(error)
        reply = self._page().refused(query, told.status_code, error)
        reply.headers += [(name, value) for name, value in told.raw_headers if name == b"retry-after"]
        return reply


def _but_validators(reply: Reply) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in reply.headers if name not in (b"etag", b"last-modified", b"cache-control")]


def _address(asked: Asked) -> str:
    return f"{asked.scheme}://{asked.text(b'host') or ''}{PATH}"


def volatile(query: str) -> bool:
    """Tell whether a query may have another answer the next time, though the dataset is the same."""
    return may_have_keyword(query, _VOLATILE) and not set(_VOLATILE).isdisjoint(keywords(query))


def _about_data(asked: Asked) -> bool:
    """Tell whether the reply has more of the dataset in it than the answer to a query: a page, or the description."""
    return asked.method == "GET" and (not asked.query_string or choose(asked.text(b"accept"), _READ) == HTML)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive, limit: int) -> bytes:
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise BodyTooLarge(f"the body is larger than {limit} bytes")
    return body


def accepted(formats: tuple[str, ...], accept: str | None) -> str | None:
    """Return the media types that a client takes.

    Args:
        formats: The values of `format` in the URL, which win.
        accept: The Accept header.

    Raises:
        ParameterError: One of them is no format.
    """
    if not formats:
        return accept
    wanted = []
    for name in formats:
        # The plus of a media type becomes a blank where a link is written by hand.
        name = name.replace(" ", "+")
        if name not in FORMATS and not (is_range(name) and choose(name, _MEDIA_TYPES)):
            raise ParameterError("format", f"must be a media type or one of {', '.join(FORMATS)}, not {name!r}")
        wanted.append(FORMATS.get(name, name))
    return ", ".join(wanted)


def _operation(asked: Asked) -> _Operation:
    in_url = _pairs(asked.query_string, "query string")
    if asked.method == "GET":
        return _read(in_url)
    content_type = _content_type(asked.text(b"content-type") or "", asked.text(b"content-encoding") or "identity")
    if any(name == "query" for name, _ in in_url):
        raise ProtocolError("the query stands in the URL of a POST request: send it in the body, or by GET")
    if content_type == FORM:
        return _read([*_pairs(asked.body, "form"), *in_url])
    try:
        text = asked.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(f"the query is not UTF-8: byte {error.start + 1}") from error
    return _read([("query", text), *in_url])


@lru_cache(maxsize=64)
def _content_type(header: str, coding: str) -> str:
    if coding.lower() != "identity":
        raise UnsupportedMediaType(f"the coding {coding}", (DIRECT, FORM))
    content_type, _, parameters = header.partition(";")
    content_type = content_type.strip().lower()
    if content_type not in (FORM, DIRECT):
        raise UnsupportedMediaType(content_type or "no type", (DIRECT, FORM))
    charset = dict(parse_qsl(parameters.replace(" ", "").replace(";", "&").lower())).get("charset", "utf-8").strip('"')
    if charset != "utf-8":
        raise UnsupportedMediaType(f"the character set {charset}", (DIRECT, FORM))
    return content_type


def _pairs(raw: bytes, what: str) -> list[tuple[str, str]]:
    if not raw:
        return []
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise ProtocolError(f"the {what} is not UTF-8") from error


def _read(pairs: Sequence[tuple[str, str]]) -> _Operation:
    given: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        given[name] = (*given.get(name, ()), value)
    if "update" in given:
        raise ProtocolError("this service is read-only: it takes queries and no updates")
    queries = given.get("query", ())
    if len(queries) != 1:
        raise ProtocolError("the query is missing" if not queries else "there is more than one query")
    if not queries[0] or queries[0].isspace():
        raise ProtocolError("the query is empty")
    if len(given) == 1:
        return _Operation(queries[0])
    if len(given.get("timeout", ())) > 1:
        raise ParameterError("timeout", "is given more than once")
    (seconds,) = given.get("timeout", (None,))
    if seconds is not None and not (_NUMBER.fullmatch(seconds) and SHORTEST <= float(seconds) <= LONGEST):
        told = f"must be a number of seconds from {SHORTEST} to {LONGEST}, such as 2.5, not {seconds!r}"
        raise ParameterError("timeout", told)
    return _Operation(
        queries[0],
        given.get("default-graph-uri", ()),
        given.get("named-graph-uri", ()),
        # A form sends a field that is left empty too.
        tuple(filter(None, given.get("format", ()))),
        None if seconds is None else float(seconds),
    )
