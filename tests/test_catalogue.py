"""Tests of the catalogue of stored queries on the real data."""

import pytest

from pswonto.errors import ParameterError, QueryNotFound
from pswonto.explorer import Explorer
from pswonto.namespaces import PREFIXES


@pytest.mark.parametrize("value", ["psw-wellbeing", "factor:psw-wellbeing", PREFIXES["factor"] + "psw-wellbeing"])
def test_a_parameter_takes_a_slug_a_short_name_or_an_iri(value: str, explorer: Explorer) -> None:
    """The three ways to name a factor mean the same."""
    assert len(explorer.select("factors", factor=value).rows) == 1


def test_a_parameter_that_names_nothing_is_told_with_the_nearest(explorer: Explorer) -> None:
    """A value that fits no factor is an error and no empty answer."""
    with pytest.raises(ParameterError, match="did you mean psw-wellbeing"):
        explorer.select("factors", factor="psw-welbeing")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("confidence", "hihg", "must be one of high, medium, low"),
        ("yearFrom", "-1", "from 0 to 999999"),
        ("yearFrom", "1000000", "from 0 to 999999"),
        ("yearFrom", "9" * 5000, "from 0 to 999999"),
        ("yearFrom", "²", "from 0 to 999999"),
        ("polarity", "polarity:bad", "names no polarity"),
        ("theme", "byrne-2016", "names no factor or subtheme or detail"),
    ],
)
def test_a_value_of_another_type_is_told(name: str, value: str, words: str, explorer: Explorer) -> None:
    """A value is of the type that the header of the query says."""
    with pytest.raises(ParameterError, match=words):
        explorer.select("statements", **{name: value})


def test_booleans_are_bound_as_such(explorer: Explorer) -> None:
    """What is true or false is asked for by these words."""
    assert len(explorer.select("influences", tabulated="true").rows) == 28
    assert len(explorer.select("influences", tabulated="false").rows) == 2
    with pytest.raises(ParameterError, match="true or false"):
        explorer.select("influences", tabulated="1")


def test_parameters_tell_what_they_may_be(explorer: Explorer) -> None:
    """Kinds of things and texts are enumerated, in the order of the table where there is one."""
    values = {one.name: one.values for one in explorer.parameters(explorer.query("statements"))}
    assert values["level"] == ("macro", "meso", "micro")
    assert values["confidence"] == ("high", "medium", "low")
    assert (len(values["theme"]), values["q"], values["yearFrom"]) == (39, (), ())


def test_a_query_that_is_none_is_told(explorer: Explorer) -> None:
    """Who misspells the name of a query is told the one meant."""
    with pytest.raises(QueryNotFound, match="did you mean statements"):
        explorer.query("statments")
