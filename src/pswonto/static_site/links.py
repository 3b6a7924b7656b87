"""Whether every link of the files in a folder leads to one of them, and to a part that this has."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pswonto.static_site.hypertext import Reader, references

_PAGES, _STYLE = (".html", ".svg"), ".css"


@dataclass(frozen=True)
class Checked:
    """What following the links has shown.

    Attributes:
        links: How many links there are, each counted once in a file.
        broken: What is wrong, in a sentence for each link that leads nowhere.
    """

    links: int
    broken: Sequence[str]


def check(folder: Path, base_path: str | None = None) -> Checked:
    """Follow every link of every page, drawing and style sheet in a folder.

    Args:
        folder: The folder.
        base_path: The path that it will have on its host, for links that begin with it; without it, none may.
    """
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    @cache
    def read(file: str) -> tuple[set[str], set[str]]:
        """Return the links of a file, and its parts."""
        if not file.endswith((*_PAGES, _STYLE)):
            return set(), set()
        text = (folder / file).read_text(encoding="utf-8")
        if file.endswith(_STYLE):
            return references(text), set()
        reader = Reader(text)
        return reader.links, reader.anchors

    number = 0
    broken = []
    for file in sorted(files):
        for link in sorted(read(file)[0]):
            number += 1
            split = urlsplit(link)
            target = _target(file, unquote(split.path), base_path)
            if target is None:
                broken.append(f"{file}: {link} leads out of the folder")
            elif target not in files:
                broken.append(f"{file}: {link} leads to {target}, which is not there")
            elif split.query:
                broken.append(f"{file}: {link} asks something, and no file answers")
            elif split.fragment and unquote(split.fragment) not in read(target)[1]:
                broken.append(f"{file}: {link} leads to a part that {target} does not have")
    return Checked(number, broken)


def _target(file: str, path: str, base_path: str | None) -> str | None:
    if path.startswith("/"):
        return path.removeprefix(base_path) if base_path and path.startswith(base_path) else None
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
    return None if target.startswith("../") else target
