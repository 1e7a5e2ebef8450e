"""The decimal style: short decimals in the question, every step rounded to four places, answers given to two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from generator.exact import Log
from generator.exercise import Condition, Solution, must, wanted
from generator.exercise.rounding import entries
from generator.notation import Value, rounded, terminating
from generator.solver.formula import Formula, formula_line
from generator.working import Line

STEP_PLACES, PLACES = 4, 2
"""Decimals of intermediate results, and of the answers."""


def as_decimal(value: Value) -> Value:
    """A fraction as the decimal that it is; anything else as it is."""
    return (terminating(value) or value) if isinstance(value, Fraction) else value


def short_decimals(what: str, values: Iterable[Value]) -> Condition:
    """The condition that some values can be printed as decimals with two places at most."""
    short = not any(isinstance(value, Log) or Fraction(value * 100).denominator != 1 for value in values)
    return must(f"{what} is a decimal with two places at most (or pin no style)", short)


def step_line(left: str, formula: Formula, numbers: Mapping[str, Value], places: int | None = None) -> Line:
    """A worked line like `formula_line`, rounded to ``places`` if any."""
    return replace(formula_line(left, formula, numbers), places=places)


def printed_as_exact(solution: Solution) -> Condition:
    """The condition that the working, rounded at every step, leads to the exact answers rounded."""
    moved = any(
        rounded(line.result, part.places) != rounded(value, part.places)
        for part in solution.parts
        if part.places is not None
        for line, value in zip(part.results, entries(part.answer), strict=True)
    )
    return wanted("rounding at every step leads to the rounded answers", not moved)
