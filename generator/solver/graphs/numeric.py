"""Values and derivatives of a graph to fifty digits, straight from its steps; shares nothing with the exact route."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from generator.exact import Log, Number
from generator.solver.graphs.steps import Graph, Operand

DIGITS = 50
STEP = 18
"""Central differences use a step of 10^-18: their error is then far below what is compared."""
LARGEST = 10**6
"""A value beyond this is no hand work, and its exponential would have no end."""
SMALLEST = 1e-9
"""So is a value between this and 0, next to which a logarithm or a reciprocal changes too fast for differences."""


@lru_cache(maxsize=1)
def _mp() -> Any:
    # A context of its own leaves the precision that others set alone.
    from mpmath import MPContext

    context = MPContext()
    context.dps = DIGITS
    return context


def _positive(value: Any) -> Any:
    if value <= 0:
        raise ValueError("the logarithm or root of a number that is not positive")
    return value


def _moderate(name: str, value: Any) -> None:
    if abs(value) > LARGEST:
        raise ValueError(f"{name} is beyond {LARGEST}")
    if value and abs(value) < SMALLEST:
        raise ValueError(f"{name} is nearly 0")


_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "exp": lambda mp, a: mp.exp(a),
    "log": lambda mp, a: mp.log(_positive(a)),
    "sin": lambda mp, a: mp.sin(a),
    "cos": lambda mp, a: mp.cos(a),
    "sqrt": lambda mp, a: mp.sqrt(_positive(a)),
    "abs": lambda _, a: abs(a),
    "square": lambda _, a: a * a,
    "reciprocal": lambda _, a: 1 / a,
    "negative": lambda _, a: -a,
    "add": lambda _, a, b: a + b,
    "subtract": lambda _, a, b: a - b,
    "multiply": lambda _, a, b: a * b,
    "divide": lambda _, a, b: a / b,
    "max": lambda _, a, b: max(a, b),
    "min": lambda _, a, b: min(a, b),
}


def real(value: Number) -> Any:
    """A number to fifty digits."""
    mp = _mp()
    if isinstance(value, Log):
        return mp.log(real(value.argument))
    return mp.mpf(value.numerator) / value.denominator


def numeric_values(graph: Graph, inputs: Mapping[str, Any], nudge: tuple[str, Any] | None = None) -> dict[str, Any]:
    """All quantities of a graph; ``nudge`` adds to one of them before it is used.

    Raises ValueError where a value is not real, and without a nudge also where it is beyond 10^6 or nearly 0.
    """
    mp = _mp()
    known: dict[str, Any] = {}

    def operand(entry: Operand) -> Any:
        return known[entry] if isinstance(entry, str) else real(entry)

    for name in graph.names:
        if name in inputs:
            known[name] = inputs[name]
        else:
            step = graph[name]
            try:
                known[name] = _OPERATIONS[step.operation](mp, *map(operand, step.operands))
            except ZeroDivisionError:
                raise ValueError(f"{step} divides by zero") from None
            if nudge is None:
                _moderate(name, known[name])
        if nudge is not None and nudge[0] == name:
            known[name] += nudge[1]
    return known


def composed_value(graph: Graph, inputs: Mapping[str, Any], name: str) -> Any:
    """The value of a quantity as one nested expression of the inputs; shared quantities are worked out each time."""
    if name in inputs:
        return inputs[name]
    step = graph[name]
    operands = [composed_value(graph, inputs, o) if isinstance(o, str) else real(o) for o in step.operands]
    return _OPERATIONS[step.operation](_mp(), *operands)


def difference(graph: Graph, inputs: Mapping[str, Any], top: str, bottom: str) -> Any:
    """The central difference of one quantity with respect to another, everything before the latter held fixed."""
    step = _mp().mpf(10) ** -STEP
    above = numeric_values(graph, inputs, (bottom, step))[top]
    below = numeric_values(graph, inputs, (bottom, -step))[top]
    return (above - below) / (2 * step)


def numeric(expression: Any, known: Mapping[str, Any]) -> Any:
    """A SymPy expression of these functions and numbers at a point, to fifty digits; plain numbers pass."""
    mp = _mp()
    if isinstance(expression, int) or not hasattr(expression, "is_Symbol"):
        return real(expression)
    if expression.is_Symbol:
        return known[expression.name]
    if expression.is_Rational:
        return mp.mpf(int(expression.p)) / int(expression.q)
    arguments = [numeric(argument, known) for argument in expression.args]
    if expression.is_Add:
        return mp.fsum(arguments)
    if expression.is_Mul:
        return mp.fprod(arguments)
    if expression.is_Pow and type(expression).__name__ == "Pow":
        return mp.power(*arguments)
    if not arguments:
        return mp.e  # the only constant that these functions make of rational numbers
    return getattr(mp, type(expression).__name__)(*arguments)


def points_near(graph: Graph, at: Number) -> Iterator[Any]:
    """The point itself and two others at which the graph of one input has a value, for comparing formulas."""
    start = real(at)
    yield start
    found = 0
    for offset in (Fraction(3, 7), Fraction(-2, 11), Fraction(1, 9), Fraction(-1, 23), Fraction(1, 10**6)):
        point = start + real(offset)
        try:
            numeric_values(graph, {graph.inputs[0]: point})
        except ValueError:
            continue
        yield point
        found += 1
        if found == 2:
            return
