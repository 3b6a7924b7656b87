"""The links of a page, a drawing or a style sheet: found, and led elsewhere."""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import urlsplit

# What stands in a script or a comment is no tag; the tag of a script itself is one.
_ELSE = r"<!--.*?-->|(<script\b[^>]*>).*?</script>"
_LINK = re.compile(r'(?<=\s)((?:xlink:)?href|src|action)="([^"]*)"')
_LINKING = re.compile(rf"{_ELSE}|(<[A-Za-z][^>]*?\s(?:(?:xlink:)?href|src|action)=[^>]*>)", re.DOTALL)
_ID = re.compile(rf'{_ELSE}|<[A-Za-z][^>]*?\sid="([^"]*)"[^>]*>', re.DOTALL)
_REFERRING = re.compile(rf"{_ELSE}|(<[A-Za-z][^>]*url\([^>]*>)", re.DOTALL)
_REFERENCE = re.compile(r"""url\(\s*['"]?([^'")]+)""")


def is_internal(link: str) -> bool:
    """Tell whether a link leads to something of the same site."""
    split = urlsplit(link)
    return not split.scheme and not split.netloc


def led(text: str, lead: Callable[[str], str]) -> str:
    """Return a page or a drawing with other links.

    Args:
        text: The page or drawing, with its attributes in double quotes.
        lead: What says for each link of the same site what is to stand there.
    """

    def other(match: re.Match[str]) -> str:
        link = unescape(match[2])
        return f'{match[1]}="{escape(lead(link))}"' if is_internal(link) else match[0]

    def in_tag(match: re.Match[str]) -> str:
        tag = match[1] or match[2]
        return _LINK.sub(other, tag) + match[0][len(tag) :] if tag else match[0]

    return _LINKING.sub(in_tag, text)


def links(text: str, style: bool = False) -> Iterator[str]:
    """Return the links of the same site that a page, a drawing or a style sheet has.

    Args:
        text: The page, drawing or style sheet.
        style: Whether it is a style sheet.
    """
    if style:
        yield from filter(is_internal, _REFERENCE.findall(text))
        return
    for tag in _tags(_LINKING, text):
        yield from (link for _, written in _LINK.findall(tag) if is_internal(link := unescape(written)))
    for tag in _tags(_REFERRING, text):
        yield from filter(is_internal, _REFERENCE.findall(unescape(tag)))


def _tags(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (tag for match in pattern.finditer(text) if (tag := match[1] or match[2]))


def anchors(text: str) -> set[str]:
    """Return the names of the parts of a page or drawing that a link can lead to."""
    return {unescape(match[2]) for match in _ID.finditer(text) if match[2]}
