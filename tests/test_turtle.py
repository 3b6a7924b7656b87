"""Tests of our own Turtle: the same graph, always the same text, in the order that readers expect."""

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from pswonto import resources
from pswonto.errors import DataError
from pswonto.turtle import descriptions, header_comments, reformat, write_turtle

MODULES = [*resources.ontology_files(), resources.alignments_file()]
FILES = [*MODULES, *resources.shape_files()]
CASES = sorted((Path(__file__).parent / "data" / "turtle").glob("*.ttl"))


def triples(text: str | bytes) -> list[ox.Triple]:
    """Read Turtle."""
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def test_there_are_cases() -> None:
    """The hard cases are there."""
    assert len(CASES) >= 8


@pytest.mark.parametrize("path", [*FILES, *CASES], ids=lambda path: path.name)
def test_nothing_is_lost_or_added(path: Path) -> None:
    """What is written is the graph that was read, as rdflib reads both."""
    target, text, _ = reformat(path)
    assert target == path
    assert isomorphic(Graph().parse(path), Graph().parse(data=text, format="turtle"))


@pytest.mark.parametrize("path", [*FILES, *CASES], ids=lambda path: path.name)
def test_the_text_depends_on_the_graph_alone(path: Path) -> None:
    """In another order of triples, with other labels of blank nodes, and a second time, the text is the same."""
    _, text, _ = reformat(path)
    comments = header_comments(text)
    again = triples(text)
    random.Random(1).shuffle(again)
    relabelled = ox.serialize(again, format=ox.RdfFormat.N_TRIPLES) or b""
    shuffled = [quad.triple for quad in ox.parse(relabelled, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)]
    assert write_turtle(shuffled, comments) == text


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_the_ontology_is_written_in_this_style(path: Path) -> None:
    """The modules are as `pswonto fmt` writes them, so that a diff shows what changed and nothing else."""
    assert reformat(path)[1] == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
@pytest.mark.parametrize("format_", ["turtle", "xml"])
def test_what_another_tool_has_saved_gives_no_diff(path: Path, format_: str, tmp_path: Path) -> None:
    """A module that another library has written anew differs from ours, once formatted, in its first comment only."""
    saved = tmp_path / ("saved" + {"turtle": ".ttl", "xml": ".rdf"}[format_])
    Graph().parse(path).serialize(saved, format=format_)
    target, text, _ = reformat(saved)
    assert target == tmp_path / "saved.ttl"
    ours = path.read_text(encoding="utf-8")
    comments = "\n".join(header_comments(ours)) + "\n\n"
    assert comments in ours
    assert text == ours.replace(comments, "", 1)


def test_a_change_of_one_value_is_a_diff_of_one_line(tmp_path: Path) -> None:
    """One label that an editor changes changes one line."""
    path = resources.ontology_directory() / "core.ttl"
    graph = Graph().parse(path)
    graph.update(
        'DELETE { ?class rdfs:label "factor"@en } INSERT { ?class rdfs:label "circumstance"@en } '
        'WHERE { ?class a owl:Class ; rdfs:label "factor"@en }'
    )
    saved = tmp_path / "core.ttl"
    graph.serialize(saved, format="turtle")
    ours = path.read_text(encoding="utf-8").splitlines()
    theirs = reformat(saved)[1].splitlines()
    assert sorted(set(theirs) ^ set(ours) - set(header_comments("\n".join(ours)))) == [
        '  rdfs:label "circumstance"@en ;',
        '  rdfs:label "factor"@en ;',
    ]


def test_the_first_comment_is_kept_and_others_are_counted(tmp_path: Path) -> None:
    """What stands at the head of a file stays there; how many comments further down are lost is told."""
    path = tmp_path / "commented.ttl"
    path.write_text(
        "# One.\n# Two.\n\n<urn:a> <urn:b> <urn:c> .\n# Three.\n<urn:a> <urn:b> <urn:d> . # no line of its own\n"
    )
    _, text, dropped = reformat(path)
    assert text.startswith("# One.\n# Two.\n")
    assert dropped == 1


def test_several_graphs_are_no_turtle(data: Path) -> None:
    """A file with two graphs is refused, with their names."""
    with pytest.raises(DataError, match="Turtle has one graph"):
        reformat(data / "two-graphs.trig")


def test_descriptions_are_the_words_of_turtle() -> None:
    """Each subject has its predicates with their values, and a blank node stands inside the value."""
    text = "<urn:a> <urn:b> [ <urn:c> 1 ] , 2 . [] <urn:d> 'x' ."
    named, blank = descriptions(triples(text))
    assert named == {"<urn:a>": {"<urn:b>": ["2", "[\n    <urn:c> 1\n  ]"]}}
    assert blank == ['[]\n  <urn:d> "x" .\n']


def test_a_review_of_ones_own_is_written_with_its_own_names(tmp_path: Path) -> None:
    """Things with another base than ours are written short too, and ours in full beside them."""
    file = tmp_path / "data.ttl"
    file.write_text(
        "<https://example.org/r/factor/a> a <https://w3id.org/pswonto#Factor> .\n"
        "<https://example.org/r/level/b> a <https://w3id.org/pswonto#Level> .\n"
        "<https://w3id.org/pswonto/factor/a> a <https://w3id.org/pswonto#Factor> .\n",
        encoding="utf-8",
    )
    _, text, _ = reformat(file)
    assert "@prefix factor: <https://example.org/r/factor/> ." in text
    assert "\nfactor:a\n  a pswo:Factor ." in text
    assert "\n<https://w3id.org/pswonto/factor/a>\n" in text
