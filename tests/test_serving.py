"""Tests of the command that runs the service."""

import re
import socket
from dataclasses import fields

import pytest
from click.testing import CliRunner

from pswonto.cli import main
from pswonto.settings import Settings


@pytest.mark.parametrize("command", ["serve", "mcp"])
def test_every_setting_is_an_option(command: str) -> None:
    """Each has one of its name where it is for the command, with its description; some have a short one too."""
    told = " ".join(CliRunner().invoke(main, [command, "--help"], terminal_width=300).output.split())
    for setting in fields(Settings):
        option = re.search(rf"(^|[ ,])--{setting.name.replace('_', '-')}\b", told) is not None
        assert option == (command in setting.metadata["commands"])
        if option and setting.name != "data":
            assert setting.metadata["description"] in told
    assert "--timeout" in told
    assert "--workers" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--port", "x"], "'x' is not a valid int"),
        (["--timeout", "0"], "0.0 is not in the range x>0"),
        (["--prot", "1"], "No such option"),
        (["--data", "none.ttl"], "'none.ttl' does not exist"),
    ],
)
def test_a_wrong_option_is_told(options: list[str], words: str) -> None:
    """What and where is wrong is told, with the exit code of wrong usage."""
    result = CliRunner().invoke(main, ["serve", *options])
    assert result.exit_code == 2
    assert words in result.output


def test_a_port_that_is_taken_is_told() -> None:
    """The address is named, and how to take another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["serve", "--port", str(port)])
    assert result.exit_code == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use; --port takes another" in result.output
