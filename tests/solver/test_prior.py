from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.stats as stats
import sympy
from scipy.integrate import trapezoid

from generator.solver.prior import Objective, Prior, adjugate, in_coefficients, penalty_of

PRIORS: tuple[Prior, ...] = ("normal", "normals", "laplace", "elastic-net", "correlated-normal")
OBJECTIVES: tuple[Objective, ...] = ("sum", "half")
every_prior = pytest.mark.parametrize("prior", PRIORS)
every_objective = pytest.mark.parametrize("objective", OBJECTIVES)
J, SIGMA, TAU, B = sympy.symbols("J sigma tau b", positive=True)


def positive(expression: object) -> sympy.Expr:
    """The expression for positive constants, so that logarithms and roots simplify."""
    names = {sympy.Symbol(name): sympy.Symbol(name, positive=True) for name in ("J", "sigma", "tau", "b", "D", "Z")}
    return sympy.sympify(expression).xreplace(names)


@every_prior
@every_objective
def test_negative_logarithm_of_the_density(prior: Prior, objective: Objective) -> None:
    steps = penalty_of(prior, "phi", objective)
    density = positive(steps.density.meaning)
    j = sympy.Symbol("j")
    own = {sympy.Function("tau")(j): sympy.Symbol("t", positive=True), sympy.Function("phi")(j): sympy.Rational(7, 3)}
    claimed = positive(steps.minus_log.meaning)
    difference = (-sympy.log(density) - claimed).xreplace(own).subs({"tau": 2, "b": 3, "Z": 5, "D": 7, "J": 2})
    difference = difference.subs({TAU: 2, B: 3, sympy.Symbol("Z", positive=True): 5})
    assert sympy.simplify(sympy.expand_log(difference, force=True)) == 0


@every_prior
@every_objective
def test_the_objective_is_the_scaled_log_posterior(prior: Prior, objective: Objective) -> None:
    steps = penalty_of(prior, "phi", objective)
    assert sympy.expand(steps.penalty.meaning - steps.scale.meaning * steps.kept.meaning) == 0
    written_out = [
        terms.meaning.subs({"n": 2, "J": 2}).doit() for terms in (steps.posterior, steps.data, steps.penalty)
    ]
    assert sympy.expand(steps.scale.meaning * written_out[0] - written_out[1] - written_out[2]) == 0
    data_term = steps.data.meaning.as_independent(sympy.Sum, as_Add=False)[0]
    assert data_term == (1 if objective == "sum" else sympy.Rational(1, 2))


def test_penalties_read_as_in_a_textbook() -> None:
    assert penalty_of("normal", "phi", "sum").penalty.tex == r"\frac{\sigma^{2}}{\tau^{2}} \sum_{j=1}^{J} \phi_j^{2}"
    assert penalty_of("laplace", "w", "sum").penalty.tex == r"\frac{2 \sigma^{2}}{b} \sum_{j=1}^{J} \left|w_j\right|"
    normals = penalty_of("normals", "phi", "half").penalty.tex
    assert normals == r"\frac{\sigma^{2}}{2} \sum_{j=1}^{J} \frac{\phi_j^{2}}{\tau_j^{2}}"


@every_prior
@pytest.mark.parametrize("objective", [*OBJECTIVES, "likelihood"])
def test_coefficients_times_their_terms_are_the_penalty(prior: Prior, objective: Objective) -> None:
    size = 2 if prior == "correlated-normal" else 4
    form = in_coefficients(prior, "phi", objective, size)
    put_in = form.penalty.meaning.xreplace({name: formula.meaning for name, formula in form.formulas.items()})
    written_out = penalty_of(prior, "phi", objective).penalty.meaning.subs("J", size).doit()
    precision = sympy.Function("A")
    assert sympy.expand(put_in - written_out.subs(precision(2, 1), precision(1, 2))) == 0


@every_prior
@every_objective
def test_the_noise_is_that_of_a_normal_density(prior: Prior, objective: Objective) -> None:
    steps = penalty_of(prior, "phi", objective)
    gap = sympy.Function("y")(sympy.Symbol("i")) - sympy.Rational(1, 3)
    density = sympy.exp(-(gap**2) / (2 * SIGMA**2)) / sympy.sqrt(2 * sympy.pi * SIGMA**2)
    model = next(iter(found for found in steps.noise.meaning.atoms(sympy.Function) if found.func.__name__ == "f"))
    claimed = positive(steps.noise.meaning).xreplace({model: sympy.Rational(1, 3)})
    difference = (claimed + sympy.log(density)).subs({gap.args[1]: 2, SIGMA: 3})
    assert sympy.simplify(sympy.expand_log(difference, force=True)) == 0
    assert steps.noise_constant.meaning == sympy.log(2 * sympy.pi * sympy.Symbol("sigma") ** 2) / 2


def test_the_adjugate_times_the_matrix_is_the_determinant() -> None:
    c = sympy.Function("C")
    matrix = sympy.Matrix([[c(1, 1), c(1, 2)], [c(1, 2), c(2, 2)]])
    product = matrix * sympy.Matrix(adjugate())
    assert (product - matrix.det() * sympy.eye(2)).applyfunc(sympy.expand) == sympy.zeros(2)


def density_on(prior: Prior, points: np.ndarray[Any, Any], **constants: float) -> np.ndarray[Any, Any]:
    """A printed density at points of one coordinate, for constants under their symbols."""
    j = sympy.Symbol("j")
    one = sympy.Symbol("one", real=True)
    found = penalty_of(prior, "phi", "sum").density.meaning
    found = found.subs({sympy.Function("tau")(j): constants.get("tau", 1), sympy.Function("phi")(j): one})
    values = sympy.lambdify(one, found.subs(constants), "numpy")(points)
    return np.asarray(values, dtype=float)


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.5])
@pytest.mark.parametrize("prior", ["normal", "normals", "laplace"])
def test_the_density_of_a_parameter_integrates_to_one(prior: Prior, scale: float) -> None:
    # The kink of the Laplace density is one of the points, so that the sum of trapezia is as good as for the others.
    points = np.linspace(-40 * scale, 40 * scale, 20_001)
    density = density_on(prior, points, **{"b" if prior == "laplace" else "tau": scale})
    assert trapezoid(density, points) == pytest.approx(1, abs=1e-5)
    variance = 2 * scale**2 if prior == "laplace" else scale**2
    assert trapezoid(points**2 * density, points) == pytest.approx(variance, rel=1e-4)


@pytest.mark.parametrize(("tau", "width"), [(0.5, 2.0), (1.5, 0.7), (3.0, 3.0)])
def test_the_elastic_net_is_a_normal_times_a_laplace_density(tau: float, width: float) -> None:
    points = np.linspace(-2, 2, 9)
    product = stats.norm(0, tau).pdf(points) * stats.laplace(0, width).pdf(points)
    found = density_on("elastic-net", points, tau=tau, b=width, Z=3.0)
    # Z makes the density integrate to 1, so only the shape is given, and 1/Z in front.
    assert found / found[4] == pytest.approx(product / product[4])
    assert found[4] == pytest.approx(1 / 3)


@pytest.mark.parametrize("covariance", [((2, 1), (1, 3)), ((1, 0), (0, 4)), ((5, -2), (-2, 1))])
def test_the_correlated_density_is_that_of_a_multivariate_normal(covariance: tuple[tuple[int, ...], ...]) -> None:
    matrix = np.array(covariance, dtype=float)
    precision = np.linalg.inv(matrix)
    entry, phi = sympy.Function("A"), sympy.Function("phi")
    first, second = sympy.symbols("first second", real=True)
    found = penalty_of("correlated-normal", "phi", "sum").density.meaning.subs("J", 2).doit()
    found = found.subs({entry(i + 1, k + 1): precision[i, k] for i in (0, 1) for k in (0, 1)})
    found = found.subs({phi(1): first, phi(2): second, "D": float(np.linalg.det(matrix))})
    axis = np.linspace(-20, 20, 401)
    x, y = np.meshgrid(axis, axis)
    values = sympy.lambdify((first, second), found, "numpy")(x, y)
    assert np.sum(values) * 0.1**2 == pytest.approx(1, abs=1e-6)
    assert values[180:220:7, 190:230:9] == pytest.approx(
        stats.multivariate_normal([0, 0], matrix).pdf(np.dstack((x, y)))[180:220:7, 190:230:9]
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("deviation", [0.4, 1.0, 3.0])
def test_the_density_of_the_noise_integrates_to_one(objective: Objective, deviation: float) -> None:
    noise = penalty_of("normal", "phi", objective).noise.meaning
    observation = next(found for found in noise.atoms(sympy.Function) if found.func.__name__ == "y")
    model = next(found for found in noise.atoms(sympy.Function) if found.func.__name__ == "f")
    gap = sympy.Symbol("gap", real=True)
    values = {observation: gap + sympy.Rational(2, 7), model: sympy.Rational(2, 7), "sigma": deviation}
    density = sympy.lambdify(gap, sympy.exp(-noise.subs(values)), "numpy")
    points = np.linspace(-12 * deviation, 12 * deviation, 2_001)
    assert trapezoid(density(points), points) == pytest.approx(1, abs=1e-9)
