"""Limits above and below an operator, and whatever else is stacked on a base (Appendix G, rule 13a)."""

from __future__ import annotations

from dataclasses import dataclass

from generator.typeset.formula.box import Box, group
from generator.typeset.formula.row import Node
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style


def with_limits(base: Box, below: Box | None, above: Box | None, style: Style) -> Box:
    """A base with boxes centred below and above it, shifted by half of its slant."""
    width = max(box.width for box in (base, below, above) if box)
    children = [((width - base.width) / 2, 0.0, base)]
    if above:
        gap = max(style.pt("UpperLimitGapMin"), style.pt("UpperLimitBaselineRiseMin") - above.depth)
        x = (width - above.width + base.italic) / 2
        children.insert(0, (x, base.height + gap + above.depth, above))
    if below:
        gap = max(style.pt("LowerLimitGapMin"), style.pt("LowerLimitBaselineDropMin") - below.height)
        x = (width - below.width - base.italic) / 2
        children.append((x, -base.depth - gap - below.height, below))
    return group(children, width)


@dataclass(frozen=True, slots=True)
class Stacked(Node):
    r"""A base with a small label above or below: ``\overset``, ``\underset``, ``\stackrel``."""

    base: Node
    below: Node | None
    above: Node | None
    kind: Kind

    @property
    def role(self) -> Kind | None:
        """The kind given."""
        return self.kind

    def set(self, style: Style) -> Box:
        """The labels in script style, centred."""
        below = self.below.set(style.subscript()) if self.below else None
        above = self.above.set(style.superscript()) if self.above else None
        return with_limits(self.base.set(style), below, above, style)
