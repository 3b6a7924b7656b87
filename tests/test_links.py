"""Tests that links are followed."""

from pathlib import Path

import pytest

from pswonto.static_site.links import check

WHOLE = {
    "index.html": '<a href="a/b.html#p">b</a> <a href="https://example.org/">x</a> <link href="s.css">',
    "a/b.html": '<p id="p"><a href="../index.html">up</a> <a href="#p">here</a> <a href="c%20d.ttl">data</a>',
    "a/c d.ttl": "",
    "s.css": "a { b: url(i.svg) }",
    "i.svg": '<svg><a href="a/b.html"/></svg>',
}


def written(folder: Path, files: dict[str, str]) -> Path:
    """Write files to a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_links_that_all_lead_somewhere_are_counted(tmp_path: Path) -> None:
    """A folder with pages, data, style and drawings is whole, and each link of a file counts once."""
    checked = check(written(tmp_path, WHOLE))
    assert (checked.broken, checked.links) == ([], 7)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("nowhere.html", "index.html: nowhere.html leads to nowhere.html, which is not there"),
        ("a", "index.html: a leads to a, which is not there"),
        ("a/b.html#q", "index.html: a/b.html#q leads to a part that a/b.html does not have"),
        ("a/c%20d.ttl#p", "index.html: a/c%20d.ttl#p leads to a part that a/c d.ttl does not have"),
        ("#q", "index.html: #q leads to a part that index.html does not have"),
        ("a/b.html?q=1", "index.html: a/b.html?q=1 asks something, and no file answers"),
        ("../index.html", "index.html: ../index.html leads out of the folder"),
        ("/a/b.html", "index.html: /a/b.html leads out of the folder"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(link: str, told: str, tmp_path: Path) -> None:
    """It is told in which file it stands and what is wrong with it."""
    written(tmp_path, {**WHOLE, "index.html": f'{WHOLE["index.html"]}<a href="{link}">'})
    assert list(check(tmp_path).broken) == [told]


def test_other_files_are_followed_too(tmp_path: Path) -> None:
    """A picture that a style sheet or a drawing refers to must be there."""
    written(tmp_path, {**WHOLE, "s.css": "a { b: url(j.svg) }", "i.svg": '<svg><g fill="url(#none)"/></svg>'})
    assert list(check(tmp_path).broken) == [
        "i.svg: #none leads to a part that i.svg does not have",
        "s.css: j.svg leads to j.svg, which is not there",
    ]


def test_the_path_on_the_host_is_known_where_it_is_told(tmp_path: Path) -> None:
    """With it, a link may begin with it, and with no other."""
    written(tmp_path, {**WHOLE, "404.html": '<a href="/sub/a/b.html"> <a href="/a/b.html">'})
    assert list(check(tmp_path, "/sub/").broken) == ["404.html: /a/b.html leads out of the folder"]
