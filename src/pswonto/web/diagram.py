"""The drawing of the framework: factors as boxes in the bands of their levels, influences as lines between them.

Influences that share a line are drawn as one trunk, and only where each factor that feeds it influences each that it
reaches; so nobody can read an influence off it that there is not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

from pswonto.models import Factor, Influence, Level
from pswonto.web.lettering import wrapped

WIDTH = 1200
TITLE_SIZE, TITLE_LINE, TEXT_SIZE, TEXT_LINE, INDENT = 14, 18, 12, 16, 10
# Where boxes may stand, from left to right, and what is between them and within them.
_LEFT, _RIGHT, _GAP, _PADDING = 208, 1176, 40, 10
# The space between bands, between lines, and between boxes and the edge of their band; and the radius of corners.
_CHANNEL, _LANE, _EDGE, _CURVE = 40, 16, 24, 8
# The room for what a level is, and where along a box a straight line meets it.
_NOTES, _STRAIGHT = 150, 0.8

Point = tuple[float, float]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Bundle:
    """Influences that share a line: each source influences each target.

    Attributes:
        sources: The slugs of the factors at its beginning.
        targets: The slugs of those at its ends.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def pairs(self) -> list[Pair]:
        """The influences, each as its source and its target."""
        return [(source, target) for source in self.sources for target in self.targets]


@dataclass
class Box:
    """A factor.

    Attributes:
        factor: The factor.
        number: Its place among all factors, from 1.
        title: The lines of its name.
        parts: The lines of each of its sub-themes.
        x: Its left side.
        width: How wide it is.
        height: How high it is.
        y: Its upper side.
    """

    factor: Factor
    number: int
    title: list[str]
    parts: list[list[str]]
    x: float
    width: float
    height: float
    y: float = 0

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height

    @property
    def lines(self) -> list[tuple[bool, float, float, str]]:
        """The lines of its sub-themes: whether one begins there, where, and the text."""
        y = self.y + _PADDING + len(self.title) * TITLE_LINE
        lines = [(number == 0, text) for part in self.parts for number, text in enumerate(part)]
        x = self.x + _PADDING + INDENT
        return [(first, x, y + row * TEXT_LINE, text) for row, (first, text) in enumerate(lines, 1)]


@dataclass
class Band:
    """A level.

    Attributes:
        level: The level.
        boxes: The factors placed at it.
        notes: The lines of what it is.
        y: Its upper side.
        height: How high it is.
        above: The bundles within the level that run above the boxes.
        below: Those that run below them.
    """

    level: Level
    boxes: list[Box]
    notes: list[str]
    y: float = 0
    height: float = 0
    above: list[Bundle] = field(default_factory=list)
    below: list[Bundle] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """An influence.

    Attributes:
        influence: The influence.
        level: The slug of the level that it starts from.
        path: The line as SVG has it, from the target to the source, so that dashes that overlap do so exactly.
        source: The number of the box at its beginning.
        target: That of the box at its end.
    """

    influence: Influence
    level: str
    path: str
    source: int
    target: int


@dataclass(frozen=True)
class Diagram:
    """The whole drawing.

    Attributes:
        height: How high it is.
        bands: The levels from above.
        lines: The influences.
    """

    height: float
    bands: list[Band]
    lines: list[Line]


def bundles(pairs: Iterable[Pair], one_target: bool) -> list[Bundle]:
    """Return pairs of source and target as bundles, the largest first; each pair is in exactly one.

    Args:
        pairs: The pairs.
        one_target: Whether a bundle may have one target only.
    """
    left = list(dict.fromkeys(pairs))
    found = []
    while left:
        best = max(_complete(left, one_target), key=lambda one: (len(one.pairs), len(one.sources)))
        if len(best.sources) == 1:
            # A line that parts is no easier to follow than several.
            best = Bundle(best.sources, best.targets[:1])
        found.append(best)
        left = [pair for pair in left if pair not in best.pairs]
    return found


def _complete(pairs: Sequence[Pair], one_target: bool) -> Iterator[Bundle]:
    """Return what could be bundles: sources that share a target, with all targets that they share."""
    sources = dict.fromkeys(source for source, _ in pairs)
    targets = dict.fromkeys(target for _, target in pairs)
    of = {target: tuple(source for source in sources if (source, target) in pairs) for target in targets}
    for one, other in combinations_with_replacement(of.values(), 2):
        shared = tuple(source for source in one if source in other)
        reached = tuple(target for target in targets if shared and set(shared) <= set(of[target]))
        yield from (Bundle(shared, (target,)) for target in reached[:1] if one_target)
        if reached and not one_target:
            yield Bundle(shared, reached)


def draw(levels: Sequence[Level], factors: Sequence[Factor], influences: Sequence[Influence]) -> Diagram:
    """Return the drawing of a framework.

    Args:
        levels: The levels, from above.
        factors: The factors, in their order.
        influences: The influences to draw, between these factors.
    """
    return _Sketch(_bands(levels, factors)).drawn(influences)


def _bands(levels: Sequence[Level], factors: Sequence[Factor]) -> list[Band]:
    rows = [[factor for factor in factors if factor.placed_at_level.slug == level.slug] for level in levels]
    columns = max((len(row) for row in rows), default=0) or 1
    width = (_RIGHT - _LEFT - (columns - 1) * _GAP) / columns
    numbers = {factor.slug: number for number, factor in enumerate(factors, 1)}
    bands = []
    for level, row in zip(levels, rows, strict=True):
        # The last box stands in the last column, and the others have the rest, with equal spaces.
        space = _GAP if len(row) == columns else (_RIGHT - _LEFT - len(row) * width) / (len(row) or 1)
        boxes: list[Box] = []
        for factor in row:
            title = wrapped(factor.label, width - 2 * _PADDING, TITLE_SIZE, bold=True)
            parts = [wrapped(part.label, width - 2 * _PADDING - INDENT, TEXT_SIZE) for part in factor.has_sub_theme]
            height = 2 * _PADDING + len(title) * TITLE_LINE + (1 + sum(map(len, parts))) * TEXT_LINE
            x = _RIGHT - width - (len(row) - 1 - len(boxes)) * (width + space)
            boxes.append(Box(factor, numbers[factor.slug], title, parts, x=x, width=width, height=height))
        for box in boxes:
            box.height = max(other.height for other in boxes)
        notes = [line for text in level.level_description[:1] for line in wrapped(text, _NOTES, TEXT_SIZE)]
        bands.append(Band(level, boxes, notes))
    return bands


class _Sketch:
    """Finds a way for each line between the boxes of the bands."""

    def __init__(self, bands: list[Band]) -> None:
        self._bands = bands
        self._boxes = {box.factor.slug: box for band in bands for box in band.boxes}
        self._ranks = {box.factor.slug: rank for rank, band in enumerate(bands) for box in band.boxes}
        # Between boxes side by side; between boxes one above the other; and, by the band that they leave, all others.
        self._across: list[Pair] = []
        self._down: list[Pair] = []
        self._buses: list[tuple[int, Bundle]] = []
        self._users: dict[tuple[str, str], list[Bundle]] = {}

    def drawn(self, influences: Sequence[Influence]) -> Diagram:
        """Return the drawing with these influences."""
        pairs = [(one.has_source.slug, one.has_target.slug) for one in influences]
        for rank, band in enumerate(self._bands):
            leaving = [pair for pair in pairs if self._ranks[pair[0]] == rank]
            self._sort_within(band, [pair for pair in leaving if self._ranks[pair[1]] == rank])
            self._sort_between(rank, [pair for pair in leaving if self._ranks[pair[1]] != rank])
        height = self._stack()
        self._attach()
        ways = dict(self._ways())
        lines = [
            Line(
                one,
                self._boxes[pair[0]].factor.placed_at_level.slug,
                _path(ways[pair][::-1]),
                self._boxes[pair[0]].number,
                self._boxes[pair[1]].number,
            )
            for one, pair in zip(influences, pairs, strict=True)
        ]
        return Diagram(height, self._bands, lines)

    def _sort_within(self, band: Band, pairs: Sequence[Pair]) -> None:
        slugs = [box.factor.slug for box in band.boxes]
        for bundle in bundles(pairs, one_target=True):
            places = [slugs.index(slug) for slug in (*bundle.sources, *bundle.targets)]
            if len(places) == 2 and abs(places[0] - places[1]) == 1:
                self._across += bundle.pairs
            elif places[-1] >= len(slugs) / 2:
                band.above.append(bundle)
            else:
                band.below.append(bundle)

    def _sort_between(self, rank: int, pairs: Sequence[Pair]) -> None:
        for bundle in bundles(pairs, one_target=False):
            source, target = self._boxes[bundle.sources[0]], self._boxes[bundle.targets[0]]
            near = abs(target.x - source.x) < source.width / 4
            if len(bundle.pairs) == 1 and self._ranks[bundle.targets[0]] == rank + 1 and near:
                self._down += bundle.pairs
            else:
                self._buses.append((rank, bundle))

    def _stack(self) -> float:
        """Put the bands below each other, with space for the lines, and return how high that is."""
        y = 6.0
        for rank, band in enumerate(self._bands):
            if rank:
                y += _CHANNEL + _LANE * max(1, len(self._leaving(rank - 1)) + len(self._passing(rank)))
            band.y = y
            top = y + _EDGE + _LANE * len(band.above)
            for box in band.boxes:
                box.y = top
            height = max((box.height for box in band.boxes), default=_EDGE)
            y = top + height + _EDGE + _LANE * len(band.below)
            band.height = y - band.y
        # What leaves the last band leads upward.
        below = len(self._leaving(len(self._bands) - 1))
        return y + 6 + (_CHANNEL / 2 + _LANE * below if below else 0)

    def _leaving(self, rank: int) -> list[Bundle]:
        return [bundle for source, bundle in self._buses if source == rank]

    def _passing(self, rank: int) -> list[Bundle]:
        """Return the bundles that pass other bands on their way to boxes of this one that are not its first."""
        return [bundle for source, bundle in self._buses if any(self._is_over(source, rank, t) for t in bundle.targets)]

    def _is_over(self, source: int, rank: int, target: str) -> bool:
        first = self._bands[rank].boxes[:1]
        return self._ranks[target] == rank != source + 1 and self._boxes[target] not in first

    def _attach(self) -> None:
        """Say which lines meet each side of a box, in order of where they come from."""
        for rank, bundle in self._buses:
            for slug in bundle.sources:
                self._users.setdefault((slug, "bottom"), []).append(bundle)
            for slug in bundle.targets:
                if self._ranks[slug] == rank + 1 or self._is_over(rank, self._ranks[slug], slug):
                    self._users.setdefault((slug, "top"), []).append(bundle)
        for band in self._bands:
            for side, lanes in (("top", band.above), ("bottom", band.below)):
                for bundle in lanes:
                    for slug in (*bundle.sources, *bundle.targets):
                        self._users.setdefault((slug, side), []).append(bundle)

    def _port(self, slug: str, side: str, bundle: Bundle) -> Point:
        box, users = self._boxes[slug], self._users[slug, side]
        # The right end is for a line that goes straight down.
        width = box.width * (_STRAIGHT - 0.1 if any(slug in pair for pair in self._down) else 1)
        return box.x + width * (users.index(bundle) + 1) / (len(users) + 1), box.y if side == "top" else box.bottom

    def _ways(self) -> Iterator[tuple[Pair, list[Point]]]:
        for source, target in self._down:
            above, below = self._boxes[source], self._boxes[target]
            x = min(above.x, below.x) + _STRAIGHT * above.width
            yield (source, target), [(x, above.bottom), (x, below.y)]
        for source, target in self._across:
            one, other = self._boxes[source], self._boxes[target]
            rightward = one.x < other.x
            # The two of a pair that influence each other run side by side.
            y = one.y + one.height * (0.4 if rightward else 0.6)
            sides = (one.x + one.width, other.x) if rightward else (one.x, other.x + other.width)
            yield (source, target), [(side, y) for side in sides]
        for band in self._bands:
            for side, lanes in (("top", band.above), ("bottom", band.below)):
                for number, bundle in enumerate(lanes, 1):
                    for source, target in bundle.pairs:
                        begin, end = self._port(source, side, bundle), self._port(target, side, bundle)
                        y = begin[1] + (-1 if side == "top" else 1) * (_LANE * number + 4)
                        yield (source, target), [begin, (begin[0], y), (end[0], y), end]
        for number, (rank, bundle) in enumerate(self._buses):
            for source, target in bundle.pairs:
                yield (source, target), self._bus(rank, bundle, source, target, number)

    def _bus(self, rank: int, bundle: Bundle, source: str, target: str, number: int) -> list[Point]:
        begin = self._port(source, "bottom", bundle)
        band, box = self._bands[rank], self._boxes[target]
        y = band.y + band.height + _CHANNEL / 2 + _LANE * self._leaving(rank).index(bundle)
        below = self._ranks[target]
        if below == rank + 1:
            end = self._port(target, "top", bundle)
            return [begin, (begin[0], y), (end[0], y), end]
        # It passes other bands at their left side.
        x = _LEFT - 12 - 10 * number
        start = [begin, (begin[0], y), (x, y)]
        if not self._is_over(rank, below, target):
            middle = box.y + box.height / 2
            return [*start, (x, middle), (box.x, middle)]
        end = self._port(target, "top", bundle)
        over = self._bands[below].y - _CHANNEL / 2 - _LANE * self._passing(below).index(bundle)
        return [*start, (x, over), (end[0], over), end]


def _path(points: Sequence[Point]) -> str:
    """Return a line with round corners as SVG has it."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _toward(corner, before), _toward(corner, after)
        parts.append(f"L{into[0]:.1f} {into[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {out[0]:.1f} {out[1]:.1f}")
    return "".join([*parts, f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"])


def _toward(corner: Point, other: Point) -> Point:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(_CURVE, length / 2) / length if length else 0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share
