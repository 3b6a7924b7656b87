"""Tests that files which are replaced together are the old ones or the new ones, whenever the process ends."""

import errno
import fcntl
import hashlib
import json
import os
import random
import resource
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pswonto import dataset
from pswonto.replacement import current, locked, replace, settle

NAMES = ("a.ttl", "b.ttl", "c.ttl")
OLD, NEW = ({name: f"{state} {name}\n" * 2000 for name in NAMES} for state in ("old", "new"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the old files."""
    for name, text in OLD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def texts(folder: Path) -> dict[str, str]:
    """Return what a reader finds."""
    with locked(folder, to_read=True):
        return {name: current(folder / name).read_text(encoding="utf-8") for name in NAMES}


def renew(folder: Path) -> None:
    """Replace the old files by the new ones."""
    with locked(folder):
        settle(folder)
        replace({folder / name: text for name, text in NEW.items()})


def test_all_are_replaced(folder: Path) -> None:
    """The new texts are there, and nothing is left beside them."""
    renew(folder)
    assert texts(folder) == NEW
    assert {path.name for path in folder.iterdir()} == set(NAMES)


def test_who_may_read_a_file_stays(folder: Path) -> None:
    """A file that a team may write to is still one."""
    (folder / "a.ttl").chmod(0o664)
    renew(folder)
    assert [(folder / name).stat().st_mode & 0o777 for name in ("a.ttl", "b.ttl")] == [0o664, 0o644]


def test_a_full_disk_leaves_all_as_before(folder: Path) -> None:
    """Nothing lies beside the files, and what is told is where it could not be written."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    # The second file does not fit.
    (large := dict(NEW))["b.ttl"] *= 10
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(large["a.ttl"]) * 2, limits[1]))
        with locked(folder), pytest.raises(OSError, match=f"File too large; nothing was written: '{folder}'"):
            replace({folder / name: text for name, text in large.items()})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handled)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == OLD


def test_without_locks_files_are_read_and_not_replaced(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on some network drives; what is told says what to do."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert texts(folder) == OLD
    with pytest.raises(OSError, match=f"has no locks, so work on a copy in another place: '{folder}'"):
        renew(folder)
    assert {path.name for path in folder.iterdir()} == set(NAMES)


@pytest.mark.parametrize("step", range(12))
def test_wherever_it_ends_the_files_are_whole(step: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each step that changes the folder the process may end: old texts are read, or new ones, and work goes on."""
    steps = iter(range(100))

    def ending(name: str, real: Callable[..., object]) -> None:
        def act(*arguments: object, **options: object) -> object:
            if next(steps) == step:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        monkeypatch.setattr(Path if name != "fsync" else os, name, act)

    for name, real in (("replace", Path.replace), ("unlink", Path.unlink), ("fsync", os.fsync)):
        ending(name, real)
    try:
        renew(folder)
    except KeyboardInterrupt:
        found = texts(folder)
        assert found in (OLD, NEW)
        monkeypatch.undo()
        with locked(folder):
            settle(folder)
        assert texts(folder) == found
    monkeypatch.undo()
    renew(folder)
    assert texts(folder) == NEW
    assert {path.name for path in folder.iterdir()} == set(NAMES)


def test_a_killed_process_leaves_the_files_whole(folder: Path) -> None:
    """Fifty processes that are killed at random leave the old texts or the new ones; both happen."""
    chance = random.Random(7)
    start = time.perf_counter()
    renew(folder)
    takes = time.perf_counter() - start
    outcomes = []
    for _ in range(50):
        for name, text in OLD.items():
            (folder / name).write_text(text, encoding="utf-8")
        child = os.fork()
        if not child:
            renew(folder)
            os._exit(0)
        time.sleep(chance.uniform(0, 2 * takes))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = texts(folder)
        assert found in (OLD, NEW)
        outcomes.append(found == NEW)
        with locked(folder):
            settle(folder)
        assert texts(folder) == found
    assert set(outcomes) == {True, False}


def test_a_reader_waits_for_a_writer(folder: Path) -> None:
    """While files are replaced nobody reads them, and several may read at once."""
    with locked(folder, to_read=True), locked(folder, to_read=True):
        pass
    reader = threading.Thread(target=texts, args=(folder,))
    with locked(folder):
        reader.start()
        reader.join(0.1)
        assert reader.is_alive()
    reader.join(10)
    assert not reader.is_alive()


def test_files_of_several_folders_are_not_replaced_together(tmp_path: Path) -> None:
    """One folder has one lock."""
    with pytest.raises(ValueError, match="must lie in one folder"):
        replace({tmp_path / "a.ttl": "", tmp_path / "b" / "b.ttl": ""})


def test_a_dataset_is_read_as_it_was_replaced(second: Path, tmp_path: Path) -> None:
    """Where the process ended behind the moment, the new texts are read, though the files are still the old ones."""
    for path in second.glob("*.ttl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    old = (tmp_path / "works.ttl").read_text(encoding="utf-8")
    before = len(dataset.read([tmp_path]).store)
    new = old.replace('  pswo:volume "1" ;\n', "").replace('  bibo:volume "1" ;\n', "")
    assert new != old
    with locked(tmp_path):
        replace({tmp_path / "works.ttl": new})
    after = len(dataset.read([tmp_path]).store)
    assert after == before - 1
    # As if the process had ended before it moved the file.
    (tmp_path / ".new-works.ttl").write_text(new, encoding="utf-8")
    (tmp_path / "works.ttl").write_text(old, encoding="utf-8")
    assert len(dataset.read([tmp_path]).store) == before
    told = json.dumps({"works.ttl": hashlib.sha256(new.encode()).hexdigest()})
    (tmp_path / ".pswonto-replacement").write_text(told, encoding="utf-8")
    assert len(dataset.read([tmp_path]).store) == after
