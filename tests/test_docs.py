"""Tests that the pages on model and quality are true."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import resources
from pswonto.dataset import Dataset
from pswonto.namespaces import PREFIXES, VOCABULARY
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store

DOCS = Path(__file__).parents[1] / "docs"
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
QUALITY = (DOCS / "term-quality.md").read_text(encoding="utf-8")
ARROW = re.compile(r"^ +(\w+)(?:\[.*?\])? (?:-- (\w+) -->|-\.->) (\w+)$", re.MULTILINE)


def declared(dataset: Dataset, kind: str) -> set[str]:
    """Return the local names of our classes or properties of a kind."""
    type_, kind_ = ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["owl"] + kind)
    things = (quad.subject for quad in dataset.store.engine.quads_for_pattern(None, type_, kind_))
    return {
        thing.value.removeprefix(VOCABULARY)
        for thing in things
        if isinstance(thing, ox.NamedNode) and thing.value.startswith(VOCABULARY)
    }


def test_the_diagram_names_what_there_is(asserted: Dataset) -> None:
    """Each class and property of the diagram is declared, and no class is missing from the page."""
    arrows = ARROW.findall(MODEL)
    assert len(arrows) > 35
    classes = declared(asserted, "Class")
    assert {name for start, _, end in arrows for name in (start, end)} <= classes
    assert {path for _, path, _ in arrows if path} <= declared(asserted, "ObjectProperty")
    assert {name for name in classes if name not in MODEL} == set()


def test_each_arrow_of_the_diagram_fits_its_property(asserted: Dataset) -> None:
    """A property leads from its domain, or a class below or within it, to its range."""
    rdfs = PREFIXES["rdfs"]
    for _, path, end in (arrow for arrow in ARROW.findall(MODEL) if arrow[1]):
        ranges = list(
            asserted.store.engine.quads_for_pattern(
                ox.NamedNode(VOCABULARY + path), ox.NamedNode(rdfs + "range"), None, None
            )
        )
        [quad] = ranges
        if isinstance(quad.object, ox.NamedNode):
            assert quad.object.value == VOCABULARY + end, path


RULES = re.findall(r"^\| (?:ROBOT|OOPS!|FOOPS!) \| .* \| (`.*`) \| (\w+) \|$", QUALITY, re.MULTILINE)


def test_the_table_of_quality_has_rows() -> None:
    """The checks that apply are listed."""
    assert len(RULES) >= 45


@pytest.mark.parametrize("named", sorted({rule for rules, _ in RULES for rule in re.findall("`(.*?)`", rules)}))
def test_each_rule_of_the_table_is_there(named: str) -> None:
    """Each rule that the table names is a shape or a check."""
    if named.startswith("shapes:"):
        text = "".join(path.read_text(encoding="utf-8") for path in resources.shape_files())
        assert f"\n{named}\n  a sh:PropertyShape" in text
    else:
        assert QueryLibrary(resources.queries_directory() / "checks")[named]


def test_the_severities_of_the_table_are_those_of_the_rules() -> None:
    """What a check finds has the severity that the table tells."""
    checks = QueryLibrary(resources.queries_directory() / "checks")
    for rules, severity in RULES:
        for name in re.findall("`(.*?)`", rules):
            if not name.startswith("shapes:"):
                assert checks[name].severity == severity, name


def test_the_page_on_the_endpoint_names_the_graphs(store: Store) -> None:
    """Each graph that is served is on the page, and the times and sizes there are the defaults."""
    page = (DOCS / "endpoint.md").read_text(encoding="utf-8")
    assert len(store.graphs()) == 7
    assert [graph for graph in store.graphs() if "/" + graph.rpartition("/")[2] not in page] == []
    defaults = Settings()
    told = (defaults.query_seconds, defaults.query_memory, defaults.query_result)
    assert told == (10.0, 1_000_000_000, 50_000_000)
    assert "ten seconds, one gigabyte of memory, and fifty megabytes of answer" in page
