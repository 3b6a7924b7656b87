"""Tests of the beginning of a review of one's own."""

import resource
import signal
from datetime import date
from pathlib import Path
from typing import TypeGuard

import pyoxigraph as ox
import pytest

from pswonto import dataset, gates
from pswonto.curating.beginning import Beginning, begin
from pswonto.curating.importing import Source, plan, write
from pswonto.errors import ParameterError
from pswonto.explorer import Explorer
from pswonto.queries import QueryLibrary

DAY = date(2026, 11, 25)


def beginning(*levels: str, title: str = 'A "new" review: of all', base: str = "https://example.org/new") -> Beginning:
    """Return what a review begins with."""
    return Beginning(title, base, levels or ("Upper", "Lower"), DAY)


@pytest.mark.parametrize("levels", [("Only",), ("Upper", "Lower"), ("A", "B", "C", "D", "E", "F", "G")])
def test_it_keeps_all_rules_from_the_beginning(levels: tuple[str, ...], tmp_path: Path, library: QueryLibrary) -> None:
    """With one level, two or many, nothing is at fault, and the levels are there in their order."""
    begin(tmp_path / "new", beginning(*levels))
    found = list(gates.run([tmp_path / "new"], java=len(levels) == 2))
    assert [finding.sentence() for gate in found for finding in gate.findings] == []
    explorer = Explorer(dataset.open_dataset([tmp_path / "new"]), library)
    assert tuple(level.label for level in explorer.levels()) == levels
    assert explorer.subject.title == 'A "new" review: of all'


def test_the_example_row_can_be_taken_in(tmp_path: Path, library: QueryLibrary) -> None:
    """The sheet and the work that come with it make a statement."""
    folder = tmp_path / "new"
    begin(folder, beginning())
    source = Source(folder / "statements.csv", [folder / "studies.bib"], (), "A. Coder", "hand", DAY, True)
    write(plan(dataset.read([folder]), source))
    explorer = Explorer(dataset.open_dataset([folder]), library)
    (statement,) = explorer.statements()
    assert statement.iri == "https://example.org/new/statement/0001"
    assert statement.about_theme.slug == "example-sub-theme"
    assert [study.label for study in explorer.studies()] == ["Example & Sample 2026a"]


def test_its_files_are_those_that_its_readme_tells(tmp_path: Path) -> None:
    """Each file that README names is there, and the catalog leads each import to one."""
    folder = tmp_path / "new"
    paths = begin(folder, beginning())
    names = {path.relative_to(folder).as_posix() for path in paths}
    assert names == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in names - {"README.md", "catalog-v001.xml"})
    catalog = (folder / "catalog-v001.xml").read_text(encoding="utf-8")
    imports = dataset.read([folder]).store.imports()
    assert imports
    assert all(f'name="{iri}"' in catalog for iri in imports)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": "https://example.org/new/"}, "without a slash at its end"),
        ({"base": "example.org"}, "must be an address"),
        ({"base": "https://w3id.org/pswonto/mine"}, "an address of your own"),
        ({"base": "https://example.org/a b"}, "must have no blanks"),
        ({"base": "https://example.org/a>b"}, "must have no blanks"),
        ({"title": "A\nb"}, "'title' must be one line of text"),
        ({"title": " "}, "'title' must be one line of text"),
        ({"levels": ("A\n",)}, "'level' must be one line of text"),
        ({"levels": ("A", "a")}, "a name of its own for each level"),
        ({"levels": ("!",)}, "a name of its own for each level"),
    ],
)
def test_what_does_not_fit_is_told(change: dict[str, object], message: str, tmp_path: Path) -> None:
    """A base that cannot begin IRIs, and levels that cannot be told apart, are refused, and nothing is written."""
    values = {"title": "A", "base": "https://example.org/new", "levels": ("A",), "today": DAY} | change
    with pytest.raises(ParameterError, match=message):
        begin(tmp_path / "new", Beginning(**values))  # type: ignore[arg-type]  # each value is of its type
    assert not (tmp_path / "new").exists()


def test_names_may_hold_what_turtle_quotes(tmp_path: Path) -> None:
    """Quotation marks, backslashes, and what templates fill in stay what they are."""
    title, level = 'My "$base" \\ <b>', 'A "q" \\ $z'
    begin(tmp_path / "new", Beginning(title, "https://example.org/new", (level, "B"), DAY))
    literals = {quad.object.value for quad in dataset.read([tmp_path / "new"]).store.engine if _is_text(quad.object)}
    assert {title, level} <= literals


def _is_text(term: object) -> TypeGuard[ox.Literal]:
    return isinstance(term, ox.Literal)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """Nothing is written over."""
    (tmp_path / "mine.ttl").write_text("", encoding="utf-8")
    with pytest.raises(ParameterError, match="must be an empty folder"):
        begin(tmp_path, beginning())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.ttl"]


@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_leaves_all_as_before(there: bool, tmp_path: Path) -> None:
    """Nothing lies in the folder, and there is none where there was none."""
    folder = tmp_path / "new"
    if there:
        folder.mkdir()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
        with pytest.raises(OSError, match=f"File too large; nothing was written: '{folder}'"):
            begin(folder, beginning())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handled)
    assert list(tmp_path.rglob("*")) == ([folder] if there else [])
