"""Precision, recall and F1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Self

import numpy as np

from generator.draw import Draw, Level
from generator.exact import normal_form
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Rectangular,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.figure import Figure, beside, grid_figure, words
from generator.working import Line, line, num, product, total

Count = Annotated[int, Between(0, 99)]
Row = Annotated[tuple[Count, ...], Length(2, 4)]
CLASSES: dict[Level, int] = {"easy": 2, "medium": 3, "hard": 4}
MOST_MISTAKES: dict[Level, int] = {"easy": 6, "medium": 4, "hard": 3}
"""In one cell of the table."""
DENOMINATORS = (12, 20, 30)
"""The F1 scores of one table are multiples of 1/12, 1/20 or 1/30, so that they are easily added up."""
LARGEST_COUNT = 30
LARGEST_DENOMINATOR = 20
"""Of the metrics of one class."""
LARGEST_MEAN_DENOMINATOR = 60
"""Of the macro-averaged F1 score, which is a sum of fractions."""


@exercise(title="Precision, recall and F1")
@dataclass(frozen=True, slots=True)
class ConfusionMetrics(Exercise):
    """Metrics of a classifier from its confusion matrix; from three classes on also the macro-averaged F1 score.

    ``counts`` has a row for each true class and a column for each predicted class.
    """

    counts: Annotated[tuple[Row, ...], Rectangular(4)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        """One candidate; a pinned table comes back from `given`."""
        return cls(d.given("counts", lambda: _drawn_counts(d, CLASSES[level], MOST_MISTAKES[level])))

    @property
    def size(self) -> int:
        """How many classes there are."""
        return len(self.counts)

    @property
    def examples(self) -> int:
        """How many examples were classified."""
        return sum(map(sum, self.counts))

    def hits(self, k: int) -> int:
        """The examples of class k that are recognised; classes are counted from 0 here, from 1 on the sheet."""
        return self.counts[k][k]

    def predicted(self, k: int) -> int:
        """The column sum of class k."""
        return sum(row[k] for row in self.counts)

    def true(self, k: int) -> int:
        """The row sum of class k."""
        return sum(self.counts[k])

    def f1(self, k: int) -> Fraction:
        """The F1 score of class k."""
        return Fraction(2 * self.hits(k), self.predicted(k) + self.true(k))

    def conditions(self) -> Iterable[Condition]:
        """No division by zero, no classifier that is always right or mostly wrong, no fraction that is unkind."""
        yield must("there are as many rows as columns", all(len(row) == self.size for row in self.counts))
        yield must("there are two to four classes", self.size >= 2)
        for k in range(self.size):
            yield must(f"class {k + 1} occurs and is predicted", self.true(k) > 0 and self.predicted(k) > 0)
            yield must(f"class {k + 1} is recognised at least once", self.hits(k) > 0)
        for k in range(self.size):
            mistakes = [count for j, count in enumerate(self.counts[k]) if j != k]
            yield wanted(f"class {k + 1} is mostly recognised", self.hits(k) > max(mistakes))
            yield wanted(f"class {k + 1} is not always recognised", any(mistakes))
        yield wanted("class 1 is also predicted wrongly", self.predicted(0) > self.hits(0))
        metrics = (Fraction(self.hits(0), self.predicted(0)), Fraction(self.hits(0), self.true(0)), self.f1(0))
        text = f"the metrics of class 1 have denominators up to {LARGEST_DENOMINATOR}"
        yield wanted(text, max(metric.denominator for metric in metrics) <= LARGEST_DENOMINATOR)
        if self.size > 2:
            mean = Fraction(sum(map(self.f1, range(self.size))), self.size)
            text = f"the macro-averaged F1 score has a denominator up to {LARGEST_MEAN_DENOMINATOR}"
            yield wanted(text, mean.denominator <= LARGEST_MEAN_DENOMINATOR)

    def solve(self) -> Solution:
        """The exact route: sums of rows and columns."""
        parts = [self._accuracy(), self._of_class_1()]
        if self.size > 2:
            parts.append(self._macro_average())
        return Solution(tuple(parts))

    def _accuracy(self) -> Part:
        hits = total([num(self.hits(k)) for k in range(self.size)])
        work = line("A", hits / self.examples)
        return Part("a", "number", work.result, 1, work={"accuracy": work})

    def _of_class_1(self) -> Part:
        column = total([num(row[0]) for row in self.counts])
        row = total([num(count) for count in self.counts[0]])
        precision = line("P", num(self.hits(0)) / column)
        recall = line("R", num(self.hits(0)) / row)
        p, r = num(precision.result), num(recall.result)
        score = line("F_1", product([2, p, r]) / (p + r), formula=r"\frac{2PR}{P + R}")
        answer = {"P": precision.result, "R": recall.result, "F_1": score.result}
        work = {"precision": precision, "recall": recall, "score": score}
        return Part("b", "table", answer, 3, work=work, space=Space("boxes", names=tuple(answer)))

    def _macro_average(self) -> Part:
        scores = [self._score(k) for k in range(self.size)]
        mean = line(r"\bar F_1", total([num(score.result) for score in scores]) / self.size)
        work = {"sums": [entry for k in range(1, self.size) for entry in self._sums(k)], "scores": scores[1:]}
        return Part("c", "number", mean.result, self.size, work={**work, "mean": mean})

    def _sums(self, k: int) -> tuple[Line, Line]:
        column = line(f"c_{k + 1}", total(row[k] for row in self.counts))
        return column, line(f"r_{k + 1}", total(self.counts[k]))

    def _score(self, k: int) -> Line:
        column, row = self._sums(k)
        top = product([2, self.hits(k)])
        formula = rf"\frac{{2 \cdot {self.hits(k)}}}{{c_{k + 1} + r_{k + 1}}}"
        return line(rf"F_1^{{({k + 1})}}", top / (num(column.result) + row.result), formula)

    def check(self, solution: Solution) -> Iterable[Check]:
        """The independent route: every example by itself, as a program does it, and F1 as a harmonic mean."""
        pairs = [(i, j) for i, row in enumerate(self.counts) for j, count in enumerate(row) for _ in range(count)]
        truth, guess = np.array(pairs).T
        yield agree("a", "labels compared one by one", solution["a"].answer, float(np.mean(truth == guess)))
        precision = [float(np.mean(truth[guess == k] == k)) for k in range(self.size)]
        recall = [float(np.mean(guess[truth == k] == k)) for k in range(self.size)]
        harmonic = [2 / (1 / p + 1 / r) for p, r in zip(precision, recall, strict=True)]
        found = {"P": precision[0], "R": recall[0], "F_1": harmonic[0]}
        yield agree("b", "labels compared one by one", solution["b"].answer, found)
        if self.size > 2:
            yield agree("c", "the mean of harmonic means", solution["c"].answer, float(np.mean(harmonic)))

    def slips(self) -> Iterable[Slip]:
        """What students confuse: rows with columns, one mean with another."""
        hits, predicted, true = self.hits(0), self.predicted(0), self.true(0)
        accuracy = Fraction(sum(map(self.hits, range(self.size))), self.examples)
        yield Slip("a", "the share of mistakes", 1 - accuracy)
        precision, recall, score = Fraction(hits, predicted), Fraction(hits, true), self.f1(0)
        yield Slip("b", "rows and columns exchanged", _table(recall, precision, score), apart=True)
        yield Slip("b", "arithmetic mean for $F_1$", _table(precision, recall, (precision + recall) / 2), apart=True)
        if self.size > 2:
            yield Slip("c", "accuracy (the micro average)", normal_form(accuracy), apart=True)
            sum_of_scores = sum(map(self.f1, range(self.size)))
            yield Slip("c", "not divided by the number of classes", normal_form(Fraction(sum_of_scores)), apart=True)

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        """The cells that precision and recall add up, for the key."""
        del solution  # the given table is all that they show
        entries = [[str(count) for count in row] for row in self.counts]
        column, row = [(k, 0) for k in range(self.size)], [(0, k) for k in range(self.size)]
        grids = (
            grid_figure(entries, highlight=column, description="The column of class 1."),
            grid_figure(entries, highlight=row, description="The row of class 1."),
        )
        return {"sums": beside(grids, captions=(words("precision"), words("recall")), gap=60.0)}


def _table(precision: Fraction, recall: Fraction, score: Fraction) -> dict[str, Fraction]:
    return {"P": precision, "R": recall, "F_1": score}


def _drawn_counts(d: Draw, size: int, most: int) -> tuple[tuple[int, ...], ...]:
    """Draw the mistakes first, then put onto the diagonal what makes each F1 score a simple fraction."""
    mistakes = [[0 if i == j else d.integer(0, most) for j in range(size)] for i in range(size)]
    denominator = d.pick(DENOMINATORS)
    hits = [d.pick(_simple(sum(mistakes[k]) + sum(row[k] for row in mistakes), denominator)) for k in range(size)]
    return tuple(tuple(hits[i] if i == j else mistakes[i][j] for j in range(size)) for i in range(size))


def _simple(mistakes: int, denominator: int) -> list[int]:
    """The numbers of hits h for which F1 = 2h / (2h + mistakes) is a multiple of 1 / denominator."""
    found = [h for h in range(1, LARGEST_COUNT + 1) if 2 * h * denominator % (2 * h + mistakes) == 0]
    # A table with none is refused: the conditions look at its denominators.
    return found or [1]
