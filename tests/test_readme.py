"""Tests that README is true: every command in it is run here, or by the script of continuous integration."""

import asyncio
import csv
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from pswonto import reasoning, release, settings
from pswonto.dataset import Dataset
from pswonto.namespaces import PREFIXES

OWL, RDF = PREFIXES["owl"], PREFIXES["rdf"]
ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [block.strip() for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]
RUN, TEST, SPARQL, REST, QUERY, EXTRA, AGENTS, WATCH, FMT, CHECK, EXPLAIN, *MORE = COMMANDS
BUILD, DIFF, BUILD_STORE, SERVE_STORE, VERIFY, SHEET, NEW = MORE
INLINE = re.findall(r"`(\.venv/bin/pswonto[^`]*)`", README)


def environment() -> dict[str, str]:
    """Return the environment of a new user: no settings of ours, and no virtual environment."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("PSWONTO_", "VIRTUAL_ENV"))}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a fresh copy of the checkout."""
    ignored = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", "dist")
    return Path(shutil.copytree(ROOT, tmp_path_factory.mktemp("clone") / "pswonto", ignore=ignored))


@pytest.fixture(scope="module")
def server(clone: Path) -> Iterator[str]:
    """Run README's first command as it stands, in an empty environment, until its service answers."""
    with socket.create_server(("127.0.0.1", 8000)):
        pass  # What answers there from now on is ours.
    with subprocess.Popen(RUN, shell=True, cwd=clone, env=environment(), start_new_session=True) as process:
        try:
            url = "http://127.0.0.1:8000"
            wait_for(url, process)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until a server answers; fail when it ends before, or takes five minutes, most of them to install."""
    deadline = time.monotonic() + 300
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{RUN} does not serve")


def output(command: str, clone: Path) -> str:
    """Run a command of README in the copy, and return what it prints."""
    return subprocess.run(
        command, shell=True, cwd=clone, env=environment(), check=True, capture_output=True, text=True
    ).stdout


def test_three_ways_to_ask_give_the_answer_that_readme_prints(server: str, clone: Path) -> None:
    """SPARQL, REST and the command line name the same studies, and they are those that README lists."""
    by_sparql = {row["s"] for row in csv.DictReader(io.StringIO(output(SPARQL, clone)))}
    by_rest = {item["iri"]: item["label"] for item in json.loads(output(REST, clone))["items"]}
    rows = csv.DictReader(io.StringIO(output(f"{QUERY} --format csv", clone)))
    by_command_line = {row["study"] for row in rows}
    assert by_sparql == set(by_rest) == by_command_line
    printed = re.search(r"<!-- answer -->\n(.*?)\n<!-- /answer -->", README, re.DOTALL)
    assert printed is not None
    assert sorted(by_rest.values()) == sorted(re.split(r",\s+", printed[1]))


def test_the_query_that_readme_shows_is_the_one_that_it_sends(server: str) -> None:
    """The SPARQL block and the query in the command are the same."""
    (shown,) = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)
    assert shown.split() == SPARQL.split("query=")[1].rstrip("'").split()


def test_the_questions_in_python_have_answers() -> None:
    """Each of the three lines after the first gives a list with something in it."""
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    *preamble, first, second, third = block.strip().splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(preamble), names)
    for question in (first, second, third):
        answer = eval(question, names)
        assert answer
        assert len(answer) < 10


def test_every_other_command_runs(server: str, clone: Path) -> None:
    """The commands in the text and those that only print run without fault."""
    (clone / "my-own.rq").write_text("SELECT * { ?s ?p ?o } LIMIT 1", encoding="utf-8")
    assert INLINE
    for command in [QUERY, CHECK, EXPLAIN, BUILD, DIFF, BUILD_STORE, VERIFY, *INLINE]:
        assert output(command, clone)
    assert output(FMT, clone) == ""


def test_a_team_works_with_spreadsheets(server: str, clone: Path) -> None:
    """The export changes nothing when it is taken in, and a review of one's own keeps all rules."""
    assert output(SHEET, clone) == ""
    assert (clone / "statements.xlsx").stat().st_size > 10_000
    assert " violations" not in output(NEW, clone)
    assert (clone / "my-review" / "gardens.ttl").is_file()


def test_agents_can_connect(server: str, clone: Path) -> None:
    """With the extra, the command answers a client that starts it: with the studies that README names."""
    output(EXTRA, clone)
    command, *arguments = AGENTS.split()
    started = StdioServerParameters(command=command, args=arguments, cwd=clone)

    async def asked() -> Any:
        async with Client(stdio_client(started)) as client:
            return await client.call_tool("studies", {"factor": ["regulatory-and-political-factors"]})

    answer = asyncio.run(asked())
    assert answer.structured_content["total"] == 15


def test_the_editing_loop_starts(server: str, clone: Path) -> None:
    """The command that watches the files of the checkout says that it does."""
    assert said_by(WATCH, clone, 2)[1] == "watching ontology\n"


def test_a_store_is_served(server: str, clone: Path) -> None:
    """The command that serves what the one before it has built says how much it serves."""
    built = output(BUILD_STORE, clone).split()
    (said,) = said_by(SERVE_STORE, clone, 1)
    assert said.startswith(f"{built[1]} triples; SPARQL at")


def said_by(command: str, clone: Path, lines: int) -> list[str]:
    """Return the first lines that a command says which serves, and end it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings_ = environment() | {"PSWONTO_PORT": str(port)}
    with subprocess.Popen(command.split(), cwd=clone, env=settings_, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(lines)]
        process.terminate()
        process.wait(timeout=20)
    return said


def test_the_dl_queries_have_as_many_instances_as_readme_says(asserted: Dataset) -> None:
    """HermiT puts as many individuals into each class expression as the table tells."""
    rows = re.findall(r"^\| `(\w+) and (\(.*\))` \| (\d+) \|$", README, re.MULTILINE)
    assert len(rows) == 5
    iris = {name.rpartition("/")[2].rpartition("#")[2]: name for name in release.described(asserted.store)}
    lines = [asserted.store.ntriples()]
    for number, (genus, restrictions, _) in enumerate(rows):
        parts = [f"<{iris[genus]}>"]
        for place, (path, value) in enumerate(re.findall(r"\((\w+) value ([\w-]+)\)", restrictions)):
            node = f"_:r{number}x{place}"
            parts.append(node)
            lines.append(
                f"{node} <{RDF}type> <{OWL}Restriction> .\n{node} <{OWL}onProperty> <{iris[path]}> .\n"
                f"{node} <{OWL}hasValue> <{iris[value]}> .\n".encode()
            )
        nodes = [f"_:l{number}x{place}" for place in range(len(parts))]
        for node, part, rest in zip(nodes, parts, [*nodes[1:], f"<{RDF}nil>"], strict=True):
            lines.append(f"{node} <{RDF}first> {part} .\n{node} <{RDF}rest> {rest} .\n".encode())
        lines.append(
            f"<urn:q{number}> <{RDF}type> <{OWL}Class> .\n<urn:q{number}> <{OWL}equivalentClass> _:e{number} .\n"
            f"_:e{number} <{RDF}type> <{OWL}Class> .\n_:e{number} <{OWL}intersectionOf> {nodes[0]} .\n".encode()
        )
    members = reasoning.classify(b"".join(lines)).members
    assert [len(members[f"urn:q{number}"]) for number in range(len(rows))] == [int(row[2]) for row in rows]


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    """README's test command is run, as it stands, by the script of continuous integration."""
    assert f"\n{TEST}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_setting_is_told() -> None:
    """README's table has every variable with its default."""
    table = dict(re.findall(r"\| `(PSWONTO_\w+)` \| ([^|]*) \|", README))
    names = {f"PSWONTO_{name.upper()}" for name in settings.Settings.__dataclass_fields__}
    assert set(table) == names
    defaults = settings.Settings()
    for name in settings.Settings.__dataclass_fields__:
        if name not in ("data", "query_workers"):
            assert table[f"PSWONTO_{name.upper()}"] == str(getattr(defaults, name))
