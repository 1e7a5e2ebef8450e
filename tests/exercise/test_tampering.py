"""Answers that no check looks at are found, whatever they are made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Self

import pytest
import sympy

from generator.draw import Draw, Level
from generator.exact import Log
from generator.exercise import Check, Exercise, Part, Solution, agree
from generator.exercise.tampering import path_text, unnoticed
from generator.notation import Value

Checker = Callable[[Solution], Iterable[Check]]


@dataclass(frozen=True, slots=True)
class Checked(Exercise):
    """Nothing but a check."""

    checker: Checker

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        raise NotImplementedError

    def solve(self) -> Solution:
        raise NotImplementedError

    def check(self, solution: Solution) -> Iterable[Check]:
        return self.checker(solution)


def found(answers: dict[str, Value], checker: Checker) -> list[tuple[str | int, ...]]:
    solution = Solution(tuple(Part(name, "table", answer, 1) for name, answer in answers.items()))
    assert all(check.agreed for check in checker(solution)), "the untouched answers agree"
    return list(unnoticed(Checked(checker), solution))


def compares_all(expected: dict[str, Value]) -> Checker:
    return lambda solution: (agree(name, "all of it", solution[name].answer, value) for name, value in expected.items())


x = sympy.Symbol("x")
ANSWERS: list[Value] = [
    3,
    0,
    Fraction(2, 7),
    Decimal("0.25"),
    Log(Fraction(3)),
    Log(Fraction(1, 3)),
    sympy.sqrt(2),
    "A",
    "C",
    (1, -2),
    ((1, 0), (0, 1)),
    {"z": Fraction(1, 2), "L": (sympy.log(5), 4)},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_check_that_compares_everything_leaves_nothing(answer: Value) -> None:
    assert found({"a": answer}, compares_all({"a": answer})) == []


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_a_check_that_looks_away_is_found(answer: Value) -> None:
    paths = found({"a": answer, "b": 1}, compares_all({"b": 1}))
    assert paths
    assert {path[0] for path in paths} == {"a"}


def test_the_entry_left_out_is_named() -> None:
    answer = {"z": 1, "r": (2, 3)}

    def checker(solution: Solution) -> Iterable[Check]:
        told = solution["b"].answer
        yield agree("b", "one entry left out", (told["z"], told["r"][0]), (1, 2))

    (path,) = found({"b": answer}, checker)
    assert path == ("b", "r", 1)
    assert path_text(path) == "part b, entry r, 2"
    assert path_text(("a",)) == "part a"


def test_formulas_of_something_else_are_found() -> None:
    formula = x**2 / 2
    right = [0.5 * t * t for t in (0.3, 1.7)]

    def judged(expression: Callable[[Solution], Value]) -> Checker:
        return lambda solution: [
            agree("a", "floats", [float(expression(solution).subs(x, t)) for t in (0.3, 1.7)], right)
        ]

    assert found({"a": formula}, judged(lambda solution: solution["a"].answer)) == []
    assert found({"a": formula}, judged(lambda _: formula)) == [("a",)]


def test_a_comparison_that_lets_a_constant_or_a_sign_pass_is_found() -> None:
    def up_to_a_constant(solution: Solution) -> Iterable[Check]:
        one, two = solution["a"].answer
        yield agree("a", "up to a constant", float((one - two).diff(x)), 0)

    def up_to_a_sign(solution: Solution) -> Iterable[Check]:
        yield agree("a", "squares", solution["a"].answer ** 2, 9)

    assert found({"a": (x, x)}, up_to_a_constant) == [("a", 0), ("a", 1)]
    assert found({"a": 3}, up_to_a_sign) == [("a",)]


def test_matrices_of_sympy_and_parts_without_an_answer() -> None:
    matrix = sympy.Matrix([[1, 2], [3, 4]])
    assert found({"a": matrix, "b": None}, compares_all({"a": ((1, 2), (3, 4))})) == []
    assert found({"a": matrix}, lambda _: []) == [("a",)]


def test_a_check_that_breaks_over_a_wrong_answer_has_noticed() -> None:
    def checker(solution: Solution) -> Iterable[Check]:
        yield agree("a", "a table of answers", {3: 1}[solution["a"].answer], 1)

    assert found({"a": 3}, checker) == []
