"""Subscripts and superscripts (Appendix G, rule 18; OpenType MATH for shifts and kerns)."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from generator.typeset.formula.box import Box, group
from generator.typeset.formula.font import UNITS
from generator.typeset.formula.limits import with_limits
from generator.typeset.formula.row import Node
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style


@dataclass(frozen=True, slots=True)
class Scripts(Node):
    """A base with a subscript, a superscript, or both."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None

    @property
    def role(self) -> Kind | None:
        """The kind of the base."""
        return self.base.role or Kind.ORD

    def set(self, style: Style) -> Box:
        """The base with its scripts at the side, or above and below where it takes limits."""
        base = self.base.set(style)
        sub = self.sub.set(style.subscript()) if self.sub else None
        sup = self.sup.set(style.superscript()) if self.sup else None
        if self.base.limits(style):
            return with_limits(base, sub, sup, style)
        return with_scripts(base, sub, sup, style)


def with_scripts(base: Box, sub: Box | None, sup: Box | None, style: Style) -> Box:
    """Scripts at the right of a base."""
    up, down = _shifts(base, sub, sup, style)
    children = [(0.0, 0.0, base)]
    right = base.width
    after = style.pt("SpaceAfterScript")
    if sup:
        x = base.width + _kern(base, sup, up, style, "TopRight")
        children.append((x, up, sup))
        right = max(right, x + sup.width + after)
    if sub:
        x = base.width - base.italic + _kern(base, sub, -down, style, "BottomRight")
        children.append((x, -down, sub))
        right = max(right, x + sub.width + after)
    return group(children, right)


def _shifts(base: Box, sub: Box | None, sup: Box | None, style: Style) -> tuple[float, float]:
    """How far the superscript goes up and the subscript down."""
    up = down = 0.0
    if base.measures is None:
        up = base.height - style.pt("SuperscriptBaselineDropMax")
        down = base.depth + style.pt("SubscriptBaselineDropMin")
    if sup:
        rise = style.pt("SuperscriptShiftUpCramped" if style.cramped else "SuperscriptShiftUp")
        up = max(up, rise, sup.depth + style.pt("SuperscriptBottomMin"))
    if sub:
        down = max(down, style.pt("SubscriptShiftDown"))
        if not sup:
            down = max(down, sub.height - style.pt("SubscriptTopMax"))
    if sup and sub:
        gap = (up - sup.depth) - (sub.height - down)
        down += max(0.0, style.pt("SubSuperscriptGapMin") - gap)
        lift = style.pt("SuperscriptBottomMaxWithSubscript") - (up - sup.depth)
        if gap < style.pt("SubSuperscriptGapMin") and lift > 0:
            up, down = up + lift, down - lift
    return up, down


def _kern(base: Box, script: Box, shift: float, style: Style, corner: str) -> float:
    """The cut-in of a script: the mean of the kerns at the two heights where the glyphs could touch.

    The specification is unclear which of the two to take. LuaTeX takes the smaller, and P_j collides; the
    larger leaves a hole in V_j.
    """
    if base.measures is None or script.measures is None:
        return 0.0
    unit = style.size / UNITS
    small = script.ink.size / UNITS if script.ink and hasattr(script.ink, "size") else unit
    if corner == "TopRight":
        heights, opposite = (shift - script.depth, base.measures.height * unit), "BottomLeft"
    else:
        heights, opposite = (shift + script.height, -base.measures.depth * unit), "TopLeft"
    kern, glyph, other = style.font.kern, base.measures.glyph, script.measures.glyph
    kerns = (
        kern(glyph, corner, height / unit) * unit + kern(other, opposite, (height - shift) / small) * small
        for height in heights
    )
    return fsum(kerns) / len(heights)
