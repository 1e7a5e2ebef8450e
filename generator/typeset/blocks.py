"""Every kind of block and the module that sets it."""

from __future__ import annotations

from generator.document.tree import (
    AnswerBox,
    BlankBox,
    Block,
    Blocks,
    Boxes,
    BulletList,
    Choices,
    Contents,
    DisplayMath,
    FigureBlock,
    GridSpace,
    Heading,
    Lines,
    Listing,
    NumberedList,
    PageBreak,
    Paragraph,
    Part,
    PointsTable,
    Question,
    Section,
    Solution,
    Table,
)
from generator.typeset.answers import answer_flow
from generator.typeset.boxes import Column, Strip
from generator.typeset.contents import contents_flow
from generator.typeset.display import display_flow, mark_room
from generator.typeset.flow import Flow, unbroken
from generator.typeset.inline import Voice
from generator.typeset.listing import listing_flow
from generator.typeset.lists import choices_flow, list_flow
from generator.typeset.paragraph import paragraph_strips
from generator.typeset.pictures import figure_flow
from generator.typeset.questions import (
    answer_box_flow,
    marks,
    part_flow,
    question_flow,
    section_flow,
    solution_flow,
)
from generator.typeset.score import points_flow
from generator.typeset.style import BLOCK_SKIP, BODY, FORCED, PARAGRAPH_SKIP
from generator.typeset.tables import table_flow

HEADING_SIZES = (1.2 * BODY, 1.1 * BODY, BODY)


def block_flows(blocks: Blocks, column: Column) -> list[Flow]:
    """Set blocks one after the other; a page break right below a heading goes above it."""
    order = list(blocks)
    for place in range(len(order) - 1, 0, -1):
        if isinstance(order[place], PageBreak) and isinstance(order[place - 1], Section | Heading):
            order[place - 1 : place + 1] = order[place], order[place - 1]
    return [block_flow(block, column) for block in order]


def block_flow(block: Block, column: Column) -> Flow:
    """Set one block into strips as wide as its column."""
    match block:
        case Paragraph():
            return _paragraph(block, column)
        case Heading():
            return _heading(block, column)
        case DisplayMath():
            return display_flow(block, column)
        case Listing():
            return listing_flow(block, column)
        case BulletList() | NumberedList():
            return list_flow(block, column, block_flows)
        case Choices():
            return choices_flow(block, column)
        case Table():
            return table_flow(block, column)
        case FigureBlock():
            return figure_flow(block, column)
        case Lines() | GridSpace() | Boxes() | BlankBox():
            return answer_flow(block, column)
        case AnswerBox():
            return answer_box_flow(block, column, block_flows)
        case Contents():
            return contents_flow(block, column)
        case Section():
            return section_flow(block, column)
        case Question():
            return question_flow(block, column, block_flows)
        case Part():
            return part_flow(block, column, block_flows)
        case Solution():
            return solution_flow(block, column, block_flows)
        case PointsTable():
            return points_flow(block, column)
        case PageBreak():
            return Flow((Strip(0.0, cost=FORCED),))


def _paragraph(block: Paragraph, column: Column) -> Flow:
    column = column.for_marks(max((mark_room(mark) for mark in marks(block)), default=0.0))
    return Flow(tuple(paragraph_strips(block.inlines, column)), PARAGRAPH_SKIP, PARAGRAPH_SKIP, speaks=True)


def _heading(block: Heading, column: Column) -> Flow:
    size = HEADING_SIZES[min(block.level, len(HEADING_SIZES)) - 1]
    strips = paragraph_strips(block.inlines, column, Voice(size, bold=True), "left")
    return Flow(unbroken(strips), BLOCK_SKIP + 4.0, PARAGRAPH_SKIP, leads=True)
