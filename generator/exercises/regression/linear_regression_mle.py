"""Linear regression by maximum likelihood: the normal equations proved, solved, and the variance of the noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Self

from generator.draw import Draw, Level
from generator.exercise import Check, Condition, Exercise, Part, Slip, Solution, Space, agree, exercise, must, wanted
from generator.exercises.regression._design import (
    WEIGHT_NAMES,
    DesignMatrix,
    Targets,
    WeightName,
    draw_data,
    handy,
    path,
    possible,
    vector_tex,
    weights_tex,
    work_equations,
    worked_weights,
)
from generator.exercises.regression._proof import shown
from generator.notation import Value
from generator.solver import least_squares as ls
from generator.working import Line, line, num, total


@exercise(title="Linear regression by maximum likelihood", source=("D1a",))
@dataclass(frozen=True, slots=True)
class LinearRegressionMle(Exercise):
    """A design matrix with its column of ones, and targets; ``weights`` names the weight vector."""

    X: DesignMatrix
    y: Targets
    weights: WeightName

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        X, y = draw_data(d, level, 0)
        return cls(X=X, y=y, weights=d.given("weights", lambda: d.pick(WEIGHT_NAMES)))

    def conditions(self) -> Iterable[Condition]:
        yield from possible(self.X, self.y)
        yield must("the targets do not lie on the fitted plane: a variance of 0 has no likelihood", any(self._errors()))
        yield from handy(self.X, self.y, 0)
        errors = self._errors()
        yield wanted("at most one residual is 0", errors.count(0) <= 1)
        yield wanted("the variance is a simple fraction", Fraction(ls.dot(errors, errors)).denominator <= 4)
        right = ls.moments(self.X, self.y)
        yield wanted("no entry of X^T y is 0", all(right))

    def _errors(self) -> ls.Vector:
        """The residuals at the estimate."""
        fitted = ls.product(self.X, ls.ridge(self.X, self.y, (0,) * len(self.X[0])))
        return tuple(target - value for target, value in zip(self.y, fitted, strict=True))

    def solve(self) -> Solution:
        matrix, moments = ls.gram(self.X), ls.moments(self.X, self.y)
        answer = ls.solve(matrix, moments)
        unknowns = weights_tex(self.weights, len(moments))
        equations = work_equations(matrix, moments, r"\mathbf{A}", unknowns)
        residuals, squares, variance = _variance_lines(self.X, self.y, answer)
        return Solution(
            parts=(
                Part("a", "derivation", None, 7),
                # An empty grid would say how many rows and columns the products have.
                Part("b1", "matrix", matrix, 2, work={"lines": ls.gram_lines(self.X)}, space=Space("lines", 8)),
                Part(
                    "b2",
                    "vector",
                    moments,
                    2,
                    work={"lines": ls.moment_lines(self.X, self.y)},
                    space=Space("lines", 7),
                ),
                Part("c", "vector", answer, 4, work={"matrix": matrix, "moments": moments, **equations}),
                Part(
                    "d",
                    "number",
                    variance.result,
                    4,
                    work={"residuals": residuals, "squares": squares, "variance": variance, **_variance_tex()},
                    # The derivation, and a line for every residual.
                    space=Space("boxes", rows=5 + len(residuals), names=(r"\hat{\sigma}^2",)),
                ),
            ),
            work={"w": vector_tex(self.weights), "unknowns": unknowns, "proof": shown(self.X, self.weights)},
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        import numpy as np

        X, y = np.array(self.X, dtype=float), np.array(self.y, dtype=float)
        yield agree("b1", "the matrix product of numpy", solution["b1"].answer, X.T @ X)
        yield agree("b2", "the matrix product of numpy", solution["b2"].answer, X.T @ y)
        rows, columns = np.triu_indices(X.shape[1])
        entries = [entry.result for entry in solution["b1"].work["lines"]]
        yield agree("b1", "numpy, against the worked lines", entries, (X.T @ X)[rows, columns])
        entries = [entry.result for entry in solution["b2"].work["lines"]]
        yield agree("b2", "numpy, against the worked lines", entries, X.T @ y)
        found = np.linalg.lstsq(X, y, rcond=None)[0]
        worked = worked_weights(solution["c"].work)
        yield agree("c", "singular values, against the worked lines", worked, found, tolerance=1e-7)
        yield agree("c", "least squares by singular values", solution["c"].answer, found, tolerance=1e-7)
        variance = float(np.mean((y - X @ found) ** 2))
        yield agree("d", "the mean square of those residuals", solution["d"].answer, variance, tolerance=1e-7)
        weights = np.array(solution["c"].answer, dtype=float)

        def squares(shifted: Any) -> float:
            return float(((y - X @ shifted) ** 2).sum())

        # Central differences of a quadratic are exact, however wide.
        slopes = [(squares(weights + step) - squares(weights - step)) / 2 for step in np.eye(len(weights))]
        yield agree("c", "central differences of the squared error", [0] * len(slopes), slopes, tolerance=1e-5)

    def pattern(self) -> str:
        """The size of the problem and the length of its elimination."""
        return path(self.X, 0)

    def slips(self) -> Iterable[Slip]:
        samples, count = len(self.X), len(self.X[0])
        yield Slip(
            "b1", r"$\mathbf{X}\mathbf{X}^{\top}$ computed", ls.gram(tuple(zip(*self.X, strict=True))), apart=True
        )
        features = tuple(row[1:] for row in self.X)
        yield Slip("b1", "column of ones left out", ls.gram(features), apart=True)
        yield Slip("b2", "column of ones left out", ls.moments(features, self.y))
        yield Slip("c", "column of ones left out", ls.ridge(features, self.y, (0,) * (count - 1)), apart=True)
        yield Slip(
            "c", r"inverse forgotten: $\mathbf{X}^{\top}\mathbf{y}$ given", ls.moments(self.X, self.y), apart=True
        )
        errors = self._errors()
        squares = Fraction(ls.dot(errors, errors))
        undivided = "sum of squares not divided"
        unbiased = "unbiased estimate: divided by $m$ minus the number of weights"
        if samples - count > 1:
            yield Slip("d", undivided, squares, apart=True)
            yield Slip("d", unbiased, squares / (samples - count), apart=True)
        else:
            # With one sample more than weights the two are one number.
            yield Slip("d", f"{undivided}, or {unbiased}", squares, apart=True)
        yield Slip("d", "divided by $m - 1$", squares / (samples - 1))


def _variance_lines(X: ls.Matrix, y: ls.Vector, weights: ls.Vector) -> tuple[tuple[Line, ...], Line, Line]:
    """The residuals, the sum of their squares, and the estimate of the variance."""
    residuals = tuple(
        line(
            f"r_{{{i}}}",
            num(target) - total([num(weights[0]), *(num(w) * x for w, x in zip(weights[1:], row[1:], strict=True))]),
        )
        for i, (row, target) in enumerate(zip(X, y, strict=True), 1)
    )
    squares = line("S", total([num(found.result) ** 2 for found in residuals]), r"\sum_i r_i^2")
    return residuals, squares, line(r"\hat{\sigma}^2", num(squares.result) / len(y), r"\frac{S}{m}")


@lru_cache(maxsize=1)
def variance_steps() -> Mapping[str, Value]:
    """The negative log-likelihood at the estimated weights as a function of the variance, and its stationary point.

    Every step is a tuple of summands in the order of print.
    """
    import sympy

    v, S, m = sympy.symbols("v S m", positive=True)
    loss = (m * sympy.log(2 * sympy.pi * v) / 2, S / (2 * v))
    derivative = tuple(term.diff(v) for term in loss)
    (estimate,) = sympy.solve(sum(derivative), v)
    return {
        "loss": loss,
        "derivative": derivative,
        "factored": (sympy.factor(sum(derivative)),),
        "estimate": (estimate,),
    }


@lru_cache(maxsize=1)
def _variance_tex() -> Mapping[str, str]:
    from generator.solver.sample_sums import sum_tex

    return {name: sum_tex(terms) for name, terms in variance_steps().items()}
