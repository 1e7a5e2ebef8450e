from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from generator.figure import (
    Circle,
    Curve,
    Figure,
    GraphEdge,
    GraphNode,
    Label,
    Line,
    Point,
    Rectangle,
    graph_figure,
    words,
)
from generator.figure.extent import extent
from generator.typeset.figures import paint_figure
from generator.typeset.formula import set_formula

LABELS = [
    "3", "-2", "12", "0.9", "x_1", "f_{12}", r"\ln 3", r"\exp", r"\sin", r"\max", r"(\cdot)^2",
    r"\sqrt{\cdot}", r"|\cdot|", r"\frac{1}{2}", r"-\frac{13}{4}", r"\frac{\ln 3}{12}",
    r"\frac{\partial y}{\partial f_1}=-12", r"\sigma(\ln 3)=\frac34", r"(1,-1)^\top", r"(-2,-1)^\top",
    r"\mathbf w", r"\bar{\mathbf x}", r"\mathcal L", r"\hat\phi", "a=1", "w_{12}^{(2)}",
    r"\phi_0=0,\ \phi_1=-1", r"\Pr(y=1\mid x)", r"k=3,\ s=1,\ d=2", r"\sqrt{x_1+2}", "e^{-x+1}", "e^3+e^6",
    r"\max(0,x)", r"\begin{pmatrix}1&-1\\2&0\end{pmatrix}", r"\begin{pmatrix}1\\\frac12\end{pmatrix}",
    "W^{(1)}", r"x_1\,x_2", words("(iii)"), words("ReLU"), words("feature map"), words("MMMM WWW"),
    words("receptive field: 25 inputs"), "+", "-", r"\times", r"\div", r"\star", "M", "W", "fj",
    r"\theta_{\mathrm{MLE}}", r"\sin^2", r"\bar y", r"\cdot w_1",
]  # fmt: skip


def painted(figure: Figure) -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300), invariant=1, pageCompression=0)
    paint_figure(canvas, figure, 20, 30)
    canvas.save()
    return buffer.getvalue()


def figure(*elements: Line | Curve | Rectangle | Circle | Label) -> Figure:
    return Figure(200, 100, elements, "A test.")


@pytest.mark.parametrize("tex", LABELS)
def test_the_estimated_extent_holds_the_set_label_and_not_much_more(tex: str) -> None:
    size = 9.0
    formula, guess = set_formula(tex, size, display=False), extent(tex, size)
    assert guess.width >= formula.width - 0.05
    assert guess.height >= formula.height - 0.05
    assert guess.depth >= formula.depth - 0.05
    assert guess.width <= 1.45 * formula.width + 3


def test_labels_are_text_that_can_be_searched() -> None:
    page = painted(figure(Label("x_1=-3", 50, 50), Label(words("feature map"), 100, 20)))
    text = PdfReader(BytesIO(page)).pages[0].extract_text()
    assert "feature map" in text
    assert "−3" in text


def test_every_shape_is_painted() -> None:
    bent = (Point(0, 0), Point(10, 20), Point(30, 20), Point(40, 0))
    operators = painted(
        figure(
            Line(0, 0, 50, 50, dash=(2, 1)),
            Curve(bent, bezier=True, arrow=True),
            Curve(bent, closed=True, fill=0.5),
            Rectangle(10, 10, 30, 20, fill=0.875),
            Circle(80, 50, 10),
        )
    ).decode("latin-1")
    for operator in ("[2 1] 0 d", ".5 g", ".875 g", " c\n", " re"):
        assert operator in operators, operator


def test_an_arrow_ends_at_its_tip() -> None:
    operators = painted(figure(Line(0, 0, 50, 0, arrow=True))).decode("latin-1")
    assert "50 0 m" in operators  # the head starts at the tip
    assert "50 0 l" not in operators  # the shaft stops inside the head


def test_the_canvas_is_left_as_it_was() -> None:
    operators = painted(figure(Rectangle(0, 0, 10, 10), Label("x", 5, 5, background=1.0))).split()
    assert operators.count(b"q") == operators.count(b"Q") > 0


def test_painting_is_repeatable() -> None:
    nodes = [GraphNode("x", "x", "input"), GraphNode("s", r"\sin")]
    drawing = graph_figure(nodes, [GraphEdge("x", "s", r"\frac{1}{2}", "3")], description="One step.")
    assert painted(drawing) == painted(drawing)
