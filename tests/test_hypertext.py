"""Tests of the links of pages: led elsewhere, and read."""

from pswonto.static_site.hypertext import Reader, led, references

PAGE = """<!DOCTYPE html>
<!-- <a href="/comment"> -->
<link rel="icon" href="/static/icon.svg">
<script type="application/ld+json">{"a": "<a href=\\"/data\\">"}</script>
<script src="/static/a.js"></script>
<a id="one" class="x" href="/a?b=1&amp;c=2#d">text href="/text"</a>
<a href="https://example.org/a">elsewhere</a> <a href="mailto:a@b.c">mail</a>
<form action="/search"><input value="a>b" id="two"></form>
<svg><path marker-start="url(#head)"/><a xlink:href="/drawn"/></svg>
<pre>&lt;a href="/shown"&gt;</pre>"""


def test_links_are_led_elsewhere_and_all_else_stays() -> None:
    """Each link to the same site is replaced, with its signs read and written, and not one that only looks like it."""
    asked: list[str] = []

    def lead(link: str) -> str:
        asked.append(link)
        return "x&y.html"

    changed = led(PAGE, lead)
    assert asked == ["/static/icon.svg", "/static/a.js", "/a?b=1&c=2#d", "/search", "/drawn"]
    assert changed.count('"x&amp;y.html"') == 5
    assert led(PAGE, lambda link: link) == PAGE
    for kept in ('"/comment"', '\\"/data\\"', 'href="/text"', "https://example.org/a", "mailto:", 'href="/shown"'):
        assert kept in changed


def test_links_and_parts_are_read() -> None:
    """Links to the same site are read, those in attributes of style too, and the names of parts."""
    read = Reader(PAGE)
    assert read.links == {"/static/icon.svg", "/static/a.js", "/a?b=1&c=2#d", "/search", "/drawn", "#head"}
    assert read.anchors == {"one", "two"}


def test_links_without_quotes_are_read_too() -> None:
    """What the page would be led by only in double quotes is found in whatever form."""
    assert Reader("<a href=/plain><img src='/single'>").links == {"/plain", "/single"}


def test_a_style_sheet_refers() -> None:
    """What a style sheet loads is found, with and without quotes, and what is of elsewhere is left out."""
    assert references("a { b: url( 'x.png' ) url(y.png) url(data:image/png,z) }") == {"x.png", "y.png"}
