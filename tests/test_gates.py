"""Tests of the gates: each seeded defect is caught by the gate that must catch it, and what is sound by none."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import __version__, comparison, gates, profile, release, resources
from pswonto.dataset import Dataset
from pswonto.errors import DataError, ReasonerUnavailable
from pswonto.store import Store

MUTANTS = sorted((Path(__file__).parent / "data" / "mutants").iterdir())
Caught = dict[str, dict[str, list[str]]]


def declared(path: Path) -> str:
    """Return the gate that the first line of a mutant names."""
    match = re.match(r"# gate: (\w+)\n# \S", path.read_text(encoding="utf-8"))
    assert match, path.name
    return match[1]


def mutated(original: Dataset, path: Path) -> Dataset:
    """Return the real data with one defect."""
    store = Store()
    store.engine.extend(original.store.engine)
    before = set(store.engine)
    store.engine.update(path.read_text(encoding="utf-8"))
    assert set(store.engine) != before, f"{path.name} changes nothing"
    return Dataset(store, original.files)


@pytest.fixture(scope="session")
def caught(asserted: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Caught:
    """Return what each gate says of each mutant, and of the real data under the name `original`."""
    folder = tmp_path_factory.mktemp("merged")
    found: Caught = {}
    documents = {}
    ontologies = {}
    for path in MUTANTS:
        if path.suffix == ".ttl":
            with pytest.raises(DataError) as raised:
                Store().load(path)
            found[path.stem] = {"syntax": [finding.sentence() for finding in raised.value.findings]}
            continue
        dataset = mutated(asserted, path)
        found[path.stem], documents[path.stem] = judged(asserted, dataset, folder / f"{path.stem}.nt")
        ontologies[path.stem] = dataset.store.ntriples()
    found["original"], documents["original"] = judged(asserted, asserted, folder / "original.nt")
    ontologies["original"] = asserted.store.ntriples()
    # One start of Java for all of them.
    for name, findings in profile.check_consistency(ontologies).items():
        found[name]["reasoner"] = [finding.sentence() for finding in findings]
    for name, violations in profile.check_profile(documents, {}).items():
        found[name]["profile"] = [finding.sentence() for finding in violations]
    return found


def judged(original: Dataset, dataset: Dataset, merged: Path) -> tuple[dict[str, list[str]], Path]:
    """Return what the gates that need no Java say of data, and the file for the profile."""
    violations = {
        name: [finding.sentence() for finding in gate(dataset)[1] if finding.severity != "Info"]
        for name, gate in (("SHACL", gates.shapes), ("checks", gates.checks))
    }
    violations["version"] = [finding.sentence() for finding in release.versions(dataset, __version__)]
    changes = comparison.compare(original.store, dataset.store)
    violations["removal"] = [change.sentence() for change in changes if change.breaking]
    merged.write_bytes(bytes(ox.serialize(release.merged(dataset.store), format=ox.RdfFormat.N_TRIPLES) or b""))
    return violations, merged


def test_there_are_mutants() -> None:
    """At least thirty defects are seeded, and each says in words what it is."""
    assert len(MUTANTS) >= 30


@pytest.mark.parametrize("path", MUTANTS, ids=lambda path: path.stem)
def test_a_mutant_is_caught_by_its_gate(path: Path, caught: Caught) -> None:
    """The gate that a mutant names finds it."""
    assert caught[path.stem].get(declared(path)), caught[path.stem]


def test_the_original_is_caught_by_none(caught: Caught) -> None:
    """What is not mutated passes every gate."""
    assert {gate: findings for gate, findings in caught["original"].items() if findings} == {}


@pytest.mark.parametrize("gate", sorted({declared(path) for path in MUTANTS}))
def test_no_gate_can_be_spared(gate: str, caught: Caught) -> None:
    """Each gate catches a mutant that no other does."""
    alone = [name for name, found in caught.items() if [each for each in found if found[each]] == [gate]]
    assert alone


def test_every_gate_of_the_check_has_mutants() -> None:
    """The mutants cover all gates that `pswonto check` runs."""
    names = {gate.name for gate in gates.run((), java=False)} | {"reasoner", "profile"}
    assert names <= {declared(path) for path in MUTANTS}


def test_a_contradiction_is_told_with_its_axioms(asserted: Dataset) -> None:
    """An inconsistency names, in words, axioms of which none can be left out."""
    [mutant] = [path for path in MUTANTS if path.stem == "two-levels"]
    _, [finding] = gates.reasoner(mutated(asserted, mutant))
    for words in ("factor:psw-wellbeing pswo:placedAtLevel level:macro", "pswo:placedAtLevel has at most one value"):
        assert words in finding.message


def test_an_unsatisfiable_class_is_told_with_its_axioms(asserted: Dataset) -> None:
    """A class that can have no member is named, with the axioms that make it so."""
    store = Store()
    store.engine.extend(asserted.store.engine)
    store.engine.update(
        "PREFIX pswo: <https://w3id.org/pswonto#> PREFIX owl: <http://www.w3.org/2002/07/owl#> "
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
        "INSERT DATA { <urn:Both> a owl:Class ; rdfs:subClassOf pswo:Factor, pswo:Detail }"
    )
    _, [finding] = gates.reasoner(Dataset(store, asserted.files))
    assert finding.focus == "urn:Both"
    assert "nothing is two of pswo:Detail and pswo:Factor and pswo:SubTheme" in finding.message


def test_without_java_the_other_gates_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Java, two gates say so in a sentence, and the rest are run."""

    def missing() -> str:
        raise ReasonerUnavailable("there is no Java on the PATH")

    monkeypatch.setattr("pswonto.reasoning.java", missing)
    monkeypatch.setattr("pswonto.profile.java", missing)
    results = list(gates.run(()))
    assert [gate.name for gate in results if not gate.ran] == ["reasoner", "profile"]
    assert [gate.name for gate in results if gate.ran] == ["syntax", "SHACL", "checks"]
    assert {gate.what for gate in results if not gate.ran} == {"not run: there is no Java on the PATH"}


@pytest.fixture
def in_other_syntaxes(tmp_path: Path) -> Path:
    """Return a folder with the real modules, each in another syntax."""
    endings = [".jsonld", ".rdf", ".nt", ".ttl", ".trig"]
    formats = [
        ox.RdfFormat.JSON_LD,
        ox.RdfFormat.RDF_XML,
        ox.RdfFormat.N_TRIPLES,
        ox.RdfFormat.TURTLE,
        ox.RdfFormat.TRIG,
    ]
    for path, ending, format_ in zip(resources.ontology_files(), endings, formats, strict=True):
        triples = [quad.triple for quad in ox.parse(path=str(path))]
        (tmp_path / f"{path.stem}{ending}").write_bytes(bytes(ox.serialize(triples, format=format_) or b""))
    return tmp_path


def test_modules_of_any_syntax_are_in_the_profile(in_other_syntaxes: Path) -> None:
    """The profile is checked whatever syntax the modules are written in."""
    assert [finding for gate in gates.run([in_other_syntaxes]) for finding in gate.findings] == []
