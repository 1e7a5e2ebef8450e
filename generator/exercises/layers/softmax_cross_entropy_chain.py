"""The gradient of a linear classifier, put together from the messages of its layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product as product_of
from math import prod
from typing import Annotated, Any, Self

import numpy as np
from numpy.typing import NDArray

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
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.notation import Value
from generator.working import Term, line, num, product, total

SIZES: Mapping[Level, tuple[int, int]] = {"easy": (2, 2), "medium": (2, 3), "hard": (3, 4)}  # inputs, classes
LARGEST_ARGUMENT = 12
"""Numerator and denominator of a drawn weight's exponential."""
LARGEST_LOGIT = 20
"""Beyond it, floating-point numbers could not tell a probability from 0 or 1."""
LARGEST = 5
"""Inputs or classes at most."""
Weight = Annotated[int | Fraction | Log, Between(-50, 50)]
Array = NDArray[np.float64]


@exercise(title="Softmax and cross-entropy, layer by layer", source=("D2",))
@dataclass(frozen=True, slots=True)
class SoftmaxCrossEntropyChain(Exercise):
    """Input, weights (a row per input, a column per class) and the number of the true class, counted from 1."""

    x: Annotated[tuple[Annotated[int, Between(-20, 20)], ...], Length(1, LARGEST)]
    W: Annotated[tuple[tuple[Weight, ...], ...], Rectangular(LARGEST)]
    target: Annotated[int, Between(1, LARGEST)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        inputs, classes = SIZES[level]
        weights: tuple[tuple[Number, ...], ...] = d.given("W", tuple)
        if weights:
            inputs, classes = len(weights), len(weights[0])
        x = d.given("x", lambda: _draw_input(d, inputs))
        weights = weights or _draw_weights(d, x, classes)
        return cls(x, weights, d.given("target", lambda: d.integer(1, classes)))

    @property
    def t(self) -> tuple[int, ...]:
        """The one-hot target."""
        return tuple(int(number == self.target) for number in range(1, len(self.W[0]) + 1))

    def conditions(self) -> Iterable[Condition]:
        yield must("W has one row for every input", len(self.W) == len(self.x))
        yield must("there are at least two classes", len(self.W[0]) >= 2)
        yield must("the true class is one of the columns of W", self.target <= len(self.W[0]))
        yield must("the input is not all zeros", any(self.x))
        logits = [
            sum(float(w) * value for w, value in zip(column, self.x, strict=True))
            for column in zip(*self.W, strict=True)
        ]
        yield must(f"no logit is larger than {LARGEST_LOGIT} in absolute value", max(map(abs, logits)) <= LARGEST_LOGIT)
        columns = list(zip(*self.W, strict=True))
        powers = [_exponential(column, self.x).value() for column in columns]
        whole = all(isinstance(power, int | Fraction) and power % 1 == 0 and power <= 12 for power in powers)
        yield wanted("the exponentials of the logits are whole numbers up to 12", whole)
        yield wanted("no two classes are equally likely", len(set(powers)) == len(powers))
        yield wanted("no input is 0", all(self.x))
        yield wanted("not all inputs are equal", len(set(self.x)) > 1 or len(self.x) == 1)
        entries = [weight for row in self.W for weight in row]
        small = all(
            isinstance(w, Log) and max(w.argument.as_integer_ratio()) <= LARGEST_ARGUMENT for w in entries if w != 0
        )
        yield wanted("the weights are logarithms of simple fractions", small)
        yield wanted("at most one weight is 0", entries.count(0) <= 1)
        yield wanted("no two rows and no two columns of W are equal", _all_differ(self.W) and _all_differ(columns))

    def solve(self) -> Solution:
        formulas = _formulas()
        exponentials = [
            line(
                f"e^{{s_{j}}}",
                _exponential(column, self.x),
                formula=r" \, ".join(rf"e^{{w_{{{i}{j}}} x_{i}}}" for i in range(1, len(self.x) + 1)),
            )
            for j, column in enumerate(zip(*self.W, strict=True), 1)
        ]
        powers = [entry.result for entry in exponentials]
        whole = line("Z", total(powers), formula=" + ".join(f"e^{{s_{j}}}" for j in range(1, len(powers) + 1)))
        shares = [
            line(f"p_{j}", num(power) / whole.result, formula=rf"\frac{{e^{{s_{j}}}}}{{Z}}")
            for j, power in enumerate(powers, 1)
        ]
        likely = tuple(entry.result for entry in shares)
        gaps = [
            line(f"d_{j}", num(share) - target, formula=f"p_{j} - t_{j}")
            for j, (share, target) in enumerate(zip(likely, self.t, strict=True), 1)
        ]
        missing = tuple(entry.result for entry in gaps)
        lines = Space("lines", rows=3)
        boxes = Space(
            "boxes", rows=2, names=(r"\frac{\partial s_j}{\partial x_i}", r"\frac{\partial s_j}{\partial w_{ij}}")
        )
        return Solution(
            (
                Part("a", "expression", formulas["a"], 2, space=lines),
                Part("b", "expression", formulas["b"], 3, space=Space("lines", rows=7), tex=r"p_j (\delta_{ij} - p_i)"),
                Part("c", "table", {"ds_dx": formulas["weight"], "ds_dw": formulas["input"]}, 2, space=boxes),
                Part("d", "expression", formulas["d"], 3, space=Space("lines", rows=6)),
                Part(
                    "e", "vector", likely, 3, {"exponentials": tuple(exponentials), "probabilities": (whole, *shares)}
                ),
                Part(
                    "f",
                    "matrix",
                    _outer(self.x, missing),
                    points=3,
                    work={"differences": tuple(gaps), "row": missing},
                    extra_effort={"multiplications": len(self.x) * len(missing)},
                ),
            )
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        x, W = np.array(self.x, dtype=float), np.array([[float(w) for w in row] for row in self.W])
        t, s = np.array(self.t, dtype=float), W.T @ x
        p = _softmax(s)
        K = len(t)
        # A little inside of the simplex, so that a step from a small probability stays positive.
        inner = (p + 1 / K) / 2
        at = {"x_i": x[:, None], "w_ij": W, "p_j": p[None, :], "t_j": t[None, :]}
        by_weight = _differences(lambda w: w.T @ x, W)[:, range(K), range(K)]
        gradient = _differences(lambda w: -(t * np.log(_softmax(w.T @ x))).sum(), W)
        found = (
            ("a", "a", _differences(lambda q: -(t * np.log(q)).sum(), inner), {"p_j": inner, "t_j": t}),
            ("b", "b", _differences(_softmax, s), {"p_i": p[:, None], "p_j": p[None, :], "same": np.eye(K)}),
            ("c", "weight", _differences(lambda u: W.T @ u, x), at),
            ("c", "input", by_weight, at),
            ("d", "d", gradient, at),
        )
        for part, name, slopes, values in found:
            exact = _callable(name)(*(values.get(symbol, 0.0) for symbol in SYMBOLS))
            # A formula without the index of the class holds for all of them.
            exact = np.broadcast_to(exact, slopes.shape)
            yield agree(part, "central differences", exact, slopes, tolerance=1e-6)
        yield agree("e", "softmax in floating point", solution["e"].answer, p)
        yield agree("f", "central differences", solution["f"].answer, gradient, tolerance=1e-6)

    def slips(self) -> Iterable[Slip]:
        import sympy

        formulas = _formulas()
        p_j, t_j, x_i = sympy.symbols("p_j t_j x_i")
        yield Slip("a", "sign lost", -formulas["a"])
        yield Slip("b", "the derivative for equal indices used for all", p_j * (1 - p_j))
        yield Slip("b", "sign of the difference turned", -formulas["b"])
        yield Slip("d", "target minus output", x_i * (t_j - p_j))
        yield Slip("d", "input forgotten", p_j - t_j)
        yield Slip("d", "cross-entropy left out, softmax alone", x_i * p_j * (1 - p_j))
        likely = _probabilities(self.W, self.x)
        gaps = [share - target for share, target in zip(likely, self.t, strict=True)]
        yield Slip("f", "target minus output", _outer(self.x, [-gap for gap in gaps]), apart=True)
        yield Slip("f", "input forgotten", _outer([1] * len(self.x), gaps), apart=True)
        yield Slip("f", "target forgotten", _outer(self.x, likely), apart=True)
        yield Slip("f", "rows and columns exchanged", _outer(gaps, self.x), apart=True)


SYMBOLS = ("x_i", "w_ij", "p_i", "p_j", "t_j", "same")


@lru_cache(maxsize=1)
def _formulas() -> Mapping[str, Value]:
    """The answers in symbols."""
    import sympy

    x_i, w_ij, p_i, p_j, t_j = sympy.symbols("x_i w_ij p_i p_j t_j")
    same = sympy.KroneckerDelta(*sympy.symbols("i j"))
    return {
        "a": -t_j / p_j,
        "b": p_j * (same - p_i),
        "weight": w_ij,
        "input": x_i,
        "d": x_i * (p_j - t_j),
    }


@lru_cache(maxsize=8)
def _callable(name: str) -> Callable[..., Array]:
    """An answer in symbols as a function of numbers, in the order of SYMBOLS."""
    import sympy

    formula = _formulas()[name].replace(sympy.KroneckerDelta, lambda *_: sympy.Symbol("same"))
    found: Callable[..., Array] = sympy.lambdify(sympy.symbols(SYMBOLS), formula, "numpy")
    return found


def _softmax(s: Array) -> Array:
    powers = np.exp(s - s.max())
    return np.asarray(powers / powers.sum())


def _differences(function: Callable[[Array], Any], at: Array) -> Array:
    """Central differences: the axes of the argument first, then those of the value."""
    step = 1e-5
    moves = step * np.eye(at.size).reshape(at.size, *at.shape)
    slopes = np.array([(function(at + move) - function(at - move)) / (2 * step) for move in moves])
    return slopes.reshape(*at.shape, *slopes.shape[1:])


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


def _probabilities(W: Sequence[Sequence[Number]], x: Sequence[int]) -> list[Value]:
    powers = [_exponential(column, x).value() for column in zip(*W, strict=True)]
    whole = total(powers)
    return [(num(power) / whole).value() for power in powers]


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
