"""Where the lines of a paragraph end: the choice that makes the whole paragraph's word spaces most even.

After Knuth and Plass, Breaking Paragraphs into Lines, Software: Practice and Experience 11 (1981), without
hyphenation. No line is ever wider than the measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from math import fsum
from typing import NamedTuple

from generator.typeset.inline import Item
from generator.typeset.style import FORCED

TOLERANCE = 1e-6  # sums of floats; far below what ink can show
LINE_COST = 10.0
CONTRAST = 10_000.0  # demerits of a tight line next to a loose one
WORST = 1e5  # badness of a line that nothing can stretch
RAGGED_STRETCH = 0.12  # of the measure: how far lines may fall short before it looks uneven


class Line(NamedTuple):
    """The items from `start` to before `end`, each stretch (or shrink, if negative) taken `ratio` times."""

    start: int
    end: int
    ratio: float


class _Node(NamedTuple):
    """A place where a line may begin, reached at the least demerits."""

    demerits: float
    start: int
    line: Line | None
    previous: _Node | None


def break_lines(items: Sequence[Item], measure: float, ragged: bool = False) -> list[Line]:
    """Cut `items`, whose last ends a line, into lines of at most `measure`.

    A stretch of items without a place to break must not be wider than `measure` (see `ensure_breaks`).
    """
    if fsum(item.width for item in items) <= measure and not any(item.cost == FORCED for item in items[:-1]):
        return [Line(_beginning(items, 0), len(items) - 1, 0.0)]
    fit = _fit(items, measure, RAGGED_STRETCH * measure if ragged else 0.0)
    active = [_Node(0.0, _beginning(items, 0), None, None)]
    for place, item in enumerate(items):
        if item.cost is None:
            continue
        begin = _beginning(items, place)
        best: _Node | None = None
        reachable: list[_Node] = []
        for node in active:
            ratio, badness = fit(node.start, place)
            if ratio < -1:
                continue
            reachable.append(node)
            demerits = node.demerits + (LINE_COST + badness) ** 2 + max(item.cost, 0.0) ** 2
            if node.line is not None and abs(node.line.ratio - ratio) > 1:
                demerits += CONTRAST
            if best is None or demerits < best.demerits:
                best = _Node(demerits, begin, Line(node.start, place, ratio), node)
        if best is not None:
            active = [best] if item.cost == FORCED else [*reachable, best]
    return _lines(active[-1])


def _fit(items: Sequence[Item], measure: float, raggedness: float) -> Callable[[int, int], tuple[float, float]]:
    """How a line from one item to another fits: the ratio of its stretch or shrink, and how bad that looks."""
    width = [0.0, *accumulate(item.width for item in items)]
    stretch = [0.0, *accumulate(item.stretch for item in items)]
    shrink = [0.0, *accumulate(item.shrink for item in items)]
    fill = [0, *accumulate(item.fill for item in items)]

    def fit(start: int, end: int) -> tuple[float, float]:
        room = measure - (width[end] - width[start])
        if room < -TOLERANCE:
            give = 0.0 if raggedness else shrink[end] - shrink[start]
            ratio = room / give if give > -room * 0.999 else -2.0
            return max(ratio, -1.0) if ratio > -1.001 else -2.0, 100 * abs(ratio) ** 3
        if fill[end] > fill[start]:
            return 0.0, 0.0
        give = raggedness or stretch[end] - stretch[start]
        if give <= 0:
            return 0.0, WORST if room > TOLERANCE else 0.0
        ratio = room / give
        return 0.0 if raggedness else ratio, min(100 * ratio**3, WORST)

    return fit


def _beginning(items: Sequence[Item], place: int) -> int:
    """Where a line really begins that is broken at `place`: spaces vanish there."""
    while place < len(items) and items[place].vanishes:
        place += 1
    return place


def _lines(node: _Node | None) -> list[Line]:
    found: list[Line] = []
    while node is not None and node.line is not None:
        found.append(node.line)
        node = node.previous
    return found[::-1]


def ensure_breaks(items: Sequence[Item], measure: float) -> list[Item]:
    """Let lines end inside any unbreakable stretch that is wider than `measure`, between its items."""
    found: list[Item] = []
    width = 0.0
    for item in items:
        if item.cost is not None:
            width = 0.0
        elif width + item.width > measure and width > 0:
            found.append(Item(None, cost=WORST, vanishes=True))
            width = 0.0
        if not item.vanishes:
            width += item.width
        found.append(item)
    return found
