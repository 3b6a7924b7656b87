"""The command line: parse, call, print. Exit code 0 is good, 1 is findings or no answer, 2 is wrong usage."""

from importlib import import_module

import click

from pswonto import __version__

# Where each command is. They are imported when they are called, so that the service does not wait for the others.
_COMMANDS = {
    "build": "authoring:build",
    "check": "asking:check",
    "diff": "authoring:diff",
    "explain": "authoring:explain",
    "export": "curating:export",
    "fmt": "authoring:fmt",
    "import": "curating:import_",
    "new": "curating:new",
    "mcp": "agents:mcp",
    "query": "asking:query",
    "review": "curating:review",
    "serve": "serving:serve",
    "site": "publishing:site",
    "template": "curating:template",
    "verify-source": "asking:verify_source",
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"pswonto.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """What shapes the role of peer support workers: serve, check and query the review as an ontology."""
