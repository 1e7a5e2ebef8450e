"""Every formula of the sources sets, paints, and keeps the caller's canvas as it was."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from generator.typeset.formula import set_formula


def test_a_formula_of_the_sources_sets(source_formula: tuple[str, bool]) -> None:
    tex, display = source_formula
    formula = set_formula(tex, 10.0, display)
    assert formula.width > 0
    assert formula.height > 0
    assert formula.depth >= 0


def test_it_scales_with_its_size(source_formula: tuple[str, bool]) -> None:
    tex, display = source_formula
    small, large = set_formula(tex, 10.0, display), set_formula(tex, 20.0, display)
    # Delimiters are chosen by a relative and an absolute measure that both scale.
    assert large.width == pytest.approx(2 * small.width)
    assert large.height == pytest.approx(2 * small.height)


def test_the_same_arguments_give_the_same_object() -> None:
    assert set_formula("x^2", 10.0) is set_formula("x^2", 10.0)
    assert set_formula("x^2", 10.0) is not set_formula("x^2", 10.0, True)


def test_painting_is_enclosed() -> None:
    canvas = Canvas(io.BytesIO())
    set_formula(r"\textcolor{red}{x} + \frac{1}{2}", 10.0).paint(canvas, 10, 20)
    code = "\n".join(canvas._code)
    assert code.count("q\n") + code.count("q ") == code.count("Q")
    assert code.count("BT") == code.count("ET")
