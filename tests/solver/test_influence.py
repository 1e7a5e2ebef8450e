from __future__ import annotations

from typing import get_args

import pytest
import sympy

from generator.solver.influence import Estimator, refit, steps

THETA, EPSILON, PENALTY, SIZE = sympy.symbols("theta epsilon lamda n")
INDEX = sympy.Symbol("i")
X, Y = sympy.Function("x"), sympy.Function("y")
ESTIMATORS: tuple[Estimator, ...] = get_args(Estimator)
DATA = {"x": (1, 3, 4), "y": (2, -1, 5)}


def on_data(expression: sympy.Expr, point: int = 0) -> sympy.Expr:
    """The expression on three observations, with a penalty of 2 and (x_k, y_k) one of them."""
    written = expression.subs({SIZE: 3, PENALTY: 2}).doit()
    values = {X(i + 1): x for i, x in enumerate(DATA["x"])} | {Y(i + 1): y for i, y in enumerate(DATA["y"])}
    return written.subs(values).subs({"x_k": DATA["x"][point], "y_k": DATA["y"][point]})


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_derivatives_of_the_loss(estimator: Estimator) -> None:
    found = steps(estimator, "theta")
    assert sympy.simplify(sympy.diff(found.loss, THETA) - found.slope) == 0
    assert sympy.simplify(sympy.diff(found.slope, THETA) - found.curvature) == 0
    point = found.slope.subs({X(INDEX): sympy.Symbol("x_k"), Y(INDEX): sympy.Symbol("y_k")})
    assert sympy.simplify(point - found.slope_at_point) == 0


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_estimate_and_influence_solve_the_weighted_problem(estimator: Estimator) -> None:
    """The implicit derivative of the weighted problem's stationary point, on three observations."""
    found = steps(estimator, "theta")
    slopes = [
        found.slope.subs({X(INDEX): x, Y(INDEX): y, PENALTY: 2}) for x, y in zip(DATA["x"], DATA["y"], strict=True)
    ]
    estimate = on_data(found.estimate)
    for point in range(3):
        equation = sum(slopes) / 3 + EPSILON * slopes[point]
        assert sympy.simplify(equation.subs({EPSILON: 0, THETA: estimate})) == 0
        implicit = sympy.idiff(equation, THETA, EPSILON).subs({EPSILON: 0, THETA: estimate})
        assert sympy.simplify(implicit - on_data(found.influence, point).subs(THETA, estimate)) == 0
    mean = sum(sympy.diff(slope, THETA) for slope in slopes) / 3
    assert sympy.simplify(mean - on_data(found.hessian)) == 0


def test_refits_of_a_mean() -> None:
    found = refit("mean", 0, (1, 2, 6), (1, 2, 6))
    assert found.whole == pytest.approx(3)
    assert found.derivatives == pytest.approx((-2, -1, 3), abs=1e-6)
    assert found.without == pytest.approx((4, 3.5, 1.5))


def test_refits_of_a_slope_and_a_rate() -> None:
    assert refit("ridge-slope", 1.0, (1, 2), (3, 4)).without == pytest.approx((8 / 5, 3 / 2))
    assert refit("exponential-rate", 0, (1, 2, 6), (1, 2, 6)).without == pytest.approx((1 / 4, 2 / 7, 2 / 3))
