"""Formulas on lines of their own: centred, row by row, broken at relations where the column is too narrow."""

from __future__ import annotations

from generator.document.tree import DisplayMath
from generator.typeset.boxes import Column, Placed, Strip
from generator.typeset.error import WideFormulaError
from generator.typeset.flow import Flow
from generator.typeset.formula import Formula, FormulaError, set_formula
from generator.typeset.paragraph import MARK_VOICE, mark_ink
from generator.typeset.style import BODY, DISPLAY_SKIP, DIVIDED, KEEP, MARK_GAP, WITHIN_BLOCK
from generator.typeset.words import text_width

LEAST_HEIGHT, LEAST_DEPTH = 0.7 * BODY, 0.22 * BODY


def display_flow(block: DisplayMath, column: Column) -> Flow:
    """Set a display formula; a page may be broken between the rows of a derivation.

    Raises FormulaError for what is no formula, WideFormulaError for one that cannot be broken to fit.
    """
    column = column.for_marks(mark_room(block.mark)) if block.mark else column
    rows = display_rows(block.tex, column.width)
    left = column.x + (column.width - rows[0].width) / 2
    # The first and the last row of a derivation say little alone.
    costs = [0.0, *(DIVIDED if place in (1, len(rows) - 1) else WITHIN_BLOCK for place in range(1, len(rows)))]
    strips = [_row_strip(row, left, cost) for row, cost in zip(rows, costs, strict=True)]
    if block.mark:
        last = strips[-1]
        strips[-1] = last.with_ink(mark_ink(block.mark, column, strips[-1].placed[0].y))
    return Flow(tuple(strips), DISPLAY_SKIP, DISPLAY_SKIP, announced=KEEP)


def mark_room(mark: str) -> float:
    """The width that marks take at the right of a column."""
    return text_width(mark, MARK_VOICE.font, MARK_VOICE.size) + MARK_GAP


def display_rows(tex: str, room: float) -> tuple[Formula, ...]:
    """The rows of a display, all equally wide, those too wide for the room broken further."""
    formula = set_formula(tex, BODY, display=True)
    if formula.width <= room:
        return formula.rows
    try:
        return formula.split(room)
    except FormulaError as error:
        raise WideFormulaError(tex, formula.width, room) from error


def _row_strip(row: Formula, x: float, cost: float) -> Strip:
    # At least as high as digits, for the marks beside it. A label beside a tall formula would hang in the air, so a
    # row lends it no baseline.
    height, depth = max(row.height, LEAST_HEIGHT), max(row.depth, LEAST_DEPTH)
    return Strip(height + depth, (Placed(x, -height, row),), cost=cost)
