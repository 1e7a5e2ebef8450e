"""The course of an arrow: smooth from the border of one node to the border of another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from generator.figure.geometry import Path, split
from generator.figure.model import Curve, Line, Point


def course(points: Sequence[Point], from_circle: float, to_circle: float) -> Path:
    """Run a chain of Bézier pieces through points, cut off at circles about its ends (radius 0: up to the point)."""
    chain = _spline(points)
    if from_circle:
        chain[:4] = _outside(chain[:4], from_circle)
    if to_circle:
        chain[-4:] = reversed(_outside(chain[:-5:-1], to_circle))
    return tuple(chain)


def arrow(chain: Path) -> Line | Curve:
    """Draw a chain of Bézier pieces as an arrow, by a straight line where it is straight."""
    (x1, y1), (x2, y2) = chain[0], chain[-1]
    if len(chain) == 4 or max(abs(y - y1) for _, y in chain) < 0.05:
        return Line(x1, y1, x2, y2, arrow=True)
    return Curve(chain, bezier=True, arrow=True)


def _spline(points: Sequence[Point]) -> list[Point]:
    """Run smoothly through points of rising x without overshooting (Fritsch and Carlson 1980)."""
    rises = [(q.y - p.y) / (q.x - p.x) for p, q in pairwise(points)]
    slopes = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(rises)]
    if slopes:
        slopes = [1.5 * rises[0] - 0.5 * slopes[0], *slopes, 1.5 * rises[-1] - 0.5 * slopes[-1]]
    else:
        slopes = [rises[0]] * 2
    chain = [points[0]]
    for (p, q), (before, after) in zip(pairwise(points), pairwise(slopes), strict=True):
        third = (q.x - p.x) / 3
        chain += [Point(p.x + third, p.y + third * before), Point(q.x - third, q.y - third * after), q]
    return chain


def _outside(piece: Sequence[Point], radius: float) -> Path:
    """Cut off the beginning of a piece that lies within a circle about its first point."""
    centre, low, high = piece[0], 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        point = split(piece, middle)[0][3]
        low, high = (middle, high) if hypot(point.x - centre.x, point.y - centre.y) < radius else (low, middle)
    return split(piece, high)[1]
