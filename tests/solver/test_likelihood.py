from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import scipy.stats as st
import sympy

from generator.solver import density
from generator.solver.likelihood import FAMILIES, SHAPES, Derivation, Family, Names, derive, in_support, sensible_known
from generator.solver.sample_sums import DATA, INDEX, OBSERVATION, SIZE

Frozen = Callable[[float], Any]
KNOWN: dict[Family, int] = {
    "normal-mean": 4,
    "normal-variance": 2,
    "laplace-scale": 3,
    "pareto": 2,
    "gamma-rate": 3,
    "weibull-scale": 2,
    "log-normal-mean": 3,
}
BY_SCIPY: dict[Family, Frozen] = {
    "exponential": lambda t: st.expon(scale=1 / t),
    "exponential-mean": lambda t: st.expon(scale=t),
    "poisson": st.poisson,
    "bernoulli": st.bernoulli,
    "geometric": st.geom,
    "normal-mean": lambda t: st.norm(t, 2),
    "normal-variance": lambda t: st.norm(2, t**0.5),
    "laplace-scale": lambda t: st.laplace(3, t),
    "rayleigh": lambda t: st.rayleigh(scale=t),
    "pareto": lambda t: st.pareto(t, scale=2),
    "gamma-rate": lambda t: st.gamma(3, scale=1 / t),
    "weibull-scale": lambda t: st.weibull_min(2, scale=t),
    "log-normal-mean": lambda t: st.lognorm(3**0.5, scale=math.exp(t)),
    "uniform": lambda t: st.uniform(0, t),
}
SAMPLES: dict[Family, tuple[int, ...]] = {
    "poisson": (0, 4, 3),
    "bernoulli": (1, 0, 1),
    "geometric": (1, 4, 2),
    "pareto": (2, 8, 5),
    "uniform": (3, 7, 5),
}
THETA, OTHER = sympy.Symbol("theta"), sympy.Symbol("lamda")
every_family = pytest.mark.parametrize("family", FAMILIES)


def steps_of(family: Family) -> Derivation:
    return derive(family, KNOWN.get(family), Names("theta", "x"))


def sample_of(family: Family) -> tuple[int, ...]:
    return SAMPLES.get(family, (2, 5, 1))


def point_of(family: Family) -> float:
    return 0.35 if SHAPES[family].domain == "probability" else 8.5 if family == "uniform" else 1.7


def number(expression: Any, family: Family, parameter: Any = None) -> float:
    """The value on the family's sample, by SymPy alone: sums written out, then numbers put in."""
    sample = sample_of(family)
    written_out = expression.subs(SIZE, len(sample)).doit()
    values = {DATA(i): x for i, x in enumerate(sample, 1)}
    return float(written_out.subs(values).subs(THETA, point_of(family) if parameter is None else parameter))


def summed(family: Family, parameter: float) -> float:
    frozen = BY_SCIPY[family](parameter)
    discrete = family in ("poisson", "bernoulli", "geometric")
    return float(sum(frozen.logpmf(x) if discrete else frozen.logpdf(x) for x in sample_of(family)))


@every_family
def test_log_likelihood_is_the_sum_of_scipys_log_densities(family: Family) -> None:
    assert number(steps_of(family).log_likelihood.meaning, family) == pytest.approx(summed(family, point_of(family)))


@every_family
def test_plain_densities_agree_with_scipys(family: Family) -> None:
    found = density.log_likelihood(family, KNOWN.get(family, 0), sample_of(family), point_of(family))
    assert found == pytest.approx(summed(family, point_of(family)))


@every_family
def test_every_step_says_the_same(family: Family) -> None:
    steps = steps_of(family)
    product = sympy.Product(steps.single.meaning, (INDEX, 1, SIZE))
    sum_of_logs = sympy.Sum(steps.split.meaning, (INDEX, 1, SIZE))
    values = [
        number(sympy.log(product), family),
        number(sum_of_logs, family),
        number(steps.log_likelihood.meaning, family),
    ]
    assert values == pytest.approx([values[0]] * 3)
    assert number(steps.score.meaning, family) == pytest.approx(number(steps.score_in_sums.meaning, family))


@every_family
def test_score_and_second_derivative_are_derivatives(family: Family) -> None:
    steps = steps_of(family)
    written_out = steps.log_likelihood.meaning.subs(SIZE, 3).doit()
    for order, claimed in ((1, steps.score), (2, steps.second)):
        difference = sympy.diff(written_out, THETA, order) - claimed.meaning.subs(SIZE, 3).doit()
        assert sympy.simplify(sympy.expand(difference)) == 0


@every_family
def test_the_stationary_point(family: Family) -> None:
    steps = steps_of(family)
    maximum = steps.maximum
    if family == "uniform":
        assert maximum is None
        return
    assert maximum is not None
    score = number(steps.score.meaning, family)
    multiplier = number(maximum.multiplier.meaning, family)
    assert multiplier > 0
    assert number(maximum.cleared.meaning, family) == pytest.approx(score * multiplier)
    assert number(maximum.collected.meaning, family) == pytest.approx(score * multiplier)
    split = maximum.top.meaning - maximum.moved.meaning
    assert number(split, family) == pytest.approx(score * multiplier)
    estimate = number(maximum.estimator.meaning, family)
    assert number(steps.score.meaning, family, estimate) == pytest.approx(0, abs=1e-9)
    assert number(maximum.statistic, family, estimate) == pytest.approx(
        number(maximum.implied.meaning, family, estimate)
    )
    curvature = number(steps.second.meaning, family, estimate)
    assert curvature < 0
    assert number(maximum.inserted.meaning, family, estimate) == pytest.approx(curvature)
    assert number(maximum.curvature.meaning, family, estimate) == pytest.approx(curvature)


@every_family
def test_concave_families_are_concave_everywhere(family: Family) -> None:
    steps = steps_of(family)
    if steps.maximum is None:
        return
    points = (0.1, 0.3, 0.6, 0.9) if SHAPES[family].domain == "probability" else (0.1, 1.0, 4.0, 30.0)
    negative = [number(steps.second.meaning, family, point) < 0 for point in points]
    assert all(negative) is steps.maximum.concave


@every_family
def test_search_finds_the_estimate(family: Family) -> None:
    maximum = steps_of(family).maximum
    expected = max(sample_of(family)) if maximum is None else number(maximum.estimator.meaning, family)
    found = density.most_likely(family, KNOWN.get(family, 0), sample_of(family))
    assert found == pytest.approx(expected, rel=1e-8)


@every_family
def test_names_change_nothing_but_names(family: Family) -> None:
    renamed = derive(family, KNOWN.get(family), Names("lamda", "y"))
    back = {OTHER: THETA, sympy.Function("y")(INDEX): OBSERVATION}
    assert renamed.log_likelihood.meaning.xreplace(back) == steps_of(family).log_likelihood.meaning
    assert r"\lambda" in renamed.log_likelihood.tex
    assert "x_i" not in renamed.log_likelihood.tex


def test_the_exponential_family_reads_as_in_a_textbook() -> None:
    steps = derive("exponential", None, Names("lamda", "x"))
    assert steps.density.tex == r"\lambda e^{-\lambda x}"
    assert steps.split.tex == r"\ln \lambda - \lambda x_i"
    assert steps.log_likelihood.tex == r"n \ln \lambda - \lambda \sum_{i=1}^{n} x_i"
    assert steps.score.tex == r"\frac{n}{\lambda} - \sum_{i=1}^{n} x_i"
    assert steps.maximum is not None
    assert steps.maximum.estimator.tex == r"\frac{n}{\sum_{i=1}^{n} x_i}"
    assert steps.second.tex == r"-\frac{n}{\lambda^{2}}"


def test_the_bernoulli_family_reads_as_in_a_textbook() -> None:
    steps = derive("bernoulli", None, Names("p", "x"))
    assert steps.density.tex == r"p^{x} (1 - p)^{1 - x}"
    successes = r"\sum_{i=1}^{n} x_i"
    failures = rf"\left(n - {successes}\right) \, \ln(1 - p)"
    assert steps.log_likelihood.tex == rf"\ln(p) {successes} + {failures}"


@pytest.mark.parametrize(
    ("family", "known", "sensible"),
    [
        ("exponential", None, True),
        ("exponential", 2, False),
        ("normal-mean", None, False),
        ("normal-mean", Fraction(1, 2), True),
        ("normal-mean", 0, False),
        ("pareto", -1, False),
        ("laplace-scale", -1, True),
        ("gamma-rate", Fraction(5, 2), False),
        ("weibull-scale", 4, True),
    ],
)
def test_known_constants(family: Family, known: int | Fraction | None, sensible: bool) -> None:
    assert sensible_known(family, known) is sensible


@pytest.mark.parametrize(
    ("family", "x", "possible"),
    [
        ("poisson", 0, True),
        ("poisson", Fraction(1, 2), False),
        ("geometric", 0, False),
        ("bernoulli", 2, False),
        ("pareto", 2, True),
        ("pareto", 1, False),
        ("rayleigh", 0, False),
        ("normal-mean", -3, True),
        ("uniform", 0, True),
    ],
)
def test_support(family: Family, x: int | Fraction, possible: bool) -> None:
    assert in_support(family, KNOWN.get(family), x) is possible


@every_family
def test_the_likelihood_of_the_sample_is_the_product_of_the_densities(family: Family) -> None:
    steps = steps_of(family)
    written_out = steps.likelihood.meaning.subs(SIZE, 3).doit()
    values = {DATA(i): x for i, x in enumerate(sample_of(family), 1)}
    at = 0.4 if SHAPES[family].domain == "probability" else 7.5
    found = float(written_out.subs(values).subs(THETA, at))
    frozen = BY_SCIPY[family](at)
    density_at = (
        frozen.pmf if hasattr(frozen, "pmf") and family in ("poisson", "bernoulli", "geometric") else frozen.pdf
    )
    assert found == pytest.approx(math.prod(float(density_at(x)) for x in sample_of(family)))


def test_likelihoods_read_as_in_a_textbook() -> None:
    assert steps_of("uniform").likelihood.tex == r"\frac{1}{\theta^{n}}"
    poisson = r"\frac{\theta^{\sum_{i=1}^{n} x_i}}{\prod_{i=1}^{n} x_i!} e^{-n \theta}"
    assert steps_of("poisson").likelihood.tex == poisson
