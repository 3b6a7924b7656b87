"""Tests of what OpenAPI says of faults."""

from pswonto.errors import PROBLEMS
from pswonto.web.openapi import components, faults, names_of


def test_each_kind_of_problem_is_told() -> None:
    """Every status of a problem has a response that says what each kind of problem of that status means."""
    responses = components()["responses"]
    for title, (status, meaning) in PROBLEMS.items():
        if status != 405:
            assert f"{title}. {meaning}" in responses[str(status)]["description"]
    assert set(responses) == {str(status) for status, _ in PROBLEMS.values() if status != 405}


def test_an_operation_tells_what_any_may_tell() -> None:
    """Too long a URL, too many requests, and a service or a server that does not answer are told of every operation."""
    assert set(faults(404)) == {"404", "414", "429", "431", "500", "502", "503", "504"}


def test_slugs_have_names() -> None:
    """The schema of slugs is named after their kinds."""
    assert names_of(["anomaly-kind"]) == "AnomalyKindSlug"
    assert names_of(["factor", "subtheme"]) == "FactorOrSubthemeSlug"
