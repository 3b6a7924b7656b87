"""The dataset that is served: read, checked, and completed with what follows from it."""

import os
import pickle
import socket
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pswonto import replacement, resources
from pswonto.description import describe
from pswonto.entailment import materialise
from pswonto.errors import DataError, Finding, nearest, suggestion
from pswonto.evaluator import fork, serve
from pswonto.files import FILE_FORMATS
from pswonto.namespaces import BASE, DESCRIPTION, INFERRED
from pswonto.naming import names_of
from pswonto.queries import QueryLibrary
from pswonto.store import Store
from pswonto.validation import locate, run_checks, validate

if TYPE_CHECKING:
    from pswonto.remote import Remote

# With how many unknown names all known ones are compared, which takes time where there are many.
_COMPARED = 100


@dataclass(frozen=True)
class Dataset:
    """A dataset as its files assert it.

    Attributes:
        store: Its graphs, one for each ontology.
        files: The file of each graph; by its own name where it has none, or another file has the same.
        shapes: The files of shapes that it brings with it, beside those that come with the package.
    """

    store: Store
    files: dict[str, Path]
    shapes: tuple[Path, ...] = ()


def read(paths: Sequence[Path] = (), *, complete: bool = True, is_locked: bool = False) -> Dataset:
    """Read a dataset from files, and the modules of ours that they import from those that come with the package.

    Args:
        paths: RDF files, or folders of them; where none are given, the ontology that comes with the package.
        complete: Whether to add the modules of ours that they import.
        is_locked: Whether the caller sees to it that nobody replaces the files meanwhile.

    Raises:
        DataError: A file is missing, cannot be read, or is not written in the syntax that its ending tells; or there
            is no triple in any.
    """
    store = Store()
    files: dict[str, Path] = {}
    findings: list[Finding] = []
    named = paths or [resources.ontology_directory()]
    folders = {path if path.is_dir() else path.parent for path in named}
    with ExitStack() as stack:
        for folder in folders if not is_locked else ():
            if folder.is_dir():
                stack.enter_context(replacement.locked(folder, to_read=True))
        for path in expanded(named, findings):
            try:
                graphs = store.load(replacement.current(path))
            except DataError as error:
                findings.extend(error.findings)
            else:
                # Of two files with one graph, or of one without any, each is kept, so that a finding has its place.
                files.update({graph if graph not in files else str(path): path for graph in graphs or [str(path)]})
    if not findings and not len(store):
        names = ", ".join(str(path) for path in files.values())
        findings.append(Finding("syntax", "Violation", "there is no triple to serve", file=names))
    if findings:
        raise DataError(findings)
    if not complete:
        return Dataset(store, files)
    shapes = tuple(sorted(file for folder in folders for file in (folder / "shapes").glob("*.ttl")))
    ours = {f"{BASE}/{path.stem}": path for path in resources.ontology_files()}
    while missing := sorted((store.imports() & ours.keys()) - files.keys()):
        for graph in missing:
            store.load(ours[graph])
            files[graph] = ours[graph]
    return Dataset(store, files, shapes)


def fetch(remote: "Remote") -> Dataset:
    """Copy from a SPARQL server what the dataset there asserts: all but what was inferred, and what describes it.

    Args:
        remote: The dataset.

    Raises:
        ServerFault: The server gives no answer that is one.
        DataError: There is no triple in any graph.
    """
    graphs = [graph for graph in remote.graphs() if graph not in (INFERRED, DESCRIPTION)]
    store = remote.copy(graphs)
    if not len(store):
        fault = f"the SPARQL server at {remote.transport.server} has no triple in any graph of a dataset"
        raise DataError([Finding("syntax", "Violation", fault)])
    return Dataset(store, {})


def expanded(paths: Iterable[Path], findings: list[Finding]) -> list[Path]:
    """Return files as they are, and in place of each folder its RDF files.

    Args:
        paths: Files and folders.
        findings: Where to add a finding for a folder that holds none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in FILE_FORMATS and _is_rdf(file))
            if not inside:
                findings.append(Finding("syntax", "Violation", "this folder holds no RDF file", file=str(path)))
            found.extend(inside)
        else:
            found.append(path)
    return found


def _is_rdf(file: Path) -> bool:
    # The catalog for Protégé lies beside the modules and is XML, but no RDF; what is hidden is not meant.
    return not file.name.startswith(("catalog-v", "."))


def inspect(dataset: Dataset) -> list[Finding]:
    """Return what the asserted data breaks of the shapes and the checks, with file and line."""
    found = validate(dataset.store.engine, [*resources.shape_files(), *dataset.shapes])
    found += run_checks(dataset.store.engine, resources.queries_directory() / "checks")
    return place(found, dataset)


def place(findings: Sequence[Finding], dataset: Dataset) -> list[Finding]:
    """Complete findings with file and line, and with the nearest name where one is misspelt."""
    return locate(suggest(findings, dataset.store), dataset.files)


def suggest(findings: Sequence[Finding], store: Store) -> list[Finding]:
    """Add to each finding that names an IRI of ours which nothing describes the nearest ones that something does."""
    if not findings:
        return []
    names = names_of(store)
    described = {thing.value: names.contract(thing.value) for thing in store.things() if names.is_own(thing.value)}
    known = sorted(described.values())
    compared: dict[str, str] = {}
    suggested = []
    for finding in findings:
        named = (iri for iri in (finding.value, finding.path, finding.focus) if iri and names.is_own(iri))
        unknown = next((names.contract(iri) for iri in named if iri not in described), None)
        if unknown is not None:
            if unknown not in compared and len(compared) < _COMPARED:
                kind = unknown.partition(":")[0] + ":"
                compared[unknown] = suggestion(nearest(unknown, [name for name in known if name.startswith(kind)]))
            words = compared.get(unknown, "")
            finding = replace(finding, message=finding.message.rstrip(".") + words) if words else finding
        suggested.append(finding)
    return suggested


class Opening:
    """A dataset that is being opened: processes of their own inspect and describe it, while this one goes on.

    It may be made only where no other thread runs, as those processes are forks of this one. The one that describes
    the dataset goes on to evaluate queries over it.

    Args:
        paths: As for `read`.
        memory: How much memory a query may take, in bytes.
        unused: Connections of this process that no other one may hold.

    Attributes:
        evaluator: The control socket and the process id of that process.

    Raises:
        DataError: A file cannot be read.
    """

    def __init__(self, paths: Sequence[Path], memory: int, unused: Sequence[socket.socket] = ()) -> None:
        dataset = read(paths)
        self._findings = _aside(lambda: pickle.dumps(inspect(dataset)))
        self._store = dataset.store
        _complete(self._store)
        self._description = tempfile.TemporaryFile()  # noqa: SIM115  (it is read, and closed, later)
        control, theirs = socket.socketpair()
        # A connection that two processes hold ends for nobody when one of them closes it.
        child = fork(lambda: self._go_on(theirs, memory), [*unused, control])
        theirs.close()
        self.evaluator = control, child

    def _go_on(self, control: socket.socket, memory: int) -> None:
        os.setpgid(0, 0)
        description = _described(self._store)
        self._description.write(description)
        self._description.flush()
        control.sendall(b"d")
        self._store.add(description, DESCRIPTION)
        serve(self._store, control, memory)

    def finish(self) -> Store:
        """Return the dataset, complete and with its description, where it breaks no rule.

        Raises:
            DataError: The data has a finding of the severity Violation.
        """
        control, child = self.evaluator
        with self._description:
            # These bytes come from the fork above, and from nowhere else.
            findings = pickle.loads(self._findings())
            described = control.recv(1)
            try:
                _refuse(findings)
                if not described:
                    raise ChildProcessError("the process that describes the data has failed")
            except BaseException:
                control.close()
                os.waitpid(child, 0)
                raise
            self._description.seek(0)
            self._store.add(self._description.read(), DESCRIPTION)
        return self._store


def evaluator(store: Store, memory: int, unused: Sequence[socket.socket] = ()) -> tuple[socket.socket, int]:
    """Begin a process that evaluates queries over a dataset, in which blank nodes keep their labels.

    It may begin only where no other thread runs, as it is a fork of this process.

    Args:
        store: The dataset.
        memory: How much memory a query may take, in bytes.
        unused: Connections of this process that no other one may hold.

    Returns:
        Its control socket and its process id, as for `Parent`.
    """
    control, theirs = socket.socketpair()
    child = fork(lambda: serve(store, theirs, memory), [*unused, control])
    theirs.close()
    return control, child


def _aside(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Begin some work in a fork of this process, and return what waits for its result."""
    # A file, as nobody need read it for the fork to end.
    output = tempfile.TemporaryFile()  # noqa: SIM115  (the result is read, and the file closed, later)

    def write() -> None:
        output.write(work())
        output.flush()

    child = fork(write)

    def result() -> bytes:
        _, status = os.waitpid(child, 0)
        with output:
            if status != 0:
                raise ChildProcessError("the process that inspects the data has failed")
            # The fork shares the place in the file.
            output.seek(0)
            return output.read()

    return result


def _complete(store: Store) -> int:
    return materialise(store, QueryLibrary(resources.queries_directory() / "entailment"))


def _described(store: Store) -> bytes:
    counting = QueryLibrary(resources.queries_directory() / "description")
    return describe(store, counting, QueryLibrary(*resources.library_directories()))


def _refuse(findings: Sequence[Finding]) -> None:
    violations = [finding for finding in findings if finding.severity == "Violation"]
    if violations:
        raise DataError(violations)


def open_dataset(paths: Sequence[Path] = ()) -> Store:
    """Read a dataset, refuse it where it breaks a rule, and add what follows from it and what describes it.

    Args:
        paths: As for `read`.

    Returns:
        The store, with its inferred triples and its description in graphs of their own.

    Raises:
        DataError: A file cannot be read, or the data has a finding of the severity Violation.
    """
    return opened(read(paths))


def opened(dataset: Dataset, tell: Callable[[str], None] = lambda text: None) -> Store:
    """Refuse a dataset where it breaks a rule, and add what follows from it and what describes it.

    Args:
        dataset: The dataset as its files assert it.
        tell: Where to say what is done.

    Returns:
        Its store.

    Raises:
        DataError: The data has a finding of the severity Violation.
    """
    _refuse(inspect(dataset))
    tell("no rule is broken")
    tell(f"{_complete(dataset.store)} triples follow")
    dataset.store.add(_described(dataset.store), DESCRIPTION)
    return dataset.store
