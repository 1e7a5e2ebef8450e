from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from generator.solver.matrix_calculus import (
    Factor,
    Sum,
    Summand,
    bracketed,
    collected,
    divided,
    divided_by_scalar,
    gradient,
    jacobian,
    minus,
    mixed,
    normal_equations,
    norms_tex,
    single,
    square_tex,
    sum_tex,
    times,
    transposed,
)

X, y, w = Factor("X", 3, 2), Factor("y", 3, 1), Factor("w", 2, 1)
A = Factor("A", 2, 2)
MATRICES = {factor.name: sympy.Matrix(*factor.shape, lambda i, j, f=factor: sympy.Symbol(f"{f.name}{i}{j}"))
            for factor in (X, y, w, A)}  # fmt: skip


def explicit(terms: Sum) -> sympy.Matrix:
    """The same sum with a symbol for every entry."""
    total = None
    for term in terms:
        value = sympy.eye(2)
        for position, factor in enumerate(term.factors):
            matrix = MATRICES[factor.name].T if factor.transposed else MATRICES[factor.name]
            value = matrix if position == 0 else value * matrix
        for name in term.scalars:
            value *= sympy.Symbol(name)
        value *= term.coefficient
        total = value if total is None else total + value
    assert total is not None
    return total


def equal(one: sympy.Matrix, other: sympy.Matrix) -> bool:
    return all(sympy.expand(entry) == 0 for entry in one - other)


residual = minus(single(y), single(X, w))
loss = (*times(transposed(residual), residual), *single(w.T, w, scalars=("l",)))


def test_multiplying_out_keeps_the_value() -> None:
    direct = MATRICES["y"] - MATRICES["X"] * MATRICES["w"]
    penalty = sympy.Symbol("l") * MATRICES["w"].T * MATRICES["w"]
    assert equal(explicit(loss), direct.T * direct + penalty)


def test_collecting_keeps_the_value_and_merges_transposes() -> None:
    merged = collected(loss, w)
    assert equal(explicit(merged), explicit(loss))
    assert sum_tex(merged) == r"y^{\top} y - 2 w^{\top} X^{\top} y + w^{\top} X^{\top} X w + l w^{\top} w"


@pytest.mark.parametrize("terms", [loss, single(w.T, A, w), single(w.T, A.T, w, coefficient=-3), single(y.T, y)])
def test_gradient_equals_the_partial_derivatives(terms: Sum) -> None:
    merged = collected(terms, w)
    found = gradient(merged, w)
    scalar = explicit(merged)[0, 0]
    partials = sympy.Matrix([scalar.diff(entry) for entry in MATRICES["w"]])
    assert equal(explicit(found), partials) if found else partials == sympy.zeros(2, 1)
    if found:
        assert equal(explicit(jacobian(found, w)), partials.jacobian(list(MATRICES["w"])))


def test_the_gradient_of_a_symmetric_form_is_written_once() -> None:
    assert sum_tex(gradient(single(w.T, X.T, X, w), w)) == r"2 X^{\top} X w"
    assert sum_tex(gradient(single(w.T, A, w), w)) == r"A w + A^{\top} w"
    assert sum_tex(jacobian(gradient(collected(loss, w), w), w)) == r"2 X^{\top} X + 2 l \mathbf{I}"


def test_what_no_rule_covers_is_refused() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        gradient(single(y.T, X, w), w)
    with pytest.raises(ValueError, match="not quadratic"):
        gradient((Summand(1, (), (w.T, A, w, w.T, w)),), w)


def test_an_empty_sum_prints_as_zero() -> None:
    assert sum_tex(()) == "0"
    assert sum_tex(minus((), single(y))) == "-y"


def test_normal_equations_are_the_gradient_without_its_shared_number() -> None:
    slope = gradient(collected(loss, w), w)
    matrix, right = normal_equations(slope, w)
    assert equal(2 * explicit(matrix) * MATRICES["w"] - 2 * explicit(right), explicit(slope))
    assert f"{bracketed(matrix)} w = {sum_tex(right)}" == r"\left(X^{\top} X + l \mathbf{I}\right) w = X^{\top} y"


def test_the_mixed_product_is_found_with_its_transpose() -> None:
    one, other = mixed(loss)
    assert equal(explicit((one,)), explicit((other,)))
    assert sum_tex((one, other)) == r"-y^{\top} X w - w^{\top} X^{\top} y"
    with pytest.raises(StopIteration):
        mixed(single(y.T, y))


def test_a_scalar_is_taken_out_of_every_summand() -> None:
    matrix = normal_equations(gradient(collected(loss, w), w), w)[0]
    assert sum_tex(divided_by_scalar(matrix, "l")) == r"\frac{1}{l} X^{\top} X + \mathbf{I}"
    assert divided(single(y, coefficient=3), 6) == single(y, coefficient=Fraction(1, 2))


def test_squared_lengths_are_written_as_such() -> None:
    assert square_tex(residual) == r"(y - X w)^{\top}(y - X w)"
    form = (*single(w.T, X.T, X, w, coefficient=-2), *single(w.T, w, scalars=("l",)))
    assert norms_tex(form) == r"-2 \lVert X w \rVert^2 + l \lVert w \rVert^2"
    for other in (single(w.T, A, w), single(y.T, X, w), single()):
        with pytest.raises(ValueError, match="not a squared length"):
            norms_tex(other)
