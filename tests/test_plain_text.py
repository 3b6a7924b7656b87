"""Tests of text as files of people hold it."""

from pathlib import Path

import pytest

from pswonto.curating.plain_text import decoded, unfit
from pswonto.errors import SheetRefused


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_text_in_utf_8_is_read(mark: bytes, tmp_path: Path) -> None:
    """With or without a mark, and with the ends of lines that it has."""
    path = tmp_path / "a.csv"
    path.write_bytes(mark + "Ä\r\nb\r".encode())
    assert decoded(path) == "Ä\r\nb\r"


@pytest.mark.parametrize(("body", "line"), [(b"\xe9", 1), (b"a\nb\xe9", 2), (b"a\rb\r\xe9", 3), (b"a\r\n\r\n\xe9b", 3)])
def test_the_line_of_another_encoding_is_told(body: bytes, line: int, tmp_path: Path) -> None:
    """Lines end as on any system; what stands there is shown as Windows would have meant it."""
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    with pytest.raises(SheetRefused, match=f"line {line} is no text in UTF-8, at '.*é"):
        decoded(path)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """By its name, with the reason of the system."""
    with pytest.raises(SheetRefused, match=r"gone\.csv: cannot be read: No such file"):
        decoded(tmp_path / "gone.csv")


@pytest.mark.parametrize(("text", "found"), [("ab\x00", "U+0000 "), ("\ud800", "U+D800 "), ("a\uffff", "U+FFFF ")])
def test_what_cannot_be_written_is_found(text: str, found: str) -> None:
    """Control characters, halves of pairs, and what is no character."""
    told = unfit(text)
    assert told is not None
    assert told.startswith(found)
    assert told.endswith(f"as character {len(text)}")


@pytest.mark.parametrize("text", ["", "a\tb\r\nc", "é\N{ZERO WIDTH JOINER}\U0001f600"])
def test_what_can_be_written_is_let_through(text: str) -> None:
    """Ends of lines and tabs, and letters of any script."""
    assert unfit(text) is None
