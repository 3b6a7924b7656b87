"""Whether the data keeps to its source: what it says of a review is proved from a text of that review."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pswonto.errors import Finding, nearest, suggestion
from pswonto.namespaces import VOCABULARY, contract
from pswonto.queries import QueryLibrary, Term
from pswonto.source_text import SourceText, digest, longest_run, read_source_text, runs_of, words
from pswonto.store import Store

LONGEST_RUN = 8
"""How many words running a text of ours may share with the source (CODEBOOK: no sentence is copied)."""

Row = dict[str, Term]

# A year behind a name that starts with a capital, as citations are printed: Byrne et al., 2016; Byrne et al. (2016).
_NAME = re.compile(r"[A-Z][\w'\u2019-]+")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d[a-z]?\b")
_LOOKS_LIKE_CITATION = re.compile(
    rf"{_NAME.pattern}(?: et al\.)?(?:,? (?:&|and) {_NAME.pattern})*(?:, {_YEAR.pattern}| \({_YEAR.pattern}\))"
)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True)
class Verification:
    """What was compared with the source, and what does not agree.

    Attributes:
        compared: How many of each kind of thing were compared, by name.
        findings: What does not agree.
    """

    compared: Mapping[str, int]
    findings: tuple[Finding, ...]


def verify_source(store: Store, library: QueryLibrary, path: Path) -> Verification:
    """Prove from the data alone that it keeps to a text of the review.

    Every passage exists and has the words that were coded; each citation is printed there, none is missing from the
    data, and each of the Results is taken up by a statement; each work that a claim cites is printed in its passage, or
    the misspelling that is recorded for it is; each figure is printed; and no text of ours repeats more than eight
    words running.

    Args:
        store: The dataset.
        library: The stored queries of the folder `curation`.
        path: The text of the review.

    Raises:
        SourceUnreadable: The text cannot be read.
    """
    rows = {query.name: store.select(query.text).rows for query in library}
    passages = {_value(row, "passage"): row for row in rows["passages-to-verify"]}
    source = read_source_text(path, {_value(row, "heading") for row in passages.values()})
    texts: dict[str, str] = {}
    findings = list(_compare_passages(passages, source, texts))
    findings += _compare_citations(rows["citations-to-verify"], rows["other-marks"], passages, texts)
    findings += _compare_works(rows["works-to-verify"], rows["citations-to-verify"], texts)
    findings += _compare_figures(rows["figures-to-verify"], texts)
    findings += _compare_bases(rows["bases-to-verify"], texts)
    findings += _compare_prose(rows["prose-to-verify"], source)
    compared = {
        "passages": len(passages),
        "citations": len(rows["citations-to-verify"]),
        "works cited by claims": len(rows["works-to-verify"]),
        "figures": len(rows["figures-to-verify"]),
        "quoted bases": len(rows["bases-to-verify"]),
        "texts of ours": len(rows["prose-to-verify"]),
    }
    return Verification(compared, tuple(findings))


def _compare_passages(passages: Mapping[str, Row], source: SourceText, texts: dict[str, str]) -> Iterator[Finding]:
    """Find the paragraph of each passage, and keep its text."""
    counted: dict[str, int] = {}
    for passage, row in passages.items():
        heading, ordinal = _value(row, "heading"), int(_value(row, "ordinal"))
        counted[heading] = max(ordinal, counted.get(heading, 0))
        text = source.paragraph(heading, ordinal)
        if text is None:
            below = len(source.paragraphs.get(heading, []))
            missing = f"has {below} paragraphs" if heading in source.paragraphs else "is not in the text"
            yield _finding(
                f"the passage does not exist: the heading {heading!r} {missing}", passage, "paragraphOrdinal"
            )
            continue
        texts[passage] = text
        if "digest" in row and _value(row, "digest") != digest(text):
            yield _finding(
                f"the words of this paragraph are not those that were coded; it starts {_start(text)!r}",
                passage,
                "wordDigest",
            )
    for heading, paragraphs in source.paragraphs.items():
        for text in paragraphs[counted[heading] :]:
            yield Finding(
                "source",
                "Violation",
                f"the text has a paragraph below {heading!r} that the data lacks; it starts {_start(text)!r}",
            )


def _compare_citations(
    citations: Iterable[Row], marks: Iterable[Row], passages: Mapping[str, Row], texts: Mapping[str, str]
) -> Iterator[Finding]:
    """Strike each citation out of its paragraph: what is not there, and what is left over, does not agree."""
    rest = dict(texts)
    left: dict[tuple[str, str], int] = {}
    for row in citations:
        citation, passage, printed = _value(row, "citation"), _value(row, "passage"), _value(row, "printed")
        if passage not in rest:
            continue
        # A printed form with two years, such as "Otte et al., 2020a, 2020b", is two citations and is printed once.
        if left.get((passage, printed), 0):
            left[passage, printed] -= 1
        elif printed in rest[passage]:
            rest[passage] = rest[passage].replace(printed, " ", 1)
            left[passage, printed] = len(_YEAR.findall(printed)) - 1
        else:
            close = suggestion(nearest(printed, _LOOKS_LIKE_CITATION.findall(texts[passage])))
            yield _finding(f"{printed!r} is not printed in {contract(passage)}{close}", citation, "printedAs")
        explained = _value(row, "explained") == "true"
        if "work" not in row:
            if not explained:
                yield _finding("the citation refers to no work, and no anomaly says why", citation, "refersTo")
        elif not explained and not _fits(printed, row):
            work = contract(_value(row, "work"))
            yield _finding(f"{printed!r} does not fit {work}, and no anomaly says why", citation, "refersTo")
        in_results = _value(passages[passage], "mainSection") == "Results"
        if in_results and "work" in row and _value(row, "takenUp") == "false":
            message = f"no statement of {contract(passage)} takes up {printed!r}, which is cited there"
            yield _finding(message, citation, "refersTo")
    for row in marks:
        passage = _value(row, "passage")
        rest[passage] = rest.get(passage, "").replace(_value(row, "printed"), " ", 1)
    for passage, text in rest.items():
        for printed in _LOOKS_LIKE_CITATION.findall(text):
            yield _finding(
                f"{printed!r} is printed here, and the data has no citation for it", passage, "citationOrdinal"
            )


def _compare_works(claims: Iterable[Row], citations: Iterable[Row], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Look for each work that a claim cites in the paragraph of the claim."""
    printed: dict[tuple[str, str], set[str]] = {}
    for row in citations:
        if "work" in row:
            printed.setdefault((_value(row, "passage"), _value(row, "work")), set()).add(_value(row, "printed"))
    for row in claims:
        passage, work = _value(row, "passage"), _value(row, "work")
        forms = printed.get((passage, work), set())
        if not any(form in texts.get(passage, "") for form in forms):
            here = sorted(contract(other) for place, other in printed if place == passage)
            message = f"{contract(work)} is not cited in {contract(passage)}, where the claim is said to stand; "
            message += f"cited there: {', '.join(here)}" if here else "nothing is cited there"
            yield _finding(message, _value(row, "claim"), "citesWork")


def _compare_figures(figures: Iterable[Row], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Look for each number in its paragraph."""
    for row in figures:
        number, passage = Decimal(_value(row, "number")), _value(row, "passage")
        # A comma stands between thousands, a full stop before decimals.
        if number not in [Decimal(each.replace(",", "")) for each in _NUMBER.findall(texts.get(passage, ""))]:
            message = f"the number {number} is not printed in {contract(passage)}"
            yield Finding("source", "Violation", message, focus=_value(row, "thing"), path=_value(row, "property"))


def _compare_bases(bases: Iterable[Row], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Look for the words that a value rests on, in the passage or in the title of the work."""
    for row in bases:
        where, quoted = _value(row, "basis").split(": ", 1)
        if where == "Title":
            place, text = "the title", _value(row, "title") if "title" in row else ""
        else:
            passage = _value(row, "passage") if "passage" in row else ""
            place, text = contract(passage) or "a passage, for pswo:statedIn is missing", texts.get(passage, "")
        if quoted.casefold() not in text.casefold():
            message = f"{quoted!r} is said to be the basis, and is not printed in {place}"
            yield Finding("source", "Violation", message, focus=_value(row, "thing"), path=_value(row, "property"))


def _compare_prose(texts: Iterable[Row], source: SourceText) -> Iterator[Finding]:
    """Look for stretches of words that a text of ours shares with the source."""
    shared = LONGEST_RUN + 1
    runs = {
        run for paragraphs in source.paragraphs.values() for text in paragraphs for run in runs_of(words(text), shared)
    }
    for row in texts:
        run = longest_run(words(_value(row, "text")), runs, shared)
        if run:
            message = f"{len(run)} words running are those of the source ({' '.join(run)!r}): say it in other words"
            yield Finding("source", "Violation", message, focus=_value(row, "thing"), path=_value(row, "property"))


def _fits(printed: str, row: Row) -> bool:
    """Return whether a printed citation names the year and authors of a work, the first among them, and no other."""
    authors, year = _value(row, "authors"), _value(row, "year")
    abbreviation = re.search(r"\((\w+)\)", authors)
    first = re.split(r"[,;(]", authors)[0].strip()
    names = _NAME.findall(_YEAR.split(printed)[0])
    is_first = first in printed or (abbreviation is not None and abbreviation[1] in printed)
    return year in printed and is_first and set(names) <= set(_NAME.findall(authors))


def _start(text: str) -> str:
    return " ".join(text.split()[:8]) + " …"


def _finding(message: str, focus: str, path: str) -> Finding:
    return Finding("source", "Violation", message, focus=focus, path=VOCABULARY + path)


def _value(row: Row, name: str) -> str:
    return row[name].value
