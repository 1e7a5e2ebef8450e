"""Contour lines of a function known on a grid, by marching squares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import fsum

from generator.figure.model import Point

_Side = tuple[int, int, bool]
"""A side of a cell: from grid point (column, row) to its right neighbour (True) or upper neighbour (False)."""


def contour_lines(
    values: Sequence[Sequence[float]], xs: Sequence[float], ys: Sequence[float], level: float
) -> tuple[tuple[Point, ...], ...]:
    """Trace the lines on which the function equals `level`; closed lines end where they begin.

    `values[j][i]` is the function at (xs[i], ys[j]); between grid points it is interpolated linearly, and a saddle
    is decided by the mean of its cell.
    """
    next_to: dict[_Side, list[_Side]] = {}
    for a, b in _segments(values, level):
        next_to.setdefault(a, []).append(b)
        next_to.setdefault(b, []).append(a)
    # Open lines start where only one segment ends; what is left then is closed.
    starts = (*(side for side, ends in next_to.items() if len(ends) == 1), *next_to)
    return tuple(
        tuple(_at(side, values, xs, ys, level) for side in _walk(start, next_to)) for start in starts if next_to[start]
    )


def _segments(values: Sequence[Sequence[float]], level: float) -> Iterator[tuple[_Side, _Side]]:
    """Yield the line's piece in each cell by the two sides that it joins."""
    for row in range(len(values) - 1):
        lower, upper = values[row], values[row + 1]
        for column in range(len(lower) - 1):
            corners = (lower[column], lower[column + 1], upper[column + 1], upper[column])
            inside = [corner >= level for corner in corners]
            if all(inside) or not any(inside):
                continue
            bottom, right = (column, row, True), (column + 1, row, False)
            top, left = (column, row + 1, True), (column, row, False)
            sides = (bottom, right, top, left)
            cut = [
                side for side, here, then in zip(sides, inside, inside[1:] + inside[:1], strict=True) if here != then
            ]
            if len(cut) == 2:
                yield cut[0], cut[1]
            elif (fsum(corners) / 4 >= level) == inside[0]:
                yield bottom, right
                yield top, left
            else:
                yield bottom, left
                yield top, right


def _walk(start: _Side, next_to: dict[_Side, list[_Side]]) -> list[_Side]:
    """Follow a line from side to side, using up its segments."""
    line = [start]
    while next_to[line[-1]]:
        here = line[-1]
        there = next_to[here].pop()
        next_to[there].remove(here)
        line.append(there)
    return line


def _at(
    side: _Side, values: Sequence[Sequence[float]], xs: Sequence[float], ys: Sequence[float], level: float
) -> Point:
    column, row, along = side
    end_column, end_row = (column + 1, row) if along else (column, row + 1)
    a, b = values[row][column], values[end_row][end_column]
    t = (level - a) / (b - a)
    return Point(xs[column] + t * (xs[end_column] - xs[column]), ys[row] + t * (ys[end_row] - ys[row]))
