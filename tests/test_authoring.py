"""Tests of the commands for those who edit and publish the ontology."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pswonto import cli, resources

TRIPLE = ("factor:psw-wellbeing", "a", "pswo:ContestedTheme")


def run(*arguments: str) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, arguments)


@pytest.fixture
def ontology(tmp_path: Path) -> Path:
    """Return a copy of the real ontology."""
    return Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology"))


def test_explain_ends_in_files_and_lines() -> None:
    """Each line is a triple, and each that is asserted has its file and line, where it stands."""
    lines = run("explain", *TRIPLE).stdout.splitlines()
    assert lines[0].startswith("factor:psw-wellbeing rdf:type pswo:ContestedTheme, because ")
    asserted = [line for line in lines if ", asserted in " in line]
    assert asserted
    for line in asserted:
        words, place = line.strip().split(", asserted in ")
        file, number = place.rsplit(":", 1)
        there = Path(file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
        assert words.split()[-1] in there


def test_explain_as_json_is_the_same() -> None:
    """The explanation as data has the same triple and the same axiom."""
    explanation = json.loads(run("explain", *TRIPLE, "--json").stdout)
    assert explanation["triple"] == ["factor:psw-wellbeing", "rdf:type", "pswo:ContestedTheme"]
    assert explanation["axiom"] in run("explain", *TRIPLE).stdout


@pytest.mark.parametrize(
    ("triple", "code", "words"),
    [
        (("factor:psw-wellbeing", "a", "pswo:SubTheme"), 1, "neither asserted"),
        (("factor:psw-welbeing", "a", "pswo:Factor"), 1, "did you mean factor:psw-wellbeing"),
        (("factr:x", "a", "pswo:Factor"), 2, "did you mean factor:x"),
    ],
)
def test_explain_says_what_it_cannot_explain(triple: tuple[str, str, str], code: int, words: str) -> None:
    """What does not follow is 1, what is no term is 2, and both are told in words."""
    result = run("explain", *triple)
    assert result.exit_code == code
    assert words in result.stderr


def test_build_writes_nothing_of_what_breaks_a_rule(ontology: Path, tmp_path: Path) -> None:
    """A fault in the data is told, and the folder is not made."""
    file = ontology / "evidence.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("polarity:barrier", "polarity:bad", 1), encoding="utf-8")
    result = run("build", "--data", str(ontology), "--output", str(tmp_path / "dist"))
    assert result.exit_code == 1
    assert "polarity/bad" in result.stderr
    assert not (tmp_path / "dist").exists()


def test_diff_fails_where_an_iri_is_gone(ontology: Path) -> None:
    """A removed term is told and fails; the other way round it is an addition and does not."""
    file = ontology / "evidence.ttl"
    text = file.read_text(encoding="utf-8")
    start = text.index("\ngap:gender\n")
    file.write_text(text[:start] + text[text.index("\n\n", start) :], encoding="utf-8")
    old = str(resources.ontology_directory())
    result = run("diff", old, str(ontology))
    assert (result.exit_code, result.stdout) == (1, "removed: gap:gender (Gender), which was never deprecated\n")
    result = run("diff", str(ontology), old)
    assert (result.exit_code, result.stdout) == (0, "added: gap:gender (Gender)\n")
    changes = json.loads(run("diff", old, str(ontology), "--json").stdout)
    assert [(change["kind"], change["term"], change["breaking"]) for change in changes] == [
        ("removed", "gap:gender", True)
    ]


def test_fmt_changes_what_is_not_in_style(ontology: Path) -> None:
    """A file in another style is written anew, once, and the check tells it without writing."""
    file = ontology / "core.ttl"
    text = file.read_text(encoding="utf-8")
    other = text.replace(" ;\n  rdfs:label", " ; rdfs:label")
    assert other != text
    file.write_text(other, encoding="utf-8")
    check = run("fmt", "--check", str(file))
    assert (check.exit_code, check.stdout) == (1, f"would write {file}\n")
    assert file.read_text(encoding="utf-8") == other
    assert run("fmt", str(file)).stdout == f"wrote {file}\n"
    assert file.read_text(encoding="utf-8") == text
    assert (run("fmt", "--check", str(file)).exit_code, run("fmt", str(file)).stdout) == (0, "")


def test_fmt_leaves_what_it_cannot_read(ontology: Path) -> None:
    """A file that is no Turtle is told with its line, and stays as it is."""
    file = ontology / "core.ttl"
    broken = file.read_text(encoding="utf-8") + "pswo:Factor a"
    file.write_text(broken, encoding="utf-8")
    result = run("fmt", str(file))
    assert result.exit_code == 1
    assert f"{file}:{len(broken.splitlines())}" in result.stderr
    assert file.read_text(encoding="utf-8") == broken
    assert sorted(path.name for path in ontology.iterdir() if path.suffix == ".new") == []
