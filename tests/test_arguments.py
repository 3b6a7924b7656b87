"""Tests of what an agent may give to a tool."""

from typing import Any

import pytest

from pswonto.agents.arguments import beside, paging, read, schema_of, single
from pswonto.errors import ParameterError
from pswonto.models import QueryParameter
from pswonto.settings import Settings

SETTINGS = Settings(page_items=7, page_limit=20)
SCHEMAS: dict[str, Any] = {
    "factor": {"type": "array", "items": {"type": "string"}, "description": "The factor"},
    "yearFrom": {"type": "integer", "description": "The earliest year"},
    "parameters": {"type": "object", "description": "Values"},
    **paging(SETTINGS, statements=True),
}


def parameter(type_: str, *values: str) -> QueryParameter:
    """Return a parameter of a type."""
    return QueryParameter(name="x", type=type_, description="What it is", values=values)


def test_a_schema_is_of_the_type_of_the_parameter() -> None:
    """Numbers, truths and words are one each; things and texts may be several, and are listed where they are few."""
    told = {"description": "What it is"}
    assert schema_of(parameter("integer")) == {"type": "integer", "minimum": 0, "maximum": 999_999} | told
    assert schema_of(parameter("boolean")) == {"type": "boolean"} | told
    assert schema_of(parameter("words")) == {"type": "string"} | told
    listed = {"type": "string", "enum": ["a", "b"]}
    assert schema_of(parameter("factor", "a", "b")) == {"type": "array", "items": listed} | told
    assert schema_of(parameter('"a"|"b"', "a", "b"), many=False) == listed | told
    many = schema_of(parameter("work", *(f"work-{number}" for number in range(300))))
    assert many["items"] == {"type": "string"}
    assert many["description"] == "What it is: one of 300 slugs such as work-299, which search and lists tell"


def test_what_is_not_given_has_its_default() -> None:
    """Nothing, null, an empty text and an empty list are the same."""
    asked = read({"factor": [], "yearFrom": None, "limit": ""}, SCHEMAS)
    assert (asked.values, asked.limit, asked.offset, asked.statements) == ({}, 7, 0, 5)
    assert beside(SETTINGS)["statements"]["maximum"] == 20
    assert "statements" not in paging(SETTINGS, statements=False)


def test_values_become_texts() -> None:
    """One value is a list of one; numbers and truths are as queries write them; an object has its own."""
    given = {"factor": "a", "yearFrom": 2015.0, "parameters": {"kind": ["b", "c"], "argued": True, "q": ""}, "limit": 3}
    asked = read(given, SCHEMAS)
    assert asked.values == {"factor": ["a"], "yearFrom": ["2015"]}
    assert asked.inner == {"kind": ["b", "c"], "argued": ["true"]}
    assert asked.limit == 3
    assert single(asked, "factor") == "a"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"year_from": 1}, "'year_from' is not known; there are: factor, yearFrom.*did you mean yearFrom"),
        ({"factor": 1.5}, "'factor' must be a text, a number, true or false, or a list of these, not 1.5"),
        ({"limit": 21}, "'limit' must be a whole number from 1 to 20, not 21"),
        ({"limit": "²"}, "'limit' must be a whole number from 1 to 20"),
        ({"offset": -1}, "'offset' must be a whole number from 0 to 999999, not -1"),
        ({"statements": [1, 2]}, "'statements' must be a whole number from 0 to 20, not 1, 2"),
        ({"parameters": "factor=x"}, "'parameters' must be an object, with a member for each"),
    ],
    ids=str,
)
def test_a_fault_is_told(given: dict[str, Any], told: str) -> None:
    """The argument is named, with what it must be."""
    with pytest.raises(ParameterError, match=told):
        read(given, SCHEMAS)


def test_what_must_be_given_is_told() -> None:
    """The argument is named with what it is."""
    with pytest.raises(ParameterError, match="'factor' is missing: The factor"):
        read({"factor": ""}, SCHEMAS, ["factor"])


def test_several_values_where_one_may_be_are_a_fault() -> None:
    """They are not cut to the first."""
    with pytest.raises(ParameterError, match="'factor' may have one value only"):
        single(read({"factor": ["a", "b"]}, SCHEMAS), "factor")
