"""How far rounding in the working moves an answer that is asked in decimals, and what a marker therefore accepts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from generator.exercise.contract import Condition, Part, Slip, Solution, wanted
from generator.notation import Value, decimal_form, rounded
from generator.working import Line, lines_in, reworked

STEPS = (2, 3, 4, None)
"""Decimals that students keep at each step; None is what a calculator keeps."""

LARGEST_MOVE = 2
"""Units of the last place by which rounding may move an answer; a draw that moves further is drawn again."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is right for a part asked in decimals: each entry as printed, and how far off other roundings come out."""

    shown: tuple[Decimal, ...]
    spread: Decimal

    @property
    def interval(self) -> tuple[Decimal, Decimal]:
        """The smallest and the largest number to accept, where there is one entry."""
        return self.shown[0] - self.spread, self.shown[0] + self.spread


def accepted(solution: Solution, part: Part, places: int) -> Accepted:
    """Solve a part exactly, with 2, 3 and 4 places at each step, and in double precision; see `reworked`."""
    shown = tuple(rounded(entry, places) for entry in entries(part.answer))
    moves = [abs(a - b) for found in _roundings(solution, part, places) for a, b in zip(found, shown, strict=True)]
    return Accepted(shown, max(moves, default=Decimal(0)))


def _roundings(solution: Solution, part: Part, places: int) -> Iterator[tuple[Decimal, ...]]:
    lines = tuple(_lines(solution))
    for step in STEPS:
        found = reworked(lines, step)
        # An answer asked to three places is not first cut to two, but one worked to four is rounded twice.
        last = None if step is None else max(step, places)
        yield tuple(_final(found[line], last, places) for line in part.results)


def _final(value: Fraction | float, step: int | None, places: int) -> Decimal:
    exact = Fraction(value)
    return rounded(exact if step is None else rounded(exact, step), places)


def _lines(solution: Solution) -> Iterator[Line]:
    yield from lines_in(solution.work)
    for part in solution.parts:
        yield from lines_in(part.work)
        yield from part.results


def entries(value: Value) -> tuple[Value, ...]:
    """The numbers of an answer in reading order."""
    if isinstance(value, Mapping):
        return tuple(entry for named in value.values() for entry in entries(named))
    if isinstance(value, tuple | list):
        return tuple(entry for nested in value for entry in entries(nested))
    return (value,)


def with_tolerances(solution: Solution) -> Solution:
    """The solution with the tolerance of each part asked in decimals: the spread and half a unit of the last place."""
    if all(part.places is None for part in solution.parts):
        return solution
    return replace(solution, parts=tuple(_with_tolerance(solution, part) for part in solution.parts))


def _with_tolerance(solution: Solution, part: Part) -> Part:
    if part.places is None:
        return part
    return replace(part, tolerance=str(accepted(solution, part, part.places).spread + _half(part.places)))


def _half(places: int) -> Decimal:
    """Half a unit of the last place: how far a rounded number may be from the exact one."""
    return Decimal(5).scaleb(-places - 1)


def rounding_conditions(solution: Solution, slips: Iterable[Slip]) -> Iterator[Condition]:
    """The conditions that rounding moves no answer far, and that no wrong method lands within what is accepted."""
    for part in solution.parts:
        if part.places is not None:
            half = _half(part.places)
            text = f"part {part.id}: rounding at each step moves the answer by {LARGEST_MOVE} units at most"
            yield wanted(text, Decimal(part.tolerance) <= (2 * LARGEST_MOVE + 1) * half)
            for slip in slips:
                if slip.part == part.id:
                    text = f"part {part.id}: the slip {slip.name!r} stays outside what rounding lets through"
                    yield wanted(text, _outside(slip.value, part, Decimal(part.tolerance) + half))


def _outside(value: Value, part: Part, reach: Decimal) -> bool:
    wrong, right = entries(decimal_form(value)), entries(decimal_form(part.answer))
    if None in wrong or len(wrong) != len(right):
        return True
    return any(abs(a - b) > float(reach) for a, b in zip(wrong, right, strict=True))
