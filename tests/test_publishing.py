"""Tests of the command that writes the pages as files."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from pswonto import cli
from pswonto.cli.publishing import bar


def test_a_folder_of_others_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    """A folder that no export has written is told in one line, and stays as it is."""
    (tmp_path / "mine").write_text("", encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["site", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stderr == f"{tmp_path} is not empty, and was not written by pswonto site: name another, or empty it\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("path", ["sub", "/sub", "sub/", ""])
def test_a_base_path_has_its_slashes(path: str, tmp_path: Path, second: Path) -> None:
    """One that is no path of a folder is refused, with one that is, and nothing is written."""
    result = CliRunner().invoke(cli.main, ["site", str(tmp_path / "new"), "--base-path", path, "--data", str(second)])
    assert (result.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert f"as /pswonto/ does, and {path!r} does not" in result.stderr


@pytest.mark.parametrize(("terminal", "delay", "shown"), [(True, 0, True), (True, 60, False), (False, 0, False)])
def test_a_bar_is_shown_on_a_terminal_and_after_a_while(terminal: bool, delay: float, shown: bool) -> None:
    """Where nobody looks, or all is done soon, there is none."""
    output = io.StringIO()
    with bar(Console(file=output, force_terminal=terminal, width=80), delay) as told:
        told(3, 10)
    assert ("3/10" in output.getvalue()) == shown
