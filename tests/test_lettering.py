"""Tests of the widths of texts and of their lines."""

from playwright.sync_api import Page

from pswonto.explorer import Explorer
from pswonto.web.lettering import width, wrapped


def test_no_text_is_wider_than_it_is_told(page: Page, explorer: Explorer) -> None:
    """A browser sets no label of ours wider, in any of the fonts that systems have."""
    labels = [theme.label for theme in explorer.themes()]
    assert len(labels) > 30
    for bold in (False, True):
        for font in ("DejaVu Sans", "Liberation Sans", "system-ui"):
            found = page.evaluate(
                """([labels, font]) => {
                    const canvas = document.createElement('canvas').getContext('2d');
                    canvas.font = font;
                    return labels.map(label => canvas.measureText(label).width);
                }""",
                [labels, f"{'bold ' if bold else ''}14px '{font}'"],
            )
            assert [
                label for label, real in zip(labels, found, strict=True) if real > width(label, 14, bold) + 0.5
            ] == []


def test_lines_break_between_words() -> None:
    """No line is wider than the room, and a word that is has a line of its own."""
    assert wrapped("one two three", 60, 14) == ["one two", "three"]
    assert wrapped("incomprehensibilities are", 20, 14) == ["incomprehensibilities", "are"]
    assert wrapped("", 20, 14) == []
