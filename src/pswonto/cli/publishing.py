"""The command that writes the pages as files."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pswonto import dataset, resources
from pswonto.cli.shared import data_option, report_errors
from pswonto.queries import QueryLibrary

# What is done sooner needs no bar, in seconds.
_SOON = 1.0


@click.command(epilog="Example: pswonto site public --base-path /pswonto/")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--base-path",
    metavar="PATH",
    help="The path that DIR will have on its host, such as /pswonto/, for the page 404.html, which needs it; all other "
    "links are relative. Without it, there is no such page.",
)
@data_option
@report_errors
def site(folder: Path, base_path: str | None, data: tuple[Path, ...]) -> None:
    """Write every page and every RDF form to DIR, for a host that does nothing but send files.

    DIR takes the place of what an earlier export wrote there, as a whole and at the end; what anything else wrote is
    not touched. Every link is followed first: where one leads nowhere, it is told, and nothing is written. The same
    data gives the same bytes.
    """
    from pswonto.static_site import export
    from pswonto.static_site.folder import refuse

    # The data takes a moment to be read and checked.
    refuse(folder)
    begun = time.monotonic()
    store = dataset.open_dataset(data)
    library = QueryLibrary(resources.queries_directory() / "explore")
    with bar(Console(stderr=True), _SOON) as told:
        written = export(store, library, folder, base_path, told)
    seconds = time.monotonic() - begun
    click.echo(
        f"{folder}: {written.pages:,} pages and {written.files - written.pages:,} other files, "
        f"{written.size / 1e6:.1f} MB, in {seconds:.0f} s; each of {written.links:,} links leads to one of them"
    )


@contextmanager
def bar(console: Console, delay: float) -> Iterator[Callable[[int, int], None]]:
    """Give what shows how far something has come: only on a terminal, and only where it takes its time.

    Args:
        console: Where to show it.
        delay: How long it must have taken for there to be a bar, in seconds.

    Yields:
        What is to be told how much is done, and how much there is so far.
    """
    if not console.is_terminal:
        yield lambda done, known: None
        return
    columns = TextColumn("files"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    progress = Progress(*columns, console=console, transient=True)
    task = progress.add_task("files", total=None)
    begun = time.monotonic()

    def told(done: int, known: int) -> None:
        if not progress.live.is_started and time.monotonic() - begun >= delay:
            progress.start()
        progress.update(task, completed=done, total=known)

    try:
        yield told
    finally:
        progress.stop()
