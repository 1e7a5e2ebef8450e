"""Strips cut into pages: no heading at the foot, no label without its line, answer space beside its prompt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from generator.typeset.boxes import Bar, Placed, Rule, Run, Strip
from generator.typeset.error import TallBlockError
from generator.typeset.formula import Formula
from generator.typeset.style import EMPTY_PAGE, FORCED, PAGE

Page: TypeAlias = tuple[Strip, ...]

TOLERANCE = 1e-6


def break_pages(strips: Sequence[Strip], height: float) -> list[Page]:
    """Cut strips into pages of the given height so that all breaks, and the space they leave empty, cost least.

    Raises TallBlockError for a strip that is higher than a page.
    """
    for strip in strips:
        if strip.height + _heading_height(strip) > height:
            words = " ".join(map(_words, strip.placed)).strip()
            raise TallBlockError(words[:60], strip.height, height)
    strips = _without_breaks(strips)
    return [_page(strips[start:end]) for start, end in pairwise((0, *_page_ends(strips, height)))] or [()]


def _page(strips: Sequence[Strip]) -> Page:
    heading = strips[0].heading
    # The heading stands beside whatever bars its table stands beside.
    return tuple(strips) if heading is None else (replace(heading, bars=strips[0].bars), *strips)


def _heading_height(strip: Strip) -> float:
    return strip.heading.height if strip.heading else 0.0


def _without_breaks(strips: Sequence[Strip]) -> list[Strip]:
    """The strips that show something, the first after a page break told that it begins a page."""
    found: list[Strip] = []
    forced = False
    for strip in strips:
        forced = forced or strip.cost == FORCED
        if strip.height:
            found.append(replace(strip, cost=FORCED) if forced and found else strip)
            forced = False
    return found


def _page_ends(strips: Sequence[Strip], height: float) -> list[int]:
    """Where pages end. The cheapest way to fill pages up to each strip is known when the next is looked at."""
    least = [0.0]
    start_of = [0]
    for end in range(1, len(strips) + 1):
        cost, start = min(_last_pages(strips, least, end, height))
        least.append(cost)
        start_of.append(start)
    ends = []
    end = len(strips)
    while end:
        ends.append(end)
        end = start_of[end]
    return ends[::-1]


def _last_pages(
    strips: Sequence[Strip], least: Sequence[float], end: int, height: float
) -> Iterator[tuple[float, int]]:
    """Every page that may end before strip `end`, by its first strip, with the cost of all pages up to there."""
    last = end == len(strips)
    forced = last or strips[end].cost == FORCED
    used = 0.0
    for start in range(end - 1, -1, -1):
        used += strips[start].height
        if used > height + TOLERANCE:
            return
        whole = used + _heading_height(strips[start])
        if whole <= height + TOLERANCE:
            empty = 0.0 if forced else EMPTY_PAGE * (1.0 - whole / height) ** 2 + strips[end].cost
            yield least[start] + PAGE + empty, start
        if strips[start].cost == FORCED:
            return
        used += strips[start].gap


def _words(placed: Placed) -> str:
    match placed.ink:
        case Run(text=words) | Formula(tex=words):
            return words
    return ""


def page_ink(page: Page, top: float) -> Iterator[Placed]:
    """The ink of a page whose text begins at height `top` above the paper's lower edge."""
    y = top
    before: tuple[Bar, ...] = ()
    for place, strip in enumerate(page):
        gap = strip.gap if place else 0.0
        y -= gap
        for bar in strip.bars:
            # A bar bridges the gap between two strips that both carry it.
            length = strip.height + (gap if bar in before else 0.0)
            yield Placed(bar.x, y - strip.height, Rule(bar.width, length, bar.grey))
        for placed in strip.placed:
            yield placed.moved(0.0, y)
        y -= strip.height
        before = strip.bars
