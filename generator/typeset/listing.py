"""Program text: line by line in the typewriter face, beside a light rule."""

from __future__ import annotations

from generator.document.tree import Listing
from generator.typeset.boxes import Bar, Column, Placed, Run, Strip
from generator.typeset.flow import Flow, barred
from generator.typeset.inline import Voice
from generator.typeset.paragraph import label_ink
from generator.typeset.style import BLOCK_SKIP, DIVIDED, GREY, HAIR, KEEP, MONO_SCALE, SMALL, WITHIN_BLOCK
from generator.typeset.words import faces, text_width

SIZE = SMALL * MONO_SCALE * 1.1
LINE = 1.3 * SIZE
INDENT = 10.0
WRAPPED = "↪ "  # before what was too long for its line


def listing_flow(block: Listing, column: Column) -> Flow:
    """Set program text; a line that is too long goes on in the next, behind a bent arrow."""
    letter = text_width("0", "Mono", SIZE)
    room = int((column.width - INDENT) / letter)
    rows = [piece for line in block.code.expandtabs(4).split("\n") for piece in _wrapped(line, room)]
    strips = [_row(text, wrapped, column, letter) for text, wrapped in rows]
    costs = [0.0, *(DIVIDED if number in (1, len(rows) - 1) else WITHIN_BLOCK for number in range(1, len(rows)))]
    bar = Bar(column.x + 2.0, HAIR, GREY)
    priced = (Strip(strip.height, strip.placed, cost=cost) for strip, cost in zip(strips, costs, strict=True))
    return Flow(barred(priced, bar), BLOCK_SKIP, BLOCK_SKIP, announced=KEEP)


def _wrapped(line: str, room: int) -> list[tuple[str, bool]]:
    """Cut a line of program text into pieces that fit, the further ones marked."""
    end = _piece(line, room)
    pieces = [(line[:end], False)]
    while line := line[end:]:
        end = _piece(line, room - len(WRAPPED))
        pieces.append((line[:end], True))
    return pieces


def _piece(line: str, room: int) -> int:
    """Where to cut: after a space if there is one in the second half of the room."""
    if len(line) <= room:
        return len(line)
    space = line.rfind(" ", room // 2, room)
    return space + 1 if space >= 0 else room


def _row(text: str, wrapped: bool, column: Column, letter: float) -> Strip:
    baseline = 0.75 * LINE
    x = column.x + INDENT
    placed = label_ink(WRAPPED.strip(), Voice(SIZE), x, -baseline) if wrapped else []
    x += letter * len(WRAPPED) if wrapped else 0.0
    for piece, face in faces(text, "Mono"):
        placed.append(Placed(x, -baseline, Run(piece, face, SIZE, text_width(piece, face, SIZE))))
        x += letter * len(piece)
    return Strip(LINE, tuple(placed))
