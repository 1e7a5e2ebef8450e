"""Priors of a model's parameters and the penalties that they become when the posterior is maximised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    logarithm, ``constant`` the terms of it without the parameter, ``kept`` the others, summed over all parameters.
    ``noise`` is the negative logarithm of an observation's density, of which ``noise_constant`` does not depend on
    the parameters. ``posterior`` is all that does, of all observations and of the prior; times ``scale`` it is
    ``data`` plus ``penalty``. ``coefficients`` are the factors in front of the sums in the penalty.
    """

    density: Factors
    minus_log: Terms
    constant: Terms
    kept: Terms
    scale: Terms
    noise: Terms
    noise_constant: Terms
    posterior: Terms
    data: Terms
    penalty: Terms
    coefficients: tuple[Any, ...]


@lru_cache(maxsize=256)
def penalty_of(prior: Prior, parameter: str, objective: Objective) -> Penalty:
    """The steps from a prior on parameters of the given name to its penalty.

    The noise is normal with variance sigma^2; with the objective "likelihood" it is left open, and ``noise``,
    ``noise_constant`` and ``data`` are empty.
    """
    import sympy

    from generator.solver.sample_sums import over, over_sample

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
    noise = (sympy.log(2 * sympy.pi * variance) / 2, residual**2 / (2 * variance)) if known else ()
    fit = tuple(over_sample(term, keep=residual) for term in noise[1:])
    return Penalty(
        density=Factors(factors),
        minus_log=Terms(minus_log),
        constant=Terms(tuple(term for term in minus_log if not term.has(phi))),
        kept=Terms(whole),
        scale=Terms((scale,)),
        noise=Terms(noise),
        noise_constant=Terms(noise[:1]),
        posterior=Terms((*fit, *whole)),
        data=Terms(tuple(scale * term for term in fit)),
        penalty=Terms(penalty),
        coefficients=tuple(term.as_independent(sympy.Sum, as_Add=False)[0] for term in penalty),
    )


@dataclass(frozen=True, slots=True)
class InCoefficients:
    """A penalty of some parameters with a name for each coefficient, and what these coefficients are."""

    penalty: Terms
    formulas: Mapping[Any, Terms]


@lru_cache(maxsize=256)
def in_coefficients(prior: Prior, parameter: str, objective: Objective, size: int) -> InCoefficients:
    """The penalty for so many parameters: one coefficient for all, one for each, or one for each kind of term.

    Those of the correlated prior are named by the two parameters of their term.
    """
    import sympy

    phi = [sympy.Function(parameter)(j) for j in range(1, size + 1)]
    squares, sizes = [one**2 for one in phi], [sympy.Abs(one) for one in phi]
    bases: Mapping[Prior, Mapping[str, list[Any]]] = {
        "normal": {"lamda": squares},
        "laplace": {"lamda": sizes},
        "normals": {f"lamda_{j}": [square] for j, square in enumerate(squares, 1)},
        "elastic-net": {"lamda_1": sizes, "lamda_2": squares},
        "correlated-normal": {"lamda_11": squares[:1], "lamda_12": [phi[0] * phi[1]], "lamda_22": squares[1:2]},
    }
    written_out = penalty_of(prior, parameter, objective).penalty.meaning.subs(sympy.Symbol("J"), size).doit()
    # A covariance matrix is symmetric, and so is its inverse.
    precision = sympy.Function("A")
    written_out = sympy.expand(written_out.subs(precision(2, 1), precision(1, 2)))
    named = {sympy.Symbol(name): basis for name, basis in bases[prior].items()}
    return InCoefficients(
        penalty=Terms(tuple(name * sympy.Add(*basis) for name, basis in named.items())),
        formulas={name: Terms((written_out.coeff(basis[0]),)) for name, basis in named.items()},
    )


@lru_cache(maxsize=1)
def adjugate() -> tuple[tuple[Any, ...], ...]:
    """The inverse of a symmetric matrix of 2 x 2 with the entries C(1,1), C(1,2) and C(2,2), times its determinant."""
    import sympy

    c = sympy.Function("C")
    rows = sympy.Matrix([[c(1, 1), c(1, 2)], [c(1, 2), c(2, 2)]]).adjugate().tolist()
    return tuple(tuple(row) for row in rows)


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
