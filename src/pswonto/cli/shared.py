"""What the commands share: the option that names data, and how a fault is told."""

import sys
from collections.abc import Callable
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pswonto.errors import ParameterError, PswontoError

if TYPE_CHECKING:
    from rich.console import Console

data_option = click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="RDF file or folder to use in place of the ontology that comes with the package; may be repeated.",
)


def report_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command end with one line for each fault and the exit code that fits."""

    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except ParameterError as error:
            raise click.UsageError(str(error)) from error
        except PswontoError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return update_wrapper(run, command)


def console() -> "Console":
    """Return a console that shows text as it is, and cuts nothing off where it writes to a file or a pipe."""
    # The service must not wait for what it does not print with.
    from rich.console import Console

    # A file or a pipe has no width, and what is cut off there is lost.
    return Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 400)
