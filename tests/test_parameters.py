"""Tests of the parameters of a request."""

import pytest
from starlette.requests import Request

from pswonto.errors import ParameterError
from pswonto.explorer import Explorer
from pswonto.questions import STUDIES
from pswonto.settings import Settings
from pswonto.web.parameters import Parameters, part_of


def request(query: str) -> Request:
    """Return a request with a query string."""
    return Request(
        {"type": "http", "method": "GET", "scheme": "http", "path": "/", "query_string": query.encode(), "headers": []}
    )


def test_parameters_are_sorted() -> None:
    """Filters may be given several times, and others once."""
    asked = Parameters(request("factor=a&factor=b&limit=3"), ("factor",), ("limit",))
    assert (asked.filters, asked.own) == ({"factor": ["a", "b"]}, {"limit": "3"})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=3&limit=4", "may be given once only"),
        ("faktor=a", "is not known; there are: factor, limit"),
        ("limit=3", "is missing"),
    ],
)
def test_what_does_not_fit_is_told(query: str, message: str) -> None:
    """A parameter that is unknown, given twice, or missing is an error that says so."""
    with pytest.raises(ParameterError, match=message):
        Parameters(request(query), ("factor",), ("limit",), ("factor",))


def test_a_part_is_the_page_of_the_list(explorer: Explorer) -> None:
    """It has the items of the page, the size of the list, and the query whose answer the page is."""
    asked = Parameters(request("polarity=barrier&limit=5"), ("polarity",), ("limit", "cursor", "sort"))
    part = part_of(explorer, STUDIES, asked, Settings())
    assert len(part.shown) == 5
    whole = explorer.studies(polarity="barrier")
    assert list(part.shown) == whole[:5]
    assert part.page.total == len(whole)
    assert "LIMIT 5" in part.text
