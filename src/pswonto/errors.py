"""What can go wrong, as one small tree of exceptions that carry data.

PswontoError
  DataError            the data breaks a rule and is not served
  SheetRefused         a spreadsheet, or a file of references, has faults, and nothing of it is taken in
  TermNotFound         nothing of that kind has that name
  NotEntailed          a triple neither is asserted nor follows
  QueryNotFound        no stored query has that name
  QueryFileError       a stored query is not written as it must be
  QuerySyntaxError     a query is not SPARQL
  QueryRefused         a query asks for what this service does not do
  QueryTimeout         a query took too long
  Overloaded           too many queries are waiting
  ServerFault          the SPARQL server that holds the dataset gives no answer that is one
    ServerUnavailable  it cannot be reached, or says that it is not available
    ServerTimeout      it did not answer in time
  ParameterError       a parameter is unknown, or its value does not fit
  FormatError          an answer of that kind cannot be written in that format
  ReasonerUnavailable  no Java, or no reasoner, is on this machine
  StoreRefused         a store on a disk is not what is to be served
  SiteError            the pages cannot be written as files, or not there
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

# The kinds of problem that the service tells over HTTP: the status and the title of each, and what a client can do.
PROBLEMS = {
    "Bad request": (400, "The request does not keep to the protocol: mend it as its detail says."),
    "Bad parameter": (400, "A parameter is not known, or its value does not fit: take one that is named."),
    "Query syntax error": (400, "The query is not SPARQL 1.1: mend it at the line and column that are told."),
    "Query refused": (403, "The query asks for what is not done here, or takes or gives more than a query may."),
    "Not found": (404, "There is no such thing: take one of the nearest names, if any is meant."),
    "Method not allowed": (405, "The resource does not know that method: take one that Allow lists."),
    "Not acceptable": (406, "The answer has no format that was asked for: take one that is offered."),
    "Body too large": (413, "The body has more bytes than are read: send less."),
    "URL too long": (414, "The URL has more bytes than are read: send the query by POST."),
    "Unsupported media type": (415, "The body is of a kind that is not read: take one that is accepted."),
    "Too many requests": (429, "The client has sent more requests than it may: come back when Retry-After says."),
    "Headers too large": (431, "The headers have more bytes than are read: send less."),
    "Internal error": (
        500,
        "The service is at fault: tell those who run it the id that is the instance of the problem.",
    ),
    "Bad gateway": (
        502,
        "The SPARQL server behind this service gave no answer that is one: ask for something else, or tell those who "
        "run the service.",
    ),
    "Server unavailable": (
        503,
        "The SPARQL server behind this service cannot be reached now: come back when Retry-After says.",
    ),
    "Server timeout": (
        504,
        "The SPARQL server behind this service did not answer in time: ask for less, or come back later.",
    ),
    "Query timeout": (503, "The query took more time than it may: ask for less, or for a part at a time."),
    "Overloaded": (503, "Too many queries are waiting: come back when Retry-After says."),
    "Not ready": (503, "The service does not answer queries yet, or not any more: come back when Retry-After says."),
}


def problem_slug(title: str) -> str:
    """Return the last part of the IRI of a kind of problem."""
    return title.lower().replace(" ", "-")


class PswontoError(Exception):
    """The parent of all errors of this package; it is never raised itself."""


@dataclass(frozen=True)
class Finding:
    """One rule that the data breaks, and where.

    Attributes:
        gate: The check that found it: syntax, SHACL, check, or reasoner.
        severity: Violation, Warning, or Info, as in SHACL.
        message: What is wrong and what would be right.
        file: The file that holds the fault, where it is known.
        line: The line in that file, counted from 1, where it is known.
        focus: The thing at fault, an IRI.
        path: The property at fault, an IRI.
        value: The value at fault, in N-Triples syntax or as an IRI.
        rule: The shape or the check that is broken.
    """

    gate: str
    severity: str
    message: str
    file: str | None = None
    line: int | None = None
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    rule: str | None = None

    def sentence(self) -> str:
        """Tell the finding in one line: place, severity, message, and what it is about."""
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        about = ", ".join(
            f"{name} {text}"
            for name, text in (("focus", self.focus), ("path", self.path), ("value", self.value))
            if text is not None
        )
        return (
            (f"{place}: " if place else "")
            + f"{self.severity}: {self.message}"
            + (f" ({about})" if about else "")
            + (f" [{self.rule}]" if self.rule else "")
        )


class DataError(PswontoError):
    """The data breaks a rule, so it is not served.

    Attributes:
        findings: Every finding, at least one.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.sentence() for finding in self.findings))


# A sentence about a cell that holds very much tells the beginning and the end of it.
_LONGEST = 1000


@dataclass(frozen=True)
class Fault:
    """What is wrong at one place of a spreadsheet or of a file of references.

    Attributes:
        sheet: The name of the file.
        message: What is wrong, and what would be right.
        row: The row, the header being 1, where the fault is in one.
        column: The name of the column.
        cell: The address of the cell, such as C7; in a file of references, the key of the entry.
        value: What stands there.
        nearest: The most similar values that would be right, the most similar first.
    """

    sheet: str
    message: str
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    value: str | None = None
    nearest: tuple[str, ...] = ()

    def near(self, names: Iterable[str]) -> "Fault":
        """Return the same fault with those of some names that are the most like what stands there."""
        return replace(self, nearest=tuple(nearest(self.value or "", names)))

    def sentence(self) -> str:
        """Tell the fault in one line: place, what stands there, what is wrong, and what is nearest."""
        places = (("row", self.row), ("column", self.column), ("cell", self.cell))
        place = ", ".join([self.sheet, *(f"{name} {where}" for name, where in places if where is not None)])
        message = self.message
        if len(message) > _LONGEST:
            message = f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"
        return f"{place}: {message}{suggestion(self.nearest)}"


class SheetRefused(PswontoError):
    """A spreadsheet, or a file of references, has faults, and nothing of it is taken in.

    Attributes:
        faults: Every fault, at least one, in the order of the rows.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        told = "\n".join(fault.sentence() for fault in self.faults)
        number = f"{len(self.faults)} fault" + ("s" if len(self.faults) != 1 else "")
        super().__init__(f"{told}\n{number}; nothing was written")


class TermNotFound(PswontoError):
    """Nothing of a kind has the name that was asked for.

    Attributes:
        kind: The kind, such as factor or work.
        name: The name that was asked for.
        nearest: The most similar names that exist, the most similar first.
    """

    def __init__(self, kind: str, name: str, names: Iterable[str]) -> None:
        self.kind = kind
        self.name = name
        self.nearest = nearest(name, names)
        super().__init__(f"there is no {kind} {name!r}" + suggestion(self.nearest))


class NotEntailed(PswontoError):
    """A triple is neither asserted, nor does it follow from what is.

    Attributes:
        nearest: Where the triple names something that nothing describes: the most similar names that exist.
    """

    def __init__(self, triple: str, unknown: Sequence[str], names: Iterable[str]) -> None:
        self.nearest = nearest(unknown[0], names) if unknown else ()
        words = f"; nothing describes {unknown[0]}{suggestion(self.nearest)}" if unknown else ""
        super().__init__(f"{triple}: neither asserted, nor does it follow from what is{words}")


class QueryNotFound(TermNotFound):
    """No stored query has the name that was asked for."""

    def __init__(self, name: str, names: Iterable[str]) -> None:
        super().__init__("query", name, names)


class QueryFileError(PswontoError):
    """A stored query is not written as it must be: its header, its prefixes or its parameters."""

    def __init__(self, file: str, fault: str) -> None:
        self.file = file
        super().__init__(f"{file}: {fault}")


class QuerySyntaxError(PswontoError):
    """A query is not SPARQL.

    Attributes:
        line: The line of the query where reading stopped, counted from 1.
        column: The column in that line, counted from 1.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class QueryRefused(PswontoError):
    """A query asks for what this service does not do."""


class QueryTimeout(PswontoError):
    """A query was not answered in the time that it had.

    Attributes:
        seconds: That time.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the query was ended after {seconds:g} s, without an answer")


class Overloaded(PswontoError):
    """The service has more queries to answer than it takes."""


class ServerFault(PswontoError):
    """The SPARQL server that holds the dataset gives no answer that is one."""


class ServerUnavailable(ServerFault):
    """The SPARQL server that holds the dataset cannot be reached, or says that it is not available.

    Attributes:
        retry_after: After how many seconds it may be asked again, where that is known.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class ServerTimeout(ServerFault):
    """The SPARQL server that holds the dataset did not answer in the time that it had.

    Attributes:
        seconds: That time.
    """

    def __init__(self, server: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the SPARQL server at {server} did not answer within {seconds:g} s")


class ParameterError(PswontoError):
    """A parameter is unknown, is missing, or has a value that does not fit.

    Attributes:
        parameter: The parameter's name.
        fault: What is wrong with it.
        nearest: The most similar names or values that exist, the most similar first.
    """

    def __init__(self, parameter: str, fault: str, nearest: Sequence[str] = ()) -> None:
        self.parameter = parameter
        self.fault = fault
        self.nearest = tuple(nearest)
        super().__init__(f"parameter {parameter!r} {fault}" + suggestion(self.nearest))


class FormatError(PswontoError):
    """An answer of this kind cannot be written in the format that was asked for.

    Attributes:
        offered: The formats that there are.
    """

    def __init__(self, wanted: str, offered: Sequence[str]) -> None:
        self.wanted = wanted
        self.offered = tuple(offered)
        super().__init__(f"{wanted} is not a format of this answer; there are: {', '.join(offered)}")


class ReasonerUnavailable(PswontoError):
    """No Java, or no reasoner, is on this machine."""


class StoreRefused(PswontoError):
    """A store on a disk is none, is not whole, or holds something else than what is to be served.

    Attributes:
        folder: The folder of the store.
    """

    def __init__(self, folder: Path, fault: str) -> None:
        self.folder = folder
        super().__init__(f"the store {folder} is refused: {fault}; pswonto build --store {folder} builds one")


class SiteError(PswontoError):
    """The pages cannot be written as files, or not to that folder.

    Attributes:
        faults: What stands against it, in a sentence each, at least one; the first hundred are told.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        more = [f"and {len(self.faults) - 100} more"] if len(self.faults) > 100 else []
        super().__init__("\n".join([*self.faults[:100], *more]))


def nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the names that are most similar to a name, the most similar first."""
    return tuple(get_close_matches(name, sorted(names), n=3, cutoff=0.5))


def suggestion(names: Sequence[str]) -> str:
    """Write the end of a sentence that suggests names, or nothing where there are none."""
    return f"; did you mean {' or '.join(names)}?" if names else ""
