"""How wide the columns of a table are: as wide as what they hold, or narrower so that all fit side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf

from generator.document.tree import Inlines
from generator.typeset.error import WideFormulaError
from generator.typeset.inline import HYPHEN_COST, WITHIN_PIECE_COST, Voice, inline_items
from generator.typeset.paragraph import natural_width
from generator.typeset.style import BODY, SMALL

CELL_PAD = 6.0  # left and right of a cell's content
LONGEST = 0.55  # share of the room that a formula may claim for itself before it is broken
COMFORT = 0.4  # less than that, and another way is tried

Cells = Sequence[Inlines]
"""The cells of one column, from the top."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Widths of columns, padding included, in a type size.

    `comfort` is 1 where every column has what it wants, or half the room, and negative where they do not fit.
    """

    widths: tuple[float, ...]
    comfort: float
    voice: Voice


def fit_columns(columns: Sequence[Cells], room: float, least: float) -> Fit:
    """The widths of columns, none less than `least`, that are best set side by side in `room`.

    A smaller size is better than broken formulas, and both are better than words that stand below each other.
    """
    fits = []
    # Formulas whole; broken where their line ends; broken wherever they may be.
    for longest, dearest in ((inf, HYPHEN_COST), (inf, WITHIN_PIECE_COST), (LONGEST * room, WITHIN_PIECE_COST)):
        for size in (BODY, SMALL):
            fits.append(_fit(columns, room, Voice(size), least, longest, dearest))
            if fits[-1].comfort >= COMFORT:
                return fits[-1]
    return max(fits, key=lambda fit: fit.comfort)


def _fit(columns: Sequence[Cells], room: float, voice: Voice, least: float, longest: float, dearest: float) -> Fit:
    """Columns as wide as their content, the widest made equal and narrower until all fit."""
    padding = 2 * CELL_PAD
    natural = [max(least, *(natural_width(cell, voice) for cell in cells)) + padding for cells in columns]
    if fsum(natural) <= room:
        return Fit(tuple(natural), 1.0, voice)
    narrow = [max(least, *(_narrowest(cell, voice, longest, dearest) for cell in cells)) + padding for cells in columns]
    if fsum(narrow) > room:
        return Fit(tuple(narrow), room - fsum(narrow), voice)
    widths = _levelled(narrow, natural, room)
    comfort = min(width / min(wish, room / 2) for width, wish in zip(widths, natural, strict=True))
    return Fit(widths, min(1.0, comfort), voice)


def _levelled(narrow: Sequence[float], natural: Sequence[float], room: float) -> tuple[float, ...]:
    """Widths between the narrow and the natural ones that fill the room: all that give way are equally wide.

    The level is found by halving; 40 halvings are finer than any printer.
    """
    low, high = 0.0, room
    for _ in range(40):
        level = (low + high) / 2
        widths = tuple(min(wish, max(need, level)) for need, wish in zip(narrow, natural, strict=True))
        low, high = (level, high) if fsum(widths) <= room else (low, level)
    return tuple(min(wish, max(need, low)) for need, wish in zip(narrow, natural, strict=True))


def _narrowest(cell: Inlines, voice: Voice, longest: float, dearest: float) -> float:
    """The width of the widest piece that no line break up to the `dearest` divides, no formula wider than `longest`."""
    try:
        items = inline_items(cell, voice, longest)
    except WideFormulaError:
        return _narrowest(cell, voice, inf, dearest)
    widest = piece = 0.0
    for item in items:
        # What is a word must stay one: a break for want of room does not count.
        breaks = item.cost is not None and item.cost <= dearest
        piece = (0.0 if breaks else piece) + (0.0 if item.vanishes else item.width)
        widest = max(widest, piece)
    return widest
