"""All that data is checked by, one gate after the other: syntax, shapes, checks, reasoner, OWL 2 DL."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from pswonto import dataset, profile, release, resources, validation
from pswonto.dataset import Dataset
from pswonto.errors import DataError, Finding, ReasonerUnavailable

if TYPE_CHECKING:
    from pswonto.remote import Remote


@dataclass(frozen=True)
class Gate:
    """What one gate found.

    Attributes:
        name: The gate.
        what: What it looked at, or why it did not run.
        findings: What it found, with file and line where they are known.
        ran: Whether it ran.
    """

    name: str
    what: str
    findings: tuple[Finding, ...]
    ran: bool = True


def run(
    data: Sequence[Path], *, remote: "Remote | None" = None, pyshacl: bool = False, java: bool = True
) -> Iterator[Gate]:
    """Check data, gate by gate; where it cannot be read, the first gate is the only one.

    Args:
        data: RDF files, or folders of them; none for the ontology that comes with the package.
        remote: A dataset at a SPARQL server, in place of files; what it asserts is copied and checked here.
        pyshacl: Whether to validate with pySHACL in place of our own engine.
        java: Whether to run the gates that need Java.
    """
    try:
        read = dataset.read(data) if remote is None else dataset.fetch(remote)
    except DataError as error:
        yield Gate("syntax", "", error.findings)
        return
    source = f"{len(set(read.files.values()))} files" if remote is None else f"copied from {remote.transport.server}"
    yield Gate("syntax", f"{source}, {len(read.store)} triples", ())
    gates: list[tuple[str, Callable[[Dataset], tuple[str, list[Finding]]]]] = [
        ("SHACL", shapes_with_pyshacl if pyshacl else shapes),
        ("checks", checks),
        *([("reasoner", reasoner), ("profile", owl_2_dl)] if java else []),
    ]
    for name, gate in gates:
        try:
            what, findings = gate(read)
        except ReasonerUnavailable as error:
            yield Gate(name, f"not run: {error}", (), ran=False)
        else:
            yield Gate(name, what, tuple(dataset.place(findings, read)))


def shapes(read: Dataset) -> tuple[str, list[Finding]]:
    """Validate with our own SHACL engine."""
    files = [*resources.shape_files(), *read.shapes]
    return ", ".join(path.name for path in files), validation.validate(read.store.engine, files)


def shapes_with_pyshacl(read: Dataset) -> tuple[str, list[Finding]]:
    """Validate with pySHACL."""
    files = [*resources.shape_files(), *read.shapes]
    return ", ".join(path.name for path in files), validation.validate_with_pyshacl(read.store.engine, files)


def checks(read: Dataset) -> tuple[str, list[Finding]]:
    """Run the checks that look across things."""
    directory = resources.queries_directory() / "checks"
    return f"{len(list(directory.glob('*.rq')))} queries", validation.run_checks(read.store.engine, directory)


def reasoner(read: Dataset) -> tuple[str, list[Finding]]:
    """Let HermiT look for contradictions, and tell the axioms that make them."""
    ntriples = read.store.ntriples()
    findings = profile.check_consistency({"data": ntriples})["data"]
    if any(finding.rule != "refusal" for finding in findings):
        reasons = profile.justify(ntriples, [finding.focus for finding in findings if finding.focus])
        findings = [
            replace(finding, message=f"{finding.message}, because: {'; '.join(reasons[finding.focus or ''])}")
            for finding in findings
        ]
    return "HermiT: consistent, and every class can have members" if not findings else "HermiT", findings


def owl_2_dl(read: Dataset) -> tuple[str, list[Finding]]:
    """Check against OWL 2 DL: each ontology with all that it imports, and all of them merged into one."""
    graphs = [graph for graph in read.store.graphs() if graph in read.files]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The OWL API of HermiT does not know all of Turtle 1.1, so it is given N-Triples.
        files = {
            graph: _written(
                folder / f"{number}.nt",
                (quad.triple for quad in read.store.engine.quads_for_pattern(None, None, None, ox.NamedNode(graph))),
            )
            for number, graph in enumerate(graphs)
        }
        merged = _written(folder / "merged.nt", release.merged(read.store))
        found = profile.check_profile({**files, "merged": merged}, files)
    # What is wrong with a module is wrong with all that import it.
    unique = dict.fromkeys(finding for findings in found.values() for finding in findings)
    return f"OWL 2 DL, {len(graphs)} ontologies with their imports, and all merged", list(unique)


def _written(path: Path, triples: Iterable[ox.Triple]) -> Path:
    path.write_bytes(bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""))
    return path
