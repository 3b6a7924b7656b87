"""Which of the formats on offer a client gets, by its Accept header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Iterator, Mapping, Sequence

# Other names under which clients ask for a media type.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "application/sparql-results+json": ("application/json",),
    "application/sparql-results+xml": ("application/xml", "text/xml"),
    "application/rdf+xml": ("application/xml", "text/xml"),
    "application/ld+json": ("application/json",),
    "text/turtle": ("application/x-turtle", "application/turtle"),
    "application/n-triples": ("text/plain",),
}
_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)")
_QUALITY = re.compile(r";\s*q\s*=\s*([^\s;]+)", re.IGNORECASE)


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the media type to answer with, or nothing where none is acceptable.

    The most specific range that fits a media type gives its quality; the highest quality wins, and among equals the
    first on offer. Ranges that are not written as they must be are passed over, and where none is left, anything goes.

    Args:
        accept: The Accept header, if there was one.
        offered: The media types that there are, the preferred one first.
    """
    ranges = list(_ranges(accept or ""))
    if not ranges:
        return offered[0]
    best, highest = None, 0.0
    for media_type in offered:
        quality = _quality(media_type, ranges)
        if quality > highest:
            best, highest = media_type, quality
    return best


def is_range(text: str) -> bool:
    """Tell whether a text is one media type or range of such, as it may stand in an Accept header."""
    return "," not in text and any(True for _ in _ranges(text))


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        match = _RANGE.fullmatch(part)
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        quality = _QUALITY.search(match[3])
        try:
            yield f"{match[1]}/{match[2]}".lower(), min(float(quality[1]), 1.0) if quality else 1.0
        except ValueError:
            continue


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    group = media_type.split("/")[0] + "/*"
    for names in ((media_type,), SYNONYMS.get(media_type, ()), (group,), ("*/*",)):
        fitting = [quality for name, quality in ranges if name in names]
        if fitting:
            return max(fitting)
    return 0.0
