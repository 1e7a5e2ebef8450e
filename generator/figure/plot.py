"""Curves over axes: dash styles instead of colours, names on the curves, marked points; or empty axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from generator.figure.arrange import finished
from generator.figure.axes import Axes, number, tick_labels
from generator.figure.extent import extent
from generator.figure.geometry import Path, along, clip, distance, inflated
from generator.figure.model import Box, Circle, Curve, Element, Figure, Label, Line, Point
from generator.figure.placing import Obstacles, Request, place
from generator.figure.reading import reading

_NAME = 9.5
"""Font size of the names of curves and marks."""
_STYLES: tuple[tuple[tuple[float, ...], float], ...] = (
    ((), 1.0),
    ((4.5, 2.2), 1.0),
    ((1.2, 1.8), 1.1),
    ((7.0, 2.0, 1.2, 2.0), 1.0),
    ((10.0, 3.0), 0.7),
    ((3.0, 1.5, 1.0, 1.5, 1.0, 1.5), 1.0),
)
"""Dashes and widths by which curves are told apart in black and white."""


@dataclass(frozen=True, slots=True)
class PlotCurve:
    """A curve through points (x, y) in data units, with the TeX label that names it ("" for none)."""

    points: Sequence[tuple[float, float]]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked point in data units with a TeX label; `guides` drops dashed lines from it to both axes."""

    x: float
    y: float
    label: str = ""
    guides: bool = False


def plot_figure(
    curves: Sequence[PlotCurve],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    description: str,
    x_label: str = "x",
    y_label: str = "y",
    marks: Sequence[Mark] = (),
    size: tuple[float, float] = (300.0, 180.0),
    grid: bool = False,
    legend: bool = False,
    max_width: float = 440.0,
) -> Figure:
    """Draw curves and points over a frame with round ticks; without curves, empty axes to draw into.

    `size` is the frame in points. Curves are cut at the frame. Their names stand beside them, or in a legend at
    the right where there is no room or `legend` asks for it. Raises ValueError for an empty or reversed range.
    """
    axes = Axes(x_range, y_range, *size)
    runs = [_runs(curve, axes) for curve in curves]
    strokes = [
        Curve(run, width=_STYLES[n % len(_STYLES)][1], dash=_STYLES[n % len(_STYLES)][0])
        for n, pieces in enumerate(runs)
        for run in pieces
    ]
    dots = [axes.at(mark.x, mark.y) for mark in marks]
    labels = _labels(curves, runs, marks, dots, axes, legend)
    drawn: list[Element] = [*(axes.rules() if grid else ()), axes.frame(), *_guides(marks, dots)]
    drawn += [*axes.marks(), *axes.names(x_label, y_label), *strokes]
    drawn += [*(Circle(*dot, 2.0, fill=0.0, stroke=0) for dot in dots), *labels]
    return finished(drawn, f"{description} {_told(curves, marks, axes, x_label, y_label)}", max_width)


def _runs(curve: PlotCurve, axes: Axes) -> list[Path]:
    """Cut a curve at the frame into the runs that lie inside."""
    points = [axes.at(x, y) for x, y in curve.points]
    frame = Box(0, 0, axes.width, axes.height)
    runs: list[list[Point]] = []
    for start, end in pairwise(points):
        piece = clip(start, end, frame)
        if piece is None or piece[0] == piece[1]:
            continue
        if runs and runs[-1][-1] == piece[0]:
            runs[-1].append(piece[1])
        else:
            runs.append(list(piece))
    return [tuple(run) for run in runs]


def _guides(marks: Sequence[Mark], dots: Sequence[Point]) -> list[Element]:
    return [
        line
        for mark, dot in zip(marks, dots, strict=True)
        if mark.guides
        for line in (
            Line(dot.x, 0, dot.x, dot.y, width=0.5, grey=0.35, dash=(2.0, 2.0)),
            Line(0, dot.y, dot.x, dot.y, width=0.5, grey=0.35, dash=(2.0, 2.0)),
        )
    ]


def _labels(
    curves: Sequence[PlotCurve],
    runs: Sequence[list[Path]],
    marks: Sequence[Mark],
    dots: Sequence[Point],
    axes: Axes,
    legend: bool,
) -> list[Element]:
    """Name curves and marks in the frame; if that fails, the curves in a legend."""
    lines = [run for pieces in runs for run in pieces]
    owner = [n for n, pieces in enumerate(runs) for _ in pieces]
    guides = [(Point(g.x1, g.y1), Point(g.x2, g.y2)) for g in _guides(marks, dots) if isinstance(g, Line)]
    boxes = [inflated(Box(dot.x, dot.y, dot.x, dot.y), 3.0) for dot in dots]
    edge, far = 2.0, 500.0
    boxes += [Box(-far, -far, edge, far), Box(axes.width - edge, -far, far, far)]
    boxes += [Box(-far, -far, far, edge), Box(-far, axes.height - edge, far, far)]
    obstacles = Obstacles(tuple(boxes), (*lines, *guides))
    named = [_mark_label(mark, dot) for mark, dot in zip(marks, dots, strict=True) if mark.label]
    if not legend:
        requests = [_curve_label(c, n, lines, owner) for n, c in enumerate(curves) if c.label and runs[n]]
        labels = place([*named, *requests], obstacles)
        if labels is not None:
            return list(labels)
    placed = place(named, obstacles) or [request.choices[0] for request in named]
    return [*placed, *_legend(curves, axes)]


def _mark_label(mark: Mark, dot: Point) -> Request:
    gap = 4.0
    spots = [
        Label(mark.label, dot.x + gap, dot.y - gap, "north", _NAME),
        Label(mark.label, dot.x + gap, dot.y + gap, "base west", _NAME),
        Label(mark.label, dot.x - gap, dot.y + gap, "base east", _NAME),
        Label(mark.label, dot.x + gap + 2, dot.y, "west", _NAME),
        Label(mark.label, dot.x - gap - 2, dot.y, "east", _NAME),
        Label(mark.label, dot.x, dot.y + gap + 2, "south", _NAME),
        Label(mark.label, dot.x, dot.y - gap - 2, "north", _NAME),
    ]
    width = extent(mark.label, _NAME).width
    spots[0] = Label(mark.label, dot.x + gap + width / 2, dot.y - gap, "north", _NAME)
    return Request(tuple(spots), clearance=1.0)


def _curve_label(curve: PlotCurve, number: int, lines: Sequence[Path], owner: Sequence[int]) -> Request:
    """List places close to a curve, those first that are far from all other curves."""
    width, height, depth = extent(curve.label, _NAME)
    own = [line for line, n in zip(lines, owner, strict=True) if n == number]
    others = [line for line, n in zip(lines, owner, strict=True) if n != number]
    found: list[tuple[float, Label]] = []
    for run in own:
        for step in range(2, 39):
            point, travel = along(run, step / 40)
            away = abs(travel.y) * width / 2 + abs(travel.x) * (height + depth) / 2 + 2.5
            for side in (1.0, -1.0):
                centre = Point(point.x - side * travel.y * away, point.y + side * travel.x * away)
                room = min((distance(centre, line) for line in others), default=99.0)
                if room > 1.4 * away:
                    found.append((-min(room, 30.0), Label(curve.label, *centre, size=_NAME)))
    choices = tuple(label for _, label in sorted(found, key=lambda pair: pair[0]))
    lines_of_own = frozenset(place for place, n in enumerate(owner) if n == number)
    return Request(choices, own=lines_of_own, clearance=2.0)


def _legend(curves: Sequence[PlotCurve], axes: Axes) -> list[Element]:
    drawn: list[Element] = []
    y = axes.height - 8.0
    for n, curve in enumerate(curves):
        if curve.label:
            dash, width = _STYLES[n % len(_STYLES)]
            drawn.append(Line(axes.width + 10, y, axes.width + 34, y, width=width, dash=dash))
            drawn.append(Label(curve.label, axes.width + 39, y - 0.3 * _NAME, "base west", _NAME))
            _, height, depth = extent(curve.label, _NAME)
            y -= max(15.0, height + depth + 5.0)
    return drawn


def _told(curves: Sequence[PlotCurve], marks: Sequence[Mark], axes: Axes, x_label: str, y_label: str) -> str:
    """Tell the axes, and every curve by points spread along it."""
    spans = [
        f"{name or axis} from {number(low)} to {number(high)}"
        for axis, name, (low, high) in (
            ("horizontal", reading(x_label), axes.x_range),
            ("vertical", reading(y_label), axes.y_range),
        )
    ]
    told = [f"Axes: {spans[0]} to the right, {spans[1]} upwards."]
    for n, curve in enumerate(curves):
        samples = curve.points[:: max(1, (len(curve.points) - 1) // 8)]
        through = ", ".join(f"({number(x, 3)}, {number(y, 3)})" for x, y in samples)
        told.append(f"Curve {reading(curve.label) or n + 1} through {through}.")
    for mark in marks:
        name = f" {reading(mark.label)}" if mark.label else ""
        told.append(f"Marked point{name} at ({number(mark.x)}, {number(mark.y)}).")
    if not curves and not marks:
        told.append(f"Empty, with ticks at {', '.join(map(reading, tick_labels(*axes.x_range)))} and "
                    f"{', '.join(map(reading, tick_labels(*axes.y_range)))}.")  # fmt: skip
    return " ".join(told)
