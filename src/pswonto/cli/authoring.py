"""The commands for those who edit and publish the ontology: explain, build, diff and fmt."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from pswonto import __version__, comparison, dataset, disk, resources
from pswonto.cli.shared import data_option, report_errors
from pswonto.entailment import materialise
from pswonto.errors import Finding
from pswonto.explanation import Explainer, Explanation
from pswonto.precomputed import Answers
from pswonto.queries import QueryLibrary
from pswonto.release import build as build_release
from pswonto.store import Store
from pswonto.turtle import reformat


@click.command(epilog="Example: pswonto explain factor:psw-wellbeing a pswo:ContestedTheme")
@click.argument("subject")
@click.argument("predicate")
@click.argument("object_", metavar="OBJECT")
@data_option
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@report_errors
def explain(subject: str, predicate: str, object_: str, data: tuple[Path, ...], as_json: bool) -> None:
    """Say why a triple holds: in which file and line it is asserted, or what it follows from, by which axiom.

    Each part is an IRI or a prefixed name; PREDICATE may be a, and OBJECT a literal as Turtle has it. Exits with 1
    where the triple neither is asserted nor follows.
    """
    read = dataset.read(data)
    materialise(read.store, _rules())
    explanation = Explainer(read.store, _rules()).explain(subject, predicate, object_)
    if as_json:
        click.echo(json.dumps(asdict(explanation), indent=2))
        return
    asserted = {leaf.terms: leaf for leaf in explanation.asserted()}
    places = _places(read, [*asserted.values()])
    for line in _lines(explanation, places):
        click.echo(line)


def _places(read: dataset.Dataset, leaves: list[Explanation]) -> dict[tuple[str, str, str], str]:
    findings = [
        Finding("", "Info", "", focus=_bare(leaf.terms[0]), path=_bare(leaf.terms[1]), value=_bare(leaf.terms[2]))
        for leaf in leaves
    ]
    placed = {(finding.focus, finding.path, finding.value): finding for finding in dataset.place(findings, read)}
    places = {}
    for leaf in leaves:
        subject, predicate, value = map(_bare, leaf.terms)
        finding = placed[subject, predicate, value]
        places[leaf.terms] = f"{finding.file}:{finding.line}"
    return places


def _bare(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term


def _lines(explanation: Explanation, places: dict[tuple[str, str, str], str], depth: int = 0) -> Iterator[str]:
    indent = "  " * depth
    words = " ".join(explanation.triple)
    if explanation.graph is not None:
        yield f"{indent}{words}, asserted in {places[explanation.terms]}"
        return
    yield f"{indent}{words}, because {explanation.axiom}" + (", and" if explanation.premises else "")
    for premise in explanation.premises:
        yield from _lines(premise, places, depth + 1)


@click.command(epilog="Example: pswonto build --output dist")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("dist"),
    show_default=True,
    help="Folder to write to.",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    help="Build a store for serve --store in this folder, in place of a release.",
)
@data_option
@report_errors
def build(output: Path, store: Path | None, data: tuple[Path, ...]) -> None:
    """Write the files of a release: the ontology in one file, without imports, in four formats, and what follows.

    Nothing is written where the data breaks a rule, or a module bears another version than the package. Twice the same
    data gives twice the same bytes. With --store, the dataset as it would be served is written to a store on a disk,
    which replaces one that is there when it is done, and not before.
    """
    if store is not None:
        manifest = disk.build(data, store, lambda text: click.echo(text, err=True), _first_answers)
        click.echo(f"{store} {manifest.triples}")
        return
    dataset.open_dataset(data)
    for path in build_release(dataset.read(data), _rules(), __version__, output):
        click.echo(f"{path} {path.stat().st_size}")


@click.command(epilog="Example: pswonto diff old/ ontology/")
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@report_errors
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell in words what changed from OLD to NEW, each an RDF file or a folder of them.

    Exits with 1 where an IRI of ours was removed that OLD does not have as owl:deprecated true.
    """
    stores = [dataset.read([path], complete=False).store for path in (old, new)]
    changes = comparison.compare(*stores)
    if as_json:
        click.echo(json.dumps([asdict(change) for change in changes], indent=2))
    else:
        for change in changes:
            click.echo(change.sentence())
        click.echo(f"{len(changes)} changes", err=True)
    if any(change.breaking for change in changes):
        sys.exit(1)


@click.command(epilog="Example: pswonto fmt ontology/core.ttl")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where a file would change.")
@report_errors
def fmt(files: tuple[Path, ...], check: bool) -> None:
    """Write FILES in our own Turtle style, so that what an editor has saved differs only where it means something else.

    A file of another syntax than Turtle is written as Turtle beside it. The comment at the head of a file is kept;
    other comments are not, and how many is told.
    """
    changed = False
    for path in files:
        target, text, dropped = reformat(path)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        changed = True
        click.echo(
            f"{'would write' if check else 'wrote'} {target}" + (f", without {dropped} comments" if dropped else "")
        )
        if not check:
            beside = target.with_name(target.name + ".new")
            beside.write_text(text, encoding="utf-8")
            beside.replace(target)
    if check and changed:
        sys.exit(1)


def _first_answers(store: Store) -> Answers:
    # It takes time to import, and only one command needs it.
    from pswonto.explorer import Explorer

    return Explorer(store, QueryLibrary(*resources.library_directories())).first_answers()


def _rules() -> QueryLibrary:
    return QueryLibrary(resources.queries_directory() / "entailment")
