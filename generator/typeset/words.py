"""Words as ink: which face draws each letter, how wide a word is, and where its letters are kerned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import pairwise
from math import fsum

from reportlab.pdfbase import pdfmetrics

from generator.typeset.error import GlyphError
from generator.typeset.fonts import register_fonts
from generator.typeset.kerning import kerning

FALLBACK = ("Text", "Math", "Mono")
"""Faces that lend a letter which the wanted face lacks, such as arrows and check marks."""

UNKERNED = ("Mono", "Math")

LOOSE = " -–—\u00a0"
"""Letters that are never kerned: a line may end beside them, so a word must be as wide alone as in its line."""


@cache
def advances(font: str) -> Mapping[int, float]:
    """The widths of a face's characters, in thousandths of the type size."""
    register_fonts()
    widths: Mapping[int, float] = pdfmetrics.getFont(font).face.charWidths
    return widths


@lru_cache(maxsize=20_000)
def kerns(text: str, font: str) -> tuple[tuple[int, int], ...]:
    """Where letters of `text` are kerned: (position after the left letter, thousandths of the type size)."""
    if font in UNKERNED:
        return ()
    between = kerning(font).between
    found = (
        (place, between(left, right))
        for place, (left, right) in enumerate(pairwise(text), 1)
        if left not in LOOSE and right not in LOOSE
    )
    return tuple((place, kern) for place, kern in found if kern)


@lru_cache(maxsize=20_000)
def text_width(text: str, font: str, size: float) -> float:
    """The width of a word in points, kerned; every letter must be in the face."""
    widths = advances(font)
    units = fsum(widths[ord(letter)] for letter in text) + fsum(kern for _, kern in kerns(text, font))
    return units * size / 1000


@lru_cache(maxsize=20_000)
def faces(text: str, font: str) -> tuple[tuple[str, str], ...]:
    """Split `text` into stretches (text, face), each drawn by the wanted face or by one that lends the letter.

    Raises GlyphError for a letter that no face has.
    """
    found: list[tuple[str, str]] = []
    for letter in text:
        face = _face(letter, font, text)
        if found and found[-1][1] == face:
            found[-1] = (found[-1][0] + letter, face)
        else:
            found.append((letter, face))
    return tuple(found)


def _face(letter: str, font: str, text: str) -> str:
    for face in (font, *FALLBACK):
        if ord(letter) in advances(face):
            return face
    raise GlyphError(letter, text)


HYPHEN = re.compile(r"(?<=[^\W\d_]{2}[-–—])(?=[^\W\d_]{2})")


def syllables(word: str) -> list[str]:
    """Split a word where a line may end inside it: after a hyphen or dash between two words."""
    return HYPHEN.split(word)
