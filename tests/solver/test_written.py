from __future__ import annotations

import math

import pytest
import sympy

from generator.solver.written import (
    Derivation,
    add,
    evaluated,
    minus,
    over,
    partial_tex,
    quotient_rule,
    squared,
    times,
    written_tex,
)

X, Y, U = sympy.symbols("x y_i u")
E_UP, E_DOWN = sympy.exp(X), sympy.exp(-X)


@pytest.mark.parametrize(
    ("formula", "tex"),
    [
        (add(Y, X), "y_{i} + x"),
        (add(1, minus(E_DOWN)), "1 - e^{- x}"),
        (add(minus(X), Y), "- x + y_{i}"),
        (times(Y, add(1, minus(Y))), "y_{i} (1 - y_{i})"),
        (times(0, U), r"0 \cdot u"),
        (times(1, add(1, X)), r"1 \cdot (1 + x)"),
        (over(sympy.Integer(1), add(1, E_DOWN)), r"\frac{1}{1 + e^{- x}}"),
        (over(E_UP, squared(add(1, E_UP))), r"\frac{e^{x}}{(1 + e^{x})^{2}}"),
        (times(over(E_UP, U), over(E_DOWN, U)), r"\frac{e^{x}}{u} \frac{e^{- x}}{u}"),
        (times(minus(over(X, U)), Y), r"\left(- \frac{x}{u}\right) y_{i}"),
        (minus(over(sympy.Integer(1), U)), r"- \frac{1}{u}"),
        (sympy.log(add(1, E_UP)), r"\ln(1 + e^{x})"),
        (sympy.log(Y), r"\ln y_{i}"),
    ],
)
def test_formulas_keep_the_order_in_which_they_are_put_together(formula: sympy.Expr, tex: str) -> None:
    assert written_tex(formula) == tex


def test_members_of_families_and_sums() -> None:
    w, x = sympy.IndexedBase("w"), sympy.IndexedBase("x")
    i, j, N = sympy.symbols("i j N")
    form = sympy.Sum(times(w[i, j], x[i]), (i, 1, N))
    assert written_tex(form) == r"\sum_{i=1}^{N} w_{ij} x_{i}"
    numbers = {"N": 2, "j": 3, "x": (2.0, 5.0), "w": ((0, 0, 10.0), (0, 0, -1.0))}
    assert evaluated(form, numbers) == pytest.approx(2 * 10 - 5)
    assert written_tex(sympy.KroneckerDelta(i, j)) == r"\delta_{ij}"
    assert partial_tex(w[i, j], x[i]) == r"\frac{\partial w_{ij}}{\partial x_{i}}"


def test_the_quotient_rule() -> None:
    form = quotient_rule(E_UP, U, E_UP, E_DOWN)
    assert written_tex(form) == r"\frac{e^{x} u - e^{x} e^{- x}}{u^{2}}"
    assert evaluated(form, {"x": 0.5, "u": 3.0}) == pytest.approx((math.exp(0.5) * 3 - 1) / 9)


def test_a_derivation_is_one_chain() -> None:
    found = Derivation("y'", (add(X, X), times(2, X)))
    assert found.tex == "y' = x + x = 2 x"
    assert found.result == 2 * X
