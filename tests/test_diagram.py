"""Tests of the drawing of the framework."""

import re
from itertools import pairwise, product

import pytest

from pswonto.explorer import Explorer
from pswonto.web.diagram import WIDTH, Bundle, Diagram, bundles, draw

NUMBER = re.compile(r"-?\d+\.\d+")


@pytest.fixture(scope="module")
def drawing(explorer: Explorer) -> Diagram:
    """Return the drawing of the real framework."""
    tabulated = [one for one in explorer.influences() if one.tabulated]
    return draw(explorer.levels(), explorer.factors(), tabulated)


def test_every_influence_is_a_line_between_its_factors(drawing: Diagram, explorer: Explorer) -> None:
    """Each of the 28 begins at the edge of its target, from which it is drawn, and ends at that of its source."""
    boxes = {box.number: box for band in drawing.bands for box in band.boxes}
    assert {line.influence.iri for line in drawing.lines} == {one.iri for one in explorer.influences() if one.tabulated}
    assert len(drawing.lines) == 28
    for line in drawing.lines:
        numbers = [float(number) for number in NUMBER.findall(line.path)]
        ends = {line.target: (numbers[0], numbers[1]), line.source: (numbers[-2], numbers[-1])}
        assert boxes[line.source].factor.slug == line.influence.has_source.slug
        for number, (x, y) in ends.items():
            box = boxes[number]
            on_side = x in (round(box.x, 1), round(box.x + box.width, 1)) and box.y <= y <= box.bottom
            on_top = y in (round(box.y, 1), round(box.bottom, 1)) and box.x <= x <= box.x + box.width
            assert on_side or on_top


def test_boxes_stand_in_their_bands_and_apart(drawing: Diagram) -> None:
    """Each box is inside the band of its level, and none overlaps another."""
    boxes = [box for band in drawing.bands for box in band.boxes]
    assert len(boxes) == 9
    for band in drawing.bands:
        for box in band.boxes:
            assert box.factor.placed_at_level.slug == band.level.slug
            assert band.y < box.y < box.bottom < band.y + band.height
            assert 0 < box.x < box.x + box.width < WIDTH
    for one, other in product(boxes, boxes):
        apart = (
            one.x + one.width < other.x or other.x + other.width < one.x or one.bottom < other.y or other.bottom < one.y
        )
        assert one is other or apart


def test_a_trunk_never_lies(explorer: Explorer) -> None:
    """Where lines are joined, each source influences each target, and each influence is in one bundle."""
    pairs = [(one.has_source.slug, one.has_target.slug) for one in explorer.influences() if one.tabulated]
    for one_target in (True, False):
        joined = bundles(pairs, one_target)
        drawn = [pair for bundle in joined for pair in bundle.pairs]
        assert sorted(drawn) == sorted(pairs)
        assert any(len(bundle.pairs) > 3 for bundle in joined)
        assert all(len(bundle.targets) == 1 for bundle in joined if one_target)


def test_lines_that_do_not_belong_together_stay_apart() -> None:
    """A source that does not reach all targets of a bundle is not in it."""
    pairs = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x")]
    assert bundles(pairs, one_target=False) == [Bundle(("a", "b"), ("x", "y")), Bundle(("c",), ("x",))]


def test_lines_that_share_no_bundle_share_no_run(drawing: Diagram) -> None:
    """Two lines run over each other only where they have the source or the target in common, or their trunk has."""
    runs: dict[tuple[str, float], list[tuple[float, float, int, int]]] = {}
    for line in drawing.lines:
        numbers = [float(number) for number in NUMBER.findall(line.path)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        for (x1, y1), (x2, y2) in pairwise(points):
            if abs(x1 - x2) > 20 and y1 == y2:
                runs.setdefault(("across", y1), []).append((min(x1, x2), max(x1, x2), line.source, line.target))
            if abs(y1 - y2) > 20 and x1 == x2:
                runs.setdefault(("down", x1), []).append((min(y1, y2), max(y1, y2), line.source, line.target))
    pairs = {(line.source, line.target) for line in drawing.lines}
    assert len(runs) > 10
    for together in runs.values():
        for one, other in product(together, together):
            if one < other and min(one[1], other[1]) - max(one[0], other[0]) > 1:
                assert {(one[2], other[3]), (other[2], one[3])} <= pairs


def test_nothing_is_drawn_of_nothing() -> None:
    """A dataset without a framework has an empty drawing."""
    assert draw([], [], []).lines == []


def test_other_levels_are_drawn_as_ours(second_explorer: Explorer) -> None:
    """Four levels have four bands, and an influence that runs upward stays within the drawing."""
    second = draw(second_explorer.levels(), second_explorer.factors(), second_explorer.influences())
    assert [band.level.label for band in second.bands] == ["Region", "Town", "School", "Class"]
    upward = [line for line in second.lines if line.influence.direction == "upward"]
    assert len(upward) == 1
    for line in second.lines:
        assert all(0 < float(number) < max(WIDTH, second.height) for number in NUMBER.findall(line.path))
        assert max(float(number) for number in NUMBER.findall(line.path)[1::2]) < second.height
