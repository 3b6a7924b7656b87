"""Tests of the stored queries and of how they are read and bound."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import resources
from pswonto.errors import ParameterError, QueryFileError, QueryNotFound
from pswonto.queries import QueryLibrary, keywords, read_query
from pswonto.store import Store

FILES = sorted(resources.queries_directory().rglob("*.rq"))
SOUND = """#+ summary: Which?
#+ param: factor factor The factor
SELECT ?s
WHERE {
  VALUES ?factor { UNDEF }
  ?s ?p ?factor
}
"""
FAULTY = {
    "no summary": SOUND.replace("#+ summary: Which?\n", ""),
    "unknown key": SOUND.replace("summary", "sumary"),
    "header line": SOUND.replace("#+ summary: Which?", "#+ summary Which?"),
    "not in the table of prefixes": "PREFIX foo: <urn:foo>\n" + SOUND,
    "not those of its VALUES lines": SOUND.replace("factor factor", "facter factor"),
    "name type description": SOUND.replace("factor factor The factor", "factor"),
    "no query": "#+ summary: Which?\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n",
}


def write(folder: Path, text: str) -> Path:
    """Write a query to a file and return its path."""
    path = folder / "which.rq"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_stored_queries() -> None:
    """The folder of stored queries is found and full."""
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_stored_query_is_read_and_runs_as_it_stands(path: Path) -> None:
    """Each stored query has a sound header and is SPARQL without anything added."""
    ox.Store().query(read_query(path).text)


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_file_is_refused(fault: str, tmp_path: Path) -> None:
    """Each fault of a query file is an error that names the file and the fault."""
    with pytest.raises(QueryFileError, match=r"which\.rq"):
        read_query(write(tmp_path, FAULTY[fault]))


def test_binding_replaces_the_values_line(tmp_path: Path) -> None:
    """Terms take the place of UNDEF, as many as are given."""
    query = read_query(write(tmp_path, SOUND))
    bound = query.bind({"factor": [ox.NamedNode("urn:a"), ox.NamedNode("urn:b")]})
    assert "VALUES ?factor { <urn:a> <urn:b> }" in bound


def test_an_unbound_parameter_leaves_no_trace(tmp_path: Path) -> None:
    """Without terms the line is gone and the rest is as it was."""
    query = read_query(write(tmp_path, SOUND))
    assert query.bind({}) == SOUND.replace("  VALUES ?factor { UNDEF }\n", "")


@pytest.mark.parametrize("path", [path for path in FILES if "#+ param" in path.read_text(encoding="utf-8")], ids=str)
def test_a_query_means_the_same_as_it_stands_and_without_values(path: Path, store: Store) -> None:
    """What a query leaves out where nothing is given would have changed nothing, in the order of its rows neither."""
    query = read_query(path)
    unbound, text = store.answer(query.bind({})), store.answer(query.text)
    assert unbound.form == text.form
    if text.form == "GRAPH":
        assert set(unbound.triples()) == set(text.triples())
    else:
        assert unbound.solutions() == text.solutions()


@pytest.mark.parametrize("text", ['"} DROP ALL #', "a\nb", "\\", "'''", '"""', "?s", "é"])
def test_a_value_cannot_leave_its_place(text: str, tmp_path: Path) -> None:
    """Whatever a value holds, the engine reads it as that one value."""
    query = read_query(write(tmp_path, SOUND))
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(text)))
    results = store.query(query.bind({"factor": [ox.Literal(text)]}))
    assert isinstance(results, ox.QuerySolutions)
    assert [row["s"] for row in results] == [ox.NamedNode("urn:s")]


def test_an_unknown_parameter_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt parameter is an error that names the one meant."""
    with pytest.raises(ParameterError, match="did you mean factor"):
        read_query(write(tmp_path, SOUND)).bind({"factr": []})


def test_an_unknown_query_is_told_with_the_nearest(library: QueryLibrary) -> None:
    """A misspelt name is an error that names the query meant."""
    with pytest.raises(QueryNotFound, match="did you mean factors"):
        library["factros"]


def test_two_queries_cannot_share_a_name(tmp_path: Path) -> None:
    """A name stands for one query, wherever its file lies."""
    (tmp_path / "other").mkdir()
    write(tmp_path, SOUND)
    write(tmp_path / "other", SOUND)
    with pytest.raises(QueryFileError, match="same name"):
        QueryLibrary(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "ASK { service silent ?s { } }",
        "ASK { \\u0053ERVICE <http://example.org/> { } }",
        'ASK { ?s ?p "a" SERVICE <http://example.org/> { } }',
    ],
)
def test_a_keyword_is_found_however_it_is_written(text: str) -> None:
    """Case, escapes and what stands before it do not hide a keyword."""
    assert "SERVICE" in keywords(text)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?service ?p $SERVICE } # SERVICE",
        "PREFIX s: <urn:SERVICE#> ASK { s:SERVICE a <urn:SERVICE> }",
        "ASK { ?s ?p 'SERVICE', \"a\\\"SERVICE\", '''it's SERVICE''', \"\"\"SERVICE\"\"\"@en-SERVICE }",
    ],
)
def test_a_name_or_text_is_no_keyword(text: str) -> None:
    """What stands in a name, a variable, a text or a comment is no keyword."""
    assert "SERVICE" not in keywords(text)
