"""The links of a page, a drawing or a style sheet: led elsewhere, and read again by other means."""

import re
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

_ATTRIBUTES = ("href", "src", "action", "xlink:href")
# What stands in a script or a comment is no tag; the tag of a script itself is one.
_TAG = re.compile(
    rf"<!--.*?-->|(<script\b[^>]*>).*?</script>|(<[A-Za-z][^>]*?\s(?:{'|'.join(_ATTRIBUTES)})=[^>]*>)", re.DOTALL
)
_LINK = re.compile(rf'(?<=\s)({"|".join(_ATTRIBUTES)})="([^"]*)"')
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

    return _TAG.sub(in_tag, text)


class Reader(HTMLParser):
    """Reads a page or a drawing as a browser does, however it was written.

    Args:
        text: The page or drawing.

    Attributes:
        links: Its links to something of the same site, each once.
        anchors: The names of its parts, which links can lead to.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what a tag tells; the parser calls it."""
        for name, value in attrs:
            if value is None:
                continue
            if name == "id":
                self.anchors.add(value)
            elif name in _ATTRIBUTES:
                self.links.update(filter(is_internal, (value,)))
            elif "url(" in value:
                self.links |= references(value)


def references(style: str) -> set[str]:
    """Return what a style sheet, or an attribute that is style, refers to on the same site."""
    return set(filter(is_internal, _REFERENCE.findall(style)))
