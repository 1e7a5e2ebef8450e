"""Least squares and ridge regression in exact numbers, with the working of the normal equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from typing import TypeAlias

from generator.exact import normal_form
from generator.working import Line, Term, line, num, total

Rational: TypeAlias = int | Fraction
Vector: TypeAlias = tuple[Rational, ...]
Matrix: TypeAlias = tuple[Vector, ...]


def dot(a: Sequence[Rational], b: Sequence[Rational]) -> Rational:
    """The inner product of two vectors of one length."""
    return _exact(sum(x * y for x, y in zip(a, b, strict=True)))


def product(A: Matrix, v: Vector) -> Vector:
    """The product of a matrix with a column vector."""
    return tuple(dot(row, v) for row in A)


def gram(X: Matrix) -> Matrix:
    """X^T X."""
    columns = tuple(zip(*X, strict=True))
    return tuple(tuple(dot(one, other) for other in columns) for one in columns)


def moments(X: Matrix, y: Vector) -> Vector:
    """X^T y."""
    return tuple(dot(column, y) for column in zip(*X, strict=True))


def penalised(A: Matrix, penalties: Sequence[Rational]) -> Matrix:
    """A square matrix with the penalties added along its diagonal."""
    return tuple(
        tuple(_exact(entry + penalties[i]) if i == j else entry for j, entry in enumerate(row))
        for i, row in enumerate(A)
    )


def determinant(A: Matrix) -> Rational:
    """The determinant, by expansion along the first row (the matrices here have at most four)."""
    if len(A) == 1:
        return A[0][0]
    if len(A) == 2:
        return _exact(A[0][0] * A[1][1] - A[0][1] * A[1][0])
    minors = (tuple(row[:j] + row[j + 1 :] for row in A[1:]) for j in range(len(A)))
    return _exact(sum((-1) ** j * A[0][j] * determinant(minor) for j, minor in enumerate(minors)))


def solve(A: Matrix, b: Vector) -> Vector:
    """The solution of A v = b, by Cramer's rule (which stays within the integers until the last division).

    Raises ZeroDivisionError for a singular matrix.
    """
    whole = determinant(A)
    replaced = (tuple((*row[:j], right, *row[j + 1 :]) for row, right in zip(A, b, strict=True)) for j in range(len(A)))
    return tuple(_exact(Fraction(determinant(matrix)) / whole) for matrix in replaced)


def ridge(X: Matrix, y: Vector, penalties: Sequence[Rational]) -> Vector:
    """The minimiser of |y - X w|^2 + sum_j penalties_j w_j^2; all penalties 0 is ordinary least squares.

    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2009), equation 3.44.
    Raises ZeroDivisionError where the minimiser is not unique.
    """
    return solve(penalised(gram(X), penalties), moments(X, y))


def regular_rows(X: Matrix) -> tuple[int, ...]:
    """As many rows as X has columns, linearly independent and with a small determinant.

    Raises ZeroDivisionError where the columns of X are linearly dependent.
    """
    choices = ((abs(determinant(tuple(X[i] for i in rows))), rows) for rows in combinations(range(len(X)), len(X[0])))
    # Twenty choices are enough to find a small determinant.
    regular = list(islice((choice for choice in choices if choice[0]), 20))
    if not regular:
        raise ZeroDivisionError("the columns are linearly dependent")
    return min(regular)[1]


def with_moments(X: Matrix, wanted: Vector, free: Sequence[Rational], solved: Sequence[int]) -> Vector:
    """The y with X^T y = wanted whose entries outside the regular rows ``solved`` are those of ``free``."""
    y = [0 if i in solved else free[i] for i in range(len(X))]
    missing = tuple(_exact(target - found) for target, found in zip(wanted, moments(X, tuple(y)), strict=True))
    block = tuple(zip(*(X[i] for i in solved), strict=True))
    for i, value in zip(solved, solve(block, missing), strict=True):
        y[i] = value
    return tuple(y)


def eliminates_tidily(A: Matrix, largest: int) -> bool:
    """Whether no denominator above ``largest`` appears while a positive definite matrix is made triangular.

    The rows may go on with a right-hand side. A singular matrix, which has no pivot somewhere, is not tidy.
    """
    rows = [list(row) for row in A]
    for j, pivot in enumerate(rows):
        if not pivot[j]:
            return False
        for row in rows[j + 1 :]:
            factor = Fraction(row[j]) / pivot[j]
            if factor.denominator > largest:
                return False
            row[j:] = [entry - factor * other for entry, other in zip(row[j:], pivot[j:], strict=True)]
            if max(entry.denominator for entry in row) > largest:
                return False
    return True


def gram_lines(X: Matrix, name: str = r"\mathbf{X}^{\top}\mathbf{X}") -> tuple[Line, ...]:
    """One worked line per entry of X^T X on and above the diagonal, row by row."""
    columns = tuple(zip(*X, strict=True))
    return tuple(
        _dot_line(_entry(name, i, j), columns[i], columns[j])
        for i in range(len(columns))
        for j in range(i, len(columns))
    )


def badly_conditioned(X: Matrix) -> bool:
    """Whether the columns of X are so nearly dependent (or dependent) that floating point would lose ten digits.

    With the eigenvalues of X^T X between a and b, trace t and determinant D, b/a is at most t (t/(k-1))^(k-1) / D.
    """
    matrix = gram(X)
    rest, trace = max(len(matrix) - 1, 1), sum(matrix[i][i] for i in range(len(matrix)))
    return bool(trace * Fraction(trace, rest) ** rest >= 10**10 * determinant(matrix))


def moment_lines(X: Matrix, y: Vector, name: str = r"\mathbf{X}^{\top}\mathbf{y}") -> tuple[Line, ...]:
    """One worked line per entry of X^T y."""
    return tuple(_dot_line(rf"({name})_{{{i + 1}}}", column, y) for i, column in enumerate(zip(*X, strict=True)))


def diagonal_lines(A: Matrix, penalty: Rational, name: str) -> tuple[Line, ...]:
    """One worked line per diagonal entry of A + penalty I."""
    return tuple(line(f"{name}_{{{i + 1}{i + 1}}}", num(row[i]) + penalty) for i, row in enumerate(A))


def _entry(name: str, i: int, j: int) -> str:
    return rf"({name})_{{{i + 1}{j + 1}}}"


def _dot_line(left: str, a: Vector, b: Vector) -> Line:
    """An inner product; multiplication by a column of ones is not written out."""
    if set(a) == {1}:
        return line(left, total(b))
    if a == b:
        return line(left, total([num(entry) ** 2 for entry in a]))
    return line(left, total([num(x) * y for x, y in zip(a, b, strict=True)]))


@dataclass(frozen=True, slots=True)
class Inverse2:
    """The solution of two equations by the inverse: the determinant, the adjugate, the entries of the solution."""

    determinant: Line
    adjugate: Matrix
    solution: tuple[Line, ...]


def by_inverse(A: Matrix, b: Vector, name: str, unknowns: Sequence[str]) -> Inverse2:
    """Solve a symmetric 2 × 2 system by its inverse; ``name`` and ``unknowns`` are TeX."""
    (p, q), (_, r) = A
    det = line(rf"\det {name}", num(p) * r - num(q) ** 2)
    lines = tuple(
        line(unknown, (num(own) * b[i] - num(q) * b[1 - i]) / det.result)
        for i, (unknown, own) in enumerate(zip(unknowns, (r, p), strict=True))
    )
    return Inverse2(det, ((r, -q), (-q, p)), lines)


@dataclass(frozen=True, slots=True)
class RowStep:
    """Row ``target`` minus ``factor`` times row ``pivot`` (counted from 1), entry by entry, and the system it gives.

    ``factor`` is a worked line; ``rows`` is the augmented system after the step.
    """

    target: int
    pivot: int
    factor: Line
    entries: tuple[Line, ...]
    rows: Matrix


@dataclass(frozen=True, slots=True)
class Elimination:
    """Gaussian elimination: row steps down to a triangular system, then the unknowns from the last to the first."""

    steps: tuple[RowStep, ...]
    triangle: Matrix
    solution: tuple[Line, ...]


def by_elimination(A: Matrix, b: Vector, unknowns: Sequence[str]) -> Elimination:
    """Solve A v = b for a positive definite A, for which no pivot is zero; ``unknowns`` is TeX.

    Rows whose entry in the pivot's column is zero already need no step.
    """
    rows: Matrix = tuple((*row, right) for row, right in zip(A, b, strict=True))
    steps = []
    for j in range(len(A)):
        for i in range(j + 1, len(A)):
            if rows[i][j]:
                step = _row_step(rows, i, j)
                rows = step.rows
                steps.append(step)
    return Elimination(tuple(steps), rows, _back_substitution(rows, unknowns))


def _row_step(rows: Matrix, i: int, j: int) -> RowStep:
    factor = line(rf"\ell_{{{i + 1}{j + 1}}}", num(rows[i][j]) / rows[j][j])
    entries = tuple(line("", num(rows[i][k]) - num(factor.result) * rows[j][k]) for k in range(j + 1, len(rows) + 1))
    new: Vector = (0,) * (j + 1) + tuple(entry.result for entry in entries)
    return RowStep(i + 1, j + 1, factor, entries, (*rows[:i], new, *rows[i + 1 :]))


def _back_substitution(rows: Matrix, unknowns: Sequence[str]) -> tuple[Line, ...]:
    found: list[Line] = []
    values: dict[int, Rational] = {}
    for i in reversed(range(len(rows))):
        known = [num(rows[i][k]) * values[k] for k in range(i + 1, len(rows)) if rows[i][k]]
        top = num(rows[i][-1])
        for term in known:
            top = top - term
        found.append(line(unknowns[i], _divided(top, rows[i][i])))
        values[i] = found[-1].result
    return tuple(found)


def _divided(top: Term, pivot: Rational) -> Term:
    """A term divided by a pivot; by a fraction as times its reciprocal, which prints better than a fraction of them."""
    if pivot == 1:
        return top
    return top * _exact(1 / pivot) if isinstance(pivot, Fraction) and pivot.denominator > 1 else top / pivot


def _exact(value: Rational) -> Rational:
    return normal_form(value) if isinstance(value, Fraction) else value
