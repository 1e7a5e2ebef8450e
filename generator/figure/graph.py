"""Computational graphs: inputs, operations, results from left to right, values and gradients on the edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from generator.figure.arrange import finished, width
from generator.figure.extent import words
from generator.figure.model import Figure
from generator.figure.node import GraphEdge, GraphNode
from generator.figure.reading import reading
from generator.figure.sketch import sketched
from generator.figure.tags import tagged

_LEGEND = words("beside an edge: its value; in a grey box: the derivative of the result with respect to it")
_SMALLEST = 0.8
"""A graph is drawn this much smaller at most; then letters take the place of its long labels."""


def graph_figure(
    nodes: Sequence[GraphNode],
    edges: Sequence[GraphEdge],
    *,
    description: str,
    legend: str = "",
    max_width: float = 440.0,
) -> Figure:
    """Draw an acyclic computational graph in layers, left to right, without crossings wherever that is possible.

    `legend` (TeX) is a line beneath the graph; where an edge has a `below` label and no legend is given, it says
    which label is what. A graph that is wider than `max_width` is drawn smaller; if it is much wider, letters stand
    for its long labels and a list beneath the graph says for which.
    Raises ValueError for an edge to an unknown node, a repeated id, or a cycle.
    """
    _check(nodes, edges)
    notes = [legend or (_LEGEND if any(edge.below for edge in edges) else "")]
    drawn = sketched(nodes, edges)
    if _SMALLEST * width(drawn) > max_width:
        letters, rows = tagged([tex for edge in edges for tex in (edge.label, edge.below)], max_width)
        short = [replace(e, label=letters.get(e.label, e.label), below=letters.get(e.below, e.below)) for e in edges]
        drawn, notes = sketched(nodes, short), [*notes, *rows]
    return finished(drawn, f"{description} {_told(nodes, edges)}", max_width, notes=[note for note in notes if note])


def _check(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> None:
    ids = {node.id for node in nodes}
    if not ids:
        raise ValueError("a graph needs a node")
    if len(ids) < len(nodes):
        raise ValueError("two nodes of a graph have the same id")
    for edge in edges:
        for end in (edge.source, edge.target):
            if end not in ids:
                raise ValueError(f"an edge names the node {end!r}, which the graph does not have")


def _told(nodes: Sequence[GraphNode], edges: Sequence[GraphEdge]) -> str:
    """Tell nodes and edges with all that is written on them."""
    names = {node.id: name for node, name in zip(nodes, _names(nodes), strict=True)}
    told = [
        names[n.id]
        + (f" ({n.shape})" if n.shape != "operation" else "")
        + (f", marked {reading(n.value)}" if n.value else "")
        for n in nodes
    ]
    arrows = [
        f"{names[e.source]} → {names[e.target]}"
        + (f", labelled {reading(e.label)}" if e.label else "")
        + (f", gradient {reading(e.below)}" if e.below else "")
        for e in edges
    ]
    return f"Nodes: {'; '.join(told)}. Edges: {'; '.join(arrows)}."


def _names(nodes: Sequence[GraphNode]) -> list[str]:
    """Name every node by its label, numbered where several share one."""
    labels = [reading(node.label) for node in nodes]
    count, seen = Counter(labels), Counter[str]()
    names = []
    for label in labels:
        seen[label] += 1
        names.append(f"{label} no. {seen[label]}" if count[label] > 1 else label)
    return names
