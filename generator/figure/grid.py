"""Feature maps as grids of cells: the padded border shaded, the current patch outlined."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from generator.figure.arrange import finished
from generator.figure.extent import extent
from generator.figure.model import Curve, Element, Figure, Label, Line, Point, Rectangle
from generator.figure.reading import listing, reading

Cell = tuple[int, int]
"""A cell by row and column of the padded grid, counted from 0 at the upper left."""

_ENTRY = 9.5
"""Font size of entries."""
_BASELINE = 0.32
"""How far below a cell's middle its baseline lies, in font sizes: half the height of a digit."""
_PADDED = 0.92
"""Grey of the padded border."""
_CURRENT = 0.78
"""Grey of the current patch."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """A grid of entries about the height 0, its left edge at 0."""

    entries: tuple[tuple[str, ...], ...]
    padding: int
    marked: frozenset[Cell]
    cell: float

    @property
    def width(self) -> float:
        return len(self.entries[0]) * self.cell

    @property
    def height(self) -> float:
        return len(self.entries) * self.cell

    def padded(self, row: int, column: int) -> bool:
        """Say whether a cell belongs to the border."""
        p = self.padding
        return not (p <= row < len(self.entries) - p and p <= column < len(self.entries[0]) - p)

    def drawn(self) -> list[Element]:
        """Draw shades, rules, the marked cells' outline, then the entries."""
        rows, columns, c = len(self.entries), len(self.entries[0]), self.cell
        top = self.height / 2
        cells = [(i, j) for i in range(rows) for j in range(columns)]
        shades: list[Element] = [
            Rectangle(j * c, top - (i + 1) * c, c, c, fill=_CURRENT if (i, j) in self.marked else _PADDED, stroke=0)
            for i, j in cells
            if (i, j) in self.marked or self.padded(i, j)
        ]
        rules: list[Element] = [Line(0, top - i * c, self.width, top - i * c, width=0.4) for i in range(rows + 1)]
        rules += [Line(j * c, top, j * c, -top, width=0.4) for j in range(columns + 1)]
        frame: list[Element] = [Rectangle(0, -top, self.width, self.height, stroke=0.8)]
        if self.padding:
            p = self.padding * c
            frame.append(Rectangle(p, -top + p, self.width - 2 * p, self.height - 2 * p, stroke=0.8))
        entries: list[Element] = [
            Label(self.entries[i][j], (j + 0.5) * c, top - (i + 0.5) * c - _BASELINE * _ENTRY, "base", _ENTRY)
            for i, j in cells
            if self.entries[i][j]
        ]
        return [*shades, *rules, *frame, *self._outline(), *entries]

    def _outline(self) -> list[Element]:
        """Draw heavy strokes where a marked cell meets an unmarked one."""
        strokes: list[Element] = []
        for i, j in sorted(self.marked):
            left, upper = j * self.cell, self.height / 2 - i * self.cell
            right, lower = left + self.cell, upper - self.cell
            for beside, ends in (
                ((i - 1, j), (Point(left, upper), Point(right, upper))),
                ((i + 1, j), (Point(left, lower), Point(right, lower))),
                ((i, j - 1), (Point(left, upper), Point(left, lower))),
                ((i, j + 1), (Point(right, upper), Point(right, lower))),
            ):
                if beside not in self.marked:
                    strokes.append(Curve(_squared(*ends), width=1.6))
        return strokes


def _squared(start: Point, end: Point) -> tuple[Point, Point]:
    """Lengthen an upright or level stroke by half its width, so that corners close."""
    half = 0.8
    level = start.y == end.y
    dx, dy = (half, 0.0) if level else (0.0, -half)
    return Point(start.x - dx, start.y - dy), Point(end.x + dx, end.y + dy)


def grid_figure(
    entries: Sequence[Sequence[str]],
    *,
    description: str,
    name: str = "",
    padding: int = 0,
    padding_entry: str = "0",
    highlight: Collection[Cell] = (),
    cell: float = 18.0,
    max_width: float = 440.0,
) -> Figure:
    """Draw a matrix of TeX entries (rows of equal length, "" for an empty cell) as a grid.

    `name` (TeX) is printed as `name =` before the grid; `padding` adds that many shaded cells on every side,
    holding `padding_entry`, "" for none; `highlight` names cells of the padded grid to mark as the current patch;
    `cell` is the least width of a cell in points. Raises ValueError for ragged or empty entries and for cells outside
    the grid.
    """
    grid = _grid(entries, padding, padding_entry, highlight, cell)
    drawn = grid.drawn()
    if name:
        drawn.append(Label(rf"{name} =", -6.0, -_BASELINE * _ENTRY, "base east", 10.5))
    told = _told("Grid" if not name else f"Grid {reading(name)}", entries, padding, padding_entry, highlight)
    return finished(drawn, f"{description} {told}", max_width)


def patch_figure(
    entries: Sequence[Sequence[str]],
    kernel: Sequence[Sequence[str]],
    output: Sequence[Sequence[str]],
    *,
    description: str,
    padding: int = 0,
    padding_entry: str = "0",
    patch: Collection[Cell] = (),
    output_cell: Cell | None = None,
    captions: Sequence[str] = (),
    operator: str = r"\star",
    cell: float = 18.0,
    max_width: float = 440.0,
) -> Figure:
    r"""Draw padded input with its current patch, kernel, and output: `input ⋆ kernel = output`.

    All entries are TeX. `patch` names cells of the padded input, `output_cell` a cell of the output; `captions`
    (TeX, up to three) stand under input, kernel and output. `operator` is TeX, `\star` for cross-correlation.
    """
    current = () if output_cell is None else (output_cell,)
    common = max(
        _grid(entries, padding, padding_entry, patch, cell).cell, _grid(kernel, 0, "", (), cell).cell,
        _grid(output, 0, "", current, cell).cell,
    )  # fmt: skip
    grids = (
        _grid(entries, padding, padding_entry, patch, common),
        _grid(kernel, 0, "", (), common),
        _grid(output, 0, "", current, common),
    )
    base = -max(grid.height for grid in grids) / 2 - 14.0
    drawn: list[Element] = []
    x = 0.0
    for grid, sign, caption in zip(grids, (operator, "=", ""), (*captions, "", "", "")[:3], strict=True):
        drawn += [element.moved(x, 0.0) for element in grid.drawn()]
        if caption:
            drawn.append(Label(caption, x + grid.width / 2, base, "base", 9.0))
        x += grid.width + 26.0
        if sign:
            drawn.append(Label(sign, x - 13.0, -_BASELINE * _ENTRY, "base", 12.0))
    told = [
        _told("Input", entries, padding, padding_entry, patch),
        _told("Kernel", kernel, 0, "", ()),
        _told("Output", output, 0, "", current),
    ]
    return finished(drawn, f"{description} {' '.join(told)}", max_width)


def _grid(entries: Sequence[Sequence[str]], padding: int, filler: str, marked: Collection[Cell], cell: float) -> _Grid:
    """Check the entries, pad them, and make the cells wide enough for the widest."""
    if not entries or not entries[0] or len({len(row) for row in entries}) > 1:
        raise ValueError("a grid needs rows of one and the same length")
    columns = len(entries[0]) + 2 * padding
    border = [(filler,) * columns] * padding
    side = (filler,) * padding
    full = (*border, *((*side, *row, *side) for row in entries), *border)
    outside = [place for place in marked if not (0 <= place[0] < len(full) and 0 <= place[1] < columns)]
    if outside:
        raise ValueError(f"cell {outside[0]} lies outside the grid of {len(full)} rows and {columns} columns")
    sizes = [extent(entry, _ENTRY) for row in full for entry in row]
    wide = max(max(size.width + 4.0, size.height + size.depth + 5.0) for size in sizes)
    return _Grid(full, padding, frozenset(marked), max(cell, wide))


def _told(name: str, entries: Sequence[Sequence[str]], padding: int, filler: str, marked: Collection[Cell]) -> str:
    """Tell the rows, the padding and the marked cells."""
    rows = "; ".join(f"row {i + 1}: " + ", ".join(reading(e) or "empty" for e in row) for i, row in enumerate(entries))
    told = f"{name} of {len(entries)} × {len(entries[0])} cells: {rows}."
    if padding:
        cells = "cell" if padding == 1 else "cells"
        held = f"{cells} holding {reading(filler)}" if filler else f"empty {cells}"
        told += f" It is padded on every side by {padding} {held}."
    if marked:
        places = [f"row {i + 1}, column {j + 1}" for i, j in sorted(marked)]
        where = " (counted with the padding)" if padding else ""
        told += f" Marked{where}: {listing(places) if len(places) < 3 else '; '.join(places)}."
    return told
