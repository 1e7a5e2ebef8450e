from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from scipy.optimize import minimize_scalar

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.likelihood.mle_estimator import FAMILIES
from generator.notation import plain
from generator.solver.likelihood import FAMILIES as ALL_FAMILIES
from generator.solver.likelihood import Family
from generator.wording import word
from generator.working import lines_in


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("likelihood/mle-estimator")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def answer(instance: Instance, part: str) -> Any:
    return plain(instance.solution[part].answer)


def slip(instance: Instance, part: str, name: str) -> Any:
    return next(s.value for s in instance.slips if s.part == part and name in s.name)


def test_exercise_1_of_the_weekly_sheet(kind: ExerciseType) -> None:
    symbols = {"parameter": "lamda", "data": "x"}
    instance = pinned(kind, family="exponential", symbols=symbols, sample=[1, 4, 3])
    expected = {
        "a": "n*log(lamda) - lamda*Sum(x(i), (i, 1, n))",
        "b": "n/lamda - Sum(x(i), (i, 1, n))",
        "c": "n/Sum(x(i), (i, 1, n))",
        "e": "3/8",
    }
    for part, text in expected.items():
        assert sympy.sympify(answer(instance, part)) == sympy.sympify(text)


@pytest.mark.parametrize(
    ("family", "known", "sample", "estimate"),
    [
        ("exponential", None, [2, 4, 6], "1/4"),
        ("exponential-mean", None, [2, 4, 6], "4"),
        ("poisson", None, [0, 3, 2], "5/3"),
        ("bernoulli", None, [1, 0, 0, 1, 0], "2/5"),
        ("geometric", None, [1, 4, 3], "3/8"),
        ("normal-mean", 9, [-1, 4, 6], "3"),
        ("normal-variance", 1, [0, 3, 5], "7"),
        ("laplace-scale", 2, [0, 3, 5], "2"),
        ("rayleigh", None, [1, 2, 2, 3], "3/2"),
        ("pareto", 2, [2, 4, 16], "3/(4*log(2))"),
        ("gamma-rate", 3, [1, 3, 5], "1"),
        ("weibull-scale", 2, [1, 5, 7], "5"),
        ("weibull-scale", 3, [1, 1, 1], "1"),
        ("log-normal-mean", 2, [1, 4, 16], "2*log(2)"),
        ("uniform", None, [3, 8, 5], "8"),
    ],
)
def test_estimates_worked_by_hand(
    kind: ExerciseType, family: Family, known: int | None, sample: list[int], estimate: str
) -> None:
    instance = pinned(kind, family=family, known=known, sample=sample)
    assert sympy.simplify(sympy.sympify(answer(instance, "e")) - sympy.sympify(estimate)) == 0


def log_likelihood(instance: Instance, parameter: float) -> float:
    """The log-likelihood in the record, sums written out by SymPy."""
    names, sample = instance.parameters["symbols"], instance.parameters["sample"]
    data, size = sympy.Function(names["data"]), sympy.Symbol("n")
    expression = sympy.sympify(answer(instance, "a")).subs(size, len(sample)).doit()
    values = {data(i): sympy.sympify(x) for i, x in enumerate(sample, 1)}
    return float(expression.subs(values).subs(sympy.Symbol(names["parameter"]), parameter))


@pytest.mark.parametrize("level", LEVELS)
def test_estimates_maximise_the_recorded_log_likelihood(kind: ExerciseType, level: Level) -> None:
    for seed in range(12):
        instance = make_instance(kind, f"{seed}/1/maximum", level)
        estimate = float(sympy.sympify(answer(instance, "e")))
        if instance.parameters["family"] == "uniform":
            assert log_likelihood(instance, estimate) > log_likelihood(instance, estimate * 1.01)
            assert estimate == max(map(float, instance.parameters["sample"]))
            continue
        bounds = sorted((estimate * 0.5, estimate * 1.5 if estimate < 0.6 or estimate >= 1 else (1 + estimate) / 2))
        found = minimize_scalar(lambda t, i=instance: -log_likelihood(i, t), bounds=bounds, method="bounded")
        assert found.x == pytest.approx(estimate, rel=1e-3)


@pytest.mark.parametrize("family", ALL_FAMILIES)
def test_every_family_is_drawn_and_worded_in_full(kind: ExerciseType, family: Family) -> None:
    for seed in range(5):
        instance = make_instance(kind, f"{seed}/1/words", "hard", {"family": family})
        assert not instance.waived
        text = word(instance).question
        assert "known $" not in text or instance.parameters["known"] is not None


def test_levels_differ(kind: ExerciseType) -> None:
    easy, hard = FAMILIES["easy"], FAMILIES["hard"]
    assert not {"uniform", "pareto", "weibull-scale"} & set(easy)
    assert not {"exponential", "normal-mean"} & set(hard)
    assert {family for families in FAMILIES.values() for family in families} == set(ALL_FAMILIES)


def test_slips_of_an_exponential_rate(kind: ExerciseType) -> None:
    instance = pinned(kind, family="exponential", symbols={"parameter": "lamda", "data": "x"}, sample=[1, 4, 3])
    assert slip(instance, "e", "$n$ forgotten") == Fraction(1, 8)
    assert slip(instance, "e", "upside down") == Fraction(8, 3)
    assert str(slip(instance, "c", "upside down")) == "Sum(x(i), (i, 1, n))/n"
    assert str(slip(instance, "b", "$n$ forgotten")) == "-Sum(x(i), (i, 1, n)) + 1/lamda"


def test_slips_of_a_normal_variance(kind: ExerciseType) -> None:
    instance = pinned(kind, family="normal-variance", known=1, sample=[0, 3, 5])
    assert slip(instance, "e", "$n$ forgotten") == 21
    assert slip(instance, "e", "divided by $n - 1$") == Fraction(21, 2)
    # The mean of the sample is 8/3: squares 64/9, 1/9 and 49/9.
    assert slip(instance, "e", "sample mean") == Fraction(114, 27)


def test_slips_of_roots_and_logarithms(kind: ExerciseType) -> None:
    rayleigh = pinned(kind, family="rayleigh", sample=[1, 2, 2, 3])
    assert slip(rayleigh, "e", "factor 2") == sympy.sqrt(18) / 2
    assert slip(rayleigh, "e", "root forgotten") == Fraction(9, 4)
    pareto = pinned(kind, family="pareto", known=2, sample=[2, 4, 16])
    assert sympy.simplify(slip(pareto, "e", "minimum") - 3 / (7 * sympy.log(2))) == 0
    log_normal = pinned(kind, family="log-normal-mean", known=2, sample=[1, 4, 16])
    assert slip(log_normal, "e", "logarithm of the mean") == sympy.log(7)


@pytest.mark.parametrize(
    ("pins", "part_of_message"),
    [
        ({"family": "cauchy"}, "expected one of"),
        ({"family": "poisson", "sample": [1, "1/2"]}, "possible"),
        ({"family": "bernoulli", "sample": [1, 1, 1]}, "maximum"),
        ({"family": "geometric", "sample": [0, 2]}, "possible"),
        ({"family": "exponential", "known": 3}, "no known constant"),
        ({"family": "normal-mean", "known": None}, "known variance"),
        ({"family": "gamma-rate", "known": "5/2"}, "shape"),
        ({"family": "pareto", "known": 4, "sample": [3, 8]}, "possible"),
        ({"sample": [3]}, "entries"),
        ({"sample": ["log(2)", 1]}, "expected"),
        ({"sample": "import os"}, "expected a list"),
        ({"symbols": {"parameter": "N", "data": "x"}}, "expected one of"),
        ({"symbols": {"parameter": "mu"}}, "missing"),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], part_of_message: str) -> None:
    with pytest.raises((PinError, ConditionError), match=part_of_message):
        pinned(kind, **pins)


def test_a_poor_sample_is_accepted_with_a_warning(kind: ExerciseType) -> None:
    instance = pinned(kind, family="poisson", sample=[2, 2, 2])
    assert any("not all equal" in text for text in instance.waived)
    assert answer(instance, "e") == "2"


@pytest.mark.parametrize(("family", "square"), [("normal-mean", False), ("log-normal-mean", False), ("pareto", True)])
def test_the_reason_for_a_maximum_names_a_square_only_where_there_is_one(
    kind: ExerciseType, family: Family, square: bool
) -> None:
    instance = pinned(kind, "hard", family=family, symbols={"parameter": "a", "data": "x"})
    reason = word(instance).parts[3].solution
    assert ("a square is positive" in reason) == square


def test_a_number_after_another_factor_has_a_sign_before_it(kind: ExerciseType) -> None:
    instance = pinned(kind, "hard", family="pareto", known=3, symbols={"parameter": "a", "data": "x"})
    assert r"a \cdot 3^{a}" in word(instance).question


def shape(instance: Instance) -> tuple[tuple[str, int], ...]:
    """What the parts of a solution look like: their kinds and numbers of worked lines."""
    return tuple((part.kind, len(list(lines_in(part.work)))) for part in instance.solution.parts)


@pytest.mark.parametrize("level", LEVELS)
def test_the_pattern_tells_the_families(kind: ExerciseType, level: Level) -> None:
    instances = [make_instance(kind, f"{seed}/1/pattern", level) for seed in range(40)]
    families = {instance.exercise.pattern(): instance.parameters["family"] for instance in instances}
    assert len(set(families.values())) == len(families) > 3
    shapes: dict[str, set[object]] = {}
    for instance in instances:
        shapes.setdefault(instance.exercise.pattern(), set()).add(shape(instance))
    assert all(len(found) == 1 for found in shapes.values())


def test_slips_are_printed_as_the_answers_are(kind: ExerciseType) -> None:
    names = {"parameter": "a", "data": "x"}
    pareto = {s.name: s.tex for s in pinned(kind, family="pareto", known=3, symbols=names).slips if s.part == "a"}
    assert pareto["the likelihood itself, not its logarithm"] == (
        r"\frac{a^{n} \cdot 3^{n a}}{\prod_{i=1}^{n} x_i^{a + 1}}"
    )
    assert pareto["$n$ forgotten: constant terms counted once"] == (r"\ln a + a \ln 3 - (a + 1) \sum_{i=1}^{n} \ln x_i")


def test_the_likelihood_of_a_uniform_distribution_is_compared_at_its_estimate(kind: ExerciseType) -> None:
    symbols = {"parameter": "theta", "data": "x"}
    key = word(pinned(kind, family="uniform", symbols=symbols, sample=[3, 8, 5])).parts[3].solution
    assert r"$L(\theta) = \frac{1}{\theta^{n}}$" in key
    assert r"$L(\hat{\theta}) = \frac{1}{\hat{\theta}^{n}}$" in key
