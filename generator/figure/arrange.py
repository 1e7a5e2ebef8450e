"""The last step of a drawing: everything shifted into a box of its own, no wider than the page."""

from __future__ import annotations

from collections.abc import Sequence

from generator.figure.extent import extent
from generator.figure.geometry import hull
from generator.figure.model import Box, Element, Figure, Label

_MARGIN = 1.5
"""Room for the width of the outermost strokes."""
_AXIS = 0.27
"""Height of mathematics' axis above the baseline, in font sizes."""


def centred(formula: str, x: float, y: float, size: float) -> Label:
    """Set a formula with its axis at y: unlike boxes, the axes of `exp`, `f_1` and `+` side by side are level."""
    return Label(formula, x, y - _AXIS * size, "base", size)


def width(elements: Sequence[Element]) -> float:
    """Return how wide the elements are together."""
    box = hull(element.bounds() for element in elements)
    return box.right - box.left + 2 * _MARGIN


def finished(elements: Sequence[Element], description: str, max_width: float, *, notes: Sequence[str] = ()) -> Figure:
    """Make a figure of elements that lie anywhere: scaled down if too wide, lines of notes (TeX) centred beneath."""
    box = hull(element.bounds() for element in elements)
    scale = min(1.0, (max_width - 2 * _MARGIN) / (box.right - box.left))
    box = Box(*(edge * scale for edge in box))
    middle, bottom = (box.left + box.right) / 2, box.bottom - 6.0
    rows: list[Label] = []
    for note in notes:
        rows.append(Label(note, middle, bottom - 4.0, "north", _noted(note, max_width)))
        bottom = rows[-1].bounds().bottom
    left, low, right, high = hull((box, *(row.bounds() for row in rows)))
    dx, dy = _MARGIN - left, _MARGIN - low
    moved = (*(element.moved(dx, dy, scale) for element in elements), *(row.moved(dx, dy) for row in rows))
    return Figure(right - left + 2 * _MARGIN, high - low + 2 * _MARGIN, moved, description)


def _noted(note: str, max_width: float) -> float:
    """Choose a font size at which the note is not what makes the figure too wide."""
    return min(8.5, 8.5 * (max_width - 2 * _MARGIN) / max(1.0, extent(note, 8.5).width))
