"""The same graph with numbers: values, and the derivatives at a point, as worked lines that compute themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from generator.exact import Number
from generator.notation import Value, is_symbolic
from generator.solver.graphs.chain import Chain, forward_chains, reverse_chains
from generator.solver.graphs.rules import WORKED, local_derivative, name_tex, named, step_value
from generator.solver.graphs.steps import Graph
from generator.working import Apply, Line, Num, Sum, Term, line, num, total

LONGEST = 10**12
"""Numerators and denominators stay below this, pinned values included: more is not hand work, and costs time."""


@lru_cache(maxsize=1024)
def forward_lines(graph: Graph, at: Number) -> tuple[Mapping[str, Line], Mapping[str, Value]]:
    """The values of the steps of a graph with one input: the worked lines, and the exact values of all quantities.

    Raises ValueError where a value is undefined or needs more than twelve digits.
    """
    names = named(graph)
    numbers: dict[str, Term] = {graph.inputs[0]: num(at)}
    values: dict[str, Value] = {graph.inputs[0]: at}
    lines = {}
    for step in graph.steps:
        try:
            work = _told_once(step_value(WORKED, step, numbers))
            worked = line(name_tex(step.name), work, step_value(WORKED, step, names).tex())
            values[step.name] = worked.result
        except ZeroDivisionError:
            raise ValueError(f"{step} divides by zero") from None
        if isinstance(values[step.name], int | Fraction):
            exact = Fraction(values[step.name])
            if max(abs(exact.numerator), exact.denominator) > LONGEST:
                raise ValueError(f"{step.name} has more than twelve digits")
        lines[step.name] = worked
        numbers[step.name] = num(values[step.name])
    return lines, values


def _told_once(work: Term) -> Term:
    """A result that cannot be simplified, such as sin 2 or the sum of sin 2 and another one, is shown once."""
    value = work.value()
    if isinstance(work, Apply) and work.function != "exp":
        kept = type(value).__name__ == {"ln": "log"}.get(work.function, work.function)
        return num(value) if kept and value.args[0] == work.argument.value() else work
    if isinstance(work, Sum) and getattr(value, "is_Add", False):
        pieces = sum(len(leaf.number.args) if _is_sum(leaf) else 1 for leaf in work.leaves())
        return num(value) if len(value.args) == pieces else work
    return work


def _is_sum(leaf: Num) -> bool:
    return bool(getattr(leaf.number, "is_Add", False))


@lru_cache(maxsize=1024)
def reverse_lines(graph: Graph, at: Number) -> tuple[Mapping[str, Line], Mapping[str, Value]]:
    """The derivatives of the output at a point, last quantity first: the worked lines, and their exact values."""
    return _derivatives(graph, at, reverse_chains(graph), {graph.output: 1}, backwards=True)


@lru_cache(maxsize=1024)
def tangent_lines(graph: Graph, at: Number) -> tuple[Mapping[str, Line], Mapping[str, Value]]:
    """The derivatives by the input at a point, first step first: the worked lines, and their exact values."""
    start = graph.inputs[0]
    return _derivatives(graph, at, forward_chains(graph, start), {start: 1}, backwards=False)


def _derivatives(
    graph: Graph, at: Number, chains: Mapping[str, Chain], start: Mapping[str, Value], *, backwards: bool
) -> tuple[Mapping[str, Line], Mapping[str, Value]]:
    numbers = {name: num(value) for name, value in forward_lines(graph, at)[1].items()}
    values, lines = dict(start), {}
    for name, chain in chains.items():
        products = []
        for link in chain.links:
            step, source = (graph[link.via], name) if backwards else (graph[name], link.via)
            local = local_derivative(WORKED, step, source, numbers)
            products.append(_factor(values[link.via]) * local if link.name else local)
        lines[name] = line(chain.left, _told_once(total(products)), chain.formula)
        values[name] = lines[name].result
    return lines, values


@dataclass(frozen=True, slots=True)
class Enclosed(Term):
    r"""A number in parentheses: ``\sin 2 \cdot 3`` could be read as the sine of a product."""

    number: Num

    def tex(self) -> str:
        """TeX with parentheses that grow where they must."""
        return rf"\left({self.number.tex()}\right)" if r"\frac" in self.number.tex() else f"({self.number.tex()})"

    def value(self) -> Value:
        """The exact value."""
        return self.number.value()

    def children(self) -> tuple[Term, ...]:
        """The number."""
        return (self.number,)


def _factor(value: Value) -> Term:
    """A derivative as the first factor of a product."""
    if is_symbolic(value) and not value.is_Add:
        from sympy import cos, log, sin

        if value.has(sin, cos, log):
            return Enclosed(Num(value))
    return num(value)


def share_values(graph: Graph, at: Number) -> Mapping[tuple[str, str], Value]:
    """What flows back along every arrow at a point, by (source, step): the step's derivative times its local one."""
    numbers = {name: num(value) for name, value in forward_lines(graph, at)[1].items()}
    gradients = reverse_lines(graph, at)[1]
    return {
        (source, step.name): line(
            "", num(gradients[step.name]) * local_derivative(WORKED, step, source, numbers)
        ).result
        for step in graph.steps
        for source in step.sources
    }
