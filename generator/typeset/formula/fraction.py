"""Fractions and binomials (Appendix G, rule 15)."""

from __future__ import annotations

from dataclasses import dataclass

from generator.typeset.formula.box import Box, beside, group, rule, space
from generator.typeset.formula.delimiter import grown
from generator.typeset.formula.row import Node
from generator.typeset.formula.style import Style

_SIDE = 0.12  # \nulldelimiterspace, in em


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    """One thing over another; an ordinary atom, since LaTeX puts its fractions into braces.

    ``level`` forces a style, ``ruled`` is the bar, and ``fences`` are delimiters around it.
    """

    above: Node
    below: Node
    level: int | None = None
    ruled: bool = True
    fences: tuple[str, str] | None = None

    def set(self, style: Style) -> Box:
        """The two boxes, centred above each other, between their delimiters."""
        if self.level is not None:
            style = style.at(self.level)
        above, below = self.above.set(style.numerator()), self.below.set(style.denominator())
        box = _over(above, below, style) if self.ruled else _stack(above, below, style)
        if self.fences:
            size = style.size * (2.39 if style.display else 1.01)  # TeX's delim1 and delim2
            left, right = (grown(char, size, style) for char in self.fences)
            return beside(left, box, right)
        side = space(_SIDE * style.em)
        return beside(side, box, side)


def _over(above: Box, below: Box, style: Style) -> Box:
    """Numerator and denominator with a bar on the axis."""
    axis, bar = style.axis, style.pt("FractionRuleThickness")
    if style.display:
        up, top = style.pt("FractionNumeratorDisplayStyleShiftUp"), style.pt("FractionNumDisplayStyleGapMin")
        down, bottom = style.pt("FractionDenominatorDisplayStyleShiftDown"), style.pt("FractionDenomDisplayStyleGapMin")
    else:
        up, top = style.pt("FractionNumeratorShiftUp"), style.pt("FractionNumeratorGapMin")
        down, bottom = style.pt("FractionDenominatorShiftDown"), style.pt("FractionDenominatorGapMin")
    up = max(up, axis + bar / 2 + top + above.depth)
    down = max(down, bar / 2 - axis + bottom + below.height)
    width = max(above.width, below.width)
    return group(
        [
            ((width - above.width) / 2, up, above),
            (0.0, axis - bar / 2, rule(width, bar)),
            ((width - below.width) / 2, -down, below),
        ],
        width,
    )


def _stack(above: Box, below: Box, style: Style) -> Box:
    """Two boxes above each other without a bar."""
    display = "DisplayStyle" if style.display else ""
    up = style.pt(f"StackTop{display}ShiftUp")
    down = style.pt(f"StackBottom{display}ShiftDown")
    gap = style.pt("StackDisplayStyleGapMin" if style.display else "StackGapMin")
    missing = gap - ((up - above.depth) - (below.height - down))
    up, down = up + max(0.0, missing / 2), down + max(0.0, missing / 2)
    width = max(above.width, below.width)
    return group([((width - above.width) / 2, up, above), ((width - below.width) / 2, -down, below)], width)
