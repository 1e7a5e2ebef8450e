"""How much work an instance is by hand, as one number: operations, digits, lines of working, words to read.

The unit is the addition of two one-digit numbers. The weights are an estimate, not a measurement; they are the same
for all instances, and all they are used for is to tell whether two instances of one question ask equally much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from generator.exercise.contract import Solution
from generator.notation import Value
from generator.working import Line, lines_in

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"additions": 1, "comparisons": 1, "multiplications": 2, "powers": 2, "divisions": 3, "functions": 3}
)
"""What one hand operation of a kind counts; any other kind counts 2."""

WORDS_PER_UNIT = 10
"""So many words of the printed question count 1."""


def effort_of(solution: Solution, parts: Sequence[str], question: str) -> int:
    """The hand effort of some parts of an instance, whose question is printed as the given Markdown.

    The sum of: every operation by `WEIGHTS`; 1 for every digit after the first of each number that a worked line
    shows to calculate with; 1 for every worked line; 1 for every `WORDS_PER_UNIT` words of the question; 1 at least.
    """
    operations = solution.operations(parts)
    lines = list(_lines(solution, parts))
    effort = (
        sum(WEIGHTS.get(kind, 2) * count for kind, count in operations.items())
        + sum(_further_digits(lines))
        + len(lines)
        + len(question.split()) // WORDS_PER_UNIT
    )
    # Spreads are shares of an effort, which therefore is never nothing.
    return max(1, effort)


def _lines(solution: Solution, parts: Sequence[str]) -> Iterator[Line]:
    yield from lines_in(solution.work)
    for part in solution.parts:
        if part.id in parts:
            yield from lines_in(part.work)


def _further_digits(lines: Iterable[Line]) -> Iterator[int]:
    for line in lines:
        for leaf in line.work.leaves():
            yield digits(leaf.number) - 1


def digits(number: Value) -> int:
    """The digits of a number as it is printed, numerator and denominator together; 1 for a logarithm or symbol."""
    if isinstance(number, Fraction):
        return digits(number.numerator) + digits(number.denominator)
    if isinstance(number, int | Decimal):
        return max(1, sum(sign.isdigit() for sign in str(number)))
    return 1
