"""What an agent may give to a tool, as JSON Schema tells it and as it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from pswonto.catalogue import LARGEST
from pswonto.errors import ParameterError, nearest
from pswonto.models import QueryParameter
from pswonto.settings import Settings

Schema = dict[str, Any]
Values = dict[str, list[str]]

# Names of more characters than this are not listed, as every conversation has the lists of all tools in it.
_LISTED = 900
# How many statements come along where an agent does not say.
_STATEMENTS = 5


@dataclass(frozen=True)
class Arguments:
    """What a tool was given.

    Attributes:
        values: The values of each filter that is set, as text.
        inner: The same of what was given inside of an argument that is an object.
        limit: How many items to tell at the most.
        offset: How many items to leave out at the beginning.
        statements: How many statements to tell beside the items.
    """

    values: Values
    inner: Values
    limit: int
    offset: int
    statements: int


def schema_of(parameter: QueryParameter, *, many: bool = True) -> Schema:
    """Return the schema of a parameter of a stored query.

    Args:
        parameter: The parameter, with all that it may be.
        many: Whether it may have several values where its type allows that.
    """
    one: Schema = {"type": "string"}
    words = parameter.description
    if parameter.type in ("integer", "boolean"):
        one = {"type": parameter.type} | ({"minimum": 0, "maximum": LARGEST} if parameter.type == "integer" else {})
    elif parameter.values and sum(map(len, parameter.values)) <= _LISTED:
        one["enum"] = list(parameter.values)
    elif parameter.values:
        words += f": one of {len(parameter.values)} slugs such as {parameter.values[-1]}, which search and lists tell"
    if not many or parameter.type in ("words", "integer", "boolean", "iri"):
        return one | {"description": words}
    return {"type": "array", "items": one, "description": words}


def paging(settings: Settings, *, statements: bool) -> dict[str, Schema]:
    """Return the schemas of the arguments that choose a part of a list.

    Args:
        settings: How many items a page has.
        statements: Whether statements come beside the items.
    """
    most = settings.page_limit
    schemas: dict[str, Schema] = {
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": most,
            "default": settings.page_items,
            "description": "How many items to tell at the most; fewer come where they would be too long",
        },
        "offset": {
            "type": "integer",
            "minimum": 0,
            "maximum": LARGEST,
            "default": 0,
            "description": "How many items to leave out at the beginning: what `next` of the answer before says",
        },
    }
    return schemas | (beside(settings) if statements else {})


def beside(settings: Settings) -> dict[str, Schema]:
    """Return the schema of the argument that says how many statements come beside the answer."""
    return {
        "statements": {
            "type": "integer",
            "minimum": 0,
            "maximum": settings.page_limit,
            "default": _STATEMENTS,
            "description": "How many of the statements that the answer rests on to tell in full, where there is room",
        }
    }


def read(given: Mapping[str, Any], schemas: Mapping[str, Schema], required: Sequence[str] = ()) -> Arguments:
    """Return what a tool was given; an argument that is null, or an empty text or list, is not given.

    Args:
        given: The arguments as they came.
        schemas: The schema of each argument that there is.
        required: Those that must be given.

    Raises:
        ParameterError: An argument is unknown or missing, or is of another kind than it must be.
    """
    values: Values = {}
    inner: Values = {}
    for name, value in given.items():
        if name not in schemas:
            close = to_camel(name.replace("-", "_"))
            there = f"there are: {', '.join(schemas)}" if schemas else "this tool has none"
            near = nearest(close if close in schemas else name, schemas)
            raise ParameterError(name, f"is not known; {there}", near)
        if schemas[name]["type"] == "object" and value not in (None, ""):
            if not isinstance(value, Mapping):
                raise ParameterError(name, f"must be an object, with a member for each, not {value!r}")
            inner |= {parameter: texts for parameter, one in value.items() if (texts := _texts(parameter, one))}
        elif texts := _texts(name, value):
            values[name] = texts
    for name in required:
        if name not in values:
            raise ParameterError(name, f"is missing: {schemas[name]['description']}")
    numbers = {name: _number(name, schemas, values.pop(name, None)) for name in ("limit", "offset", "statements")}
    return Arguments(values, inner, **numbers)


def single(asked: Arguments, name: str) -> str:
    """Return the one value of an argument.

    Raises:
        ParameterError: It has several.
    """
    if len(asked.values[name]) > 1:
        raise ParameterError(name, "may have one value only")
    return asked.values[name][0]


def _texts(name: str, value: object) -> list[str]:
    return [_text(name, one) for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int):
        return str(value)
    raise ParameterError(name, f"must be a text, a number, true or false, or a list of these, not {value!r}")


def _number(name: str, schemas: Mapping[str, Schema], texts: Sequence[str] | None) -> int:
    schema = schemas.get(name)
    if schema is None:
        return 0
    if texts is None:
        default: int = schema["default"]
        return default
    least, most = schema["minimum"], schema["maximum"]
    text = texts[0]
    fits = text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most
    if len(texts) > 1 or not fits:
        raise ParameterError(name, f"must be a whole number from {least} to {most}, not {', '.join(texts)}")
    return int(text)
