"""Tests of the shapes, of the checks, and of the engine that runs them, against pySHACL."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from pswonto import resources
from pswonto.errors import Finding
from pswonto.namespaces import PREFIXES, contract, expand
from pswonto.queries import QueryLibrary
from pswonto.validation import UnknownConstruct, locate, run_checks, validate, validate_with_pyshacl

DATA = Path(__file__).parent / "data"
SHAPES = resources.shape_files()
CHECKS = resources.queries_directory() / "checks"
VALID = sorted((DATA / "shapes" / "valid").glob("*.ttl"))
INVALID = sorted((DATA / "shapes" / "invalid").glob("*.ttl"))
SH = "http://www.w3.org/ns/shacl#"
SHAPES_PREFIX = "https://w3id.org/pswonto/shapes#"
SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def shapes_of(kind: str) -> set[str]:
    """Return the local names of the node shapes or of the property shapes."""
    quads = (quad for path in SHAPES for quad in ox.parse(path=str(path)))
    kinds = (quad.subject for quad in quads if quad.predicate == TYPE and quad.object == ox.NamedNode(SH + kind))
    return {subject.value.removeprefix(SHAPES_PREFIX) for subject in kinds}


def world(*paths: Path) -> ox.Store:
    """Return the toy review with more files, and the class hierarchy that the shapes need."""
    store = ox.Store()
    core = ox.parse(path=str(resources.ontology_directory() / "core.ttl"))
    store.extend(quad for quad in core if quad.predicate == SUBCLASS)
    for path in (DATA / "shapes" / "neighbours.ttl", *paths):
        store.load(path=str(path))
    return store


def short(text: str | None) -> str:
    """Write the IRI of a finding as the fixtures do: short, `_:` for a blank node, `-` for none."""
    if text is None:
        return "-"
    if text.startswith("_:"):
        return "_:"
    if text.startswith("^"):
        return "^" + contract(text[1:])
    return text.replace(SHAPES_PREFIX, "shapes:") if text.startswith(SHAPES_PREFIX) else contract(text)


def told(finding: Finding) -> dict[str, str]:
    """Return what a fixture says of a finding."""
    return {
        "focus": short(finding.focus),
        "path": short(finding.path),
        "severity": finding.severity,
        "rule": short(finding.rule),
    }


def expected(path: Path) -> list[dict[str, str]]:
    """Read the lines `# expect: key=value …` at the head of a fixture."""
    lines = re.findall(r"^# expect: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [dict(pair.split("=", 1) for pair in line.split()) for line in lines]


def unordered(findings: list[dict[str, str]]) -> set[tuple[tuple[str, str], ...]]:
    """Return findings without their order, each once."""
    return {tuple(sorted(finding.items())) for finding in findings}


def test_every_node_shape_has_fixtures_and_every_fixture_a_shape() -> None:
    """Each node shape has one valid file and at least one invalid one, and no file stands for a shape that is gone."""
    names = shapes_of("NodeShape")
    assert names
    assert {path.stem for path in VALID} == names
    assert {path.stem.partition("-")[0] for path in INVALID} == names


def test_every_property_shape_is_broken_by_some_fixture() -> None:
    """No rule of the shapes is without a file that breaks it."""
    names = shapes_of("PropertyShape")
    broken = {line["rule"].removeprefix("shapes:") for path in INVALID for line in expected(path)}
    assert names
    assert names - broken == set()


def test_every_shape_explains_itself() -> None:
    """Each shape has an IRI, a label, a reason and a severity in English, and each that constrains has a message."""
    store = ox.Store()
    for path in SHAPES:
        store.load(path=str(path))
    names = shapes_of("NodeShape") | shapes_of("PropertyShape")
    for name in sorted(names):
        quads = list(store.quads_for_pattern(ox.NamedNode(SHAPES_PREFIX + name), None, None, None))
        said = {quad.predicate.value for quad in quads}
        assert {SH + "severity", *(PREFIXES["rdfs"] + part for part in ("label", "comment"))} <= said, name
        structure = {"severity", "property", "targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "path"}
        constraints = {each.removeprefix(SH) for each in said if each.startswith(SH)} - structure
        assert not constraints or "message" in constraints, name
        texts = [quad.object for quad in quads if isinstance(quad.object, ox.Literal) and quad.object.language]
        assert {text.language for text in texts} == {"en"}, name


def test_toy_review_keeps_the_rules() -> None:
    """What the fixtures refer to breaks nothing itself."""
    assert validate(world(), SHAPES) == []


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_data_has_no_finding(path: Path) -> None:
    """A thing that is as its shape asks has no finding."""
    assert validate(world(path), SHAPES) == []


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_data_has_just_the_expected_findings(path: Path) -> None:
    """A fault is found with its focus, path, severity and shape, and nothing else is."""
    assert expected(path)
    assert unordered([told(finding) for finding in validate(world(path), SHAPES)]) == unordered(expected(path))


@pytest.mark.parametrize("path", INVALID + VALID, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_engine_agrees_with_pyshacl(path: Path) -> None:
    """On every fixture the engine gives the findings of pySHACL, down to the value and the message."""
    store = world(path)
    assert validate(store, SHAPES) == validate_with_pyshacl(store, SHAPES)


def test_engine_agrees_with_pyshacl_on_every_construct() -> None:
    """Each constraint component and each kind of target that the engine knows finds what pySHACL finds."""
    store = ox.Store()
    store.load(path=str(DATA / "components" / "data.ttl"))
    shapes = [DATA / "components" / "shapes.ttl"]
    found, reference = validate(store, shapes), validate_with_pyshacl(store, shapes)

    def seen(findings: list[Finding]) -> set[tuple[str | None, ...]]:
        # The shapes have no messages, so that each engine takes its own.
        return {(each.focus, each.path, each.value, each.severity, each.rule) for each in findings}

    assert seen(found) == seen(reference)
    constraints = QueryLibrary(resources.queries_directory() / "shacl" / "constraints")
    rules = {(finding.rule or "").rpartition("/")[2] for finding in found}
    assert {query.name for query in constraints} <= rules


@pytest.mark.parametrize(
    "construct",
    [
        "sh:property [ sh:path rdfs:label ; sh:minCount 1 ]",
        "sh:property :p . :p sh:path ( rdfs:label rdfs:comment ) ; sh:minCount 1",
        "sh:property :p . :p sh:path [ sh:zeroOrMorePath rdfs:label ] ; sh:minCount 1",
        "sh:property :p . :p sh:path rdfs:label ; sh:minExclusive 1",
        "sh:property :p . :p sh:path rdfs:label ; sh:datatype xsd:duration",
        "sh:property :p . :p sh:path rdfs:label ; sh:property :p",
        "sh:property :p . :p sh:minCount 1",
        "sh:minCount 1",
        "sh:deactivated true",
        "sh:or ( :a :b )",
        "sh:nodeKind sh:Iri",
        "sh:severity sh:Fatal",
        'sh:sparql [ sh:select "SELECT $this { $this ?p ?o }" ]',
        "a owl:Class ; sh:property :p . :p sh:path rdfs:label",
    ],
)
def test_unknown_construct_is_refused(construct: str, tmp_path: Path) -> None:
    """Shapes with something that the engine does not check are refused, and the error names it."""
    prefixes = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("sh", "rdfs", "owl", "xsd"))
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(f"{prefixes}PREFIX : <urn:x:>\n:s a sh:NodeShape ; sh:targetClass :C ; {construct} .")
    with pytest.raises(UnknownConstruct) as raised:
        validate(ox.Store(), [shapes])
    assert raised.value.constructs
    assert all(construct in str(raised.value) for _, construct, _ in raised.value.constructs)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "value", "advice"),
    [
        (
            "pswo:hasPolarity polarity:barrier",
            "pswo:hasPolarity polarity:barriers",
            "pswo:hasPolarity",
            "polarity:barriers",
            "polarity:barrier, polarity:enabler, polarity:conditional or polarity:descriptive",
        ),
        ("  pswo:citesWork work:roe-2019 ;\n", "", "statement:0001", None, "give at least one pswo:citesWork"),
        (
            "pswo:aboutTheme subtheme:climate",
            "pswo:aboutTheme subtheme:climat",
            "pswo:aboutTheme",
            "subtheme:climat",
            "compare its IRI with those of the framework",
        ),
    ],
    ids=["unknown polarity", "no study", "misspelt theme"],
)
def test_fault_is_told_with_file_and_line(
    right: str, wrong: str, line: str, value: str | None, advice: str, tmp_path: Path
) -> None:
    """A fault in a file is told with its file, its line, its value, and what would be right."""
    text = (DATA / "shapes" / "valid" / "StatementShape.ttl").read_text(encoding="utf-8")
    assert right in text
    file = tmp_path / "statements.ttl"
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    files = {"urn:neighbours": DATA / "shapes" / "neighbours.ttl", "urn:statements": file}
    [finding] = locate(validate(world(file), SHAPES), files)
    assert finding.file == str(file)
    assert finding.line is not None
    # Where a value is missing there is no line of its own: the thing's first line, which holds its type, stands for it.
    lines = file.read_text(encoding="utf-8").splitlines()
    assert line in lines[finding.line - 1] or line in lines[finding.line - 2]
    assert finding.value == (value if value is None else expand(value))
    assert advice in finding.message


def test_every_check_has_fixtures_and_every_fixture_a_check() -> None:
    """Each check has one file that passes and one that does not, and no file stands for a check that is gone."""
    names = {query.name for query in QueryLibrary(CHECKS)}
    assert names
    assert {path.stem for path in (DATA / "checks").glob("*-violation.ttl")} == names
    passes = (path.stem.removesuffix("-pass") + "-violation" for path in (DATA / "checks").glob("*-pass.ttl"))
    assert set(passes) == names


@pytest.mark.parametrize("path", sorted((DATA / "checks").glob("*.ttl")), ids=lambda path: path.stem)
def test_check_finds_what_it_must_and_nothing_else(path: Path) -> None:
    """A check gives the entities that a file tells, with its summary as message, and passes what is right."""
    store = ox.Store()
    store.load(path=str(path), to_graph=ox.NamedNode("urn:graph"))
    name = re.sub(r"-(pass|violation)$", "-violation", path.stem)
    check = QueryLibrary(CHECKS)[name]
    found = [finding for finding in run_checks(store, CHECKS) if finding.rule == name]
    assert {short(finding.focus) for finding in found} == {line["entity"] for line in expected(path)}
    assert path.stem.endswith("-pass") == (not found)
    assert {(finding.gate, finding.message, finding.severity) for finding in found} <= {
        ("check", check.summary, check.severity)
    }


def test_findings_of_a_check_are_located() -> None:
    """A check that names entity, property and value is told with the line of that triple."""
    path = DATA / "checks" / "dangling-iri-violation.ttl"
    store = ox.Store()
    store.load(path=str(path))
    found = [finding for finding in run_checks(store, CHECKS) if finding.rule == "dangling-iri-violation"]
    [located] = locate(found, {"urn:graph": path})
    assert located.line is not None
    assert "subtheme:policy-mandate " in path.read_text(encoding="utf-8").splitlines()[located.line - 1]
