"""Sections, questions, parts, solutions and boxed answers: the blocks that give a sheet its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace

from generator.document.tree import (
    AnswerBox,
    Block,
    Blocks,
    DisplayMath,
    FigureBlock,
    Inline,
    Mark,
    Math,
    Paragraph,
    Part,
    Question,
    Section,
    Solution,
    Text,
)
from generator.typeset.boxes import Bar, Column, Placed, Rule, Strip
from generator.typeset.contents import landed
from generator.typeset.display import mark_room
from generator.typeset.error import WideFormulaError
from generator.typeset.flow import Flow, barred, extent, labelled, stack, total_height, unbroken
from generator.typeset.inline import Voice
from generator.typeset.paragraph import label_ink, paragraph_strips
from generator.typeset.style import (
    AFTERWARDS,
    APART,
    BLOCK_SKIP,
    BODY,
    BOX_PAD,
    GREY,
    KEEP,
    LABEL_GAP,
    PARAGRAPH_SKIP,
    PART_INDENT,
    PART_SKIP,
    QUESTION,
    QUESTION_SKIP,
    SECTION,
    SECTION_SKIP,
    SOLUTION_INDENT,
    THICK,
    THIN,
    TOGETHER,
    WHOLE,
)
from generator.typeset.words import text_width

Layout = Callable[[Blocks, Column], Sequence[Flow]]
"""How the blocks inside a block are set."""


def section_flow(block: Section, column: Column) -> Flow:
    """Set the title of a group of questions over a rule."""
    strips = paragraph_strips((Text(block.title),), column, Voice(SECTION, bold=True), "left")
    last = strips[-1]
    rule = Placed(column.x, -last.height - 2.0, Rule(column.width, THIN))
    strips[-1] = replace(last, height=last.height + 2.0, placed=(*last.placed, rule))
    return Flow(landed(unbroken(strips), block.landmark, column), SECTION_SKIP, BLOCK_SKIP, leads=True)


def question_flow(block: Question, column: Column, layout: Layout) -> Flow:
    """Set a question: number and title in bold, its points at the right margin, then what it asks."""
    voice = Voice(QUESTION, bold=True)
    title = (Text(f"{block.number}.\u2002{block.title}"),)
    tail = f"[{block.points}]" if block.points else ""
    head = unbroken(paragraph_strips(title, column, voice, "left", tail))
    flows = [Flow(head, below=PARAGRAPH_SKIP, leads=True), *layout(block.blocks, column)]
    return Flow(landed(stack(flows), block.landmark, column), QUESTION_SKIP, BLOCK_SKIP)


def part_flow(block: Part, column: Column, layout: Layout) -> Flow:
    """Set a part: its label hanging, its points at the right end of its first paragraph."""
    label = label_ink(block.label, Voice(), column.x, 0.0)
    inner = column.indented(max(PART_INDENT, text_width(block.label, Voice().font, BODY) + LABEL_GAP))
    tail = f"[{block.points}]" if block.points else ""
    match block.blocks:
        case (Paragraph(inlines), *rest):
            first = Flow(tuple(paragraph_strips(inlines, inner, tail=tail)), below=PARAGRAPH_SKIP, speaks=True)
            strips = stack([first, *_kept(rest, layout(tuple(rest), inner))])
        case blocks:
            label += label_ink(tail, Voice(), column.right, 0.0, anchor=1.0) if tail else []
            strips = _wordless(stack(_kept(blocks, layout(blocks, inner))))
    return Flow(labelled(strips, label), PART_SKIP, PART_SKIP)


def _kept(blocks: Sequence[Block], flows: Sequence[Flow]) -> Iterator[Flow]:
    """The blocks of a part, together where that leaves no page half empty."""
    before: Block | None = None
    for block, flow in zip(blocks, flows, strict=True):
        # What wrong methods give can well be read on the next page.
        cost = AFTERWARDS if isinstance(before, Solution) else APART
        yield replace(flow, cost=max(flow.cost, cost))
        before = block


def _wordless(strips: Sequence[Strip]) -> tuple[Strip, ...]:
    """Strips whose first line takes no label."""
    return (*(replace(strip, baseline=None, gap=PARAGRAPH_SKIP) for strip in strips[:1]), *strips[1:])


def solution_flow(block: Solution, column: Column, layout: Layout) -> Flow:
    """Set worked solution beside a grey bar, with room for marks at the right."""
    room = max((mark_room(mark) for mark in marks(block.blocks)), default=0.0)
    inner = column.indented(SOLUTION_INDENT).for_marks(room)
    title = paragraph_strips((Text(block.title),), inner, Voice(BODY, bold=True), "left") if block.title else []
    flows = [Flow(tuple(title), below=2.0, leads=True), *layout(block.blocks, inner)]
    return Flow(barred(stack(flows), Bar(column.x, 1.6, GREY + 0.15)), BLOCK_SKIP, BLOCK_SKIP, KEEP)


def marks(node: object) -> Iterator[str]:
    """Yield the marks that stand anywhere in a piece of the document."""
    match node:
        case Mark(text) | DisplayMath(mark=text):
            if text:
                yield text
        case FigureBlock(caption=caption):
            yield from marks(caption)
        case tuple():
            for part in node:
                yield from marks(part)
        case _ if is_dataclass(node):
            for field in fields(node):
                yield from marks(getattr(node, field.name))


def answer_box_flow(block: AnswerBox, column: Column, layout: Layout) -> Flow:
    """Frame an answer, the frame no wider than it needs to be."""
    column = column.for_marks(max((mark_room(mark) for mark in marks(block.blocks)), default=0.0))
    inner = column.indented(BOX_PAD, BOX_PAD)
    try:
        strips = stack(layout(tuple(map(_displayed, block.blocks)), inner))
    except WideFormulaError:
        strips = stack(layout(block.blocks, inner))
    if (reach := extent(strips, inner)) < inner.width and (ink := _leftmost(strips, inner)) > 0:
        strips = tuple(replace(s, placed=tuple(p.moved(-ink, 0.0) for p in s.placed)) for s in strips)
        reach -= ink
    width = min(reach, inner.width) + 2 * BOX_PAD
    framed = _framed(strips, column.x, width)
    return Flow(unbroken(framed) if total_height(framed) <= WHOLE else framed, BLOCK_SKIP, BLOCK_SKIP, APART)


def _displayed(block: Block) -> Block:
    """An answer's formulas stand for themselves: large fractions, and more than a word space after a comma."""
    if not isinstance(block, Paragraph):
        return block
    inlines: list[Inline] = []
    for part in block.inlines:
        match part:
            case Math(tex):
                inlines.append(Math(rf"\displaystyle {tex}"))
            case Text(", "):
                inlines.append(Text(",\u2002 "))
            case _:
                inlines.append(part)
    return Paragraph(tuple(inlines))


def _leftmost(strips: Sequence[Strip], column: Column) -> float:
    return min((p.x for strip in strips for p in strip.placed), default=column.x) - column.x


def _framed(strips: Sequence[Strip], x: float, width: float) -> tuple[Strip, ...]:
    """Rules above and below the strips, bars at both sides."""
    rule = Rule(width, THICK)
    # Lines of text have more space below them than above: the frame evens that out.
    top = Strip(BOX_PAD, (Placed(x, -THICK, rule),), cost=strips[0].cost if strips else 0.0)
    bottom = Strip(BOX_PAD - 2.5, (Placed(x, 2.5 - BOX_PAD, rule),), cost=TOGETHER)
    first = [replace(strip, gap=0.0, cost=TOGETHER) for strip in strips[:1]]
    return barred((top, *first, *strips[1:], bottom), Bar(x, THICK), Bar(x + width - THICK, THICK))
