"""Random computational graphs of one input whose values at a point can be worked out by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any, Literal, TypeAlias

from generator.draw import Draw, Level
from generator.exact import Log, Number, normal_form
from generator.exercise import Condition, must, wanted
from generator.solver.graphs import (
    Graph,
    Operation,
    Step,
    at_point,
    composed,
    difference,
    expression_tex,
    forward_lines,
    in_input,
    mistakes,
    numeric_values,
    parse_graph,
    printed_length,
    real,
    reverse_chains,
    reverse_lines,
)

POINTS: tuple[Number, ...] = (
    *(0, 0, 0, 1, 1, -1, 2, -2, 3, 4, 5, 9, Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)),
    *(Log(Fraction(number)) for number in (2, 3, 4)),
    *(Log(Fraction(1, number)) for number in (2, 3)),
)
LONGEST = 65
"""How many letters the derivative has at most when it is written in the input alone."""
Shape: TypeAlias = tuple[tuple[int, ...], ...]
"""What every step is made of: the numbers of earlier steps, 0 for x; one for a function, two for a sum or product."""

SHAPES: Mapping[Level, tuple[Shape, ...]] = {
    "easy": (
        ((0,), (1,), (1,), (2, 3)),
        ((0,), (1,), (1, 2), (3,)),
        ((0,), (1,), (2,), (1, 3)),
        ((0,), (1,), (1, 2), (2, 3)),
        ((0,), (0, 1), (2,), (1, 3)),
        ((0,), (0, 1), (2,), (2, 3)),
    ),
    "medium": (
        ((0,), (1,), (1, 2), (3,), (3,), (4, 5)),
        ((0,), (1,), (1,), (2, 3), (4,), (1, 5)),
        ((0,), (1,), (1,), (2, 3), (4,), (3, 5)),
        ((0,), (1,), (2,), (2,), (3, 4), (5,)),
        ((0,), (1,), (2,), (2,), (3, 4), (1, 5)),
        ((0,), (1,), (2,), (1, 3), (4,), (2, 5)),
        ((0,), (1,), (1, 2), (3,), (2, 4), (5,)),
        ((0,), (0, 1), (2,), (2,), (3, 4), (5,)),
        ((0,), (0, 1), (2,), (2,), (3, 4), (1, 5)),
        ((0,), (0,), (1, 2), (3,), (3,), (4, 5)),
    ),
    "hard": (
        ((0,), (1,), (1, 2), (3,), (3,), (4, 5), (1, 6)),
        ((0,), (1,), (1, 2), (3,), (3,), (4, 5), (6,)),
        ((0,), (1,), (1,), (2, 3), (4,), (4,), (5, 6)),
        ((0,), (1,), (1,), (2, 3), (4,), (3, 5), (5, 6)),
        ((0,), (1,), (2,), (1, 3), (4,), (4,), (5, 6)),
        ((0,), (0, 1), (2,), (2,), (3, 4), (5,), (1, 6)),
        ((0,), (0, 1), (2,), (1, 3), (4,), (4,), (5, 6)),
        ((0,), (0,), (1, 2), (3,), (3,), (4, 5), (2, 6)),
    ),
}
"""Each has an intermediate with several users (two such in hard ones); the first one of medium is the textbook's."""

_FUNCTIONS: tuple[Operation, ...] = ("exp", "sin", "cos", "log", "sqrt", "square", "reciprocal")
_JOINS: tuple[Operation, ...] = ("add", "add", "multiply", "multiply", "subtract")
_FACTORS = (2, 3)
"""A function may also be the product with one of these numbers."""
_UNDONE: frozenset[tuple[Operation, Operation]] = frozenset(
    (
        *(("exp", "log"), ("log", "exp"), ("square", "sqrt"), ("sqrt", "square"), ("reciprocal", "reciprocal")),
        *(("exp", "reciprocal"), ("exp", "square"), ("exp", "sqrt"), ("sqrt", "sqrt"), ("square", "square")),
    )
)
"""Pairs of steps that cancel, or that one would write as one."""

Size: TypeAlias = Number | Literal["open"]
"""A quantity's value while a graph is drawn; an open one is a number such as e² or sin 2, left as it is."""


def draw_graph(d: Draw, level: Level) -> tuple[tuple[str, ...], Number]:
    """The parameters `steps` and `at`: a graph with friendly values at a point, around what is pinned of them."""
    if "steps" in d.pins:
        point = d.given("at", lambda: d.pick(POINTS))
        return d.given("steps", tuple), point
    for _ in range(200):
        point = d.given("at", lambda: d.pick(POINTS))
        steps = _draw_steps(d, d.pick(SHAPES[level]), point)
        kinds = {step.operation for step in steps}
        if len(kinds) >= min(4, len(steps) - 1) and kinds & {"exp", "sin", "cos", "log"}:
            return tuple(map(str, steps)), point
    # Only an inconvenient pinned point leads here; the conditions judge what it does to this graph.
    return ("f_1 = x^2", "f_2 = exp(f_1)", "y = f_1 + f_2"), point


def _draw_steps(d: Draw, shape: Shape, at: Number) -> tuple[Step, ...]:
    """Operations for a shape, one by one; nothing where the values leave no choice for a step."""
    names = ("x", *(f"f_{place}" for place in range(1, len(shape))), "y")
    closed = _closed(shape)
    steps: dict[str, Step] = {}
    values: dict[str, Size] = {"x": at}
    for place, sources in enumerate(shape, 1):
        operands = tuple(names[source] for source in sources)
        found = []
        for step in _options(names[place], operands, d.pick(_FACTORS)):
            value = _value(step.operation, [values[o] if isinstance(o, str) else o for o in step.operands])
            if value is None or _idle(step, steps) or (value == "open" and place in closed):
                continue
            found.append((step, value))
        if not found:
            return ()
        steps[names[place]], values[names[place]] = d.pick(found)
    return tuple(steps.values())


def _options(name: str, operands: tuple[str, ...], factor: int) -> Iterator[Step]:
    if len(operands) == 2:
        yield from (Step(name, operation, operands) for operation in _JOINS)
    else:
        yield from (Step(name, operation, operands) for operation in _FUNCTIONS)
        yield Step(name, "multiply", (factor, *operands))


def _idle(step: Step, steps: Mapping[str, Step]) -> bool:
    """Whether a step repeats another one (or multiplies by a number once more), or undoes the one before it."""
    before = steps.get(step.sources[0])
    undone = before is not None and len(step.sources) == 1 and (before.operation, step.operation) in _UNDONE
    scaled = len(step.sources) < len(step.operands)
    return undone or any(
        (done.operation, done.operands) == (step.operation, step.operands)
        or (scaled and len(done.sources) < len(done.operands))
        for done in steps.values()
    )


@lru_cache(maxsize=64)
def _closed(shape: Shape) -> frozenset[int]:
    """The steps whose values must be rational, since a function is applied to them or to what they go into."""
    closed: set[int] = set()
    for place in range(len(shape), 0, -1):
        if len(shape[place - 1]) == 1 or place in closed:
            closed.update(shape[place - 1])
    return frozenset(closed)


def _value(operation: Operation, values: list[Size]) -> Size | None:
    """The value of a step where it is kind to hand work, else None."""
    if len(values) == 2:
        first, second = values
        if operation == "multiply" and 0 in values:
            return None
        if "open" in values:
            return None if any(isinstance(value, Log) for value in values) else "open"
        if isinstance(first, int | Fraction) and isinstance(second, int | Fraction):
            joined = {"add": first + second, "subtract": first - second, "multiply": first * second}
            return _small(joined[operation])
        return None
    (value,) = values
    if isinstance(value, Log):
        return _small(value.argument) if operation == "exp" else None
    if isinstance(value, str):
        return None
    if operation == "square":
        return _small(value * value) if value else None
    # Everything else would make fractions within fractions, or roots that nobody writes.
    return _function_value(operation, value) if isinstance(value, int) else None


def _function_value(operation: Operation, value: int) -> Size | None:
    if operation == "reciprocal":
        return _small(Fraction(1, value)) if value else None
    if operation == "sqrt":
        return isqrt(value) if value > 0 and isqrt(value) ** 2 == value else None
    if operation == "log":
        return None if value <= 0 else 0 if value == 1 else "open"
    if value == 0:
        return 1 if operation == "exp" else 0 if operation == "sin" else None
    return "open" if abs(value) <= 9 else None


def _small(value: int | Fraction) -> Number | None:
    exact = Fraction(value)
    return normal_form(exact) if abs(exact.numerator) <= 20 and exact.denominator <= 9 else None


def graph_of(steps: tuple[str, ...]) -> Graph:
    """The graph of a parameter `steps` with the input x."""
    return parse_graph(steps, ("x",))


def _undoes(step: Step, argument: Any) -> bool:
    r"""Whether a step is the root of a product or power, or the logarithm of one with an exponential in it.

    Nobody leaves ``\sqrt{4 x^2}`` or ``\ln(3 e^x)`` as it is.
    """
    factors = argument.as_ordered_factors()
    powers = any(factor.is_Pow or type(factor).__name__ == "exp" for factor in factors)
    if step.operation == "sqrt":
        return powers or len(factors) > 1
    return step.operation == "log" and any(type(factor).__name__ == "exp" for factor in factors)


def graph_pattern(graph: Graph) -> str:
    """The shape of a graph, as far as it makes the work another one."""
    return f"steps={len(graph.steps)}, shared={len(graph.shared())}"


def graph_conditions(graph: Graph, at: Number) -> Iterable[Condition]:
    """What a graph and a point must satisfy: defined there, and worth computing."""
    problem = _problem(graph, at)
    yield must(f"every step has a real value of moderate size at the point{problem}", not problem)
    # In order of cost: most candidates that are refused fall at the first hurdle.
    yield from _slopes_that_count(graph, at)
    functions = composed(graph)
    yield wanted("no two quantities are the same function of the input", len(set(functions.values())) == len(functions))
    plain = not any(_undoes(step, functions[step.sources[0]]) for step in graph.steps)
    yield wanted("no root or logarithm takes back what was done before", plain)
    yield from _short_results(graph, at)
    yield from _telling_mistakes(graph, at)


@lru_cache(maxsize=256)
def _slopes_that_count(graph: Graph, at: Number) -> tuple[Condition, ...]:
    inner = [name for name in graph.shared() if name not in graph.inputs]
    found = [wanted("an intermediate quantity is used by more than one step", bool(inner))]
    (start,) = graph.inputs
    here = {start: real(at)}
    for name in graph.names[:-1]:
        slopes = (difference(graph, here, graph.output, name), difference(graph, here, name, start))
        text = f"neither {graph.output} by {name} nor {name} by {start} has the derivative 0"
        found.append(wanted(text, min(map(abs, slopes)) > 1e-12))
    return tuple(found)


@lru_cache(maxsize=256)
def _short_results(graph: Graph, at: Number) -> tuple[Condition, ...]:
    (start,) = graph.inputs
    value = reverse_lines(graph, at)[1][start]
    whole = expression_tex(in_input(graph, reverse_chains(graph)[start].result))
    return (
        wanted("the derivative at the point is short to write", len(str(value)) <= 40),
        wanted("the derivative in terms of the input fits on a line", printed_length(whole) <= LONGEST),
    )


@lru_cache(maxsize=256)
def _telling_mistakes(graph: Graph, at: Number) -> tuple[Condition, ...]:
    (start,) = graph.inputs
    right = float(reverse_lines(graph, at)[1][start])
    found = []
    for mistake in mistakes(graph):
        wrong = at_point(graph, at, mistake.derivatives()[start])
        text = f"the derivative at the point differs from what comes out with {mistake.name}"
        found.append(wanted(text, wrong is None or abs(float(wrong) - right) > 1e-9 * max(1.0, abs(right))))
    return tuple(found)


@lru_cache(maxsize=256)
def _problem(graph: Graph, at: Number) -> str:
    try:
        numeric_values(graph, {graph.inputs[0]: real(at)})
        forward_lines(graph, at)
    except ValueError as problem:
        return f" (found: {problem})"
    return ""
