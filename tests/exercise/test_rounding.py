"""Answers in decimals: what rounding does to them is found out by really rounding."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import pytest
import sympy

from generator.draw import Draw, Level
from generator.errors import AnswerError
from generator.exercise import Check, Exercise, ExerciseType, Part, Slip, Solution, agree, make_instance
from generator.exercise import exercise as mark
from generator.exercise.contract import ABOUT
from generator.exercise.rounding import accepted
from generator.working import apply, line, num, product


@mark(title="Slope of a sigmoid")
@dataclass(frozen=True, slots=True)
class Slope(Exercise):
    """The slope of the sigmoid at a decimal, times a large number, which makes rounding matter."""

    at: Fraction
    factor: int
    wrong: Fraction | None

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        return cls(
            d.given("at", lambda: Fraction(d.integer(1, 30), 10)),
            d.given("factor", lambda: 1),
            d.given("wrong", lambda: None),
        )

    def solve(self) -> Solution:
        share = line("s", apply("sigma", Decimal(str(float(self.at)))), places=4)
        slope = line("y", product((self.factor, share.result, 1 - num(share.result))), places=2)
        sigma = 1 / (1 + sympy.exp(-sympy.Rational(str(self.at))))
        answer = self.factor * sigma * (1 - sigma)
        return Solution((Part("a", "number", answer, 1, {"share": share}, places=2, results=(slope,)),))

    def check(self, solution: Solution) -> Iterable[Check]:
        s = 1 / (1 + 2.718281828459045 ** -float(self.at))
        yield agree("a", "floats", solution["a"].answer, self.factor * s * (1 - s))

    def slips(self) -> Iterable[Slip]:
        if self.wrong is not None:
            yield Slip("a", "a guess", self.wrong)


KIND = ExerciseType("t/slope", Slope, getattr(Slope, ABOUT), Path(), Path())


def test_an_answer_that_rounding_leaves_alone_is_accepted_to_half_a_unit() -> None:
    # sigma(0.7) = 0.66819: 0.67 * 0.33 = 0.2211, 0.668 * 0.332 = 0.221776, 0.6682 * 0.3318 = 0.22170876.
    instance = make_instance(KIND, "k", "easy", {"at": "0.7", "factor": 1, "wrong": None})
    assert instance.solution["a"].tolerance == "0.005"
    assert accepted(instance.solution, instance.solution["a"], 2).interval == (Decimal("0.22"), Decimal("0.22"))


def test_an_answer_that_rounding_moves_is_accepted_from_the_lowest_to_the_highest() -> None:
    # Five times 0.2211 = 1.1055 -> 1.11; five times 0.2217 = 1.1086 -> 1.11; sigma(1.3) = 0.78583:
    # 5 * 0.79 * 0.21 = 0.8295 -> 0.83, while exactly 5 * 0.78583 * 0.21417 = 0.84150 -> 0.84.
    instance = make_instance(KIND, "k", "easy", {"at": "1.3", "factor": 5, "wrong": None})
    assert instance.waived == ()
    assert instance.solution["a"].tolerance == "0.015"
    assert accepted(instance.solution, instance.solution["a"], 2).spread == Decimal("0.01")


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        # 90 * 0.79 * 0.21 = 14.93, exactly 15.15
        ({"at": "1.3", "factor": 90, "wrong": None}, "rounding at each step moves the answer by 2 units at most"),
        ({"at": "0.7", "factor": 1, "wrong": "0.23"}, "the slip 'a guess' stays outside what rounding lets through"),
    ],
)
def test_draws_that_rounding_spoils_are_drawn_again(pins: dict[str, Any], said: str) -> None:
    (text,) = make_instance(KIND, "k", "easy", pins).waived
    assert said in text


def test_a_slip_outside_is_kept() -> None:
    assert make_instance(KIND, "k", "easy", {"at": "0.7", "factor": 1, "wrong": "0.24"}).waived == ()


def _replaced(**changes: Any) -> ExerciseType:
    class Changed(Slope):
        __slots__ = ()

        def solve(self) -> Solution:
            (part,) = super().solve().parts
            return Solution((replace(part, **changes),))

    return ExerciseType("t/slope", Changed, getattr(Slope, ABOUT), Path(), Path())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"results": ()}, "it asks for 2 decimals: say in results="),
        ({"kind": "nubmer"}, "the kind 'nubmer' does not exist; choose one of: integer, number"),
        ({"answer": 0.25}, "the answer must be exact, and 0.25 is a float"),
        ({"answer": sympy.Float("0.25")}, "the answer must be exact, and 0.25"),
        ({"answer": ((1, 2), (3, 0.5)), "kind": "matrix"}, "0.5 is a float"),
        ({"answer": {"y": 0.5}, "kind": "table"}, "0.5 is a float"),
        ({"answer": sympy.Symbol("x")}, "the answer is no number: x"),
        ({"answer": Fraction(1, 2), "kind": "integer"}, "the answer is no integer: 1/2"),
        ({"answer": True, "kind": "integer"}, "the answer is no integer: True"),
        ({"answer": ((1, 2), (3,)), "kind": "matrix"}, "the answer is no matrix"),
        ({"answer": (1, (2,)), "kind": "vector"}, "the answer is no vector"),
        ({"answer": (((1,),), ((1, 2), (3,))), "kind": "tensor"}, "the answer is no tensor"),
        ({"answer": {}, "kind": "table"}, "the answer is no table"),
        ({"answer": "AB", "kind": "choice"}, "the answer is no choice: AB"),
        ({"answer": None, "kind": "expression"}, "the answer is no expression"),
        ({"answer": 1, "kind": "derivation"}, "a derivation has a model solution instead of an answer"),
    ],
)
def test_an_answer_that_is_not_what_its_part_says_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(AnswerError) as caught:
        make_instance(_replaced(**changes), "k", "easy", {"at": "0.7"})
    assert said in str(caught.value)
    assert str(caught.value).startswith("t/slope part a: ")
