"""What a page is made of once everything has its place: ink at points, and strips of it that stack into pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from generator.document.tree import Landmark
from generator.figure import Figure
from generator.typeset.formula import Formula


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face on one baseline; `spacing` is added to each of its word spaces."""

    text: str
    font: str
    size: float
    width: float
    spacing: float = 0.0

    @property
    def height(self) -> float:
        """The height of the tallest letters, accents included."""
        return 0.76 * self.size

    @property
    def depth(self) -> float:
        """The depth of the deepest letters."""
        return 0.24 * self.size


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled rectangle, its lower left corner at the point where it is placed; `grey` 0 is black."""

    width: float
    height: float
    grey: float = 0.0
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, its lower left corner at the point where it is placed, at `scale` of its own size."""

    figure: Figure
    scale: float = 1.0
    depth: float = 0.0

    @property
    def width(self) -> float:
        """The width on paper."""
        return self.figure.width * self.scale

    @property
    def height(self) -> float:
        """The height on paper."""
        return self.figure.height * self.scale


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code that holds `text` and nothing else, a square of the given side."""

    text: str
    width: float
    depth: float = 0.0

    @property
    def height(self) -> float:
        """As high as wide."""
        return self.width


@dataclass(frozen=True, slots=True)
class Destination:
    """No ink at all: the place of a landmark, for the outline and for links."""

    landmark: Landmark
    width: float = 0.0
    height: float = 0.0
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """An invisible area, its lower left corner at the point where it is placed, that leads to a landmark."""

    name: str
    width: float
    height: float
    depth: float = 0.0


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The number of a landmark's page, its right end at the point where it is placed; a `Run` once pages are known."""

    name: str
    font: str
    size: float
    width: float = 0.0
    height: float = 0.0
    depth: float = 0.0


Ink: TypeAlias = Run | Rule | Picture | QrCode | Formula | Destination | Link | PageNumber


@dataclass(frozen=True, slots=True)
class Placed:
    """Ink whose baseline starts at (x, y); y grows upwards, from the top of a strip or the bottom of a page."""

    x: float
    y: float
    ink: Ink

    def moved(self, x: float, y: float) -> Placed:
        """The same ink, further right by x and up by y."""
        return Placed(self.x + x, self.y + y, self.ink)


@dataclass(frozen=True, slots=True)
class Bar:
    """A vertical rule beside all the strips that carry it, through the gaps between them."""

    x: float
    width: float
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Strip:
    """A piece of a page as wide as its column that no page break divides.

    `gap` is the space above it, dropped at the head of a page; `cost` is what a page break above it costs;
    `baseline` is the distance of its first line's baseline from its top, or None where it has no line of text;
    `heading` is set above it again where it begins a page, as the head of a table is. A strip that is `spare` is left
    out or repeated where that makes a page full.
    """

    height: float
    placed: tuple[Placed, ...] = ()
    gap: float = 0.0
    cost: float = 0.0
    baseline: float | None = None
    bars: tuple[Bar, ...] = ()
    heading: Strip | None = None
    spare: bool = False

    def with_ink(self, *placed: Placed) -> Strip:
        """The same strip with more ink, put first: a label is read before its text."""
        return replace(self, placed=(*placed, *self.placed))


@dataclass(frozen=True, slots=True)
class Column:
    """The horizontal room of a block: from `x` on, `width` wide; marks stand in `margin` to the right of it."""

    x: float
    width: float
    margin: float = 0.0

    @property
    def right(self) -> float:
        """Where text ends."""
        return self.x + self.width

    def indented(self, left: float, right: float = 0.0) -> Column:
        """A narrower column; the place of the marks stays."""
        return Column(self.x + left, self.width - left - right, self.margin + right)

    def for_marks(self, room: float) -> Column:
        """A column that leaves `room` for marks at its right, unless it does so already."""
        lacking = max(0.0, room - self.margin)
        return self.indented(0.0, lacking)
