"""Weights of a logistic regression whose scalar product with an input is simple: drawn, and multiplied out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from generator.draw import Draw
from generator.exact import Log, Number, log, normal_form
from generator.notation import Value
from generator.working import Term

ODDS = tuple(Fraction(top, bottom) for top in range(1, 4) for bottom in range(1, 4) if math.gcd(top, bottom) == 1)[1:]
"""Arguments of the logarithms that are drawn as weights: 1/2, 1/3, 2, 2/3, 3, 3/2."""

LARGEST_DENOMINATOR = 13
"""Of the probability h."""

ATTEMPTS = 100


def draw_logarithms(d: Draw, x: Sequence[int], *, with_rationals: bool) -> tuple[Number, ...]:
    """Logarithms of small fractions, and (hard) two rational weights whose terms cancel, with simple odds."""
    weights: tuple[Number, ...] = ()
    for _ in range(ATTEMPTS):
        drawn: list[Number] = [Log(d.pick(ODDS)) for _ in x]
        if with_rationals and len(x) > 2 and all(x):
            one, other = d.sample(range(len(x)), 2)
            share = Fraction(d.nonzero(-3, 3), 2)
            drawn[one], drawn[other] = normal_form(share * x[other]), normal_form(-share * x[one])
        weights = tuple(drawn)
        odds = odds_of(x, weights)
        simple = odds != 1 and odds.numerator + odds.denominator <= LARGEST_DENOMINATOR
        if simple and len(set(weights)) == len(weights) and not cancel(x, weights):
            break
    return weights


def draw_decimals(d: Draw, x: Sequence[int]) -> tuple[Number, ...]:
    """Weights of one decimal place for which the model is neither undecided nor sure."""
    weights: tuple[Number, ...] = ()
    for _ in range(ATTEMPTS):
        tenths = d.sample([n for n in range(-15, 16) if n], len(x))
        weights = tuple(normal_form(Fraction(n, 10)) for n in tenths)
        if Fraction(3, 10) <= abs(plain_sum(x, weights)) <= 3:
            break
    return weights


def cancel(x: Sequence[int], w: Sequence[Number]) -> bool:
    """Whether two of the logarithmic terms of w^T x add up to 0."""
    powers = [value.argument**power for value, power in zip(w, x, strict=True) if isinstance(value, Log)]
    return any(1 / power in powers[:place] for place, power in enumerate(powers))


def odds_of(x: Sequence[int], w: Sequence[Number]) -> Fraction:
    """exp(w^T x), as far as the logarithms go: the product of their arguments to the powers x_j."""
    found = Fraction(1)
    for value, power in zip(w, x, strict=True):
        if isinstance(value, Log):
            found *= value.argument**power
    return found


def plain_sum(x: Sequence[int], w: Sequence[Number]) -> Fraction:
    """The scalar product without the terms that are logarithms."""
    return sum((Fraction(v) * x for v, x in zip(w, x, strict=True) if not isinstance(v, Log)), Fraction(0))


def float_sum(x: Sequence[int], w: Sequence[Number]) -> float:
    """The scalar product in floating point."""
    return sum(float(value) * count for value, count in zip(w, x, strict=True))


def as_logarithms(pairs: Iterable[tuple[int, Number]]) -> Iterable[Term | Value]:
    """The terms of the scalar product, multiples of logarithms as logarithms of powers."""
    for x, value in pairs:
        if isinstance(value, Log):
            yield log(value.argument**x)
        else:
            yield normal_form(Fraction(value) * x)
