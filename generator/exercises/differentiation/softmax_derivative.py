"""The derivative of the softmax: in symbols, as a Jacobian of exact numbers, and why its rows add up to zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from generator.draw import Draw, Level
from generator.exact import Log, log, normal_form
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
from generator.notation import Value, tex
from generator.working import Line, line, num, total

LogitLetter = Literal["s", "z", "a"]
ProbabilityLetter = Literal["p", "y", "q"]
LOGIT_LETTERS: tuple[LogitLetter, ...] = ("s", "z", "a")
PROBABILITY_LETTERS: tuple[ProbabilityLetter, ...] = ("p", "y", "q")
CLASSES: Mapping[Level, int] = {"easy": 2, "medium": 3, "hard": 4}
LARGEST_TOTAL = 12
"""The probabilities of drawn logits are fractions with at most this denominator."""


@exercise(title="Derivative of the softmax", source=("B1",))
@dataclass(frozen=True, slots=True)
class SoftmaxDerivative(Exercise):
    """Logits that are logarithms of fractions (0 is ln 1), and the letters for logits and probabilities."""

    logits: Annotated[tuple[Annotated[int | Fraction | Log, Between(-50, 50)], ...], Length(2, 5)]
    logit: LogitLetter
    probability: ProbabilityLetter

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        def logits() -> tuple[Value, ...]:
            weights = d.sample(range(1, 8), CLASSES[level])
            # A common denominator changes the logits, not the probabilities.
            unit = d.pick((1, 2, 3)) if level == "hard" else 1
            return tuple(log(Fraction(weight, unit)) for weight in weights)

        return cls(
            logits=d.given("logits", logits),
            logit=d.given("logit", lambda: d.pick(LOGIT_LETTERS)),
            probability=d.given("probability", lambda: d.pick(PROBABILITY_LETTERS)),
        )

    @property
    def exponentials(self) -> tuple[int | Fraction, ...]:
        """The exponentials of the logits."""
        return tuple(normal_form(value.argument) if isinstance(value, Log) else 1 for value in self.logits)

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        """The softmax of the logits."""
        together = sum(map(Fraction, self.exponentials))
        return tuple(value / together for value in map(Fraction, self.exponentials))

    def conditions(self) -> Iterable[Condition]:
        yield must(
            "every logit is 0 or the logarithm of a fraction",
            all(value == 0 or isinstance(value, Log) for value in self.logits),
        )
        largest = max(max(Fraction(value).numerator, Fraction(value).denominator) for value in self.exponentials)
        yield must("the exponentials of the logits are fractions of numbers up to 1000", largest <= 1000)
        chances = self.probabilities
        yield wanted("no two logits are equal", len(set(chances)) == len(chances))
        yield wanted(
            f"the probabilities have denominators up to {LARGEST_TOTAL}",
            all(chance.denominator <= LARGEST_TOTAL for chance in chances),
        )

    def solve(self) -> Solution:
        derivatives = symbolic_derivatives(self.probability)
        chances = self._probability_lines()
        jacobian, lines = self._jacobian_lines(tuple(found.result for found in chances[1]))
        p = self.probability
        return Solution(
            parts=(
                Part(
                    "a", "expression", derivatives, 5, work=quotient_steps(self.logit), tex=_cases_tex(p, derivatives)
                ),
                Part("b", "matrix", jacobian, 5, work={"sum": chances[0], "probabilities": chances[1], "lines": lines}),
                Part("c", "derivation", None, 3, work={"row": self._row_sum(), "lines": self._row_lines(jacobian)}),
            ),
            work={"s": self.logit, "p": p, "count": len(self.logits)},
        )

    def _probability_lines(self) -> tuple[Line, tuple[Line, ...]]:
        """The sum of the exponentials, and the probabilities."""
        together = line("S", total(self.exponentials), rf"\sum_{{k=1}}^{{{len(self.logits)}}} e^{{{self.logit}_k}}")
        return together, tuple(
            line(
                f"{self.probability}_{{{i}}}",
                num(value) / together.result,
                rf"\frac{{e^{{{self.logit}_{{{i}}}}}}}{{S}}",
            )
            for i, value in enumerate(self.exponentials, 1)
        )

    def _jacobian_lines(self, p: tuple[Value, ...]) -> tuple[tuple[tuple[Value, ...], ...], tuple[Line, ...]]:
        """The Jacobian, and a worked line for every entry on and above its diagonal."""
        lines = {
            (i, j): line(
                rf"\frac{{\partial {self.probability}_{{{i + 1}}}}}{{\partial {self.logit}_{{{j + 1}}}}}",
                num(p[i]) * (num(1) - p[i]) if i == j else -(num(p[i]) * p[j]),
            )
            for i in range(len(p))
            for j in range(i, len(p))
        }
        entries = tuple(tuple(lines[min(i, j), max(i, j)].result for j in range(len(p))) for i in range(len(p)))
        return entries, tuple(lines.values())

    def _row_sum(self) -> Mapping[str, str]:
        """A row of the Jacobian added up, in symbols for as many classes as there are."""
        p, count = self.probability, len(self.logits)
        return {
            "deltas": " + ".join(rf"\delta_{{i{j}}}" for j in range(1, count + 1)),
            "probabilities": " + ".join(f"{p}_{{{j}}}" for j in range(1, count + 1)),
        }

    def _row_lines(self, jacobian: tuple[tuple[Value, ...], ...]) -> tuple[Line, ...]:
        """Every row of the Jacobian at the given logits added up."""
        p, s = self.probability, self.logit
        return tuple(
            line(rf"\sum_j \frac{{\partial {p}_{{{i}}}}}{{\partial {s}_j}}", total(row))
            for i, row in enumerate(jacobian, 1)
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        differences = self._central_differences()
        compiled = _compiled(self.probability)
        p = [float(chance) for chance in self.probabilities]
        places = [(i, j) for i in range(len(p)) for j in range(len(p))]
        by_case = [compiled["equal" if i == j else "different"](p[i], p[j], i == j) for i, j in places]
        combined = [compiled["combined"](p[i], p[j], i == j) for i, j in places]
        flat = [differences[i][j] for i, j in places]
        yield agree("a", "central differences of the softmax", [by_case, combined], [flat, flat], tolerance=1e-6)
        yield agree("b", "central differences of the softmax", solution["b"].answer, differences, tolerance=1e-6)

    def _central_differences(self) -> list[list[float]]:
        """The Jacobian of the softmax in floating point."""
        logits, step = [float(value) for value in self.logits], 1e-5

        def softmax(j: int, shift: float) -> list[float]:
            moved = [math.exp(value + shift * (k == j) - max(logits)) for k, value in enumerate(logits)]
            return [value / sum(moved) for value in moved]

        columns = [
            [(up - down) / (2 * step) for up, down in zip(softmax(j, step), softmax(j, -step), strict=True)]
            for j in range(len(logits))
        ]
        return [list(row) for row in zip(*columns, strict=True)]

    def slips(self) -> Iterable[Slip]:
        right = symbolic_derivatives(self.probability)
        wrong = _wrong_derivatives(self.probability)
        for name, different in wrong.items():
            yield Slip("a", name, {**right, "different": different}, apart=True)
        p, name = self.probabilities, self.probability
        places = range(len(p))

        def jacobian(mixed: Callable[[int, int], Fraction]) -> tuple[tuple[Fraction, ...], ...]:
            return tuple(tuple(p[i] * (1 - p[i]) if i == j else mixed(i, j) for j in places) for i in places)

        if len(p) > 2:
            # With two classes this is the same as losing the sign.
            unchanged = jacobian(lambda i, _: p[i] * (1 - p[i]))
            yield Slip("b", f"${name}_i(1 - {name}_i)$ used off the diagonal", unchanged, apart=True)
        yield Slip("b", "sign of the mixed entries lost", jacobian(lambda i, j: p[i] * p[j]), apart=True)
        yield Slip("b", "mixed entries taken as 0", jacobian(lambda *_: Fraction(0)), apart=True)


def _cases_tex(p: str, derivatives: Mapping[str, Any]) -> str:
    return (
        rf"\begin{{cases}} {tex(derivatives['equal'])} & \text{{if }} i = j \\ "
        rf"{tex(derivatives['different'])} & \text{{if }} i \ne j \end{{cases}}"
        rf" \quad = {p}_i (\delta_{{ij}} - {p}_j)"
    )


@lru_cache(maxsize=4)
def symbolic_derivatives(probability: ProbabilityLetter) -> Mapping[str, Any]:
    """The derivative of p_i by s_j in both cases, and in one formula with the Kronecker delta."""
    import sympy

    one, other = sympy.symbols(f"{probability}_i {probability}_j")
    delta = sympy.KroneckerDelta(*sympy.symbols("i j"))
    return {"equal": one * (1 - one), "different": -one * other, "combined": one * (delta - other)}


@lru_cache(maxsize=4)
def _wrong_derivatives(probability: ProbabilityLetter) -> Mapping[str, Any]:
    import sympy

    one, other = sympy.symbols(f"{probability}_i {probability}_j")
    return {
        f"${probability}_i(1 - {probability}_i)$ used for $i \\ne j$ too": one * (1 - one),
        "sign for $i \\ne j$ lost": one * other,
        "other logits thought to have no influence": sympy.Integer(0),
    }


@lru_cache(maxsize=4)
def quotient_steps(logit: LogitLetter) -> Mapping[str, Any]:
    """The quotient rule in both cases; ``S`` is the sum of all exponentials, whose derivative is one of them."""
    import sympy

    one, other = sympy.Symbol(f"e^{{{logit}_i}}"), sympy.Symbol(f"e^{{{logit}_j}}")
    S = sympy.Symbol("S")
    return {
        "equal": (one * S - one * one) / S**2,
        "equal_split": sympy.Mul(one / S, 1 - one / S, evaluate=False),
        "different": -one * other / S**2,
        "different_split": sympy.Mul(-(one / S), other / S, evaluate=False),
    }


@lru_cache(maxsize=4)
def _compiled(probability: ProbabilityLetter) -> Mapping[str, Any]:
    import sympy

    one, other = sympy.symbols(f"{probability}_i {probability}_j")
    delta = sympy.Symbol("delta")
    return {
        name: sympy.lambdify((one, other, delta), expression.replace(sympy.KroneckerDelta, lambda *_: delta), "math")
        for name, expression in symbolic_derivatives(probability).items()
    }
