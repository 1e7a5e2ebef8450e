from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.solver import least_squares as ls

small = st.integers(-9, 9)


@st.composite
def systems(draw: st.DrawFn) -> tuple[ls.Matrix, ls.Vector]:
    size = draw(st.integers(1, 4))
    row = st.tuples(*[small] * size)
    return draw(st.tuples(*[row] * size)), draw(row)


@given(systems())
def test_solve_solves(system: tuple[ls.Matrix, ls.Vector]) -> None:
    A, b = system
    assert ls.determinant(A) == round(float(np.linalg.det(np.array(A, dtype=float))))
    if ls.determinant(A) == 0:
        with pytest.raises(ZeroDivisionError):
            ls.solve(A, b)
    else:
        assert ls.product(A, ls.solve(A, b)) == b


def test_ridge_by_hand() -> None:
    # X^T X = [[2, 1], [1, 1]], X^T y = (3, 1); with penalty 1: [[3, 1], [1, 2]] w = (3, 1), so w = (1, 0).
    X, y = ((1, 0), (1, 1)), (2, 1)
    assert ls.ridge(X, y, (1, 1)) == (1, 0)
    assert ls.ridge(X, y, (0, 0)) == (2, -1)


positive_definite = st.integers(2, 4).flatmap(
    lambda size: st.tuples(*[st.tuples(*[st.integers(-4, 4)] * size)] * 5).map(
        lambda X: ls.penalised(ls.gram(X), (1,) * len(X[0]))
    )
)


@given(positive_definite, st.tuples(small, small, small, small))
def test_the_working_of_a_system_ends_in_its_solution(A: ls.Matrix, right: tuple[int, ...]) -> None:
    b, unknowns = right[: len(A)], [f"w_{j}" for j in range(len(A))]
    exact = ls.solve(A, b)
    eliminated = ls.by_elimination(A, b, unknowns)
    assert tuple(line.result for line in reversed(eliminated.solution)) == exact
    triangle = tuple(row[:-1] for row in eliminated.triangle)
    assert all(triangle[i][j] == 0 for i in range(len(A)) for j in range(i))
    assert ls.product(triangle, exact) == tuple(row[-1] for row in eliminated.triangle)
    if len(A) == 2:
        inverted = ls.by_inverse(A, b, "A", unknowns)
        assert tuple(line.result for line in inverted.solution) == exact
        scaled = [[Fraction(entry) / inverted.determinant.result for entry in row] for row in inverted.adjugate]
        identity = [[sum(scaled[i][k] * A[k][j] for k in range(2)) for j in range(2)] for i in range(2)]
        assert identity == [[1, 0], [0, 1]]


@given(positive_definite, st.tuples(small, small, small, small))
def test_tidy_elimination_looks_at_every_fraction(A: ls.Matrix, right: tuple[int, ...]) -> None:
    steps = ls.by_elimination(A, right[: len(A)], [""] * len(A)).steps
    augmented = tuple((*row, entry) for row, entry in zip(A, right, strict=False))
    met = {Fraction(line.result).denominator for step in steps for line in (step.factor, *step.entries)}
    for largest in (1, 3, 10):
        assert ls.eliminates_tidily(augmented, largest) == (max(met, default=1) <= largest)


@given(
    st.lists(st.tuples(st.just(1), small), min_size=3, max_size=6).map(tuple),
    st.tuples(small, small),
    st.lists(small, min_size=6, max_size=6),
)
def test_targets_have_the_moments_that_were_asked_for(X: ls.Matrix, wanted: tuple[int, int], free: list[int]) -> None:
    try:
        solved = ls.regular_rows(X)
    except ZeroDivisionError:
        assert len(set(X)) == 1
        return
    y = ls.with_moments(X, wanted, free, solved)
    assert ls.moments(X, y) == wanted
    assert all(y[i] == free[i] for i in range(len(X)) if i not in solved)


@given(st.lists(st.tuples(st.just(1), small, small), min_size=3, max_size=5).map(tuple))
def test_bad_conditioning_is_seen(X: ls.Matrix) -> None:
    # Integers this small are either dependent or far from it.
    assert ls.badly_conditioned(X) == (np.linalg.matrix_rank(np.array(X)) < 3)


def test_nearly_dependent_columns_are_badly_conditioned() -> None:
    tiny = Fraction(1, 10**6)
    assert ls.badly_conditioned(((1, 1), (1, 1 + tiny), (1, 1)))
    assert not ls.badly_conditioned(((1, 99), (1, 100), (1, 98)))


def names_of(steps: tuple[ls.RowStep, ...]) -> list[tuple[str, int, int]]:
    return [(step.factor.left, step.target, step.pivot) for step in steps]


def test_row_steps_are_named_by_their_rows() -> None:
    # Halves of row 1 leave (0, 5/2, 3/2 | 3/2) and (0, 3/2, 7/2 | 5/2); 3/2 over 5/2 is 3/5.
    steps = ls.by_elimination(((2, 1, 1), (1, 3, 2), (1, 2, 4)), (1, 2, 3), ["a", "b", "c"]).steps
    assert names_of(steps) == [(r"\ell_{21}", 2, 1), (r"\ell_{31}", 3, 1), (r"\ell_{32}", 3, 2)]
    assert [step.factor.result for step in steps] == [Fraction(1, 2), Fraction(1, 2), Fraction(3, 5)]
    # A zero in the column needs no step, and the next one keeps the numbers of its own rows.
    steps = ls.by_elimination(((2, 0, 1), (0, 3, 1), (1, 1, 4)), (1, 2, 3), ["a", "b", "c"]).steps
    assert names_of(steps) == [(r"\ell_{31}", 3, 1), (r"\ell_{32}", 3, 2)]


@given(positive_definite)
def test_the_named_factors_times_the_triangle_are_the_matrix(A: ls.Matrix) -> None:
    """The factors of Gaussian elimination are the entries of L in A = L U."""
    eliminated = ls.by_elimination(A, (0,) * len(A), [""] * len(A))
    lower = np.eye(len(A))
    for step in eliminated.steps:
        row, column = (int(digit) for digit in step.factor.left.removeprefix(r"\ell_{").removesuffix("}"))
        assert (row, column) == (step.target, step.pivot)
        lower[row - 1, column - 1] = float(step.factor.result)
    upper = np.array([[float(entry) for entry in row[:-1]] for row in eliminated.triangle])
    assert lower @ upper == pytest.approx(np.array(A, dtype=float))


@given(positive_definite, st.tuples(small, small, small, small))
def test_a_row_step_takes_a_multiple_of_the_pivot_row_away(A: ls.Matrix, right: tuple[int, ...]) -> None:
    rows = [(*row, entry) for row, entry in zip(A, right, strict=False)]
    for step in ls.by_elimination(A, right[: len(A)], [""] * len(A)).steps:
        pivot = rows[step.pivot - 1]
        changed = [a - Fraction(step.factor.result) * b for a, b in zip(rows[step.target - 1], pivot, strict=True)]
        rows[step.target - 1] = tuple(changed)
        assert [list(row) for row in step.rows] == [list(row) for row in rows]
        assert [entry.result for entry in step.entries] == changed[step.pivot :]
