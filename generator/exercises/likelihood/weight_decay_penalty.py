"""Weight decay as a gradient step on a loss with an L2 penalty, and when the two are no longer the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Literal, Self

from generator.draw import Draw, Level
from generator.exact import normal_form
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
from generator.notation import row_tex
from generator.solver.weight_decay import Optimizer, Quadratic, equivalence, quadratic, run
from generator.working import Line, line, num, product

RATES = tuple(Fraction(1, n) for n in (4, 5, 8, 10))
DECAYS = tuple(Fraction(1, n) for n in (2, 4, 5, 10, 20))
SIZES: Mapping[Level, int] = {"easy": 2, "medium": 2, "hard": 3}
OPTIMIZERS: Mapping[Level, tuple[Optimizer, ...]] = {
    "easy": ("sgd", "momentum"),
    "medium": ("sgd", "momentum", "adam"),
    "hard": ("momentum", "adam", "schedule"),
}
Coefficient = Annotated[int, Between(-50, 50)]
Positive = Annotated[int | Fraction, Between(0, 100)]

CLAIMS: tuple[tuple[bool, bool], ...] = ((True, True), (True, False), (False, False), (False, True))
"""What the statements of part (d) say: whether the first steps are the same, and whether all later ones are."""


@exercise(title="Weight decay as an L2 penalty", source=("B3",))
@dataclass(frozen=True, slots=True)
class WeightDecayPenalty(Exercise):
    """A quadratic loss, a start, the rates, and an optimiser to think about.

    ``squares`` and ``linear`` have a coefficient per parameter, ``products`` one per pair (12, 13, 23).
    ``order`` is the order in which the four statements of part (d) are printed.
    """

    parameter: Literal["phi", "theta", "w"]
    decay: Positive
    learning_rate: Positive
    squares: Annotated[tuple[Coefficient, ...], Length(2, 4)]
    products: Annotated[tuple[Coefficient, ...], Length(1, 6)]
    linear: Annotated[tuple[Coefficient, ...], Length(2, 4)]
    start: Annotated[tuple[Annotated[int, Between(-50, 50)], ...], Length(2, 4)]
    optimizer: Optimizer
    order: Annotated[tuple[Annotated[int, Between(1, 4)], ...], Length(4, 4)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        sized = next((d.pins[name] for name in ("squares", "linear", "start") if name in d.pins), None)
        size = len(sized) if isinstance(sized, tuple) else SIZES[level]
        pairs = size * (size - 1) // 2
        return cls(
            parameter=d.given("parameter", lambda: d.pick(("phi", "theta", "w"))),
            decay=d.given("decay", lambda: d.pick(DECAYS)),
            learning_rate=d.given("learning_rate", lambda: d.pick(RATES)),
            squares=d.given("squares", lambda: d.integers(size, 1, 4)),
            products=d.given("products", lambda: tuple(_product(d, level) for _ in range(pairs))),
            linear=d.given("linear", lambda: d.integers(size, -5, 5)),
            start=d.given("start", lambda: tuple(d.nonzero(-4, 4) for _ in range(size))),
            optimizer=d.given("optimizer", lambda: d.pick(OPTIMIZERS[level])),
            order=d.given("order", lambda: d.shuffled((1, 2, 3, 4))),
        )

    @property
    def size(self) -> int:
        """The number of parameters."""
        return len(self.squares)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs of parameters in the order of ``products``, counted from 0."""
        return tuple(combinations(range(self.size), 2))

    @property
    def coefficient(self) -> int | Fraction:
        """The factor of the sum of squares in the penalty."""
        return normal_form(Fraction(self.decay) / (2 * Fraction(self.learning_rate)))

    @property
    def gradient(self) -> tuple[int, ...]:
        """The gradient of the loss at the start."""
        slopes = [2 * a * x + b for a, x, b in zip(self.squares, self.start, self.linear, strict=True)]
        for c, (j, k) in zip(self.products, self.pairs, strict=True):
            slopes[j] += c * self.start[k]
            slopes[k] += c * self.start[j]
        return tuple(slopes)

    def conditions(self) -> Iterable[Condition]:
        count = len(self.squares)
        same = len(self.linear) == count == len(self.start) and len(self.products) == count * (count - 1) // 2
        yield must("there are as many linear terms and starting values as squares, and a product for every pair", same)
        yield must("the decay rate lies between 0 and 1, both excluded", 0 < self.decay < 1)
        yield must("the learning rate is positive", self.learning_rate > 0)
        yield must("'order' has each of 1, 2, 3, 4 once", sorted(self.order) == [1, 2, 3, 4])
        yield must("the loss depends on every parameter", all(self._depends(j) for j in range(count)))
        told_apart = self._outcome() == _OUTCOMES[self.optimizer]
        yield must("the first steps of the optimiser show whether the two ways are the same", told_apart)
        yield wanted("no slope of the loss is 0 at the start", 0 not in self.gradient)
        yield wanted("the slopes are different", len(set(self.gradient)) == count)
        yield wanted("no slope is larger than 20", max(map(abs, self.gradient)) <= 20)
        yield wanted("no starting value is 0", 0 not in self.start)
        yield wanted("the starting values differ", len(set(self.start)) == count)
        rates = (self.decay, self.learning_rate, self.coefficient)
        yield wanted("the rates and the coefficient of the penalty are three different numbers", len(set(rates)) == 3)
        yield wanted("there is a linear term", any(self.linear))
        after = [entry.result for entry in self._decay_lines()]
        yield wanted("no parameter is 0 after the step", 0 not in after)
        simple = all(Fraction(value).denominator <= 20 for value in (*after, self.coefficient))
        yield wanted("the parameters after the step are simple numbers", simple)

    def _depends(self, j: int) -> bool:
        in_products = any(c for c, pair in zip(self.products, self.pairs, strict=True) if j in pair)
        return bool(self.squares[j] or self.linear[j] or in_products)

    def solve(self) -> Solution:
        steps = equivalence(self.parameter, "lamda", "alpha")
        slopes, decayed, penalised = self._slope_lines(), self._decay_lines(), self._penalty_lines()
        ratio = line(r"\frac{\lambda}{2 \alpha}", num(self.decay) / (num(2) * num(self.learning_rate)))
        letter = "ABCD"[self.order.index(1 + CLAIMS.index(_OUTCOMES[self.optimizer]))]
        after = tuple(entry.result for entry in decayed)
        work = {"slopes": slopes, "decayed": decayed, "penalised": penalised, "pull": product([2, self.coefficient])}
        return Solution(
            (
                Part("a", "derivation", None, 4),
                Part("b", "number", ratio.result, 1, work={"line": ratio}),
                Part("c", "vector", after, 3, work=work),
                Part("d", "choice", letter, 2),
            ),
            work={"steps": steps, "loss": self.loss.loss, "parameter": _tex_name(self)},
        )

    def _names(self) -> tuple[str, ...]:
        return tuple(f"{_tex_name(self)}_{{{j}}}" for j in range(1, self.size + 1))

    @property
    def loss(self) -> Quadratic:
        """The loss and its slopes in symbols."""
        return quadratic(self.parameter, self.squares, self.products, self.linear)

    def _slope_lines(self) -> tuple[Line, ...]:
        """The partial derivatives of the loss at the start."""
        import sympy

        from generator.solver.substitution import worked

        start = {sympy.Function(self.parameter)(j): value for j, value in enumerate(self.start, 1)}
        return tuple(
            line(rf"\frac{{\partial L}}{{\partial {name}}}", worked(slope.terms, start), slope.tex)
            for name, slope in zip(self._names(), self.loss.slopes, strict=True)
        )

    def _decay_lines(self) -> tuple[Line, ...]:
        """The step with weight decay."""
        keep, rate = num(1) - num(self.decay), num(self.learning_rate)
        rules = (equivalence(self.parameter, "lamda", "alpha", j).update[-1] for j in range(1, self.size + 1))
        return tuple(
            line(rf"{name}^{{\text{{new}}}}", keep * value - rate * slope, rule.tex)
            for name, value, slope, rule in zip(self._names(), self.start, self.gradient, rules, strict=True)
        )

    def _penalty_lines(self) -> tuple[Line, ...]:
        """The plain gradient step on the penalised loss."""
        weight = num(2) * num(self.coefficient)
        return tuple(
            line(rf"{name}^{{\text{{new}}}}", num(value) - num(self.learning_rate) * (num(slope) + weight * value))
            for name, value, slope in zip(self._names(), self.start, self.gradient, strict=True)
        )

    def _loss(self, phi: Sequence[float]) -> float:
        squares = sum(a * x * x + b * x for a, x, b in zip(self.squares, phi, self.linear, strict=True))
        return squares + sum(c * phi[j] * phi[k] for c, (j, k) in zip(self.products, self.pairs, strict=True))

    def _printed_loss(self, solution: Solution, phi: Sequence[float]) -> float:
        import sympy

        from generator.solver.sample_sums import evaluate

        values = {sympy.Function(self.parameter)(j): value for j, value in enumerate(phi, 1)}
        return float(evaluate(solution.work["loss"].meaning, values))

    def _numeric_gradient(self, phi: Sequence[float]) -> list[float]:
        """Central differences, which are exact for a quadratic but for rounding."""
        h, slopes = 0.5, []
        for j in range(self.size):
            up, down = list(phi), list(phi)
            up[j], down[j] = phi[j] + h, phi[j] - h
            slopes.append((self._loss(up) - self._loss(down)) / (2 * h))
        return slopes

    def _paths(self, steps: int) -> tuple[list[list[float]], list[list[float]]]:
        rates = float(self.decay), float(self.learning_rate)
        return run(self.optimizer, self._numeric_gradient, self.start, *rates, steps)

    def _outcome(self) -> tuple[bool, bool]:
        """Whether the two ways give the same parameters in the first step, and in the next two."""
        same = [
            all(abs(a - b) <= 1e-9 * max(1.0, abs(a)) for a, b in zip(one, other, strict=True))
            for one, other in zip(*self._paths(3), strict=True)
        ]
        return same[0], all(same[1:])

    def check(self, solution: Solution) -> Iterable[Check]:
        rates = float(self.decay), float(self.learning_rate)
        decayed, penalised = run("sgd", self._numeric_gradient, self.start, *rates, 4)
        route = "four steps either way, with gradients from central differences"
        yield agree("c", route, tuple(map(tuple, decayed)), tuple(map(tuple, penalised)))
        yield agree("c", "the first of these steps", solution["c"].answer, decayed[0])
        for point in (self.start, tuple(0.7 + 0.4 * j for j in range(self.size))):
            printed = self._printed_loss(solution, point)
            yield agree("c", "the printed loss in floating point", printed, self._loss(point))
        slopes = self._numeric_gradient(self.start)
        lines = zip(("slopes", "decayed", "penalised"), (slopes, decayed[0], penalised[0]), strict=True)
        for name, found_there in lines:
            worked = tuple(entry.result for entry in solution["c"].work[name])
            yield agree("c", "the same in floating point, against the worked lines", worked, tuple(found_there))
        # What the plain step lacks is the learning rate times the slope of the penalty, 2 c phi_0; where the start is 0
        # that says nothing of c, so it is looked at elsewhere.
        elsewhere = (0.7,) * self.size
        (there, *_), *_ = run("sgd", self._numeric_gradient, elsewhere, *rates, 1)[0]
        missing = elsewhere[0] - rates[1] * self._numeric_gradient(elsewhere)[0] - there
        found = missing / (2 * rates[1] * elsewhere[0])
        yield agree("b", "the penalty that closes the gap between plain step and decay", solution["b"].answer, found)
        outcome = self._outcome()
        told = "".join(letter for letter, claim in zip("ABCD", self.order, strict=True) if CLAIMS[claim - 1] == outcome)
        yield agree("d", "both ways run for three steps", solution["d"].answer, told)

    def pattern(self) -> str:
        return f"optimizer={self.optimizer}"

    def slips(self) -> Iterable[Slip]:
        decay, rate = Fraction(self.decay), Fraction(self.learning_rate)
        yield Slip("b", "factor 2 forgotten", decay / rate, apart=True)
        yield Slip("b", "learning rate forgotten", decay / 2, apart=True)
        yield Slip("b", "the two rates exchanged", rate / (2 * decay), apart=True)
        yield Slip("b", "multiplied by the learning rate, not divided", decay * rate / 2)
        pairs = [(Fraction(x), g) for x, g in zip(self.start, self.gradient, strict=True)]
        wrong: Mapping[str, tuple[Fraction, ...]] = {
            "uphill": tuple((1 - decay) * x + rate * g for x, g in pairs),
            "decay left out": tuple(x - rate * g for x, g in pairs),
            "decay applied after the step": tuple((1 - decay) * (x - rate * g) for x, g in pairs),
            "penalty with $\\lambda / 2$ as its coefficient": tuple(x - rate * (g + decay * x) for x, g in pairs),
            "learning rate forgotten": tuple((1 - decay) * x - g for x, g in pairs),
        }
        for name, value in wrong.items():
            yield Slip("c", name, value, apart="penalty" not in name, tex=row_tex(value))


_OUTCOMES: Mapping[Optimizer, tuple[bool, bool]] = {
    "sgd": (True, True),
    "momentum": (True, False),
    "adam": (False, False),
    "schedule": (True, False),
}


def _product(d: Draw, level: Level) -> int:
    """The coefficient of a product of two parameters: none in the easy level."""
    return 0 if level == "easy" else d.nonzero(-2, 3)


def _tex_name(q: WeightDecayPenalty) -> str:
    return q.parameter if q.parameter == "w" else rf"\{q.parameter}"
