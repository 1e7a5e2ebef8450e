"""The nodes and edges of a computational graph, and how large and in what shape a node is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

from generator.figure.arrange import centred
from generator.figure.extent import extent
from generator.figure.model import Box, Circle, Element, Rectangle

NodeShape = Literal["input", "operation", "output"]

_NODE = 10.0
"""Font size in nodes."""
_ROUND = 30.0
"""Labels up to this diagonal get a circle, longer ones a box with round corners."""


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node: a variable's box ("input", "output") or an operation's circle; `label` and `value` are TeX.

    `value` is printed beside the node (a forward value, or the name of an intermediate such as `f_3`).
    """

    id: str
    label: str
    shape: NodeShape = "operation"
    value: str = ""


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """An arrow between two nodes by their ids, with a value above it and, boxed, a gradient `below` it.

    Two edges with the same ends are drawn as two arrows.
    """

    source: str
    target: str
    label: str = ""
    below: str = ""


def sized(nodes: Sequence[GraphNode]) -> tuple[tuple[float, float], ...]:
    """Give every node its width and height; operations with short labels share one circle."""
    sizes = [extent(node.label, _NODE) for node in nodes]
    spans = [hypot(size.width, size.height + size.depth) for size in sizes]
    round_spans = [s for node, s in zip(nodes, spans, strict=True) if node.shape == "operation" and s <= _ROUND]
    circle = max(22.0, max(round_spans, default=0.0) + 2.0)
    return tuple(
        (circle, circle)
        if node.shape == "operation" and span <= _ROUND
        else (max(22.0, size.width + 9.0), max(22.0, size.height + size.depth + 8.0))
        for node, size, span in zip(nodes, sizes, spans, strict=True)
    )


def is_circle(node: GraphNode, width: float, height: float) -> bool:
    """Say whether a node of this size is a circle."""
    return node.shape == "operation" and width == height


def shapes(node: GraphNode, box: Box) -> list[Element]:
    """Draw a node in its box: a circle for an operation, a frame for an input, a double frame for an output."""
    width, height = box.right - box.left, box.top - box.bottom
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    name = centred(node.label, x, y, _NODE)
    if is_circle(node, width, height):
        return [Circle(x, y, width / 2), name]
    frame = Rectangle(box.left, box.bottom, width, height, radius=height / 2 if node.shape == "operation" else 0.0)
    if node.shape == "output":
        inner = Rectangle(box.left + 1.8, box.bottom + 1.8, width - 3.6, height - 3.6)
        return [frame, inner, name]
    return [frame, name]
