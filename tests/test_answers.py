"""Tests of the models of answers."""

from pswonto.agents.answers import Portrait
from pswonto.explorer import Explorer
from pswonto.models import Thing


def test_a_portrait_has_all_that_its_thing_has(explorer: Explorer) -> None:
    """Of several models that fit, the thing's own writes it: a study with its statements, an implication with whom."""
    lists = (
        explorer.levels(),
        explorer.factors(),
        explorer.subthemes(),
        explorer.themes(),
        explorer.studies(),
        explorer.works(),
        explorer.statements(),
        explorer.influences(),
        explorer.jurisdictions(),
        explorer.anomalies(),
        explorer.gaps(),
        explorer.implications(),
    )
    things: list[Thing] = [thing for items in lists for thing in items]
    assert len(things) > 300
    for thing in things:
        portrait = Portrait.model_validate(
            {"kind": "x", "thing": thing, "statements": (), "statementTotal": 0, "allStatements": None}
            | {"caveats": (), "sparql": ""}
        )
        assert type(portrait.thing) is type(thing)
        dumped = portrait.model_dump(mode="json", by_alias=True)["thing"]
        assert dumped == thing.model_dump(mode="json", by_alias=True)
