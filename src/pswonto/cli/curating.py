"""The commands for the team that keeps a review going: import, export, template and review."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pswonto import dataset, replacement, resources
from pswonto.cli.shared import report_errors
from pswonto.curating import checking, importing
from pswonto.curating.beginning import Beginning, begin
from pswonto.curating.coding import COLUMNS, NAMES, Known, offered
from pswonto.curating.importing import Plan, Source
from pswonto.curating.sheet import csv_bytes, xlsx_bytes
from pswonto.errors import SheetRefused
from pswonto.queries import QueryLibrary

# A sheet of so many rows is worth a progress bar.
_LONG = 200
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_SHEETS = click.Choice(["csv", "xlsx"])
_folder_option = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of the data.  [default: ontology/ of this checkout]",
)
_format_option = click.option(
    "--format", "format_", type=_SHEETS, help="The format.  [default: that of the ending of --output, or csv]"
)
_output_option = click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file.  [default: standard output]"
)


def _folder(data: Path | None) -> Path:
    if data is None and not resources.is_checkout():
        raise click.UsageError(
            "say with --data which folder; the ontology that comes with the package is not to be edited"
        )
    return data or resources.ontology_directory()


@click.command("import", epilog="Example: pswonto import more.xlsx --studies more.bib --by 'A. Coder' --method hand")
@click.argument("sheet", metavar="FILE", required=False, type=_FILE)
@click.option("--studies", multiple=True, type=_FILE, help="New works that statements cite: .bib, .ris or .json.")
@click.option("--reviews", multiple=True, type=_FILE, help="New reviews that statements are taken from, likewise.")
@click.option("--by", help="Who or what coded the statements: a name, or an ORCID.")
@click.option("--method", type=click.Choice(["hand", "machine"]), help="How they were coded.")
@click.option("--new-passages", is_flag=True, help="Add sections and paragraphs that the data does not have yet.")
@click.option("--dry-run", is_flag=True, help="Tell what would change, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print faults, or else changes, as JSON.")
@_folder_option
@report_errors
def import_(
    sheet: Path | None,
    studies: tuple[Path, ...],
    reviews: tuple[Path, ...],
    by: str | None,
    method: str | None,
    new_passages: bool,
    dry_run: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Take coded statements from FILE, a spreadsheet in CSV or XLSX, into the data, and new works with them.

    Each fault is told by sheet, row, column and value, with the nearest that would be right; where there is any,
    nothing is written, and exit code 1 says so. What is there already is not added twice; a row with the number of a
    statement changes that. Everything is written together, or nothing. Exits with 0 where nothing is at fault.
    """
    if sheet is None and not studies and not reviews:
        raise click.UsageError("name a spreadsheet, or files of --studies or --reviews")
    folder = _folder(data)
    source = Source(sheet, studies, reviews, by, method, date.today(), new_passages)
    with replacement.locked(folder, to_read=dry_run):
        if not dry_run:
            replacement.settle(folder)
        read = dataset.read([folder], is_locked=True)
        try:
            with _progress() as advance:
                plan = importing.plan(read, source, advance)
        except SheetRefused as error:
            if not as_json:
                raise
            click.echo(json.dumps([asdict(fault) for fault in error.faults], indent=2))
            sys.exit(1)
        if not dry_run:
            importing.write(plan)
    _tell(plan, dry_run, as_json)


def _tell(plan: Plan, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(change) for change in plan.changes], indent=2))
        return
    for change in plan.changes:
        click.echo(change.sentence())
    for finding in plan.warnings:
        click.echo(finding.sentence(), err=True)
    number = f"{len(plan.changes)} change" + ("s" if len(plan.changes) != 1 else "")
    files = ", ".join(path.name for path in plan.texts) or "no file"
    click.echo(f"{number}; {'nothing was written' if dry_run else f'wrote {files}'}", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Show how far a long sheet is read, where somebody looks."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        tasks: list[Any] = []

        def advance(rows: int) -> None:
            if rows >= _LONG:
                tasks.append(progress.add_task("rows", total=rows))
            elif not rows and tasks:
                progress.advance(tasks[0])

        yield advance


def _known(data: Path | None) -> Known:
    read = dataset.read([data] if data is not None else [])
    return Known(read.store, QueryLibrary(resources.queries_directory() / "curating"))


def _write_sheet(known: Known, rows: list[list[str]], format_: str, output: Path | None) -> None:
    if format_ == "csv":
        body = csv_bytes(NAMES, rows)
    else:
        several = [column.name for column in COLUMNS if column.several or column.name == "sectionHeading"]
        body = xlsx_bytes(NAMES, rows, {column.name: column.note for column in COLUMNS}, offered(known), several)
    if output is None:
        if format_ == "xlsx" and sys.stdout.isatty():
            raise click.UsageError("a workbook is not for a terminal: say with --output where to")
        sys.stdout.buffer.write(body)
    else:
        output.write_bytes(body)


def _chosen(format_: str | None, output: Path | None) -> str:
    """Return the format that is asked for, or else that of the file's ending."""
    if format_ is not None:
        return format_
    return "xlsx" if output is not None and output.suffix.lower() == ".xlsx" else "csv"


@click.command(epilog="Example: pswonto export --format xlsx --output statements.xlsx")
@click.option(
    "--format", "format_", type=_SHEETS, help="The format.  [default: that of the ending of --output, or csv]"
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file.  [default: standard output]")
@_folder_option
@report_errors
def export(format_: str | None, output: Path | None, data: Path | None) -> None:
    """Write all statements as the spreadsheet that import reads; importing it changes nothing."""
    known = _known(data)
    rows = [known.cells(coded) for coded in known.statements.values()]
    _write_sheet(known, rows, _chosen(format_, output), output)
    click.echo(f"{len(rows)} statements", err=True)


@click.command(epilog="Example: pswonto template --output statements.xlsx")
@click.option(
    "--format", "format_", type=_SHEETS, help="The format.  [default: that of the ending of --output, or csv]"
)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="The file.  [default: standard output]")
@_folder_option
@report_errors
def template(format_: str | None, output: Path | None, data: Path | None) -> None:
    """Write the empty spreadsheet, with a note on each column and drop-down lists of what its cells may hold."""
    _write_sheet(_known(data), [], _chosen(format_, output), output)


@click.command(epilog="Example: pswonto review 0001 0002 --by https://orcid.org/0000-0002-1825-0097")
@click.argument("statements", metavar="STATEMENT...", nargs=-1, required=True)
@click.option("--by", required=True, help="The ORCID of the person who has checked them.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The day.  [default: today]")
@_folder_option
@report_errors
def review(statements: tuple[str, ...], by: str, on: datetime | None, data: Path | None) -> None:
    """Write down that a person has checked STATEMENTS, by their numbers, against the review.

    Import takes that back where it changes what a statement says.
    """
    folder = _folder(data)
    with replacement.locked(folder):
        replacement.settle(folder)
        read = dataset.read([folder], is_locked=True)
        checked = checking.check(read, statements, by, on.date() if on else date.today())
        if checked.texts:
            replacement.replace(checked.texts)
    for slug in checked.statements:
        click.echo(f"checked: {slug}")
    again = len(dict.fromkeys(statements)) - len(checked.statements)
    click.echo(f"{len(checked.statements)} written" + (f", {again} already there" if again else ""), err=True)


@click.command(
    epilog="Example: pswonto new my-review --title 'Gardens: what helps them' --base https://example.org/gardens"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default="My review", show_default=True, help="What the review is called.")
@click.option("--base", default="https://example.org/my-review", show_default=True, help="What its IRIs begin with.")
@click.option(
    "--level",
    "levels",
    multiple=True,
    default=("Outer level", "Inner level"),
    show_default=True,
    help="The name of a level; once for each, from above.",
)
@report_errors
def new(folder: Path, title: str, base: str, levels: tuple[str, ...]) -> None:
    """Begin a review of your own in DIR: vocabulary, framework, shapes, an example row, and a README that leads on."""
    for path in begin(folder, Beginning(title, base, levels, date.today())):
        click.echo(path)
