"""The influence of one observation on a minimiser of a mean loss: symbolic derivatives, and refits by bisection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from generator.notation import Value
from generator.solver.likelihood import Terms

Estimator = Literal["mean", "ridge-slope", "exponential-rate"]
"""Mean by squared error, slope without intercept by ridge regression, rate of an exponential by likelihood."""


@dataclass(frozen=True, slots=True)
class Steps:
    """SymPy expressions in the parameter and the data x(i), y(i): the loss of one observation and its derivatives.

    ``total_slope`` is the first derivative summed over the sample, with a zero at ``estimate``; ``hessian`` is the
    second derivative averaged over it. ``influence`` is the derivative of the minimiser by the weight of the
    observation (x_k, y_k), which ``slope_at_point`` belongs to.
    """

    loss: Value
    slope: Value
    curvature: Value
    total_slope: Value
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

    theta = sympy.Symbol(parameter)
    x, y = sympy.Function("x")(INDEX), sympy.Function("y")(INDEX)
    loss = _loss(estimator, theta, x, y)
    slope = sympy.diff(loss, theta)
    curvature = sympy.diff(slope, theta)
    total_slope = over_sample(sympy.expand(slope))
    hessian = sympy.expand(over_sample(curvature) / SIZE)
    point = dict(zip((x, y), sympy.symbols("x_k y_k"), strict=True))
    influence = -slope.xreplace(point) / hessian
    return Steps(
        loss=loss,
        slope=slope,
        curvature=curvature,
        total_slope=total_slope,
        hessian=hessian,
        estimate=_zero(total_slope, theta),
        slope_at_point=slope.xreplace(point),
        influence=influence if hessian.has(sympy.Sum) else sympy.expand(influence),
    )


@lru_cache(maxsize=2)
def needed_sums(two: bool) -> tuple[Value, ...]:
    """The sums over the sample that the estimate needs, in symbols: of squares and products where there are targets."""
    import sympy

    from generator.solver.sample_sums import INDEX, over_sample

    x, y = sympy.Function("x")(INDEX), sympy.Function("y")(INDEX)
    return (over_sample(x**2), over_sample(x * y)) if two else (over_sample(x),)


def _loss(estimator: Estimator, theta: Any, x: Any, y: Any) -> Any:
    import sympy

    match estimator:
        case "mean":
            return (x - theta) ** 2 / 2
        case "ridge-slope":
            return (y - theta * x) ** 2 / 2 + sympy.Symbol("lamda") * theta**2 / 2
        case "exponential-rate":
            return theta * x - sympy.log(theta)


def _zero(expression: Any, theta: Any) -> Any:
    """The value of the parameter at which an expression with sums over the sample vanishes."""
    import sympy

    hidden = {found: sympy.Dummy() for found in expression.atoms(sympy.Sum)}
    shown = {symbol: found for found, symbol in hidden.items()}
    (zero,) = sympy.solve(expression.xreplace(hidden), theta)
    return zero.xreplace(shown)


@dataclass(frozen=True, slots=True)
class Expansion:
    """How the minimiser of a mean loss moves with the weight of one observation, for any loss, in SymPy expressions.

    ``stationary`` is the derivative of the objective, which vanishes at its minimum. Its derivative by the weight is
    ``pull`` times ``speed``, that of the minimiser, plus ``rest``; ``at_zero`` is this sum for weight 0.
    """

    stationary: Terms
    pull: Terms
    speed: Terms
    rest: Terms
    at_zero: Terms


@lru_cache(maxsize=16)
def expansion(parameter: str) -> Expansion:
    """The derivation by the chain rule, with the minimiser as a function of the weight epsilon."""
    import sympy

    from generator.solver.formula_tex import tex
    from generator.solver.sample_sums import INDEX, SIZE, over_sample

    theta, weight, k = sympy.symbols("theta varepsilon k")
    hat = rf"\hat{{{tex(sympy.Symbol(parameter))}}}"
    z, moving = sympy.Function("z"), sympy.Function(hat)(weight)
    one, another = _derivative(0)(z(INDEX), theta), _derivative(0)(z(k), theta)
    slopes = [sympy.diff(loss, theta).subs(theta, moving) for loss in (one, another)]
    speed = sympy.Derivative(moving, weight)
    curvatures = [sympy.diff(slope, weight) / speed for slope in slopes]
    mean = over_sample(curvatures[0]) / SIZE
    # The product rule: the weight in front of the observation's term has the derivative 1.
    pull = (mean, weight * curvatures[1])
    start = {moving: sympy.Symbol(hat), weight: sympy.Integer(0)}
    return Expansion(
        stationary=Terms((over_sample(slopes[0]) / SIZE, weight * slopes[1])),
        pull=Terms(pull),
        speed=Terms((speed,)),
        rest=Terms((slopes[1],)),
        at_zero=Terms((sympy.Symbol("H") * sympy.Symbol("I_k") + pull[1].xreplace(start), slopes[1].xreplace(start))),
    )


@lru_cache(maxsize=4)
def _derivative(order: int) -> Any:
    """Any loss of an observation and a parameter (order 0), or its derivative by the parameter."""
    import sympy

    def derivative(self: Any, argindex: int = 1) -> Any:
        if argindex != 2:
            raise sympy.ArgumentIndexError(self, argindex)
        return _derivative(order + 1)(*self.args)

    return type("L" + "'" * order, (sympy.Function,), {"fdiff": derivative, "nargs": 2})


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
