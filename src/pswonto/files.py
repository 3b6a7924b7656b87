"""RDF files: their syntaxes, what is in them, and how a fault in one is told."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from pswonto.errors import DataError, Finding

FILE_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
# Those that may have graphs of their own, and those that have each triple in a line of its own.
DATASETS = (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG, ox.RdfFormat.JSON_LD)
_BY_LINES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ONTOLOGY = ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology")


def syntax_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that the ending of a file tells.

    Raises:
        DataError: The ending is unknown.
    """
    syntax = FILE_FORMATS.get(path.suffix.lower())
    if syntax is None:
        fault = f"the ending {path.suffix!r} names no RDF syntax; there are: {', '.join(FILE_FORMATS)}"
        raise DataError([Finding("syntax", "Violation", fault, file=str(path))])
    return syntax


def parse(path: Path, *, rename_blank_nodes: bool = False) -> Iterator[ox.Quad]:
    """Read the quads of a file, with their literals as they are written there.

    Args:
        path: A file in a syntax that its ending tells.
        rename_blank_nodes: Whether blank nodes get names that those of no other file have.

    Raises:
        DataError: The file cannot be read, its ending is unknown, or it is not written in that syntax.
    """
    syntax, base = syntax_of(path), path.resolve().as_uri()
    with told(path):
        yield from ox.parse(path=str(path), format=syntax, base_iri=base, rename_blank_nodes=rename_blank_nodes)


def declared(path: Path) -> set[ox.NamedNode | ox.BlankNode | ox.Triple]:
    """Return the ontologies that a file declares."""
    quads: Iterable[ox.Quad]
    with told(path), contextlib.ExitStack() as stack:
        if syntax_of(path) in _BY_LINES:
            # Each triple has a line of its own, and few of them need be looked at.
            lines = stack.enter_context(path.open("rb"))
            declaring = b"".join(line for line in lines if _ONTOLOGY.value.encode() in line)
            quads = ox.parse(declaring, format=syntax_of(path))
        else:
            quads = parse(path)
        return {quad.subject for quad in quads if quad.predicate == _TYPE and quad.object == _ONTOLOGY}


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell a fault in reading a file as a finding.

    Args:
        path: The file.

    Raises:
        DataError: There is a fault.
    """
    try:
        yield
    except SyntaxError as error:
        raise DataError([Finding("syntax", "Violation", error.msg, file=str(path), line=error.lineno)]) from error
    except OSError as error:
        fault = f"cannot be read: {error.strerror or error}"
        raise DataError([Finding("syntax", "Violation", fault, file=str(path))]) from error
