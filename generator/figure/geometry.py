"""Boxes, segments and Bézier curves: what meets what, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum, hypot

from generator.figure.model import Box, Point

Path = tuple[Point, ...]
"""A polyline."""


def inflated(box: Box, margin: float) -> Box:
    """Return the box grown by a margin on every side."""
    return Box(box.left - margin, box.bottom - margin, box.right + margin, box.top + margin)


def overlap(a: Box, b: Box) -> bool:
    """Say whether two boxes share an area (touching edges do not count)."""
    return a.left < b.right and b.left < a.right and a.bottom < b.top and b.bottom < a.top


def hull(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around all of the boxes."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return Box(min(lefts), min(bottoms), max(rights), max(tops))


def bounds(path: Sequence[Point]) -> Box:
    """Return the box around a polyline, a hair larger, so that it has an area."""
    xs, ys = [x for x, _ in path], [y for _, y in path]
    return Box(min(xs) - 0.01, min(ys) - 0.01, max(xs) + 0.01, max(ys) + 0.01)


def clip(start: Point, end: Point, box: Box) -> tuple[Point, Point] | None:
    """Return the part of a segment inside a box, None if there is none (Liang and Barsky 1984)."""
    dx, dy = end.x - start.x, end.y - start.y
    enter, leave = 0.0, 1.0
    for speed, room in (
        (-dx, start.x - box.left),
        (dx, box.right - start.x),
        (-dy, start.y - box.bottom),
        (dy, box.top - start.y),
    ):
        if speed == 0:
            if room < 0:
                return None
        elif speed < 0:
            enter = max(enter, room / speed)
        else:
            leave = min(leave, room / speed)
    if enter > leave:
        return None
    return between(start, end, enter), between(start, end, leave)


def crosses(path: Sequence[Point], box: Box) -> bool:
    """Say whether a polyline enters a box."""
    left, bottom, right, top = box
    # Most segments lie wholly on one side: telling them apart first makes long paths five times as fast.
    return any(
        not (
            (start[0] < left and end[0] < left)
            or (start[0] > right and end[0] > right)
            or (start[1] < bottom and end[1] < bottom)
            or (start[1] > top and end[1] > top)
        )
        and clip(start, end, box) is not None
        for start, end in pairwise(path)
    )


def between(start: Point, end: Point, t: float) -> Point:
    """Return the point a fraction t of the way."""
    return Point(start.x + (end.x - start.x) * t, start.y + (end.y - start.y) * t)


def distance(point: Point, path: Sequence[Point]) -> float:
    """Return the distance from a point to a polyline."""
    return min(_to_segment(point, start, end) for start, end in pairwise(path))


def _to_segment(point: Point, start: Point, end: Point) -> float:
    dx, dy = end.x - start.x, end.y - start.y
    square = dx * dx + dy * dy
    t = 0.0 if square == 0 else ((point.x - start.x) * dx + (point.y - start.y) * dy) / square
    nearest = between(start, end, min(1.0, max(0.0, t)))
    return hypot(point.x - nearest.x, point.y - nearest.y)


def meet(a: Sequence[Point], b: Sequence[Point]) -> bool:
    """Say whether two polylines cross each other properly (touching ends do not count)."""
    return any(
        _side(p, q, r) * _side(p, q, s) < -1e-9 and _side(r, s, p) * _side(r, s, q) < -1e-9
        for p, q in pairwise(a)
        for r, s in pairwise(b)
    )


def _side(a: Point, b: Point, c: Point) -> float:
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)


def split(piece: Sequence[Point], t: float) -> tuple[Path, Path]:
    """Cut a cubic Bézier piece in two at t (de Casteljau's construction)."""
    a, b, c, d = piece
    ab, bc, cd = between(a, b, t), between(b, c, t), between(c, d, t)
    abc, bcd = between(ab, bc, t), between(bc, cd, t)
    middle = between(abc, bcd, t)
    return (a, ab, abc, middle), (middle, bcd, cd, d)


def flattened(points: Sequence[Point], steps: int = 12) -> Path:
    """Return a chain of cubic Bézier pieces (1 + 3k points) as a polyline."""
    path = [points[0]]
    for first in range(0, len(points) - 1, 3):
        piece = points[first : first + 4]
        path += [_at(piece, step / steps) for step in range(1, steps + 1)]
    return tuple(path)


def _at(piece: Sequence[Point], t: float) -> Point:
    a, b, c, d = piece
    s = 1 - t
    w0, w1, w2, w3 = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return Point(
        w0 * a.x + w1 * b.x + w2 * c.x + w3 * d.x,
        w0 * a.y + w1 * b.y + w2 * c.y + w3 * d.y,
    )


def along(path: Sequence[Point], fraction: float) -> tuple[Point, Point]:
    """Return the point at a fraction of a polyline's length, and the unit vector of travel there."""
    lengths = [hypot(q.x - p.x, q.y - p.y) for p, q in pairwise(path)]
    left = fraction * fsum(lengths)
    for (p, q), length in zip(pairwise(path), lengths, strict=True):
        if left <= length and length > 0:
            return between(p, q, left / length), Point((q.x - p.x) / length, (q.y - p.y) / length)
        left -= length
    p, q = path[-2], path[-1]
    length = hypot(q.x - p.x, q.y - p.y) or 1.0
    return q, Point((q.x - p.x) / length, (q.y - p.y) / length)
