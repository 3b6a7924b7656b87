"""Files that are replaced together: whoever reads them finds all of the old ones or all of the new ones, never some.

The new texts are written beside the files first. Then one file, whose name is known, tells which they are; from that
moment on they are what the files say, also where the process ends before it has moved them to their places.
"""

import fcntl
import hashlib
import json
import os
import shutil
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

    Raises:
        OSError: The folder cannot be opened, or files are to be replaced where there are no locks.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH if to_read else fcntl.LOCK_EX)
        except OSError as error:
            # Where there are no locks, as on some network drives, nobody replaces files, so that they can be read.
            if not to_read:
                fault = f"{error.strerror}: this file system has no locks, so work on a copy in another place"
                raise OSError(error.errno, fault, str(folder)) from error
        yield
    finally:
        os.close(descriptor)


def replace(texts: Mapping[Path, str]) -> None:
    """Replace files of one folder together; the folder must be locked.

    Args:
        texts: The new text of each file, all of them in one folder.

    Raises:
        OSError: The disk is full, or the folder is not to be written to; all files are as before.
    """
    folders = {path.parent for path in texts}
    if len(folders) != 1:
        raise ValueError("files that are replaced together must lie in one folder")
    (folder,) = folders
    digests = {path.name: hashlib.sha256(text.encode()).hexdigest() for path, text in texts.items()}
    journal = folder / _JOURNAL
    draft = folder / f"{_JOURNAL}.draft"
    try:
        for path, text in texts.items():
            _write(_beside(path), text)
            if path.exists():
                # Who may read and write it stays.
                shutil.copymode(path, _beside(path))
        _write(draft, json.dumps(digests))
        # This is the moment: before it the old texts stand, and after it the new ones.
        draft.replace(journal)
    except BaseException as error:
        # The journal goes first: it may be there already where the process was interrupted.
        for file in (journal, draft, *map(_beside, texts)):
            file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, f"{error.strerror}; nothing was written", str(folder)) from error
        raise
    _keep(folder)
    settle(folder)


def settle(folder: Path) -> None:
    """Finish a replacement that has begun, if there is one; the folder must be locked."""
    journal = folder / _JOURNAL
    if not journal.exists():
        return
    for name in _told(folder):
        path = folder / name
        if _beside(path).exists():
            _beside(path).replace(path)
    _keep(folder)
    journal.unlink()


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
