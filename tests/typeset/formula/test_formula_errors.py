"""A faulty formula is an error that tells what is wrong and where."""

from __future__ import annotations

import pickle

import pytest

from generator.errors import ExamwrightError
from generator.typeset.formula import FormulaError, set_formula


@pytest.mark.parametrize(
    ("tex", "position", "problem"),
    [
        (r"1 + \foo", 4, r"unknown command \foo"),
        (r"\frac{1}{2", 8, "never closed"),
        (r"\frac{1}", 0, "lacks an argument"),
        ("a}", 1, "closing brace"),
        ("x^1^2", 3, "second superscript"),
        ("x_1_2", 3, "second subscript"),
        ("x'^{2}'", 6, "second superscript"),
        (r"\left( x", 0, r"without \right"),
        (r"x \right)", 2, r"without \left"),
        (r"\left x", 6, "no delimiter"),
        (r"a & b", 2, "outside an array"),
        (r"a \\ b", 2, "outside an array"),
        (r"\begin{pmatrix} 1 \end{bmatrix}", 23, "ended by"),
        (r"\begin{pmatrix} 1", 0, r"without its \end"),
        (r"\begin{foo} 1 \end{foo}", 7, "unknown environment"),
        (r"\begin{array}{cx} 1 \end{array}", 15, "columns of an array"),
        (r"\begin{array}{c} 1 & 2 \end{array}", 0, "2 cells"),
        ("100%", 3, "comment"),
        (r"\text{if", 5, "never closed"),
        (r"\text{a $\foo$}", 9, r"unknown command \foo"),
        (r"\color{mauve} x", 7, "unknown colour"),
        ("x^", 1, "lacks an argument"),
        (r"x \limits", 2, "must follow an operator"),
        ("汉", 0, "no character"),
        (r"\text{汉}", 6, "no character"),
        ("\\", 0, "backslash"),
        (r"\hspace{long}", 8, "no length"),
    ],
)
def test_faults_are_placed(tex: str, position: int, problem: str) -> None:
    with pytest.raises(FormulaError) as caught:
        set_formula(tex, 10.0)
    assert problem in caught.value.problem
    assert caught.value.position == position


def test_the_message_points_at_the_place() -> None:
    with pytest.raises(FormulaError) as caught:
        set_formula(r"a + \oops + b", 10.0)
    message, excerpt, caret = str(caught.value).splitlines()
    assert r"unknown command \oops" in message
    assert "at character 5" in message
    assert excerpt[caret.index("^") :].startswith(r"\oops")


def test_a_long_formula_is_shown_in_part() -> None:
    with pytest.raises(FormulaError) as caught:
        set_formula("x + " * 100 + r"\oops" + " + x" * 100, 10.0)
    _, excerpt, caret = str(caught.value).splitlines()
    assert len(excerpt) < 100
    assert excerpt[caret.index("^") :].startswith(r"\oops")


def test_it_survives_pickling() -> None:
    error = FormulaError(r"\x", 0, "unknown")
    again = pickle.loads(pickle.dumps(error))
    assert (again.tex, again.position, again.problem) == (r"\x", 0, "unknown")
    assert isinstance(again, ExamwrightError)


def test_a_misspelt_command_is_corrected() -> None:
    with pytest.raises(FormulaError, match=r"did you mean \\lambda\?"):
        set_formula(r"\lamda", 10.0)
