"""A formula, set: its size, its painting, and its parts when it must be taken apart at the end of a page or line."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from generator.typeset.formula import breaking
from generator.typeset.formula.array import Array
from generator.typeset.formula.box import Box, centred, group
from generator.typeset.formula.commands import COMMANDS
from generator.typeset.formula.error import FormulaError
from generator.typeset.formula.paint import Run, Stroke, flattened, paint
from generator.typeset.formula.parser import Parser
from generator.typeset.formula.row import Part, Row, extent, joined
from generator.typeset.formula.style import DISPLAY, TEXT, Style, style_of

_TOLERANCE = 0.001  # points
_QUAD = 0.99  # em; the space from which two formulas side by side are two
_JOT = 0.3  # more space between the lines of a broken formula, in em


@dataclass(frozen=True, slots=True, eq=False)
class Formula:
    """A formula of a given size; all lengths in points, ``depth`` downwards from the baseline."""

    tex: str
    size: float
    width: float
    height: float
    depth: float
    _marks: tuple[Run | Stroke, ...] = field(repr=False)
    _parts: tuple[Part, ...] = field(repr=False)
    _rows: tuple[Formula, ...] = field(default=(), repr=False)
    _sibling: bool = field(default=False, repr=False)

    def paint(self, canvas: Any, x: float, y: float) -> None:
        """Paint with the left end of the baseline at (x, y)."""
        paint(canvas, self._marks, x, y)

    @property
    def rows(self) -> tuple[Formula, ...]:
        """The rows of an aligned or gathered display, all equally wide, to be put right below each other.

        Any other formula is its only row.
        """
        return self._rows or (self,)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The formula cut where a line of text may end in it: before its relations and after its operators.

        Painted next to each other, with their gaps, the pieces are the formula again.
        """
        cuts = list(breaking.pieces(self._parts, self.size * _QUAD))
        starts = [line[0].x for line, _ in cuts if line] + [self.width]
        found = []
        for (line, penalty), start, following in zip(cuts, starts, starts[1:], strict=False):
            box = joined(_from(line, start))
            piece = Formula(
                self.tex,
                self.size,
                box.width,
                max(0.0, box.height),
                max(0.0, box.depth),
                flattened(box),
                _from(line, start),
            )
            found.append(Piece(piece, following - start - box.width, penalty))
        return tuple(found) if len(found) > 1 else (Piece(self, 0.0, 0.0),)

    def split(self, width: float) -> tuple[Formula, ...]:
        """The formula on lines no wider than ``width`` points, broken before relations and operators.

        All lines are equally wide, so that they keep their places when each is centred.
        Raises FormulaError when a part without a place to break is wider.
        """
        if self.width <= width + _TOLERANCE:
            return (self,)
        lines = [line for row in self.rows for line in row._broken(width)]
        # The rows of one display keep their alignment: each takes the whole width when it is split by itself.
        widest = width if self._sibling else max(extent(line) for line in lines)
        return tuple(_line(self, line, widest, line is lines[-1]) for line in lines)

    def _broken(self, width: float) -> list[tuple[Part, ...]]:
        """The parts on lines."""
        if extent(self._parts) <= width + _TOLERANCE:
            return [self._parts]
        lines = breaking.broken(self._parts, width, 2 * self.size)
        if lines is None:
            problem = f"too wide ({self.width:.0f} pt where {width:.0f} pt are free) and without a place to break it"
            raise FormulaError(self.tex, 0, problem)
        return lines


class Piece(NamedTuple):
    """A stretch of a formula, the space between it and the next, and TeX's penalty for a break there."""

    formula: Formula
    gap: float
    penalty: float


def _from(parts: tuple[Part, ...], start: float) -> tuple[Part, ...]:
    return tuple(part._replace(x=part.x - start) for part in parts)


def _line(whole: Formula, parts: tuple[Part, ...], width: float, last: bool) -> Formula:
    """One line of a broken formula, at least as high and deep as a line of text."""
    box = joined(parts)
    height, depth = max(box.height, 0.84 * whole.size), max(box.depth, 0.36 * whole.size)
    return Formula(
        whole.tex, whole.size, width, height, depth + (0.0 if last else _JOT * whole.size), flattened(box), parts
    )


@lru_cache(maxsize=8192)
def set_formula(tex: str, size: float, display: bool = False) -> Formula:
    """Set TeX mathematics at a size in points; raises FormulaError with the place of a fault."""
    row = Parser(tex, COMMANDS).formula()
    style = style_of(float(size), DISPLAY if display else TEXT)
    if len(row.nodes) == 1 and isinstance(row.nodes[0], Array) and row.nodes[0].opens:
        return _opened(tex, row.nodes[0], style)
    return _whole(tex, row, style)


def _whole(tex: str, row: Row, style: Style) -> Formula:
    parts = tuple(row.lay(style))
    return _boxed(tex, joined(parts), parts, style)


def _boxed(tex: str, box: Box, parts: tuple[Part, ...], style: Style, rows: tuple[Formula, ...] = ()) -> Formula:
    return Formula(
        tex, style.em, max(0.0, box.width), max(0.0, box.height), max(0.0, box.depth), flattened(box), parts, rows
    )


def _opened(tex: str, array: Array, style: Style) -> Formula:
    """An aligned display as a whole and by its rows."""
    sheet = array.lay(style)
    rows = tuple(
        Formula(
            tex,
            style.em,
            sheet.width,
            line.height,
            line.depth,
            flattened(group([(part.x, 0.0, part.box) for part in line.parts], sheet.width)),
            line.parts,
            _sibling=True,
        )
        for line in sheet.lines
    )
    return _boxed(tex, centred(array.piled(sheet, style), style.axis), (), style, rows)
