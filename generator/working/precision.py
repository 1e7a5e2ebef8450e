"""Worked lines done again as a student would: every step rounded, or on a calculator in double precision."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from generator.notation import Value, rounded
from generator.working.line import Line
from generator.working.term import Apply, Negative, Num, Power, Product, Quotient, Sum, Term

Numeric = Fraction | float


def reworked(lines: Iterable[Line], places: int | None) -> dict[Line, Numeric]:
    """The result of each line, not yet rounded, when everything is calculated anew from the numbers of the question.

    Within a line every operation but the last is rounded half away from zero to ``places`` decimals, or none for None
    (floating point). Where a line uses the printed, rounded result of an earlier line, it uses what that line gives
    now, rounded likewise.
    """
    now: dict[str, Numeric] = {}
    found: dict[Line, Numeric] = {}
    for line in lines:
        found[line] = _operated(line.work, [_worked(child, places, now) for child in line.work.children()], now)
        if line.places is not None:
            # A Decimal prints with all its places, which a number of the question does not have by chance.
            now[str(line.result)] = _step(found[line], places)
    return found


def _step(value: Numeric, places: int | None) -> Numeric:
    return float(value) if places is None else Fraction(rounded(Fraction(value), places))


def _worked(term: Term, places: int | None, now: Mapping[str, Numeric]) -> Numeric:
    value = _operated(term, [_worked(child, places, now) for child in term.children()], now)
    return value if isinstance(term, Num) else _step(value, places)


def _given(number: Value, now: Mapping[str, Numeric]) -> Numeric:
    if isinstance(number, Decimal):
        return now.get(str(number), Fraction(number))
    if isinstance(number, int | Fraction):
        return Fraction(number)
    # A logarithm or a root that is printed as such goes into the calculator whole.
    return float(number)


def _operated(term: Term, operands: list[Numeric], now: Mapping[str, Numeric]) -> Numeric:
    match term:
        case Num():
            return _given(term.number, now)
        case Sum():
            return sum(operands)
        case Negative():
            return -operands[0]
        case Product():
            return math.prod(operands)
        case Quotient():
            return operands[0] / operands[1]
        case Power():
            power: Numeric = operands[0] ** term.exponent
            return power
        case Apply():
            return _applied(term.function, operands[0])
    raise TypeError(f"no way to work out {type(term).__name__}")


def _applied(function: str, argument: Numeric) -> Numeric:
    match function:
        case "relu":
            return float(max(argument, 0))
        case "abs":
            return math.fabs(argument)
        case "floor":
            return Fraction(math.floor(argument))
        case "sigma":
            return 1 / (1 + math.exp(-argument))
        case "ln":
            return math.log(argument)
    return float(getattr(math, function)(argument))
