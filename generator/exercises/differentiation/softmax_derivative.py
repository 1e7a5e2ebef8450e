"""The derivative of the softmax: in symbols, as a Jacobian of numbers, and why its rows add up to zero."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Literal, Self

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
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercises._decimals import PLACES, STEP_PLACES, as_decimal, printed_as_exact, short_decimals, step_line
from generator.notation import Value, matrix_tex, rounded
from generator.solver.softmax import SoftmaxDerivative as Derivatives
from generator.solver.softmax import softmax_derivative
from generator.solver.written import Derivation, evaluated, partial_tex, written_tex
from generator.working import Line, Term, apply, line, num, total

LogitLetter = Literal["s", "z", "a"]
ProbabilityLetter = Literal["p", "y", "q"]
LOGIT_LETTERS: tuple[LogitLetter, ...] = ("s", "z", "a")
PROBABILITY_LETTERS: tuple[ProbabilityLetter, ...] = ("p", "y", "q")
CLASSES: Mapping[Level, int] = {"easy": 2, "medium": 3, "hard": 4}
LARGEST_TOTAL = 12
"""The probabilities of drawn logits are fractions with at most this denominator."""
SMALLEST = 0.01
"""The smallest entry of the Jacobian in decimal style, by size."""


@exercise(title="Derivative of the softmax", source=("B1",))
@dataclass(frozen=True, slots=True)
class SoftmaxDerivative(Exercise):
    """The logits, the letters for logits and probabilities, and how values are given.

    Logits are logarithms of fractions (0 is ln 1), or short decimals in the style "decimal".
    """

    logits: Annotated[tuple[Annotated[int | Fraction | Log, Between(-50, 50)], ...], Length(2, 5)]
    logit: LogitLetter
    probability: ProbabilityLetter
    style: Literal["exact", "decimal"] = "exact"

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        style: Literal["exact", "decimal"] = d.given("style", lambda: "exact")
        return cls(
            logits=d.given("logits", lambda: _draw_logits(d, level, style)),
            logit=d.given("logit", lambda: d.pick(LOGIT_LETTERS)),
            probability=d.given("probability", lambda: d.pick(PROBABILITY_LETTERS)),
            style=style,
        )

    @property
    def decimal(self) -> bool:
        """Whether values are decimals, rounded at every step."""
        return self.style == "decimal"

    @property
    def shown(self) -> tuple[Value, ...]:
        """The logits as they are printed."""
        return tuple(as_decimal(value) for value in self.logits) if self.decimal else self.logits

    @property
    def exponentials(self) -> tuple[Value, ...]:
        """The exact exponentials of the logits."""
        return tuple(_exponential(value) for value in self.logits)

    @property
    def probabilities(self) -> tuple[Value, ...]:
        """The exact softmax of the logits."""
        together = total(self.exponentials)
        return tuple((num(value) / together).value() for value in self.exponentials)

    @property
    def derivatives(self) -> Derivatives:
        """The derivation in the letters of this exercise."""
        return softmax_derivative(self.logit, self.probability, "S")

    def conditions(self) -> Iterable[Condition]:
        if self.decimal:
            yield short_decimals("every logit", self.logits)
            yield must("no logit is beyond 5 in size", all(abs(float(value)) <= 5 for value in self.logits))
            yield wanted("no two logits are equal", len(set(self.logits)) == len(self.logits))
            yield wanted("no logit is 0", all(self.logits))
            least = sorted(_softmax(map(float, self.logits)))
            yield wanted("no entry of the Jacobian rounds to 0", least[0] * least[1] >= SMALLEST)
            yield printed_as_exact(self.solve())
            return
        yield must(
            'every logit is 0 or the logarithm of a fraction (or the style "decimal" is pinned too)',
            all(value == 0 or isinstance(value, Log) for value in self.logits),
        )
        largest = max(max(Fraction(value).numerator, Fraction(value).denominator) for value in self.exponentials)
        yield must("the exponentials of the logits are fractions of numbers up to 1000", largest <= 1000)
        chances = self.probabilities
        yield wanted("no two logits are equal", len(set(chances)) == len(chances))
        yield wanted(
            f"the probabilities have denominators up to {LARGEST_TOTAL}",
            all(Fraction(chance).denominator <= LARGEST_TOTAL for chance in chances),
        )

    def solve(self) -> Solution:
        formulas, count = self.derivatives, len(self.logits)
        exponentials, together, chances = self._probability_lines()
        entries = self._entry_lines(tuple(found.result for found in chances))
        jacobian = _jacobian(self.probabilities, lambda p, q: -p * q)
        flat = tuple(entries[min(i, j), max(i, j)] for i in range(count) for j in range(count))
        printed = tuple(flat[row * count : (row + 1) * count] for row in range(count))
        answer = {
            "equal": formulas.equal.result,
            "different": formulas.different.result,
            "combined": formulas.combined.doit(),
        }
        symbols = Part(
            "a",
            "expression",
            answer,
            5,
            work={
                "sum": written_tex(formulas.sum),
                "share": written_tex(formulas.share),
                "slope": written_tex(formulas.slope),
                "equal": formulas.equal.tex,
                "different": formulas.different.tex,
            },
            tex=f"{self._name('i', 'j')} = {formulas.cases_tex} = {written_tex(formulas.combined)}",
            names={
                "equal": self._name("i", "i"),
                "different": rf"{self._name('i', 'j')} \; (i \ne j)",
                "combined": self._name("i", "j"),
            },
        )
        numbers = Part(
            "b",
            "matrix",
            jacobian,
            5,
            work={
                "rules": self._rules(),
                "exponentials": exponentials,
                "sum": (together,),
                "probabilities": chances,
                "reciprocals": self._reciprocals(chances, together.result),
                "diagonal": tuple(entry for (i, j), entry in entries.items() if i == j),
                "above": tuple(entry for (i, j), entry in entries.items() if i < j),
                "matrix": self._matrix_tex(tuple(tuple(entry.result for entry in row) for row in printed)),
            },
            places=PLACES if self.decimal else None,
            results=flat if self.decimal else (),
            tex=self._matrix_tex(jacobian),
        )
        rows = Part("c", "derivation", None, 3, work={"row": formulas.row.tex, "lines": self._row_lines(printed)})
        letters = {
            "s": self.logit,
            "p": self.probability,
            "definition": written_tex(formulas.definition),
            "entry": self._name("i", "j"),
        }
        return Solution(parts=(symbols, numbers, rows), work=letters)

    def _name(self, i: object, j: object) -> str:
        """The name of an entry of the Jacobian in TeX."""
        import sympy

        return partial_tex(sympy.Symbol(f"{self.probability}_{i}"), sympy.Symbol(f"{self.logit}_{j}"))

    def _matrix_tex(self, rows: tuple[tuple[Value, ...], ...]) -> str:
        if self.decimal:
            rows = tuple(tuple(rounded(entry, PLACES) for entry in row) for row in rows)
        return matrix_tex(rows)

    def _probability_lines(self) -> tuple[tuple[Line, ...], Line, tuple[Line, ...]]:
        """The exponentials (in decimal style, else they are plain to see), their sum, and the probabilities."""
        places = STEP_PLACES if self.decimal else None
        names = [f"e^{{{self.logit}_{i}}}" for i in range(1, len(self.logits) + 1)]
        powers: tuple[Line, ...] = ()
        if self.decimal:
            powers = tuple(
                line(name, apply("exp", value), places=places) for name, value in zip(names, self.shown, strict=True)
            )
        values = [found.result for found in powers] or self.exponentials
        together = step_line("S", lambda *terms: total(terms), dict(zip(names, values, strict=True)), places=places)
        chances = tuple(
            step_line(f"{self.probability}_{i}", lambda e, S: e / S, {name: value, "S": together.result}, places=places)
            for i, (name, value) in enumerate(zip(names, values, strict=True), 1)
        )
        return powers, together, chances

    def _reciprocals(self, chances: tuple[Line, ...], together: Value) -> tuple[str, ...]:
        """The lines of the probabilities with the reciprocal of the sum, where a fraction would stand in a fraction.

        As text, for by hand they are the same divisions.
        """
        values = (*self.exponentials, together)
        if self.decimal or all(isinstance(value, int) for value in values):
            return ()
        reciprocal = num(normal_form(1 / Fraction(together)))
        return tuple(
            line(entry.left, num(value) * reciprocal, entry.formula).aligned
            for entry, value in zip(chances, self.exponentials, strict=True)
        )

    def _rules(self) -> tuple[str, ...]:
        """The rules in TeX that give the exponentials of the logits as they are printed: ln 3, -ln 2, 0."""
        logarithms = [value for value in self.logits if isinstance(value, Log)]
        # The logarithm of 1/n is printed as -ln n.
        found = {
            r"$e^{\ln v} = v$": any(value.argument.numerator != 1 for value in logarithms),
            r"$e^{-\ln v} = \frac{1}{v}$": any(value.argument.numerator == 1 for value in logarithms),
            "$e^0 = 1$": 0 in self.logits,
        }
        return tuple(rule for rule, needed in found.items() if needed)

    def _entry_lines(self, p: tuple[Value, ...]) -> Mapping[tuple[int, int], Line]:
        """A worked line for every entry of the Jacobian on and above its diagonal."""
        places = STEP_PLACES if self.decimal else None
        names = [f"{self.probability}_{i}" for i in range(1, len(p) + 1)]
        return {
            (i, j): step_line(self._name(i + 1, j + 1), _entry, {names[n]: p[n] for n in (i, j)}, places=places)
            for i in range(len(p))
            for j in range(i, len(p))
        }

    def _row_lines(self, jacobian: tuple[tuple[Line, ...], ...]) -> tuple[Line, ...]:
        """Every row of the Jacobian at the given logits added up (rounded entries need not give 0)."""
        if self.decimal:
            return ()
        return tuple(
            line(rf"\sum_{{j=1}}^{{{len(row)}}} {self._name(i, 'j')}", total(entry.result for entry in row))
            for i, row in enumerate(jacobian, 1)
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        route = "central differences at fixed logits"
        formulas = {
            name: _case_values(formula, name, self.probability) for name, formula in solution["a"].answer.items()
        }
        yield agree("a", route, formulas, {name: _case_slopes(name) for name in PLACES_OF}, tolerance=1e-6)
        for case, forms in _judged(self.logit, self.probability).items():
            yield agree("a", route, forms, [_judged_slope(case)] * len(forms), tolerance=1e-6)
        differences, route = self._central_differences(), "central differences of the softmax"
        yield agree("b", route, solution["b"].answer, differences, tolerance=1e-6)
        if not self.decimal:
            # The lines of rounded values are compared with the answer elsewhere.
            places = range(len(differences))
            above = [differences[i][j] for i in places for j in places if i < j]
            entries = [[entry.result for entry in solution["b"].work[name]] for name in ("diagonal", "above")]
            yield agree("b", route, entries, [[differences[i][i] for i in places], above], tolerance=1e-6)
            sums = [row.result for row in solution["c"].work["lines"]]
            yield agree("c", route, sums, [sum(row) for row in differences], tolerance=1e-6)

    def _central_differences(self) -> list[list[float]]:
        """The Jacobian of the softmax in floating point."""
        logits = [float(value) for value in self.logits]
        places = range(len(logits))
        return [[_difference(logits, i, j) for j in places] for i in places]

    def slips(self) -> Iterable[Slip]:
        right = {"equal": self.derivatives.equal.result, "different": self.derivatives.different.result}
        name = self.probability
        for text, different, combined in _wrong_derivatives(name):
            yield Slip("a", text, {**right, "different": different, "combined": combined}, apart=True)
        lost = "sign off the diagonal lost"
        if len(self.logits) > 2:
            yield self._wrong(f"${name}_i(1 - {name}_i)$ used off the diagonal", lambda p, _: p * (1 - p))
        else:
            # With two classes both wrong methods give the same.
            lost = f"{lost}, or ${name}_i(1 - {name}_i)$ used there"
        yield self._wrong(lost, lambda p, q: p * q)
        yield self._wrong("entries off the diagonal taken as 0", lambda *_: Fraction(0))

    def _wrong(self, name: str, mixed: Callable[[Value, Value], Value]) -> Slip:
        jacobian = _jacobian(self.probabilities, mixed)
        return Slip("b", name, jacobian, apart=True, tex=self._matrix_tex(jacobian))


def _draw_logits(d: Draw, level: Level, style: str) -> tuple[Number, ...]:
    count = CLASSES[level]
    if style == "decimal":
        tenths = d.sample([n for n in range(-15, 16) if n], count)
        return tuple(normal_form(Fraction(n, 10)) for n in tenths)
    weights = d.sample(range(1, 8), count)
    # A common denominator changes the logits, not the probabilities.
    unit = d.pick((1, 2, 3)) if level == "hard" else 1
    return tuple(log(Fraction(weight, unit)) for weight in weights)


def _exponential(value: Number) -> Value:
    if isinstance(value, Log):
        return normal_form(value.argument)
    return apply("exp", value).value()


def _entry(p: Term, *q: Term) -> Term:
    """An entry of the Jacobian from the probability of its row and, off the diagonal, that of its column."""
    return -(p * q[0]) if q else p * (1 - p)


def _jacobian(p: tuple[Value, ...], mixed: Callable[[Value, Value], Value]) -> tuple[tuple[Value, ...], ...]:
    """The exact Jacobian with some rule for the entries off the diagonal."""
    return tuple(
        tuple(_plain(p[i] * (1 - p[i]) if i == j else mixed(p[i], p[j])) for j in range(len(p))) for i in range(len(p))
    )


def _plain(value: Value) -> Value:
    return normal_form(value) if isinstance(value, Fraction) else value


@lru_cache(maxsize=4)
def _wrong_derivatives(probability: ProbabilityLetter) -> tuple[tuple[str, Value, Value], ...]:
    """Name of a wrong method, what it gives for different indices, and both cases in one formula."""
    import sympy

    one, other = sympy.symbols(f"{probability}_i {probability}_j")
    delta = sympy.KroneckerDelta(*sympy.symbols("i j"))
    name = f"${probability}_i(1 - {probability}_i)$"
    return (
        (f"{name} used for $i \\ne j$ too", one * (1 - one), one * (1 - one)),
        ("sign for $i \\ne j$ lost", one * other, one * (delta * (1 - 2 * one) + other)),
        ("other logits thought to have no influence", sympy.Integer(0), delta * one * (1 - one)),
    )


LOGITS = (0.3, -0.4, 1.1)
"""Made-up logits, at which answers and derivation are compared with differences."""
_PAIRS = tuple((i, j) for i in range(len(LOGITS)) for j in range(len(LOGITS)))
PLACES_OF: Mapping[str, tuple[tuple[int, int], ...]] = {
    "equal": tuple((i, j) for i, j in _PAIRS if i == j),
    "different": tuple((i, j) for i, j in _PAIRS if i != j),
    "combined": _PAIRS,
}
"""The entries of the Jacobian at the made-up logits for which each formula of the answer holds."""


@lru_cache(maxsize=32)
def _case_values(formula: Value, case: str, probability: str) -> tuple[float, ...]:
    """What a formula of the answer gives for its entries; not-a-number where it has other letters than its own."""
    chances = _softmax(LOGITS)

    def entry(i: int, j: int) -> float:
        numbers = {f"{probability}_i": chances[i]}
        if case != "equal":
            numbers |= {f"{probability}_j": chances[j], "i": i + 1, "j": j + 1}
        known = {symbol.name for symbol in formula.free_symbols} <= numbers.keys()
        return evaluated(formula, numbers) if known else math.nan

    return tuple(entry(*place) for place in PLACES_OF.get(case, ()))


@lru_cache(maxsize=3)
def _case_slopes(case: str) -> tuple[float, ...]:
    """The central differences that belong to the same entries."""
    return tuple(_difference(LOGITS, *place) for place in PLACES_OF[case])


@lru_cache(maxsize=16)
def _judged(logit: LogitLetter, probability: ProbabilityLetter) -> Mapping[str, tuple[float, ...]]:
    """What every form of the derivation gives at the made-up logits, for the outputs and logits of each case."""
    formulas = softmax_derivative(logit, probability, "S")
    chances = _softmax(LOGITS)
    numbers = {
        "i": 1,
        "j": 2,
        "K": len(LOGITS),
        "S": sum(map(math.exp, LOGITS)),
        logit: LOGITS,
        probability: tuple(chances),
        **{f"{logit}_{n}": value for n, value in zip("ij", LOGITS, strict=False)},
        **{f"{probability}_{n}": value for n, value in zip("ij", chances, strict=False)},
    }

    def forms(derivation: Derivation, **changed: object) -> tuple[float, ...]:
        return tuple(evaluated(form, {**numbers, **changed}) for form in derivation.forms)

    same = {"j": 1, f"{probability}_j": chances[0]}
    return {
        "equal": (*forms(formulas.equal), evaluated(formulas.combined, {**numbers, **same})),
        "different": (*forms(formulas.different), evaluated(formulas.combined, numbers)),
        "row": forms(formulas.row),
        "sum": (evaluated(formulas.sum, numbers),),
        "slope": (evaluated(formulas.slope, numbers),),
        "share": (evaluated(formulas.definition, numbers), evaluated(formulas.share, numbers)),
    }


def _judged_slope(case: str) -> float:
    """What the forms of a case must give."""
    found = {"equal": lambda: _difference(LOGITS, 0, 0), "different": lambda: _difference(LOGITS, 0, 1)}
    found |= {"row": lambda: sum(_difference(LOGITS, 0, j) for j in range(3)), "share": lambda: _softmax(LOGITS)[0]}
    found |= {"sum": lambda: sum(map(math.exp, LOGITS)), "slope": lambda: math.exp(LOGITS[1])}
    return found[case]()


def _softmax(logits: Iterable[float]) -> list[float]:
    powers = [math.exp(value) for value in logits]
    return [power / sum(powers) for power in powers]


def _difference(logits: Iterable[float], i: int, j: int) -> float:
    """The central difference of output i by logit j."""
    step = 1e-5
    up, down = ([value + sign * step * (k == j) for k, value in enumerate(logits)] for sign in (1, -1))
    return (_softmax(up)[i] - _softmax(down)[i]) / (2 * step)
