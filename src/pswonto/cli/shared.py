"""What the commands share: options for data and settings, the socket that listens, and how a fault is told."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pswonto.errors import ParameterError, PswontoError
from pswonto.remote import Remote, connect
from pswonto.settings import Settings, from_environment

if TYPE_CHECKING:
    from rich.console import Console

data_option = click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="RDF file or folder to use in place of the ontology that comes with the package; may be repeated.",
)

endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    help="Address of a SPARQL server that holds the dataset, in place of files.",
)

# Short names for what is set most often.
_ALIASES = {"query_workers": "--workers", "query_seconds": "--timeout"}

_KINDS: dict[Any, Any] = {
    int: click.IntRange(0),
    float: click.FloatRange(0, min_open=True),
    type(None): click.Path(path_type=Path),
}


def setting_options(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return what gives a command one option for each of its settings.

    Args:
        name: The name of the command, as the settings know it.
    """

    def give(command: Callable[..., None]) -> Callable[..., None]:
        for setting in reversed(fields(Settings)):
            if setting.name == "data" or name not in setting.metadata["commands"]:
                continue
            flag = "--" + setting.name.replace("_", "-")
            kind: Any = type(setting.default)
            option = click.option(
                f"{flag}/--no-{flag[2:]}" if kind is bool else flag,
                *([_ALIASES[setting.name]] if setting.name in _ALIASES else []),
                setting.name,
                type=_KINDS.get(kind, kind),
                default=None,
                help=f"{setting.metadata['description']}  [default: {setting.default}]",
            )
            command = option(command)
        return command

    return give


def remote_of(endpoint: str | None, data: tuple[Path, ...]) -> Remote | None:
    """Return the dataset at a SPARQL server, where its address is given.

    Args:
        endpoint: The address.
        data: Files, which cannot be given too.

    Raises:
        UsageError: Both are given.
    """
    if not endpoint:
        return None
    if data:
        raise click.UsageError("--endpoint has the data elsewhere: leave out one of --endpoint and --data")
    return connect(endpoint, from_environment())


def listening(chosen: Settings) -> socket.socket:
    """Return a socket that listens where the settings say.

    Raises:
        UsageError: The address is taken, or is none of this machine.
    """
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    try:
        return socket.create_server((chosen.host, chosen.port), family=family, backlog=2048)
    except OSError as error:
        raise click.UsageError(
            f"cannot listen on {chosen.host}, port {chosen.port}: {os.strerror(error.errno or 0)}; --port takes another"
        ) from error


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
        except BrokenPipeError:
            # Whoever reads has read enough.
            raise
        except OSError as error:
            # What the system refuses: a folder that is not to be written to, a full disk.
            click.echo(f"{error.filename or 'the output'}: {error.strerror or error}", err=True)
            sys.exit(1)

    return update_wrapper(run, command)


def console() -> "Console":
    """Return a console that shows text as it is, and cuts nothing off where it writes to a file or a pipe."""
    # The service must not wait for what it does not print with.
    from rich.console import Console

    # A file or a pipe has no width, and what is cut off there is lost.
    return Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else 400)
