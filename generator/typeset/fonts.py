"""The type faces of every page, embedded so that what is printed can be searched and copied."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont as TTFontTables
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts"

FILES = {
    "Text": "STIXTwoText_400Regular.ttf",
    "Text-Bold": "STIXTwoText_700Bold.ttf",
    "Text-Italic": "STIXTwoText_400Regular_Italic.ttf",
    "Text-BoldItalic": "STIXTwoText_700Bold_Italic.ttf",
    "Mono": "SourceCodePro_400Regular.ttf",
    "Math": "STIXTwoMath-Regular.ttf",
}

# Two private planes name every glyph of the mathematics font by its number, whether or not Unicode knows it:
# a spoken glyph is extracted as its character, a silent one (a further piece of a tall bracket) as nothing.
SPOKEN = 0xF0000
SILENT = 0x100000


def spoken(glyph: int) -> str:
    """The private character that draws a glyph and is extracted as the glyph's text."""
    return chr(SPOKEN + glyph)


def silent(glyph: int) -> str:
    """The private character that draws a glyph and is extracted as nothing."""
    return chr(SILENT + glyph)


class EmbeddedFont(TTFont):  # type: ignore[misc]  # ReportLab ships no types
    """A TrueType font whose ToUnicode map is right for every code point.

    ReportLab writes code points above U+FFFF as five hexadecimal digits, which readers take for other letters.
    """

    def text_of(self, code: int) -> str:
        """What a reader extracts for a code point of this font."""
        return chr(code) if code else ""

    def addObjects(self, doc: Any) -> None:
        """Write the font's subsets, then put the right ToUnicode map in place of ReportLab's."""
        subsets = [list(subset) for subset in self.state[doc].subsets]
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        super().addObjects(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for name, subset in zip(names, subsets, strict=True):
            stream = doc.idToObject[fonts[name].ToUnicode.name]
            stream.content = _to_unicode([self.text_of(code) for code in subset])


class MathFont(EmbeddedFont):
    """The mathematics font: its glyphs are reached by number, its letters extracted as plain letters."""

    def __init__(self, name: str, filename: str) -> None:
        super().__init__(name, filename, asciiReadable=False)
        face = self.face
        for glyph, (advance, _) in enumerate(face.hmetrics):
            for plane in (SPOKEN, SILENT):
                face.charToGlyph[plane + glyph] = glyph
                face.charWidths[plane + glyph] = face._pdfScale(advance)

    def text_of(self, code: int) -> str:
        """The character that the glyph stands for; nothing for a silent glyph."""
        if code >= SILENT:
            return ""
        return _glyph_texts().get(code - SPOKEN, "") if code >= SPOKEN else super().text_of(code)


def plain(char: str) -> str:
    """A mathematical letter as the letter on the keyboard; other characters as they are.

    Double-struck letters keep their form, for ℝ means more than R.
    """
    if char in _SPELT:
        return _SPELT[char]
    name = unicodedata.name(char, "")
    if "DOUBLE-STRUCK" in name or not ("MATHEMATICAL" in name or char in _LETTERLIKE):
        return char
    return unicodedata.normalize("NFKC", char)


_SPELT = {"≔": ":=", "\u2223": "|", "\u2236": ":", "\u20d7": ""}
_LETTERLIKE = frozenset("ℎℬℰℱℋℐℒℳℛℯℊℴℭℌℑℜℨϕϵϑϱϖϰ")
_PIECES = range(0x239B, 0x23B0)  # code points of bracket pieces, which are no text


@cache
def math_tables() -> Any:
    """The tables of the mathematics font (a fontTools TTFont), each read when it is first asked for."""
    return TTFontTables(str(FOLDER / FILES["Math"]), lazy=True)


@cache
def _glyph_texts() -> dict[int, str]:
    """What each glyph of the mathematics font stands for, also those that Unicode does not know."""
    tables = math_tables()
    number = tables.getReverseGlyphMap()
    cmap = {name: chr(code) for code, name in sorted(tables.getBestCmap().items(), reverse=True)}
    texts: dict[int, str] = {}
    for base, form in _forms(tables):
        if base in cmap:
            texts.setdefault(number[form], plain(cmap[base]))  # brackets come before what borrows their pieces
    texts.update((number[name], plain(char)) for name, char in cmap.items() if ord(char) not in _PIECES)
    return texts


def _forms(tables: Any) -> Iterator[tuple[str, str]]:
    """Pairs of a glyph and another drawing of it: its pieces, its larger sizes, its forms for scripts."""
    grown = tables["MATH"].table.MathVariants
    for coverage, constructions in (
        (grown.VertGlyphCoverage, grown.VertGlyphConstruction),
        (grown.HorizGlyphCoverage, grown.HorizGlyphConstruction),
    ):
        for name, construction in zip(coverage.glyphs, constructions, strict=True):
            pieces = construction.GlyphAssembly.PartRecords if construction.GlyphAssembly else ()
            yield from ((name, piece.glyph) for piece in pieces)
            yield from ((name, variant.VariantGlyph) for variant in construction.MathGlyphVariantRecord)
    for name, forms in script_forms(tables).items():
        yield from ((name, form) for form in forms)


def script_forms(tables: Any) -> dict[str, list[str]]:
    """The drawings meant for small sizes (feature ``ssty``), by glyph: first for scripts, then for scripts of them."""
    table = tables["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "ssty"
        for index in record.Feature.LookupListIndex
    }
    forms: dict[str, list[str]] = {}
    for index in sorted(lookups):
        for subtable in table.LookupList.Lookup[index].SubTable:
            forms.update(subtable.alternates)
    return forms


def _to_unicode(texts: list[str]) -> str:
    """A ToUnicode map (PDF 32000-1, 9.10.3) from the codes 0, 1, 2 … to the given texts, in UTF-16."""
    pairs = [f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in enumerate(texts)]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]  # 100 is the format's limit
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
        *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
        "endcmap",
        "CMapName currentdict /CMap defineresource pop",
        "end",
        "end",
    ]
    return "\n".join(lines)


@cache
def register_fonts() -> None:
    """Make the fonts known to ReportLab under the names of ``FILES``, once per process."""
    for name, file in FILES.items():
        kind = MathFont if name == "Math" else EmbeddedFont
        pdfmetrics.registerFont(kind(name, str(FOLDER / file)))
