"""The eight styles of mathematics: display, text, script, scriptscript, each plain or cramped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from generator.typeset.formula.font import UNITS, MathFont, math_font
from generator.typeset.formula.spacing import SCRIPT_SPACES, TEXT_SPACES

DISPLAY, TEXT, SCRIPT, SCRIPTSCRIPT = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How big things are here; made by ``style_of``, which gives the same object for the same arguments.

    ``em`` is the size of the whole formula and ``size`` the size in this style, both in points.
    """

    font: MathFont
    em: float
    level: int
    cramped: bool
    size: float
    spaces: tuple[tuple[int, ...], ...]

    @property
    def display(self) -> bool:
        """Whether this is display style."""
        return self.level == DISPLAY

    @property
    def script(self) -> int:
        """0 in display and text style, 1 in script style, 2 in scriptscript style."""
        return max(0, self.level - TEXT)

    def pt(self, constant: str) -> float:
        """A constant of the MATH table, in points."""
        return self.font.constants[constant] * self.size / UNITS

    def points(self, units: float) -> float:
        """Font units in points."""
        return units * self.size / UNITS

    @property
    def axis(self) -> float:
        """The height of the minus sign above the baseline, on which everything is centred."""
        return self.pt("AxisHeight")

    def at(self, level: int) -> Style:
        """The same with another level."""
        return style_of(self.em, level, self.cramped)

    def cramp(self) -> Style:
        """The same, cramped."""
        return style_of(self.em, self.level, True)

    def superscript(self) -> Style:
        """The style of a superscript here."""
        return style_of(self.em, SCRIPT if self.level <= TEXT else SCRIPTSCRIPT, self.cramped)

    def subscript(self) -> Style:
        """The style of a subscript here."""
        return self.superscript().cramp()

    def numerator(self) -> Style:
        """The style of a numerator here: a step down, but unlike in TeX never from script to scriptscript style.

        Numbers in fractions within fractions must be read as easily as indices.
        """
        return style_of(self.em, max(self.level, min(self.level + 1, SCRIPT)), self.cramped)

    def denominator(self) -> Style:
        """The style of a denominator here."""
        return self.numerator().cramp()


@cache
def style_of(em: float, level: int, cramped: bool = False) -> Style:
    """The style of a level (0 display … 3 scriptscript) in a formula of size ``em`` points."""
    font = math_font()
    percents = (100, 100, font.constants["ScriptPercentScaleDown"], font.constants["ScriptScriptPercentScaleDown"])
    spaces = TEXT_SPACES if level <= TEXT else SCRIPT_SPACES
    return Style(font, em, level, cramped, em * percents[level] / 100, spaces)
