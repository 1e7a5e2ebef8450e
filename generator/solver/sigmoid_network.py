"""A small network of ReLU and sigmoid units evaluated to fifty digits, for checking derivatives by differences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from generator.exact import Log, Number

Real = Any
"""A number of fifty digits."""


@lru_cache(maxsize=1)
def _mp() -> Any:
    # A context of its own leaves the precision that others set alone.
    from mpmath import MPContext

    context = MPContext()
    context.dps = 50
    return context


def real(value: Number) -> Real:
    """A number to fifty digits."""
    mp = _mp()
    return mp.log(real(value.argument)) if isinstance(value, Log) else mp.mpf(value.numerator) / value.denominator


def forward(
    x: Sequence[Real], hidden: Sequence[Sequence[Real]], output: Sequence[Real]
) -> tuple[list[Real], list[Real], Real]:
    """Values of the layers: ReLU units r = max(W x, 0), sigmoid units s = sigma(v r) one by one, and y = sum of s."""
    mp = _mp()
    relus = [max(sum(weight * entry for weight, entry in zip(row, x, strict=True)), mp.mpf(0)) for row in hidden]
    sigmoids = [1 / (1 + mp.exp(-weight * relu)) for weight, relu in zip(output, relus, strict=True)]
    return relus, sigmoids, sum(sigmoids)


def differences(
    x: Sequence[Real], hidden: Sequence[Sequence[Real]], output: Sequence[Real]
) -> tuple[list[list[Real]], list[Real]]:
    """Central differences of y with respect to every hidden weight (a row per unit) and every output weight."""
    step = _mp().mpf(10) ** -18

    def slope(above: Real, below: Real) -> Real:
        return (above - below) / (2 * step)

    def with_hidden(unit: int, place: int, change: Real) -> Real:
        rows = [list(row) for row in hidden]
        rows[unit][place] += change
        return forward(x, rows, output)[2]

    def with_output(unit: int, change: Real) -> Real:
        moved = list(output)
        moved[unit] += change
        return forward(x, hidden, moved)[2]

    of_hidden = [
        [slope(with_hidden(j, k, step), with_hidden(j, k, -step)) for k in range(len(x))] for j in range(len(hidden))
    ]
    return of_hidden, [slope(with_output(j, step), with_output(j, -step)) for j in range(len(output))]


def to_one_decimal(value: Real) -> Real:
    """A number from 0 to 1 rounded to one decimal, ties upwards."""
    mp = _mp()
    # Fifty digits of a tie such as 0.25 may end just below it.
    return mp.floor(10 * value + mp.mpf("0.5") + mp.mpf(10) ** -40) / 10
