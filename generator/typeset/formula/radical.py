"""Roots (Appendix G, rule 11)."""

from __future__ import annotations

from dataclasses import dataclass

from generator.typeset.formula.box import Box, group, rule
from generator.typeset.formula.delimiter import tall
from generator.typeset.formula.row import Node
from generator.typeset.formula.style import SCRIPTSCRIPT, Style


@dataclass(frozen=True, slots=True)
class Radical(Node):
    """A root with an optional degree."""

    content: Node
    degree: Node | None = None

    def set(self, style: Style) -> Box:
        """The sign, its rule over the content, the degree in the sign's arm."""
        content = self.content.set(style.cramp())
        bar = style.pt("RadicalRuleThickness")
        gap = style.pt("RadicalDisplayStyleVerticalGap" if style.display else "RadicalVerticalGap")
        sign = tall("√", content.height + content.depth + gap + bar, style)
        spare = sign.height + sign.depth - (content.height + content.depth + gap + bar)
        gap += max(0.0, spare / 2)
        top = content.height + gap + bar
        x, children = self._degree(sign, top, style)
        children.append((x, top - sign.height, sign))
        x += sign.width
        children += [(x, top - bar, rule(content.width, bar)), (x, 0.0, content)]
        box = group(children, x + content.width)
        return Box(box.width, box.height + style.pt("RadicalExtraAscender"), box.depth, box.children)

    def _degree(self, sign: Box, top: float, style: Style) -> tuple[float, list[tuple[float, float, Box]]]:
        """Where the sign starts, and the degree before it."""
        if self.degree is None:
            return 0.0, []
        degree = self.degree.set(style.at(SCRIPTSCRIPT))
        raise_by = style.font.constants["RadicalDegreeBottomRaisePercent"] / 100
        bottom = top - sign.height - sign.depth
        y = bottom + raise_by * (sign.height + sign.depth) + degree.depth
        start = style.pt("RadicalKernBeforeDegree")
        x = start + degree.width + style.pt("RadicalKernAfterDegree")
        return max(0.0, x), [(start + max(0.0, -x), y, degree)]
