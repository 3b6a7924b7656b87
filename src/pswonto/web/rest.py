"""The REST API: each resource is one question of the explorer and one model."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from pswonto.bibliography import bibtex, csl_json, ris
from pswonto.errors import FormatError, ParameterError, nearest
from pswonto.explanation import Explainer, Explanation
from pswonto.explorer import Explorer
from pswonto.models import Collection, Factor, FactorSummary, Influence, Level, Study, Work, whole
from pswonto.negotiation import choose

BASE_PATH = "/api/v1"
CAVEAT = (
    "Numbers of studies and statements are no measure of the strength of evidence, and the works that the Results cite "
    "are not the 38 articles that the review included, which it never lists."
)
# How works are given to reference managers: the name of each format, which is the ending of its files too.
_REFERENCES = {
    "application/x-bibtex": ("bib", bibtex),
    "application/x-research-info-systems": ("ris", ris),
    "application/vnd.citationstyles.csl+json": ("csl.json", csl_json),
}
_JSON = "application/json"
_FORMATS = {"json": _JSON} | {ending: media_type for media_type, (ending, _) in _REFERENCES.items()}


class Problem(BaseModel):
    """A fault, told as RFC 9457 has it, with what the error knows besides."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


def problems(**texts: str) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of faults: `_404="What it means"` for each status."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status.removeprefix("_"): {"description": text, "content": content} for status, text in texts.items()}


_BAD = {"_400": "A query parameter is not known"}
_MISSING = {**_BAD, "_404": "There is none of that name; the nearest names are told"}


def _as_references(
    works: Sequence[Work], name: str, format_: str | None, request: Request, response: Response
) -> Response | None:
    """Return works in the format of a reference manager, where that is asked for.

    Args:
        works: The works.
        name: What the file is called.
        format_: The format, in place of the Accept header.
        request: The request.
        response: The response in JSON, whose headers it has too.
    """
    accept = ", ".join(request.headers.getlist("accept"))
    if format_ and format_ not in _FORMATS:
        raise ParameterError("format", f"must be one of {', '.join(_FORMATS)}, not {format_!r}")
    wanted = _FORMATS[format_] if format_ else accept
    media_type = choose(wanted, (_JSON, *_REFERENCES))
    if media_type is None:
        raise FormatError(wanted, (_JSON, *_REFERENCES))
    if media_type == _JSON:
        return None
    ending, write = _REFERENCES[media_type]
    headers = {**response.headers, "Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    headers["Content-Type"] = f"{media_type}; charset=utf-8"
    return Response(write(works), headers=headers)


def known_parameters(request: Request) -> None:
    """Refuse a request with a parameter that its resource does not have; a dependency of routes."""
    known = [parameter.alias for parameter in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name not in known:
            there = f"there are: {', '.join(known)}" if known else "this resource has none"
            raise ParameterError(name, f"is not known; {there}", nearest(name, known))


def rest_router(explorer: Explorer, explainer: Explainer) -> APIRouter:
    """Return the router of the API.

    Args:
        explorer: The explorer that answers its questions.
        explainer: What says why a triple holds.
    """
    router = APIRouter(prefix=BASE_PATH, tags=["REST"], dependencies=[Depends(known_parameters)])
    Slug = Annotated[str, Path(description="The last part of the IRI", examples=["regulatory-and-political-factors"])]
    Format = Annotated[
        str | None,
        Query(
            alias="format",
            description="The format, in place of the Accept header",
            json_schema_extra={"enum": list(_FORMATS)},
        ),
    ]
    references: dict[int | str, dict[str, Any]] = {200: {"content": {media_type: {} for media_type in _REFERENCES}}}
    references |= problems(_406="There is no such format")
    Key = Annotated[str, Path(description="The last part of the IRI", examples=["byrne-2016"])]

    def via(response: Response, name: str, **values: str) -> None:
        # The query behind an answer, to be run as it is on the endpoint.
        text = explorer.bind(explorer.query(name), {parameter: [value] for parameter, value in values.items()})
        response.headers["Link"] = f'</sparql?query={quote(text)}>; rel="via"'
        response.headers["Vary"] = "Accept"

    @router.get("/levels", operation_id="list_levels", summary="The levels, in order", responses=problems(**_BAD))
    def levels(response: Response) -> Collection[Level]:
        """Return the levels with their descriptions and the factors placed at each."""
        via(response, "levels")
        items = explorer.levels()
        return whole(items)

    @router.get(
        "/factors",
        operation_id="list_factors",
        summary="The factors, in the order of the table",
        description=f"Each with its level and how many studies and statements concern it. {CAVEAT}",
        responses=problems(**_BAD),
    )
    def factors(response: Response) -> Collection[FactorSummary]:
        via(response, "factors")
        items = explorer.factors()
        return whole(items)

    @router.get(
        "/factors/{slug}",
        operation_id="get_factor",
        summary="One factor",
        description=f"With its sub-themes, their details, and the factors it influences and is influenced by. {CAVEAT}",
        responses=problems(**_MISSING),
    )
    def factor(slug: Slug, response: Response) -> Factor:
        found = explorer.factor(slug)
        via(response, "factors", factor=slug)
        return found

    @router.get(
        "/factors/{slug}/studies",
        operation_id="list_studies_of_factor",
        summary="The studies that support a factor",
        description=f"Each with the statements that cite it about the factor or a part of it. {CAVEAT}",
        response_model=Collection[Study],
        responses=problems(**_MISSING) | references,
    )
    def studies_of_factor(
        slug: Slug, request: Request, response: Response, format_: Format = None
    ) -> Collection[Study] | Response:
        items = explorer.studies(slug)
        via(response, "studies", about=f"factor:{slug}")
        return _as_references(items, slug, format_, request, response) or whole(items)

    @router.get(
        "/studies",
        operation_id="list_studies",
        summary="The studies, by key",
        description=f"Works that evidence statements cite, each with those statements. {CAVEAT}",
        response_model=Collection[Study],
        responses=problems(**_BAD) | references,
    )
    def studies(request: Request, response: Response, format_: Format = None) -> Collection[Study] | Response:
        via(response, "studies")
        items = explorer.studies()
        return _as_references(items, "studies", format_, request, response) or whole(items)

    @router.get(
        "/studies/{key}",
        operation_id="get_study",
        summary="One study",
        response_model=Study,
        responses=problems(**_MISSING) | references,
    )
    def study(key: Key, request: Request, response: Response, format_: Format = None) -> Study | Response:
        """Return one study with its bibliography and every statement that cites it."""
        found = explorer.study(key)
        via(response, "studies", study=key)
        return _as_references([found], key, format_, request, response) or found

    @router.get(
        "/works",
        operation_id="list_works",
        summary="The reference list of the review, by key",
        description=f"As printed and as corrected. {CAVEAT}",
        response_model=Collection[Work],
        responses=problems(**_BAD) | references,
    )
    def works(request: Request, response: Response, format_: Format = None) -> Collection[Work] | Response:
        via(response, "works")
        items = explorer.works()
        return _as_references(items, "works", format_, request, response) or whole(items)

    @router.get(
        "/influences",
        operation_id="list_influences",
        summary="The influences between factors",
        responses=problems(**_BAD),
    )
    def influences(response: Response) -> Collection[Influence]:
        """Return the tabulated influences in the order of the table, then those that only the text argues."""
        via(response, "influences")
        items = explorer.influences()
        return whole(items)

    @router.get(
        "/explanation",
        operation_id="explain",
        summary="Why a triple holds",
        description="Where it is asserted, or which triples it follows from, by which axiom. The predicate may be `a`.",
        responses=problems(
            _400="A part is missing or is no term", _404="The triple neither is asserted nor follows from what is"
        ),
    )
    def explanation(
        subject: Annotated[str, Query(examples=["factor:psw-wellbeing"])],
        predicate: Annotated[str, Query(examples=["a"])],
        object: Annotated[str, Query(examples=["pswo:ContestedTheme"])],
    ) -> Explanation:
        """Explain a triple whose parts are IRIs or prefixed names; the object may be a literal in Turtle."""
        return explainer.explain(subject, predicate, object)

    return router
