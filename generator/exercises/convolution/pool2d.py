"""The output of a pooling layer, and the way of gradients back through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
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
from generator.exercises.convolution._pooled_map import MODES, PLANS, Plan, drawn_map
from generator.figure import Figure, beside, grid_figure
from generator.notation import Value, tex
from generator.solver import pooling
from generator.solver.convolution import output_length, padded, window_size
from generator.solver.formula import formula_line, letters_tex
from generator.solver.pooling import Cell
from generator.working import Line, Term, line, num

LARGEST_MAP = 8
"""Rows and columns that a feature map may have, so that it fits on the page."""
Matrix = Annotated[tuple[tuple[Annotated[int, Between(-100, 100)], ...], ...], Rectangular(LARGEST_MAP)]
GRADIENTS = 20
"""Gradients of the output that are tried for one in which nothing cancels on the way back."""


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
            input=d.given("input", lambda: drawn_map(d, plan)),
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

        for _ in range(GRADIENTS):
            gradient = tuple(tuple(entry(value) for value in row) for row in self.output)
            if not self._cancelled(gradient):
                break
        return gradient

    def _cancelled(self, gradient: Matrix) -> bool:
        """Whether a place that gradients come back to gets 0 in the end; with the L2 norm, a zero does so by right."""
        routed = self._backward(gradient)
        return any(not routed[i][j] and (self.mode != "l2" or self.input[i][j]) for i, j in self.reached)

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
        yield wanted("no root is left in the output", all(isinstance(value, int | Fraction) for value in values))
        if self.gradient is not None:
            yield wanted("no gradients cancel", not self._cancelled(self.gradient))

    def _backward(self, gradient: Matrix) -> pooling.Values:
        return pooling.backward(self.input, self.reached, self.output, self.size, self.mode, gradient)

    def solve(self) -> Solution:
        backward = [self._backward_part(self.gradient)] if self.gradient else []
        return Solution((self._forward_part(), *backward))

    def _forward_part(self) -> Part:
        output = self.output
        row, column = 0, min(1, len(output[0]) - 1)
        largest = max(len(output), len(output[0]))
        unshown = len(output) * len(output[0]) - 1
        operations = {
            "max": {"comparisons": unshown * (self.size - 1)},
            "average": {"additions": unshown * (self.size - 1), "divisions": unshown},
            "l2": {"powers": unshown * self.size, "additions": unshown * (self.size - 1), "functions": unshown},
        }
        return Part(
            "a",
            "matrix",
            output,
            points=3,
            work={
                "size": tuple(self._size_line(axis) for axis in (0, 1)),
                "row": row,
                "column": column,
                "entry": self._entry_line(row, column),
            },
            space=Space("grid", largest + 1, largest + 1),
            extra_effort=operations[self.mode],
        )

    def _size_line(self, axis: int) -> Line:
        numbers = {f"n_{axis + 1}": self.shape[axis], "k": self.window, "s": self.stride, "p": self.padding}
        return formula_line(f"m_{axis + 1}", window_size, numbers)

    def _entry_line(self, row: int, column: int) -> Line:
        entries = [num(self.input[i][j]) for i, j in self.covered[row][column]]
        return line(_name("Y", (row, column)), pooling.window_value(self.mode, entries, self.size))

    def _backward_part(self, gradient: Matrix) -> Part:
        reached = self.reached
        # The first of the entries that most windows hand a gradient to is the one worth showing.
        (row, column), sources = max(
            ((cell, reached[cell]) for cell in sorted(reached)),
            key=lambda pair: (len(pair[1]), self.input[pair[0][0]][pair[0][1]] != 0),
        )
        handed = sum(map(len, reached.values()))
        # With the maximum, every entry of the input is looked at; else every share is worked out.
        entries = len(self.input) * len(self.input[0])
        each = {"comparisons": entries} if self.mode == "max" else {"multiplications": handed}
        return Part(
            "b",
            "matrix",
            self._backward(gradient),
            points=4,
            work={
                "row": row,
                "column": column,
                "several": len(sources) if len(sources) > 1 else 0,
                "slope": self._slope((row, column), sources[0]),
                "entry": self._share_line((row, column), sources),
            },
            extra_effort={"additions": handed - len(reached), **each},
        )

    def _slope(self, entry: Cell, at: Cell) -> Mapping[str, str]:
        """What one window gives, in letters, and the forms of its derivative by one of its entries."""
        cells = self.covered[at[0]][at[1]]
        entries, output = [num(_name("X", cell)) for cell in cells], num(_name("Y", at))
        forms = pooling.window_slopes(self.mode, entries, self.size, output, cells.index(entry))
        return {
            "output": output.tex(),
            "entry": _name("X", entry),
            "value": letters_tex(pooling.window_value(self.mode, entries, self.size)),
            "forms": " = ".join(map(letters_tex, forms)),
        }

    def _share_line(self, entry: Cell, sources: tuple[Cell, ...]) -> Line:
        assert self.gradient is not None  # asked for only where there is one
        numbers: dict[str, Value] = {_name("G", cell): self.gradient[cell[0]][cell[1]] for cell in sources}
        if self.mode == "l2":
            numbers[_name("X", entry)] = self.input[entry[0]][entry[1]]
            numbers |= {_name("Y", cell): self.output[cell[0]][cell[1]] for cell in sources}
        count = len(sources)

        def shared(*terms: Term) -> Term:
            own = terms[count] if len(terms) > count else num(1)  # only the L2 norm needs the entry itself
            return pooling.shares(self.mode, self.size, own, terms[:count], terms[count + 1 :])

        return formula_line(rf"\frac{{\partial \ell}}{{\partial {_name('X', entry)}}}", shared, numbers)

    def pattern(self) -> str:
        return f"{self.mode}, window {self.window}, stride {self.stride}, padding {self.padding}"

    def check(self, solution: Solution) -> Iterable[Check]:
        images = np.array(self.input, dtype=float)[None]
        found = self._pool(images)[0]
        yield agree("a", "pooling the padded array", solution["a"].answer, found)
        sizes = tuple(entry.result for entry in solution["a"].work["size"])
        yield agree("a", "the rows and columns found, against the size as worked out", sizes, found.shape)
        entry = solution["a"].work
        here = found[entry["row"]][entry["column"]]
        yield agree("a", "NumPy windows, for the entry worked out", entry["entry"].result, here)
        if self.gradient:
            found = self._differences(images[0])
            entry = solution["b"].work
            here = found[entry["row"]][entry["column"]]
            text = "central differences, for the entry worked out"
            yield agree("b", text, entry["entry"].result, here, tolerance=1e-6)
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


def _name(letter: str, cell: Cell) -> str:
    return f"{letter}_{{{cell[0] + 1},{cell[1] + 1}}}"


def _texts(matrix: pooling.Values) -> list[list[str]]:
    return [[tex(entry) for entry in row] for row in matrix]
