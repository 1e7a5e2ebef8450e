from __future__ import annotations

import pytest
import sympy

from generator.solver.formula import Formula, expression, formula_line, formula_tex, letters_tex
from generator.working import Term, apply, num


def quotient(n: Term, k: Term, s: Term) -> Term:
    return apply("floor", (n + num(2) * k - s * (k - 1)) / s) + 1


@pytest.mark.parametrize(
    ("formula", "letters", "text"),
    [
        (lambda a, b: a * b, ("j_0", "s_1"), r"j_0 \, s_1"),
        (lambda a, b: num(2) * a * b, ("p", "q"), r"2 p \, q"),
        (lambda a, b: a * (b - 1), ("d", "k"), "d (k - 1)"),
        (lambda a, b: a**2 + num(3) * b**2, ("x", "y"), "x^{2} + 3 y^{2}"),
        (lambda a, b: a / (num(2) * b), ("G_{1,2}", "Y_{1,2}"), r"\frac{G_{1,2}}{2 Y_{1,2}}"),
        (quotient, ("n", "k", "s"), r"\left\lfloor \frac{n + 2 k - s (k - 1)}{s} \right\rfloor + 1"),
    ],
)
def test_products_of_letters_have_no_dots(formula: Formula, letters: tuple[str, ...], text: str) -> None:
    assert formula_tex(formula, *letters) == text


def test_an_index_is_no_number_to_multiply_with() -> None:
    assert letters_tex(num("x_2") * num("y_{3}") * num("z")) == r"x_2 \, y_{3} \, z"


def test_numbers_are_never_run_together() -> None:
    assert letters_tex(num(2) * 3 * num("x")) == r"2 \cdot 3 x"
    assert letters_tex(num(12) * num(2) ** 3) == r"12 \cdot 2^{3}"


def test_a_line_has_the_letters_and_the_numbers_of_one_formula() -> None:
    line = formula_line("m", quotient, {"n": 9, "k": 3, "s": 2})
    assert line.formula == formula_tex(quotient, "n", "k", "s")
    assert line.tex.endswith(r"= \left\lfloor \frac{9 + 2 \cdot 3 - 2 \cdot (3 - 1)}{2} \right\rfloor + 1 = 6")
    n, k, s = sympy.symbols("n k s")
    assert expression(quotient, "n", "k", "s").subs({n: 9, k: 3, s: 2}) == line.result
