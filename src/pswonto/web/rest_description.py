"""What OpenAPI says of REST: made of the stored queries and the models that answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from pswonto.catalogue import LARGEST
from pswonto.explanation import Explanation
from pswonto.explorer import Explorer
from pswonto.models import Collection, Matrix, Model, QueryParameter
from pswonto.questions import COLLECTIONS, COVERAGE, PATHS, QUERIES, SEARCH, Question
from pswonto.settings import Settings
from pswonto.web.openapi import faults, names_of
from pswonto.web.representation import JSON, JSON_LD, formats_of
from pswonto.web.rest import BASE_PATH, CAVEAT, LISTS, MATRIX_FORMATS, NEIGHBOURS

_REF = "#/components/schemas/{model}"
_ASKED: tuple[Question[Any], ...] = (*COLLECTIONS, QUERIES, PATHS, COVERAGE, SEARCH)
_LIST_IDS = {"paths": "list_paths", "coverage": "list_coverage", "search": "search", "queries": "list_queries"}
_TAG = "REST"


def paths(explorer: Explorer, settings: Settings) -> dict[str, Any]:
    """Return what OpenAPI says of each path of REST, but for those of the single stored queries.

    Args:
        explorer: The explorer, with all queries that are published.
        settings: How many items a page has.
    """
    described = _Described(explorer, settings)
    listed = {f"/{question.name}": (question, ()) for question in COLLECTIONS} | LISTS
    operations = {
        path: described.list(question, _LIST_IDS.get(question.name, f"list_{question.name}"), required=required)
        for path, (question, required) in listed.items()
    }
    for question in COLLECTIONS:
        operations[f"/{question.name}/{{slug}}"] = described.item(question)
    for neighbours in NEIGHBOURS:
        of, owner = neighbours.of, neighbours.owner
        operation = described.list(of, f"list_{of.name}_of_{owner.variable}", neighbours.parameter, owner=owner)
        operations[f"/{owner.name}/{{slug}}/{of.name}"] = operation
    operations["/matrix"] = described.matrix()
    operations["/explain"] = described.explain()
    return {BASE_PATH + path: {"get": operation} for path, operation in sorted(operations.items())}


def schemas(explorer: Explorer) -> dict[str, Any]:
    """Return the schemas of all that REST answers with in JSON, and of the slugs that it takes, by their names.

    Args:
        explorer: As for `paths`.
    """
    models: list[type[Model]] = [*(question.model for question in _ASKED), Matrix, Collection[Model]]
    _, definitions = models_json_schema([(model, "serialization") for model in models], ref_template=_REF)
    found: dict[str, Any] = definitions["$defs"]
    page = found.pop("Collection_Model_")
    for question in _ASKED:
        name = question.model.__name__
        items = {"type": "array", "items": {"$ref": _REF.format(model=name)}, "title": "Items"}
        found[f"{name}Page"] = {**page, "title": f"{name}Page", "properties": {**page["properties"], "items": items}}
    found.pop("Model", None)
    explanation = TypeAdapter(Explanation).json_schema(mode="serialization", ref_template=_REF)
    found.update(explanation["$defs"])
    for query in explorer.queries():
        for one in explorer.parameters(query):
            if one.values and not one.type.startswith('"'):
                found[names_of(one.type.split("|"))] = {"type": "string", "enum": list(one.values)}
    return found


class _Described:
    def __init__(self, explorer: Explorer, settings: Settings) -> None:
        self._explorer = explorer
        self._settings = settings

    def list(
        self,
        question: Question[Any],
        operation_id: str,
        fixed: str = "",
        owner: Question[Any] | None = None,
        required: Sequence[str] = (),
    ) -> dict[str, Any]:
        query = self._explorer.query(question.name)
        parameters = self._explorer.parameters(query)
        asked = {one.name: _value_of(one) for one in parameters if one.name in required}
        described = [parameter(one, asked.get(one.name)) for one in parameters]
        name = question.model.__name__
        most = self._settings.page_limit
        orders = [sign + member for member in question.orders for sign in ("", "-")]
        values = {one: [value] for one, value in asked.items() if value}
        # Data that is not ours may have nothing to ask for.
        there = len(values) == len(required)
        first = self._explorer.part(question, values, None, 0, 1) if there else []
        example = {
            "total": self._explorer.total(question, values) if there else 0,
            "items": [item.model_dump(mode="json", by_alias=True) for item in first],
            "next": None,
            "facets": {},
        }
        return {
            "operationId": operation_id,
            "tags": [_TAG],
            "summary": f"The {question.name} of one {owner.variable}" if owner else query.summary,
            "description": f"{query.description} Filters that are given several values let through what fits any of "
            f"them; several filters, what fits all. {CAVEAT}",
            "parameters": [
                *([self._slug(owner)] if owner else []),
                *(one for one in described if one["name"] != fixed),
                _query("limit", {"type": "integer", "minimum": 1, "maximum": most}, "How many items a page has"),
                _query("cursor", {"type": "string"}, "Which page: as the link to it, or `next`, has it"),
                _query("sort", {"type": "string", "enum": orders}, "What to order by; with - before it, downwards"),
                _INCLUDE,
                _format(formats_of(question.model)),
            ],
            "responses": {
                "200": _success(formats_of(question.model), f"{name}Page", example),
                "304": _UNCHANGED,
                **faults(400, 406, *([404] if owner else [])),
            },
        }

    def item(self, question: Question[Any]) -> dict[str, Any]:
        items = self._explorer.part(question, {}, None, 0, 1)
        example = items[0].model_dump(mode="json", by_alias=True) if items else {}
        return {
            "operationId": f"get_{question.variable}",
            "tags": [_TAG],
            "summary": f"One {question.variable}, by its slug",
            "description": CAVEAT,
            "parameters": [self._slug(question), _INCLUDE, _format(formats_of(question.model))],
            "responses": {
                "200": _success(formats_of(question.model), question.model.__name__, example),
                "304": _UNCHANGED,
                **faults(400, 404, 406),
            },
        }

    def matrix(self) -> dict[str, Any]:
        query = self._explorer.query("matrix")
        parameters = [parameter(one) for one in self._explorer.parameters(query)]
        for one in parameters[:3]:
            # What makes up a matrix is one thing each.
            one["schema"] = one["schema"]["items"]
        example = self._explorer.matrix(rows="levels").model_dump(mode="json", by_alias=True)
        return {
            "operationId": "get_matrix",
            "tags": [_TAG],
            "summary": query.summary,
            "description": f"{query.description} {CAVEAT}",
            "parameters": [*parameters, _INCLUDE, _format(MATRIX_FORMATS)],
            "responses": {
                "200": _success(MATRIX_FORMATS, "Matrix", example),
                "304": _UNCHANGED,
                **faults(400, 406),
            },
        }

    def explain(self) -> dict[str, Any]:
        parts = (("subject", "factor:psw-wellbeing"), ("predicate", "a"), ("object", "pswo:ContestedTheme"))
        described = "An IRI or a prefixed name; the predicate may be `a`, and the object a literal in Turtle"
        return {
            "operationId": "explain",
            "tags": [_TAG],
            "summary": "Why a triple holds",
            "description": "Where it is asserted, or which triples it follows from, by which axiom.",
            "parameters": [
                {**_query(name, {"type": "string"}, described), "required": True, "example": example}
                for name, example in parts
            ],
            "responses": {
                "200": {
                    "description": "The explanation",
                    "content": {JSON: {"schema": {"$ref": _REF.format(model="Explanation")}}},
                },
                "304": _UNCHANGED,
                **faults(400, 404),
            },
        }

    def _slug(self, owner: Question[Any]) -> dict[str, Any]:
        items = self._explorer.part(owner, {}, None, 0, 1)
        example = {"example": items[0].slug} if items else {}
        return {
            "name": "slug",
            "in": "path",
            "required": True,
            "description": f"The last part of the IRI of the {owner.variable}",
            "schema": {"type": "string"},
            **example,
        }


_UNCHANGED = {"description": "The client has the answer already, by the entity tag or the date that it sent"}


def _query(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": dict(schema)}


_INCLUDE = _query("include", {"type": "string", "enum": ["sparql"]}, "Have the query behind the answer in it, in full")


def _format(formats: Mapping[str, str]) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(formats)}
    return _query("format", schema, "The format, in place of the Accept header; a suffix of the path does the same")


def parameter(described: QueryParameter, example: str | None = None) -> dict[str, Any]:
    """Return what OpenAPI says of a parameter of a stored query.

    Args:
        described: The parameter.
        example: A value that it may have, where it must be given.
    """
    single = described.type in ("words", "integer", "boolean")
    schema: dict[str, Any] = {"type": "string"}
    if described.type.startswith('"'):
        schema["enum"] = list(described.values)
    elif described.values:
        schema = {"$ref": _REF.format(model=names_of(described.type.split("|")))}
    elif described.type == "integer":
        schema = {"type": "integer", "minimum": 0, "maximum": LARGEST}
    elif described.type == "boolean":
        schema = {"type": "boolean"}
    if not single:
        schema = {"type": "array", "items": schema} | ({} if example is None else {"minItems": 1})
    told = _query(described.name, schema, described.description)
    return told if example is None else told | {"required": True, "example": example if single else [example]}


def _value_of(described: QueryParameter) -> str:
    """Return a value for an example, or nothing where the data has none: from the first factor to the last."""
    if described.type == "words":
        return "stigma"
    return (described.values[-1] if described.name == "to" else described.values[0]) if described.values else ""


def _success(formats: Mapping[str, str], schema: str, example: Mapping[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {media_type: {"schema": {"type": "string"}} for media_type in formats.values()}
    content[JSON] = {"schema": {"$ref": _REF.format(model=schema)}, "example": dict(example)}
    if JSON_LD in content:
        content[JSON_LD] = {"schema": {"type": "object"}}
    for media_type in content:
        if media_type.endswith("csl+json"):
            content[media_type] = {"schema": {"type": "array", "items": {"type": "object"}}}
    return {"description": "The answer", "headers": _HEADERS, "content": content}


_HEADERS = {
    "Link": {
        "description": "The query behind the answer (via), the JSON-LD context, and for lists the pages around",
        "schema": {"type": "string"},
    },
    "ETag": {"description": "What to send as If-None-Match", "schema": {"type": "string"}},
}
