"""One step of stochastic gradient descent for logistic regression, in symbols and in exact numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from generator.draw import Draw, Level
from generator.exact import Log, Number, log, normal_form
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
    Part,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercises.regression._sgd_symbols import (
    in_full,
    shown,
    symbolic_steps,
    update_tex,
    wrong_expressions,
)
from generator.exercises.regression._sgd_weights import (
    LARGEST_DENOMINATOR,
    as_logarithms,
    cancel,
    draw_decimals,
    draw_logarithms,
    float_sum,
    odds_of,
    plain_sum,
)
from generator.notation import Value, rounded, terminating, tex
from generator.solver import logistic
from generator.solver.formula import formula_line
from generator.solver.single_logarithm import single
from generator.working import Line, apply, line, num, total

COUNTS: Mapping[Level, tuple[int, ...]] = {"easy": (2,), "medium": (2, 3), "hard": (3, 4)}
RATES = tuple(Fraction(1, k) for k in (2, 3, 4, 5, 10))

STEP_PLACES, PLACES = 4, 2
"""Decimals of intermediate results, and of the answers, in decimal style."""

SMALLEST = 0.03
"""The smallest entry of an answer in decimal style, by size."""

TERMINATING_RATES = tuple(Fraction(1, k) for k in (2, 4, 5, 10))
"""Step sizes in decimal style."""

MADE_UP_RATE = Fraction(7, 19)
"""A step size at which the general formulas are checked once more."""


@exercise(title="Stochastic gradient descent for logistic regression", source=("E1",))
@dataclass(frozen=True, slots=True)
class LogisticRegressionSgd(Exercise):
    """One labelled sample, weights whose product with it is the logarithm of a fraction, and a step size.

    In the style "decimal" the weights are short decimals instead, and every step is rounded.
    """

    x: Annotated[tuple[Annotated[int, Between(-10, 10)], ...], Length(1, 6)]
    y: Annotated[int, Between(0, 1)]
    w: Annotated[tuple[Annotated[int | Fraction | Log, Between(-20, 20)], ...], Length(1, 6)]
    learning_rate: Annotated[int | Fraction, Between(0, 10)]
    style: Literal["exact", "decimal"] = "exact"

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        style: Literal["exact", "decimal"] = d.given("style", lambda: "exact")
        pinned: Any = d.pins.get("w")
        count = len(pinned) if pinned else d.pick(COUNTS[level])
        reach = 2 if level == "easy" else 3
        x = d.given("x", lambda: tuple(d.nonzero(-reach, reach) for _ in range(count)))

        def weights() -> tuple[Number, ...]:
            if style == "decimal":
                return draw_decimals(d, x)
            return draw_logarithms(d, x, with_rationals=level == "hard")

        return cls(
            x=x,
            y=d.given("y", lambda: d.integer(0, 1)),
            w=d.given("w", weights),
            learning_rate=d.given("learning_rate", lambda: d.pick(TERMINATING_RATES if style == "decimal" else RATES)),
            style=style,
        )

    @property
    def decimal(self) -> bool:
        """Whether values are decimals, rounded at every step."""
        return self.style == "decimal"

    @property
    def shown_weights(self) -> tuple[Value, ...]:
        """The weights as they are printed."""
        return tuple(_decimal(value) for value in self.w) if self.decimal else self.w

    @property
    def shown_rate(self) -> Value:
        """The step size as it is printed."""
        return _decimal(self.learning_rate) if self.decimal else self.learning_rate

    @property
    def probability(self) -> Value:
        """The exact probability h of class 1."""
        if not self.decimal:
            return logistic.probability(log(self.odds))
        return apply("sigma", plain_sum(self.x, self.w)).value()

    @property
    def odds(self) -> Fraction:
        """exp(w^T x), as far as the logarithms go: the product of their arguments to the powers x_j."""
        return odds_of(self.x, self.w)

    def conditions(self) -> Iterable[Condition]:
        yield must("w has an entry for every entry of x", len(self.w) == len(self.x))
        yield from self._decimal_conditions() if self.decimal else self._exact_conditions()
        yield must("the step size is positive", self.learning_rate > 0)
        yield wanted("no input and no weight is 0", all(self.x) and all(self.w))
        yield wanted("not all inputs are alike", len(set(self.x)) > 1 or len(self.x) == 1)
        yield wanted("no two weights are equal", len(set(self.w)) == len(self.w))
        yield wanted("the step size is not 1", self.learning_rate != 1)
        error = 1 / (1 + math.exp(-float_sum(self.x, self.w))) - self.y
        step = float(self.learning_rate) * error
        sizes = [abs(float(value) - step * x) for value, x in zip(self.w, self.x, strict=True)]
        yield wanted("no updated weight is 0", min(sizes) > 1e-9)
        if self.decimal:
            least = min(*sizes, *(abs(error * x) for x in self.x))
            yield wanted("no entry of the gradient or of the new weights is nearly 0", least >= SMALLEST)

    def _exact_conditions(self) -> Iterable[Condition]:
        text = 'w^T x is the logarithm of a fraction: its other terms cancel (or the style "decimal" is pinned too)'
        yield must(text, plain_sum(self.x, self.w) == 0)
        odds = self.odds
        yield must("the probability is a fraction of numbers below 10000", max(odds.numerator, odds.denominator) < 5000)
        yield wanted("the probability is not 1/2", odds != 1)
        yield wanted("the probability is a simple fraction", odds.numerator + odds.denominator <= LARGEST_DENOMINATOR)
        yield wanted("no two logarithms in w^T x cancel", not cancel(self.x, self.w))

    def _decimal_conditions(self) -> Iterable[Condition]:
        numbers = [Fraction(value) for value in (*self.w, self.learning_rate) if not isinstance(value, Log)]
        short = len(numbers) > len(self.w) and all((value * 100).denominator == 1 for value in numbers)
        yield must("weights and step size are decimals with two places at most (or pin no style)", short)
        z = abs(plain_sum(self.x, self.w))
        yield must("w^T x is not beyond 10 in size", z <= 10)
        yield wanted("w^T x is between 0.3 and 3 in size", Fraction(3, 10) <= z <= 3)

    def solve(self) -> Solution:
        steps, texts = symbolic_steps(), shown()
        to_probability = self._probability_lines()
        h = to_probability[-1]
        error = line(r"h(\mathbf{x}) - y", num(h.result) - self.y, places=self._step_places)
        gradient = tuple(self._slope_line(j, x, error.result) for j, x in enumerate(self.x, 1))
        updated = tuple(
            self._update_line(j, value, slope.result)
            for j, (value, slope) in enumerate(zip(self.shown_weights, gradient, strict=True), 1)
        )
        exact_gradient, exact_updated = self._answers()
        lines = {"h": (h,), "gradient": gradient, "updated": updated} if self.decimal else {}
        rounding: dict[str, Any] = {"places": PLACES} if self.decimal else {}
        return Solution(
            parts=(
                Part("a", "expression", steps["derivative"], 4, tex=texts["derivative"]),
                Part("b", "expression", steps["update"], 2, tex=update_tex(steps["update"])),
                Part(
                    "c1",
                    "number",
                    self.probability if self.decimal else h.result,
                    3,
                    work={
                        "products": total([num(x) * w for x, w in zip(self.x, self.shown_weights, strict=True)]).tex(),
                        "predictor": self._predictor_line(),
                        "lines": to_probability,
                        "inverse_odds": None if self.decimal else normal_form(1 / self.odds),
                    },
                    extra_effort={"multiplications": len(self.x), "additions": len(self.x) - 1},
                    results=lines.get("h", ()),
                    tex=self._shown(self.probability),
                    **rounding,
                ),
                Part(
                    "c2",
                    "vector",
                    exact_gradient,
                    2,
                    work={"error": error, "lines": gradient},
                    results=lines.get("gradient", ()),
                    tex=self._shown(exact_gradient),
                    **rounding,
                ),
                Part(
                    "c3",
                    "vector",
                    exact_updated,
                    2,
                    work={"lines": updated},
                    # Sums with a logarithm need more room than a cell of a grid.
                    space=Space("boxes", rows=4, names=tuple(entry.left for entry in updated)),
                    results=lines.get("updated", ()),
                    tex=self._shown(exact_updated),
                    **rounding,
                ),
            ),
            work={"steps": texts},
        )

    @property
    def _step_places(self) -> int | None:
        return STEP_PLACES if self.decimal else None

    def _shown(self, value: Value) -> str:
        """An answer in TeX, rounded in decimal style."""
        if not self.decimal:
            return tex(value)
        return tex(
            tuple(rounded(entry, PLACES) for entry in value) if isinstance(value, tuple) else rounded(value, PLACES)
        )

    def _answers(self) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
        """The exact gradient and the exact new weights."""
        error = (num(self.probability) - self.y).value()
        gradient = tuple((num(error) * x).value() for x in self.x)
        return gradient, self._moved(-self.learning_rate, gradient)

    def _predictor_line(self) -> Line:
        """The product of weights and input; with logarithms from its terms, each of them one logarithm."""
        pairs = tuple(zip(self.x, self.shown_weights, strict=True))
        if self.decimal:
            return line("z", total([num(value) * x for x, value in pairs]), r"\mathbf{w}^{\top}\mathbf{x}")
        return line("", single(total(as_logarithms(pairs))))

    def _probability_lines(self) -> tuple[Line, ...]:
        """The exponential of minus the predictor (in decimal style, else it is plain to see), and the probability."""
        formula = r"\frac{1}{1 + e^{-z}}"
        if not self.decimal:
            return (line(r"h(\mathbf{x})", num(1) / (num(1) + normal_form(1 / self.odds)), formula),)
        opposite = _decimal(normal_form(-plain_sum(self.x, self.w)))
        power = line("e^{-z}", apply("exp", opposite), places=STEP_PLACES)
        return power, line(r"h(\mathbf{x})", num(1) / (num(1) + power.result), formula, STEP_PLACES)

    def _slope_line(self, j: int, x: int, error: Value) -> Line:
        names = {r"(h(\mathbf{x}) - y)": error, f"x_{{{j}}}": x}
        return formula_line(_partial(j), lambda e, x: e * x, names, places=self._step_places)

    def _update_line(self, j: int, value: Value, slope: Value) -> Line:
        names = {f"w_{{{j}}}": value, r"\eta": self.shown_rate, _partial(j): slope}
        left = rf"w_{{{j}}}^{{\text{{new}}}}"
        return formula_line(left, lambda w, eta, g: w - eta * g, names, places=self._step_places)

    def check(self, solution: Solution) -> Iterable[Check]:
        weights = [float(value) for value in self.w]
        z = sum(value * x for value, x in zip(weights, self.x, strict=True))
        h = 1 / (1 + math.exp(-z))
        yield agree("c1", "the sigmoid in floating point", solution["c1"].answer, h)
        predictor = solution["c1"].work["predictor"]
        yield agree("c1", "the scalar product in floating point", predictor.result, z)
        slopes = [self._slope(weights, j) for j in range(len(weights))]
        yield agree("c2", "central differences of the loss", solution["c2"].answer, slopes, tolerance=1e-5)
        rate = float(self.learning_rate)
        after = [value - rate * slope for value, slope in zip(weights, slopes, strict=True)]
        yield agree("c3", "a step along the central differences", solution["c3"].answer, after, tolerance=1e-4)
        # The formulas hold for either label and any step size, not for those of this example alone.
        for other in (self, replace(self, y=1 - self.y, learning_rate=MADE_UP_RATE)):
            yield from other._formulas_checked(solution, weights, h)

    def _formulas_checked(self, solution: Solution, weights: list[float], h: float) -> Iterable[Check]:
        """The general formulas that answer parts (a) and (b), for every weight of the example."""
        rate, places = float(self.learning_rate), tuple(zip(weights, self.x, strict=True))

        def shown(part: str) -> list[float]:
            formula = solution[part].answer
            return [_evaluated(formula, {"w_j": w, "x_j": x, "h": h, "y": self.y, "eta": rate}) for w, x in places]

        slopes = [self._slope(weights, j) for j in range(len(weights))]
        after = [value - rate * slope for value, slope in zip(weights, slopes, strict=True)]
        yield agree("a", "central differences of the loss", shown("a"), slopes, tolerance=1e-5)
        yield agree("b", "a step along the central differences", shown("b"), after, tolerance=1e-4)

    def _slope(self, weights: list[float], j: int) -> float:
        """The derivative of the loss by one weight, by a central difference."""
        step = 1e-5

        def loss(shift: float) -> float:
            moved = (value + shift * (k == j) for k, value in enumerate(weights))
            p = 1 / (1 + math.exp(-sum(value * x for value, x in zip(moved, self.x, strict=True))))
            return -math.log(p if self.y else 1 - p)

        return (loss(step) - loss(-step)) / (2 * step)

    def slips(self) -> Iterable[Slip]:
        for name, expression in wrong_expressions()["a"].items():
            yield Slip("a", name, expression, apart=True, tex=in_full(expression))
        for name, expression in wrong_expressions()["b"].items():
            yield Slip("b", name, expression, apart=True, tex=update_tex(expression))
        h = num(self.probability)
        yield self._wrong("c1", "sign of the exponent lost", (1 - h).value())
        yield self._wrong("c1", "odds taken for the probability", (h / (1 - h)).value())
        error = (h - self.y).value()
        gradient, _ = self._answers()
        yield self._wrong("c2", "wrong sign", tuple(-entry for entry in gradient))
        if set(self.x) != {1}:
            yield self._wrong("c2", "factor $x_j$ forgotten", (error,) * len(self.x))
        kept = tuple((h * (1 - h) * entry).value() for entry in gradient)
        yield self._wrong("c2", "derivative of the sigmoid kept", kept)
        yield self._wrong("c3", "step uphill", self._moved(self.learning_rate, gradient))
        if self.learning_rate != 1:
            yield self._wrong("c3", "step size forgotten", self._moved(-1, gradient))

    def _wrong(self, part: str, name: str, value: Value) -> Slip:
        return Slip(part, name, value, apart=True, tex=self._shown(value))

    def pattern(self) -> str:
        """The number of features."""
        return f"features={len(self.x)}"

    def _moved(self, rate: int | Fraction, gradient: tuple[Value, ...]) -> tuple[Value, ...]:
        pairs = zip(self.w, gradient, strict=True)
        return tuple((num(value) + num(rate) * entry).value() for value, entry in pairs)


def _partial(j: int) -> str:
    return rf"\frac{{\partial L}}{{\partial w_{{{j}}}}}"


def _evaluated(formula: Value, values: Mapping[str, float]) -> float:
    """A formula at some numbers."""
    import sympy

    from generator.solver.sample_sums import evaluate

    return float(evaluate(formula, {sympy.Symbol(name): value for name, value in values.items()}))


def _decimal(value: Number) -> Value:
    """A fraction as the decimal that it is."""
    assert not isinstance(value, Log)
    return value if isinstance(value, int) else terminating(value)
