"""Whether the fonts can print a text, for words that come from outside, such as names."""

from __future__ import annotations

from generator.typeset.error import GlyphError
from generator.typeset.words import faces


def printable(text: str) -> bool:
    """Whether every letter of a text can be printed."""
    try:
        faces(text, "Text")
    except GlyphError:
        return False
    return True
