"""How large a label will be at most, guessed from its TeX without knowing any font."""

from __future__ import annotations

from functools import lru_cache
from math import fsum
from typing import NamedTuple

from generator.figure import tex


class Extent(NamedTuple):
    """Width, height above and depth below the baseline, in points."""

    width: float
    height: float
    depth: float


_UPRIGHT = {
    0.36: " .,;:!'()[]|-iljtfI~",
    0.42: "rsJ/?",
    0.5: "acegvxyz0123456789",
    0.59: "bdhknopquPSL*",
    0.69: "BFTZCERXYV",
    0.79: "ADGHKNOQUw",
    0.9: "mM",
    1.02: "W%@&",
}
_SLANTED = {
    0.36: ".,;:!'()[]|il",
    0.43: "cerstI/?",
    0.51: "0123456789joJ",
    0.6: "abdfghknpquvxyzS*",
    0.69: "BEFLPRT",
    0.81: "ACDGHKNOQUVXYZw",
    0.92: "mM",
    1.02: "W%@&",
}
"""Widths in font sizes of the letters of words and of mathematics, rounded up, for a face of Times' proportions."""
_WORD_WIDTH = {letter: width for width, letters in _UPRIGHT.items() for letter in letters}
_LETTER_WIDTH = {letter: width for width, letters in _SLANTED.items() for letter in letters}
_RELATIONS = frozenset(
    {"=", "<", ">", ":", r"\le", r"\leq", r"\ge", r"\geq", r"\approx", r"\to", r"\mapsto", r"\ne", r"\neq", r"\in"}
    | {r"\sim", r"\leftarrow", r"\rightarrow", r"\propto", r"\mid"}
)
_OPERATIONS = frozenset({"+", "-", "*", r"\cdot", r"\times", r"\pm", r"\star", r"\circ", r"\odot", r"\div", r"\ast"})
_SPACES = {r"\,": 0.17, r"\:": 0.23, r"\;": 0.28, r"\!": -0.17, r"\ ": 0.3, r"\quad": 1.0, r"\qquad": 2.0, "~": 0.3}
_LARGE = frozenset({r"\sum", r"\prod", r"\int"})
_NAMED = frozenset(
    {"exp", "log", "ln", "sin", "cos", "tan", "tanh", "sinh", "cosh", "max", "min", "det", "arg", "argmin", "argmax"}
    | {"dim", "deg", "sup", "inf", "lim", "Pr"}
)
_DOTS = frozenset({r"\dots", r"\ldots", r"\cdots"})
_DESCENDING = frozenset("fgjpqyJQ()[]|,;/")
_PLAIN_STYLES = frozenset({r"\mathbf", r"\mathrm", r"\mathit", r"\mathcal", r"\mathbb", r"\operatorname"})


def words(text: str) -> str:
    """Plain words as TeX, with the characters that TeX takes for its own written safely."""
    safe = "".join("\\" + letter if letter in "#$%&_{}" else letter for letter in text)
    return rf"\text{{{safe}}}"


@lru_cache(maxsize=4096)
def extent(formula: str, size: float) -> Extent:
    """Estimate a formula's extent at a font size in points: hardly ever too small, often a tenth too large.

    Letters count by class, scripts at 0.72 of the size, relations and operations with the spaces of TeX around
    them. Layouts keep clear of this extent; painting centres the true one in it.
    """
    width, height, depth = _extent(tex.parse(formula))
    return Extent(width * size, height * size, depth * size)


def _extent(node: tex.Node) -> Extent:
    """Estimate in units of the font size."""
    match node:
        case tex.Row(items):
            return _row(items)
        case tex.Symbol(name):
            return _symbol(name)
        case tex.Words(text):
            return Extent(fsum(_WORD_WIDTH.get(letter, 0.72) for letter in text), 0.76, 0.25)
        case tex.Styled(style, body):
            width, height, depth = _extent(body)
            return Extent(width * 1.1, height + (0.0 if style in _PLAIN_STYLES else 0.22), depth)
        case tex.Script(base, lower, upper):
            return _script(_extent(base), lower, upper)
        case tex.Fraction(over, under):
            top, bottom = _extent(over), _extent(under)
            # A fraction within a line is set at 0.72 of the size.
            wide = 0.74 * max(top.width, bottom.width) + 0.26
            return Extent(wide, 0.48 + 0.74 * (top.height + top.depth), 0.04 + 0.74 * (bottom.height + bottom.depth))
        case tex.Root(body):
            width, height, depth = _extent(body)
            return Extent(width + 0.85, max(height + 0.3, 1.08), max(depth + 0.12, 0.3))
        case tex.Matrix(_, rows):
            return _matrix(rows)


def _row(items: tuple[tex.Node, ...]) -> Extent:
    parts = [_extent(item) for item in items]
    # The spaces about an operation fall away where it stands alone, first, or after a bracket or relation.
    signs = sum(_is_operation(item) and _is_sign(items, place) for place, item in enumerate(items))
    commas = sum(item == tex.Symbol(",") for item in items[:-1])
    return Extent(
        fsum(part.width for part in parts) - 0.37 * signs + 0.18 * commas,
        max((part.height for part in parts), default=0.0),
        max((part.depth for part in parts), default=0.0),
    )


def _is_operation(item: tex.Node) -> bool:
    return isinstance(item, tex.Symbol) and item.name in _OPERATIONS


def _is_sign(items: tuple[tex.Node, ...], place: int) -> bool:
    if place in (0, len(items) - 1):
        return True
    before = items[place - 1]
    return isinstance(before, tex.Symbol) and (before.name in _RELATIONS | _OPERATIONS or before.name in "([,|/")


def _symbol(name: str) -> Extent:
    if name in _SPACES:
        return Extent(_SPACES[name], 0.0, 0.0)
    if name in _RELATIONS:
        return Extent(1.55 if name in {r"\to", r"\mapsto", r"\leftarrow", r"\rightarrow"} else 1.32, 0.72, 0.22)
    if name in _OPERATIONS:
        return Extent(1.18, 0.64, 0.1)
    if name in _LARGE:
        return Extent(1.2, 1.15, 0.5)
    if name in _DOTS:
        return Extent(1.2, 0.5, 0.0)
    if name == r"\vdots":
        return Extent(0.6, 1.1, 0.2)
    if name[1:] in _NAMED and name.startswith("\\"):
        return Extent(0.17 + fsum(_WORD_WIDTH[letter] for letter in name[1:]), 0.76, 0.25)
    if name.startswith("\\"):
        return Extent(0.78, 0.78, 0.25)
    return Extent(_LETTER_WIDTH.get(name, 0.8), 0.77, 0.25 if name in _DESCENDING else 0.03)


def _script(base: Extent, lower: tex.Node | None, upper: tex.Node | None) -> Extent:
    below = _extent(lower) if lower else Extent(0.0, 0.0, 0.0)
    above = _extent(upper) if upper else Extent(0.0, 0.0, 0.0)
    height, depth = base.height, base.depth
    if upper:
        height = max(height, (0.58 if lower else 0.44) + 0.72 * above.height)
    if lower:
        depth = max(depth, 0.26 + 0.72 * below.depth)
    return Extent(base.width + 0.74 * max(below.width, above.width) + 0.06, height, depth)


def _matrix(rows: tuple[tuple[tex.Node, ...], ...]) -> Extent:
    columns = max(len(row) for row in rows)
    sizes = [[_extent(cell) for cell in row] for row in rows]
    wide = fsum(max((row[i].width for row in sizes if i < len(row)), default=0.0) for i in range(columns))
    tall = fsum(max(1.2, *(cell.height + cell.depth + 0.3 for cell in row)) for row in sizes)
    return Extent(wide + 0.9 * columns + 0.7, tall / 2 + 0.3, tall / 2)
