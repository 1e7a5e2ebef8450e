"""Tables: three rules and no more, as a book sets them, or a grid with room to write where a student fills it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import fsum

from generator.document.tree import Alignment, Inlines, Table, plain
from generator.typeset.boxes import Column, Placed, Rule, Strip
from generator.typeset.columns import CELL_PAD, fit_columns
from generator.typeset.error import WideTableError
from generator.typeset.flow import Flow, total_height
from generator.typeset.frame import grid
from generator.typeset.inline import Voice
from generator.typeset.paragraph import SetLine, mark_ink, set_lines
from generator.typeset.style import (
    BLOCK_SKIP,
    CELL_HEIGHT,
    CELL_WIDTH,
    DIVIDED,
    KEEP,
    THICK,
    THIN,
    TOGETHER,
    WHOLE,
    WITHIN_BLOCK,
)

ROW_PAD = 1.5  # above and below a row
TALL, TALL_PAD = 1.8, 1.0  # a row higher than so many type sizes gets so much more space
RULE_PAD = 3.0  # between a rule and a row

FEW = 2  # fewer rows than that are not left alone on a page

Row = Sequence[Inlines]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a table lie and how their cells are set."""

    column: Column
    left: float
    widths: tuple[float, ...]
    alignments: Sequence[Alignment]
    voice: Voice

    @property
    def width(self) -> float:
        """The width of the whole table."""
        return fsum(self.widths)

    def cells(self, row: Row) -> list[list[SetLine]]:
        """Set the cells of a row into lines."""
        return [
            set_lines(cell, width - 2 * CELL_PAD, self.voice, setting=alignment)
            for cell, width, alignment in zip(row, self.widths, self.alignments, strict=True)
        ]

    def row(self, row: Row, above: float, below: float, least: float = 0.0) -> Strip:
        """Set a row, with space above and below, at least `least` high, content centred in what is left."""
        cells = self.cells(row)
        if any(line.height + line.depth > TALL * self.voice.size for cell in cells for line in cell):
            above, below = above + TALL_PAD, below + TALL_PAD
        first = max(cell[0].height for cell in cells)
        rest = max(_height(cell) - cell[0].height for cell in cells)
        height = max(above + first + rest + below, least)
        baseline = first + above + (height - above - first - rest - below) / 2
        placed: list[Placed] = []
        edges = [0.0, *accumulate(self.widths)]
        for edge, width, alignment, cell in zip(edges, self.widths, self.alignments, cells, strict=False):
            y = -baseline
            for number, line in enumerate(cell):
                y -= cell[number - 1].depth + line.height if number else 0.0
                x = self.left + edge + CELL_PAD + _shift(width - 2 * CELL_PAD - line.width, alignment)
                placed += [ink.moved(x, y) for ink in line.placed]
                placed += [mark_ink(line.marks, self.column, y)] if line.marks else []
        return Strip(height, tuple(placed))


def _height(cell: Sequence[SetLine]) -> float:
    return fsum(line.height + line.depth for line in cell)


def _shift(room: float, alignment: Alignment) -> float:
    return {"left": 0.0, "center": room / 2, "right": room}[alignment]


def table_flow(table: Table, column: Column) -> Flow:
    """Set a table in the middle of the column, smaller where it is wide.

    Raises WideTableError where even its unbreakable pieces do not fit side by side.
    """
    layout = _layout(table, column)
    strips = _grid(table, layout) if table.to_fill else _ruled(table, layout)
    return Flow(strips, BLOCK_SKIP, BLOCK_SKIP, announced=KEEP)


def _layout(table: Table, column: Column) -> Layout:
    cells = list(zip(table.header, *table.rows, strict=True))
    fit = fit_columns(cells, column.width, CELL_WIDTH if table.to_fill else 0.0)
    if fit.comfort < 0:
        heading = " | ".join("".join(plain(cell)) for cell in table.header)
        raise WideTableError(heading, fsum(fit.widths), column.width)
    left = column.x + (column.width - fsum(fit.widths)) / 2
    return Layout(column, left, fit.widths, table.alignments, fit.voice)


def _ruled(table: Table, layout: Layout) -> tuple[Strip, ...]:
    headed = any(table.header) or not table.rows
    strips = [_underlined(layout.row(table.header, RULE_PAD, RULE_PAD), layout, THIN)] if headed else []
    last = len(table.rows) - 1
    for number, row in enumerate(table.rows):
        above = RULE_PAD if number == 0 else ROW_PAD
        strips.append(layout.row(row, above, RULE_PAD if number == last else ROW_PAD))
    strips[0] = replace(strips[0], placed=(Placed(layout.left, -THICK, Rule(layout.width, THICK)), *strips[0].placed))
    strips[-1] = _underlined(strips[-1], layout, THICK)
    within = DIVIDED if total_height(strips) <= WHOLE else WITHIN_BLOCK
    for number in range(1, len(strips)):
        alone = min(number - headed, len(strips) - number) < FEW
        cost = TOGETHER if number == headed else KEEP if alone else within
        strips[number] = replace(strips[number], cost=cost)
    if not headed:
        return tuple(strips)
    return (strips[0], *(replace(strip, heading=strips[0]) for strip in strips[1:]))


def _underlined(strip: Strip, layout: Layout, thickness: float) -> Strip:
    """Put a rule below a row."""
    rule = Placed(layout.left, -strip.height, Rule(layout.width, thickness))
    return replace(strip, placed=(*strip.placed, rule))


def _grid(table: Table, layout: Layout) -> tuple[Strip, ...]:
    rows = [table.header, *table.rows] if any(table.header) else list(table.rows)
    return tuple(
        gridded(layout.row(row, RULE_PAD, RULE_PAD, least=CELL_HEIGHT), layout, TOGETHER if number else 0.0)
        for number, row in enumerate(rows)
    )


def gridded(strip: Strip, layout: Layout, cost: float) -> Strip:
    """A row with rules around its cells."""
    rules = grid(layout.left, 0.0, layout.widths, [strip.height])
    return replace(strip, placed=(*strip.placed, *rules), cost=cost)
