"""What a figure is: a few plain shapes in a box of known size, with words that say what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from generator.figure.extent import extent

Anchor = Literal["center", "west", "east", "north", "south", "base", "base west", "base east"]
"""The point of a label that lies at its (x, y), as in TikZ; the base anchors lie on the baseline."""


class Point(NamedTuple):
    """A place on the page, in points, y upwards."""

    x: float
    y: float


class Box(NamedTuple):
    """An upright rectangle by its edges, in points."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Line:
    """A straight stroke, with an arrow head at its second end if wished."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 0.6
    grey: float = 0.0
    dash: tuple[float, ...] = ()
    arrow: bool = False

    def moved(self, dx: float, dy: float, scale: float = 1.0) -> Self:
        """The same stroke scaled about the origin and then shifted by (dx, dy)."""
        return type(self)(
            self.x1 * scale + dx,
            self.y1 * scale + dy,
            self.x2 * scale + dx,
            self.y2 * scale + dy,
            self.width * scale,
            self.grey,
            tuple(part * scale for part in self.dash),
            self.arrow,
        )

    def bounds(self) -> Box:
        """The box that holds the stroke's centre line."""
        return Box(min(self.x1, self.x2), min(self.y1, self.y2), max(self.x1, self.x2), max(self.y1, self.y2))


@dataclass(frozen=True, slots=True)
class Curve:
    """A polyline, or a chain of cubic Bézier pieces (1 + 3k points) where `bezier` is set."""

    points: tuple[Point, ...]
    bezier: bool = False
    closed: bool = False
    width: float = 0.6
    grey: float = 0.0
    fill: float | None = None
    dash: tuple[float, ...] = ()
    arrow: bool = False

    def moved(self, dx: float, dy: float, scale: float = 1.0) -> Self:
        """The same curve scaled about the origin and then shifted by (dx, dy)."""
        return type(self)(
            tuple(Point(x * scale + dx, y * scale + dy) for x, y in self.points),
            self.bezier,
            self.closed,
            self.width * scale,
            self.grey,
            self.fill,
            tuple(part * scale for part in self.dash),
            self.arrow,
        )

    def bounds(self) -> Box:
        """A box that holds the curve (the hull of its control points)."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle by its lower left corner: filled, outlined (stroke 0: not), or both."""

    x: float
    y: float
    width: float
    height: float
    fill: float | None = None
    stroke: float = 0.6
    grey: float = 0.0
    dash: tuple[float, ...] = ()
    radius: float = 0.0

    def moved(self, dx: float, dy: float, scale: float = 1.0) -> Self:
        """The same rectangle scaled about the origin and then shifted by (dx, dy)."""
        return type(self)(
            self.x * scale + dx,
            self.y * scale + dy,
            self.width * scale,
            self.height * scale,
            self.fill,
            self.stroke * scale,
            self.grey,
            tuple(part * scale for part in self.dash),
            self.radius * scale,
        )

    def bounds(self) -> Box:
        """The rectangle itself."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle by its centre: filled, outlined (stroke 0: not), or both."""

    x: float
    y: float
    radius: float
    fill: float | None = None
    stroke: float = 0.6
    grey: float = 0.0
    dash: tuple[float, ...] = ()

    def moved(self, dx: float, dy: float, scale: float = 1.0) -> Self:
        """The same circle scaled about the origin and then shifted by (dx, dy)."""
        return type(self)(
            self.x * scale + dx,
            self.y * scale + dy,
            self.radius * scale,
            self.fill,
            self.stroke * scale,
            self.grey,
            tuple(part * scale for part in self.dash),
        )

    def bounds(self) -> Box:
        """The square around the circle."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True, slots=True)
class Label:
    r"""A piece of TeX mathematics (words as `\text{…}`) whose anchor lies at (x, y).

    `background` is the grey of a box painted behind it (1.0: a white halo that interrupts lines), None for none.
    """

    tex: str
    x: float
    y: float
    anchor: Anchor = "center"
    size: float = 9.0
    background: float | None = None

    def moved(self, dx: float, dy: float, scale: float = 1.0) -> Self:
        """The same label scaled about the origin and then shifted by (dx, dy)."""
        return type(self)(
            self.tex,
            self.x * scale + dx,
            self.y * scale + dy,
            self.anchor,
            self.size * scale,
            self.background,
        )

    def origin(self, width: float, height: float, depth: float) -> Point:
        """Where the baseline starts if the set label has this width, height and depth."""
        x, y = self.x - width / 2, self.y
        if self.anchor.endswith("west"):
            x = self.x
        elif self.anchor.endswith("east"):
            x = self.x - width
        if self.anchor in ("center", "west", "east"):
            y = self.y - (height - depth) / 2
        elif self.anchor == "north":
            y = self.y - height
        elif self.anchor == "south":
            y = self.y + depth
        return Point(x, y)

    def bounds(self) -> Box:
        """A box that surely holds the set label, from the cautious estimate of its extent."""
        width, height, depth = extent(self.tex, self.size)
        x, y = self.origin(width, height, depth)
        return Box(x - self.pad, y - depth - self.pad, x + width + self.pad, y + height + self.pad)

    @property
    def pad(self) -> float:
        """How far the background reaches beyond the letters."""
        return 0.0 if self.background is None else 0.16 * self.size


Element = Line | Curve | Rectangle | Circle | Label


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing of `width` × `height` points (origin lower left, painted in order) and its text alternative.

    The description is not optional: it is good enough to answer the question from.
    """

    width: float
    height: float
    elements: tuple[Element, ...]
    description: str

    def __post_init__(self) -> None:
        if not self.description.strip():
            raise ValueError("a figure needs a description that can stand in for it")
