"""Tests of answers of the engine as rows."""

from typing import Any

import pytest

from pswonto.agents.solutions import solved
from pswonto.namespaces import Names
from pswonto.store import Store

JSON, GRAPH = "application/sparql-results+json", "application/n-triples"
FACTOR = "https://w3id.org/pswonto/factor/psw-wellbeing"


def rows(query: str) -> list[dict[str, Any]]:
    """Return the rows of a query over nothing."""
    return list(solved(JSON, Store().answer(query).serialize(JSON), Names()).rows)


@pytest.mark.parametrize(
    ("term", "cell"),
    [
        (f"<{FACTOR}>", "factor:psw-wellbeing"),
        ("<urn:other>", "urn:other"),
        ("'text'@en", "text"),
        ("12", 12),
        ("1.5", 1.5),
        ("2e1", 20.0),
        ("true", True),
        ("'INF'^^<http://www.w3.org/2001/XMLSchema#double>", "INF"),
        ("'x'^^<http://www.w3.org/2001/XMLSchema#integer>", "x"),
        ("12345678901234567890", "12345678901234567890"),
        (f"'{FACTOR} {FACTOR}'", "factor:psw-wellbeing factor:psw-wellbeing"),
        (f"'{FACTOR} and more'", f"{FACTOR} and more"),
        ("''", ""),
    ],
)
def test_a_term_is_what_json_has_for_it(term: str, cell: object) -> None:
    """IRIs are short, numbers are numbers where they can be, and all else is text."""
    (row,) = rows(f"SELECT * {{ VALUES ?x {{ {term} }} }}")
    assert row == {"x": cell}
    assert type(row["x"]) is type(cell)


def test_a_number_that_json_has_not_stays_a_text() -> None:
    """What is too large for a number of JSON, as another engine may write it, is told as it stands."""
    term = b'{"type": "literal", "datatype": "http://www.w3.org/2001/XMLSchema#double", "value": "1e999"}'
    body = b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": %s}]}}' % term
    assert solved(JSON, body, Names()).rows == ({"x": "1e999"},)


def test_blank_nodes_and_what_is_not_bound() -> None:
    """A blank node has a label, and a variable without a value is absent."""
    (row,) = rows("SELECT ?x ?y { BIND (BNODE() AS ?x) }")
    assert list(row) == ["x"]
    assert row["x"].startswith("_:")


def test_a_boolean_and_a_graph_are_rows_too() -> None:
    """A boolean is one row; a graph has a row for each triple, with the IRIs in it."""
    yes = solved(JSON, Store().answer("ASK {}").serialize(JSON), Names())
    assert (yes.form, yes.variables, yes.rows) == ("ASK", ("answer",), ({"answer": True},))
    query = f"CONSTRUCT {{ <{FACTOR}> <urn:p> 'two words', <{FACTOR}> }} WHERE {{}}"
    graph = solved(GRAPH, Store().answer(query).serialize(GRAPH), Names())
    assert graph.form == "GRAPH"
    assert sorted(str(row["object"]) for row in graph.rows) == ['"two words"', "factor:psw-wellbeing"]
    assert {row["subject"] for row in graph.rows} == {"factor:psw-wellbeing"}
    assert sorted(map(len, graph.things)) == [2, 3]
    assert solved(GRAPH, b"", Names()).rows == ()
