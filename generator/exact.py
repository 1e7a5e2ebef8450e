"""Exact numbers that a student can write down: integers, fractions, decimals and natural logarithms."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, slots=True)
class Log:
    """The natural logarithm of a positive rational other than 1, kept exact.

    With such pre-activations the sigmoid and the softmax are rational: ``sigma(ln 3) = 3/4``.
    """

    argument: Fraction

    def __post_init__(self) -> None:
        if self.argument <= 0 or self.argument == 1:
            raise ValueError(f"no proper logarithm: ln({self.argument})")

    def __float__(self) -> float:
        return math.log(self.argument)

    def __neg__(self) -> Log:
        return Log(1 / self.argument)

    def __str__(self) -> str:
        return f"log({self.argument})"


Number: TypeAlias = int | Fraction | Log
"""What a pinned or drawn exact value may be."""


def log(argument: Fraction | int) -> Number:
    """The natural logarithm of a positive rational: 0 for 1, else a `Log`."""
    return 0 if argument == 1 else Log(Fraction(argument))


def normal_form(value: Fraction) -> int | Fraction:
    """An integer-valued fraction as an int, so that equal values print and compare alike."""
    return value.numerator if value.denominator == 1 else value


LONGEST = 60
MOST_DIGITS = 18
_RATIONAL = re.compile(r"[+-]?\d{1,18}(/\d{1,18}|\.\d{1,18})?")
_LOG = re.compile(r"([+-]?)(?:(\d{1,2})\*)?log\((\d{1,18}(?:/\d{1,18})?)\)")


def parse_number(text: str) -> Number:
    """Read ``3``, ``-3/4``, ``0.25``, ``log(3)``, ``-log(3/2)`` or ``2*log(3)``; nothing is evaluated.

    Raises ValueError for anything else.
    """
    if len(text) > LONGEST:
        raise ValueError(f"a number has at most {LONGEST} characters")
    compact = text.replace(" ", "")
    if _RATIONAL.fullmatch(compact):
        try:
            return normal_form(Fraction(compact))
        except ZeroDivisionError:
            raise ValueError(f"{text!r} divides by zero") from None
    match = _LOG.fullmatch(compact)
    if match is None:
        raise ValueError(f'{text!r} is not a number such as 3, "-3/4", "0.25" or "log(3)"')
    sign, factor, argument = match.groups()
    try:
        base = Fraction(argument)
    except ZeroDivisionError:
        raise ValueError(f"{text!r} divides by zero") from None
    if base <= 0:
        raise ValueError(f"{text!r} is the logarithm of a number that is not positive")
    exponent = int(factor or 1) * (-1 if sign == "-" else 1)
    power = base**exponent
    if max(power.numerator, power.denominator) >= 10**MOST_DIGITS:
        raise ValueError(f"{text!r} is the logarithm of a number with more than {MOST_DIGITS} digits")
    return log(power)


def symbolic(value: Number | Decimal) -> sympy.Expr:
    """The same number for SymPy."""
    import sympy

    if isinstance(value, Log):
        return sympy.log(sympy.Rational(value.argument.numerator, value.argument.denominator))
    fraction = Fraction(value)
    return sympy.Rational(fraction.numerator, fraction.denominator)
