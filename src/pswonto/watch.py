"""Serving files that are being edited: each save is checked, and served where it breaks no rule."""

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pswonto.errors import DataError
from pswonto.files import FILE_FORMATS


class Watcher:
    """Opens files anew whenever one of them has been saved.

    Args:
        paths: Files, or folders of RDF files, in which a new file counts as a change.
        seconds: How often to look.
        reload: What to do when a file has changed; it raises a `DataError` where the data cannot be served.
        tell: Where to say what happened.
    """

    def __init__(
        self, paths: Sequence[Path], seconds: float, reload: Callable[[], str], tell: Callable[[str], None]
    ) -> None:
        self._paths = paths
        self._seconds = seconds
        self._reload = reload
        self._tell = tell
        self._stop = threading.Event()
        self._seen = self._state()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait until a reload that is under way is done."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _watch(self) -> None:
        pending = False
        while not self._stop.wait(self._seconds):
            state = self._state()
            if state != self._seen:
                # An editor may be writing still: what has changed is read when it has stood still for one look.
                self._seen = state
                pending = True
            elif pending:
                pending = False
                try:
                    self._tell(f"reloaded: {self._reload()}")
                except DataError as error:
                    self._tell(f"{error}\nnot reloaded: the last good data is served")

    def _state(self) -> dict[Path, tuple[int, int]]:
        state = {}
        for path in self._files():
            try:
                status = path.stat()
            except FileNotFoundError:
                # Some editors remove a file and write it anew.
                continue
            state[path] = (status.st_mtime_ns, status.st_size)
        return state

    def _files(self) -> Iterable[Path]:
        for path in self._paths:
            if path.is_dir():
                yield from (file for file in path.iterdir() if file.suffix.lower() in FILE_FORMATS)
            else:
                yield path
