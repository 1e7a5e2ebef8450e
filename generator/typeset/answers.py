"""Space to answer in: ruled lines, grids, named boxes and empty frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from generator.document.tree import AnswerSpace, BlankBox, Boxes, GridSpace, Inlines, Lines
from generator.typeset.boxes import Column, Placed, Rule, Strip
from generator.typeset.flow import Flow
from generator.typeset.frame import frame, grid
from generator.typeset.inline import Voice
from generator.typeset.paragraph import SetLine, set_lines
from generator.typeset.style import (
    ANSWER_BOX_WIDTH,
    BLOCK_SKIP,
    CELL_HEIGHT,
    CELL_WIDTH,
    GREY,
    HAIR,
    KEEP,
    LABEL_GAP,
    TOGETHER,
    WITHIN_BLOCK,
    WRITING_LINE,
)

HIGHEST = 600.0  # an answer space must leave its prompt some of the page
BETWEEN_BOXES = 16.0
BETWEEN_ROWS = 8.0


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
            height = min(height, HIGHEST)
            strips = (Strip(height, frame(column.x, -height, column.width, height)),)
    return Flow(strips, BLOCK_SKIP, 1.5 * BLOCK_SKIP, KEEP)


def _lines(count: int, column: Column) -> tuple[Strip, ...]:
    rule = Placed(column.x, -WRITING_LINE, Rule(column.width, HAIR, GREY))
    line = Strip(WRITING_LINE, (rule,))
    few = 3  # fewer lines than that are no space to answer in
    costs = [WITHIN_BLOCK if few <= number <= count - few else KEEP for number in range(1, count)]
    return tuple(replace(line, cost=cost) for cost in [0.0, *costs][:count])


def _grid_space(space: GridSpace, column: Column) -> Strip:
    label = _label(space.label)
    indent = label.width + LABEL_GAP if space.label else 0.0
    cell = min(CELL_WIDTH, (column.width - indent) / space.columns)
    cell_height = min(CELL_HEIGHT, HIGHEST / space.rows)
    height = space.rows * cell_height
    placed = [ink.moved(column.x, -height / 2 - 3.0) for ink in label.placed]
    cells = grid(column.x + indent, 0.0, [cell] * space.columns, [cell_height] * space.rows)
    return Strip(height, (*placed, *cells))


def _boxes(space: Boxes, column: Column) -> tuple[Strip, ...]:
    """Lay out named boxes in columns, in as many rows as they need, the rows about equally long."""
    labels = [_label(name) for name in space.names]
    lead = max((label.width for label in labels), default=0.0) + LABEL_GAP
    half = (column.width - BETWEEN_BOXES) / 2 - lead
    width = max(half, ANSWER_BOX_WIDTH) if space.wide else ANSWER_BOX_WIDTH
    pitch = lead + width + BETWEEN_BOXES
    most = max(1, int((column.width + BETWEEN_BOXES) // pitch))
    length = ceil(len(labels) / ceil(len(labels) / most)) if labels else 1
    rows = [labels[start : start + length] for start in range(0, len(labels), length)]
    return tuple(
        Strip(
            CELL_HEIGHT,
            tuple(ink for place, label in enumerate(row) for ink in _box(label, column.x + place * pitch, lead, width)),
            gap=BETWEEN_ROWS if number else 0.0,
            cost=TOGETHER if number else 0.0,
        )
        for number, row in enumerate(rows)
    )


def _box(label: SetLine, x: float, lead: float, width: float) -> Iterator[Placed]:
    """A box behind its name, `lead` to the right of x."""
    for ink in label.placed:
        yield ink.moved(x + lead - LABEL_GAP - label.width, -CELL_HEIGHT / 2 - 3.0)
    yield from frame(x + lead, -CELL_HEIGHT, width, CELL_HEIGHT)


def _label(inlines: Inlines) -> SetLine:
    return set_lines(inlines, 1e6, Voice(), "left")[0]
