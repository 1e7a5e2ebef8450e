"""Small training sets whose residuals are simple numbers, or logarithms of simple ratios."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from generator.draw import Draw
from generator.exact import Log, log, normal_form
from generator.solver.noise import Noise

Real = int | Fraction | Log
RATIOS = (Fraction(2), Fraction(3), Fraction(1, 2), Fraction(1, 3))
LARGEST_SCALE: Mapping[Noise, int] = {"laplace": 4, "normal": 3, "generalised-normal": 3, "logistic": 3}


def draw_scales(d: Draw, noise: Noise, count: int) -> tuple[int, ...]:
    """One scale for all observations, or one for each; a single scale of logistic noise is 1."""
    largest = 1 if noise == "logistic" and count == 1 else LARGEST_SCALE[noise]
    return tuple(d.integer(1, largest) for _ in range(count))


def draw_weights(d: Draw, noise: Noise, width: int) -> tuple[Real, ...]:
    """A weight for every input, and one for the constant 1."""
    if noise == "logistic":
        return tuple(Log(Fraction(d.pick((2, 3)))) for _ in range(width + 1))
    return tuple(d.nonzero(-3, 3) for _ in range(width + 1))


def draw_outputs(
    d: Draw, noise: Noise, inputs: Sequence[Sequence[int]], weights: Sequence[Real], scales: Sequence[int]
) -> tuple[Real, ...]:
    """Outputs that leave chosen residuals: the predictions plus small numbers, or logarithms of small ratios."""
    outputs: list[Real] = []
    for i, row in enumerate(inputs):
        pairs = list(zip(weights, (*row, 1), strict=False))
        if noise == "logistic":
            scale = scales[i if len(scales) > i else 0] if scales else 1
            outputs.append(log(exp_of_sum(pairs) * d.pick(RATIOS) ** scale))
            continue
        predicted = sum(Fraction(weight) * x for weight, x in pairs if isinstance(weight, int | Fraction))
        reach, unit = 4, 1
        if noise == "generalised-normal":
            # Only multiples of an observation's scale have simple fourth powers over it.
            reach, unit = 2, scales[i] if i < len(scales) > 1 else 1
        outputs.append(normal_form(Fraction(predicted + unit * d.nonzero(-reach, reach))))
    return tuple(outputs)


def exp_of_sum(pairs: Iterable[tuple[Real, int]]) -> Fraction:
    """The number whose logarithm is a sum of multiples of logarithms."""
    result = Fraction(1)
    for weight, x in pairs:
        if isinstance(weight, Log):
            result *= weight.argument**x
    return result
