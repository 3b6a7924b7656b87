"""The command that answers agents."""

from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import click

from pswonto import dataset, settings
from pswonto.cli.shared import data_option, listening, report_errors, setting_options

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command("mcp", epilog="Example: pswonto mcp --answer-bytes 20000")
@click.option("--http", is_flag=True, help="Answer over HTTP at /mcp, and not on standard input and output.")
@setting_options("mcp")
@data_option
@report_errors
def mcp(http: bool, **options: Any) -> None:
    """Answer agents by the Model Context Protocol, on standard input and output.

    The data is checked first: where it breaks a rule, nothing is answered, and the faults are told. Needs the extra
    mcp: pip install 'pswonto[mcp]'.

    Each option can be set in the environment too: PSWONTO_ANSWER_BYTES for --answer-bytes.
    """
    if find_spec("mcp") is None:
        raise click.UsageError("the package mcp is not installed: pip install 'pswonto[mcp]' brings it")
    given = {name: value for name, value in options.items() if value not in (None, ())}
    chosen = replace(settings.from_environment(), **given)
    for variable, elsewhere in (("PSWONTO_ENDPOINT", chosen.endpoint), ("PSWONTO_STORE", chosen.store)):
        if elsewhere:
            raise click.UsageError(f"mcp answers from files, and {variable} has the data elsewhere: leave it out")
    if http and chosen.host not in _LOOPBACK:
        # There is nothing here that tells one client from another.
        known = ", ".join(_LOOPBACK)
        raise click.UsageError(f"--http listens on this machine only: --host must be one of {known}, not {chosen.host}")
    if http:
        with listening(chosen) as socket:
            _answer(chosen, socket)
    else:
        _answer(chosen)


def _answer(chosen: settings.Settings, socket: Any = None) -> None:
    # The data is read before there is a second thread.
    opening = dataset.Opening(chosen.data, chosen.query_memory, [socket] if socket else [])

    # This takes longer than the rest, and goes on while other processes inspect the data.
    from pswonto.agents import PATH, Agents

    store = opening.finish()
    agents = Agents(store, chosen, opening.evaluator)
    if socket is None:
        click.echo(f"{len(store)} triples; answering on standard input and output", err=True)
        agents.over_stdio()
    else:
        click.echo(f"{len(store)} triples; answering at http://{chosen.host}:{socket.getsockname()[1]}{PATH}", err=True)
        agents.over_http(socket, chosen.host)
