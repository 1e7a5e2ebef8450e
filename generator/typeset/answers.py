"""Space to answer in: ruled lines, grids, named boxes and empty frames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from generator.document.tree import AnswerSpace, BlankBox, Boxes, GridSpace, Inlines, Lines, plain
from generator.typeset.boxes import Bar, Column, Placed, Rule, Strip
from generator.typeset.flow import Flow, barred
from generator.typeset.frame import frame, grid
from generator.typeset.inline import Voice
from generator.typeset.paragraph import SetLine, set_lines
from generator.typeset.style import (
    BLOCK_SKIP,
    BOX_HEIGHT,
    BOX_WIDTH,
    CELL_HEIGHT,
    CELL_WIDTH,
    GREY,
    HAIR,
    KEEP,
    LABEL_GAP,
    LARGE_CELL_WIDTH,
    THIN,
    TOGETHER,
    WITHIN_BLOCK,
    WRITING_LINE,
)

HIGHEST = 600.0  # an answer space must leave its prompt some of the page
BETWEEN_BOXES = 16.0
BETWEEN_ROWS = 8.0
FEW = 3  # fewer lines than that are no space to answer in
IN_A_ROW = 3  # more boxes side by side than that are too narrow for formulas
INDEX = re.compile(r"_?\{?\d+\}?")


def answer_flow(space: AnswerSpace, column: Column) -> Flow:
    """Lay out an answer space, kept with its prompt where a page can hold both."""
    match space:
        case Lines(count):
            strips = _lines(count, column)
        case GridSpace():
            strips = (_grid_space(space, column),)
        case Boxes():
            strips = _boxes(space, column)
        case BlankBox(height):
            strips = _blank(min(height, HIGHEST), column)
    return Flow(strips, BLOCK_SKIP, 1.5 * BLOCK_SKIP, KEEP)


def _lines(count: int, column: Column) -> tuple[Strip, ...]:
    rule = Placed(column.x, -WRITING_LINE, Rule(column.width, HAIR, GREY))
    line = Strip(WRITING_LINE, (rule,))
    costs = [WITHIN_BLOCK if FEW <= number <= count - FEW else KEEP for number in range(1, count)]
    return _elastic(replace(line, cost=cost) for cost in [0.0, *costs][:count])


def _blank(height: float, column: Column) -> tuple[Strip, ...]:
    """An empty frame, made of pieces as high as a line, so that it can give way like ruled lines."""
    count = max(1, int(height // WRITING_LINE))
    piece = Strip(height / count, cost=TOGETHER)
    rule = Rule(column.width, THIN)
    strips = [replace(piece, cost=0.0), *(piece for _ in range(1, count))]
    strips[0] = strips[0].with_ink(Placed(column.x, -THIN, rule))
    strips[-1] = strips[-1].with_ink(Placed(column.x, -piece.height, rule))
    sides = (Bar(column.x, THIN), Bar(column.right - THIN, THIN))
    return _elastic(barred(strips, *sides))


def _elastic(strips: Iterable[Strip]) -> tuple[Strip, ...]:
    """The strips, a quarter of them in the middle spare."""
    lines = tuple(strips)
    spare = len(lines) // 4
    start = (len(lines) - spare) // 2
    return tuple(replace(line, spare=start <= place < start + spare) for place, line in enumerate(lines))


def _grid_space(space: GridSpace, column: Column) -> Strip:
    label = _label(space.label)
    indent = label.width + LABEL_GAP if space.label else 0.0
    wish_across, wish_down = (LARGE_CELL_WIDTH, BOX_HEIGHT) if space.large else (CELL_WIDTH, CELL_HEIGHT)
    cell = min(wish_across, (column.width - indent) / space.columns)
    cell_height = min(wish_down, HIGHEST / space.rows)
    height = space.rows * cell_height
    placed = [ink.moved(column.x, -height / 2 - 3.0) for ink in label.placed]
    cells = grid(column.x + indent, 0.0, [cell] * space.columns, [cell_height] * space.rows)
    return Strip(height, (*placed, *cells))


def _boxes(space: Boxes, column: Column) -> tuple[Strip, ...]:
    """Lay out named boxes in columns that share the width, in rows that keep what is named alike together."""
    if not space.names:
        return ()
    labels = [_label(name) for name in space.names]
    lead = max(label.width for label in labels) + LABEL_GAP
    most = int((column.width + BETWEEN_BOXES) // (lead + BOX_WIDTH + BETWEEN_BOXES))
    length = _row_length(space.names, max(1, min(most, IN_A_ROW)))
    # A box is never as wide as the text: it would be taken for a place to work in.
    pitch = (column.width + BETWEEN_BOXES) / max(length, 2)
    width = max(pitch - BETWEEN_BOXES - lead, min(BOX_WIDTH, column.width - lead))
    rows = [labels[start : start + length] for start in range(0, len(labels), length)]
    return tuple(
        Strip(
            BOX_HEIGHT,
            tuple(
                ink
                for place, label in enumerate(row)
                for ink in _box(label, column.x + place * (lead + width + BETWEEN_BOXES), lead, width)
            ),
            gap=BETWEEN_ROWS if number else 0.0,
            cost=KEEP if number else 0.0,
        )
        for number, row in enumerate(rows)
    )


def _row_length(names: Sequence[Inlines], most: int) -> int:
    """How many boxes stand side by side: few rows, each with names of one letter, or all with the same letters."""
    letters = [INDEX.sub("", "".join(plain(name))) for name in names]
    lengths = range(min(2, most, len(names)), min(most, len(names)) + 1)

    def price(length: int) -> tuple[int, int]:
        rows = [letters[start : start + length] for start in range(0, len(letters), length)]
        alike = all(row == rows[0][: len(row)] for row in rows)
        mixed = 0 if alike else sum(len(set(row)) > 1 for row in rows)
        return len(rows) + 2 * mixed, length

    return min(lengths, key=price)


def _box(label: SetLine, x: float, lead: float, width: float) -> Iterator[Placed]:
    """A box behind its name, `lead` to the right of x."""
    for ink in label.placed:
        yield ink.moved(x + lead - LABEL_GAP - label.width, -BOX_HEIGHT / 2 - 3.0)
    yield from frame(x + lead, -BOX_HEIGHT, width, BOX_HEIGHT)


def _label(inlines: Inlines) -> SetLine:
    return set_lines(inlines, 1e6, Voice(), "left")[0]
