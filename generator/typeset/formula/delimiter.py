"""Delimiters that grow with what they enclose (Appendix G, rule 19; MathVariants)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import fsum

from generator.typeset.formula.box import Box, beside, centred, space
from generator.typeset.formula.font import UNITS, Growth, Piece
from generator.typeset.formula.row import Node, Row
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import Style
from generator.typeset.formula.symbol import glyph_box

_FACTOR = 0.901  # \delimiterfactor: the least part of the content that is covered
_SHORTFALL = 0.5  # \delimitershortfall in em: the most that may stick out
_NULL = 0.12  # \nulldelimiterspace in em


@lru_cache(maxsize=4096)
def grown(char: str, least: float, style: Style) -> Box:
    """A delimiter at least so tall (points), centred on the axis; the tallest there is if none suffices."""
    if not char:
        return space(_NULL * style.em)
    return centred(tall(char, least, style), style.axis)


def tall(char: str, least: float, style: Style) -> Box:
    """A glyph grown in height: the first variant that suffices, else an assembly, else the last variant."""
    base = style.font.measures(char)
    growth = style.font.upward.get(base.glyph)
    if growth is None:
        return glyph_box(base, style)
    for glyph, length in growth.variants:
        if style.points(length) >= least:
            return glyph_box(style.font.glyph(glyph), style)
    if growth.pieces:
        return _pile(growth, least, style)
    return glyph_box(style.font.glyph(growth.variants[-1][0]), style)


def assembled(growth: Growth, least: float, overlap: int) -> list[tuple[float, Piece]]:
    """Places (font units) of the pieces that make up at least the given length, from the start upwards."""
    repeats = 0
    while True:
        pieces = [piece for piece in growth.pieces for _ in range(repeats if piece.repeats else 1)]
        joints = [min(a.end, b.start) for a, b in pairwise(pieces)]
        longest = fsum(piece.length for piece in pieces) - overlap * len(joints)
        if longest >= least or not any(piece.repeats for piece in growth.pieces) or repeats > 500:
            break
        repeats += 1
    slack = fsum(max(0, joint - overlap) for joint in joints)
    share = min(1.0, max(0.0, longest - least) / slack) if slack else 0.0
    places, at = [], 0.0
    for piece, joint in zip(pieces, [*joints, 0], strict=True):
        places.append((at, piece))
        at += piece.length - (overlap + share * max(0, joint - overlap))
    return places


def _pile(growth: Growth, least: float, style: Style) -> Box:
    """The pieces of an assembly piled up from the baseline; only the first speaks."""
    children = []
    for number, (place, piece) in enumerate(assembled(growth, least * UNITS / style.size, style.font.overlap)):
        box = glyph_box(style.font.glyph(piece.glyph), style, speaks=number == 0)
        children.append((0.0, style.points(place) + box.depth, box))
        top = style.points(place + piece.length)
    width = max(box.width for _, _, box in children)
    return Box(width, top, 0.0, tuple(children))


def around(content: Box, style: Style) -> float:
    """How tall the delimiters of a content must be, in points."""
    half = max(content.height - style.axis, content.depth + style.axis)
    return max(_FACTOR * 2 * half, 2 * half - _SHORTFALL * style.em)


@dataclass(frozen=True, slots=True)
class Fenced(Node):
    r"""``\left … \middle … \right``: contents between delimiters (one more than contents; '' for none)."""

    fences: tuple[str, ...]
    contents: tuple[Row, ...]

    @property
    def role(self) -> Kind | None:
        """An inner atom."""
        return Kind.INNER

    def set(self, style: Style) -> Box:
        """The contents and delimiters that cover the tallest of them."""
        inner = [content.set(style) for content in self.contents]
        size = max(around(box, style) for box in inner)
        boxes = [grown(self.fences[0], size, style)]
        for box, fence in zip(inner, self.fences[1:], strict=True):
            boxes += [box, grown(fence, size, style)]
        return beside(*boxes)


@dataclass(frozen=True, slots=True)
class Sized(Node):
    r"""``\big( … \Bigg)``: a delimiter of a given size, in em."""

    char: str
    em: float
    kind: Kind

    @property
    def role(self) -> Kind | None:
        """Opening, closing, relation or ordinary, as the command says."""
        return self.kind

    def set(self, style: Style) -> Box:
        """The delimiter."""
        return grown(self.char, self.em * style.em * _FACTOR, style)
