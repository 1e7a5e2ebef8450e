from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from generator.exact import Log
from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE
from generator.solver.substitution import term, worked
from generator.working import line

T, R = sympy.symbols("theta r")
X = sympy.Sum(OBSERVATION, (INDEX, 1, SIZE))


def test_terms_print_the_numbers_that_were_put_in() -> None:
    work = term(2 * SIZE / X, {SIZE: 4, X: 12})
    assert line(r"\hat\theta", work).tex == r"\hat\theta = \frac{2 \cdot 4}{12} = \frac{2}{3}"
    shifted = term((OBSERVATION - 3) ** 2, {OBSERVATION: -1})
    assert line("", shifted).tex == r"(-1 - 3)^{2} = 16"


@pytest.mark.parametrize(
    ("expression", "value", "shown", "result"),
    [
        (2 * sympy.sign(R), -3, r"2 \cdot (-1)", -2),
        (sympy.Abs(R) / 3, -6, r"\frac{\left|-6\right|}{3}", 2),
        (sympy.log(R), Fraction(7, 6), r"\ln\frac{7}{6}", sympy.log(sympy.Rational(7, 6))),
        (sympy.exp(-R), Log(Fraction(3)), r"\exp(-\ln 3)", Fraction(1, 3)),
        (-(R**2), 4, "-4^{2}", -16),
        (1 / R, Fraction(3, 2), r"\frac{1}{\frac{3}{2}}", Fraction(2, 3)),
    ],
)
def test_functions_of_a_number(expression: object, value: object, shown: str, result: object) -> None:
    work = term(expression, {R: value})
    assert work.tex() == shown
    assert line("", work).result == result


def test_terms_keep_the_order_in_which_they_are_given() -> None:
    assert worked((sympy.Integer(1), R), {R: 5}).tex() == "1 + 5"
    assert worked((R, -T), {R: 5, T: -2}).tex() == "5 - (-2)"
    assert worked((2 * R, sympy.Integer(-2)), {R: 3}).tex() == r"2 \cdot 3 - 2"
