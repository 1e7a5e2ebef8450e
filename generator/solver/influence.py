"""The influence of one observation on a minimiser of a mean loss: symbolic derivatives, and refits by bisection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from generator.notation import Value

Estimator = Literal["mean", "ridge-slope", "exponential-rate"]
"""Mean by squared error, slope without intercept by ridge regression, rate of an exponential by likelihood."""


@dataclass(frozen=True, slots=True)
class Steps:
    """SymPy expressions in the parameter and the data x(i), y(i): the loss of one observation and its derivatives.

    ``hessian`` is the second derivative averaged over the sample; ``estimate`` is the minimiser. ``influence`` is
    the derivative of the minimiser by the weight of the observation (x_k, y_k).
    """

    loss: Value
    slope: Value
    curvature: Value
    hessian: Value
    estimate: Value
    slope_at_point: Value
    influence: Value


@lru_cache(maxsize=64)
def steps(estimator: Estimator, parameter: str) -> Steps:
    """The derivation for an estimator whose parameter has this SymPy name.

    Source: Cook and Weisberg (1982), Residuals and Influence in Regression, ch. 3; Koh and Liang (2017), eq. (1).
    """
    import sympy

    from generator.solver.sample_sums import INDEX, SIZE, over_sample

    theta, penalty = sympy.Symbol(parameter), sympy.Symbol("lamda")
    x, y = sympy.Function("x")(INDEX), sympy.Function("y")(INDEX)
    at, target = sympy.symbols("x_k y_k")
    point = {x: at, y: target}
    match estimator:
        case "mean":
            loss, slope, curvature = (x - theta) ** 2 / 2, theta - x, sympy.Integer(1)
            estimate, influence = over_sample(x) / SIZE, at - theta
        case "ridge-slope":
            loss = (y - theta * x) ** 2 / 2 + penalty * theta**2 / 2
            slope = penalty * theta - x * (y - theta * x)
            curvature = x**2 + penalty
            estimate = over_sample(x * y) / (over_sample(x**2) + SIZE * penalty)
            influence = (at * (target - theta * at) - penalty * theta) / (over_sample(x**2) / SIZE + penalty)
        case "exponential-rate":
            loss, slope, curvature = theta * x - sympy.log(theta), x - 1 / theta, theta**-2
            estimate, influence = SIZE / over_sample(x), theta - theta**2 * at
    hessian = over_sample(curvature) / SIZE
    return Steps(loss, slope, curvature, sympy.expand(hessian), estimate, slope.xreplace(point), influence)


def loss_value(estimator: Estimator, penalty: float, x: Any, y: Any, theta: Any) -> Any:
    """The loss of an observation in floating point, complex arguments allowed, arrays too."""
    import numpy as np

    match estimator:
        case "mean":
            return (x - theta) ** 2 / 2
        case "ridge-slope":
            return (y - theta * x) ** 2 / 2 + penalty * theta**2 / 2
        case "exponential-rate":
            return theta * x - np.log(theta)


LARGEST = 1000
"""Minimisers are looked for up to ten times this size."""


@dataclass(frozen=True, slots=True)
class Refits:
    """The minimiser on the whole sample, its derivative by each observation's weight, and without each of them."""

    whole: float
    derivatives: tuple[float, ...]
    without: tuple[float, ...]


def refit(estimator: Estimator, penalty: float, x: Sequence[float], y: Sequence[float]) -> Refits:
    """Minimise weighted mean losses numerically; the derivatives are central differences of their minimisers."""
    import numpy as np

    size, step = len(x), 1e-4
    equal, unit = np.full((size, size), 1 / size), np.eye(size)
    weights = np.vstack([equal[:1], equal + step * unit, equal - step * unit, equal - unit / size])
    found = _minimise(estimator, penalty, np.array(x), np.array(y), weights)
    derivatives = (found[1 : size + 1] - found[size + 1 : 2 * size + 1]) / (2 * step)
    return Refits(float(found[0]), tuple(derivatives.tolist()), tuple(found[2 * size + 1 :].tolist()))


def _minimise(estimator: Estimator, penalty: float, x: Any, y: Any, weights: Any) -> Any:
    """The minimiser for each row of weights, by bisection on the slope, which a complex step gives."""
    import numpy as np

    low = np.full(len(weights), 1e-9 if estimator == "exponential-rate" else -10.0 * LARGEST)
    high = np.full(len(weights), 10.0 * LARGEST)
    for _ in range(75):
        middle = (low + high) / 2
        slopes = loss_value(estimator, penalty, x, y, middle[:, None] + 1e-20j).imag / 1e-20
        rising = (weights * slopes).sum(axis=1) > 0
        low, high = np.where(rising, low, middle), np.where(rising, middle, high)
    return (low + high) / 2
