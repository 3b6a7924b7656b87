"""OWL axioms about classes and properties in the Manchester syntax (OWL 2 Manchester Syntax, W3C Note)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pswonto.namespaces import PREFIXES, contract

_OWL, _RDFS, _RDF = PREFIXES["owl"], PREFIXES["rdfs"], PREFIXES["rdf"]
_FRAMES = {
    "EquivalentTo": (f"{_OWL}equivalentClass", f"{_OWL}equivalentProperty"),
    "SubClassOf": (f"{_RDFS}subClassOf",),
    "SubPropertyOf": (f"{_RDFS}subPropertyOf",),
    "DisjointWith": (f"{_OWL}disjointWith", f"{_OWL}propertyDisjointWith"),
    "InverseOf": (f"{_OWL}inverseOf",),
    "Domain": (f"{_RDFS}domain",),
    "Range": (f"{_RDFS}range",),
}
_QUANTIFIERS = {
    "someValuesFrom": "some",
    "allValuesFrom": "only",
    "hasValue": "value",
    "minCardinality": "min",
    "maxCardinality": "max",
    "cardinality": "exactly",
    "minQualifiedCardinality": "min",
    "maxQualifiedCardinality": "max",
    "qualifiedCardinality": "exactly",
}


class Triple(Protocol):
    """A triple whose parts, made texts, are written as in N-Triples."""

    @property
    def subject(self) -> object:
        """The subject."""

    @property
    def predicate(self) -> object:
        """The predicate."""

    @property
    def object(self) -> object:
        """The object."""


@dataclass(frozen=True)
class Token:
    """A piece of an expression.

    Attributes:
        text: What it says.
        iri: The thing that it names, if it is a name.
    """

    text: str
    iri: str | None = None


Expression = tuple[Token, ...]


class Axioms:
    """The axioms of an ontology, written for people.

    Args:
        triples: The triples of the axioms; blank nodes in them stand for expressions.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[str, dict[str, list[str]]] = {}
        for triple in triples:
            of_subject = self._objects.setdefault(str(triple.subject), {})
            of_subject.setdefault(str(triple.predicate)[1:-1], []).append(str(triple.object))

    def of(self, iri: str) -> list[tuple[str, Expression]]:
        """Return the axioms about a class or property: for each the keyword of its frame, and what stands behind it.

        Args:
            iri: The IRI of the class or property.
        """
        node = f"<{iri}>"
        own = self._objects.get(node, {})
        characteristics = sorted(
            kind.removeprefix(f"<{_OWL}").removesuffix("Property>")
            for kind in own.get(f"{_RDF}type", [])
            if kind.startswith(f"<{_OWL}") and kind.endswith("Property>")
        )
        # What kind of property it is stands elsewhere.
        characteristics = [kind for kind in characteristics if kind not in ("Object", "Datatype", "Annotation")]
        axioms: list[tuple[str, Expression]] = [("Characteristics", (Token(kind),)) for kind in characteristics]
        for keyword, predicates in _FRAMES.items():
            for predicate in predicates:
                axioms += [(keyword, self._written(value)) for value in sorted(own.get(predicate, []))]
        for other, values in self._objects.items():
            axioms += [
                ("InverseOf", self._written(other)) for value in values.get(f"{_OWL}inverseOf", []) if value == node
            ]
            kinds = values.get(f"{_RDF}type", [])
            if f"<{_OWL}AllDisjointClasses>" in kinds or f"<{_OWL}AllDisjointProperties>" in kinds:
                members = [member for head in values.get(f"{_OWL}members", []) for member in self._list(head)]
                if node in members:
                    others = [member for member in members if member != node]
                    axioms.append(("DisjointWith", self._joined(others, ",")))
        for chain in own.get(f"{_OWL}propertyChainAxiom", []):
            axioms.append(("SubPropertyChain", self._joined(list(self._list(chain)), " o")))
        return axioms

    def _list(self, head: str) -> Iterator[str]:
        while head in self._objects and head != f"<{_RDF}nil>":
            yield from self._objects[head].get(f"{_RDF}first", [])
            head = next(iter(self._objects[head].get(f"{_RDF}rest", [])), "")

    def _written(self, node: str, inner: bool = False) -> Expression:
        """Return an expression, in parentheses where it stands inside another one and is more than a name."""
        if not node.startswith("_:"):
            if not node.startswith("<"):
                return (Token(node),)
            iri = node[1:-1]
            name = contract(iri)
            return (Token(name.removeprefix("pswo:"), iri),)
        said = self._objects.get(node, {})
        expression: Expression | None = None
        for member, word in (("intersectionOf", "and"), ("unionOf", "or")):
            for head in said.get(_OWL + member, []):
                expression = self._joined(list(self._list(head)), f" {word}", inner=True)
        for head in said.get(f"{_OWL}oneOf", []):
            return (Token("{"), *self._joined(list(self._list(head)), ","), Token("}"))
        for value in said.get(f"{_OWL}complementOf", []):
            expression = (Token("not "), *self._written(value, inner=True))
        for value in said.get(f"{_OWL}inverseOf", []):
            return (Token("inverse "), *self._written(value))
        for property_ in said.get(f"{_OWL}onProperty", []):
            expression = self._restriction(property_, said)
        if expression is None:
            return (Token("an expression that is not among those of OWL 2"),)
        return (Token("("), *expression, Token(")")) if inner else expression

    def _restriction(self, property_: str, said: dict[str, list[str]]) -> Expression:
        parts = [*self._written(property_)]
        for member, word in _QUANTIFIERS.items():
            for value in said.get(_OWL + member, []):
                number = "ardinality" in member
                # A number is written without its datatype.
                parts += [
                    Token(f" {word} "),
                    *((Token(value.split('"')[1]),) if number else self._written(value, inner=True)),
                ]
        for member in ("onClass", "onDataRange"):
            for value in said.get(_OWL + member, []):
                parts += [Token(" "), *self._written(value, inner=True)]
        if f"{_OWL}hasSelf" in said:
            parts.append(Token(" Self"))
        return tuple(parts)

    def _joined(self, nodes: list[str], word: str, inner: bool = False) -> Expression:
        tokens: list[Token] = []
        for number, node in enumerate(nodes):
            tokens += [Token(f"{word} ")] if number else []
            tokens += self._written(node, inner)
        return tuple(tokens)
