"""A dataset on a disk: built once from its files, and then opened by as many processes as there are, to be read only.

The folder of a store has a manifest, which names the folder inside that holds the quads. A build makes another one
beside it, and exchanges the manifest when all is done: who opens the store gets what was there before or what is there
now, and whole. What a build has replaced stays until the next one, for services that still read it.
"""

import contextlib
import fcntl
import hashlib
import json
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from pswonto import __version__, resources
from pswonto.dataset import evaluator, expanded, opened, read
from pswonto.errors import DataError, Finding, StoreRefused
from pswonto.precomputed import Answers
from pswonto.store import Store

_MANIFEST, _QUADS = "manifest.json", "quads-"
# It is told by a number, as a manifest of another form cannot be read for what it says.
_FORM = 1


@dataclass(frozen=True)
class Source:
    """A file that a store was built from.

    Attributes:
        path: Where it was.
        size: Its size in bytes.
        modified: When it was changed last, in nanoseconds.
        digest: Its SHA-256.
    """

    path: str
    size: int
    modified: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> "Source":
        """Return what tells a file from others."""
        status = path.stat()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return cls(str(path.resolve()), status.st_size, status.st_mtime_ns, digest)

    def is_as_before(self, path: Path) -> bool:
        """Tell whether a file is where this one was, and has not been changed since, without reading it."""
        status = path.stat()
        return (str(path.resolve()), status.st_size, status.st_mtime_ns) == (self.path, self.size, self.modified)


@dataclass(frozen=True)
class Manifest:
    """What a store says of itself.

    Attributes:
        form: The form of the store.
        version: The version of pswonto that built it.
        engine: The version of the engine that wrote it, without its last number.
        rules: The digest of the shapes, queries and modules of that version.
        made: When it was built, in UTC.
        triples: How many triples it holds.
        sources: The files that it was built from.
        quads: The folder of its quads.
    """

    form: int
    version: str
    engine: str
    rules: str
    made: str
    triples: int
    sources: tuple[Source, ...]
    quads: str

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a store.

        Raises:
            StoreRefused: There is none, or it is none of ours.
        """
        if not folder.is_dir():
            raise StoreRefused(folder, "there is no such folder")
        try:
            told: dict[str, Any] = json.loads((folder / _MANIFEST).read_bytes())
            if told["form"] != _FORM:
                raise StoreRefused(folder, f"it has the form {told['form']}, and this version reads the form {_FORM}")
            return cls(**told | {"sources": tuple(Source(**source) for source in told["sources"])})
        except FileNotFoundError as error:
            raise StoreRefused(folder, "it is no store of pswonto, or was not built to its end") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreRefused(folder, f"its manifest cannot be read: {error}") from error


def build(
    paths: Sequence[Path],
    folder: Path,
    tell: Callable[[str], None] = lambda text: None,
    answer: Callable[[Store], Answers] = lambda store: Answers(),
) -> Manifest:
    """Build a store: with the triples of files, what follows from them, and what describes the dataset.

    Args:
        paths: As for `dataset.read`.
        folder: The folder of the store. It is made where it is missing, and a store that is there is replaced.
        tell: Where to say what is done.
        answer: What answers the questions that are asked first; the answers are kept with the store.

    Returns:
        What the store says of itself.

    Raises:
        DataError: A file cannot be read, or the data has a finding of the severity Violation.
        StoreRefused: The folder holds something else, or another build is under way; or a file changed meanwhile.
    """
    with _alone(folder):
        dataset = read(paths)
        files = sorted(set(dataset.files.values()))
        sources = tuple(map(Source.of, files))
        tell(f"{len(dataset.store)} triples in {len(files)} files")
        store = opened(dataset, tell)
        if not all(source.is_as_before(path) for source, path in zip(sources, files, strict=True)):
            raise StoreRefused(folder, "a file was changed while it was read")
        quads = Path(tempfile.mkdtemp(prefix=_QUADS, dir=folder))
        manifest = Manifest(
            _FORM,
            __version__,
            _engine(),
            _rules(),
            datetime.now(UTC).isoformat(timespec="seconds"),
            len(store),
            sources,
            quads.name,
        )
        try:
            answer(store).write(quads)
            dump = quads / "all.nq"
            store.engine.dump(str(dump), ox.RdfFormat.N_QUADS)
            # The memory is wanted for the next step.
            del dataset, store
            _write(dump, quads)
            dump.unlink()
        except BaseException:
            _remove(quads)
            raise
        quads.chmod(0o755)
        beside = folder / f"{_MANIFEST}.new"
        beside.write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
        beside.replace(folder / _MANIFEST)
    return manifest


def _write(dump: Path, folder: Path) -> None:
    engine = ox.Store(str(folder))
    engine.bulk_load(path=str(dump), format=ox.RdfFormat.N_QUADS, lenient=True)
    engine.optimize()
    engine.flush()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Make sure that nobody else builds in a folder, and that there is nothing in it that is not of a store."""
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    strange = [name for name in there if name not in (_MANIFEST, "lock") and not name.startswith(_QUADS)]
    if strange or (folder.exists() and not folder.is_dir()):
        raise StoreRefused(folder, f"it is no store of pswonto: it holds {', '.join(sorted(strange)) or 'no folder'}")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            # It is let go of when this process ends, in whatever way.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreRefused(folder, "it is being built by another process") from error
        kept = Manifest.read(folder).quads if (folder / _MANIFEST).exists() else None
        for path in folder.glob(f"{_QUADS}*"):
            if path.stem != kept:
                _remove(path)
        yield


def _remove(path: Path) -> None:
    """Remove the quads of a store, and the answers beside them."""
    path.with_suffix(".json").unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=True)


def open_store(folder: Path, data: Sequence[Path] = ()) -> Store:
    """Open a store, where it is what this version would build, without reading what it holds.

    Args:
        folder: The folder of the store.
        data: The files that it must have been built from; any, where none are given.

    Raises:
        StoreRefused: It is no store, is not whole, or was built by another version or from other files.
    """
    store = _unopened(folder, data)
    try:
        store.engine.named_graphs()
    except (OSError, RuntimeError) as error:  # which of them it is depends on what the engine misses
        raise StoreRefused(folder, f"it cannot be opened: {error}") from error
    return store


def _unopened(folder: Path, data: Sequence[Path]) -> Store:
    manifest = Manifest.read(folder)
    for ours, theirs, what in (
        (__version__, manifest.version, "pswonto"),
        (_engine(), manifest.engine, "pyoxigraph"),
    ):
        if ours != theirs:
            raise StoreRefused(folder, f"it was built with {what} {theirs}, and this is {ours}")
    if manifest.rules != _rules():
        raise StoreRefused(folder, "it was built with other rules, shapes or queries than those of this version")
    if data:
        _compare(folder, manifest, data)
    return Store(folder / manifest.quads, manifest.triples, datetime.fromisoformat(manifest.made))


def _compare(folder: Path, manifest: Manifest, data: Sequence[Path]) -> None:
    findings: list[Finding] = []
    files = expanded(data, findings)
    if findings:
        raise DataError(findings)
    left = {source.digest: source for source in manifest.sources}
    by_path = {source.path: source for source in manifest.sources}
    for file in files:
        before = by_path.get(str(file.resolve()))
        source = before if before is not None and before.is_as_before(file) else Source.of(file)
        if source.digest not in left:
            fault = "has changed since it was built" if before else "is none of the files that it was built from"
            raise StoreRefused(folder, f"{file} {fault}")
        del left[source.digest]
    # What the files import of ours is read without being named.
    ours = {str(path.resolve()) for path in resources.ontology_files()}
    missing = [source.path for source in left.values() if source.path not in ours]
    if missing:
        raise StoreRefused(folder, f"it was built from other files too: {', '.join(missing)}")


class Opening:
    """A store that is being opened, as `dataset.Opening` opens files; the process that evaluates queries comes first.

    Args:
        folder: The folder of the store.
        data: As for `open_store`.
        memory: How much memory a query may take, in bytes.
        unused: Connections of this process that no other one may hold.

    Attributes:
        evaluator: The control socket and the process id of that process.

    Raises:
        StoreRefused: As `open_store` does.
    """

    def __init__(self, folder: Path, data: Sequence[Path], memory: int, unused: Sequence[socket.socket] = ()) -> None:
        store = _unopened(folder, data)
        # The engine has threads, which a fork would not have: each process opens the store for itself.
        self.evaluator = evaluator(store, memory, unused)
        self._folder, self._data = folder, data

    def finish(self) -> Store:
        """Return the store, opened."""
        return open_store(self._folder, self._data)


def _engine() -> str:
    return ox.__version__.rpartition(".")[0]


def _rules() -> str:
    """Return the digest of all that decides what a store holds, beside its data."""
    digest = hashlib.sha256()
    root = resources.queries_directory()
    for path in [*sorted(root.rglob("*.rq")), *resources.shape_files(), *resources.ontology_files()]:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
