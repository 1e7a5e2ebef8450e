"""The output of a convolutional layer for several strides, paddings and dilations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal, Self

from generator.draw import Draw, Level
from generator.exercise import (
    Between,
    Check,
    Condition,
    Exercise,
    Length,
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
from generator.figure import Figure, beside, grid_figure, patch_figure, stacked
from generator.solver import convolution as conv
from generator.solver.formula import formula_line
from generator.working import Line, line, num, product, total

LARGEST_OUTPUT = 8
"""Rows and columns that a feature map may have, so that it fits on the page."""

Entries = tuple[tuple[Annotated[int, Between(-100, 100)], ...], ...]
Matrix = Annotated[Entries, Rectangular(LARGEST_OUTPUT)]
Kernel = Annotated[Entries, Rectangular(5)]


@dataclass(frozen=True, slots=True)
class Setting:
    """How the kernel moves: step width, border of zeros on every side, distance between the kernel's entries."""

    stride: Annotated[int, Between(1, 5)]
    padding: Annotated[int, Between(0, 4)]
    dilation: Annotated[int, Between(1, 4)] = 1


PLAIN = Setting(1, 0)
SIZES: Mapping[Level, tuple[tuple[int, int, int, int], ...]] = {  # input rows, columns, kernel rows, columns
    "easy": ((3, 3, 2, 2),),
    "medium": ((4, 4, 2, 2),),
    "hard": ((5, 5, 3, 3), (5, 6, 2, 3), (6, 5, 3, 2)),
}
SETTINGS: Mapping[Level, tuple[tuple[Setting, ...], ...]] = {
    "easy": ((PLAIN, Setting(2, 1)), (PLAIN, Setting(3, 1))),
    "medium": ((PLAIN, Setting(2, 0), Setting(2, 1)), (PLAIN, Setting(3, 1), Setting(2, 1))),
    "hard": ((PLAIN, Setting(3, 1), Setting(2, 1, 2)), (PLAIN, Setting(3, 1), Setting(3, 2, 2))),
}
"""All sizes and lists of settings of one level take nearly the same number of products."""


@exercise(title="Output of a convolutional layer", source=("A3", "C2"))
@dataclass(frozen=True, slots=True)
class Conv2d(Exercise):
    """One feature map and one kernel (per channel), several settings.

    ``input`` and ``kernel`` are the first channel; ``more_input`` and ``more_kernels`` hold further ones.
    """

    input: Matrix
    kernel: Kernel
    settings: Annotated[tuple[Setting, ...], Length(1, 6)]
    bias: Annotated[int, Between(-20, 20)]
    more_input: Annotated[tuple[Matrix, ...], Length(0, 2)]
    more_kernels: Annotated[tuple[Kernel, ...], Length(0, 2)]
    operation: Literal["cross-correlation", "convolution"]

    @classmethod
    def draw(cls, d: Draw, level: Level) -> Self:
        rows, columns, kernel_rows, kernel_columns = d.pick(SIZES[level])
        reach = 2 if level == "easy" else 3

        def image() -> Matrix:
            return tuple(d.integers(columns, -reach, reach) for _ in range(rows))

        def small_kernel() -> Matrix:
            return tuple(d.integers(kernel_columns, -2, 2) for _ in range(kernel_rows))

        first, kernel = d.given("input", image), d.given("kernel", small_kernel)
        # Further channels have the size of the first, which may be a pinned one.
        rows, columns, kernel_rows, kernel_columns = len(first), len(first[0]), len(kernel), len(kernel[0])
        more_input: tuple[Matrix, ...] = d.given("more_input", tuple)
        more_kernels = d.given("more_kernels", lambda: tuple(small_kernel() for _ in more_input))
        if "more_input" not in d.pins:
            more_input = tuple(image() for _ in more_kernels)
        return cls(
            input=first,
            kernel=kernel,
            settings=d.given("settings", lambda: d.pick(SETTINGS[level])),
            bias=d.given("bias", lambda: d.nonzero(-3, 3) if level == "hard" and "kernel" not in d.pins else 0),
            more_input=more_input,
            more_kernels=more_kernels,
            operation=d.given("operation", lambda: "cross-correlation"),
        )

    @property
    def channels(self) -> tuple[Matrix, ...]:
        """All input channels."""
        return (self.input, *self.more_input)

    @property
    def kernels(self) -> tuple[Matrix, ...]:
        """One kernel per channel."""
        return (self.kernel, *self.more_kernels)

    @property
    def applied_kernels(self) -> tuple[Matrix, ...]:
        """The kernels as they are laid on the patches: turned by 180 degrees for a true convolution."""
        if self.operation == "convolution":
            return tuple(conv.flipped(kernel) for kernel in self.kernels)
        return self.kernels

    def size(self, setting: Setting) -> tuple[int, int]:
        """Rows and columns of the output."""
        rows, columns = (
            conv.output_length(length, kernel, setting.stride, setting.padding, setting.dilation)
            for length, kernel in zip(_shape(self.input), _shape(self.kernel), strict=True)
        )
        return rows, columns

    def output(
        self,
        setting: Setting,
        *,
        kernels: tuple[Matrix, ...] | None = None,
        borders: tuple[int, int, int, int] | None = None,
        strides: tuple[int, int] | None = None,
    ) -> Matrix:
        """The output for a setting; the slips replace the kernels, the borders or the strides."""
        border = (setting.padding,) * 4 if borders is None else borders
        return conv.cross_correlate(
            [conv.padded(channel, *border) for channel in self.channels],
            self.applied_kernels if kernels is None else kernels,
            strides=(setting.stride,) * 2 if strides is None else strides,
            dilation=setting.dilation,
            bias=self.bias,
        )

    def conditions(self) -> Iterable[Condition]:
        yield must(
            "every input channel has a kernel of its own, all of the same size",
            len(self.more_input) == len(self.more_kernels)
            and {_shape(channel) for channel in self.channels} == {_shape(self.input)}
            and {_shape(kernel) for kernel in self.kernels} == {_shape(self.kernel)},
        )
        for setting in self.settings:
            text = f"the kernel fits into the padded input for stride {setting.stride}, padding {setting.padding}"
            yield must(f"{text}, dilation {setting.dilation}", min(self.size(setting)) >= 1)
            yield must(
                f"no output has more than {LARGEST_OUTPUT} rows or columns", max(self.size(setting)) <= LARGEST_OUTPUT
            )
        outputs = [[value for row in self.output(setting) for value in row] for setting in self.settings]
        largest = max(abs(value) for values in outputs for value in values)
        yield must("no output entry has more than four digits", largest < 10_000)
        yield must("no two settings are the same", len(set(self.settings)) == len(self.settings))
        yield must("the kernel has an entry other than 0", any(map(any, self.kernel)))
        for kernel in self.kernels:
            yield wanted("the kernel differs from itself turned by 180 degrees", kernel != conv.flipped(kernel))
            entries = [entry for row in kernel for entry in row]
            yield wanted("at most a third of the kernel's entries are 0", 3 * entries.count(0) <= len(entries))
        for matrix in (*self.channels, *self.kernels):
            yield wanted(
                "no row and no column is all zeros",
                all(map(any, matrix)) and all(map(any, zip(*matrix, strict=True))),
            )
            yield wanted(
                "no two neighbouring rows are equal",
                all(a != b for a, b in pairwise(matrix)),
            )
        for values in outputs:
            text = "the outputs are not nearly all alike"
            yield wanted(text, len(set(values)) >= min(3, len(values)) and values.count(0) * 2 <= len(values))

    def solve(self) -> Solution:
        largest = max(max(self.size(setting)) for setting in self.settings)
        # One size of grid for all parts, larger than any answer, does not give the output sizes away.
        space = Space("grid", largest + 1, largest + 1)
        parts = tuple(self._part(name, setting, space) for name, setting in zip("abcdef", self.settings, strict=False))
        return Solution(parts)

    def _part(self, name: str, setting: Setting, space: Space) -> Part:
        output = self.output(setting)
        borders = (setting.padding,) * 4
        images = tuple(conv.padded(channel, *borders) for channel in self.channels)
        row, column = _busiest(images[0], self.kernel, setting, _shape(output))
        shown = self._entry(images, setting, row, column)
        weights = sum(map(_size, self.kernels))
        unshown = _size(output) - 1
        return Part(
            id=name,
            kind="matrix",
            answer=output,
            points=(3 if setting == PLAIN else 4) + (_size(self.kernel) > 4),
            work={
                "setting": setting,
                "padded": images,
                "size": tuple(_size_line(self, setting, axis) for axis in (0, 1)),
                "row": row,
                "column": column,
                "entry": shown,
                "rows": shown.folded(self._terms_in_a_row(weights)),
            },
            space=space,
            extra_effort={
                "multiplications": unshown * weights,
                "additions": unshown * (weights - 1 + bool(self.bias)),
            },
        )

    def _terms_in_a_row(self, weights: int) -> int:
        """How many products of an entry stand in one row: whole rows of the kernel, and no bias all alone."""
        columns = _shape(self.kernel)[1]
        whole = columns * max(1, 6 // columns)
        return whole + 1 if self.bias and weights == whole else whole

    def _entry(self, images: tuple[Matrix, ...], setting: Setting, row: int, column: int) -> Line:
        rows, columns = _shape(self.kernel)
        corner = (row * setting.stride, column * setting.stride)
        products = [
            product([weight, value])
            for image, kernel in zip(images, self.applied_kernels, strict=True)
            for weights, values in zip(kernel, conv.patch(image, *corner, rows, columns, setting.dilation), strict=True)
            for weight, value in zip(weights, values, strict=True)
        ]
        bias = [num(self.bias)] if self.bias else []
        return line(f"Y_{{{row + 1},{column + 1}}}", total([*products, *bias]))

    def check(self, solution: Solution) -> Iterable[Check]:
        for part, setting in zip(solution.parts, self.settings, strict=True):
            found = conv.by_fourier_transform(
                self.channels,
                [conv.flipped(kernel) for kernel in self.kernels] if self.operation == "convolution" else self.kernels,
                stride=setting.stride,
                padding=setting.padding,
                dilation=setting.dilation,
                bias=self.bias,
            )
            yield agree(part.id, "the convolution theorem (Fourier transform)", part.answer, found)
            sizes = tuple(entry.result for entry in part.work["size"])
            yield agree(part.id, "the rows and columns found, against the size as worked out", sizes, found.shape)
            here = found[part.work["row"]][part.work["column"]]
            yield agree(part.id, "the convolution theorem, for the entry worked out", part.work["entry"].result, here)

    def slips(self) -> Iterable[Slip]:
        orientation = "kernel not turned" if self.operation == "convolution" else "kernel turned by 180 degrees"
        for part, setting in zip("abcdef", self.settings, strict=False):
            turned = tuple(conv.flipped(kernel) for kernel in self.applied_kernels)
            yield Slip(part, orientation, self.output(setting, kernels=turned), apart=True)
            if min(self._rest(setting)) < setting.padding:  # else no patch reaches the zeros at the bottom or right
                one_sided = self.output(setting, borders=(setting.padding, 0, setting.padding, 0))
                yield Slip(part, "zeros added on the top and the left only", one_sided)
            if setting.padding:
                yield Slip(part, "padding left out", self.output(setting, borders=(0, 0, 0, 0)))
            if setting.stride > 1 and self.size(setting)[1] > 1:
                yield Slip(part, "stride used downwards only", self.output(setting, strides=(setting.stride, 1)))
            if setting.stride > 1 and any(self._rest(setting)):
                extra = tuple(setting.padding + bool(rest) * (setting.stride - rest) for rest in self._rest(setting))
                rounded_up = self.output(setting, borders=(setting.padding, extra[0], setting.padding, extra[1]))
                yield Slip(part, "size rounded up instead of down", rounded_up)
            if setting.dilation > 1:
                undilated = Setting(setting.stride, setting.padding)
                yield Slip(part, "dilation ignored", self.output(undilated), apart=True)

    def _rest(self, setting: Setting) -> tuple[int, int]:
        """Rows and columns of the padded input that the last full step does not reach."""
        down, across = (
            (length + 2 * setting.padding - setting.dilation * (kernel - 1) - 1) % setting.stride
            for length, kernel in zip(_shape(self.input), _shape(self.kernel), strict=True)
        )
        return down, across

    def pattern(self) -> str:
        settings = [f"stride {s.stride} padding {s.padding} dilation {s.dilation}" for s in self.settings]
        rows, columns = sorted(_shape(self.kernel))
        return f"kernel {rows}×{columns}, {', '.join(settings)}"

    def figures(self, solution: Solution) -> Mapping[str, Figure]:
        return {f"patch-{part.id}": self._patch_figure(part) for part in solution.parts}

    def _patch_figure(self, part: Part) -> Figure:
        setting, row, column = part.work["setting"], part.work["row"], part.work["column"]
        rows, columns = _shape(self.kernel)
        cells = [
            (row * setting.stride + setting.dilation * i, column * setting.stride + setting.dilation * j)
            for i in range(rows)
            for j in range(columns)
        ]
        description = f"The patch that gives the output entry in row {row + 1}, column {column + 1}."
        if len(self.channels) == 1 and not self.bias:
            return patch_figure(
                _texts(self.input),
                _texts(self.applied_kernels[0]),
                _texts(part.answer),
                padding=setting.padding,
                patch=cells,
                output_cell=(row, column),
                description=description,
            )
        # With a bias or several channels the output is not input ⋆ kernel: the grids stand side by side.
        layers = [self._channel_figure(channel, setting.padding, cells) for channel in range(len(self.channels))]
        output = grid_figure(_texts(part.answer), name="Y", highlight=[(row, column)], description=description)
        return beside([stacked(layers), output])

    def _channel_figure(self, channel: int, padding: int, cells: list[tuple[int, int]]) -> Figure:
        index = f"^{{({channel + 1})}}" if self.more_input else ""
        turned = r"\text{turned }" if self.operation == "convolution" else ""
        image = grid_figure(
            _texts(self.channels[channel]),
            name=f"X{index}",
            padding=padding,
            highlight=cells,
            description="The padded input with its current patch." if padding else "The input with its current patch.",
        )
        weights = _texts(self.applied_kernels[channel])
        return beside([image, grid_figure(weights, name=f"{turned}K{index}", description="The kernel.")])


def _size_line(q: Conv2d, setting: Setting, axis: int) -> Line:
    """The length of the output along an axis; without dilation by the shorter formula that is usual."""
    numbers = {
        f"n_{axis + 1}": _shape(q.input)[axis],
        f"k_{axis + 1}": _shape(q.kernel)[axis],
        "s": setting.stride,
        "p": setting.padding,
    }
    if setting.dilation == 1:
        return formula_line(f"m_{axis + 1}", conv.window_size, numbers)
    return formula_line(f"m_{axis + 1}", conv.output_size, {**numbers, "d": setting.dilation})


def _shape(matrix: Matrix) -> tuple[int, int]:
    return len(matrix), len(matrix[0])


def _size(matrix: Matrix) -> int:
    return len(matrix) * len(matrix[0])


def _texts(matrix: Matrix) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in matrix]


def _busiest(image: Matrix, kernel: Matrix, setting: Setting, shape: tuple[int, int]) -> tuple[int, int]:
    """The first output entry whose patch has the most nonzero products: the one worth showing."""

    def products(position: tuple[int, int]) -> int:
        corner = (position[0] * setting.stride, position[1] * setting.stride)
        met = conv.patch(image, *corner, *_shape(kernel), setting.dilation)
        return sum(bool(a * b) for row, other in zip(met, kernel, strict=True) for a, b in zip(row, other, strict=True))

    return max(((i, j) for i in range(shape[0]) for j in range(shape[1])), key=products)
