"""The command that runs the service."""

import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from pswonto import dataset, disk, resources, settings
from pswonto.cli.shared import data_option, listening, report_errors, setting_options
from pswonto.queries import QueryLibrary
from pswonto.remote import Remote, connect
from pswonto.settings import Settings
from pswonto.source import Source
from pswonto.watch import Watcher

if TYPE_CHECKING:
    from pswonto.web.service import Service


@click.command(epilog="Example: pswonto serve --port 8080 --timeout 5")
@setting_options("serve")
@data_option
@click.option("--watch", is_flag=True, help="Open the files anew whenever one of them is saved.")
@report_errors
def serve(watch: bool, **options: Any) -> None:
    """Serve SPARQL at /sparql, REST at /api/v1 and its description at /docs.

    The data is checked first: where it breaks a rule, nothing is served, and the faults are told. With --watch that
    holds for every save too, and the last good data stays served. A store was checked when it was built, and is opened
    at once, however large it is; with --data too, it must have been built from that. With --endpoint, a SPARQL server
    elsewhere holds the dataset, which is served as it is; pswonto check --endpoint checks it.

    Each option can be set in the environment too: PSWONTO_QUERY_SECONDS for --query-seconds.
    """
    given = {name: value for name, value in options.items() if value not in (None, ())}
    chosen = replace(settings.from_environment(), **given)
    if chosen.endpoint and watch:
        raise click.UsageError("--watch looks at files: leave out one of --watch and --endpoint")
    if chosen.endpoint and chosen.data:
        raise click.UsageError("--endpoint has the data elsewhere: leave out one of --endpoint and --data")
    if chosen.endpoint and chosen.store is not None:
        raise click.UsageError("--endpoint has the data elsewhere: leave out one of --endpoint and --store")
    if watch and chosen.store is not None:
        raise click.UsageError(
            "--watch looks at files, and a store does not change: leave out one of --watch and --store"
        )
    remote = connect(chosen.endpoint, chosen) if chosen.endpoint else None
    with listening(chosen) as bound:
        _serve(chosen, bound, watch, remote)


def _opening(chosen: Settings, bound: socket.socket) -> dataset.Opening | disk.Opening:
    if chosen.store is None:
        return dataset.Opening(chosen.data, chosen.query_memory, [bound])
    return disk.Opening(chosen.store, chosen.data, chosen.query_memory, [bound])


def _serve(chosen: Settings, bound: socket.socket, watch: bool, remote: Remote | None) -> None:
    # The data is read before there is a second thread.
    opening = None if remote is not None else _opening(chosen, bound)
    address = f"http://{chosen.host}:{bound.getsockname()[1]}"
    paths = chosen.data or (resources.ontology_directory(),)

    from pswonto.web.current import Current
    from pswonto.web.log import Log
    from pswonto.web.server import run

    log = Log(sys.stdout.buffer)

    def served(store: Source, evaluator: tuple[socket.socket, int] | None = None) -> "Service":
        from pswonto.web import create_app

        library = QueryLibrary(resources.queries_directory() / "explore")
        return create_app(store, library, chosen, log, evaluator)

    def first() -> "Service":
        if remote is not None:
            tell(f"asking the SPARQL server at {remote.transport.server}; SPARQL at {address}/sparql")
            return served(remote)
        assert opening is not None
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
    run(current, bound, chosen, log)
    watcher.stop()
