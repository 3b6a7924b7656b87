"""Stored SPARQL queries: files with a header, found by name, with parameters that are bound as terms."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pswonto.binding import closed, fitted
from pswonto.errors import ParameterError, QueryFileError, QueryNotFound, QueryRefused, nearest
from pswonto.namespaces import PREFIXES

_HEADER = re.compile(r"#\+ ([a-z-]+): (.+)")
_PREFIX = re.compile(r"PREFIX\s+([A-Za-z][\w-]*)?:\s*<([^>]*)>", re.IGNORECASE)
_SLOT = re.compile(r"[ \t]*VALUES \?(\w+) \{ UNDEF \}[ \t]*")
_OPENING = re.compile(r"WHERE \{\s*\{\s*(?=SELECT )")
# Before the last line of a list, and where what it shows begins.
_ORDER = "\nORDER BY "
_SHOWN = "  # What follows is shown, and neither chooses nor orders.\n"
_BLANK = re.compile(r"^[ \t]*\n", re.MULTILINE)
_VARIABLE = re.compile(r"\?(\w+)")
# The tokens of SPARQL 1.1 (section 19.8) in which a word is no keyword, and then the words themselves. A prefix is a
# word, as the engine reads `SERVICE:x` as a keyword and a name; a local name ends before a full stop, as it may there.
_LOCAL = r"(?:(?:[\w:%]|\\.)(?:[\w:%-]|\\.)*)?"
_TOKEN = re.compile(
    r"""#[^\n\r]*|\\.|<(?:[^<>"{}|^`\\\x00-\x20]|\\[uU])*>|\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    r"""|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'|[?$]\w+|@[\w-]+"""
    rf"""|(?P<word>[\w.-]+)(?::{_LOCAL})?|:{_LOCAL}""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
# The engine reads brackets by recursion, and some thousands of them end the process.
_DEEPEST = 100
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
# Types of which a parameter has one value at the most, and those that name no kind of thing.
_SINGLE = ("words", "integer", "boolean", "iri")
_PLAIN = ("string", *_SINGLE)
_KEYS = {"summary", "description", "topic", "param", "severity", "axiom", "premise"}


class Term(Protocol):
    """An RDF term that writes itself in SPARQL syntax when it is turned into a string."""

    @property
    def value(self) -> str:
        """The IRI, the label of the blank node, or the lexical form."""

    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Parameter:
    """One parameter of a stored query.

    Attributes:
        name: Its name, which is the name of the variable that it binds.
        type: `string`, `words` for a text to search for, `integer`, `boolean`, `iri`, or a kind of thing such as
            `factor`, whose slug suffices, or a text in quotation marks; of the last two there may be several, with `|`
            between.
        description: What it is, in a phrase.
    """

    name: str
    type: str
    description: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that it may be, where its type is such texts."""
        return tuple(part.strip('"') for part in self.type.split("|")) if self.type.startswith('"') else ()

    @property
    def single(self) -> bool:
        """Whether it can have one value only."""
        return self.type in _SINGLE

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of things that it may be, where its type is such kinds."""
        return () if self.texts or self.type in _PLAIN else tuple(self.type.split("|"))


@dataclass(frozen=True)
class Query:
    """A stored query.

    Attributes:
        name: The file's name without its ending; its name in Python, URL and command line.
        form: SELECT, ASK, CONSTRUCT, or DESCRIBE.
        summary: The question that it answers.
        description: What a reader of the answer must know, or nothing.
        topic: What it is about, in a phrase, or nothing.
        severity: For a check, the severity of what it finds.
        parameters: Its parameters, in the order of the header.
        axiom: For a rule of entailment, the axiom that it applies, as a sentence about its variables.
        premises: For a rule of entailment, the patterns of the triples that its conclusion rests on beside the axiom.
        text: The query as it stands in the file.
    """

    name: str
    form: str
    summary: str
    description: str
    topic: str
    severity: str
    parameters: tuple[Parameter, ...]
    axiom: str
    premises: tuple[str, ...]
    text: str

    @property
    def prologue(self) -> str:
        """The prefixes that it declares."""
        return "".join(f"{line}\n" for line in self.text.splitlines() if line.startswith("PREFIX "))

    def bind(self, values: Mapping[str, Sequence[Term]]) -> str:
        """Write the query with terms in the places of its parameters.

        The line `VALUES ?name { UNDEF }` becomes the same line with the terms; for a parameter without terms it is
        dropped, and as it filters nothing the answer stays the same. So does a query in brackets that does nothing but
        filter by parameters, where none of them has terms; and a filter that a parameter must fit if it has terms
        becomes the pattern that it must fit. An alternative that begins with the text that a parameter must have for
        it is dropped where that has another one.

        Args:
            values: The terms for each parameter, any number of them.

        Raises:
            ParameterError: The query has no such parameter.
        """
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                known = f"; {self.name} has {', '.join(names)}" if names else f"; {self.name} has none"
                raise ParameterError(name, f"is not known{known}", nearest(name, names))

        given = {name for name, terms in values.items() if terms}

        def line(match: re.Match[str]) -> str:
            return match[0].replace("UNDEF", " ".join(map(str, values[match[1]]))) if match[1] in given else ""

        texts = {name: {str(term) for term in terms} for name, terms in values.items() if terms}
        return _BLANK.sub("", _SLOT.sub(line, fitted(self.text, texts)))


def chosen(text: str, variable: str, by: str = "") -> str:
    """Return a query for what a query chooses, in its order, without what it shows of that.

    Args:
        text: The query, whose text says where what is shown begins.
        variable: The variable for what is chosen.
        by: Another variable, whose values are to be counted with it, and not listed.
    """
    head, marked, _ = text.partition(_SHOWN)
    assert marked, variable
    head = head[head.index("\nWHERE {") :]
    prefixes = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("PREFIX "))
    if by:
        return f"{prefixes}SELECT (?{by} AS ?value) (COUNT(DISTINCT ?{variable}) AS ?count){head}}}\nGROUP BY ?{by}\n"
    return f"{prefixes}SELECT ?{variable}{head}}}\nORDER BY {text.rpartition(_ORDER)[2]}"


def ordered(text: str, order: str = "", limit: int | None = None, offset: int = 0) -> str:
    """Return a query whose last line orders its rows, so that they come in another order, or some of them only.

    Args:
        text: The query.
        order: What to order by first, as it stands behind ORDER BY; rows that are equal in it come as before.
        limit: How many rows to return at the most.
        offset: How many rows to leave out at the beginning.
    """
    head, keyword, last = text.rstrip().rpartition(_ORDER)
    slice_ = "" if limit is None else f"LIMIT {limit}\n" + (f"OFFSET {offset}\n" if offset else "")
    return f"{head}{keyword}{order}{' ' if order else ''}{last}\n{slice_}"


def opened(query: Query) -> tuple[str, str]:
    """Return the query that a query begins with, and the patterns that follow it.

    Args:
        query: A query whose first pattern is a query in brackets: one for the axioms or shapes that it is about.

    Raises:
        QueryFileError: It begins with something else.
    """
    start = _OPENING.search(query.text)
    if start is None:
        raise QueryFileError(query.name, "it does not begin with a query in brackets for what it is about")
    end = closed(query.text, start.end())
    return query.prologue + query.text[start.end() : end - 1], query.text[end : query.text.rindex("}")]


def replaced(text: str, terms: Mapping[str, Term]) -> str:
    """Return a part of a query with terms in the places of variables.

    Args:
        text: The part.
        terms: The terms, by the names of the variables.
    """
    return _VARIABLE.sub(lambda match: str(terms.get(match[1], match[0])), text)


def keywords(text: str) -> list[str]:
    r"""Return the bare words of a query in capitals: its keywords, prefixes and numbers, and no text, name or comment.

    Args:
        text: A query; it is read as it stands, and again with escapes such as \u0053 as what they stand for (SPARQL 1.1
            Query Language, section 19.2), as engines differ in that.
    """
    readings = dict.fromkeys((text, _ESCAPE.sub(_character, text)))
    words = (match["word"] for reading in readings for match in _TOKEN.finditer(reading))
    return [word.strip(".-").upper() for word in words if word]


def form_of(text: str) -> str:
    """Return the form of a query, SELECT, ASK, CONSTRUCT or DESCRIBE; nothing where there is no such word.

    Args:
        text: A query. Its prefixes may have the names of keywords.
    """
    return next((word for word in keywords(_PREFIX.sub(" ", text)) if word in _FORMS), "")


def may_have_keyword(text: str, words: Iterable[str]) -> bool:
    """Tell whether a query may have one of some words among its keywords, by a look that costs next to nothing.

    Args:
        text: A query.
        words: Words in capitals.
    """
    capitals = text.upper()
    return "\\" in text or any(word in capitals for word in words)


def nesting(text: str) -> int:
    """Return how many brackets of a query are open at once at the most, texts and comments left out."""
    depth = deepest = 0
    for character in _TOKEN.sub(" ", text):
        if character in "{([":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "})]":
            depth -= 1
    return deepest


def check(text: str) -> list[str]:
    """Refuse a query that would leave this machine, or nests brackets too deep.

    Args:
        text: The query.

    Returns:
        Its bare words in capitals, where SERVICE or FROM may be one of them; else nothing.

    Raises:
        QueryRefused: It is such a query.
    """
    words = keywords(text) if may_have_keyword(text, ("SERVICE", "FROM")) else []
    # The engine needs no space around a keyword: it reads `SERVICESILENT` and `1e0SERVICE` too.
    if any("SERVICE" in word for word in words):
        raise QueryRefused("SERVICE is refused: this service asks no other one")
    if sum(map(text.count, "{([")) > _DEEPEST and (depth := nesting(text)) > _DEEPEST:
        raise QueryRefused(f"brackets are nested {depth} deep; at most {_DEEPEST} are read")
    return words


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= 0x10FFFF else escape[0]


def read_query(path: Path) -> Query:
    """Read one stored query.

    Args:
        path: A file of the ending `.rq`, with a header of lines `#+ key: value` and all its prefixes.

    Raises:
        QueryFileError: The header lacks its summary or has an unknown key, a prefix is not the one of our table,
            or the parameters of the header are not those of the text.
    """
    text = path.read_text(encoding="utf-8")
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    premises: list[str] = []
    for line in (line for line in text.splitlines() if line.startswith("#+")):
        match = _HEADER.fullmatch(line.rstrip())
        if match is None or match[1] not in _KEYS:
            raise QueryFileError(path.name, f"header line {line!r} is not '#+ key: value' with one of {sorted(_KEYS)}")
        if match[1] == "param":
            parts = match[2].split(maxsplit=2)
            if len(parts) < 3:
                raise QueryFileError(path.name, f"parameter {match[2]!r} is not 'name type description'")
            parameters.append(Parameter(*parts))
        elif match[1] == "premise":
            premises.append(match[2])
        else:
            header[match[1]] = match[2]
    if "summary" not in header:
        raise QueryFileError(path.name, "the header has no summary")
    for prefix, namespace in _PREFIX.findall(text):
        if PREFIXES.get(prefix) != namespace:
            raise QueryFileError(path.name, f"prefix {prefix}: <{namespace}> is not in the table of prefixes")
    slots = _SLOT.findall(text)
    if set(slots) != {parameter.name for parameter in parameters}:
        raise QueryFileError(path.name, f"the header's parameters are not those of its VALUES lines: {slots}")
    forms = [word for word in keywords(text) if word in _FORMS]
    if not forms:
        raise QueryFileError(path.name, "it is no query: SELECT, ASK, CONSTRUCT or DESCRIBE is missing")
    return Query(
        name=path.stem,
        form=forms[0],
        summary=header["summary"],
        description=header.get("description", ""),
        topic=header.get("topic", ""),
        severity=header.get("severity", "Violation"),
        parameters=tuple(parameters),
        axiom=header.get("axiom", ""),
        premises=tuple(premises),
        text=text,
    )


class QueryLibrary:
    """The stored queries of folders and of their subfolders, by name.

    Args:
        directories: The folders.

    Raises:
        QueryFileError: A file is not written as it must be, or two have the same name.
    """

    def __init__(self, *directories: Path) -> None:
        self._queries: dict[str, Query] = {}
        for path in (path for directory in directories for path in sorted(directory.rglob("*.rq"))):
            query = read_query(path)
            if query.name in self._queries:
                raise QueryFileError(path.name, "another query has the same name")
            self._queries[query.name] = query

    def __getitem__(self, name: str) -> Query:
        if name not in self._queries:
            raise QueryNotFound(name, self._queries)
        return self._queries[name]

    def __iter__(self) -> Iterator[Query]:
        return iter(self._queries.values())

    def __len__(self) -> int:
        return len(self._queries)
