"""Tests of a tool of agents."""

import asyncio

import pytest

from pswonto.agents.answers import Answer
from pswonto.agents.arguments import Arguments
from pswonto.agents.tool import Tool
from pswonto.errors import ParameterError


async def echo(asked: Arguments) -> Answer:
    """Answer with what was asked."""
    told = asked.values["word"][0]
    return Answer(statements=(), statement_total=0, all_statements=None, caveats=(told,), sparql="")


TOOL = Tool(
    "echo", "Echo", "Says it again", {"word": {"type": "string", "description": "A word"}}, ["word"], Answer, echo
)


def test_its_schemas_are_those_of_arguments_and_model() -> None:
    """No other argument is let through, and the answer has the names that JSON has."""
    assert TOOL.input_schema == {
        "type": "object",
        "properties": {"word": {"type": "string", "description": "A word"}},
        "required": ["word"],
        "additionalProperties": False,
    }
    assert set(TOOL.output_schema["required"]) == {
        "statements",
        "statementTotal",
        "allStatements",
        "caveats",
        "sparql",
    }


def test_it_answers_what_fits_its_schema() -> None:
    """What does not is told, and nothing is asked."""
    assert asyncio.run(TOOL.call({"word": "yes"})).caveats == ("yes",)
    with pytest.raises(ParameterError, match="'word' is missing: A word"):
        asyncio.run(TOOL.call({}))
