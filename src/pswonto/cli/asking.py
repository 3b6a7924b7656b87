"""The commands for those who ask: check, query and verify-source."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from pswonto import dataset, gates, resources, validation
from pswonto.cli.shared import console, data_option, endpoint_option, remote_of, report_errors
from pswonto.errors import FormatError
from pswonto.namespaces import contract
from pswonto.queries import QueryLibrary
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS, Answer

if TYPE_CHECKING:
    # It takes time to import, and only one command needs it.
    from pswonto.explorer import Explorer

_FORMATS = {name: media_type for media_type, (name, _) in (RESULT_FORMATS | GRAPH_FORMATS).items()}


@click.command(epilog="Example: pswonto check --data my-review/")
@data_option
@endpoint_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--pyshacl", is_flag=True, help="Validate with pySHACL, the slower reference, in place of our own engine."
)
@click.option("--reasoner/--no-reasoner", default=True, help="Ask HermiT and the OWL API, where there is Java.")
@report_errors
def check(data: tuple[Path, ...], endpoint: str | None, as_json: bool, pyshacl: bool, reasoner: bool) -> None:
    """Check syntax, shapes, rules across things, consistency and OWL 2 DL; exit with 1 where anything is violated.

    With --endpoint, what the dataset there asserts is copied and checked here.
    """
    remote = remote_of(endpoint, data)
    results = list(gates.run(data, remote=remote, pyshacl=pyshacl, java=reasoner))
    found = validation.in_order(finding for gate in results for finding in gate.findings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        table = Table("gate", "what", "result")
        for gate in results:
            violations = sum(finding.severity == "Violation" for finding in gate.findings)
            notes = len(gate.findings) - violations
            verdict = "skipped" if not gate.ran else f"{violations} violations" if violations else "good"
            table.add_row(gate.name, gate.what, verdict + (f", {notes} notes" if notes else ""))
        console().print(table)
        for finding in found:
            click.echo(finding.sentence())
    if any(finding.severity == "Violation" for finding in found):
        sys.exit(1)


@click.command("verify-source", epilog="Example: pswonto verify-source review.txt")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@report_errors
def verify_source(file: Path, data: tuple[Path, ...], as_json: bool) -> None:
    """Prove the data against FILE, a text of the review in plain text or Markdown; exit with 1 where it fails.

    Every passage must exist and have the words that were coded, every citation must be printed and taken up, every
    work that a claim cites must be printed in its passage, and no text of ours may repeat more than eight words.
    """
    from pswonto import curation

    checked = dataset.read(data)
    library = QueryLibrary(resources.queries_directory() / "curation")
    verification = curation.verify_source(checked.store, library, file)
    findings = dataset.place(verification.findings, checked)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(finding.sentence())
        compared = ", ".join(f"{number} {what}" for what, number in verification.compared.items())
        click.echo(f"{len(findings)} findings; compared: {compared}")
    if findings:
        sys.exit(1)


@click.command(epilog="Example: pswonto query studies-of-factor factor=psw-wellbeing --format csv")
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", *_FORMATS]),
    help="How to print the answer.  [default: table; ttl for a graph]",
)
@data_option
@endpoint_option
@report_errors
def query(
    name: str | None, values: tuple[str, ...], format_: str | None, data: tuple[Path, ...], endpoint: str | None
) -> None:
    """Answer a stored query, by its NAME, or the query in a FILE. Without either, list the stored queries.

    A parameter takes a slug (factor=psw-wellbeing), a prefixed name, an IRI or a text; given twice, it takes both.
    """
    from pswonto.explorer import Explorer

    library = QueryLibrary(*resources.library_directories())
    if name is None:
        table = Table("query", "parameters", "question")
        for stored in library:
            table.add_row(stored.name, " ".join(parameter.name for parameter in stored.parameters), stored.summary)
        console().print(table)
        return
    remote = remote_of(endpoint, data)
    # A server that holds nothing has a length of 0, and is asked all the same.
    explorer = Explorer(dataset.open_dataset(data) if remote is None else remote, library)
    text = _query_text(explorer, name, values)
    answer = explorer.answer(text)
    if format_ is None:
        format_ = "ttl" if answer.form == "GRAPH" else "table"
    if format_ == "table":
        _print_table(answer)
    else:
        sys.stdout.buffer.write(answer.serialize(_FORMATS[format_], explorer.names.prefixes))


def _query_text(explorer: "Explorer", name: str, values: Sequence[str]) -> str:
    bound: dict[str, list[str]] = {}
    for value in values:
        parameter, equals, text = value.partition("=")
        if not equals:
            raise click.UsageError(f"{value!r} is not PARAMETER=VALUE")
        bound.setdefault(parameter, []).append(text)
    if not name.endswith(".rq"):
        return explorer.bind(explorer.query(name), bound)
    try:
        text = Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{name} cannot be read: {error.strerror}") from error
    if bound:
        raise click.UsageError("a query from a file takes no parameters")
    return text


def _print_table(answer: Answer) -> None:
    if answer.form == "ASK":
        click.echo(json.loads(answer.serialize("application/sparql-results+json"))["boolean"])
        return
    if answer.form == "GRAPH":
        raise FormatError("table", [GRAPH_FORMATS[media_type][0] for media_type in answer.media_types])
    solutions = answer.solutions()
    table = Table()
    for name in solutions.variables:
        # What does not fit goes on in the next line; nothing is cut.
        table.add_column(name, overflow="fold")
    for row in solutions.rows:
        table.add_row(*(contract(row[name].value) if name in row else "" for name in solutions.variables))
    console().print(table)
    click.echo(f"{len(solutions.rows)} rows", err=True)
