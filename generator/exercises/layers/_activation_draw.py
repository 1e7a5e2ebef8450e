"""Activation layers of each level, with inputs at which they can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from generator.draw import Draw, Level
from generator.exact import Number, log, normal_form
from generator.solver.activations import Name

LAYERS: Mapping[Level, tuple[Name, ...]] = {
    "easy": ("relu", "hard-tanh", "leaky-relu"),
    "medium": ("sigmoid", "tanh", "softplus", "silu"),
    "hard": ("prelu", "elu"),
}
COMPONENTS: Mapping[Level, int] = {"easy": 4, "medium": 3, "hard": 4}
SMOOTH: tuple[Name, ...] = ("sigmoid", "tanh", "softplus", "silu")
EXPONENTIAL: tuple[Name, ...] = (*SMOOTH, "elu")
"""Layers whose values are worth rounding."""


def choices(level: Level, style: str) -> tuple[Name, ...]:
    """The layers of a level; where values are to be rounded, those that have such values."""
    if style == "exact":
        return LAYERS[level]
    return tuple(layer for layer in LAYERS[level] if layer in EXPONENTIAL) or SMOOTH


def draw_parameter(d: Draw, layer: Name) -> int | Fraction | None:
    """The parameter of a layer that has one."""
    match layer:
        case "prelu":
            return Fraction(1, d.pick((2, 3, 4, 5)))
        case "leaky-relu":
            return Fraction(1, d.pick((5, 10, 20)))
        case "elu":
            return normal_form(Fraction(d.pick((1, 3, 4, 6)), 2))
    return None


def draw_decimals(d: Draw, count: int) -> tuple[Number, ...]:
    """Inputs with one decimal, of both signs."""
    half = count // 2
    tenths = [-n for n in d.sample(range(2, 20), count - half)] + list(d.sample(range(2, 20), half))
    return d.shuffled(tuple(normal_form(Fraction(n, 10)) for n in tenths))


def draw_inputs(d: Draw, layer: Name, count: int) -> tuple[Number, ...]:
    """Inputs at which the layer is exact, on both sides of its kinks."""

    def logs(*bases: Fraction) -> tuple[Number, ...]:
        return tuple(log(base ** d.pick((-1, 1))) for base in d.sample(bases, count))

    def whole(sizes: int) -> list[int]:
        return list(d.sample(range(1, 10), sizes))

    half = count // 2
    match layer:
        case "tanh":
            return logs(*(Fraction(base, 2) for base in (4, 6, 3, 10)[: max(count, 3)]))
        case "sigmoid" | "softplus" | "silu":
            return logs(*(Fraction(base, 2) for base in (4, 6, 8, 3, 10)))
        case "hard-tanh":
            inner = d.sample([Fraction(1, 2), Fraction(1, 4), Fraction(3, 4), Fraction(1, 3)], count - half)
            outer = d.sample([Fraction(3, 2), Fraction(2), Fraction(5, 2), Fraction(3)], half)
            return tuple(normal_form(d.pick((-1, 1)) * size) for size in d.shuffled((*inner, *outer)))
        case "elu":
            below = [log(Fraction(1, base)) for base in d.sample((2, 3, 4, 5), count - half)]
            return d.shuffled((*below, *whole(half)))
        case _:
            return d.shuffled((*(-size for size in whole(count - half)), *whole(half)))
