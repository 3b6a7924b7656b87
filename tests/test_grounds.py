"""Tests of what answers rest on."""

import pytest
from pydantic_core import to_json

from pswonto import resources
from pswonto.agents.grounds import NONE, Evidence
from pswonto.errors import ParameterError
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary

ROOM = 5000


@pytest.fixture(scope="module")
def evidence(explorer: Explorer) -> Evidence:
    """Return what finds evidence in the real data, for small answers."""
    return Evidence(explorer, QueryLibrary(resources.queries_directory() / "agents"), ROOM)


def test_caveats_are_those_of_the_data(evidence: Evidence, explorer: Explorer) -> None:
    """How many are checked is counted, and what is not known of the included articles is told as it is recorded."""
    checked = sum(statement.checked_by_person for statement in explorer.statements())
    assert checked == 0
    (defect,) = explorer.anomalies(kind="included-articles-not-listed")
    assert evidence.caveats[1:] == (
        f"No person has checked any of the {len(explorer.statements())} statements yet.",
        f"{defect.label}. {defect.basis}",
    )


def test_statements_come_as_far_as_there_is_room(evidence: Evidence, explorer: Explorer) -> None:
    """They are the first of those that the filters let through, and what to call for all is told."""
    whole = explorer.statements(factor="psw-wellbeing")
    filters = {"factor": ["psw-wellbeing"]}
    some = evidence.grounds(filters, most=100, taken=0)
    assert 1 < len(some.statements) < some.total == len(whole)
    assert list(some.statements) == whole[: len(some.statements)]
    assert len(to_json(some.statements, by_alias=True)) < ROOM
    assert some.rest is not None
    assert (some.rest.tool, some.rest.arguments) == ("statements", {"factor": ("psw-wellbeing",)})
    assert len(evidence.grounds(filters, most=1, taken=0).statements) == 1
    assert evidence.grounds(filters, most=9, taken=ROOM).statements == ()
    single = evidence.grounds({"statement": ["0001"]}, most=1, taken=0)
    assert (len(single.statements), single.rest) == (1, None)


def test_statements_are_found_among_things(evidence: Evidence) -> None:
    """Other things are passed over, and where there is no statement there are no grounds."""
    iris = [f"https://w3id.org/pswonto/{name}" for name in ("statement/0002", "factor/psw-wellbeing", "statement/0002")]
    assert [one.slug for one in evidence.named(iris, most=5, taken=0).statements] == ["0002"]
    assert evidence.named(iris[1:2], most=5, taken=0) == NONE


def test_a_part_of_a_list_has_one_item_at_least(evidence: Evidence) -> None:
    """What is larger than the room comes alone; what is beside an item is counted too."""
    large, small = "x" * 2 * ROOM, "y"
    assert evidence.part([large, small], 0, 9, 0) == ([large], 1)
    assert evidence.part([large, small], 1, 9, 0) == ([small], None)
    assert evidence.part([small] * 3, 0, 2, 0) == ([small] * 2, 2)
    assert evidence.part([small] * 3, 0, 9, 0, besides=lambda _: large) == ([small], 1)
    assert evidence.part([], 0, 9, 0) == ([], None)
    with pytest.raises(ParameterError, match="must be below 2, as there are no more items, not 2"):
        evidence.part([large, small], 2, 9, 0)
