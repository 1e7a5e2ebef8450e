"""Small regression data sets whose weights come out as integers or halves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from generator.draw import Draw, Level
from generator.exact import normal_form
from generator.exercise import Between, Condition, Length, Rectangular, must, wanted
from generator.notation import Value
from generator.solver import least_squares as ls

Entry = Annotated[int | Fraction, Between(-100, 100)]
DesignMatrix = Annotated[tuple[tuple[Entry, ...], ...], Rectangular(10)]
Targets = Annotated[tuple[Entry, ...], Length(2, 10)]
WeightName = Literal["w", "beta", "theta"]
WEIGHT_NAMES: tuple[WeightName, ...] = ("w", "beta", "theta")

LARGEST_DENOMINATOR = 5
"""Of the fractions that appear on the way to the weights."""

LARGEST_PRODUCT = 100
"""Of two numbers multiplied on the way to the weights."""

ATTEMPTS = 60
"""Design matrices tried for one draw, and targets tried for one design matrix."""

ATTEMPTS_AROUND_PINS = 4
"""The same where X or y is pinned, which may leave nothing to be found however long one tries."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawn data set is: samples, features, the range of the features, the unit of the weights."""

    samples: tuple[int, ...]
    features: int
    reach: int
    unit: Fraction


SIZES: Mapping[Level, Size] = {
    "easy": Size((3,), 1, 3, Fraction(1)),
    "medium": Size((4,), 1, 3, Fraction(1, 2)),
    "hard": Size((4, 5), 2, 2, Fraction(1)),
}


def draw_data(d: Draw, level: Level, penalty: int | Fraction) -> tuple[ls.Matrix, ls.Vector]:
    """A design matrix and targets, each drawn around the other where that is pinned.

    The normal equations have ``penalty`` (0: none) on their diagonal.
    """
    size = SIZES[level]
    pinned: Any = d.pins.get("y")
    samples = len(pinned) if pinned else d.pick(size.samples)
    attempts = ATTEMPTS_AROUND_PINS if {"X", "y"} & set(d.pins) else ATTEMPTS
    X = d.given("X", lambda: _design(d, size, samples, penalty, attempts))
    return X, d.given("y", lambda: _targets(d, size.unit, X, penalty, attempts))


def vector_tex(name: WeightName) -> str:
    """TeX of the weight vector."""
    return r"\mathbf{w}" if name == "w" else rf"\boldsymbol{{\{name}}}"


def weights_tex(name: WeightName, count: int) -> tuple[str, ...]:
    """TeX of the single weights, from the intercept on."""
    letter = name if name == "w" else f"\\{name}"
    return tuple(f"{letter}_{{{j}}}" for j in range(count))


def integers_to_20(values: ls.Vector) -> bool:
    """Whether all values are integers up to 20."""
    return all(isinstance(value, int) and abs(value) <= 20 for value in values)


def normal_matrix(X: ls.Matrix, penalty: int | Fraction) -> ls.Matrix:
    """X^T X + penalty I."""
    return ls.penalised(ls.gram(X), (penalty,) * len(X[0]))


def _design(d: Draw, size: Size, samples: int, penalty: int | Fraction, attempts: int) -> ls.Matrix:
    """A design matrix that is kind to hand work, if a few attempts find one."""
    features = min(size.features, samples - 1)
    X: ls.Matrix = ()
    for _ in range(attempts):
        X = tuple((1, *d.integers(features, -size.reach, size.reach)) for _ in range(samples))
        if _kind(X, penalty):
            break
    return X


def _kind(X: ls.Matrix, penalty: int | Fraction) -> bool:
    """Whether the equations are coupled, their working is short, and integer targets are easily found for them."""
    matrix = normal_matrix(X, penalty)
    if not all(matrix[i][j] for i in range(len(matrix)) for j in range(i)):
        return False
    if len(matrix) == 2 and matrix[0][0] * matrix[1][1] > LARGEST_PRODUCT:
        return False
    if len(matrix) > 2 and not ls.eliminates_tidily(matrix, LARGEST_DENOMINATOR):
        return False
    try:
        return abs(ls.determinant(tuple(X[i] for i in ls.regular_rows(X)))) == 1
    except ZeroDivisionError:
        return False


def _small_products(matrix: ls.Matrix, moments: ls.Vector) -> bool:
    """Whether the products in the inverse of a 2 × 2 matrix are small; elimination has products of its own."""
    if len(matrix) > 2:
        return True
    (p, q), (_, r) = matrix
    first, second = moments
    products: ls.Vector = (r * first, q * second, p * second, q * first)
    return all(-LARGEST_PRODUCT <= value <= LARGEST_PRODUCT for value in products)


def _targets(d: Draw, unit: Fraction, X: ls.Matrix, penalty: int | Fraction, attempts: int) -> ls.Vector:
    """Targets for which the weights come out as small multiples of ``unit``; integers if a few attempts find any."""
    try:
        solved = ls.regular_rows(X)
    except ZeroDivisionError:
        # A condition refuses dependent columns by name.
        return d.integers(len(X), -6, 6)
    matrix = normal_matrix(X, penalty)
    reach = int(2 / unit) + 1
    multiples = [normal_form(unit * k) for k in range(-reach, reach + 1) if k]
    targets: ls.Vector = d.integers(len(X), -6, 6)
    for _ in range(attempts):
        weights = d.sample(multiples, len(X[0]))
        goal = ls.product(matrix, weights)
        # Near the fitted values, so that the data look like a line with noise.
        near = tuple(round(value) + d.integer(-3, 3) for value in ls.product(X, weights))
        if all(isinstance(value, int) for value in goal):
            targets = ls.with_moments(X, goal, near, solved)
            if integers_to_20(targets) and _small_products(matrix, goal):
                break
    return targets


def possible(X: ls.Matrix, y: ls.Vector) -> Iterator[Condition]:
    """What every least-squares problem with a unique solution satisfies."""
    yield must("X has an intercept and one to three features: 2 to 4 columns", 2 <= len(X[0]) <= 4)
    yield must("the first column of X is all ones", all(row[0] == 1 for row in X))
    yield must("y has an entry for every row of X", len(X) == len(y))
    yield must("the columns of X are linearly independent, and not nearly dependent", not ls.badly_conditioned(X))


def handy(X: ls.Matrix, y: ls.Vector, penalty: int | Fraction) -> Iterator[Condition]:
    """What makes the normal equations fit for hand work."""
    yield wanted("the targets are integers up to 20", integers_to_20(y))
    yield wanted("at most one target is 0", y.count(0) <= 1)
    yield wanted("the targets are not all alike", len(set(y)) >= 3)
    matrix = normal_matrix(X, penalty)
    coupled = all(matrix[i][j] for i in range(len(matrix)) for j in range(i))
    yield wanted("no two columns of X are orthogonal, so that the equations are coupled", coupled)
    right = ls.moments(X, y)
    answer = ls.solve(matrix, right)
    yield wanted("the weights are integers or halves", all((2 * weight).denominator == 1 for weight in answer))
    yield wanted("no weight is 0 and no two are equal", all(answer) and len(set(answer)) == len(answer))
    yield wanted(f"no product on the way to two weights is above {LARGEST_PRODUCT}", _small_products(matrix, right))
    augmented = tuple((*row, entry) for row, entry in zip(matrix, right, strict=True))
    yield wanted(
        f"no fraction in the elimination has a denominator above {LARGEST_DENOMINATOR}",
        len(right) == 2 or ls.eliminates_tidily(augmented, LARGEST_DENOMINATOR),
    )


def work_equations(matrix: ls.Matrix, moments: ls.Vector, name: str, unknowns: Sequence[str]) -> dict[str, Value]:
    """The working of the normal equations as the templates show it: two by the inverse, more by elimination."""
    if len(moments) == 2:
        return {"by_inverse": ls.by_inverse(matrix, moments, name, unknowns), "by_elimination": None}
    solved = ls.by_elimination(matrix, moments, unknowns)
    return {
        "by_inverse": None,
        "by_elimination": solved,
        "triangle": tuple(row[:-1] for row in solved.triangle),
        "right_side": tuple(row[-1] for row in solved.triangle),
    }


def path(X: ls.Matrix, penalty: int | Fraction) -> str:
    """The size of a problem and, from three weights on, how many row steps its elimination takes."""
    size = f"samples={len(X)}, weights={len(X[0])}"
    if len(X[0]) == 2:
        return size
    steps = ls.by_elimination(normal_matrix(X, penalty), (0,) * len(X[0]), ("",) * len(X[0])).steps
    return f"{size}, row steps={len(steps)}"


def worked_weights(work: Mapping[str, Value]) -> ls.Vector:
    """The weights as the working of `work_equations` ends with them."""
    if work["by_inverse"] is not None:
        return tuple(entry.result for entry in work["by_inverse"].solution)
    return tuple(entry.result for entry in reversed(work["by_elimination"].solution))
