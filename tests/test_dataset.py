"""Tests of how a dataset is read, checked and opened."""

import shutil
from pathlib import Path

import pytest

from pswonto import dataset, resources
from pswonto.errors import DataError
from pswonto.namespaces import BASE, DESCRIPTION, INFERRED
from pswonto.store import Store

# One edit of a real file for each sort of fault: file, text, replacement, what is told.
FAULTS = {
    "broken Turtle": ("framework.ttl", "  pswo:tableOrdinal 2 ;\n", "  pswo:tableOrdinal ;\n", "not a valid"),
    "unknown polarity": ("evidence.ttl", "polarity:conditional", "polarity:mixed", "polarity"),
    "statement without study": ("evidence.ttl", "  pswo:citesWork work:siantz-2016 ;\n", "", "work"),
    "misspelt IRI": ("evidence.ttl", "subtheme:political-commitment ;", "subtheme:political-comitment ;", "comitment"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the real ontology that a test may break."""
    return Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology"))


def break_it(copy: Path, fault: str) -> tuple[Path, int]:
    """Break a copy of the ontology, and return the file and the line where it is broken."""
    name, text, replacement, _ = FAULTS[fault]
    file = copy / name
    whole = file.read_text(encoding="utf-8")
    assert text in whole, "the edit must change something"
    file.write_text(whole.replace(text, replacement, 1), encoding="utf-8")
    return file, whole[: whole.index(text)].count("\n") + 1


def test_the_real_data_breaks_no_rule(asserted: dataset.Dataset) -> None:
    """Shapes and checks find nothing in what we publish, not even a warning."""
    assert [finding.sentence() for finding in dataset.inspect(asserted)] == []


def test_each_module_is_a_graph(store: Store) -> None:
    """The dataset has a graph for each module, the root, what is inferred, and what describes it."""
    modules = {f"{BASE}/{name}" for name in ("core", "framework", "works", "evidence")}
    assert set(store.graphs()) == modules | {BASE, INFERRED, DESCRIPTION}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_file_and_line(fault: str, copy: Path) -> None:
    """Whoever breaks a file is told which, at which line, and what is wrong; nothing is opened."""
    file, line = break_it(copy, fault)
    with pytest.raises(DataError, match=FAULTS[fault][3]) as caught:
        dataset.open_dataset([copy])
    places = {(finding.file, finding.line) for finding in caught.value.findings}
    near = {line, line + 1} if fault != "statement without study" else set(range(line - 12, line))
    assert any(place == str(file) and number in near for place, number in places)


def test_a_fault_in_a_file_without_ontology_is_told_with_its_place(tmp_path: Path) -> None:
    """Data that names no ontology is checked and its faults have file and line as well."""
    file = tmp_path / "mine.ttl"
    file.write_text(
        "@prefix pswo: <https://w3id.org/pswonto#> .\n<urn:s>\n  a pswo:EvidenceStatement .\n", encoding="utf-8"
    )
    with pytest.raises(DataError) as caught:
        dataset.open_dataset([file])
    assert {(finding.file, finding.line) for finding in caught.value.findings} == {(str(file), 3)}


def test_all_broken_files_are_told_at_once(copy: Path) -> None:
    """Two files that are no Turtle are two findings."""
    for name in ("core.ttl", "works.ttl"):
        (copy / name).write_text("what?", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        dataset.read([copy])
    assert {Path(finding.file or "").name for finding in caught.value.findings} == {"core.ttl", "works.ttl"}


def test_a_module_alone_brings_what_it_imports(asserted: dataset.Dataset) -> None:
    """Given the root alone, the modules that it imports come from the package, and nothing from the web."""
    root = dataset.read([resources.ontology_directory() / "pswonto.ttl"])
    assert len(root.store) == len(asserted.store)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    """A folder without RDF is an error and no empty dataset."""
    with pytest.raises(DataError, match="holds no RDF file"):
        dataset.read([tmp_path])


def test_a_dataset_without_triples_is_told(tmp_path: Path) -> None:
    """A file that lost its content is an error and no empty service."""
    (tmp_path / "lost.ttl").touch()
    with pytest.raises(DataError, match=r"lost\.ttl.*no triple"):
        dataset.read([tmp_path])


def test_other_data_is_opened_too(data: Path) -> None:
    """RDF that is not of our model breaks none of its rules and is opened with its graphs."""
    store = dataset.open_dataset([data / "two-graphs.trig"])
    assert {"urn:graph:one", "urn:graph:two"} <= set(store.graphs())
