"""Formulas in a PDF are real text: searchable, with the right letters, and the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from generator.typeset.fonts import FILES, register_fonts
from generator.typeset.formula import set_formula

Draw = Callable[..., bytes]


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def letters(pdf: bytes) -> str:
    return "".join(text(pdf).split())


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("x + y = w", "x+y=w"),
        (r"\lambda \in \mathbb{R}", "λ∈ℝ"),
        (r"\mathbf{w}^\top \mathbf{x}", "w⊤x"),
        (r"\boldsymbol{\theta} \mathcal{L} \mathrm{d} \mathsf{T}", "θLdT"),
        (r"\mathbb{E}[X]", "𝔼[X]"),
        (r"h \phi \epsilon \varphi \partial", "hφεφ∂"),
        ("f(x) := -1", "f(x):=−1"),
        (r"p(y \mid x)", "p(y|x)"),
        (r"\text{é if } \log x", "éiflogx"),
        (r"\hat{x}", "x̂"),
        ("x_1^2", "x21"),
        (r"\arg\max_\theta", "argmaxθ"),
    ],
)
def test_letters_are_extracted_as_one_types_them(draw: Draw, tex: str, expected: str) -> None:
    assert letters(draw(tex, display=False)) == expected


@pytest.mark.parametrize("rows", [1, 2, 4, 12, 30])
def test_a_tall_bracket_is_extracted_once(draw: Draw, rows: int) -> None:
    found = letters(draw(r"\left(\begin{matrix}" + r"\\".join("1" * rows) + r"\end{matrix}\right]"))
    assert sorted(found) == sorted("(" + "1" * rows + "]")


def test_stretched_signs_are_extracted_as_themselves(draw: Draw) -> None:
    found = letters(draw(r"\sqrt{\sum_{i=1}^n \frac{x}{y}}", r"\underbrace{a + b + c + d + e + f + g + h}_2"))
    assert {found.count(sign) for sign in "√∑⏟"} == {1}


def test_the_same_formulas_give_the_same_bytes(draw: Draw) -> None:
    formulas = (r"\hat{\lambda} = \frac{N}{\sum_i x_i}", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}")
    first = draw(*formulas)
    draw(r"\alpha\beta\gamma")  # another document in between leaves no trace
    assert draw(*formulas) == first


def test_documents_made_at_the_same_time_do_not_mix() -> None:
    streams = io.BytesIO(), io.BytesIO()
    one, two = (Canvas(stream, invariant=1) for stream in streams)
    for number, char in enumerate("abcdefgh"):
        set_formula(char, 10.0).paint(one, 10 + 20 * number, 100)
        set_formula(char.upper(), 10.0).paint(two, 10 + 20 * number, 100)
    one.save()
    two.save()
    assert [letters(stream.getvalue()) for stream in streams] == ["abcdefgh", "ABCDEFGH"]


def test_more_glyphs_than_a_subset_holds() -> None:
    register_fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    alphabets = ("mathit", "mathbf", "mathrm", "mathsf", "mathtt", "boldsymbol")
    latin = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for number, name in enumerate(alphabets):
        set_formula(rf"\{name}{{{latin}}}", 10.0).paint(canvas, 40, 700 - 30 * number)
    canvas.showPage()
    set_formula("xyz", 10.0).paint(canvas, 40, 700)
    canvas.save()
    assert letters(stream.getvalue()) == latin * len(alphabets) + "xyz"


def test_fonts_are_embedded_subsets(draw: Draw) -> None:
    page = PdfReader(io.BytesIO(draw(r"x = \text{one}"))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    ours = [font for font in fonts if "STIX" in font["/BaseFont"]]
    assert ours
    assert all("/FontFile2" in font["/FontDescriptor"] and "+" in font["/BaseFont"] for font in ours)


@pytest.mark.parametrize("face", sorted(FILES))
def test_every_face_draws_text_that_is_extracted(face: str) -> None:
    register_fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    canvas.setFont(face, 12)
    canvas.drawString(50, 700, "Exam é 1+2")
    canvas.save()
    assert text(stream.getvalue()).strip() == "Exam é 1+2"
