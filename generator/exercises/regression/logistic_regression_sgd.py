"""One step of stochastic gradient descent for logistic regression, in symbols and in exact numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Self

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
from generator.notation import Value, tex
from generator.solver import logistic
from generator.working import Line, line, num, total

COUNTS: Mapping[Level, tuple[int, ...]] = {"easy": (2,), "medium": (2, 3), "hard": (3, 4)}
RATES = tuple(Fraction(1, k) for k in (2, 3, 4, 5, 10))
ODDS = tuple(Fraction(top, bottom) for top in range(1, 4) for bottom in range(1, 4) if math.gcd(top, bottom) == 1)[1:]
"""Arguments of the logarithms that are drawn as weights: 1/2, 1/3, 2, 2/3, 3, 3/2."""

LARGEST_DENOMINATOR = 13
"""Of the probability h."""

ATTEMPTS = 100

MADE_UP_RATE = Fraction(7, 19)
"""A step size at which the general formulas are checked once more."""


@exercise(title="Stochastic gradient descent for logistic regression", source=("E1",))
@dataclass(frozen=True, slots=True)
class LogisticRegressionSgd(Exercise):
    """One labelled sample, weights whose product with it is the logarithm of a fraction, and a step size."""

    x: Annotated[tuple[Annotated[int, Between(-10, 10)], ...], Length(1, 6)]
    y: Annotated[int, Between(0, 1)]
    w: Annotated[tuple[Annotated[int | Fraction | Log, Between(-20, 20)], ...], Length(1, 6)]
    learning_rate: Annotated[int | Fraction, Between(0, 10)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        pinned: Any = d.pins.get("w")
        count = len(pinned) if pinned else d.pick(COUNTS[level])
        reach = 2 if level == "easy" else 3
        x = d.given("x", lambda: tuple(d.nonzero(-reach, reach) for _ in range(count)))
        return cls(
            x=x,
            y=d.given("y", lambda: d.integer(0, 1)),
            w=d.given("w", lambda: _weights(d, x, with_rationals=level == "hard")),
            learning_rate=d.given("learning_rate", lambda: d.pick(RATES)),
        )

    @property
    def odds(self) -> Fraction:
        """exp(w^T x), as far as the logarithms go: the product of their arguments to the powers x_j."""
        return _odds(self.x, self.w)

    def conditions(self) -> Iterable[Condition]:
        yield must("w has an entry for every entry of x", len(self.w) == len(self.x))
        rest = sum(Fraction(v) * x for v, x in zip(self.w, self.x, strict=True) if not isinstance(v, Log))
        yield must("w^T x is the logarithm of a fraction: its other terms cancel", rest == 0)
        odds = self.odds
        yield must("the probability is a fraction of numbers below 10000", max(odds.numerator, odds.denominator) < 5000)
        yield must("the step size is positive", self.learning_rate > 0)
        yield wanted("the probability is not 1/2", odds != 1)
        yield wanted("the probability is a simple fraction", odds.numerator + odds.denominator <= LARGEST_DENOMINATOR)
        yield wanted("no input and no weight is 0", all(self.x) and all(self.w))
        yield wanted("no two logarithms in w^T x cancel", not _cancel(self.x, self.w))
        yield wanted("not all inputs are alike", len(set(self.x)) > 1 or len(self.x) == 1)
        yield wanted("no two weights are equal", len(set(self.w)) == len(self.w))
        yield wanted("the step size is not 1", self.learning_rate != 1)
        step = self.learning_rate * (logistic.probability(log(odds)) - self.y)
        steps_to_zero = [value == step * x for value, x in zip(self.w, self.x, strict=True)]
        yield wanted("no updated weight is 0", not any(steps_to_zero))

    def solve(self) -> Solution:
        steps = symbolic_steps()
        h = line("h(\\mathbf{x})", num(1) / (num(1) + 1 / self.odds), r"\frac{1}{1 + e^{-z}}")
        error = line("h(\\mathbf{x}) - y", num(h.result) - self.y)
        gradient = tuple(line(_partial(j), num(error.result) * value) for j, value in enumerate(self.x, 1))
        updated = _update_lines(self, gradient)
        products = total([num(x) * value for value, x in zip(self.w, self.x, strict=True)])
        predictor = rf"z = \mathbf{{w}}^{{\top}}\mathbf{{x}} = {products.tex()} = {tex(log(self.odds))}"
        return Solution(
            parts=(
                Part("a", "expression", steps["derivative"], 4, work=steps, tex=r"(h(\mathbf{x}) - y)\, x_j"),
                Part("b", "expression", steps["update"], 2, tex=UPDATE),
                Part(
                    "c1",
                    "number",
                    h.result,
                    3,
                    work={"predictor": predictor, "h": h, "inverse_odds": normal_form(1 / self.odds)},
                    extra_effort={"multiplications": len(self.x), "additions": len(self.x) - 1},
                ),
                Part("c2", "vector", _results(gradient), 2, work={"error": error, "lines": gradient}),
                Part(
                    "c3",
                    "vector",
                    _results(updated),
                    2,
                    work={"lines": updated},
                    # Sums with a logarithm need more room than a cell of a grid.
                    space=Space("boxes", rows=4, names=tuple(entry.left for entry in updated)),
                ),
            ),
            work={"count": len(self.x)},
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        weights = [float(value) for value in self.w]
        z = sum(value * x for value, x in zip(weights, self.x, strict=True))
        h = 1 / (1 + math.exp(-z))
        yield agree("c1", "the sigmoid in floating point", solution["c1"].answer, h)
        slopes = [self._slope(weights, j) for j in range(len(weights))]
        yield agree("c2", "central differences of the loss", solution["c2"].answer, slopes, tolerance=1e-5)
        rate = float(self.learning_rate)
        after = [value - rate * slope for value, slope in zip(weights, slopes, strict=True)]
        yield agree("c3", "a step along the central differences", solution["c3"].answer, after, tolerance=1e-4)
        # The formulas hold for either label and any step size, not for those of this example alone.
        for other in (self, replace(self, y=1 - self.y, learning_rate=MADE_UP_RATE)):
            yield from other._formulas_checked(weights, h)

    def _formulas_checked(self, weights: list[float], h: float) -> Iterable[Check]:
        rate, places = float(self.learning_rate), zip(weights, self.x, strict=True)
        shown = [_evaluated(value, x, h, self.y, rate) for value, x in places]
        slopes = [self._slope(weights, j) for j in range(len(weights))]
        after = [value - rate * slope for value, slope in zip(weights, slopes, strict=True)]
        yield agree("a", "central differences of the loss", [one for one, _ in shown], slopes, tolerance=1e-5)
        yield agree("b", "a step along the central differences", [two for _, two in shown], after, tolerance=1e-4)

    def _slope(self, weights: list[float], j: int) -> float:
        """The derivative of the loss by one weight, by a central difference."""
        step = 1e-5

        def loss(shift: float) -> float:
            moved = (value + shift * (k == j) for k, value in enumerate(weights))
            p = 1 / (1 + math.exp(-sum(value * x for value, x in zip(moved, self.x, strict=True))))
            return -math.log(p if self.y else 1 - p)

        return (loss(step) - loss(-step)) / (2 * step)

    def slips(self) -> Iterable[Slip]:
        for part, wrong in _wrong_expressions().items():
            for name, expression in wrong.items():
                yield Slip(part, name, expression, apart=True)
        h = logistic.probability(log(self.odds))
        error = h - self.y
        yield Slip("c1", "sign of the exponent lost", 1 - h, apart=True)
        yield Slip("c1", "odds taken for the probability", self.odds, apart=True)
        gradient = tuple(error * x for x in self.x)
        yield Slip("c2", "wrong sign", tuple(-entry for entry in gradient), apart=True)
        if set(self.x) != {1}:
            yield Slip("c2", "factor $x_j$ forgotten", (error,) * len(self.x), apart=True)
        yield Slip("c2", "derivative of the sigmoid kept", tuple(h * (1 - h) * entry for entry in gradient), apart=True)
        yield Slip("c3", "step uphill", self._moved(self.learning_rate, gradient), apart=True)
        if self.learning_rate != 1:
            yield Slip("c3", "step size forgotten", self._moved(-1, gradient), apart=True)

    def _moved(self, rate: int | Fraction, gradient: tuple[Fraction, ...]) -> tuple[Value, ...]:
        pairs = zip(self.w, gradient, strict=True)
        return tuple(line("", num(value) + num(rate) * entry).result for value, entry in pairs)


UPDATE = r"w_j \leftarrow w_j - \eta\, (h(\mathbf{x}) - y)\, x_j"


def _weights(d: Draw, x: tuple[int, ...], *, with_rationals: bool) -> tuple[Number, ...]:
    """Logarithms of small fractions, and (hard) two rational weights whose terms cancel, with simple odds."""
    weights: tuple[Number, ...] = ()
    for _ in range(ATTEMPTS):
        drawn: list[Number] = [Log(d.pick(ODDS)) for _ in x]
        if with_rationals and len(x) > 2 and all(x):
            one, other = d.sample(range(len(x)), 2)
            share = Fraction(d.nonzero(-3, 3), 2)
            drawn[one], drawn[other] = normal_form(share * x[other]), normal_form(-share * x[one])
        weights = tuple(drawn)
        odds = _odds(x, weights)
        simple = odds != 1 and odds.numerator + odds.denominator <= LARGEST_DENOMINATOR
        if simple and len(set(weights)) == len(weights) and not _cancel(x, weights):
            break
    return weights


def _cancel(x: tuple[int, ...], w: tuple[Number, ...]) -> bool:
    """Whether two of the logarithmic terms of w^T x add up to 0."""
    powers = [value.argument**power for value, power in zip(w, x, strict=True) if isinstance(value, Log)]
    return any(1 / power in powers[:place] for place, power in enumerate(powers))


def _odds(x: tuple[int, ...], w: tuple[Number, ...]) -> Fraction:
    found = Fraction(1)
    for value, power in zip(w, x, strict=True):
        if isinstance(value, Log):
            found *= value.argument**power
    return found


def _partial(j: int) -> str:
    return rf"\frac{{\partial L}}{{\partial w_{{{j}}}}}"


def _update_lines(q: LogisticRegressionSgd, gradient: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(
        line(rf"w_{{{j}}}^{{\text{{new}}}}", num(value) - num(q.learning_rate) * slope.result)
        for j, (value, slope) in enumerate(zip(q.w, gradient, strict=True), 1)
    )


def _results(lines: tuple[Line, ...]) -> tuple[Value, ...]:
    return tuple(found.result for found in lines)


@lru_cache(maxsize=1)
def symbolic_steps() -> Mapping[str, Any]:
    """The derivative of the loss by the chain rule, and the update."""
    import sympy

    h, y, x_j, w_j, eta = sympy.symbols("h y x_j w_j eta")
    steps = logistic.cross_entropy_steps(h, y)
    derivative = steps["error"] * x_j
    return {**steps, "derivative": derivative, "update": w_j - eta * derivative}


@lru_cache(maxsize=1)
def _wrong_expressions() -> Mapping[str, Mapping[str, Any]]:
    """What the slips make of the derivative and of the update."""
    import sympy

    h, y, w_j, eta = sympy.symbols("h y w_j eta")
    derivative = symbolic_steps()["derivative"]
    return {
        "a": {
            "wrong sign": -derivative,
            "factor $x_j$ forgotten": h - y,
            "derivative of the sigmoid kept": derivative * h * (1 - h),
        },
        "b": {"step uphill": w_j + eta * derivative, "step size forgotten": w_j - derivative},
    }


@lru_cache(maxsize=1)
def _compiled() -> Any:
    import sympy

    steps = symbolic_steps()
    return sympy.lambdify(sympy.symbols("w_j x_j h y eta"), (steps["derivative"], steps["update"]), "math")


def _evaluated(w: float, x: int, h: float, y: int, rate: float) -> tuple[float, float]:
    """The expressions of parts (a) and (b) at some numbers."""
    derivative, update = _compiled()(w, x, h, y, rate)
    return derivative, update
