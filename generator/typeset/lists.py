"""Lists: items behind bullets, numbers, or boxes to tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_uppercase

from generator.document.tree import Blocks, BulletList, Choice, Choices, NumberedList
from generator.typeset.boxes import Column, Strip
from generator.typeset.flow import Flow, labelled, stack
from generator.typeset.frame import frame
from generator.typeset.inline import Voice
from generator.typeset.paragraph import label_ink, paragraph_strips
from generator.typeset.style import BODY, ITEM_SKIP, KEEP, LABEL_GAP, LIST_INDENT, PARAGRAPH_SKIP, THICK

TICK_BOX = 8.0  # side of the box before an option
LETTER_WIDTH = 15.0  # room for the letter between box and option

Layout = Callable[[Blocks, Column], Sequence[Flow]]
"""How blocks inside an item are set."""


def list_flow(block: BulletList | NumberedList, column: Column, layout: Layout) -> Flow:
    """Set a list, its labels hanging to the left of its items."""
    items = []
    inner = column.indented(LIST_INDENT)
    for number, blocks in enumerate(block.items):
        label = "•" if isinstance(block, BulletList) else f"{block.start + number}."
        ink = label_ink(label, Voice(), inner.x - LABEL_GAP, 0.0, anchor=1.0)
        items.append(Flow(labelled(stack(layout(blocks, inner)), ink), ITEM_SKIP, ITEM_SKIP))
    return Flow(stack(items), PARAGRAPH_SKIP, PARAGRAPH_SKIP, announced=KEEP)


def choices_flow(block: Choices, column: Column) -> Flow:
    """Set the options of a multiple-choice question, the right ones ticked in a key."""
    items = [
        Flow(_choice(letter, choice, column), ITEM_SKIP + 1.0, ITEM_SKIP + 1.0)
        for letter, choice in zip(ascii_uppercase, block.choices, strict=False)
    ]
    return Flow(stack(items), PARAGRAPH_SKIP, PARAGRAPH_SKIP, announced=KEEP)


def _choice(letter: str, choice: Choice, column: Column) -> tuple[Strip, ...]:
    ink = list(frame(column.x + 2.0, -1.0, TICK_BOX, TICK_BOX, THICK if choice.right else 0.6))
    if choice.right:
        ink += label_ink("✓", Voice(1.3 * BODY, bold=True), column.x + 2.0, 0.0)
    ink += label_ink(letter, Voice(), column.x + LIST_INDENT, 0.0)
    return labelled(paragraph_strips(choice.inlines, column.indented(LIST_INDENT + LETTER_WIDTH)), ink)
