"""Tests of how RDF files are read."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto.errors import DataError
from pswonto.files import FILE_FORMATS, declared, parse, told
from pswonto.store import Store

OWL = "http://www.w3.org/2002/07/owl#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
QUADS = f"<urn:o> <{TYPE}> <{OWL}Ontology> .\n<urn:s> <urn:p> _:b .\n"


@pytest.mark.parametrize("ending", FILE_FORMATS)
def test_the_ontology_that_a_file_declares_is_found_in_every_syntax(ending: str, tmp_path: Path) -> None:
    """It is found wherever it stands in a file, and nothing else is taken for one."""
    store = ox.Store()
    store.load((QUADS + f'<urn:x> <urn:p> "{OWL}Ontology" .').encode(), format=ox.RdfFormat.N_TRIPLES)
    path = tmp_path / f"file{ending}"
    ox.serialize((quad.triple for quad in store), str(path), format=FILE_FORMATS[ending])
    assert declared(path) == {ox.NamedNode("urn:o")}


@pytest.mark.parametrize("ending", [".ttl", ".nt", ".nq", ".trig"])
def test_what_is_in_no_graph_goes_into_that_of_the_ontology(ending: str, tmp_path: Path) -> None:
    """A file of one ontology is one graph, in a syntax for triples and in one for quads."""
    path = tmp_path / f"file{ending}"
    path.write_text(QUADS, encoding="utf-8")
    store = Store()
    assert store.load(path) == ["urn:o"]
    assert {str(quad.graph_name) for quad in store.engine} == {"<urn:o>"}


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    """A name of a blank node means something in its own file only."""
    store = Store()
    for name in ("one", "two"):
        (tmp_path / f"{name}.nq").write_text(QUADS, encoding="utf-8")
        store.load(tmp_path / f"{name}.nq")
    assert len({quad.object for quad in store.engine if isinstance(quad.object, ox.BlankNode)}) == 2


def test_literals_are_read_as_they_are_written(tmp_path: Path) -> None:
    """A number keeps its zeros, so that a file can be written again as it was."""
    (tmp_path / "file.ttl").write_text("<urn:s> <urn:p> 010 .", encoding="utf-8")
    (quad,) = parse(tmp_path / "file.ttl")
    assert isinstance(quad.object, ox.Literal)
    assert quad.object.value == "010"


def test_a_fault_is_told_with_its_file(tmp_path: Path) -> None:
    """Whatever goes wrong in reading a file is a finding about that file."""
    with pytest.raises(DataError, match=r"file\.ttl: Violation: cannot be read: No space"), told(tmp_path / "file.ttl"):
        raise OSError(28, "No space left on device")
