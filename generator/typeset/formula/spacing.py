"""The space between two atoms, by their kinds (TeXbook, chapter 18 and Appendix G, rules 5, 6 and 20)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Kind(IntEnum):
    """What an atom is in its formula."""

    ORD = 0
    OP = 1
    BIN = 2
    REL = 3
    OPEN = 4
    CLOSE = 5
    PUNCT = 6
    INNER = 7


_THIN, _MEDIUM, _THICK = 3, 4, 5  # in mu, eighteenths of an em

# The table of the TeXbook, page 170: 1 thin, 2 medium, 3 thick; in brackets: not between scripts; * never occurs.
_TABLE = """
 0   1  (2) (3)  0   0   0  (1)
 1   1   *  (3)  0   0   0  (1)
(2) (2)  *   *  (2)  *   *  (2)
(3) (3)  *   0  (3)  0   0  (3)
 0   0   *   0   0   0   0   0
 0   1  (2) (3)  0   0   0  (1)
(1) (1)  *  (1) (1) (1) (1) (1)
(1)  1  (2) (3) (1)  0  (1) (1)
"""


def _row(line: str, script: bool) -> tuple[int, ...]:
    sizes = {"1": _THIN, "2": _MEDIUM, "3": _THICK}
    return tuple(0 if script and entry.startswith("(") else sizes.get(entry.strip("()"), 0) for entry in line.split())


TEXT_SPACES, SCRIPT_SPACES = (
    tuple(_row(line, script) for line in _TABLE.strip().splitlines()) for script in (False, True)
)
"""Spaces in mu, by the kinds on the left and on the right: in display and text style, and between scripts."""

_BEFORE_SIGN = frozenset({Kind.BIN, Kind.OP, Kind.REL, Kind.OPEN, Kind.PUNCT})
_AFTER_SIGN = frozenset({Kind.REL, Kind.CLOSE, Kind.PUNCT})


def resolved(kinds: Iterable[Kind | None]) -> list[Kind | None]:
    """The kinds with every binary operator that lacks an operand made ordinary; None is no atom."""
    result = list(kinds)
    last: int | None = None
    for place, kind in enumerate(result):
        if kind is None:
            continue
        if kind is Kind.BIN and (last is None or result[last] in _BEFORE_SIGN):
            result[place] = Kind.ORD
        elif kind in _AFTER_SIGN and last is not None and result[last] is Kind.BIN:
            result[last] = Kind.ORD
        last = place
    if last is not None and result[last] is Kind.BIN:
        result[last] = Kind.ORD
    return result
