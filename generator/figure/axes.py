"""Axes: a frame, round tick values, names, and the map from data to the page."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

from generator.figure.extent import extent
from generator.figure.model import Element, Label, Line, Point, Rectangle

_TICK = 8.5
"""Font size of tick values."""
_NAME = 10.0
"""Font size of the axes' names."""
_SHORT = 30.0
"""The widest name of a vertical axis that stands beside it."""


@dataclass(frozen=True, slots=True)
class Axes:
    """A frame with its lower left corner at the origin, `width` × `height` points, over two data ranges."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: float
    height: float

    def __post_init__(self) -> None:
        for low, high in (self.x_range, self.y_range):
            if not low < high:
                raise ValueError(f"an axis cannot run from {low} to {high}")

    def at(self, x: float, y: float) -> Point:
        """Map a point in data units to the page."""
        (left, right), (bottom, top) = self.x_range, self.y_range
        return Point((x - left) / (right - left) * self.width, (y - bottom) / (top - bottom) * self.height)

    def frame(self) -> Rectangle:
        """Outline the data area."""
        return Rectangle(0, 0, self.width, self.height)

    def rules(self) -> list[Element]:
        """Draw light lines through all ticks."""
        upright = [self.at(x, self.y_range[0]).x for x in ticks(*self.x_range)]
        level = [self.at(self.x_range[0], y).y for y in ticks(*self.y_range)]
        return [
            *(Line(x, 0, x, self.height, width=0.3, grey=0.75) for x in upright),
            *(Line(0, y, self.width, y, width=0.3, grey=0.75) for y in level),
        ]

    def marks(self) -> list[Element]:
        """Draw ticks inside the frame, with their values outside."""
        drawn: list[Element] = []
        for value, text in zip(ticks(*self.x_range), tick_labels(*self.x_range), strict=True):
            x = self.at(value, 0).x
            drawn += [Line(x, 0, x, 3, width=0.5), Line(x, self.height, x, self.height - 3, width=0.5)]
            drawn.append(Label(text, x, -4.0 - 0.7 * _TICK, "base", _TICK))
        for value, text in zip(ticks(*self.y_range), tick_labels(*self.y_range), strict=True):
            y = self.at(0, value).y
            drawn += [Line(0, y, 3, y, width=0.5), Line(self.width, y, self.width - 3, y, width=0.5)]
            drawn.append(Label(text, -4.0, y - 0.33 * _TICK, "base east", _TICK))
        return drawn

    def names(self, x_label: str, y_label: str) -> list[Element]:
        """Name the axes: x under the frame's middle, y at its left, or above it if long."""
        drawn: list[Element] = []
        left = min((tick.bounds().left for tick in self.marks()), default=0.0)
        if x_label:
            drawn.append(Label(x_label, self.width / 2, -8.0 - 0.7 * _TICK, "north", _NAME))
        if y_label and extent(y_label, _NAME).width <= _SHORT:
            drawn.append(Label(y_label, left - 5.0, self.height / 2, "east", _NAME))
        elif y_label:
            drawn.append(Label(y_label, left, self.height + 7.0, "base west", _NAME))
        return drawn


def ticks(low: float, high: float, most: int = 8) -> tuple[float, ...]:
    """List round values (steps of 1, 2 or 5 times a power of ten) in a range, at most `most` of them."""
    step = _step(low, high, most)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(number * step for number in range(first, last + 1))


def tick_labels(low: float, high: float, most: int = 8) -> tuple[str, ...]:
    """Write the tick values with as many decimals as their step has."""
    places = max(0, -floor(log10(_step(low, high, most)) + 1e-9))
    return tuple(f"{value + 0.0:.{places}f}" if abs(value) > 1e-12 else "0" for value in ticks(low, high, most))


def _step(low: float, high: float, most: int) -> float:
    rough = (high - low) / (most - 1)
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def number(value: float, digits: int = 4) -> str:
    """Write a number for reading out, with the given significant digits."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:.12f}".rstrip("0").rstrip(".").replace("-", "−") if rounded else "0"
