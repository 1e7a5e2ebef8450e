"""The gradient of a linear classifier, put together from the messages of its layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from itertools import product as product_of
from math import prod
from typing import Annotated, Any, Literal, Self

import numpy as np

from generator.draw import Draw, Level
from generator.exact import Log, Number, log, normal_form, symbolic
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
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercises._decimals import PLACES, STEP_PLACES, as_decimal, printed_as_exact, short_decimals, step_line
from generator.exercises.layers._classifier import (
    differences,
    entries_of,
    formulas,
    judged,
    slopes,
    softmax,
    stem,
    symbolic_parts,
)
from generator.notation import Value, matrix_tex, rounded, row_tex
from generator.solver.written import add, minus, times, written_tex
from generator.working import Line, Term, apply, line, num, product, total

SIZES: Mapping[Level, tuple[int, int]] = {"easy": (2, 2), "medium": (2, 3), "hard": (3, 4)}  # inputs, classes
LARGEST_ARGUMENT = 12
"""Numerator and denominator of a drawn weight's exponential."""
LARGEST_LOGIT = 20
"""Beyond it, floating-point numbers could not tell a probability from 0 or 1."""
LARGEST = 5
"""Inputs or classes at most."""
SMALLEST_CHANCE = 0.05
"""The smallest probability in decimal style; no two are closer than half of it."""
Weight = Annotated[int | Fraction | Log, Between(-50, 50)]


@exercise(title="Softmax and cross-entropy, layer by layer", source=("D2",))
@dataclass(frozen=True, slots=True)
class SoftmaxCrossEntropyChain(Exercise):
    """Input, weights (a row per input, a column per class), the true class (from 1), and the style.

    Weights are logarithms of fractions, or short decimals in the style "decimal".
    """

    x: Annotated[tuple[Annotated[int, Between(-20, 20)], ...], Length(1, LARGEST)]
    W: Annotated[tuple[tuple[Weight, ...], ...], Rectangular(LARGEST)]
    target: Annotated[int, Between(1, LARGEST)]
    style: Literal["exact", "decimal"] = "exact"

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        inputs, classes = SIZES[level]
        weights: tuple[tuple[Number, ...], ...] = d.given("W", tuple)
        if weights:
            inputs, classes = len(weights), len(weights[0])
        style: Literal["exact", "decimal"] = d.given("style", lambda: "exact")
        x = d.given("x", lambda: _draw_input(d, inputs))
        drawn = _draw_decimals if style == "decimal" else _draw_weights
        weights = weights or drawn(d, x, classes)
        return cls(x, weights, d.given("target", lambda: d.integer(1, classes)), style)

    @property
    def t(self) -> tuple[int, ...]:
        """The one-hot target."""
        return tuple(int(number == self.target) for number in range(1, len(self.W[0]) + 1))

    @property
    def decimal(self) -> bool:
        """Whether values are decimals, rounded at every step."""
        return self.style == "decimal"

    @property
    def shown(self) -> tuple[tuple[Value, ...], ...]:
        """The weights as they are printed."""
        return tuple(tuple(map(as_decimal, row)) for row in self.W) if self.decimal else self.W

    def conditions(self) -> Iterable[Condition]:
        yield must("W has one row for every input", len(self.W) == len(self.x))
        yield must("there are at least two classes", len(self.W[0]) >= 2)
        yield must("the true class is one of the columns of W", self.target <= len(self.W[0]))
        yield must("the input is not all zeros", any(self.x))
        columns = list(zip(*self.W, strict=True))
        logits = [sum(float(w) * value for w, value in zip(column, self.x, strict=True)) for column in columns]
        yield must(f"no logit is larger than {LARGEST_LOGIT} in absolute value", max(map(abs, logits)) <= LARGEST_LOGIT)
        yield from self._conditions_of_style(logits)
        yield wanted("no input is 0", all(self.x))
        yield wanted("not all inputs are equal", len(set(self.x)) > 1 or len(self.x) == 1)
        entries = [weight for row in self.W for weight in row]
        yield wanted("at most one weight is 0", entries.count(0) <= 1)
        yield wanted("no two rows and no two columns of W are equal", _all_differ(self.W) and _all_differ(columns))

    def _conditions_of_style(self, logits: Sequence[float]) -> Iterable[Condition]:
        entries = [weight for row in self.W for weight in row]
        if self.decimal:
            yield short_decimals("every weight", entries)
            yield wanted("no logit is larger than 3 in absolute value", max(map(abs, logits)) <= 3)
            likely = sorted(map(float, softmax(np.array(logits))))
            apart = min(b - a for a, b in pairwise(likely)) >= SMALLEST_CHANCE / 2
            yield wanted("the probabilities are not small and all differ", likely[0] >= SMALLEST_CHANCE and apart)
            yield printed_as_exact(self.solve())
            return
        powers = [_exponential(column, self.x).value() for column in zip(*self.W, strict=True)]
        whole = all(isinstance(power, int | Fraction) and power % 1 == 0 and power <= 12 for power in powers)
        yield wanted("the exponentials of the logits are whole numbers up to 12", whole)
        yield wanted("no two classes are equally likely", len(set(powers)) == len(powers))
        small = all(
            isinstance(w, Log) and max(w.argument.as_integer_ratio()) <= LARGEST_ARGUMENT for w in entries if w != 0
        )
        yield wanted("the weights are logarithms of simple fractions", small)

    def solve(self) -> Solution:
        places = PLACES if self.decimal else None
        logits, exponentials = self._exponential_lines()
        whole, shares = _probability_lines(tuple(entry.result for entry in exponentials), self.decimal)
        # Also a line that rounds nothing says its places: what it gives is a rounded number.
        step = STEP_PLACES if self.decimal else None
        gaps = [
            step_line(f"d_{j}", lambda p, t: p - t, {f"p_{j}": share.result, f"t_{j}": target}, places=step)
            for j, (share, target) in enumerate(zip(shares, self.t, strict=True), 1)
        ]
        missing = tuple(entry.result for entry in gaps)
        likely = _probabilities(self.W, self.x)
        gradient = _outer(self.x, [_plain(share - target) for share, target in zip(likely, self.t, strict=True)])
        products = tuple(line("", num(x) * d) for x in self.x for d in missing)
        return Solution(
            (
                *symbolic_parts(),
                Part(
                    "e",
                    "vector",
                    likely,
                    3,
                    {
                        "logits": logits,
                        "exponentials": exponentials,
                        "probabilities": (whole, *shares),
                        "answer": self._answer_tex(row_tex, self._shown_row, tuple(entry.result for entry in shares)),
                    },
                    places=places,
                    results=shares if self.decimal else (),
                    tex=self._shown_row(likely),
                ),
                Part(
                    "f",
                    "matrix",
                    gradient,
                    points=3,
                    work={
                        "differences": tuple(gaps),
                        "row": missing,
                        "answer": self._answer_tex(matrix_tex, self._shown_matrix, _outer(self.x, missing)),
                    },
                    places=places,
                    results=products if self.decimal else (),
                    tex=self._shown_matrix(gradient),
                    extra_effort={"multiplications": len(products)},
                ),
            ),
            work=stem(),
        )

    def _answer_tex(self, whole: Callable[[Any], str], given: Callable[[Any], str], values: Value) -> str:
        """An answer, and in decimal style what it is rounded to in the end."""
        return rf"{whole(values)} \approx {given(values)}" if self.decimal else whole(values)

    def _shown_row(self, entries: tuple[Value, ...]) -> str:
        return row_tex(tuple(rounded(entry, PLACES) for entry in entries) if self.decimal else entries)

    def _shown_matrix(self, rows: tuple[tuple[Value, ...], ...]) -> str:
        if self.decimal:
            rows = tuple(tuple(rounded(entry, PLACES) for entry in row) for row in rows)
        return matrix_tex(rows)

    def _exponential_lines(self) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """The logits (in decimal style, else they are not needed) and their exponentials."""
        columns = list(enumerate(zip(*self.shown, strict=True), 1))
        if not self.decimal:
            return (), tuple(
                line(f"e^{{s_{j}}}", _exponential(column, self.x), formula=_power_tex(j, len(self.x)))
                for j, column in columns
            )
        logits = tuple(step_line(f"s_{j}", _weighted_sum, self._letters(j, column)) for j, column in columns)
        return logits, tuple(
            line(f"e^{{{entry.left}}}", apply("exp", entry.result), places=STEP_PLACES) for entry in logits
        )

    def _letters(self, j: int, column: Sequence[Value]) -> Mapping[str, Value]:
        """The weights of a class and the inputs, one after the other, by their names."""
        pairs = enumerate(zip(column, self.x, strict=True), 1)
        return {name: value for i, (w, x) in pairs for name, value in ((f"w_{{{i}{j}}}", w), (f"x_{i}", x))}

    def check(self, solution: Solution) -> Iterable[Check]:
        route, expected = "differences at made-up numbers", slopes()
        for part in "abd":
            yield agree(part, route, entries_of(solution[part].answer, part), expected[part], tolerance=1e-6)
        table = {name: entries_of(formula, name) for name, formula in solution["c"].answer.items()}
        yield agree("c", route, table, {name: expected[name] for name in ("ds_dx", "ds_dw")}, tolerance=1e-6)
        for part, forms, found in judged():
            yield agree(part, route, forms, found, tolerance=1e-6)
        x, W = np.array(self.x, dtype=float), np.array([[float(w) for w in row] for row in self.W])
        p, t = softmax(W.T @ x), np.eye(W.shape[1])[self.target - 1]
        gradient = differences(lambda w: -(t * np.log(softmax(w.T @ x))).sum(), W)
        yield agree("e", "softmax in floating point", solution["e"].answer, p)
        yield agree("f", "central differences", solution["f"].answer, gradient, tolerance=1e-6)
        if not self.decimal:
            # The lines of rounded values are compared with the answers elsewhere.
            _, *shares = solution["e"].work["probabilities"]
            yield agree("e", "softmax in floating point", [share.result for share in shares], p)
            yield agree("f", "softmax in floating point", solution["f"].work["row"], p - t)

    def slips(self) -> Iterable[Slip]:
        import sympy

        symbols = formulas()
        p_j, t_j, x_i = sympy.symbols("p_j t_j x_i")
        yield Slip("a", "sign lost", -symbols["a"])
        yield Slip("b", "the derivative for equal indices used for all", p_j * (1 - p_j))
        yield Slip("b", "sign of the difference turned", -symbols["b"])
        yield Slip("d", "target minus output", x_i * (t_j - p_j))
        yield Slip("d", "input forgotten", p_j - t_j)
        alone = times(x_i, p_j, add(1, minus(p_j)))
        yield Slip("d", "cross-entropy left out, softmax alone", alone.doit(), tex=written_tex(alone))
        likely = _probabilities(self.W, self.x)
        gaps = [share - target for share, target in zip(likely, self.t, strict=True)]
        yield self._wrong("target minus output", _outer(self.x, [-gap for gap in gaps]))
        yield self._wrong("input forgotten", _outer([1] * len(self.x), gaps))
        yield self._wrong("target forgotten", _outer(self.x, likely))
        yield self._wrong("rows and columns exchanged", _outer(gaps, self.x))

    def _wrong(self, name: str, gradient: tuple[tuple[Value, ...], ...]) -> Slip:
        return Slip("f", name, gradient, apart=True, tex=self._shown_matrix(gradient))


def _power_tex(j: int, inputs: int) -> str:
    """The exponential of a logit as a product, in the letters of the layers."""
    import sympy

    factors = [times(sympy.Symbol(f"w_{i}{j}"), sympy.Symbol(f"x_{i}")) for i in range(1, inputs + 1)]
    return r" \, ".join(written_tex(sympy.exp(factor)) for factor in factors)


def _weighted_sum(*letters: Term) -> Term:
    """Weight times input, and so on, added up."""
    return total(product(pair) for pair in zip(letters[::2], letters[1::2], strict=True))


def _probability_lines(powers: tuple[Value, ...], decimal: bool) -> tuple[Line, tuple[Line, ...]]:
    """The sum of the exponentials, and the probabilities."""
    names, places = [f"e^{{s_{j}}}" for j in range(1, len(powers) + 1)], STEP_PLACES if decimal else None
    whole = step_line("Z", lambda *terms: total(terms), dict(zip(names, powers, strict=True)), places=places)
    return whole, tuple(
        step_line(f"p_{j}", lambda e, Z: e / Z, {name: power, "Z": whole.result}, places=places)
        for j, (name, power) in enumerate(zip(names, powers, strict=True), 1)
    )


def _plain(value: Value) -> Value:
    return normal_form(value) if isinstance(value, Fraction) else value


def _outer(column: Sequence[Value], row: Sequence[Value]) -> tuple[tuple[Value, ...], ...]:
    return tuple(tuple(left * right for right in row) for left in column)


def _exponential(weights: Sequence[Number], x: Sequence[int]) -> Term:
    """The exponential of a logit as a product of powers, without logarithms where the weights are logarithms."""
    return product(
        num(_base(weight)) if count == 1 else num(_base(weight)) ** count
        for weight, count in zip(weights, x, strict=True)
    )


def _base(weight: Number) -> Value:
    if isinstance(weight, Log):
        return normal_form(weight.argument)
    if weight == 0:
        return 1
    import sympy

    return sympy.exp(symbolic(weight))


def _probabilities(W: Sequence[Sequence[Number]], x: Sequence[int]) -> tuple[Value, ...]:
    """The exact probabilities."""
    powers = [_exponential(column, x).value() for column in zip(*W, strict=True)]
    whole = total(powers)
    return tuple((num(power) / whole).value() for power in powers)


def _all_differ(rows: Sequence[Sequence[Number]]) -> bool:
    return len({tuple(row) for row in rows}) == len(rows)


def _draw_input(d: Draw, count: int) -> tuple[int, ...]:
    """One entry is 1 or -1, so that its weights can settle the logits."""
    others = d.sample((1, -1, 2, -2, 3), count - 1)
    return d.shuffled((d.pick((1, -1)), *others))


def _draw_weights(d: Draw, x: Sequence[int], classes: int) -> tuple[tuple[Number, ...], ...]:
    """Weights that make different whole numbers of the exponentials of the logits."""
    columns = [d.pick(_columns(tuple(x), power)) for power in d.sample(range(1, 10), classes)]
    return tuple(tuple(log(base) for base in row) for row in zip(*columns, strict=True))


def _draw_decimals(d: Draw, x: Sequence[int], classes: int) -> tuple[tuple[Number, ...], ...]:
    """Weights with one decimal whose logits are moderate."""
    columns = []
    for _ in range(classes):
        column = [0]
        for _ in range(60):
            column = [d.nonzero(-15, 15) for _ in x]
            if abs(sum(w * value for w, value in zip(column, x, strict=True))) <= 15:
                break
        columns.append(column)
    return tuple(tuple(normal_form(Fraction(w, 10)) for w in row) for row in zip(*columns, strict=True))


BASES = tuple(Fraction(top, bottom) for top, bottom in ((2, 1), (1, 2), (3, 1), (1, 3), (3, 2), (2, 3), (1, 1)))


@lru_cache(maxsize=512)
def _columns(x: tuple[int, ...], power: int) -> tuple[tuple[Fraction, ...], ...]:
    """The exponentials of the weights of one class, all simple fractions, whose logit is the logarithm of ``power``.

    All weights but one are tried; that of the first input of size 1 follows. A column of ones where nothing fits,
    as for inputs that the instructor pinned.
    """
    pivot = next((place for place, value in enumerate(x) if abs(value) == 1), None)
    found = []
    if pivot is not None and len(x) <= 4:
        for others in product_of(BASES, repeat=len(x) - 1):
            column = [*others[:pivot], Fraction(1), *others[pivot:]]
            rest = prod((base**value for base, value in zip(column, x, strict=True)), start=Fraction(1))
            column[pivot] = (power / rest) ** x[pivot]
            if max(column[pivot].as_integer_ratio()) <= LARGEST_ARGUMENT:
                found.append(tuple(column))
    return tuple(found) or ((Fraction(1),) * len(x),)
