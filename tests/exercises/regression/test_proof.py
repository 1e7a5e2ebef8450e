from __future__ import annotations

from typing import Any

import pytest
import sympy

from generator.exercises.regression._design import WEIGHT_NAMES, WeightName, vector_tex
from generator.exercises.regression._proof import loss_steps, rules, scaled_solution, shown, symbols
from generator.solver.matrix_calculus import Sum

SIZES = ((3, 2), (4, 3), (4, 2))
PENALTY = sympy.Symbol("lamda")


def full(name: str, rows: int, columns: int) -> sympy.Matrix:
    return sympy.Matrix(rows, columns, lambda i, j: sympy.Symbol(f"{name}{i}{j}"))


def matrices(rows: int, columns: int, name: WeightName) -> dict[str, sympy.Matrix]:
    return {
        r"\mathbf{X}": full("x", rows, columns),
        r"\mathbf{y}": full("y", rows, 1),
        vector_tex(name): full("w", columns, 1),
        r"\mathbf{v}": full("v", columns, 1),
        r"\mathbf{A}": full("a", columns, columns),
        r"\mathbf{b}": full("b", columns, 1),
    }


def explicit(terms: Sum, known: dict[str, sympy.Matrix]) -> sympy.Matrix:
    """A sum with a symbol for every entry of its matrices."""
    total: Any = None
    for term in terms:
        value: Any = sympy.eye(known[r"\mathbf{v}"].rows) if not term.factors else None
        for factor in term.factors:
            matrix = known[factor.name].T if factor.transposed else known[factor.name]
            value = matrix if value is None else value * matrix
        value = value * term.coefficient * (PENALTY if term.scalars else 1)
        total = value if total is None else total + value
    return total


def equal(one: Any, other: Any) -> bool:
    return all(sympy.expand(entry) == 0 for entry in one - other)


@pytest.mark.parametrize("name", WEIGHT_NAMES)
@pytest.mark.parametrize(("rows", "columns"), SIZES)
@pytest.mark.parametrize("penalty", [(), (r"\lambda",)])
def test_every_step_equals_the_next(rows: int, columns: int, name: WeightName, penalty: tuple[str, ...]) -> None:
    known = matrices(rows, columns, name)
    X, y, w, v = (known[key] for key in (r"\mathbf{X}", r"\mathbf{y}", vector_tex(name), r"\mathbf{v}"))
    data = ((1,) * columns,) * rows
    steps = {step: explicit(terms, known) for step, terms in loss_steps(data, name, penalty).items() if terms}
    factor = PENALTY if penalty else 0
    loss = (y - X * w).T * (y - X * w) + factor * w.T * w
    gradient = sympy.Matrix([loss[0].diff(entry) for entry in w])
    assert equal(steps["residual"], y - X * w)
    assert equal(steps["expanded"], loss)
    assert equal(steps["merged"], loss)
    assert equal(steps["one_way"], steps["other_way"])
    assert equal(steps["gradient"], gradient)
    assert equal(steps["hessian"], gradient.jacobian(list(w)))
    # The normal equations are the gradient, halved.
    assert equal(2 * (steps["matrix"] * w - steps["right"]), gradient)
    square = sum(entry**2 for entry in X * v) + factor * sum(entry**2 for entry in v)
    assert equal(steps["form"], sympy.Matrix([square]))


@pytest.mark.parametrize("name", WEIGHT_NAMES)
def test_the_rules_of_matrix_calculus_are_right(name: WeightName) -> None:
    known = matrices(3, 3, name)
    w = known[vector_tex(name)]
    found = {rule: explicit(terms, known) for rule, terms in rules(symbols(((1, 2, 3),) * 3, name)[2]).items()}
    for rule in ("linear", "quadratic"):
        assert equal(found[f"{rule}_gradient"], sympy.Matrix([found[rule][0].diff(entry) for entry in w]))


def test_steps_are_printed_as_a_textbook_has_them() -> None:
    proof = shown(((1, 2),) * 3, "w", (r"\lambda",))
    y, X, w, v = r"\mathbf{y}", r"\mathbf{X}", r"\mathbf{w}", r"\mathbf{v}"
    residual = rf"({y} - {X} {w})"
    assert proof["squares"] == rf"{residual}^{{\top}}{residual} + \lambda {w}^{{\top}} {w}"
    assert proof["one_way"] == rf"{y}^{{\top}} {X} {w}"
    assert proof["quadratic_gradient"] == rf"\left(\mathbf{{A}} + \mathbf{{A}}^{{\top}}\right) {w}"
    matrix = rf"\left({X}^{{\top}} {X} + \lambda \mathbf{{I}}\right)"
    assert proof["equations"] == rf"{matrix} {w} = {X}^{{\top}} {y}"
    assert proof["solution"] == rf"{matrix}^{{-1}} {X}^{{\top}} {y}"
    assert proof["norms"] == rf"\lVert {X} {v} \rVert^2 + \lambda \lVert {v} \rVert^2"


def test_the_scalar_of_the_penalty_is_taken_out_of_the_inverse() -> None:
    X, y = r"\mathbf{X}", r"\mathbf{y}"
    inner = rf"\left(\frac{{1}}{{\lambda}} {X}^{{\top}} {X} + \mathbf{{I}}\right)^{{-1}}"
    assert scaled_solution(((1, 2),) * 3, "w", r"\lambda") == rf"\frac{{1}}{{\lambda}} {inner} {X}^{{\top}} {y}"
