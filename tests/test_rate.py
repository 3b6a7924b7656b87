"""Tests of the bound on how much one client may ask."""

import json

import pytest

from pswonto.web.cors import Cors
from pswonto.web.rate import Rate
from running import Server


@pytest.fixture
def rate() -> Rate:
    """Return a bound of six requests in a minute, in front of nothing."""
    return Rate(Cors(Rate), 6)  # type: ignore[arg-type]  # nothing is passed on


def test_as_many_at_once_as_in_a_minute_are_allowed(rate: Rate) -> None:
    """The seventh of six must wait for ten seconds, in which one more becomes free."""
    assert [rate.wait("a", 1000.0) for _ in range(7)] == [0.0] * 6 + [10.0]
    assert rate.wait("a", 1004.0) == 6.0
    assert rate.wait("a", 1010.0) == 0.0
    assert rate.wait("a", 1010.0) == 10.0


def test_a_minute_of_rest_gives_the_full_number_again(rate: Rate) -> None:
    """After that a client may ask as much as a new one, and no more."""
    assert [rate.wait("a", 0.0) for _ in range(6)] == [0.0] * 6
    assert [rate.wait("a", 600.0) for _ in range(7)] == [0.0] * 6 + [10.0]


def test_clients_do_not_disturb_each_other(rate: Rate) -> None:
    """What one has asked counts for nobody else."""
    assert [rate.wait("a", 0.0) for _ in range(7)][-1] > 0
    assert rate.wait("b", 0.0) == 0.0


def test_who_asks_too_much_is_told_when_to_come_back() -> None:
    """One more than allowed gets 429 with Retry-After, by each way, and health is told all the same."""
    with Server(rate_limit=30) as server:
        statuses = [server.get("/sparql?query=ASK%20%7B%7D")[0] for _ in range(31)]
        assert statuses[0] == 200
        assert statuses[-1] == 429
        for path in ("/sparql?query=ASK%20%7B%7D", "/api/v1/levels", "/"):
            status, headers, body = server.get(path)
            assert status == 429
            assert 1 <= int(headers["retry-after"]) <= 2
            assert headers["access-control-allow-origin"] == "*"
            assert json.loads(body)["title"] == "Too many requests"
        assert server.get("/health/ready")[0] == 200
        assert server.get("/metrics")[0] == 200
