from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from generator.exact import Log
from generator.exercise import Part, Solution, effort_of
from generator.exercise.effort import digits
from generator.notation import Value
from generator.working import line, num, product


@pytest.mark.parametrize(
    ("number", "count"),
    [
        (0, 1),
        (7, 1),
        (-7, 1),
        (-120, 3),
        (Fraction(3, 4), 2),
        (Fraction(-12, 7), 3),
        (Decimal("-0.25"), 3),
        (Log(Fraction(3)), 1),
    ],
)
def test_digits_as_they_are_printed(number: Value, count: int) -> None:
    assert digits(number) == count


SOLUTION = Solution(
    (
        Part("a", "integer", 34, 1, work={"sum": line("s", product([12, 3]) - num(2))}),
        Part("b", "integer", 2, 1, work={"quotient": line("t", num(8) / 4)}, extra_effort={"comparisons": 5}),
    ),
    work={"shared": line("u", num(1) + 2)},
)


def test_operations_digits_lines_and_words_are_counted() -> None:
    # Shared: an addition on a line. Part a: a multiplication (2), an addition, one further digit, a line.
    assert effort_of(SOLUTION, ["a"], "") == (1 + 1) + (2 + 1 + 1 + 1)
    # Part b: a division (3), a line, five comparisons.
    assert effort_of(SOLUTION, ["b"], "") == (1 + 1) + (3 + 1 + 5)
    assert effort_of(SOLUTION, ["a", "b"], "word " * 25) == 2 + 5 + 9 + 2


def test_nothing_to_do_is_still_some_effort() -> None:
    assert effort_of(Solution((Part("a", "derivation", None, 1),)), ["a"], "Prove it.") == 1
