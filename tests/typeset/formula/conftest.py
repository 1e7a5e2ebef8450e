"""What the tests of formulas share: the formulas of the sources, measuring, and making a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from reportlab.pdfgen.canvas import Canvas

from generator.typeset.fonts import FILES, FOLDER
from generator.typeset.formula import set_formula

Draw = Callable[..., bytes]


@pytest.fixture(scope="session")
def constants() -> dict[str, float]:
    """Some constants of the MATH table, in em, read by other means than the formula setter's."""
    table = TTFont(str(FOLDER / FILES["Math"]))["MATH"].table.MathConstants
    names = (
        "AxisHeight FractionRuleThickness FractionNumeratorDisplayStyleShiftUp RadicalRuleThickness "
        "FractionDenominatorDisplayStyleShiftDown SuperscriptShiftUp SubscriptShiftDown UpperLimitGapMin"
    )
    return {name: getattr(table, name).Value / 1000 for name in names.split()}


@pytest.fixture
def draw() -> Draw:
    """Make a PDF with one formula per line."""

    def make(*formulas: str, size: float = 11.0, display: bool = True) -> bytes:
        stream = io.BytesIO()
        canvas = Canvas(stream, invariant=1)
        y = 800.0
        for tex in formulas:
            formula = set_formula(tex, size, display)
            y -= formula.height
            formula.paint(canvas, 60, y)
            y -= formula.depth + 20
        canvas.save()
        return stream.getvalue()

    return make


def listed() -> list[tuple[str, bool]]:
    """Every formula of the sources, and whether it is a display."""
    lines = (Path(__file__).parent / "sources.txt").read_text(encoding="utf-8").splitlines()
    return [(line.strip("$ "), line.startswith("$$")) for line in lines]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "source_formula" in metafunc.fixturenames:
        metafunc.parametrize("source_formula", listed(), ids=lambda pair: pair[0][:60])
