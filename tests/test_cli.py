"""Tests of the command line: what it prints, and its exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pswonto import cli

COMMANDS = cli.main.list_commands(click.Context(cli.main))


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, arguments)


def test_there_are_commands() -> None:
    """The commands of this version are there."""
    ours = "build check diff explain export fmt import mcp new query review serve site template verify-source"
    assert ours.split() == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    """Every command has a help text with an example."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["query", "studies", "facotr=x"], "did you mean factor"),
        (["query", "studies", "study=byrne-2017"], "byrne-2016"),
        (["query", "studies", "siantz-2016"], "PARAMETER=VALUE"),
        (["query", "none.rq"], "cannot be read"),
        (["serve", "--data", "nowhere"], "nowhere"),
    ],
)
def test_wrong_usage_is_told_and_exits_with_2(arguments: list[str], told: str) -> None:
    """Wrong usage is told with what would be right, and the exit code is 2."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_serve_refuses_broken_data_with_the_same_words(broken: Path) -> None:
    """What `check` finds, `serve` tells word for word, and serves nothing."""
    checked = run("check", "--no-reasoner", "--data", str(broken))
    served = run("serve", "--port", "0", "--data", str(broken))
    assert served.exit_code == 1
    sentences = [line for line in checked.stdout.splitlines() if "Violation" in line]
    assert sentences
    assert served.stderr.splitlines() == sentences


def test_serve_answers_and_stops(tmp_path: Path) -> None:
    """The real server answers over HTTP and ends when it is told to."""
    port = "8123"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PSWONTO_")}
    command = [sys.executable, "-m", "pswonto", "serve", "--port", port]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            assert "triples; SPARQL at" in server.stderr.readline()
            body = ask(f"http://127.0.0.1:{port}/sparql?query=ASK%20%7B%3Fs%20%3Fp%20%3Fo%7D")
            assert json.loads(body)["boolean"] is True
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=10)


def ask(url: str) -> bytes:
    """Fetch a page of a server that may still be starting."""
    deadline = time.monotonic() + 10
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                return bytes(response.read())
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def test_the_service_waits_for_no_other_command() -> None:
    """What serves is imported without what only the other commands need."""
    others = "{'mcp', 'rich', 'pswonto.gates', 'pswonto.release'}"
    code = f"import sys, pswonto.cli.serving; print(*{others} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"
