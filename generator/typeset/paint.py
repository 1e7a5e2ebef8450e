"""Laid-out pages painted as PDF."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import IO, Any

import segno
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from generator.typeset.boxes import Destination, Link, PageNumber, Picture, Placed, QrCode, Rule, Run
from generator.typeset.figures import paint_figure
from generator.typeset.fonts import register_fonts
from generator.typeset.layout import LaidOutPage
from generator.typeset.words import kerns

Target = Path | IO[bytes]

# Page streams are compressed; ReportLab would spell them in letters as well, a fifth larger and slower to write.
rl_config.useA85 = 0


def open_canvas(target: Target, language: str) -> Canvas:
    """Begin a PDF that is the same, byte for byte, whenever the same is painted."""
    register_fonts()
    file = str(target) if isinstance(target, Path) else target
    return Canvas(file, invariant=1, pageCompression=1, lang=language, initialFontName="Text")


def paint_page(canvas: Canvas, page: LaidOutPage) -> None:
    """Paint one page, in reading order."""
    canvas.setPageSize((page.width, page.height))
    for placed in page.ink:
        _paint(canvas, placed)
    canvas.showPage()


def _paint(canvas: Canvas, placed: Placed) -> None:
    x, y = placed.x, placed.y
    match placed.ink:
        case Run() as run:
            _paint_run(canvas, x, y, run)
        case Rule(width, height, grey):
            canvas.setFillGray(grey)
            canvas.rect(x, y, width, height, stroke=0, fill=1)
            canvas.setFillGray(0.0)
        case Picture(figure, scale):
            canvas.saveState()
            canvas.translate(x, y)
            canvas.scale(scale, scale)
            paint_figure(canvas, figure, 0.0, 0.0)
            canvas.restoreState()
        case QrCode(text, side):
            _paint_code(canvas, x, y, text, side)
        case Destination(landmark):
            canvas.bookmarkPage(landmark.name, fit="XYZ", left=0, top=y)
            canvas.addOutlineEntry(landmark.title, landmark.name, landmark.level)
            canvas.showOutline()
        case Link(name, width, height):
            canvas.linkRect("", name, (x, y, x + width, y + height))
        case PageNumber(name):
            raise ValueError(f"the page of {name!r} is not known yet")
        case formula:
            formula.paint(canvas, x, y)


def _paint_run(canvas: Canvas, x: float, y: float, run: Run) -> None:
    """Show text with the operator TJ, which ReportLab does not offer: it moves letters by their kerns."""
    font = pdfmetrics.getFont(run.font)
    kerned = dict(kerns(run.text, run.font))
    text = canvas.beginText(x, y)
    if run.spacing:
        text.setWordSpace(run.spacing)
    place = 0
    for subset, codes in font.splitString(run.text, canvas._doc):
        shown: list[str] = []
        start = 0
        for index in range(1, len(codes) + 1):
            kern = kerned.get(place + index)
            if kern is not None or index == len(codes):
                shown.append(f"({canvas._escape(codes[start:index])})")
                start = index
            if kern is not None:
                shown.append(str(-kern))
        place += len(codes)
        name = font.getSubsetInternalName(subset, canvas._doc)
        text._code.append(f"{name} {run.size:g} Tf [{''.join(shown)}] TJ")
    if run.spacing:
        text.setWordSpace(0)  # it would outlive the run and move the words of the next formula
    canvas.drawText(text)


def _paint_code(canvas: Canvas, x: float, y: float, text: str, side: float) -> None:
    """Paint a QR code as one path, each run of dark modules in a row as a rectangle."""
    rows = _dark_runs(text)
    module = side / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows, 1):
        for start, length in row:
            path.rect(x + start * module, y + side - number * module, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


@lru_cache(maxsize=64)
def _dark_runs(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The dark modules of a QR code, row by row, as (start, length)."""
    rows = []
    for row in segno.make_qr(text, error="q", boost_error=False).matrix:
        runs: list[tuple[int, int]] = []
        for place, dark in enumerate(row):
            if not dark:
                continue
            if runs and sum(runs[-1]) == place:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            else:
                runs.append((place, 1))
        rows.append(tuple(runs))
    return tuple(rows)


def describe(canvas: Any, title: str, author: str, subject: str) -> None:
    """Set what viewers and screen readers show of a document: its title, not its file name."""
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject(subject)
    canvas.setCreator("examwright")
    canvas.setViewerPreference("DisplayDocTitle", "true")


def paint_blank(canvas: Canvas, like: LaidOutPage) -> None:
    """Leave a page empty."""
    canvas.setPageSize((like.width, like.height))
    canvas.showPage()
