"""What is put around or in place of a formula: frames, strokes, colours, blanks."""

from __future__ import annotations

from dataclasses import dataclass

from generator.typeset.formula.box import Box, coloured, group, rule
from generator.typeset.formula.row import Node
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style

_FRAME = 0.04  # thickness of a frame in em
_PADDING = 0.3  # space inside a frame in em


@dataclass(frozen=True, slots=True)
class Boxed(Node):
    """A formula in a frame."""

    content: Node

    def set(self, style: Style) -> Box:
        """The content in display style within four rules."""
        inner = self.content.set(style.at(0))
        bar, around = _FRAME * style.em, (_FRAME + _PADDING) * style.em
        width, height, depth = inner.width + 2 * around, inner.height + around, inner.depth + around
        return group(
            [
                (around, 0.0, inner),
                (0.0, height - bar, rule(width, bar)),
                (0.0, -depth, rule(width, bar)),
                (0.0, -depth, rule(bar, height + depth)),
                (width - bar, -depth, rule(bar, height + depth)),
            ],
            width,
        )


@dataclass(frozen=True, slots=True)
class Coloured(Node):
    """A formula in a colour, given as ``#rrggbb``."""

    content: Node
    colour: str

    @property
    def role(self) -> Kind | None:
        """The kind of the content."""
        return self.content.role

    def set(self, style: Style) -> Box:
        """The content in its colour."""
        return coloured(self.content.set(style), self.colour)


@dataclass(frozen=True, slots=True)
class Blank(Node):
    """The size of a formula without its ink; the width or the height alone where asked."""

    content: Node
    wide: bool = True
    high: bool = True

    def set(self, style: Style) -> Box:
        """An empty box."""
        box = self.content.set(style)
        return Box(box.width if self.wide else 0.0, box.height if self.high else 0.0, box.depth if self.high else 0.0)


@dataclass(frozen=True, slots=True)
class Overlaid(Node):
    """The ink of a formula without its height and depth (``smash``) or without its width (``lap``)."""

    content: Node
    smash: bool = True

    def set(self, style: Style) -> Box:
        """The content in a box of no size in that direction."""
        box = self.content.set(style)
        if self.smash:
            return Box(box.width, 0.0, 0.0, ((0.0, 0.0, box),))
        return Box(0.0, box.height, box.depth, ((0.0, 0.0, box),))
