"""The letters of mathematics: italic, bold, double-struck, script …, as Unicode's mathematical letters."""

from __future__ import annotations

from functools import cache

_GREEK_CAPITALS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇"
_GREEK_SMALL = "αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"

# First code points of capitals, small letters, digits, Greek capitals, small Greek letters; 0 where there are none.
_STARTS = {
    "italic": (0x1D434, 0x1D44E, 0, 0, 0x1D6FC),
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D736),
    "bold-italic": (0x1D468, 0x1D482, 0x1D7CE, 0x1D6A8, 0x1D736),
    "upright": (0, 0, 0, 0, 0),
    "all-italic": (0x1D434, 0x1D44E, 0, 0x1D6E2, 0x1D6FC),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0, 0),
    "script": (0x1D49C, 0x1D4B6, 0, 0, 0),
    "fraktur": (0x1D504, 0x1D51E, 0, 0, 0),
    "sans": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0, 0),
    "mono": (0x1D670, 0x1D68A, 0x1D7F6, 0, 0),
}

# Letters that Unicode had before the mathematical blocks.
_OLDER = {
    "italic": {"h": "ℎ"},
    "all-italic": {"h": "ℎ"},
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}


@cache
def letter(char: str, alphabet: str) -> str:
    """A letter or digit in an alphabet; other characters, and letters that it lacks, unchanged.

    The alphabets are italic (upright Greek capitals, as in TeX), bold, bold-italic, upright, all-italic,
    double-struck, script, fraktur, sans and mono.
    """
    older = _OLDER.get(alphabet, {}).get(char)
    if older:
        return older
    ranges = (("A", "Z"), ("a", "z"), ("0", "9"))
    capitals, small, digits, greek_capitals, greek_small = _STARTS[alphabet]
    for (first, last), start in zip(ranges, (capitals, small, digits), strict=True):
        if first <= char <= last:
            return chr(start + ord(char) - ord(first)) if start else char
    for letters, start in ((_GREEK_CAPITALS, greek_capitals), (_GREEK_SMALL, greek_small)):
        if char in letters:
            return chr(start + letters.index(char)) if start else char
    return char
