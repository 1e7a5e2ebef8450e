from __future__ import annotations

import pytest
import sympy

from generator.solver.prior import Objective, Prior, penalty_of

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
    data_term = steps.data.meaning.as_independent(sympy.Sum, as_Add=False)[0]
    assert data_term == (1 if objective == "sum" else sympy.Rational(1, 2))


def test_penalties_read_as_in_a_textbook() -> None:
    assert penalty_of("normal", "phi", "sum").penalty.tex == r"\frac{\sigma^{2}}{\tau^{2}} \sum_{j=1}^{J} \phi_j^{2}"
    assert penalty_of("laplace", "w", "sum").penalty.tex == r"\frac{2 \sigma^{2}}{b} \sum_{j=1}^{J} \left|w_j\right|"
    normals = penalty_of("normals", "phi", "half").penalty.tex
    assert normals == r"\frac{\sigma^{2}}{2} \sum_{j=1}^{J} \frac{\phi_j^{2}}{\tau_j^{2}}"
