"""Receptive fields of one-dimensional convolutional layers: rows of units and the cone that one unit sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.figure.arrange import finished
from generator.figure.model import Circle, Curve, Element, Figure, Label, Line, Point
from generator.figure.reading import reading

_MOST = 120
"""Inputs that can still be told apart across a page."""


@dataclass(frozen=True, slots=True)
class FieldLayer:
    """A convolution or pooling layer: how many units it looks at, how far it steps, how far its taps lie apart."""

    kernel: int
    stride: int = 1
    dilation: int = 1
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """Units of one layer: their places in units of the input's spacing, and what each sees in the row below."""

    name: str
    note: str
    places: tuple[float, ...]
    taps: tuple[tuple[int, ...], ...]


def field_figure(
    layers: Sequence[FieldLayer],
    *,
    description: str,
    cone: bool = True,
    input_name: str = "x",
    max_width: float = 440.0,
) -> Figure:
    """Draw the input row at the bottom, a row per layer above it, and mark one unit of the last layer.

    With `cone` (the key) every unit that the marked one sees is filled, with the connections between them and a
    bracket under the receptive field; without it (the question) the connections of one unit per layer are drawn,
    which shows kernel, stride and dilation. `FieldLayer.name` is TeX, by default H_1, H_2, …; padding is not drawn.
    Raises ValueError for no layers, for values below 1, or if more than 120 inputs would be needed.
    """
    if not layers or any(min(layer.kernel, layer.stride, layer.dilation) < 1 for layer in layers):
        raise ValueError("a receptive field needs layers whose kernel, stride and dilation are at least 1")
    rows = _rows(layers, input_name)
    seen = _seen(rows, len(rows[-1].places) // 2)
    step = max(3.2, min(15.0, (max_width - 130.0) / max(1, len(rows[0].places) - 1)))
    radius = min(4.2, 0.36 * step)
    lift = 30.0
    at = [[Point(place * step, number * lift) for place in row.places] for number, row in enumerate(rows)]
    drawn = _connections(rows, at, seen, cone)
    for number, row in enumerate(rows):
        for unit, point in enumerate(at[number]):
            filled = unit in seen[number] if cone else number == len(rows) - 1 and unit in seen[number]
            drawn.append(Circle(*point, radius, fill=0.45 if filled else 1.0, stroke=0.5))
        drawn.append(Label(row.name, -14.0, number * lift - 3.0, "base east", 10.0))
        if row.note:
            drawn.append(Label(row.note, at[0][-1].x + 14.0, number * lift - 2.8, "base west", 8.5))
    if cone:
        drawn += _bracket(at[0], seen[0], radius)
    return finished(drawn, f"{description} {_told(layers, rows, seen, cone)}", max_width)


def _rows(layers: Sequence[FieldLayer], input_name: str) -> list[_Row]:
    """Make rows just long enough that the last layer has a middle unit with neighbours."""
    counts = [3]
    for layer in reversed(layers):
        counts.append((counts[-1] - 1) * layer.stride + (layer.kernel - 1) * layer.dilation + 1)
    counts.reverse()
    if counts[0] > _MOST:
        raise ValueError(f"the receptive field needs {counts[0]} inputs, more than the {_MOST} that fit")
    rows = [_Row(input_name, "", tuple(float(place) for place in range(counts[0])), ())]
    for number, (layer, count) in enumerate(zip(layers, counts[1:], strict=True), 1):
        taps = tuple(
            tuple(unit * layer.stride + tap * layer.dilation for tap in range(layer.kernel)) for unit in range(count)
        )
        below = rows[-1].places
        places = tuple((below[tap[0]] + below[tap[-1]]) / 2 for tap in taps)
        note = rf"k={layer.kernel},\ s={layer.stride},\ d={layer.dilation}"
        rows.append(_Row(layer.name or f"H_{{{number}}}", note, places, taps))
    return rows


def _seen(rows: Sequence[_Row], unit: int) -> list[frozenset[int]]:
    """Follow the connections down from one unit of the last row: the units seen in each row, input first."""
    seen = [frozenset({unit})]
    for row in reversed(rows[1:]):
        seen.append(frozenset(tap for there in seen[-1] for tap in row.taps[there]))
    return seen[::-1]


def _connections(
    rows: Sequence[_Row], at: Sequence[Sequence[Point]], seen: Sequence[frozenset[int]], cone: bool
) -> list[Element]:
    drawn: list[Element] = []
    for number, row in enumerate(rows[1:], 1):
        shown = sorted(seen[number]) if cone else [len(row.places) // 2]
        drawn += [
            Line(*at[number][unit], *at[number - 1][tap], width=0.5, grey=0.25)
            for unit in shown
            for tap in row.taps[unit]
        ]
    return drawn


def _bracket(inputs: Sequence[Point], seen: frozenset[int], radius: float) -> list[Element]:
    """Span the receptive field from below and write its size."""
    first, last = min(seen), max(seen)
    left, right, y = inputs[first].x - radius, inputs[last].x + radius, inputs[0].y - radius - 4.0
    points = (Point(left, y), Point(left, y - 4.0), Point(right, y - 4.0), Point(right, y))
    size = rf"\text{{receptive field: {last - first + 1} inputs}}"
    return [Curve(points, width=0.6), Label(size, (left + right) / 2, y - 7.0, "north", 9.0)]


def _told(layers: Sequence[FieldLayer], rows: Sequence[_Row], seen: Sequence[frozenset[int]], cone: bool) -> str:
    """Tell the layers and, where the cone is drawn, how many units of each row lie in it."""
    told = [
        f"{reading(row.name)} (kernel {layer.kernel}, stride {layer.stride}, dilation {layer.dilation})"
        for layer, row in zip(layers, rows[1:], strict=True)
    ]
    text = f"Rows of units from the input {reading(rows[0].name)} at the bottom upwards: {'; '.join(told)}."
    text += f" One unit of {reading(rows[-1].name)} is marked."
    if cone:
        spans = [f"{max(s) - min(s) + 1} units of {reading(row.name)}" for row, s in zip(rows, seen, strict=True)]
        text += f" It spans {', '.join(reversed(spans[:-1]))}."
    return text
