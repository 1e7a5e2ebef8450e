"""Weight decay and the L2 penalty whose gradient step is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal

from generator.solver.likelihood import Terms

Optimizer = Literal["sgd", "momentum", "adam", "schedule"]
"""Plain steps on mini-batches, steps with momentum, Adam, plain steps with a falling learning rate."""
Vector = list[float]
Gradient = Callable[[Sequence[float]], Vector]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """The steps from a gradient step on the penalised loss to weight decay.

    ``penalty`` is what is added to the loss, ``slope`` its derivative with respect to one parameter, and
    ``penalised_slope`` that of the penalised loss; ``update`` has the right-hand sides of the update rule, each equal
    to the next. In a step with ``half_rate``, half of the learning rate, the penalty takes ``taken_off`` off a
    parameter, and weight decay ``decayed``.
    """

    penalty: Terms
    coefficient: Terms
    slope: Terms
    penalised_slope: Terms
    update: tuple[Terms, ...]
    half_rate: Terms
    taken_off: Terms
    decayed: Terms


@lru_cache(maxsize=64)
def equivalence(parameter: str, decay: str, rate: str, index: int | None = None) -> Equivalence:
    """The steps in symbols of the given names, for the parameter with an index, or for any one, j."""
    import sympy

    from generator.solver.formula_tex import tex

    k, count = sympy.symbols("k K")
    lamda, alpha, phi = sympy.Symbol(decay), sympy.Symbol(rate), sympy.Function(parameter)
    one = phi(sympy.Symbol("j") if index is None else index)
    coefficient = lamda / (2 * alpha)
    # Only the term k = j of the sum depends on the parameter.
    slope = sympy.diff(coefficient * sympy.Symbol("z") ** 2, "z").subs("z", one)
    loss_slope = sympy.Symbol(rf"\frac{{\partial L}}{{\partial {tex(one)}}}")
    return Equivalence(
        penalty=Terms((coefficient * sympy.Sum(phi(k) ** 2, (k, 1, count)),)),
        coefficient=Terms((coefficient,)),
        slope=Terms((slope,)),
        penalised_slope=Terms((loss_slope, slope)),
        update=(
            Terms((one, sympy.Mul(-1, alpha, loss_slope + slope, evaluate=False))),
            Terms((one, -alpha * loss_slope, -alpha * slope)),
            Terms(((1 - lamda) * one, -alpha * loss_slope)),
        ),
        half_rate=Terms((alpha / 2,)),
        taken_off=Terms((alpha / 2 * slope,)),
        decayed=Terms((lamda * one,)),
    )


@dataclass(frozen=True, slots=True)
class Quadratic:
    """A quadratic loss of some parameters, as it is written, and its slopes in the parameters' order."""

    loss: Terms
    slopes: tuple[Terms, ...]


@lru_cache(maxsize=1024)
def quadratic(
    parameter: str, squares: tuple[int, ...], products: tuple[int, ...], linear: tuple[int, ...]
) -> Quadratic:
    """The loss with these coefficients; ``products`` has one per pair, in the order 12, 13, 23."""
    import sympy

    phi = [sympy.Function(parameter)(j) for j in range(1, len(squares) + 1)]
    monomials = [one**2 for one in phi] + [one * other for one, other in combinations(phi, 2)] + phi
    factors = (*squares, *products, *linear)
    terms = tuple(factor * monomial for factor, monomial in zip(factors, monomials, strict=True) if factor)

    def slope(one: Any) -> Terms:
        slopes = (factor * _slope(monomial, one) for factor, monomial in zip(factors, monomials, strict=True))
        parts = [part for part in slopes if part != 0]
        # In the order of the parameters, with the number last.
        places = {other: place for place, other in enumerate(phi)}
        return Terms(tuple(sorted(parts, key=lambda part: places.get(part.as_coeff_Mul()[1], len(phi)))))

    return Quadratic(Terms(terms), tuple(slope(one) for one in phi))


@lru_cache(maxsize=1024)
def _slope(monomial: Any, parameter: Any) -> Any:
    import sympy

    return sympy.diff(monomial, parameter)


def run(
    optimizer: Optimizer, gradient: Gradient, start: Sequence[float], decay: float, rate: float, steps: int
) -> tuple[list[Vector], list[Vector]]:
    """The parameters after each step: with weight decay, and by the same optimiser on the penalised loss."""

    def penalised(phi: Sequence[float]) -> Vector:
        return [g + decay / rate * value for g, value in zip(gradient(phi), phi, strict=True)]

    return (
        _path(optimizer, gradient, start, decay, rate, steps),
        _path(optimizer, penalised, start, 0.0, rate, steps),
    )


def _path(
    optimizer: Optimizer, gradient: Gradient, start: Sequence[float], decay: float, rate: float, steps: int
) -> list[Vector]:
    phi, path = list(start), []
    first, second = [0.0] * len(phi), [0.0] * len(phi)
    for step in range(1, steps + 1):
        slopes = gradient(phi)
        if optimizer == "momentum":
            first = [0.9 * v + g for v, g in zip(first, slopes, strict=True)]
            direction = first
        elif optimizer == "adam":
            first = [0.9 * m + 0.1 * g for m, g in zip(first, slopes, strict=True)]
            second = [0.999 * v + 0.001 * g * g for v, g in zip(second, slopes, strict=True)]
            direction = [
                m / (1 - 0.9**step) / ((v / (1 - 0.999**step)) ** 0.5 + 1e-8)
                for m, v in zip(first, second, strict=True)
            ]
        else:
            direction = slopes
        length = rate / 2 ** (step - 1) if optimizer == "schedule" else rate
        phi = [(1 - decay) * value - length * d for value, d in zip(phi, direction, strict=True)]
        path.append(phi)
    return path
