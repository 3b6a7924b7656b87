"""References as reference managers write them, in BibTeX, RIS or CSL-JSON, read as works."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
# How a line of RIS begins.
_TAG = re.compile(r"[A-Z][A-Z0-9]  -")
_INITIALS = re.compile(r"(?:\w\.[ -]?)+")
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
        who = names[0] + " et al." if len(names) > 2 else " & ".join(names)
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
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise SheetRefused([Fault(path.name, f"the ending {path.suffix!r} is none of {', '.join(_READERS)}")])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SheetRefused([Fault(path.name, f"cannot be read: {error}")]) from error
    faults: list[Fault] = []
    found: list[Reference] = []
    keys: set[str] = set()
    for entry in reader(path.name, text, faults):
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
    before = len(faults)
    if kind not in known:
        fault = f"the type {kind!r} is none that is known; there are: {', '.join(known)}"
        faults.append(Fault(path.name, fault, column="type", cell=key, value=kind).near(known))
    year = _YEAR.search(entry.get("year") or "")
    if year is None:
        given = entry.get("year") or ""
        fault = f"the year {given!r} has not four digits" if given else "the year is missing"
        faults.append(Fault(path.name, fault, column="year", cell=key, value=given))
    faults += [
        Fault(path.name, f"the {name} is missing", column=name, cell=key)
        for name in ("author", "title")
        if not entry.get(name)
    ]
    doi = _DOI.search(entry.get("doi") or "")
    if entry.get("doi") and doi is None:
        fault = f"{entry['doi']!r} is no DOI, which begins with 10."
        faults.append(Fault(path.name, fault, column="doi", cell=key, value=entry["doi"]))
    if len(faults) > before or year is None:
        return None
    pages = (entry.get("pages") or "").replace("--", "-").replace("-", "\N{EN DASH}")
    return Reference(
        key=key,
        type=known[kind],
        authors=tuple(entry["author"]),
        year=int(year[1]),
        title=_line(entry["title"]),
        container=_line(entry.get("container")) or None,
        volume=entry.get("volume") or None,
        issue=entry.get("issue") or None,
        pages=pages or None,
        publisher=_line(entry.get("publisher")) or None,
        doi=doi[0].lower().rstrip(".,;") if doi else None,
        address=entry.get("address") or None,
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def name(family: str, given: str) -> str:
    """Return the name of a person, the family name first and the given names as initials.

    Args:
        family: The family name.
        given: The given names, or their initials.
    """
    if _INITIALS.fullmatch(given):
        return f"{family}, {given}"
    parts = [part for part in re.split(r"[\s.]+", given) if part]
    if any(part[0].islower() for part in parts):
        # An organization with a comma in its name.
        return f"{family}, {given}"
    # A name with a hyphen has two initials with a hyphen between.
    initials = ["-".join(f"{piece[0]}." for piece in part.split("-") if piece) for part in parts]
    return f"{family}, {' '.join(initials)}" if initials else family


def _bibtex(file: str, text: str, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    # They take time to import, and only these files need them.
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
    from pylatexenc.latex2text import LatexNodes2Text

    plain: Callable[[str], str] = LatexNodes2Text().latex_to_text
    library = parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    for block in library.failed_blocks:
        faults.append(Fault(file, f"no entry can be read here: {block.error}", (block.start_line or 0) + 1))
    for entry in library.entries:
        fields = {field.key.lower(): field.value for field in entry.fields}
        people = fields.get("author") or fields.get("editor") or []

        def of(*names: str, fields: Mapping[str, Any] = fields) -> str:
            return next((_line(plain(str(fields[name]))) for name in names if fields.get(name)), "")

        yield {
            "key": entry.key,
            "type": entry.entry_type.lower(),
            "author": [
                name(plain(" ".join([*one.von, *one.last, *one.jr])), plain(" ".join(one.first))) for one in people
            ],
            "year": of("year", "date"),
            "title": of("title"),
            "container": of("journal", "journaltitle", "booktitle", "howpublished"),
            "volume": of("volume"),
            "issue": of("number", "issue"),
            "pages": str(fields.get("pages", "")),
            "publisher": of("publisher", "institution", "school", "organization"),
            "doi": str(fields.get("doi", "")),
            "address": str(fields.get("url", "")),
        }


def _ris(file: str, text: str, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    import rispy

    # What has no beginning or no end would be passed over without a word.
    begun: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        tag = line[:2] if _TAG.match(line) else ""
        if tag == "TY" and begun is not None:
            faults.append(Fault(file, "the record that begins here has no end (ER  -)", begun))
        elif begun is None and tag != "TY" and line.strip():
            faults.append(Fault(file, f"{line.strip()!r} stands outside of a record, which begins with TY  -", number))
        begun = number if tag == "TY" else None if tag == "ER" else begun
    if begun is not None:
        faults.append(Fault(file, "the record that begins here has no end (ER  -)", begun))
    if faults:
        return
    entries = rispy.loads(text, skip_unknown_tags=True)
    for number, entry in enumerate(entries, 1):
        first, last = str(entry.get("start_page", "")), str(entry.get("end_page", ""))
        people = entry.get("authors") or entry.get("first_authors") or []
        yield {
            "key": str(entry.get("id") or f"entry {number}"),
            "type": str(entry.get("type_of_reference", "")),
            "author": [name(*_parted(one)) for one in people],
            "year": str(entry.get("year") or entry.get("publication_year") or entry.get("date") or ""),
            "title": entry.get("title") or entry.get("primary_title") or "",
            "container": entry.get("secondary_title") or entry.get("journal_name") or entry.get("alternate_title3"),
            "volume": str(entry.get("volume", "")),
            "issue": str(entry.get("number", "")),
            "pages": f"{first}-{last}" if last and "-" not in first else first,
            "publisher": entry.get("publisher"),
            "doi": str(entry.get("doi", "")),
            "address": (entry.get("urls") or [""])[0],
        }


def _parted(text: str) -> tuple[str, str]:
    family, _, given = text.partition(",")
    return family.strip(), given.strip()


def _csl(file: str, text: str, faults: list[Fault]) -> Iterator[dict[str, Any]]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        faults.append(Fault(file, f"is no JSON: {error.msg}", error.lineno))
        return
    items = document if isinstance(document, list) else document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        faults.append(Fault(file, "is no CSL-JSON, which is a list of items"))
        return
    for number, item in enumerate(items, 1):
        dates: Sequence[Any] = item.get("issued", {}).get("date-parts", [[]])
        people = item.get("author") or item.get("editor") or []
        yield {
            "key": str(item.get("id") or f"item {number}"),
            "type": str(item.get("type", "")),
            "author": [
                one["literal"]
                if "literal" in one
                else name(
                    " ".join(filter(None, (one.get("non-dropping-particle"), one.get("family")))), one.get("given", "")
                )
                for one in people
            ],
            "year": str(dates[0][0]) if dates and dates[0] else str(item.get("issued", {}).get("raw", "")),
            "title": item.get("title", ""),
            "container": item.get("container-title"),
            "volume": str(item.get("volume", "")),
            "issue": str(item.get("issue", "")),
            "pages": str(item.get("page", "")),
            "publisher": item.get("publisher"),
            "doi": str(item.get("DOI", "")),
            "address": str(item.get("URL", "")),
        }


_READERS: Mapping[str, Callable[[str, str, list[Fault]], Iterator[dict[str, Any]]]] = {
    ".bib": _bibtex,
    ".ris": _ris,
    ".json": _csl,
}
