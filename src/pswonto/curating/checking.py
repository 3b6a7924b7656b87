"""Who has checked a statement against its source, written down in the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from pswonto.curating.coding import orcid
from pswonto.curating.rewriting import rewritten
from pswonto.dataset import Dataset
from pswonto.errors import ParameterError, TermNotFound
from pswonto.namespaces import PREFIXES, VOCABULARY, local_name
from pswonto.store import Store

_STATEMENT = ox.NamedNode(VOCABULARY + "EvidenceStatement")
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_BY, _ON, _DONE = (ox.NamedNode(VOCABULARY + name) for name in ("checkedBy", "checkedOn", "checkedByPerson"))


@dataclass(frozen=True)
class Checked:
    """What writing a check down would do.

    Attributes:
        statements: The slugs of the statements that are checked now, and were not by that person.
        texts: The new text of each file that changes.
    """

    statements: Sequence[str]
    texts: dict[Path, str]


def check(read: Dataset, statements: Sequence[str], by: str, on: date) -> Checked:
    """Return what it takes to write down that a person has checked statements.

    Args:
        read: The data as its files assert it.
        statements: The statements, by the last part of their IRIs.
        by: The ORCID of the person.
        on: The day.

    Raises:
        ParameterError: It is no ORCID.
        TermNotFound: There is no such statement.
    """
    person = orcid(by)
    if person is None:
        example = "https://orcid.org/0000-0002-1825-0097"
        raise ParameterError("by", f"must be an ORCID, such as {example}, whose last digit fits the others, not {by!r}")
    new = Store()
    new.engine.extend(read.store.engine)
    engine = new.engine
    known = {
        local_name(quad.subject.value): quad
        for quad in engine.quads_for_pattern(None, _TYPE, _STATEMENT)
        if isinstance(quad.subject, ox.NamedNode)
    }
    done, modules = [], set()
    for slug in dict.fromkeys(statements):
        quad = known.get(slug) or known.get(slug.zfill(4))
        if quad is None:
            raise TermNotFound("statement", slug, known)
        said = {had.predicate: had for had in engine.quads_for_pattern(quad.subject, None, None)}
        who = [had.object for had in engine.quads_for_pattern(quad.subject, _BY, None)]
        if ox.NamedNode(person) in who:
            continue
        for predicate in (_ON, _DONE):
            if predicate in said:
                engine.remove(said[predicate])
        day = ox.Literal(on.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))
        values = ((_BY, ox.NamedNode(person)), (_ON, day), (_DONE, ox.Literal(True)))
        engine.extend(ox.Quad(quad.subject, predicate, value, quad.graph_name) for predicate, value in values)
        done.append(local_name(str(quad.subject)[1:-1]))
        modules.add(quad.graph_name)
    for module in modules:
        _add_person(engine, ox.NamedNode(person), module)
    return Checked(done, rewritten(read.files, read.store, new))


def _add_person(engine: ox.Store, person: ox.NamedNode, module: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
    kinds = (PREFIXES["owl"] + "NamedIndividual", PREFIXES["prov"] + "Person")
    engine.extend(ox.Quad(person, _TYPE, ox.NamedNode(kind), module) for kind in kinds)
    label = ox.Literal(f"ORCID {local_name(person.value)}", language="en")
    engine.add(ox.Quad(person, ox.NamedNode(PREFIXES["rdfs"] + "label"), label, module))
