"""Running text set into lines: words and formulas on their baselines, justified, ragged, centred or flush right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Literal, TypeAlias

from generator.document.tree import Inlines, Mark
from generator.typeset.boxes import Column, Placed, Run, Strip
from generator.typeset.inline import LINE_END, Item, Space, Voice, inline_items, text_items, with_tail
from generator.typeset.linebreak import Line, break_lines, ensure_breaks
from generator.typeset.style import CLUB, LEADING, LINE_GAP, SMALL, STRUT, TALL, TALL_GAP, WITHIN_PARAGRAPH

Setting: TypeAlias = Literal["justified", "left", "center", "right"]

MARK_VOICE = Voice(SMALL, bold=True)
LOOSEST = 3.0  # stretch ratio from which an uneven right edge looks better than wide gaps


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line of text: its ink from x = 0 on the baseline, its extent, and the marks that it earns."""

    placed: tuple[Placed, ...]
    width: float
    height: float
    depth: float
    marks: str


def paragraph_strips(
    inlines: Inlines,
    column: Column,
    voice: Voice | None = None,
    setting: Setting = "justified",
    tail: str = "",
) -> list[Strip]:
    """Set a paragraph as one strip for each line; `tail` ends it at the right margin.

    Raises what `inline_items` raises.
    """
    voice = voice or Voice()
    lines = set_lines(inlines, column.width, voice, setting, tail)
    strips: list[Strip] = []
    for number, line in enumerate(lines):
        left = column.x + _indent(column.width - line.width, setting)
        placed = [ink.moved(left, -line.height) for ink in line.placed]
        if line.marks:
            placed.append(mark_ink(line.marks, column, -line.height))
        alone = (number == 1) + (number == len(lines) - 1)  # lines that a break here would leave alone
        cost = (CLUB * alone or WITHIN_PARAGRAPH) if number else 0.0
        strips.append(Strip(line.height + line.depth, tuple(placed), cost=cost, baseline=line.height))
    return strips


def _indent(room: float, setting: Setting) -> float:
    return {"justified": 0.0, "left": 0.0, "center": room / 2, "right": room}[setting]


def set_lines(
    inlines: Inlines, measure: float, voice: Voice, setting: Setting = "justified", tail: str = ""
) -> list[SetLine]:
    """Set inline content into lines no wider than `measure`."""
    items = inline_items(inlines, voice, measure)
    items = with_tail(items, tail) if tail else [*items, *LINE_END]
    items = ensure_breaks(items, measure)
    lines = break_lines(items, measure, ragged=setting != "justified")
    return [_set_line(items, line, measure if tail else 0.0, voice) for line in lines]


def natural_width(inlines: Inlines, voice: Voice) -> float:
    """The width of inline content that is broken only where it says so."""
    return max((line.width for line in set_lines(inlines, 1e6, voice, "left")), default=0.0)


def label_ink(text: str, voice: Voice, x: float, y: float, anchor: float = 0.0) -> list[Placed]:
    """Plain words on one line; `anchor` says which share of their width lies left of x."""
    items = list(text_items(text, voice.font, voice.size))
    line = _set_line(items, Line(0, len(items), 0.0), 0.0, voice)
    return [ink.moved(x - anchor * line.width, y) for ink in line.placed]


def mark_ink(text: str, column: Column, y: float) -> Placed:
    """Marks at the right margin of the column."""
    return label_ink(text, MARK_VOICE, column.right + column.margin, y, anchor=1.0)[0]


def _set_line(items: Sequence[Item], line: Line, measure: float, voice: Voice) -> SetLine:
    chosen = items[line.start : line.end]
    fills = fsum(item.fill for item in chosen)
    ratio = 0.0 if line.ratio > LOOSEST else line.ratio
    natural = fsum(item.width for item in chosen)
    filling = max(0.0, measure - natural) / fills if fills else 0.0
    placed: list[Placed] = []
    height = STRUT * LEADING * voice.size
    depth = LEADING * voice.size - height
    marks: list[str] = []
    x = 0.0
    for item in chosen:
        width = item.width + ratio * (item.stretch if ratio > 0 else item.shrink) + item.fill * filling
        match item.ink:
            case Run() as run:
                _join(placed, x, run)
            case Space(font, size):
                _join(placed, x, Run(" ", font, size, width, spacing=width - item.width))
            case Mark(text):
                marks.append(text)
            case None:
                pass
            case formula:
                placed.append(Placed(x, 0.0, formula))
                tall = formula.height + formula.depth > TALL * voice.size
                gap = TALL_GAP if tall else LINE_GAP
                height = max(height, formula.height + gap)
                depth = max(depth, formula.depth + gap)
        x += width
    return SetLine(tuple(placed), x, height, depth, ", ".join(marks))


def _join(placed: list[Placed], x: float, run: Run) -> None:
    """Add text to the line; what follows in the same face and with the same spacing becomes one run."""
    if placed and isinstance(last := placed[-1].ink, Run) and (last.font, last.size) == (run.font, run.size):
        spaced = [part.spacing for part in (last, run) if " " in part.text]
        if len(set(spaced)) <= 1 and abs(placed[-1].x + last.width - x) < 1e-3:
            text, width = last.text + run.text, last.width + run.width
            spacing = spaced[0] if spaced else 0.0
            placed[-1] = replace(placed[-1], ink=replace(last, text=text, width=width, spacing=spacing))
            return
    placed.append(Placed(x, 0.0, run))
