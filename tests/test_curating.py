"""Tests of the commands for the team that keeps a review going."""

import errno
import fcntl
import io
import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from pswonto import cli, resources

BIB = "@article{bloom2027, author={Bloom, Bea}, title={Roots that are made up}, year={2027}, journal={Made Up}}"
HEADER = "sectionHeading,paragraphOrdinal,paraphrase,hasPolarity,aboutTheme,citesWork,confidence"
ROW = "Town,1,Land that is lent for ten years gets trees.,enabler,leases,bloom2027,high"


def run(*arguments: str | Path) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, [str(argument) for argument in arguments])


@pytest.fixture
def review(second: Path, tmp_path: Path) -> Path:
    """Return a copy of the review that is made up, with a sheet and a file of works beside it."""
    (tmp_path / "more.csv").write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    (tmp_path / "more.bib").write_text(BIB, encoding="utf-8")
    return Path(shutil.copytree(second, tmp_path / "review"))


def take(review: Path, *options: str) -> Result:
    """Run import on the sheet beside a review."""
    beside = review.parent
    return run("import", beside / "more.csv", "--studies", beside / "more.bib", "--data", review, *options)


def test_a_sheet_is_taken_in(review: Path) -> None:
    """A dry run tells what would change and writes nothing; then it is written; then there is nothing to write."""
    before = {path.name: path.read_bytes() for path in review.glob("*.ttl")}
    coder = ("--by", "A. Coder", "--method", "hand")
    dry = take(review, *coder, "--dry-run")
    assert (dry.exit_code, "nothing was written" in dry.stderr) == (0, True)
    assert {path.name: path.read_bytes() for path in review.glob("*.ttl")} == before
    done = take(review, *coder)
    assert done.stdout == dry.stdout
    assert "added: statement:0010 (Statement 10)" in done.stdout
    assert done.stderr.endswith("changes; wrote evidence.ttl, works.ttl\n")
    assert take(review, *coder).stderr == "0 changes; wrote no file\n"
    assert run("check", "--no-reasoner", "--data", review).exit_code == 0


def test_a_dry_run_needs_no_more_than_to_read(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no locks it tells what would change; to write it is refused in one line."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    coder = ("--by", "A. Coder", "--method", "hand")
    dry = take(review, *coder, "--dry-run")
    assert (dry.exit_code, "nothing was written" in dry.stderr) == (0, True)
    refused = take(review, *coder)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith(f"{review}: ")


@pytest.mark.parametrize("command", ["export", "template"])
def test_what_the_system_refuses_is_told_in_a_line(command: str, review: Path) -> None:
    """An output in a folder that is not there."""
    told = run(command, "--data", review, "--output", review / "none" / "a.csv")
    assert (told.exit_code, told.stderr) == (1, f"{review / 'none' / 'a.csv'}: No such file or directory\n")


def test_faults_are_told_in_words_and_as_json(review: Path) -> None:
    """Exit code 1, with each fault at its place; as JSON with all that a program needs."""
    (review.parent / "more.csv").write_text(f"{HEADER}\n{ROW.replace('leases', 'leeses')}\n", encoding="utf-8")
    told = take(review, "--by", "A. Coder", "--method", "hand")
    assert told.exit_code == 1
    assert "more.csv, row 2, column aboutTheme, cell E2: 'leeses' is no theme; did you mean leases or" in told.stderr
    (fault,) = json.loads(take(review, "--by", "A. Coder", "--method", "hand", "--json").stdout)
    assert (fault["row"], fault["cell"], fault["value"], fault["nearest"][0]) == (2, "E2", "leeses", "leases")


def test_changes_are_told_as_json(review: Path) -> None:
    """Each change has its kind and its thing."""
    changes = json.loads(take(review, "--by", "A. Coder", "--method", "hand", "--dry-run", "--json").stdout)
    assert {"added"} == {change["kind"] for change in changes}
    assert "work:bloom-2027" in {change["term"] for change in changes}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_can_be_taken_in_again(ending: str, review: Path, tmp_path: Path) -> None:
    """The export has all statements, in the format of its ending, and importing it changes nothing."""
    file = tmp_path / f"all.{ending}"
    assert run("export", "--output", file, "--data", review).stderr == "9 statements\n"
    assert run("import", file, "--data", review).stderr == "0 changes; wrote no file\n"


def test_a_template_offers_what_the_review_has(review: Path) -> None:
    """It has a header, no row, and lists of the review's own themes; as CSV it is the header alone."""
    body = run("template", "--format", "xlsx", "--data", review).stdout_bytes
    sheet, values = load_workbook(io.BytesIO(body)).worksheets
    assert sheet.max_row == 1
    assert sheet["A1"].value == "statement"
    texts = {cell.value for row in values.iter_rows() for cell in row}
    assert {"holidays", "barrier", "soil-2011", "pupils--leadership", "Town"} <= texts
    text = run("template", "--data", review).stdout
    assert text.lstrip("\ufeff").startswith("statement,review,sectionHeading")
    assert len(text.splitlines()) == 1


def test_a_check_is_written_down(review: Path) -> None:
    """Who has checked a statement is told, and once only."""
    orcid = "0000-0002-1694-233X"
    done = run("review", "0003", "1", "--by", orcid, "--on", "2026-11-24", "--data", review)
    assert (done.stdout, done.stderr) == ("checked: 0003\nchecked: 0001\n", "2 written\n")
    assert 'pswo:checkedOn "2026-11-24"^^xsd:date' in (review / "evidence.ttl").read_text(encoding="utf-8")
    again = run("review", "0003", "--by", orcid, "--data", review)
    assert again.stderr == "0 written, 1 already there\n"
    unknown = run("review", "0033", "--by", orcid, "--data", review)
    assert (unknown.exit_code, "did you mean 0003" in unknown.stderr) == (1, True)


def test_a_review_of_ones_own_begins(tmp_path: Path) -> None:
    """Its files are named, it keeps all rules, and a folder that holds something is refused."""
    folder = tmp_path / "mine"
    begun = run("new", folder, "--title", "Mine: of all", "--base", "https://example.org/mine", "--level", "One")
    assert begun.exit_code == 0
    assert all(Path(line).is_file() for line in begun.stdout.splitlines())
    assert run("check", "--no-reasoner", "--data", folder).exit_code == 0
    again = run("new", folder)
    assert (again.exit_code, "must be an empty folder" in again.stderr) == (2, True)


def test_the_data_of_the_package_is_not_for_editing(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pswonto is installed, and not a checkout, a folder must be named."""
    monkeypatch.setattr(resources, "_ROOT", Path(resources.__file__).parent / "data")
    told = run("import", review.parent / "more.csv")
    assert (told.exit_code, "say with --data which folder" in told.stderr) == (2, True)


def test_nothing_to_take_in_is_told(review: Path) -> None:
    """Neither a sheet nor a file of works is wrong usage."""
    told = run("import", "--data", review)
    assert (told.exit_code, "name a spreadsheet" in told.stderr) == (2, True)
