from __future__ import annotations

import pytest

from generator.figure import words
from generator.figure.reading import listing, reading


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("3", "3"),
        ("-2", "−2"),
        ("x_1-1=-2", "x_1 − 1 = −2"),
        (r"-\frac{13}{4}", "−13/4"),
        (r"\frac{\partial y}{\partial f_1}=12", "∂y/∂f_1 = 12"),
        (r"\frac{x+1}{2}", "(x + 1)/2"),
        (r"\frac34", "3/4"),
        (r"\sigma(\ln 3)", "σ(ln 3)"),
        (r"(1,-1)^\top", "(1, −1)ᵀ"),
        (r"(\cdot)^2", "(·)^2"),
        (r"2\cdot(-3)", "2 · (−3)"),
        (r"\max(0, x)", "max(0, x)"),
        (r"\sin^2 x", "sin^2 x"),
        (r"\sqrt{x_1+2}", "√(x_1 + 2)"),
        (r"w_{12}^{(2)}", "w_12^(2)"),
        (r"e^{-x}", "e^−x"),
        (r"\begin{pmatrix}1 & -1 \\ 2 & 0\end{pmatrix}", "[1, −1; 2, 0]"),
        (r"X\ \text{padded}", "X padded"),
        (words("50% of {a_b}"), "50% of {a_b}"),
    ],
)
def test_labels_are_read_out(tex: str, said: str) -> None:
    assert reading(tex) == said


def test_no_formula_stops_the_reader() -> None:
    for tex in ("", "{", "^", "x^", "x_", r"\frac", r"\frac{1}", r"\begin{pmatrix}1&2", r"\text{", "}", r"\left("):
        reading(tex)


def test_lists_end_with_and() -> None:
    assert [listing(["a"]), listing(["a", "b"]), listing(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
