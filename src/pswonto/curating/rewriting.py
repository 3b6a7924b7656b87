"""Modules whose triples have changed, as the texts of their files."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from pswonto import replacement
from pswonto.errors import DataError, Finding
from pswonto.files import parse
from pswonto.namespaces import PREFIXES
from pswonto.store import Store
from pswonto.turtle import header_comments, prefixes_of, write_turtle

# Texts are kept as they are.
_PLAIN = (PREFIXES["xsd"] + "string", PREFIXES["rdf"] + "langString")


def rewritten(files: Mapping[str, Path], old: Store, new: Store) -> dict[Path, str]:
    """Return the new text of each file whose graph has changed.

    Args:
        files: The file of each graph.
        old: The graphs as the files have them.
        new: The graphs as they are to be.

    Returns:
        The texts, in our style; the first comment of a file stays.

    Raises:
        DataError: A file that changes is no Turtle.
    """
    texts = {}
    for graph, path in files.items():
        name = ox.NamedNode(graph) if "://" in graph else ox.DefaultGraph()
        before, after = (
            {quad.triple for quad in store.engine.quads_for_pattern(None, None, None, name)} for store in (old, new)
        )
        gone, come = before - after, after - before
        if not gone and not come:
            continue
        if path.suffix.lower() != ".ttl":
            fault = "only Turtle is written: make it that with pswonto fmt, and remove this file"
            raise DataError([Finding("syntax", "Violation", fault, file=str(path))])
        file = replacement.current(path)
        # Literals stay as the file writes them, where the engine has its own way to.
        kept = {quad.triple for quad in parse(file) if _as_stored(quad.triple) not in gone}
        triples = kept | come
        texts[path] = write_turtle(triples, header_comments(file.read_text(encoding="utf-8")), prefixes_of(triples))
    return texts


def _as_stored(triple: ox.Triple) -> ox.Triple:
    """Return a triple as the engine keeps it: `1.0` as a decimal is `1` there."""
    if not isinstance(triple.object, ox.Literal) or triple.object.datatype.value in _PLAIN:
        return triple
    scratch = Store()
    scratch.engine.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    stored: list[ox.Quad] = list(scratch.engine)
    return stored[0].triple
