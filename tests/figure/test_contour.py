from __future__ import annotations

import itertools
from math import hypot, pi

import pytest

from generator.figure import contour_lines

AXIS = [-3 + 6 * step / 60 for step in range(61)]
BOWL = [[x * x + y * y for x in AXIS] for y in AXIS]


@pytest.mark.parametrize("level", [0.5, 1.0, 4.0, 8.0])
def test_contours_of_a_bowl_are_circles(level: float) -> None:
    (line,) = contour_lines(BOWL, AXIS, AXIS, level)
    assert line[0] == line[-1]
    # Linear interpolation on a mesh of 0.1 puts x^2 off by at most 0.1^2 / 4 along each axis.
    assert all(abs(x * x + y * y - level) < 0.006 for x, y in line)
    length = sum(hypot(q.x - p.x, q.y - p.y) for p, q in itertools.pairwise(line))
    assert length == pytest.approx(2 * pi * level**0.5, rel=0.01)


def test_contours_that_leave_the_grid_are_open() -> None:
    lines = contour_lines(BOWL, AXIS, AXIS, 12.0)
    assert len(lines) == 4
    for line in lines:
        for end in (line[0], line[-1]):
            assert max(abs(end.x), abs(end.y)) == pytest.approx(3)


def test_a_plane_has_straight_contours() -> None:
    plane = [[x + 2 * y for x in AXIS] for y in AXIS]
    (line,) = contour_lines(plane, AXIS, AXIS, 1.0)
    assert all(x + 2 * y == pytest.approx(1.0) for x, y in line)


def test_both_branches_of_a_saddle_are_found() -> None:
    saddle = [[x * y for x in AXIS] for y in AXIS]
    lines = contour_lines(saddle, AXIS, AXIS, 1.0)
    assert len(lines) == 2
    assert {all(x > 0 for x, _ in line) for line in lines} == {True, False}


@pytest.mark.parametrize(("level", "first"), [(0.4, (0.4, 0.0)), (0.6, (0.6, 0.0))])
def test_a_saddle_within_one_cell_is_decided_by_its_mean(level: float, first: tuple[float, float]) -> None:
    lines = contour_lines([[0.0, 1.0], [1.0, 0.0]], [0, 1], [0, 1], level)
    assert len(lines) == 2
    joined = next(line for line in lines if first in [tuple(point) for point in line])
    other = next(point for point in joined if tuple(point) != first)
    # Below the mean the high corners are joined, so each line cuts off a low corner; above it, a high one.
    assert other == pytest.approx((0.0, 0.4) if level == 0.4 else (1.0, 0.4))


def test_a_level_that_is_nowhere_has_no_lines() -> None:
    assert contour_lines(BOWL, AXIS, AXIS, 100.0) == ()
    assert contour_lines(BOWL, AXIS, AXIS, -1.0) == ()
