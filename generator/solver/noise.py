"""Densities of regression noise and the losses that maximum likelihood turns them into."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from generator.solver.likelihood import Factors, Terms

Noise = Literal["laplace", "normal", "generalised-normal", "logistic"]
Scale = int | Literal["shared", "own"]
"""A number, one symbol for all observations, or a symbol with an index for each."""
SCALE_NAMES: dict[Noise, str] = {"laplace": "b", "normal": "sigma", "generalised-normal": "a", "logistic": "s"}


@dataclass(frozen=True, slots=True)
class NoiseLoss:
    """From the density of one output, given its input, to the loss over a training set; all in residuals r(i).

    ``minus_log`` is the negative logarithm of ``density``; ``objective`` the negative log-likelihood, of which
    ``constant`` does not depend on the residuals and ``kept`` does. ``factor`` is the positive number that is
    dropped from ``kept`` to get ``loss``, and ``summand`` what one observation contributes to that.
    """

    density: Factors
    minus_log: Terms
    objective: Terms
    constant: Terms
    kept: Terms
    factor: Terms
    loss: Terms
    summand: Any


@lru_cache(maxsize=512)
def noise_loss(noise: Noise, power: int, scale: Scale) -> NoiseLoss:
    """The steps for a noise density; ``power`` matters to the generalised normal density alone."""
    import sympy

    from generator.solver.sample_sums import INDEX, over_sample

    residual = sympy.Function("r")(INDEX)
    factors = tuple(pair for pair in _factors(noise, power, residual, _scale(noise, scale)) if pair[0] != 1)
    minus_log = tuple(_minus_log(factors, residual))
    constant = tuple(over_sample(term) for term in minus_log if not term.has(residual))
    kept = over_sample(sympy.Add(*(term for term in minus_log if term.has(residual))), keep=residual)
    factor, loss = kept.as_independent(sympy.Sum, as_Add=False)
    return NoiseLoss(
        density=Factors(factors),
        minus_log=Terms(minus_log),
        objective=Terms((*constant, kept)),
        constant=Terms(constant),
        kept=Terms((kept,)),
        factor=Terms((factor,)),
        loss=Terms((loss,)),
        summand=loss.function,
    )


def _minus_log(factors: Iterable[tuple[Any, Any]], residual: Any) -> Iterable[Any]:
    """The negative logarithms of some powers; constants to the power 1 or -1 share one logarithm."""
    import sympy

    front, rest = sympy.Integer(1), []
    for base, exponent in factors:
        if not base.has(residual) and base is not sympy.E and exponent in (1, -1):
            front *= base**-exponent
        else:
            rest.append(-exponent * sympy.log(base))
    return rest if front == 1 else [sympy.log(front), *rest]


def _scale(noise: Noise, scale: Scale) -> Any:
    import sympy

    from generator.solver.sample_sums import INDEX

    if scale == "shared":
        return sympy.Symbol(SCALE_NAMES[noise])
    if scale == "own":
        return sympy.Function(SCALE_NAMES[noise])(INDEX)
    return sympy.Integer(scale)


def _factors(noise: Noise, power: int, residual: Any, scale: Any) -> Iterable[tuple[Any, Any]]:
    import sympy

    e, half, one = sympy.E, sympy.Rational(1, 2), sympy.Integer(1)
    if noise == "laplace":
        return [(2 * scale, -one), (e, -sympy.Abs(residual) / scale)]
    if noise == "normal":
        return [(2 * sympy.pi * scale**2, -half), (e, -(residual**2) / (2 * scale**2))]
    if noise == "generalised-normal":
        root = sympy.gamma(sympy.Rational(1, power))
        # power / (2 scale), cancelled where the scale is a number
        front = sympy.Rational(power, 2) / scale
        above, below = sympy.fraction(front)
        return [(above, one), (below, -one), (root, -one), (e, -((residual / scale) ** power))]
    return [(scale, -one), (e, -residual / scale), (1 + sympy.exp(-residual / scale), sympy.Integer(-2))]


def log_density(noise: Noise, power: int, gap: float, scale: float) -> float:
    """The logarithm of the noise density in floating point."""
    if noise == "laplace":
        return -abs(gap) / scale - math.log(2 * scale)
    if noise == "normal":
        return -(gap**2) / (2 * scale**2) - math.log(scale * math.sqrt(2 * math.pi))
    if noise == "generalised-normal":
        return -((abs(gap) / scale) ** power) + math.log(power) - math.log(2 * scale) - math.lgamma(1 / power)
    # The logistic density is the derivative of the sigmoid, and so 1 / (4 scale cosh^2(gap / (2 scale))).
    return -2 * math.log(2 * math.cosh(gap / (2 * scale))) - math.log(scale)


def plain_loss(noise: Noise, power: int, gap: float) -> float:
    """What a residual, divided by its scale, contributes to the loss, in floating point."""
    if noise == "logistic":
        return gap + 2 * math.log1p(math.exp(-gap))
    return abs(gap) if noise == "laplace" else gap**power
