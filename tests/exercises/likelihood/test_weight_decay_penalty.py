from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, Instance, Registry, make_instance
from generator.wording import word
from generator.working import lines_in

BY_HAND: dict[str, Any] = {
    "decay": "1/10",
    "learning_rate": "1/4",
    "squares": [3, 1],
    "products": [1],
    "linear": [-4, 3],
    "start": [2, -1],
}


@pytest.fixture(scope="module")
def kind(registry: Registry) -> ExerciseType:
    return registry.get("likelihood/weight-decay-penalty")


def pinned(kind: ExerciseType, level: Level = "medium", **pins: Any) -> Instance:
    return make_instance(kind, "1/1/q", level, pins)


def test_a_step_worked_by_hand(kind: ExerciseType) -> None:
    instance = pinned(kind, **BY_HAND)
    assert instance.solution["b"].answer == Fraction(1, 5)
    # Slopes 12 - 1 - 4 = 7 and -2 + 2 + 3 = 3; then 9/10 of the start minus a quarter of them.
    assert instance.solution["c"].answer == (Fraction(1, 20), Fraction(-33, 20))


def test_slips_worked_by_hand(kind: ExerciseType) -> None:
    slips = {(slip.part, slip.name): slip.value for slip in pinned(kind, **BY_HAND).slips}
    assert slips["b", "factor 2 forgotten"] == Fraction(2, 5)
    assert slips["b", "learning rate forgotten"] == Fraction(1, 20)
    assert slips["b", "the two rates exchanged"] == Fraction(5, 4)
    assert slips["c", "decay left out"] == (Fraction(1, 4), Fraction(-7, 4))
    assert slips["c", "uphill"] == (Fraction(71, 20), Fraction(-3, 20))
    assert slips["c", "decay applied after the step"] == (Fraction(9, 40), Fraction(-63, 40))


def matrix_of(parameters: dict[str, Any]) -> Any:
    """The symmetric matrix of the quadratic form."""
    size = len(parameters["squares"])
    matrix = np.diag([2.0 * float(a) for a in parameters["squares"]])
    pairs = [(j, k) for j in range(size) for k in range(j + 1, size)]
    for (j, k), c in zip(pairs, parameters["products"], strict=True):
        matrix[j, k] = matrix[k, j] = float(c)
    return matrix


@pytest.mark.parametrize("level", LEVELS)
def test_steps_recomputed_from_the_record(kind: ExerciseType, level: Level) -> None:
    for seed in range(40):
        instance = make_instance(kind, f"{seed}/1/record", level)
        p = instance.parameters
        start, linear = (np.array([float(x) for x in p[name]]) for name in ("start", "linear"))
        decay, rate = float(Fraction(p["decay"])), float(Fraction(p["learning_rate"]))
        slope = matrix_of(p) @ start + linear
        weight = float(instance.solution["b"].answer)
        by_penalty = start - rate * (slope + 2 * weight * start)
        assert [float(x) for x in instance.solution["c"].answer] == pytest.approx(list(by_penalty))
        assert list((1 - decay) * start - rate * slope) == pytest.approx(list(by_penalty))


@pytest.mark.parametrize(
    ("optimizer", "begins"),
    [
        ("sgd", "Yes, in every step"),
        ("momentum", "No: the first step is the same"),
        ("adam", "No, not even in the first step"),
        ("schedule", "No: the first step is the same"),
    ],
)
def test_the_right_statement_wherever_it_stands(kind: ExerciseType, optimizer: str, begins: str) -> None:
    for order in ([1, 2, 3, 4], [4, 3, 2, 1], [2, 4, 1, 3]):
        instance = pinned(kind, **BY_HAND, optimizer=optimizer, order=order)
        options = [row for row in word(instance).question.splitlines() if row.startswith("- [ ]")]
        letter = instance.solution["d"].answer
        assert options["ABCD".index(letter)].removeprefix("- [ ] ").startswith(begins)


def test_levels_differ(kind: ExerciseType) -> None:
    sizes = {level: len(make_instance(kind, "1/1/size", level).parameters["squares"]) for level in LEVELS}
    assert sizes == {"easy": 2, "medium": 2, "hard": 3}
    assert not any(int(c) for c in make_instance(kind, "1/1/size", "easy").parameters["products"])


@pytest.mark.parametrize(
    ("pins", "part_of_message"),
    [
        ({"decay": 0}, "decay rate"),
        ({"decay": 1}, "decay rate"),
        ({"learning_rate": 0}, "learning rate"),
        ({"learning_rate": -1}, "from 0 to 100"),
        ({"decay": "log(2)"}, "expected"),
        ({"squares": [1, 2], "linear": [1, 2, 3]}, "as many linear terms"),
        ({"products": [1, 2]}, "product for every pair"),
        ({"squares": [0, 1], "products": [0], "linear": [0, 2]}, "depends on every parameter"),
        ({"start": [0, 0]}, "the same"),
        ({"order": [1, 1, 2, 3]}, "order"),
        ({"optimizer": "lion"}, "expected one of"),
    ],
)
def test_impossible_pins_are_refused(kind: ExerciseType, pins: dict[str, Any], part_of_message: str) -> None:
    with pytest.raises((PinError, ConditionError), match=part_of_message):
        pinned(kind, "medium", **({"optimizer": "adam"} | pins))


def shape(instance: Instance) -> tuple[tuple[str, int], ...]:
    """What the parts of a solution look like: their kinds and numbers of worked lines."""
    return tuple((part.kind, len(list(lines_in(part.work)))) for part in instance.solution.parts)


@pytest.mark.parametrize(("level", "count"), [("easy", 2), ("medium", 3), ("hard", 3)])
def test_the_pattern_tells_the_optimizers(kind: ExerciseType, level: Level, count: int) -> None:
    instances = [make_instance(kind, f"{seed}/1/pattern", level) for seed in range(20)]
    optimizers = {i.exercise.pattern(): i.parameters["optimizer"] for i in instances}
    assert len(set(optimizers.values())) == len(optimizers) == count
    assert len({shape(instance) for instance in instances}) == 1


def test_slopes_are_written_in_the_order_of_the_parameters(kind: ExerciseType) -> None:
    key = word(pinned(kind, **BY_HAND, parameter="phi")).parts[2].solution
    assert r"= 6 \phi_1 + \phi_2 - 4 = 6 \cdot 2 - 1 - 4 = 7" in key
    assert r"= \phi_1 + 2 \phi_2 + 3 = 2 + 2 \cdot (-1) + 3 = 3" in key
