"""Priors of a model's parameters and the penalties that they become when the posterior is maximised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from generator.solver.likelihood import Factors, Terms

Prior = Literal["normal", "normals", "laplace", "elastic-net", "correlated-normal"]
"""Independent normals of one variance, of one variance each, Laplace, normal times Laplace, jointly normal."""

Objective = Literal["sum", "half", "likelihood"]
"""What the penalised loss contains: the sum of squared residuals, half of it, or any negative log-likelihood."""


@dataclass(frozen=True, slots=True)
class Penalty:
    """From a prior density to a penalty.

    ``density`` is that of one parameter (of the whole vector for the correlated prior); ``minus_log`` its negative
    logarithm, ``constant`` the terms of it without the parameter, ``kept`` the others. ``scale`` is what the negative
    log-posterior is multiplied by, and ``penalty`` the result: a sum over all parameters.
    ``coefficients`` are the factors in front of its parts.
    """

    density: Factors
    minus_log: Terms
    constant: Terms
    kept: Terms
    scale: Terms
    noise: Terms
    data: Terms
    penalty: Terms
    coefficients: tuple[Any, ...]


@lru_cache(maxsize=256)
def penalty_of(prior: Prior, parameter: str, objective: Objective) -> Penalty:
    """The steps from a prior on parameters of the given name to its penalty.

    The noise is normal with variance sigma^2; with the objective "likelihood" it is left open, and ``noise`` and
    ``data`` are empty.
    """
    import sympy

    from generator.solver.sample_sums import over

    j, count = sympy.symbols("j J")
    phi = sympy.Function(parameter)
    variance = sympy.Symbol("sigma") ** 2
    factors = tuple(_factors(prior, phi, j))
    minus_log = tuple(-exponent * sympy.log(base) for base, exponent in factors)
    minus_log = tuple(part for term in minus_log for part in sympy.Add.make_args(term))
    kept = tuple(term for term in minus_log if term.has(phi))
    scale = {"sum": 2 * variance, "half": variance, "likelihood": sympy.Integer(1)}[objective]
    known = objective != "likelihood"
    whole = kept if prior == "correlated-normal" else tuple(over(term, j, count) for term in kept)
    penalty = tuple(scale * term for term in whole)
    residual = _residual(parameter)
    squares = sympy.Sum(residual**2, (sympy.Symbol("i"), 1, sympy.Symbol("n")))
    return Penalty(
        density=Factors(factors),
        minus_log=Terms(minus_log),
        constant=Terms(tuple(term for term in minus_log if not term.has(phi))),
        kept=Terms(whole),
        scale=Terms((scale,)),
        noise=Terms((sympy.log(2 * sympy.pi * variance) / 2, residual**2 / (2 * variance)) if known else ()),
        data=Terms((scale / (2 * variance) * squares,) if known else ()),
        penalty=Terms(penalty),
        coefficients=tuple(term.as_independent(sympy.Sum, as_Add=False)[0] for term in penalty),
    )


def _residual(parameter: str) -> Any:
    """Observation minus prediction; the model is a function of an input and of all parameters."""
    import sympy

    i = sympy.Symbol("i")
    return sympy.Function("y")(i) - sympy.Function("f")(sympy.Function("x")(i), sympy.Symbol(parameter))


def _factors(prior: Prior, phi: Any, j: Any) -> Iterable[tuple[Any, Any]]:
    import sympy

    one, half = phi(j), sympy.Rational(1, 2)
    tau, width = sympy.Symbol("tau"), sympy.Symbol("b")
    if prior == "normal":
        return [(2 * sympy.pi * tau**2, -half), (sympy.E, -(one**2) / (2 * tau**2))]
    if prior == "normals":
        own = sympy.Function("tau")(j) ** 2
        return [(2 * sympy.pi * own, -half), (sympy.E, -(one**2) / (2 * own))]
    if prior == "laplace":
        return [(2 * width, -1), (sympy.E, -sympy.Abs(one) / width)]
    if prior == "elastic-net":
        return [(sympy.Symbol("Z"), -1), (sympy.E, -(one**2) / (2 * tau**2) - sympy.Abs(one) / width)]
    k, count = sympy.symbols("k J")
    # A is the inverse of the covariance matrix C.
    form = sympy.Sum(sympy.Function("A")(j, k) * one * phi(k), (j, 1, count), (k, 1, count))
    size = (2 * sympy.pi) ** count * sympy.Symbol("D")
    return [(size, -half), (sympy.E, -form / 2)]
