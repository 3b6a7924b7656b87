"""Tests that a folder is replaced whole, or not at all, and only if it was written so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pswonto.errors import SiteError
from pswonto.static_site.folder import MARKER, replaced


def write(folder: Path, *names: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Export a folder with some files, while something else goes on."""
    with replaced(folder) as new:
        meanwhile()
        for name in names:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_text(name, encoding="utf-8")


def files(folder: Path) -> set[str]:
    """Return all files of a folder but the marker."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MARKER}


def test_a_folder_is_made_and_replaced(tmp_path: Path) -> None:
    """The second export leaves nothing of the first, and nothing lies beside it."""
    folder = tmp_path / "deep" / "site"
    write(folder, "a.html", "b/c.html")
    assert files(folder) == {"a.html", "b/c.html"}
    write(folder, "d.html")
    assert files(folder) == {"d.html"}
    assert list(folder.parent.iterdir()) == [folder]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    """A folder that somebody has made for it is written to."""
    write(tmp_path / "site", "a.html")
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", "a.html")
    assert files(tmp_path / "empty") == {"a.html"}


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    """Where the name is a symbolic link, what it leads to is replaced."""
    write(tmp_path / "site", "a.html")
    (tmp_path / "link").symlink_to(tmp_path / "site")
    write(tmp_path / "link", "b.html")
    assert (tmp_path / "link").is_symlink()
    assert files(tmp_path / "site") == {"b.html"}


@pytest.mark.parametrize("strange", ["CNAME", "a/CNAME", ".git/config"])
def test_what_others_wrote_is_never_lost(strange: str, tmp_path: Path) -> None:
    """An export with a further file, and a folder that is none, are refused and stay as they are."""
    folder = tmp_path / "site"
    write(folder, "a.html")
    (folder / strange).parent.mkdir(exist_ok=True)
    (folder / strange).write_text("mine", encoding="utf-8")
    with pytest.raises(SiteError, match=f"would be lost: {strange}"):
        write(folder, "b.html")
    (folder / MARKER).unlink()
    with pytest.raises(SiteError, match="was not written by pswonto site"):
        write(folder, "b.html")
    assert files(folder) == {"a.html", strange}
    with pytest.raises(SiteError, match="is a file"):
        write(folder / "a.html", "b.html")


def test_a_link_and_an_empty_folder_are_never_lost(tmp_path: Path) -> None:
    """What somebody has put there that is no file keeps the folder from being replaced too."""
    folder, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    write(folder, "a.html", "b/c.html")
    elsewhere.mkdir()
    (folder / "b" / "link").symlink_to(elsewhere)
    with pytest.raises(SiteError, match="would be lost: b/link"):
        write(folder, "d.html")
    (folder / "b" / "link").unlink()
    (folder / "uploads").mkdir()
    with pytest.raises(SiteError, match="would be lost: uploads"):
        write(folder, "d.html")
    assert files(folder) == {"a.html", "b/c.html"}


def test_a_place_that_takes_no_folder_is_told(tmp_path: Path) -> None:
    """Where no folder can be made, the reason is told."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SiteError, match=r"site cannot be written: .*: (File exists|Not a directory)"):
        write(tmp_path / "file" / "site", "a.html")


def test_what_comes_meanwhile_is_not_lost_either(tmp_path: Path) -> None:
    """A file that somebody puts there while the export is made keeps it from being replaced."""
    folder = tmp_path / "site"

    def meddle() -> None:
        folder.mkdir()
        (folder / "mine").write_text("", encoding="utf-8")

    with pytest.raises(SiteError, match="was not written by pswonto site"):
        write(folder, "a.html", meanwhile=meddle)
    assert files(folder) == {"mine"}


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_fault_leaves_all_as_it_was(fault: type[BaseException], tmp_path: Path) -> None:
    """Where an export fails or is interrupted, the folder is the old one, and nothing lies beside it."""
    folder = tmp_path / "site"
    write(folder, "a.html")

    def fail() -> None:
        raise fault

    with pytest.raises(fault):
        write(folder, "b.html", meanwhile=fail)
    assert files(folder) == {"a.html"}
    assert list(tmp_path.iterdir()) == [folder]
