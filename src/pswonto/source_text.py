"""The text of a review: read from a file and cut into the paragraphs below each heading."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pswonto.errors import PswontoError

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_MARKUP = re.compile(r"<[^>]*>|[*_`]|\\(?=[_*])")
_END = re.compile(r"[.!?:][\"'\u201d\u2019)\]]*$")
# What stands between the halves of a split paragraph, and is none: rules, tables, captions, the authors' addresses.
_FURNITURE = re.compile(r"-{3,}$|(\*\*)?(Table|Fig\.|Figure) \d+(\*\*)? (?!is |shows )|<sup>\d|[^.]*\w@\w")
# A bold word or two that open a block without a colon, such as Acknowledgements, are a heading of their own.
_RUN_IN_HEADING = re.compile(r"\*\*[^*:]+\*\* ")


class SourceUnreadable(PswontoError):
    """A file cannot be read as the text of a review."""


@dataclass(frozen=True)
class SourceText:
    """The text of a review.

    Attributes:
        paragraphs: The paragraphs below each heading, in order, without markup; headings are kept as they were asked.
    """

    paragraphs: dict[str, list[str]] = field(default_factory=dict)

    def paragraph(self, heading: str, ordinal: int) -> str | None:
        """Return the paragraph of that place below a heading, counted from 1, or nothing where there is none."""
        below = self.paragraphs.get(heading, [])
        return below[ordinal - 1] if 1 <= ordinal <= len(below) else None


def read_source_text(path: Path, headings: Collection[str]) -> SourceText:
    """Read the text of a review and cut it into paragraphs.

    A block is what stands between empty lines. Tables, captions, rules and the authors' addresses are left out. A block
    goes on with the one before where that one does not end a sentence, as page breaks and tables split paragraphs.

    Args:
        path: Plain text or Markdown, in UTF-8.
        headings: The headings to look for; a line that is one of them is a heading, with or without number signs. Any
            other line with number signs ends the section before it.

    Raises:
        SourceUnreadable: The file cannot be read, or is not text in UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceUnreadable(f"{path} cannot be read as text in UTF-8: {error}") from error
    known = {_plain(heading).casefold(): heading for heading in headings}
    found = SourceText()
    section: list[str] | None = None
    for block in re.split(r"\n[ \t]*\n", text):
        for part in _headings_apart(block, known):
            plain = _plain(part)
            title = known.get(plain.lstrip("# ").casefold())
            if title is not None:
                section = found.paragraphs.setdefault(title, [])
            elif part.lstrip().startswith("#") or (_RUN_IN_HEADING.match(part.lstrip()) and not _is_furniture(part)):
                section = None
            elif section is not None and plain and not _is_furniture(part):
                if section and not _END.search(section[-1]):
                    section[-1] += " " + plain
                else:
                    section.append(plain)
    return found


def _headings_apart(block: str, known: Collection[str]) -> list[str]:
    # A heading may stand right above its first paragraph, without an empty line between.
    parts: list[str] = []
    rest: list[str] = []
    for line in block.strip("\n").splitlines():
        if line.startswith("#") or _plain(line).casefold() in known:
            parts += ["\n".join(rest), line] if rest else [line]
            rest = []
        else:
            rest.append(line)
    return parts + (["\n".join(rest)] if rest else [])


def _is_furniture(block: str) -> bool:
    return "\t" in block or _FURNITURE.match(block.strip()) is not None


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub("", text).split())


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return [word.casefold().replace("\u2019", "'") for word in _WORD.findall(_plain(text))]


def digest(paragraph: str) -> str:
    """Return the SHA-256 of the words of a paragraph, in hexadecimal: it tells whether two texts have the same words.

    Letters and digits count, and nothing else, so that quotes, dashes, markup and line ends make no difference.
    """
    return hashlib.sha256("".join(re.findall(r"[^\W_]", _plain(paragraph).casefold())).encode()).hexdigest()


def longest_run(part: Sequence[str], runs: Collection[tuple[str, ...]], length: int) -> list[str]:
    """Return the first longest stretch of words that a source has as well, or nothing where none is long enough.

    Args:
        part: The words of a text.
        runs: Every stretch of `length` words of the source, as `runs_of` gives them.
        length: How many words a stretch has at the least.
    """
    best: list[str] = []
    start = 0
    while start + length <= len(part):
        end = start
        while end + length <= len(part) and tuple(part[end : end + length]) in runs:
            end += 1
        if end > start and end - start + length - 1 > len(best):
            best = list(part[start : end + length - 1])
        start = max(end, start + 1)
    return best


def runs_of(text: Sequence[str], length: int) -> set[tuple[str, ...]]:
    """Return every stretch of that many words in a text."""
    return {tuple(text[start : start + length]) for start in range(len(text) - length + 1)}
