"""How much closer or wider apart two letters stand than their widths say, as the font's designer wished."""

from __future__ import annotations

from functools import cache
from typing import Any

from fontTools.ttLib import TTFont

from generator.typeset.fonts import FILES, FOLDER


class PairKerning:
    """The pair kerning of one face, read from its GPOS table (OpenType, lookup type 2)."""

    def __init__(self, path: str) -> None:
        font = TTFont(path, lazy=True)
        self._names: dict[int, str] = font.getBestCmap()
        table = font["GPOS"].table
        wanted = {
            index
            for record in table.FeatureList.FeatureRecord
            if record.FeatureTag == "kern"
            for index in record.Feature.LookupListIndex
        }
        self._subtables = [
            (set(subtable.Coverage.glyphs), subtable)
            for index in sorted(wanted)
            for subtable in (getattr(s, "ExtSubTable", s) for s in table.LookupList.Lookup[index].SubTable)
        ]
        self._known: dict[tuple[str, str], int] = {}

    def between(self, left: str, right: str) -> int:
        """The kern between two characters, in thousandths of the type size; negative moves them closer."""
        pair = left, right
        found = self._known.get(pair)
        if found is None:
            found = self._known[pair] = self._look_up(self._names[ord(left)], self._names[ord(right)])
        return found

    def _look_up(self, left: str, right: str) -> int:
        for coverage, subtable in self._subtables:
            if left not in coverage:
                continue
            value = _pair(subtable, left, right) if subtable.Format == 1 else _class_pair(subtable, left, right)
            if value is not None:
                return value
        return 0


def _pair(subtable: Any, left: str, right: str) -> int | None:
    """The kern of a listed pair, or None if the pair is not listed: then the next table decides."""
    pairs = subtable.PairSet[subtable.Coverage.glyphs.index(left)].PairValueRecord
    return next((_advance(pair.Value1) for pair in pairs if pair.SecondGlyph == right), None)


def _class_pair(subtable: Any, left: str, right: str) -> int:
    """The kern of the classes that the two glyphs belong to."""
    first = subtable.ClassDef1.classDefs.get(left, 0)
    second = subtable.ClassDef2.classDefs.get(right, 0)
    return _advance(subtable.Class1Record[first].Class2Record[second].Value1)


def _advance(value: Any) -> int:
    return getattr(value, "XAdvance", 0) or 0


@cache
def kerning(font: str) -> PairKerning:
    """The kerning of the face that is registered under this name."""
    return PairKerning(str(FOLDER / FILES[font]))
