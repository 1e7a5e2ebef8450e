"""SKELETON TITLE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np

from generator.draw import Draw, Level
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    agree,
    exercise,
    must,
    wanted,
)
from generator.working import line, product, total

Entry = Annotated[int, Between(-100, 100)]
SIZES: dict[Level, int] = {"easy": 2, "medium": 3, "hard": 4}


@exercise(title="SKELETON TITLE")
@dataclass(frozen=True, slots=True)
class Skeleton(Exercise):
    """The weighted sum of some inputs: replace it by your own exercise, one step after the other.

    The fields are exactly the values that the student sees: ``weights`` and ``inputs``, of equal length.
    """

    weights: Annotated[tuple[Entry, ...], Length(1, 8)]
    inputs: Annotated[tuple[Entry, ...], Length(1, 8)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        """One candidate; what the instructor pinned comes back from `given`, the rest is drawn around it."""
        weights = d.given("weights", lambda: d.integers(SIZES[level], -5, 5))
        inputs = d.given("inputs", lambda: d.integers(len(weights), -5, 5))
        return cls(weights, inputs)

    def conditions(self) -> Iterable[Condition]:
        """What good values satisfy: ``must`` where nothing else makes sense, ``wanted`` where it is better."""
        yield must("there are as many weights as inputs", len(self.weights) == len(self.inputs))
        yield wanted("no weight and no input is 0", all(self.weights) and all(self.inputs))

    def solve(self) -> Solution:
        """The exact route; worked lines compute their results from the numbers that they print."""
        terms = [product([w, x]) for w, x in zip(self.weights, self.inputs, strict=True)]
        work = line("s", total(terms), formula=r"\sum_i w_i x_i")
        return Solution((Part("a", "integer", work.result, 2, work={"sum": work}),))

    def check(self, solution: Solution) -> Iterable[Check]:
        """The independent route: it shares no code with `solve`."""
        yield agree("a", "the inner product by NumPy", solution["a"].answer, int(np.dot(self.weights, self.inputs)))

    def slips(self) -> Iterable[Slip]:
        """What typical wrong methods give; draws on which they give the right answer are refused."""
        size = sum(abs(w * x) for w, x in zip(self.weights, self.inputs, strict=True))
        yield Slip("a", "minus signs lost", size)
