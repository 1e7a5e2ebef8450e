"""A computational graph on paper: where its nodes and arrows lie, and where labels may stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.figure.arrows import arrow, course
from generator.figure.extent import extent
from generator.figure.geometry import Path, along, crosses, flattened, inflated
from generator.figure.layering import Layering, heights, layered
from generator.figure.model import Box, Element, Label, Point
from generator.figure.node import GraphEdge, GraphNode, is_circle, shapes, sized
from generator.figure.placing import Obstacles, Request, place, place_somehow

_EDGE = 9.0
"""Font size on edges."""
_GREY = 0.88
"""The box behind a gradient."""
_GROWTH = (
    (1.0, 1.0, 5.0),
    (1.25, 1.0, 5.0),
    (1.25, 1.3, 5.0),
    (1.5, 1.3, 4.0),
    (1.5, 1.7, 4.0),
    (1.9, 1.7, 2.5),
    (1.9, 2.2, 2.5),
    (2.4, 3.0, 2.5),
)
"""How the gaps between columns and within them grow, and how far labels stay off other edges, until all fit."""
_SPOTS = (0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72, 0.22, 0.78)
"""Where along an edge its labels may stand, best first."""


def sketched(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> tuple[Element, ...]:
    """Draw a graph, with room enough that no label meets anything; edges name nodes that exist.

    Raises ValueError if the edges form a cycle.
    """
    number = {node.id: place for place, node in enumerate(nodes)}
    layering = layered(len(nodes), tuple((number[e.source], number[e.target]) for e in edges))
    for wide, tall, clearance in _GROWTH:
        sketch = _sketch(nodes, edges, layering, wide, tall, clearance)
        labels = None if sketch.clash() else place(sketch.requests, sketch.obstacles)
        if labels is not None:
            return (*sketch.lines, *labels, *sketch.shapes)
    sketch = _sketch(nodes, edges, layering, *_GROWTH[len(_GROWTH) // 2])
    labels = place_somehow([_haloed(request) for request in sketch.requests], sketch.obstacles)
    return (*sketch.lines, *labels, *sketch.shapes)


def _haloed(request: Request) -> Request:
    return replace(
        request, choices=tuple(replace(label, background=label.background or 1.0) for label in request.choices)
    )


@dataclass(frozen=True, slots=True)
class _Sketch:
    """A drawn graph but for its labels."""

    shapes: tuple[Element, ...]
    lines: tuple[Element, ...]
    requests: tuple[Request, ...]
    obstacles: Obstacles
    ends: tuple[tuple[int, int], ...]

    def clash(self) -> bool:
        """Say whether an edge runs through a node that is not one of its ends."""
        return any(
            crosses(path, inflated(box, 1.5))
            for path, ends in zip(self.obstacles.lines, self.ends, strict=True)
            for node, box in enumerate(self.obstacles.boxes)
            if node not in ends
        )


def _sketch(
    nodes: Sequence[GraphNode],
    edges: Sequence[GraphEdge],
    layering: Layering,
    wide: float,
    tall: float,
    clearance: float,
) -> _Sketch:
    sizes = sized(nodes)
    xs = _columns(edges, sizes, layering, wide)
    gap = tall * (14.0 + 9.0 * any(e.label for e in edges) + 10.0 * any(e.below for e in edges))
    values = [extent(node.value, _EDGE) if node.value else None for node in nodes]
    reach = [(h / 2 + (v.height + v.depth + 2.0 if v else 0.0), h / 2) for (_, h), v in zip(sizes, values, strict=True)]
    ys = heights(layering, reach, gap)
    centres = {node: Point(xs[c], ys[node]) for c, column in enumerate(layering.columns) for node in column}
    boxes = tuple(
        Box(centres[n].x - w / 2, centres[n].y - h / 2, centres[n].x + w / 2, centres[n].y + h / 2)
        for n, (w, h) in enumerate(sizes)
    )
    chains = [_course(path, centres, nodes, sizes) for path in layering.paths]
    paths = tuple(flattened(chain) for chain in chains)
    requests = [
        request for number, edge in enumerate(edges) for request in _edge_labels(edge, paths[number], number, clearance)
    ] + [_value_label(node, box) for node, box in zip(nodes, boxes, strict=True) if node.value]
    drawn = [shape for node, box in zip(nodes, boxes, strict=True) for shape in shapes(node, box)]
    ends = tuple((path[0], path[-1]) for path in layering.paths)
    return _Sketch(
        tuple(drawn), tuple(arrow(chain) for chain in chains), tuple(requests), Obstacles(boxes, paths), ends
    )


def _columns(
    edges: Sequence[GraphEdge], sizes: Sequence[tuple[float, float]], layering: Layering, wide: float
) -> list[float]:
    """Give every column its x; gaps are as wide as the labels on edges across them."""
    halves = [max((sizes[n][0] / 2 for n in column if n < len(sizes)), default=4.0) for column in layering.columns]
    rank = {node: c for c, column in enumerate(layering.columns) for node in column}
    gaps = [30.0] * (len(halves) - 1)
    for edge, path in zip(edges, layering.paths, strict=True):
        if len(path) == 2:
            label = max(extent(tex, _EDGE).width for tex in (edge.label, edge.below))
            gaps[rank[path[0]]] = max(gaps[rank[path[0]]], label + 16.0)
    xs = [halves[0]]
    for left, right, gap in zip(halves, halves[1:], gaps, strict=False):
        xs.append(xs[-1] + left + gap * wide + right)
    return xs


def _course(
    path: tuple[int, ...],
    centres: dict[int, Point],
    nodes: Sequence[GraphNode],
    sizes: Sequence[tuple[float, float]],
) -> Path:
    """Run an edge through its bends, from circle to circle or from the middle of a box's side."""
    points = [centres[node] for node in path]
    first, last = path[0], path[-1]
    round_first, round_last = (is_circle(nodes[node], *sizes[node]) for node in (first, last))
    if not round_first:
        points[0] = Point(points[0].x + sizes[first][0] / 2, points[0].y)
    if not round_last:
        points[-1] = Point(points[-1].x - sizes[last][0] / 2, points[-1].y)
    return course(points, sizes[first][0] / 2 * round_first, sizes[last][0] / 2 * round_last)


def _edge_labels(edge: GraphEdge, path: Path, number: int, clearance: float) -> list[Request]:
    labels = []
    if edge.label:
        labels.append(_beside(edge.label, path, number, clearance, upper=True, background=None))
    if edge.below:
        labels.append(_beside(edge.below, path, number, clearance, upper=False, background=_GREY))
    return labels


def _beside(
    formula: str, path: Path, number: int, clearance: float, *, upper: bool, background: float | None
) -> Request:
    """List places beside an edge: on its own side all along the edge, then on the other side."""
    label = Label(formula, 0.0, 0.0, size=_EDGE, background=background)
    box = label.bounds()
    choices = []
    for side in (1.0, -1.0) if upper else (-1.0, 1.0):
        for spot in _SPOTS:
            point, travel = along(path, spot)
            away = 2.0 + abs(travel.y) * (box.right - box.left) / 2 + abs(travel.x) * (box.top - box.bottom) / 2
            x, y = point.x - side * travel.y * away, point.y + side * travel.x * away
            choices.append(replace(label, x=x, y=y))
    return Request(tuple(choices), own=frozenset({number}), clearance=clearance)


def _value_label(node: GraphNode, box: Box) -> Request:
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    label = Label(node.value, x, box.top + 2.5, "south", _EDGE)
    corner = 0.0 if node.shape != "operation" else 0.12 * (box.right - box.left)
    return Request(
        (
            label,
            replace(label, y=box.bottom - 2.5, anchor="north"),
            replace(label, x=box.right + 3.0, y=y, anchor="west"),
            replace(label, x=box.right - corner, y=box.top - corner + 1.0, anchor="base west"),
            replace(label, x=box.left + corner, y=box.top - corner + 1.0, anchor="base east"),
            replace(label, x=box.right - corner, y=box.bottom + corner - 1.0, anchor="north"),
            replace(label, x=box.left + corner, y=box.bottom + corner - 1.0, anchor="north"),
        ),
        clearance=1.0,
    )
