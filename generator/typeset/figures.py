"""Figures on paper: lines, curves, shades, arrow heads and labels set as mathematics."""

from __future__ import annotations

from math import hypot
from typing import Any

from generator.figure import Circle, Curve, Figure, Label, Line, Point, Rectangle
from generator.typeset.formula import set_formula

_HEAD = 5.0
"""Length of an arrow head in points on a line 0.6 points wide."""


def paint_figure(canvas: Any, figure: Figure, x: float, y: float) -> None:
    """Paint a figure on a ReportLab canvas with its lower left corner at (x, y), in points."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setLineJoin(1)
    for element in figure.elements:
        match element:
            case Line():
                _line(canvas, element)
            case Curve():
                _curve(canvas, element)
            case Rectangle():
                _rectangle(canvas, element)
            case Circle():
                _circle(canvas, element)
            case Label():
                _label(canvas, element)
    canvas.restoreState()


def _line(canvas: Any, line: Line) -> None:
    start, end = Point(line.x1, line.y1), Point(line.x2, line.y2)
    if line.arrow:
        end = _head(canvas, start, end, line.width, line.grey)
    _pen(canvas, line.width, line.grey, line.dash)
    canvas.line(*start, *end)


def _curve(canvas: Any, curve: Curve) -> None:
    points = list(curve.points)
    if curve.arrow:
        points[-1] = _head(canvas, points[-2], points[-1], curve.width, curve.grey)
    path = canvas.beginPath()
    path.moveTo(*points[0])
    if curve.bezier:
        for place in range(1, len(points), 3):
            path.curveTo(*points[place], *points[place + 1], *points[place + 2])
    else:
        for point in points[1:]:
            path.lineTo(*point)
    if curve.closed:
        path.close()
    _pen(canvas, curve.width, curve.grey, curve.dash)
    if curve.fill is not None:
        canvas.setFillGray(curve.fill)
    canvas.drawPath(path, stroke=int(curve.width > 0), fill=int(curve.fill is not None))


def _head(canvas: Any, before: Point, tip: Point, width: float, grey: float) -> Point:
    """Paint a slender arrow head with a notched back at the tip; return where its shaft ends."""
    length = hypot(tip.x - before.x, tip.y - before.y) or 1.0
    ux, uy = (tip.x - before.x) / length, (tip.y - before.y) / length
    size = _HEAD * width / 0.6
    back, wing, notch = size, 0.36 * size, 0.74 * size
    path = canvas.beginPath()
    path.moveTo(*tip)
    path.lineTo(tip.x - back * ux - wing * uy, tip.y - back * uy + wing * ux)
    path.lineTo(tip.x - notch * ux, tip.y - notch * uy)
    path.lineTo(tip.x - back * ux + wing * uy, tip.y - back * uy - wing * ux)
    path.close()
    canvas.setFillGray(grey)
    canvas.drawPath(path, stroke=0, fill=1)
    return Point(tip.x - notch * ux, tip.y - notch * uy)


def _pen(canvas: Any, width: float, grey: float, dash: tuple[float, ...]) -> None:
    canvas.setLineWidth(width)
    canvas.setStrokeGray(grey)
    canvas.setDash(list(dash))


def _rectangle(canvas: Any, shape: Rectangle) -> None:
    path = canvas.beginPath()
    if shape.radius:
        path.roundRect(shape.x, shape.y, shape.width, shape.height, shape.radius)
    else:
        path.rect(shape.x, shape.y, shape.width, shape.height)
    _area(canvas, path, shape)


def _circle(canvas: Any, shape: Circle) -> None:
    path = canvas.beginPath()
    path.circle(shape.x, shape.y, shape.radius)
    _area(canvas, path, shape)


def _area(canvas: Any, path: Any, shape: Rectangle | Circle) -> None:
    """Fill, then outline a closed path."""
    if shape.fill is not None:
        canvas.setFillGray(shape.fill)
        canvas.drawPath(path, stroke=0, fill=1)
    if shape.stroke:
        _pen(canvas, shape.stroke, shape.grey, shape.dash)
        canvas.drawPath(path, stroke=1, fill=0)


def _label(canvas: Any, label: Label) -> None:
    formula = set_formula(label.tex, label.size, display=False)
    x, y = label.origin(formula.width, formula.height, formula.depth)
    if label.background is not None:
        pad = label.pad
        canvas.setFillGray(label.background)
        canvas.rect(
            x - pad,
            y - formula.depth - pad,
            formula.width + 2 * pad,
            formula.height + formula.depth + 2 * pad,
            stroke=0,
            fill=1,
        )
    canvas.setFillGray(0)
    formula.paint(canvas, x, y)
