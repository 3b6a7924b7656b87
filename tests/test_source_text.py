"""Tests of how a text is cut into paragraphs, and of how texts are compared."""

from pathlib import Path

import pytest

from pswonto.source_text import SourceUnreadable, digest, longest_run, read_source_text, runs_of, words

HEADINGS = {"Introduction", "Culture of Toys"}


def test_paragraphs_stand_below_their_headings(data: Path) -> None:
    """Each paragraph is counted below its nearest heading; authors, tables, captions and references are none."""
    source = read_source_text(data / "toy-review.md", HEADINGS)
    assert set(source.paragraphs) == HEADINGS
    assert [text.split()[0] for text in source.paragraphs["Culture of Toys"]] == ["A", "No"]
    assert source.paragraph("Introduction", 1) == "Toys are studied everywhere (Doe, 2016; Roe & Poe, 2019)."


def test_a_split_paragraph_is_one(data: Path) -> None:
    """What a page break with the authors' address, or a figure, splits is put together again."""
    source = read_source_text(data / "toy-review.md", HEADINGS)
    first, second = source.paragraphs["Culture of Toys"]
    assert "A cold one makes them leave" in first
    assert second == "No toy is an island, says the Department of Toys (DT, 2020a, 2020b)."


def test_there_is_no_paragraph_zero(data: Path) -> None:
    """A place that the text lacks has no paragraph."""
    source = read_source_text(data / "toy-review.md", HEADINGS)
    assert source.paragraph("Introduction", 0) is None
    assert source.paragraph("Introduction", 2) is None
    assert source.paragraph("Methods", 1) is None


def test_plain_text_is_read_as_well(tmp_path: Path) -> None:
    """A heading without number signs, right above its text or apart, is found in any case and with any line ends."""
    file = tmp_path / "review.txt"
    file.write_bytes(b"INTRODUCTION\r\nToys are old.\r\n\r\nToys are new.\r\n\r\nCulture of toys\r\n\r\nOne.\r\n")
    source = read_source_text(file, HEADINGS)
    assert source.paragraphs == {"Introduction": ["Toys are old.", "Toys are new."], "Culture of Toys": ["One."]}


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["no file", "no text"])
def test_what_is_no_text_is_refused(content: bytes | None, tmp_path: Path) -> None:
    """A file that is not there, or is not UTF-8, is told by its name."""
    file = tmp_path / "review.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SourceUnreadable, match=r"review\.txt"):
        read_source_text(file, HEADINGS)


def test_words_are_compared_without_markup_and_punctuation() -> None:
    """Emphasis, quotes, case and apostrophes make no difference."""
    assert words("The *peers\u2019* \u201cown\u201d role-play") == words("the peers' own role play")
    assert digest("The *peers\u2019* \u201cown\u201d role-play.") == digest("the peers own  role\nplay")
    assert digest("the peers") != digest("the peer")


def test_the_longest_shared_run_is_found() -> None:
    """A stretch counts from its length on, and the longest one is told."""
    source = words("a b c d e f g h i j")
    runs = runs_of(source, 3)
    assert longest_run(words("x a b c y d e f g h z"), runs, 3) == ["d", "e", "f", "g", "h"]
    assert longest_run(words("a b x c d y"), runs, 3) == []
    assert longest_run(source, runs, 3) == source
