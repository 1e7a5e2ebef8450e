"""The proof of the normal equations in symbols: squares multiplied out, gradient, equations, definiteness."""

from __future__ import annotations

from generator.exercises.regression._design import WeightName, vector_tex
from generator.solver import least_squares as ls
from generator.solver import matrix_calculus as calculus


def symbols(X: ls.Matrix, name: WeightName) -> tuple[calculus.Factor, calculus.Factor, calculus.Factor]:
    """The design matrix, the targets and the weights as factors of matrix products, with the sizes of the data."""
    rows, columns = len(X), len(X[0])
    return (
        calculus.Factor(r"\mathbf{X}", rows, columns),
        calculus.Factor(r"\mathbf{y}", rows, 1),
        calculus.Factor(vector_tex(name), columns, 1),
    )


def loss_steps(X: ls.Matrix, name: WeightName, penalty: tuple[str, ...] = ()) -> dict[str, calculus.Sum]:
    """The steps from the squared error to the equations of its minimiser; ``penalty`` is the factor of w^T w, if any.

    ``matrix`` and ``right`` are the two sides of the equations, ``form`` is v^T (matrix) v multiplied out, and
    ``one_way`` and ``other_way`` are the two forms of the mixed product that ``merged`` has only once.
    """
    design, y, w = symbols(X, name)
    residual = calculus.minus(calculus.single(y), calculus.single(design, w))
    penalised = calculus.single(w.T, w, scalars=penalty) if penalty else ()
    expanded = (*calculus.times(calculus.transposed(residual), residual), *penalised)
    merged = calculus.collected(expanded, w)
    gradient = calculus.gradient(merged, w)
    matrix, right = calculus.normal_equations(gradient, w)
    v = calculus.single(calculus.Factor(r"\mathbf{v}", w.rows, 1))
    one_way, other_way = calculus.mixed(expanded)
    return {
        "residual": residual,
        "penalty": penalised,
        "expanded": expanded,
        "one_way": (one_way,),
        "other_way": (other_way,),
        "merged": merged,
        "gradient": gradient,
        "hessian": calculus.jacobian(gradient, w),
        "matrix": matrix,
        "right": right,
        "form": calculus.times(calculus.times(calculus.transposed(v), matrix), v),
    }


def rules(w: calculus.Factor) -> dict[str, calculus.Sum]:
    """The two rules of matrix calculus: what stands behind nabla, and what it gives."""
    A, b = calculus.Factor(r"\mathbf{A}", w.rows, w.rows), calculus.Factor(r"\mathbf{b}", w.rows, 1)
    linear, quadratic = calculus.single(w.T, b), calculus.single(w.T, A, w)
    return {
        "linear": linear,
        "linear_gradient": calculus.gradient(linear, w),
        "quadratic": quadratic,
        "quadratic_gradient": calculus.gradient(quadratic, w),
    }


def shown(X: ls.Matrix, name: WeightName, penalty: tuple[str, ...] = ()) -> dict[str, str]:
    """The steps and the rules in TeX; signs of the mixed products are left to the sentence."""
    steps, w = loss_steps(X, name, penalty), symbols(X, name)[2]
    found = {step: calculus.sum_tex(terms) for step, terms in {**steps, **rules(w)}.items()}
    quadratic = calculus.jacobian(rules(w)["quadratic_gradient"], w)
    inverse = rf"\left({found['matrix']}\right)^{{-1}}"
    squares = calculus.square_tex(steps["residual"])
    return {
        **found,
        "one_way": steps["one_way"][0].magnitude_tex,
        "other_way": steps["other_way"][0].magnitude_tex,
        "quadratic_gradient": f"{calculus.bracketed(quadratic)} {w.tex}",
        "squares": f"{squares} + {found['penalty']}" if penalty else squares,
        "equations": f"{calculus.bracketed(steps['matrix'])} {w.tex} = {found['right']}",
        "solution": f"{inverse} {found['right']}",
        "norms": calculus.norms_tex(steps["form"]),
    }


def scaled_solution(X: ls.Matrix, name: WeightName, scalar: str) -> str:
    """The minimiser in TeX with a scalar of its penalty taken out of the inverse, as it shows the limit."""
    steps = loss_steps(X, name, (scalar,))
    inner = calculus.sum_tex(calculus.divided_by_scalar(steps["matrix"], scalar))
    return rf"\frac{{1}}{{{scalar}}} \left({inner}\right)^{{-1}} {calculus.sum_tex(steps['right'])}"
