"""A folder that is written whole or not at all, and that replaces nothing but what was written so before."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pswonto.errors import SiteError

MARKER = ".pswonto-site"
_HEADER = (
    "What pswonto site wrote here. A folder with this list, and with nothing else, is replaced by the next export."
)
_SHOWN = 5


def refuse(folder: Path) -> None:
    """Refuse a folder that holds what no export has written.

    Args:
        folder: The folder, which need not be there.

    Raises:
        SiteError: It is no folder, or holds other files than its marker lists.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise SiteError([f"{folder} is a file: name a folder, or one that is not there yet"])
    inside = {path.relative_to(folder) for path in folder.rglob("*") if _ends(path)}
    marker = folder / MARKER
    if not inside:
        return
    if not marker.is_file():
        raise SiteError([f"{folder} is not empty, and was not written by pswonto site: name another, or empty it"])
    listed = {Path(MARKER), *map(Path, marker.read_text(encoding="utf-8").splitlines()[1:])}
    strange = sorted(path.as_posix() for path in inside - listed)
    if strange:
        shown = ", ".join(strange[:_SHOWN]) + (f", and {len(strange) - _SHOWN} more" if len(strange) > _SHOWN else "")
        raise SiteError([f"{folder} holds what pswonto site did not write, and would be lost: {shown}"])


def _ends(path: Path) -> bool:
    """Tell whether nothing of a folder lies below a path: below a file, a link, and an empty folder."""
    return path.is_symlink() or not path.is_dir() or not any(path.iterdir())


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside another one, and let it take its place if nothing goes wrong until the end.

    Args:
        folder: The folder that is to be there at the end.

    Raises:
        SiteError: It may not be replaced, or cannot be.
    """
    refuse(folder)
    folder = folder.resolve()
    new, old = (folder.with_name(f".{folder.name}.{uuid.uuid4().hex}.{what}") for what in ("new", "old"))
    try:
        new.mkdir(parents=True)
    except OSError as error:
        raise SiteError([f"{folder} cannot be written: {error.filename}: {error.strerror}"]) from error
    try:
        yield new
        files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
        (new / MARKER).write_text("\n".join([_HEADER, *files, ""]), encoding="utf-8")
        # Somebody may have written there since.
        refuse(folder)
        try:
            if folder.exists():
                folder.rename(old)
            new.rename(folder)
        except OSError as error:
            if old.exists():
                old.rename(folder)
            raise SiteError([f"{folder} cannot be replaced: {error.strerror}"]) from error
    finally:
        for rest in (new, old):
            shutil.rmtree(rest, ignore_errors=not rest.exists())
