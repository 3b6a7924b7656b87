"""Documents about the things that our IRIs name, at their own paths: for programs as RDF, for people as pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from pswonto.errors import FormatError, ParameterError, TermNotFound
from pswonto.namespaces import BASE, PREFIXES, Names
from pswonto.negotiation import choose
from pswonto.queries import QueryLibrary, Term
from pswonto.source import Source
from pswonto.store import GRAPH_FORMATS, iri
from pswonto.web.description import MEDIA_TYPES, VOID_PATH
from pswonto.web.exchange import Asked, Reply, negotiated
from pswonto.web.pages import Pages, query_link
from pswonto.web.structured_data import structured

HTML = "text/html"
# Who takes everything is a program: Protégé reads no page.
_OFFERED = (*MEDIA_TYPES, HTML)
_SUFFIXES = {GRAPH_FORMATS[media_type][0]: media_type for media_type in MEDIA_TYPES} | {"html": HTML}
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# How many values of a property are listed on a page.
_MOST = 50
# How many values of a property are sorted by their names.
_SORTED = 1000
# How many triples there may be for a path that leads to nothing to be compared with those that lead somewhere.
_COMPARED = 500_000
Row = Mapping[str, Term]
_LABEL, _DEFINITION = PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "definition"
_AT_THE_TOP = (_LABEL, _DEFINITION)
# A version does not change any more (RFC 8246).
_FOREVER = b"public, max-age=31536000, immutable"


@dataclass(frozen=True)
class _Source:
    query: str
    graphs: tuple[str, ...] = ()
    version: bool = False


class Documents:
    """Writes the document about a thing in the format that is asked for.

    Args:
        store: The dataset.
        queries: The queries about things.
        pages: What writes the pages.
        policy: The content security policy of pages.
    """

    def __init__(self, store: Source, queries: QueryLibrary, pages: Pages, policy: str) -> None:
        self._store = store
        self._queries = queries
        self._pages = pages
        self._policy = policy
        self._names = pages.names

    def reply(self, path: str, accept: str | None) -> Reply:
        """Return the document about the thing of a path.

        Args:
            path: The path below the namespace, without its first slash; it may end with the suffix of a format.
            accept: The media types that the client takes, where there is no suffix.

        Raises:
            TermNotFound: The dataset says nothing of such a thing.
            FormatError: There is no such format.
        """
        name, media_type = path, choose(accept, _OFFERED)
        source = self._source(path)
        stem, _, suffix = path.rpartition(".")
        if source is None and suffix in _SUFFIXES:
            # The ontology itself has no name below the namespace.
            name, media_type = "" if stem == "pswonto" else stem, _SUFFIXES[suffix]
            source = self._source(name)
        if source is None:
            raise TermNotFound("document", f"/{path}", self._paths())
        if media_type is None:
            raise FormatError(accept or "", _OFFERED)
        if media_type == HTML:
            body = (self._page(name) if name else self._pages.home()).encode()
        else:
            answer = self._store.answer(source.query, default_graphs=source.graphs)
            body = answer.serialize(media_type, self._names.prefixes)
        reply = negotiated(media_type, body, self._store.modified_at())
        headers = [*reply.headers, *self._told(name, media_type)]
        if source.version:
            headers = [(key, _FOREVER if key == b"cache-control" else value) for key, value in headers]
        return replace(reply, headers=headers)

    def _source(self, name: str) -> "_Source | None":
        """Return where a document comes from, if the dataset says anything of its thing."""
        try:
            thing = iri(self._iri(name))
        except ParameterError:
            return None
        ontologies = self._versions(thing.value)
        if ontologies:
            thing = iri(ontologies[0]["ontology"].value)
        if thing.value == self._names.base:
            return _Source(self._queries["ontology"].text, version=bool(ontologies))
        if thing.value in self._store.graphs():
            text = "CONSTRUCT WHERE { ?thing ?property ?value }"
            return _Source(text, (thing.value,), version=bool(ontologies))
        return _Source(self._about(thing)) if self._is_described(thing) else None

    def _about(self, thing: Term) -> str:
        return self._queries["thing"].bind({"thing": [thing]})

    def _is_described(self, thing: Term) -> bool:
        # There may be very much, of which one triple tells as much.
        return bool(self._store.construct(f"{self._about(thing)}LIMIT 1"))

    def _paths(self) -> Iterator[str]:
        """Yield the paths that may have been meant, where there are not too many to compare with."""
        if len(self._store) <= _COMPARED:
            yield from (self._names.href(thing.value) for thing in self._store.things())

    def _iri(self, name: str) -> str:
        """Return the IRI of the thing of a path: one of the dataset, or one that every service describes."""
        own, ours = self._names.iri(name), f"{BASE}/{name}"
        if own == ours:
            return own
        is_there = self._is_described(iri(ours)) or ours in self._store.graphs() or self._versions(ours)
        return ours if is_there else own

    def _versions(self, thing: str) -> Sequence[Mapping[str, Term]]:
        """Return the ontology that an IRI names a version of, if there is one."""
        return self._store.select(self._queries["version"].bind({"version": [iri(thing)]})).rows

    def _type(self, thing: str) -> str:
        if thing == self._names.base:
            return PREFIXES["schema"] + "Dataset"
        is_work = thing.startswith(self._names.prefixes["work"])
        return PREFIXES["schema"] + ("ScholarlyArticle" if is_work else "DefinedTerm")

    def _told(self, name: str, media_type: str) -> list[tuple[bytes, bytes]]:
        thing = self._iri(name)
        stem = "/" + (name or "pswonto")
        suffixes = {offered: suffix for suffix, offered in _SUFFIXES.items()}
        links = [
            f'<{stem}.{suffix}>; rel="alternate"; type="{offered}"'
            for offered, suffix in suffixes.items()
            if offered != media_type
        ]
        links += [f'<{thing}>; rel="cite-as"', f'<{VOID_PATH}>; rel="describedby"', f'<{_LICENCE}>; rel="license"']
        links.append(f'<{self._type(thing)}>; rel="type"')
        # The dataset consists of its graphs, and all else belongs to it.
        graphs = [graph for graph in self._store.graphs() if self._names.path(graph)]
        links += ['</>; rel="collection"'] if name else [f'<{self._names.href(graph)}>; rel="item"' for graph in graphs]
        headers = {
            "content-location": f"{stem}.{suffixes[media_type]}" if name or media_type != HTML else "/",
            "link": ", ".join(links),
        }
        if media_type == HTML:
            headers["content-security-policy"] = self._policy
        return [(header.encode(), value.encode()) for header, value in headers.items()]

    def _page(self, name: str) -> str:
        thing = self._iri(name)
        values = {"thing": [iri(thing)]}
        said, said_more = self._rows("said", thing)
        naming, naming_more = self._rows("named-by", thing)
        # Its name and what it means stand at the top of the page.
        texts = {row["property"].value: row["value"].value for row in said if row["property"].value in _AT_THE_TOP}
        said = [row for row in said if row["property"].value not in texts]
        kind, _, slug = name.partition("/")
        own = self._pages.portraits.of(kind, slug) if slug else None
        context: dict[str, Any] = {
            "own": own,
            "query": query_link(own["text"] if own else self._queries["said"].bind(values)),
            "structured": structured(
                self._names, thing, own["item"] if own else None, texts.get(_LABEL), texts.get(_DEFINITION)
            ),
            "label": texts.get(_LABEL) or self._names.contract(thing),
            "definition": texts.get(_DEFINITION),
            "iri": thing,
            "formats": [(suffix, f"/{name}.{suffix}") for suffix in _SUFFIXES if suffix != "html"],
            "said": _groups(said, said_more, self._names),
            "naming": _groups(naming, naming_more, self._names),
        }
        return self._pages.render(f"things/{own['kind']}.html" if own else "thing.html", **context)

    def _rows(self, name: str, thing: str) -> tuple[list[Row], dict[str, int]]:
        """Return what a query says of a thing, and for each property how much more there is than can be shown."""
        values: dict[str, list[Term]] = {"thing": [iri(thing)]}
        counted = self._store.select(self._queries[f"{name}-how-often"].bind(values)).rows
        counts = {row["property"].value: int(row["count"].value) for row in counted}
        query = self._queries[name]
        many = [property_ for property_, count in counts.items() if count > _MOST]
        if not many:
            return list(self._store.select(query.bind(values)).rows), {}
        rows: list[Row] = []
        for property_ in counts:
            text = query.bind(values | {"property": [iri(property_)]})
            if counts[property_] > _SORTED:
                # The first by their names are no better than any others, and take long to find.
                text = text[: text.rindex("ORDER BY")]
            rows += self._store.select(f"{text}LIMIT {_MOST}").rows
        return rows, {property_: counts[property_] - _MOST for property_ in many}


def _groups(rows: Sequence[Row], more: Mapping[str, int], names: Names) -> list[dict[str, Any]]:
    """Return what a page lists: for each property its label, the values with labels and links, and how many more."""
    groups = []
    for property_, members in groupby(rows, key=lambda row: row["property"].value):
        listed = list(members)
        label = listed[0]["propertyLabel"].value if "propertyLabel" in listed[0] else names.contract(property_)
        values = [
            {
                "text": row["valueLabel"].value if "valueLabel" in row else names.contract(row["value"].value),
                "href": names.href(row["value"].value) if row["isLink"].value == "true" else None,
                "language": row["language"].value if "language" in row else None,
            }
            for row in listed
        ]
        groups.append({"label": label, "iri": names.href(property_), "values": values, "more": more.get(property_, 0)})
    return groups


def linked_data_router(documents: Documents) -> APIRouter:
    """Return the router of all paths that no other one takes.

    Args:
        documents: What writes the documents.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/{path:path}")
    def document(path: str, request: Request) -> Response:
        if path.startswith("api/"):
            # Its own documents are all there are.
            raise HTTPException(404)
        accept = Asked.of(request.scope, b"").text(b"accept")
        reply = documents.reply(path, accept)
        response = Response(reply.body, reply.status)
        response.raw_headers = reply.headers
        return response

    return router
