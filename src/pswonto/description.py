"""What the dataset says of itself: how much there is of what, with which prefixes it is asked, and what was asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote

import pyoxigraph as ox

from pswonto.errors import PROBLEMS, problem_slug
from pswonto.namespaces import BASE, DESCRIPTION, PREFIXES, Names, contract
from pswonto.naming import names_of
from pswonto.queries import Query, QueryLibrary
from pswonto.store import Store

DATASET = f"{DESCRIPTION}#dataset"
_OWL = PREFIXES["owl"]
_TYPE = PREFIXES["rdf"] + "type"
_FORMS = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe"}

# Subject and predicate by their IRIs; an object that is an IRI too, or a literal.
_Statement = tuple[str, str, str | ox.Literal]


@dataclass
class _Counts:
    """How many triples there are, and of what; each key is made of IRIs."""

    triples: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    class_properties: Counter[tuple[str, str]] = field(default_factory=Counter)
    datatypes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    object_classes: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __add__(self, other: "_Counts") -> "_Counts":
        return _Counts(
            self.triples + other.triples,
            self.classes + other.classes,
            self.properties + other.properties,
            self.subjects + other.subjects,
            self.class_properties + other.class_properties,
            self.datatypes + other.datatypes,
            self.object_classes + other.object_classes,
        )


def describe(store: Store, queries: QueryLibrary, examples: Iterable[Query]) -> bytes:
    """Describe a dataset, as it is when the description is part of it.

    The numbers are those that a query over the default graph counts, in which the description counts itself.

    Args:
        store: The dataset, without a description.
        queries: The queries that count.
        examples: The queries to publish as examples.

    Returns:
        A graph of VoID, DCAT, SPARQL 1.1 Service Description, and of SHACL's prefixes and executables, as N-Triples.
    """
    counted = _counted(store, queries)
    graphs = {row["graph"].value: int(row["triples"].value) for row in store.select(queries["graphs"].text).rows}
    fixed = [*_header(store, queries), *_prefixes(names_of(store)), *_examples(examples), *_problems()]
    own = _Counts()
    while True:
        # What is said of the description changes how much there is to say of it, until it is all said.
        statements = [*fixed, *_partitions(counted + own), *_graphs({**graphs, DESCRIPTION: own.triples})]
        grown = _own(statements)
        if grown == own:
            triples = [_triple(*statement) for statement in statements]
            return bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
        own = grown


def _counted(store: Store, queries: QueryLibrary) -> _Counts:
    def rows(name: str, *columns: str) -> Iterator[tuple[list[str], int]]:
        for row in store.select(queries[name].text).rows:
            yield [row[column].value for column in columns], int(row["triples" if "triples" in row else "things"].value)

    counts = _Counts(triples=next(number for _, number in rows("totals")))
    for (class_,), number in rows("classes", "class"):
        counts.classes[class_] = number
    for row in store.select(queries["properties"].text).rows:
        counts.properties[row["property"].value] = int(row["triples"].value)
        counts.subjects[row["property"].value] = int(row["subjects"].value)
    for row in store.select(queries["datatypes"].text).rows:
        class_, property_, number = row["class"].value, row["property"].value, int(row["triples"].value)
        counts.class_properties[class_, property_] += number
        if "datatype" in row:
            counts.datatypes[class_, property_, row["datatype"].value] = number
    for (class_, property_, other), number in rows("object-classes", "class", "property", "objectClass"):
        counts.object_classes[class_, property_, other] = number
    return counts


def _own(statements: Sequence[_Statement]) -> _Counts:
    """Count the description itself, none of whose subjects is one of the data."""
    types: dict[str, list[str]] = {}
    for subject, predicate, value in statements:
        if predicate == _TYPE and isinstance(value, str):
            types.setdefault(subject, []).append(value)
    counts = _Counts(triples=len(statements))
    having: dict[str, set[str]] = {}
    for subject, predicate, value in statements:
        counts.properties[predicate] += 1
        having.setdefault(predicate, set()).add(subject)
        for class_ in types.get(subject, ()):
            counts.class_properties[class_, predicate] += 1
            if not isinstance(value, str):
                counts.datatypes[class_, predicate, value.datatype.value] += 1
            elif not class_.startswith(_OWL):
                counts.object_classes.update((class_, predicate, other) for other in types.get(value, ()))
    counts.subjects.update({predicate: len(subjects) for predicate, subjects in having.items()})
    for classes in types.values():
        counts.classes.update(classes)
    return counts


def _header(store: Store, queries: QueryLibrary) -> Iterator[_Statement]:
    yield DESCRIPTION, _TYPE, _name("void:DatasetDescription")
    yield DESCRIPTION, _name("foaf:primaryTopic"), DATASET
    for class_ in ("void:Dataset", "dcat:Dataset", "sd:Dataset"):
        yield DATASET, _TYPE, _name(class_)
    headers = store.select(queries["header"].text).rows
    if not headers:
        return
    told = headers[0]
    for column in ("title", "description", "license", "created", "modified", "creator"):
        if column in told:
            term = told[column]
            # The rows hold terms of the engine.
            yield DATASET, _name(f"dcterms:{column}"), term if isinstance(term, ox.Literal) else term.value
    if "creator" in told:
        publisher = f"{DESCRIPTION}#publisher"
        yield DATASET, _name("dcterms:publisher"), publisher
        yield publisher, _TYPE, _name("foaf:Agent")
        yield publisher, _name("foaf:name"), ox.Literal(told["creator"].value)
    if "version" in told:
        yield DATASET, _name("dcat:version"), ox.Literal(told["version"].value)
    yield DATASET, _name("void:uriSpace"), ox.Literal(f"{names_of(store).base}/")
    for header in headers:
        yield DATASET, _name("void:vocabulary"), header["ontology"].value


def _prefixes(names: Names) -> Iterator[_Statement]:
    for prefix, namespace in names.prefixes.items():
        declaration = f"{DESCRIPTION}#prefix-{prefix}"
        yield DESCRIPTION, _name("sh:declare"), declaration
        yield declaration, _TYPE, _name("sh:PrefixDeclaration")
        yield declaration, _name("sh:prefix"), ox.Literal(prefix)
        yield (
            declaration,
            _name("sh:namespace"),
            ox.Literal(namespace, datatype=ox.NamedNode(PREFIXES["xsd"] + "anyURI")),
        )


def _examples(queries: Iterable[Query]) -> Iterator[_Statement]:
    for query in queries:
        example = f"{BASE}/query/{query.name}"
        form = _FORMS[query.form]
        yield example, _TYPE, _name("sh:SPARQLExecutable")
        if form != "describe":
            yield example, _TYPE, _name(f"sh:SPARQL{form.capitalize()}Executable")
        yield example, _name("rdfs:label"), ox.Literal(query.name)
        comment = " ".join(part for part in (query.summary, query.description) if part)
        yield example, _name("rdfs:comment"), ox.Literal(comment, language="en")
        yield example, _name(f"sh:{form}"), ox.Literal(query.text)
        yield example, _name("sh:prefixes"), DESCRIPTION


def _problems() -> Iterator[_Statement]:
    """Say what the kinds of problem are, which the service tells by their IRIs (RFC 9457, section 3.1.1)."""
    for title, (status, meaning) in PROBLEMS.items():
        kind = f"{BASE}/problem/{problem_slug(title)}"
        yield kind, _TYPE, _name("skos:Concept")
        yield kind, _name("rdfs:label"), ox.Literal(title, language="en")
        yield kind, _name("skos:definition"), ox.Literal(meaning, language="en")
        yield kind, _name("skos:notation"), ox.Literal(status)
        yield kind, _name("rdfs:isDefinedBy"), DESCRIPTION


def _partitions(counts: _Counts) -> Iterator[_Statement]:
    def number(value: int) -> ox.Literal:
        return ox.Literal(value)

    triples, property_, class_ = _name("void:triples"), _name("void:property"), _name("void:class")
    property_partition, class_partition = _name("void:propertyPartition"), _name("void:classPartition")
    yield DATASET, triples, number(counts.triples)
    yield DATASET, _name("void:classes"), number(len(counts.classes))
    yield DATASET, _name("void:properties"), number(len(counts.properties))
    for name, things in sorted(counts.classes.items()):
        part = _part("class", name)
        yield DATASET, class_partition, part
        yield part, class_, name
        yield part, _name("void:entities"), number(things)
    for name, found in sorted(counts.properties.items()):
        part = _part("property", name)
        yield DATASET, property_partition, part
        yield part, property_, name
        yield part, triples, number(found)
        yield part, _name("void:distinctSubjects"), number(counts.subjects[name])
    for names, found in sorted(counts.class_properties.items()):
        part = _part("class", *names)
        yield _part("class", names[0]), property_partition, part
        yield part, property_, names[1]
        yield part, triples, number(found)
    for kind, nested, what, counter in (
        ("literals", _name("void-ext:datatypePartition"), _name("void-ext:datatype"), counts.datatypes),
        ("objects", class_partition, class_, counts.object_classes),
    ):
        for (name, own, value), found in sorted(counter.items()):
            part = _part(kind, name, own, value)
            yield _part("class", name, own), nested, part
            yield part, what, value
            yield part, triples, number(found)


def _graphs(graphs: dict[str, int]) -> Iterator[_Statement]:
    default = f"{DESCRIPTION}#default-graph"
    yield DATASET, _name("sd:defaultGraph"), default
    yield default, _TYPE, _name("sd:Graph")
    for graph, triples in sorted(graphs.items()):
        named, content = _part("graph", graph), _part("content", graph)
        yield DATASET, _name("sd:namedGraph"), named
        yield named, _TYPE, _name("sd:NamedGraph")
        yield named, _name("sd:name"), graph
        yield named, _name("sd:graph"), content
        yield content, _TYPE, _name("sd:Graph")
        yield content, _name("void:triples"), ox.Literal(triples)


def _part(kind: str, *iris: str) -> str:
    return f"{DESCRIPTION}#" + "-".join([kind, *map(_slug, iris)])


# Each name is written hundreds of times.
@cache
def _slug(iri: str) -> str:
    return quote(contract(iri), safe="")


@cache
def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _triple(subject: str, predicate: str, value: str | ox.Literal) -> ox.Triple:
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term)
