"""Accents, bars, braces and arrows that grow with what they go with (Appendix G, rules 9, 10 and 12)."""

from __future__ import annotations

from dataclasses import dataclass

from generator.typeset.formula.box import Box, group, rule
from generator.typeset.formula.delimiter import assembled
from generator.typeset.formula.font import UNITS
from generator.typeset.formula.limits import with_limits
from generator.typeset.formula.row import Node
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style
from generator.typeset.formula.symbol import glyph_box

_OVERHANG = 0.7  # how much longer an arrow is than its labels, in em


@dataclass(frozen=True, slots=True)
class Accent(Node):
    """A mark above a base; a wide one grows with it."""

    mark: str
    base: Node
    wide: bool = False

    def set(self, style: Style) -> Box:
        """The base with the mark over the place where accents attach."""
        base = self.base.set(style.cramp())
        mark = self._mark(base.width, style)
        up = max(0.0, base.height - style.pt("AccentBaseHeight"))
        box = group([(0.0, 0.0, base), (base.centre - mark.centre, up, mark)], base.width)
        # Scripts attach to the letter, not to its accent.
        return Box(base.width, box.height, base.depth, box.children, None, base.measures, base.italic, base.attach)

    def _mark(self, width: float, style: Style) -> Box:
        measures = style.font.measures(self.mark)
        if self.wide:
            fitting = [g for g, length in style.font.sideways[measures.glyph].variants if style.points(length) <= width]
            measures = style.font.glyph(fitting[-1]) if fitting else measures
        box = glyph_box(measures, style)
        if box.attach is None:
            middle = style.points(measures.left + measures.right) / 2
            return Box(box.width, box.height, box.depth, ((0.0, 0.0, box),), attach=middle)
        return box


@dataclass(frozen=True, slots=True)
class Bar(Node):
    """A rule over or under everything it covers."""

    base: Node
    below: bool = False

    def set(self, style: Style) -> Box:
        """The base with its rule."""
        name, extra = ("Underbar", "Descender") if self.below else ("Overbar", "Ascender")
        base = self.base.set(style if self.below else style.cramp())
        gap, bar = style.pt(name + "VerticalGap"), style.pt(name + "RuleThickness")
        y = -base.depth - gap - bar if self.below else base.height + gap
        box = group([(0.0, 0.0, base), (0.0, y, rule(base.width, bar))], base.width)
        more = style.pt(f"{name}Extra{extra}")
        if self.below:
            return Box(box.width, box.height, box.depth + more, box.children)
        return Box(box.width, box.height + more, box.depth, box.children)


@dataclass(frozen=True, slots=True)
class Brace(Node):
    """A brace along the top or bottom; a label goes where limits go."""

    char: str
    base: Node
    below: bool = False

    @property
    def role(self) -> Kind | None:
        """An operator, so that its script becomes a label."""
        return Kind.OP

    def limits(self, style: Style) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def set(self, style: Style) -> Box:
        """The base with its brace."""
        base = self.base.set(style)
        brace = _stretched(self.char, base.width, style)
        gap = style.pt("StretchStackGapBelowMin")
        y = -base.depth - gap - brace.height if self.below else base.height + gap + brace.depth
        width = max(base.width, brace.width)
        children = [((width - base.width) / 2, 0.0, base), ((width - brace.width) / 2, y, brace)]
        return group(children, width)


@dataclass(frozen=True, slots=True)
class Arrow(Node):
    """An arrow as long as its labels: convergence in distribution, an elementary row operation."""

    char: str
    above: Node
    below: Node | None = None

    @property
    def role(self) -> Kind | None:
        """A relation."""
        return Kind.REL

    def set(self, style: Style) -> Box:
        """The arrow with its labels in script style."""
        above = self.above.set(style.superscript())
        below = self.below.set(style.subscript()) if self.below else None
        longest = max(above.width, below.width if below else 0.0)
        arrow = _stretched(self.char, longest + _OVERHANG * style.size, style)
        return with_limits(arrow, below, above, style)


def _stretched(char: str, width: float, style: Style) -> Box:
    """A glyph grown in width: the first variant that suffices, else an assembly."""
    base = style.font.measures(char)
    growth = style.font.sideways[base.glyph]
    for glyph, length in growth.variants:
        if style.points(length) >= width:
            return _trimmed(glyph, style)
    if not growth.pieces:
        return _trimmed(growth.variants[-1][0], style)
    children = []
    end = 0.0
    for number, (place, piece) in enumerate(assembled(growth, width * UNITS / style.size, style.font.overlap)):
        box = glyph_box(style.font.glyph(piece.glyph), style, speaks=number == 0)
        children.append((style.points(place), 0.0, box))
        end = style.points(place + piece.length)
    return group(children, end)


def _trimmed(glyph: int, style: Style) -> Box:
    """The glyph as a box of exactly its ink's width."""
    measures = style.font.glyph(glyph)
    left = style.points(measures.left)
    return group([(-left, 0.0, glyph_box(measures, style))], style.points(measures.right) - left)
