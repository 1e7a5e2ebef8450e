"""Logistic regression on one input: loss, gradient, Hessian, and the minimum by Newton's method."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from generator.exact import Log, Number

Parameters: TypeAlias = tuple[float, float]
"""Intercept and slope of the linear predictor."""

STEPS = 100
"""Newton steps before the minimum is called out of reach; a sample needs about six."""


def probability(log_odds: Number) -> Fraction:
    """The sigmoid of 0 or of a logarithm, exactly: that of ln a is a / (1 + a).

    Raises ValueError for another number, whose sigmoid is irrational.
    """
    if isinstance(log_odds, Log):
        return log_odds.argument / (1 + log_odds.argument)
    if log_odds == 0:
        return Fraction(1, 2)
    raise ValueError(f"the sigmoid of {log_odds} is not rational")


def cross_entropy_steps(p: Any, y: Any) -> dict[str, Any]:
    """The steps from the cross-entropy of one label to its derivative by the predictor; ``p`` and ``y`` are symbols.

    ``logs`` are the two terms whose sum, with a minus sign, is the ``loss``. ``outer`` is the derivative by p,
    ``inner`` that of p by the predictor z, ``error`` their product, p - y.
    """
    import sympy

    logs = (y * sympy.log(p), (1 - y) * sympy.log(1 - p))
    loss = -sympy.Add(*logs)
    outer, inner = loss.diff(p), p * (1 - p)
    product = sympy.Add(*(part * inner for part in outer.args))
    error = sympy.expand(product)
    return {"logs": logs, "loss": loss, "outer": outer, "inner": inner, "product": product, "error": error}


def steps_tex(steps: Mapping[str, Any]) -> dict[str, str]:
    """The steps of `cross_entropy_steps` in TeX; the loss as minus the brackets around its logarithms."""
    from generator.solver.sample_sums import sum_tex, tex

    found = {name: tex(step) for name, step in steps.items() if name != "logs"}
    return {**found, "loss": rf"-\left[ {sum_tex(steps['logs'])} \right]"}


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z)), without overflow."""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return 1 - 1 / (1 + math.exp(z))


def loss(parameters: Parameters, xs: Sequence[float], ys: Sequence[int]) -> float:
    """The negative log-likelihood of labels 0 and 1, summed over the sample, without overflow."""
    total = 0.0
    for x, y in zip(xs, ys, strict=True):
        z = parameters[0] + parameters[1] * x
        total += max(z, 0.0) + math.log1p(math.exp(-abs(z))) - y * z
    return total


def gradient(parameters: Parameters, xs: Sequence[float], ys: Sequence[int]) -> Parameters:
    """The derivatives of the summed loss with respect to intercept and slope."""
    errors = [sigmoid(parameters[0] + parameters[1] * x) - y for x, y in zip(xs, ys, strict=True)]
    return sum(errors), sum(error * x for error, x in zip(errors, xs, strict=True))


def hessian(parameters: Parameters, xs: Sequence[float]) -> tuple[Parameters, Parameters]:
    """The second derivatives of the summed loss; the labels do not matter."""
    h00 = h01 = h11 = 0.0
    for x in xs:
        p = sigmoid(parameters[0] + parameters[1] * x)
        weight = p * (1 - p)
        h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
    return (h00, h01), (h01, h11)


def overlapping(xs: Sequence[float], ys: Sequence[int]) -> bool:
    """Whether no threshold separates the classes, not even one that points of both classes lie on.

    Exactly then the loss has one finite minimum (Albert and Anderson 1984, Biometrika 71).
    """
    zeros = [x for x, y in zip(xs, ys, strict=True) if y == 0]
    ones = [x for x, y in zip(xs, ys, strict=True) if y == 1]
    return bool(zeros and ones) and min(zeros) < max(ones) and min(ones) < max(zeros)


def minimum(xs: Sequence[float], ys: Sequence[int]) -> Parameters | None:
    """Where the loss is least, by Newton's method with halved steps; None where no minimum is reached."""
    if not overlapping(xs, ys):
        return None
    here = (0.0, 0.0)
    value = loss(here, xs, ys)
    for _ in range(STEPS):
        g0, g1 = gradient(here, xs, ys)
        (h00, h01), (_, h11) = hessian(here, xs)
        determinant = h00 * h11 - h01 * h01
        if determinant <= 0:
            return None
        step = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        if max(map(abs, step)) < 1e-12 * (1 + max(map(abs, here))):
            return here
        size = 1.0
        # Close to the minimum the loss changes by less than its rounding.
        bound = value + 1e-12 * (1 + value)
        while (there := loss(after := _moved(here, step, size), xs, ys)) > bound and size > 1e-9:
            size /= 2
        here, value = after, there
    return None


def _moved(here: Parameters, step: Parameters, size: float) -> Parameters:
    return here[0] - size * step[0], here[1] - size * step[1]


def loss_grid(
    xs: Sequence[float], ys: Sequence[int], intercepts: Sequence[float], slopes: Sequence[float]
) -> tuple[tuple[float, ...], ...]:
    """The summed loss at every pair: a row for each slope, an entry for each intercept."""
    import numpy as np

    predictor = np.array(intercepts)[None, :, None] + np.multiply.outer(np.array(slopes), np.array(xs))[:, None, :]
    values = (np.logaddexp(0.0, predictor) - np.array(ys) * predictor).sum(axis=-1)
    return tuple(tuple(row) for row in values.tolist())
