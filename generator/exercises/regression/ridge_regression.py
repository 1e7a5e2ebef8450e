"""Ridge regression: the penalised normal equations proved, solved on a small data set, and their limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from generator.draw import Draw, Level
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
)
from generator.exercises.regression._design import (
    WEIGHT_NAMES,
    DesignMatrix,
    Targets,
    WeightName,
    draw_data,
    handy,
    normal_matrix,
    path,
    possible,
    vector_tex,
    weights_tex,
    work_equations,
    worked_weights,
)
from generator.exercises.regression._proof import scaled_solution, shown
from generator.notation import Value
from generator.solver import least_squares as ls
from generator.working import line, total

Limits = Literal["shrinks", "reversed", "mean", "diverges"]
OPTIONS: tuple[Limits, ...] = ("shrinks", "reversed", "mean", "diverges")
"""What the weights might do for penalty to 0 and to infinity; only the first is true."""

PENALTIES: Mapping[Level, tuple[int, ...]] = {"easy": (1, 2, 3), "medium": (1, 2, 3, 4), "hard": (1, 2, 3, 4)}


@exercise(title="Ridge regression", source=("D1b",))
@dataclass(frozen=True, slots=True)
class RidgeRegression(Exercise):
    """A design matrix with its column of ones, targets, and a penalty on all weights, the intercept included.

    ``weights`` names the weight vector; ``options`` is the order of the options of part (d).
    """

    X: DesignMatrix
    y: Targets
    penalty: Annotated[int | Fraction, Between(0, 100)]
    weights: WeightName
    options: Annotated[tuple[Limits, ...], Length(4, 4)]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        penalty = d.given("penalty", lambda: d.pick(PENALTIES[level]))
        X, y = draw_data(d, level, penalty)
        return cls(
            X=X,
            y=y,
            penalty=penalty,
            weights=d.given("weights", lambda: d.pick(WEIGHT_NAMES)),
            options=d.given("options", lambda: d.shuffled(OPTIONS)),
        )

    def conditions(self) -> Iterable[Condition]:
        yield from possible(self.X, self.y)
        yield must("the penalty is at least 1/100", self.penalty >= Fraction(1, 100))
        yield must("part (d) has each option once", set(self.options) == set(OPTIONS))
        yield must("the mean of y is not 0, or two options of part (d) would be true", sum(self.y) != 0)
        yield from handy(self.X, self.y, self.penalty)

    def solve(self) -> Solution:
        matrix, moments = normal_matrix(self.X, self.penalty), ls.moments(self.X, self.y)
        unknowns = weights_tex(self.weights, len(moments))
        numbers = {
            "gram_lines": ls.gram_lines(self.X),
            "matrix": matrix,
            "matrix_lines": ls.diagonal_lines(ls.gram(self.X), self.penalty, "A"),
            "moments": moments,
            "moment_lines": ls.moment_lines(self.X, self.y),
            **work_equations(matrix, moments, r"\mathbf{A}", unknowns),
        }
        mean = line(r"\bar{y}", total(self.y) / len(self.y))
        proof = shown(self.X, self.weights, (r"\lambda",))
        limit = scaled_solution(self.X, self.weights, r"\lambda")
        return Solution(
            parts=(
                Part("a", "derivation", None, 6),
                Part("b", "vector", ls.solve(matrix, moments), 6, work=numbers),
                Part("c", "derivation", None, 4),
                Part("d", "choice", "ABCD"[self.options.index("shrinks")], 2, work={"mean": mean, "limit": limit}),
            ),
            work={"w": vector_tex(self.weights), "unknowns": unknowns, "proof": proof},
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        found = _augmented_least_squares(self.X, self.y, float(self.penalty))
        yield agree(
            "b", "least squares on the data augmented by the penalty", solution["b"].answer, found, tolerance=1e-7
        )
        work = solution["b"].work
        yield agree("b", "the same, against the worked lines", worked_weights(work), found, tolerance=1e-7)
        yield from self._sums_checked(work)
        mean = solution["d"].work["mean"].result
        yield agree("d", "the mean in floating point", mean, sum(map(float, self.y)) / len(self.y))
        yield agree("d", "least squares with a tiny and a huge penalty", solution["d"].answer, self._limits_found())

    def _sums_checked(self, work: Mapping[str, Value]) -> Iterable[Check]:
        """The worked lines that lead to the normal equations."""
        import numpy as np

        X, y = np.array(self.X, dtype=float), np.array(self.y, dtype=float)
        products, route = X.T @ X, "numpy, against the worked lines"
        wanted_sums = {
            "gram_lines": products[np.triu_indices(X.shape[1])],
            "matrix_lines": np.diag(products) + float(self.penalty),
            "moment_lines": X.T @ y,
        }
        for name, found in wanted_sums.items():
            yield agree("b", route, [entry.result for entry in work[name]], found)

    def _limits_found(self) -> str:
        """The letter of the option whose two claims a tiny and a huge penalty bear out; "?" for none or several."""
        import numpy as np

        X, y = np.array(self.X, dtype=float), np.array(self.y, dtype=float)
        eigenvalues = np.linalg.eigvalsh(X.T @ X)
        tiny = _augmented_least_squares(self.X, self.y, 1e-7 * eigenvalues[0])
        huge = _augmented_least_squares(self.X, self.y, 1e9 * eigenvalues[-1])
        scale = float(np.abs(np.linalg.lstsq(X, y, rcond=None)[0]).max())
        zero = np.zeros(X.shape[1])
        mean = np.array([y.mean(), *zero[1:]])
        plain = np.linalg.pinv(X) @ y
        claims = {
            "shrinks": (plain, zero),
            "reversed": (zero, plain),
            "mean": (plain, mean),
            "diverges": (zero + np.inf, zero),
        }
        true = [
            "ABCD"[place]
            for place, option in enumerate(self.options)
            if all(
                np.allclose(seen, claimed, rtol=0, atol=1e-5 * scale)
                for seen, claimed in zip((tiny, huge), claims[option], strict=True)
            )
        ]
        return true[0] if len(true) == 1 else "?"

    def pattern(self) -> str:
        """The size of the problem and the length of its elimination."""
        return path(self.X, self.penalty)

    def slips(self) -> Iterable[Slip]:
        count, penalty = len(self.X[0]), self.penalty
        wrong: Mapping[str, tuple[int | Fraction, ...]] = {
            "penalty left off the intercept": (0, *(penalty,) * (count - 1)),
            "penalty halved: a factor 2 dropped from its derivative alone": (Fraction(penalty) / 2,) * count,
            "penalty doubled: a factor 2 kept in its derivative alone": (2 * penalty,) * count,
            "penalty forgotten (ordinary least squares)": (0,) * count,
        }
        for name, penalties in wrong.items():
            yield Slip("b", name, ls.ridge(self.X, self.y, penalties), apart=True)
        named: Mapping[Limits, str] = {
            "reversed": "the two limits exchanged",
            "mean": "intercept taken as unpenalised",
            "diverges": "inverse thought to need the penalty although the columns are independent",
        }
        for option, name in named.items():
            yield Slip("d", name, "ABCD"[self.options.index(option)], apart=True)


def _augmented_least_squares(X: ls.Matrix, y: ls.Vector, penalty: float) -> Any:
    """Minimise |(y; 0) - (X; sqrt(penalty) I) w|^2 by the singular value decomposition."""
    import numpy as np

    size = len(X[0])
    rows = np.vstack([np.array(X, dtype=float), np.sqrt(penalty) * np.eye(size)])
    right = np.concatenate([np.array(y, dtype=float), np.zeros(size)])
    return np.linalg.lstsq(rows, right, rcond=None)[0]
