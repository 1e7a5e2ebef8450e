"""The mathematics font: the measures of its glyphs and the constants by which formulas are set."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otData import otData

from generator.typeset.fonts import math_tables, script_forms

UNITS = 1000
"""Font units per em of every face that is used here."""


@dataclass(frozen=True, slots=True)
class Measures:
    """One glyph in font units: its box, and where scripts and accents attach to it."""

    glyph: int
    advance: int
    height: int
    depth: int
    left: int
    right: int
    italic: int
    accent: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a glyph assembly, in font units along the direction of growth."""

    glyph: int
    start: int
    end: int
    length: int
    repeats: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """How a glyph grows: its ready-made sizes (glyph, length), then the pieces of any size."""

    variants: tuple[tuple[int, int], ...]
    pieces: tuple[Piece, ...]


class MathFont:
    """The OpenType MATH table and what else setting a formula needs of the font.

    Everything is read on first use, and each glyph only when it is asked for.
    """

    def __init__(self, tables: TTFont) -> None:
        self._font = tables
        self._cmap: dict[int, str] = self._font.getBestCmap()
        self._number = self._font.getReverseGlyphMap()
        self._advances = self._font["hmtx"].metrics
        self._glyphs = self._font["glyf"].glyphs
        self._math = self._font["MATH"].table
        self._measures: dict[str, Measures] = {}
        self.constants = _constants(self._math.MathConstants)

    @cached_property
    def _italics(self) -> dict[str, int]:
        table = self._math.MathGlyphInfo.MathItalicsCorrectionInfo
        return _values(table.Coverage.glyphs, table.ItalicsCorrection)

    @cached_property
    def _accents(self) -> dict[str, int]:
        table = self._math.MathGlyphInfo.MathTopAccentAttachment
        return _values(table.TopAccentCoverage.glyphs, table.TopAccentAttachment)

    @cached_property
    def _kerns(self) -> dict[int, Any]:
        table = self._math.MathGlyphInfo.MathKernInfo
        names = table.MathKernCoverage.glyphs
        return {self._number[n]: r for n, r in zip(names, table.MathKernInfoRecords, strict=True)}

    @cached_property
    def _script_forms(self) -> dict[str, list[str]]:
        return script_forms(self._font)

    def has(self, char: str) -> bool:
        """Whether the font draws this character."""
        return ord(char) in self._cmap

    def measures(self, char: str, script: int = 0) -> Measures:
        """The glyph of a character; ``script`` 1 or 2 asks for the drawing for scripts of that order."""
        name = self._cmap[ord(char)]
        forms = self._script_forms.get(name) if script else None
        return self._measure(forms[script - 1] if forms else name)

    def glyph(self, number: int) -> Measures:
        """The measures of a glyph given by number."""
        return self._measure(self._font.getGlyphName(number))

    def _measure(self, name: str) -> Measures:
        found = self._measures.get(name)
        if found is None:
            found = self._measures[name] = self._read(name)
        return found

    def _read(self, name: str) -> Measures:
        data = getattr(self._glyphs[name], "data", b"")  # an empty glyph has no outline
        _, left, bottom, right, top = struct.unpack(">5h", data[:10]) if data else (0, 0, 0, 0, 0)
        return Measures(
            glyph=self._number[name],
            advance=self._advances[name][0],
            height=top,
            depth=-bottom,
            left=left,
            right=right,
            italic=self._italics.get(name, 0),
            accent=self._accents.get(name),
        )

    def kern(self, glyph: int, corner: str, height: float) -> int:
        """The kern of a glyph's corner (``TopRight`` …) at a height, by the stairs of MathKernInfo."""
        record = self._kerns.get(glyph)
        stairs = getattr(record, corner + "MathKern", None)
        if stairs is None:
            return 0
        step = sum(1 for point in stairs.CorrectionHeight if point.Value <= height)
        return int(stairs.KernValue[step].Value)

    @cached_property
    def upward(self) -> dict[int, Growth]:
        """How glyphs grow in height, by glyph number."""
        table = self._math.MathVariants
        return self._growths(table.VertGlyphCoverage.glyphs, table.VertGlyphConstruction)

    @cached_property
    def sideways(self) -> dict[int, Growth]:
        """How glyphs grow in width, by glyph number."""
        table = self._math.MathVariants
        return self._growths(table.HorizGlyphCoverage.glyphs, table.HorizGlyphConstruction)

    @cached_property
    def overlap(self) -> int:
        """The least overlap of the pieces of an assembly."""
        return int(self._math.MathVariants.MinConnectorOverlap)

    def _growths(self, names: list[str], constructions: list[Any]) -> dict[int, Growth]:
        return {self._number[n]: self._growth(c) for n, c in zip(names, constructions, strict=True)}

    def _growth(self, construction: Any) -> Growth:
        parts = construction.GlyphAssembly.PartRecords if construction.GlyphAssembly else ()
        return Growth(
            tuple(
                (self._number[record.VariantGlyph], record.AdvanceMeasurement)
                for record in construction.MathGlyphVariantRecord
            ),
            tuple(
                Piece(
                    self._number[part.glyph],
                    part.StartConnectorLength,
                    part.EndConnectorLength,
                    part.FullAdvance,
                    bool(part.PartFlags & 1),
                )
                for part in parts
            ),
        )


def _constants(table: Any) -> dict[str, int]:
    layout = next(fields for name, fields in otData if name == "MathConstants")
    values = {field[1]: getattr(table, field[1]) for field in layout}
    return {name: int(getattr(value, "Value", value)) for name, value in values.items()}


def _values(names: list[str], records: list[Any]) -> dict[str, int]:
    return {name: record.Value for name, record in zip(names, records, strict=True)}


@cache
def math_font() -> MathFont:
    """The one mathematics font, read once per process."""
    return MathFont(math_tables())
