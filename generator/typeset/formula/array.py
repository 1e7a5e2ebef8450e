"""Arrays: matrices, cases, aligned equations, and arrays with lines between their cells."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from generator.typeset.formula.box import Box, beside, centred, rule
from generator.typeset.formula.delimiter import around, grown
from generator.typeset.formula.row import Node, Part, Row, extent
from generator.typeset.formula.spacing import Kind
from generator.typeset.formula.style import DISPLAY, TEXT, Style

_BASELINES = 1.2  # distance of baselines in em
_STRUT = 0.7  # the share of it above the baseline
_CLEARANCE = 0.5  # least space between the ink of two rows, in em
_LINESKIP = 0.1  # the same between rows that are set apart by a jot, in addition to it
_RULE = 0.04  # thickness of the lines between cells, in em
_CELL = 1.35  # stretch of the rows of a gridded array
_PADDING = 0.3  # least space above and below in a gridded cell, in em


@dataclass(frozen=True, slots=True)
class Format:
    """How the columns of an array are set; lengths in em.

    ``columns`` has a letter l, c or r per column. ``gaps`` are the spaces left of each column and right of
    the last, and ``lines`` tells which of them hold a vertical line. ``stretch`` scales the distance of rows
    and ``jot`` is added to it. ``level`` is the cells' style, None for that around the array.
    """

    columns: str
    gaps: tuple[float, ...]
    lines: tuple[bool, ...]
    level: int | None = 1
    stretch: float = 1.0
    jot: float = 0.0
    fences: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row, set: its parts at their places, and its size in points."""

    parts: tuple[Part, ...]
    height: float
    depth: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows, set: with their common width and the places of the vertical lines, in points."""

    lines: tuple[Line, ...]
    width: float
    uprights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Array(Node):
    """Cells in rows and columns.

    ``rules`` tells which rows have a line above them, and at its end whether there is one below the last;
    ``extra`` is space in em asked for after each row. An array that ``opens`` may be taken apart into rows.
    """

    format: Format
    rows: tuple[tuple[Row, ...], ...]
    rules: tuple[bool, ...]
    extra: tuple[float, ...]
    opens: bool = False

    @property
    def role(self) -> Kind | None:
        """Inner with delimiters, else ordinary."""
        return Kind.INNER if self.format.fences else Kind.ORD

    @property
    def gridded(self) -> bool:
        """Whether every cell has lines on all its sides."""
        return all(self.rules) and all(self.format.lines)

    def set(self, style: Style) -> Box:
        """The array centred on the axis, between its delimiters."""
        box = centred(self.piled(self.lay(style), style), style.axis)
        if self.format.fences is None:
            return box
        size = around(box, style)
        left, right = (grown(fence, size, style) for fence in self.format.fences)
        return beside(left, box, right)

    def lay(self, style: Style) -> Sheet:
        """Every row with its parts at their places."""
        inner = style if self.format.level is None else style.at(self.format.level)
        unit = style.em if self.format.level in (DISPLAY, TEXT) else inner.size
        cells = [[cell.lay(inner) for cell in row] for row in self.rows]
        widths = self._widths(cells, unit)
        lefts, uprights, x = [], [], 0.0
        for column, (gap, width) in enumerate(zip(self.format.gaps, [*widths, 0.0], strict=True)):
            if self.format.lines[column]:
                uprights.append(x + gap * unit * (column / len(widths) if column in (0, len(widths)) else 0.5))
            x += gap * unit
            lefts.append(x)
            x += width
        placed = [
            tuple(part for column, cell in enumerate(row) for part in self._moved(cell, column, lefts, widths))
            for row in cells
        ]
        return Sheet(self._lines(placed, inner, unit), x, tuple(uprights))

    def _widths(self, cells: list[list[list[Part]]], unit: float) -> list[float]:
        columns = range(len(self.format.columns))
        widths = [max((extent(row[c]) for row in cells if c < len(row)), default=0.0) for c in columns]
        if self.gridded and set(self.format.columns) == {"c"}:
            # A feature map: equal columns, and no cell narrower than it is tall.
            square = (_BASELINES * _CELL - 2 * self.format.gaps[0]) * unit
            return [max(square, *widths)] * len(widths)
        return widths

    def _moved(self, cell: list[Part], column: int, lefts: list[float], widths: list[float]) -> list[Part]:
        spare = widths[column] - extent(cell)
        x = lefts[column] + {"l": 0.0, "c": spare / 2, "r": spare}[self.format.columns[column]]
        return [part._replace(x=part.x + x) for part in cell]

    def _lines(self, rows: list[tuple[Part, ...]], style: Style, unit: float) -> tuple[Line, ...]:
        """Rows with their heights, and the space that belongs below each of them."""
        sizes = [
            (max((p.box.height for p in row), default=0.0), max((p.box.depth for p in row), default=0.0))
            for row in rows
        ]
        if self.gridded:
            return tuple(self._cells(row, *size, style, unit) for row, size in zip(rows, sizes, strict=True))
        strut = _BASELINES * self.format.stretch * unit
        above, below = _STRUT * strut, (1 - _STRUT) * strut
        jot, lines = self.format.jot * unit, []
        for number, (row, (height, depth)) in enumerate(zip(rows, sizes, strict=True)):
            under = max(below, depth)
            if number + 1 < len(rows):
                following = sizes[number + 1][0]
                clear = depth + following + max(_CLEARANCE * unit, jot + _LINESKIP * unit) - max(above, following)
                under = max(under + jot, clear) + self.extra[number] * unit
            lines.append(Line(row, max(above, height), under))
        return tuple(lines)

    def _cells(self, row: tuple[Part, ...], height: float, depth: float, style: Style, unit: float) -> Line:
        """A row of a gridded array: digits in the middle, room above and below what is taller."""
        strut = _BASELINES * _CELL * unit
        below = (strut - style.points(style.font.measures("0").height)) / 2
        padding = _PADDING * unit
        return Line(row, max(strut - below, height + padding), max(below, depth + padding))

    def piled(self, sheet: Sheet, style: Style) -> Box:
        """The rows below each other with the lines between them; the bottom is the baseline."""
        total = fsum(line.height + line.depth for line in sheet.lines)
        bar = _RULE * style.em
        level, children = total, []
        for line, ruled in zip(sheet.lines, self.rules, strict=False):
            if ruled:
                children.append((0.0, level - bar / 2, rule(sheet.width, bar)))
            children += [(part.x, level - line.height, part.box) for part in line.parts]
            level -= line.height + line.depth
        if self.rules[-1]:
            children.append((0.0, -bar / 2, rule(sheet.width, bar)))
        children += [(x - bar / 2, -bar / 2, rule(bar, total + bar)) for x in sheet.uprights]
        return Box(sheet.width, total, 0.0, tuple(children))
