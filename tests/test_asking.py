"""Tests of the commands that check, query and verify."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from elsewhere import Fake, answer, free_port, oxigraph
from pswonto import cli
from pswonto.errors import ReasonerUnavailable
from pswonto.store import Store


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


def test_check_and_query_ask_a_server(store: Store, tmp_path: Path) -> None:
    """With --endpoint, what another server holds is checked, fault by fault, and its answers are printed."""
    quads = tmp_path / "data" / "all.nq"
    quads.parent.mkdir()
    broken = ox.Store()
    broken.extend(store.engine)
    broken.update(
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } "
        "FILTER(?s = <https://w3id.org/pswonto/statement/0001> && ?p = <https://w3id.org/pswonto#hasPolarity>) }"
    )
    ox.serialize(iter(broken), str(quads), format=ox.RdfFormat.N_QUADS)
    with oxigraph(quads, tmp_path, "--union-default-graph") as server:
        checked = run("check", "--no-reasoner", "--json", "--endpoint", server.url)
        assert checked.exit_code == 1
        assert {finding["focus"] for finding in json.loads(checked.stdout)} == {
            "https://w3id.org/pswonto/statement/0001"
        }
        asked = run("query", "cq36-oldest-and-newest-study", "--format", "csv", "--endpoint", server.url)
        ours = run("query", "cq36-oldest-and-newest-study", "--format", "csv")
        assert (asked.exit_code, asked.stdout) == (0, ours.stdout)


def test_a_server_that_is_not_there_is_told_in_one_line() -> None:
    """Where nobody answers, the commands end with 1 and say who was asked."""
    url = f"http://127.0.0.1:{free_port()}/sparql"
    for command in (["check"], ["query", "levels"]):
        result = run(*command, "--endpoint", url)
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 1
        assert f"the SPARQL server at {url} cannot be reached" in result.stderr


def test_a_server_that_holds_nothing_is_asked_all_the_same(tmp_path: Path) -> None:
    """Where it has no triple its answer is empty, and that of no other dataset comes in its place."""
    nothing = tmp_path / "nothing.nq"
    nothing.touch()
    with oxigraph(nothing, tmp_path) as server:
        result = run("query", "levels", "--format", "csv", "--endpoint", server.url)
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)


def test_a_server_that_answers_nonsense_is_told() -> None:
    """What is no answer is told, and is no empty result."""
    with Fake(answer(b"<html>", media_type="text/html")) as server:
        result = run("query", "levels", "--endpoint", server.url)
    assert result.exit_code == 1
    assert "text/html" in result.stderr


@pytest.mark.parametrize("command", [["check"], ["query", "levels"], ["serve", "--port", "0"]])
def test_files_and_a_server_together_are_refused(command: list[str], data: Path) -> None:
    """The data is in files or at a server, and a mistake is told as one of usage."""
    together = run(*command, "--endpoint", "http://127.0.0.1:1/", "--data", str(data / "two-graphs.trig"))
    assert together.exit_code == 2
    assert "leave out one of --endpoint and --data" in together.stderr
    odd = run(*command, "--endpoint", "nowhere")
    assert odd.exit_code == 2
    assert "must be an address such as" in odd.stderr
