from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.regression.linear_regression_mle import LinearRegressionMle, variance_steps
from generator.working import lines_in

PINS = {"X": [[1, 0], [1, 1], [1, 2], [1, 3]], "y": [3, 0, 1, 4], "weights": "w"}


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("regression/linear-regression-mle")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", "easy", {**PINS, **pins})


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    solution = pinned(kind).solution
    assert solution["b1"].answer == ((4, 6), (6, 14))
    assert solution["b2"].answer == (8, 14)
    # Determinant 20: ((14*8 - 6*14)/20, (4*14 - 6*8)/20).
    assert solution["c"].answer == (Fraction(7, 5), Fraction(2, 5))
    # Residuals 8/5, -9/5, -6/5, 7/5 (in fifths: 64 + 81 + 36 + 49 = 230), so S = 46/5.
    assert solution["d"].answer == Fraction(23, 10)


def test_slips_by_hand(kind: ExerciseType) -> None:
    slips = {(slip.part, slip.name.split(":")[0]): slip.value for slip in pinned(kind).slips}
    assert slips["b1", r"$\mathbf{X}\mathbf{X}^{\top}$ computed"][1] == (1, 2, 3, 4)
    assert slips["b1", "column of ones left out"] == ((14,),)
    assert slips["c", "column of ones left out"] == (1,)
    assert slips["c", "inverse forgotten"] == (8, 14)
    assert slips["d", "sum of squares not divided"] == Fraction(46, 5)
    assert slips["d", "unbiased estimate"] == Fraction(23, 5)
    assert slips["d", "divided by $m - 1$"] == Fraction(46, 15)


def test_two_slips_that_are_one_number_share_a_line(kind: ExerciseType) -> None:
    # Three samples, two weights: residuals 1/6, -2/6, 1/6, so the sum of squares 6/36 is also the unbiased estimate.
    slips = [slip for slip in pinned(kind, X=[[1, 0], [1, 1], [1, 2]], y=[0, 0, 1]).slips if slip.part == "d"]
    (shared,) = [slip for slip in slips if slip.value == Fraction(1, 6)]
    assert "not divided" in shared.name
    assert "unbiased" in shared.name


@pytest.mark.parametrize("level", LEVELS)
def test_residuals_are_orthogonal_to_the_columns(kind: ExerciseType, level: Level) -> None:
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q = instance.exercise
        assert isinstance(q, LinearRegressionMle)
        weights = instance.solution["c"].answer
        errors = [y - sum(x * w for x, w in zip(row, weights, strict=True)) for row, y in zip(q.X, q.y, strict=True)]
        assert all(sum(e * row[j] for e, row in zip(errors, q.X, strict=True)) == 0 for j in range(len(weights)))
        assert instance.solution["d"].answer == Fraction(sum(e * e for e in errors)) / len(errors) > 0


@pytest.mark.parametrize("level", LEVELS)
def test_the_likelihood_is_greatest_at_the_estimates(kind: ExerciseType, level: Level) -> None:
    for seed in range(10):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q = instance.exercise
        assert isinstance(q, LinearRegressionMle)
        X, y = np.array(q.X, dtype=float), np.array(q.y, dtype=float)
        at = np.array([*instance.solution["c"].answer, instance.solution["d"].answer], dtype=float)

        def loss(point: Any, X: Any = X, y: Any = y) -> float:
            return float(
                len(y) / 2 * np.log(2 * np.pi * point[-1]) + ((y - X @ point[:-1]) ** 2).sum() / (2 * point[-1])
            )

        rng = np.random.default_rng(seed)
        assert all(loss(at) < loss(at * (1 + rng.normal(0, 0.05, len(at)))) for _ in range(30))


def test_the_variance_is_a_stationary_point() -> None:
    steps = {name: sympy.Add(*terms) for name, terms in variance_steps().items()}
    v, S, m = sympy.symbols("v S m", positive=True)
    assert steps["loss"] == m * sympy.log(2 * sympy.pi * v) / 2 + S / (2 * v)
    assert sympy.simplify(steps["loss"].diff(v) - steps["derivative"]) == 0
    assert sympy.simplify(steps["derivative"] - steps["factored"]) == 0
    assert sympy.simplify(steps["derivative"].subs(v, steps["estimate"])) == 0
    assert steps["loss"].diff(v, 2).subs(v, steps["estimate"]).is_positive


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({"X": [[1, 0], [2, 1], [1, 2], [1, 3]]}, "first column"),
        ({"X": [[1, 2]] * 4}, "linearly independent"),
        ({"y": [1, 2, 3]}, "an entry for every row"),
        ({"y": [1, 2, 3, 4]}, "fitted plane"),
        ({"X": [[1, 0, 0, 0, 1]] * 4}, "2 to 4 columns"),
    ],
)
def test_impossible_pins_are_named(kind: ExerciseType, pins: dict[str, Any], message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        pinned(kind, **pins)


@pytest.mark.parametrize("pins", [{"X": [[1, 2], [1]]}, {"X": []}, {"y": "1"}, {"y": [1, None]}, {"weights": "phi"}])
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


def test_halves_and_decimals_can_be_pinned(kind: ExerciseType) -> None:
    instance = pinned(kind, y=[0.5, "3/2", 1, -2])
    assert all(check.agreed for check in instance.checks)
    assert instance.parameters["y"] == ["1/2", "3/2", "1", "-2"]


@pytest.mark.parametrize("level", LEVELS)
def test_what_has_one_pattern_is_worked_in_the_same_steps(kind: ExerciseType, level: Level) -> None:
    lengths: dict[str, set[int]] = {}
    for seed in range(25):
        instance = make_instance(kind, f"{seed}/4/q", level)
        count = len(list(lines_in([part.work for part in instance.solution.parts])))
        lengths.setdefault(instance.exercise.pattern(), set()).add(count)
    assert (len(lengths) > 1) == (level == "hard")
    assert all(len(found) == 1 for found in lengths.values())
