from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.exercises.regression.ridge_regression import RidgeRegression
from generator.wording import word
from generator.working import lines_in

# X^T X = [[3, 2], [2, 6]], X^T y = (2, -5); with penalty 1: [[4, 2], [2, 7]] w = (2, -5), determinant 24.
PINS = {"X": [[1, -1], [1, 1], [1, 2]], "y": [3, 0, -1], "penalty": 1}


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("regression/ridge-regression")


def pinned(kind: ExerciseType, **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", "easy", {**PINS, **pins})


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind)
    # By the inverse: ((7*2 + 2*5)/24, (-4*5 - 2*2)/24).
    assert instance.solution["b"].answer == (1, -1)
    slips = {slip.name.split(":")[0].split(" (")[0]: slip.value for slip in instance.slips if slip.part == "b"}
    assert slips == {
        "penalty left off the intercept": (Fraction(24, 17), Fraction(-19, 17)),  # [[3, 2], [2, 7]]
        "penalty halved": (Fraction(92, 75), Fraction(-86, 75)),  # [[7/2, 2], [2, 13/2]], determinant 75/4
        "penalty doubled": (Fraction(13, 18), Fraction(-29, 36)),  # [[5, 2], [2, 8]], determinant 36
        "penalty forgotten": (Fraction(11, 7), Fraction(-19, 14)),  # [[3, 2], [2, 6]]
    }


@pytest.mark.parametrize("level", LEVELS)
def test_the_loss_is_least_at_the_answer(kind: ExerciseType, level: Level) -> None:
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/q", level)
        q, w = instance.exercise, instance.solution["b"].answer
        assert isinstance(q, RidgeRegression)

        def loss(weights: Any, q: RidgeRegression = q) -> Any:
            errors = [
                y - sum(x * v for x, v in zip(row, weights, strict=True)) for row, y in zip(q.X, q.y, strict=True)
            ]
            return sum(e * e for e in errors) + q.penalty * sum(v * v for v in weights)

        # A quadratic is least where a step either way along every axis raises it equally.
        step = Fraction(1, 7)
        for j in range(len(w)):
            up, down = (tuple(v + sign * step * (i == j) for i, v in enumerate(w)) for sign in (1, -1))
            assert loss(up) == loss(down) > loss(w)
        assert all(isinstance(y, int) and abs(y) <= 20 for y in q.y)


def test_levels_differ_in_size(kind: ExerciseType) -> None:
    shapes = {}
    for level in LEVELS:
        exercises = [make_instance(kind, f"{seed}/1/q", level).exercise for seed in range(30)]
        shapes[level] = {(len(q.X), len(q.X[0])) for q in exercises if isinstance(q, RidgeRegression)}
    assert shapes == {"easy": {(3, 2)}, "medium": {(4, 2)}, "hard": {(4, 3), (5, 3)}}


def test_every_order_of_the_options_has_its_letter(kind: ExerciseType) -> None:
    options = ["diverges", "mean", "reversed", "shrinks"]
    for turn in range(4):
        order = options[turn:] + options[:turn]
        instance = pinned(kind, options=order)
        letter = instance.solution["d"].answer
        assert order["ABCD".index(letter)] == "shrinks"
        shown = [line for line in word(instance).parts[3].prompt.splitlines() if line.startswith("- [ ]")]
        assert shown["ABCD".index(letter)].endswith(r"\mathbf{y}$; for $\lambda \to \infty$ it tends to $\mathbf{0}$.")
        assert len(shown) == 4


@pytest.mark.parametrize(
    ("pins", "message"),
    [
        ({"X": [[2, -1], [1, 1], [1, 2]]}, "first column"),
        ({"X": [[1, 1], [1, 1], [1, 1]]}, "linearly independent"),
        ({"X": [[1], [1], [1]]}, "2 to 4 columns"),
        ({"X": [[1, 1, 2, 3, 4]] * 3}, "2 to 4 columns"),
        ({"y": [1, 2]}, "an entry for every row"),
        ({"y": [1, -2, 1]}, "mean of y"),
        ({"penalty": 0}, "at least 1/100"),
        ({"options": ["mean", "mean", "shrinks", "reversed"]}, "each option once"),
    ],
)
def test_impossible_pins_are_named(kind: ExerciseType, pins: dict[str, Any], message: str) -> None:
    everything = {**PINS, "weights": "w", "options": ["shrinks", "mean", "reversed", "diverges"], **pins}
    with pytest.raises(ConditionError, match=message):
        make_instance(kind, "1/1/q", "easy", everything)


@pytest.mark.parametrize(
    "pins",
    [{"penalty": -1}, {"X": [[1, 2], [1]]}, {"X": 3}, {"y": ["x", 1, 2]}, {"weights": "v"}, {"y": [1, 2, 1000]}],
)
def test_pins_of_the_wrong_form_are_refused(kind: ExerciseType, pins: dict[str, Any]) -> None:
    with pytest.raises(PinError):
        pinned(kind, **pins)


def test_fractions_can_be_pinned(kind: ExerciseType) -> None:
    instance = pinned(kind, penalty="1/2", y=["-1/2", 0, "3/2"])
    assert all(check.agreed for check in instance.checks)
    assert word(instance).parts[1].prompt.endswith(r"$\lambda = \frac{1}{2}$.")


@pytest.mark.parametrize("pins", [{"y": [1, 5, -2, 7]}, {"X": PINS["X"]}, {"y": [3, 4]}, {"penalty": 3}])
def test_the_rest_is_drawn_around_a_pin(kind: ExerciseType, pins: dict[str, Any]) -> None:
    instance = make_instance(kind, "1/1/q", "easy", pins)
    for name, value in pins.items():
        assert instance.parameters[name] == ([[str(v) for v in row] for row in value] if name == "X" else
                                             [str(v) for v in value] if name == "y" else str(value))  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
def test_what_has_one_pattern_is_worked_in_the_same_steps(kind: ExerciseType, level: Level) -> None:
    lengths: dict[str, set[int]] = {}
    for seed in range(25):
        instance = make_instance(kind, f"{seed}/4/q", level)
        count = len(list(lines_in([part.work for part in instance.solution.parts])))
        lengths.setdefault(instance.exercise.pattern(), set()).add(count)
    assert (len(lengths) > 1) == (level == "hard")
    assert all(len(found) == 1 for found in lengths.values())
