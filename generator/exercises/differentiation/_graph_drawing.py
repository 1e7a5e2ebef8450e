"""The picture of a computational graph: plain for the question, with values and derivatives for the key."""

from __future__ import annotations

from collections.abc import Mapping

from generator.figure import Figure, GraphEdge, GraphNode, graph_figure
from generator.figure.upward import upward_drawing
from generator.notation import Value, tex
from generator.solver.graphs import Graph, Step, name_tex

OUTPUT = "output"
"""The node at the end of the edge that carries the result."""

_SYMBOLS: Mapping[str, str] = {
    "exp": r"\exp",
    "log": r"\ln",
    "sin": r"\sin",
    "cos": r"\cos",
    "sqrt": r"\sqrt{\cdot}",
    "square": r"(\cdot)^2",
    "reciprocal": r"1/(\cdot)",
    "negative": r"-(\cdot)",
    "abs": r"|\cdot|",
    "add": "+",
    "subtract": "-",
    "multiply": r"\times",
    "divide": r"\div",
    "max": r"\max",
    "min": r"\min",
}


def graph_drawing(
    graph: Graph,
    *,
    description: str,
    legend: str = "",
    values: Mapping[str, Value] | None = None,
    boxes: Mapping[tuple[str, str], Value] | None = None,
    constants_apart: bool = False,
) -> Figure:
    """Draw a graph: every operation is marked with the quantity it defines.

    ``values`` by quantity stand on the edges that carry them, ``boxes`` by their ends
    (quantity and step; the output's edge ends at `OUTPUT`) in grey boxes. With ``constants_apart`` every constant is
    a box of its own.
    """
    nodes = [GraphNode(name, name_tex(name), "input") for name in graph.inputs]
    ends = [(source, step.name) for step in graph.steps for source in step.sources]
    edges = [
        GraphEdge(*end, tex(values[end[0]]) if values else "", tex(boxes[end]) if boxes else "")
        for end in (*ends, (graph.output, OUTPUT))
    ]
    for step in graph.steps:
        constant = next((entry for entry in step.operands if not isinstance(entry, str)), None)
        apart = constants_apart and constant is not None
        if apart:
            nodes.append(GraphNode(f"{step.name} constant", tex(constant), "input"))
            edges.append(GraphEdge(f"{step.name} constant", step.name))
        mark = "" if step.name == graph.output else name_tex(step.name)
        nodes.append(GraphNode(step.name, _label(step, apart), value=mark))
    nodes.append(GraphNode(OUTPUT, name_tex(graph.output), "output"))
    return graph_figure(nodes, edges, description=description, legend=legend)


def can_be_drawn_without_crossings(graph: Graph) -> bool:
    """Whether there is a drawing from left to right in which no edges cross.

    Constants never stand in the way: each can come right beside the step that uses it.
    """
    number = {name: place for place, name in enumerate((*graph.inputs, *(step.name for step in graph.steps)))}
    edges = [(number[source], number[step.name]) for step in graph.steps for source in step.sources]
    edges.append((number[graph.output], len(number)))
    return upward_drawing(len(number) + 1, edges) is not None


def _label(step: Step, apart: bool) -> str:
    """The operation's sign, with its constant unless that stands apart, and with names where their order matters."""
    if len(step.operands) == 1:
        return _SYMBOLS[step.operation]
    first, second = step.operands
    if apart or (isinstance(first, str) and isinstance(second, str)):
        if step.operation in ("subtract", "divide"):
            left, right = (name_tex(entry) if isinstance(entry, str) else _constant(entry) for entry in (first, second))
            return left + ("-" if step.operation == "subtract" else "/") + right
        return _SYMBOLS[step.operation]
    left, right = (r"(\cdot)" if isinstance(entry, str) else _constant(entry) for entry in (first, second))
    if step.operation in ("max", "min"):
        return rf"{_SYMBOLS[step.operation]}({left}, {right})".replace(r"(\cdot)", r"\cdot")
    return f"{left} {'/' if step.operation == 'divide' else _SYMBOLS[step.operation]} {right}"


def _constant(value: Value) -> str:
    return f"({tex(value)})" if value < 0 else tex(value)
