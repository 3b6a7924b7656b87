"""Tests of the service for agents: a real client starts it as a process, and asks."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from click.testing import CliRunner
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, TextContent, TextResourceContents, Tool

from pswonto import resources
from pswonto.cli import agents, main
from pswonto.explorer import Explorer
from pswonto.models import Thing
from pswonto.queries import Query, QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from running import ENDLESS

STORED = list(QueryLibrary(*resources.library_directories()))
FACTOR = "regulatory-and-political-factors"
# Each tool, with arguments that have an answer.
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("factors", {}),
    ("factors", {"level": ["meso"], "polarity": ["barrier"], "statements": 20}),
    ("subthemes", {"factor": ["psw-wellbeing"]}),
    ("statements", {"factor": ["psw-wellbeing"], "polarity": ["barrier", "enabler"], "yearFrom": 2010}),
    ("studies", {"factor": [FACTOR], "limit": 3}),
    ("influences", {"target": ["psw-wellbeing"]}),
    ("influences", {"argued": False}),
    ("paths", {"from": ["economic-and-financial-factors"], "to": ["psw-wellbeing"], "longest": 3}),
    ("coverage", {"fewer": 2}),
    ("gaps", {}),
    ("implications", {"q": "training"}),
    ("search", {"q": "stigma"}),
    ("matrix", {"rows": "levels", "columns": "period", "unit": "statements", "polarity": ["barrier"]}),
    ("thing", {"thing": "psw-wellbeing"}),
    ("thing", {"thing": "https://w3id.org/pswonto/work/byrne-2016"}),
    ("thing", {"thing": "pswo:supports"}),
    ("thing", {"thing": "passage/psw-wellbeing-2", "statements": 0}),
    ("questions", {"q": "misspelt"}),
    ("ask", {"question": "studies-of-factor", "parameters": {"factor": FACTOR}}),
    ("ask", {"question": "influence-network"}),
    ("terms", {"kind": ["class"], "q": "influence"}),
    ("sparql", {"query": "SELECT * { ?s a <https://w3id.org/pswonto#BarrierStatement> } ORDER BY ?s", "limit": 2}),
    ("sparql", {"query": "ASK { ?s ?p 1 }"}),
    ("sparql", {"query": "DESCRIBE <https://w3id.org/pswonto/factor/psw-wellbeing>"}),
]


class Agent:
    """An agent that is connected.

    Args:
        portal: Where its event loop runs.
        client: The client of the SDK.
    """

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def tools(self) -> dict[str, Tool]:
        """Return the tools by their names."""
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """Call a tool; the client itself holds the answer to the tool's schema."""
        result: CallToolResult = self._portal.call(self.client.call_tool, tool, arguments)
        return result

    def ask(self, tool: str, **arguments: Any) -> Any:
        """Call a tool, and return what it answers."""
        result = self.call(tool, **arguments)
        assert not result.is_error, words(result)
        return result.structured_content

    def read(self, uri: str) -> str:
        """Read a page."""
        (contents,) = self._portal.call(self.client.read_resource, uri).contents
        assert isinstance(contents, TextResourceContents)
        return contents.text

    def pages(self) -> tuple[list[str], list[str]]:
        """Return the URIs that can be read, and the templates of others."""
        listed = self._portal.call(self.client.list_resources).resources
        templates = self._portal.call(self.client.list_resource_templates).resource_templates
        return [page.uri for page in listed], [page.uri_template for page in templates]


@contextmanager
def connected(*options: str, mode: str = "auto") -> Iterator[Agent]:
    """Start `pswonto mcp` as a process, and connect to it."""
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "pswonto", "mcp", *options], env=dict(os.environ)
    )
    with start_blocking_portal() as portal:
        client = Client(stdio_client(command), mode=mode)
        with portal.wrap_async_context_manager(client):
            yield Agent(portal, client)


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    """Yield an agent that is connected to the service."""
    with connected() as agent:
        yield agent


@pytest.fixture(scope="module")
def tools(agent: Agent) -> dict[str, Tool]:
    """Return the tools of the service."""
    return agent.tools()


def words(result: CallToolResult) -> str:
    """Return the text of an answer."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def dumped(things: Any) -> list[Any]:
    """Return models as they stand in an answer."""
    return [thing.model_dump(mode="json", by_alias=True) for thing in things]


def test_the_agent_is_told_what_it_is_and_what_to_heed(agent: Agent) -> None:
    """The instructions name the review, its size, and the caveats."""
    told = agent.client.instructions
    assert told is not None
    for part in (
        "Mirbahaeddin & Chreim 2022",
        "9 factors",
        "124 statements",
        "no measure of the strength",
        "No person",
    ):
        assert part in told


def test_every_tool_is_called_here(tools: dict[str, Tool]) -> None:
    """The calls of this file leave no tool out."""
    assert {name for name, _ in CALLS} == set(tools)


def test_every_tool_is_read_only_and_has_sound_schemas(tools: dict[str, Tool]) -> None:
    """Each says that it changes nothing, and what it is; its schemas are JSON Schema, with words for all arguments."""
    for tool in tools.values():
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert tool.title
        assert tool.description
        assert len(tool.description) > 60
        assert tool.output_schema is not None
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema.Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        assert all(argument["description"] for argument in tool.input_schema["properties"].values())


def test_arguments_have_the_values_that_the_data_has(tools: dict[str, Tool], explorer: Explorer) -> None:
    """What may be one of a few things is listed, and what may be one of many is told with an example."""
    statements = tools["statements"].input_schema["properties"]
    assert statements["factor"]["items"]["enum"] == [factor.slug for factor in explorer.factors()]
    assert statements["confidence"]["items"]["enum"] == ["high", "medium", "low"]
    assert "enum" not in statements["study"]["items"]
    assert "one of 83 slugs such as" in statements["study"]["description"]


@pytest.mark.parametrize(("name", "arguments"), CALLS, ids=str)
def test_each_tool_answers_as_its_schema_says(
    name: str, arguments: dict[str, Any], agent: Agent, tools: dict[str, Tool], store: Store
) -> None:
    """Arguments and answer fit the schemas; the answer has caveats and a query that runs, and a text that tells it."""
    tool = tools[name]
    jsonschema.validate(arguments, tool.input_schema)
    result = agent.call(name, **arguments)
    answer: Any = result.structured_content
    assert tool.output_schema is not None
    jsonschema.validate(answer, tool.output_schema)
    assert answer["caveats"][:2] == [
        "Numbers of studies and statements are no measure of the strength of evidence.",
        "No person has checked any of the 124 statements yet.",
    ]
    assert "never listed" in answer["caveats"][2]
    store.answer(answer["sparql"])
    assert len(answer["statements"]) <= arguments.get("statements", 5)
    assert (answer["allStatements"] is None) == (len(answer["statements"]) == answer["statementTotal"])
    told = words(result)
    assert all(caveat in told for caveat in answer["caveats"])
    assert all(statement["paraphrase"] in told for statement in answer["statements"])
    assert len(told) < len(json.dumps(answer))
    assert len(result.model_dump_json()) < 2 * Settings().answer_bytes


@pytest.mark.parametrize(
    "name", ["factors", "subthemes", "statements", "studies", "influences", "gaps", "implications", "coverage"]
)
def test_the_pages_of_a_list_are_what_the_explorer_has(name: str, agent: Agent, explorer: Explorer) -> None:
    """Page after page gives each item once and in order, as many as are told, and no page is larger than it may be."""
    whole = dumped(getattr(explorer, name)())
    found: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        answer = agent.ask(name, offset=offset)
        assert answer["total"] == len(whole)
        assert len(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()) <= Settings().answer_bytes
        found += answer["items"]
        offset = answer["next"]
    assert found == whole


def test_filters_are_those_of_the_explorer(agent: Agent, explorer: Explorer) -> None:
    """A filter with one value, several, or as a bare text lets through what the explorer lets through."""
    studies = dumped(explorer.studies(factor=FACTOR, year_from=2015))
    answer = agent.ask("studies", factor=FACTOR, yearFrom=2015)
    assert answer["total"] == len(studies)
    assert answer["items"] == studies[: answer["next"]]
    barriers = explorer.statements(polarity=["barrier", "conditional"], level="micro")
    assert agent.ask("statements", polarity=["barrier", "conditional"], level=["micro"])["total"] == len(barriers)
    assert agent.ask("influences", tabulated=False)["total"] == len(explorer.influences(tabulated=False)) == 2
    assert agent.ask("factors", level=None, q="", study=[])["total"] == 9


def test_each_answer_rests_on_the_statements_of_its_items(agent: Agent, explorer: Explorer) -> None:
    """They are those that the explorer finds with the same filters; calling for all of them gives all."""
    answer = agent.ask("factors", factor="psw-wellbeing", polarity="barrier", statements=2)
    barriers = dumped(explorer.statements(factor="psw-wellbeing", polarity="barrier"))
    assert answer["statementTotal"] == len(barriers) > 2
    assert answer["statements"] == barriers[:2]
    more = answer["allStatements"]
    assert agent.ask(more["tool"], **more["arguments"])["items"] == barriers
    for name, arguments in CALLS:
        answer = agent.ask(name, **arguments | ({"statements": 1} if "statements" in arguments else {}))
        if answer["allStatements"] is not None:
            assert agent.ask("statements", **answer["allStatements"]["arguments"])["total"] == answer["statementTotal"]


def test_paths_matrix_and_search_are_the_explorers(agent: Agent, explorer: Explorer) -> None:
    """The same ways with the statements that argue for their steps, the same numbers, and the same finds."""
    ends = "economic-and-financial-factors", "psw-wellbeing"
    routes = explorer.paths(*ends)
    answer = agent.ask("paths", **dict(zip(("from", "to"), ends, strict=True)))
    assert answer["items"] == dumped(routes)
    steps = {step.slug for route in routes for step in route.steps}
    argued = {one.iri for one in explorer.statements() if steps & {arrow.slug for arrow in one.supports_influence}}
    assert answer["statementTotal"] == len(argued)
    matrix = explorer.matrix(rows="themes", columns="country", unit="statements")
    asked = agent.ask("matrix", rows="themes", columns="country", unit="statements")
    assert [asked["matrix"]] == dumped([matrix])
    found = agent.ask("search", q="stigma", statements=3)
    assert found["items"] == dumped(explorer.search("stigma"))
    assert found["statementTotal"] == len(explorer.search("stigma", kind="statement"))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("levels", "macro"),
        ("factors", "organizational-culture"),
        ("subthemes", "stigma"),
        ("themes", "network-of-psws"),
        ("studies", "gillard-2015"),
        ("works", "hitt-2007"),
        ("statements", "0001"),
        ("jurisdictions", "us"),
        ("anomalies", "included-articles-not-listed"),
        ("gaps", "attention-to-the-macro-level"),
        ("implications", "adopt-change-management-with-consultation"),
    ],
)
def test_a_thing_of_any_kind_is_told_in_full(name: str, slug: str, agent: Agent, explorer: Explorer) -> None:
    """It is the item that the explorer's list has."""
    things: list[Thing] = getattr(explorer, name)()
    (expected,) = [thing for thing in things if thing.slug == slug]
    assert [agent.ask("thing", thing=expected.iri)["thing"]] == dumped([expected])


@pytest.mark.parametrize("stored", STORED, ids=lambda query: query.name)
def test_every_stored_question_can_be_asked(stored: Query, agent: Agent, store: Store) -> None:
    """It has as many rows as the engine finds, and the statements that the rows name."""
    answer = agent.ask("ask", question=stored.name, limit=1)
    found = store.answer(stored.bind({}))
    rows = found.triples() if found.form == "GRAPH" else found.solutions().rows if found.form == "SELECT" else [True]
    assert (answer["form"], answer["total"]) == (found.form, len(rows))
    assert len(answer["rows"]) == min(1, len(rows))


def test_the_questions_are_all_listed(agent: Agent) -> None:
    """Each stored query is an item with its topic, and its text can be read."""
    first = agent.ask("questions")
    items = first["items"] + agent.ask("questions", offset=first["next"])["items"] if first["next"] else first["items"]
    assert [item["name"] for item in items] == sorted(query.name for query in STORED)
    assert {item["topic"] for item in items} == {query.topic for query in STORED}
    uris, (template,) = agent.pages()
    listed = agent.read(uris[0])
    assert all(f"`{query.name}`: {query.summary}" in listed for query in STORED)
    assert "`pswo:supports`" in agent.read(uris[1])
    assert agent.read(template.replace("{name}", "studies")) == next(
        query.text for query in STORED if query.name == "studies"
    )


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("factors", {"levle": "x"}, "parameter 'levle' is not known; there are: factor, level"),
        ("factors", {"level": "maco"}, "names no level: 'maco'; did you mean macro"),
        ("statements", {"year_from": 2010}, "did you mean yearFrom or yearTo?"),
        ("statements", {"yearFrom": "late"}, "must be a whole number from 0 to 999999, not 'late'"),
        ("statements", {"factor": {"slug": "x"}}, "must be a text, a number, true or false, or a list of these"),
        ("statements", {"limit": 0}, "must be a whole number from 1 to 1000, not 0"),
        ("statements", {"offset": 500}, "must be below 124"),
        ("paths", {"from": "psw-wellbeing"}, "parameter 'to' is missing: The factor to arrive at"),
        ("matrix", {"rows": ["levels", "themes"]}, "parameter 'rows' may have one value only"),
        ("thing", {"thing": "psw-welbeing"}, "did you mean psw-wellbeing"),
        ("thing", {"thing": "facotr:stigma"}, "did you mean factor:stigma"),
        ("thing", {"thing": "subtheme/stigmata"}, "did you mean subtheme/stigma"),
        ("thing", {"thing": "pswo:suports"}, "there is no thing 'pswo:suports'; did you mean pswo:supports"),
        ("ask", {"question": "studys"}, "did you mean studies"),
        ("ask", {"question": "studies", "parameters": {"facotr": "x"}}, "did you mean factor"),
        ("ask", {"question": "studies", "parameters": {"factor": "wellbeing"}}, "did you mean psw-wellbeing"),
        ("terms", {"kind": "clas"}, "must be one of class, object property"),
        ("sparql", {"query": "SELECT * { ?s skos:broader ?o }"}, "line 1, column 15: the prefix skos: is not declared"),
        ("sparql", {"query": "INSERT DATA { <urn:a> <urn:b> 1 }"}, "line 1, column 1"),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}, "SERVICE is refused"),
    ],
)
def test_a_fault_is_told_with_what_would_be_right(
    name: str, arguments: dict[str, Any], told: str, agent: Agent
) -> None:
    """The answer is an error that the agent reads, and names argument, fault, and the nearest that there is."""
    result = agent.call(name, **arguments)
    assert result.is_error
    assert told in words(result)


def test_what_is_not_there_is_told(agent: Agent) -> None:
    """A tool or a page that there is not is an error of the protocol, with the nearest name."""
    with pytest.raises(MCPError, match="there is no tool 'statement'; did you mean statements"):
        agent.call("statement")
    with pytest.raises(MCPError, match="did you mean pswonto://questions"):
        agent.read("pswonto://question")


def test_a_query_without_end_is_ended_and_harms_no_other() -> None:
    """It is told after the time that it has, a second client era is served too, and the next call has its answer."""
    with connected("--timeout", "0.3", mode="legacy") as agent:
        result = agent.call("sparql", query=ENDLESS)
        assert result.is_error
        assert words(result) == "the query was ended after 0.3 s, without an answer"
        assert agent.ask("factors")["total"] == 9


def test_answers_are_as_small_as_they_are_set_to_be() -> None:
    """With less room there are fewer items on a page."""
    with connected("--answer-bytes", "9000") as agent:
        answer = agent.ask("statements")
        assert 1 <= len(answer["items"]) < 6
        assert len(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode()) <= 9000


def test_it_answers_over_http_on_this_machine_only() -> None:
    """The client is given its address; a page of another host that a browser shows is refused."""
    command = [sys.executable, "-m", "pswonto", "mcp", "--http", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            (url,) = re.findall(r"http://\S+", process.stderr.readline())
            with start_blocking_portal() as portal:
                client = Client(url)
                with portal.wrap_async_context_manager(client):
                    agent = Agent(portal, client)
                    assert len(agent.tools()) == 16
                    assert agent.ask("sparql", query="ASK {}")["rows"] == [{"answer": True}]
            request = urllib.request.Request(url, b"{}", {"Content-Type": "application/json", "Host": "example.org"})
            with pytest.raises(urllib.error.HTTPError, match="421"):
                urllib.request.urlopen(request, timeout=10)
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_nothing_of_it_is_left_when_the_client_goes() -> None:
    """The process that evaluates queries ends with the service."""
    others = processes()
    with connected() as agent:
        agent.ask("sparql", query="ASK {}")
        assert len(processes() - others) == 3
    assert processes() - others == set()


def processes() -> set[str]:
    """Return the ids of the processes that run the command."""
    listed = subprocess.run(["ps", "-ewwo", "pid,stat,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return {pid for pid, state, command in rows if command.endswith("-m pswonto mcp") and not state.startswith("Z")}


def test_broken_data_is_refused_with_the_words_of_check(broken: Path) -> None:
    """Nothing is written where messages would be, and the fault is told."""
    command = [sys.executable, "-m", "pswonto", "mcp", "--data", str(broken)]
    result = subprocess.run(command, capture_output=True, text=True, input="")
    assert (result.returncode, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    assert all(re.search(r"evidence\.ttl:\d+: Violation: .*polarity/mixed", line) for line in lines)
    assert len(lines) == 2


def test_the_page_on_agents_is_true(tools: dict[str, Tool]) -> None:
    """It names every tool and no other, what clients are told is our command, and the example prints what it shows."""
    page = (Path(__file__).parents[1] / "docs" / "agents.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z`, ]+`) \|", page, re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(tools)
    for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL):
        ((_, servers),) = json.loads(block).items()
        assert servers["pswonto"]["command"].endswith("/.venv/bin/pswonto")
        assert servers["pswonto"]["args"] == ["mcp"]
    defaults = Settings()
    assert (defaults.answer_bytes, defaults.query_seconds, defaults.query_memory) == (30_000, 10.0, 1_000_000_000)
    assert "at most 30,000 bytes" in page
    assert "after ten seconds or a gigabyte of memory" in page
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    ours = f'command={sys.executable!r}, args=["-m", "pswonto", "mcp"], env=dict(__import__("os").environ)'
    run = subprocess.run(
        [sys.executable, "-c", code.replace('command=".venv/bin/pswonto", args=["mcp"]', ours)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == shown


@pytest.mark.parametrize("variable", ["PSWONTO_ENDPOINT", "PSWONTO_STORE"])
def test_data_elsewhere_is_refused(variable: str) -> None:
    """Whoever says that a server or a store has the data is not answered from other data."""
    elsewhere = {variable: "http://127.0.0.1:1/sparql"}
    result = CliRunner().invoke(main, ["mcp", "--http", "--host", "192.0.2.1"], env=elsewhere)
    assert result.exit_code == 2
    assert f"mcp answers from files, and {variable} has the data elsewhere" in result.stderr


def test_a_host_of_another_machine_is_refused() -> None:
    """Nobody is asked who they are, so it listens here only."""
    result = CliRunner().invoke(main, ["mcp", "--http", "--host", "192.0.2.1"])
    assert result.exit_code == 2
    assert "--host must be one of 127.0.0.1, localhost, ::1, not 192.0.2.1" in result.stderr


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the SDK the command says how to install it."""
    monkeypatch.setattr(agents, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, ["mcp"])
    assert result.exit_code == 2
    assert "pip install 'pswonto[mcp]'" in result.stderr


def test_a_review_of_ones_own_is_answered_from(tmp_path: Path) -> None:
    """Other data has its own slugs in the schemas, and its own caveats."""
    folder = Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology"))
    for path in folder.glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"\bpsw-wellbeing\b(?!-\d)", "own-wellbeing", text)
        if path.stem == "evidence":
            text = re.sub(
                r"(statement:0001\n(?:  .*\n)*?  pswo:checkedByPerson) false",
                r"\1 true ;\n  pswo:checkedBy <https://orcid.org/0000-0002-1825-0097> ;\n  "
                'pswo:checkedOn "2026-11-25"^^xsd:date',
                text,
                count=1,
            )
        path.write_text(text, encoding="utf-8")
    with connected("--data", str(folder)) as agent:
        factor = agent.tools()["factors"].input_schema["properties"]["factor"]["items"]["enum"]
        assert "own-wellbeing" in factor
        assert "psw-wellbeing" not in factor
        caveats = agent.ask("gaps", limit=1)["caveats"]
    assert caveats[1] == "A person has checked 1 of the 124 statements; checkedByPerson tells which."
