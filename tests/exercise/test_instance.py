from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest

from generator.draw import Draw, Level
from generator.errors import ConditionError, DisagreementError, DrawError, PinError
from generator.exercise import (
    Check,
    Condition,
    Exercise,
    ExerciseType,
    Part,
    Slip,
    Solution,
    agree,
    make_instance,
    must,
    wanted,
)
from generator.exercise import exercise as mark
from generator.exercise.contract import ABOUT


@mark(title="Doubling")
@dataclass(frozen=True, slots=True)
class Doubling(Exercise):
    """Double a number; squaring is the slip that coincides at 2."""

    number: int
    wrong: bool

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        top = {"easy": 3, "medium": 9, "hard": 0}[level]
        return cls(d.given("number", lambda: d.integer(1, top or 1)), d.given("wrong", lambda: False))

    def conditions(self) -> Iterable[Condition]:
        yield wanted("the number is not 1", self.number != 1)
        yield wanted("the number is not -1", self.number != -1)
        yield must("the number is positive", self.number > 0)

    def solve(self) -> Solution:
        return Solution((Part("a", "integer", 2 * self.number, 1),))

    def check(self, solution: Solution) -> Iterable[Check]:
        yield agree("a", "adding twice", solution["a"].answer, self.number + self.number + self.wrong)

    def slips(self) -> Iterable[Slip]:
        yield Slip("a", "squared", self.number**2)


KIND = ExerciseType("t/doubling", Doubling, getattr(Doubling, ABOUT), Path(), Path())


def test_conditions_and_slips_are_kept_apart_by_drawing_again() -> None:
    numbers = {make_instance(KIND, str(key), "easy").parameters["number"] for key in range(30)}
    assert numbers == {"3"}


def test_pins_that_spoil_quality_are_used_and_reported() -> None:
    instance = make_instance(KIND, "k", "easy", {"number": 2, "wrong": False})
    assert instance.solution["a"].answer == 4
    assert instance.waived == ("part a: the slip 'squared' does not give the right answer",)
    assert make_instance(KIND, "k", "easy", {"number": 1}).waived == ("the number is not 1",)


@pytest.mark.parametrize(
    ("pins", "level", "error", "said"),
    [
        ({"number": 0}, "easy", ConditionError, "with number pinned .* the number is positive"),
        ({"number": -1}, "easy", ConditionError, "the number is positive"),
        ({"number": "x"}, "easy", PinError, "not a number"),
        ({}, "hard", DrawError, "'the number is not 1'"),
        ({"wrong": True}, "medium", DisagreementError, "adding twice gives"),
    ],
)
def test_refusals(pins: dict[str, Any], level: Level, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        make_instance(KIND, "k", level, pins)


class Unchecked(Doubling):
    """Forgets the second route."""

    __slots__ = ()

    def check(self, solution: Solution) -> Iterable[Check]:
        return ()


def test_an_answer_without_a_second_route_is_never_printed() -> None:
    kind = ExerciseType("t/unchecked", Unchecked, KIND.about, Path(), Path())
    with pytest.raises(DisagreementError, match="no independent route"):
        make_instance(kind, "k", "medium")
