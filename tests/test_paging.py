"""Tests of pages and their cursors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pswonto.errors import ParameterError
from pswonto.web.paging import limit, page_of

ITEMS = list("abcdefg")


@given(items=st.lists(st.text(), unique=True, max_size=30), size=st.integers(1, 12))
def test_pages_have_every_item_once(items: list[str], size: int) -> None:
    """From `next` to `next`, and back from `prev` to `prev`, each item is on one page, in order."""
    page = page_of("list", items, items, None, "", size)
    walked = items[: page.size]
    while "next" in page.cursors:
        page = page_of("list", items, items, page.cursors["next"], "", size)
        walked += items[page.start : page.start + page.size]
    assert walked == items
    last = page_of("list", items, items, page.cursors["last"], "", size)
    assert last.start == page.start
    starts = [page.start]
    while "prev" in page.cursors:
        page = page_of("list", items, items, page.cursors["prev"], "", size)
        starts.append(page.start)
    assert starts == list(range(starts[0], -1, -size))


@given(position=st.integers(0, 200), letter=st.sampled_from("ABCXYZabcxyz0189-_"))
def test_a_changed_cursor_is_none(position: int, letter: str) -> None:
    """Whatever letter of a cursor is changed, it is refused, and leads nowhere else."""
    cursor = page_of("list", ITEMS, ITEMS, None, "", 2).cursors["next"]
    assert cursor
    at = position % len(cursor)
    changed = cursor[:at] + letter + cursor[at + 1 :]
    if changed == cursor:
        return
    with pytest.raises(ParameterError, match="none of ours"):
        page_of("list", ITEMS, ITEMS, changed, "", 2)


@given(cursor=st.text())
def test_a_cursor_that_was_made_up_is_none(cursor: str) -> None:
    """Any text is refused in the same words."""
    with pytest.raises(ParameterError, match="none of ours"):
        page_of("list", ITEMS, ITEMS, cursor, "", 2)


def test_a_cursor_is_for_one_list_and_one_order() -> None:
    """A cursor of another list is none, and of another order is told so."""
    cursor = page_of("list", ITEMS, ITEMS, None, "label", 2).cursors["next"]
    with pytest.raises(ParameterError, match="none of ours"):
        page_of("other", ITEMS, ITEMS, cursor, "label", 2)
    with pytest.raises(ParameterError, match="is for the order 'label', not for '-label'"):
        page_of("list", ITEMS, ITEMS, cursor, "-label", 2)


def test_a_cursor_outlives_its_item() -> None:
    """Where a filter leaves the item out, the page begins behind the place that it had."""
    cursor = page_of("list", ITEMS, ITEMS, None, "", 3).cursors["next"]
    assert page_of("list", ["a", "e", "g"], ITEMS, cursor, "", 3).start == 1
    assert page_of("list", ["a"], ITEMS, cursor, "", 3).start == 1
    with pytest.raises(ParameterError, match="none of ours"):
        page_of("list", ["x"], ["x"], cursor, "", 3)


def test_links_keep_what_was_asked() -> None:
    """The links to other pages have the filters of this one."""
    page = page_of("list", ITEMS, ITEMS, None, "", 3)
    links = page.links("/list", [("q", "a b"), ("limit", "3")])
    assert links[0] == '</list?q=a+b&limit=3>; rel="first"'
    assert links[-1].endswith('>; rel="next"')
    assert page_of("list", [], [], None, "", 3).links("/list", []) == ['</list>; rel="first"', '</list>; rel="last"']


@pytest.mark.parametrize(("text", "size"), [(None, 10), ("1", 1), ("007", 7), ("100", 100)])
def test_a_limit_is_a_number(text: str | None, size: int) -> None:
    """Without a number there is one that is set."""
    assert limit(text, 10, 100) == size


@pytest.mark.parametrize("text", ["0", "-1", "101", "x", "", "1.5", "1e1", " 1", "²", "9" * 5000])
def test_a_limit_out_of_range_is_told(text: str) -> None:
    """What is no number, or is too small or too large, is told with the range."""
    with pytest.raises(ParameterError, match="from 1 to 100,"):
        limit(text, 10, 100)
