"""What is published: the ontology in one file without imports, what follows from it, and the sums to check them by."""

import hashlib
import re
from pathlib import Path

import pyoxigraph as ox

from pswonto import dataset, resources
from pswonto.dataset import Dataset
from pswonto.description import describe
from pswonto.entailment import materialise
from pswonto.errors import DataError, Finding
from pswonto.namespaces import BASE, DESCRIPTION, INFERRED, PREFIXES, contract
from pswonto.queries import QueryLibrary
from pswonto.store import GRAPH_FORMATS, Store
from pswonto.turtle import canonical, write_turtle

_ONTOLOGY = ox.NamedNode(PREFIXES["owl"] + "Ontology")
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_IMPORTS = ox.NamedNode(PREFIXES["owl"] + "imports")
_ROOT = ox.NamedNode(BASE)


def merged(store: Store) -> list[ox.Triple]:
    """Return the triples of all modules as one ontology: that of the root, which then imports nothing.

    Args:
        store: The modules as their files assert them.

    Returns:
        The triples in an order, and with labels of blank nodes, that depend on nothing but the triples.
    """
    modules = {quad.subject for quad in store.engine.quads_for_pattern(None, _TYPE, _ONTOLOGY)} - {_ROOT}
    return canonical(
        {
            quad.triple
            for quad in store.engine
            if quad.subject not in modules and quad.predicate != _IMPORTS and quad.graph_name != ox.NamedNode(INFERRED)
        }
    )


def build(read: Dataset, rules: QueryLibrary, version: str, folder: Path) -> list[Path]:
    """Write a release: the merged ontology in four formats, what follows from it, its IRIs, sums; and all in one file.

    Args:
        read: The dataset as its files assert it; it is completed with what follows.
        rules: The rules of entailment.
        version: The version that every module must bear.
        folder: Where to write; it is made where it is missing, and files of the same names are replaced.

    Returns:
        The files, in order of their names. Their bytes depend on the ontology alone.

    Raises:
        DataError: A module bears another version, or none.
    """
    wrong = versions(read, version)
    if wrong:
        raise DataError(wrong)
    triples = merged(read.store)
    files = {
        "pswonto.ttl": write_turtle(triples).encode(),
        "pswonto.owl": _serialized(triples, "application/rdf+xml"),
        "pswonto.jsonld": _serialized(triples, "application/ld+json"),
    }
    materialise(read.store, rules)
    quads = sorted(canonical_quads(read.store), key=str)
    files["pswonto.nq"] = bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    inferred = [quad.triple for quad in quads if quad.graph_name == ox.NamedNode(INFERRED)]
    files["pswonto-inferred.ttl"] = write_turtle(inferred).encode()
    counting = QueryLibrary(resources.queries_directory() / "description")
    described_by = describe(read.store, counting, QueryLibrary(*resources.library_directories()))
    # One file with all that the service answers from, for a server that is to hold it.
    files["pswonto-all.nq"] = files["pswonto.nq"] + _in_graph(described_by, DESCRIPTION)
    files["released-iris.txt"] = "".join(f"{iri}\n" for iri in described(read.store)).encode()
    files["pswonto.sssom.tsv"] = sssom(version).encode()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files["SHA256SUMS"] = sums.encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in sorted(files)]


def sssom(version: str) -> str:
    """Write the mappings of the alignments module as a table (SSSOM, its TSV format)."""
    store = dataset.read([resources.alignments_file()]).store
    query = QueryLibrary(resources.queries_directory() / "release")["mappings"]
    solutions = store.select(query.text)
    rows = [
        [contract(row[name].value) if name in row else "" for name in solutions.variables] for row in solutions.rows
    ]
    used = {cell.partition(":")[0] for row in rows for cell in row if re.fullmatch(r"[\w-]+:\S+", cell)}
    header = {
        "mapping_set_id": f"{BASE}/alignments",
        "mapping_set_version": version,
        "license": "https://creativecommons.org/licenses/by/4.0/",
    }
    lines = [f"#{key}: {value}" for key, value in header.items()]
    lines += ["#curie_map:", *(f"#  {prefix}: {iri}" for prefix, iri in PREFIXES.items() if prefix in used)]
    return "\n".join([*lines, *("\t".join(row) for row in [list(solutions.variables), *rows])]) + "\n"


def versions(read: Dataset, version: str) -> list[Finding]:
    """Return each module whose version IRI or version info is not that of the package."""
    found = []
    for quad in read.store.engine.quads_for_pattern(None, _TYPE, _ONTOLOGY):
        if not isinstance(quad.subject, ox.NamedNode) or not re.match(rf"{BASE}(/|$)", quad.subject.value):
            continue
        expected = {"versionIRI": ox.NamedNode(f"{quad.subject.value}/{version}"), "versionInfo": ox.Literal(version)}
        for name, value in expected.items():
            predicate = ox.NamedNode(PREFIXES["owl"] + name)
            given = [other.object for other in read.store.engine.quads_for_pattern(quad.subject, predicate, None)]
            if given != [value]:
                said = " and ".join(map(str, given)) or "missing"
                found.append(
                    Finding(
                        "version",
                        "Violation",
                        f"owl:{name} is {said}, and the package is version {version}: it must be {value}",
                        focus=quad.subject.value,
                        path=predicate.value,
                        rule="version",
                    )
                )
    return found


def described(store: Store) -> list[str]:
    """Return the IRIs of ours that the ontology says a class of, sorted: those that must not vanish once released."""
    return sorted(thing.value for thing in store.things() if thing.value.startswith((BASE + "#", BASE + "/")))


def canonical_quads(store: Store) -> list[ox.Quad]:
    """Return the quads of a store with labels of blank nodes that depend on nothing but the quads."""
    dataset = ox.Dataset(store.engine)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def _in_graph(ntriples: bytes, graph: str) -> bytes:
    quads = [
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))
        for triple in (quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    ]
    return bytes(ox.serialize(sorted(quads, key=str), format=ox.RdfFormat.N_QUADS) or b"")


def _serialized(triples: list[ox.Triple], media_type: str) -> bytes:
    return bytes(ox.serialize(triples, format=GRAPH_FORMATS[media_type][1], prefixes=PREFIXES) or b"")
