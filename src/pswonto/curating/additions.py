"""What an import adds to the data, as triples: works, passages, citations, statements, and who coded them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from pswonto.curating.coding import BY_NAME, PROPERTIES, Coded, Passage, Place
from pswonto.curating.references import Reference
from pswonto.namespaces import PREFIXES, Names, local_name

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_INDIVIDUAL = ox.NamedNode(PREFIXES["owl"] + "NamedIndividual")
_KINDS = {
    "JournalArticle": "Journal article",
    "Book": "Book",
    "BookChapter": "Book chapter",
    "ReportDocument": "Report",
    "WebPage": "Web page",
    "ComputerProgram": "Computer program",
}
# A definition that was written here, and so may be written anew.
WRITTEN = re.compile(
    r"Claim number \d+ of the .*, made in paragraph \d+ below the heading .*, credited to \d+ works?\."
)


def _name(short: str) -> ox.NamedNode:
    prefix, _, local = short.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _text(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def slug(text: str) -> str:
    """Return a text as a part of an IRI: words of small letters and digits, with hyphens between.

    Args:
        text: A heading or a name.
    """
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@dataclass(frozen=True)
class Thing:
    """A thing to add.

    Attributes:
        iri: Its IRI.
        said: What is said of it: pairs of property and value.
    """

    iri: str
    said: Sequence[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]

    def quads(self, graph: str) -> Iterator[ox.Quad]:
        """Return what is said of it, with the module that defines it, in the graph of that module.

        Args:
            graph: The IRI of the module.
        """
        module = ox.NamedNode(graph)
        for property_, value in (*self.said, (_name("rdfs:isDefinedBy"), module)):
            yield ox.Quad(ox.NamedNode(self.iri), property_, value, module)


def work(iri: str, reference: Reference, file: str, is_review: bool, in_results: bool) -> Thing:
    """Return a work as the data has it.

    Args:
        iri: Its IRI, which ends with its key.
        reference: The work.
        file: The file that it comes from.
        is_review: Whether it is a review that statements are taken from, and not one that is cited.
        in_results: Whether a statement cites it.
    """
    letter = local_name(iri).removeprefix(reference.slug)
    label = reference.label + letter
    pairs: list[tuple[str, str | None]] = [
        ("bibo:issue", reference.issue),
        ("bibo:pages", reference.pages),
        ("bibo:volume", reference.volume),
        ("dcterms:publisher", reference.publisher),
        ("pswo:authorNames", "; ".join(reference.authors)),
        ("pswo:containerTitle", reference.container),
        ("pswo:doi", reference.doi),
        ("dcterms:source", f"{file}, entry {reference.key}"),
    ]
    kind = _KINDS[reference.type]
    said: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
        (_TYPE, _INDIVIDUAL),
        (_TYPE, _name("pswo:Review" if is_review else "pswo:CitedWork")),
        (_name("rdfs:label"), _text(label)),
        (_name("dcterms:title"), _text(reference.title)),
        (_name("pswo:publicationYear"), ox.Literal(reference.year)),
        *((_name(property_), ox.Literal(value)) for property_, value in pairs if value),
    ]
    if reference.address:
        address = ox.Literal(reference.address, datatype=_name("xsd:anyURI"))
        said.append((_name("pswo:webAddress"), address))
    if is_review:
        meaning = f"Review that statements are taken from, published as {label}: {reference.title}."
        return Thing(iri, [*said, (_name("skos:definition"), _text(meaning))])
    if reference.doi:
        said.append((_name("pswo:doiAsPrinted"), ox.Literal(reference.doi)))
    return Thing(
        iri,
        [
            *said,
            (_TYPE, _name(f"fabio:{reference.type}")),
            (_name("skos:definition"), _text(f"{kind} that was added under {label}.")),
            (_name("pswo:citedInResults"), ox.Literal(in_results)),
            (_name("pswo:printedAs"), ox.Literal(reference.printed())),
        ],
    )


def passage(iri: str, place: Place, section: str, reading: int, review: str) -> Thing:
    """Return a passage as the data has it.

    Args:
        iri: Its IRI.
        place: Where it is.
        section: The main section that it belongs to.
        reading: Its place in the order of the review.
        review: What the review is called.
    """
    where = f"Paragraph {place.paragraph} below the heading {place.heading} of {review}."
    return Thing(
        iri,
        [
            (_TYPE, _INDIVIDUAL),
            (_TYPE, _name("pswo:Passage")),
            (_name("rdfs:label"), _text(f"{place.heading}, paragraph {place.paragraph}, of {review}")),
            (_name("skos:definition"), _text(where)),
            (_name("pswo:mainSection"), ox.Literal(section)),
            (_name("pswo:paragraphOrdinal"), ox.Literal(place.paragraph)),
            (_name("pswo:passageOf"), ox.NamedNode(place.review)),
            (_name("pswo:readingOrdinal"), ox.Literal(reading)),
            (_name("pswo:sectionHeading"), ox.Literal(place.heading)),
        ],
    )


def citation(names: Names, passage: Passage, work: str, label: str, number: int) -> Thing:
    """Return the citation of a work in a passage.

    Args:
        names: How things are named.
        passage: The passage.
        work: The IRI of the work.
        label: What it is called, which is how citations print it but for a comma.
        number: Which citation of the passage it is.
    """
    printed = re.sub(r" (\d{4}[a-z]?)$", r", \1", label)
    key = local_name(passage.iri)
    return Thing(
        f"{names.prefixes['citation']}{key}-{number}",
        [
            (_TYPE, _INDIVIDUAL),
            (_TYPE, _name("pswo:InTextCitation")),
            (_name("rdfs:label"), _text(f"{printed}, in {key} ({number})")),
            (
                _name("skos:definition"),
                _text(
                    f"Citation number {number} of paragraph {passage.place.paragraph} below the heading "
                    f"{passage.place.heading}, taken from the statement that cites it as {printed}."
                ),
            ),
            (_name("pswo:citationOrdinal"), ox.Literal(number)),
            (_name("pswo:locatedIn"), ox.NamedNode(passage.iri)),
            (_name("pswo:printedAs"), ox.Literal(printed)),
            (_name("pswo:refersTo"), ox.NamedNode(work)),
        ],
    )


def activity(iri: str, file: str, by: str, method: str, on: date, number: int) -> Thing:
    """Return the activity that coded what an import adds.

    Args:
        iri: Its IRI.
        file: The file that was imported.
        by: Who or what coded it.
        method: `hand` or `machine`.
        on: The day.
        number: Which import of that day it is.
    """
    what = f"{file} on {on}" + (f", import {number} of that day" if number > 1 else "")
    return Thing(
        iri,
        [
            (_TYPE, _INDIVIDUAL),
            (_TYPE, _name("pswo:CurationActivity")),
            (_name("rdfs:label"), _text(f"Import of {what}")),
            (
                _name("skos:definition"),
                _text(f"Work by {method} in which claims of a review were coded: those of {what}."),
            ),
            (_name("dcterms:creator"), ox.Literal(by)),
            (_name("dcterms:date"), ox.Literal(on.isoformat(), datatype=_name("xsd:date"))),
            (_name("pswo:checkedByPerson"), ox.Literal(False)),
            (_name("pswo:codingMethod"), ox.Literal(method)),
        ],
    )


def meaning(number: int, passage: Passage, works: int) -> ox.Literal:
    """Return the definition of a statement.

    Args:
        number: Its number.
        passage: Where the review makes it.
        works: How many works it cites.
    """
    place = passage.place
    return _text(
        f"Claim number {number} of the {passage.section}, made in paragraph {place.paragraph} below the heading "
        f"{place.heading}, credited to {works} work{'s' if works != 1 else ''}."
    )


def statement(iri: str, coded: Coded, passage: Passage) -> Thing:
    """Return a new statement as the data has it.

    Args:
        iri: Its IRI, which ends with its number.
        coded: What it says.
        passage: Where the review makes it.
    """
    number = int(local_name(iri))
    return Thing(
        iri,
        [
            (_TYPE, _INDIVIDUAL),
            (_TYPE, _name("pswo:EvidenceStatement")),
            (_name("rdfs:label"), _text(f"Statement {number}")),
            (_name("skos:definition"), meaning(number, passage, len(coded.values.get("citesWork", ())))),
            (_name("pswo:checkedByPerson"), ox.Literal(False)),
            *said(coded, passage),
        ],
    )


def said(coded: Coded, passage: Passage) -> Iterable[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]:
    """Return what a row says of a statement, as pairs of property and value."""
    yield _name("pswo:locatedIn"), ox.NamedNode(passage.iri)
    for name in PROPERTIES:
        for value in coded.values.get(name, ()):
            plain = ox.Literal(value) if name == "confidence" else _text(value)
            yield _name(f"pswo:{name}"), ox.NamedNode(value) if BY_NAME[name].kind else plain
