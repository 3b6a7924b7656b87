"""Which file of an export stands for which address of the service."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pswonto.namespaces import DESCRIPTION, Names
from pswonto.store import GRAPH_FORMATS
from pswonto.web.description import VOID_PATH
from pswonto.web.representation import FORMATS, REFERENCES
from pswonto.web.sparql import PATH

# What the suffix of a file tells a host about its type. The longest come first.
SUFFIXES = {
    **REFERENCES,
    **FORMATS,
    **{suffix: media_type for media_type, (suffix, _) in GRAPH_FORMATS.items()},
    "html": "text/html",
    "css": "text/css",
    "svg": "image/svg+xml",
    "txt": "text/plain",
}
NOT_FOUND = "404.html"
# These ask something of whoever reads them, so that no file can stand for them.
_ASKED = ("/search", "/docs", "/openapi.json", PATH)
# Letters that differ by nothing but their size would be the same on some file systems.
_SAFE = re.compile(r"[a-z0-9-]*")
_LONGEST = 100
# What a path may hold for any file system to have it, in bytes.
_MOST = 200
_DESCRIBE = re.compile(r"DESCRIBE <([^>]*)>")


@dataclass(frozen=True)
class Address:
    """What is exported, and where to.

    Attributes:
        file: Its file, by the path below the folder of the export.
        target: What to ask the service for: path and query.
        media_type: What it is.
        text: What the file holds, where that is known without asking.
    """

    file: str
    target: str
    media_type: str
    text: str | None = None


class Addresses:
    """Finds the file for each address.

    A path stands for itself, with the suffix of its format; what is asked behind a question mark becomes a file in the
    folder of that name, so that no two addresses have one file.

    Args:
        names: How the things of the dataset are named.
        things: The IRIs of all of them.
    """

    def __init__(self, names: Names, things: Iterable[str]) -> None:
        self._names = names
        # Such a thing is described in a document with others, whose page has no part of its own for it.
        self._parts = {names.href(thing) for thing in things if "#" in thing}

    def find(self, link: str) -> tuple[Address, str] | None:
        """Return what a link leads to, and to which part of it, or nothing where no file stands for that.

        Args:
            link: A link of the service that begins at its root.
        """
        split = urlsplit(link)
        path = unquote(split.path)
        if path == PATH and split.query:
            return self._query(dict(parse_qsl(split.query, keep_blank_values=True)), split.fragment)
        if path == VOID_PATH:
            # There is no service here whose description could stand beside that of the data.
            path = f"{self._names.path(DESCRIPTION)}.ttl"
        if path in _ASKED or not _fits(path):
            return None
        # How many items a page has changes nothing where it has all.
        pairs = [pair for pair in parse_qsl(split.query, keep_blank_values=True) if pair[0] != "limit"]
        fragment = "" if link in self._parts else unquote(split.fragment)
        return _address(path, sorted(pairs, key=lambda pair: pair[0])), fragment

    def _query(self, asked: dict[str, str], fragment: str) -> tuple[Address, str]:
        text = asked["query"]
        target = f"{PATH}?{urlencode(asked)}"
        file = f"{PATH.removeprefix('/')}/{_digest(text)}"
        if format_ := asked.get("format"):
            described = _DESCRIBE.fullmatch(text)
            path = self._names.path(described[1]) if described else None
            stem = path.removeprefix("/") if path and _fits(path) else file
            return Address(f"{stem}.{format_}", target, SUFFIXES[format_]), ""
        if fragment:
            # Who wants the answer gets it, and who wants to see the query gets that.
            return Address(f"{file}.html", target, SUFFIXES["html"]), fragment
        return Address(f"{file}.txt", target, SUFFIXES["txt"], text.rstrip("\n") + "\n"), ""


def _address(path: str, pairs: Sequence[tuple[str, str]]) -> Address:
    target = quote(path) + (f"?{urlencode(pairs)}" if pairs else "")
    suffix = next((suffix for suffix in SUFFIXES if path.endswith(f".{suffix}")), "")
    stem = path.removesuffix(f".{suffix}") if suffix else path
    if not suffix:
        suffix = "json" if path.startswith("/api/") else "html"
    stem = stem.removeprefix("/") or "index"
    return Address(f"{stem}/{_name(pairs)}.{suffix}" if pairs else f"{stem}.{suffix}", target, SUFFIXES[suffix])


def _name(pairs: Sequence[tuple[str, str]]) -> str:
    name = "_".join(f"{name}-{value}" for name, value in pairs)
    if len(name) <= _LONGEST and all(_SAFE.fullmatch(value) for _, value in pairs):
        return name
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:_LONGEST] + "-" + _digest(urlencode(pairs))


def _fits(path: str) -> bool:
    """Tell whether a path can be that of a file inside a folder."""
    parts = path.removeprefix("/").split("/")
    return path == "/" or not any(
        part in ("", ".", "..") or "\0" in part or len(part.encode()) > _MOST for part in parts
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
