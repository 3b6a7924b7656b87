"""Entries of files of references, as BibTeX, RIS and CSL-JSON have them: a mapping of texts for each."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pswonto.curating.plain_text import unfit
from pswonto.errors import Fault

# What stands in place of authors that are not named.
MORE = "et al."
# How a line of RIS begins.
_TAG = re.compile(r"[A-Z][A-Z0-9]  -")
_INITIALS = re.compile(r"(?:\w\.[ -]?)+")
# How an entry of BibTeX begins that lacks its sign, so that it would be a comment.
_UNSIGNED = re.compile(r"\w+\s*\{\s*[^\s,{}]+\s*,")
# What CSL calls that of an entry which is a text.
_CSL: Mapping[str, str] = {
    "title": "title",
    "container": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "publisher": "publisher",
    "doi": "DOI",
    "address": "URL",
}


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
        reason = getattr(block.error, "abort_reason", None) or block.error
        told = str(reason).partition(" Note: ")[0]
        faults.append(Fault(file, f"no entry can be read here: {told}", (block.start_line or 0) + 1))
    for comment in library.comments:
        if _UNSIGNED.match(comment.comment.lstrip()):
            fault = f"{' '.join(comment.comment.split())[:40]!r} stands outside of an entry, which begins with @"
            faults.append(Fault(file, fault, (comment.start_line or 0) + 1))
    if text.strip() and not (library.entries or faults):
        faults.append(Fault(file, "there is no entry, which begins with @"))
    for entry in library.entries:
        fields = {field.key.lower(): field.value for field in entry.fields}
        people = fields.get("author") or fields.get("editor") or []

        def of(*names: str, fields: Mapping[str, Any] = fields) -> str:
            return next((plain(str(fields[name])) for name in names if fields.get(name)), "")

        yield {
            "key": entry.key,
            "type": entry.entry_type.lower(),
            "author": [
                name(plain(" ".join([*one.von, *one.last, *one.jr])), plain(" ".join(one.first)))
                if (one.last, one.first) != (["others"], [])
                else MORE
                for one in people
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
    except ValueError as error:
        # A number of more digits than are read.
        faults.append(Fault(file, f"is no JSON that can be read: {error}"))
        return
    items = document if isinstance(document, list) else document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        faults.append(Fault(file, "is no CSL-JSON, which is a list of items"))
        return
    for number, item in enumerate(items, 1):
        key = _csl_text(item.get("id")) or f"item {number}"
        if stray := unfit(key):
            faults.append(Fault(file, f"the key of item {number} holds {stray}"))
            key = f"item {number}"
        entry: dict[str, Any] = {"key": key, "type": _csl_text(item.get("type")) or ""}
        for name, variable in _CSL.items():
            text_ = _csl_text(item.get(variable))
            if text_ is None:
                told = json.dumps(item[variable])
                faults.append(Fault(file, f"{variable} is no text: {told}", column=name, cell=key, value=told))
            entry[name] = text_ or ""
        issued = item.get("issued")
        entry["year"] = _csl_year(issued if isinstance(issued, dict) else {"raw": issued})
        people = item.get("author") or item.get("editor") or []
        entry["author"] = [_csl_name(one) for one in people] if isinstance(people, list) else [None]
        if None in entry["author"]:
            told = json.dumps(people)
            fault = f"the authors are no list of names, each with family and given, or literal: {told}"
            faults.append(Fault(file, fault, column="author", cell=key, value=told))
            continue
        yield entry


def _csl_text(value: Any) -> str | None:
    """Return a text or a number as a text, an empty one where there is none, and nothing where it is something else."""
    if value is None:
        return ""
    # What Crossref answers has lists of one.
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _csl_year(issued: Mapping[str, Any]) -> str:
    parts: Any = issued.get("date-parts")
    # The year is the first part of the first date.
    while isinstance(parts, list):
        parts = parts[0] if parts else None
    return next((text for text in map(_csl_text, (parts, issued.get("raw"), issued.get("literal"))) if text), "")


def _csl_name(person: Any) -> str | None:
    if not isinstance(person, dict):
        return None
    said = {part: _csl_text(person.get(part)) for part in ("literal", "non-dropping-particle", "family", "given")}
    if None in said.values():
        return None
    family = " ".join(filter(None, (said["non-dropping-particle"], said["family"])))
    return said["literal"] or name(family, said["given"] or "")


# What reads the entries of a file of each ending: given its name, its text, and the faults to add to.
READERS: Mapping[str, Callable[[str, str, list[Fault]], Iterator[dict[str, Any]]]] = {
    ".bib": _bibtex,
    ".ris": _ris,
    ".json": _csl,
}
