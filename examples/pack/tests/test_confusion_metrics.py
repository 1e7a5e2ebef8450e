"""What must hold for every draw of the exercise, and tables worked by hand."""
# ruff: noqa: D103 -- a test is documented by its name

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from generator.draw import LEVELS, Level
from generator.errors import ConditionError, PinError
from generator.exercise import ExerciseType, load_registry, make_instance
from generator.wording import word

PACKS = (Path(__file__).resolve().parent.parent,)


@pytest.fixture(scope="module")
def kind() -> ExerciseType:
    return load_registry(PACKS).get("classification/confusion-metrics")


def test_two_classes_worked_by_hand(kind: ExerciseType) -> None:
    # 20 + 60 of 100 are right; column 1 is 20 + 5, row 1 is 20 + 15.
    solution = make_instance(kind, "hand", "easy", {"counts": [[20, 15], [5, 60]]}).solution
    assert solution["a"].answer == Fraction(4, 5)
    assert solution["b"].answer == {"P": Fraction(4, 5), "R": Fraction(4, 7), "F_1": Fraction(2, 3)}
    assert solution.part_ids == ("a", "b")


def test_three_classes_worked_by_hand(kind: ExerciseType) -> None:
    # Columns 4 + 2 + 0, 2 + 6 + 1, 0 + 2 + 3; rows 6, 10, 4; the scores are 8/12, 12/19 and 6/9.
    solution = make_instance(kind, "hand", "medium", {"counts": [[4, 2, 0], [2, 6, 2], [0, 1, 3]]}).solution
    assert solution["b"].answer == {"P": Fraction(2, 3), "R": Fraction(2, 3), "F_1": Fraction(2, 3)}
    assert solution["c"].answer == (Fraction(2, 3) + Fraction(12, 19) + Fraction(2, 3)) / 3


def test_slips_on_a_table_worked_by_hand(kind: ExerciseType) -> None:
    instance = make_instance(kind, "hand", "easy", {"counts": [[20, 15], [5, 60]]})
    values = {slip.name: slip.value for slip in instance.slips}
    assert values["the share of mistakes"] == Fraction(1, 5)
    assert values["rows and columns exchanged"]["P"] == Fraction(4, 7)
    assert values["arithmetic mean for $F_1$"]["F_1"] == (Fraction(4, 5) + Fraction(4, 7)) / 2


@pytest.mark.parametrize("level", LEVELS)
def test_every_draw_is_solved_and_put_into_words(kind: ExerciseType, level: Level) -> None:
    for number in range(50):
        instance = make_instance(kind, f"{number}/1/q", level)
        assert not instance.waived
        words = word(instance)
        assert words.points == sum(part.points for part in instance.solution.parts)


def test_draws_differ(kind: ExerciseType) -> None:
    assert len({str(make_instance(kind, f"{number}/1/q", "medium").parameters) for number in range(100)}) >= 90


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[5, 1, 2], [1, 5, 2]], "as many rows as columns"),
        ([[5, 0], [1, 0]], "class 2 occurs and is predicted"),
        ([[5, 1], [1, 0]], "class 2 is recognised"),
    ],
)
def test_tables_without_an_answer_are_refused(kind: ExerciseType, counts: list[list[int]], message: str) -> None:
    with pytest.raises(ConditionError, match=message):
        make_instance(kind, "1/1/q", "medium", {"counts": counts})


@pytest.mark.parametrize("counts", [[["x", 1], [1, 5]], [[-1, 1], [1, 5]], [[5]], [[5, 1], [1]], 7])
def test_what_is_no_table_of_counts_is_refused(kind: ExerciseType, counts: object) -> None:
    with pytest.raises(PinError, match="counts"):
        make_instance(kind, "1/1/q", "medium", {"counts": counts})
