"""Layered neural networks: units as circles, weights written on the connections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import hypot

from generator.figure.arrange import centred, finished
from generator.figure.extent import extent
from generator.figure.geometry import Path, between, meet
from generator.figure.model import Box, Circle, Element, Figure, Label, Line, Point
from generator.figure.placing import Obstacles, Request, place, place_somehow
from generator.figure.reading import listing, reading

Unit = tuple[int, int]
"""A unit by its layer and its place in the layer from the top, both counted from 0."""

_UNIT = 10.0
"""Font size in units."""
_WEIGHT = 9.0
"""Font size of weights and values."""
_GROWTH = (1.0, 1.25, 1.6, 2.0, 2.6)
"""How the gaps between layers, and those within them, may grow until every label has its place."""
_FREE = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)
"""Where the weight of a connection that crosses no other may stand, best first."""
_CROSSED = (0.28, 0.72, 0.22, 0.78, 0.34, 0.66, 0.4, 0.6, 0.5, 0.17, 0.83)
"""Where the weight of a connection that crosses others may stand: away from the middle, where crossings are."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A connection from one unit to another with its TeX label ("" for none)."""

    source: Unit
    target: Unit
    label: str = ""


def network_figure(
    layers: Sequence[Sequence[str]],
    weights: Sequence[Weight],
    *,
    description: str,
    captions: Sequence[str] = (),
    values: Mapping[Unit, str] | None = None,
    inactive: Collection[Unit] = (),
    max_width: float = 440.0,
) -> Figure:
    r"""Draw a network whose layers run left to right; `layers` holds every unit's TeX label, top to bottom.

    A unit labelled `\vdots` is drawn as dots without a circle. `captions` (TeX, one per layer, "" for none) stand
    under the layers, `values` (TeX) at single units; `inactive` units are dashed and shaded.
    Raises ValueError for a weight, value or mark at a unit that does not exist.
    """
    units = {(i, j): label for i, layer in enumerate(layers) for j, label in enumerate(layer)}
    values = dict(values or {})
    for unit in (*(end for w in weights for end in (w.source, w.target)), *values, *inactive):
        if unit not in units:
            raise ValueError(f"the network has no unit {unit}")
    if not units or not all(layers):
        raise ValueError("every layer of a network needs a unit")
    radius = max(11.0, *(_radius(label) for label in units.values()))
    columns = {wide: _columns(layers, weights, captions, radius, 46.0 * wide) for wide in _GROWTH}
    gap = 30.0 + 5.0 * bool(values)
    shares = {wide: xs[-1] / max_width for wide, xs in columns.items()}
    for wide, tall in sorted(product(_GROWTH, _GROWTH), key=lambda way: _cost(way[0], way[1], shares[way[0]])):
        centres = _centres(layers, columns[wide], 2 * radius + gap * tall)
        lines = tuple(_between(centres[w.source], centres[w.target], radius) for w in weights)
        requests = [*_weight_labels(weights, lines), *_value_labels(values, centres, radius)]
        obstacles = Obstacles(tuple(_around(centre, radius) for centre in centres.values()), lines)
        labels = place(requests, obstacles)
        if labels is not None:
            break
    else:
        labels = place_somehow(requests, obstacles)
    strokes = [Line(*line[0], *line[-1], arrow=True) for line in lines]
    circles = [shape for u, label in units.items() for shape in _unit(label, centres[u], radius, u in inactive)]
    drawn = [*strokes, *labels, *circles]
    told = _told(layers, weights, captions, values, inactive)
    return finished([*drawn, *_captions(captions, centres, drawn)], f"{description} {told}", max_width)


def _radius(label: str) -> float:
    size = extent(label, _UNIT)
    return hypot(size.width, size.height + size.depth) / 2 + 1.0


def _cost(wide: float, tall: float, share: float) -> float:
    """Rate a growth: little is better, in width rather than in height, as long as the page is wide enough."""
    return 0.8 * wide + tall + 6.0 * max(0.0, share - 0.95)


def _columns(
    layers: Sequence[Sequence[str]], weights: Sequence[Weight], captions: Sequence[str], radius: float, gap: float
) -> list[float]:
    """Give every layer its x: further apart where weights or captions are wide."""
    notes = [extent(tex, _WEIGHT).width for tex in captions] + [0.0] * len(layers)
    xs = [0.0]
    for i in range(len(layers) - 1):
        label = max((extent(w.label, _WEIGHT).width for w in weights if w.source[0] == i), default=0.0)
        xs.append(xs[-1] + max(2 * radius + gap + 1.35 * label, (notes[i] + notes[i + 1]) / 2 + 10.0))
    return xs


def _centres(layers: Sequence[Sequence[str]], xs: Sequence[float], step: float) -> dict[Unit, Point]:
    """Stack the units of each layer about one height."""
    return {
        (i, j): Point(x, ((len(layer) - 1) / 2 - j) * step)
        for i, (x, layer) in enumerate(zip(xs, layers, strict=True))
        for j in range(len(layer))
    }


def _between(start: Point, end: Point, radius: float) -> Path:
    """Run from circle to circle, along the line through their centres."""
    part = radius / hypot(end.x - start.x, end.y - start.y)
    return between(start, end, part), between(start, end, 1 - part)


def _around(centre: Point, radius: float) -> Box:
    return Box(centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius)


def _weight_labels(weights: Sequence[Weight], lines: Sequence[Path]) -> list[Request]:
    return [
        Request(
            tuple(
                Label(weight.label, *between(line[0], line[-1], spot), size=_WEIGHT, background=1.0)
                for spot in (_CROSSED if any(meet(line, other) for other in lines) else _FREE)
            ),
            own=frozenset({number}),
            clearance=1.5,
            astride=True,
        )
        for number, (weight, line) in enumerate(zip(weights, lines, strict=True))
        if weight.label
    ]


def _value_labels(values: Mapping[Unit, str], centres: Mapping[Unit, Point], radius: float) -> list[Request]:
    return [
        Request(
            (
                Label(tex, centres[unit].x, centres[unit].y - radius - 2.5, "north", _WEIGHT),
                Label(tex, centres[unit].x, centres[unit].y + radius + 2.5, "south", _WEIGHT),
            ),
            clearance=1.0,
        )
        for unit, tex in values.items()
    ]


def _unit(label: str, centre: Point, radius: float, inactive: bool) -> list[Element]:
    if label == r"\vdots":
        return [Label(label, *centre, size=1.3 * _UNIT)]
    name = centred(label, *centre, _UNIT)
    circle = Circle(*centre, radius)
    return [replace(circle, fill=0.88, dash=(2.4, 1.8)) if inactive else circle, name]


def _captions(captions: Sequence[str], centres: Mapping[Unit, Point], drawn: Sequence[Element]) -> list[Label]:
    """Set the layers' captions on one line below everything."""
    bottom = min(element.bounds().bottom for element in drawn)
    return [
        Label(tex, centres[layer, 0].x, bottom - 15.0, "base", _WEIGHT) for layer, tex in enumerate(captions) if tex
    ]


def _told(
    layers: Sequence[Sequence[str]],
    weights: Sequence[Weight],
    captions: Sequence[str],
    values: Mapping[Unit, str],
    inactive: Collection[Unit],
) -> str:
    """Tell layers, connections and values."""
    units = {(i, j): reading(label) for i, layer in enumerate(layers) for j, label in enumerate(layer)}
    notes = [*captions, *[""] * len(layers)]
    rows = [
        f"layer {i + 1}{f' ({reading(notes[i])})' if notes[i] else ''}: "
        + listing([units[i, j] for j in range(len(layer))])
        for i, layer in enumerate(layers)
    ]
    joins = [
        f"{units[w.source]} → {units[w.target]}" + (f" with weight {reading(w.label)}" if w.label else "")
        for w in weights
    ]
    told = f"From left to right, {'; '.join(rows)}. Connections: {'; '.join(joins) or 'none'}."
    if values:
        told += f" Values: {'; '.join(f'{units[u]}: {reading(tex)}' for u, tex in values.items())}."
    if inactive:
        told += f" Inactive: {listing([name for u, name in units.items() if u in inactive])}."
    return told
