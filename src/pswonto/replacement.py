"""Files that are replaced together: whoever reads them finds all of the old ones or all of the new ones, never some.

The new texts are written beside the files first. Then one file, whose name is known, tells which they are; from that
moment on they are what the files say, also where the process ends before it has moved them to their places.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_JOURNAL = ".pswonto-replacement"


def _beside(path: Path) -> Path:
    return path.with_name(f".new-{path.name}")


@contextmanager
def locked(folder: Path, *, to_read: bool = False) -> Iterator[None]:
    """Let no other process replace files of a folder meanwhile.

    Args:
        folder: The folder.
        to_read: Whether files are only read, so that others may read them too.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if to_read else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace(texts: Mapping[Path, str]) -> None:
    """Replace files of one folder together; the folder must be locked.

    Args:
        texts: The new text of each file, all of them in one folder.
    """
    folders = {path.parent for path in texts}
    if len(folders) != 1:
        raise ValueError("files that are replaced together must lie in one folder")
    (folder,) = folders
    for path, text in texts.items():
        _write(_beside(path), text)
    digests = {path.name: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}
    journal = folder / _JOURNAL
    draft = folder / f"{_JOURNAL}.draft"
    _write(draft, json.dumps(digests))
    # This is the moment: before it the old texts stand, and after it the new ones.
    draft.replace(journal)
    _keep(folder)
    settle(folder)


def settle(folder: Path) -> None:
    """Finish a replacement that has begun, if there is one; the folder must be locked."""
    journal = folder / _JOURNAL
    for name in _told(folder):
        path = folder / name
        if _beside(path).exists():
            _beside(path).replace(path)
    _keep(folder)
    journal.unlink(missing_ok=True)


def current(path: Path) -> Path:
    """Return where the text of a file is: beside it, where a replacement has begun and not ended.

    Args:
        path: The file.
    """
    digest = _told(path.parent).get(path.name)
    new = _beside(path)
    if digest is None or not new.exists():
        return path
    return new if hashlib.sha256(new.read_bytes()).hexdigest() == digest else path


def _told(folder: Path) -> dict[str, str]:
    journal = folder / _JOURNAL
    if not journal.exists():
        return {}
    told: dict[str, str] = json.loads(journal.read_text(encoding="utf-8"))
    return told


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _keep(folder: Path) -> None:
    """Let the names of a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
