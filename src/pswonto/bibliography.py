"""Works as reference managers read them: CSL-JSON, and BibTeX and RIS made of it."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pswonto.models import Work

# For each type of work its type in CSL, in BibTeX and in RIS, and where BibTeX puts what it is part of or published by.
_TYPES = {
    "JournalArticle": ("article-journal", "article", "JOUR"),
    "ReportDocument": ("report", "techreport", "RPRT"),
    "Book": ("book", "book", "BOOK"),
    "BookChapter": ("chapter", "incollection", "CHAP"),
    "WebPage": ("webpage", "misc", "ELEC"),
    "ComputerProgram": ("software", "misc", "COMP"),
}
_INITIALS = re.compile(r"(?:\w\.[ -]?)+")
_CONTAINERS = {"article": "journal", "incollection": "booktitle"}
_BIBTEX = {csl: bibtex for csl, bibtex, _ in _TYPES.values()}
_RIS = {csl: ris for csl, _, ris in _TYPES.values()}
# What BibTeX would take for more than a character.
_SPECIAL = re.compile(r"([&%$#_{}])|([\\~^])")
_WORDS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def csl(works: Iterable[Work]) -> list[dict[str, Any]]:
    """Return works as items of CSL-JSON (Citation Style Language 1.0.2, its data schema).

    Args:
        works: The works, with bibliographic data as the review prints it, and registered DOIs.
    """
    return [_item(work) for work in works]


def _item(work: Work) -> dict[str, Any]:
    item = {
        "id": work.key,
        "type": _TYPES[work.type][0],
        "author": [_name(name) for name in work.author_names],
        "issued": {"date-parts": [[work.publication_year]]},
        "title": work.title,
        "container-title": work.container_title,
        "volume": work.volume,
        "issue": work.issue,
        # CSL has a hyphen between pages.
        "page": work.pages and work.pages.replace("\N{EN DASH}", "-"),
        "publisher": work.publisher,
        "DOI": work.doi,
        "URL": work.web_address,
    }
    return {member: value for member, value in item.items() if value is not None}


def _name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    # Who has no initials is an organization, some of which have a comma in their name.
    is_person = comma and _INITIALS.fullmatch(given)
    return {"family": family, "given": given} if is_person else {"literal": name}


def csl_json(works: Iterable[Work]) -> str:
    """Write works as CSL-JSON."""
    return json.dumps(csl(works), ensure_ascii=False, indent=1) + "\n"


def bibtex(works: Iterable[Work]) -> str:
    """Write works as BibTeX, in UTF-8; the keys are those of their IRIs."""
    return "\n".join(_entry(item) for item in csl(works))


def _entry(item: Mapping[str, Any]) -> str:
    kind = _BIBTEX[item["type"]]
    fields = {
        "author": " and ".join(_bibtex_name(name) for name in item["author"]),
        # Braces keep the capitals of a title as they are.
        "title": f"{{{_escaped(item['title'])}}}",
        "year": str(item["issued"]["date-parts"][0][0]),
        _CONTAINERS.get(kind, "howpublished"): _escaped(item.get("container-title", "")),
        "volume": item.get("volume", ""),
        "number": item.get("issue", ""),
        "pages": item.get("page", "").replace("-", "--"),
        "institution" if kind == "techreport" else "publisher": _escaped(item.get("publisher", "")),
        "doi": item.get("DOI", ""),
        "url": item.get("URL", ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}\n"])


def _bibtex_name(name: Mapping[str, str]) -> str:
    if "literal" in name:
        return f"{{{_escaped(name['literal'])}}}"
    return _escaped(f"{name['family']}, {name['given']}")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\{match[1]}" if match[1] else _WORDS[match[2]], text)


def ris(works: Iterable[Work]) -> str:
    """Write works as RIS, with lines that end as that format has it."""
    return "".join(_record(item) for item in csl(works))


def _record(item: Mapping[str, Any]) -> str:
    first, _, last = item.get("page", "").partition("-")
    fields = [
        ("TY", _RIS[item["type"]]),
        ("ID", item["id"]),
        *(("AU", name.get("literal") or f"{name['family']}, {name['given']}") for name in item["author"]),
        ("PY", str(item["issued"]["date-parts"][0][0])),
        ("TI", item["title"]),
        ("T2", item.get("container-title", "")),
        ("VL", item.get("volume", "")),
        ("IS", item.get("issue", "")),
        ("SP", first),
        ("EP", last),
        ("PB", item.get("publisher", "")),
        ("DO", item.get("DOI", "")),
        ("UR", item.get("URL", "")),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n\r\n"
