from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from generator.solver.sample_sums import INDEX, OBSERVATION, SIZE, evaluate, for_one, over, over_sample

T = sympy.Symbol("theta")
X = sympy.Sum(OBSERVATION, (INDEX, 1, SIZE))


def test_what_is_free_of_the_data_leaves_the_sum() -> None:
    assert over_sample(sympy.log(T)) == SIZE * sympy.log(T)
    assert over_sample(-T * OBSERVATION) == -T * X
    assert over_sample((1 - OBSERVATION) * sympy.log(1 - T)) == (SIZE - X) * sympy.log(1 - T)


def test_deviations_from_a_parameter_stay_together() -> None:
    square = (OBSERVATION - T) ** 2
    assert over_sample(square / 8, keep=T) == sympy.Sum(square, (INDEX, 1, SIZE)) / 8
    assert over_sample(OBSERVATION - T) == X - SIZE * T


def test_sums_over_another_index() -> None:
    j, count = sympy.symbols("j J")
    phi = sympy.Function("phi")
    assert over(phi(j) ** 2 / T, j, count) == sympy.Sum(phi(j) ** 2, (j, 1, count)) / T


def test_forgetting_the_sample_size() -> None:
    assert for_one(SIZE * sympy.log(T) - T * X) == sympy.log(T) - T * X


def test_evaluation_is_exact_where_it_can_be() -> None:
    values = {SIZE: 3, T: Fraction(1, 2)}
    assert evaluate(SIZE / X, values, (1, 2, 6)) == Fraction(1, 3)
    assert evaluate(X**2 - SIZE / T, values, (1, 2, 6)) == 75
    assert evaluate(sympy.exp(-T) + sympy.log(T), {T: 2}) == pytest.approx(0.135335 + 0.693147, abs=1e-6)


def test_evaluation_without_a_sample_runs_over_the_index() -> None:
    x = OBSERVATION.func
    assert evaluate(X, {SIZE: 2, x(1): 5, x(2): 7}) == 12
    j, k = sympy.symbols("j k")
    double = sympy.Sum(x(j) * x(k), (j, 1, 2), (k, 1, 2))
    assert evaluate(double, {x(1): 5, x(2): 7}) == 144
