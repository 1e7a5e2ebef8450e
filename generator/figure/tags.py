"""Letters in place of long labels, with a list that says what they stand for."""

from __future__ import annotations

from collections.abc import Sequence

from generator.figure.extent import extent

_LONG = 24.0
"""Labels wider than this, in points at the size of the list, get a letter."""
_SIZE = 8.5


def tagged(labels: Sequence[str], max_width: float) -> tuple[dict[str, str], list[str]]:
    """Give each different long label a letter; return the letters and the lines of the list, all in TeX."""
    long = [label for label in dict.fromkeys(labels) if extent(label, _SIZE).width > _LONG]
    letters = {label: _letter(place) for place, label in enumerate(long)}
    rows: list[str] = []
    for label, letter in letters.items():
        # In braces a minus at its beginning is a sign, and no operation with what stands before.
        entry = rf"{letter}\text{{: }}{{{label}}}"
        longer = rf"{rows[-1]}\qquad {entry}" if rows else entry
        if rows and extent(longer, _SIZE).width <= max_width:
            rows[-1] = longer
        else:
            rows.append(entry)
    return letters, rows


def _letter(place: int) -> str:
    """Name places A, B, …, Z, AA, AB and so on."""
    name = chr(ord("A") + place % 26)
    return rf"\mathrm{{{name if place < 26 else chr(ord('A') + place // 26 - 1) + name}}}"
