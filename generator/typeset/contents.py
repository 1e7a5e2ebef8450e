"""Tables of contents: titles and page numbers, which are known once the pages are, and the places that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.document.tree import Contents, Landmark, Text
from generator.typeset.boxes import Column, Destination, Ink, Link, PageNumber, Placed, Run, Strip
from generator.typeset.flow import Flow
from generator.typeset.inline import Voice
from generator.typeset.paragraph import set_lines
from generator.typeset.style import BLOCK_SKIP, BODY, LIST_INDENT, TOGETHER
from generator.typeset.words import text_width

NUMBER_ROOM = 24.0  # for a page number of three digits, and white before it
LEADER_STEP = 6.0  # between the dots that lead the eye to the number
TITLE_GAP = 8.0  # between a title and its first dot
GROUP_SKIP = 7.0  # above a title of the highest level


def landed(strips: Sequence[Strip], landmark: Landmark | None, column: Column) -> tuple[Strip, ...]:
    """The strips with the place of a landmark at their top."""
    if landmark is None or not strips:
        return tuple(strips)
    return (strips[0].with_ink(Placed(column.x, 0.0, Destination(landmark))), *strips[1:])


def contents_flow(block: Contents, column: Column) -> Flow:
    """Set a table of contents, a line for each landmark; a title of a higher level stays with what follows it."""
    strips: list[Strip] = []
    before: Landmark | None = None
    for landmark in block.landmarks:
        strips.append(_entry(landmark, column, before))
        before = landmark
    return Flow(tuple(strips), BLOCK_SKIP, BLOCK_SKIP)


def _entry(landmark: Landmark, column: Column, before: Landmark | None) -> Strip:
    voice = Voice(BODY, bold=landmark.level == 0)
    inner = column.indented(LIST_INDENT * landmark.level, NUMBER_ROOM)
    lines = set_lines((Text(landmark.title),), inner.width - TITLE_GAP, voice, "left")
    placed: list[Placed] = []
    y = 0.0
    for line in lines:
        placed += [ink.moved(inner.x, y - line.height) for ink in line.placed]
        y -= line.height + line.depth
    baseline = y + lines[-1].depth
    if landmark.level:
        placed += _leader(inner.x + lines[-1].width + TITLE_GAP, inner.right, baseline)
    placed.append(Placed(column.right, baseline, PageNumber(landmark.name, voice.font, voice.size)))
    placed.append(Placed(inner.x, y, Link(landmark.name, column.right - inner.x, -y)))
    gap = GROUP_SKIP if before and not landmark.level else 0.0
    cost = TOGETHER if before and before.level < landmark.level else 0.0
    return Strip(-y, tuple(placed), gap=gap, cost=cost, baseline=lines[0].height)


def _leader(left: float, right: float, y: float) -> list[Placed]:
    """Dots that stand below each other from line to line: they are counted from the right."""
    font = Voice().font
    width = text_width(".", font, BODY)
    count = int((right - left) // LEADER_STEP)
    return [
        Placed(right - LEADER_STEP * (place + 1), y, Run(".", font, BODY, width)) for place in reversed(range(count))
    ]


def page_numbers(pages: Sequence[Sequence[Placed]]) -> dict[str, int]:
    """The page, counted from 1, of each landmark by its name."""
    return {
        placed.ink.landmark.name: number
        for number, page in enumerate(pages, 1)
        for placed in page
        if isinstance(placed.ink, Destination)
    }


def numbered(page: Sequence[Placed], numbers: Mapping[str, int]) -> tuple[Placed, ...]:
    """The ink of a page, with the numbers of other pages filled in.

    Raises ValueError for a landmark that is on no page.
    """
    return tuple(_numbered(placed, placed.ink, numbers) for placed in page)


def _numbered(placed: Placed, ink: Ink, numbers: Mapping[str, int]) -> Placed:
    if not isinstance(ink, PageNumber):
        return placed
    if ink.name not in numbers:
        raise ValueError(f"the landmark {ink.name!r} is on no page")
    text = str(numbers[ink.name])
    width = text_width(text, ink.font, ink.size)
    return Placed(placed.x - width, placed.y, Run(text, ink.font, ink.size, width))
