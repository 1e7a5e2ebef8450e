"""Points shared out by weight, in halves where possible, so that they always add up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def share(total: Fraction, weights: Sequence[int]) -> tuple[Fraction, ...]:
    """Split ``total`` in proportion to positive weights (method of largest remainders).

    The shares are multiples of 1/2 (of 1/4, 1/8, … where there are more weights than halves), none is zero,
    and they add up to ``total`` exactly.
    """
    if sum(weights) == total:
        return tuple(Fraction(weight) for weight in weights)
    unit = Fraction(1, 2)
    while total % unit or total / unit < len(weights):
        unit /= 2
        if unit < Fraction(1, 64):
            # A total such as 1/3: plain proportion is all that is left.
            return tuple(total * weight / sum(weights) for weight in weights)
    units = int(total / unit)
    # One unit each comes first; the rest goes by proportion.
    rest = units - len(weights)
    ideal = [Fraction(units * weight, sum(weights)) - 1 for weight in weights]
    ideal = [max(value, Fraction(0)) for value in ideal]
    scale = Fraction(rest) / sum(ideal) if sum(ideal) else Fraction(0)
    exact = [value * scale for value in ideal]
    floors = [int(value) for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (floors[i] - exact[i], i))
    for i in by_remainder[: rest - sum(floors)]:
        floors[i] += 1
    return tuple((1 + extra) * unit for extra in floors)


_VULGAR = {Fraction(1, 2): "½", Fraction(1, 4): "¼", Fraction(3, 4): "¾"}


def points_text(points: Fraction) -> str:
    """``2``, ``1½``, ``¾``, ``2 3/8``: a number of points as printed on a sheet."""
    whole, rest = divmod(points, 1)
    if not rest:
        return str(whole)
    if rest in _VULGAR:
        return f"{whole or ''}{_VULGAR[rest]}"
    return f"{whole} {rest}" if whole else str(rest)


def counted(points: Fraction, noun: str) -> str:
    """``1 mark``, ``2 marks``, ``½ mark``."""
    return f"{points_text(points)} {noun}{'' if points <= 1 else 's'}"
