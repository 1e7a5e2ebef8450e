"""Operators: sums, products, integrals, and named functions such as log and max."""

from __future__ import annotations

from dataclasses import dataclass

from generator.typeset.formula.box import Box, centred
from generator.typeset.formula.row import Node
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style
from generator.typeset.formula.symbol import glyph_box


@dataclass(frozen=True, slots=True)
class BigOperator(Node):
    """A sign that is larger in displays; ``where`` True, False or None: limits always, never, in displays."""

    char: str
    where: bool | None = None

    @property
    def role(self) -> Kind | None:
        """An operator."""
        return Kind.OP

    def limits(self, style: Style) -> bool:
        """Whether its scripts go above and below here."""
        return style.display if self.where is None else self.where

    def set(self, style: Style) -> Box:
        """The sign centred on the axis."""
        measures = style.font.measures(self.char)
        if style.display:
            variants = style.font.upward[measures.glyph].variants
            least = style.font.constants["DisplayOperatorMinHeight"]
            larger = [glyph for glyph, length in variants if length >= least]
            measures = style.font.glyph(larger[0] if larger else variants[-1][0])
        box = glyph_box(measures, style)
        moved = centred(box, style.axis)
        # An integral leans over its subscript, which retreats by the slant; its width does not include it.
        width = box.width - box.italic
        return Box(width, moved.height, moved.depth, moved.children, italic=box.italic)


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A named function; ``where`` as for ``BigOperator``."""

    name: Node
    where: bool | None = False

    @property
    def role(self) -> Kind | None:
        """An operator."""
        return Kind.OP

    def limits(self, style: Style) -> bool:
        """Whether its scripts go above and below here."""
        return style.display if self.where is None else self.where

    def set(self, style: Style) -> Box:
        """The name."""
        box = self.name.set(style)
        return Box(box.width, box.height, box.depth, ((0.0, 0.0, box),), italic=0.0)
