"""Single characters, and words in upright letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from reportlab.pdfbase import pdfmetrics

from generator.typeset.fonts import register_fonts, silent, spoken
from generator.typeset.formula.box import Box, Glyph, group
from generator.typeset.formula.font import UNITS, Measures
from generator.typeset.formula.row import Node
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style
from generator.typeset.kerning import kerning


def glyph_box(found: Measures, style: Style, speaks: bool = True) -> Box:
    """A glyph of the mathematics font as a box; its width includes the italic correction."""
    scale = style.size / UNITS
    char = spoken(found.glyph) if speaks else silent(found.glyph)
    advance = found.advance * scale
    italic = found.italic * scale
    return Box(
        advance + italic,
        found.height * scale,
        found.depth * scale,
        ink=Glyph("Math", char, style.size, advance),
        measures=found,
        italic=italic,
        attach=None if found.accent is None else found.accent * scale,
    )


@lru_cache(maxsize=4096)
def char_box(char: str, style: Style) -> Box:
    """A character of the mathematics font as a box."""
    return glyph_box(style.font.measures(char, style.script), style)


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """One character of the mathematics font."""

    char: str
    kind: Kind = Kind.ORD

    @property
    def role(self) -> Kind | None:
        """The kind given."""
        return self.kind

    def set(self, style: Style) -> Box:
        """The character's glyph."""
        return char_box(self.char, style)


@dataclass(frozen=True, slots=True)
class Words(Node):
    """Ordinary text inside a formula, in one of the text faces."""

    text: str
    face: str = "Text"

    def set(self, style: Style) -> Box:
        """The text on one line."""
        return text_box(self.text, self.face, style.size)


@lru_cache(maxsize=4096)
def text_box(text: str, face: str, size: float) -> Box:
    """Text in a text face, kerned; as high and deep as its letters."""
    register_fonts()
    width_of = pdfmetrics.getFont(face).face.getCharWidth
    between = kerning(face).between
    children, x = [], 0.0
    for char, following in zip_longest(text, text[1:], fillvalue=""):
        width = width_of(ord(char)) * size / UNITS
        height, depth = _reach(face, char)
        letter = Box(width, height * size / UNITS, depth * size / UNITS, ink=Glyph(face, char, size, width))
        children.append((x, 0.0, letter))
        x += width + (between(char, following) * size / UNITS if following else 0.0)
    return group(children, x)


def draws(face: str, char: str) -> bool:
    """Whether a text face has a character."""
    register_fonts()
    return ord(char) in pdfmetrics.getFont(face).face.charToGlyph


@lru_cache(maxsize=1024)
def _reach(face: str, char: str) -> tuple[int, int]:
    """Height and depth of a letter of a text face, in font units."""
    font = pdfmetrics.getFont(face).face
    glyph = font.charToGlyph.get(ord(char), 0)
    start, end = font.glyphPos[glyph], font.glyphPos[glyph + 1]
    if start == end:
        return 0, 0
    font.seek(font.get_table_pos("glyf")[0] + start)
    _, _, bottom, _, top = (font.read_short() for _ in range(5))
    return top, -bottom
