from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.notation import plain
from generator.wording import word
from generator.working import lines_in


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("likelihood/map-prior-penalty")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


NOTHING: dict[str, Any] = {"variances": [], "width": None, "covariance": [], "asked": 1, "objective": "sum"}


def test_problem_2_of_the_homework(kind: ExerciseType) -> None:
    pins = NOTHING | {"prior": "normals", "variances": [3, 6, 2], "noise_variance": 6, "at": [1, -2, 3], "asked": 2}
    instance = pinned(kind, **pins, parameter="phi")
    expected = sympy.sympify("sigma**2*Sum(phi(j)**2/tau(j)**2, (j, 1, J))")
    assert sympy.sympify(plain(instance.solution["b"].answer)) == expected
    assert instance.solution["c"].answer == 1
    # 2 * 1 + 1 * 4 + 3 * 9
    assert instance.solution["d"].answer == 33


def test_the_density_of_the_observations_may_be_left_open(kind: ExerciseType) -> None:
    pins = {"prior": "normals", "variances": [1, "1/3", "1/4"], "at": [-1, 2, 3], "asked": 2}
    instance = pinned(kind, **(NOTHING | pins | {"objective": "likelihood"}), parameter="phi")
    assert str(instance.solution["b"].answer) == "Sum(phi(j)**2/tau(j)**2, (j, 1, J))/2"
    assert instance.solution["c"].answer == Fraction(3, 2)
    # 1/2 * 1 + 3/2 * 4 + 2 * 9
    assert instance.solution["d"].answer == Fraction(49, 2)
    assert not instance.waived
    worded = word(instance)
    assert "sigma" not in worded.question + "".join(part.solution for part in worded.parts)


@pytest.mark.parametrize("prior", ["normal", "laplace", "elastic-net"])
def test_an_open_density_goes_with_every_independent_prior(kind: ExerciseType, prior: str) -> None:
    instance = pinned(kind, prior=prior, objective="likelihood")
    assert all(check.agreed for check in instance.checks)
    assert "sigma" not in word(instance).question


@pytest.mark.parametrize(
    ("pins", "coefficient", "penalty"),
    [
        ({"prior": "normal", "variances": [3], "noise_variance": 6, "at": [2, -1]}, 2, 10),
        ({"prior": "normal", "variances": [3], "noise_variance": 6, "at": [2, -1], "objective": "half"}, 1, 5),
        ({"prior": "laplace", "width": 4, "noise_variance": 6, "at": [2, -1]}, 3, 9),
        ({"prior": "laplace", "width": 4, "noise_variance": 6, "at": [2, -1], "objective": "half"}, "3/2", "9/2"),
        (
            {"prior": "elastic-net", "variances": [3], "width": 4, "noise_variance": 6, "at": [2, -1], "asked": 1},
            3,
            19,
        ),
        (
            {"prior": "elastic-net", "variances": [3], "width": 4, "noise_variance": 6, "at": [2, -1], "asked": 2},
            2,
            19,
        ),
        # C^{-1} = (1/5) (2, -1; -1, 3), so the penalty is 4 a^2 - 4 a b + 6 b^2.
        ({"prior": "correlated-normal", "covariance": [[3, 1], [1, 2]], "noise_variance": 10, "at": [2, -1]}, -4, 30),
    ],
)
def test_penalties_worked_by_hand(kind: ExerciseType, pins: dict[str, Any], coefficient: Any, penalty: Any) -> None:
    instance = pinned(kind, **(NOTHING | pins))
    assert instance.solution["c"].answer == Fraction(coefficient)
    assert instance.solution["d"].answer == Fraction(penalty)


def numbers(entries: Any) -> Any:
    return np.array(
        [[float(Fraction(x)) for x in row] if isinstance(row, list) else float(Fraction(row)) for row in entries]
    )


@pytest.mark.parametrize("level", LEVELS)
def test_penalties_recomputed_from_the_record(kind: ExerciseType, level: Level) -> None:
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/record", level)
        p = instance.parameters
        at, noise = numbers(p["at"]), float(Fraction(p["noise_variance"]))
        front = 2 * noise if p["objective"] == "sum" else noise
        expected = 0.0
        if p["variances"]:
            expected += float(np.sum(at**2 / (2 * numbers(p["variances"]))))
        if p["width"] is not None:
            expected += float(np.sum(np.abs(at))) / float(Fraction(p["width"]))
        if p["covariance"]:
            expected += float(at @ np.linalg.inv(numbers(p["covariance"])) @ at) / 2
        assert float(instance.solution["d"].answer) == pytest.approx(front * expected)


def test_the_ridge_estimate_is_the_mean_of_the_posterior(kind: ExerciseType) -> None:
    """For a linear model the posterior is normal; its mean must be what the penalty leads to."""
    pins = {"prior": "correlated-normal", "covariance": [[3, 1], [1, 2]], "noise_variance": 10, "at": [2, -1]}
    instance = pinned(kind, **(NOTHING | pins))
    X, y = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0]]), np.array([1.0, 2.0, -1.0])
    prior, noise = np.array([[3.0, 1.0], [1.0, 2.0]]), 10.0
    gain = prior @ X.T @ np.linalg.inv(X @ prior @ X.T + noise * np.eye(3))
    weight = instance.solution["c"].answer / 2
    penalty = np.array([[4, weight], [weight, 6]], dtype=float)
    assert np.linalg.solve(X.T @ X + penalty, X.T @ y) == pytest.approx(gain @ y)


def test_slips_of_a_shared_variance(kind: ExerciseType) -> None:
    instance = pinned(kind, **(NOTHING | {"prior": "normal", "variances": [3], "noise_variance": 6, "at": [2, -1]}))
    slips = {(slip.part, slip.name.split(":")[0]): slip.value for slip in instance.slips}
    assert slips["c", "twice too large"] == 4
    assert slips["c", "half as large"] == 1
    assert slips["c", "upside down"] == Fraction(1, 2)
    assert slips["c", "noise variance forgotten"] == Fraction(1, 3)
    assert slips["d", "noise variance forgotten"] == Fraction(10, 6)
    assert str(slips["b", "noise variance forgotten"]) == "Sum(" + instance.parameters["parameter"] + (
        "(j)**2, (j, 1, J))/tau**2"
    )


@pytest.mark.parametrize(
    ("pins", "part_of_message"),
    [
        ({"prior": "cauchy"}, "expected one of"),
        ({"prior": "normal", "variances": [1, 2]}, "1 positive entries"),
        ({"prior": "normals", "variances": [1, 2], "at": [1, 2, 3]}, "3 positive entries"),
        ({"prior": "normal", "variances": [0]}, "positive"),
        ({"prior": "laplace", "width": None}, "width"),
        ({"prior": "normal", "width": 2}, "width"),
        ({"prior": "correlated-normal", "covariance": [[1, 2], [2, 1]]}, "positive definite"),
        ({"prior": "correlated-normal", "covariance": [[1, 2], [1, 5]]}, "positive definite"),
        ({"prior": "correlated-normal", "covariance": [[1]]}, "positive definite"),
        ({"prior": "normal", "covariance": [[2, 1], [1, 3]]}, "no covariance"),
        ({"prior": "normal", "asked": 2}, "asked"),
        ({"noise_variance": 0}, "noise variance"),
        ({"objective": "likelihood", "noise_variance": 2}, "noise variance is null"),
        ({"objective": "likelihood", "prior": "correlated-normal"}, "independent"),
        ({"noise_variance": "log(2)"}, "expected"),
        ({"at": [1]}, "entries"),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], part_of_message: str) -> None:
    with pytest.raises((PinError, ConditionError), match=part_of_message):
        pinned(kind, **pins)


def shape(instance: Instance) -> tuple[tuple[str, int], ...]:
    """What the parts of a solution look like: their kinds and numbers of worked lines."""
    return tuple((part.kind, len(list(lines_in(part.work)))) for part in instance.solution.parts)


@pytest.mark.parametrize("level", LEVELS)
def test_the_pattern_tells_prior_and_objective(kind: ExerciseType, level: Level) -> None:
    instances = [make_instance(kind, f"{seed}/1/pattern", level) for seed in range(60)]
    setups = {i.exercise.pattern(): (i.parameters["prior"], i.parameters["objective"]) for i in instances}
    assert len(set(setups.values())) == len(setups) > 1
    shapes: dict[str, set[object]] = {}
    for instance in instances:
        shapes.setdefault(instance.exercise.pattern(), set()).add(shape(instance))
    assert all(len(found) == 1 for found in shapes.values())


def test_the_inverse_of_a_covariance_matrix_is_worked_out(kind: ExerciseType) -> None:
    pins = {"prior": "correlated-normal", "covariance": [[4, -1], [-1, 1]], "at": [2, -1], "parameter": "w"}
    instance = pinned(kind, "hard", **pins, objective="half", noise_variance=12)
    key = word(instance).parts[2].solution
    assert r"D &= C_{11} C_{22} - C_{12}^{2} = 4 \cdot 1 - (-1)^{2} = 3" in key
    assert r"\begin{pmatrix} C_{22} & -C_{12} \\ -C_{12} & C_{11} \end{pmatrix}" in key
    assert r"\frac{1}{3} \begin{pmatrix} 1 & 1 \\ 1 & 4 \end{pmatrix}" in key
    # With A = (1 1; 1 4) / 3 the penalty is 6 (w_1^2 + 2 w_1 w_2 + 4 w_2^2) / 3 = 2 w_1^2 + 4 w_1 w_2 + 8 w_2^2.
    assert (instance.solution["c"].answer, instance.solution["d"].answer) == (4, 8)


def test_the_question_says_which_constants_belong_to_the_coefficient(kind: ExerciseType) -> None:
    for prior in ("normal", "laplace", "elastic-net", "normals"):
        instance = pinned(kind, "hard", prior=prior)
        assert "all constants taken together" in word(instance).parts[2].prompt


@pytest.mark.parametrize(("objective", "wrong"), [("sum", 20), ("half", 10)])
def test_slips_of_a_correlated_prior(kind: ExerciseType, objective: str, wrong: int) -> None:
    # The product has the factor 2 sigma^2 A_12 with A = C^{-1}; with C_12 = 1 in its place, 20, or half of that.
    pins = {"prior": "correlated-normal", "covariance": [[3, 1], [1, 2]], "noise_variance": 10, "at": [2, -1]}
    instance = pinned(kind, **(NOTHING | pins | {"objective": objective}))
    slips = {(slip.part, slip.name): slip.value for slip in instance.slips}
    assert slips["c", "covariance matrix not inverted"] == wrong
    # 4 * 4 + 6 * 1, without 8 for the product; half of it for half the squares.
    assert slips["d", "product term left out"] == Fraction(22 * wrong, 20)
