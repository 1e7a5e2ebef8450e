"""Small samples on which the mean, the rate or the slope of a line is a simple number."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import combinations, combinations_with_replacement

from generator.draw import Draw
from generator.exact import normal_form
from generator.solver.influence import Estimator

RATES = tuple(map(Fraction, ("1/2", "1/3", "1/4", "1/5", "2/3", "2/5", "2/7")))
SLOPES = tuple(map(Fraction, ("1", "2", "-1", "-2", "1/2", "-1/2", "3/2", "3")))


def draw_x(d: Draw, estimator: Estimator, size: int) -> tuple[int, ...]:
    """Data that give a simple estimate (a slope depends on the targets too)."""
    if estimator == "ridge-slope":
        return tuple(d.pick((-1, 1)) * value for value in d.shuffled(d.pick(_good_inputs(size))))
    if estimator == "exponential-rate":
        # One sum first: each has the same chance, however many samples have it.
        return d.shuffled(d.pick(d.pick(_good_times(size))))
    head = d.integers(size - 1, -5, 12)
    return d.shuffled((*head, size * d.integer(1, 6) - sum(head)))


@lru_cache(maxsize=8)
def _good_inputs(size: int) -> tuple[tuple[int, ...], ...]:
    """Sizes of inputs with a whole mean square; a 1 among them lets its target make up for the others."""
    found = combinations_with_replacement((1, 2, 3, 4), size)
    whole = (values for values in found if 1 in values and sum(value**2 for value in values) % size == 0)
    return tuple(values for values in whole if len(set(values)) > 1)


@lru_cache(maxsize=8)
def _good_times(size: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Samples of an exponential distribution, grouped by their sum, where the rate is simple."""
    sums = [int(size / rate) for rate in RATES if (size / rate).denominator == 1]
    samples = tuple(combinations(range(1, 13), size))
    groups = [tuple(values for values in samples if sum(values) == whole) for whole in sums]
    return tuple(group for group in groups if group)


def draw_y(d: Draw, x: tuple[int | Fraction, ...], penalty: int | Fraction | None) -> tuple[int | Fraction, ...]:
    """Targets that give a simple slope: where some x is 1 or -1 its target makes up for the others."""
    slope, sizes = d.pick(SLOPES), sum(abs(Fraction(value)) for value in x)
    # The penalty pulls the slope towards 0, so the targets lie further out than the line.
    pull = slope * len(x) * (penalty or 0) / (sizes or 1)
    y: list[int | Fraction] = [round(slope * value + (pull if value > 0 else -pull)) + d.integer(-3, 3) for value in x]
    units = [place for place, value in enumerate(x) if abs(value) == 1]
    if units:
        pivot = d.pick(units)
        whole = slope * (sum(value**2 for value in x) + len(x) * (penalty or 0))
        rest = sum(a * b for place, (a, b) in enumerate(zip(x, y, strict=True)) if place != pivot)
        y[pivot] = normal_form(Fraction((whole - rest) * x[pivot]))
    return tuple(y)
