"""Rectangles made of rules: around answers, around space to write in, and the grids of tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import fsum

from generator.typeset.boxes import Placed, Rule
from generator.typeset.style import THIN


def frame(x: float, y: float, width: float, height: float, thickness: float = THIN) -> tuple[Placed, ...]:
    """The outline of a rectangle given by its lower left corner; the rules lie inside it."""
    return (
        Placed(x, y, Rule(width, thickness)),
        Placed(x, y + height - thickness, Rule(width, thickness)),
        Placed(x, y, Rule(thickness, height)),
        Placed(x + width - thickness, y, Rule(thickness, height)),
    )


def grid(x: float, y: float, widths: Sequence[float], heights: Sequence[float]) -> tuple[Placed, ...]:
    """All rules of a grid, heights from the top; (x, y) is its upper left corner."""
    across, down = fsum(widths), fsum(heights)
    columns = [0.0, *accumulate(widths)]
    rows = [0.0, *accumulate(heights)]
    vertical = (Placed(x + left - THIN / 2, y - down, Rule(THIN, down)) for left in columns)
    level = (Placed(x - THIN / 2, y - top - THIN / 2, Rule(across + THIN, THIN)) for top in rows)
    return (*vertical, *level)
