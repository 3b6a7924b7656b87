"""Tests of modules that are written anew."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import dataset, resources
from pswonto.curating.rewriting import rewritten
from pswonto.errors import DataError
from pswonto.store import Store

CORE = "https://w3id.org/pswonto/core"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def changed(read: dataset.Dataset, graph: str) -> Store:
    """Return a copy of a dataset with a triple more in one graph."""
    new = Store()
    new.engine.extend(read.store.engine)
    new.engine.add(ox.Quad(ox.NamedNode("urn:x"), LABEL, ox.Literal("More"), ox.NamedNode(graph)))
    return new


def test_only_what_changes_is_written(tmp_path: Path) -> None:
    """The file of the graph that has changed is told, with a line for what is new, and all else as it stood."""
    shutil.copytree(resources.ontology_directory(), tmp_path / "ontology")
    read = dataset.read([tmp_path / "ontology"])
    assert rewritten(read.files, read.store, read.store) == {}
    evidence = "https://w3id.org/pswonto/evidence"
    ((path, text),) = rewritten(read.files, read.store, changed(read, evidence)).items()
    before = path.read_text(encoding="utf-8").splitlines()
    assert path.name == "evidence.ttl"
    # Decimals stay as they are written, which the engine would write in its own way.
    assert "  pswo:figureValue 116.0 ;" in before
    assert [line for line in before if line not in text.splitlines()] == []


def test_only_turtle_is_written(tmp_path: Path) -> None:
    """A file of another syntax is not changed, and what to do is told."""
    file = tmp_path / "data.nt"
    is_a = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    file.write_text(f"<{CORE}> <{is_a}> <http://www.w3.org/2002/07/owl#Ontology> .", encoding="utf-8")
    read = dataset.read([file], complete=False)
    with pytest.raises(DataError, match="only Turtle is written"):
        rewritten(read.files, read.store, changed(read, CORE))
