"""Several figures as one: side by side or one above the other."""

from __future__ import annotations

from collections.abc import Sequence

from generator.figure.arrange import finished
from generator.figure.model import Element, Figure, Label
from generator.figure.reading import reading


def beside(
    figures: Sequence[Figure], *, gap: float = 24.0, captions: Sequence[str] = (), max_width: float = 440.0
) -> Figure:
    """Set figures in a row, centred on one height, each with a TeX caption beneath if captions are given."""
    drawn: list[Element] = []
    told: list[str] = []
    x = 0.0
    base = -max(figure.height for figure in figures) / 2 - 15.0
    for figure, caption in zip(figures, (*captions, *[""] * (len(figures) - len(captions))), strict=True):
        drawn += [element.moved(x, -figure.height / 2) for element in figure.elements]
        if caption:
            drawn.append(Label(caption, x + figure.width / 2, base, "base", 9.0))
        told.append(f"{reading(caption)}: {figure.description}" if caption else figure.description)
        x += figure.width + gap
    return finished(drawn, " ".join(told), max_width)


def stacked(figures: Sequence[Figure], *, gap: float = 14.0, max_width: float = 440.0) -> Figure:
    """Set figures one above the other, the first at the top, centred."""
    drawn: list[Element] = []
    y = 0.0
    for figure in figures:
        y -= figure.height
        drawn += [element.moved(-figure.width / 2, y) for element in figure.elements]
        y -= gap
    return finished(drawn, " ".join(figure.description for figure in figures), max_width)
