"""Tests of answers that are kept."""

import pytest

from pswonto.kept import Kept


@pytest.fixture
def kept() -> Kept[str]:
    """Return room for texts of ten letters together."""
    return Kept(10, len)


def test_what_is_kept_is_made_once(kept: Kept[str]) -> None:
    """The second time, the value of the first is there."""
    assert (kept.get("a", lambda: "one"), kept.get("a", lambda: "two")) == ("one", "one")


def test_what_was_asked_for_least_recently_makes_room(kept: Kept[str]) -> None:
    """Of three that are too much together, the one goes that nobody has asked for since."""
    for key in "abac":
        kept.get(key, lambda: "four")
    assert [kept.get(key, lambda: "new") for key in "abc"] == ["four", "new", "new"]


def test_what_is_too_large_is_not_kept(kept: Kept[str]) -> None:
    """One large value does not drive out all the others."""
    kept.get("a", lambda: "four")
    assert kept.get("b", lambda: "eleven, far") == "eleven, far"
    assert kept.get("b", lambda: "new") == "new"
    assert kept.get("a", lambda: "new") == "four"
