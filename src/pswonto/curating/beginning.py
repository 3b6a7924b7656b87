"""The beginning of a review of one's own: a folder of files that is checked and served as ours is."""

import re
import xml.sax.saxutils
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

import pyoxigraph as ox

from pswonto import resources
from pswonto.curating.additions import slug
from pswonto.curating.coding import NAMES
from pswonto.curating.sheet import csv_bytes
from pswonto.errors import ParameterError
from pswonto.namespaces import BASE, Names
from pswonto.turtle import header_comments, write_turtle

# What an address that IRIs begin with cannot have: it would end them, or what follows would be no path.
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`#?\x7f-\xa0\ud800-\udfff]")
_TEMPLATES = Path(__file__).parent / "project"
_DIRECTIONS = (("Downward", -1), ("Intralevel", 0), ("Upward", 1))
_ROW = {
    "sectionHeading": "Example section",
    "paragraphOrdinal": "1",
    "paraphrase": "An example says in its own words what a review claims, and whom it credits.",
    "hasPolarity": "enabler",
    "aboutTheme": "example-sub-theme",
    "citesWork": "example-study",
    "confidence": "high",
}


@dataclass(frozen=True)
class Beginning:
    """What a review of one's own begins with.

    Attributes:
        title: What it is called; what stands before a colon is its short name.
        base: What its IRIs begin with.
        levels: The names of its levels, from above.
        today: The day.
    """

    title: str
    base: str
    levels: Sequence[str]
    today: date


def begin(folder: Path, beginning: Beginning) -> list[Path]:
    """Write the files of a review of one's own.

    Args:
        folder: Where to; it must be empty, or not there yet.
        beginning: What it begins with.

    Returns:
        The files.

    Raises:
        ParameterError: The folder holds something, the base cannot begin IRIs, a name is no line of text, or two
            levels have one name.
        OSError: The files cannot be written; then there is none of them.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ParameterError("dir", f"must be an empty folder, or one that is not there yet, not {str(folder)!r}")
    if not beginning.base.startswith(("http://", "https://")) or beginning.base.endswith(("/", "#")):
        raise ParameterError("base", f"must be an address without a slash at its end, not {beginning.base!r}")
    if _NO_IRI.search(beginning.base):
        raise ParameterError("base", f'must have no blanks, and none of <>"{{}}|\\^`#?, not {beginning.base!r}')
    for parameter, texts in (("title", [beginning.title]), ("level", beginning.levels)):
        for text in texts:
            if not text.strip() or not text.isprintable():
                raise ParameterError(parameter, f"must be one line of text, not {text!r}")
    if beginning.base == BASE or beginning.base.startswith(f"{BASE}/"):
        raise ParameterError("base", f"must be an address of your own, and not one below {BASE}")
    slugs = [slug(name) for name in beginning.levels]
    if not slugs or not all(slugs) or len(set(slugs)) < len(slugs):
        raise ParameterError("level", f"must have a name of its own for each level, not {list(beginning.levels)}")
    files = dict(_texts(beginning))
    files["core.ttl"] = (resources.ontology_directory() / "core.ttl").read_bytes()
    _write(folder, files)
    return sorted(folder / name for name in files)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files into a folder, all or none."""
    made: list[Path] = []
    try:
        for name, body in files.items():
            path = folder / name
            above = [parent for parent in (path.parent, *path.parent.parents) if not parent.exists()]
            for parent in reversed(above):
                parent.mkdir()
                made.append(parent)
            with path.open("xb") as file:
                made.append(path)
                file.write(body)
    except BaseException as error:
        for path in reversed(made):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, f"{error.strerror}; nothing was written", str(folder)) from error
        raise


def _texts(beginning: Beginning) -> Iterator[tuple[str, bytes]]:
    values = {
        "title": _quoted(beginning.title),
        "base": beginning.base,
        "slug": slug(beginning.title.partition(":")[0]) or "review",
        "today": beginning.today.isoformat(),
        "year": str(beginning.today.year),
    }
    framework = {
        "levels": "\n".join(_levels(beginning.levels, values)),
        "list": " ".join(f"level:{slug(name)}" for name in beginning.levels),
        "first": slug(beginning.levels[0]),
        "directions": "\n".join(_directions([slug(name) for name in beginning.levels])),
    }
    modules = {"root": f"{values['slug']}.ttl", **{name: f"{name}.ttl" for name in ("framework", "works", "evidence")}}
    for name, file in modules.items():
        yield file, _turtle(_filled(f"{name}.ttl", values | framework), Names(beginning.base)).encode()
    yield "shapes/own.ttl", _filled("own.ttl", values).encode()
    plain = values | {"title": beginning.title}
    yield "README.md", _filled("README.md", plain).encode()
    yield "studies.bib", _filled("studies.bib", plain).encode()
    yield "statements.csv", csv_bytes(NAMES, [[_ROW.get(name, "") for name in NAMES]])
    yield "catalog-v001.xml", _catalog(beginning.base, modules["root"]).encode()


def _filled(name: str, values: dict[str, str]) -> str:
    return Template((_TEMPLATES / name).read_text(encoding="utf-8")).substitute(values)


def _quoted(text: str) -> str:
    """Return a text as Turtle has it between quotation marks."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _turtle(text: str, names: Names) -> str:
    """Return a module in our style."""
    prefixes = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in names.prefixes.items())
    triples = [quad.triple for quad in ox.parse((prefixes + text).encode(), format=ox.RdfFormat.TURTLE)]
    return write_turtle(triples, header_comments(text), names.prefixes)


def _levels(levels: Sequence[str], values: dict[str, str]) -> Iterator[str]:
    for number, name in enumerate(levels, 1):
        below = f"\n  pswo:directlyAbove level:{slug(levels[number])} ;" if number < len(levels) else ""
        yield _filled(
            "level.ttl", values | {"slug": slug(name), "name": _quoted(name), "number": str(number), "above": below}
        )


def _directions(levels: Sequence[str]) -> Iterator[str]:
    """Say which influences run downward, within a level, and upward: those between which two levels."""
    for direction, sign in _DIRECTIONS:
        pairs = [
            (one, other)
            for place, one in enumerate(levels)
            for rank, other in enumerate(levels)
            if (place > rank) - (place < rank) == sign
        ]
        if not pairs:
            continue
        ends = (f"{_end('hasSource', one)} {_end('hasTarget', other)}" for one, other in pairs)
        ways = " ".join(f"[ a owl:Class ; owl:intersectionOf ( pswo:Influence {both} ) ]" for both in ends)
        # A union has two members at the least.
        definition = f"[ a owl:Class ; owl:unionOf ( {ways} ) ]" if len(pairs) > 1 else ways
        yield f"pswo:{direction}Influence owl:equivalentClass {definition} ."


def _end(property_: str, level: str) -> str:
    at = f"[ a owl:Restriction ; owl:onProperty pswo:placedAtLevel ; owl:hasValue level:{level} ]"
    factor = f"[ a owl:Class ; owl:intersectionOf ( pswo:Factor {at} ) ]"
    return f"[ a owl:Restriction ; owl:onProperty pswo:{property_} ; owl:someValuesFrom {factor} ]"


def _catalog(base: str, root: str) -> str:
    files = {base: root, f"{BASE}/core": "core.ttl"}
    files |= {f"{base}/{name}": f"{name}.ttl" for name in ("framework", "works", "evidence")}
    entries = "".join(
        f"    <uri name={xml.sax.saxutils.quoteattr(iri)} uri={xml.sax.saxutils.quoteattr(file)}/>\n"
        for iri, file in files.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    return f'{head}<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">\n{entries}</catalog>\n'
