from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.figure.geometry import along, clip, crosses, distance, flattened, meet, overlap, split
from generator.figure.model import Box, Circle, Curve, Element, Label, Line, Point, Rectangle

SQUARE = Box(0, 0, 10, 10)
numbers = st.floats(-20, 20, allow_nan=False).map(lambda x: round(x, 3))
points = st.builds(Point, numbers, numbers)


def test_a_segment_is_cut_at_the_box() -> None:
    assert clip(Point(-5, 5), Point(15, 5), SQUARE) == (Point(0, 5), Point(10, 5))
    assert clip(Point(2, 2), Point(3, 3), SQUARE) == (Point(2, 2), Point(3, 3))
    assert clip(Point(-5, 5), Point(5, 20), SQUARE) is None
    assert clip(Point(-1, 0), Point(-1, 9), SQUARE) is None


@given(points, points)
def test_a_segment_enters_a_box_where_its_points_do(a: Point, b: Point) -> None:
    steps = [Point(a.x + (b.x - a.x) * t / 400, a.y + (b.y - a.y) * t / 400) for t in range(401)]
    if any(0 <= p.x <= 10 and 0 <= p.y <= 10 for p in steps):
        assert crosses((a, b), SQUARE)


def test_touching_boxes_do_not_overlap() -> None:
    assert not overlap(SQUARE, Box(10, 0, 20, 10))
    assert overlap(SQUARE, Box(9.9, 9.9, 20, 20))


def test_lines_meet_only_where_they_truly_cross() -> None:
    a = (Point(0, 0), Point(10, 10))
    assert meet(a, (Point(0, 10), Point(10, 0)))
    assert not meet(a, (Point(10, 10), Point(20, 0)))
    assert not meet(a, (Point(0, 1), Point(10, 11)))


@given(st.lists(points, min_size=4, max_size=4), st.floats(0.05, 0.95))
def test_both_parts_of_a_split_curve_lie_on_it(piece: list[Point], t: float) -> None:
    first, second = split(piece, t)
    assert first[0] == piece[0]
    assert second[-1] == piece[-1]
    assert first[-1] == second[0]
    whole = flattened(piece, steps=400)
    assert all(distance(p, whole) < 0.1 for p in (*flattened(first), *flattened(second)))


def test_half_way_along_a_bent_path() -> None:
    point, travel = along((Point(0, 0), Point(10, 0), Point(10, 30)), 0.5)
    assert point == pytest.approx((10, 10))
    assert travel == pytest.approx((0, 1))
    assert hypot(*travel) == pytest.approx(1)


@pytest.mark.parametrize(
    "shape",
    [
        Line(1, 2, 5, 9, 0.6, 0.2, (2, 1), True),
        Curve((Point(1, 2), Point(5, 9), Point(0, 3)), False, True, 0.7, 0.1, 0.5, (1, 1), True),
        Rectangle(1, 2, 4, 7, 0.9, 0.5, 0.3, (3, 1), 2),
        Circle(1, 2, 4, 0.9, 0.5, 0.3, (3, 1)),
        Label("x_1", 1, 2, "base west", 9.0, 1.0),
    ],
)
def test_moving_scales_first_and_keeps_everything_else(shape: Element) -> None:
    moved, old = shape.moved(10, 20, 2), shape.bounds()
    assert moved.bounds() == pytest.approx((2 * old[0] + 10, 2 * old[1] + 20, 2 * old[2] + 10, 2 * old[3] + 20))
    assert moved.moved(-10, -20).moved(0, 0, 0.5) == shape


@pytest.mark.parametrize(
    ("anchor", "origin"),
    [
        ("center", (-10, -2)),
        ("west", (0, -2)),
        ("east", (-20, -2)),
        ("north", (-10, -6)),
        ("south", (-10, 2)),
        ("base", (-10, 0)),
        ("base west", (0, 0)),
        ("base east", (-20, 0)),
    ],
)
def test_a_label_hangs_on_its_anchor(anchor: str, origin: tuple[float, float]) -> None:
    label = Label("x", 0, 0, anchor)  # type: ignore[arg-type]  # the parameters are its literals
    assert label.origin(width=20, height=6, depth=2) == origin
