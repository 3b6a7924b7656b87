"""What changed between two versions of the ontology, in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from pswonto.namespaces import INFERRED
from pswonto.naming import names_of
from pswonto.store import Store
from pswonto.turtle import descriptions

_DEPRECATED = "owl:deprecated"
# What every release changes in its headers.
_HEADER = {"owl:versionIRI", "owl:versionInfo", "dcterms:modified"}


@dataclass(frozen=True)
class Change:
    """One difference between two versions.

    Attributes:
        kind: `added`, `removed`, `deprecated`, or `changed`.
        term: The thing, written short; nothing for an axiom that has no name.
        label: Its label, or nothing.
        path: For a change, the property, written short.
        old: The values that are gone, in Turtle.
        new: The values that are there now, in Turtle.
        breaking: Whether it takes away an IRI that others may use.
    """

    kind: str
    term: str
    label: str = ""
    path: str = ""
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    breaking: bool = False

    def sentence(self) -> str:
        """Tell the change in one line."""
        name = f"{self.term} ({self.label})" if self.label else self.term
        if self.kind != "changed":
            words = f"{self.kind}: {name}"
        elif not self.old:
            words = f"changed: {name}: {self.path} is also {_listed(self.new)}"
        elif not self.new:
            words = f"changed: {name}: {self.path} is no longer {_listed(self.old)}"
        else:
            words = f"changed: {name}: {self.path} was {_listed(self.old)}, is {_listed(self.new)}"
        return words + (", which was never deprecated" if self.breaking else "")


def compare(old: Store, new: Store) -> list[Change]:
    """Compare two versions of an ontology as asserted.

    Args:
        old: The earlier version.
        new: The later version.

    Returns:
        The changes, by kind and term: what was removed first, then what was deprecated, added, and changed.
    """
    # What is there no more tells as much as what is new.
    names = names_of(new if len(new) else old)
    (before, axioms_before), (after, axioms_after) = (
        descriptions(_triples(store), names.prefixes) for store in (old, new)
    )
    changes = []
    for term in before.keys() | after.keys():
        earlier, later = before.get(term, {}), after.get(term, {})
        label = _label(later) or _label(earlier)
        if not later:
            ours = names.is_own(names.expand(term)) if ":" in term else False
            breaking = ours and "rdf:type" in earlier and "true" not in earlier.get(_DEPRECATED, ())
            changes.append(Change("removed", term, label, breaking=breaking))
        elif not earlier:
            changes.append(Change("added", term, label))
        else:
            if "true" in later.get(_DEPRECATED, ()) and "true" not in earlier.get(_DEPRECATED, ()):
                changes.append(Change("deprecated", term, label))
            for path in (earlier.keys() | later.keys()) - _HEADER - {_DEPRECATED}:
                gone, come = _differing(earlier.get(path, ()), later.get(path, ()))
                if gone or come:
                    changes.append(Change("changed", term, label, path, gone, come))
    gone, come = _differing(axioms_before, axioms_after)
    changes += [Change("removed", "axiom", block) for block in gone] + [
        Change("added", "axiom", block) for block in come
    ]
    order = ("removed", "deprecated", "added", "changed")
    return sorted(changes, key=lambda change: (order.index(change.kind), change.term, change.path, change.label))


def _triples(store: Store) -> set[ox.Triple]:
    return {quad.triple for quad in store.engine if quad.graph_name != ox.NamedNode(INFERRED)}


def _differing(old: Iterable[str], new: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    before, after = ([re.sub(r"\s+", " ", text).strip() for text in texts] for texts in (old, new))
    return tuple(text for text in before if text not in after), tuple(text for text in after if text not in before)


def _label(description: dict[str, list[str]]) -> str:
    labels = description.get("rdfs:label", [])
    return re.sub(r'^"|"(@\w+)?$', "", labels[0]) if labels else ""


def _listed(values: tuple[str, ...]) -> str:
    return " and ".join(values)
