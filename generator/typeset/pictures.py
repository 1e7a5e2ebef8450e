"""Figures in the middle of the column, with their captions below."""

from __future__ import annotations

from generator.document.tree import FigureBlock
from generator.typeset.boxes import Column, Picture, Placed, Strip
from generator.typeset.flow import Flow, stack, unbroken
from generator.typeset.inline import Voice
from generator.typeset.paragraph import paragraph_strips
from generator.typeset.style import APART, BLOCK_SKIP, PARAGRAPH_SKIP, SMALL, TOGETHER

HIGHEST = 480.0  # points; a figure with its caption must leave a page some text


def figure_flow(block: FigureBlock, column: Column) -> Flow:
    """Place a figure, made smaller where the page asks for it."""
    # A wide figure may stand below the marks.
    room = column.width if block.figure.width <= column.width else column.width + column.margin
    scale = min(1.0, room / block.figure.width, HIGHEST / block.figure.height)
    picture = Picture(block.figure, scale)
    left = column.x + (room - picture.width) / 2
    strip = Strip(picture.height, (Placed(left, -picture.height, picture),))
    narrow = column.indented(column.width / 12, column.width / 12)
    caption = paragraph_strips(block.caption, narrow, Voice(SMALL), "center") if block.caption else []
    flows = [Flow((strip,), leads=True), Flow(unbroken(caption), PARAGRAPH_SKIP, cost=TOGETHER)]
    return Flow(stack(flows), BLOCK_SKIP + 2.0, BLOCK_SKIP, announced=APART)
