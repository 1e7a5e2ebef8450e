"""What is drawn for a chain of layers: sizes, activations, inputs and weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from itertools import product as product_of
from math import prod
from typing import Literal

from generator.draw import Draw, Level
from generator.exact import Log, Number, log, normal_form
from generator.solver.layer_chain import Activation

Style = Literal["exact", "decimal"]
"""How values are given and worked out."""
Matrix = tuple[tuple[Number, ...], ...]
"""Weights, a row for each input."""
SMOOTH: tuple[Activation, ...] = ("sigmoid", "tanh")
"""Exact only where their arguments are logarithms."""
SLOPED: tuple[Activation, ...] = ("leaky-relu", "prelu")
"""Activations with a constant, fixed or learned."""
FIRST: Mapping[Level, tuple[Activation, ...]] = {
    "easy": ("relu", "leaky-relu"),
    "medium": ("leaky-relu", "prelu", "hard-tanh", "sigmoid", "tanh"),
    "hard": ("relu", "leaky-relu", "prelu", "sigmoid", "tanh"),
}
SIZES: Mapping[Level, tuple[tuple[int, ...], ...]] = {
    "easy": ((2, 2, 1),),
    "medium": ((2, 2, 2), (3, 2, 2), (2, 3, 1), (2, 3, 2)),
    "hard": ((2, 2, 2, 1), (3, 2, 2, 1), (2, 3, 2, 1), (2, 2, 2, 2)),
}


def draw_sizes(d: Draw, level: Level) -> tuple[int, ...]:
    """The sizes of the layers, as far as pinned values settle them."""
    weights: tuple[Matrix, ...] = d.given("weights", tuple)
    if weights:
        return (len(weights[0]), *(len(matrix[0]) for matrix in weights))
    pinned = d.given("activations", lambda: None)
    usual = d.pick(SIZES[level])
    inner = usual[1:-1] if pinned is None else (usual[1:-1] * 2)[: len(pinned)]
    x, target = d.given("x", lambda: None), d.given("target", lambda: None)
    return (len(x or ()) or usual[0], *inner, len(target or ()) or usual[-1])


def draw_activations(d: Draw, level: Level, count: int, style: Style) -> tuple[Activation, ...]:
    """Activations of the level; the first goes with pinned weights that are logarithms, and with decimals."""
    weights: tuple[Matrix, ...] = d.given("weights", tuple)
    logarithms = any(isinstance(entry, Log) for row in weights[:1] for entry in chain(*row))
    first = d.pick(SMOOTH if logarithms or style == "decimal" else FIRST[level])
    rest: tuple[Activation, ...] = ("relu",) if first in SLOPED else ("relu", "leaky-relu", "prelu")
    return (first, *(d.pick(rest) for _ in range(count - 1)))


def draw_input(d: Draw, size: int) -> tuple[int, ...]:
    """Different small integers, one of them 1 or -1."""
    others = d.sample((1, -1, 2, -2, 3, -3), size - 1)
    return d.shuffled((d.pick((1, -1)), *others))


def draw_matrix(d: Draw, rows: int, columns: int) -> Matrix:
    """Small integers other than 0."""
    return tuple(tuple(d.nonzero(-3, 3) for _ in range(columns)) for _ in range(rows))


def draw_tenths(d: Draw, rows: int, columns: int) -> Matrix:
    """Decimals of one place, small enough that rounding does not grow on its way through them."""
    return tuple(tuple(normal_form(Fraction(d.nonzero(-12, 12), 10)) for _ in range(columns)) for _ in range(rows))


def draw_logs(d: Draw, x: Sequence[int], columns: int) -> Matrix:
    """Weights whose sums with the input are logarithms of simple fractions."""
    drawn = [d.pick(_columns(tuple(x), power)) for power in d.sample(POWERS, columns)]
    return tuple(tuple(log(base) for base in row) for row in zip(*drawn, strict=True))


POWERS = tuple(map(Fraction, ("2", "3", "1/2", "1/3")))
BASES = tuple(map(Fraction, ("2", "1/2", "3", "1/3", "3/2", "2/3")))


@lru_cache(maxsize=256)
def _columns(x: tuple[int, ...], power: Fraction) -> tuple[tuple[Fraction, ...], ...]:
    """Exponentials of weights whose powers by the inputs multiply to ``power``; any at all where none do."""
    pivot = next((place for place, value in enumerate(x) if abs(value) == 1), None)
    found = []
    if pivot is not None:
        for others in product_of(BASES, repeat=len(x) - 1):
            column = [*others[:pivot], Fraction(1), *others[pivot:]]
            rest = prod((base**value for base, value in zip(column, x, strict=True)), start=Fraction(1))
            column[pivot] = (power / rest) ** x[pivot]
            if column[pivot] != 1 and max(column[pivot].as_integer_ratio()) <= 12:
                found.append(tuple(column))
    return tuple(found) or ((power,) * len(x),)
