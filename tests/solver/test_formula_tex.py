from __future__ import annotations

import pytest
import sympy

from generator.solver.formula_tex import powers_tex, tex
from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE

T, Y, Z, VECTOR = sympy.symbols("theta y z xbar")
X = sympy.Sum(OBSERVATION, (INDEX, 1, SIZE))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (SIZE * sympy.log(T) - T * X, r"n \ln \theta - \theta \sum_{i=1}^{n} x_i"),
        (SIZE / T, r"\frac{n}{\theta}"),
        (X / SIZE, r"\frac{1}{n} \sum_{i=1}^{n} x_i"),
        (sympy.log(T) * X, r"\ln(\theta) \sum_{i=1}^{n} x_i"),
        (-(T + 1) * sympy.log(OBSERVATION), r"-(\theta + 1) \ln x_i"),
        (1 - T, r"1 - \theta"),
        (sympy.exp(-((OBSERVATION - T) ** 2) / 8), r"\exp\left(-\frac{(x_i - \theta)^{2}}{8}\right)"),
        (1 + sympy.exp(-OBSERVATION), r"1 + e^{-x_i}"),
        (sympy.log(sympy.factorial(OBSERVATION)), r"\ln(x_i!)"),
        (sympy.Abs(OBSERVATION - 3), r"\left|x_i - 3\right|"),
        (sympy.exp(-T * X), r"\exp\left(-\theta \sum_{i=1}^{n} x_i\right)"),
        (X / (SIZE * T + X), r"\frac{\sum_{i=1}^{n} x_i}{n \theta + \sum_{i=1}^{n} x_i}"),
        (sympy.exp(-T) / (1 + sympy.exp(-T)), r"\frac{e^{-\theta}}{1 + e^{-\theta}}"),
        (T * sympy.gamma(sympy.Rational(1, 4)) / 2, r"\frac{\theta \Gamma\left(\frac{1}{4}\right)}{2}"),
    ],
)
def test_notation(expression: object, expected: str) -> None:
    assert tex(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (-2 * VECTOR * (Y - Z), r"-2 (y - z) \bar{x}"),
        (-VECTOR * sympy.sign(Y - Z), r"-\operatorname{sign}(y - z) \bar{x}"),
        (-Y * VECTOR / (1 + sympy.exp(Y * Z)), r"-\frac{y}{1 + e^{y z}} \bar{x}"),
        (sympy.Abs(Y - sympy.Symbol(r"w^\top \bar{x}")), r"\left|y - w^\top \bar{x}\right|"),
    ],
)
def test_a_vector_stands_behind_its_factors(expression: object, expected: str) -> None:
    assert tex(expression) == expected


def test_an_estimate_stands_behind_constants() -> None:
    hat = sympy.Symbol(r"\hat{w}")
    assert tex(sympy.Symbol("lamda") * hat) == r"\lambda \hat{w}"
    assert tex(hat * OBSERVATION) == r"\hat{w} x_i"


def test_functions_proper_and_their_derivatives() -> None:
    weight = sympy.Symbol("varepsilon")
    moving = sympy.Function(r"\hat{w}")(weight)
    assert tex(moving) == r"\hat{w}(\varepsilon)"
    assert tex(sympy.Derivative(moving, weight)) == r"\frac{d \hat{w}(\varepsilon)}{d \varepsilon}"
    assert tex(sympy.Function("L'")(OBSERVATION, T)) == r"L'(x_i; \theta)"


def test_a_product_over_the_sample_is_kept_apart_from_what_follows() -> None:
    whole = sympy.Product(OBSERVATION, (INDEX, 1, SIZE))
    assert powers_tex([(whole, 1), (T, SIZE)]) == r"\theta^{n} \prod_{i=1}^{n} x_i"
    assert powers_tex([(whole, 1), (sympy.E, -T)]) == r"\left(\prod_{i=1}^{n} x_i\right) e^{-\theta}"
    assert powers_tex([(T, SIZE), (whole, -1)]) == r"\frac{\theta^{n}}{\prod_{i=1}^{n} x_i}"
