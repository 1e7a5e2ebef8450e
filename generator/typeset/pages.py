"""Strips cut into pages: no heading at the foot, no label without its line, answer space beside its prompt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from generator.typeset.boxes import Bar, Placed, Rule, Run, Strip
from generator.typeset.error import TallBlockError
from generator.typeset.formula import Formula
from generator.typeset.spare import REPEATS, Page, fitted
from generator.typeset.style import EMPTY_PAGE, FORCED, PAGE, SCANTY, SCANTY_SHARE, SQUEEZED, WRITING_LINE

TOLERANCE = 1e-6


def break_pages(strips: Sequence[Strip], height: float) -> list[Page]:
    """Cut strips into pages of the given height so that all breaks, and the space they leave empty, cost least.

    Writing lines are left out or added where that fills a page. Raises TallBlockError for a strip that is higher than
    a page.
    """
    for strip in strips:
        if strip.height + _heading_height(strip) > height:
            words = " ".join(map(_words, strip.placed)).strip()
            raise TallBlockError(words[:60], strip.height, height)
    strips = _without_breaks(strips)
    ends = _page_ends(strips, height)
    pages = [_page(strips[start:end]) for start, end in pairwise((0, *ends))]
    full = [end < len(strips) and strips[end].cost != FORCED for end in ends]
    return [fitted(page, height, grows) for page, grows in zip(pages, full, strict=True)] or [()]


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
    used = spare = 0.0
    for start in range(end - 1, -1, -1):
        strip = strips[start]
        used += strip.height
        spare += strip.height if strip.spare else 0.0
        if used - spare > height + TOLERANCE:
            return
        whole = used + _heading_height(strip)
        if whole - spare <= height + TOLERANCE:
            cost = least[start] + PAGE + SQUEEZED * max(0.0, whole - height) / WRITING_LINE
            if last:
                # The first page may be a short one.
                cost += SCANTY * max(0.0, 1.0 - whole / (SCANTY_SHARE * height)) if start else 0.0
            elif not forced:
                share = max(0.0, 1.0 - (whole + REPEATS * spare) / height)
                cost += EMPTY_PAGE * share * share * share + strips[end].cost
            yield cost, start
        if strip.cost == FORCED:
            return
        used += strip.gap


def _words(placed: Placed) -> str:
    match placed.ink:
        case Run(text=words) | Formula(tex=words):
            return words
    return ""


def page_ink(page: Page, top: float) -> Iterator[Placed]:
    """The ink of a page whose text begins at height `top` above the paper's lower edge."""
    y = top
    begun: dict[Bar, float] = {}
    for place, strip in enumerate(page):
        # A bar goes on through the gap between two strips that both carry it.
        yield from _ended(begun, set(begun).difference(strip.bars), y)
        y -= strip.gap if place else 0.0
        for bar in strip.bars:
            begun.setdefault(bar, y)
        for placed in strip.placed:
            yield placed.moved(0.0, y)
        y -= strip.height
    yield from _ended(begun, set(begun), y)


def _ended(begun: dict[Bar, float], ended: Set[Bar], y: float) -> Iterator[Placed]:
    """The bars that end at height y, each one rule from where it has begun."""
    for bar in [bar for bar in begun if bar in ended]:
        top = begun.pop(bar)
        yield Placed(bar.x, y, Rule(bar.width, top - y, bar.grey))
