"""What becomes of the text of a stored query when it is known which of its parameters have terms."""

import re
from collections.abc import Mapping, Set

# Brackets, and what may have some in it that are none: IRIs, texts and comments.
_BRACKET = re.compile(r"""<[^<>"{}\s]*>|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#[^\n]*|[{}]""")
_SLOT = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")
# A query in brackets for one variable, and a filter that a parameter must fit if it has terms.
_FILTERING = re.compile(r"\{\s*(?:#.*\s*)?SELECT DISTINCT \?\w+\s+WHERE \{")
_MUST_FIT = re.compile(r"FILTER \(!BOUND\(\?(\w+)\) \|\| EXISTS \{")
# A pattern in brackets that begins with the texts that some parameters must have for it.
_ALTERNATIVE = re.compile(r'\{((?:\s*BIND \("[^"]*" AS \?\w+\))+)')
_BOUND_TEXT = re.compile(r'BIND \(("[^"]*") AS \?(\w+)\)')


def fitted(text: str, given: Mapping[str, Set[str]]) -> str:
    """Return a query without what does nothing for the terms that are given.

    A query in brackets that does nothing but filter by parameters is dropped where none of them has terms, and a filter
    that a parameter must fit if it has terms becomes the pattern that it must fit. An alternative that begins with the
    text that a parameter must have for it is dropped where that has another one.

    Args:
        text: The query.
        given: For each parameter that has terms, these as SPARQL writes them.
    """
    return _chosen(_filtered(text, given.keys()), given)


def _filtered(text: str, given: Set[str]) -> str:
    """Return a query without what does nothing but filter by parameters, where none of these is given."""
    parts, end = [], 0
    for match in _FILTERING.finditer(text):
        start, inside = match.start(), text[match.start() : closed(text, match.start() + 1)]
        names = set(_SLOT.findall(inside))
        around = text[:start].rstrip(), text[match.start() + len(inside) :].lstrip()
        is_alternative = around[0].endswith("UNION") or around[1].startswith("UNION")
        # What has a query inside does something else too.
        if start >= end and names and inside.count("SELECT") == 1 and not is_alternative:
            parts.append(text[end:start])
            parts.append(_fitting(inside, given) if names & given else "")
            end = start + len(inside)
    return "".join([*parts, text[end:]])


def _chosen(text: str, given: Mapping[str, Set[str]]) -> str:
    """Return a query without the alternatives that are for other texts than those that are given."""
    place = 0
    while match := _ALTERNATIVE.search(text, place):
        start, end = match.start(), closed(text, match.start() + 1)
        before, after = text[:start].rstrip(), text[end:].lstrip()
        if all(value in given.get(name, {value}) for value, name in _BOUND_TEXT.findall(match[1])):
            place = start + 1
        elif before.endswith("UNION"):
            text = before.removesuffix("UNION").rstrip() + text[end:]
        elif after.startswith("UNION"):
            text = text[:start] + after.removeprefix("UNION").lstrip()
        else:
            place = start + 1
    return text


def _fitting(text: str, given: Set[str]) -> str:
    """Return a query for distinct things with a pattern in place of a filter that asks whether there is such a one."""
    place = 0
    while match := _MUST_FIT.search(text, place):
        place, end = match.end(), closed(text, match.end())
        inside = text[match.end() : end - 1].strip()
        # A path of any length is found faster from a thing, and Virtuoso 7 loses some beside several other terms.
        if match[1] in given and "*" not in inside:
            text = text[: match.start()] + inside + " ." + text[text.index(")", end) + 1 :]
            place = match.start()
    return text


def closed(text: str, start: int) -> int:
    """Return where a bracket is closed that was opened before a place.

    Args:
        text: A query.
        start: The place just behind the bracket.
    """
    depth = 1
    for match in _BRACKET.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    raise ValueError("a bracket is not closed")
