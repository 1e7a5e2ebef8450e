"""What must hold for every draw of the exercise, and one case worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, load_registry, make_instance
from generator.wording import word

PACKS: tuple[Path, ...] = ()


@pytest.fixture(scope="module")
def kind() -> ExerciseType:
    return load_registry(PACKS).get("topic/skeleton")


def test_a_case_worked_by_hand(kind: ExerciseType) -> None:
    instance = make_instance(kind, "hand", "medium", {"weights": [2, -1, 3], "inputs": [1, 4, -2]})
    assert instance.solution["a"].answer == 2 * 1 - 1 * 4 - 3 * 2
    assert [slip.value for slip in instance.slips] == [2 + 4 + 6]


@pytest.mark.parametrize("level", LEVELS)
def test_every_draw_is_solved_and_put_into_words(kind: ExerciseType, level: Level) -> None:
    for number in range(50):
        instance = make_instance(kind, f"{number}/1/q", level)
        assert not instance.waived
        words = word(instance)
        assert words.points == sum(part.points for part in instance.solution.parts)


def test_draws_differ(kind: ExerciseType) -> None:
    assert len({str(make_instance(kind, f"{number}/1/q", "medium").parameters) for number in range(100)}) >= 90


def test_weights_and_inputs_of_different_length_are_refused(kind: ExerciseType) -> None:
    with pytest.raises(ConditionError, match="as many weights as inputs"):
        make_instance(kind, "1/1/q", "medium", {"weights": [1, 2], "inputs": [1, 2, 3]})


def test_a_text_is_no_weight(kind: ExerciseType) -> None:
    with pytest.raises(PinError, match="weights"):
        make_instance(kind, "1/1/q", "medium", {"weights": ["x", 2]})
