"""Blocks one below the other: the space between them, and where the page may be broken between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import fsum

from generator.typeset.boxes import Bar, Column, Placed, Strip
from generator.typeset.style import BODY, FORCED, LEADING, STRUT, TOGETHER


@dataclass(frozen=True, slots=True)
class Flow:
    """A block set into strips, with the space it wants above and below.

    `cost` is what a page break above the block costs, and `announced` what it costs where the block before is text
    that `speaks` of it. A block that `leads` is never parted from the next one.
    """

    strips: tuple[Strip, ...]
    above: float = 0.0
    below: float = 0.0
    cost: float = 0.0
    announced: float = 0.0
    speaks: bool = False
    leads: bool = False

    def cost_after(self, before: Flow) -> float:
        """What a page break between the block `before` and this one costs."""
        first = self.strips[0].cost
        if first == FORCED:
            return FORCED
        if before.leads:
            return TOGETHER
        return max(first, self.cost, self.announced if before.speaks else 0.0)


def stack(flows: Iterable[Flow]) -> tuple[Strip, ...]:
    """Put blocks below each other; of two spaces that meet, the larger counts."""
    strips: list[Strip] = []
    before: Flow | None = None
    for flow in flows:
        if not flow.strips:
            continue
        first, *rest = flow.strips
        if before is not None:
            gap = max(first.gap, before.below, flow.above)
            first = replace(first, gap=gap, cost=flow.cost_after(before))
        strips += [first, *rest]
        before = flow
    return tuple(strips)


def labelled(strips: Sequence[Strip], ink: Sequence[Placed]) -> tuple[Strip, ...]:
    """Set a label, placed at y = 0, on the first line of text, or on a line of its own above what has none."""
    if strips and strips[0].baseline is not None:
        baseline = strips[0].baseline
        return (strips[0].with_ink(*(placed.moved(0.0, -baseline) for placed in ink)), *strips[1:])
    height = STRUT * LEADING * BODY
    line = Strip(LEADING * BODY, tuple(p.moved(0.0, -height) for p in ink), baseline=height)
    first = [replace(strip, cost=TOGETHER) for strip in strips[:1]]
    return (line, *first, *strips[1:])


def barred(strips: Iterable[Strip], *bars: Bar) -> tuple[Strip, ...]:
    """Draw vertical rules beside all the strips."""
    return tuple(replace(strip, bars=(*bars, *strip.bars)) for strip in strips)


def total_height(strips: Sequence[Strip]) -> float:
    """The height of strips that stand together, gaps included."""
    return fsum(strip.height + strip.gap for strip in strips) - (strips[0].gap if strips else 0.0)


def unbroken(strips: Sequence[Strip]) -> tuple[Strip, ...]:
    """The same strips, which no page break parts unless a page cannot hold them."""
    return (*strips[:1], *(replace(strip, cost=TOGETHER) for strip in strips[1:]))


def extent(strips: Iterable[Strip], column: Column) -> float:
    """How far the ink reaches to the right of the column's left edge."""
    return max((p.x + p.ink.width for strip in strips for p in strip.placed), default=column.x) - column.x
