"""Tests of a release: what is in it, that it stands alone, and that it is the same each time."""

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from pswonto import __version__, dataset, release, resources
from pswonto.dataset import Dataset
from pswonto.errors import DataError
from pswonto.namespaces import DESCRIPTION, INFERRED, PREFIXES
from pswonto.profile import check_consistency, check_profile
from pswonto.queries import QueryLibrary
from pswonto.store import Store

NAMES = [
    "SHA256SUMS",
    "pswonto-all.nq",
    "pswonto-inferred.ttl",
    "pswonto.jsonld",
    "pswonto.nq",
    "pswonto.owl",
    "pswonto.sssom.tsv",
    "pswonto.ttl",
    "released-iris.txt",
]
RELEASED = resources.ontology_directory() / "released-iris.txt"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release, built by the command in a process of its own."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "pswonto", "build", "--output", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_a_release_has_its_files_and_their_sums(built: Path) -> None:
    """Each file is there, and its SHA-256 sum is as listed."""
    assert sorted(path.name for path in built.iterdir()) == NAMES
    lines = (built / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == NAMES[1:]
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((built / name).read_bytes()).hexdigest() == digest


def test_a_release_is_the_same_each_time(built: Path, tmp_path: Path) -> None:
    """A second build, in another process, gives the same bytes."""
    rules = QueryLibrary(resources.queries_directory() / "entailment")
    for path in release.build(dataset.read(), rules, __version__, tmp_path):
        assert path.read_bytes() == (built / path.name).read_bytes(), path.name


def test_the_formats_say_the_same(built: Path) -> None:
    """RDF/XML and JSON-LD hold the graph that Turtle holds."""
    turtle = Graph().parse(built / "pswonto.ttl")
    assert len(turtle) > 9000
    assert isomorphic(turtle, Graph().parse(built / "pswonto.owl", format="xml"))
    assert isomorphic(turtle, Graph().parse(built / "pswonto.jsonld", format="json-ld"))


def test_the_merged_ontology_stands_alone(built: Path) -> None:
    """It has one header, imports nothing, is in OWL 2 DL and consistent, and says all that the modules say."""
    store = Store()
    assert store.load(built / "pswonto.owl") == ["https://w3id.org/pswonto"]
    assert store.imports() == set()
    types = store.engine.quads_for_pattern(
        None, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["owl"] + "Ontology")
    )
    assert len(list(types)) == 1
    assert check_profile({"owl": built / "pswonto.owl", "ttl": built / "pswonto.ttl"}, {}) == {"owl": [], "ttl": []}
    assert check_consistency({"all": store.ntriples()}) == {"all": []}
    assert set(release.described(store)) == {
        iri
        for iri in release.described(dataset.read().store)
        if iri.rpartition("/")[2] not in {"core", "framework", "works", "evidence"}
    }


def test_the_quads_have_a_graph_for_each_module_and_for_what_follows(built: Path, store: Store) -> None:
    """The dataset in N-Quads is the one that is served, without the graph that describes it as served."""
    quads = list(ox.parse(path=str(built / "pswonto.nq")))
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    assert graphs == set(store.graphs()) - {DESCRIPTION}
    description = store.engine.quads_for_pattern(None, None, None, ox.NamedNode(DESCRIPTION))
    assert len(quads) == len(store) - len(list(description))
    inferred = [quad for quad in quads if quad.graph_name == ox.NamedNode(INFERRED)]
    assert {quad.triple for quad in inferred} == {
        quad.triple for quad in ox.parse(path=str(built / "pswonto-inferred.ttl"))
    }


def test_the_mappings_are_sssom(built: Path) -> None:
    """Each mapping has what SSSOM asks for, its confidence and its reason, and only prefixes that the head declares."""
    lines = (built / "pswonto.sssom.tsv").read_text(encoding="utf-8").splitlines()
    prefixes = {line.split()[0][1:-1].strip() or line[3:].partition(":")[0] for line in lines if line.startswith("#  ")}
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert len(rows) >= 25
    for row in rows:
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert 0 < float(row["confidence"]) < 1
        assert row["comment"]
        assert bool(row["object_id"]) != (row["object_type"] == "rdfs literal")
        named = [row[name] for name in ("subject_id", "predicate_id", "object_id") if row[name]]
        assert {name.partition(":")[0] for name in named} <= prefixes
    assert {row["object_label"].partition(",")[0] for row in rows if row["object_type"]} == {"CFIR 2009"}


def test_no_mapping_is_stated_without_its_justification() -> None:
    """Whatever the alignments module states of our terms is annotated as a mapping."""
    store = Store()
    store.load(resources.alignments_file())
    ours = {
        quad.triple
        for quad in store.engine
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith("https://w3id.org/pswonto")
        and quad.subject.value != "https://w3id.org/pswonto/alignments"
    }
    assert (
        len(ours)
        == len(release.sssom(__version__).splitlines())
        - sum(line.startswith("#") for line in release.sssom(__version__).splitlines())
        - 1
    )


def test_a_module_of_another_version_is_refused(asserted: Dataset, tmp_path: Path) -> None:
    """Nothing is written, and the header at fault is named with what it must say."""
    with pytest.raises(DataError, match=r'owl:versionInfo is "0\.1\.0", and the package is version 9\.9\.9') as raised:
        release.build(asserted, QueryLibrary(resources.queries_directory() / "entailment"), "9.9.9", tmp_path / "dist")
    assert len(raised.value.findings) == 10
    assert not (tmp_path / "dist").exists()


def test_every_released_iri_is_still_described(asserted: Dataset) -> None:
    """What was ever released is in the ontology, if only as deprecated."""
    released = RELEASED.read_text(encoding="utf-8").splitlines()
    assert len(released) > 700
    assert sorted(set(released) - set(release.described(asserted.store))) == []


def test_one_file_has_all_that_the_service_answers_from(built: Path, store: Store) -> None:
    """The file for other servers holds the graphs that are served, inferred triples and description among them."""
    loaded = ox.Store()
    loaded.load(path=str(built / "pswonto-all.nq"), format=ox.RdfFormat.N_QUADS)
    graphs = {graph.value for graph in loaded.named_graphs() if isinstance(graph, ox.NamedNode)}
    assert graphs == set(store.graphs())
    served, written = ox.Dataset(store.engine), ox.Dataset(loaded)
    for dataset_ in (served, written):
        dataset_.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert served == written
