"""The command that runs the service."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pswonto import dataset, disk, resources, settings
from pswonto.cli.shared import data_option, report_errors
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.watch import Watcher

if TYPE_CHECKING:
    from pswonto.web.service import Service

# Short names for what is set most often.
_ALIASES = {"query_workers": "--workers", "query_seconds": "--timeout"}
_KINDS: dict[Any, Any] = {
    int: click.IntRange(0),
    float: click.FloatRange(0, min_open=True),
    type(None): click.Path(path_type=Path),
}


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each setting."""
    for setting in reversed(fields(Settings)):
        if setting.name == "data":
            continue
        name = "--" + setting.name.replace("_", "-")
        kind: Any = type(setting.default)
        option = click.option(
            f"{name}/--no-{name[2:]}" if kind is bool else name,
            *([_ALIASES[setting.name]] if setting.name in _ALIASES else []),
            setting.name,
            type=_KINDS.get(kind, kind),
            default=None,
            help=f"{setting.metadata['description']}  [default: {setting.default}]",
        )
        command = option(command)
    return command


@click.command(epilog="Example: pswonto serve --port 8080 --timeout 5")
@_options
@data_option
@click.option("--watch", is_flag=True, help="Open the files anew whenever one of them is saved.")
@report_errors
def serve(watch: bool, **options: Any) -> None:
    """Serve SPARQL at /sparql, REST at /api/v1 and its description at /docs.

    The data is checked first: where it breaks a rule, nothing is served, and the faults are told. With --watch that
    holds for every save too, and the last good data stays served. A store was checked when it was built, and is opened
    at once, however large it is; with --data too, it must have been built from that.

    Each option can be set in the environment too: PSWONTO_QUERY_SECONDS for --query-seconds.
    """
    given = {name: value for name, value in options.items() if value not in (None, ())}
    chosen = replace(settings.from_environment(), **given)
    if watch and chosen.store is not None:
        raise click.UsageError(
            "--watch looks at files, and a store does not change: leave out one of --watch and --store"
        )
    with _listening(chosen) as listening:
        _serve(chosen, listening, watch)


def _serve(chosen: Settings, listening: socket.socket, watch: bool) -> None:
    # The data is read before there is a second thread.
    opening = (
        dataset.Opening(chosen.data, chosen.query_memory, [listening])
        if chosen.store is None
        else disk.Opening(chosen.store, chosen.data, chosen.query_memory, [listening])
    )
    address = f"http://{chosen.host}:{listening.getsockname()[1]}"
    paths = chosen.data or (resources.ontology_directory(),)

    from pswonto.web.current import Current
    from pswonto.web.log import Log
    from pswonto.web.server import run

    log = Log(sys.stdout.buffer)

    def served(store: Store, evaluator: tuple[socket.socket, int] | None = None) -> "Service":
        from pswonto.web import create_app

        library = QueryLibrary(resources.queries_directory() / "explore")
        return create_app(store, library, chosen, log, evaluator)

    def first() -> "Service":
        store = opening.finish()
        service = served(store, opening.evaluator)
        tell(f"{len(store)} triples; SPARQL at {address}/sparql")
        if watch:
            tell(f"watching {', '.join(map(str, paths))}")
            watcher.start()
        return service

    def reload() -> str:
        store = dataset.open_dataset(chosen.data)
        current.exchange(served(store))
        return f"{len(store)} triples"

    def tell(text: str) -> None:
        click.echo(text, err=True)

    current = Current(first, chosen.query_seconds)
    watcher = Watcher(paths, chosen.watch_seconds, reload, tell)
    run(current, listening, chosen, log)
    watcher.stop()


def _listening(chosen: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    try:
        return socket.create_server((chosen.host, chosen.port), family=family, backlog=2048)
    except OSError as error:
        raise click.UsageError(
            f"cannot listen on {chosen.host}, port {chosen.port}: {os.strerror(error.errno or 0)}; --port takes another"
        ) from error
