"""Pages made full by the space to write in: a line fewer where one is too many, more lines where there is room."""

from __future__ import annotations

from math import fsum
from typing import TypeAlias

from generator.typeset.boxes import Strip

REPEATS = 2  # how often a spare strip may be repeated

Page: TypeAlias = tuple[Strip, ...]

TOLERANCE = 1e-6


def fitted(page: Page, height: float, grows: bool) -> Page:
    """The page without the spare strips that it has no room for, or, if it `grows`, with as many more as it has."""
    room = height - fsum(strip.height + (strip.gap if place else 0.0) for place, strip in enumerate(page))
    copies = [1] * len(page)
    spare = [place for place, strip in enumerate(page) if strip.spare]
    for place in reversed(spare):
        if room < -TOLERANCE:
            copies[place] = 0
            room += page[place].height
    for place in spare * REPEATS if grows else ():
        if copies[place] and page[place].height <= room:
            copies[place] += 1
            room -= page[place].height
    return tuple(strip for strip, count in zip(page, copies, strict=True) for _ in range(count))
