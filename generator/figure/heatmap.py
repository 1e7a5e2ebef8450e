"""Heat maps in grey with labelled contour lines, a scale, and the minimum marked by a cross."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from generator.figure.arrange import finished
from generator.figure.axes import Axes, number
from generator.figure.contour import contour_lines
from generator.figure.geometry import Path, along, between, inflated
from generator.figure.model import Anchor, Box, Curve, Element, Figure, Label, Line, Point, Rectangle
from generator.figure.placing import Obstacles, Request, place
from generator.figure.reading import listing, reading

_LEVEL = 7.5
"""Font size of the values on contour lines."""
_LIGHT, _DARK = 0.99, 0.5
"""Grey of the lowest and of the highest value; black lines stay visible on both."""
_SHADES = 32
"""How many greys are told apart; neighbouring cells of one grey become one rectangle."""


_DIRECTIONS: tuple[tuple[float, float, Anchor], ...] = (
    (1, 0, "west"),
    (-1, 0, "east"),
    (0, 1, "south"),
    (0, -1, "north"),
    (0.8, 0.6, "west"),
    (0.8, -0.6, "west"),
    (-0.8, 0.6, "east"),
    (-0.8, -0.6, "east"),
)


def heatmap_figure(
    values: Sequence[Sequence[float]],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    description: str,
    x_label: str = "x",
    y_label: str = "y",
    contours: Sequence[float] = (),
    minimum: tuple[float, float] | None = None,
    minimum_label: str = "",
    size: tuple[float, float] = (240.0, 200.0),
    max_width: float = 440.0,
) -> Figure:
    """Draw a function on a regular grid: `values[j][i]` at the i-th of evenly spaced x, the j-th of evenly spaced y.

    Both ranges include their ends; about 40 × 40 values are plenty, fewer than 2 or more than 81 either way are
    refused. Light is low. The greys step evenly from contour to contour, so that a steep function still shows its
    valley. `contours` are rising levels; `minimum` is a point in data units and `minimum_label` its TeX name.
    Raises ValueError for a grid of the wrong size, contours that do not rise, or an empty range.
    """
    rows, columns = len(values), len(values[0]) if values else 0
    if not (2 <= rows <= 81 and 2 <= columns <= 81) or any(len(row) != columns for row in values):
        raise ValueError("a heat map needs a grid of 2 to 81 values either way, in rows of one length")
    if any(low >= high for low, high in pairwise(contours)):
        raise ValueError("contour levels must rise")
    axes = Axes(x_range, y_range, *size)
    stops = _stops(values, contours)
    lines = _contours(values, axes, contours)
    drawn: list[Element] = [*_cells(values, axes, stops), axes.frame()]
    drawn += [Curve(line, width=0.6) for _, line in lines]
    cross = [] if minimum is None else _cross(axes.at(*minimum))
    drawn += [*_values(lines, axes, cross, minimum_label, stops), *cross]
    drawn += [*axes.marks(), *axes.names(x_label, y_label), *_scale(axes, stops, contours)]
    return finished(drawn, f"{description} {_told(values, axes, contours, minimum, x_label, y_label)}", max_width)


def _spaced(low: float, high: float, count: int) -> list[float]:
    return [low + (high - low) * place / (count - 1) for place in range(count)]


def _stops(values: Sequence[Sequence[float]], contours: Sequence[float]) -> list[float]:
    """List the values between which the greys step evenly."""
    low, high = min(map(min, values)), max(map(max, values))
    inner = [level for level in contours if low < level < high]
    return [low, *inner, high if high > low else low + 1.0]


def _shade(value: float, stops: Sequence[float]) -> int:
    """Number the grey of a value from 0 (lowest) upwards."""
    place = min(max(bisect_right(stops, value), 1), len(stops) - 1)
    part = (value - stops[place - 1]) / (stops[place] - stops[place - 1])
    return min(int((place - 1 + part) / (len(stops) - 1) * _SHADES), _SHADES - 1)


def _grey(shade: int) -> float:
    return round(_LIGHT + (_DARK - _LIGHT) * shade / (_SHADES - 1), 3)


def _cells(values: Sequence[Sequence[float]], axes: Axes, stops: Sequence[float]) -> list[Element]:
    """Shade each cell of the grid by the mean of its corners, cells of one grey in a row as one rectangle."""
    xs, ys = _spaced(0.0, axes.width, len(values[0])), _spaced(0.0, axes.height, len(values))
    drawn: list[Element] = []
    for j, (lower, upper) in enumerate(pairwise(values)):
        shades = [
            _shade((a + b + c + d) / 4, stops) for (a, b), (c, d) in zip(pairwise(lower), pairwise(upper), strict=True)
        ]
        starts = [i for i, shade in enumerate(shades) if i == 0 or shade != shades[i - 1]]
        # Each rectangle runs on beneath the next one and the next row, so that no white seams show.
        top = ys[min(j + 2, len(ys) - 1)]
        drawn += [
            Rectangle(xs[i], ys[j], axes.width - xs[i], top - ys[j], fill=_grey(shades[i]), stroke=0) for i in starts
        ]
    return drawn


def _contours(values: Sequence[Sequence[float]], axes: Axes, levels: Sequence[float]) -> list[tuple[float, Path]]:
    xs, ys = _spaced(0.0, axes.width, len(values[0])), _spaced(0.0, axes.height, len(values))
    return [(level, line) for level in levels for line in contour_lines(values, xs, ys, level)]


def _cross(point: Point) -> list[Line]:
    arm = 3.4
    return [
        Line(point.x - arm, point.y - arm, point.x + arm, point.y + arm, width=1.3),
        Line(point.x - arm, point.y + arm, point.x + arm, point.y - arm, width=1.3),
    ]


def _values(
    lines: Sequence[tuple[float, Path]], axes: Axes, cross: Sequence[Line], name: str, stops: Sequence[float]
) -> list[Element]:
    """Write each level on its longest line, where there is room, and the minimum's name beside its cross."""
    paths = tuple(line for _, line in lines)
    boxes = [line.bounds() for line in cross]
    far = 500.0
    boxes += [Box(-far, -far, 2, far), Box(axes.width - 2, -far, far, far)]
    boxes += [Box(-far, -far, far, 2), Box(-far, axes.height - 2, far, far)]
    placed: list[Label] = []
    leader: list[Line] = []
    if cross and name:
        centre = Point((cross[0].x1 + cross[0].x2) / 2, (cross[0].y1 + cross[0].y2) / 2)
        found = place([Request(_around(name, centre), clearance=0.8)], Obstacles(tuple(boxes), paths))
        placed += found or _around(name, centre)[:1]
        leader = _leader(centre, placed[0])
        boxes += [inflated(line.bounds(), 1.0) for line in leader]
    for level in dict.fromkeys(level for level, _ in lines):
        longest = max((n for n, (other, _) in enumerate(lines) if other == level), key=lambda n: len(paths[n]))
        grey = _grey(_shade(level, stops))
        spots = tuple(
            Label(_level(level), *along(paths[longest], (0.5 + step * 0.382) % 1)[0], size=_LEVEL, background=grey)
            for step in range(26)
        )
        taken = tuple(label.bounds() for label in placed)
        request = Request(spots, own=frozenset({longest}), clearance=1.0, astride=True)
        placed += place([request], Obstacles((*boxes, *taken), paths)) or ()
    return [*leader, *placed]


def _around(name: str, centre: Point) -> tuple[Label, ...]:
    """List places about a point, those beside it first, then further off."""
    return tuple(
        Label(name, centre.x + dx * far, centre.y + dy * far, anchor, 9.0)
        for far in (6.5, 18.0, 30.0, 44.0, 60.0)
        for dx, dy, anchor in _DIRECTIONS
    )


def _leader(centre: Point, label: Label) -> list[Line]:
    """Join a point to a label that stands further off."""
    length = hypot(label.x - centre.x, label.y - centre.y)
    if length < 10:
        return []
    there = Point(label.x, label.y)
    start, end = between(centre, there, 6 / length), between(centre, there, 1 - 1 / length)
    return [Line(*start, *end, width=0.5)]


def _level(level: float) -> str:
    return number(level).replace("−", "-")


def _scale(axes: Axes, stops: Sequence[float], contours: Sequence[float]) -> list[Element]:
    """Draw the bar of greys beside the frame, with the levels at the greys that they have in the map."""
    x, wide, tall = axes.width + 14.0, 11.0, axes.height
    step = tall / _SHADES
    drawn: list[Element] = [
        Rectangle(x, shade * step, wide, tall - shade * step, fill=_grey(shade), stroke=0) for shade in range(_SHADES)
    ]
    drawn.append(Rectangle(x, 0, wide, tall))
    for step_up, value in enumerate(stops):
        y = tall * step_up / (len(stops) - 1)
        if value in contours:
            drawn.append(Line(x, y, x + wide, y, width=0.5))
        if value in contours or step_up in (0, len(stops) - 1):
            drawn.append(Label(_level(float(f"{value:.3g}")), x + wide + 4, y - 2.6, "base west", 8.0))
    return drawn


def _told(
    values: Sequence[Sequence[float]],
    axes: Axes,
    contours: Sequence[float],
    minimum: tuple[float, float] | None,
    x_label: str,
    y_label: str,
) -> str:
    """Tell the axes, the range, the levels, the minimum, and a coarse table of values."""
    xs, ys = _spaced(*axes.x_range, len(values[0])), _spaced(*axes.y_range, len(values))
    x, y = reading(x_label), reading(y_label)
    told = [
        f"Heat map over {x} from {number(xs[0])} to {number(xs[-1])} and {y} from {number(ys[0])} to {number(ys[-1])}."
    ]
    told.append(
        f"Values run from {number(min(map(min, values)), 3)} (light) to {number(max(map(max, values)), 3)} (dark)."
    )
    if contours:
        told.append(f"Contour lines at {listing([number(level) for level in contours])}.")
    if minimum is not None:
        told.append(f"A cross marks the minimum at {x} = {number(minimum[0])}, {y} = {number(minimum[1])}.")
    for j in _few(len(ys)):
        row = ", ".join(f"{number(values[j][i], 3)} at {number(xs[i], 3)}" for i in _few(len(xs)))
        told.append(f"For {y} = {number(ys[j], 3)}: {row}.")
    return " ".join(told)


def _few(count: int) -> list[int]:
    """Choose up to five places spread over a range, its ends included."""
    return sorted({round(step * (count - 1) / 4) for step in range(5)})
