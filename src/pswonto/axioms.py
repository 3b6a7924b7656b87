"""OWL axioms in words, from the functional syntax that the OWL API prints."""

import re

from pswonto.namespaces import contract

_TOKEN = re.compile(r'\s*(<[^>]*>|"(?:\\.|[^"\\])*"(?:@[\w-]+|\^\^\S+?(?=[\s)]))?|[()]|[^\s()<>"]+)', re.DOTALL)
# Where `{0}` is the first argument, and `{rest}` those after the first, joined by "and".
_AXIOMS = {
    "SubClassOf": "whatever is {0} is {1}",
    "EquivalentClasses": "{0} is the same as {1}",
    "DisjointClasses": "nothing is two of {all}",
    "DifferentIndividuals": "{all} are different things",
    "SameIndividual": "{all} are the same thing",
    "ClassAssertion": "{1} is {0}",
    "ObjectPropertyAssertion": "{1} {0} {2}",
    "DataPropertyAssertion": "{1} {0} {2}",
    "AnnotationAssertion": "{1} {0} {2}",
    "FunctionalObjectProperty": "{0} has at most one value",
    "FunctionalDataProperty": "{0} has at most one value",
    "InverseFunctionalObjectProperty": "no value of {0} belongs to two things",
    "TransitiveObjectProperty": "{0} is transitive",
    "SymmetricObjectProperty": "{0} is symmetric",
    "AsymmetricObjectProperty": "{0} never holds both ways",
    "IrreflexiveObjectProperty": "{0} never leads from a thing to itself",
    "ObjectPropertyDomain": "what {0} starts from is {1}",
    "DataPropertyDomain": "what {0} starts from is {1}",
    "ObjectPropertyRange": "what {0} leads to is {1}",
    "DataPropertyRange": "what {0} leads to is {1}",
    "InverseObjectProperties": "{1} is the inverse of {0}",
    "SubObjectPropertyOf": "{0} is a kind of {1}",
    "SubDataPropertyOf": "{0} is a kind of {1}",
    "ObjectPropertyChain": "{steps}",
    "DisjointObjectProperties": "no two of {all} relate the same things",
    "NegativeObjectPropertyAssertion": "{1} does not {0} {2}",
    "Declaration": "{0} is declared",
    "ObjectIntersectionOf": "({joined_and})",
    "ObjectUnionOf": "({joined_or})",
    "ObjectComplementOf": "not {0}",
    "ObjectOneOf": "one of {all}",
    "DataOneOf": "one of {all}",
    "ObjectHasValue": "something with {0} {1}",
    "DataHasValue": "something with {0} {1}",
    "ObjectSomeValuesFrom": "something with {0} that is {1}",
    "DataSomeValuesFrom": "something with {0} that is {1}",
    "ObjectAllValuesFrom": "something with {0} only where that is {1}",
    "DataAllValuesFrom": "something with {0} only where that is {1}",
}
_NUMBERS = {"Min": "at least", "Max": "at most", "Exact": "exactly"}

Expression = str | tuple[str, list["Expression"]]


def words(axiom: str) -> str:
    """Write an axiom in words.

    Args:
        axiom: An axiom in functional syntax (OWL 2 Structural Specification), with IRIs in full.

    Returns:
        A sentence with the names written short. What no sentence is known for stays in functional syntax.
    """
    tokens = _TOKEN.findall(axiom)
    expression, _ = _read(tokens, 0)
    return _say(expression)


def _read(tokens: list[str], position: int) -> tuple[Expression, int]:
    name = tokens[position]
    if position + 1 >= len(tokens) or tokens[position + 1] != "(":
        return name, position + 1
    arguments: list[Expression] = []
    position += 2
    while tokens[position] != ")":
        argument, position = _read(tokens, position)
        arguments.append(argument)
    return (name, arguments), position + 1


def _say(expression: Expression) -> str:
    if isinstance(expression, str):
        return contract(expression[1:-1]) if expression.startswith("<") else expression
    name, arguments = expression
    said = [
        _say(argument) for argument in arguments if not (isinstance(argument, tuple) and argument[0] == "Annotation")
    ]
    number = re.fullmatch(r"(?:Object|Data)(Min|Max|Exact)Cardinality", name)
    if number:
        filler = f" that is {said[2]}" if len(said) > 2 else ""
        return f"something with {_NUMBERS[number[1]]} {said[0]} {said[1]}{filler}"
    if name not in _AXIOMS:
        return f"{name}({' '.join(said)})"
    return _AXIOMS[name].format(
        *said,
        all=" and ".join(said),
        steps=" followed by ".join(said),
        joined_and=" and ".join(said),
        joined_or=" or ".join(said),
    )
