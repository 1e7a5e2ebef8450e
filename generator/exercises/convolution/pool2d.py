"""The output of a pooling layer, and the way of gradients back through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray

from generator.draw import Draw, Level
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Part,
    Rectangular,
    Slip,
    Solution,
    Space,
    agree,
    exercise,
    must,
    wanted,
)
from generator.figure import Figure, beside, grid_figure
from generator.notation import Value, tex
from generator.solver import pooling
from generator.solver.convolution import output_length, padded
from generator.solver.pooling import Cell, Mode
from generator.working import Line, apply, line, num, total

LARGEST_MAP = 8
"""Rows and columns that a feature map may have, so that it fits on the page."""
Matrix = Annotated[tuple[tuple[Annotated[int, Between(-100, 100)], ...], ...], Rectangular(LARGEST_MAP)]
MODES: tuple[Mode, ...] = ("max", "average", "l2")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a level draws: mode, input rows and columns, window, stride, padding."""

    mode: Mode
    rows: int
    columns: int
    window: int
    stride: int
    padding: int = 0


PLANS: Mapping[Level, tuple[Plan, ...]] = {
    "easy": (Plan("max", 4, 4, 2, 2), Plan("average", 4, 4, 2, 2)),
    "medium": (
        Plan("max", 5, 5, 3, 1),
        Plan("max", 5, 5, 3, 2, 1),
        Plan("average", 4, 4, 2, 2, 1),
        Plan("average", 4, 4, 2, 1),
        Plan("l2", 4, 6, 2, 2),
        Plan("l2", 6, 4, 2, 2),
    ),
    "hard": (
        Plan("max", 5, 5, 3, 1),
        Plan("max", 5, 5, 3, 2, 1),
        Plan("average", 4, 4, 2, 1),
        Plan("l2", 4, 6, 2, 2),
        Plan("l2", 6, 4, 2, 2),
    ),
}
QUADRUPLES = (
    (0, 1, 2, 2), (1, 2, 2, 4), (1, 1, 3, 5), (1, 4, 4, 4), (2, 2, 4, 5), (0, 2, 3, 6), (2, 4, 5, 6), (0, 1, 4, 8),
    (1, 5, 5, 7),
)  # fmt: skip
"""Whole numbers the sum of whose squares is a square, so that L2 pooling over 2 × 2 windows gives whole numbers."""


def _draw_image(d: Draw, plan: Plan) -> Matrix:
    if plan.mode == "max":
        # Different entries leave no doubt which one is the maximum.
        entries = d.sample(range(-15, 16), plan.rows * plan.columns)
        return tuple(entries[start : start + plan.columns] for start in range(0, len(entries), plan.columns))
    if plan.mode == "average":
        return tuple(d.integers(plan.columns, -9, 9) for _ in range(plan.rows))
    # Different quadruples, so that hardly any two outputs are equal.
    quadruples = iter(d.sample(QUADRUPLES, plan.rows * plan.columns // 4))
    rows: list[tuple[int, ...]] = []
    for _ in range(plan.rows // 2):
        blocks = [[entry * d.pick((-1, 1)) for entry in d.shuffled(next(quadruples))] for _ in range(plan.columns // 2)]
        rows += [tuple(entry for block in blocks for entry in block[half : half + 2]) for half in (0, 2)]
    return tuple(rows)


@exercise(title="Pooling layer", source=("A3",))
@dataclass(frozen=True, slots=True)
class Pool2d(Exercise):
    """One feature map and one pooling layer; ``gradient`` (of the output's shape) asks for the backward pass."""

    input: Matrix
    window: Annotated[int, Between(1, 5)]
    stride: Annotated[int, Between(1, 5)]
    padding: Annotated[int, Between(0, 2)]
    mode: Literal["max", "average", "l2"]
    gradient: Matrix | None

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        mode = d.given("mode", lambda: d.pick(MODES[: 2 if level == "easy" else 3]))
        # At level easy a pinned mode has no plan of its own.
        plan = d.pick([plan for plan in PLANS[level] if plan.mode == mode] or [Plan(mode, 4, 4, 2, 2)])
        drawn = cls(
            input=d.given("input", lambda: _draw_image(d, plan)),
            window=d.given("window", lambda: plan.window),
            stride=d.given("stride", lambda: plan.stride),
            padding=d.given("padding", lambda: plan.padding),
            mode=mode,
            gradient=None,
        )
        # Pinned values may leave no real entry under a window; the conditions say so.
        sound = 2 * drawn.padding <= drawn.window
        gradient = d.given("gradient", lambda: drawn._draw_gradient(d) if level == "hard" and sound else None)
        return cls(drawn.input, drawn.window, drawn.stride, drawn.padding, mode, gradient)

    def _draw_gradient(self, d: Draw) -> Matrix:
        """A gradient for the output that makes whole numbers of the gradient for the input."""

        def entry(value: Value) -> int:
            factor = {"max": 1, "average": self.size, "l2": value if isinstance(value, int) else 1}[self.mode]
            return int(factor) * d.nonzero(*((-5, 5) if self.mode == "max" else (-2, 2)))

        return tuple(tuple(entry(value) for value in row) for row in self.output)

    @property
    def size(self) -> int:
        """Entries of a window."""
        return self.window**2

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the input."""
        return len(self.input), len(self.input[0])

    @property
    def covered(self) -> tuple[tuple[tuple[Cell, ...], ...], ...]:
        """The input's cells under every window."""
        return pooling.windows(self.shape, self.window, self.stride, self.padding)

    @property
    def output(self) -> pooling.Values:
        """The pooled map; empty where no window fits."""
        return pooling.pooled(self.input, self.covered, self.size, self.mode)

    @property
    def reached(self) -> Mapping[Cell, tuple[Cell, ...]]:
        """The output entries that hand their gradient to an input entry."""
        return pooling.receivers(self.input, self.covered, self.mode)

    @property
    def ties(self) -> bool:
        """Whether the maximum of some window occurs more than once in it."""
        maps = [[self.input[i][j] for i, j in cells] for row in self.covered for cells in row]
        return self.mode == "max" and any(entries.count(max(entries)) > 1 for entries in maps)

    def conditions(self) -> Iterable[Condition]:
        height, width = (output_length(length, self.window, self.stride, self.padding, 1) for length in self.shape)
        yield must("the padding is at most half as wide as the window", 2 * self.padding <= self.window)
        yield must("the window fits into the padded input", min(height, width) >= 1)
        yield must(f"the output has at most {LARGEST_MAP} rows and columns", max(height, width) <= LARGEST_MAP)
        output = self.output
        values = [value for row in output for value in row]
        if self.gradient is not None:
            same = (len(self.gradient), len(self.gradient[0])) == (height, width)
            yield must("the gradient has the output's rows and columns", same)
            yield must("no L2 norm is 0, where it has no gradient", self.mode != "l2" or 0 not in values)
        yield wanted("no window has its maximum twice", not self.ties)
        yield wanted("the output's entries are not nearly all alike", len(set(values)) >= min(4, len(values)))
        yield wanted("at most one output entry is 0", values.count(0) <= 1)
        if self.gradient is not None:
            routed = self._backward()
            cancelled = [(i, j) for i, j in self.reached if not routed[i][j]]
            # With the L2 norm, a zero of the input has gradient 0 by right.
            by_right = self.mode == "l2" and not any(self.input[i][j] for i, j in cancelled)
            yield wanted("no gradients cancel", not cancelled or by_right)

    def _backward(self) -> pooling.Values:
        assert self.gradient is not None  # asked for only where there is one
        return pooling.backward(self.input, self.reached, self.output, self.size, self.mode, self.gradient)

    def solve(self) -> Solution:
        return Solution((self._forward_part(), *([self._backward_part()] if self.gradient else [])))

    def _forward_part(self) -> Part:
        output = self.output
        row, column = 0, min(1, len(output[0]) - 1)
        largest = max(len(output), len(output[0]))
        count = len(output) * len(output[0])
        operations = {
            "max": {"comparisons": count * (self.size - 1)},
            "average": {"additions": count * (self.size - 1), "divisions": count},
            "l2": {"powers": count * self.size, "additions": count * (self.size - 1), "functions": count},
        }
        return Part(
            "a",
            "matrix",
            output,
            points=3,
            work={
                "size": tuple(self._size_line(length) for length in self.shape),
                "row": row,
                "column": column,
                "entry": self._entry_tex(row, column, output[row][column]),
            },
            space=Space("grid", largest + 1, largest + 1),
            extra_effort=operations[self.mode],
        )

    def _size_line(self, length: int) -> Line:
        return line("", apply("floor", (num(length) + num(2) * self.padding - self.window) / self.stride) + 1)

    def _entry_tex(self, row: int, column: int, value: Value) -> str:
        left = f"Y_{{{row + 1},{column + 1}}}"
        entries = [self.input[i][j] for i, j in self.covered[row][column]]
        if self.mode == "max":
            return rf"{left} = \max\left\{{{', '.join(map(tex, entries))}\right\}} = {tex(value)}"
        if self.mode == "average":
            return line(left, total(entries) / self.size).tex
        return line(left, apply("sqrt", total(num(entry) ** 2 for entry in entries))).tex

    def _backward_part(self) -> Part:
        reached = self.reached
        # The first of the entries that most windows hand a gradient to is the one worth showing.
        (row, column), sources = max(
            ((cell, reached[cell]) for cell in sorted(reached)),
            key=lambda pair: (len(pair[1]), self.input[pair[0][0]][pair[0][1]] != 0),
        )
        shares = sum(map(len, reached.values()))
        # With the maximum, every entry of the input is looked at; else every share is worked out.
        entries = len(self.input) * len(self.input[0])
        each = {"comparisons": entries} if self.mode == "max" else {"multiplications": shares}
        return Part(
            "b",
            "matrix",
            self._backward(),
            points=4,
            work={
                "row": row,
                "column": column,
                "several": len(sources) if len(sources) > 1 else 0,
                "entry": self._share_line(row, column, sources),
            },
            extra_effort={"additions": shares - len(reached), **each},
        )

    def _share_line(self, row: int, column: int, sources: tuple[Cell, ...]) -> Line:
        assert self.gradient is not None  # asked for only where there is one
        left = rf"\frac{{\partial \ell}}{{\partial X_{{{row + 1},{column + 1}}}}}"
        output, here = self.output, f"X_{{{row + 1},{column + 1}}}"
        names = [f"{{{i + 1},{j + 1}}}" for i, j in sources]
        upstream = [self.gradient[i][j] for i, j in sources]
        added = " + ".join(f"G_{name}" for name in names)
        if self.mode == "max":
            return line(left, total(upstream), formula=added)
        if self.mode == "average":
            return line(left, total(upstream) / self.size, formula=rf"\frac{{{added}}}{{{self.size}}}")
        return line(
            left,
            total(
                num(given) * self.input[row][column] / output[i][j]
                for given, (i, j) in zip(upstream, sources, strict=True)
            ),
            formula=" + ".join(rf"\frac{{G_{name} \, {here}}}{{Y_{name}}}" for name in names),
        )

    def check(self, solution: Solution) -> Iterable[Check]:
        images = np.array(self.input, dtype=float)[None]
        found = self._pool(images)[0]
        yield agree("a", "pooling the padded array", solution["a"].answer, found)
        sizes = tuple(entry.result for entry in solution["a"].work["size"])
        yield agree("a", "the rows and columns found, against the size as worked out", sizes, found.shape)
        if self.gradient:
            found = self._differences(images[0])
            yield agree("b", "central differences", solution["b"].answer, found, tolerance=1e-6)

    def _pool(self, images: NDArray[np.float64]) -> NDArray[np.float64]:
        """A stack of inputs pooled window by window."""
        border = ((0, 0), (self.padding, self.padding), (self.padding, self.padding))
        padded = np.pad(images, border, constant_values=-np.inf if self.mode == "max" else 0.0)
        seen = np.lib.stride_tricks.sliding_window_view(padded, (self.window, self.window), axis=(1, 2))
        seen = seen[:, :: self.stride, :: self.stride]
        if self.mode == "max":
            return np.asarray(seen.max(axis=(3, 4)))
        return np.asarray(seen.mean(axis=(3, 4)) if self.mode == "average" else np.sqrt((seen**2).sum(axis=(3, 4))))

    def _differences(self, image: NDArray[np.float64]) -> NDArray[np.float64]:
        """The loss is taken as the sum of G times the output; every input entry is moved up and down."""
        if self.mode == "max":
            # A slope down the reading order makes the first of equal maxima the largest, and changes no other order.
            image = image - 1e-3 * np.arange(image.size).reshape(image.shape)
        step = 1e-4
        moves = step * np.eye(image.size).reshape(image.size, *image.shape)
        change = self._pool(image + moves) - self._pool(image - moves)
        gradient = np.array(self.gradient, dtype=float)
        return np.asarray((change * gradient).sum(axis=(1, 2)) / (2 * step)).reshape(image.shape)

    def slips(self) -> Iterable[Slip]:
        if self.stride > 1:
            everywhere = pooling.windows(self.shape, self.window, 1, self.padding)
            yield Slip("a", "stride ignored", pooling.pooled(self.input, everywhere, self.size, self.mode))
        yield from {"max": self._max_slips, "average": self._average_slips, "l2": self._norm_slips}[self.mode]()
        if self.gradient:
            yield from self._backward_slips(self.gradient)

    def _max_slips(self) -> Iterable[Slip]:
        if self.padding:
            image = padded(self.input, *[self.padding] * 4)
            shape = (len(image), len(image[0]))
            windows = pooling.windows(shape, self.window, self.stride, 0)
            name = "zeros of the padding taking part in the maximum"
            yield Slip("a", name, pooling.pooled(image, windows, None, "max"))
        if any(entry < 0 for row in self.input for entry in row):
            yield Slip("a", "signs ignored", pooling.pooled(self._each(abs), self.covered, None, "max"))

    def _average_slips(self) -> Iterable[Slip]:
        if self.window > 1:
            yield Slip("a", "sum not divided", pooling.pooled(self.input, self.covered, 1, "average"))
        if self.padding:
            name = "padded entries left out of the count"
            yield Slip("a", name, pooling.pooled(self.input, self.covered, None, "average"))

    def _norm_slips(self) -> Iterable[Slip]:
        squares = self._each(lambda entry: entry**2)
        yield Slip("a", "root forgotten", pooling.pooled(squares, self.covered, 1, "average"))
        if self.window > 1:
            yield Slip("a", "absolute values added", pooling.pooled(self._each(abs), self.covered, 1, "average"))

    def _each(self, change: Callable[[int], int]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(change(entry) for entry in row) for row in self.input)

    def _backward_slips(self, gradient: tuple[tuple[int, ...], ...]) -> Iterable[Slip]:
        reached, output, size, mode = self.reached, self.output, self.size, self.mode
        everyone = pooling.receivers(self.input, self.covered, "average")
        equal = pooling.backward(self.input, everyone, output, size, "average", gradient)
        whole = pooling.backward(self.input, everyone, output, 1, "average", gradient)
        if mode == "max" and self.window > 1:
            yield Slip("b", "gradient handed to all entries of the window", whole)
            yield Slip("b", "gradient shared equally, as for a mean", equal)
        elif mode == "average" and self.window > 1:
            largest = pooling.receivers(self.input, self.covered, "max")
            yield Slip("b", "not divided by the number of entries", whole)
            only = pooling.backward(self.input, largest, output, size, "max", gradient)
            yield Slip("b", "gradient handed to the maximum only", only)
        elif mode == "l2":
            ones = tuple(tuple(1 for _ in row) for row in output)
            yield Slip(
                "b", "not divided by the norm", pooling.backward(self.input, reached, ones, size, mode, gradient)
            )
        if any(len(sources) > 1 for sources in reached.values()):
            last = {cell: sources[-1:] for cell, sources in reached.items()}
            overwritten = pooling.backward(self.input, last, output, size, mode, gradient)
            yield Slip("b", "overlapping windows overwrite instead of adding", overwritten)

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        part = solution["a"]
        row, column = part.work["row"], part.work["column"]
        window = [
            (row * self.stride + i, column * self.stride + j) for i in range(self.window) for j in range(self.window)
        ]
        place = f"row {row + 1}, column {column + 1}"
        # A padded entry is no number that the maximum could pick.
        border = "" if self.mode == "max" else "0"
        figures = {
            "window": beside(
                [
                    grid_figure(
                        _texts(self.input),
                        name="X",
                        padding=self.padding,
                        padding_entry=border,
                        highlight=window,
                        description=f"The window that gives the output entry in {place}.",
                    ),
                    grid_figure(
                        _texts(part.answer),
                        name="Y",
                        highlight=[(row, column)],
                        description=f"The output, its entry in {place} marked.",
                    ),
                ]
            )
        }
        if self.gradient and self.mode == "max":
            chosen = sorted(self.reached)
            figures["receivers"] = grid_figure(
                _texts(self.input),
                name="X",
                highlight=chosen,
                description="The input, every entry marked that is the maximum of a window.",
            )
        return figures


def _texts(matrix: pooling.Values) -> list[list[str]]:
    return [[tex(entry) for entry in row] for row in matrix]
