"""The Hessian of simple linear regression in symbols, from one squared error to trace, determinant and eigenvalues."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from generator.exercises.regression._naming import Letter
from generator.notation import matrix_tex

Reduction = Literal["sum", "half the sum", "mean"]
"""How the squared errors are put together."""


_BAR = (r"\overline", r"\bar")
"""How the mean is called in expressions (the printer takes what wears a bar for a vector) and on paper."""


def factor(reduction: Reduction) -> Any:
    """What stands before the sum of the squared errors, in n."""
    import sympy

    shares = {"sum": sympy.Integer(1), "half the sum": sympy.Rational(1, 2), "mean": 1 / sympy.Symbol("n")}
    return shares[reduction]


@lru_cache(maxsize=16)
def symbolic_steps(letter: Letter, reduction: Reduction) -> Mapping[str, Any]:
    """Loss, Hessian, trace and determinant, and the steps to them.

    ``first`` and ``second`` are the derivatives of one squared error. Trace and determinants are tuples of summands in
    the order of print; so are the equal forms in ``spread`` of a sum of squares about the mean. The determinant is a
    multiple of that, ``spread_determinant``.
    """
    import sympy

    from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE, over_sample

    b0, b1, x, y = sympy.symbols(f"{letter}_0 {letter}_1 x_i y_i")
    of_sample = {x: OBSERVATION, y: sympy.Function("y")(INDEX)}
    share, error = factor(reduction), (b0 + b1 * x - y) ** 2
    first = tuple(sympy.factor(error.diff(parameter)) for parameter in (b0, b1))
    second = tuple(tuple(one.diff(parameter) for parameter in (b0, b1)) for one in first)
    hessian = tuple(tuple(share * over_sample(entry.subs(of_sample)) for entry in row) for row in second)
    (p, q), (_, r) = hessian
    spread = _spread()
    front = sympy.simplify(abbreviated(p * r - q**2) / abbreviated(sum(spread[-1])))
    return {
        "loss": share * sympy.Sum(error.subs(of_sample), (INDEX, 1, SIZE)),
        "error": error,
        "first": first,
        "second": second,
        "hessian": hessian,
        "trace": (p, r),
        "determinant": (sympy.expand(p * r), -(q**2)),
        "wrong_determinant": (sympy.expand(p * r), q**2),
        "first_once": share * second[0][0],
        "spread": spread,
        "spread_determinant": front * spread[0][0],
    }


@lru_cache(maxsize=1)
def _spread() -> tuple[tuple[Any, ...], ...]:
    """The sum of squares about the mean, times n: as such, multiplied out, and with the mean written out."""
    import sympy

    from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE, over_sample

    mean = sympy.Symbol(rf"{_BAR[0]}{{x}}")
    squares = sympy.expand((OBSERVATION - mean) ** 2)
    # In the order of a binomial: the power of the mean rises.
    summands = sorted(squares.args, key=lambda summand: sympy.degree(summand, mean))
    multiplied = tuple(SIZE * over_sample(summand) for summand in summands)
    total = over_sample(OBSERVATION)
    left = sympy.expand(sum(multiplied[1:]).subs(mean, total / SIZE))
    return ((SIZE * sympy.Sum((OBSERVATION - mean) ** 2, (INDEX, 1, SIZE)),), multiplied, (multiplied[0], left))


@lru_cache(maxsize=1)
def sums() -> tuple[Any, Any]:
    """The symbols S_1 and S_2 for the sum of the inputs and for the sum of their squares."""
    import sympy

    first, second = sympy.symbols("S_1 S_2")
    return first, second


def abbreviated(expression: Any) -> Any:
    """An expression over the sample with the symbols S_1 and S_2 in place of its sums."""
    import sympy

    from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE

    # Written out, so that a sum over anything but the whole sample is not taken for one of them.
    values = (sympy.Sum(OBSERVATION**power, (INDEX, 1, SIZE)) for power in (1, 2))
    return expression.subs(dict(zip(values, sums(), strict=True)))


@lru_cache(maxsize=1)
def eigenvalue_steps() -> Mapping[str, tuple[Any, ...]]:
    """The eigenvalues of the matrix of n, S_1, S_1 and S_2, as the roots of its characteristic polynomial.

    Every step is a tuple of summands in the order of print: trace and determinant, the discriminant simplified, and in
    terms of its root both eigenvalues, doubled.
    """
    import sympy

    n, D = sympy.symbols("n D")
    first, second = sums()
    return {
        "trace": (n, second),
        "determinant": (n * second, -(first**2)),
        "discriminant": ((n - second) ** 2, 4 * first**2),
        "larger": (n, second, sympy.sqrt(D)),
        "smaller": (n, second, -sympy.sqrt(D)),
    }


@lru_cache(maxsize=16)
def shown(letter: Letter, reduction: Reduction) -> Mapping[str, Any]:
    """The steps in TeX."""
    from generator.solver.sample_sums import sum_tex, tex

    steps = symbolic_steps(letter, reduction)
    (p, q), (_, r) = steps["hessian"]
    trace, determinant, discriminant = (
        sum_tex(eigenvalue_steps()[name]) for name in ("trace", "determinant", "discriminant")
    )
    return {
        "loss": tex(steps["loss"]),
        "error": tex(steps["error"]),
        "first": tuple(map(tex, steps["first"])),
        "second": _entries(steps["second"]),
        "hessian": hessian_tex(steps["hessian"]),
        "product": rf"{tex(p)} \cdot {tex(r)} - \left({tex(q)}\right)^{{2}}",
        "spread": " = ".join(map(sum_tex, steps["spread"])).replace(*_BAR),
        "spread_determinant": tex(steps["spread_determinant"]).replace(*_BAR),
        "invariants": (sum_tex(steps["trace"]), sum_tex(steps["determinant"])),
        "wrong_invariants": (sum_tex(steps["trace"]), sum_tex(steps["wrong_determinant"])),
        "multiple": tex(2 * factor(reduction)),
        "polynomial": rf"\mu^2 - ({trace})\,\mu + ({determinant})",
        "discriminant": f"({trace})^2 - 4\\,({determinant}) = {discriminant}",
    }


def _entries(rows: Any) -> tuple[tuple[str, ...], ...]:
    from generator.solver.sample_sums import tex

    return tuple(tuple(map(tex, row)) for row in rows)


def hessian_tex(rows: Any) -> str:
    """A matrix of expressions over the sample in TeX."""
    return matrix_tex(_entries(rows))


def invariants_tex(invariants: tuple[str, str]) -> str:
    """Trace and determinant, named, from the TeX of both."""
    trace, determinant = invariants
    return rf"\operatorname{{tr}}\mathbf{{H}} = {trace}, \qquad \det\mathbf{{H}} = {determinant}"
