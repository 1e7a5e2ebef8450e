"""From a document tree to PDF pages; the only place that knows ReportLab."""

from __future__ import annotations

from collections.abc import Sequence

from generator.document.tree import Sheet
from generator.typeset.layout import layout_sheet
from generator.typeset.paint import Target, describe, open_canvas, paint_blank, paint_page
from generator.typeset.printable import printable

__all__ = ["printable", "typeset"]


def typeset(sheets: Sequence[Sheet], target: Target) -> None:
    """Write sheets one after the other as one PDF to a path or a binary stream: same sheets, same bytes.

    Each sheet counts its own pages. Where there are several, each begins on a right-hand page, so that a printer
    set to both sides of the paper mixes no two students. Everything is laid out before the file is touched.

    Raises FormulaError, WideFormulaError, WideTableError or GlyphError for what cannot be set; ValueError for
    no sheets.
    """
    if not sheets:
        raise ValueError("there is no sheet to print")
    laid_out = [layout_sheet(sheet) for sheet in sheets]
    canvas = open_canvas(target, sheets[0].language)
    describe(canvas, _title(sheets), sheets[0].author, sheets[0].subject)
    for number, pages in enumerate(laid_out, 1):
        for page in pages:
            paint_page(canvas, page)
        if len(pages) % 2 and number < len(laid_out):
            paint_blank(canvas, pages[-1])
    canvas.save()


def _title(sheets: Sequence[Sheet]) -> str:
    first = sheets[0]
    code = first.code if len(sheets) == 1 else ""
    return " – ".join(word for word in (first.running_title, first.badge, code) if word)
