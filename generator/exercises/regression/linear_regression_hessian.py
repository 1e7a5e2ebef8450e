"""The Hessian of simple linear regression: its entries, its eigenvalues, and why the loss is convex."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import combinations_with_replacement
from math import isqrt
from typing import Annotated, Any, Literal, Self

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
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.exercises.regression._hessian_symbols import (
    Reduction,
    abbreviated,
    eigenvalue_steps,
    hessian_tex,
    invariants_tex,
    shown,
    sums,
    symbolic_steps,
)
from generator.exercises.regression._naming import LETTERS, Letter, names
from generator.notation import Value
from generator.solver import least_squares as ls
from generator.working import Line, apply, line, num, total

REDUCTIONS: Mapping[Level, tuple[Reduction, ...]] = {
    "easy": ("sum", "half the sum"),
    "medium": ("sum", "half the sum", "mean"),
    "hard": ("sum", "mean"),
}
COUNTS: Mapping[Level, tuple[int, ...]] = {"easy": (3, 4), "medium": (4, 5), "hard": (4, 5, 6)}
LARGEST_PRODUCT = 150
"""Of the two diagonal entries of the Hessian, multiplied for its determinant."""

REACH = 4
"""Largest drawn input."""


@exercise(title="The Hessian of linear regression", source=("B7",))
@dataclass(frozen=True, slots=True)
class LinearRegressionHessian(Exercise):
    """The inputs of a sample; the targets do not matter.

    ``letter`` names the parameters; ``reduction`` says how the squared errors are put together.
    """

    x: Annotated[tuple[Annotated[int | Fraction, Between(-100, 100)], ...], Length(2, 12)]
    letter: Letter
    reduction: Reduction

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        return cls(
            x=d.given("x", lambda: d.shuffled(d.pick(_inputs(d.pick(COUNTS[level]), _roots(d, level))))),
            letter=d.given("letter", lambda: d.pick(LETTERS)),
            reduction=d.given("reduction", lambda: d.pick(REDUCTIONS[level])),
        )

    @property
    def factor(self) -> int | Fraction:
        """What stands before the sums in the Hessian: twice the factor of the squared errors."""
        return {"sum": 2, "half the sum": 1, "mean": normal_form(Fraction(2, len(self.x)))}[self.reduction]

    @property
    def sums(self) -> ls.Matrix:
        """The number of inputs, their sum and the sum of their squares, as a matrix."""
        return ls.gram(tuple((1, value) for value in self.x))

    def conditions(self) -> Iterable[Condition]:
        yield must("the inputs are not all equal", len(set(self.x)) > 1)
        (count, first), (_, second) = self.sums
        yield wanted("the sum of the inputs is not 0, so that the Hessian is not diagonal", first != 0)
        yield wanted("the two diagonal entries of the Hessian differ", count != second)
        product = self.factor**2 * count * second
        yield wanted(f"the product of the Hessian's diagonal is at most {LARGEST_PRODUCT}", product <= LARGEST_PRODUCT)
        yield wanted(
            "no two of trace, determinant and eigenvalues are equal",
            len({round(float(value), 9) for value in self._numbers().values()}) == 4,
        )

    def solve(self) -> Solution:
        steps, texts = symbolic_steps(self.letter, self.reduction), shown(self.letter, self.reduction)
        hessian, lines = _hessian_lines(self)
        return Solution(
            parts=(
                Part("a", "expression", steps["hessian"], 4, tex=texts["hessian"]),
                Part(
                    "b",
                    "expression",
                    (sum(steps["trace"]), sum(steps["determinant"])),
                    2,
                    tex=invariants_tex(texts["invariants"]),
                ),
                Part("c", "derivation", None, 5),
                Part("d1", "matrix", hessian, 2, work=lines),
                Part(
                    "d2",
                    "table",
                    self._numbers(),
                    4,
                    work=_table_lines(self, hessian),
                    space=Space(
                        "boxes",
                        rows=6,
                        names=(r"\operatorname{tr}\mathbf{H}", r"\det\mathbf{H}", r"\lambda_1", r"\lambda_2"),
                    ),
                    names={"trace": r"\operatorname{tr}\mathbf{H}", "determinant": r"\det\mathbf{H}"},
                ),
            ),
            work={"names": names(self.letter), "n": len(self.x), "steps": texts},
        )

    def _numbers(self) -> dict[str, Value]:
        """Trace, determinant and eigenvalues, the larger one first."""
        hessian, _ = _hessian_lines(self)
        lines = _table_lines(self, hessian)
        larger, smaller = lines["eigenvalues"]
        return {
            "trace": lines["trace"].result,
            "determinant": lines["determinant"].result,
            r"\lambda_1": larger.result,
            r"\lambda_2": smaller.result,
        }

    def check(self, solution: Solution) -> Iterable[Check]:
        import numpy as np

        yield from self._formulas_checked(solution)
        # On the drawn inputs two of the sums may happen to be equal; on these they are not.
        yield from replace(self, x=MADE_UP)._formulas_checked(solution)
        differences = np.array(self._second_differences())
        eigenvalues = np.linalg.eigvalsh(differences)
        yield agree("d1", "second differences of the loss", solution["d1"].answer, differences, tolerance=1e-6)
        values = {
            "trace": np.trace(differences),
            "determinant": np.linalg.det(differences),
            r"\lambda_1": eigenvalues[1],
            r"\lambda_2": eigenvalues[0],
        }
        yield agree("d2", "numpy on the second differences", solution["d2"].answer, values, tolerance=1e-5)

    def _formulas_checked(self, solution: Solution) -> Iterable[Check]:
        """The general formulas that answer parts (a) and (b), on the inputs."""
        import numpy as np

        from generator.solver.sample_sums import SIZE, evaluate

        def on_inputs(expression: Value) -> Value:
            return evaluate(expression, {SIZE: len(self.x)}, self.x)

        differences = np.array(self._second_differences())
        entries = [[on_inputs(entry) for entry in row] for row in solution["a"].answer]
        yield agree("a", "second differences of the loss", entries, differences, tolerance=1e-6)
        invariants = [on_inputs(invariant) for invariant in solution["b"].answer]
        eigenvalues = np.linalg.eigvalsh(differences)
        found = [eigenvalues.sum(), eigenvalues.prod()]
        yield agree("b", "sum and product of numpy's eigenvalues", invariants, found, tolerance=1e-5)

    def _second_differences(self) -> tuple[tuple[float, float], ...]:
        """The Hessian by differences of the loss, for arbitrary targets; for a quadratic they are exact."""
        share = {"sum": 1.0, "half the sum": 0.5, "mean": 1 / len(self.x)}[self.reduction]

        def loss(a: float, b: float) -> float:
            return share * sum((a + b * float(x) - (k * k % 7)) ** 2 for k, x in enumerate(self.x))

        mixed = (loss(1, 1) - loss(1, -1) - loss(-1, 1) + loss(-1, -1)) / 4
        here = 2 * loss(0, 0)
        return (loss(1, 0) + loss(-1, 0) - here, mixed), (mixed, loss(0, 1) + loss(0, -1) - here)

    def pattern(self) -> str:
        """The kind of loss, and whether the eigenvalues are rational."""
        (count, first), (_, second) = self.sums
        root = Fraction((count - second) ** 2 + 4 * first**2)
        rational = all(isqrt(part) ** 2 == part for part in (root.numerator, root.denominator))
        return f"loss={self.reduction}, eigenvalues={'rational' if rational else 'roots'}"

    def slips(self) -> Iterable[Slip]:
        steps = symbolic_steps(self.letter, self.reduction)
        hessian = steps["hessian"]
        single = ((steps["first_once"], hessian[0][1]), hessian[1])
        halved = tuple(tuple(entry / 2 for entry in row) for row in hessian)
        for name, entries in (
            ("factor 2 of the derivative of the square lost", halved),
            ("first entry not added up over the examples", single),
        ):
            yield Slip("a", name, entries, apart=True, tex=hessian_tex(entries))
        wrong = (sum(steps["trace"]), sum(steps["wrong_determinant"]))
        told = invariants_tex(shown(self.letter, self.reduction)["wrong_invariants"])
        yield Slip("b", "products added in the determinant", wrong, apart=True, tex=told)
        (p, q), (_, r) = _hessian_lines(self)[0]
        yield Slip("d1", "factor 2 lost", ((p / Fraction(2), q / Fraction(2)), (q / Fraction(2), r / Fraction(2))))
        right = self._numbers()
        if q:
            yield Slip("d2", "products added in the determinant", {**right, "determinant": p * r + q * q}, apart=True)
            diagonal = {r"\lambda_1": max(p, r), r"\lambda_2": min(p, r)}
            yield Slip("d2", "diagonal taken for the eigenvalues", {**right, **diagonal}, apart=True)


MADE_UP = (1, 2, 4)
"""Inputs whose number, sum and sum of squares differ."""

Roots = Literal["none", "simple", "any"]
"""What the eigenvalues of drawn inputs are: rational, an integer and a root, or half of such a sum."""


def _roots(d: Draw, level: Level) -> Roots:
    # Few inputs have rational eigenvalues: alone they would be all alike.
    return "any" if level == "hard" else d.pick(("none", "simple"))


@lru_cache(maxsize=16)
def _inputs(count: int, roots: Roots) -> tuple[tuple[int, ...], ...]:
    """All inputs up to order that are fit for hand work, not too much alike, with such eigenvalues."""
    found = []
    for values in combinations_with_replacement(range(-REACH, REACH + 1), count):
        first, second = sum(values), sum(value * value for value in values)
        discriminant = (count - second) ** 2 + 4 * first * first
        kind = _kind_of_root(discriminant)
        repeated = max(values.count(value) for value in values) > 2 or len(set(values)) < 3
        if not first or count == second or repeated or discriminant > 100 or count * second > 100:
            continue
        if kind == roots or (roots == "any" and kind == "simple"):
            found.append(values)
    return tuple(found)


def _kind_of_root(discriminant: int) -> Roots:
    if isqrt(discriminant) ** 2 == discriminant:
        return "none"
    return "any" if discriminant % 4 else "simple"


def _worked(left: str, terms: Sequence[Any], values: Mapping[Any, Value]) -> Line:
    """A worked line of a sum: its formula, and the same terms with numbers in place of their symbols."""
    from generator.solver.sample_sums import sum_tex, term

    return line(left, total([term(entry, values) for entry in terms]), sum_tex(tuple(terms)))


def _values(q: LinearRegressionHessian) -> dict[Any, Value]:
    """The numbers that stand for n, S_1 and S_2."""
    import sympy

    (count, first), (_, second) = q.sums
    return dict(zip((sympy.Symbol("n"), *sums()), (count, first, second), strict=True))


def _hessian_lines(q: LinearRegressionHessian) -> tuple[ls.Matrix, Mapping[str, tuple[Line, ...]]]:
    """The Hessian on the data, and the lines that give its entries."""
    added = (
        line("S_1", total(q.x), r"\sum_{i=1}^{n} x_i"),
        line("S_2", total([num(value) ** 2 for value in q.x]), r"\sum_{i=1}^{n} x_i^2"),
    )
    (p, r), (_, s) = symbolic_steps(q.letter, q.reduction)["hessian"]
    values = _values(q)
    entries = tuple(
        _worked(rf"H_{{{place}}}", [abbreviated(entry)], values) for place, entry in (("11", p), ("12", r), ("22", s))
    )
    first, mixed, second = (entry.result for entry in entries)
    return ((first, mixed), (mixed, second)), {"sums": added, "entries": entries}


def _table_lines(q: LinearRegressionHessian, hessian: ls.Matrix) -> Mapping[str, Any]:
    """Trace, determinant and eigenvalues: those of the matrix of sums, times the factor."""
    import sympy

    (p, r), (_, s) = hessian
    steps, values = eigenvalue_steps(), _values(q)
    discriminant = _worked("D", steps["discriminant"], values)
    root = line(r"\sqrt{D}", apply("sqrt", discriminant.result))
    values[sympy.sqrt(sympy.Symbol("D"))] = root.result
    halves = tuple(_half(k, steps[name], values) for k, name in enumerate(("larger", "smaller"), 1))
    eigenvalues = tuple(line(rf"\lambda_{k}", num(q.factor) * num(mu.result)) for k, mu in enumerate(halves, 1))
    return {
        "trace": line(r"\operatorname{tr}\mathbf{H}", num(p) + s, "H_{11} + H_{22}"),
        "determinant": line(r"\det\mathbf{H}", num(p) * s - num(r) ** 2, "H_{11} H_{22} - H_{12}^2"),
        "discriminant": discriminant,
        "root": root,
        "halves": halves,
        "eigenvalues": eigenvalues,
    }


def _half(k: int, terms: Sequence[Any], values: Mapping[Any, Value]) -> Line:
    above = _worked("", terms, values)
    return line(rf"\mu_{k}", above.work / 2, rf"\frac{{{above.formula}}}{{2}}")
