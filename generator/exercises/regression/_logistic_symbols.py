"""The loss of logistic regression on one input in symbols: its derivatives and the steps to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Literal

from generator.exercises.regression._naming import Letter, names
from generator.solver import logistic

Reduction = Literal["sum", "mean"]
"""How the losses of the examples are put together."""


@lru_cache(maxsize=16)
def symbolic_steps(letter: Letter, reduction: Reduction) -> Mapping[str, Any]:
    """The loss, its gradient, and the steps of the derivations, made with SymPy once per notation.

    In sums ``x(i)`` and ``y(i)`` stand for the i-th example, ``p(i)`` for the probability that the model gives it; the
    steps are those of a single example or point.
    """
    import sympy

    intercept, slope, n = sympy.symbols(f"{letter}_0 {letter}_1 n")
    p_i, y_i, x_i = sympy.symbols("p_i y_i x_i")
    i = sympy.Symbol("i")
    x, y = sympy.Function("x")(i), sympy.Function("y")(i)
    p = 1 / (1 + sympy.exp(-(intercept + slope * x)))

    def reduced(term: Any) -> Any:
        total = sympy.Sum(term, (i, 1, n))
        return total / n if reduction == "mean" else total

    chain = logistic.cross_entropy_steps(p_i, y_i)
    error = chain["error"]
    example = {p_i: p, y_i: y}
    short = {p_i: sympy.Function("p")(i), y_i: y}
    return {
        "loss": reduced(chain["loss"].subs(example)),
        "wrong_losses": (reduced(-chain["loss"].subs(short)), reduced((-y_i * sympy.log(p_i)).subs(short))),
        "wrong_gradients": (
            (reduced(-error.subs(short)), reduced((-error).subs(short) * x)),
            (reduced(error.subs(short)),) * 2,
        ),
        "gradient": (reduced(error.subs(example)), reduced((error * x_i).subs({**example, x_i: x}))),
        "curve": _curve_steps(intercept, slope),
        "chain": chain,
        "convexity": _convexity_steps(error.diff(p_i) * chain["inner"], x_i),
    }


def _curve_steps(intercept: Any, slope: Any) -> Mapping[str, Any]:
    """Where the curve is 1/2, its slope anywhere, and its slope there."""
    import sympy

    x, p = sympy.symbols("x p")
    predictor = intercept + slope * x
    rise = p * (1 - p) * predictor.diff(x)
    (crossing,) = sympy.solve(predictor, x)
    return {"crossing": crossing, "slope": rise, "steepest": rise.subs(p, sympy.Rational(1, 2))}


def _convexity_steps(weight: Any, x: Any) -> Mapping[str, Any]:
    """The Hessian of one example and its quadratic form, multiplied out and as a square."""
    import sympy

    v = sympy.Matrix(sympy.symbols("v_0 v_1"))
    direction = sympy.Matrix([1, x])
    inner = sympy.expand((v.T * direction)[0] ** 2)
    return {
        "weight": weight,
        "outer_product": tuple(map(tuple, (direction * direction.T).tolist())),
        "form": inner,
        "square": (v.T * direction)[0] ** 2,
    }


@lru_cache(maxsize=64)
def per_example(expression: Any, letter: Letter) -> Callable[..., Any]:
    """A reduced expression as a function of intercept, slope, an array of inputs, of labels, and their number."""
    import sympy

    arguments = sympy.symbols(f"{letter}_0 {letter}_1 x_i y_i n")
    i = sympy.Symbol("i")
    # A sum over anything but the whole sample is not a number, which agrees with nothing.
    whole = sympy.Tuple(i, 1, sympy.Symbol("n"))
    body = expression.replace(sympy.Sum, lambda term, limits: term if limits == whole else sympy.nan)
    body = body.subs({sympy.Function("x")(i): arguments[2], sympy.Function("y")(i): arguments[3]})
    compiled: Callable[..., Any] = sympy.lambdify(arguments, body, "numpy")
    return compiled


def loss_tex(letter: Letter, reduction: Reduction) -> str:
    """TeX of the loss, written out in inputs, labels and parameters."""
    first, second = names(letter)
    front = r"\frac{1}{n}" if reduction == "mean" else ""
    predictor = rf"{first} + {second} x_i"
    return (
        rf"L = -{front}\sum_{{i=1}}^{{n}} \left[ y_i \ln\frac{{1}}{{1 + e^{{-({predictor})}}}}"
        rf" + (1 - y_i) \ln\left(1 - \frac{{1}}{{1 + e^{{-({predictor})}}}}\right) \right]"
    )


def gradient_tex(letter: Letter, reduction: Reduction) -> str:
    """TeX of the derivatives of the loss, with the probabilities abbreviated."""
    front = r"\frac{1}{n}" if reduction == "mean" else ""
    return r", \qquad ".join(
        rf"\frac{{\partial L}}{{\partial {name}}} = {front}\sum_{{i=1}}^{{n}} (p_i - y_i){factor}"
        for name, factor in zip(names(letter), ("", r"\, x_i"), strict=True)
    )
