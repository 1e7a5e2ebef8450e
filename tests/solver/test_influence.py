from __future__ import annotations

from typing import get_args

import pytest
import sympy

from generator.solver.influence import Estimator, expansion, refit, steps
from generator.solver.influence_tex import shown_steps

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


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_total_slope_adds_up_the_slopes_and_vanishes_at_the_estimate(estimator: Estimator) -> None:
    found = steps(estimator, "theta")
    slopes = (
        found.slope.subs({X(INDEX): x, Y(INDEX): y, PENALTY: 2}) for x, y in zip(DATA["x"], DATA["y"], strict=True)
    )
    total_slope = on_data(found.total_slope)
    assert sympy.simplify(total_slope - sum(slopes)) == 0
    assert sympy.simplify(total_slope.subs(THETA, on_data(found.estimate))) == 0


def concrete(expression: sympy.Expr) -> sympy.Expr:
    """An expansion for two observations (the first is the one whose weight changes) and one particular loss.

    The loss is (t - z)^2 / 2 + t^4, and the minimiser moves as 1 + 3 e + e^2, which is arbitrary.
    """
    weight, t = sympy.symbols("varepsilon t")
    z = sympy.Function("z")
    written = expression.subs(SIZE, 2).doit().subs(sympy.Symbol("k"), 1).subs({z(1): 5, z(2): -2})
    loss = (t - sympy.Symbol("z")) ** 2 / 2 + t**4
    for order in (1, 2):
        slope = sympy.Lambda((sympy.Symbol("z"), t), sympy.diff(loss, t, order))
        written = written.replace(lambda e, n="L" + "'" * order: type(e).__name__ == n, lambda e, s=slope: s(*e.args))
    path = 1 + 3 * weight + weight**2
    moving = sympy.Function(r"\hat{w}")(weight)
    # The minimiser's derivative first, or it would be that of a number.
    written = written.subs(sympy.Derivative(moving, weight), sympy.diff(path, weight)).subs(moving, path)
    return written.subs(sympy.Symbol(r"\hat{w}"), 1)


def test_the_expansion_is_the_derivative_of_the_stationarity() -> None:
    steps_of_proof, weight = expansion("w"), sympy.Symbol("varepsilon")
    claimed = steps_of_proof.pull.meaning * steps_of_proof.speed.meaning + steps_of_proof.rest.meaning
    assert sympy.expand(concrete(claimed) - sympy.diff(concrete(steps_of_proof.stationary.meaning), weight)) == 0
    mean_curvature = concrete(steps_of_proof.pull.terms[0]).subs(weight, 0)
    values = {"H": mean_curvature, "I_k": 3}
    assert sympy.expand(concrete(steps_of_proof.at_zero.meaning).subs(values) - concrete(claimed).subs(weight, 0)) == 0


def test_the_expansion_reads_as_in_a_textbook() -> None:
    found = expansion("theta")
    at = r"\hat{\theta}(\varepsilon)"
    assert found.stationary.tex == rf"\frac{{1}}{{n}} \sum_{{i=1}}^{{n}} L'(z_i; {at}) + \varepsilon L'(z_k; {at})"
    assert found.pull.tex == rf"\frac{{1}}{{n}} \sum_{{i=1}}^{{n}} L''(z_i; {at}) + \varepsilon L''(z_k; {at})"
    assert found.at_zero.tex == r"H I_{k} + L'(z_k; \hat{\theta})"


def test_the_inverse_of_the_second_derivative_is_printed() -> None:
    # The loss theta x - ln(theta) of an exponential rate has the second derivative 1/theta^2.
    assert shown_steps("exponential-rate", "theta")["inverse_hessian"] == r"\hat{\theta}^{2}"
    assert shown_steps("exponential-rate", "lamda")["inverse_hessian"] == r"\hat{\lambda}^{2}"
    assert shown_steps("mean", "theta")["inverse_hessian"] == "1"
