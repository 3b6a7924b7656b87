"""The REST API: each resource is one question of the explorer and one model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from pswonto.errors import ParameterError
from pswonto.explanation import Explainer
from pswonto.explorer import Explorer
from pswonto.models import Collection, Matrix, Model
from pswonto.namespaces import local_name
from pswonto.questions import (
    COLLECTIONS,
    COVERAGE,
    FACTORS,
    GAPS,
    IMPLICATIONS,
    INFLUENCES,
    JURISDICTIONS,
    LEVELS,
    PATHS,
    QUERIES,
    SEARCH,
    STATEMENTS,
    STUDIES,
    SUBTHEMES,
    THEMES,
    Question,
)
from pswonto.settings import Settings
from pswonto.source import Source
from pswonto.web.exchange import negotiated
from pswonto.web.parameters import Parameters, part_of
from pswonto.web.representation import (
    CONTEXT_PATH,
    CSV,
    FILES,
    JSON,
    JSON_LD,
    TSV,
    TURTLE,
    context,
    formats_of,
    table,
    write,
)

BASE_PATH = "/api/v1"
CAVEAT = "Numbers of studies and statements are no measure of the strength of evidence."
# What a list can be asked for beside its filters, and what a single thing can be asked for.
OF_LISTS, OF_ITEMS = ("limit", "cursor", "sort", "include", "format"), ("include", "format")
MATRIX_FORMATS = {"json": JSON, "csv": CSV, "tsv": TSV}
_CONTEXT = f'<{CONTEXT_PATH}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD}"'
_DEFAULTS = {"rows": "factors", "columns": "polarity", "unit": "studies"}


@dataclass(frozen=True)
class Neighbours:
    """A list that belongs to one thing.

    Attributes:
        owner: The list that has the thing.
        of: The question that has the neighbours for an answer.
        parameter: The filter that is set to the thing.
    """

    owner: Question[Any]
    of: Question[Any]
    parameter: str


NEIGHBOURS = (
    *(Neighbours(LEVELS, of, "level") for of in (FACTORS, SUBTHEMES)),
    *(Neighbours(FACTORS, of, "factor") for of in (SUBTHEMES, STUDIES, STATEMENTS, INFLUENCES, GAPS, IMPLICATIONS)),
    *(Neighbours(SUBTHEMES, of, "subtheme") for of in (STUDIES, STATEMENTS)),
    *(Neighbours(THEMES, of, "theme") for of in (STUDIES, STATEMENTS)),
    *(Neighbours(STUDIES, of, "study") for of in (THEMES, STATEMENTS)),
    Neighbours(INFLUENCES, STATEMENTS, "influence"),
    *(Neighbours(JURISDICTIONS, of, "country") for of in (STUDIES, STATEMENTS)),
)
# Lists that are no collection of things of one kind, with their paths and the filters that must be set.
LISTS: dict[str, tuple[Question[Any], tuple[str, ...]]] = {
    "/influences/paths": (PATHS, ("from", "to")),
    "/coverage": (COVERAGE, ()),
    "/search": (SEARCH, ("q",)),
    "/queries": (QUERIES, ()),
}


def rest_router(explorer: Explorer, explainer: Callable[[], Explainer], store: Source, settings: Settings) -> APIRouter:
    """Return the router of the API; what OpenAPI says of it is made by `rest_description`.

    Args:
        explorer: The explorer that answers its questions.
        explainer: What makes what says why a triple holds.
        store: The dataset.
        settings: How many items a page has.
    """
    router = APIRouter(prefix=BASE_PATH, include_in_schema=False)
    rest = Rest(explorer, explainer, store, settings)

    def serve_list(path: str, question: Question[Any], required: Sequence[str] = ()) -> None:
        def listed(request: Request, suffix: str = "") -> Response:
            return rest.list(question, request, suffix, required)

        router.get(path)(listed)
        router.get(path + ".{suffix}")(listed)

    def serve_items(question: Question[Any]) -> None:
        @router.get(f"/{question.name}/{{slug}}")
        def item(slug: str, request: Request) -> Response:
            return rest.item(question, slug, request)

    def serve_neighbours(neighbours: Neighbours) -> None:
        def listed(slug: str, request: Request, suffix: str = "") -> Response:
            return rest.neighbours(neighbours, slug, request, suffix)

        path = f"/{neighbours.owner.name}/{{slug}}/{neighbours.of.name}"
        router.get(path)(listed)
        router.get(path + ".{suffix}")(listed)

    for path, (question, required) in LISTS.items():
        serve_list(path, question, required)
    for question in COLLECTIONS:
        serve_list(f"/{question.name}", question)
        serve_items(question)
    for neighbours in NEIGHBOURS:
        serve_neighbours(neighbours)

    @router.get("/matrix")
    @router.get("/matrix.{suffix}")
    def matrix(request: Request, suffix: str = "") -> Response:
        return rest.matrix(request, suffix)

    @router.get("/explain")
    def explain(request: Request) -> Response:
        return rest.explain(request)

    return router


class Rest:
    """Answers the requests of the API; its arguments are those of `rest_router`."""

    def __init__(
        self, explorer: Explorer, explainer: Callable[[], Explainer], store: Source, settings: Settings
    ) -> None:
        self._explorer = explorer
        self._explainer = explainer
        self._store = store
        self._settings = settings

    def list(
        self,
        question: Question[Any],
        request: Request,
        suffix: str,
        required: Sequence[str] = (),
        fixed: Mapping[str, str] | None = None,
    ) -> Response:
        """Return a page of a list.

        Args:
            question: The question that has the list for an answer.
            request: The request.
            suffix: The suffix of the path, where it has one.
            required: The filters that must be set.
            fixed: The filters that the path sets.
        """
        fixed = fixed or {}
        filters = [parameter.name for parameter in self._explorer.query(question.name).parameters]
        asked = Parameters(request, [name for name in filters if name not in fixed], OF_LISTS, required)
        media_type = asked.media_type(suffix, formats_of(question.model))
        part = part_of(self._explorer, question, asked, self._settings, fixed)
        document: dict[str, Any] = {}
        if media_type in (JSON, JSON_LD, TURTLE):
            # The items are written as what they are, and not as what all items of lists have in common.
            document = Collection[Model](
                total=part.page.total,
                items=(),
                next=part.page.cursors.get("next"),
                facets=self._explorer.facets(question, part.values),
                sparql=part.text if asked.with_query else None,
            ).model_dump(mode="json", by_alias=True, exclude=None if asked.with_query else {"sparql"})
            document["items"] = [item.model_dump(mode="json", by_alias=True) for item in part.shown]
        body = write(media_type, question.model, part.shown, document, self._explorer.names.prefixes)
        name = "-".join([*fixed.values(), question.name])
        links = part.page.links(request.url.path, request.query_params.multi_items())
        return self._response(media_type, body, part.text, links, _name(formats_of(question.model), media_type, name))

    def neighbours(self, neighbours: Neighbours, slug: str, request: Request, suffix: str) -> Response:
        """Return a page of the list that belongs to one thing."""
        self._explorer.find(neighbours.owner, slug)
        return self.list(neighbours.of, request, suffix, fixed={neighbours.parameter: slug})

    def item(self, question: Question[Any], slug: str, request: Request) -> Response:
        """Return one thing of a list; the suffix of a format may stand behind its slug."""
        offered = formats_of(question.model)
        stem, _, suffix = slug.partition(".")
        slug, suffix = (stem, suffix) if suffix in offered else (slug, "")
        asked = Parameters(request, (), OF_ITEMS)
        media_type = asked.media_type(suffix, offered)
        item = self._explorer.find(question, slug)
        text = self._explorer.text(question, {question.variable: [slug]})
        document = item.model_dump(mode="json", by_alias=True) | ({"sparql": text} if asked.with_query else {})
        body = write(media_type, question.model, [item], document, self._explorer.names.prefixes)
        return self._response(media_type, body, text, [], _name(offered, media_type, slug))

    def matrix(self, request: Request, suffix: str) -> Response:
        """Return a matrix: in JSON its numbers, and as a table all of it."""
        names = [parameter.name for parameter in self._explorer.query("matrix").parameters]
        asked = Parameters(request, names, OF_ITEMS)
        for name, default in _DEFAULTS.items():
            if len(asked.filters.setdefault(name, [default])) > 1:
                raise ParameterError(name, "may have one value only")
        media_type = asked.media_type(suffix, MATRIX_FORMATS)
        text = self._explorer.bind(self._explorer.query("matrix"), asked.filters)
        matrix = self._explorer.matrix_of(asked.filters)
        body = _crossed(media_type, matrix)
        if media_type == JSON:
            body = write(JSON, Matrix, (), _dumped(matrix) | ({"sparql": text} if asked.with_query else {}))
        return self._response(media_type, body, text, [], _name(MATRIX_FORMATS, media_type, "matrix"))

    def explain(self, request: Request) -> Response:
        """Explain a triple whose parts are IRIs or prefixed names; the object may be a literal in Turtle."""
        parts = ("subject", "predicate", "object")
        asked = Parameters(request, parts, (), parts)
        for name in parts:
            if len(asked.filters[name]) > 1:
                raise ParameterError(name, "may have one value only")
        explanation = self._explainer().explain(*(asked.filters[name][0] for name in parts))
        text = f"ASK {{ {' '.join(explanation.terms)} }}"
        return self._response(JSON, write(JSON, Model, (), asdict(explanation)), text, [], "")

    def _response(self, media_type: str, body: bytes, text: str, links: Sequence[str], name: str) -> Response:
        charset = "; charset=utf-8" if media_type in FILES and not media_type.startswith("text/") else ""
        reply = negotiated(media_type + charset, body, self._store.modified_at())
        told = [*links, f'</sparql?query={quote(text)}>; rel="via"', *([_CONTEXT] if media_type == JSON else [])]
        response = Response(reply.body, reply.status)
        response.raw_headers = [*reply.headers, (b"link", ", ".join(told).encode())]
        if media_type in FILES:
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _name(offered: Mapping[str, str], media_type: str, name: str) -> str:
    endings = {offer: ending for ending, offer in offered.items()}
    return f"{name}.{endings[media_type]}"


def _dumped(model: Model) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True)


def _crossed(media_type: str, matrix: Matrix) -> bytes:
    if media_type == JSON:
        return b""
    counts = {(cell.row, cell.column): cell.count for cell in matrix.cells}
    header = [matrix.unit, *(column.label for column in matrix.columns)]
    rows = [
        [row.label, *(str(counts.get((local_name(row.iri), column.value), 0)) for column in matrix.columns)]
        for row in matrix.rows
    ]
    return table(media_type, header, rows)


def context_router() -> APIRouter:
    """Return the router of the JSON-LD context."""
    router = APIRouter(include_in_schema=False)

    @router.get(CONTEXT_PATH)
    def published() -> Response:
        return Response(context(), media_type=JSON_LD)

    return router
