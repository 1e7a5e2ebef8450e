"""What reverse and forward mode have in common: the derivative itself, as a formula and as a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from generator.exact import Number
from generator.exercise import Check, Solution, agree
from generator.notation import Value, rounded
from generator.solver import graphs
from generator.solver.graphs import Graph

ROUTE = "central differences on the steps, to fifty digits"


def decimal_help(value: Value) -> Decimal | None:
    """A rounded form beside the exact one, as a help for the marker; None for a rational number.

    It has three decimal places, and more where these would leave fewer than three digits of a small number.
    """
    if isinstance(value, int | Fraction):
        return None
    forms = (rounded(value, places) for places in range(3, 12))
    return next((form for form in forms if len(form.as_tuple().digits) >= 3), rounded(value, 12))


def question_words(graph: Graph) -> Mapping[str, Value]:
    """What the question says of a graph: the output's name, the steps, and which functions occur in them."""
    operations = {step.operation for step in graph.steps}
    return {
        "output": graphs.name_tex(graph.output),
        "steps": tuple((graphs.name_tex(step.name), graphs.step_tex(graph, step)) for step in graph.steps),
        "exponential": "exp" in operations,
        "logarithm": "log" in operations,
        "trigonometric": bool(operations & {"sin", "cos"}),
    }


def rows_tex(values: Mapping[str, Value]) -> str:
    """Named expressions (TeX names) one below the other."""
    rows = r" \\ ".join(f"{name} &= {graphs.expression_tex(value)}" for name, value in values.items())
    return rf"\begin{{aligned}} {rows} \end{{aligned}}"


def final_checks(graph: Graph, at: Number, solution: Solution) -> Iterable[Check]:
    """Part b, the derivative as a formula in x, at the point and near it; part c, its value at the point."""
    for point in graphs.points_near(graph, at):
        exact = graphs.numeric(solution["b"].answer, {"x": point})
        yield agree("b", ROUTE, exact, graphs.difference(graph, {"x": point}, graph.output, "x"))
    found = graphs.difference(graph, {"x": graphs.real(at)}, graph.output, "x")
    yield agree("c", ROUTE, graphs.numeric(solution["c"].answer, {}), found)


def meanings(graph: Graph, formula: Value) -> tuple[tuple[str, str], ...]:
    """The intermediate quantities in a formula, each with what it is in terms of x, in TeX."""
    found = [symbol for symbol in map(graphs.symbol, graph.names[1:-1]) if formula.has(symbol)]
    return tuple(
        (graphs.name_tex(symbol.name), graphs.whole_tex(graph, graphs.in_input(graph, symbol))) for symbol in found
    )
