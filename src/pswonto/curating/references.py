"""References as reference managers write them, in BibTeX, RIS or CSL-JSON, read as works."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pswonto.curating.entries import MORE, READERS
from pswonto.curating.plain_text import decoded, unfit
from pswonto.errors import Fault, SheetRefused

# What a work is, in the words of FaBiO, by what BibTeX, RIS and CSL call it.
_TYPES: Mapping[str, Mapping[str, str]] = {
    ".bib": {
        "article": "JournalArticle",
        "book": "Book",
        "incollection": "BookChapter",
        "inbook": "BookChapter",
        "inproceedings": "BookChapter",
        "techreport": "ReportDocument",
        "report": "ReportDocument",
        "phdthesis": "ReportDocument",
        "mastersthesis": "ReportDocument",
        "thesis": "ReportDocument",
        "misc": "WebPage",
        "online": "WebPage",
        "software": "ComputerProgram",
    },
    ".ris": {
        "JOUR": "JournalArticle",
        "EJOUR": "JournalArticle",
        "MGZN": "JournalArticle",
        "BOOK": "Book",
        "EBOOK": "Book",
        "CHAP": "BookChapter",
        "ECHAP": "BookChapter",
        "CONF": "BookChapter",
        "CPAPER": "BookChapter",
        "RPRT": "ReportDocument",
        "THES": "ReportDocument",
        "GOVDOC": "ReportDocument",
        "ELEC": "WebPage",
        "WEB": "WebPage",
        "COMP": "ComputerProgram",
    },
    ".json": {
        "article-journal": "JournalArticle",
        "article": "JournalArticle",
        "book": "Book",
        "chapter": "BookChapter",
        "paper-conference": "BookChapter",
        "report": "ReportDocument",
        "thesis": "ReportDocument",
        "webpage": "WebPage",
        "post-weblog": "WebPage",
        "software": "ComputerProgram",
    },
}
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


@dataclass(frozen=True)
class Reference:
    """A work as a file of references has it.

    Attributes:
        key: The key of its entry.
        type: What it is, as FaBiO calls it.
        authors: The names of its authors, the family name first and the given names as initials.
        year: The year of publication.
        title: The title.
        container: What it is part of.
        volume: The volume of that.
        issue: Its issue.
        pages: The pages there.
        publisher: Who published it.
        doi: Its DOI, in lower case and without an address.
        address: Its address on the web.
    """

    key: str
    type: str
    authors: tuple[str, ...]
    year: int
    title: str
    container: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    publisher: str | None = None
    doi: str | None = None
    address: str | None = None

    @property
    def families(self) -> list[str]:
        """The family names of its authors, and the names of organizations."""
        return [name.partition(",")[0] for name in self.authors]

    @property
    def label(self) -> str:
        """What it is called: one or two names, or the first of more, and the year."""
        names = self.families
        who = f"{names[0]} {MORE}" if len(names) > 2 or MORE in names[1:] else " & ".join(names)
        return f"{who} {self.year}"

    @property
    def slug(self) -> str:
        """The last part of its IRI, where no other work has the same: its first author and its year."""
        plain = unicodedata.normalize("NFKD", self.families[0]).encode("ascii", "ignore").decode().lower()
        return f"{re.sub(r'[^a-z0-9]+', '-', plain).strip('-') or 'anonymous'}-{self.year}"

    def printed(self) -> str:
        """Return it as a reference list has it."""
        within = ", ".join(
            part
            for part in (
                self.container,
                self.volume and self.volume + (f"({self.issue})" if self.issue else ""),
                self.pages,
            )
            if part
        )
        link = f"https://doi.org/{self.doi}" if self.doi else self.address
        parts = (f"{', '.join(self.authors)} ({self.year})", self.title, within, self.publisher, link)
        # A title may end with a mark of its own.
        ended = (part if part[-1] in "?!" else part.rstrip(".") + "." for part in parts[:-1] if part)
        return " ".join([*ended, *([link] if link else [])])


def read_references(path: Path) -> list[Reference]:
    """Read a file of references.

    Args:
        path: A file in BibTeX (.bib), RIS (.ris) or CSL-JSON (.json), in UTF-8.

    Returns:
        Its works, in the order of the file.

    Raises:
        SheetRefused: The file cannot be read, or an entry has no author, year or title, or is of an unknown type.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise SheetRefused([Fault(path.name, f"the ending {path.suffix!r} is none of {', '.join(READERS)}")])
    # Lines end as on any system.
    text = re.sub(r"\r\n?", "\n", decoded(path))
    faults: list[Fault] = []
    found: list[Reference] = []
    keys: set[str] = set()
    try:
        entries = list(reader(path.name, text, faults))
    except RecursionError as error:
        raise SheetRefused([Fault(path.name, "cannot be read: its brackets are nested too deep")]) from error
    for entry in entries:
        if entry["key"] in keys:
            faults.append(Fault(path.name, "this key is there twice", cell=entry["key"], value=entry["key"]))
        keys.add(entry["key"])
        reference = _reference(path, entry, faults)
        if reference is not None:
            found.append(reference)
    if faults:
        raise SheetRefused(faults)
    return found


def _reference(path: Path, entry: Mapping[str, Any], faults: list[Fault]) -> Reference | None:
    known = _TYPES[path.suffix.lower()]
    key, kind = entry["key"], entry["type"]
    authors = tuple(_line(one) for one in entry["author"])
    texts = {name: _line(value) for name, value in entry.items() if name not in ("key", "type", "author")}
    before = len(faults)
    for name, value in (("key", key), ("type", kind), *(("author", one) for one in authors), *texts.items()):
        if stray := unfit(value):
            faults.append(Fault(path.name, f"the {name} holds {stray}", column=name, cell=key, value=value))
    if not key:
        faults.append(Fault(path.name, "an entry has no key", value=texts["title"]))
    if kind not in known:
        fault = f"the type {kind!r} is none that is known; there are: {', '.join(known)}"
        faults.append(Fault(path.name, fault, column="type", cell=key, value=kind).near(known))
    given = texts["year"]
    year = _YEAR.search(given)
    if year is None:
        fault = f"the year {given!r} has not four digits, from 1800 to 2099" if given else "the year is missing"
        faults.append(Fault(path.name, fault, column="year", cell=key, value=given))
    faults += [
        Fault(path.name, f"the {name} is missing", column=name, cell=key)
        for name, value in (("author", authors), ("title", texts["title"]))
        if not value
    ]
    faults += [
        Fault(path.name, f"the author {one!r} has no family name", column="author", cell=key, value=one)
        for one in authors
        if not one.partition(",")[0].strip()
    ]
    doi = _DOI.search(texts["doi"])
    if texts["doi"] and doi is None:
        fault = f"{texts['doi']!r} is no DOI, which begins with 10."
        faults.append(Fault(path.name, fault, column="doi", cell=key, value=texts["doi"]))
    if len(faults) > before or year is None:
        return None
    pages = texts["pages"].replace("--", "-").replace("-", "\N{EN DASH}")
    return Reference(
        key=key,
        type=known[kind],
        authors=authors,
        year=int(year[1]),
        title=texts["title"],
        container=texts["container"] or None,
        volume=texts["volume"] or None,
        issue=texts["issue"] or None,
        pages=pages or None,
        publisher=texts["publisher"] or None,
        doi=doi[0].lower().rstrip(".,;") if doi else None,
        address=texts["address"] or None,
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
