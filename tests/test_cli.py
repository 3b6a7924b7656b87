"""Tests of the command line: what it prints, and its exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pswonto import cli, resources
from pswonto.errors import ReasonerUnavailable

COMMANDS = sorted(cli.main.commands)


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, arguments)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Return a copy of the real ontology with a polarity that does not exist, in line 1 of that statement's block."""
    copy = Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology"))
    file = copy / "evidence.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("polarity:conditional", "polarity:mixed", 1), encoding="utf-8")
    return copy


def test_there_are_commands() -> None:
    """The commands of this version are there."""
    assert COMMANDS == ["build", "check", "diff", "explain", "fmt", "query", "serve", "verify-source"]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    """Every command has a help text with an example."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout


def test_check_is_good_on_the_real_data() -> None:
    """The published data passes every gate, HermiT included."""
    result = run("check")
    assert result.exit_code == 0, result.output
    assert [gate for gate in ("syntax", "SHACL", "checks", "reasoner", "profile") if gate not in result.stdout] == []
    assert result.stdout.count("good") == 5


def test_check_with_pyshacl_is_good_on_the_real_data() -> None:
    """The reference finds nothing in the published data either."""
    assert run("check", "--pyshacl", "--no-reasoner").exit_code == 0


def test_check_tells_a_fault_and_exits_with_1(broken: Path) -> None:
    """A fault is told with its file and line, and the exit code is 1."""
    result = run("check", "--no-reasoner", "--data", str(broken))
    assert result.exit_code == 1
    assert f"{broken / 'evidence.ttl'}:" in result.stdout
    assert "polarity" in result.stdout


def test_check_writes_json(broken: Path) -> None:
    """A machine gets the findings as JSON, and the same exit code."""
    result = run("check", "--no-reasoner", "--json", "--data", str(broken))
    assert result.exit_code == 1
    assert {finding["file"] for finding in json.loads(result.stdout)} == {str(broken / "evidence.ttl")}


def test_check_says_when_the_reasoner_did_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no Java the rest is checked, and the table says so."""

    def unavailable() -> str:
        raise ReasonerUnavailable("there is no Java")

    monkeypatch.setattr("pswonto.profile.java", unavailable)
    result = run("check")
    assert result.exit_code == 0
    assert "not run: there is no Java" in result.stdout


def test_serve_refuses_broken_data_with_the_same_words(broken: Path) -> None:
    """What `check` finds, `serve` tells word for word, and serves nothing."""
    checked = run("check", "--no-reasoner", "--data", str(broken))
    served = run("serve", "--port", "0", "--data", str(broken))
    assert served.exit_code == 1
    sentences = [line for line in checked.stdout.splitlines() if "Violation" in line]
    assert sentences
    assert served.stderr.splitlines() == sentences


def test_query_lists_what_there_is() -> None:
    """Without a name, the stored queries are listed."""
    result = run("query")
    assert result.exit_code == 0
    assert "studies" in result.stdout


@pytest.mark.parametrize("format_", ["table", "json", "csv", "tsv", "xml"])
def test_query_answers_in_each_format(format_: str) -> None:
    """A stored query with a parameter gives its studies in every format."""
    result = run("query", "studies-of-factor", "factor=regulatory-and-political-factors", "--format", format_)
    assert result.exit_code == 0, result.output
    assert "siantz-2016" in result.stdout


def test_query_answers_a_file(tmp_path: Path) -> None:
    """A query of one's own is answered from its file, a graph as Turtle."""
    file = tmp_path / "mine.rq"
    file.write_text("CONSTRUCT { ?s ?p ?o } { VALUES ?s { <https://w3id.org/pswonto/level/macro> } ?s ?p ?o }")
    result = run("query", str(file))
    assert result.exit_code == 0
    assert "level:macro" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["query", "studies", "abuot=x"], "did you mean about"),
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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["query", "studys"], "did you mean studies"),
        (["query", "levels", "--format", "ttl"], "not a format of this answer"),
    ],
)
def test_no_answer_is_told_and_exits_with_1(arguments: list[str], told: str) -> None:
    """What cannot be answered is told in one line, and the exit code is 1."""
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr


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
