"""What the tests of figures look at: the boxes of labels and shapes, and points along every line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from types import SimpleNamespace

import pytest

from generator.figure import Circle, Curve, Figure, Label, Line, Point, Rectangle
from generator.figure.model import Box

SLACK = 0.01


def shapes(figure: Figure) -> list[Box]:
    """The circles and rectangles (one within another counts once)."""
    boxes = [element.bounds() for element in figure.elements if isinstance(element, Circle | Rectangle)]
    return [box for box in boxes if not any(box != other and inside(box, other) for other in boxes)]


def inside(box: Box, other: Box) -> bool:
    return (
        other.left - SLACK <= box.left
        and other.bottom - SLACK <= box.bottom
        and box.right <= other.right + SLACK
        and box.top <= other.top + SLACK
    )


def overlap(a: Box, b: Box) -> bool:
    wide = min(a.right, b.right) - max(a.left, b.left)
    tall = min(a.top, b.top) - max(a.bottom, b.bottom)
    return wide > SLACK and tall > SLACK


def labels(figure: Figure) -> list[Label]:
    """The labels that do not stand in the middle of a shape."""
    boxes = shapes(figure)
    return [
        element
        for element in figure.elements
        if isinstance(element, Label)
        and not any(box.left < element.x < box.right and box.bottom < element.y < box.top for box in boxes)
    ]


def strokes(figure: Figure) -> list[list[Point]]:
    """Every line and curve as closely spaced points."""
    return [list(_points(element)) for element in figure.elements if isinstance(element, Line | Curve)]


def _points(stroke: Line | Curve) -> Iterator[Point]:
    steps = [step / 60 for step in range(61)]
    if isinstance(stroke, Line):
        yield from (
            Point(stroke.x1 + (stroke.x2 - stroke.x1) * t, stroke.y1 + (stroke.y2 - stroke.y1) * t) for t in steps
        )
    elif stroke.bezier:
        for start in range(0, len(stroke.points) - 1, 3):
            piece = stroke.points[start : start + 4]
            for t in steps:
                weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
                yield Point(
                    sum(w * p.x for w, p in zip(weights, piece, strict=True)),
                    sum(w * p.y for w, p in zip(weights, piece, strict=True)),
                )
    else:
        for p, q in pairwise(stroke.points):
            yield from (Point(p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t) for t in steps)


def within(point: Point, box: Box) -> bool:
    return box.left < point.x < box.right and box.bottom < point.y < box.top


def crossings(figure: Figure) -> int:
    """Pairs of strokes that cross away from their ends."""
    return sum(
        any(_cross(p, q, r, s) for p, q in pairwise(a) for r, s in pairwise(b))
        for a, b in combinations([stroke[::6] for stroke in strokes(figure)], 2)
    )


def _cross(p: Point, q: Point, r: Point, s: Point) -> bool:
    def side(a: Point, b: Point, c: Point) -> float:
        return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)

    return side(p, q, r) * side(p, q, s) < -1e-6 and side(r, s, p) * side(r, s, q) < -1e-6


def assert_inside(figure: Figure) -> None:
    page = Box(0, 0, figure.width, figure.height)
    for element in figure.elements:
        assert inside(element.bounds(), page), element


def assert_clear(figure: Figure, *, lines: bool = True) -> None:
    """No label overlaps another or a shape; with `lines`, none is crossed by a line."""
    boxes = [label.bounds() for label in labels(figure)]
    for a, b in combinations(boxes, 2):
        assert not overlap(a, b), (a, b)
    for box in boxes:
        assert not any(overlap(box, shape) for shape in shapes(figure)), box
        if lines:
            assert not any(within(point, box) for stroke in strokes(figure) for point in stroke), box


@pytest.fixture(scope="session")
def look() -> SimpleNamespace:
    return SimpleNamespace(
        assert_clear=assert_clear,
        assert_inside=assert_inside,
        crossings=crossings,
        labels=labels,
        overlap=overlap,
        shapes=shapes,
        strokes=strokes,
        within=within,
    )
