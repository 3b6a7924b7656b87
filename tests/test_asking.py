"""Tests of the commands that check, query and verify."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pswonto import cli
from pswonto.errors import ReasonerUnavailable


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, arguments)


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
        (["query", "studys"], "did you mean studies"),
        (["query", "levels", "--format", "ttl"], "not a format of this answer"),
    ],
)
def test_no_answer_is_told_and_exits_with_1(arguments: list[str], told: str) -> None:
    """What cannot be answered is told in one line, and the exit code is 1."""
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.stderr
