"""Tests of the store."""

from pathlib import Path

import pytest

from pswonto.errors import DataError, FormatError, ParameterError, QueryRefused, QuerySyntaxError
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS, Store, iri

TURTLE = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<urn:o> a owl:Ontology .\n<urn:s> <urn:p> {} .\n"


def stored(folder: Path, text: str, name: str = "file.ttl") -> Store:
    """Return a store with the triples of a file of that text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    store = Store()
    store.load(path)
    return store


def test_an_ontology_is_loaded_into_the_graph_of_its_name(tmp_path: Path) -> None:
    """The triples of an ontology are in the graph that its IRI names, and in the default graph, which is the union."""
    store = stored(tmp_path, TURTLE.format(1))
    assert store.graphs() == ["urn:o"]
    assert [row["o"].value for row in store.select("SELECT ?o { <urn:s> <urn:p> ?o }").rows] == ["1"]


def test_quads_stay_in_their_graphs(tmp_path: Path) -> None:
    """Named graphs of a file are kept."""
    store = stored(tmp_path, "<urn:s> <urn:p> 1 . <urn:g> { <urn:s> <urn:p> 2 }", "file.trig")
    assert store.graphs() == ["urn:g"]


def test_a_syntax_error_is_told_with_file_and_line(tmp_path: Path) -> None:
    """What is no Turtle is an error with its place."""
    with pytest.raises(DataError) as caught:
        stored(tmp_path, TURTLE.format(";"))
    (finding,) = caught.value.findings
    assert (finding.gate, finding.file, finding.line) == ("syntax", str(tmp_path / "file.ttl"), 3)


def test_an_unknown_ending_is_told_with_those_there_are(tmp_path: Path) -> None:
    """A file whose ending names no syntax is refused."""
    with pytest.raises(DataError, match=r"\.doc.*\.ttl"):
        stored(tmp_path, "", "file.doc")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A file that is not there is an error that names it."""
    with pytest.raises(DataError, match=r"none\.ttl"):
        Store().load(tmp_path / "none.ttl")


def test_from_restricts_the_default_graph(tmp_path: Path) -> None:
    """A query that names its graphs sees those and not the union."""
    store = stored(tmp_path, "<urn:a> { <urn:s> <urn:p> 1 } <urn:b> { <urn:s> <urn:p> 2 }", "file.trig")
    rows = store.select("SELECT ?o FROM <urn:a> { ?s ?p ?o }").rows
    assert [row["o"].value for row in rows] == ["1"]


@pytest.mark.parametrize("media_type", RESULT_FORMATS)
def test_solutions_are_written_in_every_format(media_type: str) -> None:
    """Each of the four result formats writes a solution."""
    assert b"1" in Store().answer("SELECT (1 AS ?n) {}").serialize(media_type)


@pytest.mark.parametrize("media_type", GRAPH_FORMATS)
def test_graphs_are_written_in_every_format(media_type: str) -> None:
    """Each RDF format writes a triple."""
    assert b"urn:s" in Store().answer("CONSTRUCT { <urn:s> <urn:p> 1 } {}").serialize(media_type)


def test_a_format_that_does_not_fit_is_refused() -> None:
    """A graph has no CSV, and the error says what it has."""
    with pytest.raises(FormatError, match="text/turtle"):
        Store().answer("CONSTRUCT WHERE { ?s ?p ?o }").serialize("text/csv")


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("SELECT * {\n ?s ?p", 2, "expected"),
        ("SELECT * {\n ?s foo:p ?o }", 2, "foo: is not declared"),
        ("SELECT ?x (COUNT(*) AS ?n) { ?s ?p ?o }", 1, "does not bind"),
    ],
)
def test_a_query_that_is_not_sparql_is_told_with_its_place(text: str, line: int, fault: str) -> None:
    """A syntax error has line and column and says what is wrong."""
    with pytest.raises(QuerySyntaxError, match=fault) as caught:
        Store().answer(text)
    assert caught.value.line == line
    assert caught.value.column is not None


def test_an_update_is_no_query() -> None:
    """The store is not changed by a query."""
    with pytest.raises(QuerySyntaxError):
        Store().answer("INSERT DATA { <urn:s> <urn:p> 1 }")


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE SILENT <urn:x> {} }",
        "ASK { SERVICESILENT<urn:x> {} }",
        "PREFIX : <urn:x> ASK { SERVICE:x {} }",
        "PREFIX x: <urn:x> ASK { ?a ?b x:.SERVICE <urn:x> {} }",
        "PREFIX x: <urn:x> ASK { ?a ?b x:a.b.SERVICE <urn:x> {} }",
        "ASK { ?a ?b 1e0SERVICE <urn:x> {} }",
        "ASK { ?a ?b trueSERVICE <urn:x> {} }",
        'ASK { BIND ("\\u0022" AS ?a) SERVICE <urn:x> {} #"\n}',
        "ASK { ?a <urn:\\u0061'b> ?c . SERVICE <urn:x> {} #'\n}",
        "PREFIX x: <urn:x> ASK { x:a.\\'b ?b ?c . SERVICE <urn:x> {} #'\n}",
        "ASK { # \\u000A '''\n SERVICE <urn:x> {} #'''\n}",
    ],
)
def test_service_is_refused(text: str) -> None:
    """No query leaves this machine, however its keyword is written or hidden from a reader."""
    with pytest.raises(QueryRefused, match="SERVICE"):
        Store().answer(text)


@pytest.mark.parametrize("brackets", ["{}", "()", "[]"])
def test_deep_nesting_is_refused(brackets: str) -> None:
    """A query that would end the process by its depth is refused before it is read."""
    with pytest.raises(QueryRefused, match="nested"):
        Store().answer("ASK { " + brackets[0] * 3000 + brackets[1] * 3000 + " }")


def test_brackets_in_texts_are_no_nesting() -> None:
    """What stands in a text or a comment nests nothing."""
    assert Store().answer(f'ASK {{ FILTER ("{"{" * 500}" != "") }} # {"(" * 500}').form == "ASK"


def test_a_graph_name_must_be_an_iri() -> None:
    """What is no IRI names no graph."""
    with pytest.raises(ParameterError, match="default-graph-uri"):
        iri("not an iri", "default-graph-uri")
