"""Boxes: what has been set, with its size and what lies inside it and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.typeset.formula.font import Measures


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a registered font; ``advance`` in points."""

    font: str
    char: str
    size: float
    advance: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle whose lower left corner is at the place where it is put; in points."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with a baseline, in points; ``depth`` counts downwards.

    ``measures`` tells that the box is a single character, to which scripts attach closely; ``italic`` is how
    far its top leans over, and ``attach`` where an accent goes.
    """

    width: float
    height: float
    depth: float
    children: tuple[tuple[float, float, Box], ...] = ()
    ink: Glyph | Rule | None = None
    measures: Measures | None = None
    italic: float = 0.0
    attach: float | None = None
    colour: str | None = None

    @property
    def centre(self) -> float:
        """Where an accent is placed over this box."""
        return self.width / 2 if self.attach is None else self.attach


EMPTY = Box(0.0, 0.0, 0.0)


def space(width: float) -> Box:
    """Nothing, so wide."""
    return Box(width, 0.0, 0.0)


def rule(width: float, height: float) -> Box:
    """A black rectangle standing on the baseline."""
    return Box(width, height, 0.0, ink=Rule(width, height))


def group(children: Iterable[tuple[float, float, Box]], width: float) -> Box:
    """Boxes put at (x, y) in a box that is just high and deep enough."""
    placed = tuple(children)
    return Box(
        width,
        max((y + box.height for _, y, box in placed), default=0.0),
        max((box.depth - y for _, y, box in placed), default=0.0),
        placed,
    )


def beside(*boxes: Box) -> Box:
    """Boxes next to each other on one baseline."""
    children = []
    x = 0.0
    for box in boxes:
        children.append((x, 0.0, box))
        x += box.width
    return group(children, x)


def raised(box: Box, y: float) -> Box:
    """The box moved up by ``y``."""
    return Box(box.width, box.height + y, box.depth - y, ((0.0, y, box),))


def centred(box: Box, axis: float) -> Box:
    """The box moved so that its middle lies on the axis."""
    return raised(box, axis - (box.height - box.depth) / 2)


def coloured(box: Box, colour: str) -> Box:
    """The box in another colour."""
    return Box(box.width, box.height, box.depth, ((0.0, 0.0, box),), None, box.measures, box.italic, box.attach, colour)
